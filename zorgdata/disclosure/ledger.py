"""What earlier releases told: no true values, only what every reader already has.

What was hidden for a period stays hidden for it. A published number is repeated until the truth has moved by
at least T, so that a small correction is not read off as a difference. A period is published in one
classification: its units keep the schools they were first published with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Connection, Frame, shared_texts
from zorgdata.disclosure.primary import count_rows, is_hidden
from zorgdata.disclosure.rules import Codes, Floats, Ints, Reason
from zorgdata.disclosure.units import Units, school_year
from zorgdata.limits import AudienceRules

Key = tuple[str, str, str, str, str, str]
"""Metric, level, unit, time, dimension, dimension value."""


class Entry(NamedTuple):
    """The latest published word on a cell: value, rounded numerator and denominator; and if ever hidden."""

    value: float | None
    top: float | None
    bottom: float | None
    ever_hidden: bool


@dataclass
class Anchors:
    """Per row what is repeated of earlier releases (NaN: nothing), and what they told of the figure.

    ``top``/``bottom``: published numerator (or count, or sum) and denominator. ``value``: published mean.
    ``told_low``/``told_high``: the figure's integers or sums that agree with what was published before.
    """

    top: Floats
    bottom: Floats
    value: Floats
    told_low: Floats
    told_high: Floats

    @classmethod
    def none(cls, rows: int) -> "Anchors":
        """No earlier release."""
        return cls(*(np.full(rows, np.nan) for _ in range(5)))

    def take(self, rows: Ints) -> "Anchors":
        """Those of these rows."""
        return Anchors(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass
class Ledger:
    """Entries by cell, and the schools of every published unit by school year. Empty: a first release."""

    entries: Mapping[Key, Entry] = field(default_factory=dict)
    members: Mapping[str, Mapping[str, Mapping[str, frozenset[str]]]] = field(default_factory=dict)

    def recall(self, frame: Frame) -> "Recalled":
        """What was published before of every row of a frame."""
        rows: list[int] = []
        found: list[Entry] = []
        for (metric, time, dimension, item), levels in frame.index.items() if self.entries else ():
            for level, units in levels.items():
                for unit, row in units.items():
                    entry = self.entries.get((metric, level, unit, time, dimension, item))
                    if entry is not None:
                        rows.append(row)
                        found.append(entry)
        words = np.full((len(frame), 3), np.nan)
        hidden = np.zeros(len(frame), bool)
        if rows:
            words[rows] = np.asarray([entry[:3] for entry in found], np.float64)
            hidden[rows] = [entry.ever_hidden for entry in found]
        if frame.alias:
            of, first = list(frame.alias), list(frame.alias.values())
            words[of], hidden[of] = words[first], hidden[first]
        return Recalled(frame, words[:, 0], words[:, 1], words[:, 2], hidden)

    def units(self, time: str, now: Units) -> Units:
        """The units a school year was first published with; today's when it was not published yet."""
        return Units(now.schools, self.members[time]) if time in self.members else now


