"""How much the outcome hangs on what is not known: tornado, simulation, break-even."""

import numpy as np

from zorgdata.scenario.arithmetic import RATE, SIGN, Key, Sums
from zorgdata.scenario.model import Band, PriceList
from zorgdata.scenario.result import BreakEven, Simulation, TornadoBar

SEED = 20240801
DRAWS = 10_000


def _label(sums: Sums, prices: PriceList, key: Key) -> str:
    kind, name = key
    match kind:
        case "quantity":
            return sums.template.quantities[name].label
        case "price":
            return prices.prices[name].label
        case "effect":
            return next(lever.label for lever in sums.levers if lever.key == name)
        case _:
            return "Discontovoet"


def tornado(sums: Sums, prices: PriceList) -> tuple[TornadoBar, ...]:
    """One bar per input that has a range and moves the outcome, the widest first.

    A quantity or price used by several lines moves them together.
    """
    middle = sums.middle
    bars = []
    for key, band in sums.bands.items():
        if band.low == band.high:
            continue
        low, high = (float(sums.net_present({**middle, key: value})) for value in (band.low, band.high))
        bar = TornadoBar(
            f"{key[0]}:{key[1]}", _label(sums, prices, key), key[0], band.low, band.high, low, high
        )
        if bar.swing > 0:
            bars.append(bar)
    return tuple(sorted(bars, key=lambda bar: (-bar.swing, bar.key)))


def triangular(
    rng: np.random.Generator, band: Band, draws: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """``draws`` from the triangular distribution of a band; a band without width gives its value."""
    if band.low == band.high:
        return np.full(draws, band.mid)
    return rng.triangular(band.low, band.mid, band.high, draws)


def simulate(sums: Sums, draws: int = DRAWS, seed: int = SEED) -> Simulation:
    """Net present value when every input is drawn at once, each from its own triangular distribution.

    Inputs are drawn independently of each other, one draw for all lines that use it. The interest rate
    belongs to the valuation and not to chance: it stays at its middle. The same seed gives the same band.
    """
    rng = np.random.default_rng(seed)
    inputs = {
        key: np.full(draws, band.mid) if key == RATE else triangular(rng, band, draws)
        for key, band in sorted(sums.bands.items())
    }
    values = np.broadcast_to(np.asarray(sums.net_present(inputs), dtype=np.float64), (draws,))
    p5, p50, p95 = (float(v) for v in np.quantile(values, [0.05, 0.5, 0.95]))
    return Simulation(draws, seed, p5, p50, p95, float(values.mean()), float(np.mean(values > 0)))


def break_even(sums: Sums, target: float = 0.0) -> tuple[BreakEven, ...]:
    """Per cost or benefit line: the effect at which the structural yearly balance equals ``target``.

    effect + (target − balance) / (sign · quantity · price · structural share); the balance is linear in every
    effect. A one-off line and one without quantity or price cannot move it.
    """
    middle = sums.middle
    gap = target - float(sums.yearly(middle))
    out = []
    for lever in sums.levers:
        if lever.kind == "transfer":
            continue
        effect = middle["effect", lever.key]
        per_unit = (
            SIGN[lever.kind]
            * float(sums.amount(lever, {**middle, ("effect", lever.key): 1.0}))
            * sums.structural(lever)
        )
        needed = effect + gap / per_unit if per_unit else None
        limit = 1.0 if lever.effect_unit == "share" else float("inf")
        reachable = needed is not None and 0.0 <= needed <= limit
        out.append(BreakEven(lever.key, lever.label, effect, needed, reachable))
    return tuple(out)
