"""Published files by others (DUO, iJw, Edexml), where they are at hand."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from zorgdata.sources import read, recognise
from zorgdata.sources.records import Chunk

SHARED = Path(__file__).parents[2].parent / "shared"
DATA = SHARED / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="published samples are not on this machine")


def chunks_of(path: Path) -> list[Chunk]:
    chunks = list(read(path).chunks())
    for chunk in chunks:
        assert chunk.read == chunk.records.num_rows + len(chunk.rejects) + chunk.blank
    return chunks


def column(chunks: list[Chunk], name: str) -> list[object]:
    return [value for chunk in chunks for value in chunk.records.column(name).to_pylist()]


def one(pattern: str) -> Path:
    (path,) = DATA.glob(pattern)
    return path


def test_primary_schools() -> None:
    path = one("duo/02_alle*.csv")
    chunks = chunks_of(path)
    with path.open(encoding="windows-1252", newline="") as file:
        expected = list(csv.DictReader(file, delimiter=";"))
    assert column(chunks, "school_id") == [row["VESTIGINGSCODE"] for row in expected]
    assert column(chunks, "name") == [row["VESTIGINGSNAAM"].strip() for row in expected]
    assert column(chunks, "municipality_code") == [row["GEMEENTENUMMER"] for row in expected]
    assert column(chunks, "postcode") == [row["POSTCODE"].replace(" ", "") for row in expected]
    assert set(column(chunks, "school_type")) == {"BO"}
    assert sum(chunk.read for chunk in chunks) == len(expected)


def test_pupils_per_branch() -> None:
    path = one("duo/06_*.csv")
    chunks = chunks_of(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        expected = list(csv.DictReader(file, delimiter=";"))
    years = range(1996, 2026)
    assert sum(chunk.read for chunk in chunks) == len(expected) * len(years)
    got = dict(
        zip(
            zip(column(chunks, "school_id"), column(chunks, "year"), strict=True),
            column(chunks, "pupils"),
            strict=True,
        )
    )
    for row in expected:
        for year in years:
            text = row[f"LEERLINGEN_{year}"]
            assert got[row["VESTIGINGSCODE"], year] == (None if text.startswith("<") else int(text))


def test_special_and_secondary_schools() -> None:
    special = chunks_of(one("duo/09_*.csv"))
    assert set(column(special, "school_type")) <= {"SBO", "SO", "VSO", "SO/VSO"}
    secondary = chunks_of(one("duo/02_vestigingen_vo*.csv"))
    assert Counter(column(secondary, "school_type"))["PRO"] == 1
    assert not any(chunk.rejects for chunk in special + secondary)


@pytest.mark.parametrize(
    ("name", "kind", "records", "reasons"),
    [
        ("JW301", "indications", 2, []),
        ("JW305", "deliveries", 2, []),
        ("JW307", "deliveries", 2, []),
        ("JW315", "referrals", 0, ["invalid_date", "invalid_date"]),
        ("JW323", "declarations", 5, []),
    ],
)
def test_messages(name: str, kind: str, records: int, reasons: list[str]) -> None:
    path = DATA / "ijw" / f"{name}.xml"
    assert (recognise(path).kind, recognise(path).profile) == (kind, "ijw_3.2")
    chunks = chunks_of(path)
    assert sum(chunk.records.num_rows for chunk in chunks) == records
    assert [reject.reason_code.value for chunk in chunks for reject in chunk.rejects] == reasons
    assert "Tom" not in repr([chunk.records.to_pylist() for chunk in chunks])


def test_pupil_lists() -> None:
    new = chunks_of(one("edexml/EDEXML.Voorbeeld.2.0.xml"))
    assert column(new, "school_id") == ["99ZZ00"] * 3
    assert [str(d) for d in column(new, "start_date")] == ["2014-08-01", "2013-08-25", "2010-08-19"]
    old = chunks_of(one("edexml/EDEXML.sample.1.0.3.xml"))
    assert len(column(old, "pupil_number")) == len(set(column(old, "pupil_number"))) == 400
    assert set(column(old, "grade")) <= {*"12345678", "S", "peuter", None}


def test_acceptance_files() -> None:
    """The hand-checkable set: one record ends before it starts, on line 12."""
    rejects = []
    for path in sorted((SHARED / "acceptance" / "tiny").glob("*.csv")):
        assert recognise(path).profile == "canonical"
        rejects += [
            (path.name, r.line_first, r.reason_code.value) for c in chunks_of(path) for r in c.rejects
        ]
    assert rejects == [("indicaties.csv", 12, "end_before_start")]
