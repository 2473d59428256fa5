"""Panels that compare school types, municipalities and parts of a metric."""

from collections.abc import Sequence

import numpy as np

from zorgdata.disclosure.table import Cell
from zorgdata.report import charts_more
from zorgdata.report.cells import CellView
from zorgdata.report.charts import NARROW, WIDE
from zorgdata.report.charts_more import Spread
from zorgdata.report.drawings import Words, bars, drawing
from zorgdata.report.dutch import number, sentence_case
from zorgdata.report.model import Unit, drawable
from zorgdata.report.page import Style
from zorgdata.report.panel_types import Panel, Spec, id_of, inside, metric_of, source_of, spread_title
from zorgdata.report.parts import label_of
from zorgdata.report.reader import COUNT, Reader, type_rank


def _bars(
    read: Reader, style: Style, spec: Spec, items: Sequence[tuple[str, Cell]], suffix: str
) -> Panel | None:
    """Bars of shown and hidden cells, the largest first; None with fewer than two shown."""
    items = [(name, c) for name, c in items if drawable(c) is not None or c.hidden]
    if sum(drawable(c) is not None for _, c in items) < 2:
        return None
    metric = metric_of(read, spec)
    ordered = items if spec.get("order") == "own" else sorted(items, key=lambda i: -(drawable(i[1]) or 0.0))
    own = read.at(metric)
    whole = bool(spec.get("parts"))
    named = [(name if suffix == "places" else inside(name), c) for name, c in ordered]
    title = (_listed(read, metric, named) if whole else "") or spread_title(read, metric, named)
    # What is largest may only be named when nothing is hidden: a hidden part could be larger.
    if (
        whole
        and _adds_up(read, metric)
        and len(items) > MOST_LISTED
        and spec.get("order") != "own"
        and not any(c.hidden for _, c in items)
    ):
        name, top = named[0]
        title = read.texts("panel.largest", label=label_of(read, metric), name=name, value=top.display)
    words = Words(
        title,
        read.texts(
            "panel.parts_unit" if whole else "panel.bars_unit",
            what=sentence_case(read.unit_text(metric)),
            subject=read.subject.name,
        ),
        label_of(read, metric) + ".",
        source_of(read, items[0][1]),
    )
    return bars(
        read,
        style,
        ordered,
        words,
        chart_id=id_of(metric, suffix),
        head=[read.texts(f"panel.by_{suffix}"), label_of(read, metric)],
        reference=None if whole else own,
    )


MOST_LISTED = 4
"""Parts that a title names one by one, when they fit on a line or two."""


def _adds_up(read: Reader, metric: str) -> bool:
    """Whether parts are children or shares of them, so that one part can be "the most"; a duration is not."""
    return read.is_share(metric) or read.unit_text(metric) == read.unit_text(COUNT)


def _listed(read: Reader, metric: str, items: Sequence[tuple[str, Cell]]) -> str:
    """Every part with its value as a title; empty with more than four or a hidden one, or when too long."""
    if len(items) > MOST_LISTED or any(drawable(c) is None for _, c in items):
        return ""
    # Seven ready, two on schedule; but municipalities 56 %.
    count = not read.is_share(metric) and _adds_up(read, metric)
    told = [f"{c.display} {name}" if count else f"{name} {c.display}" for name, c in items]
    title = read.texts("panel.listed", label=label_of(read, metric), parts=", ".join(told))
    return title if len(title) <= 110 else ""


def types(read: Reader, style: Style, spec: Spec) -> Panel | None:
    metric = metric_of(read, spec)
    units = sorted(read.inputs.of_level("school_type"), key=lambda u: type_rank(u.unit_id))
    if read.subject.level != "region":
        return None
    items = [(read.texts.label("school_type", u.unit_id), read.at(metric, u)) for u in units]
    return _bars(read, style, spec, items, "types")


