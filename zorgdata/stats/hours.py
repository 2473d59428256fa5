"""From the volume of an indication to hours per day (iJw 3.2, code lists WJ756 and WMO757)."""

from datetime import date

HOURS_PER_UNIT = {"01": 1 / 60, "04": 1.0, "16": 4.0}
"""Minute, hour, half-day (4 hours). Day-and-night (14), pieces (82, 84) and euros (83) are no hours."""

TOTAL_OVER_VALIDITY = "6"
UNITS_PER_DAY = {"1": 1.0, "2": 1 / 7, "3": 1 / 28, "4": 12 / 365.25}
"""Per day, week, four weeks (older releases), month."""


def hours_per_day(
    volume: float | None,
    unit: str | int | None,
    frequency: str | int | None,
    start: date | None = None,
    end: date | None = None,
) -> float | None:
    """Hours a day an indication gives right to, spread evenly over calendar days.

    volume × {01: 1/60, 04: 1, 16: 4} × {1: 1, 2: 1/7, 3: 1/28, 4: 12/365.25, 6: 1/(end − start + 1)}.

    ``start`` and ``end`` are the *planned* period, both inclusive; only frequency 6 (total over the validity)
    needs them and is undefined without. Codes may have lost or gained leading zeros. ``None`` for a
    missing or negative volume, another unit (day-and-night, pieces, euros) or an unknown frequency; a
    volume of 0 is 0 hours. It is entitlement, not delivered time.
    """
    if volume is None or unit is None or frequency is None or not volume >= 0:
        return None
    hours = HOURS_PER_UNIT.get(str(unit).strip().zfill(2))
    if hours is None:
        return None
    code = str(frequency).strip().lstrip("0")
    if code == TOTAL_OVER_VALIDITY:
        if start is None or end is None or end < start:
            return None
        return volume * hours / ((end - start).days + 1)
    per_day = UNITS_PER_DAY.get(code)
    return None if per_day is None else volume * hours * per_day
