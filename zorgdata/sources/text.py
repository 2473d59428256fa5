"""Bytes of a text file into blocks of whole lines: encoding, byte order marks, physical line numbers.

Every block is UTF-8 or windows-1252 (UTF-16 is transcoded on the way), ends at a line end and knows the
number of its first line. Memory is constant: a line beyond ``MAX_LINE`` bytes is skipped and reported.
A line ends at CR LF, LF or CR, as an editor counts them.
"""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zorgdata.errors import SourceError

SAMPLE = 1 << 20
MAX_LINE = 16 << 20

UTF8 = "utf-8"
WINDOWS_1252 = "windows-1252"

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Block:
    """Whole lines as bytes, how many there are, and whether a CR without LF ends one of them.

    ``too_long`` marks a single line that was skipped for its length.
    """

    data: bytes
    first_line: int
    lines: int
    lone_cr: bool = False
    too_long: bool = False

    @classmethod
    def of(cls, data: bytes, first_line: int) -> "Block":
        """A block of these bytes: CR LF counts once, and so does a last line without an end."""
        lines = data.count(b"\n") + (1 if data[-1:] not in (b"\n", b"\r", b"") else 0)
        lone = data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else 0
        return cls(data, first_line, lines + lone, lone > 0)


def open_binary(path: Path) -> io.BufferedReader:
    """Open a file for reading, or say in the user's words why that fails."""
    try:
        if path.is_dir():
            raise SourceError(f"{path.name} is een map.", "Geef een bestand op.")
        return path.open("rb")
    except FileNotFoundError:
        raise SourceError(f"{path.name} bestaat niet.", "Controleer de naam en de map.") from None
    except OSError as error:
        raise SourceError(
            f"{path.name} kan niet worden gelezen.",
            f"Controleer de rechten ({error.strerror or 'onbekend'}).",
        ) from None


def detect_encoding(path: Path) -> str:
    """``utf-8``, ``utf-8-sig``, ``utf-16-le``, ``utf-16-be`` or ``windows-1252``.

    Without a byte order mark the first megabyte decides: UTF-8 unless more lines break UTF-8 than use it
    beyond ASCII. UTF-16 without a mark and UTF-32 are refused.
    """
    with open_binary(path) as file:
        sample = file.read(SAMPLE)
    for bom, name in _BOMS:
        if sample.startswith(bom):
            if name == "utf-32":
                raise SourceError(f"{path.name} is UTF-32.", "Bewaar het bestand als UTF-8.")
            return name
    head = sample[:4096]
    if len(head) >= 16 and (not head[::2].strip(b"\0") or not head[1::2].strip(b"\0")):
        raise SourceError(f"{path.name} is UTF-16 zonder kenmerk.", "Bewaar het bestand als UTF-8.")
    if sample.isascii():
        return UTF8
    valid = invalid = 0
    for line in sample[: sample.rfind(b"\n") + 1 or None].splitlines():
        if not line.isascii():
            try:
                line.decode(UTF8)
                valid += 1
            except UnicodeDecodeError:
                invalid += 1
    return UTF8 if valid >= invalid else WINDOWS_1252


def content_encoding(encoding: str) -> str:
    """The encoding of the blocks of a file in ``encoding``."""
    return WINDOWS_1252 if encoding == WINDOWS_1252 else UTF8


def _pieces(file: io.BufferedReader, encoding: str, size: int) -> Iterator[bytes]:
    """The file without its mark, in pieces, UTF-16 turned into UTF-8."""
    if encoding == "utf-8-sig":
        file.read(len(codecs.BOM_UTF8))
    if not encoding.startswith("utf-16"):
        while piece := file.read(size):
            yield piece
        return
    file.read(2)
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    while piece := file.read(size):
        yield decoder.decode(piece).encode(UTF8)
    yield decoder.decode(b"", final=True).encode(UTF8)


def _last_line_end(data: bytes) -> int:
    """Where the last complete line ends; a final CR may be half of CR LF and does not count."""
    return max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) - 1)) + 1


def blocks(path: Path, encoding: str, size: int = 8 << 20) -> Iterator[Block]:
    """The file as blocks of whole lines of about ``size`` bytes."""
    line = 1
    rest = b""
    skipping = False
    with open_binary(path) as file:
        for piece in _pieces(file, encoding, size):
            data = rest + piece
            cut = _last_line_end(data)
            if skipping and cut:
                start = _first_line_end(data)
                data, cut, skipping = data[start:], cut - start, False
            if cut > 0:
                block = Block.of(data[:cut], line)
                yield block
                line += block.lines
            rest = data[cut:]
            if skipping:
                rest = rest[-1:]
            elif len(rest) > MAX_LINE:
                yield Block(b"", line, 1, too_long=True)
                line, rest, skipping = line + 1, rest[-1:], True
    if rest and not skipping:
        yield Block.of(rest, line)


def _first_line_end(data: bytes) -> int:
    """Where the first line of ``data`` ends."""
    newline, ret = data.find(b"\n"), data.find(b"\r")
    if ret >= 0 and (newline < 0 or ret < newline):
        return ret + (2 if newline == ret + 1 else 1)
    return newline + 1


def decode_lines(data: bytes, encoding: str) -> tuple[list[str], list[int], list[int]]:
    """Lines with ``\\n`` at their end, and the indexes of lines that were repaired.

    The first list of indexes are lines outside the file's encoding, read as windows-1252; the second are
    lines with a byte that windows-1252 does not know either: that character becomes U+FFFD.
    """
    odd: list[int] = []
    lost: list[int] = []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        lines = []
        for i, line in enumerate(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")):
            try:
                lines.append(line.decode(encoding))
            except UnicodeDecodeError:
                odd.append(i)
                lines.append(line.decode(WINDOWS_1252, errors="replace"))
                if "\ufffd" in lines[-1]:
                    lost.append(i)
        text = "\n".join(lines)
        if encoding == WINDOWS_1252:
            odd = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return list(io.StringIO(text)), odd, lost
