"""Files of the small synthetic region: contract, fictitious ranges, determinism, truth without children."""

import csv
import hashlib
import json
import re
from pathlib import Path

import pytest
from lxml import etree
from stdnum.nl import bsn as eleven_test

from zorgdata.errors import UsageError
from zorgdata.sources.kinds import KINDS
from zorgdata.synth import SynthSummary, generate

KIND_OF_FILE = {kind.file_name.removesuffix(".csv"): kind for kind in KINDS.values()}

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SynthSummary:
    return generate(tmp_path_factory.mktemp("synth"), "small", 7)


def canonical(summary: SynthSummary) -> dict[str, Rows]:
    """Rows of every canonical file, by file name."""
    return {
        path.name: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter=";"))
        for path in sorted(summary.inbox.glob("*.csv"))
        if not path.name.startswith("duo_")
    }


@pytest.fixture(scope="module")
def files(small: SynthSummary) -> dict[str, Rows]:
    return canonical(small)


def rows_of(files: dict[str, Rows], stem: str) -> Rows:
    return [row for name, rows in files.items() if name.startswith(stem) for row in rows]


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("dirty", [False, True])
def test_the_same_arguments_give_the_same_bytes(tmp_path: Path, dirty: bool) -> None:
    first = generate(tmp_path / "a", "small", 3, dirty)
    second = generate(tmp_path / "b", "small", 3, dirty)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert (first.files, first.indications) == (second.files, second.indications)


def test_another_seed_gives_another_region(tmp_path: Path, small: SynthSummary) -> None:
    other = generate(tmp_path, "small", 8)
    same = set(digests(small.inbox).items()) & set(digests(other.inbox).items())
    assert {name for name, _ in same} <= {"mijlpalen.csv", "producten.csv"}, "only what is no chance"


def test_every_kind_of_input_is_delivered(small: SynthSummary, files: dict[str, Rows]) -> None:
    stems = {name.removesuffix(".csv").split("_")[0] for name in files}
    # Counts come as DUO's file 06; requests, referrals and retours exist as messages only.
    otherwise = {"leerlingtelling", "verwijzingen", "verzoeken", "retouren"}
    assert stems | otherwise == set(KIND_OF_FILE)
    assert (small.inbox / "duo_06_leerlingen_per_vestiging.csv").exists()
    assert all(files.values()), "no file is empty"


def test_headers_are_those_of_the_contract_and_required_cells_are_filled(files: dict[str, Rows]) -> None:
    for name, rows in files.items():
        kind = KIND_OF_FILE[name.removesuffix(".csv").split("_")[0]]
        headers = set(rows[0])
        assert headers <= {column.header for column in kind.columns}, name
        for column in kind.columns:
            if column.required:
                assert all(row[column.header] for row in rows), (name, column.header)
            if column.choices and column.header in headers:
                assert {row[column.header] for row in rows} <= {*column.choices, ""}, (name, column.header)
        for group in kind.alternatives:
            offered = {kind.column(alternative).header for alternative in group} & headers
            assert offered, (name, group)
            assert all(any(row[header] for header in offered) for row in rows), (name, group)


def test_the_summary_counts_what_is_in_the_files(small: SynthSummary, files: dict[str, Rows]) -> None:
    for name, rows in files.items():
        assert small.files[name] == len(rows), name
    assert small.schools == len(files["scholen.csv"])


def test_everything_lies_in_fictitious_ranges(files: dict[str, Rows]) -> None:
    patterns = {
        "gemeentecode": r"(99\d\d)?",
        "brin": r"(99[A-Z]{2})?",
        "vestiging": r"(\d\d)?",
        "brin6": r"99[A-Z]{2}\d\d",
        "aanbieder_agb": r"4199\d{4}",
        "agb": r"4199\d{4}",
        "moeder_agb": r"(4199\d{4})?",
        "postcode": r"99\d\dZ[ZQUYOI]",
        "pc4": r"99\d\d",
        "professional_id": r"4199\d{4}-\d\d",
    }
    seen: set[str] = set()
    for name, rows in files.items():
        for header, pattern in patterns.items():
            if header in rows[0]:
                seen.add(header)
                wrong = [row[header] for row in rows if not re.fullmatch(pattern, row[header])]
                assert not wrong, (name, header, wrong[:3])
    assert seen == set(patterns)


