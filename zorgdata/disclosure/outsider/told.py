"""What a published cell tells by itself, and what must hold of it, as far as an outsider can see."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zorgdata.disclosure.outsider.said import Figure, Key, Said, Table
from zorgdata.disclosure.table import NOT_APPLICABLE, SHOWN, SUPPRESSED, TOP_CODED, Cell

UNKNOWN = 10**6
"""More children than any unit has."""

Bounds = tuple[float, float]
_CHILDREN = frozenset(("population", "count", "share", "flag"))


@dataclass(frozen=True)
class Finding:
    """What is wrong with a published folder: the cell (or table) and why it is not safe."""

    cell: str
    what: str


def table_of(cell: Cell) -> Table:
    """The table a cell stands in."""
    return cell.metric, cell.reference_date or cell.period, cell.dimension, cell.dimension_value


class Told:
    """One school year as published: ``tables`` hold its cells."""

    def __init__(self, year: str, tables: Mapping[Table, Mapping[Key, Cell]], said: Said) -> None:
        self.said, self.tables = said, tables
        self.repeated = year in said.repeated
        # A figure published before may be repeated while the truth moves a little.
        self.lag = said.reach - 1 if self.repeated else 0

    def limit(self, figure: Figure) -> int:
        """The fewest children behind a shown count."""
        return self.said.flag_children if figure.kind == "flag" else self.said.threshold

    def count(self, value: float) -> Bounds:
        """The counts that are published as ``value``."""
        low, high = value - self.said.base // 2, value + (self.said.base - 1) // 2
        return min(low, value - self.lag), max(high, value + self.lag)

    def beside(self, metric: str, cell: Cell) -> Cell | None:
        """The cell of another figure for the same unit, time and item, else of the total."""
        _, time, dimension, item = table_of(cell)
        key = (cell.level, cell.unit_id)
        same = self.tables.get((metric, time, dimension, item), {}).get(key)
        return same or self.tables.get((metric, time, "", ""), {}).get(key)

    def leads(self, figure: Figure, cell: Cell) -> list[Cell]:
        """What a cell stands on; of a part of a total that total too."""
        found = [self.beside(figure.stands_on, cell)] if figure.stands_on else []
        if figure.of_total:
            whole = (figure.stands_on, table_of(cell)[1], "", "")
            found.append(self.tables.get(whole, {}).get((cell.level, cell.unit_id)))
        return [lead for lead in found if lead is not None]

    def denominator(self, figure: Figure, cell: Cell) -> Bounds:
        """What is known of the population of a count or the denominator of a share."""
        if figure.kind == "count" and not figure.bounded:
            return UNKNOWN, UNKNOWN
        if figure.kind == "count" and cell.level in self.said.no_pupils:
            metric, _ = figure.denominators.get(cell.dimension, ("", False))
            if not metric or self.beside(metric, cell) is None:
                return UNKNOWN, UNKNOWN
        return self.counted(figure.denominators, cell)

    def counted(self, by: Mapping[str, tuple[str, bool]], cell: Cell) -> Bounds:
        """What a published count tells of a number that it is, or that it bounds."""
        metric, equal = by.get(cell.dimension, ("", False))
        found = self.beside(metric, cell) if metric else None
        if found is None or found.value is None or found.cell_status != SHOWN:
            return 0, UNKNOWN
        low, high = self.count(found.value)
        return (max(low, 0) if equal else 0), high

    def bounds(self, figure: Figure, cell: Cell) -> Bounds:
        """Where the number behind a count, share or sum lies, in model units; empty when it cannot be."""
        said, (least, most) = self.said, self.denominator(figure, cell)
        if cell.cell_status == TOP_CODED:
            return math.floor(said.group_share * least + 1e-9) + 1, most - self.limit(figure)
        if cell.value is None:
            return 0, most
        match figure.kind:
            case "count" | "share" | "flag":
                low, high = self._numerator(figure, cell, cell.value)
                top = math.floor(said.group_share * most + 1e-9)
                return max(low, self.limit(figure)), min(high, most - self.limit(figure), top)
            case "hours" | "cost":
                base = said.base if figure.kind == "hours" else said.cost_base
                half = base * (2.5 if self.repeated else 0.5)
                return (cell.value - half) * figure.scale, (cell.value + half) * figure.scale
            case "mean":
                return self._mean(figure, cell, cell.value)
            case _:
                return said.threshold, UNKNOWN

    def _numerator(self, figure: Figure, cell: Cell, value: float) -> Bounds:
        if figure.kind == "count" or (figure.kind == "flag" and value > 1):
            return self.count(value)
        tops = self.numerators(figure, cell, value)
        if tops is not None:
            top = UNKNOWN if value >= 1 else max(tops, default=-1)
            return min(tops, default=0) - self.said.base // 2, top + (self.said.base - 1) // 2
        least, most = self.denominator(figure, cell)
        room = self.said.base + self.lag
        low = (value - 0.005) * max(least - room, 0) - room
        return math.floor(low), math.ceil((value + 0.005) * (most + room) + room)

    def numerators(self, figure: Figure, cell: Cell, value: float) -> list[int] | None:
        """The rounded numerators that give a share, its rounded denominator being published; else None."""
        metric, equal = figure.denominators.get(cell.dimension, ("", False))
        found = self.beside(metric, cell) if metric and equal and not self.repeated else None
        if found is None or found.cell_status != SHOWN or not found.value:
            return None
        below, base = found.value, self.said.base
        scale = 1000 if below >= 1000 else 100
        near = round(value * below / base)
        reach = math.ceil(below / scale / base) + 1
        wanted = round(value * scale)
        return [
            top * base
            for top in range(max(near - reach, 0), near + reach + 1)
            if math.floor(min(top * base / below, 1.0) * scale + 0.5) == wanted
        ]

    def _mean(self, figure: Figure, cell: Cell, value: float) -> Bounds:
        low, high = value - figure.step / 2, value + figure.step / 2
        least, most = self.denominator(figure, cell)
        children = max(least, self.said.small_means)
        low, high = low - 0.5 / children, high + 0.5 / children
        if self.repeated:
            # Repeated while what one base of children would do is not reached.
            bend = self.said.base / children
            low, high = low / (1 + bend), high / (1 - bend) if bend < 1 else math.inf
        top = math.ceil(high * most * figure.scale) + 1 if most < UNKNOWN and high < math.inf else math.inf
        return max(math.floor(low * least * figure.scale) - 1, 0), top

    def findings(self) -> Iterator[Finding]:
        """What is wrong with cells by themselves and with what they stand on."""
        for table, cells in sorted(self.tables.items()):
            figure = self.said.figures.get(table[0])
            for _, cell in sorted(cells.items()):
                what = ""
                if cell.cell_status in (SHOWN, TOP_CODED):
                    what = self._wrong(figure, cell)
                elif cell.cell_status == SUPPRESSED and figure is not None and figure.numerator:
                    twin = self.beside(figure.numerator, cell)
                    same = twin is not None and twin.dimension_value == cell.dimension_value
                    if same and twin is not None and twin.cell_status in (SHOWN, TOP_CODED):
                        what = f"hidden, and {figure.numerator} tells it"
                if what:
                    yield Finding(cell.name, what)

    def _wrong(self, figure: Figure | None, cell: Cell) -> str:
        """Why a shown cell may not be shown; empty when it may, as far as can be seen."""
        if figure is None:
            return "shown, and the package does not say what it is"
        if figure.kind != "open" and (what := self._misplaced(figure, cell)):
            return what
        if figure.stands_on and any(lead.cell_status == SUPPRESSED for lead in self.leads(figure, cell)):
            return f"shown, and {figure.stands_on}, on which it stands, is hidden"
        if cell.value is None or cell.cell_status == TOP_CODED:
            empty = cell.cell_status == SHOWN and figure.kind != "open"
            return "shown, and it has no value" if empty else ""
        return self._unrounded(figure, cell, cell.value) or self._few(figure, cell, cell.value)

    def _misplaced(self, figure: Figure, cell: Cell) -> str:
        time = table_of(cell)[1]
        if (cell.metric, time) in self.said.withheld:
            return "shown, and the package says its table is withheld"
        if cell.dimension and cell.level == "school":
            return "shown, and per school only totals are published"
        if figure.kind == "flag" and cell.level not in self.said.flag_levels:
            return "shown, and a flag is published at the highest levels only"
        return ""

    def _unrounded(self, figure: Figure, cell: Cell, value: float) -> str:
        step = figure.step
        match figure.kind:
            case "population" | "count" | "hours":
                step = self.said.base
            case "cost":
                step = self.said.cost_base
            case "flag" if value > 1:
                step = self.said.base
            case "share" | "flag":
                step = 0.001
        if abs(value / step - round(value / step)) > 1e-6:
            return f"not rounded to {step:g}"
        if figure.kind in ("share", "flag") and self.numerators(figure, cell, value) == []:
            return "no share of rounded numbers"
        return ""

    def _few(self, figure: Figure, cell: Cell, value: float) -> str:
        """Rules P1, P2, P4: too few children, too few left over, too small a population."""
        t = self.limit(figure)
        most = self.denominator(figure, cell)[1]
        few = self._few_children(figure, cell)
        if few or figure.kind not in _CHILDREN:
            return few
        match figure.kind:
            case "population":
                small = self.said.small_counts
                return f"shown, and below {small}" if self.count(value)[1] < small else ""
            case _:
                low, high = self._numerator(figure, cell, value)
        if high < t:
            return f"shown, and below {t}"
        if most - low < t:
            return f"shown, and fewer than {t} are left over"
        small = self.said.small_rates if figure.kind == "share" else self.said.small_counts
        if most < small:
            return f"shown, out of fewer than {small}"
        over = figure.kind == "share" and not self.repeated and value > self._largest_share()
        if over or low > math.floor(self.said.group_share * most + 1e-9):
            return f"shown, and more than {self.said.group_share:.0%}"
        return ""

    def _largest_share(self) -> float:
        """No share that may be shown comes out above this, whatever it is a share of: both its numbers are
        rounded, at least T are left over and it is no more than the group share."""
        share, half = self.said.group_share, self.said.base // 2
        everyone = self.said.threshold / (1 - share)
        return (share * everyone + half) / (everyone - half) + 0.005

    def _few_children(self, figure: Figure, cell: Cell) -> str:
        """The least numbers of children behind means, rates, percentiles, ratios, sums and organisations."""
        said = self.said
        behind = self.counted(figure.children, cell)[1]
        match figure.kind:
            case "mean" | "rate":
                least = said.small_means
            case "quantile":
                least = said.small_quantiles
            case "ratio":
                least, behind = said.small_rates, self.counted(figure.denominators, cell)[1]
            case "share" if figure.events:
                least = said.small_rates
            case "hours" | "cost" | "structure":
                least = said.threshold
            case _:
                return ""
        return f"shown, of fewer than {least} children" if behind < least else ""


def unsigned(cell: Cell) -> str:
    """What is wrong with how a hidden cell is shown; empty when nothing or when it is not hidden."""
    if cell.cell_status in (SHOWN, TOP_CODED, NOT_APPLICABLE):
        return ""
    if cell.value is not None or any(c.isdigit() for c in cell.display):
        return "hidden, and yet it has a value"
    return "" if cell.cell_status == SUPPRESSED else "tells that it was hidden to protect another"
