"""Panels that compare school types, municipalities and parts of a metric."""

from collections.abc import Sequence

from zorgdata.disclosure.table import Cell
from zorgdata.report import charts_more
from zorgdata.report.cells import CellView
from zorgdata.report.charts import NARROW, WIDE
from zorgdata.report.drawings import Words, bars, drawing
from zorgdata.report.dutch import sentence_case
from zorgdata.report.model import Unit, drawable
from zorgdata.report.page import Style
from zorgdata.report.panel_types import Panel, Spec, id_of, metric_of, source_of, spread_title
from zorgdata.report.parts import label_of
from zorgdata.report.reader import Reader, type_rank


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
    title = spread_title(read, metric, [c for _, c in items])
    # What is largest may only be named when nothing is hidden: a hidden part could be larger.
    if spec.get("parts") and spec.get("order") != "own" and not any(c.hidden for _, c in items):
        name, top = ordered[0]
        title = read.texts(
            "panel.largest", label=label_of(read, metric), name=name.lower(), value=top.display
        )
    words = Words(
        title,
        read.texts(
            "panel.parts_unit" if spec.get("parts") else "panel.bars_unit",
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
        reference=None if spec.get("parts") else own,
    )


def types(read: Reader, style: Style, spec: Spec) -> Panel | None:
    metric = metric_of(read, spec)
    units = sorted(read.inputs.of_level("school_type"), key=lambda u: type_rank(u.unit_id))
    if read.subject.level != "region":
        return None
    items = [(read.texts.label("school_type", u.unit_id), read.at(metric, u)) for u in units]
    return _bars(read, style, spec, items, "types")


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
        spread_title(read, metric, [c for _, c in items]),
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
