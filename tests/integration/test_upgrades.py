"""A database of an older program is brought up to date; nothing in it is lost, and never half of the way."""

from pathlib import Path

import duckdb
import pytest

from tests.support.workspaces import INDICATIONS, count, indication, land, write_lines
from zorgdata.pipeline.session import open_session
from zorgdata.store import SCHEMA_VERSION, migrations, open_work
from zorgdata.workspace import Workspace, create_workspace

V1 = Path(__file__).parents[1] / "support" / "schema_v1.sql"


@pytest.fixture
def old(tmp_path: Path) -> Workspace:
    """A workspace as version 0.1.0 left it: one file in the ledger, one run."""
    workspace = create_workspace(tmp_path / "ws")
    connection = open_work(workspace)
    connection.execute(V1.read_text(encoding="utf-8"))
    connection.execute(
        "insert into meta.file values (1, 'aa', 'oud.csv', 'indications', 'canonical', "
        "timestamp '2025-01-01', 3, 2, 1, 0, 'loaded', '9901', 'utf-8', ';', [], 10)"
    )
    connection.execute(
        "insert into meta.run (run_id, pipeline, started_at, status) "
        "values ('r1', 'nightly', timestamp '2025-01-01', 'done')"
    )
    connection.close()
    return workspace


def tables(workspace: Workspace) -> set[str]:
    connection = open_work(workspace)
    found = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'meta'"
    ).fetchall()
    connection.close()
    return {name for (name,) in found}


def version(workspace: Workspace) -> int:
    connection = open_work(workspace)
    row = connection.execute("select value from meta.workspace where name = 'schema_version'").fetchone()
    connection.close()
    assert row is not None
    return int(row[0])


def test_an_old_database_gets_the_tables_of_a_new_one_and_keeps_its_rows(
    old: Workspace, tmp_path: Path
) -> None:
    fresh = create_workspace(tmp_path / "fresh")
    with open_session(fresh, "test"):
        pass
    with open_session(old, "test") as session:
        assert count(session, "meta.file") == 1
        assert count(session, "meta.run") == 1
        path = write_lines(old.inbox / "nieuw.csv", [INDICATIONS, indication(1)])
        assert land(session, path).files[0].accepted == 1
    assert tables(old) == tables(fresh)
    assert version(old) == version(fresh) == SCHEMA_VERSION


def test_columns_are_those_of_a_new_database(old: Workspace, tmp_path: Path) -> None:
    def columns(workspace: Workspace) -> set[tuple[str, ...]]:
        with open_session(workspace, "test") as session:
            return set(
                session.connection.execute(
                    "select table_schema, table_name, column_name, data_type from information_schema.columns "
                    "where table_schema in ('meta', 'raw')"
                ).fetchall()
            )

    assert columns(old) == columns(create_workspace(tmp_path / "fresh"))


def test_an_upgrade_that_fails_leaves_the_old_database(
    old: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tables(old)
    broken = {
        **migrations.MIGRATIONS,
        SCHEMA_VERSION: ("drop table meta.file_seen", "drop table meta.nothing"),
    }
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", broken)
        with pytest.raises(duckdb.CatalogException), open_session(old, "test"):
            pass
    assert (tables(old), version(old)) == (before, 1)
    with open_session(old, "test"):
        pass
    assert version(old) == SCHEMA_VERSION
