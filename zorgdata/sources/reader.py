"""From a path to a delivery: recognise what a file is and choose who reads it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from zorgdata.errors import SourceError
from zorgdata.sources.csv_file import CsvFile, open_csv
from zorgdata.sources.headers import Mapped, Wish, choose, vocabulary
from zorgdata.sources.profiles import available
from zorgdata.sources.records import Delivery, Recognition
from zorgdata.sources.text import open_binary
from zorgdata.sources.text_delivery import deliver

_REFUSED = {
    b"%PDF": "een PDF",
    b"\x1f\x8b": "een gzip-archief",
    b"PAR1": "een Parquet-bestand",
    b"7z\xbc\xaf": "een 7z-archief",
    b"Rar!": "een RAR-archief",
    b"\x89PNG": "een afbeelding",
    b"\xff\xd8\xff": "een afbeelding",
    b"{\\rtf": "een RTF-document",
    b"\x7fELF": "een programma",
    b"MZ": "een programma",
}


def _refuse_other(path: Path) -> bytes:
    """The first bytes of the file; SourceError for what is certainly no delivery."""
    with open_binary(path) as file:
        head = file.read(4096)
    if not head:
        raise SourceError(f"{path.name} is leeg.", "Controleer de export.")
    for magic, what in _REFUSED.items():
        if head.startswith(magic):
            raise SourceError(f"{path.name} is {what}.", "Lever tekst (CSV), een rekenblad of XML.")
    return head


def _open_text(path: Path, wish: Wish, profiles: Path | None) -> tuple[CsvFile, Mapped, float, str]:
    known = available(profiles)
    file = open_csv(path, vocabulary(known))
    return file, *choose(path, file.cells, known, wish)


def recognise(path: str | Path, profiles: Path | None = None) -> Recognition:
    """What the file seems to be, from its header and content. ``profiles`` is a folder of own profiles."""
    path = Path(path)
    _refuse_other(path)
    _, mapped, confidence, reason = _open_text(path, Wish(municipality="0000"), profiles)
    return Recognition(mapped.kind.name, mapped.profile.name, round(confidence, 2), reason)


def read(
    path: str | Path,
    kind: str | None = None,
    profile: str | None = None,
    municipality: str | None = None,
    profiles: Path | None = None,
) -> Delivery:
    """Open one file; kind and profile are recognised when not given.

    ``municipality`` is the code to use where the file names none. ``profiles`` is a folder of own profiles.
    Raises SourceError when the file as a whole cannot be read.
    """
    path = Path(path)
    _refuse_other(path)
    file, mapped, _, _ = _open_text(path, Wish(kind, profile, municipality), profiles)
    return deliver(file, mapped, municipality)


def read_many(
    paths: Iterable[str | Path],
    kind: str | None = None,
    profile: str | None = None,
    municipality: str | None = None,
    profiles: Path | None = None,
) -> Iterator[Delivery | SourceError]:
    """One delivery per file, in the order given; small iJw messages are read in batches."""
    for path in paths:
        try:
            yield read(path, kind, profile, municipality, profiles)
        except SourceError as error:
            yield error
