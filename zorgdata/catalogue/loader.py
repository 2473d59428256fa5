"""Reads vocabulary, texts and themes, and holds them against each other.

A mistake in a file is one error that names the file, the metric and the field; nothing is loaded half.
"""

import tomllib
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from zorgdata.catalogue.model import (
    OVERRIDES,
    Disclosure,
    Metric,
    Requirement,
    State,
    Texts,
    Theme,
    Translation,
    Variant,
    Vocabulary,
)
from zorgdata.errors import ZorgdataError

FOLDER = Path(__file__).resolve().parent
_Model = TypeVar("_Model", bound=BaseModel)


class CatalogueError(ZorgdataError):
    """A file of the catalogue is malformed or disagrees with another."""


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file; :class:`CatalogueError` when it is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogueError(f"{path.name}: the file is missing.", f"It belongs in {path.parent}.") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path.name}: no valid TOML: {error}.", "Mend the line named above.") from None


def _build(kind: type[_Model], values: Mapping[str, Any], where: str) -> _Model:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        more = error.error_count() - 1
        hint = f"{more} more mistake(s) in the same entry." if more else "Mend this field."
        raise CatalogueError(f"{where}: {field}: {first['msg'].lower()}.", hint) from None


def read_vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """``vocabulary.toml``; a variant's suffix is its key."""
    values = read_toml(folder / "vocabulary.toml")
    values["variants"] = {
        suffix: {"suffix": suffix, **given} for suffix, given in values.get("variants", {}).items()
    }
    return _build(Vocabulary, values, "vocabulary.toml")


def read_english(folder: Path = FOLDER) -> Translation:
    """``names_en.toml``: English names of levels, pages, inputs, and of dimensions with their values."""
    return _build(Translation, read_toml(folder / "names_en.toml"), "names_en.toml")


def read_texts(folder: Path = FOLDER) -> Texts:
    """``texts.toml``: terms, reading guide, signs, principles."""
    return _build(Texts, read_toml(folder / "texts.toml"), "texts.toml")


def read_themes(vocabulary: Vocabulary, folder: Path = FOLDER) -> tuple[Theme, ...]:
    """``themes/*.toml`` in the order of their letters, defaults and references filled in."""
    return tuple(_theme(path, vocabulary) for path in sorted((folder / "themes").glob("*.toml")))


def read_requirements(
    metrics: Mapping[str, Metric], vocabulary: Vocabulary, folder: Path = FOLDER
) -> tuple[Requirement, ...]:
    """``requirements.toml`` in numerical order; ``metrics`` of each are those that name it as a seed."""
    by_number: dict[str, list[str]] = {}
    for metric in metrics.values():
        for number in metric.seeds:
            by_number.setdefault(number, []).append(metric.key)
    requirements = []
    for entry in read_toml(folder / "requirements.toml").get("requirement", []):
        number = str(entry.get("number", "?"))
        values = {**entry, "metrics": tuple(by_number.pop(number, ()))}
        requirements.append(_build(Requirement, values, f"requirements.toml: {number}"))
    if by_number:
        number, keys = next(iter(by_number.items()))
        raise CatalogueError(
            f"requirements.toml: requirement {number}, named by metric {keys[0]}, does not exist.",
            "Add the requirement or correct the metric's seeds.",
        )
    for requirement in requirements:
        _known(requirement.pages, vocabulary.pages, f"requirements.toml: {requirement.number}", "pages")
        _check_place(requirement)
    return tuple(sorted(requirements, key=lambda r: tuple(int(part) for part in r.number.split("."))))


def _check_place(requirement: Requirement) -> None:
    places = {
        State.COMPUTED: requirement.metrics,
        State.REGISTER: requirement.tables,
        State.PAGE: requirement.pages,
        State.NOT_YET: (requirement.note_nl,) if requirement.note_nl else (),
    }[requirement.state]
    if not places:
        raise CatalogueError(
            f"requirements.toml: {requirement.number}: state {requirement.state} without a place.",
            "computed needs a metric, register a table, page a page, not_yet a note of what is missing.",
        )


