"""Reports in a second language: the notation of numbers and dates, and labels of the catalogue.

Published displays are Dutch (``1.234,5``). In an English report the same digits stand as ``1,234.5``: nothing
is computed anew. Which language is spoken is known to the functions that print, for the time of one report.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Final

from zorgdata.disclosure.table import ProtectedTable, certify
from zorgdata.report.model import Figures, ReportInputs

DUTCH: Final = "nl"
ENGLISH: Final = "en"

_computed: ContextVar[set[str] | None] = ContextVar("computed", default=None)
_spoken: ContextVar[str] = ContextVar("language", default=DUTCH)
_NUMBER = re.compile(r"\d[\d.,]*")
_SWAP = str.maketrans(".,", ",.")


def spoken() -> str:
    """The language of the report that is being made."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything printed within speaks this language."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


@contextmanager
def noting() -> Iterator[set[str]]:
    """The numbers that a report made within brings itself: differences, medians, counts, marks of a scale,
    and those of fixed texts.

    Whoever reads a report back holds every other number against the protected table.
    """
    found: set[str] = set()
    token = _computed.set(found)
    try:
        yield found
    finally:
        _computed.reset(token)


def computed(text: str) -> str:
    """``text`` itself, noted as made from published figures."""
    if (found := _computed.get()) is not None:
        found.add(text)
    return text


def notation(text: str) -> str:
    """Numbers of a Dutch text as the spoken language writes them: ``1.234,5`` is ``1,234.5`` in English."""
    if spoken() == DUTCH:
        return text
    return _NUMBER.sub(lambda m: m.group().rstrip(".,").translate(_SWAP) + _tail(m.group()), text)


def _tail(number: str) -> str:
    """Full stops and commas behind a number belong to the sentence."""
    return number[len(number.rstrip(".,")) :]


def in_notation(table: ProtectedTable) -> ProtectedTable:
    """A protected table with its displays written as the spoken language does; the values stay."""
    if spoken() == DUTCH:
        return table
    return certify(table.audience, [replace(c, display=notation(c.display)) for c in table])


def translated(inputs: ReportInputs) -> ReportInputs:
    """Inputs whose displays are written as the spoken language does."""
    if spoken() == DUTCH:
        return inputs
    earlier = inputs.earlier and replace(inputs.earlier, figures=_figures(inputs.earlier.figures))
    return replace(inputs, figures=_figures(inputs.figures), earlier=earlier)


def _figures(figures: Figures) -> Figures:
    return Figures({k: replace(c, display=notation(c.display)) for k, c in figures.index.items()})
