"""Records out of delimited text: lines, quotes, encodings, separators, and what a broken line costs."""

import tracemalloc
from pathlib import Path

import pytest

from zorgdata.errors import SourceError
from zorgdata.sources import read
from zorgdata.sources.reasons import NoteCode, Reason
from zorgdata.sources.records import Chunk, Delivery

HEADER = "bsn;brin;vestiging;begindatum;einddatum;bedrag"
GOOD = "626018158;99ZA;00;2023-08-01;2024-07-31;480000"


def deliver(folder: Path, content: str | bytes, name: str = "vervoer.csv", **wishes: str) -> Delivery:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path, **wishes)


def lines_of(delivery: Delivery) -> tuple[list[int], list[tuple[int, int, str]], int]:
    """First lines of the records, the rejects, the number of blank records."""
    chunks: list[Chunk] = list(delivery.chunks())
    records = [line for chunk in chunks for line in chunk.records.column("line_first").to_pylist()]
    rejects = [(r.line_first, r.line_last, r.reason_code.value) for chunk in chunks for r in chunk.rejects]
    assert sum(c.read for c in chunks) == len(records) + len(rejects) + sum(c.blank for c in chunks)
    return records, rejects, sum(chunk.blank for chunk in chunks)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_encodings_and_line_ends(tmp_path: Path, separator: str, encoding: str, end: str) -> None:
    rows = ["agb;naam", "41990000;Zorg é", '41990001;"Zorg, en; meer|\t"', "41990002;Zorg"]
    text = end.join(row.replace(";", separator, 1) for row in rows) + end
    delivery = deliver(tmp_path, text.encode(encoding), "aanbieders.csv")
    assert lines_of(delivery) == ([2, 3, 4], [], 0)
    names = [name for chunk in delivery.chunks() for name in chunk.records.column("name").to_pylist()]
    assert names == ["Zorg é", "Zorg, en; meer|", "Zorg"]
    assert delivery.separator == separator


def test_utf16_big_endian(tmp_path: Path) -> None:
    content = b"\xfe\xff" + f"{HEADER}\n{GOOD}\n".encode("utf-16-be")
    assert lines_of(deliver(tmp_path, content)) == ([2], [], 0)


def test_header_order_case_and_spaces_do_not_matter(tmp_path: Path) -> None:
    content = " Begindatum ;BRIN; Vestiging;\ufeffBSN;EindDatum\n2023-08-01;99ZA;4;626018158;\n"
    delivery = deliver(tmp_path, content)
    record = next(iter(delivery.chunks())).records.to_pylist()[0]
    assert (record["bsn"], record["school_id"]) == ("626018158", "99ZA04")


def test_an_unclosed_quote_costs_one_line(tmp_path: Path) -> None:
    body = [GOOD] * 1_000
    body[500] = '626018158;"99ZA;00;2023-08-01;2024-07-31;480000'
    records, rejects, _ = lines_of(deliver(tmp_path, "\n".join([HEADER, *body])))
    assert len(records) == 999
    assert rejects == [(502, 502, "unclosed_quote")]


def test_two_unclosed_quotes_do_not_swallow_what_stands_between(tmp_path: Path) -> None:
    """The second quote would close the first one, and the cells would even add up."""
    stray = '626018158;99ZA;00;"2023-08-01;2024-07-31;480000'
    closing = '626018158;99ZA;00;2023-08-01";2024-07-31;480000'
    body = [GOOD, stray, GOOD, GOOD, closing, GOOD]
    records, rejects, _ = lines_of(deliver(tmp_path, "\n".join([HEADER, *body])))
    assert records == [2, 4, 5, 7]
    assert rejects == [(3, 3, "unclosed_quote"), (6, 6, "unknown_date_form")]


def test_a_genuine_cell_over_several_lines_is_one_record(tmp_path: Path) -> None:
    content = (
        "bsn;soort;begindatum;brin;vestiging;reden_afsluiting\n"
        '626018158;absoluut;2024-01-01;99ZA;00;"eerste\ntweede; met puntkomma\n\nvierde"\n'
        "626018158;absoluut;2024-01-01;99ZA;00;klaar\n"
    )
    delivery = deliver(tmp_path, content, "verzuim.csv")
    assert lines_of(delivery) == ([2, 6], [], 0)
    table = next(iter(delivery.chunks())).records
    assert table.column("line_last").to_pylist() == [5, 6]
    assert table.column("closing_reason")[0].as_py() == "eerste\ntweede; met puntkomma\n\nvierde"


