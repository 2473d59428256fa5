"""Codes, choices, flags, sexes, schools and identifiers as deliveries write them.

Codes are text: zeros that a spreadsheet dropped are restored and counted, a label behind the code
(``45 - Jeugdhulp ambulant``) is removed and counted.
"""

import re
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.sources.distinct import Parsed, Typed, complete, matching
from zorgdata.sources.reasons import NoteCode, Reason

_LABELLED = re.compile(r"(\d+)\s*(?:[-–:;|]\s*|\s+)(?=\D).+$", re.DOTALL)
_FLOAT = re.compile(r"(\d+)[.,]0+$")


def parse_code(text: str, width: int) -> Parsed:
    """A code of ``width`` digits."""
    note: NoteCode | None = None
    if found := _FLOAT.match(text):
        text, note = found[1], NoteCode.DECIMALS_REMOVED
    elif found := _LABELLED.match(text):
        text, note = found[1], NoteCode.LABEL_REMOVED
    if not text.isascii() or not text.isdigit():
        return Parsed(reason=Reason.INVALID_CODE)
    if len(text) < width:
        return Parsed(text.zfill(width), note=NoteCode.ZEROS_RESTORED)
    if len(text) > width:
        short = text.lstrip("0").zfill(width)
        if len(short) > width:
            return Parsed(reason=Reason.INVALID_CODE)
        return Parsed(short, note=NoteCode.ZEROS_REMOVED)
    return Parsed(text, note=note)


def codes(texts: pa.Array, width: int) -> Typed:
    """Codes of distinct texts."""
    plain = matching(texts, rf"^[0-9]{{{width}}}$")
    return complete(texts, texts, ~plain, partial(parse_code, width=width), pa.string())


_SCHOOL = r"^[0-9]{2}[A-Z]{2}[0-9]{2}$"
_BRIN = re.compile(r"[0-9]{2}[A-Z]{2}$")
_BRIN6 = re.compile(_SCHOOL)


def parse_school(text: str) -> Parsed:
    """A BRIN with branch as six characters, also written with a space, dash or point between them."""
    compact = re.sub(r"[\s.\-/]", "", text).upper()
    return Parsed(compact) if _BRIN6.match(compact) else Parsed(reason=Reason.INVALID_SCHOOL)


def schools(texts: pa.Array) -> Typed:
    """BRIN6 codes of distinct texts."""
    return complete(texts, texts, ~matching(texts, _SCHOOL), parse_school, pa.string())


def join_school(text: str) -> Parsed:
    """``BRIN`` and branch, joined by a tab, as BRIN6: ``99ZA`` with ``4``, ``04``, ``99ZA04``: ``99ZA04``.

    A BRIN that already holds six characters needs no branch.
    """
    brin, _, branch = (part.strip().upper() for part in text.partition("\t"))
    if _BRIN6.match(brin) and branch in ("", brin[4:], brin, brin[4:].lstrip("0")):
        return Parsed(brin)
    if not _BRIN.match(brin):
        return Parsed(reason=Reason.INVALID_SCHOOL)
    if _BRIN6.match(branch) and branch.startswith(brin):
        return Parsed(branch)
    if found := _FLOAT.match(branch):
        branch = found[1]
    if branch.isascii() and branch.isdigit() and len(branch) <= 2:
        note = NoteCode.ZEROS_RESTORED if len(branch) == 1 else None
        return Parsed(brin + branch.zfill(2), note=note)
    return Parsed(reason=Reason.REQUIRED_MISSING if not branch else Reason.INVALID_SCHOOL)


_SCHOOL_TYPES = {
    "BAO": "BO",
    "BASISONDERWIJS": "BO",
    "BASISSCHOOL": "BO",
    "SPECIAAL BASISONDERWIJS": "SBO",
    "SBAO": "SBO",
    "SPECIAAL ONDERWIJS": "SO",
    "VOORTGEZET SPECIAAL ONDERWIJS": "VSO",
    "(V)SO": "SO/VSO",
    "SO+VSO": "SO/VSO",
    "SO-VSO": "SO/VSO",
    "SOVSO": "SO/VSO",
    "VSO/SO": "SO/VSO",
    "PRAKTIJKONDERWIJS": "PRO",
    "PRAKTIJKSCHOOL": "PRO",
    "VOORTGEZET ONDERWIJS": "VO",
    "BRUGJAAR": "VO",
    "BRUGKLAS": "VO",
    "VMBO": "VO",
    "VBO": "VO",
    "MAVO": "VO",
    "HAVO": "VO",
    "VWO": "VO",
    "GYMNASIUM": "VO",
    "ATHENEUM": "VO",
    "MIDDELBAAR BEROEPSONDERWIJS": "MBO",
}


