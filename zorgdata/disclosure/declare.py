"""What each metric is to the disclosure rules. An undeclared metric is not published.

The kind says which rules apply and how the figure may be derived from rounded numbers; ``lead`` names the
count of children that a figure stands on: where that count is hidden the figure is hidden too (rule P6).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any


class Kind(StrEnum):
    """How a metric is protected."""

    POPULATION = "population"  # children at all, treated as known outside; rounded, hidden when small
    COUNT = "count"  # children with a property, out of a population: P1-P4, rounded
    SHARE = "share"  # numerator / denominator, from rounded numbers, P1-P4 on the numerator
    MEAN = "mean"  # a mean over children: from a rounded sum and a rounded count
    RATE = "rate"  # events per year of care, from rounded events
    HOURS = "hours"  # a sum over children: P5, rounded
    COST = "cost"  # euros (cents in the value): P5 with providers, rounded to thousands
    STRUCTURE = "structure"  # numbers of organisations behind at least T children
    QUANTILE = "quantile"  # medians and percentiles, high levels only
    FLAG = "flag"  # P7: child protection, safety, exemptions
    EXTREME = "extreme"  # minima and maxima of children: internal
    OPEN = "open"  # no persons behind it


@dataclass(frozen=True, slots=True)
class Declaration:
    """One metric. ``step`` is what a quantile is rounded to, ``decimals`` what a display has.

    ``events``: numerator and denominator count indications or moves, not children.
    ``derived``: made of two other published figures, ``lead`` / population, and of nothing else.
    """

    metric: str
    kind: Kind
    lead: str = ""
    decimals: int = 0
    percent: bool = False
    step: float = 1.0
    events: bool = False
    derived: bool = False


_DATE = "pupils_with_care"
_YEAR = "care_share_year"
_KINDS: Mapping[Kind, str] = {
    Kind.POPULATION: "pupils_enrolled",
    Kind.COUNT: "pupils_with_care>pupils_enrolled care_intensive_pupils>pupils_enrolled",
    Kind.SHARE: (
        "care_share>pupils_with_care care_share_year> light_share> heavy_share> care_form_mix> "
        "multi_provision_share> residential_share> pgb_share> pupils_by_school_type> special_participation> "
        "dual_funding_share> home_school_split_share> short_indication_share> seamless_renewal_share> "
        "renewal_share> secon_t> referrer_mix> gp_route_share> stepped_care_share> substantiated_share> "
        "early_start_share> dropout_rate> planned_end_share> repeat_use_lookback> no_new_start> "
        "home_municipality_share> home_region_share> in_school_share> out_of_region_share> link_rate> "
        "transition18_prepared> goals_met_share> without_help_share> school_flows> frontline_share> "
        "lead_consortium_share>"
    ),
    Kind.MEAN: (
        "upc_t>Y main_cover>Y hhi_t>Y pdc_enrolled>Y pdc_from_start>Y concurrent_providers>D "
        "coc_bice_boxerman>Y horizon_match>D hours_per_pupil>assigned_hours_week "
        "indications_per_pupil_year>Y mean_stay_special>"
    ),
    Kind.RATE: "switches_per_careyear>Y step_up_rate>Y step_down_rate>Y interruptions>Y",
    Kind.HOURS: "assigned_hours_week>D",
    Kind.COST: "care_cost>Y transport_cost>",
    Kind.STRUCTURE: (
        "providers_per_school>D effective_providers>Y effective_providers_on_date>D provider_hhi>Y "
        "provider_hhi_on_date>D largest_provider_share>Y largest_provider_share_on_date>D "
        "municipalities_per_school>D effective_municipalities>Y effective_municipalities_on_date>D "
        "contract_combinations>D consortia_per_school>D"
    ),
    Kind.QUANTILE: "indication_duration>Y uninterrupted_duration>D waiting_time> home_school_distance>",
    Kind.FLAG: "cross_domain_share> exemption_5a> absolute_absence>",
    Kind.EXTREME: "child_peak_max>",
    Kind.OPEN: "initiatives> milestones> project_budget> pillar_progress> participation> "
    "consultation_rhythm> delivery_completeness> freshness> suppressed_share> offer_coverage>",
}
_DECIMALS = {
    "hours_per_pupil": 1,
    "concurrent_providers": 2,
    "effective_providers": 1,
    "effective_providers_on_date": 1,
    "effective_municipalities": 1,
    "effective_municipalities_on_date": 1,
    "provider_hhi": 2,
    "provider_hhi_on_date": 2,
    "switches_per_careyear": 2,
    "indications_per_pupil_year": 1,
    "upc_t": 2,
    "main_cover": 2,
    "hhi_t": 2,
    "pdc_enrolled": 2,
    "pdc_from_start": 2,
    "coc_bice_boxerman": 2,
    "horizon_match": 2,
    "mean_stay_special": 1,
    "interruptions": 2,
    "step_up_rate": 2,
    "step_down_rate": 2,
}
_PERCENT = {"largest_provider_share", "largest_provider_share_on_date", "pdc_enrolled", "pdc_from_start"}
_DERIVED = frozenset(("hours_per_pupil",))
_EVENTS = frozenset(
    (
        "short_indication_share",
        "seamless_renewal_share",
        "renewal_share",
        "secon_t",
        "referrer_mix",
        "gp_route_share",
        "stepped_care_share",
        "substantiated_share",
        "early_start_share",
        "dropout_rate",
        "planned_end_share",
        "repeat_use_lookback",
        "no_new_start",
        "in_school_share",
        "goals_met_share",
        "without_help_share",
    )
)
_STEPS = {
    "indication_duration": 7.0,
    "uninterrupted_duration": 7.0,
    "waiting_time": 7.0,
    "home_school_distance": 1.0,
}
_LEADS = {"Y": _YEAR, "D": _DATE}
_SUFFIX = re.compile(
    r"_(g0|g28|on_date|assigned|declared|delivered|same|any|mean|dayweighted|replacement|addition|parent"
    r"|consortium|incl_collectief|ge2|ge3|high)$"
)


@lru_cache(maxsize=1)
def declarations() -> Mapping[str, Declaration]:
    """Every declared metric by key."""
    found = {}
    for kind, spec in _KINDS.items():
        for entry in spec.split():
            metric, _, lead = entry.partition(">")
            found[metric] = Declaration(
                metric,
                kind,
                _LEADS.get(lead, lead),
                _DECIMALS.get(metric, 0),
                metric in _PERCENT or kind is Kind.SHARE,
                _STEPS.get(metric, 1.0),
                metric in _EVENTS,
                metric in _DERIVED,
            )
    return found


def resolve(metric: str, extra: Mapping[str, Declaration] | None = None) -> Declaration | None:
    """The declaration of a metric or of the metric it is a variant of (``_g28``, ``_on_date``, …)."""
    known = declarations()
    name = metric
    while True:
        found = (extra or {}).get(name) or known.get(name)
        if found is not None:
            return found
        shorter = _SUFFIX.sub("", name)
        if shorter == name:
            return None
        name = shorter


def from_catalogue(catalogue: Any) -> Mapping[str, Declaration]:
    """Declarations a catalogue carries: entries with ``key`` and a ``disclosure`` class of :class:`Kind`.

    What the catalogue calls otherwise stays with the table of this module: a class we do not know never
    makes a figure publishable.
    """
    if catalogue is None:
        return {}
    entries: Iterable[Any] = catalogue.values() if isinstance(catalogue, Mapping) else catalogue
    found = {}
    for entry in entries:
        key, label = getattr(entry, "key", None), getattr(entry, "disclosure", None)
        if key is None or key in declarations() or label not in set(Kind):
            continue
        found[key] = Declaration(key, Kind(label), decimals=int(getattr(entry, "decimals", 0) or 0))
    return found
