"""The specs as judges: what a test built and read, so that it can be asked again of a faulty model.

A test is run once and noted: the raw rows at every build, the queries after it, and of their rows the columns
that the test looked at. Only those count; a column that no test looks at proves nothing.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.support.judges import Check, Judge
from tests.support.warehouse import LISTENERS, build_alone, build_models, warehouse

_RELATION = re.compile(r"\b(?:staging|core|metrics)\.\w+")
Rows = list[dict[str, Any]]


class Watched(dict[str, Any]):
    """A row that remembers which columns were looked at."""

    used: set[str]

    def __getitem__(self, name: str) -> Any:
        self.used.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.used.add(name)
        return super().get(name, default)

    def __iter__(self) -> Iterator[str]:
        self.used.update(super().keys())
        return super().__iter__()

    def __eq__(self, other: object) -> bool:
        self.used.update(super().keys())
        return super().__eq__(other)

    __hash__ = None

    def items(self) -> Any:
        self.used.update(super().keys())
        return super().items()

    def values(self) -> Any:
        self.used.update(super().keys())
        return super().values()


@dataclass
class Reading:
    """A query and the columns of its rows that a test looked at."""

    query: str
    rows: Rows
    used: set[str] = field(default_factory=set)

    @property
    def tells(self) -> bool:
        """Whether it proves anything: a test looked at a column, or found that there is nothing."""
        return bool(self.used) or not self.rows

    def said(self, rows: Rows) -> list[str]:
        """The rows in the columns that count, whatever their order; numbers to nine digits."""
        return sorted(repr([_rounded(row.get(name)) for name in sorted(self.used)]) for row in rows)


def _rounded(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, int | float) and not isinstance(value, bool) else value


@dataclass
class Note:
    """One build of a test: the raw tables at that moment, what was built, and what was read after it.

    ``given``: tables that stand in the place of those of models.
    """

    test: str
    raw: dict[str, pa.Table]
    select: str
    given: dict[str, pa.Table] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)


class Notebook:
    """Listens while tests run."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.test = ""
        self.failed: list[str] = []
        self._last: dict[int, Note] = {}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.test = nodeid

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def built(self, connection: duckdb.DuckDBPyConnection, select: str, given: Sequence[str] = ()) -> None:
        """A build: what was read before it stays with the former one, except when nothing was."""
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'raw'"
        ).fetchall()
        raw = {name: connection.execute(f"select * from raw.{name}").to_arrow_table() for (name,) in names}
        last = self._last.get(id(connection))
        own = {name: connection.execute(f"select * from {name}").to_arrow_table() for name in given}
        filled = {name: rows for name, rows in raw.items() if rows.num_rows}
        if last and last.test == self.test and not (last.readings or own) and last.raw == filled:
            last.select += f" {select}"
            return
        note = Note(self.test, filled, select, own)
        self._last[id(connection)] = note
        self.notes.append(note)

    def read(self, connection: duckdb.DuckDBPyConnection, query: str, rows: Rows) -> Rows:
        note = self._last.get(id(connection))
        if note is None:
            return rows
        reading = Reading(query, [dict(row) for row in rows])
        note.readings.append(reading)
        watched: Rows = []
        for row in rows:
            one = Watched(row)
            one.used = reading.used
            watched.append(one)
        return watched


def notes_of(paths: Sequence[Path]) -> list[Note]:
    """Run tests once and note what they build and read; none may fail."""
    notebook = Notebook()
    LISTENERS.append(notebook)
    try:
        options = ["-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:randomly"]
        with redirect_stdout(StringIO()):
            pytest.main([*options, "-W", "ignore", "-n", "0", *map(str, paths)], plugins=[notebook])
    finally:
        LISTENERS.remove(notebook)
    assert not notebook.failed, notebook.failed
    return [note for note in notebook.notes if any(reading.tells for reading in note.readings)]


def judge_of(note: Note) -> Judge:
    """The database of a note, built again, with what the test looked at."""
    db = warehouse()
    db.execute("set threads = 1")
    for name, rows in note.raw.items():
        db.register("rows_of_note", rows)
        db.execute(f"insert into raw.{name} by name select * from rows_of_note")
        db.unregister("rows_of_note")
    for name, rows in note.given.items():
        db.register("rows_of_note", rows)
        db.execute(f"create table {name} as select * from rows_of_note")
        db.unregister("rows_of_note")
    (build_alone if note.given else build_models)(db, note.select)
    judge = Judge(note.test, db, frozenset(note.given), again=False)
    for reading in note.readings:
        tables = frozenset(_RELATION.findall(reading.query)) & judge.built
        if not reading.tells or not tables:
            continue
        known = reading.said(reading.rows)

        def differs(reading: Reading = reading, known: list[str] = known) -> bool:
            result = db.execute(reading.query)
            names = [column[0] for column in result.description or ()]
            return reading.said([dict(zip(names, row, strict=True)) for row in result.fetchall()]) != known

        if not differs():
            judge.checks.append(Check(tables, differs))
    return judge
