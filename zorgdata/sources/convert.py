"""A text column into a typed column, by the type its kind declares."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.sources import codes, dates, numbers
from zorgdata.sources.distinct import REASON_NUMBER, Typed
from zorgdata.sources.kinds import Column, Kind, Type
from zorgdata.sources.reasons import Reason
from zorgdata.sources.records import arrow_type

MAX_VALUE = 1_000

# One text per record or nearly so: collecting distinct values would cost more than it saves.
_MOSTLY_DISTINCT = frozenset({Type.BSN, Type.NAME, Type.PUPIL_NUMBER, Type.WORKER, Type.TEXT})


@dataclass(frozen=True)
class Style:
    """How a file writes dates and numbers where texts alone cannot tell.

    ``date_order`` (dmy, mdy) allows slashes and dots; ``comma`` says decimals follow a comma; ``euros``
    that amounts are in euros.
    """

    date_order: str = ""
    comma: bool | None = None
    euros: bool = False


def repetitive(kind: Kind) -> frozenset[str]:
    """Columns worth reading dictionary-encoded."""
    return frozenset(c.name for c in kind.columns if c.type not in _MOSTLY_DISTINCT)


def texts_of(column: pa.Array) -> pa.Array:
    """A column of text as trimmed text, dictionary-encoded or not; empty is null."""
    if pa.types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices, codes.trimmed(column.dictionary))
    return codes.trimmed(column)


def present(texts: pa.Array) -> np.ndarray:
    """Which records have a text."""
    valid = texts.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_dictionary(texts.type) and texts.dictionary.null_count:
        named = texts.dictionary.is_valid().to_numpy(zero_copy_only=False)
        valid = valid & named[texts.indices.fill_null(0).to_numpy()]
    return np.asarray(valid, bool)


def _interpret(column: Column, texts: pa.Array, style: Style) -> Typed:
    """Typed values of texts without nulls."""
    match column.type:
        case Type.DATE:
            return dates.dates(texts, style.date_order)
        case Type.END_DATE:
            return dates.end_dates(texts, style.date_order)
        case Type.BIRTH_DATE:
            return dates.birth_dates(texts, style.date_order)
        case Type.TIME:
            return dates.times(texts)
        case Type.INTEGER:
            return numbers.integers(texts)
        case Type.DECIMAL:
            return numbers.decimals(texts, style.comma)
        case Type.CENTS:
            return numbers.cents(texts, style.euros, style.comma)
        case Type.SEX:
            return codes.sexes(texts)
        case Type.FLAG:
            return codes.flags(texts)
        case Type.CHOICE:
            return codes.choices_of(texts, column.choices)
        case Type.BSN:
            return codes.bsns(texts)
        case Type.POSTCODE:
            return codes.postcodes(texts)
        case Type.CODE if column.name.endswith("school_id"):
            return codes.schools(texts)
        case Type.CODE:
            return codes.codes(texts, column.width)
        case Type.TEXT | Type.PUPIL_NUMBER | Type.WORKER:
            return codes.plain_texts(texts)
        case _:
            return Typed(texts)


def _length(texts: pa.Array) -> int:
    """Length in bytes of the longest text."""
    return pc.max(pc.binary_length(texts)).as_py() or 0


def convert(column: Column, texts: pa.Array, style: Style) -> Typed:
    """Typed values of a column of trimmed texts (null: no text); null stays null."""
    if texts.null_count == len(texts) and not pa.types.is_dictionary(texts.type):
        return Typed(pa.nulls(len(texts), arrow_type(column.type)))
    if column.type in _MOSTLY_DISTINCT and not pa.types.is_dictionary(texts.type):
        return _refuse_long(texts, _nulls_aside(column, texts, style))
    encoded = texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()
    dictionary = encoded.dictionary
    typed = _refuse_long(dictionary, _nulls_aside(column, dictionary, style))
    return typed.spread(encoded.indices)


def _nulls_aside(column: Column, texts: pa.Array, style: Style) -> Typed:
    """As ``_interpret`` for texts that may hold nulls."""
    if not texts.null_count:
        return _interpret(column, texts, style)
    valid = texts.is_valid()
    places = pc.if_else(valid, pc.subtract(pc.cumulative_sum(valid.cast(pa.int64())), 1), None)
    return _interpret(column, texts.drop_null(), style).spread(places)


def _refuse_long(texts: pa.Array, typed: Typed) -> Typed:
    """Set aside texts longer than ``MAX_VALUE`` characters: columns have slipped, or worse."""
    if _length(texts) <= MAX_VALUE:
        return typed
    long = pc.fill_null(pc.greater(pc.utf8_length(texts), MAX_VALUE), False).to_numpy(zero_copy_only=False)
    if long.any():
        reasons = np.zeros(len(texts), np.uint8) if typed.reasons is None else typed.reasons
        typed.reasons = np.where(long, REASON_NUMBER[Reason.VALUE_TOO_LONG], reasons).astype(np.uint8)
    return typed
