"""What ``metrics.value`` should hold, worked out from the oracle by the definitions of the catalogue."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tests.support.figures import Figure, count, effective, quantile, share
from tests.support.oracle import GAPS, Indication, Oracle, Window

GROUPS = ("school_type", "school_municipality", "swv", "region")
PROPORTIONS = {"care_share", "care_share_year", "hhi_t_high_share", "seamless_renewal_share"}
PROPORTIONS |= {"concurrent_providers_ge2", "concurrent_providers_ge3"}
PROPORTIONS |= {
    f"{name}_g{gap}" for name in ("secon_t", "renewal_share_same", "renewal_share_any") for gap in GAPS
}
"""Metrics with the interval of a proportion."""
FORMS = {"45": "ambulant", "41": "daghulp"}


def wilson(x: float | None, n: float | None) -> tuple[float | None, float | None]:
    """The interval of Wilson as the roots of (p - x/n)^2 = z^2 p (1 - p) / n."""
    if x is None or not n:
        return None, None
    z = 1.959963984540054
    centre = (x / n + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(x / n * (1 - x / n) / n + z * z / (4 * n * n))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def in_period(oracle: Oracle, level: str, schools: frozenset[str], window: Window) -> dict[str, Figure]:
    """Metrics of a whole period; empty when nobody was enrolled."""
    unit = oracle.unit(schools, window)
    if unit is None:
        return {}
    children, pupils, days = unit["care_pupils"], unit["pupils_ever"], unit["care_days"]
    found: dict[str, Figure] = {
        "pupils_ever": count(pupils, pupils),
        "pupil_days": count(unit["pupil_days"], pupils),
        "mean_pupils": share(unit["pupil_days"], unit["window_days"], pupils),
        "care_share_year": share(children, pupils, children),
        "persontime_prev": share(days, unit["pupil_days"], children),
        "hours_assigned": count(unit["hours"], children),
        "convertible_share": share(unit["timed_care_days"], days, children),
        "hours_per_pupil_week_assigned": share(unit["hours"], unit["pupil_days"] / 7, children),
        "hours_per_timed_carepupil_week": share(unit["hours"], unit["timed_care_days"] / 7, children),
        "effective_providers": effective(unit["hhi"], children),
        "provider_hhi": count(unit["hhi"], children),
        "largest_provider_share": share(unit["largest_days"], unit["provider_days"], children),
        "cr3": share(unit["cr3"] and unit["cr3"] * unit["provider_days"], unit["provider_days"], children),
        "effective_municipalities": effective(unit["municipality_hhi"], children),
        "mean_concurrent": share(unit["provider_days"], days, children),
        "upc_t_dayweighted": share(unit["main_days"], unit["provider_days"], children),
        "hhi_t_high_share": share(unit["hhi_t_high"], children, children),
        "seamless_renewal_share": share(unit["renewal_seamless"], unit["renewal_any_g28"], children),
    }
    for name in ("care_pupils", "care_days", "timed_care_days", "providers_ever", "provider_days"):
        found[name] = count(unit[name], children)
    for name in ("municipalities", "municipality_hhi"):
        found[name] = count(unit[name], children)
    for name in ("days_ge2", "days_ge3"):
        found[f"share_{name}"] = share(unit[name], days, children)
    for name in ("upc_t", "main_cover", "hhi_t", "pdc_enrolled", "pdc_from_start"):
        found[name] = share(unit[f"sum_{name}"], children, children)
    if level == "school":
        found["school_providers_peak"] = count(unit["school_providers_peak"], children)
        present = unit["school_providers_mean"] * unit["window_days"]
        found["school_providers_mean"] = share(present, unit["window_days"], children)
    if level in ("school", "region"):
        found["child_peak_max"] = count(unit["child_peak_max"], children)
    for g in ("g0", "g28"):
        replaced, added = unit[f"starts_replacement_{g}"], unit[f"starts_addition_{g}"]
        for kind in ("entry", "replacement", "addition"):
            found[f"starts_{kind}_{g}"] = count(unit[f"starts_{kind}_{g}"], children)
        ended = unit[f"renewal_ended_{g}"]
        found |= {
            f"switches_per_careyear_{g}": share(replaced + added, days / 365.25, children),
            f"replacements_per_careyear_{g}": share(replaced, days / 365.25, children),
            f"additions_per_careyear_{g}": share(added, days / 365.25, children),
            f"switches_per_1000_care_days_{g}": share(replaced + added, days / 1000, children),
            f"secon_t_{g}": share(unit[f"secon_same_{g}"], unit[f"secon_n_{g}"], children),
            f"renewal_share_same_{g}": share(unit[f"renewal_same_{g}"], ended, children),
            f"renewal_share_any_{g}": share(unit[f"renewal_any_{g}"], ended, children),
        }
    return found | of_indications(oracle.started(schools, window), level, days / 365.25)


def of_indications(started: Sequence[Indication], level: str, care_years: float | None) -> dict[str, Figure]:
    """Metrics of the indications that start in a period; quantiles of groups of schools only."""
    children = len({one.child for one in started})
    lengths = [
        float((one.planned_end - one.start).days + 1) for one in started if one.planned_end is not None
    ]
    found = {
        "open_ended_share": share(len(started) - len(lengths), len(started), children),
        "short_indication_share": share(sum(n <= 184 for n in lengths), len(lengths), children),
        "short_indication_share_366": share(sum(n <= 366 for n in lengths), len(lengths), children),
    }
    if care_years is not None:
        found["indications_per_pupil_year"] = share(len(started), care_years, children)
    if level in GROUPS:
        found |= {
            "indication_duration": count(quantile(lengths, 0.5), children),
            "indication_duration_p25": count(quantile(lengths, 0.25), children),
            "indication_duration_p75": count(quantile(lengths, 0.75), children),
        }
    return found


def by_part(
    oracle: Oracle, level: str, schools: frozenset[str], window: Window, types: Mapping[str, str]
) -> dict[tuple[str, str], dict[str, Figure]]:
    """Of the parts of a unit that have any: type of school, form of care, who pays, category."""
    groups: dict[tuple[str, str], list[Indication]] = defaultdict(list)
    if level in ("board", "swv", "school_municipality", "region"):
        for kind in set(types.values()):
            own = frozenset(school for school in schools if types.get(school) == kind)
            groups["school_type", kind] = oracle.started(own, window)
    for one in oracle.started(schools, window):
        if level in GROUPS:
            groups["care_form", FORMS.get(one.category or "", "onbekend")].append(one)
        if level in ("school_type", "swv", "region"):
            groups["responsible_municipality", one.municipality].append(one)
            if one.category:
                groups["product_category", one.category].append(one)
    return {
        part: {
            metric: row
            for metric, row in of_indications(own, level, None).items()
            if part[0] != "product_category" or metric.startswith("indication_duration")
        }
        for part, own in groups.items()
        if own
    }


def on_date(oracle: Oracle, schools: frozenset[str], day: date) -> dict[str, Figure]:
    """Metrics of one day; empty when nobody was enrolled."""
    unit: dict[str, Any] | None = oracle.on_date(schools, day)
    if unit is None:
        return {}
    children, hours = unit["care_pupils"], unit["hours_week"]
    links = unit["provider_links"] if children else None
    return {
        "pupils_enrolled": count(unit["pupils"], unit["pupils"]),
        "pupils_with_care": count(children, children),
        "care_share": share(children, unit["pupils"], children),
        "assigned_hours_week": count(hours, children),
        "hours_per_pupil": share(hours, unit["pupils"], children),
        "hours_per_care_pupil": share(hours, children, children),
        "providers_per_school": count(unit["providers"], children),
        "effective_providers_on_date": effective(unit["provider_hhi"], children),
        "provider_hhi_on_date": count(unit["provider_hhi"], children),
        "largest_provider_share_on_date": share(unit["largest_provider_weight"], children, children),
        "municipalities_per_school": count(unit["municipalities"], children),
        "effective_municipalities_on_date": effective(unit["municipality_hhi"], children),
        "concurrent_providers": share(links, children, children),
        "concurrent_providers_ge2": share(unit["pupils_ge2"], children, children),
        "concurrent_providers_ge3": share(unit["pupils_ge3"], children, children),
    }
