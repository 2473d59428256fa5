"""What a calculated scenario assumes, in words a report prints: an assumption is never shown as a fact."""

from collections.abc import Mapping

from zorgdata.disclosure.notation import number
from zorgdata.scenario.model import ACTORS, Band, Lever, Price, Template
from zorgdata.scenario.present import plain
from zorgdata.scenario.result import Assumption, LeverResult, Quantity

_ONE = Band(1, 1, 1)


def assumptions(
    template: Template, known: Mapping[str, Quantity], levers: tuple[LeverResult, ...]
) -> tuple[Assumption, ...]:
    """Everything assumed in the lines that count, each once: quantities, effects, time paths, prices,
    divisions over actors and the range of the discount rate."""
    by_key = {lever.key: lever for lever in template.levers}
    used = [(by_key[result.key], result) for result in levers if result.status == "ok"]
    out = _quantities(template, known, [lever.quantity for lever, _ in used])
    for lever, _ in used:
        out += _line(lever)
    prices = {result.price.label: result.price for _, result in used if result.price}
    out += [_price(price) for price in prices.values() if price.status == "aanname"]
    if template.rate_low != template.rate_high:
        text = f"gevoeligheid van {_percent(template.rate_low)} tot {_percent(template.rate_high)}"
        out.append(Assumption("discontovoet", "Discontovoet", text))
    return tuple(out)


def _quantities(template: Template, known: Mapping[str, Quantity], names: list[str]) -> list[Assumption]:
    out = []
    for name in dict.fromkeys(names):
        spec = template.quantities[name]
        if spec.assumption and (name not in known or known[name].origin == spec.metric):
            out.append(Assumption("hoeveelheid", spec.label, spec.assumption))
        bases = (name,) if name in known else spec.inputs
        for base in bases:
            quantity, of = known[base], template.quantities[base]
            if quantity.assumed:
                band = quantity.band
                text = f"{plain(band.mid)} {of.unit} ({plain(band.low)} tot {plain(band.high)})."
                out.append(Assumption("hoeveelheid", of.label, f"{text} {quantity.origin}"))
    return list(dict.fromkeys(out))


def _line(lever: Lever) -> list[Assumption]:
    out = []
    effect = Band(lever.effect.low, lever.effect.mid, lever.effect.high)
    if lever.effect.status == "aanname" and effect != _ONE:
        show = _percent if lever.effect_unit == "share" else plain
        text = f"{show(effect.mid)} (laag {show(effect.low)}, hoog {show(effect.high)})."
        out.append(Assumption("effect", lever.label, f"{text} {lever.effect.source}".strip()))
    if lever.start_year or lever.ramp != (1.0,) or lever.once:
        steps = ", ".join(_percent(share) for share in lever.ramp)
        rest = "daarna niets" if lever.once else "daarna gelijk"
        text = f"vanaf jaar {lever.start_year}: {steps}; {rest}"
        out.append(Assumption("tijdpad", lever.label, text))
    if lever.shares_status == "aanname":
        for shares, verb in ((lever.payers, "betaalt"), (lever.beneficiaries, "ontvangt")):
            if len(shares) > 1:
                text = ", ".join(f"{ACTORS[actor]} {verb} {_percent(s)}" for actor, s in shares.items())
                out.append(Assumption("verdeling", lever.label, text))
    return out


def _price(price: Price) -> Assumption:
    amount = number(price.value, 0 if price.value == int(price.value) else 2)
    text = f"€\u00a0{amount} per {price.unit}, prijspeil {price.price_year}. {price.source}"
    return Assumption("prijs", price.label, text)


def _percent(share: float) -> str:
    return f"{plain(100 * share)}\u00a0%"
