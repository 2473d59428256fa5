"""Limits of means, of rates that cluster in children and of curves: from children and formulas."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy import stats

from tests.property.test_metrics_oracle import WINDOWS, units
from tests.support import oracle_survival as survival
from tests.support.care_cases import SCHOOLS, put
from tests.support.oracle import Oracle, Window, current_enrolments, current_indications
from tests.support.warehouse import build_models, insert, rows_of, warehouse
from tests.support.world import World

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


def with_care(oracle: Oracle, schools: frozenset[str], window: Window) -> dict[str, dict[str, Any]]:
    """The rows of the children with care at a unit."""
    rows = {child: oracle.child(child, schools, window) for child in oracle.known(schools)}
    return {child: row for child, row in rows.items() if row and row["care_days"]}


def expected(
    oracle: Oracle, members: dict[tuple[str, str], frozenset[str]]
) -> dict[Key, tuple[float, float]]:
    """Limits by metric, level, unit, period, reference date, dimension and part."""
    found: dict[Key, tuple[float, float]] = {}
    for (level, unit), schools in members.items():
        for window in WINDOWS:
            cared = with_care(oracle, schools, window)
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


ONE_DAY = timedelta(days=1)
BY_HAND: list[dict[str, Any]] = [
    {"school_id": "99ZP00", "name": "P", "school_type": "PRO"},
    {"school_id": "99ZQ00", "name": "Q", "school_type": "VSO"},
]
"""Two schools with twelve children each, whose limits anyone can compute."""


def by_hand() -> dict[str, list[dict[str, Any]]]:
    """At P the k-th child ends after 10 k days; at Q all end on one day, and the k-th is back on day 30 k."""
    rows: dict[str, list[dict[str, Any]]] = {"indications": [], "enrolments": []}
    first, gone = date(2023, 2, 1), date(2023, 3, 31)
    for k in range(1, 13):
        times = {
            "P": [(first, first + timedelta(10 * k - 1))],
            "Q": [(first, gone), (gone + timedelta(30 * k), None)],
        }
        for school, spells in times.items():
            child = f"{school}{k:02}"
            rows["enrolments"].append(
                {"child_id": child, "school_id": f"99Z{school}00", "start_date": date(2022, 8, 1)}
            )
            rows["indications"] += [
                {
                    "child_id": child,
                    "provider_id": "41990001",
                    "municipality_code": "9901",
                    "allocation_number": f"{child}-{n}",
                    "start_date": start,
                    "end_date": end,
                }
                for n, (start, end) in enumerate(spells)
            ]
    for found in rows.values():
        for line, row in enumerate(found, 5000):
            row["line"] = line
    return rows


@dataclass(frozen=True)
class Built:
    """A region in the warehouse, and what the oracle knows of it."""

    db: duckdb.DuckDBPyConnection
    oracle: Oracle
    world: World
    members: dict[tuple[str, str], frozenset[str]]


@pytest.fixture(scope="module")
def built() -> Iterator[Built]:
    from tests.support.court import many_regions

    rows = many_regions(30)
    for kind, more in by_hand().items():
        rows[kind] += more
    with warehouse() as db:
        put(db, rows)
        insert(db, "schools", BY_HAND)
        build_models(db, "+metrics.value")
        oracle = Oracle(
            current_indications(rows["indications"], rows["deliveries"]),
            current_enrolments(rows["enrolments"]),
        )
        last = rows_of(db, "select last_day from staging.span")[0]["last_day"]
        world = World(oracle, {}, {}, {}, {}, {}, [], [], [], [], last, {})
        members = units() | {
            ("school_type", row["school_type"]): frozenset({row["school_id"]}) for row in BY_HAND
        }
        members["region", "region"] = frozenset(row["school_id"] for row in rows["enrolments"])
        yield Built(db, oracle, world, members)


def test_limits_follow_from_the_children(built: Built) -> None:
    listed = {school["school_id"] for school in SCHOOLS}
    members = {
        (level, unit): schools
        for (level, unit), schools in built.members.items()
        if level in ("school", "board") and schools <= listed
    }
    limits = held(built.db, built.oracle, members)
    assert {key[0] for key in limits} >= {*MEANS, "switches_per_careyear_g28"}


DRAWS = 8_000
SLACK = 5 * math.sqrt(0.025 * 0.975 * (1 / 2_000 + 1 / DRAWS))
"""How far the share of our draws beyond a limit may be from 2.5 %: five standard errors of both lotteries."""


def test_limits_of_groups_leave_out_one_in_forty_resamples(built: Built) -> None:
    """Children drawn with replacement, by another lottery: 2.5 % of the rates lie beyond each limit."""
    rng = np.random.default_rng(1)
    shown = {
        tuple(row[name] for name in PLACE): (row["lower"], row["value"], row["upper"])
        for row in rows_of(built.db, "select * from metrics.value where dimension = '' and lower is not null")
    }
    wrong: list[str] = []
    asked = set()
    for (level, unit), schools in built.members.items():
        if level in LINEARISED:
            continue
        for window in WINDOWS:
            cared = with_care(built.oracle, schools, window)
            if not FEWEST <= len(cared) <= 250:
                continue
            drawn = rng.integers(0, len(cared), size=(DRAWS, len(cared)))
            times = np.stack([np.bincount(one, minlength=len(cared)) for one in drawn])
            for metric, pairs in rates(built.oracle, schools, window, cared).items():
                events, exposure = (np.array(part, dtype=float) for part in zip(*pairs, strict=True))
                if not exposure.sum():
                    continue
                rate = events.sum() / exposure.sum()
                sums = times @ exposure
                draws = np.where(sums > 0, times @ events / np.where(sums > 0, sums, 1), rate)
                key = (metric, level, unit, window.name, None, "", "")
                low, value, high = shown[key]
                assert value == pytest.approx(rate)
                asked.add((metric, level))
                for limit, sign in ((low, 1), (high, -1)):
                    near = 1e-9 * max(1.0, abs(limit))
                    outside = np.mean(sign * draws < sign * limit - near)
                    within = np.mean(sign * draws <= sign * limit + near)
                    if outside > 0.025 + SLACK or within < 0.025 - SLACK:
                        wrong.append(f"{key}: {limit} leaves {outside:.4f} to {within:.4f} out")
    assert not wrong, "\n".join(wrong[:20])
    assert {level for _, level in asked} == {"school_type", "school_municipality", "swv", "region"}
    assert {metric for metric, _ in asked} >= {"switches_per_careyear_g28", "hours_per_timed_carepupil_week"}


CURVES = ("reentry", "reentry_182", "episode_length", "episode_running")
CURVE_LEVELS = ("region", "school_type")


def test_limits_of_curves_follow_from_the_spells(built: Built) -> None:
    expected: dict[Key, survival.Limits] = {}
    for (level, unit), schools in built.members.items():
        if level not in CURVE_LEVELS:
            continue
        for window in WINDOWS:
            seen = survival.spells(built.world, schools, window)
            after = survival.without(built.world, schools, window)
            found = survival.limits(seen) | survival.limits(after, back=True)
            for (metric, part), limits in found.items():
                expected[metric, level, unit, window.name, "since_start" if part else "", part] = limits
    got = {
        tuple(row[name] for name in PLACE if name != "reference_date"): (row["lower"], row["upper"])
        for row in rows_of(
            built.db,
            f"select * from metrics.value where metric in {CURVES} and coalesce(lower, upper) is not null",
        )
    }
    got = {
        key: limits
        for key, limits in got.items()
        if key[1] in CURVE_LEVELS and (key[1], key[2]) in built.members and key[4] in ("", "since_start")
    }
    assert got.keys() == expected.keys(), sorted(map(str, got.keys() ^ expected.keys()))[:20]
    wrong = [key for key in got if got[key] != pytest.approx(expected[key], abs=1e-9)]
    assert not wrong, [(key, got[key], expected[key]) for key in wrong[:10]]
    assert {key[0] for key in got} == set(CURVES)


def test_limits_that_anyone_can_compute(built: Built) -> None:
    """P: of twelve spells of 10, 20, … days half are over on day 60. After k spells S = 1 - k/12 and
    V = 1/(12 - k) - 1/12: after two the lower limit is 0.4817, after ten the upper one is 0.4130.
    Q: after half a year six of twelve are back; S = 0.5, V = 1/12, s = 0.4165. After a year all of them
    are, and the limits say nothing."""
    rows = rows_of(
        built.db,
        "select * from metrics.value where level = 'school_type' and period = '2023' and dimension = ''",
    )
    got = {(row["unit_id"], row["metric"]): (row["value"], row["lower"], row["upper"]) for row in rows}
    assert got["PRO", "episode_length"] == (60, 20, 100)
    assert got["VSO", "reentry_182"] == pytest.approx((0.5, 0.263931, 0.791518), abs=1e-5)
    assert got["VSO", "reentry"] == (1, None, None)
