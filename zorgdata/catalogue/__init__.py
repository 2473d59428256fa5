"""The catalogue: every metric as data, with its definition, its needs and what may be shown of it.

One place from which the SQL, the disclosure rules, the reports and the reference take what a figure means.

>>> from zorgdata.catalogue import load
>>> load().metric("switches_per_careyear_g28").unit.value
'per_year'
"""

import csv
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from zorgdata.assets import asset
from zorgdata.catalogue.loader import (
    CatalogueError,
    check_shadows,
    read_english,
    read_requirements,
    read_texts,
    read_themes,
    read_vocabulary,
    resolve_all,
)
from zorgdata.catalogue.model import (
    Dimension,
    DimensionName,
    Direction,
    Disclosure,
    Interval,
    Metric,
    Minimum,
    Requirement,
    State,
    Status,
    Texts,
    Theme,
    Translation,
    Unit,
    Variant,
    Vocabulary,
)
from zorgdata.errors import UsageError

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Dimension",
    "Direction",
    "Disclosure",
    "Interval",
    "Metric",
    "Minimum",
    "Requirement",
    "State",
    "Status",
    "Texts",
    "Theme",
    "Unit",
    "Variant",
    "Vocabulary",
    "load",
]

DUTCH = "nl"


@dataclass(frozen=True)
class Catalogue:
    """Themes, vocabulary and texts, and every key that may stand in ``metrics.value``.

    ``by_key`` holds the stored keys: those with every required suffix. ``metric`` also knows a family by its
    base key (``switches_per_careyear``), which itself has no values.
    """

    themes: tuple[Theme, ...]
    vocabulary: Vocabulary
    texts: Texts
    requirements: tuple[Requirement, ...]
    english: Translation
    by_key: Mapping[str, Metric] = field(repr=False)

    def __iter__(self) -> Iterator[Metric]:
        """Base metrics in the order of the themes."""
        return (metric for theme in self.themes for metric in theme.metrics)

    def __contains__(self, key: object) -> bool:
        """Whether a key may stand in ``metrics.value``."""
        return key in self.by_key

    @property
    def keys(self) -> tuple[str, ...]:
        """Stored keys in the order of the themes."""
        return tuple(self.by_key)

    def metric(self, key: str) -> Metric:
        """The metric of a stored key, or a family by its base key.

        Raises :class:`UsageError` with the nearest key for an unknown one.
        """
        found = self.by_key.get(key) or next((m for m in self if m.key == key), None)
        if found is None:
            words = sorted(key.split("_"))
            near = [known for known in self.by_key if sorted(known.split("_")) == words]  # suffixes swapped
            near = near or difflib.get_close_matches(key, [*self.by_key, *(m.key for m in self)], n=3)
            hint = f"Did you mean {' or '.join(near)}?" if near else "`zorgdata metrics` lists the keys."
            raise UsageError(f"There is no metric {key!r}.", hint)
        return found

    def theme(self, letter: str) -> Theme:
        """The theme with this letter, A to K."""
        for theme in self.themes:
            if theme.letter == letter:
                return theme
        letters = ", ".join(t.letter for t in self.themes)
        raise UsageError(f"There is no theme {letter!r}.", f"Choose one of: {letters}.")

    def family(self, key: str) -> tuple[Metric, ...]:
        """The stored metrics of one base key."""
        return tuple(m for m in self.by_key.values() if m.base_key == key)

    def by_source(self, kind: str) -> tuple[Metric, ...]:
        """Stored metrics that use this kind of input, also where another kind may take its place."""
        if kind not in self.vocabulary.sources:
            raise UsageError(
                f"There is no kind of input {kind!r}.", f"Known: {', '.join(self.vocabulary.sources)}."
            )
        return tuple(m for m in self.by_key.values() if any(kind in s.split("|") for s in m.sources))

    def not_available(
        self, delivered: Iterable[str], columns: Iterable[str] | None = None
    ) -> list[tuple[Metric, tuple[str, ...]]]:
        """Stored metrics that cannot be computed from the delivered kinds, and what each misses.

        ``columns`` are the filled optional columns as ``kind.column``; None leaves columns unchecked. An
        input that one of several kinds can give is reported as ``a|b``.
        """
        kinds = frozenset(delivered)
        filled = None if columns is None else frozenset(columns)
        lacking = []
        for metric in self.by_key.values():
            missing = [s for s in metric.sources if not kinds.intersection(s.split("|"))]
            if filled is not None:
                missing += [c for c in metric.columns if c not in filled]
            if missing:
                lacking.append((metric, tuple(missing)))
        return lacking

    def word(self, group: str, key: str, language: str = DUTCH) -> str:
        """What a level, page, source or dimension is called; an unknown key is its own name.

        ``group`` is a list of the vocabulary: ``levels``, ``pages``, ``sources`` or ``dimensions``.
        """
        if language == DUTCH:
            found = getattr(self.vocabulary, group).get(key)
            return found.label_nl if found else key
        word = getattr(self.english, group).get(key, key)
        return word.label if isinstance(word, DimensionName) else word

    def labels(self, dimension: str, language: str = DUTCH) -> dict[str, str]:
        """Code and label of a dimension's values; empty for a dimension without a fixed list."""
        if dimension not in self.vocabulary.dimensions:
            raise UsageError(
                f"There is no dimension {dimension!r}.", f"Known: {', '.join(self.vocabulary.dimensions)}."
            )
        if language != DUTCH:
            return dict(self.english.dimensions[dimension].values)
        found = self.vocabulary.dimensions[dimension]
        return code_list(found.seed) if found.seed else dict(found.values)


@cache
def _code_list(name: str) -> tuple[tuple[str, str], ...]:
    path = asset("sql", "seeds", f"{name}.csv")
    if not path.is_file():
        raise CatalogueError(f"sql/seeds/{name}.csv: the code list is missing.")
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple((row["code"], row["label"]) for row in csv.DictReader(lines))


def code_list(name: str) -> dict[str, str]:
    """Code and label of a code list under ``sql/seeds``."""
    return dict(_code_list(name))


@cache
def load() -> Catalogue:
    """The catalogue, read and checked once per process."""
    vocabulary = read_vocabulary()
    themes = read_themes(vocabulary)
    resolved = resolve_all(themes, vocabulary)
    base = {metric.key: metric for theme in themes for metric in theme.metrics}
    check_shadows(resolved, base)
    return Catalogue(
        themes, vocabulary, read_texts(), read_requirements(base, vocabulary), read_english(), resolved
    )
