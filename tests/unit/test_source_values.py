"""What a text in a delivery means, value by value."""

import datetime as dt

import pyarrow as pa
import pytest

from zorgdata.sources import codes, dates, numbers
from zorgdata.sources.convert import Style, convert, texts_of
from zorgdata.sources.distinct import REASONS
from zorgdata.sources.kinds import KINDS, Column, Type
from zorgdata.sources.reasons import NoteCode, Reason

SCHOOL_TYPES = KINDS["schools"].column("school_type").choices


def column(
    type_: Type, *texts: str | None, width: int = 0, style: Style | None = None, choices: tuple[str, ...] = ()
):
    """Values and reasons of a column of texts."""
    column_ = Column("kop", "naam", type_, width=width, choices=choices)
    typed = convert(column_, texts_of(pa.array(texts, pa.string())), style or Style())
    reasons = [None] * len(texts)
    if typed.reasons is not None:
        reasons = [REASONS[number - 1] if number else None for number in typed.reasons]
    return typed.values.to_pylist(), reasons, {code: mask.tolist() for code, mask in typed.notes.items()}


DAY = dt.date(2024, 2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-01",
        "01-02-2024",
        "1-2-2024",
        "2024-2-1",
        "20240201",
        "45323",
        "45323.0",
        "2024/02/01",
        "2024/2/1",
        "2024-02-01 00:00:00",
        "2024-02-01T00:00:00.000",
        "2024-02-01T00:00:00Z",
        " 2024-02-01 ",
    ],
)
def test_dates_in_every_known_form(text: str) -> None:
    values, reasons, _ = column(Type.DATE, text)
    assert (values, reasons) == ([DAY], [None])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2027-06-31", Reason.INVALID_DATE),
        ("2023-02-29", Reason.INVALID_DATE),
        ("2024-13-01", Reason.INVALID_DATE),
        ("31-02-2024", Reason.INVALID_DATE),
        ("00-02-2024", Reason.INVALID_DATE),
        ("2024/13/01", Reason.INVALID_DATE),
        ("2024/02-01", Reason.UNKNOWN_DATE_FORM),
        ("2024.02.01", Reason.UNKNOWN_DATE_FORM),
        ("01/02/2024", Reason.UNKNOWN_DATE_FORM),
        ("1 februari 2024", Reason.UNKNOWN_DATE_FORM),
        ("01-02-24", Reason.UNKNOWN_DATE_FORM),
        ("gisteren", Reason.UNKNOWN_DATE_FORM),
        ("1899-12-31", Reason.DATE_OUT_OF_RANGE),
        ("9999-12-31", Reason.DATE_OUT_OF_RANGE),
        ("0024-02-01", Reason.DATE_OUT_OF_RANGE),
    ],
)
def test_what_is_no_date_is_set_aside(text: str, reason: Reason) -> None:
    assert column(Type.DATE, "2024-01-01", text)[1] == [None, reason]


def test_slashes_are_dates_only_when_a_profile_says_which_part_is_the_day() -> None:
    assert column(Type.DATE, "03/04/2024", style=Style(date_order="dmy"))[0] == [dt.date(2024, 4, 3)]
    assert column(Type.DATE, "03/04/2024", style=Style(date_order="mdy"))[0] == [dt.date(2024, 3, 4)]
    assert column(Type.DATE, "03.04.2024", style=Style(date_order="dmy"))[0] == [dt.date(2024, 4, 3)]


def test_every_day_of_four_centuries_is_counted_right() -> None:
    days = [dt.date(1901, 1, 1) + dt.timedelta(days=i) for i in range(0, 72_600, 7)]
    leap = [dt.date(year, 2, 29) for year in range(1904, 2100, 4)]
    values, reasons, _ = column(Type.DATE, *(day.isoformat() for day in days + leap))
    assert values == days + leap
    assert not any(reasons)


@pytest.mark.parametrize(
    "text", ["", " ", "31-12-9999", "9999-12-31", "01-01-2100", "2100-01-01", "31-12-2999"]
)
def test_open_ends(text: str) -> None:
    assert column(Type.END_DATE, text, "2024-02-01")[:2] == ([None, DAY], [None, None])


def test_open_ends_written_as_a_date_are_noted() -> None:
    assert column(Type.END_DATE, "31-12-9999", "", "2024-02-01")[2] == {
        NoteCode.OPEN_END: [True, False, False]
    }


