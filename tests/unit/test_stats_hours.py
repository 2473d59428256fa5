"""Volume to hours: the worked examples and the code lists."""

from datetime import date

import pytest

from zorgdata.stats import hours_per_day

Y2024 = (date(2024, 1, 1), date(2024, 12, 31))


def test_two_hours_a_week_through_2024() -> None:
    assert hours_per_day(120, "01", "2", *Y2024) * 366 == pytest.approx(104.571, abs=5e-4)


def test_four_hours_a_month_through_2024() -> None:
    assert hours_per_day(4, "04", "4", *Y2024) * 366 == pytest.approx(48.099, abs=5e-4)


def test_two_half_days_a_week_and_ten_hours_in_total() -> None:
    may = (date(2024, 5, 1), date(2024, 5, 31))
    total = 153 * hours_per_day(2, "16", "2") + 31 * hours_per_day(10, "04", "6", *may)
    assert total == pytest.approx(184.857, abs=5e-4)


@pytest.mark.parametrize(
    ("unit", "frequency", "expected"),
    [
        ("01", "1", 6 / 60),
        ("04", "1", 6.0),
        ("16", "1", 24.0),
        ("04", "2", 6 / 7),
        ("04", "3", 6 / 28),
        ("04", "4", 6 * 12 / 365.25),
        ("04", "6", 6 / 366),
    ],
)
def test_every_unit_and_frequency(unit: str, frequency: str, expected: float) -> None:
    assert hours_per_day(6, unit, frequency, *Y2024) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("unit", ["14", "82", "83", "84", "99", "", None])
def test_what_is_not_time_has_no_hours(unit: str | None) -> None:
    assert hours_per_day(6, unit, "2", *Y2024) is None


@pytest.mark.parametrize("frequency", ["5", "7", "", None])
def test_an_unknown_frequency_has_no_hours(frequency: str | None) -> None:
    assert hours_per_day(6, "04", frequency, *Y2024) is None


def test_a_total_needs_both_ends_in_order() -> None:
    start, end = Y2024
    assert hours_per_day(6, "04", "6", start, None) is None
    assert hours_per_day(6, "04", "6", None, end) is None
    assert hours_per_day(6, "04", "6", end, start) is None
    assert hours_per_day(6, "04", "6", start, start) == 6.0


def test_a_volume_of_zero_is_zero_hours_and_a_missing_one_none() -> None:
    assert hours_per_day(0, "04", "2") == 0.0
    assert hours_per_day(None, "04", "2") is None
    assert hours_per_day(-1, "04", "2") is None
    assert hours_per_day(float("nan"), "04", "2") is None


def test_codes_that_lost_or_gained_zeros_still_mean_the_same() -> None:
    assert hours_per_day(7, "4", "02") == hours_per_day(7, 4, 2) == hours_per_day(7, "04", "2") == 1.0
