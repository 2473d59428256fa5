"""Numbers, amounts and counts as deliveries write them.

``1.234,5``, ``1,234.5``, ``1234,5`` and ``1234.5`` are the same number. A lone point before three digits
(``1.234``) is a decimal point unless the file uses decimal commas; it is noted. Amounts are whole eurocents:
one with decimals is most likely in euros and is set aside, unless a profile says the column holds euros.
"""

import re
from decimal import Decimal
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.sources.distinct import Parsed, Typed, complete, matching
from zorgdata.sources.reasons import NoteCode, Reason

_DIGITS = 15  # what a double holds exactly
_NUMBER = re.compile(r"([+-]?)(€ ?)?(\d[\d.,' ]*|[.,]\d+)$")
_SUPPRESSED = re.compile(r"< ?\d+$")


def decimal(text: str, comma: bool | None = None) -> tuple[Decimal, bool] | None:
    """The number a text stands for, and whether its point could have meant thousands.

    ``comma`` tells that the file writes decimal commas (True), decimal points (False), or is not known.
    """
    found = _NUMBER.match(text.replace("\u00a0", " ").replace("\u2212", "-"))
    if not found:
        return None
    body = re.sub(r"[' ](?=\d{3}\b)", "", found[3])
    ambiguous = False
    commas, points = body.count(","), body.count(".")
    if commas and points:
        mark = "," if body.rfind(",") > body.rfind(".") else "."
    elif commas + points == 1:
        mark = "," if commas else "."
        grouped = re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", body) is not None
        if mark == "." and grouped:
            mark, ambiguous = ("", False) if comma else (".", comma is None)
        elif mark == "," and grouped and comma is False:
            mark = ""
    else:
        mark = ""
    whole, _, fraction = body.rpartition(mark) if mark else (body, "", "")
    if not re.fullmatch(r"\d+|[1-9]\d{0,2}([.,]\d{3})+|", whole) or not re.fullmatch(r"\d*", fraction):
        return None
    digits = re.sub("[.,]", "", whole)
    if len(digits) > _DIGITS or not (digits or fraction):
        return None
    return Decimal(f"{found[1]}{digits or 0}.{fraction or 0}"), ambiguous


def parse_decimal(text: str, comma: bool | None = None) -> Parsed:
    """A number with or without decimals."""
    found = decimal(text, comma)
    if found is None:
        return Parsed(reason=Reason.INVALID_NUMBER)
    return Parsed(float(found[0]), note=NoteCode.THOUSANDS_AMBIGUOUS if found[1] else None)


def parse_integer(text: str) -> Parsed:
    """A whole number; ``12,0`` is one. A count that the supplier hides (``<5``) is unknown, with a note."""
    if _SUPPRESSED.match(text):
        return Parsed(note=NoteCode.SUPPRESSED_VALUE)
    found = decimal(text, comma=_point_groups(text))
    if found is None or found[0] != int(found[0]):
        return Parsed(reason=Reason.INVALID_NUMBER)
    return Parsed(int(found[0]))


def _point_groups(text: str) -> bool:
    """Whole numbers have no decimals: a lone mark before three digits separates thousands."""
    return "." in text


def parse_cents(text: str) -> Parsed:
    """Whole eurocents. ``1.234`` is 1234; any decimals, even zeros, raise the suspicion of euros."""
    if re.search(r"[.,]\d{1,2}$", text):
        fine = decimal(text) is not None
        return Parsed(reason=Reason.CENTS_WITH_DECIMALS if fine else Reason.INVALID_NUMBER)
    found = decimal(text, comma=_point_groups(text))
    if found is None or found[0] != int(found[0]):
        return Parsed(reason=Reason.INVALID_NUMBER)
    return Parsed(int(found[0]))


def parse_euros(text: str, comma: bool | None = None) -> Parsed:
    """Euros into eurocents; more than two decimals that matter is no amount."""
    found = decimal(text, comma)
    if found is None or found[0] * 100 != int(found[0] * 100):
        return Parsed(reason=Reason.INVALID_NUMBER)
    return Parsed(int(found[0] * 100), note=NoteCode.THOUSANDS_AMBIGUOUS if found[1] else None)


def _plain(texts: pa.Array, pattern: str, type_: pa.DataType) -> tuple[pa.Array, np.ndarray]:
    shaped = matching(texts, pattern)
    chosen = texts if shaped.all() else pc.if_else(pa.array(shaped), texts, pa.scalar(None, pa.string()))
    return chosen.cast(type_), ~shaped


def decimals(texts: pa.Array, comma: bool | None = None) -> Typed:
    """Numbers of distinct texts."""
    values, todo = _plain(texts, rf"^-?\d{{1,{_DIGITS}}}(\.(\d{{1,2}}|\d{{4,8}}))?$", pa.float64())
    return complete(texts, values, todo, partial(parse_decimal, comma=comma), pa.float64())


def integers(texts: pa.Array) -> Typed:
    """Whole numbers of distinct texts."""
    values, todo = _plain(texts, rf"^-?\d{{1,{_DIGITS}}}$", pa.int64())
    return complete(texts, values, todo, parse_integer, pa.int64())


def cents(texts: pa.Array, euros: bool = False, comma: bool | None = None) -> Typed:
    """Amounts of distinct texts in eurocents."""
    if euros:
        nothing = pa.nulls(len(texts), pa.int64())
        everything = np.ones(len(texts), bool)
        return complete(texts, nothing, everything, partial(parse_euros, comma=comma), pa.int64())
    values, todo = _plain(texts, rf"^-?\d{{1,{_DIGITS}}}$", pa.int64())
    return complete(texts, values, todo, parse_cents, pa.int64())
