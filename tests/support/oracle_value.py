"""What ``metrics.value`` should hold, worked out from the oracle by the definitions of the catalogue."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.support.oracle import Oracle, Window

GROUPS = ("school_type", "school_municipality", "swv", "region")


@dataclass(frozen=True)
class Expected:
    """One row: value, children behind it, and the 95 % interval of a proportion when the metric has one."""

    value: float | None
    n_children: int
    numerator: float | None = None
    denominator: float | None = None
    has_interval: bool = False

    @property
    def interval(self) -> tuple[float | None, float | None]:
        if not self.has_interval or not self.denominator or self.numerator is None:
            return None, None
        return wilson(self.numerator, self.denominator)


def wilson(x: float, n: float) -> tuple[float, float]:
    """The interval of Wilson as the roots of (p - x/n)^2 = z^2 p (1 - p) / n."""
    z = 1.959963984540054
    centre = (x / n + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(x / n * (1 - x / n) / n + z * z / (4 * n * n))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def quantile(values: Sequence[float], p: float) -> float | None:
    """Type 7: between the two values around place p (n - 1)."""
    if not values:
        return None
    ordered = sorted(values)
    place = p * (len(ordered) - 1)
    below = math.floor(place)
    above = math.ceil(place)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _share(x: float | None, n: float | None, children: int, interval: bool = False) -> Expected:
    value = x / n if n and x is not None else None
    return Expected(value, children, x, n, interval)


def in_period(oracle: Oracle, level: str, schools: frozenset[str], window: Window) -> dict[str, Expected]:
    """Metrics of a whole period; empty when nobody was enrolled."""
    unit = oracle.unit(schools, window)
    if unit is None:
        return {}
    children = unit["care_pupils"]
    years = unit["care_days"] / 365.25
    found: dict[str, Expected] = {
        "pupils_ever": Expected(unit["pupils_ever"], unit["pupils_ever"]),
        "pupil_days": Expected(unit["pupil_days"], unit["pupils_ever"]),
        "mean_pupils": Expected(unit["mean_pupils"], unit["pupils_ever"]),
        "care_share_year": _share(children, unit["pupils_ever"], children, True),
        "hours_assigned": Expected(unit["hours"], children),
        "convertible_share": _share(unit["timed_care_days"], unit["care_days"], children),
        "hours_per_pupil_week_assigned": Expected(unit["hours_per_pupil_week"], children),
        "effective_providers": Expected(unit["eff_providers"], children),
        "provider_hhi": Expected(unit["hhi"], children),
        "largest_provider_share": Expected(unit["cr1"], children),
        "effective_municipalities": Expected(
            1 / unit["municipality_hhi"] if unit["municipality_hhi"] else None, children
        ),
        "upc_t": Expected(unit["upc_t_mean"], children),
        "main_cover": Expected(unit["main_cover_mean"], children),
        "hhi_t": Expected(unit["hhi_t_mean"], children),
        "hhi_t_high_share": _share(unit["hhi_t_high"], children, children, True),
        "pdc_enrolled": _share(unit["sum_pdc_enrolled"], children, children),
        "pdc_from_start": Expected(unit["pdc_from_start_mean"], children),
        "seamless_renewal_share": _share(unit["renewal_seamless"], unit["renewal_any_g28"], children, True),
    }
    for name in (
        "care_pupils",
        "care_days",
        "persontime_prev",
        "timed_care_days",
        "hours_per_timed_carepupil_week",
        "providers_ever",
        "provider_days",
        "cr3",
        "municipalities",
        "municipality_hhi",
        "mean_concurrent",
        "share_days_ge2",
        "share_days_ge3",
        "upc_t_dayweighted",
    ):
        found[name] = Expected(unit[name], children)
    if level == "school":
        found["school_providers_peak"] = Expected(unit["school_providers_peak"], children)
        found["school_providers_mean"] = Expected(unit["school_providers_mean"], children)
    if level in ("school", "region"):
        found["child_peak_max"] = Expected(unit["child_peak_max"], children)
    for g in ("g0", "g28"):
        replaced, added = unit[f"starts_replacement_{g}"], unit[f"starts_addition_{g}"]
        for kind in ("entry", "replacement", "addition"):
            found[f"starts_{kind}_{g}"] = Expected(unit[f"starts_{kind}_{g}"], children)
        found |= {
            f"switches_per_careyear_{g}": Expected(unit[f"switches_per_careyear_{g}"], children),
            f"replacements_per_careyear_{g}": _share(replaced, years, children),
            f"additions_per_careyear_{g}": _share(added, years, children),
            f"switches_per_1000_care_days_{g}": _share(replaced + added, unit["care_days"] / 1000, children),
            f"secon_t_{g}": _share(unit[f"secon_same_{g}"], unit[f"secon_n_{g}"], children, True),
            f"renewal_share_same_{g}": _share(
                unit[f"renewal_same_{g}"], unit[f"renewal_ended_{g}"], children, True
            ),
            f"renewal_share_any_{g}": _share(
                unit[f"renewal_any_{g}"], unit[f"renewal_ended_{g}"], children, True
            ),
        }
    return found | _started(oracle, level, schools, window, years)


def _started(
    oracle: Oracle, level: str, schools: frozenset[str], window: Window, years: float
) -> dict[str, Expected]:
    started = oracle.started(schools, window)
    children = len({one.child for one in started})
    lengths = [
        float((one.planned_end - one.start).days + 1) for one in started if one.planned_end is not None
    ]
    found = {
        "indications_per_pupil_year": _share(len(started), years, children),
        "open_ended_share": _share(len(started) - len(lengths), len(started), children),
        "short_indication_share": _share(sum(n <= 184 for n in lengths), len(lengths), children),
        "short_indication_share_366": _share(sum(n <= 366 for n in lengths), len(lengths), children),
    }
    if level in GROUPS:
        found |= {
            "indication_duration": Expected(quantile(lengths, 0.5), children),
            "indication_duration_p25": Expected(quantile(lengths, 0.25), children),
            "indication_duration_p75": Expected(quantile(lengths, 0.75), children),
        }
    return found


def on_date(oracle: Oracle, schools: frozenset[str], day: date) -> dict[str, Expected]:
    """Metrics of one day; empty when nobody was enrolled."""
    unit: dict[str, Any] | None = oracle.on_date(schools, day)
    if unit is None:
        return {}
    children = unit["care_pupils"]
    return {
        "pupils_enrolled": Expected(unit["pupils"], unit["pupils"]),
        "pupils_with_care": Expected(children, children),
        "care_share": _share(children, unit["pupils"], children, True),
        "assigned_hours_week": Expected(unit["hours_week"], children),
        "hours_per_pupil": _share(unit["hours_week"], unit["pupils"], children),
        "hours_per_care_pupil": _share(unit["hours_week"], children, children),
        "providers_per_school": Expected(unit["providers"], children),
        "effective_providers_on_date": Expected(
            1 / unit["provider_hhi"] if unit["provider_hhi"] else None, children
        ),
        "provider_hhi_on_date": Expected(unit["provider_hhi"], children),
        "largest_provider_share_on_date": _share(unit["largest_provider_weight"], children, children),
        "municipalities_per_school": Expected(unit["municipalities"], children),
        "effective_municipalities_on_date": Expected(
            1 / unit["municipality_hhi"] if unit["municipality_hhi"] else None, children
        ),
        "concurrent_providers": _share(unit["provider_links"], children, children),
        "concurrent_providers_ge2": _share(unit["pupils_ge2"], children, children, True),
        "concurrent_providers_ge3": _share(unit["pupils_ge3"], children, children, True),
    }
