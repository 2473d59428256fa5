"""The sums of a scenario as functions of its uncertain inputs, for numbers and for arrays of draws alike.

Every line is sign × quantity × effect × price × a factor for its years, so one function serves the middle
estimate, the tornado and the simulation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np

from zorgdata.scenario.derive import FUNCTIONS
from zorgdata.scenario.model import Band, Lever, Template

InputKind = Literal["quantity", "effect", "price", "rate"]
Key = tuple[InputKind, str]
Inputs = Mapping[Key, Any]

SIGN = {"cost": -1.0, "benefit": 1.0, "transfer": 0.0}
RATE: Key = ("rate", "")


@dataclass(frozen=True)
class Sums:
    """A template with the levers that can be calculated and the bands of their inputs."""

    template: Template
    levers: tuple[Lever, ...]
    bands: Mapping[Key, Band]

    @property
    def middle(self) -> dict[Key, float]:
        """All inputs at their middle estimate."""
        return {key: band.mid for key, band in self.bands.items()}

    def base_quantities(self, name: str) -> tuple[str, ...]:
        """The delivered quantities behind quantity ``name``: itself, or what it derives from."""
        spec = self.template.quantities[name]
        return spec.inputs if spec.derive and ("quantity", name) not in self.bands else (name,)

    def quantity(self, name: str, inputs: Inputs) -> Any:
        """Value of a quantity, derived where the template says so and no number was given for it."""
        if ("quantity", name) in inputs:
            return inputs["quantity", name]
        spec = self.template.quantities[name]
        values = [inputs["quantity", base] for base in spec.inputs]
        return FUNCTIONS[spec.derive](*values, **spec.parameters)

    def amount(self, lever: Lever, inputs: Inputs) -> Any:
        """Euros per year at full effect, without sign: quantity × effect × price."""
        price = inputs["price", lever.price] if lever.price else 1.0
        return self.quantity(lever.quantity, inputs) * inputs["effect", lever.key] * price

    def amount_band(self, lever: Lever) -> Band:
        """Lowest, middle and highest amount over all corners of the lever's own inputs."""
        keys: list[Key] = [("quantity", base) for base in self.base_quantities(lever.quantity)]
        keys.append(("effect", lever.key))
        if lever.price:
            keys.append(("price", lever.price))
        ends = [(self.bands[key].low, self.bands[key].high) for key in keys]
        corners = [
            float(self.amount(lever, dict(zip(keys, corner, strict=True)))) for corner in product(*ends)
        ]
        mid = float(self.amount(lever, self.middle))
        return Band(min(*corners, mid), mid, max(*corners, mid))

    def share(self, lever: Lever, year: int) -> float:
        """Part of the full amount that falls in ``year`` (0 = start)."""
        since = year - lever.start_year
        if since < 0 or (lever.once and since >= len(lever.ramp)):
            return 0.0
        return lever.ramp[min(since, len(lever.ramp) - 1)]

    def structural(self, lever: Lever) -> float:
        """Part of the full amount in a year when everything has grown in; a one-off has none."""
        return 0.0 if lever.once else lever.ramp[-1]

    def present_factor(self, lever: Lever, rate: Any) -> Any:
        """Σ_t share(t) / (1 + r)^t over the years 0 … horizon."""
        return sum(
            self.share(lever, year) / (1 + np.asarray(rate)) ** year
            for year in range(self.template.horizon + 1)
        )

    def net_present(self, inputs: Inputs) -> Any:
        """Net present value; transfers move nothing."""
        return sum(
            SIGN[lever.kind] * self.amount(lever, inputs) * self.present_factor(lever, inputs[RATE])
            for lever in self.levers
        )

    def yearly(self, inputs: Inputs) -> Any:
        """Structural yearly balance at full effect (H7)."""
        return sum(
            SIGN[lever.kind] * self.amount(lever, inputs) * self.structural(lever) for lever in self.levers
        )
