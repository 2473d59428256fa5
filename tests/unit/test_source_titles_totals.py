"""Title rows above the header and rows of totals, in text as in workbooks."""

from pathlib import Path

import pytest

from zorgdata.errors import SourceError
from zorgdata.landing import FileResult
from zorgdata.sources import read
from zorgdata.sources.csv_file import open_csv
from zorgdata.sources.header_row import find_header
from zorgdata.sources.kinds import KINDS
from zorgdata.sources.totals import is_total, is_total_line

HEADER = "bsn;brin;vestiging;begindatum;einddatum;bedrag"
RECORD = "999900018;99AA;00;2024-01-01;;100"
KNOWN = frozenset({"bsn", "brin", "vestiging", "begindatum", "einddatum", "bedrag"})


def write(folder: Path, *lines: str, name: str = "vervoer.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def outcome(path: Path) -> tuple[list[int], list[tuple[int, str]], dict[str, int], int]:
    """Lines of the records, rejects, notes, blank."""
    delivery = read(path)
    chunks = list(delivery.chunks())
    for chunk in chunks:
        assert chunk.read == chunk.records.num_rows + len(chunk.rejects) + chunk.blank
    return (
        [line for c in chunks for line in c.records.column("line_first").to_pylist()],
        [(r.line_first, r.reason_code.value) for c in chunks for r in c.rejects],
        {note.code.value: note.count for note in delivery.notes},
        sum(c.blank for c in chunks),
    )


@pytest.mark.parametrize(
    "titles",
    [
        ["Overzicht leerlingenvervoer"],
        ["Overzicht; peildatum;01-01-2025", "Gemeente;Voorbeeldstad;;;"],
        ['"Overzicht; ""vervoer""";;;;;', "Selectie: alles, ook bsn"],
        ['"Een aanhalingsteken dat niet sluit'],
        ["bsn"],
        ["Let op: kolom bsn; vertrouwelijk"],
    ],
)
def test_title_rows_are_skipped_and_told(tmp_path: Path, titles: list[str]) -> None:
    path = write(tmp_path, *titles, "", HEADER, RECORD, RECORD)
    first = len(titles) + 3
    assert outcome(path) == ([first, first + 1], [], {"title_rows": len(titles)}, 1)


def test_a_title_row_of_another_shape_than_the_table_does_not_choose_the_separator(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c,d,e,f,g,h,i,j", HEADER, RECORD)
    assert open_csv(path, KNOWN).separator == ";"


def test_records_above_the_header_are_not_taken_for_titles(tmp_path: Path) -> None:
    path = write(tmp_path, RECORD, RECORD, HEADER, RECORD)
    with pytest.raises(SourceError, match=r"boven de kopregel \(regel 3\) staan records") as refusal:
        read(path)
    assert "999900018" not in refusal.value.message


def test_a_header_further_down_than_fifty_rows_is_not_looked_for(tmp_path: Path) -> None:
    path = write(tmp_path, *["Toelichting"] * 50, HEADER, RECORD)
    with pytest.raises(SourceError, match="geen kopregel"):
        read(path)


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["Rapport", ""], ["Client", "Start", "Eind"], ["1", "2024-01-01", ""]], 1),
        ([["Client", "Start", "Eind"], ["Jan", "lang geleden", "nooit"]], 0),
        ([["x", "bsn"], ["brin", "vestiging"]], 1),
        ([["bsn", ""], ["a", "b"]], 0),
        ([["12345"]], 0),
        ([], 0),
    ],
    ids=[
        "unknown names under a title",
        "first of equals",
        "most known",
        "one known in front",
        "data",
        "none",
    ],
)
def test_header_row(rows: list[list[str]], header: int) -> None:
    assert find_header(rows, KNOWN) == header