def test_an_impossible_end_date_is_no_open_end() -> None:
    assert column(Type.END_DATE, "2024-06-31", "9999-13-45")[1] == [Reason.INVALID_DATE] * 2


@pytest.mark.parametrize(
    ("text", "value", "incomplete"),
    [
        ("2010-02-14", dt.date(2010, 2, 14), False),
        ("14-02-2010", dt.date(2010, 2, 14), False),
        ("20100200", dt.date(2010, 2, 1), True),
        ("00-02-2010", dt.date(2010, 2, 1), True),
        ("2010-00-00", None, True),
        ("20100000", None, True),
        ("000000000", None, True),
        ("0000-00-00", None, True),
        ("1900-01-01", None, True),
        ("01-01-2010", dt.date(2010, 1, 1), False),
    ],
)
def test_birth_dates_with_unknown_parts(text: str, value: dt.date | None, incomplete: bool) -> None:
    values, reasons, notes = column(Type.BIRTH_DATE, text)
    assert (values, reasons) == ([value], [None])
    assert notes == ({NoteCode.BIRTH_DATE_INCOMPLETE: [True]} if incomplete else {})


def test_a_birth_date_that_never_was_is_set_aside() -> None:
    assert column(Type.BIRTH_DATE, "2010-02-30", "2010-13-00")[1] == [Reason.INVALID_DATE] * 2


def test_times() -> None:
    values, reasons, _ = column(
        Type.TIME,
        "09:30:00",
        "9:30",
        "09:30:00.123",
        "1899-12-31 09:30:00",
        "23:59:59",
        "24:00:00",
        "half tien",
        None,
    )
    assert values[:5] == [
        dt.time(9, 30), dt.time(9, 30), dt.time(9, 30, 0, 123_000), dt.time(9, 30), dt.time(23, 59, 59)
    ]  # fmt: skip
    assert reasons == [None] * 5 + [Reason.INVALID_TIME] * 2 + [None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1234,5", 1234.5),
        ("1234.5", 1234.5),
        ("0,125", 0.125),
        ("-3,5", -3.5),
        ("1.234.567", 1234567.0),
        ("1.234.567,89", 1234567.89),
        (",5", 0.5),
        ("7", 7.0),
        ("1 234,5", 1234.5),
        ("1'234,5", 1234.5),
        ("€ 12,50", 12.5),
        ("0.125", 0.125),
        ("12345678.25", 12345678.25),
    ],
)
def test_numbers_with_comma_or_point(text: str, value: float) -> None:
    assert column(Type.DECIMAL, text) == ([value], [None], {})


@pytest.mark.parametrize(
    "text", ["veel", "1,2,3", "1.23.4", "12-3", "1e5", "3:15", "1.2345,6.7", "--1", ".", "<5"]
)
def test_what_is_no_number_is_set_aside(text: str) -> None:
    assert column(Type.DECIMAL, "1", text)[1] == [None, Reason.INVALID_NUMBER]


def test_a_lone_point_before_three_digits_depends_on_the_file() -> None:
    assert column(Type.DECIMAL, "1.234") == ([1.234], [None], {NoteCode.THOUSANDS_AMBIGUOUS: [True]})
    assert column(Type.DECIMAL, "1.234", style=Style(comma=True)) == ([1234.0], [None], {})
    assert column(Type.DECIMAL, "1.234", style=Style(comma=False)) == ([1.234], [None], {})
    assert column(Type.DECIMAL, "1,234", style=Style(comma=False)) == ([1234.0], [None], {})


def test_integers() -> None:
    values, reasons, notes = column(Type.INTEGER, "12", "12,0", "1.024", "-3", "<5", "12,5", "twaalf", None)
    assert values == [12, 12, 1024, -3, None, None, None, None]
    assert reasons == [None] * 5 + [Reason.INVALID_NUMBER] * 2 + [None]
    assert notes == {NoteCode.SUPPRESSED_VALUE: [False] * 4 + [True] + [False] * 3}


def test_cents_with_decimals_are_suspected_of_being_euros() -> None:
    values, reasons, _ = column(Type.CENTS, "52800", "52.800", "-52800", "528,00", "5280.0", "veel")
    assert values[:3] == [52_800, 52_800, -52_800]
    assert reasons == [None] * 3 + [Reason.CENTS_WITH_DECIMALS] * 2 + [Reason.INVALID_NUMBER]


