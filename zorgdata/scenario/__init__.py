"""Cost-benefit scenarios: what an approach would cost and bring, for whom, and how sure that is.

A scenario is a file (``templates/*.toml``), a price list (``prices/*.toml``) and the quantities of a region.
Prices carry year, source and status; effects are assumptions until a region decides; nothing missing is
filled in. ``collective`` and ``budget`` help to decide at which schools collective provision is worth a talk.
"""

from zorgdata.scenario.budget import (
    AllocationRow,
    CurrentVersusCollective,
    allocate,
    allocation,
    collective_budget,
    collective_fte,
    collective_range,
    school_hours,
)
from zorgdata.scenario.collective import (
    Advice,
    Assessment,
    CollectiveSettings,
    OrderStability,
    SchoolFacts,
    Stability,
    assess,
    load_settings,
    order_stability,
    stability,
)
from zorgdata.scenario.engine import calculate
from zorgdata.scenario.exposure import quantities_from_rows
from zorgdata.scenario.finance import (
    STANDARD_RATE,
    VolumePrice,
    benefit_cost_ratio,
    present_value,
    volume_price_mix,
    volume_price_split,
)
from zorgdata.scenario.load import load_prices, load_quantities, load_template, template_names
from zorgdata.scenario.model import ACTORS, Band, Price, PriceList, Template
from zorgdata.scenario.present import bandwidth, money, ratio_band, rounded, rounded_band
from zorgdata.scenario.result import Quantity, ScenarioResult

__all__ = [
    "ACTORS",
    "STANDARD_RATE",
    "Advice",
    "AllocationRow",
    "Assessment",
    "Band",
    "CollectiveSettings",
    "CurrentVersusCollective",
    "OrderStability",
    "Price",
    "PriceList",
    "Quantity",
    "ScenarioResult",
    "SchoolFacts",
    "Stability",
    "Template",
    "VolumePrice",
    "allocate",
    "allocation",
    "assess",
    "bandwidth",
    "benefit_cost_ratio",
    "calculate",
    "collective_budget",
    "collective_fte",
    "collective_range",
    "load_prices",
    "load_quantities",
    "load_settings",
    "load_template",
    "money",
    "order_stability",
    "present_value",
    "quantities_from_rows",
    "ratio_band",
    "rounded",
    "rounded_band",
    "school_hours",
    "stability",
    "template_names",
    "volume_price_mix",
    "volume_price_split",
]
