"""What an initiative did to a figure of its schools: series, comparison, and the traps beside the estimate.

One study joins the estimators of this package and answers one question: may the difference be called an
indication of an effect? It may not when there are too few schools, when it lies within chance, when care may
have left the registration, or when it is no more than regression to the mean. Source: METRICS 6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal

import numpy as np

from zorgdata.stats._numbers import FloatArray, Interval, Scalar
from zorgdata.stats.before_after import variance_components
from zorgdata.stats.bootstrap import SEED
from zorgdata.stats.group_time import TOO_FEW, GroupTimeEffects, group_time_att
from zorgdata.stats.intervals import mean_interval, wilson
from zorgdata.stats.panel import Panel
from zorgdata.stats.second_opinion import SecondOpinion, second_opinion
from zorgdata.stats.series import SegmentedSeries, segmented_counts, segmented_series

INDICATIVE: Final = "indicatief"
MAY_BE_REGISTRATION: Final = "daling kan registratie zijn"
"""Printed word for word wherever care may have left the registration."""

RANK_SHARE: Final = 0.05
"""An indication also asks that few drawings of the starting schools give as much."""

MIN_SAME_CLASS: Final = 3
"""Fewer comparison schools of the same class than this: schools of the same type compare."""

MEASUREMENTS_FOR_LIMITS: Final = 10


class Verdict(StrEnum):
    """How the estimate may be read; only the last one is called an indication."""

    NO_COMPARISON = "no_comparison"
    TOO_FEW_SCHOOLS = "too_few_schools"
    WITHIN_CHANCE = "within_chance"
    MAY_BE_REGISTRATION = "may_be_registration"
    MAY_BE_RETURN = "may_be_return_to_the_mean"
    EARLIER_TREND = "earlier_trend"
    INDICATION = "indication"


@dataclass(frozen=True)
class School:
    """One school through the periods of the study.

    ``values`` has the figure per period (None = unknown), ``numerators`` and ``denominators`` what it is made
    of, where known. ``start``: index of the first period in which the school took part, None when it does
    not. ``other``: it takes part in another initiative, so it can't be compared with. ``group``: what
    comparable schools share besides their type (the class of care intensity in the baseline).
    """

    school_id: str
    school_type: str
    values: tuple[float | None, ...]
    numerators: tuple[float | None, ...] = ()
    denominators: tuple[float | None, ...] = ()
    start: int | None = None
    other: bool = False
    group: str = ""


@dataclass(frozen=True)
class Pooled:
    """A set of schools in one period: the figure of all together with its interval, and how many they are.

    ``numerator`` and ``denominator`` are None where they are not known of every school; the figure is then
    the mean over schools.
    """

    estimate: Interval[Scalar]
    schools: int
    numerator: float | None
    denominator: float | None


@dataclass(frozen=True)
class SeriesPoint:
    """One period: schools of the initiative beside schools to compare with; ``running``: after the start."""

    period: str
    initiative: Pooled
    comparison: Pooled
    running: bool


@dataclass(frozen=True)
class Return:
    """How much schools with an unusual baseline would have moved back by themselves.

    ``observed``: mean after the start minus mean of the two periods before it, schools of the initiative.
    ``expected``: the part of that to expect without any effect, had the schools been chosen by their
    baseline: −(1 − R₂)(baseline − mean of their type), R₂ = σ_b²/(σ_b² + σ_w²/2). ``net``: the same for the
    last period before the start and the difference with the comparison schools, which is what an estimate
    against comparison schools keeps of it. Unit of the figure.
    """

    observed: float
    expected: float
    net: float
    sd_between: float
    sd_within: float
    schools: int


@dataclass(frozen=True)
class Registration:
    """Whether care may have left the registration.

    ``delivered``: collective supply is an input that was delivered. ``rows``: per period hours a week by
    indication and by collective supply at the schools of the initiative (None = unknown).
    """

    delivered: bool
    kind: str = ""
    rows: tuple[tuple[str, float | None, float | None], ...] = ()

    @property
    def supplied(self) -> bool:
        """Whether collective supply is reported at these schools."""
        return any(collective for _, _, collective in self.rows)

    @property
    def possible(self) -> bool:
        """A fall may be registration: supply is there, is meant to be there, or was never delivered."""
        return not self.delivered or self.supplied or self.kind in ("collectief", "zon")


@dataclass(frozen=True)
class EffectStudy:
    """Everything about one initiative and one figure. ``effects`` is None without comparison schools,
    ``interrupted`` without need for it. ``comparable``: how the comparison schools were chosen."""

    periods: tuple[str, ...]
    series: tuple[SeriesPoint, ...]
    per_school: Mapping[str, tuple[float | None, ...]]
    comparable: Literal["type_and_class", "type", "none"]
    effects: GroupTimeEffects | None
    second: SecondOpinion | None
    interrupted: SegmentedSeries | None
    returned: Return | None
    registration: Registration
    verdict: Verdict
    notes: tuple[str, ...]
    left_out: int


def study(
    schools: Sequence[School],
    periods: Sequence[str],
    registration: Registration,
    *,
    share: bool = False,
    replications: int = 1000,
    permutations: int = 999,
    seed: int = SEED,
) -> EffectStudy:
    """The study of one initiative on one figure.

    ``periods`` in time order and equally long; ``share``: numerators are children out of denominators, so
    that an interval of Wilson makes sense. Schools that lack a value in some period are left out of series
    and estimates and counted. Without any school that takes part and has a value before: ``ValueError``.
    """
    n = len(periods)
    whole = [s for s in schools if all(v is not None for v in s.values) and len(s.values) == n]
    treated = [s for s in whole if s.start is not None and 0 < s.start < n]
    if not treated:
        raise ValueError(
            "no school of the initiative has a figure in every period, before and after its start"
        )
    comparison, comparable = _comparable(whole, treated)
    first = min(s.start for s in treated if s.start is not None)
    series = tuple(
        SeriesPoint(name, _pooled(treated, t, share=share), _pooled(comparison, t, share=share), t >= first)
        for t, name in enumerate(periods)
    )
    effects = second = interrupted = None
    if comparison:
        panel = _panel([*treated, *comparison], n)
        effects = group_time_att(panel, replications=replications, permutations=permutations, seed=seed)
        second = second_opinion(panel)
    else:
        interrupted = _interrupted(series, first)
    returned = _returned(whole, treated, comparison, first)
    verdict = _verdict(effects, returned, registration)
    asked = {s.school_id for s in schools if s.start is not None}
    return EffectStudy(
        tuple(periods),
        series,
        {s.school_id: s.values for s in treated},
        comparable,
        effects,
        second,
        interrupted,
        returned,
        registration,
        verdict,
        _notes(effects, interrupted, registration),
        len(asked) - len(treated),
    )


def _comparable(
    whole: Sequence[School], treated: Sequence[School]
) -> tuple[list[School], Literal["type_and_class", "type", "none"]]:
    """Schools without any initiative, of a type and class that the initiative's schools have.

    With fewer than ``MIN_SAME_CLASS`` of those, schools of the same type.
    """
    free = [s for s in whole if s.start is None and not s.other]
    kinds = {(s.school_type, s.group) for s in treated}
    same = [s for s in free if (s.school_type, s.group) in kinds]
    if len(same) >= MIN_SAME_CLASS:
        return same, "type_and_class"
    types = {s.school_type for s in treated}
    alike = [s for s in free if s.school_type in types]
    return alike, "type" if alike else "none"


def _pooled(schools: Sequence[School], period: int, *, share: bool) -> Pooled:
    known = all(
        len(s.numerators) > period
        and s.numerators[period] is not None
        and len(s.denominators) > period
        and s.denominators[period] is not None
        for s in schools
    )
    if not schools:
        return Pooled(Interval(None, None, None), 0, None, None)
    if known:
        x = float(sum(s.numerators[period] or 0.0 for s in schools))
        d = float(sum(s.denominators[period] or 0.0 for s in schools))
        value = x / d if d else None
        estimate = wilson(x, d) if share and d and 0 <= x <= d else Interval(value, None, None)
        return Pooled(estimate, len(schools), x, d)
    values = [v for s in schools if (v := s.values[period]) is not None]
    return Pooled(mean_interval(values, minimum=MEASUREMENTS_FOR_LIMITS), len(schools), None, None)


def _panel(schools: Sequence[School], n: int) -> Panel:
    rows = [
        (s.school_id, t, s.values[t], np.inf if s.start is None else s.start)
        for s in schools
        for t in range(n)
    ]
    unit, period, value, cohort = (list(column) for column in zip(*rows, strict=True))
    return Panel(unit, np.array(period), np.array(value, dtype=np.float64), np.array(cohort))


def _interrupted(series: Sequence[SeriesPoint], first: int) -> SegmentedSeries:
    """The broken line of the schools together: counts with their exposure where known, else values."""
    points = [p.initiative for p in series]
    counts = [(p.numerator, p.denominator) for p in points if p.numerator is not None and p.denominator]
    if len(counts) == len(points) and all(x is not None and x >= 0 for x, _ in counts):
        return segmented_counts(
            np.array([x for x, _ in counts], dtype=np.float64),
            np.array([d for _, d in counts], dtype=np.float64),
            first,
        )
    return segmented_series(np.array([p.estimate.value for p in points], dtype=np.float64), first)


def _returned(
    whole: Sequence[School], treated: Sequence[School], comparison: Sequence[School], first: int
) -> Return | None:
    """Regression to the mean from the two periods before the start; None with fewer than two of them."""
    types = {s.school_type for s in treated}
    alike = [s for s in whole if s.school_type in types and not s.other]
    if first < 2 or len(alike) < 3:
        return None
    values = np.array([s.values for s in alike], dtype=np.float64)
    kind = np.array([s.school_type for s in alike])
    earlier, last = values[:, first - 2], values[:, first - 1]
    for name in types:
        # Types differ for good: a school moves back to the mean of its own type.
        of_type = kind == name
        level = float(np.mean((earlier[of_type] + last[of_type]) / 2))
        values[of_type] -= level
    spread = variance_components(values[:, first - 2], values[:, first - 1])
    chosen = {s.school_id for s in treated}
    others = {s.school_id for s in comparison}
    is_treated = np.array([s.school_id in chosen for s in alike])
    is_control = np.array([s.school_id in others for s in alike])
    before = values[is_treated][:, first - 2 : first]
    observed = float(np.mean(values[is_treated][:, first:]) - np.mean(before))
    expected = -_unreliable(spread.sd_between, spread.sd_within, 2) * float(np.mean(before))
    apart = float(np.mean(values[is_treated][:, first - 1]))
    if np.any(is_control):
        apart -= float(np.mean(values[is_control][:, first - 1]))
    net = -_unreliable(spread.sd_between, spread.sd_within, 1) * apart
    return Return(observed, expected, net, spread.sd_between, spread.sd_within, spread.schools)


def _unreliable(sd_between: float, sd_within: float, measurements: int) -> float:
    """1 − R: the share of a deviation over ``measurements`` periods that does not last."""
    within = sd_within**2 / measurements
    total = sd_between**2 + within
    return within / total if total > 0 else 0.0


def _excludes_zero(estimate: Interval[Scalar], shift: float = 0.0) -> bool:
    lower, upper = estimate.lower, estimate.upper
    return lower is not None and upper is not None and (lower - shift > 0 or upper - shift < 0)


def _verdict(
    effects: GroupTimeEffects | None, returned: Return | None, registration: Registration
) -> Verdict:
    """The first reservation that applies; an indication when none does."""
    if effects is None:
        return Verdict.NO_COMPARISON
    if not effects.testable:
        return Verdict.TOO_FEW_SCHOOLS
    found = effects.cohort_average
    if not _excludes_zero(found) or effects.rank.share > RANK_SHARE or found.value is None:
        return Verdict.WITHIN_CHANCE
    if found.value < 0 and registration.possible:
        return Verdict.MAY_BE_REGISTRATION
    # The part that would have come by itself is taken off before judging once more.
    if returned is not None and returned.net * found.value > 0 and not _excludes_zero(found, returned.net):
        return Verdict.MAY_BE_RETURN
    before = [e for e in effects.event_study if e.since < 0]
    if any(_excludes_zero(_wider(e.estimate, len(before))) for e in before):
        return Verdict.EARLIER_TREND
    return Verdict.INDICATION


def _wider(estimate: Interval[Scalar], tests: int) -> Interval[Scalar]:
    """The interval for one of several tests at once (Bonferroni), from its 95 % limits."""
    from scipy.special import ndtri

    if estimate.value is None or estimate.lower is None or estimate.upper is None:
        return estimate
    times = float(ndtri(1 - 0.025 / max(tests, 1)) / ndtri(0.975))
    return Interval(
        estimate.value,
        estimate.value - times * (estimate.value - estimate.lower),
        estimate.value + times * (estimate.upper - estimate.value),
    )


def _notes(
    effects: GroupTimeEffects | None, interrupted: SegmentedSeries | None, registration: Registration
) -> tuple[str, ...]:
    """The cautions to print word for word, in Dutch."""
    notes = [INDICATIVE]
    if effects is not None and not effects.testable:
        notes.append(TOO_FEW)
    if effects is None:
        notes.append("geen scholen om mee te vergelijken: alleen de ontwikkeling")
    if interrupted is not None and interrupted.status != "ok":
        few = {"refused": "te weinig meetmomenten voor een schatting", "short": "korte reeks: lees met zorg"}
        notes.append(few[interrupted.status])
    if registration.possible:
        notes.append(MAY_BE_REGISTRATION)
    return tuple(notes)


def cohort_index(start: date, moments: Sequence[tuple[date, date]]) -> int | None:
    """Index of the first period that counts as after the start; None when no period does.

    ``moments`` are (first day, last day) per period; a point figure has one day twice. A period counts when
    the school took part for at least half of its days.
    """
    for index, (begin, end) in enumerate(moments):
        days = (end - begin).days + 1
        taking_part = (end - max(start, begin)).days + 1
        if taking_part * 2 >= days:
            return index
    return None


def baseline_class(value: float | None, bounds: Sequence[float] = (0.10, 0.30, 0.40, 0.90)) -> str:
    """Class of care intensity (B4) of a share of pupils with care; empty when unknown."""
    if value is None or np.isnan(value):
        return ""
    names = ("laag", "midden", "grensgebied", "zorgintensief", "zeer_zorgintensief")
    edges: FloatArray = np.asarray(bounds, dtype=np.float64)
    return names[int(np.searchsorted(edges[:-1], value, side="right")) + int(value > edges[-1])]