def test_every_bsn_passes_the_eleven_test_and_no_name_is_delivered(files: dict[str, Rows]) -> None:
    numbers = {row["bsn"] for rows in files.values() if "bsn" in rows[0] for row in rows}
    assert len(numbers) > 3_000
    assert all(len(number) == 9 and eleven_test.is_valid(number) for number in numbers)
    assert any(number.startswith("0") for number in numbers)
    assert not any(header in rows[0] for rows in files.values() for header in ("achternaam", "voorletters"))


def test_a_child_has_one_birth_date_sex_and_postcode(files: dict[str, Rows]) -> None:
    seen: dict[str, tuple[str, str, str]] = {}
    for row in rows_of(files, "indicaties") + rows_of(files, "leerlingen"):
        person = (row["geboortedatum"], row["geslacht"], row["postcode"])
        assert seen.setdefault(row["bsn"], person) == person


def test_intervals_end_on_or_after_their_first_day(files: dict[str, Rows]) -> None:
    for name, rows in files.items():
        kind = KIND_OF_FILE[name.removesuffix(".csv").split("_")[0]]
        if kind.interval:
            start, end = (kind.column(column).header for column in kind.interval)
            wrong = [row for row in rows if row[end] and row[start] and row[end] < row[start]]
            assert not wrong, (name, wrong[:1])


def test_versions_of_a_number_differ_in_stamp_and_agree_in_the_rest(files: dict[str, Rows]) -> None:
    fixed = ("bsn", "aanbieder_agb", "productcategorie", "productcode", "ingangsdatum", "leveringsvorm")
    stamps: dict[tuple[str, str], set[str]] = {}
    about: dict[tuple[str, str], tuple[str, ...]] = {}
    rows = rows_of(files, "indicaties")
    for row in rows:
        key = (row["gemeentecode"], row["toewijzingnummer"])
        stamp = f"{row['toewijzingsdatum']} {row['toewijzingstijd']}"
        assert stamp not in stamps.setdefault(key, set()), "two versions with one stamp"
        stamps[key].add(stamp)
        facts = tuple(row[name] for name in fixed)
        assert about.setdefault(key, facts) == facts
    assert sum(len(found) > 1 for found in stamps.values()) > 0.3 * len(stamps)
    reasons = {row["reden_wijziging"] for row in rows}
    assert {"", "03", "04", "05", "13", "14"} <= reasons
    for row in rows:
        if row["reden_wijziging"] == "13":
            assert row["einddatum"] == row["ingangsdatum"]


def test_nothing_decided_after_the_cutoff_is_delivered(files: dict[str, Rows]) -> None:
    assert max(row["toewijzingsdatum"] for row in rows_of(files, "indicaties")) <= "2026-07-31"
    assert max(row["datum_inschrijving"] for row in rows_of(files, "leerlingen")) <= "2026-07-31"


def test_school_years_end_on_31_july_and_begin_on_1_august(files: dict[str, Rows]) -> None:
    rows = rows_of(files, "leerlingen")
    ends = [row["datum_uitschrijving"][5:] for row in rows if row["datum_uitschrijving"]]
    assert ends.count("07-31") > 0.85 * len(ends)
    moved = [row["datum_inschrijving"][5:] for row in rows if row["schoolsoort"] in ("VO", "PRO")]
    assert moved.count("08-01") > 0.9 * len(moved)
    assert {row["hoofdinschrijving"] for row in rows} == {"j", "n"}


def test_declared_corrections_refer_to_a_line_and_net_to_what_replaced_it(files: dict[str, Rows]) -> None:
    rows = files["declaraties.csv"]
    by_reference = {row["referentienummer"]: row for row in rows}
    credits = [row for row in rows if row["debet_credit"] == "C"]
    assert len(by_reference) == len(rows)
    assert 0.005 < len(credits) / len(rows) < 0.03
    for row in credits:
        corrected = by_reference[row["vorig_referentienummer"]]
        assert corrected["debet_credit"] == "D"
        assert (corrected["bedrag"], corrected["bsn"]) == (row["bedrag"], row["bsn"])
    for row in rows:
        assert row["begindatum"][:7] == row["einddatum"][:7], "a product period lies within one month"


