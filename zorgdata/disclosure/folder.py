"""Verifies a folder that somebody published, from nothing but the folder: the outsider's check.

Expected is a Frictionless data package whose ``datapackage.json`` has a block ``disclosure``: ``threshold``,
``rounding_base``, ``group_share``, ``hierarchy`` (level, unit_id and its ``schools``), ``populations`` (which
metric bounds a count). The table of figures has the columns of ``protected.value``.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zorgdata.disclosure.attack import attack
from zorgdata.disclosure.relations import Key, Relations, hierarchy, items
from zorgdata.disclosure.rules import rounding_interval
from zorgdata.disclosure.system import FREE, HIDDEN, SHOWN, build
from zorgdata.disclosure.table import SUPPRESSED, TOP_CODED, Cell
from zorgdata.disclosure.units import Units
from zorgdata.errors import SourceError


@dataclass(frozen=True)
class FolderFinding:
    """What is wrong with a published folder: the cell and why it is not safe."""

    cell: str
    what: str


def release_block(units: Units, rules: Any, populations: Mapping[str, str]) -> dict[str, Any]:
    """The block ``disclosure`` for a package's description. All of it is public."""
    return {
        "threshold": rules.threshold,
        "rounding_base": rules.rounding_base,
        "group_share": rules.group_share,
        "populations": dict(populations),
        "hierarchy": [
            {"level": level, "unit_id": unit, "schools": sorted(schools)}
            for level, members in sorted(units.members.items())
            for unit, schools in sorted(members.items())
        ],
    }


def verify_folder(folder: Path) -> list[FolderFinding]:
    """What an outsider finds wrong with a published folder; empty when nothing.

    Checked: every shown count is a multiple of the base, at least T and at least T below its population;
    hidden cells carry one sign and no value; and no hidden count can be narrowed, from all that is shown, to
    below T or to within T of its population. Sums are taken to hold exactly: an outsider does not know how
    many children are counted at two schools. Raises :class:`SourceError` when it is not such a package.
    """
    block, cells = _read(folder)
    by_table: dict[tuple[str, str, str, str], dict[Key, Cell]] = {}
    for cell in cells:
        time = cell.reference_date or cell.period
        table = (cell.metric, time, cell.dimension, cell.dimension_value)
        by_table.setdefault(table, {})[cell.level, cell.unit_id] = cell
    findings = _signs(cells)
    populations = block.get("populations", {})
    totals = [key for key in by_table if key[0] in populations and not key[2]]
    for key in sorted(totals):
        metric, time = key[:2]
        family = {k: v for k, v in by_table.items() if k[:2] == (metric, time)}
        known = by_table.get((populations[metric], time, "", ""), {})
        findings += _family(family, known, block)
    return findings


def _read(folder: Path) -> tuple[dict[str, Any], list[Cell]]:
    description = folder / "datapackage.json"
    try:
        package = json.loads(description.read_text("utf-8"))
        block = dict(package["disclosure"])
        missing = [k for k in ("threshold", "rounding_base", "hierarchy", "populations") if k not in block]
        if missing:
            raise KeyError(", ".join(missing))
        path = next(r["path"] for r in package["resources"] if r["name"] == "figures")
    except FileNotFoundError:
        raise SourceError(f"{folder} has no datapackage.json.", "Name the folder of an export.") from None
    except (KeyError, StopIteration, ValueError) as error:
        raise SourceError(
            f"{description} does not describe its disclosure control: {error} is missing or unreadable.",
            "A package that can be verified carries threshold, rounding base, hierarchy and populations.",
        ) from None
    data = (folder / path).resolve()
    if not data.is_relative_to(folder.resolve()):
        raise SourceError(f"{description} points outside its folder.", "Do not trust this package.")
    return block, [_cell(row) for row in _rows(data)]


def _rows(path: Path) -> Iterable[Mapping[str, Any]]:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _cell(row: Mapping[str, Any]) -> Cell:
    text = {k: str(row.get(k) or "") for k in Cell.__slots__ if k != "value"}
    value = row.get("value")
    return Cell(**text, value=None if value in (None, "") else float(str(value)))


def _signs(cells: Iterable[Cell]) -> list[FolderFinding]:
    findings = []
    for cell in cells:
        if cell.cell_status not in (SUPPRESSED, "suppressed_secondary"):
            continue
        if cell.value is not None or any(c.isdigit() for c in cell.display):
            findings.append(FolderFinding(cell.name, "hidden, and yet it has a value"))
        if cell.cell_status != SUPPRESSED:
            findings.append(FolderFinding(cell.name, "tells that it was hidden to protect another"))
    return findings


