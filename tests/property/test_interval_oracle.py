"""Limits of means and of rates that cluster in children, from the children of the oracle and the formulas."""

import math
from typing import Any

import duckdb
import pytest
from scipy import stats

from tests.property.test_metrics_oracle import WINDOWS, units
from tests.support.care_cases import SCHOOLS, put
from tests.support.oracle import Oracle, Window, current_enrolments, current_indications
from tests.support.warehouse import build_models, rows_of, warehouse

Key = tuple[Any, ...]
MEANS = ("upc_t", "main_cover", "hhi_t", "pdc_enrolled", "pdc_from_start")
PLACE = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value")
LINEARISED = ("school", "board", "municipality_type")
"""Levels at which children are not resampled."""
FEWEST = 10


def student(values: list[float]) -> tuple[float, float]:
    """Within 0 and 1."""
    n, mean = len(values), sum(values) / len(values)
    half = float(stats.t.ppf(0.975, n - 1)) * math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1) / n)
    return max(mean - half, 0.0), min(mean + half, 1.0)


def linearised(pairs: list[tuple[float, float]]) -> tuple[float, float] | None:
    """rate ± z √(n/(n − 1) Σ(x − rate · d)²) / Σd, not below 0."""
    n, exposure = len(pairs), sum(d for _, d in pairs)
    if not exposure:
        return None
    rate = sum(x for x, _ in pairs) / exposure
    spread = math.sqrt(n / (n - 1) * sum((x - rate * d) ** 2 for x, d in pairs)) / exposure
    half = float(stats.norm.ppf(0.975)) * spread
    return max(rate - half, 0.0), rate + half


def rates(
    oracle: Oracle, schools: frozenset[str], window: Window, children: dict[str, dict[str, Any]]
) -> dict[str, list[tuple[float, float]]]:
    """Of every child with care: events in the unit of the rate, and what they are divided by."""
    found: dict[str, list[tuple[float, float]]] = {}
    started = [one.child for one in oracle.started(schools, window)]
    for child, row in children.items():
        days = row["care_days"]
        pairs = {
            "indications_per_pupil_year": (started.count(child) * 365.25, days),
            "upc_t_dayweighted": (row["upc_t"] * row["provider_days"], row["provider_days"]),
            "mean_concurrent": (row["provider_days"], days),
            "share_days_ge2": (row["days_ge2"], days),
            "share_days_ge3": (row["days_ge3"], days),
            "hours_per_timed_carepupil_week": (row["hours"] * 7, row["timed_care_days"]),
        }
        for gap in (0, 28):
            kinds = [
                kind
                for day in oracle.enrolled_days(child, schools, window)
                for kind in oracle.starts(child, day, gap)
            ]
            replaced, added = kinds.count("replacement"), kinds.count("addition")
            pairs[f"replacements_per_careyear_g{gap}"] = (replaced * 365.25, days)
            pairs[f"additions_per_careyear_g{gap}"] = (added * 365.25, days)
            pairs[f"switches_per_careyear_g{gap}"] = ((replaced + added) * 365.25, days)
            pairs[f"switches_per_1000_care_days_g{gap}"] = ((replaced + added) * 1000, days)
        for metric, pair in pairs.items():
            found.setdefault(metric, []).append(pair)
    return found


def expected(
    oracle: Oracle, members: dict[tuple[str, str], frozenset[str]]
) -> dict[Key, tuple[float, float]]:
    """Limits by metric, level, unit, period, reference date, dimension and part."""
    found: dict[Key, tuple[float, float]] = {}
    for (level, unit), schools in members.items():
        for window in WINDOWS:
            rows = {child: oracle.child(child, schools, window) for child in oracle.known(schools)}
            cared = {child: row for child, row in rows.items() if row and row["care_days"]}
            if len(cared) < FEWEST:
                continue
            place = (level, unit, window.name, None, "", "")
            for metric in MEANS:
                found[metric, *place] = student([row[metric] for row in cared.values()])
            if level in LINEARISED:
                for metric, pairs in rates(oracle, schools, window, cared).items():
                    limits = linearised(pairs)
                    if limits:
                        found[metric, *place] = limits
    return found


def held(
    db: duckdb.DuckDBPyConnection, oracle: Oracle, members: dict[tuple[str, str], frozenset[str]]
) -> dict[Key, tuple[float, float]]:
    """Hold the tables of limits against the oracle, and give what it says."""
    wanted = expected(oracle, members)
    names = {key[0] for key in wanted}
    got = {
        (*(row[name] for name in ("metric", "level", "unit_id", "period", "reference_date")), "", ""): row
        for table in ("interval_mean", "interval_rate")
        for row in rows_of(db, f"select * from metrics.{table} where dimension = '' and lower is not null")
        if row["metric"] in names
        and (row["metric"] in MEANS or row["level"] in LINEARISED)
        and (row["level"], row["unit_id"]) in members
    }
    assert got.keys() == wanted.keys(), sorted(map(str, got.keys() ^ wanted.keys()))[:20]
    wrong = [
        f"{key}: {row['lower']}, {row['upper']}, expected {wanted[key]}"
        for key, row in got.items()
        if (row["lower"], row["upper"]) != pytest.approx(wanted[key], rel=1e-6, abs=1e-6)
    ]
    shown = {
        tuple(row[name] for name in PLACE): (row["lower"], row["upper"])
        for row in rows_of(db, "select * from metrics.value where dimension = ''")
    }
    wrong += [
        f"{key} shown: {shown[key]}, expected {limits}"
        for key, limits in wanted.items()
        if shown[key] != pytest.approx(limits, rel=1e-6, abs=1e-6)
    ]
    assert not wrong, "\n".join(wrong[:20])
    return wanted


def test_limits_follow_from_the_children() -> None:
    from tests.support.court import many_regions

    rows = many_regions(30)
    with warehouse() as db:
        put(db, rows)
        build_models(db, "+metrics.value")
        oracle = Oracle(
            current_indications(rows["indications"], rows["deliveries"]),
            current_enrolments(rows["enrolments"]),
        )
        schools = {school["school_id"] for school in SCHOOLS}
        members = {
            key: found for key, found in units().items() if key[0] in ("school", "board") and found <= schools
        }
        limits = held(db, oracle, members)
    assert {key[0] for key in limits} >= {*MEANS, "switches_per_careyear_g28"}
