"""Columns that a profile derives from several delivered ones."""

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc
from stdnum.nl import onderwijsnummer

from zorgdata.sources.dates import parse_end_date


def _combined(parse: Callable[[list[str]], str], columns: list[pa.Array]) -> pa.Array:
    """``parse`` applied once to every distinct combination of texts."""
    texts = [column.cast(pa.string()).fill_null("") for column in columns]
    joined = pc.binary_join_element_wise(*texts, "\t").dictionary_encode()
    values = [parse([part.strip() for part in text.split("\t")]) for text in joined.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(joined.indices, pa.array(values, pa.string()))


def _po_type(parts: list[str]) -> str:
    sort, taught = (parts[0].upper(), parts[1].upper())
    if sort not in ("(V)SO", "SO/VSO", "SO", "VSO"):
        return sort
    kinds = {found[1] for found in re.finditer(r"(?:^|\+)\s*(V?SO)\b", taught)}
    kinds = kinds or {found[1] for found in re.finditer(r"\bRP-(V?SO)\b", taught)}
    if not kinds:
        return sort
    return "SO/VSO" if len(kinds) == 2 else kinds.pop()


def duo_po(columns: list[pa.Array]) -> pa.Array:
    """School type of a branch in DUO file 09.

    It writes ``(V)SO`` for special schools and tells in ONDERWIJS what is taught, as in
    ``SO ZMLK + VSO ZMLK + RP-SO ZMOK``; RP are residential places, which count only where nothing else does.
    """
    return _combined(_po_type, columns)


def first_filled(columns: list[pa.Array]) -> pa.Array:
    """The first of the columns that is filled, per record."""
    blank = [pc.equal(pc.utf8_trim_whitespace(column.cast(pa.string())), "") for column in columns]
    texts = [
        pc.if_else(empty, pa.scalar(None, pa.string()), column.cast(pa.string()))
        for column, empty in zip(columns, blank, strict=True)
    ]
    return pc.coalesce(*texts)


def _earliest(parts: list[str]) -> str:
    known = [(parse_end_date(part).value, part) for part in parts if part]
    real = sorted((value, part) for value, part in known if value)
    unread = [part for part in parts if part and parse_end_date(part).reason]
    return unread[0] if unread else real[0][1] if real else ""


def earliest(columns: list[pa.Array]) -> pa.Array:
    """The earliest of the dates that are filled; a text that is no date comes through, to be set aside."""
    return _combined(_earliest, columns)


def _bsn_of(parts: list[str]) -> str:
    digits = re.sub(r"\D", "", parts[0]).zfill(9)
    return "" if onderwijsnummer.is_valid(digits) else parts[0]


def bsn_of_pgn(columns: list[pa.Array]) -> pa.Array:
    """The BSN where a school's "persoonsgebonden nummer" is one.

    A pupil without a BSN has an education number instead, which never leads to care. It is left out, so that
    the pupil counts and may be found by birth date, sex and postcode; anything else comes through.
    """
    return _combined(_bsn_of, columns)


FUNCTIONS: dict[str, Callable[[list[pa.Array]], pa.Array]] = {
    "bsn_of_pgn": bsn_of_pgn,
    "duo_po": duo_po,
    "earliest": earliest,
    "first_filled": first_filled,
}
