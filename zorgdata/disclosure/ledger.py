"""What earlier releases told: no true values, only what every reader already has.

What was hidden for a period stays hidden for it. A published number is repeated until the truth has moved by
at least T, so that a small correction is not read off as a difference. A period is published in one
classification: its units keep the schools they were first published with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np
import pyarrow as pa

from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Connection, Frame
from zorgdata.disclosure.primary import HIDDEN, count_rows
from zorgdata.disclosure.rules import Codes, Floats, Ints, Reason
from zorgdata.disclosure.units import Units, school_year
from zorgdata.limits import AudienceRules

Key = tuple[str, str, str, str, str, str]
"""Metric, level, unit, time, dimension, dimension value."""


@dataclass(frozen=True)
class Entry:
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

    def entry(self, frame: Frame, row: int) -> Entry | None:
        """The entry of a frame row, if it was published before."""
        return self.entries.get(key_of(frame, row)) if self.entries else None

    def stick(self, frame: Frame, reason: Codes) -> None:
        """Hides in place what was hidden in an earlier release of the same period."""
        for row in range(len(frame) if self.entries else 0):
            entry = self.entry(frame, row)
            undelivered = frame.status[row] == NOT_DELIVERED
            if entry and entry.ever_hidden and reason[row] not in HIDDEN and not undelivered:
                reason[row] = Reason.STICKY

    def anchors(self, frame: Frame, declared: Mapping[str, Declaration], rules: AudienceRules) -> Anchors:
        """What of the earlier publications is repeated now.

        A count published as p is repeated while it is less than T + half a base from p: when it changes, the
        truth has moved by at least T. Sums move by two bases, means by what one base of children would do.
        """
        found = Anchors.none(len(frame))
        if not self.entries:
            return found
        x, population = count_rows(frame, declared)
        for row, metric in enumerate(frame.metric):
            entry = self.entry(frame, row)
            if entry is None or rules.unlimited:
                continue
            _anchor(found, frame, declared[metric], rules, row, entry=entry, x=x[row], below=population[row])
        return found

    def units(self, time: str, now: Units) -> Units:
        """The units a school year was first published with; today's when it was not published yet."""
        return Units(now.schools, self.members[time]) if time in self.members else now


def _anchor(
    found: Anchors,
    frame: Frame,
    d: Declaration,
    rules: AudienceRules,
    row: int,
    *,
    entry: Entry,
    x: float,
    below: float,
) -> None:
    base, exact = rules.rounding_base, float(frame.value[row])
    if d.kind in (Kind.COUNT, Kind.SHARE, Kind.FLAG):
        reach = rules.threshold + base // 2
        if entry.top is not None and abs(x - entry.top) < reach:
            found.top[row] = entry.top
            found.told_low[row] = min(entry.top - base // 2, x)
            found.told_high[row] = max(entry.top + (base - 1) // 2, x)
        if entry.bottom is not None and abs(below - entry.bottom) < reach:
            found.bottom[row] = entry.bottom
    elif d.kind is Kind.POPULATION:
        if entry.top is not None and abs(exact - entry.top) < rules.threshold + base // 2:
            found.top[row] = entry.top
    elif d.kind in (Kind.HOURS, Kind.COST):
        base = rules.cost_base if d.kind is Kind.COST else base
        if entry.top is not None and abs(exact - entry.top) < 2.5 * base:
            found.top[row] = entry.top
            found.told_low[row] = min(entry.top - base / 2, exact)
            found.told_high[row] = max(entry.top + base / 2, exact)
    elif d.kind in (Kind.MEAN, Kind.RATE) and entry.value is not None:
        n = float(frame.children[row])
        if abs(exact - entry.value) * n < base * abs(exact) or exact == entry.value:
            found.value[row] = entry.value


def key_of(frame: Frame, row: int) -> Key:
    """The ledger's key of a frame row."""
    metric, time, dimension, item = frame.table(row)
    return metric, frame.level[row], frame.unit[row], time, dimension, item


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
    rows = connection.execute(
        "select metric, level, unit_id, time, dimension, dimension_value, value, top, bottom, ever_hidden "
        "from disclosure.release_cell where audience = ?",
        [audience],
    ).fetchall()
    members: dict[str, dict[str, dict[str, set[str]]]] = {}
    for time, level, unit, school in connection.execute(
        "select time, level, unit_id, school_id from disclosure.release_unit where audience = ?", [audience]
    ).fetchall():
        members.setdefault(time, {}).setdefault(level, {}).setdefault(unit, set()).add(school)
    frozen = {
        time: {level: {u: frozenset(s) for u, s in units.items()} for level, units in levels.items()}
        for time, levels in members.items()
    }
    return Ledger({tuple(r[:6]): Entry(*r[6:]) for r in rows}, frozen)


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
