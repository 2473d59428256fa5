"""Decision support for collective provision at a school: gates, a score in components, bands, stability.

It says where a talk is worth while, never which school is first: bands only, no ranked list. No published
norm exists; the numbers in ``collective.toml`` are proposals and every report prints them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zorgdata.errors import UsageError
from zorgdata.scenario.load import parse
from zorgdata.scenario.model import Band

Share = Annotated[float, Field(ge=0, le=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GateSettings(_Frozen):
    """What a school must meet before a score means anything."""

    min_care_pupils: int = Field(ge=1)
    min_care_share: Share
    school_types: tuple[str, ...]
    ikc_counts: bool
    min_link_rate: Share
    min_school_years: int = Field(ge=1)


class Criterion(_Frozen):
    """A criterion scores 0 at ``low`` and 1 at ``high``, in a straight line between."""

    label: str
    low: float
    high: float
    weight: float = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low must lie below high")
        return self


class BandSettings(_Frozen):
    """Scores at which a band begins, the weight that must be known, the change of weights in the
    stability."""

    promising: float
    consider: float
    min_weight_known: Share
    weight_change: Annotated[float, Field(gt=0, lt=1)]


class Capacity(_Frozen):
    """From hours to people: productive hours of one fte a year, school weeks a year, efficiency of a team."""

    productive_hours_per_fte: float = Field(gt=0)
    school_weeks: float = Field(gt=0, le=52)
    efficiency: Band


class CollectiveSettings(_Frozen):
    """All parameters; ``status`` says whether the region has decided on them."""

    status: Literal["voorstel", "vastgesteld"]
    gates: GateSettings
    criteria: Mapping[str, Criterion]
    bands: BandSettings
    capacity: Capacity

    @model_validator(mode="after")
    def _weights(self) -> Self:
        total = sum(criterion.weight for criterion in self.criteria.values())
        if abs(total - 1) > 1e-9:
            raise ValueError(f"the weights of the criteria add up to {total:g}, not to 1")
        return self


def load_settings(path: Path | None = None) -> CollectiveSettings:
    """The shipped proposal, or the region's own file."""
    if path is None:
        text = resources.files("zorgdata.scenario").joinpath("collective.toml").read_text(encoding="utf-8")
        return parse(CollectiveSettings, text, "collective.toml")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path}: cannot be read as text.", "Give an existing UTF-8 file.") from None
    return parse(CollectiveSettings, text, str(path))


@dataclass(frozen=True)
class SchoolFacts:
    """What is known of a school. ``None`` = unknown, which passes no gate and scores no criterion.

    ``values`` holds the criteria by key: care_share (B2), hours_at_school (B5 × G4, hours a week),
    effective_providers (C2), effective_municipalities (C7), switches (D7), short_horizon (1 − D13),
    similar_need (largest share in B9).
    """

    school_id: str
    school_type: str
    care_pupils: int | None
    link_rate: float | None
    school_years: int | None
    values: Mapping[str, float | None]
    ikc: bool = False


@dataclass(frozen=True)
class Gate:
    """One gate: ``passed`` is ``None`` when the value is unknown."""

    key: str
    label: str
    value: float | str | None
    threshold: float | str
    passed: bool | None


@dataclass(frozen=True)
class Component:
    """One criterion: its value scaled to 0..1 and its points (weight × scaled × 100); ``None`` when
    unknown."""

    key: str
    label: str
    value: float | None
    low: float
    high: float
    weight: float
    scaled: float | None
    points: float | None


class Advice(StrEnum):
    """The only outcome that is shown outside the analysis."""

    PROMISING = "kansrijk"
    CONSIDER = "nader bekijken"
    NOT_NOW = "niet nu"


@dataclass(frozen=True)
class Assessment:
    """Gates and score of one school. ``score`` 0..100 over the criteria that are known, ``weight_known``
    their share of the weight; ``None`` without any. ``advice``: a failed gate is *niet nu*; an unknown gate
    or too little known weight is at most *nader bekijken*."""

    school_id: str
    gates: tuple[Gate, ...]
    components: tuple[Component, ...]
    score: float | None
    weight_known: float
    advice: Advice


@dataclass(frozen=True)
class Stability:
    """How much one school's outcome hangs on the weights: range of the score over all variants and the
    share of variants with the same advice. ``stable`` = the advice never changes."""

    school_id: str
    lowest: float | None
    highest: float | None
    same_advice: float
    stable: bool


@dataclass(frozen=True)
class OrderStability:
    """How much the order of all schools hangs on the weights: of each variant the share of school pairs
    that keep their order; the mean and the least of those. ``None`` with fewer than two scored schools."""

    variants: int
    mean_pairs_kept: float | None
    least_pairs_kept: float | None


