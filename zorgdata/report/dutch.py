"""Dates, periods and lists as a Dutch reader expects them: ``2024/'25``, ``1 oktober 2024``, ``a, b en c``.

Numbers are written as the disclosure room writes them, so that a figure looks the same in a table, a
sentence and an export. In an English report (:mod:`zorgdata.report.language`) all of it is English.
"""

import re
from collections.abc import Sequence
from datetime import date

from zorgdata.disclosure import notation as published
from zorgdata.report.language import DUTCH, computed, notation, spoken

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

MONTHS = {
    "nl": [
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
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_SMALL = {
    "nl": [
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
    ],
    "en": [
        "none",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ],
}


def number(value: float, decimals: int = 0) -> str:
    """``number(1234.5, 1)`` is ``1.234,5``."""
    return computed(notation(published.number(value, decimals)))


def percent(share: float, decimals: int = 0) -> str:
    """``percent(0.125, 1)`` is ``12,5 %``."""
    return computed(notation(published.percent(share, decimals)))


def euro(value: float) -> str:
    """``euro(1234)`` is ``€ 1.234``."""
    return computed(notation(published.euro(value)))


def day(value: date) -> str:
    """``1 oktober 2024``."""
    return f"{value.day} {MONTHS[spoken()][value.month - 1]} {value.year}"


def day_short(value: date) -> str:
    """``1 okt. 2024``; months of at most four letters stay whole."""
    month = MONTHS[spoken()][value.month - 1]
    if spoken() != DUTCH:
        return f"{value.day} {month[:3]} {value.year}"
    short = {"maart": "mrt."}.get(month, month if len(month) <= 4 else month[:3] + ".")
    return f"{value.day} {short} {value.year}"


def period(value: str) -> str:
    """A period of the contract in words; an unknown notation comes back as it is.

    ``2024-2025`` is the school year ``2024/'25``; ``2023..2024`` is 2023 up to and including 2024.
    """
    dutch = spoken() == DUTCH
    if m := re.fullmatch(r"(\d{4})-(\d{4})", value):
        return f"{m[1]}/'{m[2][2:]}" if dutch else f"{m[1]}/{m[2][2:]}"
    if m := re.fullmatch(r"(\d{4})\.\.(\d{4})", value):
        return f"{m[1]}–{m[2]}"
    if m := re.fullmatch(r"(\d{4})-Q([1-4])", value):
        return f"{m[2]}e kwartaal {m[1]}" if dutch else f"quarter {m[2]} of {m[1]}"
    if m := re.fullmatch(r"(\d{4})-H([12])", value):
        return f"{m[2]}e halfjaar {m[1]}" if dutch else f"half-year {m[2]} of {m[1]}"
    if m := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value):
        return day(date(int(m[1]), int(m[2]), int(m[3])))
    return value


def period_phrase(value: str) -> str:
    """The period inside a sentence: ``schooljaar 2024/'25``, or as :func:`period`."""
    word = "schooljaar" if spoken() == DUTCH else "school year"
    return f"{word} {period(value)}" if re.fullmatch(r"\d{4}-\d{4}", value) else period(value)


def enumeration(items: Sequence[str], last: str = "") -> str:
    """``a, b en c``."""
    last = last or ("en" if spoken() == DUTCH else "and")
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def count_word(value: int) -> str:
    """Small numbers in words (``drie``), others in digits."""
    words = _SMALL[spoken()]
    return words[value] if 0 <= value < len(words) else number(value)


def sentence_case(text: str) -> str:
    """First letter as a capital, the rest untouched."""
    return text[:1].upper() + text[1:]
