"""Verifies a folder that somebody published, from nothing but the folder: the outsider's check.

Expected is a Frictionless data package whose ``datapackage.json`` has a block ``disclosure`` as made by
:mod:`zorgdata.disclosure.release`: limits, hierarchy, populations, kinds of relations. The table of figures
has the columns of ``protected.value``.

An outsider knows less than the attacker of the gate (not the exact population, not how many children are
counted at two schools, but bounds of both), so every table that agrees with the gate's model agrees with this
one: what the gate proves is found safe here, and what is found here was not proven there.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zorgdata.disclosure.attack import attack
from zorgdata.disclosure.relations import Key, Relations, hierarchy, items, within
from zorgdata.disclosure.rules import rounding_interval
from zorgdata.disclosure.system import FREE, HIDDEN, SHOWN, build, components
from zorgdata.disclosure.table import NOT_APPLICABLE, SUPPRESSED, TOP_CODED, Cell
from zorgdata.disclosure.units import Units, school_year
from zorgdata.errors import SourceError

Table = tuple[str, str, str, str]
"""Metric, time, dimension and item."""


@dataclass(frozen=True)
class FolderFinding:
    """What is wrong with a published folder: the cell and why it is not safe."""

    cell: str
    what: str


def verify_folder(folder: Path) -> list[FolderFinding]:
    """What an outsider finds wrong with a published folder; empty when nothing.

    Checked: every shown count is a multiple of the base, at least T and at least T below its population;
    hidden cells carry one sign and no value; and no hidden count can be narrowed, from all that is shown, to
    below T or to within T of its population. A sum holds exactly, or within what the package says that parts
    and total may differ. Raises :class:`SourceError` when it is not such a package.
    """
    block, cells = _read(folder)
    by_year: dict[str, dict[Table, dict[Key, Cell]]] = {}
    for cell in cells:
        time = cell.reference_date or cell.period
        table = (cell.metric, time, cell.dimension, cell.dimension_value)
        year = by_year.setdefault(school_year(time), {})
        year.setdefault(table, {})[cell.level, cell.unit_id] = cell
    findings = _signs(cells)
    for name, tables in sorted(by_year.items()):
        findings += _Year(name, tables, block).findings()
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


class _Year:
    """The counts of one school year with a known population: the publisher's model from published numbers."""

    def __init__(
        self, year: str, tables: Mapping[Table, Mapping[Key, Cell]], block: Mapping[str, Any]
    ) -> None:
        self.tables, self.block = tables, block
        self.t, self.base = int(block["threshold"]), int(block["rounding_base"])
        self.share = float(block.get("group_share", 0.9))
        repeated = block.get("repeated", {})
        # A figure published before may be repeated while the truth moves a little.
        self.lag = int(repeated["reach"]) - 1 if year in repeated.get("times", ()) else 0
        self.units = _units(block)
        self.listed: list[Cell] = []
        self.population: list[tuple[int, int]] = []
        self.names: list[tuple[str, str, str]] = []
        self.places: dict[Table, dict[Key, int]] = {}
        populations = block["populations"]
        for table, cells in sorted(tables.items()):
            if table[0] in populations:
                self._list(table, cells, tables.get((populations[table[0]], table[1], "", ""), {}))

    def _list(self, table: Table, cells: Mapping[Key, Cell], known: Mapping[Key, Cell]) -> None:
        for key, cell in sorted(cells.items()):
            if cell.cell_status == NOT_APPLICABLE:
                continue
            found = known.get(key)
            self.places.setdefault(table, {})[key] = len(self.names)
            self.names.append((" ".join(p for p in table if p), *key))
            self.listed.append(cell)
            told = self._told(found.value) if found and found.value is not None else (0, _UNKNOWN)
            self.population.append(told)

    def _told(self, value: float) -> tuple[int, int]:
        """The counts that are published as ``value``."""
        low, high = rounding_interval(int(value), self.base)
        return (min(low, int(value) - self.lag), max(high, int(value) + self.lag))

    def findings(self) -> list[FolderFinding]:
        """What is wrong with the year."""
        findings: list[FolderFinding] = []
        low, high = [], []
        for cell, (least, most) in zip(self.listed, self.population, strict=True):
            if cell.cell_status == TOP_CODED:
                low.append(int(self.share * least + 1e-9))
                high.append(most - self.t)
            elif cell.value is None:
                low.append(0)
                high.append(most)
            else:
                findings += _shown(cell, self.t, self.base, most, self.lag)
                told = self._told(cell.value)
                low.append(max(told[0], self.t))
                high.append(max(min(told[1], most), self.t))
        return findings + self._narrowed(low, high)

    def _narrowed(self, low: list[int], high: list[int]) -> list[FolderFinding]:
        relations, spans = self._relations()
        n, free = len(self.names), len(relations.slack)
        zeros = np.zeros(n + free, np.int64)
        columns = {name: zeros.copy() for name in ("x", "need_lower", "need_upper", "weight", "cluster")}
        slack = [spans.get(n + k, (0, 10 * _UNKNOWN)) for k in range(free)]
        columns["lower"] = columns["shown_lower"] = np.asarray([*low, *(a for a, _ in slack)], np.int64)
        columns["upper"] = columns["shown_upper"] = np.asarray([*high, *(b for _, b in slack)], np.int64)
        hidden = np.asarray([c.value is None and c.cell_status != TOP_CODED for c in self.listed], bool)
        columns["state"] = np.concatenate([np.where(hidden, HIDDEN, SHOWN), np.full(free, FREE)])
        system = build(
            [*self.names, *(("", "slack", str(k)) for k in range(free))], columns, relations.equations
        )
        findings: list[FolderFinding] = []
        for cells, rows in components(system):
            dark = cells[cells < n]
            dark = dark[hidden[dark]]
            if not len(dark) or not len(rows):
                continue
            part = system.take(cells, rows)
            at = np.searchsorted(cells, dark).tolist()
            for cell, told in zip(dark.tolist(), attack(part, at), strict=True):
                if told.low > told.high:
                    findings.append(FolderFinding(self.listed[cell].name, "the figures do not add up"))
                    break
                findings += self._judge(cell, told.low, told.high)
        return findings

    def _judge(self, cell: int, low: int, high: int) -> list[FolderFinding]:
        least, most = self.population[cell]
        # A hidden figure must be able to be small and not small, or large and not large.
        if high < min(self.t, least):
            return [FolderFinding(self.listed[cell].name, f"hidden, but at most {high}")]
        if low > max(0, most - self.t) and most < _UNKNOWN:
            return [FolderFinding(self.listed[cell].name, f"hidden, but all except {most - low}")]
        return []

    def _relations(self) -> tuple[Relations, dict[int, tuple[int, int]]]:
        """How the counts add up, and the bounds of the differences that are not known exactly."""
        relations = Relations(len(self.names))
        spans: dict[int, tuple[int, int]] = {}
        said = {(r["metric"], r["total"], r["parts"]): r for r in self.block.get("relations", ())}

        def loosen(metric: str, since: int) -> None:
            for k in range(since, len(relations.equations)):
                found = said.get((metric, *relations.kinds[k]))
                if not found or found["kind"] == "equal":
                    continue
                slack = relations.first_slack + len(relations.slack)
                relations.slack.append(0)
                relations.equations[k][0].append(slack)
                relations.equations[k][1].append(1)
                spans[slack] = int(found["least"]), int(found["most"])

        for (metric, *_), layer in self.places.items():
            since = len(relations.equations)
            hierarchy(layer, self.units, relations)
            loosen(metric, since)
        kinds = self.block.get("items", {})
        groups: dict[tuple[str, str, str], dict[str, Mapping[Key, int]]] = {}
        for (metric, time, dimension, item), layer in self.places.items():
            if dimension:
                groups.setdefault((metric, time, dimension), {})[item] = layer
        for (metric, time, dimension), parts in sorted(groups.items()):
            total = self.places.get((metric, time, "", ""))
            if total is not None:
                since = len(relations.equations)
                covers = bool(kinds.get(dimension, {}).get("covers", True))
                items(total, parts, dimension, None, relations, covers=covers)
                loosen(metric, since)
        for metric, whole in self.block.get("part_of", {}).items():
            for table, layer in self.places.items():
                if table[0] == metric and (whole, *table[1:]) in self.places:
                    within(layer, self.places[(whole, *table[1:])], None, relations)
        return relations, spans


_UNKNOWN = 10**6
"""More children than any unit has."""


def _shown(cell: Cell, t: int, base: int, most: int, lag: int) -> list[FolderFinding]:
    value = cell.value or 0.0
    if value % base:
        return [FolderFinding(cell.name, f"not rounded to {base}")]
    if value + max((base - 1) // 2, lag) < t:
        return [FolderFinding(cell.name, f"shown, and below {t}")]
    if most - (value - max(base // 2, lag)) < t:
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
