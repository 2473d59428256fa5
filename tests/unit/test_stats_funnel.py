"""Funnel limits and overdispersion: identities, published values and a slow second implementation."""

import math

import numpy as np
import pytest

from zorgdata.stats import (
    FunnelFlag,
    Overdispersion,
    funnel_flags,
    funnel_limits,
    overdispersion,
    ratio_flags,
    ratio_funnel_limits,
    wilson,
    z_scores,
)

THETA = 0.80642448  # the common proportion of PHE's published funnel table


@pytest.mark.parametrize(
    ("n", "level", "lower", "upper"),
    [
        (1, 0.95, 0.03204264, 1.0),
        (5, 0.95, 0.46011039, 1.0),
        (9, 0.95, 0.5482972, 1.0),
        (2, 0.998, 0.0, 1.0),
        (9, 0.998, 0.39944085, 1.0),
    ],
)
def test_proportion_limits_equal_phe(n: int, level: float, lower: float, upper: float) -> None:
    got = funnel_limits(THETA, [n], level)
    assert (got.lower[0], got.upper[0]) == pytest.approx((lower, upper), abs=5e-8)
    assert got.value[0] == THETA


def test_limits_are_the_inverse_of_wilson() -> None:
    theta, n = 0.3, 200
    upper = funnel_limits(theta, [n]).upper[0]
    assert wilson(upper * n, n).lower == pytest.approx(theta, abs=1e-12)


def test_limits_without_pupils_are_undefined() -> None:
    got = funnel_limits(0.3, [0, 10])
    assert np.isnan(got.lower[0])
    assert not np.isnan(got.lower[1])


def test_adjusted_limits_are_wider_and_stay_within_the_scale() -> None:
    n = np.array([50.0, 500, 5000])
    plain, adjusted = funnel_limits(0.4, n), funnel_limits(0.4, n, tau2=0.02)
    assert (adjusted.lower < plain.lower - 0.1).all()
    assert (adjusted.upper > plain.upper + 0.1).all()
    assert (funnel_limits(0.4, n, 0.998, tau2=5.0).lower == 0).all()
    assert (funnel_limits(0.4, n, 0.998, tau2=5.0).upper == 1).all()


@pytest.mark.parametrize(("theta", "tau2"), [(1.5, 0.0), (-0.1, 0.0), (0.5, -0.1)])
def test_impossible_centres_and_spreads_are_refused(theta: float, tau2: float) -> None:
    with pytest.raises(ValueError, match="theta"):
        funnel_limits(theta, [10], tau2=tau2)
    with pytest.raises(ValueError, match="tau2"):
        ratio_funnel_limits([10.0], tau2=-0.1)


def test_adjusted_limit_by_hand() -> None:
    half = 1.959963984540054 * math.sqrt(1 / 400 + 0.01)
    expected = math.sin(math.asin(math.sqrt(0.4)) - half) ** 2
    assert funnel_limits(0.4, [100], tau2=0.01).lower[0] == pytest.approx(expected, abs=1e-14)


def test_ratio_limits_are_exact_poisson_around_one() -> None:
    got = ratio_funnel_limits([10.0, 0.0])
    assert (got.lower[0] * 10, got.upper[0] * 10) == pytest.approx((4.7954, 18.3904), abs=5e-5)
    assert np.isnan(got.upper[1])
    assert ratio_funnel_limits([1e9], tau2=0.01).upper[0] == pytest.approx((1 + 0.1959963985) ** 2, rel=1e-6)


def test_flags_are_strict_and_look_at_the_wider_limits_first() -> None:
    flags = funnel_flags([10, 32, 40, 50, 60, 0], [100, 100, 100, 100, 100, 0], theta=0.4)
    assert flags == (
        FunnelFlag.LOW_001,
        FunnelFlag.WITHIN,
        FunnelFlag.WITHIN,
        FunnelFlag.HIGH_025,
        FunnelFlag.HIGH_001,
        None,
    )
    edge = funnel_limits(0.5, [1_000_000]).upper[0]
    assert funnel_flags([edge * 1_000_000], [1_000_000], theta=0.5) == (FunnelFlag.WITHIN,)


def test_flags_take_the_common_proportion_by_default() -> None:
    assert funnel_flags([5, 5, 90], [100, 100, 100]) == (
        FunnelFlag.LOW_001,
        FunnelFlag.LOW_001,
        FunnelFlag.HIGH_001,
    )
    assert funnel_flags([0, 0], [0, 0]) == (None, None)


