"""How the figures of a release hang together, in words that tell no figure: what an outsider rebuilds.

Only what the judged model really uses is told, and only what is true throughout the release: so every table
that agrees with the model agrees with what is told, and an outsider can find no fault with what was proven.
How far totals and parts differ is given in whole rounding steps over a whole release, rounded outward.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from zorgdata.disclosure.assess import Assessment
from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import NOT_DELIVERED, TableKey
from zorgdata.disclosure.layers import COUNTS, SCALE, SUMS
from zorgdata.disclosure.primary import NOT_OF_PUPILS, count_rows, rows_of
from zorgdata.disclosure.relations import ADDITIVE, BESIDE, PART_OF, SUM_OF, WHOLE_OF
from zorgdata.disclosure.rules import Floats
from zorgdata.disclosure.units import school_year

Spans = dict[tuple[str, str, str], tuple[int, int]]
TableName = tuple[str, str, str]
"""Metric, dimension and item."""


class Structure:
    """What is told of a judged release."""

    def __init__(self, judged: Assessment) -> None:
        self.judged, self.frame = judged, judged.frame
        self.declared = {m: judged.declared[m] for m in sorted(set(judged.frame.metric))}
        self.x, self.population = count_rows(self.frame, judged.declared)
        self.delivered = np.asarray([s != NOT_DELIVERED for s in self.frame.status], bool)
        self.numbers = self._numbers()
        self.cells = self._cells()
        self.spans: Spans = {}
        self._sums()

    def told(self) -> dict[str, Any]:
        """The part of the block ``disclosure`` that says how figures hang together."""
        names = set(self.declared)
        dimensions = sorted({d for d in self.frame.dimension if d})
        return {
            "figures": {m: self._figure(d) for m, d in self.declared.items()},
            "levels_without_pupils": sorted(NOT_OF_PUPILS),
            "relations": [
                {"metric": m, "total": total, "parts": of, "least": low, "most": high}
                for (m, total, of), (low, high) in sorted(self.spans.items())
            ],
            "items": {d: self._items(d) for d in dimensions},
            "part_of": {p: w for p, w in PART_OF.items() if {p, w} <= names and self._within(p, w)},
            "on_date": self._on_date(),
            "ties": list(self._ties()),
        }

    def _cells(self) -> dict[TableKey, dict[tuple[str, str], int]]:
        """The delivered rows of every table, by level and unit."""
        return {
            key: {
                (level, unit): row
                for level, units in levels.items()
                for unit, row in units.items()
                if self.delivered[row]
            }
            for key, levels in self.frame.index.items()
        }

    def _figure(self, d: Declaration) -> dict[str, Any]:
        found: dict[str, Any] = {"kind": str(d.kind), "step": _step(d)}
        if d.lead in self.declared and d.lead != d.metric:
            found["stands_on"] = d.lead
        below = self._below(d)
        if below is not None:
            found["denominators"] = self._counted(d, below)
        if d.kind not in (Kind.OPEN, Kind.POPULATION, Kind.COUNT):
            found["children"] = self._counted(d, self.frame.children)
        if d.kind is Kind.COUNT and not d.population:
            found["bounded"] = False
        if d.kind in (Kind.SHARE, Kind.RATE) and (twin := self._same_numerator(d)):
            found["numerator"] = twin
        if d.kind is Kind.QUANTILE and d.percent:
            found["of_total"] = True
        if d.events:
            found["events"] = True
        if d.kind in SUMS:
            found["scale"] = SCALE.get(d.kind, 1)
        return found

    def _below(self, d: Declaration) -> Floats | None:
        """What the metric's figures are divided by, row by row; None for what is no fraction."""
        if d.kind in COUNTS:
            return self.population
        if d.kind is Kind.MEAN:
            return np.where(np.isnan(self.frame.denominator), self.frame.children, self.frame.denominator)
        return self.frame.denominator if d.kind is Kind.RATIO else None

    def _counted(self, d: Declaration, below: Floats) -> dict[str, dict[str, str]]:
        """Per dimension the published count that ``below`` is in all rows, or else that bounds it in all."""
        rows = self.frame.by_metric()[d.metric]
        rows = rows[self.delivered[rows] & np.isfinite(below[rows])]
        dimensions = np.asarray([self.frame.dimension[r] for r in rows.tolist()], object)
        found: dict[str, dict[str, str]] = {}
        for other in self._near(d):
            at = rows_of(self.frame, {d.metric: other})[rows]
            for dimension in sorted(set(dimensions.tolist())):
                mine = (dimensions == dimension) & (at >= 0)
                less, most = below[rows[mine]], self.frame.value[at[mine]]
                if not mine.any() or not (less <= most).all():
                    continue
                if (less == most).all() and found.get(dimension, {}).get("is") != "equal":
                    found[dimension] = {"metric": other, "is": "equal"}
                found.setdefault(dimension, {"metric": other, "is": "at_most"})
        return found

    def _near(self, d: Declaration) -> list[str]:
        """The counts a figure is declared to depend on: its population, what it stands on, and theirs."""
        found: list[str] = []
        waiting = [d.population, d.lead]
        while waiting:
            name = waiting.pop(0)
            other = self.declared.get(name)
            if other is None or name in found or name == d.metric:
                continue
            found.append(name)
            waiting += [other.population, other.lead]
        return [name for name in found if self.declared[name].kind in (Kind.COUNT, Kind.POPULATION)]

    def _same_numerator(self, d: Declaration) -> str:
        """The count that a figure's numerator is, in every table and cell; empty when there is none."""
        mine = [table for table in self.cells if table[0] == d.metric]
        for name, other in self.declared.items():
            if other.kind is not Kind.COUNT:
                continue
            pairs = [(self.cells[t], self.cells.get((name, t[1], t[2], t[3]), {})) for t in mine]
            if any(a.keys() != b.keys() for a, b in pairs):
                continue
            one = np.array([row for a, _ in pairs for row in a.values()], np.int64)
            two = np.array([b[key] for a, b in pairs for key in a], np.int64)
            if self.numbers[one].any() and (self.numbers[one] == self.numbers[two]).all():
                return name
        return ""

    def _numbers(self) -> Floats:
        """The whole number behind every count, share or rate, as the model has it."""
        found = self.x.copy()
        for metric, rows in self.frame.by_metric().items():
            if self.declared[metric].kind is Kind.RATE:
                found[rows] = self.frame.numerator[rows]
        return np.rint(np.nan_to_num(found))

    def _sums(self) -> None:
        """The differences of all sums of the judged systems, per metric and kind of sum."""
        for part, _ in self.judged.proofs:
            s = part.system
            cells: list[list[int]] = [[] for _ in s.rhs]
            for r, c in zip(s.row.tolist(), s.col.tolist(), strict=True):
                cells[r].append(c)
            for (total, of), mine, rhs in zip(part.kinds, cells, s.rhs.tolist(), strict=True):
                for metric in {self.frame.metric[row] for row in part.rows[mine[0]]} if total else ():
                    _widen(self.spans, (metric, total, of), -rhs, self._base(metric))

    def _ties(self) -> Iterator[dict[str, Any]]:
        """Figures that are the sum of others, or the same sum, and how far that differs."""
        named: dict[TableName, tuple[TableName, ...]] = {}
        tables = {(metric, dimension, item) for metric, _, dimension, item in self.cells}
        for metric, dimension, item in tables:
            same = WHOLE_OF.get((metric, dimension, item))
            if same is not None:
                named[metric, dimension, item] = (same,)
            elif metric in SUM_OF:
                named[metric, dimension, item] = tuple((m, dimension, item) for m in SUM_OF[metric])
        for whole, parts in sorted(named.items()):
            if tables >= set(parts):
                low, high = self._differs(whole, parts)
                yield {"whole": list(whole), "parts": [list(p) for p in parts], "least": low, "most": high}

    def _differs(self, whole: TableName, parts: tuple[TableName, ...]) -> tuple[int, int]:
        spans: dict[TableName, tuple[int, int]] = {}
        for (metric, time, dimension, item), mine in self.cells.items():
            if (metric, dimension, item) != whole:
                continue
            others = [self.cells.get((m, time, d, i), {}) for m, d, i in parts]
            for key, row in mine.items():
                if all(key in other for other in others):
                    together = sum(round(self._amount(other[key])) for other in others)
                    differs = together - round(self._amount(row))
                    _widen(spans, whole, differs, self._base(metric))
        return spans.get(whole, (0, 0))

    def _base(self, metric: str) -> int:
        d, rules = self.declared[metric], self.judged.rules
        return rules.cost_base if d.kind is Kind.COST else rules.rounding_base * SCALE.get(d.kind, 1)

    def _items(self, dimension: str) -> dict[str, str]:
        """Per metric how the items of a dimension make up their total."""
        tables: dict[str, dict[tuple[str, str], list[dict[tuple[str, str], int]]]] = {}
        for (metric, time, of, _), mine in self.cells.items():
            if of == dimension and self.declared[metric].kind in COUNTS | SUMS:
                tables.setdefault(metric, {}).setdefault((metric, time), []).append(mine)
        return {metric: self._how(metric, dimension, found) for metric, found in sorted(tables.items())}

    def _how(
        self,
        metric: str,
        dimension: str,
        found: Mapping[tuple[str, str], list[dict[tuple[str, str], int]]],
    ) -> str:
        if (metric, dimension) in BESIDE:
            return "beside"
        if dimension in ADDITIVE or self.declared[metric].kind in (Kind.HOURS, Kind.COST):
            return "equal"
        for (_, time), layers in found.items():
            for key, total in self.cells.get((metric, time, "", ""), {}).items():
                parts = [self._amount(layer[key]) for layer in layers if key in layer]
                if parts and sum(parts) < self._amount(total):
                    return "within"
        return "covers"

    def _amount(self, row: int) -> float:
        """The number behind a row that is added up: numerator, count or sum."""
        d = self.declared[self.frame.metric[row]]
        if d.kind in COUNTS:
            return float(self.numbers[row])
        numerator = self.frame.numerator[row]
        return float(np.nan_to_num(self.frame.value[row] if np.isnan(numerator) else numerator))

    def _within(self, part: str, whole: str) -> bool:
        """Whether a numerator is nowhere more than that of the other figure."""
        return all(
            self._amount(theirs[key]) >= self._amount(row)
            for (metric, *rest), mine in self.cells.items()
            if metric == part
            for theirs in [self.cells.get((whole, rest[0], rest[1], rest[2]), {})]
            for key, row in mine.items()
            if key in theirs
        )

    def _on_date(self) -> list[list[str]]:
        """Figures of a day and of a school year of which the first counts some of what the second does."""
        point, year = "pupils_with_care", "care_pupils"
        if not {point, year} <= self.declared.keys():
            return []
        for (metric, when, dimension, _), mine in self.cells.items():
            if metric == point and len(when) == 10 and not dimension:
                for larger in self._totals_of_year(year, when):
                    if any(self.numbers[larger[k]] < self.numbers[r] for k, r in mine.items() if k in larger):
                        return []
        return [[point, year]]

    def _totals_of_year(self, metric: str, day: str) -> Iterator[dict[tuple[str, str], int]]:
        yield self.cells.get((metric, school_year(day), "", ""), {})


def _widen(spans: Any, key: Any, differs: int, base: int) -> None:
    low, high = spans.get(key, (0, 0))
    spans[key] = min(low, differs // base * base), max(high, -(-differs // base) * base)


def _step(d: Declaration) -> float:
    """What published values of a metric are multiples of, apart from the base of counts and euros."""
    places = d.decimals + 2 * d.percent
    match d.kind:
        case Kind.RATE:
            return 10.0**-d.decimals
        case Kind.RATIO:
            return d.step if d.step > 1 else 10.0**-d.decimals
        case Kind.QUANTILE:
            return d.step
        case Kind.MEAN | Kind.STRUCTURE | Kind.OPEN:
            return 10.0**-places
        case _:
            return 1.0