def _theme(path: Path, vocabulary: Vocabulary) -> Theme:
    values = read_toml(path)
    defaults = values.pop("defaults", {})
    metrics = []
    for entry in values.pop("metric", []):
        where = f"{path.name}: metric {entry.get('key', '?')!r}"
        filled = _fill({**defaults, **entry}, vocabulary, where)
        metric = _build(Metric, filled, where)
        if metric.theme != values.get("letter"):
            raise CatalogueError(f"{where}: code: {metric.code} is not of theme {values.get('letter')}.")
        _check_words(metric, vocabulary, where)
        metrics.append(metric)
    return _build(Theme, {**values, "metrics": tuple(metrics)}, path.name)


def _fill(entry: dict[str, Any], vocabulary: Vocabulary, where: str) -> dict[str, Any]:
    """Named sets of levels, shared caveats and shared variants in place of their names."""
    entry["levels"] = tuple(_levels(entry.get("levels", ()), vocabulary, where))
    caveats = []
    for caveat in entry.get("caveats_nl", ()):
        name = caveat.removeprefix("@")
        if caveat.startswith("@") and name not in vocabulary.caveats:
            raise CatalogueError(f"{where}: caveats_nl: there is no shared caveat {caveat!r}.")
        caveats.append(vocabulary.caveats[name] if caveat.startswith("@") else caveat)
    entry["caveats_nl"] = tuple(caveats)
    entry["variants"] = tuple(_variant(v, vocabulary, where) for v in entry.get("variants", ()))
    return entry


def _levels(names: Any, vocabulary: Vocabulary, where: str) -> Iterator[str]:
    for name in names:
        if not name.startswith("@"):
            yield name
        elif name[1:] in vocabulary.level_sets:
            yield from vocabulary.level_sets[name[1:]]
        else:
            raise CatalogueError(f"{where}: levels: there is no set of levels {name!r}.")


def _variant(given: Any, vocabulary: Vocabulary, where: str) -> Variant:
    """A shared variant by name, one of the metric's own, or a shared one with fields of its own."""
    own = {"suffix": given} if isinstance(given, str) else dict(given)
    if "levels" in own:
        own["levels"] = tuple(_levels(own["levels"], vocabulary, where))
    shared = vocabulary.variants.get(own.get("suffix", ""))
    if shared is None and isinstance(given, str):
        raise CatalogueError(f"{where}: variants: there is no shared variant {given!r}.")
    base = shared.model_dump(exclude_unset=True) if shared else {"group": "selection"}
    return _build(Variant, {**base, **own}, f"{where}: variant {own.get('suffix', '?')!r}")


def _check_words(metric: Metric, vocabulary: Vocabulary, where: str) -> None:
    """Every word a metric uses is in the vocabulary."""
    kinds = [kind for alternatives in metric.sources for kind in alternatives.split("|")]
    for variant in metric.variants:
        kinds += [*variant.sources, *variant.instead_of]
        _known(variant.periods or (), vocabulary.periods, where, f"variant {variant.suffix}: periods")
        _known((variant.group,), vocabulary.variant_groups, where, f"variant {variant.suffix}: group")
        _known(variant.levels or (), vocabulary.levels, where, f"variant {variant.suffix}: levels")
    _known(metric.levels, vocabulary.levels, where, "levels")
    _known(metric.periods, vocabulary.periods, where, "periods")
    _known(metric.dimensions, vocabulary.dimensions, where, "dimensions")
    _known(kinds, vocabulary.sources, where, "sources")
    columns = [*metric.columns, *(c for v in metric.variants for c in v.columns)]
    _known([c.partition(".")[0] for c in columns], kinds, where, "columns: kind")
    for name in ("levels", "dimensions", "periods", "sources", "seeds"):
        given = getattr(metric, name)
        if len(set(given)) != len(given):
            raise CatalogueError(f"{where}: {name}: a word occurs twice.")
    if metric.unit == "share" and not metric.denominator:
        raise CatalogueError(f"{where}: denominator: a share needs one.")


