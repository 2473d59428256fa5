"""Decision support for collective provision from figures: facts per school, now beside collective, who pays.

The figures may be exact (the analyst) or published (a report). From published figures only what a reader can
see comes out: a hidden figure is an unknown criterion, never a guess.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from zorgdata.scenario.budget import (
    AllocationRow,
    CurrentVersusCollective,
    allocation,
    collective_budget,
    collective_fte,
    collective_range,
    school_hours,
)
from zorgdata.scenario.collective import (
    Assessment,
    CollectiveSettings,
    OrderStability,
    SchoolFacts,
    Stability,
    assess,
    order_stability,
    stability,
)
from zorgdata.scenario.model import Band, Price

CRITERIA: Mapping[str, str] = {
    "care_share": "care_share",
    "effective_providers": "effective_providers",
    "effective_municipalities": "effective_municipalities",
    "switches": "switches_per_careyear_g28",
}
"""Criteria that are a figure as it stands; the other three are made of figures below."""

HOURS, AT_SCHOOL, HORIZON, FORMS = (
    "assigned_hours_week",
    "in_school_share_hours",
    "horizon_match",
    "care_form_mix",
)
BUDGET = "collective_budget"
PUPILS, CARE, COST, LINKED, PROVIDERS, MUNICIPALITIES, OUTSIDE = (
    "pupils_enrolled",
    "pupils_with_care",
    "care_cost_assigned",
    "link_rate",
    "providers_per_school",
    "municipalities_per_school",
    "out_of_region_share",
)
METRICS: tuple[str, ...] = (
    *CRITERIA.values(), BUDGET, HOURS, AT_SCHOOL, HORIZON, FORMS, PUPILS, CARE, COST, LINKED, PROVIDERS,
    MUNICIPALITIES, OUTSIDE,
)  # fmt: skip
"""Every figure that decision support reads."""

REGION = ("region", "region")
REST = "overig"
"""Name of the row that holds municipalities whose own figure is hidden."""


class Cell(Protocol):
    """A figure: a row of metrics.value or a cell of a protected table."""

    @property
    def metric(self) -> str: ...

    @property
    def level(self) -> str: ...

    @property
    def unit_id(self) -> str: ...

    @property
    def period(self) -> str: ...

    @property
    def dimension(self) -> str: ...

    @property
    def dimension_value(self) -> str: ...

    @property
    def value(self) -> float | None: ...


@dataclass(frozen=True)
class SchoolTrait:
    """What is known of a school besides its figures."""

    school_id: str
    school_type: str
    ikc: bool = False


@dataclass(frozen=True)
class Now:
    """The present care of a unit beside what a team at school would take.

    ``hours_year`` in school weeks and at school, ``fte`` for those hours, ``costs`` the present cost and the
    collective range, euros a year; None where a figure is unknown. ``own_tariffs``: the range follows from
    the collective budget and so from the tariffs of the products, not from the price list.
    """

    unit_id: str
    pupils: float | None
    care_pupils: float | None
    providers: float | None
    municipalities: float | None
    hours_week: float | None
    hours_year: float | None
    fte: float | None
    outside_share: float | None
    costs: CurrentVersusCollective | None
    own_tariffs: bool = False


@dataclass(frozen=True)
class Decision:
    """Everything a sheet on collective provision shows. ``order`` says how much the order of schools hangs on
    the weights; the order itself is never given."""

    period: str
    settings: CollectiveSettings
    tariff: Price
    assessments: Mapping[str, Assessment]
    stabilities: Mapping[str, Stability]
    order: OrderStability
    now: Mapping[str, Now]
    allocation: tuple[AllocationRow, ...]
    allocation_missing: tuple[str, ...]


class Figures:
    """Figures of one school year by metric, level, unit and part; reference dates count by their year."""

    def __init__(self, cells: Iterable[Cell], period: str) -> None:
        self.period = period
        self._found: dict[tuple[str, str, str, str, str], float] = {}
        self._years: dict[str, set[str]] = {}
        for cell in cells:
            if cell.value is None:
                continue
            if cell.metric == CRITERIA["care_share"] and cell.level == "school" and not cell.dimension:
                self._years.setdefault(cell.unit_id, set()).add(cell.period)
            if cell.period == period:
                key = (cell.metric, cell.level, cell.unit_id, cell.dimension, cell.dimension_value)
                self._found.setdefault(key, cell.value)

    def get(self, metric: str, unit: tuple[str, str]) -> float | None:
        """The total of a metric for (level, unit)."""
        return self._found.get((metric, *unit, "", ""))

    def parts(self, metric: str, unit: tuple[str, str], dimension: str) -> dict[str, float]:
        """The known parts of a breakdown."""
        return {
            key[4]: value
            for key, value in self._found.items()
            if key[:3] == (metric, *unit) and key[3] == dimension
        }

    def units(self, metric: str, level: str) -> dict[str, float]:
        """The known totals of all units of a level."""
        return {
            key[2]: value for key, value in self._found.items() if key[:2] == (metric, level) and not key[3]
        }

    def years(self, school: str) -> int | None:
        """Number of school years with a known share of pupils with care, up to this one."""
        known = {year for year in self._years.get(school, set()) if year <= self.period}
        return len(known) or None


def school_facts(figures: Figures, school: SchoolTrait) -> SchoolFacts:
    """The facts of one school as the criteria ask for them; unknown stays None."""
    unit = ("school", school.school_id)
    values: dict[str, float | None] = {key: figures.get(metric, unit) for key, metric in CRITERIA.items()}
    hours, share = figures.get(HOURS, unit), figures.get(AT_SCHOOL, unit)
    values["hours_at_school"] = None if hours is None or share is None else hours * share
    horizon = figures.get(HORIZON, unit)
    values["short_horizon"] = None if horizon is None else 1 - horizon
    forms = figures.parts(FORMS, unit, "care_form")
    # What is not known is no form: pupils of whom nobody knows what they get do not need the same.
    values["similar_need"] = max((part for form, part in forms.items() if form != "onbekend"), default=None)
    care = figures.get(CARE, unit)
    return SchoolFacts(
        school.school_id,
        school.school_type,
        None if care is None else int(care),
        figures.get(LINKED, REGION),
        figures.years(school.school_id),
        values,
        school.ikc,
    )


def now(figures: Figures, unit: tuple[str, str], settings: CollectiveSettings, tariff: Price) -> Now:
    """The present care of a unit and the collective range for the same pupils (J3, J4)."""
    hours, share, cost = (figures.get(metric, unit) for metric in (HOURS, AT_SCHOOL, COST))
    capacity = settings.capacity
    year = fte = None
    costs = None
    if hours is not None and share is not None:
        year = school_hours(hours, min(share, 1.0), capacity.school_weeks)
        fte = collective_fte(year, capacity.productive_hours_per_fte)
        if cost is not None:
            # At school, but not in school weeks: that part stays as it is too.
            outside = cost * (1 - min(share, 1.0) * capacity.school_weeks * 7 / 365.25)
            band = collective_budget(
                Band(year, year, year), tariff.band, capacity.efficiency, Band(outside, outside, outside)
            )
            costs = collective_range(cost, band)
    estimated = _estimated(figures, unit, settings)
    level, unit_id = unit
    per_school = level == "school"
    return Now(
        unit_id,
        figures.get(PUPILS, unit),
        figures.get(CARE, unit),
        figures.get(PROVIDERS, unit) if per_school else None,
        figures.get(MUNICIPALITIES, unit) if per_school else None,
        hours,
        year,
        fte,
        figures.get(OUTSIDE, unit),
        estimated or costs,
        estimated is not None,
    )


def _estimated(
    figures: Figures, unit: tuple[str, str], settings: CollectiveSettings
) -> CurrentVersusCollective | None:
    """The range from the collective budget where that figure is known: it stands on the own tariffs.

    The middle budget is the present cost less the middle efficiency of the part that can be given at school;
    that part, and so both ends, follow from the two.
    """
    cost, budget = figures.get(COST, unit), figures.get(BUDGET, unit)
    efficiency = settings.capacity.efficiency
    if cost is None or budget is None or efficiency.mid <= 0 or budget > cost:
        return None
    part = (cost - budget) / efficiency.mid
    ends = (cost - part * efficiency.high, budget, cost - part * efficiency.low)
    return collective_range(cost, Band(*ends))


def keys(figures: Figures) -> tuple[dict[str, dict[str, float]], tuple[str, ...]]:
    """Weights of the three allocation keys per municipality, and the keys that are not known.

    What the region has more than its shown municipalities together goes to ``REST``: a municipality whose
    figure is hidden is not left out of the division.
    """
    weights = _published_keys(figures)
    paying = "responsible_municipality"
    found = {
        "woonplaats": (
            figures.parts(PUPILS, REGION, "home_municipality"),
            figures.get(PUPILS, REGION),
        ),
        "historisch": (figures.units(COST, paying), figures.get(COST, REGION)),
        "leerlingen": (figures.units(CARE, paying), figures.get(CARE, REGION)),
    }
    for key, (parts, whole) in found.items():
        if key not in weights and parts and whole:
            rest = max(whole - sum(parts.values()), 0.0)
            weights[key] = {**parts, **({REST: rest} if rest > 0 else {})}
    return weights, tuple(key for key in found if key not in weights)


def _published_keys(figures: Figures) -> dict[str, dict[str, float]]:
    """The budget per key and municipality where that figure is known (``key|municipality``)."""
    whole = figures.get(BUDGET, REGION)
    found: dict[str, dict[str, float]] = {}
    for name, value in figures.parts(BUDGET, REGION, "allocation_key").items():
        key, _, municipality = name.partition("|")
        if municipality:
            found.setdefault(key, {})[municipality] = value
    for parts in found.values():
        rest = (whole or 0.0) - sum(parts.values())
        if rest > 0.005 * (whole or 0.0):
            parts[REST] = rest
    return found


def decide(
    cells: Iterable[Cell],
    schools: Iterable[SchoolTrait],
    settings: CollectiveSettings,
    tariff: Price,
    *,
    period: str,
    members: frozenset[str] = frozenset(),
) -> Decision:
    """Decision support of a region for school year ``period``. ``members``: municipalities that take part."""
    figures = Figures(cells, period)
    facts = [school_facts(figures, school) for school in sorted(schools, key=lambda s: s.school_id)]
    units = [REGION, *(("school", fact.school_id) for fact in facts)]
    present = {unit[1]: now(figures, unit, settings, tariff) for unit in units}
    weights, missing = keys(figures)
    costs = present["region"].costs
    rows: tuple[AllocationRow, ...] = ()
    if weights and costs is not None:
        # The rest row is no municipality outside the region: it is several at once.
        inside = members | {REST} if members else None
        rows = allocation(round(costs.collective.mid * 100), weights, inside)
    return Decision(
        period,
        settings,
        tariff,
        {fact.school_id: assess(fact, settings) for fact in facts},
        {fact.school_id: stability(fact, settings) for fact in facts},
        order_stability(facts, settings),
        present,
        rows,
        missing,
    )


@dataclass(frozen=True)
class Row:
    """A row of ``metrics.value`` as a :class:`Cell`."""

    metric: str
    level: str
    unit_id: str
    period: str
    dimension: str
    dimension_value: str
    value: float | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Row":
        """From a mapping with the columns of ``metrics.value``."""
        return cls(*(row[name] for name in cls.__dataclass_fields__))
