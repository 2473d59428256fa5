"""What the source documents ask and what the figures show: a page per document, a row per requirement."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from zorgdata.assets import asset
from zorgdata.catalogue import Metric, Requirement
from zorgdata.report.cells import CellView
from zorgdata.report.dutch import enumeration, number, period
from zorgdata.report.model import MISSING
from zorgdata.report.reader import Reader
from zorgdata.report.texts import Texts

MOST = 6
"""Figures shown per requirement; the chapters have the others."""


ON_A_SHEET = {**dict.fromkeys(("H7", "H8", "H9", "H10", "H11"), "scenario"), "I8": "initiative"}
"""Codes of figures that no table holds: they depend on assumptions or need their reservations beside them."""


@dataclass(frozen=True)
class Shown:
    """A figure under a requirement: its cell, or in words that it is split up elsewhere."""

    label: str
    view: CellView
    period: str
    split: str = ""


@dataclass(frozen=True)
class Row:
    """A requirement with what there is: figures, what is missing for others, and where else to look."""

    number: str
    text: str
    state: str
    figures: tuple[Shown, ...]
    missing: tuple[str, ...]
    elsewhere: str
    note: str

    @property
    def has_place(self) -> bool:
        """Whether a reader finds anything: a figure, what it takes, another page, or a plain word."""
        return bool(self.figures or self.missing or self.elsewhere or self.note)


@dataclass(frozen=True)
class Document:
    """The page of one source document."""

    key: str
    title: str
    lead: str
    summary: tuple[str, ...]
    rows: tuple[Row, ...]


@lru_cache(maxsize=1)
def plan() -> tuple[Mapping[str, Any], ...]:
    """The documents: ``templates/kinds/documents.toml``."""
    path = asset("templates", "kinds", "documents.toml")
    found = tomllib.loads(path.read_text(encoding="utf-8"))["document"]
    return tuple(MappingProxyType(item) for item in found)


def documents(read: Reader) -> tuple[Document, ...]:
    """The five pages, with the region's published figures."""
    delivered = {d.kind for d in read.inputs.deliveries}
    lacking = (
        {m.key: kinds for m, kinds in read.inputs.catalogue.not_available(delivered)} if delivered else {}
    )
    found = []
    for spec in plan():
        asked = [
            r for r in read.inputs.catalogue.requirements if r.number.partition(".")[0] == spec["number"]
        ]
        rows = tuple(_row(read, r, lacking) for r in asked)
        found.append(Document(spec["key"], spec["title"], spec["lead"], _summary(rows, read.texts), rows))
    return tuple(found)


def _summary(rows: tuple[Row, ...], t: Texts) -> tuple[str, ...]:
    """How many requirements have a figure, a place without one, or no answer yet."""
    kinds = Counter("figure" if r.figures else "open" if r.missing or r.note else "page" for r in rows)
    return tuple(
        t(
            f"documents.count_{kind}" + ("_one" if kinds[kind] == 1 else ""),
            count=number(kinds[kind]),
            all=number(len(rows)),
        )
        for kind in ("figure", "page", "open")
        if kinds[kind]
    )


def _row(read: Reader, asked: Requirement, lacking: Mapping[str, tuple[str, ...]]) -> Row:
    t, catalogue = read.texts, read.inputs.catalogue
    figures: list[Shown] = []
    missing: list[str] = []
    for base in asked.metrics:
        family = [m for m in catalogue.family(catalogue.metric(base).base_key) if m.key in catalogue]
        shown = next((s for m in family if (s := _shown(read, m)) is not None), None)
        if shown is not None:
            figures.append(shown)
        elif family:
            missing.append(_missing(read, family, lacking))
    pages = [read.word("pages", p) for p in asked.pages if p != "monitor"]
    return Row(
        asked.number,
        asked.text_nl,
        t(f"documents.state_{asked.state.value}"),
        tuple(figures[:MOST]),
        tuple(dict.fromkeys(missing)),
        t("documents.see", pages=enumeration(pages)) if pages else "",
        asked.note_nl,
    )


def _shown(read: Reader, metric: Metric) -> Shown | None:
    """The region's cell in the report's period, or a word that only parts are published."""
    when = read.when(metric.key)
    cell = read.cell(metric.key, when)
    if cell.cell_status != MISSING:
        view = read.view(cell)
        if view.text and view.text != read.texts("general.unavailable_sign"):
            return Shown(read.label(metric), view, period(when))
        return None
    subject = read.subject
    for dimension in metric.dimensions:
        if read.figures.parts(metric.key, subject.level, subject.unit_id, dimension):
            name = read.word("dimensions", dimension)
            return Shown(read.label(metric), CellView(""), "", read.texts("documents.split", dimension=name))
    return None


def _missing(read: Reader, family: list[Metric], lacking: Mapping[str, tuple[str, ...]]) -> str:
    """Which input a figure lacks, or the sheet it stands on; else it is not shown here or not computed."""
    t = read.texts
    label = read.label(family[0])
    if family[0].code in ON_A_SHEET:
        sheet = read.word("pages", ON_A_SHEET[family[0].code])
        return t("documents.on_sheet", label=label, sheet=sheet)
    for metric in family:
        if metric.key in lacking:
            kinds = [read.inputs_named(source) for source in lacking[metric.key]]
            return t("documents.needs", label=label, inputs=enumeration(kinds))
    return t("documents.not_shown", label=label)
