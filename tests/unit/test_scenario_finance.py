"""Present value and the volume-price split against the worked examples."""

import pytest

from zorgdata.scenario import (
    STANDARD_RATE,
    benefit_cost_ratio,
    present_value,
    volume_price_mix,
    volume_price_split,
)
from zorgdata.scenario.finance import discount_factors


def test_net_present_value_of_the_worked_example() -> None:
    assert STANDARD_RATE == 0.0225
    assert round(present_value([-1000, 400, 400, 400]), 2) == 147.96


def test_present_value_of_nothing_and_without_interest() -> None:
    assert present_value([]) == 0
    assert present_value([1, 2, 3], 0.0) == 6
    assert discount_factors(0.25, 3) == pytest.approx((1, 0.8, 0.64))
    with pytest.raises(ValueError, match="fraction"):
        present_value([1], -1)


def test_a_steady_flow_equals_the_annuity_formula() -> None:
    rate, years = 0.0225, 10
    assert present_value([0] + [100] * years, rate) == pytest.approx(100 * (1 - (1 + rate) ** -years) / rate)


def test_benefit_cost_ratio() -> None:
    assert benefit_cost_ratio(190, 100) == 1.9
    assert benefit_cost_ratio(5, 0) is None


def test_volume_and_price_of_the_worked_example() -> None:
    got = volume_price_split(100, 1000, 120, 1320)
    assert (got.volume, got.price, got.mix, got.total) == pytest.approx((210, 110, 0, 320))


@pytest.mark.parametrize(
    ("before", "after", "volume", "price"),
    [((100, 1000), (100, 1500), 0, 500), ((100, 1000), (150, 1500), 500, 0), ((0, 0), (10, 500), 500, 0)],
)
def test_a_change_of_one_kind_is_all_of_that_kind(before, after, volume, price) -> None:
    got = volume_price_split(*before, *after)
    assert (got.volume, got.price) == pytest.approx((volume, price))


def test_a_form_that_stops_is_all_volume() -> None:
    got = volume_price_split(10, 500, 0, 0)
    assert (got.volume, got.price) == (-500, 0)
    assert volume_price_split(0, 0, 0, 0).total == 0


def test_a_shift_to_dearer_forms_is_mix_and_not_price() -> None:
    # 100 client-years stay 100; 10 of them move from a form of 10 to one of 100 euros.
    got = volume_price_mix({"light": (90, 900, 80, 800), "heavy": (10, 1000, 20, 2000)})
    assert (got.volume, got.price, got.mix, got.total) == pytest.approx((0, 0, 900, 900))


def test_with_one_form_there_is_no_mix() -> None:
    one = volume_price_mix({"all": (100, 1000, 120, 1320)})
    assert (one.volume, one.price, one.mix) == pytest.approx((210, 110, 0))


@pytest.mark.parametrize("broken", [(0, 5, 1, 1), (1, 1, 0, 5), (-1, 1, 1, 1)])
def test_cost_without_volume_is_refused(broken) -> None:
    with pytest.raises(ValueError, match="cost without volume"):
        volume_price_split(*broken)
