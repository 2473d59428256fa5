"""``metrics.value`` in memory as columns, completed so that an absent row tells nothing, and written back.

A school without any care has no row for its continuity; a dot beside dots would not stand out, a hole does.
So every unit of a level gets a row in every table that the level has.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.rules import Floats, Ints
from zorgdata.disclosure.table_set import local_figures, outside
from zorgdata.limits import AudienceRules

NOT_DELIVERED = "not_delivered"


class Connection(Protocol):
    """What is needed of a DuckDB connection; only the store opens one."""

    def execute(self, query: str, parameters: Any = ...) -> Any: ...

    def executemany(self, query: str, parameters: Any = ...) -> Any: ...

    def register(self, view_name: str, python_object: Any) -> Any: ...

    def unregister(self, view_name: str) -> Any: ...


TableKey = tuple[str, str, str, str]
"""One table: metric, time (reference date, else period), dimension, dimension value."""


@dataclass
class Frame:
    """Rows of ``metrics.value`` that an audience may see in principle, column by column."""

    metric: list[str]
    level: list[str]
    unit: list[str]
    period: list[str]
    reference: list[str]
    dimension: list[str]
    item: list[str]
    value: Floats
    numerator: Floats
    denominator: Floats
    children: Floats
    status: list[str]
    index: dict[TableKey, dict[str, dict[str, int]]] = field(default_factory=dict)
    alias: dict[int, int] = field(default_factory=dict)
    _by_metric: dict[str, Ints] = field(default_factory=dict)
    _tables: dict[str, list[TableKey]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.metric)

    def time(self, row: int) -> str:
        """What tells periods apart: the reference date, else the period."""
        return self.reference[row] or self.period[row]

    def table(self, row: int) -> TableKey:
        """The table a row belongs to."""
        return self.metric[row], self.time(row), self.dimension[row], self.item[row]

    def by_metric(self) -> dict[str, Ints]:
        """The rows of every metric."""
        return self._by_metric

    def tables_of(self, metric: str) -> list[TableKey]:
        """The tables of a metric."""
        return self._tables.get(metric, [])

    def take(self, rows: Ints) -> "Frame":
        """These rows as a frame of their own."""
        at = rows.tolist()

        def those(column: list[str]) -> list[str]:
            return [column[r] for r in at]

        part = Frame(
            those(self.metric),
            those(self.level),
            those(self.unit),
            those(self.period),
            those(self.reference),
            those(self.dimension),
            those(self.item),
            self.value[rows],
            self.numerator[rows],
            self.denominator[rows],
            self.children[rows],
            those(self.status),
        )
        part.build_index()
        return part

    def build_index(self) -> None:
        """Finds rows by table, level and unit; a second row of the same figure becomes an alias."""
        self.index.clear()
        self.alias.clear()
        times = (r or p for r, p in zip(self.reference, self.period, strict=True))
        columns = zip(self.metric, times, self.dimension, self.item, self.level, self.unit, strict=True)
        for row, (metric, time, dimension, item, level, unit) in enumerate(columns):
            units = self.index.setdefault((metric, time, dimension, item), {}).setdefault(level, {})
            first = units.setdefault(unit, row)
            if first != row:
                self.alias[row] = first
        self.regroup()

    def regroup(self) -> None:
        """Finds tables and rows by metric, when the index knows every row."""
        self._tables = {}
        for key in self.index:
            self._tables.setdefault(key[0], []).append(key)
        number = {name: k for k, name in enumerate(sorted(self._tables))}
        code = np.fromiter(map(number.__getitem__, self.metric), np.int64, len(self.metric))
        order = np.argsort(code, kind="stable")
        cuts = np.cumsum(np.bincount(code, minlength=len(number)))[:-1]
        parts = np.split(order, cuts) if number else []
        self._by_metric = dict(zip(number, parts, strict=True))


_TEXT = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value", "status")
_JUDGED = ("metric", "level", "period", "reference_date", "dimension", "status")
_NUMBERS = ("value", "numerator", "denominator", "n_children")


def load(
    connection: Connection, rules: AudienceRules, declared: Mapping[str, Declaration]
) -> tuple[Frame, dict[str, str]]:
    """The rows an audience may see in principle, and what was left out with its reason.

    ``declared`` holds the declaration of every metric that has one; others are left out.
    """
    left_out: dict[str, str] = {}
    admitted: list[tuple[str, ...]] = []
    local = local_figures(declared)
    of_kind = ", ".join(f"coalesce(cast({c} as varchar), '') as {c}" for c in _JUDGED)
    kinds = f"select distinct {of_kind} from metrics.value order by all"
    for kind in connection.execute(kinds).fetchall():
        row = dict(zip(_JUDGED, kind, strict=True))
        why = _refusal(declared.get(row["metric"]), row, rules, local)
        if why:
            left_out.setdefault(row["metric"], why)
        else:
            admitted.append(kind)
    # Most of the long table stays inside; what does not go out is not even read.
    connection.register("admitted", pa.table({c: [k[n] for k in admitted] for n, c in enumerate(_JUDGED)}))
    same = " and ".join(f"coalesce(cast(v.{c} as varchar), '') = admitted.{c}" for c in _JUDGED)
    columns = [f"coalesce(cast(v.{c} as varchar), '') as {c}" for c in _TEXT]
    columns += [f"cast(v.{c} as double) as {c}" for c in _NUMBERS]
    try:
        table = connection.execute(
            f"select {', '.join(columns)} from metrics.value as v semi join admitted on {same} order by "
            "metric, level, unit_id, period, reference_date, dimension, dimension_value"
        ).to_arrow_table()
    finally:
        connection.unregister("admitted")
    kept_text = {c: shared_texts(table[c]) for c in _TEXT}
    numbers = {c: np.array(table[c].to_numpy(), np.float64) for c in _NUMBERS}
    frame = Frame(
        kept_text["metric"],
        kept_text["level"],
        kept_text["unit_id"],
        kept_text["period"],
        kept_text["reference_date"],
        kept_text["dimension"],
        kept_text["dimension_value"],
        numbers["value"],
        numbers["numerator"],
        numbers["denominator"],
        numbers["n_children"],
        kept_text["status"],
    )
    frame.build_index()
    kept = set(frame.metric)
    return frame, {metric: why for metric, why in left_out.items() if metric not in kept}


UPPER_LEVELS = frozenset(
    (
        "school_type",
        "municipality_type",
        "board",
        "swv",
        "school_municipality",
        "responsible_municipality",
        "youth_region",
        "region",
        "country",
    )
)
_QUANTILE_LEVELS = frozenset(("region", "country", "swv", "school_municipality", "school_type"))


def _refusal(
    declared: Declaration | None, row: Mapping[str, str], rules: AudienceRules, local: frozenset[str]
) -> str:
    """Why a row is no part of what this audience gets; empty when it is."""
    if declared is None:
        return "not declared"
    if rules.unlimited:
        return ""
    level = row["level"]
    if declared.kind is Kind.EXTREME:
        return "minima and maxima of children are internal"
    if declared.kind is Kind.OPEN:
        return ""
    if level != "school" and level not in UPPER_LEVELS:
        return f"level {level} is not published"
    if declared.kind is Kind.FLAG and level not in rules.flag_levels:
        return "a flag is published at the highest levels only"
    if declared.kind is Kind.QUANTILE and level not in _QUANTILE_LEVELS:
        return "percentiles are published at high levels only"
    if row["dimension"] and level == "school":
        return "per school only totals are published"
    if rules.table_set == "reported":
        why = outside(row["metric"], level, is_part=bool(row["dimension"]), local=local)
        if why:
            return why
    if row["status"] == NOT_DELIVERED:
        return ""
    return "" if _time_published(row["period"], row["reference_date"], rules) else "period is internal"


def _time_published(period: str, reference: str, rules: AudienceRules) -> bool:
    if rules.periods == "all":
        return True
    if reference:
        return reference.endswith("-10-01")
    pattern = r"\d{4}-\d{4}" if rules.periods == "school_year" else r"\d{4}"
    return re.fullmatch(pattern, period) is not None


def complete(frame: Frame, counts: frozenset[str]) -> None:
    """Adds the rows a table lacks: value 0 for the metrics in ``counts``, undefined for the others.

    Units of a level are those with any row at the same time and level. Not-delivered rows stay as they are.
    """
    undelivered = {row for row, status in enumerate(frame.status) if status == NOT_DELIVERED}
    units: dict[tuple[str, str], set[str]] = {}
    for (_, time, _, _), levels in frame.index.items():
        for level, present in levels.items():
            known = (unit for unit, row in present.items() if row not in undelivered)
            units.setdefault((time, level), set()).update(known)
    likes: list[int] = []
    for (_, time, _, _), levels in frame.index.items():
        for level, present in levels.items():
            lacking = units[(time, level)] - present.keys()
            if not lacking or not undelivered.isdisjoint(present.values()):
                continue
            like = next(iter(present.values()))
            for unit in sorted(lacking):
                present[unit] = len(frame.unit)
                frame.unit.append(unit)
                likes.append(like)
    for name in ("metric", "level", "period", "reference", "dimension", "item", "status"):
        column = getattr(frame, name)
        column += [column[like] for like in likes]
    zeros = np.asarray([0.0 if frame.metric[like] in counts else np.nan for like in likes])
    nothing = np.full(len(likes), np.nan)
    frame.value = np.concatenate([frame.value, zeros])
    frame.numerator = np.concatenate([frame.numerator, nothing])
    frame.denominator = np.concatenate([frame.denominator, nothing])
    frame.children = np.concatenate([frame.children, nothing])
    frame.regroup()


def write(
    connection: Connection,
    audience: str,
    frame: Frame,
    *,
    value: Floats,
    display: Sequence[str],
    status: Sequence[str],
) -> None:
    """Replaces the audience's rows of ``protected.value``, inside the caller's transaction."""
    create(connection)
    connection.execute("delete from protected.value where audience = ?", [audience])
    table = pa.table(
        {
            "audience": pa.array([audience] * len(frame), pa.string()),
            "metric": pa.array(frame.metric, pa.string()),
            "level": pa.array(frame.level, pa.string()),
            "unit_id": _texts(frame.unit),
            "period": _texts(frame.period),
            "reference_date": _texts(frame.reference),
            "dimension": pa.array(frame.dimension, pa.string()),
            "dimension_value": pa.array(frame.item, pa.string()),
            "value": pa.array(value, pa.float64(), from_pandas=True),
            "display": pa.array(display, pa.string()),
            "cell_status": pa.array(status, pa.string()),
        }
    )
    connection.register("disclosure_rows", table)
    try:
        connection.execute(
            "insert into protected.value select audience, metric, level, unit_id, period, "
            "cast(reference_date as date), dimension, dimension_value, value, display, cell_status "
            "from disclosure_rows"
        )
    finally:
        connection.unregister("disclosure_rows")


def create(connection: Connection) -> None:
    """Makes ``protected.value`` when it is not there."""
    connection.execute("create schema if not exists protected")
    connection.execute(
        "create table if not exists protected.value (audience varchar not null, metric varchar not null, "
        "level varchar not null, unit_id varchar, period varchar, reference_date date, dimension varchar, "
        "dimension_value varchar, value double, display varchar not null, cell_status varchar not null)"
    )


def shared_texts(column: pa.ChunkedArray) -> list[str]:
    """The texts of a column, each different one in memory once."""
    encoded = column.combine_chunks().dictionary_encode()
    words = np.asarray(encoded.dictionary.to_pylist(), object)
    return list(words[encoded.indices.to_numpy()].tolist()) if len(encoded) else []


def _texts(values: Sequence[str]) -> NDArray[Any] | pa.Array:
    return pa.array([v or None for v in values], pa.string())
