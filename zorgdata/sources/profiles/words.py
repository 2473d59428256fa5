"""What a draft can say about values: translations, a filter, and how dates and amounts are written.

Only words of columns with a closed list (units, referrers, laws …) are named, and only those that can
identify no one; of every other column a draft holds no value.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pyarrow as pa

from zorgdata.assets import asset
from zorgdata.sources.convert import Style, convert
from zorgdata.sources.distinct import REASON_NUMBER
from zorgdata.sources.extras import suspicious, telling
from zorgdata.sources.kinds import Column, Kind, Type
from zorgdata.sources.profiles import Profile
from zorgdata.sources.reasons import Reason

_MAX_WORDS = 30
_LAW = "jeugdwet"
_LISTS = {
    "unit": "unit",
    "frequency": "frequency",
    "referrer": "referrer",
    "change_reason": "change_reason",
    "end_reason": "end_reason",
    "product_category": "product_category",
    "absence_type": "absence_type",
}


@dataclass(frozen=True)
class Words:
    """What a draft says about the values of a file, by contract header.

    ``translations``: delivered word to contract word ("" where nobody could tell). ``laws`` are the words of
    the law column to keep, or empty; ``other_laws`` how many sampled records have another.
    """

    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    laws: tuple[str, ...] = ()
    other_laws: int = 0
    dates: str = ""
    euros: bool = False


@cache
def code_list(name: str) -> Mapping[str, str]:
    """Codes and their labels, by lower-case label and by code."""
    with asset("sql", "seeds", f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {row["label"].casefold(): row["code"] for row in rows} | {row["code"]: row["code"] for row in rows}


def known_words(kind: Kind, profiles: Iterable[Profile]) -> dict[str, dict[str, str]]:
    """Per column with a closed list the words (lower case) and codes that are known, with their code."""
    known = {c.name: dict(code_list(_LISTS[c.name])) for c in kind.columns if c.name in _LISTS}
    known |= {c.name: {choice.casefold(): choice for choice in c.choices} for c in kind.columns if c.choices}
    for profile in profiles:
        if profile.kind is kind:
            for name, table in profile.values.items():
                known.setdefault(name, {}).update({word: code for word, code in table.items() if code})
    return known


def words_of(
    kind: Kind, columns: Mapping[str, tuple[str, pa.Array]], known: Mapping[str, Mapping[str, str]]
) -> Words:
    """What can be said of ``columns``: per column name of the kind its delivered header and sample.

    ``known`` is what ``known_words`` gives. Records of another law say nothing about the words of this one.
    """
    laws: tuple[str, ...] = ()
    other_laws = 0
    if "law" in columns:
        delivered = columns["law"][1].cast(pa.string()).to_pylist()
        laws, other_laws = _laws(delivered, known.get("law", {}))
        ours = pa.array([not laws or (text or "").casefold() in laws for text in delivered], pa.bool_())
        columns = {name: (header, sample.filter(ours)) for name, (header, sample) in columns.items()}
    translations: dict[str, Mapping[str, str]] = {}
    dates, euros = "", False
    for name, (header, sample) in columns.items():
        column = kind.column(name)
        texts = sample.cast(pa.string()).to_pylist()
        if column.type in (Type.DATE, Type.END_DATE, Type.BIRTH_DATE):
            dates = dates or _date_order(texts)
        elif column.type is Type.CENTS:
            euros = euros or _in_euros(column, sample)
        elif not suspicious(header) and (found := _unknown_words(column, texts, known.get(name, {}))):
            translations[column.header] = found
    return Words(translations, laws, other_laws, dates, euros)


def _unknown_words(column: Column, texts: list[str | None], known: Mapping[str, str]) -> dict[str, str]:
    """Words that the contract does not know, with the translation that profiles or code lists give."""
    if column.name not in _LISTS and not column.choices and column.type is not Type.FLAG:
        return {}
    distinct = list(dict.fromkeys(text for text in texts if text))
    if len(distinct) > _MAX_WORDS or any(telling(text) for text in distinct):
        return {}
    found: dict[str, str] = {}
    typed = convert(column, pa.array(distinct, pa.string()), Style())
    for i, text in enumerate(distinct):
        value = None if typed.reasons is not None and typed.reasons[i] else typed.values[i].as_py()
        if value is not None and (column.name not in _LISTS or str(value) in known):
            continue
        found[text] = known.get(text.casefold()) or _nearest(text.casefold(), known)
    return found


def _nearest(word: str, words: Mapping[str, str]) -> str:
    """The code whose label has the word in it or is in it, when there is only one."""
    near = {code for label, code in words.items() if len(label) > 3 and (label in word or word in label)}
    return near.pop() if len(near) == 1 else ""


def _laws(texts: list[str | None], known: Mapping[str, str]) -> tuple[tuple[str, ...], int]:
    """The words that mean the Jeugdwet, and how many records have another law; nothing when all have it."""
    counted = Counter((text or "").casefold() for text in texts)
    keep = tuple(sorted(w for w in counted if not w or w == _LAW or known.get(w) == _LAW))
    others = sum(count for word, count in counted.items() if word not in keep)
    return (keep or (_LAW,), others) if others else ((), 0)


def _date_order(texts: list[str | None]) -> str:
    """``dmy`` or ``mdy`` for dates with slashes or dots; empty when they need no telling."""
    found = [re.match(r"(\d{1,2})[/.](\d{1,2})[/.]\d{4}", text) for text in texts if text]
    pairs = [(int(match[1]), int(match[2])) for match in found if match]
    if not pairs:
        return ""
    return "mdy" if any(second > 12 for _, second in pairs) else "dmy"


def _in_euros(column: Column, sample: pa.Array) -> bool:
    """Whether amounts have decimals, as euros have and cents have not."""
    texts = sample.drop_null().cast(pa.string())
    typed = convert(column, texts, Style()) if len(texts) else None
    wrong = REASON_NUMBER[Reason.CENTS_WITH_DECIMALS]
    return typed is not None and typed.reasons is not None and bool((typed.reasons == wrong).any())
