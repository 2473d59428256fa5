"""Effect estimates against published results, hand calculation and simulation."""

import numpy as np
import pytest
from scipy.stats import truncnorm

from zorgdata.stats import (
    Interval,
    Panel,
    RegressionToMean,
    difference_in_differences,
    group_time_att,
    regression_to_mean,
    second_opinion,
    variance_components,
)

YEARS = [2003, 2004, 2005, 2006, 2007]
# Mean log teen employment of the counties of Callaway & Sant'Anna's example, per year of the first
# minimum-wage rise (None = never), with the number of counties: all that an unconditional estimate uses.
COHORTS = {
    None: (309, [5.65463, 5.592, 5.604808, 5.638896, 5.661133]),
    2004: (20, [6.179697, 6.106564, 6.059452, 6.026704, 6.085388]),
    2006: (40, [6.573994, 6.517884, 6.527941, 6.557435, 6.543041]),
    2007: (131, [5.842906, 5.810783, 5.820866, 5.823866, 5.820048]),
}
PUBLISHED_CELLS = {
    (2004, 2004): -0.0105,
    (2004, 2005): -0.0704,
    (2004, 2006): -0.1373,
    (2004, 2007): -0.1008,
    (2006, 2004): 0.0065,
    (2006, 2005): -0.0028,
    (2006, 2006): -0.0046,
    (2006, 2007): -0.0412,
    (2007, 2004): 0.0305,
    (2007, 2005): -0.0027,
    (2007, 2006): -0.0311,
    (2007, 2007): -0.0261,
}


def _counties() -> Panel:
    rows = [
        (f"{cohort}-{i}", year, mean, cohort)
        for cohort, (size, means) in COHORTS.items()
        for i in range(size)
        for year, mean in zip(YEARS, means, strict=True)
    ]
    return Panel(*map(list, zip(*rows, strict=True)))


@pytest.fixture(scope="module")
def published():
    return group_time_att(_counties(), "never", replications=20, permutations=20)


def test_group_time_effects_equal_the_published_ones(published) -> None:
    got = {(cell.cohort, cell.period): cell.estimate.value for cell in published.cells}
    assert got == pytest.approx(PUBLISHED_CELLS, abs=6e-5)
    assert {(c.cohort, c.n_treated, c.n_control) for c in published.cells} == {
        (2004, 20, 309),
        (2006, 40, 309),
        (2007, 131, 309),
    }
    assert all(cell.after == (cell.period >= cell.cohort) for cell in published.cells)


def test_averages_equal_the_published_ones(published) -> None:
    assert published.simple.value == pytest.approx(-0.0400, abs=6e-5)
    assert published.cohort_average.value == pytest.approx(-0.0310, abs=6e-5)
    by_cohort = {g: estimate.value for g, estimate in published.by_cohort.items()}
    assert by_cohort == pytest.approx({2004: -0.0797, 2006: -0.0229, 2007: -0.0261}, abs=6e-5)
    events = {event.since: event.estimate.value for event in published.event_study}
    assert events == pytest.approx(
        {-3: 0.0305, -2: -0.0006, -1: -0.0245, 0: -0.0199, 1: -0.0510, 2: -0.1373, 3: -0.1008}, abs=6e-5
    )


def test_other_estimators_on_the_same_panel_equal_the_published_ones() -> None:
    got = second_opinion(_counties())
    assert got.imputation == pytest.approx(-0.0477, abs=6e-5)
    assert got.two_way == pytest.approx(-0.0365, abs=6e-5)


def _panel(y: np.ndarray, cohort: list[float | None], first: int = 1, weight=None) -> Panel:
    units, periods = y.shape
    rows = [(u, first + t, y[u, t], cohort[u]) for u in range(units) for t in range(periods)]
    weights = None if weight is None else np.repeat(weight, periods)
    return Panel(*map(list, zip(*rows, strict=True)), weights)


