"""Reads scenario files and price lists; a mistake is named with file and key."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from zorgdata.errors import UsageError
from zorgdata.scenario.derive import FUNCTIONS
from zorgdata.scenario.model import GivenQuantities, PriceList, Template
from zorgdata.scenario.result import Quantity

PRICE_VERSION = "2025-1"
"""The price list used when none is named."""

M = TypeVar("M", bound=BaseModel)


def parse(model: type[M], text: str, where: str) -> M:
    """A TOML text as ``model``; the first mistake becomes a ``UsageError``."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where}: no valid TOML: {error}", "Mend the line named above.") from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file as a whole"
        more = len(error.errors()) - 1
        hint = (
            f"{more} more mistake(s) in this file."
            if more
            else "Compare with the scenarios that come with zorgdata."
        )
        raise UsageError(f"{where}: {key}: {first['msg']}.", hint) from None


def _shipped(folder: str) -> dict[str, str]:
    """Name and text of the TOML files that come with the package."""
    files = resources.files("zorgdata.scenario").joinpath(folder).iterdir()
    return {
        file.name.removesuffix(".toml"): file.read_text(encoding="utf-8")
        for file in sorted(files, key=lambda file: file.name)
        if file.name.endswith(".toml")
    }


def _text(folder: str, name: str, what: str, path: Path | None) -> tuple[str, str]:
    if path is not None:
        try:
            return path.read_text(encoding="utf-8"), str(path)
        except (OSError, UnicodeDecodeError):
            raise UsageError(f"{path}: cannot be read as text.", "Give an existing UTF-8 file.") from None
    known = _shipped(folder)
    if name not in known:
        raise UsageError(f"No {what} '{name}'.", f"Known: {', '.join(known)}.")
    return known[name], f"{name}.toml"


def template_names() -> tuple[str, ...]:
    """Names of the scenarios that come with the package."""
    return tuple(_shipped("templates"))


def load_template(name: str = "", path: Path | None = None) -> Template:
    """A shipped scenario by ``name``, or one of your own by ``path``."""
    text, where = _text("templates", name, "scenario", path)
    template = parse(Template, text, where)
    for key, spec in template.quantities.items():
        if spec.derive and spec.derive not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise UsageError(f"{where}: quantities.{key}: no function '{spec.derive}'.", f"Known: {known}.")
    return template


def load_prices(version: str = PRICE_VERSION, path: Path | None = None) -> PriceList:
    """A shipped price list by ``version``, or one of your own by ``path``."""
    text, where = _text("prices", version, "price list", path)
    return parse(PriceList, text, where)


def load_quantities(path: Path) -> dict[str, Quantity]:
    """Quantities given by hand: ``[quantities.NAME]`` with value and source, and lower, upper, period."""
    text, where = _text("", "", "", path)
    given = parse(GivenQuantities, text, where).quantities
    return {k: Quantity(q.value, q.lower, q.upper, q.period, q.source) for k, q in given.items()}


def check_prices(template: Template, prices: PriceList) -> None:
    """Every price a scenario names is in the list, as a price or as one that is not established."""
    named = {lever.price for lever in template.levers if lever.price}
    named |= {key for claim in template.claims for key in claim.compare_with}
    missing = sorted(named - set(prices.prices) - set(prices.unknown))
    if missing:
        raise UsageError(
            f"Scenario '{template.name}' uses prices that list {prices.version} does not have: "
            f"{', '.join(missing)}.",
            "Add them to the price list, or under [unknown] when the price is not established.",
        )