def _family(
    family: Mapping[tuple[str, str, str, str], Mapping[Key, Cell]],
    known: Mapping[Key, Cell],
    block: Mapping[str, Any],
) -> list[FolderFinding]:
    """One count with its items: the same model as the publisher's, from published numbers only."""
    t, base = int(block["threshold"]), int(block["rounding_base"])
    share = float(block.get("group_share", 0.9))
    names: list[tuple[str, str, str]] = []
    listed: list[Cell] = []
    places: dict[tuple[str, str, str, str], dict[Key, int]] = {}
    for table, cells in sorted(family.items()):
        for key, cell in sorted(cells.items()):
            places.setdefault(table, {})[key] = len(names)
            names.append((" ".join(p for p in table if p), *key))
            listed.append(cell)
    findings: list[FolderFinding] = []
    low, high, top = [], [], []
    for cell in listed:
        found = known.get((cell.level, cell.unit_id))
        most = int(found.value) + (base - 1) // 2 if found and found.value is not None else 10**6
        top.append(most)
        if cell.cell_status == TOP_CODED:
            low.append(int(share * (most - base + 1)))
            high.append(most - t)
        elif cell.value is None:
            low.append(0)
            high.append(most)
        else:
            findings += _shown(cell, t, base, most)
            least, largest = rounding_interval(int(cell.value), base)
            low.append(max(least, t))
            high.append(min(largest, most))
    hidden = np.asarray([c.value is None and c.cell_status != TOP_CODED for c in listed])
    relations = Relations(len(names))
    for layer in places.values():
        hierarchy(layer, _units(block), relations)
    middle = [(a + b) // 2 for a, b in zip(low, high, strict=True)]
    _items(places, middle, relations)
    free, n = len(relations.slack), len(names)
    zeros, many = np.zeros(n + free, np.int64), np.full(n + free, 10**7)
    columns = {name: zeros.copy() for name in ("x", "need_lower", "need_upper", "weight", "cluster")}
    columns["lower"] = columns["shown_lower"] = np.concatenate([low, zeros[n:]])
    columns["upper"] = columns["shown_upper"] = np.concatenate([high, many[n:]])
    columns["state"] = np.concatenate([np.where(hidden, HIDDEN, SHOWN), np.full(free, FREE)])
    slack = [("", "slack", str(k)) for k in range(free)]
    system = build([*names, *slack], columns, relations.equations)
    dark = np.flatnonzero(hidden).tolist()
    for k, told in zip(dark, attack(system, dark), strict=True):
        if told.low > told.high:
            return [*findings, FolderFinding(listed[k].name, "the figures do not add up")]
        if told.high < min(t, top[k]):
            findings.append(FolderFinding(listed[k].name, f"hidden, but at most {told.high}"))
        elif told.low > max(0, top[k] - t) and top[k] < 10**6:
            findings.append(FolderFinding(listed[k].name, f"hidden, but all except {top[k] - told.low}"))
    return findings


def _shown(cell: Cell, t: int, base: int, most: int) -> list[FolderFinding]:
    value = cell.value or 0.0
    if value % base:
        return [FolderFinding(cell.name, f"not rounded to {base}")]
    if value + (base - 1) // 2 < t:
        return [FolderFinding(cell.name, f"shown, and below {t}")]
    if most - (value - base // 2) < t:
        return [FolderFinding(cell.name, f"shown, and fewer than {t} are left over")]
    return []


def _units(block: Mapping[str, Any]) -> Units:
    members: dict[str, dict[str, frozenset[str]]] = {}
    schools: set[str] = set()
    for entry in block["hierarchy"]:
        found = frozenset(map(str, entry["schools"]))
        members.setdefault(str(entry["level"]), {})[str(entry["unit_id"])] = found
        schools |= found
    return Units({s: {} for s in schools}, members)


def _items(
    places: Mapping[tuple[str, str, str, str], dict[Key, int]], x: list[int], relations: Relations
) -> None:
    total = next((cells for (_, _, dimension, _), cells in places.items() if not dimension), None)
    groups: dict[str, dict[str, Mapping[Key, int]]] = {}
    for (_, _, dimension, item), cells in places.items():
        if dimension:
            groups.setdefault(dimension, {})[item] = cells
    for dimension, parts in sorted(groups.items()):
        if total is not None:
            items(total, parts, dimension, x, relations)
