"""The engine on small models in a temporary folder: order, change, selection, failure."""

import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from zorgdata.engine import Function, ModelFailedError, build, lint, load_models, plan, select_models
from zorgdata.engine.run import Progress
from zorgdata.errors import ModelError, UsageError

HEADER = """/*
description = "a test table"
grain = "one row per a"
key = ["a"]
steps = ["take a"]
tests = [{tests}]
tags = [{tags}]
materialized = "{kind}"
{function}
[columns]
{columns}
*/
"""


def write(root: Path, name: str, body: str, **options: str) -> Path:
    """One model file; ``columns`` is space-separated."""
    path = root / f"{name.replace('.', '/')}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = "\n".join(f'{column} = "c"' for column in options.get("columns", "a").split())
    head = HEADER.format(
        tests=options.get("tests", ""),
        tags=options.get("tags", ""),
        kind=options.get("kind", "table"),
        function=options.get("function", ""),
        columns=columns,
    )
    path.write_text(head + body + "\n", encoding="utf-8")
    return path


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as db:
        for schema in ("raw", "staging", "core", "metrics", "protected", "meta"):
            db.execute(f"create schema {schema}")
        db.execute("create table raw.thing (a integer)")
        db.execute("insert into raw.thing values (1), (2)")
        db.execute("create table meta.raw_state (table_name varchar primary key, version varchar)")
        db.execute("insert into meta.raw_state values ('thing', 'v1')")
        yield db


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "staging.thing", "select * from raw.thing")
    write(tmp_path, "core.thing", "select a from staging.thing", tags='"b"')
    write(tmp_path, "metrics.thing", "with one as (select a from core.thing)\nselect a from one")
    return tmp_path


def built(result: object) -> list[str]:
    return [model.name for model in result.models if model.status == "build"]  # type: ignore[attr-defined]


def test_path_is_name_and_order_follows_reading(root: Path) -> None:
    write(root, "core.aaa", "select a from core.zzz")
    write(root, "core.zzz", "select a from core.thing")
    names = list(load_models(root).by_name)
    assert names.index("core.thing") < names.index("core.zzz") < names.index("core.aaa")
    assert set(names) == {"staging.thing", "core.thing", "core.aaa", "core.zzz", "metrics.thing"}


def test_models_that_read_each_other_are_refused(root: Path) -> None:
    write(root, "core.x", "select a from core.y")
    write(root, "core.y", "select a from core.x")
    with pytest.raises(ModelError, match=r"core\.x -> core\.y|core\.y -> core\.x"):
        load_models(root)


