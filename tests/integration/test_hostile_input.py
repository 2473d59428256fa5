"""Files made to do harm: each is refused or set aside with a message, and the rest comes in."""

import io
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter

from tests.support.workspaces import count, land
from zorgdata.assets import asset
from zorgdata.pipeline.session import Session, open_session
from zorgdata.workspace import create_workspace

HEADER = "bsn;brin;vestiging;begindatum;einddatum;bedrag"
RECORD = "999940004;99ZA;00;2024-01-01;;100"
GOOD = f"{HEADER}\n{RECORD}\n"
SECRET = "geheim-van-de-machine"
MESSAGE = asset("sample_data", "standards", "jw301.xml")
Make = Callable[[Path], object]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with open_session(create_workspace(tmp_path_factory.mktemp("hostile") / "ws"), "test") as opened:
        yield opened


def text(content: str) -> Make:
    return lambda path: path.write_bytes(content.encode())


def after_header(*lines: str) -> Make:
    return text("\n".join([HEADER, *lines, RECORD, ""]))


def message(declaration: str, inside: str = "") -> Make:
    """A real message with a document type in front, and something where the family name stands."""

    def make(path: Path) -> None:
        content = MESSAGE.read_text(encoding="utf-8")
        head, _, body = content.partition("?>")
        assert "Achternaam>" in body
        name = body.partition("Achternaam>")[2].partition("<")[0]
        path.write_text(f"{head}?>{declaration}{body.replace(name, inside or name, 1)}", encoding="utf-8")

    return make


def long_message(path: Path) -> None:
    """Larger than what is parsed at once."""
    message("<!DOCTYPE Bericht>" + "<!-- x -->" * 150_000)(path)


