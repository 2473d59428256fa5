"""Identities and order relations that hold for any input."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from zorgdata.stats import (
    Panel,
    byar,
    cluster_bootstrap,
    continuity,
    funnel_limits,
    group_time_att,
    indirect_ratio,
    jeffreys,
    kaplan_meier,
    overdispersion,
    ratio_funnel_limits,
    regression_to_mean,
    shrink_binomial,
    shrink_poisson,
    wilson,
)

LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.998])
PROVIDERS = st.lists(st.sampled_from("ABCDE"), min_size=2, max_size=30)
COUNTS = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
UNITS = st.lists(COUNTS, min_size=2, max_size=30)
CASES = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 40), st.booleans()), min_size=1, max_size=40)


@given(PROVIDERS)
def test_coc_is_the_unbiased_herfindahl(sequence) -> None:
    got, n = continuity(sequence), len(sequence)
    assert got.coc == pytest.approx((n * got.hhi - 1) / (n - 1), abs=1e-12)


@given(PROVIDERS, st.randoms())
def test_order_moves_secon_only(sequence, random) -> None:
    shuffled = list(sequence)
    random.shuffle(shuffled)
    a, b = continuity(sequence), continuity(shuffled)
    assert (a.upc, a.coc, a.mmci, a.hhi) == (b.upc, b.coc, b.mmci, b.hhi)
    assert continuity(sequence[::-1]).secon == a.secon


@given(PROVIDERS)
def test_continuity_stays_within_its_bounds_and_is_one_for_one_provider(sequence) -> None:
    got = continuity(sequence)
    assert all(0 <= value <= 1 for value in (got.upc, got.coc, got.secon, got.mmci, got.hhi))
    assert got.hhi <= got.upc <= math.sqrt(got.hhi) + 1e-12
    one = got.providers == 1
    assert one == (got.coc == 1) == (got.upc == 1) == (got.secon == 1) == (got.mmci == 1)
    if got.providers == got.contacts:
        assert (got.coc, got.secon, got.upc) == (0, 0, 1 / got.contacts)


@given(PROVIDERS)
def test_continuity_does_not_care_what_providers_are_called(sequence) -> None:
    assert continuity(sequence) == continuity([ord(provider) for provider in sequence])


@given(COUNTS, LEVELS)
def test_proportion_intervals_contain_the_estimate_within_zero_and_one(counts, level) -> None:
    for method in (wilson, jeffreys):
        got = method(*counts, level)
        assert 0 <= got.lower <= got.value <= got.upper <= 1


@given(COUNTS, LEVELS)
def test_wilson_mirrors_events_and_non_events(counts, level) -> None:
    x, n = counts
    got, mirrored = wilson(x, n, level), wilson(n - x, n, level)
    assert got.lower == pytest.approx(1 - mirrored.upper, abs=1e-12)


@given(st.integers(0, 5000), st.floats(0.1, 1e6), LEVELS)
def test_rate_intervals_contain_the_rate(x, n, level) -> None:
    for method in (byar, indirect_ratio):
        got = method(x, n, level)
        assert 0 <= got.lower <= got.value <= got.upper


@given(COUNTS)
def test_a_higher_level_is_wider_and_more_events_are_higher(counts) -> None:
    x, n = counts
    for method in (wilson, jeffreys, byar):
        narrow, wide = method(x, n, 0.9), method(x, n, 0.99)
        assert wide.lower <= narrow.lower <= narrow.upper <= wide.upper
        if x < n:
            more = method(x + 1, n, 0.9)
            assert more.upper >= narrow.upper
            # Byar starts at ten events where the exact limits stop: there the lower limit may step back.
            assert more.lower >= narrow.lower - (1e-3 * n if method is byar and x == 9 else 0)


@given(UNITS, LEVELS)
def test_arrays_equal_their_elements(units, level) -> None:
    x, n = (np.array(column) for column in zip(*units, strict=True))
    for method in (wilson, jeffreys, byar):
        whole = method(x, n, level)
        for i, pair in enumerate(units):
            single = method(*pair, level)
            got = (whole.value[i], whole.lower[i], whole.upper[i])
            assert got == pytest.approx((single.value, single.lower, single.upper), rel=1e-13)


@given(st.floats(0, 1), st.lists(st.integers(1, 10_000), min_size=2, max_size=20), st.floats(0, 0.2))
def test_funnels_hold_their_centre_and_narrow_with_size(theta, n, tau2) -> None:
    n = sorted(n)
    for level in (0.95, 0.998):
        got = funnel_limits(theta, n, level, tau2)
        assert (got.lower >= 0).all()
        assert (got.upper <= 1).all()
        assert (got.lower <= theta + 1e-12).all()
        assert (got.upper >= theta - 1e-12).all()
        assert (np.diff(got.upper - got.lower) <= 1e-12).all()


@given(st.lists(st.floats(0.5, 1e5), min_size=1, max_size=20), st.floats(0, 0.5))
def test_ratio_funnels_hold_one(expected, tau2) -> None:
    got = ratio_funnel_limits(expected, 0.95, tau2)
    assert (got.lower <= 1).all()
    assert (got.upper >= 1).all()
    assert (got.lower >= 0).all()


@given(UNITS, st.sampled_from(["winsorise", "truncate"]), st.sampled_from(["proportion", "ratio"]))
def test_overdispersion_is_never_negative_and_blind_to_order(units, method, kind) -> None:
    x, n = zip(*units, strict=True)
    got = overdispersion(x, n, method, kind=kind)
    if got.phi is None:
        assert got.units < 2
        return
    assert got.phi >= 0
    assert got.tau2 >= 0
    if got.phi * got.units <= got.units - 1:
        assert got.tau2 == 0
    back = overdispersion(x[::-1], n[::-1], method, kind=kind)
    assert (back.phi, back.tau2) == (pytest.approx(got.phi), pytest.approx(got.tau2, abs=1e-12))


@given(UNITS)
def test_shrinkage_stays_between_the_unit_and_the_common_rate(units) -> None:
    x, n = (np.array(column, dtype=float) for column in zip(*units, strict=True))
    common = x.sum() / n.sum()
    for shrink in (shrink_poisson, shrink_binomial):
        got = shrink(x, n)
        low, high = np.minimum(x / n, common), np.maximum(x / n, common)
        assert (got >= low - 1e-12).all()
        assert (got <= high + 1e-12).all()


@given(CASES)
def test_survival_falls_from_one_within_its_limits(cases) -> None:
    entry, length, event = zip(*cases, strict=True)
    exits = [a + b for a, b in zip(entry, length, strict=True)]
    curve = kaplan_meier(exits, event, entry)
    assert (np.diff(curve.survival) <= 0).all()
    assert (curve.survival >= 0).all()
    assert (curve.survival <= 1).all()
    alive = ~np.isnan(curve.lower)
    assert (curve.lower[alive] <= curve.survival[alive]).all()
    assert (curve.upper[alive] >= curve.survival[alive]).all()
    assert (np.diff(curve.time) > 0).all()
    assert (curve.events <= curve.at_risk).all()


@given(CASES)
def test_the_risk_set_is_counted_as_defined(cases) -> None:
    entry, length, event = (np.array(column) for column in zip(*cases, strict=True))
    exits = entry + length
    curve = kaplan_meier(exits, event, entry, min_at_risk=1)
    for t, n, d in zip(curve.time, curve.at_risk, curve.events, strict=True):
        assert n == np.sum((entry < t) & (exits >= t))
        assert d == np.sum((exits == t) & event)


@given(CASES)
def test_without_censoring_survival_is_the_share_still_there(cases) -> None:
    exits = np.array([length for _, length, _ in cases])
    curve = kaplan_meier(exits, np.ones(len(exits)))
    for t in range(41):
        assert curve.at(t) == pytest.approx(np.mean(exits > t), abs=1e-12)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 366)), min_size=5, max_size=40),
    st.floats(0.001, 1000),
)
def test_bootstrap_limits_hold_the_rate_and_scale_with_its_unit(children, factor) -> None:
    x, d = zip(*children, strict=True)
    got = cluster_bootstrap(x, d, replications=400)
    assert got.lower - 1e-12 <= got.value <= got.upper + 1e-12
    scaled = cluster_bootstrap(x, d, replications=400, factor=factor)
    assert scaled.upper == pytest.approx(got.upper * factor)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(-5, 5), st.floats(-3, 3))
def test_an_added_effect_is_found_and_common_shocks_are_not(seed, effect, shock) -> None:
    rng = np.random.default_rng(seed)
    level, year = rng.normal(size=12), np.array([0.0, shock, 2 * shock, -shock])
    cohort = [2.0] * 3 + [3.0] * 3 + [None] * 6
    started = np.array([[c is not None and t + 1 >= c for t in range(4)] for c in cohort])
    y = level[:, None] + year[None, :] + effect * started
    rows = [(u, t + 1, y[u, t], cohort[u]) for u in range(12) for t in range(4)]
    got = group_time_att(Panel(*map(list, zip(*rows, strict=True))), permutations=2)
    assert got.simple.value == pytest.approx(effect, abs=1e-9)
    for cell in got.cells:
        assert cell.estimate.value == pytest.approx(effect if cell.after else 0, abs=1e-9)


@given(
    st.floats(-100, 100),
    st.floats(0, 50),
    st.floats(0.01, 50),
    st.floats(-200, 200),
    st.integers(1, 10),
)
def test_regression_to_the_mean_is_a_part_of_the_distance(mean, between, within, cutoff, m) -> None:
    got = regression_to_mean(mean, between, within, cutoff, m)
    assume(math.isfinite(got.value))
    assert 0 <= got.value <= got.expected_baseline - mean + 1e-9
    assert 0 <= got.selected <= 1
    assert regression_to_mean(mean, between, within, cutoff, m + 1).value <= got.value + 1e-9
