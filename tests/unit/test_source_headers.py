"""What a header row says: kind, profile, columns, and which unknown columns may travel along."""

from pathlib import Path

import pytest

from zorgdata.errors import SourceError
from zorgdata.sources import read, recognise
from zorgdata.sources.kinds import KINDS
from zorgdata.sources.profiles import available, from_data, header_key, load, shipped
from zorgdata.sources.profiles.check import check
from zorgdata.sources.profiles.suggest import suggest
from zorgdata.sources.reasons import NoteCode

TRANSPORT = "bsn;brin;vestiging;begindatum;einddatum;bedrag"
RECORD = "626018158;99ZA;00;2023-08-01;2024-07-31;480000"


def write(folder: Path, content: str, name: str = "levering.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def refusal(path: Path, **wishes: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(read(path, **wishes).chunks())
    return caught.value


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_is_recognised_from_its_full_header(tmp_path: Path, kind) -> None:
    path = write(tmp_path, ";".join(column.header for column in kind.columns) + "\n")
    found = recognise(path)
    assert (found.kind, found.profile, found.confidence) == (kind.name, "canonical", 1.0)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_required_column_is_missed_by_name(tmp_path: Path, kind) -> None:
    for column in kind.columns:
        if column.required:
            others = [c.header for c in kind.columns if c is not column]
            error = refusal(write(tmp_path, ";".join(others) + "\n"), kind=kind.name)
            assert f"verplichte kolom '{column.header}' ontbreekt" in error.message


def test_the_nearest_header_is_named(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, TRANSPORT.replace("begindatum", "begin datums") + f"\n{RECORD}\n"))
    assert "'begindatum' ontbreekt" in error.message
    assert "'begin datums'" in error.hint


def test_a_branch_must_stand_beside_a_brin_where_a_school_is_required(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, "brin;bsn;datum_inschrijving\n"), kind="enrolments")
    assert "'vestiging' ontbreekt" in error.message
    assert "kolom 'brin'" in refusal(write(tmp_path, "bsn;datum_inschrijving\n"), kind="enrolments").message


def test_a_first_record_is_not_quoted_as_if_it_were_a_header(tmp_path: Path) -> None:
    for first in (RECORD, "Jansen;Piet;2010-02-14", "bsm;626018158;begindatum", "Jansen;1234AB"):
        error = refusal(write(tmp_path, f"{first}\n{RECORD}\n"))
        text = error.message + error.hint
        assert not any(part in text for part in ("626018158", "Jansen", "Piet", "2010", "1234AB"))


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, f"{TRANSPORT}\n{RECORD}\n"), kind="population")
    assert "levering.csv" in error.message
    assert error.hint


def test_unknown_kinds_and_profiles_are_named_with_what_exists(tmp_path: Path) -> None:
    path = write(tmp_path, f"{TRANSPORT}\n{RECORD}\n")
    assert "indications" in refusal(path, kind="indicaties").hint
    assert "magister" in refusal(path, profile="som").hint


def test_a_tie_between_kinds_is_refused_unless_the_name_decides(tmp_path: Path) -> None:
    header = "gemeentecode;bsn;aanbieder_agb;productcategorie;begindatum;einddatum"
    assert recognise(write(tmp_path, header + "\n")).kind == "deliveries"
    both = "initiatief_id;mijlpaal_id;naam;start;einde;gepland\n"
    error = refusal(write(tmp_path, both))
    assert "initiatives, milestones" in error.message or "milestones, initiatives" in error.message
    assert "--kind" in error.hint
    named = recognise(write(tmp_path, both, "mijlpalen.csv"))
    assert named.kind == "milestones"
    assert "bestandsnaam" in named.reason
    assert read(write(tmp_path, both), kind="initiatives").kind == "initiatives"


def test_a_column_that_comes_twice_is_read_once_and_noted(tmp_path: Path) -> None:
    path = write(tmp_path, f"{TRANSPORT};Bedrag\n{RECORD};1\n")
    delivery = read(path)
    assert next(iter(delivery.chunks())).records.column("amount_cents").to_pylist() == [480_000]
    assert [(n.code, n.column_name) for n in delivery.notes] == [(NoteCode.COLUMN_TWICE, "Bedrag")]


