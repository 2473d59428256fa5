"""Verifies a folder that somebody published, from nothing but the folder: the outsider's check.

Expected is a Frictionless data package whose ``datapackage.json`` has a block ``disclosure`` as made by
:mod:`zorgdata.disclosure.release`. The table of figures has the columns of ``protected.value``.

An outsider knows less than the attacker of the gate (not the exact population, not how many children are
counted at two schools, but bounds of both), so every table that agrees with the gate's model agrees with this
one: what the gate proves is found safe here, and what is found here was not proven there.
"""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from zorgdata.disclosure.outsider.judge import Judge
from zorgdata.disclosure.outsider.model import rebuilt
from zorgdata.disclosure.outsider.said import Key, Said, Table
from zorgdata.disclosure.outsider.told import Finding, Told, table_of, unsigned
from zorgdata.disclosure.table import NOT_APPLICABLE, SHOWN, SUPPRESSED, TOP_CODED, Cell
from zorgdata.errors import SourceError

UNSEEN = (
    "who contributes to a sum of hours or euros, so whether one child or provider determines a shown one",
    "how many children are behind a figure whose number of children is not published",
    "whether a shown figure was rounded from the true one",
    "what other releases, lists and people tell",
)
"""What nobody outside can judge; the gate does (but for the last)."""


@dataclass(frozen=True)
class Checked:
    """The outcome: what is wrong (nothing, one hopes) and what was looked at, by subject.

    ``narrowed``: hidden figures that can be narrowed from what is shown. The gate answers for those that its
    package names: they are none that must stay open. ``above_zero``: hidden sums that cannot be nothing, so
    none of fewer than T children.
    """

    findings: list[Finding]
    counted: Mapping[str, int] = field(default_factory=dict)
    narrowed: tuple[str, ...] = ()
    above_zero: tuple[str, ...] = ()

    def told(self) -> str:
        """What was checked and what could not be, in words."""
        n = {subject: f"{self.counted.get(subject, 0):,}" for subject in _SUBJECTS}
        return (
            f"Checked: {n['figures']} figures by the rules that can be seen from outside; {n['sums']} sums, "
            f"in which {n['hidden counts']} hidden counts and {n['hidden sums']} hidden sums and means are. "
            f"{len(self.narrowed):,} hidden figures can be narrowed, and the package answers for them.\n"
            f"Not to be judged from outside: {'; '.join(UNSEEN)}."
        )


_SUBJECTS = ("figures", "sums", "hidden counts", "hidden sums")


def verify_folder(folder: Path, previous: Path | None = None) -> Checked:
    """What an outsider finds wrong with a published folder.

    ``previous``: an earlier release of the same publisher, to hold it against.

    Checked are: every shown figure against the rules that can be seen from outside (rounding, least numbers,
    what it stands on); one sign for hidden figures and no rows that lack; and the sums, parts and shared
    numerators of all counts, shares, hours, euros and means together: each hidden one must keep a reason for
    being hidden. Raises :class:`SourceError` when it is not such a package.
    """
    block, cells = _read(folder)
    found = check(block, cells)
    earlier = changed(_read(previous), (block, cells)) if previous else []
    return replace(found, findings=[*found.findings, *earlier, *_altered(folder)])


Package = tuple[Mapping[str, Any], Sequence[Cell]]


def changed(before: Package, now: Package) -> list[Finding]:
    """What two releases tell together: hidden figures that came back, and corrections of a few children."""
    said = Said(now[0])
    known = {cell.key: cell for cell in before[1]}
    findings = []
    for cell in now[1]:
        old, figure = known.get(cell.key), said.figures.get(cell.metric)
        if old is None or figure is None or cell.cell_status not in (SHOWN, TOP_CODED):
            continue
        if old.cell_status == SUPPRESSED:
            findings.append(Finding(cell.name, "shown, and hidden in the earlier release"))
        elif figure.kind == "count" and old.value is not None and cell.value is not None:
            moved = abs(cell.value - old.value)
            if 0 < moved < said.reach - said.base // 2:
                findings.append(Finding(cell.name, "changed by fewer children than may be seen"))
    return findings


