"""One figure of one unit through time, beside its type of school and the region, for the terminal."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from zorgdata.catalogue import Metric, Unit, load
from zorgdata.errors import UsageError
from zorgdata.store import open_query
from zorgdata.workspace import Workspace

_BARS = "▁▂▃▄▅▆▇█"
_KINDS = {
    "reference_date": "reference dates",
    "school_year": "school years",
    "calendar_year": "calendar years",
}

_UNIT = """
select unit.level, coalesce(named.name, unit.unit_id) as name, school.school_type
from (
    select level, unit_id from core.unit
    union select level, unit_id from metrics.value where metric = $metric and unit_id = $unit
) as unit
left join protected.unit as named on unit.level = named.level and unit.unit_id = named.unit_id
left join core.school as school on unit.level = 'school' and unit.unit_id = school.school_id
where unit.unit_id = $unit and unit.level = coalesce($level, unit.level)
order by unit.level <> 'school', unit.level
"""

_POINTS = """
select
    mine.period,
    mine.reference_date,
    coalesce(period.kind, 'other') as kind,
    mine.value,
    mine.lower,
    mine.upper,
    mine.numerator,
    mine.denominator,
    mine.status,
    kin.value as of_type,
    region.value as of_region
from metrics.value as mine
left join core.event_period as period on mine.period = period.period
left join metrics.value as kin
    on kin.metric = mine.metric and kin.level = 'school_type' and kin.unit_id = $type
    and kin.period = mine.period and kin.reference_date is not distinct from mine.reference_date
    and kin.dimension = ''
left join metrics.value as region
    on region.metric = mine.metric and region.level = 'region'
    and region.period = mine.period and region.reference_date is not distinct from mine.reference_date
    and region.dimension = ''
where mine.metric = $metric and mine.level = $level and mine.unit_id = $unit and mine.dimension = ''
order by coalesce(period.from_day, 0), mine.reference_date, mine.period
"""


@dataclass(frozen=True)
class Point:
    """One period or day. ``of_type`` and ``of_region`` are the values of what the unit is part of."""

    time: str
    value: float | None
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None
    status: str
    of_type: float | None
    of_region: float | None


@dataclass(frozen=True)
class Trend:
    """A metric of a unit: points in order, by kind of period (reference dates, school years, …)."""

    metric: Metric
    level: str
    unit_id: str
    name: str
    school_type: str | None
    series: dict[str, list[Point]]


def trend(workspace: Workspace, key: str, unit: str, level: str | None) -> Trend | None:
    """The figure of a unit through time; None when it is only given in parts (by form, by flow).

    Raises UsageError for an unknown metric, a unit that does not exist, or a level it does not have.
    """
    metric = load().metric(key)
    if key not in load():
        stored = ", ".join(one.key for one in load().family(key))
        raise UsageError(f"{key} has values with a suffix only.", f"Choose one of: {stored}.")
    with contextlib.closing(open_query(workspace)) as connection:
        try:
            found = _rows(connection, _UNIT, {"metric": key, "unit": unit, "level": level})
        except duckdb.CatalogException:
            raise UsageError("There are no figures yet.", "Run: zorgdata build") from None
        if not found:
            at = f" of level {level}" if level else ""
            raise UsageError(f"There is no unit {unit!r}{at}.", 'See: zorgdata query "from core.unit"')
        place = next((row for row in found if row["level"] in metric.levels), found[0])
        if place["level"] not in metric.levels:
            raise UsageError(
                f"{key} is not given for level {place['level']}.", f"Its levels: {', '.join(metric.levels)}."
            )
        known = {"metric": key, "level": place["level"], "unit": unit, "type": place["school_type"]}
        rows = _rows(connection, _POINTS, known)
    series: dict[str, list[Point]] = {}
    for row in rows:
        kind = "reference_date" if row["reference_date"] else row["kind"]
        series.setdefault(_KINDS.get(kind, kind), []).append(_point(row))
    if not series:
        return None
    return Trend(metric, place["level"], unit, place["name"], place["school_type"], series)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = connection.execute(sql, values).to_arrow_table().to_pylist()
    return found


def _point(row: dict[str, Any]) -> Point:
    names = ("value", "lower", "upper", "numerator", "denominator", "status", "of_type", "of_region")
    return Point(str(row["reference_date"] or row["period"]), *(row[name] for name in names))


def sparkline(values: Sequence[float | None]) -> str:
    """The values as bars from 0 to the largest; a missing one is a space. Empty with fewer than two values.

    >>> sparkline([0, 1, None, 4])
    '▁▃ █'
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    top = max(known)
    if top <= 0:
        return "".join(" " if value is None else _BARS[0] for value in values)
    return "".join(
        " " if value is None else _BARS[round(max(value, 0) / top * (len(_BARS) - 1))] for value in values
    )


def shown(metric: Metric, value: float | None, *, digits: int | None = None) -> str:
    """A value as the catalogue shows it, one decimal finer (an analyst's view): 12.3 %, 1.52."""
    if value is None:
        return "-"
    factor = load().vocabulary.units[metric.unit].factor
    places = min(metric.decimals + 1, 4) if digits is None else digits
    if metric.unit is Unit.COUNT and float(value).is_integer():
        places = 0
    sign = " %" if metric.unit is Unit.SHARE else ""
    return f"{value * factor:,.{places}f}{sign}"


def table(found: Trend, points: Sequence[Point]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of a series; columns without any value are left out."""
    metric = found.metric
    columns: list[tuple[str, list[str]]] = [
        ("period", [point.time for point in points]),
        ("value", [shown(metric, point.value) for point in points]),
    ]
    if any(point.lower is not None for point in points):
        columns.append(("95 %", [_interval(metric, point) for point in points]))
    if metric.denominator:
        columns.append(("made of", [_fraction(point) for point in points]))
    if found.school_type:
        columns.append((found.school_type, [shown(metric, point.of_type) for point in points]))
    if found.level != "region":
        columns.append(("region", [shown(metric, point.of_region) for point in points]))
    if any(point.status != "ok" for point in points):
        columns.append(("status", ["" if point.status == "ok" else point.status for point in points]))
    right = {name for name, _ in columns} - {"period", "status"}
    for name, values in columns:
        if name in right:
            wide = max(len(name), *map(len, values))
            values[:] = [value.rjust(wide) for value in values]
    return [name for name, _ in columns], [list(row) for row in zip(*(v for _, v in columns), strict=True)]


def _interval(metric: Metric, point: Point) -> str:
    if point.lower is None or point.upper is None:
        return ""
    return f"{shown(metric, point.lower).removesuffix(' %')} to {shown(metric, point.upper)}"


def _fraction(point: Point) -> str:
    if point.numerator is None or point.denominator is None:
        return ""
    return f"{point.numerator:,.6g} / {point.denominator:,.6g}"
