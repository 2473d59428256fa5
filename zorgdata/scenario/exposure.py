"""Quantities of a scenario from rows of the metrics, or from published figures only."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from zorgdata.disclosure.table import SHOWN, Cell
from zorgdata.scenario.model import CountSpec, QuantitySpec, Template
from zorgdata.scenario.result import Quantity

Row = Mapping[str, Any]

_PERIODS = {"school_year": r"\d{4}-\d{4}", "calendar_year": r"\d{4}"}


def quantities_from_rows(
    template: Template,
    rows: Iterable[Row],
    unit_id: str | None = None,
    period: str | None = None,
    level: str | None = None,
) -> dict[str, Quantity | None]:
    """The template's quantities as delivered in ``rows``; ``None`` for those that are not.

    A row has the columns of ``metrics.value``. It counts when metric, level, unit, dimension, dimension value
    and kind of period are those of the quantity, and ``unit_id`` and ``period`` (or the reference date) when
    given; of several periods the last that is not provisional counts. ``level`` replaces that of the
    template, to calculate for a school or municipality. A null, and a row with status ``not_delivered``, is
    no quantity: nothing is put in its place. Two rows for one quantity and period: ``ValueError``. The
    interval goes along; for a numerator it is the interval of its share times the denominator.
    """
    rows = list(rows)
    out: dict[str, Quantity | None] = {}
    for name, spec in template.quantities.items():
        if spec.metric:
            wanted_level, unit = _place(spec.level, spec.unit_id, level, unit_id)
            key = (spec.metric, wanted_level, spec.dimension, spec.dimension_value)
            matching = [row for row in rows if _matches(key, spec.period, row, unit, period)]
            out[name] = _quantity(spec, matching, rows, period)
    return out


def quantities_from_published(
    template: Template, cells: Iterable[Cell], provisional: frozenset[str] = frozenset()
) -> dict[str, Quantity | None]:
    """The same for the region from published cells only: what is not shown is no quantity.

    A published figure is rounded; half its last printed step is its band. A count that only stands in the
    numerator of a share is the published share times the published counts that make its denominator
    (``times``), so that nothing is used that a reader does not have.
    """
    rows = [
        {
            "metric": cell.metric,
            "level": cell.level,
            "unit_id": cell.unit_id,
            "period": cell.period,
            "reference_date": cell.reference_date or None,
            "dimension": cell.dimension,
            "dimension_value": cell.dimension_value,
            "value": cell.value,
            "status": "provisional" if cell.period in provisional else "ok",
            "step": _step(cell.display),
        }
        for cell in cells
        if cell.cell_status == SHOWN and cell.value is not None
    ]
    return quantities_from_rows(template, rows)


def _step(display: str) -> float:
    """Half the last decimal of a printed figure, in the unit of its value."""
    found = re.search(r",(\d+)", display)
    size: float = 10.0 ** -(len(found[1]) if found else 0)
    return size / 2 / (100 if "%" in display else 1)


def _place(level: str, unit: str, asked: str | None, unit_id: str | None) -> tuple[str, str | None]:
    """Level and unit to look at; a school type within a municipality is a level of its own."""
    if asked is None:
        return level, unit or unit_id
    if unit and asked == "school_municipality":
        return "municipality_type", f"{unit_id}|{unit}"
    return asked, unit_id


def _moment(row: Row) -> str:
    """Period, or the reference date where a figure belongs to a day; sorts in time order within a kind."""
    return str(row.get("reference_date") or row.get("period") or "")


def _matches(
    key: tuple[str, str, str, str], kind: str, row: Row, unit_id: str | None, period: str | None
) -> bool:
    found = tuple(row.get(column) or "" for column in ("metric", "level", "dimension", "dimension_value"))
    if found != key or (unit_id is not None and row.get("unit_id") != unit_id):
        return False
    if period is not None and period not in (row.get("period"), _moment(row)):
        return False
    if kind == "reference_date":
        return bool(row.get("reference_date"))
    matching = re.fullmatch(_PERIODS[kind], str(row.get("period") or ""))
    return matching is not None and not row.get("reference_date")


def _last(rows: list[Row], name: str) -> Row | None:
    """The row of the last moment that is final, else of the last one."""
    known = [r for r in rows if r.get("status") != "not_delivered"]
    final = [r for r in known if r.get("status") != "provisional"] or known
    if not final:
        return None
    moment = max(_moment(row) for row in final)
    last = [row for row in final if _moment(row) == moment]
    if len(last) > 1:
        raise ValueError(f"{name} has {len(last)} rows for {moment}; name the unit")
    return last[0]


def _quantity(
    spec: QuantitySpec, rows: list[Row], all_rows: list[Row], period: str | None
) -> Quantity | None:
    by_parts = spec.field == "numerator" and spec.times and any("step" in row for row in rows)
    field = "value" if by_parts else spec.field
    row = _last([r for r in rows if r.get(field) is not None], spec.metric)
    if row is None:
        return None
    if by_parts:
        return _from_parts(spec, row, all_rows, period)
    moment, value = _moment(row), float(row[field])
    if "step" in row:
        half = float(row["step"])
        return Quantity(
            value * spec.scale,
            max(value - half, 0.0) * spec.scale,
            (value + half) * spec.scale,
            moment,
            spec.metric,
        )
    per_share = _share_factor(spec, row, value)
    lower, upper = row.get("lower"), row.get("upper")
    if lower is None or upper is None or per_share is None:
        return Quantity(value * spec.scale, period=moment, origin=spec.metric)
    factor = spec.scale * per_share
    return Quantity(
        value * spec.scale, float(lower) * factor, float(upper) * factor, period=moment, origin=spec.metric
    )


def _from_parts(spec: QuantitySpec, row: Row, all_rows: list[Row], period: str | None) -> Quantity | None:
    """Published share or rate × the published counts behind its denominator; None when one is not shown."""
    total = 0.0
    for part in spec.times:
        found = _count(part, str(row.get("period") or ""), all_rows, period)
        if found is None:
            return None
        total += found * part.scale
    value, half, factor = float(row["value"]), float(row["step"]), total * spec.scale
    return Quantity(
        value * factor,
        max(value - half, 0.0) * factor,
        (value + half) * factor,
        _moment(row),
        " × ".join([spec.metric, *dict.fromkeys(part.metric for part in spec.times)]),
    )


def _count(part: CountSpec, of: str, rows: list[Row], period: str | None) -> float | None:
    key = (part.metric, part.level, "", "")
    same = [
        row
        for row in rows
        if _matches(key, part.period, row, part.unit_id or None, period) and row.get("period") == of
    ]
    row = _last(same, part.metric)
    return None if row is None else float(row["value"])


def _share_factor(spec: QuantitySpec, row: Row, value: float) -> float | None:
    """What turns the row's limits into limits of the quantity: 1, or the denominator for a numerator.

    ``None`` for a denominator, which is counted, and when the row's value is not numerator / denominator: its
    limits then say nothing of the count.
    """
    if spec.field == "value":
        return 1.0
    share, denominator = row.get("value"), row.get("denominator")
    if spec.field == "denominator":
        return None
    if share is None or not denominator or abs(share * denominator - value) > 1e-6 * (1 + abs(value)):
        return None
    return float(denominator)
