"""What the shipped profiles make of their samples, value by value."""

from typing import Any

import pytest

from zorgdata.assets import asset
from zorgdata.errors import SourceError
from zorgdata.sources import read
from zorgdata.sources.profiles import shipped


def rows(name: str, *columns: str) -> list[tuple[Any, ...]]:
    """Columns of the records of a sample, dates as text."""
    chunks = read(asset("sample_data", *name.split("/"))).chunks()
    found = [row for chunk in chunks for row in chunk.records.select(columns).to_pylist()]
    return [tuple(str(v) if hasattr(v, "isoformat") else v for v in row.values()) for row in found]


def test_magister_has_a_row_per_registration_that_ends_with_the_study_or_the_leaving() -> None:
    found = rows("profiles/magister_99ZE00.csv", "school_id", "last_name", "sex", "start_date", "end_date")
    assert found == [
        ("99ZE00", "Béeld", "m", "2023-08-01", "2024-07-31"),
        ("99ZE00", "Béeld", "m", "2024-08-01", "2024-11-15"),
        ("99ZE00", "De", "f", "2024-08-01", None),
    ]


def test_parnassys_groups_and_branches() -> None:
    assert rows("profiles/parnassys.csv", "school_id", "pupil_number", "grade", "end_date") == [
        ("99ZA00", "17", "3", None),
        ("99ZA00", "18", "4", "2024-07-31"),
    ]


def test_an_education_number_is_no_bsn_and_the_pupil_still_counts() -> None:
    assert rows("profiles/parnassys_pgn.csv", "bsn", "pupil_number", "start_date") == [
        ("999940004", "19", "2021-08-01"),
        (None, "20", "2020-08-01"),
        (None, "20", "2024-08-01"),
    ]


def test_ggm_allocations_have_codes_for_their_enumerations() -> None:
    columns = ("allocation_number", "unit", "frequency", "change_reason", "delivery_form", "law")
    assert rows("profiles/ggm_toewijzing.csv", *columns) == [
        ("1000", "01", "2", "04", "zin", "jeugdwet"),
        ("1010009_OUD", "04", "3", None, "pgb", "jeugdwet"),
        ("1010010", None, None, None, None, "wmo"),
    ]


def test_ggm_declarations_are_in_euros() -> None:
    assert rows("profiles/ggm_declaratieregel.csv", "reference_number", "amount_cents") == [
        ("R1", 123_450),
        ("R2", 5_280),
    ]


def test_reports_of_municipalities() -> None:
    columns = ("product_category", "start_date", "end_date", "volume", "unit", "frequency", "referrer")
    assert rows("profiles/gemeente_rapport.csv", *columns) == [
        ("45", "2024-01-01", None, 2.5, "04", "2", "02"),
        ("50", "2024-02-01", None, 90.0, "01", "3", "01"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Leerlingnummer;Voornaam;Tussenvoegsel;Achternaam;Locatie;Klas",
        "Voornaam;Achternaam;Groep",
        "Roepnaam;Tussenvoegsel;Achternaam;Geboortedatum;Klasnaam;Leerjaar",
    ],
    ids=["Magister, Dutch headers", "ParnasSys, groups", "Social Schools"],
)
def test_class_lists_without_enrolment_dates_are_refused_with_what_is_missing(
    tmp_path: Any, header: str
) -> None:
    path = tmp_path / "leerlingen.csv"
    path.write_text(header + "\n" + ";" * header.count(";") + "\n", encoding="utf-8")
    with pytest.raises(SourceError, match="ontbreekt") as refusal:
        read(path, kind="enrolments")
    assert "datum_inschrijving" in refusal.value.message + refusal.value.hint


def test_every_shipped_profile_has_a_sample() -> None:
    manifest = asset("sample_data", "manifest.toml").read_text(encoding="utf-8")
    for profile in shipped():
        assert f'profile = "{profile.name}"' in manifest, profile.name
