"""Estimates on tables: against the plain functions of ``zorgdata.stats`` and independent libraries."""

import math
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from lifelines import KaplanMeierFitter
from scipy import stats as scipy_stats

from tests.support.warehouse import models
from zorgdata.estimates import functions
from zorgdata.estimates.intervals import RATES, means, rates
from zorgdata.estimates.spread import schools
from zorgdata.estimates.survival import figures
from zorgdata.stats import byar, cluster_bootstrap, shrink_binomial

RNG = np.random.default_rng(7)
PLACE = {"level": "region", "unit_id": "region", "period": "2024", "reference_date": None, "dimension": ""}


def by(rows: pa.Table, *names: str) -> dict[Any, dict[str, Any]]:
    return {tuple(row[name] for name in names): row for row in rows.to_pylist()}


def test_every_function_that_a_model_names_is_there() -> None:
    named = {model.header.function for model in models()} - {""}
    assert named == set(functions())


@pytest.mark.parametrize("n", [7.0, 40.0, 1234.5])
def test_byar_in_sql_is_that_of_the_statistics(n: float) -> None:
    with duckdb.connect() as db:
        for macro in models().macros:
            db.execute(macro.sql)
        events = [*range(12), 30, 250]
        got = db.execute(
            f"select byar_lower(x, {n}), byar_upper(x, {n}) from (select unnest({events}) as x) order by x"
        ).fetchall()
        assert db.execute("select byar_lower(3, 0), byar_upper(3, null)").fetchone() == (None, None)
    expected = byar(np.array(events, dtype=float), np.full(len(events), n))
    np.testing.assert_allclose([low for low, _ in got], expected.lower, rtol=1e-12)
    np.testing.assert_allclose([high for _, high in got], expected.upper, rtol=1e-12)


def test_means_have_the_interval_of_student() -> None:
    values = RNG.random(40)
    few = values[:9]
    rows = [
        {
            **PLACE,
            "dimension_value": "",
            "metric": name,
            "n": len(x),
            "total": float(x.sum()),
            "squares": float((x * x).sum()),
        }
        for name, x in (("many", values), ("few", few), ("equal", np.full(12, 0.25)))
    ]
    got = by(means(pa.Table.from_pylist(rows)), "metric")
    low, high = scipy_stats.t.interval(0.95, 39, values.mean(), scipy_stats.sem(values))
    assert (got["many",]["lower"], got["many",]["upper"]) == pytest.approx((low, high), abs=1e-10)
    assert got["few",]["lower"] is None
    assert got["equal",]["lower"] == pytest.approx(0.25)


def children(n: int, level: str) -> pa.Table:
    """``n`` children of one unit with random care, in two sets of units."""
    names = sorted({name for _, added, divisor, _ in RATES.values() for name in (*added, divisor)})
    rows: list[dict[str, Any]] = []
    for key in (1, 2):
        nothing = dict.fromkeys(names, 0.0)
        rows.append({"kind": "unit", "unit_set_key": key, "level": level, "unit_id": "u", **nothing})
    for i in range(n):
        drawn = {name: float(RNG.poisson(2)) for name in names}
        drawn |= {"children": 1.0, "care_days": float(RNG.integers(1, 366)), "worker_days": 5.0}
        rows.append({"kind": "care", "period": "2024", "unit_set_key": 1 + i % 2, **drawn})
    return pa.Table.from_pylist(
        rows,
        schema=pa.schema(
            [
                ("kind", pa.string()),
                ("period", pa.string()),
                ("unit_set_key", pa.int64()),
                ("level", pa.string()),
                ("unit_id", pa.string()),
                *((name, pa.float64()) for name in names),
            ]
        ),
    )


def test_rates_resample_children() -> None:
    """As the plain bootstrap finds, within the noise of 2,000 draws."""
    rows = children(60, "school_type")
    got = by(rates(rows), "metric")
    kids = rows.filter(pa.compute.equal(rows["kind"], "care")).to_pydict()
    switches = np.array(kids["replacements_g0"]) + np.array(kids["additions_g0"])
    plain = cluster_bootstrap(switches, np.array(kids["care_days"]), factor=365.25)
    row = got["switches_per_careyear_g0",]
    assert plain.value is not None
    assert plain.lower is not None
    assert plain.upper is not None
    width = plain.upper - plain.lower
    assert row["lower"] == pytest.approx(plain.lower, abs=0.06 * width)
    assert row["upper"] == pytest.approx(plain.upper, abs=0.06 * width)
    assert row["lower"] < plain.value < row["upper"]


def test_rates_of_schools_are_linearised() -> None:
    rows = children(30, "school")
    kids = rows.filter(pa.compute.equal(rows["kind"], "care")).to_pydict()
    plain = cluster_bootstrap(
        np.array(kids["steps_up"]), np.array(kids["care_days"]), factor=365.25, linear_above=1
    )
    row = by(rates(rows), "metric")["step_up_rate",]
    assert (row["lower"], row["upper"]) == pytest.approx((plain.lower, plain.upper), rel=1e-10)


def test_rates_do_not_depend_on_the_order_of_rows() -> None:
    rows = children(25, "swv")
    shuffled = rows.take(pa.array(RNG.permutation(rows.num_rows)))
    assert rates(rows).to_pylist() == rates(shuffled).to_pylist()


