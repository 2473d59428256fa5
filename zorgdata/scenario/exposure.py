"""Quantities of a scenario from rows of the metrics."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from zorgdata.scenario.model import QuantitySpec, Template
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

    A row has the columns of ``metrics.value``. It counts when metric, level, dimension, dimension value and
    kind of period are those of the quantity, and ``unit_id`` and ``period`` (or the reference date) when
    given; of several periods the last counts. ``level`` replaces that of the template, to calculate for a
    school. A null, and a row with status ``not_delivered``, is no quantity: nothing is put in its place.
    Two rows for one quantity and period: ``ValueError``. The interval goes along; for a numerator it is the
    interval of its share times the denominator.
    """
    rows = list(rows)
    out: dict[str, Quantity | None] = {}
    for name, spec in template.quantities.items():
        if spec.metric:
            chosen = spec if level is None else spec.model_copy(update={"level": level})
            matching = [row for row in rows if _matches(chosen, row, unit_id, period)]
            out[name] = _quantity(spec, matching)
    return out


def _moment(row: Row) -> str:
    """Period, or the reference date where a figure belongs to a day; sorts in time order within a kind."""
    return str(row.get("reference_date") or row.get("period") or "")


def _matches(spec: QuantitySpec, row: Row, unit_id: str | None, period: str | None) -> bool:
    wanted = (spec.metric, spec.level, spec.dimension, spec.dimension_value)
    found = tuple(row.get(column) or "" for column in ("metric", "level", "dimension", "dimension_value"))
    if found != wanted or (unit_id is not None and row.get("unit_id") != unit_id):
        return False
    if period is not None and period not in (row.get("period"), _moment(row)):
        return False
    if spec.period == "reference_date":
        return bool(row.get("reference_date"))
    kind = re.fullmatch(_PERIODS[spec.period], str(row.get("period") or ""))
    return kind is not None and not row.get("reference_date")


def _quantity(spec: QuantitySpec, rows: list[Row]) -> Quantity | None:
    delivered = [r for r in rows if r.get(spec.field) is not None and r.get("status") != "not_delivered"]
    if not delivered:
        return None
    moment = max(_moment(row) for row in delivered)
    last = [row for row in delivered if _moment(row) == moment]
    if len(last) > 1:
        raise ValueError(f"{spec.metric} has {len(last)} rows for {moment}; name the unit")
    row = last[0]
    value = float(row[spec.field])
    per_share = _share_factor(spec, row, value)
    lower, upper = row.get("lower"), row.get("upper")
    if lower is None or upper is None or per_share is None:
        return Quantity(value * spec.scale, period=moment, origin=spec.metric)
    factor = spec.scale * per_share
    return Quantity(
        value * spec.scale, float(lower) * factor, float(upper) * factor, period=moment, origin=spec.metric
    )


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
