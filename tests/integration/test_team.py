"""Several people: readers of the shared copy see the figures of one night or of the next, never half."""

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.postgres import Server, postgres
from tests.support.town import bsn_of, make_town
from tests.support.workspaces import write_lines
from zorgdata.errors import UsageError
from zorgdata.pipeline.erase import forget
from zorgdata.pipeline.run import run_pipeline
from zorgdata.pipeline.team import share_now
from zorgdata.store.lake import open_lake, share
from zorgdata.workspace import SETTINGS_FILE, Workspace

# One copy is shared, read and looked at in every run of the tests; what takes longer with -m slow.
slow = pytest.mark.slow

_NUMBER = itertools.count(1)
SECRET = "b3a1c5d2e4f60718293a4b5c6d7e8f90"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as running:
        yield running


@dataclass
class Copy:
    """A source of three tables and where it is shared; every row of a night carries its number."""

    source: duckdb.DuckDBPyConnection
    address: str
    files: Path

    def night(self, number: int) -> None:
        for name in ("child", "indication", "school"):
            self.source.execute(
                f"create or replace table core.{name} as "
                f"select range as i, '{SECRET}' as child_id, {number} as night from range(5000)"
            )

    def share(self, source: Any = None, **how: bool) -> dict[str, int]:
        return share(source or self.source, self.address, self.files, ("core",), **how)

    def seen(self) -> set[int]:
        """The nights of which a reader sees rows, over all tables, in one transaction."""
        with open_lake(self.address, self.files, read_only=True) as lake:
            lake.execute("begin")
            found = {
                row
                for name in ("child", "indication", "school")
                for row in lake.execute(f"select night, count(*) from core.{name} group by all").fetchall()
            }
            lake.execute("commit")
        assert {rows for _, rows in found} == {5000}
        return {night for night, _ in found}


@pytest.fixture
def copy(server: Server, tmp_path: Path) -> Iterator[Copy]:
    source = duckdb.connect()
    source.execute("create schema core")
    made = Copy(source, server.database(f"lake{next(_NUMBER)}"), tmp_path / "lake")
    made.night(1)
    made.share()
    yield made
    source.close()


@slow
def test_readers_see_one_night_or_the_next_while_it_is_written(copy: Copy) -> None:
    found: list[set[int]] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            found.append(copy.seen())

    reader = threading.Thread(target=look)
    reader.start()
    try:
        copy.night(2)
        copy.share()
    finally:
        stop.set()
        reader.join()
    assert copy.seen() == {2}
    assert found
    assert all(nights in ({1}, {2}) for nights in found)


def test_the_files_are_encrypted_and_can_be_read(copy: Copy) -> None:
    assert copy.seen() == {1}
    files = list(copy.files.rglob("*.parquet"))
    assert len(files) == 3
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


class Breaking:
    """A source of which the second table takes the server down."""

    def __init__(self, connection: Any, server: Server) -> None:
        self._connection, self._server, self._left = connection, server, 2

    def execute(self, query: str, *arguments: Any) -> Any:
        if query.startswith("select * from"):
            self._left -= 1
            if not self._left:
                self._server.stop()
        return self._connection.execute(query, *arguments)


@slow
def test_a_connection_that_is_lost_half_way_loses_nothing(copy: Copy, server: Server) -> None:
    copy.night(2)
    try:
        with pytest.raises(UsageError) as lost:
            copy.share(Breaking(copy.source, server))
        assert "still there" in f"{lost.value.message} {lost.value.hint}"
        with pytest.raises(UsageError, match="cannot be reached"):
            copy.seen()
    finally:
        server.start()
    assert copy.seen() == {1}
    copy.share()
    assert copy.seen() == {2}


@slow
def test_two_who_share_at_once_leave_one_whole_copy(copy: Copy) -> None:
    copy.night(2)
    problems: list[str] = []

    def share_one() -> None:
        try:
            copy.share(copy.source.cursor())
        except UsageError as error:
            problems.append(error.message)

    threads = [threading.Thread(target=share_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems in ([], ["Somebody else shared at the same moment."])
    assert copy.seen() == {2}


@slow
def test_what_must_be_forgotten_is_gone_from_the_files(copy: Copy) -> None:
    earlier = set(copy.files.rglob("*.parquet"))
    copy.night(2)
    copy.share(forget_earlier=True)
    assert earlier.isdisjoint(copy.files.rglob("*.parquet"))
    assert copy.seen() == {2}


@slow
def test_a_table_that_is_gone_goes_from_the_copy(copy: Copy) -> None:
    copy.source.execute("drop table core.school")
    assert set(copy.share()) == {"core.child", "core.indication"}
    with open_lake(copy.address, copy.files, read_only=True) as lake:
        rows = lake.execute("select table_name from duckdb_tables() where database_name = 'lake'").fetchall()
    assert {name for (name,) in rows} == {"child", "indication"}


@slow
def test_a_night_shares_what_it_published_and_an_erasure_follows(server: Server, tmp_path: Path) -> None:
    made = make_town(tmp_path / "town", pupils=12, with_care=4)
    settings = made.root / SETTINGS_FILE
    address = server.database(f"lake{next(_NUMBER)}")
    text = settings.read_text(encoding="utf-8").replace('\ncatalogue = ""', f'\ncatalogue = "{address}"')
    settings.write_text(text, encoding="utf-8")
    town = Workspace(made.root)
    summary = run_pipeline(town, "nightly")
    assert summary.exit_code == 0, summary.messages
    assert "share" in summary.seconds
    assert share_now(town) == {}  # it is up to date
    earlier = set((town.root / "lake").rglob("*.parquet"))
    assert earlier
    forget(town, write_lines(tmp_path / "vergeet.txt", [bsn_of(0)]))
    assert earlier.isdisjoint((town.root / "lake").rglob("*.parquet"))


def test_sharing_without_a_team_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no team"):
        share_now(make_town(tmp_path / "alone", pupils=2, with_care=1))
