"""What a panel can be, and what all panels need: names of metrics, ids, source lines, titles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zorgdata.disclosure.table import Cell
from zorgdata.report.cells import CellView
from zorgdata.report.drawings import Drawing
from zorgdata.report.dutch import day, period_phrase
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


def span(read: Reader, cells: Sequence[Cell]) -> tuple[str, str] | None:
    """Lowest and highest display of the shown cells."""
    known = sorted((v, c.display) for c in cells if (v := drawable(c)) is not None)
    return (known[0][1], known[-1][1]) if len(known) > 1 else None


def spread_title(read: Reader, metric: str, cells: Sequence[Cell]) -> str:
    label, ends = label_of(read, metric), span(read, cells)
    if ends is None or ends[0] == ends[1]:
        return label
    key = "panel.spread_hidden" if any(c.hidden for c in cells) else "panel.spread"
    return read.texts(key, label=label, low=ends[0], high=ends[1])