@dataclass(frozen=True)
class Recalled:
    """Per row of a frame the latest published words (NaN: none), and whether it was ever hidden."""

    frame: Frame
    value: Floats
    top: Floats
    bottom: Floats
    ever_hidden: NDArray[np.bool_]

    def stick(self, reason: Codes) -> None:
        """Hides in place what was hidden in an earlier release of the same period."""
        if self.ever_hidden.any():
            delivered = np.asarray([s != NOT_DELIVERED for s in self.frame.status])
            reason[self.ever_hidden & delivered & ~is_hidden(reason)] = Reason.STICKY

    def anchors(self, declared: Mapping[str, Declaration], rules: AudienceRules) -> Anchors:
        """What of the earlier publications is repeated now.

        A count published as p is repeated while it is less than T + half a base from p: when it changes, the
        truth has moved by at least T. Sums move by two bases, means by what one base of children would do.
        """
        found = Anchors.none(len(self.frame))
        if rules.unlimited or (np.isnan(self.value) & np.isnan(self.top) & np.isnan(self.bottom)).all():
            return found
        x, population = count_rows(self.frame, declared)
        for metric, rows in self.frame.by_metric().items():
            self._anchor(found, declared[metric], rules, rows, x=x[rows], below=population[rows])
        return found

    def _anchor(
        self,
        found: Anchors,
        d: Declaration,
        rules: AudienceRules,
        rows: Ints,
        *,
        x: Floats,
        below: Floats,
    ) -> None:
        base, reach = rules.rounding_base, rules.threshold + rules.rounding_base // 2
        exact, value, top, bottom = (
            self.frame.value[rows],
            self.value[rows],
            self.top[rows],
            self.bottom[rows],
        )
        if d.kind in (Kind.COUNT, Kind.SHARE, Kind.FLAG):
            near = np.abs(x - top) < reach
            found.told_low[rows] = np.where(near, np.minimum(top - base // 2, x), np.nan)
            found.told_high[rows] = np.where(near, np.maximum(top + (base - 1) // 2, x), np.nan)
            found.bottom[rows] = np.where(np.abs(below - bottom) < reach, bottom, np.nan)
        elif d.kind is Kind.POPULATION:
            near = np.abs(exact - top) < reach
        elif d.kind in (Kind.HOURS, Kind.COST):
            base = rules.cost_base if d.kind is Kind.COST else base
            near = np.abs(exact - top) < 2.5 * base
            found.told_low[rows] = np.where(near, np.minimum(top - base / 2, exact), np.nan)
            found.told_high[rows] = np.where(near, np.maximum(top + base / 2, exact), np.nan)
        else:
            near = np.zeros(len(rows), bool)
            if d.kind in (Kind.MEAN, Kind.RATE):
                moved = np.abs(exact - value) * self.frame.children[rows]
                same = (moved < base * np.abs(exact)) | (exact == value)
                found.value[rows] = np.where(same, value, np.nan)
        found.top[rows] = np.where(near, top, np.nan)


_TABLES = """
create schema if not exists disclosure;
create table if not exists disclosure.release (
    audience varchar not null, release_id varchar not null, number integer not null, cells integer not null
);
create table if not exists disclosure.release_cell (
    audience varchar not null, metric varchar not null, level varchar not null, unit_id varchar not null,
    time varchar not null, dimension varchar not null, dimension_value varchar not null, value double,
    top double, bottom double, display varchar not null, cell_status varchar not null,
    ever_hidden boolean not null, first_release varchar not null, last_release varchar not null
);
create table if not exists disclosure.release_unit (
    audience varchar not null, time varchar not null, level varchar not null, unit_id varchar not null,
    school_id varchar not null
);
create table if not exists disclosure.pending (
    audience varchar not null, metric varchar not null, level varchar not null, unit_id varchar not null,
    time varchar not null, dimension varchar not null, dimension_value varchar not null, value double,
    top double, bottom double, display varchar not null, cell_status varchar not null
);
create table if not exists disclosure.pending_unit (
    audience varchar not null, time varchar not null, level varchar not null, unit_id varchar not null,
    school_id varchar not null
);
"""


def create(connection: Connection) -> None:
    """Makes the ledger's tables where they are not there."""
    connection.execute(_TABLES)


def load(connection: Connection, audience: str) -> Ledger:
    """The ledger of an audience; empty when nothing was released yet."""
    found = connection.execute(
        "select count(*) from information_schema.tables "
        "where table_schema = 'disclosure' and table_name = 'release_cell'"
    ).fetchone()
    if not found[0]:
        return Ledger()
    cells = connection.execute(
        "select metric, level, unit_id, time, dimension, dimension_value, value, top, bottom, ever_hidden "
        "from disclosure.release_cell where audience = ?",
        [audience],
    ).to_arrow_table()
    keys = zip(*map(shared_texts, cells.columns[:6]), strict=True)
    words = map(Entry, *(column.to_pylist() for column in cells.columns[6:]))
    members: dict[str, dict[str, dict[str, set[str]]]] = {}
    for time, level, unit, school in connection.execute(
        "select time, level, unit_id, school_id from disclosure.release_unit where audience = ?", [audience]
    ).fetchall():
        members.setdefault(time, {}).setdefault(level, {}).setdefault(unit, set()).add(school)
    frozen = {
        time: {level: {u: frozenset(s) for u, s in units.items()} for level, units in levels.items()}
        for time, levels in members.items()
    }
    return Ledger(dict(zip(keys, words, strict=True)), frozen)


def record(connection: Connection, audience: str, release_id: str) -> int:
    """Enters what ``protect`` prepared last as published; call it when the release really goes out.

    Recording a release twice changes nothing. Gives the number of the release, from 1.
    """
    create(connection)
    known = connection.execute(
        "select number from disclosure.release where audience = ? and release_id = ?", [audience, release_id]
    ).fetchone()
    if known:
        return int(known[0])
    connection.execute(_MERGE.format(key=", ".join(_KEY)), [release_id, release_id, audience, audience])
    connection.execute("delete from disclosure.release_cell where audience = ?", [audience])
    connection.execute("insert into disclosure.release_cell select * from merged_cells")
    connection.execute("drop table merged_cells")
    connection.execute(
        "insert into disclosure.release_unit select * from disclosure.pending_unit where audience = ? "
        "and time not in (select time from disclosure.release_unit where audience = ?)",
        [audience, audience],
    )
    last = connection.execute(
        "select coalesce(max(number), 0) from disclosure.release where audience = ?", [audience]
    ).fetchone()
    cells = connection.execute(
        "select count(*) from disclosure.pending where audience = ?", [audience]
    ).fetchone()
    number = int(last[0]) + 1
    connection.execute(
        "insert into disclosure.release values (?, ?, ?, ?)", [audience, release_id, number, int(cells[0])]
    )
    return number


_KEY = ("audience", "metric", "level", "unit_id", "time", "dimension", "dimension_value")
_MERGE = """
create or replace temp table merged_cells as
select
    {key},
    case when new.cell_status is null then old.value else new.value end as value,
    case when new.cell_status is null or new.top is null then old.top else new.top end as top,
    case when new.cell_status is null or new.bottom is null then old.bottom else new.bottom end as bottom,
    coalesce(new.display, old.display) as display,
    coalesce(new.cell_status, old.cell_status) as cell_status,
    coalesce(old.ever_hidden, false) or coalesce(new.cell_status = 'suppressed', false) as ever_hidden,
    coalesce(old.first_release, ?) as first_release,
    case when new.cell_status is null then old.last_release else ? end as last_release
from (select * from disclosure.release_cell where audience = ?) as old
full join (select * from disclosure.pending where audience = ?) as new
    using ({key})
"""


@dataclass(frozen=True)
class Words:
    """What ``protect`` is about to publish of every row: rounded numbers only."""

    value: Floats
    top: Floats
    bottom: Floats
    display: list[str]
    status: list[str]


def prepare(connection: Connection, audience: str, frame: Frame, words: Words) -> None:
    """Notes what is about to be published, for :func:`record`."""
    create(connection)
    connection.execute("delete from disclosure.pending where audience = ?", [audience])
    kept = np.ones(len(frame), bool)
    kept[list(frame.alias)] = False
    texts = {
        "metric": frame.metric,
        "level": frame.level,
        "unit_id": frame.unit,
        "time": [r or p for r, p in zip(frame.reference, frame.period, strict=True)],
        "dimension": frame.dimension,
        "dimension_value": frame.item,
    }
    columns = {name: pa.array(column, pa.string()) for name, column in texts.items()}
    for name in ("value", "top", "bottom"):
        numbers = np.where(np.isinf(getattr(words, name)), np.nan, getattr(words, name))
        columns[name] = pa.array(numbers, pa.float64(), from_pandas=True)
    columns["display"] = pa.array(words.display, pa.string())
    columns["cell_status"] = pa.array(words.status, pa.string())
    table = pa.table(columns)
    connection.register("disclosure_words", table.filter(pa.array(kept)) if frame.alias else table)
    try:
        connection.execute(
            "insert into disclosure.pending select cast(? as varchar), w.* from disclosure_words as w",
            [audience],
        )
    finally:
        connection.unregister("disclosure_words")


def prepare_units(connection: Connection, audience: str, frame: Frame, units: Units, past: Ledger) -> None:
    """Notes the schools of every published unit, per school year, for :func:`record`."""
    times = sorted({school_year(time) for _, time, _, _ in frame.index})
    connection.execute("delete from disclosure.pending_unit where audience = ?", [audience])
    # Most years have the units of today: those are listed once.
    now = _listed(units)
    listed = [_listed(past.units(time, units)) if time in past.members else now for time in times]
    columns = {name: [part for found in listed for part in found[k]] for k, name in enumerate(_UNIT)}
    if columns["level"]:
        of = [time for time, found in zip(times, listed, strict=True) for _ in found[0]]
        table = pa.table({"audience": [audience] * len(of), "time": of, **columns})
        connection.register("disclosure_units", table)
        try:
            connection.execute("insert into disclosure.pending_unit select * from disclosure_units")
        finally:
            connection.unregister("disclosure_units")


_UNIT = ("level", "unit_id", "school_id")


def _listed(units: Units) -> tuple[list[str], list[str], list[str]]:
    """Level, unit and school of every unit, as columns."""
    rows = [
        (level, unit, school)
        for level, members in units.members.items()
        for unit, schools in members.items()
        for school in sorted(schools)
    ]
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
