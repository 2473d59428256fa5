"""From figures per school to the study of an initiative, whatever the figures were read from.

The terminal hands in exact figures, a report protected ones: what is computed from shown figures only can
give nothing away that they do not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zorgdata.stats.effect_study import (
    EffectStudy,
    Registration,
    School,
    baseline_class,
    cohort_index,
    study,
)

Figure = tuple[float | None, float | None, float | None]
"""Value, numerator and denominator of a school in a period."""


@dataclass(frozen=True)
class Moment:
    """A period by its label with its first and last day; a reference date has one day twice."""

    label: str
    first: date
    last: date


@dataclass(frozen=True)
class Participation:
    """A school in an initiative: from when, until when (None: still)."""

    initiative_id: str
    school_id: str
    start: date
    end: date | None = None
    phase: str = ""


BEFORE_PRACTICE = ("idee", "ontwerp")
"""Phases in which nothing has changed at a school yet."""


@dataclass(frozen=True)
class Observed:
    """Figures of schools through time.

    ``figures`` by (school, label of the moment). ``types``: schools with their type; others are left out.
    ``care_shares`` by (school, label) gives the class of care intensity in the last period before the start.
    ``share``: numerators are children out of denominators.
    """

    moments: tuple[Moment, ...]
    figures: Mapping[tuple[str, str], Figure]
    types: Mapping[str, str]
    care_shares: Mapping[tuple[str, str], float | None]
    share: bool = False


def study_schools(
    initiative_id: str,
    register: Iterable[Participation],
    observed: Observed,
    registration: Registration,
    *,
    replications: int = 1000,
    permutations: int = 999,
) -> EffectStudy:
    """The study of an initiative of ``register``.

    Of an initiative that has ended, periods after its end stay out. A school in any other initiative that is
    past its design is compared with nobody. ``ValueError`` when no school has figures before and after.
    """
    moments = observed.moments
    register = list(register)
    ends = [p.end for p in register if p.initiative_id == initiative_id]
    last = max((end for end in ends if end is not None), default=None)
    if last is not None and None not in ends:
        # After an initiative has ended its effect is another question.
        moments = tuple(m for m in moments if m.last <= last)
    days = [(m.first, m.last) for m in moments]
    own = {p.school_id: cohort_index(p.start, days) for p in register if p.initiative_id == initiative_id}
    others = {
        p.school_id
        for p in register
        if p.initiative_id != initiative_id
        and p.phase not in BEFORE_PRACTICE
        and moments
        and p.start <= moments[-1].last
        and (p.end is None or p.end >= moments[0].first)
    }
    started = [index for index in own.values() if index is not None]
    base = moments[max(min(started) - 1, 0)].label if started else ""
    schools = []
    for school_id, school_type in sorted(observed.types.items()):
        cells = [observed.figures.get((school_id, m.label), (None, None, None)) for m in moments]
        if all(value is None for value, _, _ in cells):
            continue
        # A school of the initiative that has not started in any period is untreated in all we can see.
        schools.append(
            School(
                school_id,
                school_type,
                tuple(value for value, _, _ in cells),
                tuple(numerator for _, numerator, _ in cells),
                tuple(denominator for _, _, denominator in cells),
                own.get(school_id),
                school_id in others,
                baseline_class(observed.care_shares.get((school_id, base))),
            )
        )
    return study(
        schools,
        [m.label for m in moments],
        registration,
        share=observed.share,
        replications=replications,
        permutations=permutations,
    )
