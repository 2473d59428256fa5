"""Empirical Bayes estimates against the published formulas written out unit by unit."""

import numpy as np
import pytest

from zorgdata.stats import shrink_binomial, shrink_poisson

X = [21, 22, 47, 3, 8, 25, 31, 26, 12, 5, 73, 0]
N = [49, 76, 166, 14, 24, 81, 92, 57, 45, 17, 263, 1]


def _parts() -> tuple[float, float, float]:
    b = sum(X) / sum(N)
    s2 = sum(n * (x / n - b) ** 2 for x, n in zip(X, N, strict=True)) / sum(N)
    return b, s2, sum(N) / len(N)


def test_binomial_estimate_is_martuzzi_and_elliott() -> None:
    b, s2, mean = _parts()
    c = b * (1 - b)
    expected = []
    for x, n in zip(X, N, strict=True):
        rho = (n * s2 - n / mean * c) / ((n - 1) * s2 + (mean - n) / mean * c)
        expected.append(min(max(rho, 0), 1) * x / n + (1 - min(max(rho, 0), 1)) * b)
    np.testing.assert_allclose(shrink_binomial(X, N), expected, atol=1e-12)


def test_poisson_estimate_is_marshall() -> None:
    x, n = [1, 9, 3, 30, 2], [100.0, 150, 300, 400, 50]
    b = sum(x) / sum(n)
    a = sum(m * (k / m - b) ** 2 for k, m in zip(x, n, strict=True)) / sum(n) - b / (sum(n) / 5)
    assert a > 0
    expected = [b + a * (k / m - b) / (a + b / m) for k, m in zip(x, n, strict=True)]
    np.testing.assert_allclose(shrink_poisson(x, n), expected, atol=1e-15)


@pytest.mark.parametrize("shrink", [shrink_poisson, shrink_binomial])
def test_less_variation_than_chance_gives_everyone_the_common_rate(shrink) -> None:
    # Unclipped weights would be negative here and push each unit past the mean.
    np.testing.assert_allclose(shrink([10, 11, 20], [100, 100, 200]), [0.1025] * 3)


@pytest.mark.parametrize("shrink", [shrink_poisson, shrink_binomial])
def test_small_units_are_pulled_further(shrink) -> None:
    got = shrink([4, 40, 10, 90], [5, 50, 100, 900])
    assert abs(got[0] - 0.8) > abs(got[1] - 0.8) > 0


@pytest.mark.parametrize("shrink", [shrink_poisson, shrink_binomial])
def test_units_without_denominator_stay_undefined_and_do_not_count(shrink) -> None:
    with_hole = shrink([4, 0, 40, 10], [5, 0, 50, 100])
    without = shrink([4, 40, 10], [5, 50, 100])
    assert np.isnan(with_hole[1])
    np.testing.assert_array_equal(np.delete(with_hole, 1), without)
    assert np.isnan(shrink([0], [0])).all()


def test_full_contrast_is_not_shrunk() -> None:
    np.testing.assert_allclose(shrink_binomial([0, 100], [100, 100]), [0, 1])