def extras(folder: Path, header: str, values: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    lines = [f"{TRANSPORT};{header}", *(f"{RECORD};{value}" for value in values)]
    delivery = read(write(folder, "\n".join(lines) + "\n", "vervoer.csv"))
    found = [dict(extra or []) for c in delivery.chunks() for extra in c.records.column("extra").to_pylist()]
    if delivery.kept:
        assert found == [{header: value.strip()} if value.strip() else {} for value in values]
    else:
        assert not any(found)
    return delivery.kept, delivery.dropped


def test_a_harmless_unknown_column_travels_along(tmp_path: Path) -> None:
    assert extras(tmp_path, "wijze", ["taxi", "bus", " ", "taxi"]) == (("wijze",), ())
    assert extras(tmp_path, "ritten", [str(i) for i in range(50)]) == (("ritten",), ())


@pytest.mark.parametrize(
    "values",
    [
        [str(i) for i in range(51)],
        ["x" * 41],
        ["626018158"],
        ["26018158"],
        ["tel 0612.345.678"],
        ["a@b.nl"],
    ],
    ids=["51 values", "long", "nine digits", "eight digits", "phone", "mail"],
)
def test_a_telling_unknown_column_stays_behind(tmp_path: Path, values: list[str]) -> None:
    assert extras(tmp_path, "wijze", ["taxi", *values]) == ((), ("wijze",))


@pytest.mark.parametrize(
    "header",
    [
        "naam",
        "Roepnaam",
        "Voornamen",
        "adres ouder",
        "Straat",
        "E-mail",
        "telefoon",
        "Tel",
        "geboorteplaats",
        "bsn_ouder",
        "postcode4",
        "naam school",
        "opmerkingen",
        "Toelichting",
        "Client nr",
        "contactpersoon",
        "docent",
        "IBAN",
        "huisnummer",
        "LASTNAME",
        "birth",
        "gezinsnummer",
        "diagnose",
    ],
)
def test_a_header_that_sounds_like_a_person_stays_behind(tmp_path: Path, header: str) -> None:
    assert extras(tmp_path, header, ["a", "b"]) == ((), (header,))


def test_headers_compare_without_case_space_and_dashes() -> None:
    assert header_key(" Datum-Inschrijving ") == header_key("datum_inschrijving") == "datum_inschrijving"
    assert header_key("\ufeffBSN") == "bsn"
    assert header_key("BEVOEGD  GEZAG\nNUMMER") == "bevoegd_gezag_nummer"


def test_shipped_profiles_are_sound() -> None:
    assert {p.name for p in shipped()} >= {
        "magister",
        "parnassys",
        "ggm",
        "gemeente",
        "duo_02",
        "duo_06",
        "duo_09",
    }
    for path in (Path(from_data.__code__.co_filename).parent).glob("*.toml"):
        assert check(path).problems == ()
        assert load(path).description


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("name = 'x'", "verplicht"),
        ("name = 'x'\nkind = 'zorg'", "verplicht"),
        ("name = 'x'\nkind = 'transport'\nkleur = 1", "onbekende sleutel 'kleur'"),
        ("name = 'x'\nkind = 'transport'\n[columns]\na = 'zorg'", "'zorg' onder [columns]"),
        ("name = 'x'\nkind = 'transport'\n[styles]\ndates = 'ymd'", "'dates' onder [styles]"),
        ("name = 'x'\nkind = 'transport'\n[derive]\nbsn = ['nee', 'a']", "'bsn' onder [derive]"),
        ("name = 'x'\nkind = 'transport'\n[wide]\nprefix = 'a'", "[wide]"),
        ("name = 'x'\nkind = 'transport'\ncolumns = 1", "[columns] moet een tabel zijn"),
        ("name = ", "niet te lezen"),
    ],
)
def test_a_wrong_profile_names_its_file_and_key(tmp_path: Path, toml: str, expected: str) -> None:
    path = write(tmp_path, toml, "eigen.toml")
    with pytest.raises(SourceError) as caught:
        load(path)
    assert expected in caught.value.message
    assert "eigen.toml" in caught.value.message
    assert check(path).problems == (caught.value.message,)


OWN = """
name = "bus"
kind = "transport"
[columns]
kind_nr = "bsn"
van = "begindatum"
tot = "einddatum"
kosten = "bedrag"
school = "brin6"
[values.begindatum]
"start schooljaar" = "2023-08-01"
[constants]
einddatum = "2024-07-31"
[styles]
dates = "dmy"
money = "euro"
[filters]
bsn = ["626018158"]
"""


