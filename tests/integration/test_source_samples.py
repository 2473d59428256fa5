"""Every sample file gives exactly what ``sample_data/manifest.toml`` says."""

import tomllib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from zorgdata.assets import asset
from zorgdata.errors import SourceError
from zorgdata.sources import read, read_many, recognise
from zorgdata.sources.kinds import KINDS
from zorgdata.sources.records import Bundle, Chunk, record_schema

FOLDER = asset("sample_data")
FILES: list[dict[str, Any]] = tomllib.loads((FOLDER / "manifest.toml").read_text(encoding="utf-8"))["file"]
ACCEPTED = [f for f in FILES if "error" not in f]
REFUSED = [f for f in FILES if "error" in f]
NAMES = {"ids": lambda f: f["path"]}


def own_profiles(expected: dict[str, Any]) -> Path | None:
    return FOLDER / expected["profiles"] if "profiles" in expected else None


def test_the_manifest_names_every_sample_file_once() -> None:
    on_disk = {p.relative_to(FOLDER).as_posix() for p in FOLDER.glob("*/*") if p.is_file()}
    assert sorted(f["path"] for f in FILES) == sorted(on_disk)


def test_every_kind_has_a_canonical_sample() -> None:
    canonical = {f["kind"] for f in ACCEPTED if f["path"].startswith("canonical/")}
    assert canonical == set(KINDS)


@pytest.mark.parametrize("expected", ACCEPTED, **NAMES)
def test_sample_is_read_as_the_manifest_says(expected: dict[str, Any]) -> None:
    delivery = read(FOLDER / expected["path"], profiles=own_profiles(expected))
    chunks = list(delivery.chunks())
    rejects = [[r.line_first, r.reason_code.value] for c in chunks for r in c.rejects]
    assert (delivery.kind, delivery.profile) == (expected["kind"], expected.get("profile", "canonical"))
    assert sum(c.read for c in chunks) == expected["read"]
    assert sum(c.records.num_rows for c in chunks) == expected["accepted"]
    assert sum(c.blank for c in chunks) == expected.get("blank", 0)
    assert rejects == expected.get("rejects", [])
    assert {note.code.value for note in delivery.notes} == set(expected.get("notes", []))
    assert expected["read"] == expected["accepted"] + len(rejects) + expected.get("blank", 0)
    for chunk in chunks:
        assert chunk.records.schema == record_schema(delivery.kind)


@pytest.mark.parametrize("expected", ACCEPTED, **NAMES)
def test_sample_is_recognised(expected: dict[str, Any]) -> None:
    found = recognise(FOLDER / expected["path"], own_profiles(expected))
    assert (found.kind, found.profile) == (expected["kind"], expected.get("profile", "canonical"))
    assert 0.5 <= found.confidence <= 1
    assert found.reason


@pytest.mark.parametrize("expected", REFUSED, **NAMES)
def test_sample_is_refused_with_a_hint(expected: dict[str, Any]) -> None:
    with pytest.raises(SourceError) as refusal:
        list(read(FOLDER / expected["path"]).chunks())
    assert expected["error"] in refusal.value.message
    assert expected["path"].rpartition("/")[2] in refusal.value.message
    assert refusal.value.hint


def test_reading_many_gives_what_reading_one_by_one_gives() -> None:
    paths = [FOLDER / f["path"] for f in FILES if "profiles" not in f]
    seen = []
    for item in read_many(paths):
        files = item.files if isinstance(item, Bundle) else (item,)
        for place, (path, delivery) in enumerate(files):
            seen.append(path)
            if isinstance(delivery, SourceError):
                with pytest.raises(SourceError) as refusal:
                    read(path)
                assert refusal.value.message == delivery.message
                continue
            alone = read(path)
            apart = list(alone.chunks())
            together = parts_of(item, place) if isinstance(item, Bundle) else list(delivery.chunks())
            assert (delivery.path, delivery.kind, delivery.profile) == (path, alone.kind, alone.profile)
            assert delivery.message == alone.message
            assert [c.records for c in together] == [c.records for c in apart]
            assert [c.rejects for c in together] == [c.rejects for c in apart]
            assert sorted(delivery.notes, key=str) == sorted(alone.notes, key=str)
    assert seen == paths


def parts_of(bundle: Bundle, place: int) -> list[Chunk]:
    """The records of one file of a bundle."""
    found = []
    for part in bundle.parts:
        records = part.chunk.records.filter(pa.array(part.places == place)).combine_chunks()
        rejects = tuple(
            r for at, r in zip(part.reject_places, part.chunk.rejects, strict=True) if at == place
        )
        if records.num_rows or rejects:
            read_ = records.num_rows + len(rejects)
            found.append(Chunk(part.chunk.kind, records, rejects, read_, 0))
    return found


def test_chunks_can_be_read_again() -> None:
    delivery = read(FOLDER / "broken/startstop_waarden.csv")
    first, notes = list(delivery.chunks()), delivery.notes
    second = list(delivery.chunks())
    assert [c.records for c in first] == [c.records for c in second]
    assert delivery.notes == notes