def archive(entries: dict[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> Make:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", packed) as file:
            for name, content in entries.items():
                file.writestr(name, content)

    return make


def workbook(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER.split(";"))
        sheet.write_row(1, 0, RECORD.split(";"))


def workbook_with(part: str, change: Callable[[bytes], bytes]) -> Make:
    """A real workbook of which one part is changed."""

    def make(path: Path) -> None:
        workbook(path)
        with zipfile.ZipFile(path) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        parts[part] = change(parts[part])
        archive(parts)(path)

    return make


def bomb(path: Path) -> None:
    """A worksheet of 40 MB that packs into a few dozen kilobytes."""
    workbook_with("xl/worksheets/sheet1.xml", lambda sheet: sheet + b" " * (40 << 20))(path)


def lying_bomb(path: Path) -> None:
    """As a bomb, but the directory of the archive says that the sheet is small."""
    real = io.BytesIO()
    with zipfile.ZipFile(real, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("xl/worksheets/sheet1.xml", b" " * (16 << 20))
    content = real.getvalue()
    path.write_bytes(content.replace(struct.pack("<I", 16 << 20), struct.pack("<I", 1_000)))


def external(path: Path) -> None:
    (path.parent.parent / "geheim.txt").write_text(SECRET)
    entity = f'<!DOCTYPE Bericht [<!ENTITY x SYSTEM "file://{path.parent.parent}/geheim.txt">]>'
    message(entity, "&x;")(path)


def external_in_workbook(path: Path) -> None:
    (path.parent.parent / "geheim.txt").write_text(SECRET)
    entity = f'<!DOCTYPE x [<!ENTITY x SYSTEM "file://{path.parent.parent}/geheim.txt">]>'.encode()
    workbook_with(
        "xl/sharedStrings.xml", lambda part: part.replace(b"?>", b"?>" + entity, 1).replace(b"bsn", b"&x;", 1)
    )(path)


def link(path: Path) -> None:
    target = path.parent.parent / "elders.csv"
    target.write_text(GOOD)
    path.symlink_to(target)


BILLION = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))


@dataclass(frozen=True)
class Case:
    """A file, how it ends (``refused``, or ``loaded`` with these reasons), and a word of its message."""

    name: str
    make: Make
    status: str
    told: str
    accepted: int = 0


CASES = [
    Case(
        "entiteiten.xml",
        message(f'<!DOCTYPE Bericht [<!ENTITY a0 "ha">{BILLION}]>', "&a9;"),
        "refused",
        "XML",
    ),
    Case("extern.xml", external, "refused", "DOCTYPE"),
    Case(
        "extern_dtd.xml", message('<!DOCTYPE Bericht SYSTEM "http://127.0.0.1/x.dtd">'), "refused", "DOCTYPE"
    ),
    Case("lang.xml", long_message, "refused", "DOCTYPE"),
    Case("diep.xml", text("<Bericht>" * 5_000 + "</Bericht>" * 5_000), "refused", "XML"),
    Case("tekst.xml", text(f"<Bericht>{'x' * (11 << 20)}</Bericht>"), "refused", "XML"),
    Case("bom.xlsx", bomb, "refused", "te groot"),
    Case("leugen.xlsx", lying_bomb, "refused", "kan niet worden gelezen"),
    Case(
        "veel.xlsx",
        archive({f"{i}.xml": b"" for i in range(2_001)} | {"[Content_Types].xml": b""}),
        "refused",
        "delen",
    ),
    Case("extern.xlsx", external_in_workbook, "refused", ""),
    Case("paden.zip", archive({"../../uitbraak.csv": GOOD.encode()}), "refused", "zip-archief"),
    Case("paden.xlsx", archive({"[Content_Types].xml": b"<x/>", "../uit.csv": b"x"}), "refused", "gelezen"),
    Case("gzip.csv", lambda path: path.write_bytes(b"\x1f\x8b\x08" + bytes(99)), "refused", "gzip"),
    Case("cel.csv", after_header(f'{RECORD[:-3]}"{"9" * (3 << 20)}"'), "loaded", "value_too_long", 1),
    Case("nul.csv", after_header(RECORD.replace("99ZA", "99\0ZA")), "loaded", "nul_byte", 1),
    Case("regel.csv", after_header("x" * (25 << 20)), "loaded", "line_too_long", 1),
    Case(
        "kolommen.csv",
        text(";".join(f"k{i}" for i in range(1_000_000)) + "\n"),
        "refused",
        "1000000 kolommen",
    ),
    Case(
        "cellen.csv",
        after_header(";" * 1_000_000, "x;" * 1_000_000),
        "loaded",
        "too_many_fields",
        1,
    ),
    Case("aanhaling.csv", after_header('"' + RECORD, *[RECORD] * 3), "loaded", "unclosed_quote", 4),
    Case("aanhalingen.csv", after_header('"' * 200_001), "loaded", "_quote", 1),
    Case("snel_einde.csv", after_header("\x1a"), "loaded", "too_few_fields", 1),
    Case("koppeling.csv", link, "refused", "symbolic link"),
    Case("pijp.csv", os.mkfifo, "refused", "not a regular file"),
    Case(
        "escape.csv",
        text(f"\x1b[2J\x1b]0,x\x07;{HEADER}\n1;{RECORD}\n"),
        "loaded",
        "",
        1,
    ),
    Case("surrogaat.csv", lambda path: path.write_bytes(b"\xff\xfe" + b"\x00\xd8" * 99), "refused", ""),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_refused_or_set_aside_and_the_rest_comes_in(
    session: Session, tmp_path: Path, case: Case
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    case.make(folder / case.name)
    marker = RECORD.replace("100", str(1_000 + CASES.index(case)))
    (folder / "zz_goed.csv").write_text(f"{HEADER}\n{marker}\n")
    before = count(session, "raw.transport")

    bad, good = land(session, folder).files

    assert (good.status, good.accepted) == ("loaded", 1)
    told = f"{bad.message} {bad.hint} {' '.join(r['reason_code'] for r in bad.rejects)} {' '.join(bad.notes)}"
    assert bad.status == case.status, told
    assert case.told in told
    assert bad.accepted == case.accepted
    assert bad.read == bad.accepted + bad.quarantined + bad.blank
    assert count(session, "raw.transport") == before + 1 + case.accepted
    assert SECRET not in told
    assert "99994" not in told
    assert not any(ord(character) < 32 for character in told), "nothing that a terminal obeys"
    assert len(told) < 2_000
    assert not (tmp_path / "uitbraak.csv").exists()
    assert not (tmp_path.parent / "uitbraak.csv").exists()


def test_nothing_of_the_machine_got_in(session: Session) -> None:
    tables = session.connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('raw', 'meta')"
    ).fetchall()
    for (table,) in tables:
        found = session.connection.execute(
            f"select count(*) from {table} as t where cast(t as varchar) like '%{SECRET}%'"
        ).fetchone()
        assert found == (0,), table
