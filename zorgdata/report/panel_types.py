"""What a panel can be, and what all panels need: names of metrics, ids, source lines, titles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zorgdata.disclosure.table import Cell
from zorgdata.report.cells import CellView
from zorgdata.report.drawings import Drawing
from zorgdata.report.dutch import day, enumeration, period_phrase
from zorgdata.report.marks import Spark
from zorgdata.report.model import drawable
from zorgdata.report.parts import label_of
from zorgdata.report.reader import Reader


@dataclass(frozen=True)
class Mini:
    """One small multiple: a name, its latest value and its line on the common scale."""

    label: str
    value: CellView
    mark: Spark | None


@dataclass(frozen=True)
class Minis:
    """Small multiples of one metric, split by a dimension."""

    id: str
    title: str
    unit: str
    source: str
    items: tuple[Mini, ...]
    years: tuple[str, str]
    head: tuple[str, ...]
    rows: tuple[tuple[CellView, ...], ...]
    terms: tuple[dict[str, str], ...] = ()
    kind: str = "minis"


@dataclass(frozen=True)
class Table:
    """A table with a title; ``marks``: sparklines per row; ``heat``: colours; ``words``: text, set left."""

    id: str
    title: str
    unit: str
    source: str
    head: tuple[str, ...]
    rows: tuple[tuple[CellView, ...], ...]
    marks: tuple[Spark | None, ...] = ()
    heat: bool = False
    words: bool = False
    terms: tuple[dict[str, str], ...] = ()
    note: str = ""
    kind: str = "table"


Panel = Drawing | Minis | Table
Spec = Mapping[str, Any]


def alternatives(metric: str | Sequence[str]) -> Sequence[str]:
    return (metric,) if isinstance(metric, str) else metric


def metric_of(read: Reader, spec: Spec) -> str:
    return read.figures.known(alternatives(spec["metric"]))


def id_of(metric: str, kind: str) -> str:
    return f"{metric}-{kind}".replace("_", "-")


def source_of(read: Reader, cell: Cell) -> str:
    t, region = read.texts, read.inputs.region.name
    if cell.reference_date:
        return t("general.source", region=region, date=day(date.fromisoformat(cell.reference_date)))
    return t("general.source_over", region=region, period=period_phrase(cell.period or read.now))


def spread_title(read: Reader, metric: str, items: Sequence[tuple[str, Cell]]) -> str:
    """From the lowest to the highest shown value, with who they belong to (at most two names each).

    Where a value is hidden the title says that it speaks of shown ones only: a hidden one could be lower
    or higher.
    """
    t, label = read.texts, label_of(read, metric)
    known = sorted(((v, c.display, name) for name, c in items if (v := drawable(c)) is not None))
    if len(known) < 2:
        return label
    low, high = known[0][1], known[-1][1]
    hidden = any(c.hidden for _, c in items)
    if low == high:
        return label if hidden else t("panel.same", label=label, value=low)
    said = (unit := read.unit_symbol(metric)) and f" {unit}"
    ends = {
        key: _end(value + said, [n for _, d, n in known if d == value])
        for key, value in zip(("low", "high"), (low, high), strict=True)
    }
    return t("panel.spread_hidden" if hidden else "panel.spread", label=label, **ends)


def _end(value: str, names: Sequence[str]) -> str:
    return f"{value} ({enumeration(names)})" if len(names) < 3 else value


def inside(name: str) -> str:
    """A name within a sentence: its first letter small, unless it is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
