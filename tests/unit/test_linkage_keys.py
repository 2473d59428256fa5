"""Codes for matching: what they see as equal or near, and that they give nothing away."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zorgdata.linkage.keys import KEY_SCHEMA, linkage_keys
from zorgdata.linkage.names import near_keys, sound_key, surname_key
from zorgdata.pseudonym import Pseudonymiser

PSEUDONYMS = Pseudonymiser(bytes(range(32)))


def keys(pseudonyms: Pseudonymiser = PSEUDONYMS, **columns: list[object]) -> list[dict[str, object]]:
    types = {"birth_date": pa.date32(), "birth_date_exact": pa.bool_()}
    table = pa.table({name: pa.array(v, types.get(name, pa.string())) for name, v in columns.items()})
    made = linkage_keys(table, pseudonyms)
    assert made.schema == KEY_SCHEMA
    rows: list[dict[str, object]] = made.to_pylist()
    return rows


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("de Vries", "Vries, de"),
        ("VAN DEN BERG", "van den Berg"),
        ("Yıldız", "Yildiz"),
        ("Özdemir", "Ozdemir"),
        ("'t Hart", "Hart"),
        ("El Amrani", "Amrani"),
        ("Smit-Bakker", "Smit Bakker"),
        ("Groß", "Gross"),
    ],
)
def test_spellings_of_one_surname_are_equal(one: str, other: str) -> None:
    assert surname_key(one) == surname_key(other)


@pytest.mark.parametrize(("name", "key"), [("De Op", "deop"), ("-", None), ("", None), ("O'Brien", "obrien")])
def test_surnames_of_prefixes_or_signs(name: str, key: str | None) -> None:
    assert surname_key(name) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jansen", "janssen"),
        ("meijer", "meyer"),
        ("meijer", "meier"),
        ("visser", "fisser"),
        ("kuiper", "cuyper"),
        ("smit", "schmidt"),
        ("hermans", "hermens"),
    ],
)
def test_names_that_sound_alike(one: str, other: str) -> None:
    assert sound_key(one) == sound_key(other)


@pytest.mark.parametrize(("one", "other"), [("bakker", "dekker"), ("smit", "smulders"), ("berg", "burger")])
def test_names_that_sound_different(one: str, other: str) -> None:
    assert sound_key(one) != sound_key(other)


@given(st.text("abcdefgh", min_size=2, max_size=12), st.data())
def test_one_typing_error_is_near(text: str, data: st.DataObject) -> None:
    """Another letter, one more, one less, or two swapped: the sets share a text."""
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("abcdefgh"))
    swapped = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    for typed in (text[:at] + letter + text[at + 1 :], text[:at] + letter + text[at:], swapped):
        assert set(near_keys(text)) & set(near_keys(typed))
    if len(text) > 2:
        assert set(near_keys(text)) & set(near_keys(text[:at] + text[at + 1 :]))


def test_two_letters_apart_is_not_near() -> None:
    assert not set(near_keys("jansen")) & set(near_keys("hanses"))


def test_typing_errors_in_a_birth_date_leave_something_equal() -> None:
    right, swapped, day, month, year = keys(
        birth_date=[
            dt.date(2012, 3, 4),
            dt.date(2012, 4, 3),
            dt.date(2012, 3, 5),
            dt.date(2012, 5, 4),
            dt.date(2011, 3, 4),
        ]
    )
    assert right["birth_date"] == swapped["birth_swapped"]
    assert right["birth_swapped"] == swapped["birth_date"]
    assert right["birth_ym"] == day["birth_ym"]
    assert right["birth_yd"] == month["birth_yd"]
    assert right["birth_md"] == year["birth_md"]
    assert len({row["birth_date"] for row in (right, swapped, day, month, year)}) == 5


def test_a_day_over_twelve_cannot_be_swapped_with_the_month() -> None:
    (row,) = keys(birth_date=[dt.date(2012, 3, 14)])
    assert row["birth_swapped"] is None


def test_a_date_of_which_the_day_is_unknown_has_month_and_year_only() -> None:
    (row, exact) = keys(birth_date=[dt.date(2012, 3, 1)] * 2, birth_date_exact=[False, True])
    assert row["birth_ym"] == exact["birth_ym"]
    assert [row[name] for name in ("birth_date", "birth_swapped", "birth_yd", "birth_md")] == [None] * 4


def test_postcode_in_parts() -> None:
    one, street, other = keys(postcode=["9901 ab", "9901AC", "9912AB"])
    assert one["pc4"] == street["pc4"] != other["pc4"]
    assert one["pc6"] != street["pc6"]
    assert set(one["pc6_near"]) & set(street["pc6_near"])  # type: ignore[call-overload]
    assert not set(street["pc6_near"]) & set(other["pc6_near"])  # type: ignore[call-overload]


def test_what_is_not_there_says_nothing() -> None:
    (row,) = keys(sex=["x"], initials=[None], last_name=["-"], bsn=["626018159"])
    assert row == {name: False if name == "is_bsn" else None for name in KEY_SCHEMA.names}


@pytest.mark.parametrize(("bsn", "valid"), [("626018158", True), (None, False), ("000000000", False)])
def test_a_valid_bsn_needs_no_matching(bsn: str | None, valid: bool) -> None:
    assert keys(bsn=[bsn])[0]["is_bsn"] is valid


def test_nothing_of_what_went_in_comes_out() -> None:
    table = {
        "bsn": ["626018158"],
        "birth_date": [dt.date(2012, 3, 4)],
        "sex": ["m"],
        "postcode": ["9901AB"],
        "last_name": ["Jansen"],
        "initials": ["J."],
    }
    shown = str(keys(**table))
    for value in ("626018158", "2012", "9901", "Jansen", "jansen", "'J'", "'m'"):
        assert value not in shown


def test_another_key_gives_other_codes_and_attributes_do_not_compare() -> None:
    (one,) = keys(last_name=["m"], sex=["m"])
    (two,) = keys(Pseudonymiser(bytes(32)), last_name=["m"], sex=["m"])
    assert one["name"] != two["name"]
    assert len({one["name"], one["sex"], one["name_sound"]}) == 3


def test_codes_are_64_bits_of_the_keyed_hash() -> None:
    """Computed once more from the standard library."""
    import hashlib
    import hmac

    extracted = hmac.new(b"\0" * 32, bytes(range(32)), hashlib.sha256).digest()
    key = hmac.new(extracted, b"zorgdata/v1/linkage\x01", hashlib.sha256).digest()
    expected = int.from_bytes(hmac.new(key, b"sex\0m", hashlib.sha256).digest()[:8], "big", signed=True)
    assert keys(sex=["m"])[0]["sex"] == expected
