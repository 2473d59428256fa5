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

from zorgdata.report.model import Figures, ReportInputs

DUTCH: Final = "nl"
ENGLISH: Final = "en"

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


def notation(text: str) -> str:
    """Numbers of a Dutch text as the spoken language writes them: ``1.234,5`` is ``1,234.5`` in English."""
    if spoken() == DUTCH:
        return text
    return _NUMBER.sub(lambda m: m.group().rstrip(".,").translate(_SWAP) + _tail(m.group()), text)


def _tail(number: str) -> str:
    """Full stops and commas behind a number belong to the sentence."""
    return number[len(number.rstrip(".,")) :]


def translated(inputs: ReportInputs) -> ReportInputs:
    """Inputs whose displays are written as the spoken language does."""
    if spoken() == DUTCH:
        return inputs
    earlier = inputs.earlier and replace(inputs.earlier, figures=_figures(inputs.earlier.figures))
    return replace(inputs, figures=_figures(inputs.figures), earlier=earlier)


def _figures(figures: Figures) -> Figures:
    return Figures({k: replace(c, display=notation(c.display)) for k, c in figures.index.items()})