def test_euros_become_cents_without_rounding() -> None:
    euros = Style(euros=True, comma=True)
    values, reasons, _ = column(Type.CENTS, "528", "528,1", "1.234,56", "0,29", "12,345", style=euros)
    assert values[:4] == [52_800, 52_810, 123_456, 29]
    assert reasons == [None] * 4 + [Reason.INVALID_NUMBER]


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        ("0363", "0363", None),
        ("363", "0363", NoteCode.ZEROS_RESTORED),
        ("363.0", "0363", NoteCode.ZEROS_RESTORED),
        ("9901.0", "9901", NoteCode.DECIMALS_REMOVED),
        ("00363", "0363", NoteCode.ZEROS_REMOVED),
        ("9901 - Voorbeeldstad", "9901", NoteCode.LABEL_REMOVED),
        ("9901;Voorbeeldstad", "9901", NoteCode.LABEL_REMOVED),
    ],
)
def test_codes_get_their_zeros_back(text: str, value: str, note: NoteCode | None) -> None:
    values, reasons, notes = column(Type.CODE, text, width=4)
    assert (values, reasons) == ([value], [None])
    assert list(notes) == ([note] if note else [])


@pytest.mark.parametrize("text", ["12345", "LH0003", "12-34-56", "٣٦٣", "1²34", "stad"])
def test_what_is_no_code_is_set_aside(text: str) -> None:
    assert column(Type.CODE, text, width=4)[1] == [Reason.INVALID_CODE]


@pytest.mark.parametrize(
    ("texts", "sex"),
    [
        (("1", "01", "M", "m", "man", "Mannelijk", "jongen"), "m"),
        (("2", "V", "v", "F", "vrouw", "Vrouwelijk", "MEISJE"), "f"),
        (("9", "X", "x"), "x"),
        (("0", "O", "o", "onbekend", ""), None),
    ],
)
def test_sex_in_every_coding(texts: tuple[str, ...], sex: str | None) -> None:
    values, reasons, _ = column(Type.SEX, *texts)
    assert values == [sex] * len(texts)
    assert not any(reasons)


def test_an_unknown_sign_for_sex_is_set_aside() -> None:
    assert column(Type.SEX, "3", "q")[1] == [Reason.INVALID_SEX] * 2


def test_flags() -> None:
    values, reasons, _ = column(Type.FLAG, "j", "Ja", "TRUE", "1", "n", "nee", "false", "0", "misschien", "2")
    assert values[:8] == [True] * 4 + [False] * 4
    assert reasons[8:] == [Reason.INVALID_FLAG] * 2


@pytest.mark.parametrize(
    ("text", "school_type"),
    [
        ("BO", "BO"),
        ("bao", "BO"),
        ("Basisonderwijs", "BO"),
        ("sbo", "SBO"),
        ("speciaal basisonderwijs", "SBO"),
        ("(V)SO", "SO/VSO"),
        ("SO/VSO", "SO/VSO"),
        ("SO + VSO", "SO/VSO"),
        ("vso", "VSO"),
        ("PRO", "PRO"),
        ("Praktijkonderwijs", "PRO"),
        ("VBO/MAVO/HAVO/VWO", "VO"),
        ("VBO/MAVO/PRO", "VO"),
        ("BRUGJAAR", "VO"),
        ("HAVO", "VO"),
        ("mbo", "MBO"),
    ],
)
def test_school_types(text: str, school_type: str) -> None:
    assert column(Type.CHOICE, text, choices=SCHOOL_TYPES)[:2] == ([school_type], [None])


def test_practical_education_is_a_token_not_a_syllable() -> None:
    assert codes.parse_school_type("PROVINCIAAL", SCHOOL_TYPES).reason is Reason.UNKNOWN_CHOICE
    assert codes.parse_school_type("VBO/MAVO/PRO", SCHOOL_TYPES).note is NoteCode.MIXED_PRACTICAL_SCHOOL