@pytest.mark.parametrize(
    "line",
    [
        "Totaal;;;;;12345",
        ";;TOTAAL;;;12345",
        '"Eindtotaal:";;;;;9',
        "Subtotaal 99AA;;;;;9",
        "Som;;;;;9",
        "Gemiddelde;;;;;9",
        "Aantal records: 2",
        "Totaal",
        "Einde overzicht;;;;;",
        "Grand total;;;;;9",
    ],
)
def test_a_row_of_totals_is_set_aside_as_such(tmp_path: Path, line: str) -> None:
    for quoted in ("", ';"'):  # the second makes the careful reader take the block
        path = write(tmp_path, HEADER, RECORD, line, RECORD + quoted)
        lines, rejects, _, _ = outcome(path)
        assert lines[0] == 2
        assert rejects[0] == (3, "totals_row")


@pytest.mark.parametrize(
    "line", [HEADER, HEADER.upper(), HEADER.replace(";", " ; "), f'"{HEADER[:3]}"{HEADER[3:]}']
)
def test_a_header_that_comes_again_is_no_record(tmp_path: Path, line: str) -> None:
    for quoted in ("", ';"'):  # the second makes the careful reader take the block
        path = write(tmp_path, HEADER, RECORD, line, RECORD + quoted)
        lines, rejects, _, _ = outcome(path)
        assert lines[0] == 2
        assert rejects[0] == (3, "repeated_header")


def test_a_header_in_words_of_the_deliverer_may_come_again_too(tmp_path: Path) -> None:
    header = ";".join(["Gem code", "brin nr", *HEADER.split(";")])
    path = write(tmp_path, header, f"9901;x;{RECORD}", header, f"9901;x;{RECORD}")
    assert outcome(path)[:2] == ([2, 4], [(3, "repeated_header")])


def test_a_fault_beside_one_word_of_the_header_is_a_fault(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, RECORD, "bsn;99AA;00;gisteren;;100")
    assert outcome(path)[:2] == ([2], [(3, "unknown_date_form")])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_kind_takes_its_header_for_a_record(tmp_path: Path, kind: str) -> None:
    header = ";".join(column.header for column in KINDS[kind].columns)
    path = write(tmp_path, header, header, name=f"{kind}.csv")
    rejects = [reject for chunk in read(path, kind).chunks() for reject in chunk.rejects]
    assert [str(reject.reason_code) for reject in rejects] == ["repeated_header"]


def test_a_column_that_nobody_reads_may_hold_the_word(tmp_path: Path) -> None:
    path = write(tmp_path, "wijk;" + HEADER, "Noord;" + RECORD, "Totaal;;;;;;100")
    assert outcome(path)[:2] == ([2], [(3, "totals_row")])


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        (["Totaal", "2024", "9", "100"], True),
        (["Totaal binnen geldigheidsduur", "2024", "9", "100"], False),
        (["Totaal 2024", "", "", "100"], True),
        (["Somers", "", "", ""], False),
        (["Som", "A.", "1", "2"], False),
        (["Aantal dagen", "", "", "1"], False),
        (["", ""], False),
        ([], False),
    ],
)
def test_totals_among_other_rows(cells: list[str], total: bool) -> None:
    assert is_total(cells) is total
    assert is_total_line(";".join(cells), ";") is total


def test_a_good_record_that_begins_with_the_word_stays(tmp_path: Path) -> None:
    path = write(tmp_path, "wijze;" + HEADER, "Totaal pakket;" + RECORD, "Totaal;" + RECORD)
    assert outcome(path)[:2] == ([2, 3], [])


@pytest.mark.parametrize(
    ("accepted", "reasons", "share"),
    [
        (8, ["totals_row", "outside_profile", "invalid_date", "invalid_date"], 0.2),
        (1, ["outside_profile"] * 99, 0.0),
        (0, ["outside_profile"] * 5, 1.0),
        (0, [], 0.0),
    ],
    ids=["faults only", "mostly filtered", "a filter that lets nothing through", "empty"],
)
def test_what_is_left_out_as_meant_does_not_count_for_the_limit(
    accepted: int, reasons: list[str], share: float
) -> None:
    rejects = tuple({"reason_code": reason} for reason in reasons)
    result = FileResult(
        Path("a.csv"),
        "loaded",
        read=accepted + len(reasons),
        accepted=accepted,
        quarantined=len(reasons),
        rejects=rejects,
    )
    assert result.quarantine_share == share
