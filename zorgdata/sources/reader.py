"""From a path to a delivery: recognise what a file is and choose who reads it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from zorgdata.errors import SourceError
from zorgdata.sources.csv_file import CsvFile, open_csv
from zorgdata.sources.edexml import deliver_edexml, is_edexml
from zorgdata.sources.excel import deliver_workbook, find, is_workbook, open_book
from zorgdata.sources.headers import Mapped, Wish, choose, vocabulary
from zorgdata.sources.ijw_delivery import deliver_message, read_bundle
from zorgdata.sources.profiles import Profile, available
from zorgdata.sources.records import Bundle, Delivery, Recognition
from zorgdata.sources.text import open_binary
from zorgdata.sources.text_delivery import deliver
from zorgdata.sources.xml import SMALL, is_xml, open_document

_HEAD = 1024
_BUNDLE_FILES = 2_000
_BUNDLE_BYTES = 32 << 20

Profiles = Path | Sequence[Profile] | None

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


def _known(profiles: Profiles) -> Sequence[Profile]:
    """The profiles themselves, or those of a folder of own profiles and the shipped ones."""
    return available(profiles) if profiles is None or isinstance(profiles, Path) else profiles


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


def _open_text(path: Path, wish: Wish, profiles: Profiles) -> tuple[CsvFile, Mapped, float, str]:
    known = _known(profiles)
    file = open_csv(path, vocabulary(known))
    return file, *choose(path, file.cells, known, wish)


def recognise(path: str | Path, profiles: Profiles = None) -> Recognition:
    """What the file seems to be, from its header and content. ``profiles`` is a folder of own profiles."""
    path = Path(path)
    head = _refuse_other(path)
    if is_xml(head):
        delivery = _read_xml(path, None)
        return Recognition(delivery.kind, delivery.profile, 1.0, "de standaard zegt zelf wat het is")
    if is_workbook(head):
        wish = Wish(municipality="0000")
        found = find(path, open_book(path).sheets, _known(profiles), wish)
        kind, profile = found.mapped.kind.name, found.mapped.profile.name
        return Recognition(kind, profile, round(found.confidence, 2), found.reason)
    _, mapped, confidence, reason = _open_text(path, Wish(municipality="0000"), profiles)
    return Recognition(mapped.kind.name, mapped.profile.name, round(confidence, 2), reason)


def _read_xml(path: Path, municipality: str | None) -> Delivery:
    document = open_document(path)
    if document.name == "Bericht":
        return deliver_message(document, municipality)
    if is_edexml(document):
        return deliver_edexml(document)
    if "leerlinggegevens" in document.namespace:
        raise SourceError(
            f"{path.name} is UWLR.", "UWLR heeft geen gegevens om aan te koppelen; vraag om een Edexml."
        )
    raise SourceError(
        f"{path.name} is XML, maar geen iJw-bericht en geen Edexml.", "Controleer welk bestand dit is."
    )


def read(
    path: str | Path,
    kind: str | None = None,
    profile: str | None = None,
    municipality: str | None = None,
    profiles: Profiles = None,
    *,
    sheet: str | None = None,
) -> Delivery:
    """Open one file; kind and profile are recognised when not given.

    ``municipality`` is the code to use where the file names none. ``profiles`` is a folder of own
    profiles, which come beside the shipped ones, or the only profiles to know.
    ``sheet`` is the number or name of the worksheet to read.
    Raises SourceError when the file as a whole cannot be read.
    """
    path = Path(path)
    wish = Wish(kind, profile, municipality, sheet)
    head = _refuse_other(path)
    if is_workbook(head):
        return deliver_workbook(path, _known(profiles), wish)
    if is_xml(head):
        return _of_kind(_read_xml(path, wish.municipality), kind)
    file, mapped, _, _ = _open_text(path, wish, profiles)
    return deliver(file, mapped, wish.municipality)


def _of_kind(delivery: Delivery, kind: str | None) -> Delivery:
    """A standard says itself what it is; another wish is a mistake."""
    if kind is not None and kind != delivery.kind:
        raise SourceError(
            f"{delivery.path.name} bevat {delivery.kind}, niet {kind}.",
            "Laat --kind weg; het bestand zegt het zelf.",
        )
    return delivery


def read_many(
    paths: Iterable[str | Path],
    kind: str | None = None,
    profile: str | None = None,
    municipality: str | None = None,
    profiles: Profiles = None,
    *,
    sheet: str | None = None,
    contents: Mapping[Path, bytes] | None = None,
) -> Iterator[Bundle | tuple[Path, Delivery | SourceError]]:
    """Every file with its delivery, or with why it cannot be read, in the order given.

    Small iJw messages that follow one another come as bundles of at most a few thousand. ``contents`` are
    those of messages that were read already (see ``is_message``); others are opened.
    """
    wish = Wish(kind, profile, municipality)

    def one(path: Path) -> Delivery | SourceError:
        try:
            return read(path, kind, profile, municipality, profiles, sheet=sheet)
        except SourceError as error:
            return error

    known = contents or {}
    files = ((path, known.get(path) or _small_message(path)) for path in map(Path, paths))
    for small, group in groupby(files, lambda file: file[1] is not None):
        if not small:
            yield from ((path, one(path)) for path, _ in group)
            continue
        messages = ((path, content) for path, content in group if content is not None)
        for batch in _batches(messages):
            bundle = read_bundle(batch, wish.municipality)
            yield bundle if kind is None else _of_one_kind(bundle, kind)


def _batches(messages: Iterable[tuple[Path, bytes]]) -> Iterator[list[tuple[Path, bytes]]]:
    """Messages in lists of bounded length and size."""
    batch: list[tuple[Path, bytes]] = []
    size = 0
    for path, content in messages:
        batch.append((path, content))
        size += len(content)
        if len(batch) >= _BUNDLE_FILES or size >= _BUNDLE_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _small_message(path: Path) -> bytes | None:
    """The content of a file that may be read together with others: a message, and small."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            if not is_message(head):
                return None
            content = head + file.read(SMALL)
    except OSError:
        return None
    return content if len(content) <= SMALL else None


def is_message(content: bytes) -> bool:
    """Whether a file begins as an iJw message."""
    head = content[:_HEAD]
    return b"/ijw/" in head and is_xml(head)


def _of_one_kind(bundle: Bundle, kind: str) -> Bundle:
    """Without the messages that are of another kind than asked for."""
    files = tuple(
        (path, delivery if isinstance(delivery, SourceError) else _checked(delivery, kind))
        for path, delivery in bundle.files
    )
    return Bundle(files, tuple(part for part in bundle.parts if part.chunk.kind == kind))


def _checked(delivery: Delivery, kind: str) -> Delivery | SourceError:
    try:
        return _of_kind(delivery, kind)
    except SourceError as error:
        return error
