"""What a report is made from: protected cells, labels of units and metrics, deliveries, the publication.

Nothing here computes a figure. A report may compare and order what is shown, but a number that is not
shown has no value anywhere in this room.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from zorgdata.catalogue import Catalogue
from zorgdata.disclosure.table import SHOWN, TOP_CODED, Cell

MISSING: Final = "missing"
"""The publication has no such cell."""


def drawable(cell: Cell) -> float | None:
    """The position of a cell in a chart: the shown value, or the bound when top-coded; else None."""
    return cell.value if cell.cell_status in (SHOWN, TOP_CODED) else None


@dataclass(frozen=True)
class Unit:
    """A school, municipality, school type, … with the labels a reader knows it by."""

    level: str
    unit_id: str
    name: str
    school_type: str = ""
    municipality_code: str = ""


@dataclass(frozen=True)
class Period:
    """A period of the contract; ``provisional`` figures may still change.

    ``late``: codes of the municipalities that have not delivered all of it.
    """

    period: str
    start: date
    end: date
    provisional: bool = False
    late: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegistrationWarning:
    """A reason to doubt a change: collective supply (since when, at how many schools) or a purchasing round.

    ``reason`` is collective_started, collective_since, collective_unknown or january.
    """

    reason: str
    since: date | None = None
    schools: int | None = None


@dataclass(frozen=True)
class Delivery:
    """Accounting of the files of one kind (and municipality); read = accepted + quarantined + blank."""

    kind: str
    municipality_code: str
    files: int
    last_received: date | None
    read: int
    accepted: int
    quarantined: int
    blank: int


@dataclass(frozen=True)
class Check:
    """Outcome of one data-quality check; counts only."""

    name: str
    severity: str
    status: str
    offending: int | None
    total: int | None
    message: str
    label: str = ""
    how_to_read: str = ""
    affects: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What a reader knows the check by."""
        return self.label or self.name


@dataclass(frozen=True)
class Publication:
    """The publication the figures come from."""

    publication_id: str
    audience: str
    data_until: date | None = None
    cells: int | None = None
    cells_shown: int | None = None


@dataclass(frozen=True)
class Milestone:
    """A milestone of the programme register; organisations and agreements, no persons."""

    name: str
    initiative: str
    pillar: str
    milestone_type: str
    planned_on: date
    expected_on: date | None
    realised_on: date | None


