"""One release as systems of integer cells and relations, built from the declarations and the unit tables.

A table that is declared brings its cells and its relations by itself. Systems of one depth are independent of
each other; a deeper one starts from what the shallower ones hid.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from zorgdata.disclosure.declare import Declaration, Kind
from zorgdata.disclosure.frame import Frame
from zorgdata.disclosure.layers import COUNTS, Layer, Ready, hidden, layers
from zorgdata.disclosure.ledger import Anchors
from zorgdata.disclosure.relations import (
    BESIDE,
    PART_OF,
    SUM_OF,
    WHOLE_OF,
    Key,
    Plan,
    RelationKind,
    Relations,
    items,
    planned,
    together,
    within,
)
from zorgdata.disclosure.rules import Codes
from zorgdata.disclosure.system import FREE, HIDDEN, SHOWN, System, build
from zorgdata.disclosure.units import Units, school_year
from zorgdata.limits import AudienceRules

LEVEL_WEIGHTS: Mapping[str, float] = {
    "school": 1.0,
    "municipality_type": 100.0,
    "board": 100.0,
    "school_municipality": 100.0,
    "responsible_municipality": 100.0,
    "school_type": 100.0,
    "youth_region": 100.0,
    "swv": 100.0,
    "region": 400.0,
    "country": 400.0,
}


@dataclass
class Part:
    """A system and where its cells are in the frame: ``rows[k]`` are the rows of cell k (none for slack).

    ``keys`` name the cells apart from their period; ``loose`` cells could not be tied to the others.
    ``kinds`` name the relations.
    """

    depth: int
    time: str
    system: System
    rows: list[list[int]]
    loose: list[int]
    keys: list[tuple[str, ...]]
    kinds: list[RelationKind] = field(default_factory=list)


def parts(
    frame: Frame,
    declared: Mapping[str, Declaration],
    units: Units,
    rules: AudienceRules,
    reason: Codes,
    *,
    depth: int | None = None,
    anchors: Anchors | None = None,
    ready: Ready | None = None,
) -> Iterator[Part]:
    """The systems of a release, per school year and depth, shallow ones first."""
    at = ready or Ready(frame, declared)
    groups: dict[tuple[int, str], list[Layer]] = {}
    for level, layer in layers(frame, declared, rules, reason, anchors, ready=at, level=depth):
        if depth is None or level == depth:
            groups.setdefault((level, school_year(layer.table[1])), []).append(layer)
    for (level, time), found in sorted(groups.items(), key=lambda g: g[0]):
        yield _part(at, units, rules, reason, found, level=level, time=time)


def _part(
    at: Ready,
    units: Units,
    rules: AudienceRules,
    reason: Codes,
    found: list[Layer],
    *,
    level: int,
    time: str,
) -> Part:
    names: list[tuple[str, str, str]] = []
    rows: list[list[int]] = []
    tables: list[tuple[str, ...]] = []
    cells: list[dict[Key, int]] = []
    for layer in found:
        label = " ".join(p for p in layer.table if p)
        _, keys = at.cells(layer.table)
        cells.append(dict(zip(keys, range(len(names), len(names) + len(keys)), strict=True)))
        names += [(label, of, unit) for of, unit in keys]
        tables += [(layer.table[0], *layer.table[2:])] * len(keys)
        rows += np.column_stack((layer.rows, *layer.also)).tolist()
    x = np.concatenate([layer.x for layer in found])
    relations = Relations(len(names))
    loose: list[int] = []
    plans: dict[tuple[Key, ...], Plan] = {}
    for mine in cells:
        # Most layers are of the same units: how those add up is worked out once.
        of = tuple(sorted(mine))
        plan = plans.get(of) or plans.setdefault(of, planned(of, units))
        loose += plan.apply(mine, relations)
    _ties(found, cells, x.tolist(), relations)
    columns = {
        name: np.concatenate([getattr(layer, name) for layer in found])
        for name in ("lower", "upper", "shown_lower", "shown_upper", "need_lower", "need_upper")
    }
    state = np.concatenate([np.where(hidden(layer, reason), HIDDEN, SHOWN) for layer in found])
    state[loose] = HIDDEN
    free = np.asarray(relations.slack, np.int64)
    ceiling = int(columns["upper"].max(initial=0)) * 4 + 100
    filled = {
        "x": np.concatenate([x, free]),
        "lower": np.concatenate([columns["lower"], np.zeros(len(free), np.int64)]),
        "upper": np.concatenate([columns["upper"], np.maximum(free, ceiling)]),
        "state": np.concatenate([state, np.full(len(free), FREE)]),
    }
    for name in ("shown_lower", "shown_upper", "need_lower", "need_upper"):
        filled[name] = np.concatenate([columns[name], free])
    level_of = [n[1] for n in names]
    prices = {**LEVEL_WEIGHTS, **rules.weights}
    weight = np.array([prices.get(lv, 100.0) for lv in level_of]) * np.log2(2.0 + np.abs(x))
    filled["cluster"] = np.asarray([*_places(names, units), *([-1] * len(free))], np.int64)
    filled["weight"] = np.concatenate([weight, np.zeros(len(free))])
    # Only a hidden or top-coded cell has something to keep open.
    quiet = (filled["state"] == SHOWN) & ~(
        (filled["need_lower"] >= filled["shown_lower"]) & (filled["need_lower"] < filled["x"])
    )
    for name in ("need_lower", "need_upper"):
        filled[name] = np.where(quiet, filled["x"], filled[name])
    slack_names = [("", "slack", str(k)) for k in range(len(free))]
    system = build([*names, *slack_names], filled, relations.equations)
    told = [(*table, *name[1:]) for table, name in zip(tables, names, strict=True)]
    return Part(level, time, system, [*rows, *([] for _ in range(len(free)))], loose, told, relations.kinds)


def _places(names: list[tuple[str, str, str]], units: Units) -> list[int]:
    """The municipality a cell lies in, as a number; −1 for cells of several municipalities."""
    numbers: dict[str, int] = {}
    known: dict[Key, int] = {}
    for _, level, unit in names:
        if (level, unit) in known:
            continue
        towns = {units.schools.get(s, {}).get("municipality_code", "") for s in units.parts(level, unit)}
        local = len(towns) == 1 and level in ("school", "municipality_type", "school_municipality")
        known[level, unit] = numbers.setdefault(towns.pop(), len(numbers)) if local else -1
    return [known[level, unit] for _, level, unit in names]


def _ties(found: list[Layer], cells: list[dict[Key, int]], x: list[int], relations: Relations) -> None:
    """Relations between layers: items with their total, a date with its year."""
    index = {table: k for k, layer in enumerate(found) for table in (layer.table, *layer.twins)}
    dimensions: dict[tuple[str, str, str], dict[str, Mapping[Key, int]]] = {}
    for layer, mine in zip(found, cells, strict=True):
        # Of equal tables every one is an item of its own total.
        for metric, time, dimension, item in (layer.table, *layer.twins):
            if dimension:
                dimensions.setdefault((metric, time, dimension), {})[item] = mine
    for (metric, time, dimension), parts_of in sorted(dimensions.items()):
        total = index.get((metric, time, "", ""))
        if total is not None and (metric, dimension) not in BESIDE:
            exact = found[total].kind in (Kind.HOURS, Kind.COST)
            items(cells[total], parts_of, dimension, x, relations, exact=exact)
    for (metric, when, which, item), k in sorted(index.items()):
        larger = index.get((PART_OF.get(metric, ""), when, which, item))
        if larger is not None and larger != k:
            within(cells[k], cells[larger], x, relations)
        same = WHOLE_OF.get((metric, which, item))
        equal = index.get((same[0], when, *same[1:])) if same else None
        if equal is not None and equal != k:
            together(cells[k], [cells[equal]], relations)
        others = [index.get((name, when, which, item)) for name in SUM_OF.get(metric, ())]
        if others and None not in others and k not in others:
            together(cells[k], [cells[o] for o in others if o is not None], relations)
    for layer, mine in zip(found, cells, strict=True):
        metric, time, dimension, _ = layer.table
        if dimension or metric != "pupils_with_care" or len(time) != 10:
            continue
        for year in ("care_pupils", "care_share_year"):
            of_year = index.get((year, school_year(time), "", ""))
            if of_year is not None and found[of_year].kind in COUNTS:
                within(mine, cells[of_year], x, relations)
                break
