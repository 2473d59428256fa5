"""XML without surprises: no entities, no network, no document type, bounded depth and text.

Small documents are parsed whole (twice as fast), large ones element by element in constant memory. What
libxml2 says about a broken document may quote it, so only its line number is passed on.
"""

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from zorgdata.errors import SourceError
from zorgdata.sources.text import open_binary

SMALL = 1 << 20
MAX_BYTES = 1 << 30

_HARDENED: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_PARSER = etree.XMLParser(**_HARDENED)


@lru_cache(maxsize=4096)
def local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag[tag.rfind("}") + 1 :]


def is_xml(head: bytes) -> bool:
    """Whether the first bytes of a file are those of an XML document."""
    start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return (
        start.startswith((b"<?xml", b"<!DOCTYPE", b"<!--"))
        or start[:4]
        in (
            b"\xff\xfe<\0",
            b"\xfe\xff\0<",
        )
        or (start[:1] == b"<" and b">" in start)
    )


def broken(path: Path, error: etree.XMLSyntaxError) -> SourceError:
    """The refusal of a document that is not well-formed."""
    line = error.lineno or 0
    return SourceError(
        f"{path.name}: geen geldige XML (regel {line}).", "Het bestand is beschadigd; vraag het opnieuw op."
    )


def _refuse_doctype(path: Path, element: Any) -> None:
    info = element.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise SourceError(
            f"{path.name} heeft een documenttype (DOCTYPE); dat wordt geweigerd.",
            "Berichten en leerlinglijsten hebben dat niet. Vraag het bestand opnieuw op.",
        )


@dataclass(frozen=True)
class Document:
    """A document of which the root is known; a small one is already parsed."""

    path: Path
    namespace: str
    name: str
    tree: Any = None

    def elements(self, *names: str) -> Iterator[Any]:
        """The elements with these local names, in the order of the document (nested ones may come first).

        Of a large document each element is emptied once the next is asked for.
        """
        tags = tuple("{*}" + name for name in names)
        if self.tree is not None:
            yield from self.tree.iter(*tags)
            return
        try:
            with open_binary(self.path) as file:
                yield from _streamed(self.path, file, tags)
        except etree.XMLSyntaxError as error:
            raise broken(self.path, error) from None


def parse(path: Path, content: bytes) -> Document:
    """A small document of which the content was read already."""
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as error:
        raise broken(path, error) from None
    return _document(path, root, root)


def open_document(path: Path) -> Document:
    """The document in a file; SourceError when it is broken, too large or has a document type."""
    with open_binary(path) as file:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise SourceError(f"{path.name} is groter dan 1 GB.", "Lever het bestand in delen.")
        if size <= SMALL:
            return parse(path, file.read())
        try:
            root = next(etree.iterparse(file, events=("start",), **_HARDENED))[1]
        except etree.XMLSyntaxError as error:
            raise broken(path, error) from None
        return _document(path, root, None)


def _document(path: Path, root: Any, tree: Any) -> Document:
    _refuse_doctype(path, root)
    namespace, _, name = root.tag.rpartition("}")
    return Document(path, namespace.removeprefix("{"), name, tree)


def _streamed(path: Path, file: io.BufferedReader, tags: tuple[str, ...]) -> Iterator[Any]:
    checked = False
    for _, element in etree.iterparse(file, events=("end",), tag=tags, **_HARDENED):
        if not checked:
            _refuse_doctype(path, element)
            checked = True
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def flat(element: Any, only: Collection[str] = ()) -> dict[str, str]:
    """Texts of an element's children by local name, and of theirs as ``Child/Grandchild``.

    With ``only``, of the children with these names.
    """
    found: dict[str, str] = {}
    for child in element:
        name = local(child.tag)
        if only and name not in only:
            continue
        inner = None
        for inner in child:
            found[_joined(name, inner.tag)] = inner.text or ""
        if inner is None:
            found[name] = child.text or ""
    return found


@lru_cache(maxsize=4096)
def _joined(name: str, tag: str) -> str:
    return f"{name}/{local(tag)}"
