"""Dates, birth dates and times as deliveries write them.

Understood: ``jjjj-mm-dd`` (also with slashes: what begins with the year ends with the day), ``dd-mm-jjjj``,
both also with one digit, ``jjjjmmdd``, a day number of Excel, each with or without a time behind it. Other
dates with slashes or dots only when a profile says which part is the day: guessing would silently swap days
and months of one record in three.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.sources.distinct import Mask, Parsed, Typed, complete, matching
from zorgdata.sources.reasons import NoteCode, Reason

FIRST_YEAR, LAST_YEAR = 1900, 2100  # the last is out of range for a date, and an open end for an end date

_TIME = re.compile(r"[T ](\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)(?:Z|[+-]\d{2}:?\d{2})?$")
_MIDNIGHT = re.compile(r"0?0:00(:00([.,]0+)?)?$")
_YMD = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})$")
_DMY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_OTHER = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")
_SERIAL = re.compile(r"([2-7]\d{4})(\.\d+)?$")
_SERIAL_ZERO = date(1899, 12, 30)

_DAYS_IN_MONTH = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_DAYS_BEFORE_MONTH = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])


def parts(text: str, order: str = "") -> tuple[int, int, int, NoteCode | None] | None:
    """Year, month and day as written (not yet a date); None when the text has no known form.

    ``order`` is ``dmy`` or ``mdy`` for dates with slashes or dots, else these are not understood.
    """
    note: NoteCode | None = None
    if found := _TIME.search(text):
        text = text[: found.start()]
        note = None if _MIDNIGHT.match(found[1]) else NoteCode.TIME_REMOVED
    if found := _YMD.match(text):
        return int(found[1]), int(found[3]), int(found[4]), note
    if found := _COMPACT.match(text):
        return int(found[1]), int(found[2]), int(found[3]), note
    if found := _DMY.match(text):
        return int(found[3]), int(found[2]), int(found[1]), note
    if order and (found := _OTHER.match(text)):
        first, second = int(found[1]), int(found[2])
        return (
            (int(found[3]), second, first, note) if order == "dmy" else (int(found[3]), first, second, note)
        )
    if found := _SERIAL.match(text):
        day = _SERIAL_ZERO + timedelta(days=int(found[1]))
        return day.year, day.month, day.day, NoteCode.EXCEL_SERIAL_DATE
    return None


@lru_cache(maxsize=1 << 16)
def parse_date(text: str, order: str = "") -> Parsed:
    """A date; 2027-06-31 does not exist, a year before 1900 or from 2100 on is out of range."""
    found = parts(text, order)
    if found is None:
        return Parsed(reason=Reason.UNKNOWN_DATE_FORM)
    year, month, day, note = found
    try:
        value = date(year, month, day)
    except ValueError:
        return Parsed(reason=Reason.INVALID_DATE)
    if not FIRST_YEAR <= year < LAST_YEAR:
        return Parsed(reason=Reason.DATE_OUT_OF_RANGE)
    return Parsed(value, note=note)


@lru_cache(maxsize=1 << 16)
def parse_end_date(text: str, order: str = "") -> Parsed:
    """As a date; from 2100 on (31-12-9999, 01-01-2100) and all zeros mean an open end, which is null."""
    found = parts(text, order)
    if found and (found[0] >= LAST_YEAR or found[:3] == (0, 0, 0)):
        _, month, day, _ = found
        real = month <= 12 and day <= 31 and (month > 0) == (day > 0)
        return Parsed(note=NoteCode.OPEN_END) if real else Parsed(reason=Reason.INVALID_DATE)
    return parse_date(text, order)


@lru_cache(maxsize=1 << 16)
def parse_birth_date(text: str, order: str = "") -> Parsed:
    """A birth date; unknown parts are ``00``.

    An unknown day gives the first of the month with a note (the month is all that is stored); an unknown
    month or year, or 1900-01-01 (the sign for an unknown date in iJw), gives null with a note.
    """
    found = parts(text, order)
    unknown = Parsed(note=NoteCode.BIRTH_DATE_INCOMPLETE)
    if set(text) <= set("0-"):
        return unknown
    if found:
        year, month, day, _ = found
        if (year, month, day) == (1900, 1, 1) or (month == 0 and day == 0):
            return unknown
        if day == 0:
            whole = parse_date(f"{year:04}-{month:02}-01")
            return whole if whole.reason else Parsed(whole.value, note=NoteCode.BIRTH_DATE_INCOMPLETE)
    return parse_date(text, order)


def _plain(texts: pa.Array) -> tuple[pa.Array, Mask]:
    """Dates written ``jjjj-mm-dd`` (1901 to 2099), and which texts are not such a date."""
    shaped = matching(texts, r"^(19|20)\d\d-\d\d-\d\d$")
    chosen = texts if shaped.all() else texts.filter(pa.array(shaped))
    year, month, day = (
        pc.utf8_slice_codeunits(chosen, start, stop).cast(pa.int32()).to_numpy()
        for start, stop in ((0, 4), (5, 7), (8, 10))
    )
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    at = np.clip(month, 0, 12)
    length = _DAYS_IN_MONTH[at] + ((month == 2) & leap)
    exists = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length) & (year > FIRST_YEAR)
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    days = days + _DAYS_BEFORE_MONTH[at] + ((month > 2) & leap) + day - 719163
    values = np.zeros(len(texts), np.int32)
    values[shaped] = np.where(exists, days, 0)
    good = shaped.copy()
    good[shaped] = exists
    return pa.array(values, pa.int32(), mask=~good).view(pa.date32()), ~good


def _dates(texts: pa.Array, parse: Callable[..., Parsed], order: str) -> Typed:
    values, todo = _plain(texts)
    return complete(texts, values, todo, partial(parse, order=order), pa.date32())


def dates(texts: pa.Array, order: str = "") -> Typed:
    """Dates of distinct texts."""
    return _dates(texts, parse_date, order)


def end_dates(texts: pa.Array, order: str = "") -> Typed:
    """End dates of distinct texts; an open end is null."""
    return _dates(texts, parse_end_date, order)


def birth_dates(texts: pa.Array, order: str = "") -> Typed:
    """Birth dates of distinct texts."""
    return _dates(texts, parse_birth_date, order)


_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?(?:Z|[+-]\d{2}:?\d{2})?$")


def parse_time(text: str) -> Parsed:
    """A time of day; value in microseconds since midnight. A zone behind it is dropped, as iJw has none."""
    if behind := _TIME.search(text):  # a date before it
        text = behind[1]
    found = _CLOCK.match(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return Parsed(reason=Reason.INVALID_TIME)
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)
    return Parsed(seconds * 1_000_000 + int((found[4] or "").ljust(6, "0")))


def times(texts: pa.Array) -> Typed:
    """Times of day of distinct texts."""
    shaped = matching(texts, r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$")
    plain = pc.if_else(pa.array(shaped), texts, "00:00:00")
    hours, minutes, seconds = (
        pc.utf8_slice_codeunits(plain, start, start + 2).cast(pa.int64()).to_numpy() for start in (0, 3, 6)
    )
    values = pa.array((hours * 3600 + minutes * 60 + seconds) * 1_000_000)
    typed = complete(texts, values, ~shaped, parse_time, pa.int64())
    return Typed(typed.values.cast(pa.time64("us")), typed.reasons, typed.notes)
