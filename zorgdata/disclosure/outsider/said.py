"""What a package says of itself: limits, what every figure is, and how figures hang together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

COUNTS = frozenset(("count", "share", "flag"))
SUMS = frozenset(("hours", "cost", "mean", "rate"))

Table = tuple[str, str, str, str]
"""Metric, time (reference date, else period), dimension and item."""

Key = tuple[str, str]
"""Level and unit of a cell within a table."""


@dataclass(frozen=True)
class Figure:
    """What a metric is.

    ``step``: published values are multiples of it. ``stands_on``: the figure without which it is not shown.
    ``numerator``: the figure that has the same numerator. ``denominators``: per dimension (empty: totals) the
    published count that is its denominator, or bounds it (``at_most``); ``children``: the same for the
    children behind it. ``events``: its numerator counts no children. ``of_total``: it is a part of the total
    of what it stands on. ``scale``: in how many parts of a unit its sums are modelled. ``bounded``: false
    where nobody knows out of how many a count is.
    """

    kind: str
    step: float = 1.0
    stands_on: str = ""
    numerator: str = ""
    events: bool = False
    scale: int = 1
    denominators: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    children: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    bounded: bool = True
    of_total: bool = False


@dataclass(frozen=True)
class Span:
    """Σ parts − total lies from ``least`` to ``most``, in model units."""

    least: int = 0
    most: int = 0


@dataclass(frozen=True)
class Tie:
    """A whole is the sum of its parts (``between`` of the span), each named by metric, dimension, item."""

    whole: tuple[str, str, str]
    parts: tuple[tuple[str, str, str], ...]
    span: Span


class Said:
    """The block ``disclosure`` of a package, read."""

    REQUIRED = ("threshold", "rounding_base", "hierarchy", "figures", "relations", "items")

    def __init__(self, block: Mapping[str, Any], *, answering: bool = False) -> None:
        """Raises ``KeyError`` naming what a package must say and this one does not.

        ``answering``: the gate itself asks, and answers for every hidden figure that can be narrowed.
        """
        missing = [name for name in self.REQUIRED if name not in block]
        if missing:
            raise KeyError(", ".join(missing))
        self.threshold, self.base = int(block["threshold"]), int(block["rounding_base"])
        self.cost_base = int(block.get("cost_base", 1000))
        self.group_share = float(block.get("group_share", 0.9))
        self.small_counts = int(block.get("min_population_counts", 20))
        self.small_rates = int(block.get("min_population_rates", 30))
        self.small_means = int(block.get("min_children_mean", 30))
        self.flag_children = int(block.get("min_children_flag", 20))
        self.flag_levels = frozenset(block.get("flag_levels", ("region",)))
        self.periods = str(block.get("periods", "school_year"))
        self.p_percent = int(block.get("p_percent", 10))
        self.small_quantiles = int(block.get("min_children_quantile", 50))
        self.answering = answering
        self.narrowed = frozenset(map(str, block.get("narrowed", ())))
        self.above_zero = self.narrowed | frozenset(map(str, block.get("above_zero", ())))
        self.no_pupils = frozenset(block.get("levels_without_pupils", ()))
        repeated = block.get("repeated", {})
        self.repeated = frozenset(repeated.get("times", ()))
        self.reach = int(repeated.get("reach", self.threshold + self.base // 2))
        self.withheld = frozenset(tuple(str(t).split(" ", 1)) for t in block.get("withheld", ()))
        self.figures = {str(name): _figure(f) for name, f in block["figures"].items()}
        self.spans = {
            (str(r["metric"]), str(r["total"]), str(r["parts"])): Span(int(r["least"]), int(r["most"]))
            for r in block["relations"]
        }
        self.items: Mapping[str, Mapping[str, str]] = block["items"]
        self.part_of = {str(p): str(w) for p, w in block.get("part_of", {}).items()}
        self.ties = [_tie(t) for t in block.get("ties", ())]
        self.on_date = [(str(d), str(y)) for d, y in block.get("on_date", ())]
        self.members: dict[str, dict[str, frozenset[str]]] = {}
        for entry in block["hierarchy"]:
            schools = frozenset(map(str, entry["schools"]))
            self.members.setdefault(str(entry["level"]), {})[str(entry["unit_id"])] = schools
        self.schools = frozenset(s for units in self.members.values() for ss in units.values() for s in ss)

    def of(self, level: str, unit: str) -> frozenset[str]:
        """The schools of a unit; empty when nothing is said of it."""
        if level in ("region", "country"):
            return self.schools
        if level == "school":
            return frozenset((unit,)) & self.schools
        return self.members.get(level, {}).get(unit, frozenset())


def _figure(found: Mapping[str, Any]) -> Figure:
    return Figure(
        str(found["kind"]),
        float(found.get("step", 1)),
        str(found.get("stands_on", "")),
        str(found.get("numerator", "")),
        bool(found.get("events", False)),
        int(found.get("scale", 1)),
        _counted(found.get("denominators", {})),
        _counted(found.get("children", {})),
        bool(found.get("bounded", True)),
        bool(found.get("of_total", False)),
    )


def _counted(found: Mapping[str, Any]) -> dict[str, tuple[str, bool]]:
    return {str(dim): (str(of["metric"]), str(of["is"]) == "equal") for dim, of in found.items()}


def _tie(found: Mapping[str, Any]) -> Tie:
    def name(parts: Any) -> tuple[str, str, str]:
        metric, dimension, item = parts
        return str(metric), str(dimension), str(item)

    return Tie(
        name(found["whole"]),
        tuple(name(part) for part in found["parts"]),
        Span(int(found["least"]), int(found["most"])),
    )
