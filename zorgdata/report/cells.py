"""How one protected cell is printed, read aloud, sorted and compared."""

from dataclasses import dataclass

from zorgdata.disclosure.present import UNAVAILABLE
from zorgdata.disclosure.table import NOT_APPLICABLE, TOP_CODED, Cell
from zorgdata.report.dutch import number
from zorgdata.report.language import DUTCH, computed, spoken
from zorgdata.report.model import MISSING, Figures, drawable
from zorgdata.report.texts import Texts

COUNT_STEP = 5
"""Published counts are multiples of five; a difference of one step may be a difference of one child."""


@dataclass(frozen=True)
class CellView:
    """A cell as the template prints it.

    ``spoken`` replaces ``text`` for a screen reader when it is not empty; ``sort`` is empty for a cell
    without a value; ``name`` is the key of the cell, so that a printed figure can be traced and verified.
    """

    text: str
    spoken: str = ""
    sort: str = ""
    name: str = ""
    provisional: bool = False
    heat: int = 0


def view_cell(cell: Cell, figures: Figures, texts: Texts, *, provisional: bool = False) -> CellView:
    """The printed form: the display, ``.`` when hidden, ``n.b.`` when not delivered, else blank."""
    value = drawable(cell)
    if cell.hidden:
        return CellView(texts("general.hidden_sign"), texts("general.hidden"), name=cell.name)
    if cell.display == UNAVAILABLE or (cell.cell_status == MISSING and cell.metric not in figures.metrics):
        return CellView(texts("general.unavailable_sign"), texts("general.unavailable"))
    if cell.cell_status in (NOT_APPLICABLE, MISSING):
        return CellView("", texts("general.not_applicable"))
    # A top-coded share sorts behind the shares that equal its bound.
    sort = "" if value is None else f"{value:g}" if cell.shown else f"{value + 1e-6:.6f}"
    if value is not None and not cell.shown:
        computed(sort.replace(".", ","))
    return CellView(cell.display, sort=sort, name=cell.name, provisional=provisional)


@dataclass(frozen=True)
class Change:
    """How a figure moved since a year earlier, as far as published figures tell.

    ``direction`` is up, down, equal or none (no comparison possible). ``slight``: no more than one step of
    the rounding, so the size of the change is not known. ``chance``: the 95 % intervals overlap.
    """

    direction: str
    slight: bool = False
    chance: bool = False
    difference: str = ""
    previous: str = ""
    previous_hidden: bool = False


def compare(
    now: Cell, before: Cell, texts: Texts, *, share: bool = False, step: float = 0, chance: bool = False
) -> Change:
    """Compares two cells of one metric. Only published values are subtracted; a hidden one is never used.

    ``step`` is what values are rounded to (0: to the decimals they show). A difference of at most one step is
    slight: the true figures may differ by as little as one child.
    """
    if not now.shown:
        return Change("none", previous_hidden=before.hidden)
    if not before.shown:
        return Change(
            "none",
            previous=before.display if before.cell_status == TOP_CODED else "",
            previous_hidden=before.hidden,
        )
    assert now.value is not None
    assert before.value is not None
    # Of two figures with other precision only the coarser is known of both.
    decimals = min(decimals_of(now.display), decimals_of(before.display))
    scale = 100 if share else 1
    difference = round(round(now.value * scale, decimals) - round(before.value * scale, decimals), 6)
    if abs(difference) < 10**-decimals / 2:
        return Change("equal", previous=before.display)
    amount = number(abs(difference), decimals)
    if share:
        amount = f"{amount} {texts('comparison.points')}"
    return Change(
        "up" if difference > 0 else "down",
        slight=abs(difference) <= max(step, 10.0**-decimals) * 1.0001,
        chance=chance,
        difference=amount,
        previous=before.display,
    )


def decimals_of(display: str) -> int:
    """Decimals a display shows: ``12,5 %`` has one."""
    _, comma, rest = display.partition("," if spoken() == DUTCH else ".")
    return len(rest) - len(rest.lstrip("0123456789")) if comma else 0


def sentence_of(change: Change, texts: Texts, *, provisional: bool, registration: bool = False) -> str:
    """The comparison as a sentence of its own; empty when there is nothing to compare with.

    ``registration``: a fall may come from care that left the data.
    """
    if change.direction == "none":
        if change.previous_hidden:
            return texts("comparison.previous_hidden")
        return texts("comparison.top", previous=change.previous) if change.previous else ""
    if change.direction == "equal":
        return texts("comparison.equal")
    key = change.direction + ("_slightly" if change.slight else "")
    parts = [texts(f"comparison.{key}", difference=change.difference, previous=change.previous)]
    if change.chance and not change.slight:
        parts.append(texts("comparison.chance"))
    if provisional and change.direction == "down":
        parts.append(texts("comparison.provisional_down"))
    if registration and change.direction == "down":
        parts.append(texts("comparison.registration"))
    return " ".join(parts)


def tile_of(change: Change, texts: Texts, *, registration: bool = False) -> str:
    """The comparison as a line under a key figure."""
    if change.direction in ("none", "equal"):
        return texts(f"comparison.tile_{change.direction}")
    key = change.direction + ("_slightly" if change.slight else "")
    told = texts(f"comparison.tile_{key}", difference=change.difference, previous=change.previous)
    if registration and change.direction == "down":
        told = f"{told}; {texts('comparison.tile_registration')}"
    return told


def heat_class(cell: Cell, bounds: tuple[float, ...] = (0.10, 0.30, 0.40, 0.90)) -> int:
    """Class 1 to 5 of a published share (below 10 %, 30 %, 40 %, up to 90 %, above); 0 when hidden."""
    value = drawable(cell)
    if value is None:
        return 0
    if cell.cell_status == TOP_CODED:
        return len(bounds) + 1
    return 1 + sum(value >= b - 1e-9 for b in bounds[:-1]) + (value > bounds[-1] + 1e-9)
