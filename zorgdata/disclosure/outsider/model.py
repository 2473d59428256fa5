"""The whole of a published school year as cells with bounds and equations, rebuilt from the package."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from zorgdata.disclosure.outsider.extent import Equations
from zorgdata.disclosure.outsider.said import COUNTS, SUMS, Figure, Key, Span, Table
from zorgdata.disclosure.outsider.sums import sums
from zorgdata.disclosure.outsider.told import UNKNOWN, Bounds, Told
from zorgdata.disclosure.table import NOT_APPLICABLE, SUPPRESSED, Cell


@dataclass
class Place:
    """A number of the model: every published cell that tells it, what they tell, out of how many."""

    figure: Figure
    cells: list[Cell]
    low: float
    high: float
    population: Bounds

    @property
    def hidden(self) -> bool:
        """Whether none of its cells is shown."""
        return all(cell.cell_status == SUPPRESSED for cell in self.cells)


@dataclass
class Model:
    """Numbers and how they add up. ``loose``: shown cells that no sum ties to the others."""

    places: list[Place] = field(default_factory=list)
    equations: Equations = field(default_factory=lambda: Equations(*_nothing()))
    loose: list[Cell] = field(default_factory=list)


Layer = Mapping[Key, int]


class _Builder:
    def __init__(self, told: Told) -> None:
        self.told, self.said = told, told.said
        self.places: list[Place] = []
        self.layers: dict[Table, dict[Key, int]] = {}
        self.terms: list[tuple[Sequence[int], Sequence[float]]] = []
        self.slack: list[Bounds] = []
        self.loose: list[Cell] = []

    def build(self) -> Model:
        """Every count, share and sum of the year."""
        figures = self.said.figures
        tables = [
            t for t in sorted(self.told.tables) if t[0] in figures and figures[t[0]].kind in COUNTS | SUMS
        ]
        # What has its numerator from another figure comes after it.
        for table in sorted(tables, key=lambda t: bool(figures[t[0]].numerator)):
            self._layer(table, figures[table[0]])
        for table, layer in self.layers.items():
            if not self._twin(table):
                found, loose = sums(layer, self.said)
                self.loose += [self.places[at].cells[0] for at in loose if not self.places[at].hidden]
                for total, parts, kind in found:
                    self._sum(total, parts, self.said.spans.get((table[0], *kind), Span()))
        self._items()
        for metric, whole in self.said.part_of.items():
            for table, layer in self.layers.items():
                if table[0] == metric:
                    self._within(layer, self.layers.get((whole, *table[1:]), {}))
        for point, year in self.said.on_date:
            for table, layer in self.layers.items():
                if table[0] == point and len(table[1]) == 10 and not table[2]:
                    for other, larger in self.layers.items():
                        if other[0] == year and len(other[1]) != 10 and not other[2]:
                            self._within(layer, larger)
        self._ties()
        return Model(self.places, self._equations(), self.loose)

    def _twin(self, table: Table) -> bool:
        name = self.said.figures[table[0]].numerator
        return bool(name) and (name, *table[1:]) in self.layers

    def _layer(self, table: Table, figure: Figure) -> None:
        same = self.layers.get((figure.numerator, *table[1:]), {}) if figure.numerator else {}
        layer: dict[Key, int] = {}
        for key, cell in sorted(self.told.tables[table].items()):
            if cell.cell_status == NOT_APPLICABLE:
                continue
            low, high = self.told.bounds(figure, cell)
            population = self.told.denominator(figure, cell)
            if low > high:
                # Said of the cell by itself already; the sums are judged without what it tells.
                low, high = 0, population[1]
            if key in same:
                at = layer[key] = same[key]
                place = self.places[at]
                place.cells.append(cell)
                place.low, place.high = max(place.low, low), min(place.high, high)
                least, most = place.population
                place.population = max(least, population[0]), min(most, population[1])
            else:
                layer[key] = len(self.places)
                self.places.append(Place(figure, [cell], low, high, population))
        self._free(layer, figure)
        self.layers[table] = layer

    def _free(self, layer: Layer, figure: Figure) -> None:
        """A hidden sum has no known upper bound: this one only leaves it free."""
        if figure.kind not in SUMS:
            return
        mine = [self.places[at] for at in layer.values()]
        known = sum(p.high for p in mine if not p.hidden and math.isfinite(p.high))
        unknown = UNKNOWN * (1000 if figure.kind == "cost" else figure.scale)
        for place in mine:
            if place.hidden or not math.isfinite(place.high):
                place.high = 2 * known + unknown

    def _sum(self, total: int, parts: Sequence[int], span: Span) -> None:
        cells, coefficients = [total, *parts], [1.0, *[-1.0] * len(parts)]
        if span.least or span.most:
            self._slacken(cells, coefficients, (span.least, span.most), 1.0)
        self.terms.append((cells, coefficients))

    def _at_least(self, cells: Sequence[int], coefficients: Sequence[float]) -> None:
        mine, terms = list(cells), list(coefficients)
        self._slacken(mine, terms, (0, math.inf), -1.0)
        self.terms.append((mine, terms))

    def _slacken(self, cells: list[int], terms: list[float], bounds: Bounds, sign: float) -> None:
        self.slack.append(bounds)
        cells.append(-len(self.slack))
        terms.append(sign)

    def _within(self, parts: Layer, wholes: Layer) -> None:
        for key, part in sorted(parts.items()):
            if key in wholes and wholes[key] != part:
                self._at_least([wholes[key], part], [1.0, -1.0])

    def _items(self) -> None:
        groups: dict[tuple[str, str, str], list[Layer]] = {}
        for (metric, time, dimension, _), layer in sorted(self.layers.items()):
            if dimension:
                groups.setdefault((metric, time, dimension), []).append(layer)
        for (metric, time, dimension), parts in sorted(groups.items()):
            how = self.said.items.get(dimension, {}).get(metric, "within")
            for key, total in sorted(self.layers.get((metric, time, "", ""), {}).items()):
                mine = [layer[key] for layer in parts if key in layer]
                if how == "beside" or not mine:
                    continue
                if how == "equal":
                    self._sum(total, mine, self.said.spans.get((metric, "items", dimension), Span()))
                    continue
                for part in mine:
                    self._at_least([total, part], [1.0, -1.0])
                if how == "covers":
                    self._at_least([*mine, total], [*[1.0] * len(mine), -1.0])

    def _ties(self) -> None:
        times = {table[1] for table in self.layers}
        for tie in self.said.ties:
            for time in sorted(times):
                whole, *parts = (
                    self.layers.get((metric, time, dimension, item), {})
                    for metric, dimension, item in (tie.whole, *tie.parts)
                )
                for key, cell in sorted(whole.items()):
                    mine = [layer[key] for layer in parts if key in layer]
                    if len(mine) == len(parts):
                        self._sum(cell, mine, tie.span)

    def _equations(self) -> Equations:
        n = len(self.places)
        low = [*(p.low for p in self.places), *(a for a, _ in self.slack)]
        high = [*(p.high for p in self.places), *(b for _, b in self.slack)]
        row = np.repeat(np.arange(len(self.terms)), [len(cells) for cells, _ in self.terms])
        col = [c if c >= 0 else n - 1 - c for cells, _ in self.terms for c in cells]
        coef = [k for _, ks in self.terms for k in ks]
        return Equations(
            np.asarray(low, np.float64),
            np.asarray(high, np.float64),
            row.astype(np.int64),
            np.asarray(col, np.int64),
            np.asarray(coef, np.float64),
        )


def _nothing() -> Iterator[np.ndarray]:
    for kind in (np.float64, np.float64, np.int64, np.int64, np.float64):
        yield np.zeros(0, kind)


def rebuilt(told: Told) -> Model:
    """The model of a published school year."""
    return _Builder(told).build()