def test_a_single_child_has_no_interval() -> None:
    assert rates(children(1, "swv")).num_rows == 0


def spells(subject: str, entry: Any, leave: Any, event: Any) -> pa.Table:
    return pa.table(
        {
            "subject": [subject] * len(leave),
            "level": ["region"] * len(leave),
            "unit_id": ["region"] * len(leave),
            "period": ["2024"] * len(leave),
            "dimension": [""] * len(leave),
            "dimension_value": [""] * len(leave),
            "child_key": list(range(len(leave))),
            "entry_days": entry,
            "exit_days": leave,
            "is_event": event,
        }
    )


def test_return_to_care_is_that_of_lifelines() -> None:
    leave = RNG.integers(1, 500, size=80)
    event = RNG.integers(0, 2, size=80)
    got = by(figures(spells("reentry", np.zeros(80, dtype=int), leave, event)), "metric")
    fitter = KaplanMeierFitter().fit(leave, event)
    for metric, days in (("reentry", 365), ("reentry_182", 182)):
        assert got[metric,]["value"] == pytest.approx(1 - float(fitter.predict(days)), abs=1e-8)
        limits = fitter.confidence_interval_.loc[:days].iloc[-1]
        assert got[metric,]["upper"] == pytest.approx(1 - limits.iloc[0], abs=1e-8)
        assert got[metric,]["lower"] == pytest.approx(1 - limits.iloc[1], abs=1e-8)
        assert got[metric,]["numerator"] == int(event[leave <= days].sum())


def test_length_of_care_is_that_of_lifelines() -> None:
    entry = RNG.integers(0, 60, size=200) * RNG.integers(0, 2, size=200)
    leave = entry + RNG.integers(1, 400, size=200)
    event = (RNG.random(200) < 0.7).astype(int)
    got = by(figures(spells("episode_length", entry, leave, event)), "metric", "dimension_value")
    row = got["episode_length", ""]
    fitter = KaplanMeierFitter().fit(leave, event, entry=entry)
    assert row["value"] == fitter.median_survival_time_
    assert row["lower"] <= row["value"] <= row["upper"]
    for code, days in (("m03", 91), ("m06", 182), ("m12", 365)):
        point = got["episode_running", code]
        assert point["value"] == pytest.approx(float(fitter.predict(days)), abs=1e-8)
        limits = fitter.confidence_interval_.loc[:days].iloc[-1]
        assert (point["lower"], point["upper"]) == pytest.approx(tuple(limits), abs=1e-8)
        assert point["numerator"] == sum(a <= days < b for a, b in zip(entry, leave, strict=True))
    assert got["episode_running", ""]["value"] == got["episode_running", "m12"]["value"]
    assert got["episode_running", "m18"]["value"] is None  # all are over or out of sight by then


def test_too_few_spells_give_no_figure() -> None:
    rows = figures(spells("episode_length", [0] * 9, list(range(1, 10)), [1] * 9)).to_pylist()
    assert {(row["value"], row["n_children"]) for row in rows} == {(None, 9)}


@pytest.mark.parametrize(("late_ends", "third"), [(9, None), (10, 0.4)])
def test_a_point_of_the_curve_stands_for_ten_children(late_ends: int, third: float | None) -> None:
    """Twenty stop in the first months, nine or ten between half a year and a year, the rest goes on."""
    leave = [30] * 20 + [200] * late_ends + [2000] * (50 - 20 - late_ends)
    event = [1] * (20 + late_ends) + [0] * (30 - late_ends)
    rows = figures(spells("episode_length", [0] * 50, leave, event))
    got = by(rows.filter(pa.compute.equal(rows["dimension"], "since_start")), "dimension_value")
    assert got["m03",]["value"] == pytest.approx(0.6)
    assert got["m06",]["value"] is None  # nobody stopped since the point before
    assert (got["m12",]["value"] is None) == (third is None)
    assert third is None or got["m12",]["value"] == pytest.approx(third)


def test_two_spells_of_one_child_are_one_child_at_a_point() -> None:
    table = spells("episode_length", [0] * 50, [30] * 10 + [2000] * 40, [1] * 10 + [0] * 40)
    at = table.schema.get_field_index("child_key")
    children = table["child_key"].to_pylist()
    twice = table.set_column(at, "child_key", pa.array([children[0], children[0], *children[2:]]))
    for rows, known in ((figures(table), True), (figures(twice), False)):
        assert (by(rows, "metric", "dimension_value")["episode_running", "m03"]["value"] is not None) is known


def test_schools_against_their_common_share() -> None:
    x, n = np.array([2.0, 30, 9, 0]), np.array([40.0, 50, 90, 20])
    rows = pa.table(
        {
            "metric": ["care_share"] * 4,
            "period": ["2024-2025"] * 4,
            "reference_date": pa.array([None] * 4, pa.date32()),
            "unit_id": list("abcd"),
            "numerator": x,
            "denominator": n,
        }
    )
    got = by(schools(rows), "unit_id")
    assert got["a",]["common"] == pytest.approx(41 / 200)
    assert [got[name,]["shrunk"] for name in "abcd"] == pytest.approx(list(shrink_binomial(x, n)))
    assert got["b",]["phi"] > 1
    plain = 41 / 200 - 1.959963985 * math.sqrt(41 / 200 * (1 - 41 / 200) / 90)
    assert got["c",]["lower_95"] < plain  # the spread beyond chance widens the limits
