"""What a scenario file and a price list may say, checked when they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Status = Literal["gepubliceerd", "pgb-maximum", "secundair", "aanname"]
"""Where a number comes from: published, a maximum for personal budgets, quoted by others, assumed by us."""

ACTORS = {
    "gemeente_jeugd": "gemeente (jeugd)",
    "gemeente_leerplicht": "gemeente (leerplicht en vervoer)",
    "swv": "samenwerkingsverband",
    "schoolbestuur": "schoolbestuur",
    "rijk": "Rijk en justitie",
    "gezin": "gezin",
}
"""Who may pay or gain, with the name a reader sees."""

Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class Band:
    """A number with its range: low ≤ mid ≤ high."""

    low: float
    mid: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.mid <= self.high:
            raise ValueError(f"a band runs from low to high; got {self.low}, {self.mid}, {self.high}")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Price(_Frozen):
    """A unit price: euros per ``unit`` at the price level of ``price_year``."""

    label: Text
    unit: Text
    value: float = Field(ge=0)
    low: float | None = Field(default=None, ge=0)
    high: float | None = Field(default=None, ge=0)
    price_year: int = Field(ge=2000, le=2100)
    source: Text
    status: Status

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _ = self.band
        return self

    @property
    def band(self) -> Band:
        """Price with its range; without one it is taken as exact."""
        low = self.value if self.low is None else self.low
        return Band(low, self.value, self.value if self.high is None else self.high)


class UnknownPrice(_Frozen):
    """A price that was looked for and not established."""

    label: Text
    note: Text


class PriceList(_Frozen):
    """One version of the price list. Prices are not indexed: each keeps the level of its year."""

    version: Text
    prices: Mapping[str, Price] = Field(default_factory=dict)
    unknown: Mapping[str, UnknownPrice] = Field(default_factory=dict)


class Assumed(_Frozen):
    """A quantity nobody delivers, assumed in the open."""

    low: float
    mid: float
    high: float
    source: Text

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        Band(self.low, self.mid, self.high)
        return self


class CountSpec(_Frozen):
    """A published count that is (part of) the denominator of a share, multiplied by ``scale``."""

    metric: Text
    level: str = "region"
    unit_id: str = ""
    period: Literal["school_year", "calendar_year", "reference_date"] = "reference_date"
    scale: float = 1.0


class QuantitySpec(_Frozen):
    """Where an exposed quantity comes from: a metric, another quantity, an assumption, or only by hand.

    ``metric`` with ``field`` (value, numerator or denominator), ``level``, ``unit_id``, ``period`` (its
    kind), ``dimension`` and ``dimension_value`` names the row of ``metrics.value``, multiplied by ``scale``.
    ``times``: counts whose sum is the denominator, to get a numerator from published figures.
    ``derive`` names a function of ``derive.py`` over ``inputs``. ``assumption`` says what using the metric,
    or the ``parameters`` of the derivation, takes for granted.
    """

    label: Text
    unit: Text
    metric: str = ""
    field: Literal["value", "numerator", "denominator"] = "value"
    level: str = "region"
    unit_id: str = ""
    period: Literal["school_year", "calendar_year", "reference_date"] = "school_year"
    dimension: str = ""
    dimension_value: str = ""
    scale: float = 1.0
    times: tuple[CountSpec, ...] = ()
    derive: str = ""
    inputs: tuple[str, ...] = ()
    parameters: Mapping[str, float] = Field(default_factory=dict)
    assumption: str = ""
    assumed: Assumed | None = None


class GivenQuantity(_Frozen):
    """A quantity given by hand, with where it comes from."""

    value: float
    lower: float | None = None
    upper: float | None = None
    period: str = ""
    source: Text


class GivenQuantities(_Frozen):
    """A file with quantities given by hand."""

    quantities: Mapping[str, GivenQuantity]


class Effect(_Frozen):
    """Share of the quantity (or number of units per unit) that changes: low, middle and high estimate."""

    low: float
    mid: float
    high: float
    status: Status = "aanname"
    source: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        Band(self.low, self.mid, self.high)
        return self


Shares = Mapping[str, Annotated[float, Field(gt=0, le=1)]]


class Lever(_Frozen):
    """One line of costs, benefits or transfers: quantity × effect × price, over time, from and to actors.

    ``ramp``: share of the full amount in each year from ``start_year`` on; the last share goes on until the
    horizon, unless ``once``. A price left empty means that the quantity is already in euros. ``cashable``:
    the holder of the budget sees the money within the budget, so it counts in the cash view.
    """

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Text
    kind: Literal["cost", "benefit", "transfer"]
    quantity: Text
    effect: Effect
    effect_unit: Literal["share", "number"] = "share"
    price: str = ""
    payers: Shares = Field(default_factory=dict)
    beneficiaries: Shares = Field(default_factory=dict)
    shares_status: Status = "aanname"
    start_year: int = Field(default=0, ge=0)
    ramp: tuple[Annotated[float, Field(ge=0)], ...] = (1.0,)
    once: bool = False
    cashable: bool = True
    seed: str = ""

    @field_validator("payers", "beneficiaries")
    @classmethod
    def _known_actors(cls, shares: Shares) -> Shares:
        unknown = sorted(set(shares) - set(ACTORS))
        if unknown:
            raise ValueError(f"unknown actor {', '.join(unknown)}; known: {', '.join(ACTORS)}")
        if shares and abs(sum(shares.values()) - 1) > 1e-9:
            raise ValueError("the shares of the actors must add up to 1")
        return shares

    @model_validator(mode="after")
    def _sides(self) -> Self:
        needs_payer, needs_beneficiary = self.kind != "benefit", self.kind != "cost"
        if bool(self.payers) != needs_payer or bool(self.beneficiaries) != needs_beneficiary:
            raise ValueError("a cost has payers, a benefit has beneficiaries, a transfer has both")
        if not self.ramp:
            raise ValueError("a ramp has at least one year")
        return self


class Unpriced(_Frozen):
    """An effect without a price: shown as *pm* with its direction, never added up."""

    key: Text
    label: Text
    sign: Literal["+", "-", "?"]
    metric: str = ""
    seed: str = ""


class Reading(_Frozen):
    """One way to read a claim whose unit is unknown: multiplied by a quantity, or as it stands."""

    label: Text
    multiply_by: str = ""


class Claim(_Frozen):
    """A published amount to test; it enters no calculation."""

    key: Text
    label: Text
    value: float
    source: Text
    note: Text
    readings: tuple[Reading, ...] = Field(min_length=1)
    compare_with: tuple[str, ...] = ()


class Template(_Frozen):
    """A whole scenario file."""

    name: Text
    title: Text
    summary: Text
    null_alternative: Text
    status: Literal["voorstel", "vastgesteld"] = "voorstel"
    horizon: int = Field(ge=1, le=50)
    rate: float = Field(default=0.0225, gt=-1, lt=1)
    rate_low: float = Field(default=0.0225, gt=-1, lt=1)
    rate_high: float = Field(default=0.0225, gt=-1, lt=1)
    quantities: Mapping[str, QuantitySpec]
    levers: tuple[Lever, ...] = Field(min_length=1)
    unpriced: tuple[Unpriced, ...] = ()
    claims: tuple[Claim, ...] = ()

    @model_validator(mode="after")
    def _references(self) -> Self:
        Band(self.rate_low, self.rate, self.rate_high)
        keys = [lever.key for lever in self.levers]
        if len(set(keys)) < len(keys):
            raise ValueError("two levers have the same key")
        named = {lever.quantity for lever in self.levers}
        named |= {r.multiply_by for claim in self.claims for r in claim.readings if r.multiply_by}
        named |= {name for spec in self.quantities.values() for name in spec.inputs}
        missing = sorted(named - set(self.quantities))
        if missing:
            raise ValueError(f"quantity {', '.join(missing)} is used but not described")
        nested = [n for n, s in self.quantities.items() if any(self.quantities[i].derive for i in s.inputs)]
        if nested:
            raise ValueError(f"quantity {', '.join(nested)} derives from a derived quantity")
        return self