def _known(words: Any, allowed: Any, where: str, field: str) -> None:
    unknown = [word for word in words if word not in allowed]
    if unknown:
        raise CatalogueError(f"{where}: {field}: {unknown[0]!r} is unknown.", f"Known: {', '.join(allowed)}.")


def resolve_all(themes: tuple[Theme, ...], vocabulary: Vocabulary) -> dict[str, Metric]:
    """Every stored key and the metric it stands for, in the order of the themes."""
    resolved: dict[str, Metric] = {}
    for theme in themes:
        for metric in theme.metrics:
            for applied in _choices(metric, vocabulary):
                variant = apply(metric, applied)
                if variant.key in resolved:
                    raise CatalogueError(f"Theme {theme.letter}: key {variant.key!r} occurs twice.")
                resolved[variant.key] = variant
    return resolved


def _choices(metric: Metric, vocabulary: Vocabulary) -> Iterator[tuple[Variant, ...]]:
    options: list[list[Variant | None]] = []
    for name, group in vocabulary.variant_groups.items():
        members: list[Variant | None] = [v for v in metric.variants if v.group == name]
        if members:
            options.append(members if group.required else [None, *members])
    for choice in product(*options):
        yield tuple(v for v in choice if v is not None)


def apply(metric: Metric, applied: tuple[Variant, ...]) -> Metric:
    """The metric with these variants: its key, label, definition, inputs and columns follow."""
    if not applied:
        return metric
    values: dict[str, Any] = {}
    sources, columns, notes = list(metric.sources), list(metric.columns), []
    for variant in applied:
        for name in OVERRIDES:
            given = getattr(variant, name)
            if given is not None:
                values[name] = given
        if variant.definition_nl is None:
            notes.append(variant.note_nl)
        sources = [s for s in sources if s not in variant.instead_of]
        columns = [c for c in columns if c.partition(".")[0] not in variant.instead_of]
        sources += [s for s in variant.sources if s not in sources]
        columns += [c for c in variant.columns if c not in columns]
    gap = next((v.suffix for v in applied if v.gap is not None), "")
    other = any(v.gap is None for v in applied)  # another figure: the family's columns are not its own
    for name in ("column", "numerator_column", "denominator_column"):
        inherited = "" if other else getattr(metric, name)
        values[name] = values.get(name, inherited).replace("{gap}", gap)
    return metric.model_copy(
        update={
            **values,
            "key": "_".join([metric.key, *(v.suffix for v in applied)]),
            "label_nl": f"{metric.label_nl} ({', '.join(v.label_nl for v in applied)})",
            "definition_nl": " ".join([values.get("definition_nl", metric.definition_nl), *notes]),
            "sources": tuple(sources),
            "columns": tuple(columns),
            "quantile": metric.quantile or any(v.quantile for v in applied),
            "base_key": metric.key,
            "applied": applied,
        }
    )


def check_shadows(resolved: Mapping[str, Metric], base: Mapping[str, Metric]) -> None:
    """``shadow_of`` and ``population`` name counts; what may be shown of care depends on one."""
    for metric in resolved.values():
        for field in ("shadow_of", "population"):
            name = getattr(metric, field)
            target = resolved.get(name) or base.get(name)
            if not name:
                continue
            if target is None:
                raise CatalogueError(f"Metric {metric.key!r}: {field}: {name!r} is no metric.")
            if target.disclosure not in (Disclosure.COUNT, Disclosure.SENSITIVE):
                raise CatalogueError(f"Metric {metric.key!r}: {field}: {name!r} is no count of children.")
