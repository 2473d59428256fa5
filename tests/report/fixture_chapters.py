"""Figures for every chapter of the monitor: each metric of the catalogue that the region does not have yet.

Values are made up but lie in a believable range for their unit and move slowly; every tenth cell below the
region is hidden. Deterministic: a value depends on its key alone.
"""

import hashlib
from collections.abc import Iterator

from fixture_region import MUNICIPALITIES, SCHOOLS, YEARS, cells, school_units

from zorgdata.catalogue import Disclosure, Metric, Unit, load
from zorgdata.disclosure.notation import euro, number, percent
from zorgdata.disclosure.table import Cell

SKIP = frozenset({"care_intensity_class", "collective_score", "child_peak_max"})
RANGES = {
    Unit.COUNT: (40, 400), Unit.SHARE: (0.15, 0.7), Unit.RATIO: (0.3, 0.9), Unit.HOURS: (2000, 9000),
    Unit.HOURS_WEEK: (1, 4), Unit.DAYS: (60, 420), Unit.DAYS_WEEK: (20, 60), Unit.YEARS: (3, 9),
    Unit.KM: (2, 14), Unit.EURO: (3000, 90000), Unit.FTE: (1, 9), Unit.PER_YEAR: (0.3, 1.4),
    Unit.PER_1000_DAYS: (0.6, 3), Unit.INDEX: (70, 160), Unit.SCORE: (6, 8.5), Unit.CLASS: (1, 5),
}  # fmt: skip


def unit_interval(*key: str) -> float:
    """A number from 0 to 1 that depends on the key alone."""
    return int.from_bytes(hashlib.sha256("|".join(key).encode()).digest()[:4]) / 2**32


def value_of(metric: Metric, unit: str, year: int, part: str = "") -> float:
    """A believable value: a level per metric, unit and part, drifting by a few percent a year."""
    low, high = RANGES[metric.unit]
    level = low + (high - low) * unit_interval(metric.key, part, unit)
    return level * (1 + 0.05 * (unit_interval(metric.key, "drift") - 0.5) * year)


def make(metric: Metric, level: str, unit: str, year: int, dimension: str = "", part: str = "") -> Cell:
    """One protected cell, hidden when its key says so."""
    period = YEARS[year]
    on_date = "reference_date" in metric.periods
    place = (metric.key, level, unit, period, f"{period[:4]}-10-01" if on_date else "", dimension, part)
    hidden = level not in ("region", "school_type") and unit_interval(*place) < 0.1
    if hidden:
        return Cell(*place, None, ".", "suppressed")
    value = value_of(metric, unit, year, part)
    if metric.unit is Unit.SHARE:
        return Cell(*place, round(value, 2), percent(round(value, 2)), "shown")
    if metric.unit is Unit.EURO:
        return Cell(*place, round(value, -3), euro(round(value, -3)), "shown")
    if metric.disclosure in (Disclosure.COUNT, Disclosure.HOURS) and metric.unit is not Unit.HOURS_WEEK:
        rounded = 5.0 * round(value / 5)
        return Cell(*place, rounded, number(rounded), "shown")
    return Cell(*place, round(value, metric.decimals), number(value, metric.decimals), "shown")


def all_cells() -> Iterator[Cell]:
    """The region's cells, and one for every other metric at the levels the reports use."""
    own = list(cells())
    yield from own
    known = {c.metric for c in own}
    catalogue = load()
    units = {
        "region": ["region"],
        "school_type": sorted({s[1] for s in SCHOOLS}),
        "school_municipality": list(MUNICIPALITIES),
        "responsible_municipality": list(MUNICIPALITIES),
        "school": [u.unit_id for u in school_units()],
    }
    for metric in catalogue.by_key.values():
        if metric.disclosure is Disclosure.INTERNAL or metric.key in SKIP:
            continue
        for level in (lv for lv in metric.levels if lv in units and metric.key not in known):
            for unit in units[level]:
                for year in range(len(YEARS)):
                    yield make(metric, level, unit, year)
        for dimension in metric.dimensions:
            if dimension not in catalogue.vocabulary.dimensions or "region" not in metric.levels:
                continue
            for part in list(catalogue.labels(dimension))[:7]:
                levels = ("region", "school_type") if dimension == "care_form" else ("region",)
                for level in levels:
                    for unit in units[level]:
                        for year in range(len(YEARS)):
                            yield make(metric, level, unit, year, dimension, part)
