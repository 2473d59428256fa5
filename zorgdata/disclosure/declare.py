"""What each metric is to the disclosure rules, read from the catalogue; others are not published.

The kind says which rules apply and how a figure may be derived from rounded numbers; ``lead`` names the
figure it stands on: where that is hidden it is hidden too (rule P6).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Kind(StrEnum):
    """How a metric is protected."""

    POPULATION = "population"  # children at all, taken as known outside; rounded, hidden when small
    COUNT = "count"  # children with a property, out of a population: P1-P4, rounded
    SHARE = "share"  # numerator / denominator, from rounded numbers, P1-P4 on the numerator
    MEAN = "mean"  # a mean over children: from a rounded sum and a rounded count
    RATE = "rate"  # events per time in care, from rounded events
    HOURS = "hours"  # a sum over children: P5, rounded
    COST = "cost"  # euros: P5 with providers, rounded to thousands
    RATIO = "ratio"  # a published sum over published children, and of nothing else
    STRUCTURE = "structure"  # organisations behind at least T children
    QUANTILE = "quantile"  # medians and percentiles, high levels only
    FLAG = "flag"  # P7: child protection, safety, exemptions
    EXTREME = "extreme"  # minima and maxima of children: internal
    OPEN = "open"  # no persons behind it


@dataclass(frozen=True, slots=True)
class Declaration:
    """One metric.

    ``population``: the count that bounds a count; without one a count has no known upper bound. ``step``:
    what a quantile or ratio is rounded to. ``events``: the numerator counts indications, moves or days,
    not children.
    """

    metric: str
    kind: Kind
    lead: str = ""
    population: str = ""
    decimals: int = 0
    percent: bool = False
    step: float = 1.0
    events: bool = False
    top_coded: bool = False

    @property
    def per_child(self) -> bool:
        """Whether it is euros per child, given as one figure."""
        return self.kind is Kind.MEAN and self.decimals < 0

    @property
    def weighed(self) -> bool:
        """Whether it is a sum of hours or euros, or a mean of euros: rule P5 asks who contributes to it."""
        return self.kind in (Kind.HOURS, Kind.COST) or self.per_child


class Entry(Protocol):
    """What is needed of a metric of the catalogue."""

    key: str
    disclosure: Any
    shadow_of: str
    population: str
    quantile: bool
    unit: Any
    decimals: int


_STEPS = {"days": 7.0, "euro": 100.0}
_RATES = ("per_year", "per_1000_days")
_POPULATIONS = ("pupils_enrolled", "pupils_ever")
_DAYS_OF_DAYS = ("persontime_prev",)
_RATIOS = {
    "hours_per_pupil_week_": "hours_",
    "hours_per_pupil": "assigned_hours_week",
    "hours_per_care_pupil": "assigned_hours_week",
    "hours_per_timed_carepupil_week": "hours_assigned",
    "cost_per_client_": "care_cost_",
    "cost_per_pupil_": "care_cost_",
    "cost_municipality_share_": "cost_by_municipality_",
    "cost_top10_share_": "care_cost_",
    "gp_route_cost_share_": "care_cost_",
}
"""Ratios and the sum they are made of; a trailing underscore passes the basis (assigned, declared) on."""

_MEANS_OF_EUROS = ("transport_cost",)
"""Sums of euros given per child: means, to hundreds of euros."""


def declaration(entry: Entry) -> Declaration:
    """The declaration of a metric of the catalogue."""
    kind = _kind(entry)
    unit = str(entry.unit)
    stands_on = _sum_of(entry.key) if kind in (Kind.RATIO, Kind.QUANTILE) else ""
    return Declaration(
        entry.key,
        kind,
        stands_on or entry.shadow_of,
        entry.population,
        -2 if entry.key in _MEANS_OF_EUROS else entry.decimals,
        unit == "share",
        0.01 if unit == "share" else _STEPS.get(unit, 1.0),
        kind is Kind.SHARE and (not entry.population or entry.key in _DAYS_OF_DAYS),
        kind is Kind.STRUCTURE and entry.key.startswith("largest_provider_share"),
    )


def _kind(entry: Entry) -> Kind:
    named = str(entry.disclosure)
    if named == "internal":
        return Kind.EXTREME
    if named == "sensitive":
        return Kind.FLAG
    if entry.quantile or (named == "money" and str(entry.unit) == "share"):
        return Kind.QUANTILE
    if _sum_of(entry.key):
        return Kind.RATIO
    if entry.key in _MEANS_OF_EUROS:
        return Kind.MEAN
    if named == "count":
        return Kind.POPULATION if entry.key in _POPULATIONS else Kind.COUNT
    if named == "share" and str(entry.unit) != "share":
        return Kind.RATE  # observed over expected: no part of a whole
    if named == "mean":
        return Kind.RATE if str(entry.unit) in _RATES else Kind.MEAN
    if named == "structure":
        return Kind.STRUCTURE if entry.shadow_of else Kind.OPEN
    return {"share": Kind.SHARE, "hours": Kind.HOURS, "money": Kind.COST}[named]


def _sum_of(key: str) -> str:
    for name, total in _RATIOS.items():
        if name.endswith("_"):
            if key.startswith(name) and key.count("_") == name.count("_"):
                return total + key.removeprefix(name)
        elif key == name:
            return total
    return ""


def declared(metrics: list[str], catalogue: Any = None) -> dict[str, Declaration]:
    """Declarations of those of ``metrics`` that the catalogue holds (None: zorgdata's own)."""
    if catalogue is None:
        from zorgdata.catalogue import load

        catalogue = load()
    known: Mapping[str, Entry] = catalogue if isinstance(catalogue, Mapping) else catalogue.by_key
    return {m: declaration(known[m]) for m in metrics if m in known}