@pytest.mark.parametrize(
    ("brin", "branch", "school"),
    [
        ("99ZA", "04", "99ZA04"),
        ("99ZA", "4", "99ZA04"),
        ("99za", "0", "99ZA00"),
        ("99ZA", "99ZA04", "99ZA04"),
        ("99ZA04", "", "99ZA04"),
        ("99ZA04", "04", "99ZA04"),
        ("99ZA04", "4", "99ZA04"),
        ("99ZA", "4.0", "99ZA04"),
    ],
)
def test_brin_and_branch_make_one_school(brin: str, branch: str, school: str) -> None:
    assert codes.join_school(f"{brin}\t{branch}").value == school


@pytest.mark.parametrize(
    ("brin", "branch", "reason"),
    [
        ("99ZA", "", Reason.REQUIRED_MISSING),
        ("", "04", Reason.INVALID_SCHOOL),
        ("ZA99", "04", Reason.INVALID_SCHOOL),
        ("99ZA", "104", Reason.INVALID_SCHOOL),
        ("99ZA", "99ZB04", Reason.INVALID_SCHOOL),
        ("99ZA04", "05", Reason.INVALID_SCHOOL),
        ("99ZA", "VH", Reason.INVALID_SCHOOL),
    ],
)
def test_what_makes_no_school_is_set_aside(brin: str, branch: str, reason: Reason) -> None:
    assert codes.join_school(f"{brin}\t{branch}").reason is reason


def test_bsn_stays_text_and_gets_its_zero_back() -> None:
    values, reasons, notes = column(
        Type.BSN, "123456782", "12345678", "1234.56.782", "123456782.0", "abc", None
    )
    assert values == ["123456782", "012345678", "123456782", "123456782", "abc", None]
    assert not any(reasons)
    assert notes == {NoteCode.ZEROS_RESTORED: [False, True, False, False, False, False]}


def test_numbers_of_things_lose_the_decimals_of_a_float() -> None:
    values, _, notes = column(Type.TEXT, "1000.0", "1000", "1.0a", "v2.0", None, "1010009_OUD")
    assert values == ["1000", "1000", "1.0a", "v2.0", None, "1010009_OUD"]
    assert notes == {NoteCode.DECIMALS_REMOVED: [True] + [False] * 5}


def test_postcodes() -> None:
    values, reasons, notes = column(Type.POSTCODE, "1234AB", "1234 ab", "1234", "0123AB", "48599", "B-2000")
    assert values == ["1234AB", "1234AB", "1234", None, None, None]
    assert not any(reasons)
    assert notes == {NoteCode.POSTCODE_UNREADABLE: [False, False, False, True, True, True]}


def test_a_cell_of_three_megabytes_is_set_aside() -> None:
    for type_ in (Type.TEXT, Type.DATE, Type.CODE, Type.BSN):
        assert column(type_, "x" * 3_000_000, width=4)[1] == [Reason.VALUE_TOO_LONG]


@pytest.mark.parametrize("type_", list(Type))
def test_a_column_without_texts_is_null(type_: Type) -> None:
    if type_ is Type.SCHOOL_PART:
        return
    assert column(type_, None, "", " ")[:2] == ([None] * 3, [None] * 3)


@pytest.mark.parametrize("type_", [t for t in Type if t is not Type.SCHOOL_PART])
def test_dictionary_encoded_columns_mean_the_same(type_: Type) -> None:
    texts = pa.array(["2024-02-01", None, "1", "m", "1", " ", "99ZA00", "1234AB", "31-12-9999", "j", "1.234"])
    one = Column("kop", "naam", type_, width=2, choices=("m",))
    plain = convert(one, texts_of(texts), Style())
    encoded = convert(one, texts_of(texts.dictionary_encode()), Style())
    assert plain.values.to_pylist() == encoded.values.cast(plain.values.type).to_pylist()
    assert (plain.reasons is None) == (encoded.reasons is None)
    if plain.reasons is not None and encoded.reasons is not None:
        assert plain.reasons.tolist() == encoded.reasons.tolist()
    assert {k: v.tolist() for k, v in plain.notes.items()} == {
        k: v.tolist() for k, v in encoded.notes.items()
    }


def test_explanations_never_hold_a_value() -> None:
    for reason in Reason:
        text = reason.explain("bsn")
        assert text.endswith(".")
        assert "{" not in text
    for code in NoteCode:
        assert "{" not in code.explain("bsn", 3)


def test_parsers_keep_the_sign_of_zero_out_of_dates() -> None:
    assert dates.parse_end_date("0000-00-00").note is NoteCode.OPEN_END
    assert numbers.parse_integer("-0").value == 0
