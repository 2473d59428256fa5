"""Whatever bytes arrive: every record is accounted for, and the fast reader agrees with the careful one."""

from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zorgdata.errors import SourceError
from zorgdata.sources import csv_careful, csv_file, read
from zorgdata.sources.convert import texts_of
from zorgdata.sources.csv_careful import Layout, read_carefully
from zorgdata.sources.csv_fast import read_fast
from zorgdata.sources.text import Block, blocks, decode_lines

HEADER = b"bsn;brin;vestiging;begindatum;einddatum;bedrag\n"
CLEAN = b"123456782;99ZA;00;2024-01-01;2024-06-30;1000\n"

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
SETTINGS = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200
)

pieces = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b'"',
                b'""',
                b";",
                b"\n",
                b"\r\n",
                b"\r",
                b" ",
                b"\t",
                b"a",
                b"1",
                b"\0",
                b"\xe9",
                b"\xff",
                b"\xc3\xa9",
            ]
        ),
        st.sampled_from([CLEAN, CLEAN * 3, b"2024-01-01", b";;;;;\n", b'"x;\ny"', b"x" * 40, "é€".encode()]),
        st.binary(max_size=4),
    ),
    max_size=40,
).map(b"".join)


def account(path: Path) -> tuple[int, list[tuple[int, int]]]:
    delivery = read(path, kind="transport")
    covered: list[tuple[int, int]] = []
    read_in_all = 0
    for chunk in delivery.chunks():
        assert chunk.read == chunk.records.num_rows + len(chunk.rejects) + chunk.blank
        read_in_all += chunk.read
        covered += [(r.line_first, r.line_last) for r in chunk.rejects]
        first, last = (chunk.records.column(c).to_pylist() for c in ("line_first", "line_last"))
        covered += zip(first, last, strict=True)
    return read_in_all, sorted(covered)


@SETTINGS
@given(body=pieces)
def test_any_body_is_read_and_accounted_for(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "vervoer.csv"
    path.write_bytes(HEADER + body)
    _, covered = account(path)
    for (_, last), (first, _) in pairwise(covered):
        assert first > last, "two records claim one line"
    lines = len(decode_lines(HEADER + body, "latin-1")[0])
    assert all(2 <= first <= last <= lines for first, last in covered)


@SETTINGS
@given(content=st.one_of(st.binary(max_size=200), pieces))
def test_any_file_is_read_or_refused_with_a_source_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "levering.csv"
    path.write_bytes(content)
    try:
        delivery = read(path)
        for chunk in delivery.chunks():
            assert chunk.read == chunk.records.num_rows + len(chunk.rejects) + chunk.blank
    except SourceError as error:
        refusal = error.hint
    else:
        return
    assert refusal


@SETTINGS
@given(body=pieces, size=st.integers(1, 60))
def test_block_boundaries_change_nothing(tmp_path: Path, body: bytes, size: int) -> None:
    path = tmp_path / "vervoer.csv"
    path.write_bytes(HEADER + body)
    whole = account(path)
    with patch.object(csv_file, "CHUNK_RECORDS", 1), patch.object(csv_file, "_LARGEST_BLOCK", size):
        assert account(path) == whole


cells = st.text(st.sampled_from('ab1 \t"é;,\n\r-'), max_size=6)


@SETTINGS
@given(
    rows=st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8),
    quoting=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
    final=st.booleans(),
    encoding=st.sampled_from(["utf-8", "windows-1252"]),
)
def test_fast_gives_what_careful_gives(
    rows: list[list[str]], quoting: bool, end: str, final: bool, encoding: str
) -> None:
    if quoting:
        rows = [[f'"{cell}"' for cell in row] for row in rows]
    data = (end.join(";".join(row) for row in rows) + (end if final else "")).encode(encoding)
    layout = Layout(";", 3, 3, {"a": 0, "b": 1, "c": 2}, encoding)
    block = Block.of(data, 2)
    fast = read_fast(block, layout, repetitive=("b",))
    if fast is None:
        return
    careful = read_carefully(block, layout, iter(()))
    assert (fast.read, fast.blank) == (careful.read, careful.blank)
    assert careful.bad == []
    assert fast.line_first.tolist() == careful.line_first.tolist()
    assert fast.line_last.tolist() == careful.line_last.tolist()
    for key in layout.wanted:
        assert texts_of(fast.columns[key]).cast(pa.string()).equals(texts_of(careful.columns[key]))


@SETTINGS
@given(
    rows=st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters='";\r\n\0')), min_size=2, max_size=2
        ),
        min_size=1,
    )
)
def test_clean_blocks_are_taken_by_the_fast_reader(rows: list[list[str]]) -> None:
    data = "".join(";".join(row) + "\n" for row in rows).encode()
    assert read_fast(Block.of(data, 2), Layout(";", 2, 2, {"a": 0, "b": 1}, "utf-8")) is not None


@SETTINGS
@given(data=st.binary(max_size=120), size=st.integers(1, 30), limit=st.integers(5, 40))
def test_blocks_hold_every_line_once(tmp_path: Path, data: bytes, size: int, limit: int) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with patch("zorgdata.sources.text.MAX_LINE", limit):
        found = list(blocks(path, "utf-8", size))
    expected = decode_lines(data, "latin-1")[0]
    number = 1
    for block in found:
        assert block.first_line == number
        if not block.too_long:
            taken = decode_lines(block.data, "latin-1")[0]
            assert taken == expected[number - 1 : number - 1 + len(taken)]
            assert len(taken) == block.lines
        number += block.lines
    assert number == len(expected) + 1


@SETTINGS
@given(rows=st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), max_size=10))
def test_what_the_csv_module_writes_comes_back(rows: list[list[str]]) -> None:
    import csv
    import io

    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    text = buffer.getvalue()
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        return
    raw = read_carefully(
        Block.of(text.encode(), 2), Layout(";", 3, 3, {"a": 0, "b": 1, "c": 2}, "utf-8"), iter(())
    )
    swallowing = any(";" in cell and ("\n" in cell or "\r" in cell) for row in rows for cell in row)
    if swallowing:
        return
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    expected = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in kept]
    got = list(map(list, zip(*(raw.columns[key].to_pylist() for key in "abc"), strict=True)))
    assert got == expected
    assert raw.bad == []


def test_a_record_may_not_go_on_for_ever() -> None:
    assert csv_careful.MAX_RECORD_LINES == 1_000
    data = b'a;"b\n' + b"x;y\n" * 5_000 + b'c"\n'
    raw = read_carefully(Block.of(data, 2), Layout(";", 2, 2, {"a": 0}, "utf-8"), iter(()))
    assert [bad.first for bad in raw.bad] == [2, 5003]
    assert raw.records == 5_000
