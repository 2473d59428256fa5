"""Calculates a scenario from its template, a price list and the quantities of the region."""

from collections.abc import Mapping
from typing import Literal

from zorgdata.errors import UsageError
from zorgdata.scenario.arithmetic import RATE, SIGN, Key, Sums
from zorgdata.scenario.assumptions import assumptions
from zorgdata.scenario.finance import benefit_cost_ratio
from zorgdata.scenario.load import check_prices
from zorgdata.scenario.model import ACTORS, Band, Claim, Lever, PriceList, Template
from zorgdata.scenario.result import (
    ActorResult,
    ClaimTest,
    LeverResult,
    PmEffect,
    Quantity,
    ScenarioResult,
    YearFlow,
)
from zorgdata.scenario.sensitivity import DRAWS, SEED, break_even, simulate, tornado

CASH_YEARS = 2


def calculate(
    template: Template,
    prices: PriceList,
    quantities: Mapping[str, Quantity | None],
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> ScenarioResult:
    """The whole outcome of a scenario.

    ``quantities`` maps names of the template's quantities to what the region delivered; a missing name or
    ``None`` was not delivered. A delivered number goes before an assumption and before a derivation. A
    line whose quantity is neither delivered, derived nor assumed has status ``not_delivered``, one whose
    price is not established ``no_price``; both stay out of every sum and are named in ``missing``.
    Nothing is filled in.
    """
    check_prices(template, prices)
    unknown = sorted(set(quantities) - set(template.quantities))
    if unknown:
        raise UsageError(
            f"Scenario '{template.name}' has no quantity {', '.join(unknown)}.",
            f"Known: {', '.join(template.quantities)}.",
        )
    known = _known(template, quantities)
    usable = tuple(
        lever
        for lever in template.levers
        if _available(template, known, lever.quantity) and lever.price not in prices.unknown
    )
    sums = Sums(template, usable, _bands(template, prices, known, usable))
    levers = tuple(_lever(sums, prices, known, lever) for lever in template.levers)
    counted = [lever for lever in levers if lever.status == "ok" and lever.kind != "transfer"]
    missing = tuple(
        f"{lever.label}: {lever.reason}"
        for lever in levers
        if lever.status != "ok" and lever.kind != "transfer"
    )
    factor = {lever.key: float(sums.present_factor(lever, template.rate)) for lever in usable}
    benefits = [lv.present_value for lv in counted if lv.kind == "benefit" and lv.present_value]
    costs = [_negative(lv.present_value) for lv in counted if lv.kind == "cost" and lv.present_value]
    some = bool(counted)
    flows = _flows(sums) if some else ()
    return ScenarioResult(
        name=template.name,
        title=template.title,
        summary=template.summary,
        status=template.status,
        null_alternative=template.null_alternative,
        horizon=template.horizon,
        rate=template.rate,
        levers=levers,
        yearly=_total([lv.yearly for lv in counted if lv.yearly]) if some else None,
        npv=_total([lv.present_value for lv in counted if lv.present_value]) if some else None,
        costs_present=sum(band.mid for band in costs) if some else None,
        benefits_present=sum(band.mid for band in benefits) if some else None,
        bcr=_ratio(_total(benefits), _total(costs)),
        flows=flows,
        cash_two_years=_cash(sums) if some else None,
        actors=_actors(sums, factor) if usable else (),
        tornado=tornado(sums, prices) if some else (),
        simulation=simulate(sums, draws, seed) if some else None,
        break_even=break_even(sums) if some else (),
        claims=tuple(test for claim in template.claims for test in _claim(sums, prices, claim, some)),
        unpriced=_unpriced(template, levers),
        assumptions=assumptions(template, known, levers),
        missing=missing,
        complete=not missing,
        price_years=tuple(sorted({lv.price.price_year for lv in levers if lv.status == "ok" and lv.price})),
        price_version=prices.version,
    )


def _known(template: Template, given: Mapping[str, Quantity | None]) -> dict[str, Quantity]:
    """Delivered quantities, and those the template assumes in the open."""
    known: dict[str, Quantity] = {}
    for name, spec in template.quantities.items():
        delivered = given.get(name)
        if delivered is not None:
            known[name] = delivered
        elif spec.assumed is not None:
            a = spec.assumed
            known[name] = Quantity(a.mid, a.low, a.high, origin=a.source, assumed=True)
    return known


def _available(template: Template, known: Mapping[str, Quantity], name: str) -> bool:
    spec = template.quantities[name]
    return name in known or (bool(spec.derive) and all(base in known for base in spec.inputs))


def _bands(
    template: Template, prices: PriceList, known: Mapping[str, Quantity], usable: tuple[Lever, ...]
) -> dict[Key, Band]:
    """The inputs that the usable levers and the claims need, each once."""
    bands: dict[Key, Band] = {RATE: Band(template.rate_low, template.rate, template.rate_high)}
    readings = [r.multiply_by for claim in template.claims for r in claim.readings if r.multiply_by]
    names = [lever.quantity for lever in usable] + readings
    for name in names:
        bases = (name,) if name in known else template.quantities[name].inputs
        for base in bases:
            if base in known:
                bands["quantity", base] = known[base].band
    for lever in usable:
        bands["effect", lever.key] = Band(lever.effect.low, lever.effect.mid, lever.effect.high)
        if lever.price:
            bands["price", lever.price] = prices.prices[lever.price].band
    return bands


def _scaled(band: Band, factor: float) -> Band:
    ends = sorted((band.low * factor, band.high * factor))
    # Adding 0.0 turns a negative zero, which would print as "−0", into 0.
    return Band(ends[0] + 0.0, band.mid * factor + 0.0, ends[1] + 0.0)


def _negative(band: Band) -> Band:
    return _scaled(band, -1.0)


def _total(bands: list[Band]) -> Band:
    """All against at once, all at the middle, all in favour at once."""
    return Band(sum(b.low for b in bands), sum(b.mid for b in bands), sum(b.high for b in bands))


def _ratio(benefits: Band, costs: Band) -> Band | None:
    mid = benefit_cost_ratio(benefits.mid, costs.mid)
    low = benefit_cost_ratio(benefits.low, costs.high)
    high = benefit_cost_ratio(benefits.high, costs.low)
    return None if low is None or mid is None or high is None else Band(low, mid, high)


def _lever(sums: Sums, prices: PriceList, known: Mapping[str, Quantity], lever: Lever) -> LeverResult:
    spec = sums.template.quantities[lever.quantity]
    ok = lever in sums.levers
    unknown = prices.unknown.get(lever.price)
    status: Literal["ok", "not_delivered", "no_price"] = "ok"
    reason = ""
    if not _available(sums.template, known, lever.quantity):
        absent = [n for n in (spec.inputs if spec.derive else (lever.quantity,)) if n not in known]
        labels = ", ".join(f"'{sums.template.quantities[n].label}'" for n in absent)
        status, reason = "not_delivered", f"{labels} is niet beschikbaar"
    elif unknown is not None:
        status, reason = "no_price", f"de prijs '{unknown.label}' is niet vastgesteld"
    yearly = present = None
    quantity = known.get(lever.quantity)
    if ok:
        band = sums.amount_band(lever)
        sign = SIGN[lever.kind] or 1.0
        yearly = _scaled(band, sign * sums.structural(lever))
        present = _scaled(band, sign * float(sums.present_factor(lever, sums.template.rate)))
        quantity = quantity or _derived(sums, lever.quantity)
    effect = lever.effect
    return LeverResult(
        key=lever.key,
        label=lever.label,
        kind=lever.kind,
        status=status,
        reason=reason,
        quantity=quantity,
        quantity_label=spec.label,
        quantity_unit=spec.unit,
        effect=Band(effect.low, effect.mid, effect.high),
        effect_status=effect.status,
        effect_source=effect.source,
        price=prices.prices.get(lever.price),
        unknown_price=unknown,
        yearly=yearly,
        present_value=present,
        payers=lever.payers,
        beneficiaries=lever.beneficiaries,
        seed=lever.seed,
        effect_unit=lever.effect_unit,
    )


def _derived(sums: Sums, name: str) -> Quantity:
    """A derived quantity with its range over the corners of what it derives from."""
    spec = sums.template.quantities[name]
    middle = sums.middle
    values = [float(sums.quantity(name, middle))]
    corners: list[dict[Key, float]] = [middle]
    for base in spec.inputs:
        band = sums.bands["quantity", base]
        corners = [{**c, ("quantity", base): end} for c in corners for end in (band.low, band.high)]
    values += [float(sums.quantity(name, corner)) for corner in corners]
    return Quantity(values[0], min(values), max(values), origin=f"afgeleid van {', '.join(spec.inputs)}")


def _flows(sums: Sums) -> tuple[YearFlow, ...]:
    """Costs and benefits per year at the middle estimates."""
    middle, cumulative, out = sums.middle, 0.0, []
    amounts = [(lever, float(sums.amount(lever, middle))) for lever in sums.levers]
    for year in range(sums.template.horizon + 1):
        costs = sum(a * sums.share(lv, year) for lv, a in amounts if lv.kind == "cost")
        benefits = sum(a * sums.share(lv, year) for lv, a in amounts if lv.kind == "benefit")
        cumulative += benefits - costs
        out.append(YearFlow(year, costs, benefits, benefits - costs, cumulative))
    return tuple(out)


def _cash_factor(sums: Sums, lever: Lever) -> float:
    return sum(sums.share(lever, year) for year in range(CASH_YEARS)) if lever.cashable else 0.0


def _cash(sums: Sums) -> float:
    """Money in hand after two years: cashable lines of the years 0 and 1, not discounted."""
    middle = sums.middle
    return sum(
        SIGN[lever.kind] * float(sums.amount(lever, middle)) * _cash_factor(sums, lever)
        for lever in sums.levers
    )


def _actors(sums: Sums, factor: Mapping[str, float]) -> tuple[ActorResult, ...]:
    """Per actor what it gains minus what it pays; over all actors this is the total."""
    middle = sums.middle
    totals = {actor: [0.0, 0.0, 0.0] for actor in ACTORS}
    for lever in sums.levers:
        amount = float(sums.amount(lever, middle))
        parts = (sums.structural(lever), factor[lever.key], _cash_factor(sums, lever))
        for shares, sign in ((lever.payers, -1.0), (lever.beneficiaries, 1.0)):
            for actor, share in shares.items():
                for i, part in enumerate(parts):
                    totals[actor][i] += sign * share * amount * part
    named = {a for lever in sums.levers for a in (*lever.payers, *lever.beneficiaries)}
    return tuple(ActorResult(a, ACTORS[a], *values) for a, values in totals.items() if a in named)


def _claim(sums: Sums, prices: PriceList, claim: Claim, some: bool) -> list[ClaimTest]:
    equivalents = tuple(
        (price.label, claim.value / price.value)
        for key in claim.compare_with
        if (price := prices.prices.get(key)) is not None and price.value > 0
    )
    tests = []
    for reading in claim.readings:
        target: float | None = claim.value
        if reading.multiply_by:
            bases = sums.base_quantities(reading.multiply_by)
            present = all(("quantity", base) in sums.bands for base in bases)
            times = float(sums.quantity(reading.multiply_by, sums.middle)) if present else None
            target = None if times is None else claim.value * times
        tests.append(
            ClaimTest(
                key=claim.key,
                label=claim.label,
                reading=reading.label,
                claim=claim.value,
                source=claim.source,
                note=claim.note,
                target=target,
                computed=float(sums.yearly(sums.middle)) if some else None,
                needed=break_even(sums, target) if some and target is not None else (),
                equivalents=equivalents,
            )
        )
    return tests


def _unpriced(template: Template, levers: tuple[LeverResult, ...]) -> tuple[PmEffect, ...]:
    """Effects that stay *pm*: named as such, and lines whose price is not established."""
    named = [PmEffect(u.label, u.sign, "niet in geld uit te drukken") for u in template.unpriced]
    sign: dict[str, Literal["+", "-", "?"]] = {"benefit": "+", "cost": "-", "transfer": "?"}
    lines = [PmEffect(lv.label, sign[lv.kind], lv.reason) for lv in levers if lv.status == "no_price"]
    return (*named, *lines)
