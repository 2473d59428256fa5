"""Applies the primary rules to every row, and lets figures inherit from the one they stand on (P6)."""

from collections.abc import Mapping

import numpy as np

from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Frame
from zorgdata.disclosure.rules import Codes, Floats, Reason, count_reasons, dominance
from zorgdata.limits import AudienceRules

HIDDEN = frozenset(set(Reason) - {Reason.NONE, Reason.GROUP})
"""Reasons that hide a figure; top-coding alone does not."""

_MEANS = (Kind.MEAN, Kind.RATE)


def count_rows(frame: Frame, declared: Mapping[str, Declaration]) -> tuple[Floats, Floats]:
    """Count and population of every row that is a count or a share; NaN for the others.

    A count's population is its denominator, else the population metric's value for the same unit and time
    (for the same item, else in total), never below the count; endless when the metric declares none. A share
    brings both itself.
    """
    x, population = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    for row, metric in enumerate(frame.metric):
        d = declared[metric]
        if d.kind in (Kind.SHARE, Kind.FLAG) and not np.isnan(frame.denominator[row]):
            x[row], population[row] = frame.numerator[row], frame.denominator[row]
        elif d.kind in (Kind.COUNT, Kind.FLAG):
            x[row], population[row] = frame.value[row], frame.denominator[row]
            if not d.population:
                population[row] = np.inf
            elif np.isnan(population[row]):
                found = lead_row(frame, d.population, row)
                population[row] = frame.value[found] if found is not None else np.nan
    return x, np.where(np.isnan(x), population, np.fmax(x, population))


def lead_row(frame: Frame, metric: str, row: int) -> int | None:
    """The row of another metric a row stands on: same item, else the total over items."""
    found = frame.find(metric, row)
    return frame.find(metric, row, total=True) if found is None else found


def primary(
    frame: Frame,
    declared: Mapping[str, Declaration],
    rules: AudienceRules,
    contributions: tuple[Floats, Floats] | None = None,
) -> Codes:
    """The reason of every row under P1-P7, 0 where the primary rules let it pass.

    ``contributions``: largest and two largest together of every sum (None: not known). Not-delivered rows
    have reason 0: they carry no value.
    """
    if rules.unlimited:
        return np.zeros(len(frame), np.uint8)
    x, population = count_rows(frame, declared)
    reason = count_reasons(x, population, rules, rules.min_population_counts)
    rates = count_reasons(x, population, rules, rules.min_population_rates)
    unknown = np.full(len(frame), np.nan)
    one, two = contributions or (unknown, unknown)
    dominated = dominance(one, two, frame.value, rules)
    for row, metric in enumerate(frame.metric):
        d = declared[metric]
        if frame.status[row] == NOT_DELIVERED or d.kind is Kind.OPEN:
            reason[row] = Reason.NONE
        elif d.kind is Kind.SHARE:
            few = d.events and not frame.children[row] >= rules.min_population_rates
            reason[row] = Reason.SMALL_POPULATION if few and rates[row] not in HIDDEN else rates[row]
        elif d.kind is Kind.FLAG:
            few = not frame.children[row] >= rules.min_children_flag
            reason[row] = Reason.FLAG if few else reason[row]
        elif d.kind is Kind.COUNT:
            if d.lead and not d.population and not frame.children[row] >= rules.threshold:
                reason[row] = Reason.THRESHOLD
        else:
            reason[row] = _other(frame, d, row, rules, dominated=bool(dominated[row]))
    shadow(frame, declared, reason)
    return reason


def shadow(frame: Frame, declared: Mapping[str, Declaration], reason: Codes) -> None:
    """P6 in place: a figure that stands on a hidden one is hidden; an alias follows its first row."""
    for row, metric in enumerate(frame.metric):
        d = declared[metric]
        if not d.lead or d.lead == metric or frame.status[row] == NOT_DELIVERED:
            continue
        found = lead_row(frame, d.lead, row)
        if found is None:
            if d.kind is Kind.RATIO:
                reason[row] = Reason.UNKNOWN_POPULATION
        elif reason[found] in HIDDEN and reason[row] not in HIDDEN:
            reason[row] = Reason.SHADOW
        elif reason[found] == Reason.GROUP and d.kind is Kind.SHARE and reason[row] == 0 and not d.events:
            same = frame.numerator[row] == frame.value[found]
            reason[row] = Reason.GROUP if same else Reason.NONE
    for row, first in frame.alias.items():
        pair = (frame.value[row], frame.value[first])
        if pair[0] != pair[1] and not np.isnan(pair).all():
            reason[first] = Reason.CONFLICT
        reason[row] = reason[first]


def _other(frame: Frame, d: Declaration, row: int, rules: AudienceRules, *, dominated: bool) -> int:
    if np.isnan(frame.value[row]):
        return Reason.UNDEFINED
    if d.kind is Kind.POPULATION:
        return Reason.SMALL_POPULATION if frame.value[row] < rules.min_population_counts else Reason.NONE
    n = frame.children[row]
    if np.isnan(n):
        return Reason.UNKNOWN_POPULATION
    if n < rules.threshold:
        return Reason.THRESHOLD
    small = (
        (d.kind in _MEANS and n < rules.min_children_mean)
        or (d.kind is Kind.QUANTILE and n < rules.min_children_quantile)
        or (d.kind is Kind.RATIO and not frame.denominator[row] >= rules.min_population_rates)
    )
    if small:
        return Reason.SMALL_POPULATION
    if d.kind is Kind.RATE and not frame.numerator[row] >= rules.threshold:
        return Reason.THRESHOLD
    if d.kind in (Kind.HOURS, Kind.COST) and dominated:
        return Reason.DOMINANCE
    return Reason.NONE
