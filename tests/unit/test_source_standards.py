"""iJw, Edexml and workbooks: what leaves the reader, what never does, and what is refused."""

import re
import zipfile
from pathlib import Path
from unittest.mock import patch

import pytest
import xlsxwriter

from zorgdata.assets import asset
from zorgdata.errors import SourceError
from zorgdata.sources import excel, read, read_many, xml
from zorgdata.sources.reasons import NoteCode
from zorgdata.sources.records import Bundle, Delivery

STANDARDS = asset("sample_data", "standards")


def rows(delivery: Delivery) -> list[dict[str, object]]:
    return [row for chunk in delivery.chunks() for row in chunk.records.to_pylist()]


def changed(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """A sample file with some texts replaced."""
    text = (STANDARDS / name).read_bytes().decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / name
    path.write_bytes(text.encode())
    return path


def test_jw301_gives_indications_with_parties_from_the_header() -> None:
    delivery = read(STANDARDS / "jw301.xml")
    first, second = rows(delivery)
    assert (first["municipality_code"], first["provider_id"]) == ("9901", "41990000")
    assert (first["allocation_number"], first["product_code"], first["volume"]) == ("1001", "45A48", 120.0)
    assert (first["postcode"], first["sex"], first["bsn"]) == ("9999ZZ", "m", "999900006")
    assert (str(first["decided_time"]), str(first["end_date"])) == ("09:30:00", "2024-06-30")
    assert (first["delivery_form"], first["law"]) == ("zin", "jeugdwet")
    assert (second["budget_cents"], second["end_date"], second["change_reason"]) == (125_000, None, "04")
    assert str(second["decided_time"]) == "09:30:00.123000"
    assert delivery.message is not None
    assert (delivery.message.name, delivery.message.release) == ("JW301", "3.2")
    assert (delivery.message.message_id, delivery.message.municipality_code) == ("000000000001", "9901")


def test_addresses_relations_and_comments_never_leave_the_reader() -> None:
    for path in sorted(STANDARDS.glob("jw*.xml")):
        text = repr(rows(read(path)))
        for secret in ("Ouder", "8888AA", "9999XX", "Straatweg", "Laanstraat", "Vrije tekst", "Praktijk"):
            assert secret not in text, path.name


def test_names_leave_the_reader_for_linkage_only() -> None:
    """Awards and requests carry surname and initials; starts, stops and declarations need none."""
    named = {
        path.name: [(row["last_name"], row["initials"]) for row in found]
        for path in sorted(STANDARDS.glob("jw*.xml"))
        if "last_name" in (found := rows(read(path)))[0]
    }
    assert named == {
        "jw301.xml": [("Voorbeeld", "V")] * 2,
        "jw301_3.0.xml": [("Voorbeeld", "V")],
        "jw315.xml": [("Voorbeeld", "V")],
    }
    for name in ("jw305.xml", "jw307.xml", "jw323.xml"):
        assert "Voorbeeld" not in repr(rows(read(STANDARDS / name)))


def test_an_unknown_day_of_birth_is_not_exact() -> None:
    (row,) = rows(read(STANDARDS / "jw301_3.0.xml"))
    assert (str(row["birth_date"]), row["birth_date_exact"]) == ("2010-02-01", False)


def test_start_and_stop_are_deliveries() -> None:
    start = rows(read(STANDARDS / "jw305.xml"))
    assert [row["delivery_status"] for row in start] == ["1", "3"]
    assert (start[0]["municipality_code"], start[0]["provider_id"]) == ("9901", "41990000")
    (stop,) = rows(read(STANDARDS / "jw307.xml"))
    assert (stop["end_reason"], str(stop["end_date"])) == ("31", "2024-06-28")


def test_a_request_for_allocation_brings_the_referrer() -> None:
    (row,) = rows(read(STANDARDS / "jw315.xml"))
    assert (row["provider_reference"], row["referrer"], str(row["applied_on"])) == (
        "REF-1",
        "02",
        "2023-12-20",
    )
    assert (str(row["requested_start"]), str(row["requested_end"])) == ("2024-01-08", "2024-06-30")


def test_declarations_keep_the_sign_of_credit() -> None:
    debit, credit = rows(read(STANDARDS / "jw323.xml"))
    assert (debit["amount_cents"], debit["debit_credit"], debit["declaration_number"]) == (39_600, "D", "D1")
    assert (credit["amount_cents"], credit["debit_credit"], credit["previous_reference"]) == (
        39_600,
        "C",
        "R1",
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("jw302_afgekeurd.xml", [("bericht", None, "0001")]),
        ("jw302_akkoord.xml", [("bericht", None, None)]),
        (
            "jw302_product.xml",
            [("bericht", None, "0200"), ("product", "1002", "9074"), ("client", None, "0200")],
        ),
    ],
)
def test_retours_name_the_message_they_answer(name: str, expected: list[tuple[object, ...]]) -> None:
    found = rows(read(STANDARDS / name))
    assert [(r["message_level"], r["allocation_number"], r["return_code"]) for r in found] == expected
    assert {(r["message_name"], str(r["answered_on"])) for r in found} == {("JW301", "2024-01-05")}
    assert found[0]["message_id"] in ("000000000001", "000000000002")