def gates(school: SchoolFacts, settings: CollectiveSettings) -> tuple[Gate, ...]:
    """The gates of J1, each with value, threshold and outcome."""
    g = settings.gates
    share = school.values.get("care_share")
    of_type = school.school_type in g.school_types or (g.ikc_counts and school.ikc)
    kind = f"{school.school_type}, ikc" if school.ikc else school.school_type

    def least(key: str, label: str, value: float | None, threshold: float) -> Gate:
        return Gate(key, label, value, threshold, None if value is None else value >= threshold)

    return (
        least("care_pupils", "Leerlingen met jeugdhulp", school.care_pupils, g.min_care_pupils),
        least("care_share", "Aandeel leerlingen met jeugdhulp", share, g.min_care_share),
        Gate("school_type", "Schoolsoort", kind, ", ".join(g.school_types), of_type),
        least("link_rate", "Koppelpercentage", school.link_rate, g.min_link_rate),
        least("school_years", "Schooljaren met gegevens", school.school_years, g.min_school_years),
    )


def _components(
    school: SchoolFacts, settings: CollectiveSettings, weights: Mapping[str, float]
) -> tuple[Component, ...]:
    out = []
    for key, criterion in settings.criteria.items():
        value = school.values.get(key)
        scaled = None
        if value is not None:
            scaled = min(max((value - criterion.low) / (criterion.high - criterion.low), 0.0), 1.0)
        weight = weights.get(key, 0.0)
        points = None if scaled is None else 100 * weight * scaled
        out.append(
            Component(key, criterion.label, value, criterion.low, criterion.high, weight, scaled, points)
        )
    return tuple(out)


def _advice(
    passed: Sequence[bool | None], score: float | None, weight_known: float, bands: BandSettings
) -> Advice:
    if any(outcome is False for outcome in passed) or score is None or score < bands.consider:
        return Advice.NOT_NOW
    sure = all(passed) and weight_known >= bands.min_weight_known - 1e-9
    return Advice.PROMISING if sure and score >= bands.promising else Advice.CONSIDER


def assess(
    school: SchoolFacts, settings: CollectiveSettings, weights: Mapping[str, float] | None = None
) -> Assessment:
    """Gates, components, score and advice of one school (J1, J2).

    score = 100 · Σ w_k · clip((x_k − low_k)/(high_k − low_k), 0, 1) over the known criteria, divided by their
    weight. ``weights`` replaces those of the settings (they are scaled to add up to 1).
    """
    unknown = sorted(set(school.values) - set(settings.criteria))
    if unknown:
        raise ValueError(f"no such criterion: {', '.join(unknown)}")
    given = {k: c.weight for k, c in settings.criteria.items()} if weights is None else dict(weights)
    total = sum(given.values())
    parts = _components(school, settings, {k: w / total for k, w in given.items()})
    known = [part for part in parts if part.points is not None]
    weight_known = sum(part.weight for part in known)
    score = sum(part.points or 0.0 for part in known) / weight_known if weight_known > 0 else None
    checks = gates(school, settings)
    advice = _advice([gate.passed for gate in checks], score, weight_known, settings.bands)
    return Assessment(school.school_id, checks, parts, score, weight_known, advice)


def weight_variants(settings: CollectiveSettings) -> tuple[dict[str, float], ...]:
    """The weights up and down by ``weight_change``, one criterion at a time, and each criterion left out."""
    base = {key: criterion.weight for key, criterion in settings.criteria.items()}
    change = settings.bands.weight_change
    out = [{**base, key: base[key] * factor} for key in base for factor in (1 - change, 1 + change)]
    if len(base) > 1:
        out += [{k: w for k, w in base.items() if k != left_out} for left_out in base]
    return tuple(out)


def stability(school: SchoolFacts, settings: CollectiveSettings) -> Stability:
    """How one school fares under every variant of the weights."""
    outcome = assess(school, settings).advice
    variants = [assess(school, settings, weights) for weights in weight_variants(settings)]
    scores = [variant.score for variant in variants if variant.score is not None]
    same = sum(variant.advice is outcome for variant in variants) / len(variants)
    return Stability(
        school.school_id, min(scores, default=None), max(scores, default=None), same, same == 1.0
    )


def order_stability(schools: Sequence[SchoolFacts], settings: CollectiveSettings) -> OrderStability:
    """Whether the order of the scores survives other weights: pairs of schools that keep their order.

    Pairs that tie under the chosen weights are left out. The order itself is never given out.
    """
    base = {s.school_id: assess(s, settings).score for s in schools}
    pairs = []
    for a, b in combinations(schools, 2):
        first, second = base[a.school_id], base[b.school_id]
        if first is not None and second is not None and first != second:
            pairs.append((a, b) if first > second else (b, a))
    variants = weight_variants(settings)
    if not pairs:
        return OrderStability(len(variants), None, None)
    kept = []
    for weights in variants:
        scores = {s.school_id: assess(s, settings, weights).score for s in schools}
        held = [_above(scores[a.school_id], scores[b.school_id]) for a, b in pairs]
        kept.append(sum(held) / len(held))
    return OrderStability(len(variants), sum(kept) / len(kept), min(kept))


def _above(first: float | None, second: float | None) -> bool:
    return first is not None and second is not None and first >= second
