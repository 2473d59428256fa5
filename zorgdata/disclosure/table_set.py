"""Which tables a release holds: every table more is a way more to work out what is hidden.

Everything is computed and stays inside. What goes out, for the region, its types of school and its
partnerships: every figure. For a school, a board or a municipality: the figures that reports show of one
(``LOCAL``), with those they stand on. Parts of a figure (by form of care, by referrer, ...): of the region.
An audience may be given all totals of every unit (``table_set = "all"``); that takes a multiple of the time.
"""

from collections.abc import Mapping

from zorgdata.disclosure.declare import Declaration

WHOLE = frozenset(("region", "country", "school_type", "swv", "youth_region"))
"""Levels of which every figure goes out."""

LOCAL = frozenset(
    (
        "pupils_enrolled",
        "pupils_with_care",
        "pupils_with_care_incl_collectief",
        "care_pupils",
        "care_share",
        "care_share_incl_collectief",
        "care_share_year",
        "care_intensity_class",
        "assigned_hours_week",
        "hours_per_pupil",
        "hours_per_care_pupil",
        "heavy_share",
        "multi_provision_share",
        "standardised_care_ratio",
        "providers_per_school",
        "effective_providers",
        "effective_providers_on_date",
        "largest_provider_share_on_date",
        "municipalities_per_school",
        "effective_municipalities",
        "effective_municipalities_on_date",
        "concurrent_providers_ge2",
        "lead_consortium_share",
        "short_indication_share",
        "switches_per_careyear_g28",
        "secon_t_g28",
        "main_cover",
        "upc_t",
        "renewal_share_any_g28",
        "pdc_from_start",
        "horizon_match",
        "waiting_time",
        "gp_route_share",
        "stepped_care_share",
        "dropout_rate",
        "home_sitters",
        "home_municipality_share",
        "out_of_region_share",
        "in_school_share",
        "in_school_share_hours",
        "home_school_distance",
        "transport_pupils",
        "care_cost_assigned",
        "cost_per_client_assigned",
        "offer_coverage",
        "link_rate",
        "delivery_completeness",
        "freshness",
    )
)
"""Figures of single schools, boards and municipalities."""

_BREAKDOWN = frozenset(("region", "country"))


def local_figures(declared: Mapping[str, Declaration]) -> frozenset[str]:
    """``LOCAL`` with every figure that one of them stands on or is bounded by."""
    found: set[str] = set()
    waiting = [metric for metric in LOCAL if metric in declared]
    while waiting:
        metric = waiting.pop()
        if metric in found or metric not in declared:
            continue
        found.add(metric)
        waiting += [declared[metric].lead, declared[metric].population]
    return frozenset(found)


INSIDE = frozenset(("collective_budget", "volume_price_split_assigned", "volume_price_split_declared"))
"""Calculations on sums of money, of which parts do not add up or lie below zero: no proof holds them."""


def outside(metric: str, level: str, *, is_part: bool, local: frozenset[str]) -> str:
    """Why a figure is in no table of a release; empty when it is in one. Parts are those of a breakdown."""
    if metric in INSIDE:
        return "a calculation of which parts do not add up, so that no proof holds it"
    if is_part and level not in _BREAKDOWN:
        return "parts of a figure are published for the region only"
    if level not in WHOLE and metric not in local:
        return "of one school, board or municipality only what reports show is published"
    return ""