def test_an_own_profile_of_a_workspace(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    own = write(folder, OWN, "bus.toml")
    content = "kind_nr;van;tot;kosten;school\n626018158;Start schooljaar;;12,50;99ZA00\n"
    path = write(
        tmp_path, content + "626018158;01/02/2024;1.3.2024;7;99ZA00\n183016610;01/02/2024;;7;99ZA00\n"
    )
    delivery = read(path, profiles=folder)
    assert delivery.profile == "bus"
    (chunk,) = delivery.chunks()
    rows = chunk.records.select(["start_date", "end_date", "amount_cents", "school_id"]).to_pylist()
    assert [[str(v) for v in row.values()] for row in rows] == [
        ["2023-08-01", "2024-07-31", "1250", "99ZA00"],
        ["2024-02-01", "2024-03-01", "700", "99ZA00"],
    ]
    assert [(r.line_first, r.reason_code.value) for r in chunk.rejects] == [(4, "outside_profile")]
    assert check(own, path).problems == ()
    other = write(tmp_path, "kind_nr;tot\n")
    assert check(own, other).problems == ("verplichte kolom 'begindatum' is niet gevonden",)


def test_a_workspace_profile_wins_over_a_shipped_one_of_that_name(tmp_path: Path) -> None:
    write(tmp_path, OWN.replace('"bus"', '"magister"'), "m.toml")
    assert [p.kind.name for p in available(tmp_path) if p.name == "magister"] == ["transport"]
    assert len(available(tmp_path)) == len(shipped())


def test_the_brin_may_stand_in_the_file_name_where_a_profile_says_so(tmp_path: Path) -> None:
    header = "leerlingNummer;geboortedatum;datumInschrijving\n17;14-02-2015;01-08-2021\n"
    found = read(write(tmp_path, header, "leerlingen 99za04 oktober.csv"))
    assert next(iter(found.chunks())).records.column("school_id").to_pylist() == ["99ZA04"]
    error = refusal(write(tmp_path, header, "lijst.csv"))
    assert "'brin' ontbreekt" in error.message
    assert "bestandsnaam" in error.hint


MUNICIPAL = """Gem.code;BSN-nr;Geb.datum;AGB-code;Toewijz.nr;Prod.categorie;Startdatum;Eind datum;Eenheid;Memo
9901;626018158;01-02-2010;41990000;1000;45 - Ambulant;01-01-2024;31-12-9999;uur;niets
9901;183016610;01-03-2011;41990001;1001;50;01-02-2024;;minuut;alles
"""


def test_a_draft_finds_columns_by_name_and_content(tmp_path: Path) -> None:
    draft = suggest(write(tmp_path, MUNICIPAL))
    assert draft.kind == "indications"
    assert draft.missing == ()
    found = {column.header: column.target for column in draft.columns}
    assert found == {
        "Gem.code": "gemeentecode",
        "BSN-nr": "bsn",
        "Geb.datum": "geboortedatum",
        "AGB-code": "aanbieder_agb",
        "Toewijz.nr": "toewijzingnummer",
        "Prod.categorie": "productcategorie",
        "Startdatum": "ingangsdatum",
        "Eind datum": "einddatum",
        "Eenheid": "eenheid",
        "Memo": None,
    }
    assert all(0 <= column.confidence <= 1 for column in draft.columns)


def test_a_draft_is_a_profile_that_reads_the_file_and_holds_no_value_of_someone(tmp_path: Path) -> None:
    path = write(tmp_path, MUNICIPAL)
    text = suggest(path).toml("proef")
    assert not any(value in text for value in ("626018158", "2010", "alles", "Ambulant"))
    folder = tmp_path / "profiles"
    folder.mkdir()
    write(folder, text, "proef.toml")
    delivery = read(path, profile="proef", profiles=folder)
    (chunk,) = delivery.chunks()
    assert chunk.rejects == ()
    assert chunk.records.column("unit").to_pylist() == ["04", "01"]


@pytest.mark.parametrize(
    "header",
    [
        TRANSPORT + "626018158;Voor Beeld;1011AB;2010-02-01",
        TRANSPORT + ';"wijze\nVoor Beeld"',
        TRANSPORT + ";Voor Beeld;2010-02-01",
    ],
    ids=["a lost line end", "a quote that closes later", "a record in the header"],
)
def test_a_header_that_may_hold_a_record_is_not_named(tmp_path: Path, header: str) -> None:
    width = header.count(";") - TRANSPORT.count(";")
    path = write(tmp_path, f"{header.replace('bedrag626', 'bedrag;626')}\n{RECORD}{';' * (width + 1)}\n")
    delivery = read(path)
    list(delivery.chunks())
    told = " ".join(note.message for note in delivery.notes) + " ".join((*delivery.dropped, *delivery.kept))
    assert delivery.kept == ()
    assert delivery.dropped
    assert not any(value in told for value in ("626018158", "Voor", "1011", "2010"))


def test_a_draft_needs_a_header(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="kopregel"):
        suggest(write(tmp_path, RECORD + "\n"))