def test_an_answer_to_a_declaration_names_the_declaration() -> None:
    found = rows(read(STANDARDS / "jw325.xml"))
    assert {(r["message_name"], r["message_id"], str(r["answered_on"])) for r in found} == {
        ("JW323", "000000000008", "2024-02-12")
    }
    assert [(r["message_level"], r["return_code"]) for r in found] == [
        ("bericht", "0200"),
        ("product", "8001"),
        ("bericht", "8001"),
    ]


def test_requests_for_change_and_answers_are_counted() -> None:
    (request,) = rows(read(STANDARDS / "jw317.xml"))
    (answer,) = rows(read(STANDARDS / "jw319.xml"))
    assert (request["message_name"], request["request_reason"]) == ("JW317", "2")
    assert (answer["answer"], answer["rejection_reason"]) == ("1", "2")
    assert request["municipality_code"] == answer["municipality_code"] == "9901"


@pytest.mark.parametrize("release", ["3_0", "3_1", "3_2"])
def test_the_release_comes_from_the_namespace(tmp_path: Path, release: str) -> None:
    path = changed(
        tmp_path, "jw301.xml", ("/3_2/", f"/{release}/"), ("jw301:", "b:"), ("xmlns:jw301", "xmlns:b")
    )
    delivery = read(path)
    assert delivery.profile == "ijw_" + release.replace("_", ".")
    assert len(rows(delivery)) == 2


def test_a_later_release_is_read_and_noted(tmp_path: Path) -> None:
    path = changed(tmp_path, "jw301.xml", ("/3_2/", "/3_3/"))
    delivery = read(path)
    assert len(rows(delivery)) == 2
    assert [note.code for note in delivery.notes] == [NoteCode.UNKNOWN_RELEASE]
    (bundle,) = read_many([path])
    assert isinstance(bundle, Bundle)
    ((_, together),) = bundle.files
    assert isinstance(together, Delivery)
    assert bundle.parts[0].chunk.records.num_rows == 2
    assert [note.code for note in together.notes] == [NoteCode.UNKNOWN_RELEASE]


def test_a_product_without_a_required_element_is_set_aside(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        "jw301.xml",
        ("<jw301:ToewijzingNummer>1001</jw301:ToewijzingNummer>", ""),
        ("\r\n\r\n", "\r\n"),
    )
    (chunk,) = read(path).chunks()
    assert [(r.reason_code.value, r.column_name) for r in chunk.rejects] == [
        ("required_missing", "toewijzingnummer")
    ]
    assert chunk.records.num_rows == 1


def test_a_standard_says_itself_what_it_is() -> None:
    with pytest.raises(SourceError, match="bevat indications"):
        read(STANDARDS / "jw301.xml", kind="deliveries")


def test_a_large_message_is_streamed_and_gives_the_same(tmp_path: Path) -> None:
    client = re.compile(rb"<jw323:Client>.*</jw323:Client>\r\n", re.DOTALL)
    text = (STANDARDS / "jw323.xml").read_bytes()
    found = client.search(text)
    assert found is not None
    path = tmp_path / "jw323.xml"
    path.write_bytes(text[: found.start()] + found[0] * 50 + text[found.end() :])
    whole = rows(read(path))
    with patch.object(xml, "SMALL", 100):
        streamed = rows(read(path))
    assert len(whole) == 100
    assert streamed == whole
    for sample in sorted(STANDARDS.glob("jw*.xml")):
        with patch.object(xml, "SMALL", 100):
            streamed = rows(read(sample))
        (bundle,) = read_many([sample])
        assert isinstance(bundle, Bundle)
        assert streamed == [row for part in bundle.parts for row in part.chunk.records.to_pylist()]


