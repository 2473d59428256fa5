"""What a calculated scenario hands to a report: small frozen records, amounts in euros, unrounded.

Round with ``present`` before showing; a single number without its band is never shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from zorgdata.scenario.model import Band, Price, UnknownPrice

LeverStatus = Literal["ok", "not_delivered", "no_price"]


@dataclass(frozen=True)
class Quantity:
    """An exposed quantity: its value for one year, interval, period and where it comes from.

    ``lower`` and ``upper`` default to the value. ``origin``: a metric key, or words for a number given by
    hand.
    """

    value: float
    lower: float | None = None
    upper: float | None = None
    period: str = ""
    origin: str = ""
    assumed: bool = False

    @property
    def band(self) -> Band:
        """The interval as a band; limits on the wrong side of the value are pulled to it."""
        low = self.value if self.lower is None else min(self.lower, self.value)
        high = self.value if self.upper is None else max(self.upper, self.value)
        return Band(low, self.value, high)


@dataclass(frozen=True)
class LeverResult:
    """One line. ``yearly``: amount per year at full effect (positive = gain, negative = cost, as a band);
    ``None`` unless ``status`` is ok. ``reason`` (Dutch) says what is missing."""

    key: str
    label: str
    kind: Literal["cost", "benefit", "transfer"]
    status: LeverStatus
    reason: str
    quantity: Quantity | None
    quantity_label: str
    quantity_unit: str
    effect: Band
    effect_status: str
    effect_source: str
    price: Price | None
    unknown_price: UnknownPrice | None
    yearly: Band | None
    present_value: Band | None
    payers: Mapping[str, float]
    beneficiaries: Mapping[str, float]
    seed: str
    effect_unit: Literal["share", "number"] = "share"


@dataclass(frozen=True)
class YearFlow:
    """Costs (positive), benefits, net and cumulative net of year ``year`` (0 = start), not discounted."""

    year: int
    costs: float
    benefits: float
    net: float
    cumulative: float


@dataclass(frozen=True)
class ActorResult:
    """What one actor gains (+) or pays (−): per year at full effect, in present value, and in cash after two
    years (cashable lines only). Transfers are in here and cancel over all actors."""

    actor: str
    label: str
    yearly: float
    present_value: float
    cash_two_years: float


@dataclass(frozen=True)
class TornadoBar:
    """Net present value with one assumption at its low and high, all others at their middle."""

    key: str
    label: str
    kind: Literal["quantity", "effect", "price", "rate"]
    low_input: float
    high_input: float
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        """How far the outcome moves."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Simulation:
    """Net present value over ``draws`` random combinations (independent triangular draws, fixed ``seed``)."""

    draws: int
    seed: int
    p5: float
    p50: float
    p95: float
    mean: float
    share_positive: float


@dataclass(frozen=True)
class BreakEven:
    """Effect of one lever at which the yearly balance is 0, others unchanged; ``None`` = does not exist.

    ``reachable`` is false when the effect would have to be negative or, for a share, above 1.
    """

    lever: str
    label: str
    effect_mid: float
    effect_needed: float | None
    reachable: bool


@dataclass(frozen=True)
class ClaimTest:
    """A published amount beside the calculated one.

    ``target`` is the claim in this reading per year, ``computed`` the yearly balance; ``None`` when the
    reading needs a quantity that is missing. ``needed``: the effect per line at which the balance equals the
    target. ``equivalents``: how many units of a known price the claim equals. The claim enters no sum.
    """

    key: str
    label: str
    reading: str
    claim: float
    source: str
    note: str
    target: float | None
    computed: float | None
    needed: tuple[BreakEven, ...]
    equivalents: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class PmEffect:
    """An effect without a price (*pro memorie*): direction only."""

    label: str
    sign: Literal["+", "-", "?"]
    reason: str


@dataclass(frozen=True)
class Assumption:
    """Something assumed rather than measured or published, as a report must print it (Dutch)."""

    kind: Literal["hoeveelheid", "effect", "tijdpad", "prijs", "verdeling", "discontovoet"]
    label: str
    text: str


@dataclass(frozen=True)
class ScenarioResult:
    """A calculated scenario. Without any delivered line the outcomes are ``None``.

    ``yearly`` is the structural balance at full effect (H7), one-off lines left out; ``npv`` (H8) and ``bcr``
    (H9) have low = everything against at once and high = everything in favour. ``complete`` is false as soon
    as a cost or benefit is missing (``missing``): the balance is then that of the delivered lines only.
    """

    name: str
    title: str
    summary: str
    status: str
    null_alternative: str
    horizon: int
    rate: float
    levers: tuple[LeverResult, ...]
    yearly: Band | None
    npv: Band | None
    costs_present: float | None
    benefits_present: float | None
    bcr: Band | None
    flows: tuple[YearFlow, ...]
    cash_two_years: float | None
    actors: tuple[ActorResult, ...]
    tornado: tuple[TornadoBar, ...]
    simulation: Simulation | None
    break_even: tuple[BreakEven, ...]
    claims: tuple[ClaimTest, ...]
    unpriced: tuple[PmEffect, ...]
    assumptions: tuple[Assumption, ...]
    missing: tuple[str, ...]
    complete: bool
    price_years: tuple[int, ...]
    price_version: str

    @property
    def one_sided(self) -> bool:
        """Only costs or only benefits are known of a scenario that has both: then there is no balance."""
        counted = {lever.kind for lever in self.levers if lever.status == "ok"}
        described = {lever.kind for lever in self.levers}
        return any(kind in described and kind not in counted for kind in ("cost", "benefit"))