def parse_school_type(text: str, choices: tuple[str, ...]) -> Parsed:
    """BO, SBO, SO, VSO, SO/VSO, PRO, VO or MBO, from what DUO, schools and people write.

    DUO lists the structures of a secondary branch (``VBO/MAVO/PRO``). Where practical education stands
    alone the branch is PRO; beside others its pupils cannot be told apart, so the branch is VO, with a note.
    """
    key = " ".join(text.upper().split())
    known = _SCHOOL_TYPES.get(key, key)
    if known in choices:
        return Parsed(known)
    tokens = {_SCHOOL_TYPES.get(token, token) for token in re.split(r"[/,+]", key.replace(" ", "")) if token}
    if tokens == {"SO", "VSO"}:
        return Parsed("SO/VSO")
    if tokens == {"VO"}:
        return Parsed("VO")
    if tokens == {"VO", "PRO"}:
        return Parsed("VO", note=NoteCode.MIXED_PRACTICAL_SCHOOL)
    return Parsed(reason=Reason.UNKNOWN_CHOICE)


def parse_choice(text: str, choices: tuple[str, ...]) -> Parsed:
    """One of ``choices``, whatever its case; without choices any text, in lower case."""
    if not choices:
        return Parsed(text.lower())
    for choice in choices:
        if text.casefold() == choice.casefold():
            return Parsed(choice)
    return Parsed(reason=Reason.UNKNOWN_CHOICE)


def choices_of(texts: pa.Array, choices: tuple[str, ...]) -> Typed:
    """Choices of distinct texts; school types have spellings of their own."""
    parse = parse_school_type if "SBO" in choices else parse_choice
    everything = matching(texts, "")
    return complete(texts, texts, everything, partial(parse, choices=choices), pa.string())


_YES = frozenset({"j", "ja", "y", "yes", "true", "waar", "t", "1", "x"})
_NO = frozenset({"n", "nee", "no", "false", "onwaar", "f", "0"})


def parse_flag(text: str) -> Parsed:
    """j/n, ja/nee, true/false, 1/0."""
    key = text.casefold()
    if key in _YES:
        return Parsed(True)
    return Parsed(False) if key in _NO else Parsed(reason=Reason.INVALID_FLAG)


def flags(texts: pa.Array) -> Typed:
    """Flags of distinct texts."""
    everything = matching(texts, "")
    return complete(texts, pa.nulls(len(texts), pa.bool_()), everything, parse_flag, pa.bool_())


_SEXES = {
    **dict.fromkeys(("1", "01", "m", "man", "mannelijk", "jongen", "male", "j", "heer"), "m"),
    **dict.fromkeys(("2", "02", "v", "f", "vrouw", "vrouwelijk", "meisje", "female", "mevrouw"), "f"),
    **dict.fromkeys(
        ("9", "09", "x", "niet gespecificeerd", "anders", "non-binair", "nonbinair", "overig"), "x"
    ),
    **dict.fromkeys(("0", "00", "o", "u", "onbekend", "unknown", "?", "-", "onb"), None),
}


def parse_sex(text: str) -> Parsed:
    """m, f or x; unknown (iJw 0, CBS and BRON O) is null."""
    key = text.casefold()
    return Parsed(_SEXES[key]) if key in _SEXES else Parsed(reason=Reason.INVALID_SEX)


def sexes(texts: pa.Array) -> Typed:
    """Sexes of distinct texts."""
    everything = matching(texts, "")
    return complete(texts, texts, everything, parse_sex, pa.string())


def parse_bsn(text: str) -> Parsed:
    """Nine digits where the text allows it: eight get their zero back; the test is the pseudonym's matter."""
    as_float = _FLOAT.match(text)
    compact = as_float[1] if as_float else re.sub(r"[\s.]", "", text)
    if compact.isascii() and compact.isdigit() and len(compact) == 8:
        return Parsed("0" + compact, note=NoteCode.ZEROS_RESTORED)
    return Parsed(compact)


def bsns(texts: pa.Array) -> Typed:
    """Citizen service numbers, one per record."""
    return complete(texts, texts, ~matching(texts, "^[0-9]{9}$"), parse_bsn, pa.string())


def parse_postcode(text: str) -> Parsed:
    """``1234AB`` or ``1234``; anything else (a foreign one) is unknown, with a note."""
    compact = re.sub(r"\s", "", text).upper()
    if re.fullmatch(r"[1-9]\d{3}([A-Z]{2})?", compact, re.ASCII):
        return Parsed(compact)
    return Parsed(note=NoteCode.POSTCODE_UNREADABLE)


def postcodes(texts: pa.Array) -> Typed:
    """Postcodes, one per record."""
    return complete(texts, texts, ~matching(texts, "^[1-9][0-9]{3}[A-Z]{2}$"), parse_postcode, pa.string())


def plain_texts(texts: pa.Array) -> Typed:
    """Free texts and numbers of things; ``1000.0``, as tables of floats write a number, is ``1000``."""
    floats = matching(texts, r"^[0-9]{1,15}\.0$")
    if not floats.any():
        return Typed(texts)
    values = pc.if_else(pa.array(floats), pc.replace_substring_regex(texts, r"\.0$", ""), texts)
    return Typed(values, notes={NoteCode.DECIMALS_REMOVED: floats})


def trimmed(texts: pa.Array) -> pa.Array:
    """Texts without white space around them; what is then empty is null."""
    clean = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(clean, ""), pa.scalar(None, pa.string()), clean)
