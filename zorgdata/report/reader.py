"""What a view asks of the inputs: the subject, its cells through the years, their printed form."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from zorgdata.catalogue import Disclosure, Metric, Theme
from zorgdata.catalogue import Unit as MetricUnit
from zorgdata.disclosure.table import Cell
from zorgdata.report.cells import COUNT_STEP, CellView, Change, compare, view_cell
from zorgdata.report.language import DUTCH, computed
from zorgdata.report.model import (
    Figures,
    Period,
    RegistrationWarning,
    ReportInputs,
    Unit,
    school_year,
)
from zorgdata.report.texts import Texts
from zorgdata.stats.intervals import wilson

SHARE = "care_share"
COUNT = "pupils_with_care"
PUPILS = "pupils_enrolled"

_SAID = (MetricUnit.DAYS, MetricUnit.YEARS, MetricUnit.KM)

TYPES = ("BO", "SBO", "SO", "SO/VSO", "VSO", "PRO", "VO", "MBO")


@dataclass(frozen=True)
class Subject:
    """What a report is about: the region, a group of schools or one school, with the schools it holds."""

    level: str
    unit_id: str
    name: str
    schools: tuple[Unit, ...]


def subject_of(inputs: ReportInputs) -> Subject:
    """The subject and its schools, ordered by type and then by name: an order that ranks nobody."""
    schools = tuple(
        sorted(inputs.of_level("school"), key=lambda s: (type_rank(s.school_type), s.name.casefold()))
    )
    unit = inputs.unit
    if unit is None:
        return Subject("region", inputs.region.unit_id, inputs.region.name, schools)
    if unit.level == "school":
        return Subject(
            "school", unit.unit_id, unit.name, tuple(s for s in schools if s.unit_id == unit.unit_id)
        )
    members = inputs.members.get((unit.level, unit.unit_id), frozenset())
    column = "school_type" if unit.level == "school_type" else "municipality_code"
    own = tuple(s for s in schools if s.unit_id in members or getattr(s, column) == unit.unit_id)
    return Subject(unit.level, unit.unit_id, unit.name, own)


def type_rank(school_type: str) -> int:
    """Order of school types in reports: primary to secondary, special after mainstream."""
    return TYPES.index(school_type) if school_type in TYPES else len(TYPES)


class Reader:
    """Short names for what a view asks all the time; holds no state of its own."""

    def __init__(self, inputs: ReportInputs, texts: Texts) -> None:
        self.inputs = inputs
        self.texts = texts
        self.figures: Figures = inputs.figures
        self.subject = subject_of(inputs)
        if self.subject.level == "school_type":
            label = texts.label("school_type", self.subject.unit_id)
            self.subject = replace(self.subject, name=label[:1].lower() + label[1:])
        self.years: tuple[Period, ...] = inputs.years[-6:]
        self.now = inputs.period
        self.provisional = inputs.provisional

    def cell(self, metric: str, period: str | None = None, unit: Unit | None = None) -> Cell:
        """The subject's cell (or a unit's) in a period, the latest by default."""
        level, unit_id = (unit.level, unit.unit_id) if unit else (self.subject.level, self.subject.unit_id)
        return self.figures.get(metric, level, unit_id, period or self.now)

    def warnings(self, unit: Unit | None, period: str) -> tuple[RegistrationWarning, ...]:
        """What the publication warns of in a period of the subject (or a unit)."""
        level, unit_id = (unit.level, unit.unit_id) if unit else (self.subject.level, self.subject.unit_id)
        return self.inputs.warnings.get((level, unit_id, period), ())

    def series(self, metric: str, unit: Unit | None = None) -> tuple[Cell, ...]:
        """The cells of all school years, oldest first."""
        return tuple(self.cell(metric, y.period, unit) for y in self.years)

    def view(self, cell: Cell, *, star: bool = True) -> CellView:
        """The printed form of a cell, marked when its period is provisional.

        ``star`` is off where the head of the column or the caption carries the mark already.
        """
        period = cell.period or school_year(cell.reference_date)
        return view_cell(
            cell, self.figures, self.texts, provisional=star and period in self.provisional and cell.shown
        )

    def info(self, metric: str) -> Metric | None:
        """The catalogue entry of a stored key; None for a key the catalogue does not know."""
        return self.inputs.catalogue.by_key.get(metric)

    def is_share(self, metric: str) -> bool:
        """Whether values are fractions that a reader sees as percentages."""
        info = self.info(metric)
        return info is not None and info.unit is MetricUnit.SHARE

    def step(self, metric: str) -> int:
        """The step that published values are rounded to, apart from decimals: 5 for children and hours."""
        info = self.info(metric)
        return COUNT_STEP if info and info.disclosure in (Disclosure.COUNT, Disclosure.HOURS) else 0

    def place_name(self, code: str) -> str:
        """Name of the municipality where a school stands."""
        return self._place_names.get(code, code)

    @cached_property
    def _place_names(self) -> Mapping[str, str]:
        return {u.unit_id: u.name for u in self.inputs.units if u.level == "school_municipality"}

    def before(self, metric: str, unit: Unit | None = None) -> Cell:
        """The cell a year before the latest period; a missing cell when there is no such year."""
        names = [y.period for y in self.years]
        at = names.index(self.now) if self.now in names else 0
        return self.cell(metric, names[at - 1] if at > 0 else "-", unit)

    def change(self, metric: str, *, unit: Unit | None = None, chance: bool = False) -> Change:
        """How the figure of the subject (or a unit) moved since a year earlier."""
        return compare(
            self.cell(metric, unit=unit),
            self.before(metric, unit),
            self.texts,
            share=self.is_share(metric),
            step=self.step(metric),
            chance=chance,
        )

    def interval(self, share: Cell, count: str, base: str) -> tuple[float | None, float | None]:
        """Wilson 95 % interval of a shown share, from the *published* numerator and denominator.

        From exact counts it would give them away to whoever inverts the formula. (None, None) when one of
        the three is not shown or the rounded numerator exceeds the denominator.
        """
        x = self.figures.get(count, share.level, share.unit_id, share.period)
        n = self.figures.get(base, share.level, share.unit_id, share.period)
        if not (share.shown and x.shown and n.shown) or x.value is None or not n.value or x.value > n.value:
            return None, None
        found = wilson(x.value, n.value)
        return found.lower, found.upper

    def when(self, metric: str) -> str:
        """The period of the report when the metric has it, else the metric's last period."""
        periods = self.figures.periods(metric)
        return self.now if self.now in periods or not periods else periods[-1]

    def at(self, metric: str, unit: Unit | None = None) -> Cell:
        """The subject's cell (or a unit's) in the period :meth:`when` gives."""
        return self.cell(metric, self.when(metric), unit)

    def unit_text(self, metric: str) -> str:
        """What a value is measured in, for the line under a title."""
        info = self.info(metric)
        if info is None:
            return ""
        word = self.inputs.catalogue.vocabulary.units[info.unit]
        return word.label_nl if self.texts.language == DUTCH else word.label_en

    def unit_symbol(self, metric: str) -> str:
        """The unit behind a number that does not tell its own: days, years, kilometres; else empty."""
        info = self.info(metric)
        if info is None or info.unit not in _SAID:
            return ""
        word = self.inputs.catalogue.vocabulary.units[info.unit]
        return word.symbol if self.texts.language == DUTCH else word.label_en

    def label(self, word: Metric | Theme) -> str:
        """The label of a metric or theme in the language of the report."""
        return word.label_nl if self.texts.language == DUTCH else word.label_en

    def word(self, group: str, key: str) -> str:
        """What a level, page, source or dimension is called in the language of the report."""
        return self.inputs.catalogue.word(group, key, self.texts.language)

    def inputs_named(self, source: str) -> str:
        """The kinds of input ``a|b`` of which one is needed, in words."""
        return f" {self.texts('general.or')} ".join(self.word("sources", k) for k in source.split("|"))

    def split_codes(self, metric: str, dimension: str) -> list[tuple[str, Cell]]:
        """(code, cell) of the subject for every value of a dimension, in the period of :meth:`when`."""
        subject, period = self.subject, self.when(metric)
        return [
            (
                code,
                self.figures.get(
                    metric, subject.level, subject.unit_id, period, dimension=dimension, dimension_value=code
                ),
            )
            for code in self.figures.parts(metric, subject.level, subject.unit_id, dimension)
        ]

    def split(self, metric: str, dimension: str) -> list[tuple[str, Cell]]:
        """As :meth:`split_codes`, with the names of the values."""
        names = self.value_names(dimension)
        return [(names.get(code, code), cell) for code, cell in self.split_codes(metric, dimension)]

    def value_names(self, dimension: str) -> Mapping[str, str]:
        """Names of a dimension's values: from the catalogue, or of the units they are."""
        if dimension.endswith("municipality"):
            levels = ("school_municipality", "responsible_municipality")
            units = {u.unit_id: u.name for u in self.inputs.units if u.level in levels}
            return {code: self._municipality(code) for code in self.figures.codes(dimension)} | units
        known = self.inputs.catalogue.vocabulary.dimensions
        language = self.texts.language
        names = self.inputs.catalogue.labels(dimension, language) if dimension in known else {}
        # A number in a code list ("vrijstelling 5 onder a") is no figure.
        return {code: computed(name) for code, name in names.items()}

    def _municipality(self, code: str) -> str:
        """What a municipality without a name is called; its code is no figure."""
        return computed(self.texts("general.municipality", code=code))

    @cached_property
    def _like(self) -> dict[tuple[str, str], tuple[Cell, ...]]:
        return {}

    def like(self, metric: str, school_type: str) -> tuple[Cell, ...]:
        """The cells of all schools of a type in the region, in the period of the report."""
        key = (metric, school_type)
        if key not in self._like:
            self._like[key] = tuple(
                self.cell(metric, unit=s)
                for s in self.inputs.of_level("school")
                if s.school_type == school_type
            )
        return self._like[key]

    @property
    def has_map(self) -> bool:
        """Whether the publication knows where municipalities lie."""
        return bool(self.inputs.places)

    def spots(self, units: Sequence[Unit]) -> list[tuple[int, int]]:
        """A tile (column, row) per municipality: near its place when every place is known, else in order.

        Places are put on a grid of about √n by √n with the smallest total squared distance.
        """
        side = math.ceil(math.sqrt(len(units)))
        known = [self.inputs.places.get(u.unit_id) for u in units]
        if any(place is None for place in known):
            return [(i % side, i // side) for i in range(len(units))]
        return grid([place for place in known if place is not None], side + 1)


def grid(places: Sequence[tuple[float, float]], side: int) -> list[tuple[int, int]]:
    """Distinct (column, row) on a grid of ``side`` by ``side`` nearest to places (x east, y north)."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    at = np.array(places)
    low, high = at.min(axis=0), at.max(axis=0)
    scaled = (at - low) / np.where(high > low, high - low, 1.0) * (side - 1)
    scaled[:, 1] = side - 1 - scaled[:, 1]
    cells = np.array([(column, row) for row in range(side) for column in range(side)])
    cost = ((scaled[:, None, :] - cells[None, :, :]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(cost)
    picked = cells[chosen] - cells[chosen].min(axis=0)
    return [(int(column), int(row)) for column, row in picked]
