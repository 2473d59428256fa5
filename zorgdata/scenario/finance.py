"""Present value, benefit-cost ratio and the split of a cost change in volume and price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STANDARD_RATE = 0.0225
"""Discount rate for all Dutch policy since 1 January 2021."""


def discount_factors(rate: float, years: int) -> tuple[float, ...]:
    """1/(1 + r)^t for t = 0 … years − 1. ``rate`` as a fraction, above −1."""
    if rate <= -1:
        raise ValueError(f"a discount rate is a fraction above -1, for example 0.0225; got {rate}")
    return tuple((1 + rate) ** -t for t in range(years))


def present_value(flows: Sequence[float], rate: float = STANDARD_RATE) -> float:
    """Net present value Σ_t flow_t / (1 + r)^t, with t = 0 for the first flow.

    ``flows`` in euros per year, benefits positive and costs negative. Nothing is worth 0.
    −1000, +400, +400, +400 at 2.25 % is 147.96. Source: METRICS 12; CPB/PBL guideline.
    """
    factors = discount_factors(rate, len(flows))
    return sum(flow * factor for flow, factor in zip(flows, factors, strict=True))


def benefit_cost_ratio(benefits: float, costs: float) -> float | None:
    """PV(benefits) / PV(costs), both as positive amounts; undefined without costs."""
    return benefits / costs if costs > 0 else None


@dataclass(frozen=True)
class VolumePrice:
    """A change in cost as effects in euros that add up to ``total`` without remainder.

    ``volume``: more or fewer client-years (or hours); ``price``: dearer or cheaper per unit; ``mix``: shift
    towards dearer or cheaper forms (0 when forms are not told apart).
    """

    volume: float
    price: float
    mix: float
    total: float


def _midpoint(v0: float, k0: float, v1: float, k1: float) -> tuple[float, float]:
    """(ΔV · P̄, V̄ · ΔP) of one form; a form that is new or gone has the price of the year it exists."""
    if min(v0, v1) < 0 or (v0 == 0 and k0 != 0) or (v1 == 0 and k1 != 0):
        raise ValueError("volumes cannot be negative, and cost without volume has no price")
    if v0 == 0 and v1 == 0:
        return 0.0, 0.0
    p0 = k0 / v0 if v0 else k1 / v1
    p1 = k1 / v1 if v1 else p0
    return (v1 - v0) * (p0 + p1) / 2, (v0 + v1) / 2 * (p1 - p0)


def volume_price_split(
    volume_before: float, cost_before: float, volume_after: float, cost_after: float
) -> VolumePrice:
    """ΔK = ΔV · P̄ + V̄ · ΔP with P = K/V and midpoint averages, so that no residual is left.

    V in client-years (or hours), K in euros. V 100 → 120 and K 1,000 → 1,320 (P 10 → 11) gives volume 210
    and price 110. Cost without volume: ``ValueError``. Source: METRICS 12 (H5).
    """
    volume, price = _midpoint(volume_before, cost_before, volume_after, cost_after)
    return VolumePrice(volume, price, 0.0, cost_after - cost_before)


def volume_price_mix(forms: Mapping[str, tuple[float, float, float, float]]) -> VolumePrice:
    """The same split with the shift between forms apart.

    ``forms``: per form (volume before, cost before, volume after, cost after), in one unit of volume. Price
    is Σ_f V̄_f ΔP_f; volume is the change of the total volume at the average price; mix is what the volume
    changes per form add to that. The three add up to the change in cost.
    """
    parts = [_midpoint(*form) for form in forms.values()]
    v0, k0, v1, k1 = (sum(form[i] for form in forms.values()) for i in range(4))
    volume = _midpoint(v0, k0, v1, k1)[0]
    by_form = sum(part[0] for part in parts)
    return VolumePrice(volume, sum(part[1] for part in parts), by_form - volume, k1 - k0)