def test_doubled_quotes_and_quotes_inside_a_bare_cell(tmp_path: Path) -> None:
    content = 'agb;naam\n41990000;"De ""Zorg"""\n41990001;5" zorg\n41990002; "spatie; ervoor"\n'
    delivery = deliver(tmp_path, content, "aanbieders.csv")
    names = next(iter(delivery.chunks())).records.column("name").to_pylist()
    assert names == ['De "Zorg"', '5" zorg', "spatie; ervoor"]


def test_text_behind_a_closing_quote_is_malformed(tmp_path: Path) -> None:
    content = f'{HEADER}\n626018158;"99ZA" x;00;2023-08-01;;\n{GOOD}\n'
    assert lines_of(deliver(tmp_path, content)) == ([3], [(2, 2, "malformed_quote")], 0)


def test_blank_records_are_counted_wherever_they_stand(tmp_path: Path) -> None:
    content = f"\n;;\n{HEADER}\n\n{GOOD}\n   \n;;;;;\n ; ; ;;;\n\t\n{GOOD}\n\n\n"
    assert lines_of(deliver(tmp_path, content)) == ([5, 10], [], 9)


def test_a_final_line_without_an_end_is_a_record(tmp_path: Path) -> None:
    assert lines_of(deliver(tmp_path, f"{HEADER}\n{GOOD}")) == ([2], [], 0)
    assert lines_of(deliver(tmp_path, f"{HEADER}\n{GOOD}\n")) == ([2], [], 0)


def test_a_header_that_ends_in_nameless_columns(tmp_path: Path) -> None:
    content = f"{HEADER};;\n{GOOD};;\n{GOOD}\n{GOOD};;;\n{GOOD};;;x\n"
    assert lines_of(deliver(tmp_path, content)) == ([2, 3, 4], [(5, 5, "too_many_fields")], 0)


def test_a_line_outside_the_encoding_is_read_as_windows_1252_and_noted(tmp_path: Path) -> None:
    content = (
        "agb;naam\n41990000;één\n".encode() + b"41990001;caf\xe9\n41990002;\x81\n" + "41990003;zoë\n".encode()
    )
    delivery = deliver(tmp_path, content, "aanbieders.csv")
    names = next(iter(delivery.chunks())).records.column("name").to_pylist()
    assert names == ["één", "café", "\ufffd", "zoë"]
    notes = {note.code: (note.count, note.lines) for note in delivery.notes}
    assert notes == {
        NoteCode.LINE_READ_AS_WINDOWS_1252: (2, (3, 4)),
        NoteCode.UNDECODABLE_CHARACTER: (1, (4,)),
    }
    assert delivery.encoding == "utf-8"


def test_a_windows_file_is_a_windows_file(tmp_path: Path) -> None:
    content = "agb;naam\n41990000;één\n41990001;“café”\n".encode("windows-1252")
    delivery = deliver(tmp_path, content, "aanbieders.csv")
    assert delivery.encoding == "windows-1252"
    assert next(iter(delivery.chunks())).records.column("name").to_pylist() == ["één", "“café”"]
    assert delivery.notes == ()


def test_utf32_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="UTF-32"):
        deliver(tmp_path, f"{HEADER}\n{GOOD}\n".encode("utf-32"))


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="kolommen"):
        deliver(tmp_path, "bsn;" + "x;" * 1_000_000 + "\n")


def test_a_record_of_a_million_cells_is_one_reject(tmp_path: Path) -> None:
    content = f"{HEADER}\n{GOOD}\n{'x;' * 1_000_000}\n{GOOD}\n"
    assert lines_of(deliver(tmp_path, content)) == ([2, 4], [(3, 3, "too_many_fields")], 0)


def test_cells_of_three_megabytes(tmp_path: Path) -> None:
    big = "x" * 3_000_000
    content = (
        f'bsn;soort;begindatum;brin;vestiging;opmerking;status\n626018158;a;2024-01-01;99ZA;0;"{big}";\n'
    )
    delivery = deliver(tmp_path, content + f"626018158;a;2024-01-01;99ZA;0;;{big}\n", "verzuim.csv")
    assert lines_of(delivery) == ([2], [(3, 3, "value_too_long")], 0)
    assert delivery.dropped == ("opmerking",)


