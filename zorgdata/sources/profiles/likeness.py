"""How much a delivered column is like a column of the contract, by its name and by its values."""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher
from types import MappingProxyType

import pyarrow as pa
from stdnum.nl import bsn

from zorgdata.sources.convert import Style, convert
from zorgdata.sources.extras import suspicious
from zorgdata.sources.kinds import IDENTIFYING, Column, Kind, Type
from zorgdata.sources.profiles import Profile, header_key

THRESHOLD = 0.6
_BY_NAME = 0.8  # what an equal name is worth when the values are not understood
_BY_VALUES = 0.65  # what a column is worth whose values speak and whose name does not
_GENERAL = frozenset(
    {"datum", "naam", "soort", "status", "aantal", "code", "nummer", "start", "einde", "per"}
)
_FEW = 3  # fewer values prove nothing
_SPEAKS_FOR_ITSELF = frozenset(
    {Type.BSN, Type.DATE, Type.END_DATE, Type.BIRTH_DATE, Type.TIME, Type.POSTCODE, Type.SEX, Type.FLAG}
)
_SHORT = {
    "nr": "nummer",
    "no": "nummer",
    "num": "nummer",
    "dtm": "datum",
    "dat": "datum",
    "geb": "geboorte",
    "gem": "gemeente",
    "gmt": "gemeente",
    "cat": "categorie",
    "prod": "product",
    "toew": "toewijzing",
    "toewijz": "toewijzing",
    "beschikking": "toewijzing",
    "beschikkings": "toewijzing",
    "besch": "toewijzing",
    "aanb": "aanbieder",
    "zorgaanbieder": "aanbieder",
    "aant": "aantal",
    "freq": "frequentie",
    "ingang": "ingangs",
    "pc": "postcode",
    "ref": "referentie",
    "eenh": "eenheid",
}
_PATTERNS: dict[Type, Callable[[str], bool]] = {
    Type.BSN: lambda text: bsn.is_valid(text) and re.fullmatch(r"\d{8,9}(\.0)?", text) is not None,
    Type.POSTCODE: re.compile(r"[1-9]\d{3} ?[A-Za-z]{2}").fullmatch,  # type: ignore[dict-item]
    Type.SCHOOL_PART: re.compile(r"\d{2}[A-Za-z]{2}").fullmatch,  # type: ignore[dict-item]
    Type.SEX: re.compile(r"(?i)m|v|man|vrouw|jongen|meisje").fullmatch,  # type: ignore[dict-item]
}


def names_of(kind: Kind, profiles: Iterable[Profile]) -> Mapping[str, set[str]]:
    """What each column of a kind is called, in the contract and in the profiles."""
    found = {column.name: {header_key(column.header)} for column in kind.columns}
    for profile in profiles:
        if profile.kind is kind:
            for key, name in profile.columns.items():
                found[name].add(key)
    return found


def written_out(key: str) -> str:
    """A header key without punctuation and with its common abbreviations written out."""
    words = [word for word in re.split(r"[^0-9a-zà-ÿ]+", key) if word]
    whole = "".join(_SHORT.get(word, word) for word in words)
    return re.sub(r"(?<=[a-z])(nr|dtm)$", lambda m: _SHORT[m[1]], whole.replace("beschikkings", "toewijzing"))


def _within(name: str, key: str) -> bool:
    """Whether all words of a name stand in a header that says more, as ``bsn`` in ``bsn nummer``."""
    return name not in _GENERAL and set(name.split("_")) < set(re.split(r"[^0-9a-zà-ÿ]+", key))


def likeness(
    header: str, sample: pa.Array, column: Column, names: set[str], words: Mapping[str, str]
) -> tuple[float, str]:
    """0 to 1, and the ground for it: the name counts most, values can refute it or speak for themselves.

    ``names`` are what the column is called elsewhere, ``words`` its known words.
    """
    key = header_key(header)
    name = max(SequenceMatcher(None, key, other).ratio() for other in names)
    plain = written_out(key)
    name = max(name, 0.98 * max(SequenceMatcher(None, plain, written_out(other)).ratio() for other in names))
    if any(_within(other, key) for other in names):
        name = max(name, _BY_NAME)
    if suspicious(header) and column.type not in IDENTIFYING and not suspicious(column.header):
        return 0.0, ""  # a name of someone or something, whatever else the word is like
    fit = _fit(_translated(sample, words), column)
    if fit is not None and _unmistakable(sample, column, words):
        if name < THRESHOLD:
            return _BY_VALUES, "de waarden, niet de naam"
        return max(name, _BY_VALUES), f"naam, en {fit:.0%} van de waarden past"
    if name < (_BY_NAME if column.type is Type.NAME else 0.5):  # any text would do for a name
        return 0.0, ""
    if fit is None:
        return name, "naam; geen waarden"
    if fit < 0.5:
        return (_BY_NAME, "naam; vertaal de waarden onder [values]") if name > 0.95 else (0.0, "")
    weight = 0.3 if column.type in _SPEAKS_FOR_ITSELF else 0.1
    sure = name if name == 1 else (1 - weight) * name + weight * fit
    return sure, f"naam, en {fit:.0%} van de waarden past"


def _translated(sample: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """The sample with its known words turned into codes."""
    if not words:
        return sample
    return pa.array(
        [None if text is None else words.get(text.casefold(), text) for text in sample.to_pylist()],
        pa.string(),
    )


def _unmistakable(sample: pa.Array, column: Column, words: Mapping[str, str] = MappingProxyType({})) -> bool:
    """Whether nearly all values have a form that only this type of column has."""
    if column.name == "branch":
        return False
    pattern = _PATTERNS.get(column.type)
    texts = sample.drop_null().cast(pa.string()).to_pylist() if pattern or words else []
    if len(texts) < _FEW:
        return False
    if pattern:
        return sum(1 for text in texts if pattern(text)) >= 0.9 * len(texts)
    known = [text for text in texts if text.casefold() in words and not text.isdigit()]
    return len(set(known)) > 1 and len(known) >= 0.6 * len(texts)


def _fit(sample: pa.Array, column: Column) -> float | None:
    """Share of the filled values that the column's type accepts; None without values."""
    texts = sample.drop_null()
    if not len(texts):
        return None
    if column.type is Type.SCHOOL_PART:
        return None if column.name == "branch" else float(_unmistakable(sample, column))
    typed = convert(column, texts.cast(pa.string()), Style(date_order="dmy"))
    bad = 0 if typed.reasons is None else int((typed.reasons != 0).sum())
    if column.type is Type.BSN:
        bad = sum(1 for text in typed.values.to_pylist() if not (text.isdigit() and len(text) == 9))
    if column.type is Type.POSTCODE:
        bad = typed.values.null_count
    return 1 - bad / len(texts)
