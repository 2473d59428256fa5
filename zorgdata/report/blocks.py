"""Sheets of a page or two: sections of blocks, printed by ``sheet.html.j2``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zorgdata.report.dutch import period
from zorgdata.report.model import ReportInputs
from zorgdata.report.page import Style, render_page
from zorgdata.report.panel_types import Panel, Table
from zorgdata.report.parts import Tile, head
from zorgdata.report.reader import Reader
from zorgdata.report.texts import Texts


@dataclass(frozen=True)
class Text:
    """Paragraphs; ``**`` marks what is bold."""

    paragraphs: tuple[str, ...]
    kind: str = "text"


@dataclass(frozen=True)
class Sentences:
    """The large sentences of "In het kort"."""

    items: tuple[str, ...]
    kind: str = "sentences"


@dataclass(frozen=True)
class Points:
    """A plain list."""

    items: tuple[str, ...]
    kind: str = "points"


@dataclass(frozen=True)
class Tiles:
    """Key figures."""

    items: tuple[Tile, ...]
    kind: str = "tiles"


@dataclass(frozen=True)
class Talk:
    """Questions for a conversation."""

    items: tuple[str, ...]
    kind: str = "talk"


@dataclass(frozen=True)
class Absent:
    """What this report would show and cannot: said plainly, with what is needed for it."""

    text: str
    kind: str = "absent"


@dataclass(frozen=True)
class Comparisons:
    """A school beside like schools (see :func:`zorgdata.report.schools.school_view`)."""

    view: Mapping[str, Any]
    kind: str = "comparison"


@dataclass(frozen=True)
class History:
    """Every figure of a school through the years."""

    view: Mapping[str, Any]
    kind: str = "history"


@dataclass(frozen=True)
class Accounting:
    """The accounting of deliveries."""

    quality: Mapping[str, Any]
    kind: str = "accounting"


Block = Text | Sentences | Points | Tiles | Talk | Absent | Comparisons | History | Accounting | Panel


@dataclass(frozen=True)
class Section:
    """A titled part of a sheet; one without blocks is not printed.

    ``over`` stands small above the title; ``listed`` says whether the contents name it.
    """

    id: str
    title: str
    lead: str
    blocks: tuple[Block, ...]
    over: str = ""
    listed: bool = True

    @property
    def wide(self) -> bool:
        """Whether a table of many columns needs the whole width of the page."""
        return any(isinstance(b, Table) and len(b.head) > WIDE_FROM for b in self.blocks)


WIDE_FROM = 5
"""A table of more columns does not fit beside the title of its section."""


def sheet(
    inputs: ReportInputs,
    style: Style,
    sections: Sequence[Section],
    *,
    overline: str,
    title: str,
    subtitle: str,
) -> str:
    """HTML of a sheet."""
    read = Reader(inputs, style.texts)
    top = {**head(read, "monitor.title"), "title": title}
    years = read.years
    return render_page(
        "sheet.html.j2",
        {
            "head": top,
            "overline": overline,
            "subtitle": subtitle,
            "sections": [s for s in sections if s.blocks],
            "years": [period(y.period) for y in years],
            "year_provisional": [y.provisional for y in years],
        },
        style,
    )


def part(t: Texts, key: str, *blocks: Block | None, prefix: str = "", **fields: object) -> Section:
    """The section whose title is the text ``key`` and whose lead is ``key_lead`` (when there is one)."""
    name = f"{prefix}{key}".replace(".", "-").replace("_", "-")
    lead = t(f"{key}_lead", **fields) if f"{key}_lead" in t.entries else ""
    return Section(name, t(key, **fields), lead, some(*blocks))


def some(*blocks: Block | None) -> tuple[Block, ...]:
    """The blocks that are there."""
    return tuple(b for b in blocks if b is not None)