def test_messages_are_well_formed_and_complete(small: SynthSummary) -> None:
    folder = small.inbox / "ijw_9914"
    paths = sorted(folder.glob("*.xml"))
    assert len(paths) == small.files["ijw_9914"] > 5
    for path in paths:
        tree = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True))
        text = {element.tag.rpartition("}")[2]: element.text for element in tree.iter()}
        award = path.name.startswith("JW301")
        parties = (text["Afzender"] or "", text["Ontvanger"] or "")
        municipality, provider = parties if award else parties[::-1]
        assert (text["BerichtCode"], municipality) == ("436" if award else "446", "9914")
        assert re.fullmatch(r"4199\d{4}", provider)
        assert eleven_test.is_valid(text["Bsn"] or "")
        assert re.fullmatch(r"Kind-\d{6}", text["Achternaam"] or "")
        assert (text["Toewijzingsdatum"] if award else text["Type"] or "") >= (
            "2026-01-01" if award else "02"
        )
        assert len(text["Identificatie"] or "") <= 12


def test_what_was_sent_as_a_message_is_not_in_the_file_too(
    small: SynthSummary, files: dict[str, Rows]
) -> None:
    sent = set()
    for path in (small.inbox / "ijw_9914").glob("JW301*.xml"):
        for product in etree.parse(path).iter("{*}ToegewezenProduct"):
            text = {child.tag.rpartition("}")[2]: child.text for child in product}
            sent.add((text["ToewijzingNummer"], text["Toewijzingsdatum"], text["Toewijzingstijd"]))
    filed = {
        (row["toewijzingnummer"], row["toewijzingsdatum"], row["toewijzingstijd"])
        for row in files["indicaties_9914.csv"]
    }
    assert sent
    assert not sent & filed


def test_duo_files_look_like_duo_files(small: SynthSummary, files: dict[str, Rows]) -> None:
    addresses = (small.inbox / "duo_02_vestigingen_basisonderwijs.csv").read_bytes()
    history = (small.inbox / "duo_06_leerlingen_per_vestiging.csv").read_bytes()
    assert addresses.count(b"\r\n") == addresses.count(b"\n")
    assert history.startswith(b"\xef\xbb\xbf")
    head, *lines = addresses.decode("windows-1252").splitlines()
    assert len(head.split(";")) == 31
    assert all(len(line.split(";")) == 31 for line in lines)
    listed = {row["brin"] + row["vestiging"]: row for row in files["scholen.csv"]}
    for line in lines:
        cells = dict(zip(head.split(";"), line.split(";"), strict=True))
        school = listed[cells["VESTIGINGSCODE"]]
        assert (school["schoolsoort"], school["bevoegd_gezag"]) == ("BO", cells["BEVOEGD GEZAG NUMMER"])
        assert school["gemeentecode"] == cells["GEMEENTENUMMER"]


def test_truth_holds_no_child(small: SynthSummary, files: dict[str, Rows]) -> None:
    numbers = {row["bsn"] for rows in files.values() if "bsn" in rows[0] for row in rows}
    births = {row["geboortedatum"] for row in rows_of(files, "leerlingen")}
    for path in small.truth.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not numbers & set(re.findall(r"\d{9}", text)), path.name
        found = births & set(re.findall(r"\d{4}-\d{2}-\d{2}", text))
        assert found <= {row["start"] for row in json.loads((small.truth / "effects.json").read_text())}


@pytest.mark.parametrize(("scale", "seed"), [("huge", 1), ("small", -1)])
def test_a_wrong_argument_is_a_mistake_with_a_hint(tmp_path: Path, scale: str, seed: int) -> None:
    with pytest.raises(UsageError) as caught:
        generate(tmp_path, scale, seed)  # type: ignore[arg-type]
    assert caught.value.hint
    assert not any(tmp_path.iterdir())