def test_not_yet_treated_schools_serve_as_control_until_they_start() -> None:
    y = np.array([[1.0, 3, 9], [1, 2, 6], [1, 2, 3]])
    got = group_time_att(_panel(y, [2, 3, None]), permutations=50)
    cells = {(cell.cohort, cell.period): (cell.estimate.value, cell.n_control) for cell in got.cells}
    assert cells == {(2, 2): (1.0, 2), (2, 3): (6.0, 1), (3, 2): (0.0, 1), (3, 3): (3.0, 1)}
    never = group_time_att(_panel(y, [2, 3, None]), "never", permutations=50)
    assert {cell.n_control for cell in never.cells} == {1}


def test_without_never_treated_schools_the_last_cohort_has_no_control() -> None:
    y = np.array([[1.0, 3, 9], [1, 2, 6]])
    got = group_time_att(_panel(y, [2, 3]), permutations=50)
    assert {(cell.cohort, cell.period) for cell in got.cells} == {(2, 2)}
    with pytest.raises(ValueError, match="no effect can be estimated"):
        group_time_att(_panel(y, [2, 3]), "never")


def test_weights_make_schools_count_by_their_pupils() -> None:
    y = np.array([[0.0, 10], [0, 20], [0, 1], [0, 1]])
    got = group_time_att(_panel(y, [2, 2, None, None], weight=[3, 1, 5, 5]), permutations=10)
    assert got.simple.value == pytest.approx((3 * 10 + 20) / 4 - 1)


def test_interval_is_that_of_a_difference_of_means() -> None:
    rng = np.random.default_rng(4)
    y = np.column_stack([np.zeros(80), rng.normal(0, 1, 80) + np.repeat([1.0, 0.0], 40)])
    got = group_time_att(_panel(y, [2] * 40 + [None] * 40), replications=4000, permutations=20)
    change = y[:, 1]
    error = np.sqrt(change[:40].var() / 40 + change[40:].var() / 40)
    assert got.testable
    assert got.note == ""
    assert (got.simple.upper - got.simple.value) / 1.96 == pytest.approx(error, rel=0.05)
    assert got.simple.value == pytest.approx(change[:40].mean() - change[40:].mean())


def test_the_interval_weighs_schools_as_the_estimate_does() -> None:
    rng = np.random.default_rng(12)
    change, weight = rng.normal(0, 1, 120), rng.uniform(0.2, 5, 120)
    y = np.column_stack([np.zeros(120), change])
    got = group_time_att(_panel(y, [2] * 60 + [None] * 60, weight=weight), replications=4000, permutations=2)

    def squared_error(part: slice) -> float:
        mean = np.average(change[part], weights=weight[part])
        return np.sum((weight[part] * (change[part] - mean)) ** 2) / weight[part].sum() ** 2

    error = np.sqrt(squared_error(slice(0, 60)) + squared_error(slice(60, 120)))
    assert (got.simple.upper - got.simple.value) / 1.96 == pytest.approx(error, rel=0.05)


def test_few_schools_get_an_estimate_and_a_rank_but_no_interval() -> None:
    y = np.array([[0.0, 9], [0, 8], [0, 0], [0, 1], [0, 0.5], [0, 0.2]])
    got = group_time_att(_panel(y, [2, 2, None, None, None, None]))
    assert not got.testable
    assert got.note == "te weinig scholen voor een toets"
    assert got.simple.lower is None
    assert got.simple.value == pytest.approx(8.5 - 1.7 / 4)
    assert (got.rank.rank, got.rank.assignments, got.rank.exact) == (1, 15, True)
    assert got.rank.share == pytest.approx(1 / 15)


@pytest.mark.parametrize(
    ("treated", "control", "testable"), [(5, 15, True), (4, 30, False), (8, 11, False), (5, 14, False)]
)
def test_it_takes_twenty_schools_and_five_treated_ones(treated: int, control: int, testable: bool) -> None:
    y = np.column_stack([np.zeros(treated + control), np.arange(treated + control)])
    got = group_time_att(_panel(y, [2] * treated + [None] * control), replications=200, permutations=2)
    assert got.testable is testable
    assert (got.simple.lower is not None) is testable
    assert bool(got.note) is not testable


