"""Tables of figures as layers of integer cells: what each is, what showing it tells, what it must keep open.

A layer is one measure in one period for one item: children with care, the numerator of a share, a sum of
hours. Two tables with the same figures are one layer, so that what is hidden in one is hidden in the other.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, Frame, TableKey
from zorgdata.disclosure.ledger import Anchors
from zorgdata.disclosure.primary import count_rows, depth, is_hidden
from zorgdata.disclosure.relations import PART_OF, SUM_OF, WHOLE_OF, Key
from zorgdata.disclosure.rules import Codes, Floats, Reason, round_to, rounding_interval
from zorgdata.disclosure.system import Ints
from zorgdata.limits import AudienceRules

COUNTS = frozenset((Kind.COUNT, Kind.SHARE, Kind.FLAG))
SUMS = frozenset((Kind.HOURS, Kind.COST, Kind.MEAN, Kind.RATE))
SCALE = {Kind.HOURS: 100, Kind.MEAN: 1000}
_OWN = frozenset((Reason.THRESHOLD, Reason.SMALL_POPULATION, Reason.DOMINANCE, Reason.COMPLEMENT))


@dataclass
class Layer:
    """Cells of one measure; arrays run over ``rows``, the frame's rows. ``also`` are rows of the ``twins``,
    the tables with equal figures."""

    table: TableKey
    kind: Kind
    rows: Ints
    also: list[Ints]
    x: Ints
    lower: Ints
    upper: Ints
    shown_lower: Ints
    shown_upper: Ints
    need_lower: Ints
    need_upper: Ints
    rule_lower: Ints
    rule_upper: Ints
    twins: list[TableKey] = field(default_factory=list)


def layers(
    frame: Frame,
    declared: Mapping[str, Declaration],
    rules: AudienceRules,
    reason: Codes,
    anchors: Anchors | None = None,
    *,
    ready: "Ready | None" = None,
    level: int | None = None,
) -> Iterator[tuple[int, Layer]]:
    """(depth, layer) of everything that adds up; equal tables of several metrics become the shallowest.

    ``ready``: what an earlier call with the same frame and anchors left to be used again. ``level``: the
    depth that is asked for, when only one is; layers of other depths may be left out.
    """
    at = ready or Ready(frame, declared)
    told = anchors or Anchors.none(len(frame))
    seen: dict[tuple[str, tuple[Key, ...], bytes], list[tuple[int, Layer]]] = {}
    found: list[tuple[int, Layer]] = []
    for mine, key in at.order:
        d = declared[key[0]]
        alike = d.kind in COUNTS or d.kind is _RATE
        if not alike and level not in {None, mine}:
            continue  # it is never the twin of another
        rows, cells = at.cells(key)
        if not len(rows):
            continue
        if d.kind in COUNTS:
            layer = at.counts.get(key)
            if layer is None:
                layer = _counts(at, d, rules, key, rows)
                _told(layer, told, 1)
                at.counts[key] = layer
            layer = copy(layer)
            layer.also, layer.twins = [], []
            between = reason[rows] == _BOUNDARY
            if between.any():
                _between_classes(layer, between, rules.threshold)
        else:
            layer = _sums(frame, d, rules, key, rows=rows, reason=reason)
            _told(layer, told, SCALE.get(d.kind, 1))
        name = (key[1], cells, layer.x.tobytes())
        others = seen.setdefault(name, []) if alike else []
        twin_depth, twin = _twin(others, layer, declared, rules.threshold) if others else (0, None)
        if twin is not None:
            _merge(twin, layer)
            if twin_depth < mine and _tied(key, at.tables):
                # Its own total, or its own parts, are judged here: without it they would give it away.
                layer.also.append(twin.rows)
                found.append((mine, layer))
            continue
        others.append((mine, layer))
        found.append((mine, layer))
    yield from found


_BOUNDARY, _RATE = Reason.BOUNDARY, Kind.RATE
_MANY = 3
"""So many equal small numbers are no chance."""


def _twin(
    others: list[tuple[int, Layer]], layer: Layer, declared: Mapping[str, Declaration], t: int
) -> tuple[int, Layer | None]:
    """Depth and layer of the first of these, of equal figures, that is the same; None when there is none."""
    if not layer.x.any():
        return 0, None
    chance = int(layer.x.max()) < t and int(np.count_nonzero(layer.x)) < _MANY
    return next((o for o in others if _twins(o[1], layer.table, declared, chance=chance)), (0, None))


def _twins(layer: Layer, key: TableKey, declared: Mapping[str, Declaration], *, chance: bool) -> bool:
    """Whether equal tables are the same figures, told by several metrics.

    Equal items of one breakdown are two parts of its total. One or two equal small numbers of figures that do
    not stand on each other are equal by ``chance``: nobody knows it, and what bounds one does not bound the
    other.
    """
    metric, lead = key[0], declared[key[0]].lead
    names = {table[0] for table in (layer.table, *layer.twins)}
    related = lead in names or any(declared[name].lead == metric for name in names)
    return metric not in names and (related or not chance)


def _tied(key: TableKey, tables: Mapping[tuple[str, str], set[TableKey]]) -> bool:
    """Whether a table is in sums with other tables of its metric, or with those of other metrics."""
    metric, time, dimension, item = key
    others = {metric, PART_OF.get(metric, ""), *SUM_OF.get(metric, ())} | _IN.get(metric, set())
    same = tables.get((metric, time), set())
    return (
        len(same) > 1
        or (metric, dimension, item) in WHOLE_OF
        or any((name, time) in tables for name in others - {metric})
    )


_IN: dict[str, set[str]] = {}
for _part, _whole in PART_OF.items():
    _IN.setdefault(_whole, set()).add(_part)
for _whole, _parts in SUM_OF.items():
    for _part in _parts:
        _IN.setdefault(_part, set()).add(_whole)


def _between_classes(layer: Layer, between: NDArray[np.bool_], t: int) -> None:
    """A figure of two classifications must stay open by T either way: with what it was it tells a part."""
    low, high = np.maximum(layer.lower, layer.x - t), np.minimum(layer.upper, layer.x + t)
    layer.need_lower = np.where(between, np.minimum(layer.need_lower, low), layer.need_lower)
    layer.need_upper = np.where(between, np.maximum(layer.need_upper, high), layer.need_upper)


class Ready:
    """What of the layers of a frame depends on its figures alone, and is the same at every depth.

    ``order``: the tables that add up with their depths, shallow ones first.
    """

    def __init__(self, frame: Frame, declared: Mapping[str, Declaration]) -> None:
        self._frame = frame
        self.x, self.population = count_rows(frame, declared)
        self.children = frame.children
        self.counts: dict[TableKey, Layer] = {}
        self.tables: dict[tuple[str, str], set[TableKey]] = {}
        for key in frame.index:
            self.tables.setdefault(key[:2], set()).add(key)
        depths = {metric: depth(metric, declared) for metric in {key[0] for key in frame.index}}
        adding = [key for key in frame.index if declared[key[0]].kind in COUNTS | SUMS]
        self.order = sorted((depths[key[0]], key) for key in adding)
        self._cells: dict[TableKey, tuple[Ints, tuple[Key, ...]]] = {}
        self._counted: dict[str, _Counted] = {}
        self._place = np.zeros(len(frame), np.int64)
        for rows in frame.by_metric().values():
            self._place[rows] = np.arange(len(rows))

    def counted(self, d: Declaration, rules: AudienceRules, rows: Ints) -> "_Counted":
        """What :func:`_counted` gives of these rows of a metric, all rows of which are worked out at once."""
        found = self._counted.get(d.metric)
        if found is None:
            of = self._frame.by_metric()[d.metric]
            found = self._counted[d.metric] = _counted(d, rules, self.x[of], self.population[of])
        place = self._place[rows]
        return _Counted(*(column[place] for column in found))

    def cells(self, key: TableKey) -> tuple[Ints, tuple[Key, ...]]:
        """Rows of a table that were delivered, and their levels and units, in order."""
        found = self._cells.get(key)
        if found is None:
            status = self._frame.status
            cells = [
                (row, (level, unit))
                for level, units in sorted(self._frame.index[key].items())
                for unit, row in sorted(units.items())
                if status[row] != NOT_DELIVERED
            ]
            rows = np.asarray([row for row, _ in cells], np.int64)
            found = self._cells[key] = (rows, tuple(name for _, name in cells))
        return found


def _told(layer: Layer, anchors: Anchors, scale: int) -> None:
    """Takes in what earlier releases told: nobody can be asked to keep open what is known already."""
    low, high = anchors.told_low[layer.rows], anchors.told_high[layer.rows]
    known = ~np.isnan(low)
    if not known.any():
        return
    least = np.where(known, np.floor(np.nan_to_num(low) * scale), 0).astype(np.int64)
    most = np.where(known, np.ceil(np.nan_to_num(high) * scale), 0).astype(np.int64)
    least, most = np.minimum(least, layer.x), np.maximum(most, layer.x)
    # A repeated figure tells what it told before, not what rounding the new truth would tell.
    shown_least = np.minimum(np.maximum(least, layer.rule_lower), layer.x)
    shown_most = np.maximum(np.minimum(most, layer.rule_upper), layer.x)
    layer.shown_lower = np.where(known, shown_least, layer.shown_lower)
    layer.shown_upper = np.where(known, shown_most, layer.shown_upper)
    layer.lower = np.where(known, np.maximum(layer.lower, least), layer.lower)
    layer.upper = np.where(known, np.minimum(layer.upper, most), layer.upper)
    layer.need_lower = np.maximum(layer.need_lower, np.minimum(layer.lower, layer.x))
    layer.need_upper = np.minimum(layer.need_upper, np.maximum(layer.upper, layer.x))


def _merge(twin: Layer, layer: Layer) -> None:
    twin.also.append(layer.rows)
    twin.twins.append(layer.table)
    twin.lower = np.maximum(twin.lower, layer.lower)
    twin.upper = np.minimum(twin.upper, layer.upper)
    twin.shown_lower = np.maximum(twin.shown_lower, layer.shown_lower)
    twin.shown_upper = np.minimum(twin.shown_upper, layer.shown_upper)
    twin.need_lower = np.maximum(np.minimum(twin.need_lower, layer.need_lower), twin.lower)
    twin.need_upper = np.minimum(np.maximum(twin.need_upper, layer.need_upper), twin.upper)


class _Counted(NamedTuple):
    """Bounds of counts, as :class:`Layer` has them."""

    x: Ints
    upper: Ints
    shown_lower: Ints
    shown_upper: Ints
    need_lower: Ints
    need_upper: Ints
    rule_lower: Ints
    rule_upper: Ints


def _counted(d: Declaration, rules: AudienceRules, raw: Floats, population: Floats) -> _Counted:
    """Counts: known beforehand is 0 to D; shown tells the rounding interval and that no rule hid it.

    Must stay possible: from 0 to min(T, D) when x < T, from max(0, D − T) to D when D − x < T, T either way
    when the population is small, and just above the group share when top-coded.
    """
    t = rules.min_children_flag if d.kind is Kind.FLAG else rules.threshold
    least = rules.min_population_rates if d.kind is Kind.SHARE else rules.min_population_counts
    x = np.rint(np.nan_to_num(raw)).astype(np.int64)
    # Without a known population nobody knows a bound; this one merely leaves the cell free.
    loose = 4 * x + 10 * t
    bounded = np.isfinite(population)
    upper = np.where(np.isnan(raw), 0, np.where(bounded, np.nan_to_num(population, posinf=0), loose))
    upper = np.maximum(np.rint(upper).astype(np.int64), x)
    published = round_to(x.astype(np.float64), rules.rounding_base).astype(np.int64)
    low, high = rounding_interval(published, rules.rounding_base)
    limit = np.floor(rules.group_share * upper + 1e-9).astype(np.int64)
    top = (x > limit) & (upper - x >= t)
    # That a figure is shown at all tells that no rule hid it.
    rule_low, rule_high = np.where(top, limit + 1, t), np.where(top, upper - t, np.minimum(upper - t, limit))
    low = np.where(top, rule_low, np.maximum(low, rule_low))
    high = np.where(top, rule_high, np.minimum(high, rule_high))
    small, few, small_population = x < t, upper - x < t, upper < least
    need_low, need_high = x.copy(), x.copy()
    need_low = np.where(small_population, np.maximum(0, x - t), need_low)
    need_high = np.where(small_population, np.minimum(upper, x + t), need_high)
    need_low = np.where(top, limit + 1, need_low)
    need_low = np.where(few, np.minimum(need_low, np.maximum(0, upper - t)), need_low)
    need_high = np.where(few, upper, need_high)
    need_low = np.where(small, 0, need_low)
    need_high = np.where(small, np.maximum(need_high, np.minimum(t, upper)), need_high)
    return _Counted(x, upper, low, high, need_low, need_high, rule_low, rule_high)


def _counts(at: "Ready", d: Declaration, rules: AudienceRules, key: TableKey, rows: Ints) -> Layer:
    """A layer of counts, in which the number of events of a few children tells about them as a sum does."""
    x, upper, low, high, need_low, need_high, rule_low, rule_high = at.counted(d, rules, rows)
    if d.events or (d.lead and not d.population):
        t = rules.min_children_flag if d.kind is Kind.FLAG else rules.threshold
        n = np.nan_to_num(at.children[rows])
        each = float(x[n > 0].sum() / max(1.0, n[n > 0].sum()))
        need_low = np.where(n < t, 0, need_low)
        need_high = np.where(
            n < t, np.maximum(need_high, np.minimum(upper, int(np.ceil(t * each)))), need_high
        )
    lower = np.zeros(len(x), np.int64)
    return Layer(key, d.kind, rows, [], x, lower, upper, low, high, need_low, need_high, rule_low, rule_high)


def _sums(
    frame: Frame, d: Declaration, rules: AudienceRules, key: TableKey, *, rows: Ints, reason: Codes
) -> Layer:
    """Sums over children, in small whole units (a hundredth of an hour, a thousandth of a mean).

    A sum over fewer than T children must remain possible from 0 to T children's average; other hidden sums
    within p % either way.
    """
    scale = SCALE.get(d.kind, 1)
    numerator, mean = frame.numerator[rows], frame.value[rows]
    n = frame.children[rows]
    den = np.where(np.isnan(frame.denominator[rows]), n, frame.denominator[rows])
    exact = numerator if d.kind is Kind.RATE else frame.value[rows]
    if d.kind is Kind.MEAN:
        exact = np.where(np.isnan(numerator), mean * den, numerator)
    exact = np.nan_to_num(exact)
    x = np.rint(exact * scale).astype(np.int64)
    known = np.nan_to_num(n) > 0
    average = float(exact[known].sum() / max(1.0, n[known].sum()))
    room = max(10.0 * rules.threshold * average * scale, 100.0)
    upper = np.rint(4 * np.abs(x) + room).astype(np.int64)
    if d.kind is Kind.MEAN:
        low, high = _mean_interval(mean, n, den, d, base=rules.rounding_base, scale=scale)
    elif d.kind is Kind.RATE:
        published = round_to(exact, rules.rounding_base).astype(np.int64)
        low, high = rounding_interval(published, rules.rounding_base)
        low = np.maximum(low, rules.threshold)
    else:
        # Rounded as it is published, from the figure itself: its whole units may lie across a tie.
        base = rules.cost_base if d.kind is Kind.COST else rules.rounding_base
        published = np.rint(round_to(exact, base) * scale).astype(np.int64)
        low, high = published - base * scale // 2, published + base * scale // 2
    x = np.where(reason[rows] == 0, np.clip(x, low, high), x)
    spread = np.ceil(np.abs(x) * rules.p_percent / 100).astype(np.int64)
    own = np.isin(reason[rows], list(_OWN)) | ~(n >= rules.threshold)
    few = ~(n >= rules.threshold)
    need_low = np.where(few, 0, np.where(own, x - spread, x))
    few_high = np.maximum(x, np.int64(np.ceil(rules.threshold * average * scale)))
    need_high = np.where(few, few_high, np.where(own, x + spread, x))
    upper = np.maximum(upper, need_high)
    lower = np.zeros(len(x), np.int64)
    return Layer(key, d.kind, rows, [], x, lower, upper, low, high, need_low, need_high, lower, upper)


def _mean_interval(
    mean: Floats, n: Floats, den: Floats, d: Declaration, *, base: int, scale: int
) -> tuple[Ints, Ints]:
    """The sums that give the published mean, its exact denominator being known."""
    rounded = np.maximum(round_to(np.nan_to_num(n), base), base)
    step = 10.0 ** -(d.decimals + 2 * d.percent)
    half = 0.5 * step
    whole = np.floor(np.nan_to_num(mean) * rounded + 0.5)
    shown = round_to(whole / rounded, step)
    first = np.minimum(np.ceil((shown - half) * rounded - 1e-9), whole)
    last = np.maximum(np.floor((shown + half) * rounded - 1e-9), whole)
    low = np.ceil((first - 0.5) / rounded * np.nan_to_num(den) * scale)
    high = np.floor((last + 0.5) / rounded * np.nan_to_num(den) * scale)
    return low.astype(np.int64), high.astype(np.int64)


def hidden(layer: Layer, reason: Codes) -> NDArray[np.bool_]:
    """Which cells of a layer are hidden in any of its tables."""
    codes = [reason[rows] for rows in (layer.rows, *layer.also)]
    return np.asarray(np.any([is_hidden(c) for c in codes], axis=0), np.bool_)