def test_a_line_without_end_is_skipped_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "vervoer.csv"
    with path.open("wb") as file:
        file.write(f"{HEADER}\n{GOOD}\n".encode())
        for _ in range(40):
            file.write(b"x" * (1 << 20))
        file.write(f"\n{GOOD}\n".encode())
    delivery = read(path)
    tracemalloc.start()
    assert lines_of(delivery) == ([2, 4], [(3, 3, "line_too_long")], 0)
    assert tracemalloc.get_traced_memory()[1] < 120 << 20
    tracemalloc.stop()


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Dirty in every block, so that the careful reader works as well."""
    peaks = []
    for copies in (1, 4):
        path = tmp_path / f"vervoer_{copies}.csv"
        block = ((GOOD + "\n") * 20_000 + '626018158;"99ZA;00\n').encode()
        path.write_bytes(HEADER.encode() + b"\n" + block * 10 * copies)
        delivery = read(path)
        tracemalloc.start()
        for chunk in delivery.chunks():
            assert chunk.records.num_rows <= 250_000
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_nul_bytes(tmp_path: Path) -> None:
    content = f"{HEADER}\n{GOOD}\n\0\0\0\n626018158;99\0ZA;00;2023-08-01;;\n{GOOD}\n"
    assert lines_of(deliver(tmp_path, content)) == ([2, 5], [(3, 3, "nul_byte"), (4, 4, "nul_byte")], 0)


def test_a_line_that_names_the_separator_is_no_header(tmp_path: Path) -> None:
    assert lines_of(deliver(tmp_path, f"sep=;\n{HEADER}\n{GOOD}\n")) == ([3], [], 0)


def test_a_header_over_several_lines_moves_the_records_down(tmp_path: Path) -> None:
    content = HEADER.replace("bedrag", '"bedrag"') + ';"extra\nkop"\n' + GOOD + ";a\n"
    delivery = deliver(tmp_path, content)
    assert lines_of(delivery) == ([3], [], 0)


def test_municipality_may_come_from_the_command_line(tmp_path: Path) -> None:
    content = "bsn;aanbieder_agb;begindatum\n626018158;41990000;2024-01-01\n"
    with pytest.raises(SourceError, match="gemeentecode"):
        deliver(tmp_path, content, "startstop.csv", kind="deliveries")
    delivery = deliver(tmp_path, content, "startstop.csv", kind="deliveries", municipality="9901")
    assert next(iter(delivery.chunks())).records.column("municipality_code").to_pylist() == ["9901"]


def test_a_municipality_is_four_digits(tmp_path: Path) -> None:
    content = "bsn;aanbieder_agb;begindatum\n626018158;41990000;2024-01-01\n"
    delivery = deliver(tmp_path, content, kind="deliveries", municipality="363")
    assert next(iter(delivery.chunks())).records.column("municipality_code").to_pylist() == ["0363"]
    assert delivery.notes == ()
    with pytest.raises(SourceError, match="geen gemeentecode"):
        deliver(tmp_path, content, municipality="Amsterdam")


def test_another_municipality_in_the_file_wins_and_is_noted(tmp_path: Path) -> None:
    record = "626018158;41990000;2024-01-01\n"
    content = f"gemeentecode;bsn;aanbieder_agb;begindatum\n9902;{record};{record}"
    delivery = deliver(tmp_path, content, "startstop.csv", municipality="9901")
    codes = next(iter(delivery.chunks())).records.column("municipality_code").to_pylist()
    assert codes == ["9902", "9901"]
    assert [(n.code, n.lines) for n in delivery.notes] == [(NoteCode.OTHER_MUNICIPALITY, (2,))]


def test_the_first_fault_of_a_record_is_named_and_its_value_is_not(tmp_path: Path) -> None:
    content = f"{HEADER}\ngeheim123;99ZA;00;2024-02-30;2024-01-01;veel\n"
    delivery = deliver(tmp_path, content)
    (reject,) = next(iter(delivery.chunks())).rejects
    assert (reject.column_name, reject.reason_code) == ("begindatum", Reason.INVALID_DATE)
    assert "2024-02-30" not in reject.reason
    assert "geheim" not in repr(delivery) + repr(list(delivery.chunks()))


def test_missing_folder_and_wrong_files_are_refused_in_words(tmp_path: Path) -> None:
    for path, expected in [(tmp_path / "weg.csv", "bestaat niet"), (tmp_path, "is een map")]:
        with pytest.raises(SourceError, match=expected) as refusal:
            read(path)
        assert refusal.value.hint