def schools(read: Reader, style: Style, spec: Spec) -> Panel | None:
    """How far schools of a type lie apart: the middle school and the middle half, of shown values only.

    For figures about organisations, of which a type as a whole has more than any of its schools. None with
    fewer than two types of which four or more schools are shown.
    """
    metric = metric_of(read, spec)
    t, rows, table = read.texts, [], []
    for code in sorted({s.school_type for s in read.subject.schools}, key=type_rank):
        cells = [read.at(metric, s) for s in read.subject.schools if s.school_type == code]
        values = [v for c in cells if (v := drawable(c)) is not None]
        if len(values) < FEWEST_SCHOOLS:
            continue
        scale = 100 if read.is_share(metric) else 1
        low, middle, high = (round(float(q) * scale, 1) for q in np.percentile(values, (25, 50, 75)))
        symbol = "\u00a0%" if scale == 100 else ""
        text = number(middle, 0 if middle.is_integer() else 1) + symbol
        label = t.label("school_type", code)
        rows.append(Spread(label, middle, low, high, text))
        ends = (number(v, 0 if v.is_integer() else 1) + symbol for v in (low, high))
        counted = number(len(values)), number(len(cells))
        table.append([label, text, *ends, t("panel.schools_of", shown=counted[0], total=counted[1])])
    if len(rows) < 2:
        return None
    ordered = sorted(rows, key=lambda r: r.middle or 0.0)
    words = Words(
        t(
            "panel.schools",
            label=label_of(read, metric),
            low=f"{ordered[0].text} ({inside(ordered[0].label)})",
            high=f"{ordered[-1].text} ({inside(ordered[-1].label)})",
        ),
        t("panel.schools_unit", what=sentence_case(read.unit_text(metric))),
        " ".join(f"{r.label}: {r.text}." for r in rows),
        source_of(read, read.at(metric)),
        t("panel.schools_note"),
    )
    unit = "%" if read.is_share(metric) else ""
    specs = tuple(charts_more.spreads(rows, style.theme, w, unit) for w in (WIDE, NARROW))
    head = [t("schools.type"), *(t(f"panel.{k}") for k in ("middle_school", "quarter", "three_quarters"))]
    return drawing(
        id_of(metric, "scholen"),
        words,
        (specs[0], specs[1]),
        [*head, t("panel.schools_shown")],
        [[CellView(text) for text in line] for line in table],
    )


FEWEST_SCHOOLS = 4
"""Fewer schools have no middle half."""


def places(read: Reader, style: Style, spec: Spec) -> Panel | None:
    """Municipalities as tiles when there are enough of them, else as bars."""
    metric = metric_of(read, spec)
    if read.subject.level != "region":
        return None
    levels = ("school_municipality", "responsible_municipality")
    level = spec.get("level") or next((lv for lv in levels if read.figures.has(metric, lv)), "")
    units = read.inputs.of_level(level) if level else ()
    items = [(u, read.at(metric, u)) for u in units]
    if not read.is_share(metric) or len(items) < 6:
        return _bars(read, style, spec, [(u.name, c) for u, c in items], "places")
    return _tiles(read, style, metric, [(u, c) for u, c in items if drawable(c) is not None or c.hidden])


def _tiles(read: Reader, style: Style, metric: str, items: Sequence[tuple[Unit, Cell]]) -> Panel | None:
    values = sorted(v for _, c in items if (v := drawable(c)) is not None)
    if len(values) < 2:
        return None
    # Five classes of equal width over the published values; the legend is the number in each tile.
    low, high = values[0], values[-1]
    width = (high - low) / 5 or 1.0

    def heat(cell: Cell) -> int:
        value = drawable(cell)
        return 0 if value is None else min(5, 1 + int((value - low) / width + 1e-9))

    spots = read.spots([u for u, _ in items])
    drawn = [
        {"column": x, "row": y, "name": _short(u.name), "text": read.view(c).text, "heat": heat(c)}
        for (u, c), (x, y) in zip(items, spots, strict=True)
    ]
    t = read.texts
    words = Words(
        spread_title(read, metric, [(u.name, c) for u, c in items]),
        t("panel.tiles_unit", what=sentence_case(read.unit_text(metric))),
        " ".join(f"{u.name}: {read.view(c).spoken or c.display}." for u, c in items),
        source_of(read, items[0][1]),
        "" if read.has_map else t("panel.tiles_order"),
    )
    specs = tuple(charts_more.tiles(drawn, style.theme, w) for w in (WIDE, NARROW))
    rows = [[CellView(u.name), read.view(c)] for u, c in items]
    head = [t("panel.by_places"), label_of(read, metric)]
    return drawing(id_of(metric, "kaart"), words, (specs[0], specs[1]), head, rows)


def _short(name: str) -> str:
    return name if len(name) <= 13 else name[:11].rstrip(" -") + "…"


def split(read: Reader, style: Style, spec: Spec) -> Panel | None:
    """Parts of a metric by a dimension, the largest first."""
    metric, dimension = metric_of(read, spec), spec["dimension"]
    items = read.split(metric, dimension)
    return _bars(read, style, {**spec, "parts": True}, items, "parts")
