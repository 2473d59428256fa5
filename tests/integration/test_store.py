"""The work database is encrypted, closed to the machine, and has one writer."""

import json
import multiprocessing
import os
import time
from pathlib import Path

import duckdb
import pytest

from zorgdata.errors import KeyFileError, LockedError, UsageError
from zorgdata.keyfile import write_key
from zorgdata.pipeline.figures import metric_values, run_query
from zorgdata.pipeline.overview import runs
from zorgdata.pipeline.session import open_session
from zorgdata.store import hold, is_held, open_published, open_query, open_work, publish, transaction
from zorgdata.store.publish import write_published
from zorgdata.workspace import Workspace, create_workspace

SECRET = "needle-in-the-haystack"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "ws", "Regio")


def fill(workspace: Workspace) -> None:
    with open_session(workspace, "test") as session:
        session.connection.execute(
            "create table core.t as select ? as word, range as i from range(1000)", [SECRET]
        )


def test_the_file_does_not_show_what_is_in_it(workspace: Workspace) -> None:
    fill(workspace)
    files = list(workspace.warehouse.rglob("*"))
    assert workspace.work_database in files
    for path in files:
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes()
    with open_query(workspace) as connection:
        assert connection.execute("select count(*) from core.t where word = ?", [SECRET]).fetchone() == (
            1000,
        )
        cipher = connection.execute(
            "select cipher from duckdb_databases() where database_name = 'work'"
        ).fetchone()
    assert cipher == ("GCM",)


def test_spilled_data_is_encrypted_too(workspace: Workspace) -> None:
    connection = open_work(workspace)
    setting = connection.execute("select current_setting('temp_file_encryption')").fetchone()
    folder = connection.execute("select current_setting('temp_directory')").fetchone()
    connection.close()
    assert setting == (True,)
    assert folder == (str(workspace.warehouse / "tmp"),)


def test_the_unsafe_cipher_library_is_not_used(workspace: Workspace) -> None:
    connection = open_work(workspace)
    unsafe = connection.execute("select current_setting('force_mbedtls_unsafe')").fetchone()
    connection.close()
    assert unsafe == (False,)


def test_a_wrong_key_is_told_without_showing_it(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(workspace)
    other = tmp_path / "elsewhere" / "other.key"
    write_key(other)
    monkeypatch.setenv("ZORGDATA_DATABASE_KEY_FILE", str(other))
    with pytest.raises(KeyFileError, match="does not fit") as caught:
        open_query(workspace)
    assert other.read_text().strip() not in str(caught.value)


def test_another_pseudonym_key_is_refused(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(workspace)
    other = tmp_path / "elsewhere" / "other.key"
    write_key(other)
    monkeypatch.setenv("ZORGDATA_PSEUDONYM_KEY_FILE", str(other))
    with pytest.raises(UsageError, match="pseudonym key is not the one"), open_session(workspace, "test"):
        pass


def test_a_newer_database_refuses_an_older_program(workspace: Workspace) -> None:
    fill(workspace)
    with open_session(workspace, "test") as session:
        session.connection.execute("update meta.workspace set value = '99' where name = 'schema_version'")
    with pytest.raises(UsageError, match="newer zorgdata"), open_session(workspace, "test"):
        pass


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('{key}')",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "copy (select 1) to '{root}/out.csv'",
        "attach '{root}/other.duckdb'",
        "install spatial",
        "load '{root}/x.duckdb_extension'",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "create table core.u as select 1",
        "export database '{root}/dump'",
    ],
)
def test_a_query_cannot_reach_the_machine_or_write(workspace: Workspace, sql: str) -> None:
    fill(workspace)
    text = sql.format(root=workspace.root, key=workspace.key_path("database"))
    before = sorted(workspace.root.rglob("*"))
    with open_query(workspace) as connection, pytest.raises(duckdb.Error):
        connection.execute(text).fetchall()
    after = set(workspace.root.rglob("*")) - set(before)
    assert after == {workspace.logs / "access.jsonl"}


def test_who_looks_at_unprotected_figures_is_noted_without_numbers_of_children(workspace: Workspace) -> None:
    fill(workspace)
    run_query(workspace, f"select 1 where '999900006' <> '{'0a' * 16}'")
    metrics = "metrics care_share level=None period=2024 unit=None"
    with pytest.raises(UsageError, match="no figures yet"):
        metric_values(workspace, ["care_share"], None, "2024", None)
    log = workspace.logs / "access.jsonl"
    noted = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["what"] for line in noted] == ["select 1 where '#' <> '#'", metrics]
    assert {line["user"] for line in noted} == {os.getuid()}
    assert log.stat().st_mode & 0o077 == 0


def test_what_cannot_be_noted_is_not_shown(workspace: Workspace) -> None:
    fill(workspace)
    (workspace.logs / "access.jsonl").mkdir()
    with pytest.raises(UsageError, match="access log"):
        run_query(workspace, "select 1")
    assert runs(workspace, 1).num_rows == 0  # our own administration is no figure


def test_python_variables_are_no_tables(workspace: Workspace) -> None:
    fill(workspace)
    secrets = duckdb.sql("select 1 as x").to_arrow_table()
    assert secrets.num_rows == 1
    with open_query(workspace) as connection, pytest.raises(duckdb.CatalogException):
        connection.execute("select * from secrets")


def test_a_second_writer_is_told_who_holds_the_workspace(workspace: Workspace) -> None:
    with hold(workspace, "run nightly"), pytest.raises(LockedError) as caught, hold(workspace, "ingest"):
        pass
    assert caught.value.exit_code == 75
    assert "run nightly" in caught.value.message
    assert str(os.getpid()) in caught.value.message


def _hold_for_ever(root: Path, ready: object) -> None:
    with hold(Workspace(root), "run nightly"):
        ready.set()  # type: ignore[attr-defined]
        time.sleep(60)


def test_a_killed_holder_blocks_nobody(workspace: Workspace) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_hold_for_ever, args=(workspace.root, ready))
    process.start()
    try:
        assert ready.wait(30)
        with pytest.raises(LockedError), hold(workspace, "ingest"):
            pass
        assert is_held(workspace)
    finally:
        process.kill()
        process.join()
    assert not is_held(workspace)
    with hold(workspace, "ingest"):
        assert workspace.lock_file.exists()


def test_a_failing_transaction_leaves_nothing(workspace: Workspace) -> None:
    with open_session(workspace, "test") as session:
        with pytest.raises(RuntimeError), transaction(session.connection):  # noqa: PT012
            session.connection.execute("create table core.half as select 1 as x")
            raise RuntimeError
        names = session.connection.execute(
            "select table_name from duckdb_tables() where table_name = 'half'"
        ).fetchall()
    assert names == []


def test_the_published_database_holds_protected_tables_only(workspace: Workspace) -> None:
    fill(workspace)
    prepared = workspace.warehouse / "new.duckdb"
    with open_session(workspace, "test") as session:
        session.connection.execute(
            "create table protected.value as select 'care_share' as metric, 10 as value"
        )
        write_published(session.connection, prepared)
    publish(prepared, workspace.published_database)
    assert not prepared.exists()
    with open_published(workspace.published_database) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables order by 1"
        ).fetchall()
        assert connection.execute("select value from protected.value").fetchall() == [(10,)]
    assert [name for (name,) in tables] == [
        "meta.check_result",
        "meta.file",
        "meta.publication",
        "protected.value",
    ]