def test_second_build_does_nothing(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    models = load_models(root)
    assert built(build(connection, models)) == ["staging.thing", "core.thing", "metrics.thing"]
    assert built(build(connection, models)) == []
    assert connection.execute("select rows from meta.model_state order by name").fetchall() == [(2,)] * 3


def test_changed_input_rebuilds_what_is_made_from_it(
    root: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("create table raw.other as select 1 as a")
    connection.execute("insert into meta.raw_state values ('raw.other', 'v1')")
    write(root, "staging.other", "select * from raw.other")
    models = load_models(root)
    build(connection, models)
    connection.execute("update meta.raw_state set version = 'v2' where table_name = 'thing'")
    reasons = {step.name: (step.action, step.reason) for step in plan(connection, models)}
    assert reasons == {
        "staging.thing": ("build", "the input changed"),
        "core.thing": ("build", "made from staging.thing"),
        "metrics.thing": ("build", "made from core.thing"),
        "staging.other": ("fresh", ""),
    }


def test_input_of_unknown_state_is_always_read_again(
    root: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("delete from meta.raw_state")
    models = load_models(root)
    build(connection, models)
    assert built(build(connection, models)) == ["staging.thing"]
    connection.execute("insert into raw.thing values (3)")
    assert built(build(connection, models)) == ["staging.thing", "core.thing", "metrics.thing"]


def test_a_build_stops_where_a_table_came_out_the_same(
    root: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    write(root, "core.many", "select count(*) > 1 as a from staging.thing")
    write(root, "core.seen", "select a from core.many", kind="view")
    write(root, "metrics.many", "select a from core.seen")
    models = load_models(root)
    build(connection, models)
    connection.execute("insert into raw.thing values (7)")
    connection.execute("update meta.raw_state set version = 'v2'")
    result = build(connection, models)
    assert built(result) == ["staging.thing", "core.many", "core.thing", "metrics.thing"]
    stood = {one.name: (one.status, one.reason) for one in result.models if one.name not in built(result)}
    same = ("fresh", "what it is made from came out the same")
    assert stood == {"core.seen": same, "metrics.many": same}
    assert [step.action for step in plan(connection, models)] == ["fresh"] * 6
    connection.execute("delete from raw.thing where a <> 7")
    connection.execute("update meta.raw_state set version = 'v3'")
    assert built(build(connection, models)) == list(models.by_name)
    assert connection.execute("select a from metrics.many").fetchall() == [(False,)]
    assert built(build(connection, models, full=True)) == list(models.by_name)


def test_a_table_of_an_earlier_version_is_made_again_once(
    root: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    """It does not say what it held, so nothing is known of what came out the same."""
    models = load_models(root)
    build(connection, models)
    connection.execute("alter table meta.model_state drop column content")
    connection.execute("alter table meta.model_state drop column made_from")
    assert built(build(connection, models)) == []
    connection.execute("update meta.raw_state set version = 'v2'")
    assert built(build(connection, models)) == ["staging.thing", "core.thing", "metrics.thing"]
    connection.execute("update meta.raw_state set version = 'v3'")
    assert built(build(connection, models)) == ["staging.thing"]


def test_changed_sql_rebuilds_from_there(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    build(connection, load_models(root))
    write(root, "core.thing", "select a + 1 as a from staging.thing")
    assert built(build(connection, load_models(root))) == ["core.thing", "metrics.thing"]
    assert connection.execute("select a from metrics.thing order by a").fetchall() == [(2,), (3,)]


def test_changed_macro_rebuilds_everything(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    (root / "macros").mkdir()
    macro = root / "macros" / "one.sql"
    macro.write_text("create or replace macro plus(x) as x + 1;")
    write(root, "core.thing", "select plus(a) as a from staging.thing")
    build(connection, load_models(root))
    macro.write_text("create or replace macro plus(x) as x + 2;")
    assert len(built(build(connection, load_models(root)))) == 3
    assert connection.execute("select max(a) from metrics.thing").fetchone() == (4,)


def test_dropped_table_is_made_again(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    models = load_models(root)
    build(connection, models)
    connection.execute("drop table core.thing")
    assert "core.thing" in built(build(connection, models))


def test_full_rebuilds_what_is_selected(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    models = load_models(root)
    build(connection, models)
    assert built(build(connection, models, select="core.*", full=True)) == ["core.thing"]


def test_selection_leaves_the_rest_for_later(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    models = load_models(root)
    build(connection, models)
    connection.execute("insert into raw.thing values (3)")
    connection.execute("update meta.raw_state set version = 'v2'")
    assert built(build(connection, models, select="metrics.thing")) == []
    build(connection, models, select="+core.thing")
    assert connection.execute("select count(*) from metrics.thing").fetchone() == (2,)
    assert built(build(connection, models)) == ["metrics.thing"]


def test_selection_without_its_source_is_refused(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ModelError) as error:
        build(connection, load_models(root), select="core.thing")
    assert "+core.thing" in error.value.hint


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("core.thing", {"core.thing"}),
        ("+core.thing", {"staging.thing", "core.thing"}),
        ("core.thing+", {"core.thing", "metrics.thing"}),
        ("+core.thing+", {"staging.thing", "core.thing", "metrics.thing"}),
        ("tag:b", {"core.thing"}),
        ("*.thing", {"staging.thing", "core.thing", "metrics.thing"}),
        ("staging.thing, metrics.*", {"staging.thing", "metrics.thing"}),
    ],
)
def test_selectors(root: Path, selector: str, names: set[str]) -> None:
    assert select_models(load_models(root), selector) == names


def test_selector_that_means_nothing_says_what_comes_near(root: Path) -> None:
    with pytest.raises(UsageError) as error:
        select_models(load_models(root), "core.thingy")
    assert "core.thing" in error.value.hint


def test_table_of_a_removed_model_goes(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    build(connection, load_models(root))
    (root / "metrics" / "thing.sql").unlink()
    assert build(connection, load_models(root)).dropped == ("metrics.thing",)
    tables = connection.execute("select schema_name from duckdb_tables()").fetchall()
    assert ("metrics",) not in tables
    assert connection.execute("select count(*) from meta.model_state").fetchone() == (2,)


def test_failure_keeps_yesterday(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    build(connection, load_models(root))
    write(root, "staging.thing", "select * from raw.thing where a = 1")
    path = write(root, "core.thing", "select a\nfrom staging.thing\nwhere nope = 1")
    with pytest.raises(ModelFailedError) as error:
        build(connection, load_models(root))
    assert error.value.model == "core.thing"
    line = error.value.line
    assert line is not None
    assert path.read_text().splitlines()[line - 1] == "where nope = 1"
    assert connection.execute("select count(*) from staging.thing").fetchone() == (2,)
    write(root, "core.thing", "select a from staging.thing")
    build(connection, load_models(root))
    assert connection.execute("select a from metrics.thing").fetchall() == [(1,)]


def test_failure_never_quotes_a_value(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create table raw.secret as select 'secret-7' as a")
    write(root, "staging.secret", "select cast(a as integer) as a from raw.secret")
    with pytest.raises(ModelFailedError) as error:
        build(connection, load_models(root))
    assert "secret-7" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


@pytest.mark.parametrize(
    ("test", "body", "broken"),
    [
        ("unique key", "select 1 as a union all select 1 as a", True),
        ("unique key", "select 1 as a union all select 2 as a", False),
        ("not null a", "select cast(null as integer) as a", True),
        ("a >= 2", "select 1 as a", True),
        ("a >= 2", "select cast(null as integer) as a", False),
        ("0 <= a and a <= 1", "select 1 as a", False),
    ],
)
def test_assertions_of_a_header(
    root: Path, connection: duckdb.DuckDBPyConnection, test: str, body: str, broken: bool
) -> None:
    write(root, "core.tested", body, tests=f'"{test}"')
    models = load_models(root)
    if broken:
        with pytest.raises(ModelFailedError, match=r"core\.tested"):
            build(connection, models)
    else:
        assert "core.tested" in built(build(connection, models))


def test_columns_must_be_those_of_the_header(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(root, "core.more", "select a, a as b from core.thing")
    with pytest.raises(ModelFailedError, match="not described: b"):
        build(connection, load_models(root))


def test_table_may_become_a_view(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    build(connection, load_models(root))
    write(root, "staging.thing", "select * from raw.thing", kind="view")
    build(connection, load_models(root))
    assert connection.execute("select view_name from duckdb_views() where not internal").fetchall() == [
        ("thing",)
    ]
    assert connection.execute("select count(*) from metrics.thing").fetchone() == (2,)


def test_descriptions_travel_with_the_table(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    build(connection, load_models(root))
    assert connection.execute(
        "select comment from duckdb_columns() where schema_name = 'core' and column_name = 'a'"
    ).fetchall() == [("c",)]


def test_progress_counts_what_is_built(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    seen: list[tuple[str, int, int]] = []
    build(connection, load_models(root), on_progress=lambda p: seen.append((p.name, p.number, p.total)))
    assert seen == [("staging.thing", 1, 3), ("core.thing", 2, 3), ("metrics.thing", 3, 3)]


def doubled(rows: pa.Table) -> pa.Table:
    return pa.table({"a": [2 * a for a in sorted(rows["a"].to_pylist())]})


def secretive(rows: pa.Table) -> pa.Table:
    raise ValueError(f"not a good number: {rows['a'].to_pylist()}")


def test_a_function_makes_the_table_of_its_model(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(root, "metrics.made", "select a from core.thing", function='function = "some.module:doubled"')
    write(root, "metrics.next", "select a + 1 as a from metrics.made")
    functions = {"some.module:doubled": Function(doubled, "1")}
    models = load_models(root, functions)
    assert {"metrics.made", "metrics.next"} <= set(built(build(connection, models)))
    assert connection.execute("select a from metrics.next order by a").fetchall() == [(3,), (5,)]
    assert built(build(connection, models)) == []
    same = load_models(root, {"some.module:doubled": Function(doubled, "2")})
    assert built(build(connection, same)) == ["metrics.made"]
    changed = load_models(root, {"some.module:doubled": Function(lambda rows: doubled(doubled(rows)), "3")})
    assert built(build(connection, changed)) == ["metrics.made", "metrics.next"]
    assert select_models(models, "+metrics.next") >= {"metrics.made", "core.thing"}
    assert lint(models) == []


def test_a_function_works_beside_the_models_that_do_not_wait_for_it(
    root: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    """It starts as soon as its rows are there, and its table stands before the first model that reads it."""
    write(root, "metrics.made", "select a from core.thing", function='function = "some.module:slow"')
    write(root, "metrics.after", "select a + 1 as a from metrics.made")
    write(root, "core.aside", "select 1 as a")
    others = threading.Event()

    def slow(rows: pa.Table) -> pa.Table:
        assert others.wait(10), "the models beside it were not built while it worked"
        return rows

    models = load_models(root, {"some.module:slow": Function(slow, "1")})
    order = [model.name for model in models]
    assert order.index("metrics.made") < order.index("core.aside") < order.index("metrics.after")
    seen: list[str] = []

    def progress(step: Progress) -> None:
        seen.append(step.name)
        if step.name == "core.aside":
            others.set()

    result = build(connection, models, on_progress=progress)
    assert [one.name for one in result.models] == seen == order
    rows = {one.name: one.rows for one in result.models}
    assert rows["metrics.made"] == rows["metrics.after"] == rows["core.thing"]
    thing, after = (
        connection.execute(f"select sum(a) from {name}").fetchone()
        for name in ("core.thing", "metrics.after")
    )
    assert thing is not None
    assert after is not None
    assert after[0] == thing[0] + rows["core.thing"]


def test_an_unknown_function_is_named(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    write(root, "metrics.made", "select a from core.thing", function='function = "some.module:doubled"')
    with pytest.raises(ModelFailedError, match="no function some"):
        build(connection, load_models(root))


def test_failure_of_a_function_never_quotes_a_value(
    root: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("update raw.thing set a = 31415")
    write(root, "metrics.made", "select a from core.thing", function='function = "some.module:secretive"')
    with pytest.raises(ModelFailedError, match="ValueError") as error:
        build(connection, load_models(root, {"some.module:secretive": Function(secretive, "")}))
    assert "31415" not in str(error.value)
    assert error.value.__suppress_context__


@pytest.mark.parametrize("header", ['function = "os.system"', 'function = "a.b:c"\nmaterialized = "view"'])
def test_a_header_names_a_function_of_a_table(root: Path, header: str) -> None:
    text = HEADER.format(tests="", tags="", kind="table", function=header, columns='a = "c"')
    text = text.replace('materialized = "table"\n', "")
    (root / "metrics" / "made.sql").write_text(text + "select a from core.thing")
    with pytest.raises(ModelError, match="function"):
        load_models(root)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("select 1 as a", 1, "no header"),
        ("/*\ndescription = oops\n*/\nselect 1 as a", 2, "no valid TOML"),
        ('/*\ndescription = "d"\n*/\nselect 1 as a', 1, "lacks 'grain'"),
        (
            HEADER.format(tests="", tags="", kind="heap", function="", columns='a = "c"') + "select 1 as a",
            1,
            "view",
        ),
        (
            HEADER.format(tests="", tags="", kind="view", function="", columns='b = "c"') + "select 1 as b",
            1,
            "key",
        ),
        (
            HEADER.format(tests="", tags="", kind="view", function="", columns='a = "c"')
            + "select 1 as a,\n, b",
            14,
            "syntax",
        ),
        (
            HEADER.format(tests="", tags="", kind="view", function="", columns='a = "c"')
            + "select 1 as a; select 2",
            13,
            "exactly one select",
        ),
    ],
)
def test_malformed_file_names_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "bad.sql").write_text(text)
    with pytest.raises(ModelError) as error:
        load_models(tmp_path)
    assert f"bad.sql, line {line}:" in error.value.message
    assert problem in error.value.message


@pytest.mark.parametrize(
    ("name", "body", "problem"),
    [
        ("core.bad", "select * from core.thing", "staging only"),
        ("core.bad", "select a from thing", "no schema"),
        ("core.bad", "select a from core.absent", "no model makes core.absent"),
        ("core.bad", "select a from metrics.thing", "may not read metrics.thing"),
        ("metrics.bad", "select a from raw.thing", "may not read raw.thing"),
        ("core.bad", "SELECT a from core.thing", "lower case"),
        ("core.bad", "select a\n, a as b from core.thing", "comma"),
    ],
)
def test_house_rules(root: Path, name: str, body: str, problem: str) -> None:
    assert lint(load_models(root)) == []
    path = write(root, name, body, columns="a b" if "as b" in body else "a")
    problems = [found for found in lint(load_models(root)) if found.path == path]
    assert any(problem in found.message for found in problems), problems


def test_house_rules_leave_literals_alone(root: Path) -> None:
    write(root, "core.good", "select a -- SBO\nfrom core.thing where 'SBO' <> 'x' /* ABC */")
    assert lint(load_models(root)) == []


def test_empty_input_without_version_is_known(root: Path, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create table raw.nothing (a integer)")
    write(root, "staging.nothing", "select * from raw.nothing")
    models = load_models(root)
    build(connection, models)
    assert built(build(connection, models)) == []
    connection.execute("insert into raw.nothing values (1)")
    assert built(build(connection, models)) == ["staging.nothing"]