@dataclass(frozen=True)
class Initiative:
    """An initiative of the programme register."""

    initiative_id: str
    name: str
    initiative_type: str
    phase: str
    start: date
    end: date | None
    schools: int


Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Figures:
    """Protected cells found by key, without the reference date. Built once, never changed."""

    index: Mapping[Key, Cell]

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> "Figures":
        """Index the cells; of several reference dates in one period the earliest counts (1 October)."""
        index: dict[Key, Cell] = {}
        for c in sorted(cells, key=lambda c: c.reference_date):
            period = c.period or school_year(c.reference_date)
            index.setdefault((c.metric, c.level, c.unit_id, period, c.dimension, c.dimension_value), c)
        return cls({key: index[key] for key in sorted(index)})

    def get(
        self,
        metric: str,
        level: str,
        unit_id: str,
        period: str,
        *,
        dimension: str = "",
        dimension_value: str = "",
    ) -> Cell:
        """The cell with this key; one with status ``missing`` when the publication has none."""
        key = (metric, level, unit_id, period, dimension, dimension_value)
        return self.index.get(key) or Cell(
            metric, level, unit_id, period, "", dimension, dimension_value, None, "", MISSING
        )

    def known(self, metrics: Sequence[str]) -> str:
        """The first of these metrics that the publication has; else the first named."""
        return next((name for name in metrics if name in self.metrics), metrics[0])

    @cached_property
    def metrics(self) -> frozenset[str]:
        """Every metric with at least one cell."""
        return frozenset(key[0] for key in self.index)

    @cached_property
    def _periods(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, set[str]] = {}
        for key in self.index:
            found.setdefault(key[0], set()).add(key[3])
        return {metric: tuple(sorted(periods)) for metric, periods in found.items()}

    def periods(self, metric: str) -> tuple[str, ...]:
        """The periods a metric has a cell in, ordered."""
        return self._periods.get(metric, ())

    @cached_property
    def _levels(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for key in self.index:
            found.setdefault(key[0], set()).add(key[1])
        return {metric: frozenset(levels) for metric, levels in found.items()}

    def has(self, metric: str, level: str) -> bool:
        """Whether a metric has a cell for any unit of a level."""
        return level in self._levels.get(metric, frozenset())

    @cached_property
    def _parts(self) -> Mapping[tuple[str, str, str, str], tuple[str, ...]]:
        found: dict[tuple[str, str, str, str], set[str]] = {}
        for metric, level, unit_id, _, dimension, value in self.index:
            if dimension:
                found.setdefault((metric, level, unit_id, dimension), set()).add(value)
        return {key: tuple(sorted(values)) for key, values in found.items()}

    @cached_property
    def _codes(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, set[str]] = {}
        for key in self.index:
            found.setdefault(key[4], set()).add(key[5])
        return {dimension: tuple(sorted(values)) for dimension, values in found.items()}

    def codes(self, dimension: str) -> tuple[str, ...]:
        """The values of a dimension that any metric of any unit has, ordered."""
        return self._codes.get(dimension, ())

    def parts(self, metric: str, level: str, unit_id: str, dimension: str) -> tuple[str, ...]:
        """The values of a dimension that a metric of a unit has in any period, ordered."""
        return self._parts.get((metric, level, unit_id, dimension), ())


def school_year(day: str) -> str:
    """The school year (1 August to 31 July) an ISO date falls in: ``2024-2025``; empty for no date."""
    if not day:
        return ""
    first = int(day[:4]) - (int(day[5:7]) < 8)
    return f"{first}-{first + 1}"


@dataclass(frozen=True)
class Arrival:
    """Files of one kind (and municipality) that came in since an earlier snapshot."""

    kind: str
    municipality_code: str
    files: int


@dataclass(frozen=True)
class Earlier:
    """What an earlier snapshot showed to the same audience, and what was delivered since."""

    name: str
    until: date | None
    figures: Figures
    arrivals: tuple[Arrival, ...] = ()


@dataclass(frozen=True)
class Merger:
    """A municipality that counts under the code it went on under; ``name`` is empty when it is not known."""

    municipality_code: str
    name: str
    later_code: str
    ended_on: date


@dataclass(frozen=True)
class ReportInputs:
    """Everything a report is made from. Two equal inputs give the same bytes.

    ``unit`` is the subject: None is the whole region, else a municipality or school. ``period`` is the
    latest school year of the report; ``periods`` are all school years known, oldest first. ``as_of`` is the
    day printed as the day of making: rendering itself knows no clock. ``scenarios`` are calculated scenarios
    (``zorgdata.scenario.ScenarioResult``), ``decision`` is the support for collective provision
    (``zorgdata.scenario.decision.Decision``), ``effects`` hold a study per initiative, ``offers`` what each
    school needs and has. All are made from published figures; this room only prints them.
    ``members`` are the schools of each unit that is a group of schools, by (level, unit_id). ``earlier`` is
    the snapshot that the news is told against. ``warnings`` say where a change may come from the
    registration, by (level, unit_id, period). ``mergers`` are municipalities that went on under another code.
    """

    figures: Figures
    catalogue: Catalogue
    units: tuple[Unit, ...]
    periods: tuple[Period, ...]
    deliveries: tuple[Delivery, ...]
    checks: tuple[Check, ...]
    publication: Publication
    audience: str
    period: str
    as_of: date
    region: Unit
    unit: Unit | None = None
    contact: str = ""
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    milestones: tuple[Milestone, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    scenarios: tuple[Any, ...] = ()
    decision: Any = None
    effects: tuple[Any, ...] = ()
    offers: tuple[Mapping[str, Any], ...] = ()
    members: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    earlier: Earlier | None = None
    warnings: Mapping[tuple[str, str, str], tuple[RegistrationWarning, ...]] = field(default_factory=dict)
    mergers: tuple[Merger, ...] = ()

    def of_level(self, level: str) -> tuple[Unit, ...]:
        """Units of a level, ordered by name."""
        return tuple(
            sorted((u for u in self.units if u.level == level), key=lambda u: (u.name.casefold(), u.unit_id))
        )

    @property
    def years(self) -> tuple[Period, ...]:
        """School years up to and including the period of the report, oldest first."""
        return tuple(p for p in self.periods if len(p.period) == 9 and p.period <= self.period)

    @property
    def provisional(self) -> frozenset[str]:
        """Periods whose figures may still change."""
        return frozenset(p.period for p in self.periods if p.provisional)
