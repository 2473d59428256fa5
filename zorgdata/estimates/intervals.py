"""Intervals of many units at once: means over children, and rates whose events cluster in children."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.estimates.tables import Floats, floats, groups, in_order, table
from zorgdata.stats.bootstrap import SEED

LEVEL = 0.95
FEWEST = 10
"""Fewer children give a mean or rate without an interval (PHE)."""
REPLICATIONS = 2000
RESAMPLED_UP_TO = 250
"""Above this many children the linearised interval takes over: resampling then adds little but time."""
RESAMPLED_LEVELS = frozenset({"school_type", "school_municipality", "swv", "region"})
"""Where children are resampled. A region has thousands of schools times periods; they get the linearised
interval too."""

PLACE = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value")
LIMITS = pa.schema(
    [
        *((name, pa.date32() if name == "reference_date" else pa.string()) for name in PLACE),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
    ]
)

RATES: dict[str, tuple[str, tuple[str, ...], str, float]] = {
    "indications_per_pupil_year": ("care", ("indications_started",), "care_days", 365.25),
    "interruptions_g0": ("care", ("gaps_g0",), "children", 1.0),
    "interruptions_g28": ("care", ("gaps_g28",), "children", 1.0),
    "gap_days_g0": ("care", ("gap_days_g0",), "children", 1.0),
    "gap_days_g28": ("care", ("gap_days_g28",), "children", 1.0),
    "switches_per_careyear_g0": ("care", ("replacements_g0", "additions_g0"), "care_days", 365.25),
    "switches_per_careyear_g28": ("care", ("replacements_g28", "additions_g28"), "care_days", 365.25),
    "replacements_per_careyear_g0": ("care", ("replacements_g0",), "care_days", 365.25),
    "replacements_per_careyear_g28": ("care", ("replacements_g28",), "care_days", 365.25),
    "additions_per_careyear_g0": ("care", ("additions_g0",), "care_days", 365.25),
    "additions_per_careyear_g28": ("care", ("additions_g28",), "care_days", 365.25),
    "switches_per_1000_care_days_g0": ("care", ("replacements_g0", "additions_g0"), "care_days", 1000.0),
    "switches_per_1000_care_days_g28": ("care", ("replacements_g28", "additions_g28"), "care_days", 1000.0),
    "upc_t_dayweighted": ("care", ("main_days",), "provider_days", 1.0),
    "mean_concurrent": ("care", ("provider_days",), "care_days", 1.0),
    "share_days_ge2": ("care", ("days_ge2",), "care_days", 1.0),
    "share_days_ge3": ("care", ("days_ge3",), "care_days", 1.0),
    "hours_per_timed_carepupil_week": ("care", ("hours",), "timed_care_days", 7.0),
    "step_up_rate": ("care", ("steps_up",), "care_days", 365.25),
    "step_down_rate": ("care", ("steps_down",), "care_days", 365.25),
    "worker_switch_rate_g0": ("worker", ("worker_switches_g0",), "worker_days", 365.25),
    "worker_switch_rate_g28": ("worker", ("worker_switches_g28",), "worker_days", 365.25),
}
"""Metric: whose rows it is about, what is added up, what it is divided by, and the unit of the result."""


def means(rows: pa.Table) -> pa.Table:
    """Student intervals of means over children that lie between 0 and 1: x̄ ± t(n − 1) s/√n.

    Input per figure: the place, ``n`` children, ``total`` and ``squares``, the sum of their values and of
    the squares. Limits are cut off at 0 and 1; below ten children there are none. Source: METRICS 4; PHE
    technical guidance (means).
    """
    from scipy.special import stdtrit

    rows = in_order(rows, PLACE)
    n, total, squares = (floats(rows, name) for name in ("n", "total", "squares"))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        variance = np.maximum(squares - total * mean, 0.0) / (n - 1)
        half = stdtrit(n - 1, (1 + LEVEL) / 2) * np.sqrt(variance / n)
    enough = n >= FEWEST
    lower = np.where(enough, np.maximum(mean - half, 0.0), np.nan)
    upper = np.where(enough, np.minimum(mean + half, 1.0), np.nan)
    place = rows.select(list(PLACE))
    limits = {"lower": pa.array(lower, from_pandas=True), "upper": pa.array(upper, from_pandas=True)}
    return pa.table({**{name: place[name] for name in PLACE}, **limits}).cast(LIMITS)


def rates(rows: pa.Table) -> pa.Table:
    """Intervals of Σ events / Σ exposure over children, with the child as the unit of chance.

    Input of two kinds: ``unit`` rows say which units (``level``, ``unit_id``) a ``unit_set_key`` counts
    for; every other row is a child of that set in a ``period``, of the kind it is about, with its numbers. A
    child that does not belong to what a rate is about has no row of that kind.

    For types of school, municipalities, samenwerkingsverbanden and the region with up to 250 children the
    limits are percentiles of 2,000 resamples of children (fixed seed; units with equally many children share
    the draws). For all other units, schools among them, they are those of the linearised ratio,
    rate ± z √(n/(n − 1) Σ(x − rate · d)²) / Σd, not below 0. A unit with fewer than ten children has no
    limits: resamples of a handful say little, and of equal children nothing. Percentile limits always hold
    the rate itself. Source: Field & Welsh 2007; Cochran 1977; METRICS 3 and 4.
    """
    is_unit = pc.equal(rows["kind"], "unit")
    units: dict[int, list[tuple[str, str]]] = {}
    for row in rows.filter(is_unit).select(["unit_set_key", "level", "unit_id"]).to_pylist():
        units.setdefault(row["unit_set_key"], []).append((row["level"], row["unit_id"]))
    columns = sorted({name for _, tops, bottom, _ in RATES.values() for name in (*tops, bottom)})
    children = in_order(rows.filter(pc.invert(is_unit)), ["kind", "period", "unit_set_key", *columns])
    nothing = np.zeros(children.num_rows)
    numbers = np.column_stack([*(floats(children, name) for name in columns), nothing])
    found: list[dict[str, Any]] = []
    for subject in sorted({subject for subject, *_ in RATES.values()}):
        asked = [name for name, rate in RATES.items() if rate[0] == subject]
        ratios = _Ratios.of([RATES[name] for name in asked], columns)
        for where, low, high in _limits(numbers, ratios, _members(children, units, subject)):
            period, level, unit = where
            found += [
                {"metric": metric, "level": level, "unit_id": unit, "period": period, "lower": a, "upper": b}
                for metric, a, b in zip(asked, low.tolist(), high.tolist(), strict=True)
                if a == a and b == b  # noqa: PLR0124 - NaN is not equal to itself
            ]
    total = {"reference_date": None, "dimension": "", "dimension_value": ""}
    return table(LIMITS, [{**total, **row} for row in found])


@dataclass(frozen=True)
class _Ratios:
    """Which columns make numerators (one, or two added up) and denominators; ``factor`` is the unit."""

    first: npt.NDArray[np.intp]
    second: npt.NDArray[np.intp]
    divisor: npt.NDArray[np.intp]
    factor: Floats

    @classmethod
    def of(cls, rates: list[tuple[str, tuple[str, ...], str, float]], columns: list[str]) -> "_Ratios":
        """The column after the last of ``columns`` holds nothing but zeros."""
        places = {name: place for place, name in enumerate(columns)}
        return cls(
            np.array([places[added[0]] for _, added, _, _ in rates]),
            np.array([places[added[1]] if len(added) > 1 else len(columns) for _, added, _, _ in rates]),
            np.array([places[divisor] for _, _, divisor, _ in rates]),
            np.array([factor for *_, factor in rates]),
        )

    def top(self, numbers: Floats) -> Floats:
        made: Floats = (numbers[..., self.first] + numbers[..., self.second]) * self.factor
        return made

    def bottom(self, numbers: Floats) -> Floats:
        return numbers[..., self.divisor]

    def rate(self, sums: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.top(sums) / self.bottom(sums)


Place = tuple[str, str, str]


def _members(children: pa.Table, units: dict[int, list[tuple[str, str]]], subject: str) -> dict[Place, Any]:
    """The rows of the children of every period, level and unit."""
    found: dict[Place, list[Any]] = {}
    for key, part in groups(children, ["kind", "period", "unit_set_key"]):
        if key["kind"] == subject:
            rows = np.arange(part.start, part.stop)
            for level, unit in units.get(key["unit_set_key"], ()):
                found.setdefault((key["period"], level, unit), []).append(rows)
    return {place: np.concatenate(parts) for place, parts in found.items()}


def _limits(
    numbers: Floats, ratios: _Ratios, members: dict[Place, Any]
) -> Iterator[tuple[Place, Floats, Floats]]:
    """The limits of every unit, units with equally many children together."""
    sizes: dict[int, list[Place]] = {}
    for place, rows in sorted(members.items()):
        if len(rows) <= RESAMPLED_UP_TO and place[1] in RESAMPLED_LEVELS:
            sizes.setdefault(len(rows), []).append(place)
        elif len(rows) >= FEWEST:
            yield place, *_linearised(numbers[rows], ratios)
    for size, places in sorted(sizes.items()):
        if size < FEWEST:
            continue
        weights = _draws(size)
        for first in range(0, len(places), _TOGETHER):
            part = places[first : first + _TOGETHER]
            own = np.stack([numbers[members[place]] for place in part], axis=1)
            low, high = _resampled(own, ratios, weights)
            yield from zip(part, low, high, strict=True)


def _linearised(own: Floats, ratios: _Ratios) -> tuple[Floats, Floats]:
    from scipy.special import ndtri

    n, rate = len(own), ratios.rate(own.sum(axis=0))
    left = ratios.top(own) - rate * ratios.bottom(own)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(n / (n - 1) * np.sum(left**2, axis=0)) / ratios.bottom(own.sum(axis=0))
    half = ndtri((1 + LEVEL) / 2) * spread
    return np.maximum(rate - half, 0.0), rate + half


def _resampled(own: Floats, ratios: _Ratios, weights: Floats) -> tuple[Floats, Floats]:
    """Limits of several units of one size; ``own`` has the axes child, unit and number."""
    size, units, width = own.shape
    sums = (weights @ own.reshape(size, units * width)).reshape(REPLICATIONS, units, width)
    rate = ratios.rate(own.sum(axis=0))
    drawn = np.ascontiguousarray(np.moveaxis(ratios.rate(sums), 0, -1))
    # A resample without any exposure (only children without hours) says nothing about the rate.
    drawn = np.where(np.isnan(drawn), rate[..., None], drawn)
    drawn.partition(_RANKS, axis=-1)
    below, above = drawn[..., _RANKS[::2]], drawn[..., _RANKS[1::2]]
    limits = below + _PARTS * (above - below)
    return np.minimum(limits[..., 0], rate), np.maximum(limits[..., 1], rate)


_AT = (REPLICATIONS - 1) * np.array([(1 - LEVEL) / 2, (1 + LEVEL) / 2])
_RANKS = np.array([rank for place in _AT for rank in (int(place), int(place) + 1)])
_PARTS = _AT - np.floor(_AT)
"""Percentiles of type 7: between the two values around their place."""
_TOGETHER = 16


def _draws(n: int) -> Floats:
    """How often each of ``n`` children comes up in each resample; one lottery for every unit of that size."""
    drawn = np.random.default_rng([SEED, n]).integers(0, n, size=(REPLICATIONS, n))
    drawn += n * np.arange(REPLICATIONS)[:, None]
    return np.bincount(drawn.ravel(), minlength=REPLICATIONS * n).reshape(REPLICATIONS, n).astype(np.float64)
