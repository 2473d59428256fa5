"""Figures with everything that belongs to them: title, unit, source, description, drawing, data table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from zorgdata.disclosure.table import Cell
from zorgdata.report import charts, charts_more
from zorgdata.report.cautions import registration_note
from zorgdata.report.cells import CellView
from zorgdata.report.charts import NARROW, WIDE, Point
from zorgdata.report.dutch import percent, period, period_phrase, sentence_case
from zorgdata.report.model import drawable, school_year
from zorgdata.report.page import Style
from zorgdata.report.parts import label_of
from zorgdata.report.reader import COUNT, PUPILS, Reader
from zorgdata.report.svg import draw


@dataclass(frozen=True)
class Drawing:
    """A figure as the template prints it; ``wide`` and ``narrow`` are the same chart for two widths."""

    id: str
    title: str
    unit: str
    desc: str
    source: str
    wide: Markup
    narrow: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[CellView, ...], ...]
    note: str = ""
    terms: tuple[dict[str, str], ...] = ()
    kind: str = "figure"


@dataclass(frozen=True)
class Words:
    """What is said about a figure."""

    title: str
    unit: str
    desc: str
    source: str
    note: str = ""


def drawing(
    chart_id: str,
    words: Words,
    specs: tuple[Mapping[str, Any], Mapping[str, Any]],
    head: Sequence[str],
    rows: Sequence[Sequence[CellView]],
) -> Drawing:
    """Draws both widths; the first cell of a row is its head."""
    wide, narrow = (
        draw(spec, chart_id=f"{chart_id}-{name}", title=words.title, desc=words.desc)
        for name, spec in zip("wn", specs, strict=True)
    )
    return Drawing(
        chart_id,
        words.title,
        words.unit,
        words.desc,
        words.source,
        wide,
        narrow,
        tuple(head),
        tuple(tuple(row) for row in rows),
        words.note,
    )


def trend(
    read: Reader, style: Style, metric: str, *, chart_id: str, group: str, interval: bool = False
) -> Drawing | None:
    """A figure through the years. ``group`` is the group of texts with its titles and unit line.

    The direction in the title compares the first and the last shown year: within one percentage point (a
    share) or three percent (anything else) it is called steady. None with fewer than two shown years.
    """
    cells = read.series(metric)
    shown = [c for c in cells if c.shown and c.value is not None]
    if len(shown) < 2:
        return None
    t = read.texts
    share = read.is_share(metric)
    scale = 100 if share else 1
    none: tuple[float | None, float | None] = (None, None)
    bounds = [read.interval(c, COUNT, PUPILS) if interval else none for c in cells]
    points = [
        Point(
            period(y.period),
            _scaled(drawable(c), scale),
            read.view(c).text + (t("general.provisional_sign") if y.provisional and c.shown else ""),
            _scaled(low, scale),
            _scaled(high, scale),
            y.provisional,
        )
        for y, c, (low, high) in zip(read.years, cells, bounds, strict=True)
    ]
    last = shown[-1]
    words = Words(
        t(
            f"{group}.title_{_direction(shown[0], last, share=share)}",
            label=label_of(read, metric),
            first=shown[0].display,
            first_year=_year(shown[0]),
            last=last.display + (f" ({t('general.provisional')})" if last.period in read.provisional else ""),
            last_year=_year(last),
        ),
        t(f"{group}.unit", what=sentence_case(read.unit_text(metric)), subject=read.subject.name),
        t(
            "trend.desc",
            first_year=points[0].label,
            last_year=points[-1].label,
            values=spoken(points, [read.view(c) for c in cells]),
            provisional=t("trend.desc_provisional") if any(p.provisional for p in points) else "",
        ),
        t("general.source_period", region=read.inputs.region.name, period=period_phrase(read.now)),
        " ".join(
            note
            for note in (t("trend.interval_note") if interval else "", registration_note(read, metric))
            if note
        ),
    )
    head = [t("general.year"), label_of(read, metric)]
    rows = [[CellView(p.label), read.view(c)] for p, c in zip(points, cells, strict=True)]
    if interval:
        head += [t("general.interval"), label_of(read, COUNT)]
        for row, (low, high), n in zip(rows, bounds, read.series(COUNT), strict=True):
            known = low is not None and high is not None
            row.append(CellView(f"{percent(low or 0, 1)} – {percent(high or 0, 1)}" if known else ""))
            row.append(read.view(n))
    symbol = "\u00a0%" if share else ""
    specs = tuple(charts.trend(points, style.theme, w, symbol) for w in (WIDE, NARROW))
    return drawing(chart_id, words, (specs[0], specs[1]), head, rows)


def bars(
    read: Reader,
    style: Style,
    items: Sequence[tuple[str, Cell]],
    words: Words,
    *,
    chart_id: str,
    head: Sequence[str],
    more: Sequence[Sequence[Cell]] = (),
    reference: Cell | None = None,
) -> Drawing:
    """Horizontal bars in the given order. ``more`` are further cells per row of the data table."""
    scale = 100 if items and read.is_share(items[0][1].metric) else 1
    views = [read.view(c) for _, c in items]
    points = [
        Point(label, _scaled(drawable(c), scale), view.text)
        for (label, c), view in zip(items, views, strict=True)
    ]
    tick = _scaled(drawable(reference), scale) if reference else None
    rows = [
        [CellView(p.label), view, *(read.view(c) for c in (more[i] if more else ()))]
        for i, (p, view) in enumerate(zip(points, views, strict=True))
    ]
    if any(p.value is not None and p.value < 0 for p in points):
        specs = tuple(charts_more.signed_bars(points, style.theme, w) for w in (WIDE, NARROW))
    else:
        specs = tuple(charts.bars(points, style.theme, w, tick) for w in (WIDE, NARROW))
    desc = f"{words.desc} {spoken(points, views)}".strip()
    words = Words(words.title, words.unit, desc, words.source, words.note)
    return drawing(chart_id, words, (specs[0], specs[1]), head, rows)


def spoken(points: Sequence[Point], views: Sequence[CellView]) -> str:
    """``2023/'24: 19 %. 2024/'25: 20 %.`` with hidden cells in words."""
    return " ".join(
        f"{p.label}: {v.spoken or p.text}." for p, v in zip(points, views, strict=True) if v.spoken or p.text
    )


def _scaled(value: float | None, scale: int) -> float | None:
    return None if value is None else round(value * scale, 1 if scale > 1 else 2)


def _year(cell: Cell) -> str:
    return period(cell.period or school_year(cell.reference_date))


def _direction(first: Cell, last: Cell, *, share: bool) -> str:
    before, after = first.value or 0.0, last.value or 0.0
    moved = round(after - before, 6)
    steady = abs(moved) <= 0.01 if share else abs(moved) <= 0.03 * abs(before)
    return "flat" if steady else "up" if moved > 0 else "down"