def test_a_message_without_records_is_read(tmp_path: Path) -> None:
    text = (STANDARDS / "jw305.xml").read_bytes()
    path = tmp_path / "jw305.xml"
    path.write_bytes(re.sub(rb"<jw305:Client>.*</jw305:Client>", b"", text, flags=re.DOTALL))
    assert rows(read(path)) == []


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<?xml version="1.0"?><!DOCTYPE Bericht SYSTEM "http://voorbeeld.invalid/x.dtd"><Bericht/>',
        "<!DOCTYPE a ["
        + "".join(f'<!ENTITY e{i} "{"&e" + str(i - 1) + ";" if i else "x"}">' for i in range(9))
        + "]><a>&e8;</a>",
    ],
    ids=["external entity", "external dtd", "nested entities"],
)
def test_documents_with_a_document_type_are_refused(tmp_path: Path, content: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        path = tmp_path / "bericht.xml"
        path.write_bytes(content.encode(encoding))
        with pytest.raises(SourceError, match="DOCTYPE") as refusal:
            read(path)
        assert "root:" not in refusal.value.message


@pytest.mark.parametrize(
    "content", ["<a>&onbekend;</a>", "<a><b></a>", "<Bericht>", "<?xml version='1.0'?>", "<a>\x01</a>"]
)
def test_broken_documents_are_refused_without_a_quote(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bericht.xml"
    path.write_text(content)
    with pytest.raises(SourceError) as refusal:
        read(path)
    assert "onbekend" not in refusal.value.message
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


def test_other_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    for content, expected in [
        ("<html/>", "geen iJw-bericht"),
        ('<x xmlns="http://www.edustandaard.nl/leerresultaten/2/leerlinggegevens"/>', "UWLR"),
        ("<Bericht/>", "geen bekend iJw-bericht"),
    ]:
        path.write_text(content)
        with pytest.raises(SourceError, match=expected):
            read(path)


def test_edexml_pupils() -> None:
    first, second, third = rows(read(STANDARDS / "edexml_2.0.xml"))
    assert (first["school_id"], first["grade"], first["bsn"], first["initials"]) == (
        "99ZA04",
        "7",
        "626018158",
        "V",
    )
    assert (str(first["start_date"]), first["end_date"]) == ("2018-08-20", None)
    assert (second["grade"], second["sex"], str(second["start_date"])) == ("8", "x", "2024-08-01")
    assert (third["grade"], str(third["end_date"])) == (None, "2024-07-12")


def test_edexml_teachers_are_never_read() -> None:
    assert "Medewerker" not in repr(rows(read(STANDARDS / "edexml_2.0.xml")))


LIST = """<EDEX><school><schooljaar>{year}</schooljaar><brincode>99ZA</brincode></school>
<vestigingen><vestiging key="99ZA02"><naam>A</naam></vestiging><vestiging key="{place}"/></vestigingen>
<groepen><groep key="g"><jaargroep>{group}</jaargroep></groep></groepen>
<leerlingen><leerling key="1"><achternaam>Een</achternaam><geboortedatum>2020-05-06</geboortedatum>{own}
<groep key="g"/><vestiging key="{place}"/></leerling></leerlingen></EDEX>"""


def one_pupil(
    folder: Path, group: str = "3", own: str = "", place: str = "VH", year: str = "2026-2027"
) -> tuple[dict[str, object], set[NoteCode]]:
    """The only pupil of a list, and the notes on it."""
    path = folder / "lijst.xml"
    path.write_text(LIST.format(group=group, own=own, place=place, year=year))
    delivery = read(path)
    (row,) = rows(delivery)
    return row, {note.code for note in delivery.notes}


@pytest.mark.parametrize(
    ("group", "own", "grade"),
    [
        *[("B", "", "baby"), ("D", "", "dreumes"), ("0", "", "peuter"), ("N", "", "geen po/vo")],
        *[("1", "", "1"), ("16", "", "16"), ("S", "", "S"), ("V", "", "V")],
        *[("C", "<jaargroep>4</jaargroep>", "4"), ("0", "<jaargroep>1</jaargroep>", "1"), ("C", "", "C")],
    ],
)
def test_edexml_grades(tmp_path: Path, group: str, own: str, grade: str) -> None:
    """The year of the pupil goes before that of the group; groups that are no school year get a word."""
    assert one_pupil(tmp_path, group, own)[0]["grade"] == grade


@pytest.mark.parametrize("year", ["2009-2010", "2024-2025", "2031-2032"])
def test_edexml_of_any_school_year(tmp_path: Path, year: str) -> None:
    """The published schema ends with 2024-2025; schools do not."""
    assert str(one_pupil(tmp_path, year=year)[0]["start_date"]) == f"{year[:4]}-08-01"


@pytest.mark.parametrize(
    ("place", "school", "noted"),
    [("VH", "99ZA00", True), ("04", "99ZA00", True), ("99ZA04", "99ZA04", False), ("99ZB04", "99ZA00", True)],
)
def test_a_place_is_a_branch_only_when_it_is_written_as_one(
    tmp_path: Path, place: str, school: str, noted: bool
) -> None:
    row, notes = one_pupil(tmp_path, place=place)
    assert row["school_id"] == school
    assert (NoteCode.BRANCH_OF_LIST in notes) is noted


def test_an_assumed_start_lies_before_an_earlier_leaving(tmp_path: Path) -> None:
    path = changed(tmp_path, "edexml_2.0.xml", ("<instroomdatum>2016-08-01</instroomdatum>", ""))
    found = {row["pupil_number"]: (str(row["start_date"]), str(row["end_date"])) for row in rows(read(path))}
    assert found["3"] == ("2023-08-01", "2024-07-12")
    assert found["5"] == ("2015-08-01", "2016-07-01")


def workbook(folder: Path, cells: list[list[object]], name: str = "vervoer.xlsx") -> Path:
    path = folder / name
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(cells):
            sheet.write_row(i, 0, row)
    return path


HEADER = ["bsn", "brin", "vestiging", "begindatum", "einddatum", "bedrag"]
RECORD = [626018158, "99ZA", 4, 45139, "31-07-2024", 480000]


def test_a_formula_that_was_never_calculated_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "vervoer.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, RECORD)
        sheet.write_formula(1, 5, "=2*240000", None, "")
    delivery = read(path)
    assert [row["amount_cents"] for row in rows(delivery)] == [None]
    assert [(n.code, n.count) for n in delivery.notes if n.code is NoteCode.FORMULA_WITHOUT_VALUE] == [
        (NoteCode.FORMULA_WITHOUT_VALUE, 1)
    ]


def test_a_workbook_larger_than_a_chunk_comes_in_parts(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEADER, *([RECORD] * 7), ["Totaal"], RECORD])
    with patch.object(excel, "CHUNK_RECORDS", 3):
        chunks = list(read(path).chunks())
    assert [c.records.num_rows for c in chunks] == [3, 3, 2]
    assert [line for c in chunks for line in c.records.column("line_first").to_pylist()] == [*range(2, 9), 10]
    assert [(r.line_first, r.reason_code.value) for c in chunks for r in c.rejects] == [(9, "totals_row")]


@pytest.mark.parametrize(("limit", "value"), [("MAX_ENTRIES", 2), ("MAX_UNPACKED", 1_000), ("MAX_RATIO", 1)])
def test_limits_are_checked_before_anything_is_unpacked(tmp_path: Path, limit: str, value: int) -> None:
    path = workbook(tmp_path, [HEADER, RECORD])
    with (
        patch.object(excel, limit, value),
        patch.object(excel.subprocess, "Popen", side_effect=AssertionError("unpacked")),
        pytest.raises(SourceError),
    ):
        read(path)


def test_a_workbook_that_lies_about_its_size_hits_the_limits_of_the_child(tmp_path: Path) -> None:
    path = tmp_path / "vervoer.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<geen werkboek")
    with pytest.raises(SourceError, match="kan niet worden gelezen"):
        read(path)


def test_a_workbook_whose_sheets_have_no_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="kopregel"):
        read(workbook(tmp_path, [["Overzicht"], ["niets", "hier"]]))
    with pytest.raises(SourceError, match="geen zichtbaar werkblad"):
        read(workbook(tmp_path, []))
