"""The machinery of the checks on checks of its own: statuses, selection, thresholds, gate, pages."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from zorgdata.checks import (
    CheckResults,
    Severity,
    Status,
    gate,
    load_checks,
    offending_rows,
    run_checks,
    write_check_pages,
)
from zorgdata.engine.header import ModelFileError
from zorgdata.errors import CheckError, ExitCode, UsageError
from zorgdata.store.schema import prepare

HEADER = """/*
label = "Proef"
description = "a test check"
severity = "{severity}"
family = "plausibility"
total = "{total}"
threshold = {threshold}
needs = [{needs}]
affects = [{affects}]
tags = ["proef"]
how_to_read = "Kijk naar de rij."
{extra}
[columns]
{columns}
*/
"""
MOMENT = datetime(2026, 3, 1, 6, 30)


def write(root: Path, name: str, body: str, **options: str) -> Path:
    """One check file about ``core.thing``; every key of the header can be replaced."""
    fields = {
        "severity": "error",
        "total": "core.thing",
        "threshold": "{ count = 0 }",
        "needs": '"core.thing"',
        "affects": '"care_share"',
        "extra": "",
        "columns": 'a = "a number"',
    } | options
    path = root / f"{name}.sql"
    path.write_text(HEADER.format(**fields) + body + "\n", encoding="utf-8")
    return path


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as db:
        prepare(db, "v1:test")
        db.execute("create table core.thing (a integer)")
        db.execute("insert into core.thing values (1), (2), (3), (4)")
        db.execute("create table core.nothing (a integer)")
        yield db


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "checks"
    folder.mkdir()
    return folder


def only(results: CheckResults) -> tuple[Status, int | None, int | None]:
    (result,) = results
    return result.status, result.offending, result.total


def test_one_query_gives_count_total_and_rows(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(root, "large", "select a from core.thing where a > 2")
    assert only(run_checks(connection, root=root)) == (Status.FAILED, 2, 4)
    assert offending_rows(connection, "large", root=root).to_pydict() == {"a": [3, 4]}
    assert offending_rows(connection, "large", limit=1, root=root).to_pydict() == {"a": [3]}


def test_no_offending_row_passes(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(root, "huge", "select a from core.thing where a > 99")
    assert only(run_checks(connection, root=root)) == (Status.PASSED, 0, 4)


@pytest.mark.parametrize(("limit", "status"), [("0.5", Status.PASSED), ("0.49", Status.FAILED)])
def test_share_at_the_limit_passes_and_over_it_fails(
    root: Path, connection: duckdb.DuckDBPyConnection, limit: str, status: Status
) -> None:
    write(root, "half", "select a from core.thing where a > 2", threshold=f"{{ share = {limit} }}")
    results = run_checks(connection, root=root)
    assert only(results) == (status, 2, 4)
    assert results["half"].share == 0.5


@pytest.mark.parametrize(("limit", "status"), [(2, Status.PASSED), (1, Status.FAILED)])
def test_number_of_rows_at_the_limit_passes(
    root: Path, connection: duckdb.DuckDBPyConnection, limit: int, status: Status
) -> None:
    write(root, "two", "select a from core.thing where a > 2", threshold=f"{{ count = {limit} }}")
    assert only(run_checks(connection, root=root))[0] is status


def test_counted_column_weighs_the_rows(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(root, "weighed", "select a from core.thing where a > 2", extra='count = "a"')
    assert only(run_checks(connection, root=root)) == (Status.FAILED, 7, 4)


@pytest.mark.parametrize("table", ["core.nothing", "core.never_built"])
def test_empty_or_absent_table_is_not_applicable_rather_than_passed(
    root: Path, connection: duckdb.DuckDBPyConnection, table: str
) -> None:
    write(root, "idle", f"select a from {table}", needs=f'"{table}"', total=table)
    results = run_checks(connection, root=root)
    assert only(results) == (Status.NOT_APPLICABLE, None, None)
    assert results.failed() == ()
    gate(results, "note")


def test_total_of_nothing_is_not_applicable(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(root, "of_none", "select a from core.thing where a > 9", total="select count(*) from core.nothing")
    assert only(run_checks(connection, root=root))[0] is Status.NOT_APPLICABLE


def test_check_that_cannot_look_is_an_error_and_the_others_go_on(
    root: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    write(root, "broken", "select b from core.thing")
    write(root, "fine", "select a from core.thing where a > 9")
    results = run_checks(connection, root=root)
    assert results["broken"].status is Status.ERROR
    assert '"b"' in results["broken"].message
    assert results["fine"].status is Status.PASSED
    with pytest.raises(CheckError):
        gate(results, "error")


def test_message_of_a_failing_conversion_keeps_the_value_to_itself(
    root: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("create table core.word as select '123456782' as a")
    write(
        root,
        "cast",
        "select a from core.word where cast(a as date) is null",
        needs='"core.word"',
        total="core.word",
    )
    result = run_checks(connection, root=root)["cast"]
    assert result.status is Status.ERROR
    assert "123456782" not in result.message


def test_history_is_kept(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(root, "large", "select a from core.thing where a > 2")
    run_checks(connection, "first", checked_at=MOMENT, root=root)
    connection.execute("delete from core.thing where a > 2")
    run_checks(connection, "second", checked_at=datetime(2026, 3, 2), root=root)
    assert connection.execute(
        "select run_id, check_name, severity, status, offending, total, threshold, affects, checked_at "
        "from meta.check_result order by checked_at"
    ).fetchall() == [
        ("first", "large", "error", "failed", 2, 4, 0.0, ["care_share"], MOMENT),
        ("second", "large", "error", "passed", 0, 2, 0.0, ["care_share"], datetime(2026, 3, 2)),
    ]


def test_parameters_and_the_moment_reach_the_select(
    root: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    body = (
        "select a from core.thing where a > getvariable('most') "
        "and getvariable('checked_at') = timestamp '2026-03-01 06:30:00'"
    )
    write(root, "over", body, extra="parameters = { most = 3 }")

    def offending(**thresholds: float) -> int | None:
        named = {name.replace("__", "."): value for name, value in thresholds.items()}
        return run_checks(connection, checked_at=MOMENT, thresholds=named, root=root)["over"].offending

    assert offending() == 1
    assert offending(over__most=1) == 3
    assert (
        run_checks(connection, checked_at=MOMENT, thresholds={"over": 1}, root=root)["over"].status
        == "passed"
    )


def test_limit_for_an_unknown_check_is_refused(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(root, "large", "select a from core.thing")
    with pytest.raises(UsageError) as caught:
        run_checks(connection, thresholds={"larg": 1}, root=root)
    assert "large" in caught.value.hint


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("", ["one", "two"]),
        ("one", ["one"]),
        ("t*", ["two"]),
        ("one, two", ["one", "two"]),
        ("severity:note", ["two"]),
        ("affects:care_share", ["one"]),
        ("tag:proef", ["one", "two"]),
        ("family:plausibility", ["one", "two"]),
    ],
)
def test_selection(
    root: Path, connection: duckdb.DuckDBPyConnection, selector: str, names: list[str]
) -> None:
    write(root, "one", "select a from core.thing")
    write(root, "two", "select a from core.thing", severity="note", affects="")
    assert [result.name for result in run_checks(connection, select=selector, root=root)] == names


@pytest.mark.parametrize("selector", ["thee", "severity:grave", "tag:none"])
def test_selecting_nothing_is_a_mistake(
    root: Path, connection: duckdb.DuckDBPyConnection, selector: str
) -> None:
    write(root, "three", "select a from core.thing")
    with pytest.raises(UsageError):
        run_checks(connection, select=selector, root=root)


@pytest.mark.parametrize(
    ("severity", "limit", "stops"),
    [
        ("error", "error", True),
        ("warning", "error", False),
        ("warning", "warning", True),
        ("error", "note", True),
        ("note", "warning", False),
    ],
)
def test_gate_stops_for_its_severity_and_graver_ones(
    root: Path, connection: duckdb.DuckDBPyConnection, severity: str, limit: str, stops: bool
) -> None:
    write(root, "large", "select a from core.thing", severity=severity)
    results = run_checks(connection, root=root)
    assert [r.name for r in results.failed(severity)] == ["large"]
    if not stops:
        gate(results, limit)
        return
    with pytest.raises(CheckError) as caught:
        gate(results, limit)
    assert caught.value.exit_code is ExitCode.CHECK
    assert "large" in caught.value.message
    assert "care_share" in caught.value.message


def test_gate_knows_three_severities(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(root, "large", "select a from core.thing where a > 9")
    with pytest.raises(UsageError, match="grave"):
        gate(run_checks(connection, root=root), "grave")


def test_table_and_counts(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(root, "large", "select a from core.thing where a > 2", threshold="{ share = 0.4 }")
    results = run_checks(connection, root=root)
    assert results.table().to_pylist() == [
        {
            "check": "large",
            "severity": "error",
            "status": "failed",
            "offending": 2,
            "total": 4,
            "share": 0.5,
            "threshold": 0.4,
            "message": "Boven de grens van 40 %.",
        }
    ]
    assert results.counts() == {"error": 0, "not_applicable": 0, "failed": 1, "passed": 0}


@pytest.mark.parametrize(
    ("options", "body", "problem"),
    [
        ({"severity": "grave"}, "select a from core.thing", "severity"),
        ({"threshold": "{ share = 1.5 }"}, "select a from core.thing", "between 0 and 1"),
        ({"threshold": "{ count = 1, share = 0 }"}, "select a from core.thing", "threshold"),
        ({}, "select a from thing", "without schema"),
        ({}, "select a from core.thing where a > getvariable('most')", "parameters"),
        ({"extra": "parameters = { most = 3 }"}, "select a from core.thing", "parameters"),
        ({"extra": 'count = "b"'}, "select a from core.thing", "'count'"),
        ({"columns": 'bsn = "no"'}, "select a as bsn from core.thing", "identifying"),
        ({"extra": 'colour = "red"'}, "select a from core.thing", "unknown key 'colour'"),
        ({}, "select a from core.thing; select 1", "one select"),
        ({}, "selec a", "line"),
    ],
)
def test_malformed_check_is_refused_with_its_file(
    root: Path, options: dict[str, str], body: str, problem: str
) -> None:
    path = write(root, "wrong", body, **options)
    with pytest.raises(ModelFileError, match=problem) as caught:
        load_checks(root)
    assert str(path) in caught.value.message


def test_offending_rows_of_an_unknown_check_or_table(
    root: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    write(root, "absent", "select a from core.never_built", needs='"core.never_built"')
    with pytest.raises(UsageError, match="No check"):
        offending_rows(connection, "absnt", root=root)
    with pytest.raises(UsageError, match="cannot look"):
        offending_rows(connection, "absent", root=root)


def test_pages_say_how_to_read_a_check_and_drop_what_is_gone(root: Path, tmp_path: Path) -> None:
    write(root, "large", "select a from core.thing", extra="parameters = { }")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "gone.md").write_text("old", encoding="utf-8")
    written = write_check_pages(folder, root)
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "large.md"]
    assert [path.name for path in written] == ["README.md", "large.md"]
    page = (folder / "large.md").read_text(encoding="utf-8")
    assert "Kijk naar de rij." in page
    assert "`care_share`" in page
    assert "[large](large.md)" in (folder / "README.md").read_text(encoding="utf-8")


def test_severities_are_ordered_from_grave_to_light() -> None:
    assert list(Severity) == ["error", "warning", "note"]
