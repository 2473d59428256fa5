"""From a path to a delivery: recognise what a file is and choose who reads it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from zorgdata.errors import SourceError
from zorgdata.sources.records import Delivery, Recognition


def recognise(path: str | Path) -> Recognition:
    """What the file seems to be, from its header and content."""
    raise SourceError(f"{Path(path).name}: nog niet leesbaar")


def read(
    path: str | Path,
    kind: str | None = None,
    profile: str | None = None,
    municipality: str | None = None,
) -> Delivery:
    """Open one file; kind and profile are recognised when not given. Raises SourceError."""
    raise SourceError(f"{Path(path).name}: nog niet leesbaar")


def read_many(
    paths: Iterable[str | Path],
    kind: str | None = None,
    profile: str | None = None,
    municipality: str | None = None,
) -> Iterator[Delivery | SourceError]:
    """One delivery per file, in the order given; small iJw messages are read in batches."""
    for path in paths:
        try:
            yield read(path, kind, profile, municipality)
        except SourceError as error:
            yield error
