"""Applies the primary rules to every row, and lets figures inherit from the one they stand on (P6)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from zorgdata.disclosure.contributions import Contributions
from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Frame
from zorgdata.disclosure.rules import (
    Codes,
    Floats,
    Ints,
    Reason,
    count_reasons,
    dominance,
    market_dominated,
)
from zorgdata.limits import AudienceRules

HIDDEN = frozenset(set(Reason) - {Reason.NONE, Reason.GROUP})
"""Reasons that hide a figure; top-coding alone does not."""

_HIDING = np.isin(np.arange(256), sorted(HIDDEN))
_MEANS = (Kind.MEAN, Kind.RATE)


def is_hidden(reason: Codes) -> NDArray[np.bool_]:
    """Which reasons hide, element by element."""
    return np.asarray(_HIDING[reason])


NOT_OF_PUPILS = frozenset(("responsible_municipality", "provider", "consortium"))
"""Levels whose units are no groups of pupils: they have no number of pupils to be a part of."""


def count_rows(frame: Frame, declared: Mapping[str, Declaration]) -> tuple[Floats, Floats]:
    """Count and population of every row that is a count or a share; NaN for the others.

    A count's population is its denominator, else the population metric's value for the same unit and time
    (for the same item, else in total), never below the count; endless when the metric declares none, and at a
    level that is no group of pupils. A share brings both itself.
    """
    x, population = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    counted = {m: d.population for m, d in declared.items() if d.kind in (Kind.COUNT, Kind.FLAG)}
    whole = rows_of(frame, counted)
    for metric, rows in frame.by_metric().items():
        d = declared[metric]
        if d.kind in (Kind.SHARE, Kind.FLAG):
            brought = rows[~np.isnan(frame.denominator[rows])]
            x[brought], population[brought] = frame.numerator[brought], frame.denominator[brought]
        if d.kind in (Kind.COUNT, Kind.FLAG):
            bare = rows[np.isnan(x[rows])]
            x[bare], population[bare] = frame.value[bare], frame.denominator[bare]
            if not d.population:
                population[bare] = np.inf
            bare = bare[np.isnan(population[bare])]
            found = whole[bare]
            # Of who pays or gives care nobody knows out of how many pupils; at a school they are counted.
            unknown = [np.inf if frame.level[row] in NOT_OF_PUPILS else np.nan for row in bare.tolist()]
            population[bare] = np.where(found >= 0, frame.value[found], unknown)
    return x, np.where(np.isnan(x), population, np.fmax(x, population))


def rows_of(frame: Frame, other: Mapping[str, str], *, totals: bool = False) -> Ints:
    """Per row the row of ``other[metric]`` for its unit and time: same item, else the total; −1: none.

    ``totals``: never that of the item.
    """
    found = np.full(len(frame), -1, np.int64)
    nothing: dict[str, dict[str, int]] = {}
    tables = [(name, key) for metric, name in other.items() if name for key in frame.tables_of(metric)]
    for name, (metric, time, dimension, item) in tables:
        levels = frame.index[metric, time, dimension, item]
        same = nothing if totals else frame.index.get((name, time, dimension, item), nothing)
        total = frame.index.get((name, time, "", ""), nothing) if dimension or totals else nothing
        for level, units in levels.items() if same or total else ():
            mine, whole = same.get(level, {}), total.get(level, {})
            found[list(units.values())] = [mine.get(unit, whole.get(unit, -1)) for unit in units]
    if frame.alias:
        found[list(frame.alias)] = found[list(frame.alias.values())]
    return found


def leads(frame: Frame, declared: Mapping[str, Declaration]) -> Ints:
    """For every row the row it stands on, −1 for none."""
    return rows_of(frame, {m: d.lead for m, d in declared.items() if d.lead != m})


def primary(
    frame: Frame,
    declared: Mapping[str, Declaration],
    rules: AudienceRules,
    contributions: Contributions | None = None,
) -> Codes:
    """The reason of every row under P1-P5 and P7, 0 where these rules let it pass.

    ``contributions``: what single households and providers contribute to every sum (None: not known).
    Not-delivered rows have reason 0: they carry no value.
    """
    if rules.unlimited:
        return np.zeros(len(frame), np.uint8)
    x, population = count_rows(frame, declared)
    reason = count_reasons(x, population, rules, rules.min_population_counts)
    rates = count_reasons(x, population, rules, rules.min_population_rates)
    of = contributions or Contributions.unknown(len(frame))
    per_child = [m for m in frame.by_metric() if declared[m].per_child]
    total = frame.value.copy()
    for metric in per_child:
        rows = frame.by_metric()[metric]
        total[rows] = frame.numerator[rows]
    dominated = dominance(of.one, of.two, total, rules)
    market = market_dominated(of.providers, of.share, rules)
    for metric, rows in frame.by_metric().items():
        d, n = declared[metric], frame.children[rows]
        if d.kind is Kind.OPEN:
            reason[rows] = 0
        elif d.kind is Kind.SHARE:
            few = d.events & ~(n >= rules.min_population_rates) & ~is_hidden(rates[rows])
            reason[rows] = np.where(few, Reason.SMALL_POPULATION, rates[rows])
        elif d.kind is Kind.FLAG:
            reason[rows] = np.where(n >= rules.min_children_flag, reason[rows], Reason.FLAG)
        elif d.kind is Kind.COUNT:
            if d.lead and not d.population:
                reason[rows] = np.where(n >= rules.threshold, reason[rows], Reason.THRESHOLD)
        else:
            few = dominated | market if d.kind is Kind.COST else dominated
            reason[rows] = _other(frame, d, rules, rows, few[rows])
    reason[[s == NOT_DELIVERED for s in frame.status]] = 0
    return reason


def weighed(frame: Frame, declared: Mapping[str, Declaration], rules: AudienceRules) -> NDArray[np.bool_]:
    """The sums of which rule P5 decides: of fewer than T children, or of none, another rule hides them."""
    sums = np.zeros(len(frame), bool)
    for metric, rows in frame.by_metric().items():
        sums[rows] = declared[metric].weighed
    return np.asarray(sums & (frame.children >= rules.threshold) & ~np.isnan(frame.value))


def shadow(
    frame: Frame,
    declared: Mapping[str, Declaration],
    reason: Codes,
    standing_on: Ints | None = None,
    *,
    over: Reason = Reason.NONE,
) -> None:
    """P6 in place: a figure that stands on a hidden one is hidden; an alias follows its first row.

    ``standing_on``: what :func:`leads` gives, when it is at hand. ``over``: a hiding reason that
    this one comes before.
    """
    on = leads(frame, declared) if standing_on is None else standing_on
    delivered = np.asarray([s != NOT_DELIVERED for s in frame.status])
    for metric in sorted(frame.by_metric(), key=lambda m: depth(m, declared)):
        d, rows = declared[metric], frame.by_metric()[metric]
        rows = rows[delivered[rows]]
        if d.kind is Kind.RATIO:
            alone = rows[on[rows] < 0]
            reason[alone] = np.where(is_hidden(reason[alone]), reason[alone], Reason.UNKNOWN_POPULATION)
        rows = rows[on[rows] >= 0]
        lead = reason[on[rows]]
        free = ~is_hidden(reason[rows]) | ((reason[rows] == over) & (over != Reason.NONE))
        reason[rows] = np.where(is_hidden(lead) & free, Reason.SHADOW, reason[rows])
        if d.kind is Kind.QUANTILE and d.percent:
            # A share of a sum of euros would give that sum away from its part, or the part from the sum.
            whole = rows_of(frame, {metric: d.lead}, totals=True)[rows]
            gone = (whole >= 0) & is_hidden(reason[whole]) & free
            reason[rows] = np.where(gone, Reason.SHADOW, reason[rows])
        if d.kind is Kind.SHARE and not d.events:
            same = frame.numerator[rows] == frame.value[on[rows]]
            reason[rows] = np.where((lead == Reason.GROUP) & same & (reason[rows] == 0), lead, reason[rows])
    for row, first in frame.alias.items():
        pair = (frame.value[row], frame.value[first])
        if pair[0] != pair[1] and not np.isnan(pair).all():
            reason[first] = Reason.CONFLICT
        reason[row] = reason[first]


def depth(metric: str, declared: Mapping[str, Declaration]) -> int:
    """How many figures a metric stands on: its lead, the lead's lead, … up to a population."""
    d = declared.get(metric)
    lead = declared.get(d.lead) if d else None
    if d is None or lead is None or lead.kind is Kind.POPULATION or d.lead == metric:
        return 0
    return 1 + depth(d.lead, declared)


