"""Values written in any accepted form come back; nothing a cell may hold makes a parser fall over."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from zorgdata.sources import codes, dates, numbers
from zorgdata.sources.convert import Style, convert, texts_of
from zorgdata.sources.kinds import KINDS, Type

days = st.dates(dt.date(1901, 1, 2), dt.date(2099, 12, 31))
forms = st.sampled_from(["%Y-%m-%d", "%d-%m-%Y", "%Y%m%d", "%Y-%m-%d 00:00:00", "%Y-%m-%dT00:00:00"])


@given(st.lists(st.tuples(days, forms), min_size=1))
def test_a_date_in_any_form_comes_back(written: list[tuple[dt.date, str]]) -> None:
    texts = pa.array([day.strftime(form) for day, form in written])
    for read in (dates.dates, dates.end_dates, dates.birth_dates):
        assert read(texts).values.to_pylist() == [day for day, _ in written]


@given(st.integers(1, 9999), st.integers(0, 20), st.integers(0, 40))
def test_no_impossible_date_gets_through(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    try:
        expected = dt.date(year, month, day)
    except ValueError:
        expected = None
    if expected is not None and not 1900 <= year < 2100:
        expected = None
    typed = dates.dates(pa.array([text]))
    assert typed.values.to_pylist() == [expected]
    assert (typed.reasons is None) == (expected is not None)


def grouped(number: Decimal, thousands: str, mark: str) -> str:
    whole, _, fraction = f"{number:f}".partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    parts = f"{int(whole):,}".replace(",", thousands)
    return sign + parts + (mark + fraction if fraction else "")


numbers_ = st.decimals(-(10**9), 10**9, places=2, allow_nan=False, allow_infinity=False)


@given(
    st.lists(st.tuples(numbers_, st.sampled_from([("", ","), ("", "."), (".", ","), (",", ".")])), min_size=1)
)
def test_a_number_in_any_form_comes_back(written: list[tuple[Decimal, tuple[str, str]]]) -> None:
    texts = pa.array([grouped(number, *form) for number, form in written])
    assert numbers.decimals(texts).values.to_pylist() == [float(number) for number, _ in written]
    assert numbers.cents(texts, euros=True).values.to_pylist() == [int(number * 100) for number, _ in written]


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1), st.sampled_from(["", ".", ","]))
def test_a_whole_number_in_any_form_comes_back(written: list[int], thousands: str) -> None:
    texts = pa.array([f"{number:,}".replace(",", thousands) for number in written])
    assert numbers.integers(texts).values.to_pylist() == written
    assert numbers.cents(texts).values.to_pylist() == written


@given(st.integers(0, 9999))
def test_a_code_comes_back_however_many_zeros_it_lost(number: int) -> None:
    code = f"{number:04}"
    for text in (code, str(number), f"{number}.0", "0" + code):
        assert codes.parse_code(text, 4).value == code


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=12), st.from_regex(r"[0-9./,\- :T]{1,12}")), min_size=1)
)
def test_no_text_makes_a_column_fail(texts: list[str | None]) -> None:
    array = texts_of(pa.array(texts, pa.string()))
    for kind in KINDS.values():
        for column in kind.columns:
            if column.type is not Type.SCHOOL_PART:
                typed = convert(column, array, Style())
                assert len(typed.values) == len(texts)


@given(st.text(max_size=20))
def test_no_text_makes_a_school_fail(text: str) -> None:
    found = codes.join_school(text)
    assert (found.value is None) == (found.reason is not None)