def check(block: Mapping[str, Any], cells: Sequence[Cell], *, answering: bool = False) -> Checked:
    """As :func:`verify_folder`, of what a package says of itself and its cells.

    ``answering``: the gate asks it of what it proved, to know which figures it has to answer for.
    """
    findings = [Finding(cell.name, what) for cell in cells if (what := unsigned(cell))]
    findings += _lacking(cells)
    years: dict[str, dict[Table, dict[Key, Cell]]] = {}
    for cell in cells:
        table = table_of(cell)
        mine = years.setdefault(_year(table[1]), {}).setdefault(table, {})
        twice = mine.setdefault((cell.level, cell.unit_id), cell)
        if twice.display != cell.display:
            findings.append(Finding(cell.name, "published twice and differently"))
    counted: Counter[str] = Counter(figures=len(cells))
    narrowed: list[str] = []
    above_zero: list[str] = []
    said = {year: Said(_of_year(block, year), answering=answering) for year in years}
    for year, tables in sorted(years.items()):
        told = Told(year, tables, said[year])
        findings += told.findings()
        judge = Judge(told, rebuilt(told))
        findings += judge.findings()
        counted += judge.counted
        narrowed += judge.narrowed
        above_zero += judge.above_zero
    return Checked(findings, counted, tuple(sorted(narrowed)), tuple(sorted(above_zero)))


def _of_year(block: Mapping[str, Any], year: str) -> Mapping[str, Any]:
    """The block with the units as they were when the school year was published first."""
    earlier = block.get("earlier", {}).get(year)
    return block if earlier is None else {**block, "hierarchy": earlier}


def _year(time: str) -> str:
    """The school year of a date; a period as it is."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", time):
        first = int(time[:4]) - (time[5:7] < "08")
        return f"{first}-{first + 1}"
    return time


def _lacking(cells: Sequence[Cell]) -> list[Finding]:
    """Tables in which a unit has no row that has rows elsewhere: what is not there stands out."""
    units: dict[tuple[str, str], set[str]] = {}
    tables: dict[tuple[Table, str], set[str]] = {}
    undelivered: set[tuple[Table, str]] = set()
    for cell in cells:
        table = table_of(cell)
        tables.setdefault((table, cell.level), set()).add(cell.unit_id)
        if cell.cell_status == NOT_APPLICABLE:
            undelivered.add((table, cell.level))
        else:
            units.setdefault((table[1], cell.level), set()).add(cell.unit_id)
    return [
        Finding(" ".join((*(part for part in table if part), level, gone[0])), "its row lacks")
        for (table, level), found in sorted(tables.items())
        if (table, level) not in undelivered and (gone := sorted(units.get((table[1], level), set()) - found))
    ]


def _read(folder: Path) -> tuple[dict[str, Any], list[Cell]]:
    description = folder / "datapackage.json"
    try:
        package = json.loads(description.read_text("utf-8"))
        block = dict(package["disclosure"])
        Said(block)
        resource = next(r for r in package["resources"] if r["name"] == "figures")
        path = resource["path"]
    except FileNotFoundError:
        raise SourceError(f"{folder} has no datapackage.json.", "Name the folder of an export.") from None
    except (KeyError, StopIteration, TypeError, ValueError, AttributeError) as error:
        raise SourceError(
            f"{description} does not describe its disclosure control: {error} is missing or unreadable.",
            f"A package that can be verified carries {', '.join(Said.REQUIRED)}.",
        ) from None
    data = (folder / path).resolve()
    if not data.is_relative_to(folder.resolve()):
        raise SourceError(f"{description} points outside its folder.", "Do not trust this package.")
    try:
        return block, [_cell(row) for row in _rows(data)]
    except (OSError, ValueError, KeyError):
        raise SourceError(
            f"{data} cannot be read as figures.",
            "Export it as csv or parquet, and verify it as it was written.",
        ) from None


def _altered(folder: Path) -> list[Finding]:
    """Files of the package that are not the ones it describes."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    altered = []
    for resource in package["resources"]:
        said, path = str(resource.get("hash", "")), folder / resource["path"]
        if said and path.is_file() and said != f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}":
            altered.append(Finding(str(resource["path"]), "not the file that the package describes"))
    return altered


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
