"""Rows of totals, averages and closing words, which exports put among and under their records."""

import csv
import re
from collections.abc import Sequence

_TOTAL = r"(?:eind|sub|generaal |grand )?tota(?:a)?l(?:en|s)?"
_START = re.compile(
    rf"[\s;,|\"']*(?:{_TOTAL}|som|sum|gemiddelde?|aantal|einde?)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(rf"{_TOTAL}\s*:?$", re.IGNORECASE)
_BEGIN = re.compile(
    rf"(?:{_TOTAL}\b|(?:som|sum|gemiddelde?)(?:\s+van\b.*|\s*:?)$"
    r"|aantal (?:records|regels|rijen|cli[eë]nten|leerlingen|indicaties|toewijzingen)\b"
    r"|einde? (?:van )?(?:het |de )?(?:overzicht|rapport|bestand|lijst|export)\b)",
    re.IGNORECASE,
)


def is_total(cells: Sequence[str], width: int = 0) -> bool:
    """Whether a row that is no good record is a row of totals.

    Its first filled cell says so. A cell that says more than the one word (``Totaal 2024``, ``Totaal binnen
    geldigheidsduur``) counts only in a row of which at most half of the ``width`` cells is filled.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return False
    if _WHOLE.match(filled[0]):
        return True
    return bool(_BEGIN.match(filled[0])) and 2 * len(filled) <= max(width, len(cells), 2)


def may_be_total(text: str) -> bool:
    """Whether a first cell, or a whole line, begins as a row of totals does; quick."""
    return _START.match(text) is not None


def is_total_line(text: str, separator: str, width: int = 0) -> bool:
    """As ``is_total`` for a line of a delimited file; quick for lines that begin with other words."""
    if not may_be_total(text):
        return False
    row = next(csv.reader([text], delimiter=separator, skipinitialspace=True), [])
    return is_total(row, width)