def test_the_rank_of_nothing_special_is_in_the_middle() -> None:
    y = np.column_stack([np.zeros(9), np.arange(9.0)])
    got = group_time_att(_panel(y, [None] * 4 + [2] + [None] * 4))
    assert got.simple.value == 0
    assert (got.rank.rank, got.rank.share, got.rank.exact) == (9, 1.0, True)


def test_many_assignments_are_drawn_with_a_fixed_seed() -> None:
    rng = np.random.default_rng(6)
    y = rng.normal(size=(30, 4))
    panel = _panel(y, [3.0] * 8 + [None] * 22)
    first, again = group_time_att(panel, permutations=99), group_time_att(panel, permutations=99)
    assert first == again
    assert not first.rank.exact
    assert first.rank.assignments == 100
    assert 1 / 100 <= first.rank.share <= 1


def test_two_cohorts_are_drawn_with_their_sizes() -> None:
    y = np.array([[0.0, 5, 9], [0, 1, 6], [0, 0, 1], [0, 1, 0]])
    got = group_time_att(_panel(y, [2, 3, None, None]))
    assert (got.rank.assignments, got.rank.exact) == (12, True)


def test_the_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(8)
    panel = _panel(rng.normal(size=(25, 3)), [2.0] * 6 + [3.0] * 4 + [None] * 15)
    order = rng.permutation(75)
    shuffled = Panel(
        *(
            np.array(column, dtype=object)[order]
            for column in (panel.unit, panel.period, panel.value, panel.cohort)
        )
    )
    assert group_time_att(shuffled, permutations=30) == group_time_att(panel, permutations=30)


def test_schools_that_cannot_be_used_are_left_out_and_counted() -> None:
    y = np.array([[1.0, 2], [1, 4], [1, np.nan], [7, 9]])
    got = group_time_att(_panel(y, [None, 2, None, 1]))
    assert (got.left_out_incomplete, got.left_out_always) == (1, 1)
    assert (got.n_treated, got.n_control) == (1, 1)
    assert got.simple.value == 2


def test_a_start_after_the_last_period_counts_as_untreated() -> None:
    y = np.array([[1.0, 2], [1, 4], [1, 3]])
    got = group_time_att(_panel(y, [None, 2, 9]), "never")
    assert (got.n_treated, got.n_control) == (1, 2)


def test_zero_and_missing_mean_never_treated() -> None:
    y = np.array([[1.0, 2], [1, 4], [1, 3]])
    with_none = group_time_att(_panel(y, [None, 2, None]))
    assert group_time_att(_panel(y, [0, 2, float("nan")])) == with_none


