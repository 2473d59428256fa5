"""Applies the primary rules to every row, and lets figures inherit from the count they stand on (P6)."""

from collections.abc import Mapping

import numpy as np

from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Frame
from zorgdata.disclosure.rules import Codes, Floats, Reason, count_reasons
from zorgdata.limits import AudienceRules

HIDDEN = frozenset(set(Reason) - {Reason.NONE, Reason.GROUP})
"""Reasons that hide a figure; top-coding alone does not."""

_MEANS = (Kind.MEAN, Kind.RATE)


def count_rows(frame: Frame, declared: Mapping[str, Declaration]) -> tuple[Floats, Floats]:
    """Count and population of every row that is a count or a share; NaN for the others.

    A count's population is its denominator, else the population metric's value for the same unit and time
    (for the same item, else in total), never below the count. A share brings both itself.
    """
    x, population = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    for row, metric in enumerate(frame.metric):
        d = declared[metric]
        if d.kind in (Kind.SHARE, Kind.FLAG) and not np.isnan(frame.denominator[row]):
            x[row], population[row] = frame.numerator[row], frame.denominator[row]
        elif d.kind in (Kind.COUNT, Kind.FLAG):
            x[row], population[row] = frame.value[row], frame.denominator[row]
            if np.isnan(population[row]) and d.lead:
                found = frame.find(d.lead, row)
                found = frame.find(d.lead, row, total=True) if found is None else found
                population[row] = frame.value[found] if found is not None else np.nan
    return x, np.where(np.isnan(x), population, np.fmax(x, population))


def primary(frame: Frame, declared: Mapping[str, Declaration], rules: AudienceRules) -> Codes:
    """The reason of every row under P1-P7, 0 where the primary rules let it pass.

    Not-delivered rows have reason 0: they carry no value.
    """
    if rules.unlimited:
        return np.zeros(len(frame), np.uint8)
    x, population = count_rows(frame, declared)
    reason = count_reasons(x, population, rules, rules.min_population_counts)
    rates = count_reasons(x, population, rules, rules.min_population_rates)
    for row, metric in enumerate(frame.metric):
        kind = declared[metric].kind
        if frame.status[row] == NOT_DELIVERED:
            reason[row] = Reason.NONE
        elif kind is Kind.SHARE:
            few = declared[metric].events and not frame.children[row] >= rules.min_population_rates
            reason[row] = Reason.SMALL_POPULATION if few and rates[row] not in HIDDEN else rates[row]
        elif kind is Kind.FLAG:
            reason[row] = _flag(frame, row, int(reason[row]), rules)
        elif kind is not Kind.COUNT:
            reason[row] = _other(frame, row, kind, rules)
    shadow(frame, declared, reason)
    return reason


def shadow(frame: Frame, declared: Mapping[str, Declaration], reason: Codes) -> None:
    """P6 in place: a figure whose count is hidden is hidden; an alias follows its first row."""
    for row, metric in enumerate(frame.metric):
        lead = declared[metric].lead
        if not lead or frame.status[row] == NOT_DELIVERED:
            continue
        found = frame.find(lead, row)
        found = frame.find(lead, row, total=True) if found is None else found
        if found is None:
            continue
        if declared[metric].kind is Kind.COUNT:
            # The population's own rounding rule does not hide a count; P4 on the count does.
            continue
        if reason[found] in HIDDEN and reason[row] not in HIDDEN:
            reason[row] = Reason.SHADOW
        elif reason[found] == Reason.GROUP and declared[metric].kind is Kind.SHARE and reason[row] == 0:
            reason[row] = Reason.GROUP
    for row, first in frame.alias.items():
        if (
            frame.value[row] != frame.value[first]
            and not np.isnan([frame.value[row], frame.value[first]]).all()
        ):
            reason[first] = Reason.CONFLICT
        reason[row] = reason[first]


def _flag(frame: Frame, row: int, reason: int, rules: AudienceRules) -> int:
    few = not frame.children[row] >= rules.min_children_flag
    return Reason.FLAG if few else reason


def _other(frame: Frame, row: int, kind: Kind, rules: AudienceRules) -> int:
    if kind is Kind.OPEN:
        return Reason.NONE
    if np.isnan(frame.value[row]):
        return Reason.UNDEFINED
    if kind is Kind.POPULATION:
        return Reason.SMALL_POPULATION if frame.value[row] < rules.min_population_counts else Reason.NONE
    n = frame.children[row]
    if np.isnan(n):
        return Reason.UNKNOWN_POPULATION
    if n < rules.threshold:
        return Reason.THRESHOLD
    if kind in _MEANS and n < rules.min_children_mean:
        return Reason.SMALL_POPULATION
    if kind is Kind.RATE and not frame.numerator[row] >= rules.threshold:
        return Reason.THRESHOLD
    if kind is Kind.QUANTILE and n < rules.min_children_quantile:
        return Reason.SMALL_POPULATION
    if kind in (Kind.HOURS, Kind.COST):
        return Reason.NONE  # dominance needs contributions: see dominance in primary of sums
    return Reason.NONE