def _other(
    frame: Frame, d: Declaration, rules: AudienceRules, rows: Ints, dominated: NDArray[np.bool_]
) -> Codes:
    """Populations, means, rates, sums, ratios, percentiles and organisations."""
    reason = np.zeros(len(rows), np.uint8)
    value, n = frame.value[rows], frame.children[rows]
    if d.kind is Kind.POPULATION:
        reason[value < rules.min_population_counts] = Reason.SMALL_POPULATION
    else:
        if d.weighed:
            reason[dominated] = Reason.DOMINANCE
        if d.kind is Kind.RATE:
            reason[~(frame.numerator[rows] >= rules.threshold)] = Reason.THRESHOLD
        if d.kind in _MEANS:
            reason[n < rules.min_children_mean] = Reason.SMALL_POPULATION
        if d.kind is Kind.QUANTILE:
            reason[n < rules.min_children_quantile] = Reason.SMALL_POPULATION
        if d.kind is Kind.RATIO:
            reason[~(frame.denominator[rows] >= rules.min_population_rates)] = Reason.SMALL_POPULATION
        reason[n < rules.threshold] = Reason.THRESHOLD
        reason[np.isnan(n)] = Reason.UNKNOWN_POPULATION
    reason[np.isnan(value)] = Reason.UNDEFINED
    return reason