@pytest.mark.parametrize(
    ("panel", "match"),
    [
        (Panel(["a", "a"], [1, 1], [1, 2], [None, None]), "two values"),
        (Panel(["a", "a"], [1, 2], [1, 2], [None, 2]), "cohort must be the same"),
        (Panel(["a", "a"], [1, 2], [1, 2], [2, 2], [1, 2]), "weight must be the same"),
        (Panel(["a", "a"], [1, 2], [1, 2], [2, 2], [0, 0]), "positive weights"),
        (Panel(["a"], [1, 2], [1, 2], [2, 2]), "one length"),
        (Panel([], [], [], []), "needs rows"),
    ],
)
def test_a_broken_panel_is_refused(panel: Panel, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        group_time_att(panel)


def test_second_opinion_without_treated_schools_is_undefined() -> None:
    got = second_opinion(_panel(np.ones((3, 3)), [None] * 3))
    assert (got.imputation, got.two_way) == (None, None)


def test_imputation_leaves_out_periods_without_untreated_schools() -> None:
    y = np.array([[1.0, 2, 8], [1, 5, 9]])
    got = second_opinion(_panel(y, [3, 2]))
    assert got.imputation == pytest.approx(3.0)  # only 2 of school 2 in period 2: 5 − (1 + 1)


def test_difference_in_differences_by_hand() -> None:
    got = difference_in_differences([10, 20], [8, 14], [10, 30, 20], [11, 29, 20])
    assert got.value == pytest.approx(-4.0)
    assert got.lower < got.value < got.upper
    assert got == difference_in_differences([20, 10], [14, 8], [30, 20, 10], [29, 20, 11])


def test_difference_in_differences_without_comparison_is_undefined() -> None:
    assert difference_in_differences([1, 2], [3, 4], [], []) == Interval(None, None, None)
    assert difference_in_differences([1], [3], [1, 1], [1, 1]) == Interval(2.0, None, None)
    nan = float("nan")
    assert difference_in_differences([1, nan], [3, 9], [1, 1], [1, 1]).value == 2.0


@pytest.mark.parametrize("m", [1, 2, 5])
@pytest.mark.parametrize("side", ["above", "below"])
def test_regression_to_the_mean_equals_the_truncated_normal(m: int, side) -> None:
    mean, between, within, cutoff = 50.0, 8.0, 6.0, 58.0
    total = np.sqrt(between**2 + within**2 / m)
    z = (cutoff - mean) / total
    chosen = truncnorm(z, np.inf, mean, total) if side == "above" else truncnorm(-np.inf, z, mean, total)
    got = regression_to_mean(mean, between, within, cutoff, m, side=side)
    # The chosen schools' true mean is what the share of real variance leaves of their distance.
    later = mean + between**2 / total**2 * (chosen.mean() - mean)
    assert got.expected_baseline == pytest.approx(chosen.mean(), rel=1e-8)
    assert got.expected_follow_up == pytest.approx(later, rel=1e-8)
    assert got.value == pytest.approx(abs(chosen.mean() - later), rel=1e-8)


def test_a_longer_baseline_shrinks_the_drop_and_two_years_nearly_halve_it() -> None:
    one, two = (regression_to_mean(50, 10, 4, 60, m).value for m in (1, 2))
    assert 0.5 < two / one < 0.6


def test_regression_to_the_mean_at_its_ends() -> None:
    assert regression_to_mean(50, 10, 0, 60).value == 0
    assert regression_to_mean(50, 0, 0, 60) == RegressionToMean(0.0, 50, 50, 0.0)
    assert regression_to_mean(50, 0, 0, 40).selected == 1.0
    assert regression_to_mean(50, 0, 0, 40, side="below").selected == 0.0
    far = regression_to_mean(0, 1, 1, 60)
    assert far.value == pytest.approx(30, rel=1e-3)
    assert regression_to_mean(50, 10, 4, 50).selected == pytest.approx(0.5)
    with pytest.raises(ValueError, match="negative"):
        regression_to_mean(50, -1, 4, 50)
    with pytest.raises(ValueError, match="side"):
        regression_to_mean(50, 1, 4, 50, side="left")  # type: ignore[arg-type]


def test_regression_to_the_mean_is_what_a_simulation_shows() -> None:
    rng = np.random.default_rng(9)
    true = rng.normal(30, 5, 400_000)
    first, second = true + rng.normal(0, 4, true.size), true + rng.normal(0, 4, true.size)
    chosen = first > 36
    parts = variance_components(first, second)
    assert (parts.sd_between, parts.sd_within) == pytest.approx((5, 4), rel=0.01)
    expected = regression_to_mean(parts.mean, parts.sd_between, parts.sd_within, 36)
    assert first[chosen].mean() - second[chosen].mean() == pytest.approx(expected.value, rel=0.02)
    assert expected.selected == pytest.approx(chosen.mean(), rel=0.02)


def test_variance_components_need_schools_with_both_years() -> None:
    nan = float("nan")
    got = variance_components([1, 2, 3, nan], [1, 2, 3, 9])
    assert (got.sd_within, got.schools, got.mean) == (0.0, 3, 2.0)
    assert variance_components([1, 2, 3], [3, 2, 1]).sd_between == 0.0
    with pytest.raises(ValueError, match="three schools"):
        variance_components([1, 2], [1, 2])
