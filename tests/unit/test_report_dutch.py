"""Dates, periods and lists in Dutch notation."""

from datetime import date

import pytest

from zorgdata.report import dutch


def test_dates_are_written_out() -> None:
    assert dutch.day(date(2024, 10, 1)) == "1 oktober 2024"
    assert dutch.day_short(date(2024, 10, 1)) == "1 okt. 2024"
    assert dutch.day_short(date(2024, 3, 31)) == "31 mrt. 2024"
    assert dutch.day_short(date(2024, 5, 5)) == "5 mei 2024"


@pytest.mark.parametrize(
    ("period", "text"),
    [
        ("2024-2025", "2024/'25"),
        ("1999-2000", "1999/'00"),
        ("2024", "2024"),
        ("2024-Q1", "1e kwartaal 2024"),
        ("2024-H2", "2e halfjaar 2024"),
        ("2023..2024", "2023–2024"),
        ("2024-10-01", "1 oktober 2024"),
        ("ooit", "ooit"),
    ],
)
def test_periods(period: str, text: str) -> None:
    assert dutch.period(period) == text


def test_a_school_year_is_named_so_in_a_sentence_and_a_calendar_year_is_not() -> None:
    assert dutch.period_phrase("2024-2025") == "schooljaar 2024/'25"
    assert dutch.period_phrase("2024") == "2024"


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a en b"), (["a", "b", "c"], "a, b en c")]
)
def test_enumerations(items: list[str], text: str) -> None:
    assert dutch.enumeration(items) == text


def test_small_counts_are_words() -> None:
    assert [dutch.count_word(n) for n in (0, 1, 12, 13, 1300)] == ["nul", "één", "twaalf", "13", "1.300"]
