"""Drafts of profiles: which column is which, which words need a translation, and what is never named."""

from pathlib import Path

import pytest
import xlsxwriter

from zorgdata.sources.profiles import load
from zorgdata.sources.profiles.check import check
from zorgdata.sources.profiles.likeness import written_out
from zorgdata.sources.profiles.suggest import Draft, suggest

HEADER = "Gem;Persoonsnr;Pcode;Sexe;Zorgaanbieder AGB;Aanbieder naam;Beschikkingsnr;Start zorg;Tot;Eenh;Wet"
VALUES = [
    "9951;999940004;9910AK;man;41990100;Aanbieder A;7001;1/2/2024;31/12/2024;uren;Jeugdwet",
    "9951;999940028;9911BL;vrouw;41990101;Aanbieder B;7002;5/2/2024;;per keer;Jeugdwet",
    "9951;999940065;9912CM;man;41990102;Aanbieder C;7003;8/2/2024;;uur;WMO",
    "9951;999940119;9913DN;vrouw;41990102;Aanbieder C;7004;9/2/2024;;pgbtarief;WMO",
]


def file(folder: Path, *lines: str, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    return suggest(file(tmp_path, "Rapportage;;;", "", HEADER, *VALUES, "Totaal;4"), "indications")


def test_names_abbreviations_and_values_tell_the_columns(draft: Draft) -> None:
    assert {c.header: c.target for c in draft.columns} == {
        "Gem": "gemeentecode",
        "Persoonsnr": "bsn",
        "Pcode": "postcode",
        "Sexe": "geslacht",
        "Zorgaanbieder AGB": "aanbieder_agb",
        "Aanbieder naam": None,
        "Beschikkingsnr": "toewijzingnummer",
        "Start zorg": "ingangsdatum",
        "Tot": None,
        "Eenh": "eenheid",
        "Wet": "wet",
    }
    assert draft.missing == ()
    assert draft.titles == 1
    assert all(0.6 <= c.confidence <= 1 for c in draft.columns if c.target)


def test_words_of_the_law_that_is_kept_get_a_translation(draft: Draft) -> None:
    assert draft.words.laws == ("jeugdwet",)
    assert draft.words.other_laws == 2
    assert draft.words.translations == {"eenheid": {"uren": "04", "per keer": ""}}


def test_a_draft_names_nobody(draft: Draft) -> None:
    text = draft.toml("proef")
    for value in ("99994", "9910", "Aanbieder A", "7001", "2024", "pgbtarief"):
        assert value not in text


def test_words_that_may_tell_are_not_named(tmp_path: Path) -> None:
    lines = ["bsn;domein;begindatum", *(f"999940004;Dossier 0612345678 {i};2024-01-01" for i in range(4))]
    assert suggest(file(tmp_path, *lines), "domains").words.translations == {}
    lines = ["bsn;domein;begindatum", *(f"999940004;Woord {chr(65 + i)}{i};2024-01-01" for i in range(31))]
    assert suggest(file(tmp_path, *lines), "domains").words.translations == {}


@pytest.mark.parametrize(
    ("dates", "order"),
    [(["1/2/2024", "13/2/2024"], "dmy"), (["2/13/2024", "1/2/2024"], "mdy"), (["01-02-2024"], "")],
)
def test_the_order_of_dates(tmp_path: Path, dates: list[str], order: str) -> None:
    lines = ["bsn;domein;begindatum", *(f"999940004;wmo;{day}" for day in dates)]
    draft = suggest(file(tmp_path, *lines), "domains")
    assert draft.words.dates == order
    assert (f'dates = "{order}"' in draft.toml()) is bool(order)


def test_amounts_with_decimals_are_euros(tmp_path: Path) -> None:
    record = "999940004;2024-01-01;"
    draft = suggest(file(tmp_path, "bsn;begindatum;bedrag", record + "12,50", record + "9"), "transport")
    assert draft.words.euros
    assert 'money = "euro"' in draft.toml()


def test_a_draft_of_a_chosen_worksheet(tmp_path: Path) -> None:
    path = tmp_path / "boek.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Voorblad").write_row(0, 0, ["Overzicht", "2024", "van", "alles", "hier"])
        sheet = book.add_worksheet("Gegevens")
        sheet.write_row(0, 0, ["Toelichting"])
        sheet.write_row(2, 0, ["BSN nummer", "Domein", "Begin datum"])
        sheet.write_row(3, 0, ["999940004", "wmo", "2024-01-01"])
        sheet.write_row(4, 0, ["Totaal", 1])
    for sheet_name in ("gegevens", "2"):
        draft = suggest(path, "domains", sheet=sheet_name)
        assert [c.target for c in draft.columns] == ["bsn", "domein", "begindatum"]
        assert draft.titles == 2


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("gem._code", "gemeentecode"),
        ("toewijz.nr", "toewijzingnummer"),
        ("beschikkingsnr", "toewijzingnummer"),
        ("besluitdtm", "besluitdatum"),
        ("nr", "nummer"),
    ],
)
def test_abbreviations_are_written_out(key: str, expected: str) -> None:
    assert written_out(key) == expected


def test_headers_with_quotes_and_control_characters_make_sound_toml(tmp_path: Path) -> None:
    path = file(
        tmp_path, 'bsn;"domein ""x""";begindatum;"wijk\tnaam";C:\\map', "999940004;wmo;2024-01-01;a;b"
    )
    own = tmp_path / "eigen.toml"
    own.write_text(suggest(path, "domains").toml("eigen"), encoding="utf-8")
    assert load(own).name == "eigen"


def test_a_check_counts_what_would_come_in(tmp_path: Path) -> None:
    own = tmp_path / "eigen.toml"
    own.write_text(
        'name = "eigen"\nkind = "domains"\n[columns]\nNummer = "bsn"\nTypefout = "einddatum"\n'
        '[filters]\ndomein = ["wmo", "x"]\n',
        encoding="utf-8",
    )
    record = "999940004;{};2024-01-01"
    lines = [record.format(word) for word in ("wmo", "leerplicht", "x", "wmo")]
    fit = check(own, file(tmp_path, "Nummer;domein;begindatum", *lines, "Totaal;;"))
    assert (fit.problems, fit.read, fit.accepted, fit.faulty, fit.used, fit.columns) == ((), 5, 2, 1, 3, 3)
    assert {(column, reason): n for (column, reason, _), n in fit.rejects.items()} == {
        ("domein", "outside_profile"): 1,
        ("domein", "unknown_choice"): 1,
        ("", "totals_row"): 1,
    }
    assert fit.warnings == ("kolom 'typefout' onder [columns] staat niet in het bestand",)


def test_a_check_tells_when_the_file_is_taken_for_another(tmp_path: Path) -> None:
    own = tmp_path / "eigen.toml"
    own.write_text('name = "eigen"\nkind = "domains"\n', encoding="utf-8")
    path = file(tmp_path, "bsn;domein;begindatum", "999940004;wmo;2024-01-01")
    (warning,) = check(own, path).warnings
    assert "herkend als profiel canonical (domains)" in warning
