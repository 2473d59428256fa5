"""Planted anomalies: every manifest line points at what it says, and the readers do with it what it says."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from stdnum.nl import bsn as eleven_test

from zorgdata.sources import read
from zorgdata.sources.records import Delivery
from zorgdata.synth import SynthSummary, generate

Entry = dict[str, Any]


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> SynthSummary:
    return generate(tmp_path_factory.mktemp("dirty"), "small", 5, True)


@pytest.fixture(scope="module")
def manifest(dirty: SynthSummary) -> list[Entry]:
    entries: list[Entry] = json.loads((dirty.truth / "manifest.json").read_text(encoding="utf-8"))
    return entries


def lines_of(path: Path) -> list[str]:
    """Physical lines, in whatever encoding the file was planted."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16").split("\n")
    return [_decode(line) for line in data.split(b"\n")]


def _decode(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("windows-1252")


def cells_of(dirty: SynthSummary, entry: Entry) -> dict[str, str]:
    lines = lines_of(dirty.inbox / entry["file"])
    row = next(csv.reader([lines[entry["line_first"] - 1]], delimiter=";"))
    return dict(zip(lines[0].split(";"), row, strict=False))


def the(manifest: list[Entry], anomaly: str) -> Entry:
    return next(entry for entry in manifest if entry["anomaly"] == anomaly)


def test_entries_are_numbered_and_within_their_files(dirty: SynthSummary, manifest: list[Entry]) -> None:
    assert [entry["id"] for entry in manifest] == [f"A{i:03d}" for i in range(1, len(manifest) + 1)]
    for entry in manifest:
        lines = lines_of(dirty.inbox / entry["file"])
        assert 1 <= entry["line_first"] <= entry["line_last"] <= len(lines) - 1, entry
        assert entry["expect"] in {"accepted", "quarantined", "blank"}


def test_lines_are_what_the_manifest_says(dirty: SynthSummary, manifest: list[Entry]) -> None:
    def cells(anomaly: str) -> dict[str, str]:
        return cells_of(dirty, the(manifest, anomaly))

    def text(anomaly: str) -> str:
        entry = the(manifest, anomaly)
        return lines_of(dirty.inbox / entry["file"])[entry["line_first"] - 1]

    row = cells("end before start")
    assert row["einddatum"] < row["ingangsdatum"]
    assert not eleven_test.is_valid(cells("BSN fails the eleven-test")["bsn"])
    assert cells("no such date")["ingangsdatum"] == "2024-02-30"
    assert cells("required cell empty")["ingangsdatum"] == ""
    assert cells("product that is in no product list")["productcode"] == "45X99"
    assert text("row of totals").startswith("Totaal;")
    assert text("blank line") == ""
    assert not text("line of empty cells").strip(";")
    assert text("quote that never closes").count('"') == 1
    width = len(cells("every cell quoted"))
    assert text("too few cells").count(";") < width - 1 < text("too many cells").count(";")
    assert len(cells("leading zeros lost")["bsn"]) == 8
    assert cells("leading zeros lost")["eenheid"] in {"", "1", "4", "14", "16", "82", "83"}
    assert (
        cells("dates as dd-mm-jjjj")["ingangsdatum"][2::3]
        == "--" + cells("dates as dd-mm-jjjj")["ingangsdatum"][8:9]
    )
    ends = {cells_of(dirty, e)["datum_uitschrijving"] for e in manifest if "open end" in e["anomaly"]}
    assert ends == {"31-12-9999", "01-01-2100", " ", "9999-12-31"}
    assert "," in cells("decimal comma")["uren_geleverd"]
    assert "Zoë" in text("file in windows-1252")
    assert "ö" in text("one line in another encoding")
    assert text("line break between quotes").count('"') == 1
    assert len(cells("no BRIN")["brin"]) == 3


def test_repeated_rows_were_delivered_before(dirty: SynthSummary, manifest: list[Entry]) -> None:
    entry = the(manifest, "rows delivered before")
    again = lines_of(dirty.inbox / entry["file"])[entry["line_first"] - 1 : entry["line_last"]]
    original = entry["file"].replace("_nalevering", "")
    assert len(again) == 20
    assert set(again) <= set(lines_of(dirty.inbox / original))


def test_the_late_municipality_delivered_nothing_new(dirty: SynthSummary, manifest: list[Entry]) -> None:
    entry = the(manifest, "municipality delivered nothing of the last quarter")
    late = list(csv.DictReader(lines_of(dirty.inbox / entry["file"]), delimiter=";"))
    assert max(row["toewijzingsdatum"] for row in late) <= entry["until"]
    other = list(csv.DictReader(lines_of(dirty.inbox / "indicaties_9901.csv"), delimiter=";"))
    assert any(row["toewijzingsdatum"] > entry["until"] for row in other)


def test_a_provider_has_a_second_code_that_is_used(dirty: SynthSummary, manifest: list[Entry]) -> None:
    twin = cells_of(dirty, the(manifest, "provider under a second code"))
    rows = list(csv.DictReader(lines_of(dirty.inbox / "aanbieders.csv"), delimiter=";"))
    first = next(row for row in rows if row["agb"] == twin["moeder_agb"])
    assert first["naam"] == twin["naam"]
    used = list(csv.DictReader(lines_of(dirty.inbox / "indicaties_9906.csv"), delimiter=";"))
    assert any(row["aanbieder_agb"] == twin["agb"] for row in used)


def test_children_stand_on_the_lists_of_two_schools(dirty: SynthSummary, manifest: list[Entry]) -> None:
    everywhere = [
        row
        for path in dirty.inbox.glob("leerlingen_*.csv")
        for row in csv.DictReader([line for line in lines_of(path) if line], delimiter=";")
    ]
    entries = [entry for entry in manifest if entry["anomaly"] == "child on the lists of two schools"]
    assert len(entries) == 4
    for entry in entries:
        row = cells_of(dirty, entry)
        running = {
            other["brin"] + other["vestiging"]
            for other in everywhere
            if other["bsn"] == row["bsn"] and not other["datum_uitschrijving"].strip()
        }
        assert len(running) == 2


def delivery(dirty: SynthSummary, name: str) -> Delivery:
    return read(dirty.inbox / name)


def test_readers_set_aside_exactly_what_was_planted(dirty: SynthSummary, manifest: list[Entry]) -> None:
    for name in sorted({entry["file"] for entry in manifest}):
        planted = {
            (e["line_first"], e["line_last"]): {e["reason_code"], e.get("or_reason_code")}
            for e in manifest
            # The eleven-test is done where the number is replaced, not by a reader.
            if e["file"] == name and e["expect"] == "quarantined" and e["reason_code"] != "invalid_identifier"
        }
        found = {
            (reject.line_first, reject.line_last): reject.reason_code.value
            for chunk in delivery(dirty, name).chunks()
            for reject in chunk.rejects
        }
        assert found.keys() == planted.keys(), name
        assert all(found[place] in planted[place] for place in planted), (name, found)


def test_readers_count_blank_lines_and_note_what_they_mended(
    dirty: SynthSummary, manifest: list[Entry]
) -> None:
    for name in sorted({entry["file"] for entry in manifest}):
        blank = sum(
            e["line_last"] - e["line_first"] + 1
            for e in manifest
            if e["file"] == name and e["expect"] == "blank"
        )
        opened = delivery(dirty, name)
        assert sum(chunk.blank for chunk in opened.chunks()) == blank, name
        noted = {note.code.value for note in opened.notes}
        wanted = {e["note_code"] for e in manifest if e["file"] == name and e.get("note_code")}
        assert wanted <= noted, name


def test_expected_figures_are_those_of_the_dirty_region(dirty: SynthSummary, tmp_path: Path) -> None:
    clean = generate(tmp_path, "small", 5)
    name = "expected.csv"
    assert (clean.truth / name).read_bytes() != (dirty.truth / name).read_bytes()
    assert not (clean.truth / "manifest.json").exists()
