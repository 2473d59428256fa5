"""Dates, periods and lists as a Dutch reader expects them: ``2024/'25``, ``1 oktober 2024``, ``a, b en c``.

Numbers are written as the disclosure room writes them, so that a figure looks the same in a table, a
sentence and an export.
"""

import re
from collections.abc import Sequence
from datetime import date

from zorgdata.disclosure.notation import euro, number, percent

__all__ = [
    "count_word",
    "day",
    "day_short",
    "enumeration",
    "euro",
    "number",
    "percent",
    "period",
    "period_phrase",
    "sentence_case",
]

MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_SMALL = (
    "nul",
    "één",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
)


def day(value: date) -> str:
    """``1 oktober 2024``."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def day_short(value: date) -> str:
    """``1 okt. 2024``; months of at most four letters stay whole."""
    month = MONTHS[value.month - 1]
    short = {"maart": "mrt."}.get(month, month if len(month) <= 4 else month[:3] + ".")
    return f"{value.day} {short} {value.year}"


def period(value: str) -> str:
    """A period of the contract in words; an unknown notation comes back as it is.

    ``2024-2025`` is the school year ``2024/'25``; ``2023..2024`` is 2023 up to and including 2024.
    """
    if m := re.fullmatch(r"(\d{4})-(\d{4})", value):
        return f"{m[1]}/'{m[2][2:]}"
    if m := re.fullmatch(r"(\d{4})\.\.(\d{4})", value):
        return f"{m[1]}–{m[2]}"
    if m := re.fullmatch(r"(\d{4})-Q([1-4])", value):
        return f"{m[2]}e kwartaal {m[1]}"
    if m := re.fullmatch(r"(\d{4})-H([12])", value):
        return f"{m[2]}e halfjaar {m[1]}"
    if m := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value):
        return day(date(int(m[1]), int(m[2]), int(m[3])))
    return value


def period_phrase(value: str) -> str:
    """The period inside a sentence: ``schooljaar 2024/'25``, or as :func:`period`."""
    return f"schooljaar {period(value)}" if re.fullmatch(r"\d{4}-\d{4}", value) else period(value)


def enumeration(items: Sequence[str], last: str = "en") -> str:
    """``a, b en c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def count_word(value: int) -> str:
    """Small numbers in words (``drie``), others in digits."""
    return _SMALL[value] if 0 <= value < len(_SMALL) else number(value)


def sentence_case(text: str) -> str:
    """First letter as a capital, the rest untouched."""
    return text[:1].upper() + text[1:]