def test_ratio_flags_ask_whether_the_interval_leaves_out_one() -> None:
    # The second is one of PHE's published rows: 151 observed, 106.44 expected, high at 0.1 %.
    assert ratio_flags([8, 151, 0, 3, 14, 5], [6.24, 106.4429719, 10, 10, 7, 0]) == (
        FunnelFlag.WITHIN,
        FunnelFlag.HIGH_001,
        FunnelFlag.LOW_001,
        FunnelFlag.LOW_025,
        FunnelFlag.HIGH_025,
        None,
    )


def _slow_overdispersion(
    x: list[int], n: list[int], method: str, trim: float
) -> tuple[float, float, int]:  # loops and the definitions only
    common = math.asin(math.sqrt(sum(x) / sum(n)))
    s = [1 / (2 * math.sqrt(m)) for m in n]
    z = [(math.asin(math.sqrt(a / b)) - common) / c for a, b, c in zip(x, n, s, strict=True)]
    ordered = sorted(z)

    def type_7(q: float) -> float:
        h = (len(ordered) - 1) * q
        low = math.floor(h)
        return ordered[low] + (h - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])

    if method == "winsorise":
        z = [min(max(v, type_7(trim)), type_7(1 - trim)) for v in z]
    else:
        groups = round(1 / trim)
        rank = {v: i + 1 for i, v in enumerate(ordered)}
        keep = [0 < math.floor(rank[v] * groups / (len(z) + 1)) < groups - 1 for v in z]
        z = [v for v, k in zip(z, keep, strict=True) if k]
        s = [v for v, k in zip(s, keep, strict=True) if k]
    count = len(z)
    phi = sum(v * v for v in z) / count
    w = [1 / v**2 for v in s]
    tau2 = max(0.0, (count * phi - (count - 1)) / (sum(w) - sum(v * v for v in w) / sum(w)))
    return phi, tau2, count


@pytest.mark.parametrize("method", ["winsorise", "truncate"])
def test_overdispersion_equals_the_definition_written_out(method) -> None:
    rng = np.random.default_rng(7)
    n = [int(v) for v in rng.integers(20, 400, 60)]
    x = [int(rng.binomial(m, p)) for m, p in zip(n, rng.beta(4, 6, 60), strict=True)]
    got = overdispersion(x, n, method)
    phi, tau2, units = _slow_overdispersion(x, n, method, 0.1)
    assert (got.phi, got.tau2, got.units) == pytest.approx((phi, tau2, units), rel=1e-12)
    assert got.phi > 1
    assert got.tau2 > 0


def test_chance_alone_leaves_phi_near_one_and_no_spread() -> None:
    n = np.full(4000, 200)
    got = overdispersion(np.random.default_rng(1).binomial(200, 0.4, 4000), n, trim=0.0)
    assert got.phi == pytest.approx(1, abs=0.07)
    assert got.tau2 < 1e-4


def test_known_spread_is_found_again() -> None:
    rng = np.random.default_rng(2)
    n = np.full(3000, 300)
    p = np.sin(np.arcsin(np.sqrt(0.4)) + rng.normal(0, 0.1, 3000)) ** 2
    assert overdispersion(rng.binomial(n, p), n, trim=0.0).tau2 == pytest.approx(0.01, rel=0.1)


def test_ratios_are_judged_on_the_square_root_scale() -> None:
    z, s = z_scores([16, 9, 4], [9, 9, 9], "ratio")
    assert z == pytest.approx([2.0, 0.0, -2.0])
    assert s == pytest.approx([1 / 6] * 3)
    log_z, log_s = z_scores([18, 9], [9, 9], "log_ratio")
    assert log_z == pytest.approx([3 * math.log(2), 0.0])
    assert log_s == pytest.approx([1 / 3] * 2)


def test_overdispersion_needs_two_units() -> None:
    assert overdispersion([1], [10]) == Overdispersion(None, None, 1)
    assert overdispersion([1, 0], [10, 0]).units == 1
    with pytest.raises(ValueError, match="observed event"):
        overdispersion([0, 3, 4], [2, 3, 4], trim=0.0, kind="log_ratio")


@pytest.mark.parametrize(("method", "trim"), [("wrong", 0.1), ("winsorise", 0.5), ("winsorise", -0.1)])
def test_unknown_method_and_trim_are_refused(method, trim) -> None:
    with pytest.raises(ValueError, match=r"method|trim"):
        overdispersion([1, 2], [3, 4], method, trim)
