"""A BSN becomes a keyed pseudonym; nothing that identifies passes through."""

import datetime as dt
import hashlib
import hmac

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.nl import bsn as stdnum_bsn

from zorgdata.pseudonym import Pseudonymiser, replace_identity
from zorgdata.pseudonym.keyed import normal_bsn

MASTER = bytes(range(32))


def hkdf(master: bytes, info: bytes) -> bytes:
    """RFC 5869 with an empty salt, one block: the second opinion on the derived keys."""
    extracted = hmac.new(b"\0" * 32, master, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def test_the_pseudonym_is_the_hmac_that_the_docs_promise() -> None:
    key = hkdf(MASTER, b"zorgdata/v1/child")
    expected = hmac.new(key, b"bsn\0" + b"626018158", hashlib.sha256).digest()[:16].hex()
    made = Pseudonymiser(MASTER).children(pa.array(["626018158"])).to_pylist()
    assert made == [expected]


def test_another_key_gives_another_pseudonym_and_label() -> None:
    one, two = Pseudonymiser(MASTER), Pseudonymiser(bytes(32))
    number = pa.array(["626018158"])
    assert one.children(number) != two.children(number)
    assert one.label != two.label
    assert one.label == Pseudonymiser(MASTER).label


def test_equal_texts_of_different_purposes_have_different_pseudonyms() -> None:
    p = Pseudonymiser(MASTER)
    text = pa.array(["626018158"])
    assert len({p.children(text)[0].as_py(), p.persons(text)[0].as_py(), p.workers(text)[0].as_py()}) == 3


@pytest.mark.parametrize(
    ("given_number", "expected"),
    [
        ("626018158", "626018158"),
        (" 626018158 ", "626018158"),
        ("12345672", "012345672"),
        ("626018159", None),
        ("000000000", None),
        ("999999999", None),
        ("62601815", None),
        ("1234567", None),
        ("6260.18.158", None),
        ("٦26018158", None),
        ("", None),
    ],
)
def test_what_counts_as_a_bsn(given_number: str, expected: str | None) -> None:
    assert normal_bsn(given_number) == expected


@given(st.integers(0, 999_999_999))
def test_nine_digits_are_judged_as_stdnum_does(number: int) -> None:
    digits = f"{number:09d}"
    valid = stdnum_bsn.is_valid(digits) and digits not in {"000000000", "999999999"}
    assert (normal_bsn(digits) is not None) == valid


def records(**columns: list[object]) -> pa.Table:
    types = {"birth_date": pa.date32(), "line_first": pa.int64()}
    return pa.table({name: pa.array(v, types.get(name, pa.string())) for name, v in columns.items()})


def test_nothing_identifying_is_left() -> None:
    table = records(
        line_first=[2],
        bsn=["626018158"],
        birth_date=[dt.date(2012, 3, 17)],
        postcode=["9999ZZ"],
        last_name=["Voorbeeld"],
        initials=["A"],
        pupil_number=["12"],
        professional_id=["P1"],
        sex=["f"],
    )
    done = replace_identity(table, Pseudonymiser(MASTER), needs_child=True)
    assert set(done.records.column_names) == {
        "line_first",
        "sex",
        "child_id",
        "birth_month",
        "pc4",
        "worker_id",
    }
    row = done.records.to_pylist()[0]
    assert row["birth_month"] == dt.date(2012, 3, 1)
    assert row["pc4"] == "9999"
    assert len(row["child_id"]) == 32


def test_a_wrong_number_is_refused_even_when_the_child_is_described() -> None:
    table = records(
        bsn=["626018159", None, "999999999", None],
        birth_date=[dt.date(2012, 3, 17)] * 3 + [None],
        sex=["f"] * 4,
        postcode=["9999ZZ"] * 4,
    )
    done = replace_identity(table, Pseudonymiser(MASTER), needs_child=True)
    assert done.bad_number.to_pylist() == [True, False, False, False]
    assert done.nobody.to_pylist() == [False, False, False, True]
    assert done.records["child_id"][1] == done.records["child_id"][2]


def test_children_without_a_number_are_told_apart_by_name_and_birth_date() -> None:
    table = records(
        birth_date=[dt.date(2012, 3, 17), dt.date(2012, 3, 17), dt.date(2012, 3, 18), dt.date(2012, 3, 17)],
        sex=["f"] * 4,
        postcode=["9999ZZ"] * 4,
        last_name=["Één", "twee", "een", "  EEN "],
    )
    one, two, three, four = replace_identity(table, Pseudonymiser(MASTER), needs_child=True).records[
        "child_id"
    ]
    assert one == four
    assert len({one.as_py(), two.as_py(), three.as_py()}) == 3


def test_twins_without_a_number_are_two_children() -> None:
    """Full initials or the first one alone make no difference."""
    table = records(
        birth_date=[dt.date(2012, 3, 17)] * 3,
        sex=["f"] * 3,
        postcode=["9999ZZ"] * 3,
        last_name=["Voorbeeld"] * 3,
        initials=["A.B.", "C.", "a"],
    )
    one, two, again = replace_identity(table, Pseudonymiser(MASTER), needs_child=True).records["child_id"]
    assert one == again != two
