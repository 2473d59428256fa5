"""Panels about how care is made up: durations, providers, forms."""

from collections.abc import Sequence
from dataclasses import replace

from zorgdata.disclosure.table import Cell
from zorgdata.report import charts_more
from zorgdata.report.cells import CellView, heat_class
from zorgdata.report.charts import NARROW, WIDE
from zorgdata.report.charts_more import Spread
from zorgdata.report.drawings import Words, drawing
from zorgdata.report.dutch import number, percent, period_phrase
from zorgdata.report.model import Unit, drawable
from zorgdata.report.page import Style
from zorgdata.report.panel_types import Panel, Spec, Table, alternatives, id_of, metric_of, source_of
from zorgdata.report.parts import label_of
from zorgdata.report.reader import Reader, type_rank

HEAT = (0.05, 0.15, 0.30, 0.60)
"""Bounds of the shades of a table of shares."""


def spreads(read: Reader, style: Style, spec: Spec) -> Panel | None:
    """Durations side by side: median with quartiles where the publication has them, in months."""
    rows: list[Spread] = []
    cells: list[tuple[str, tuple[Cell, Cell, Cell]]] = []
    for metric in spec["metrics"]:
        name = read.figures.known(alternatives(metric))
        middle, low, high = (read.at(f"{name}{suffix}") for suffix in ("", "_p25", "_p75"))
        if drawable(middle) is None:
            continue
        months = [None if (v := drawable(c)) is None else round(v / 30.4375, 1) for c in (middle, low, high)]
        text = f"{number(months[0] or 0.0, 0)} {read.texts('panel.months_short')}"
        rows.append(Spread(label_of(read, name), months[0], months[1], months[2], text))
        cells.append((label_of(read, name), (middle, low, high)))
    if len(rows) < 2:
        return None
    t = read.texts
    longest, shortest = (f(rows, key=lambda r: r.middle or 0.0) for f in (max, min))
    words = Words(
        t("panel.spreads", short=shortest.label, months=shortest.text),
        t("panel.spreads_unit"),
        " ".join(f"{r.label}: {r.text}." for r in rows),
        source_of(read, cells[0][1][0]),
        t("panel.spreads_note", long=longest.label, months=longest.text),
    )
    specs = tuple(charts_more.spreads(rows, style.theme, w, t("panel.months_short")) for w in (WIDE, NARROW))
    head = [t("panel.measure"), *(t(f"panel.{k}") for k in ("median", "p25", "p75"))]
    return drawing(
        "duren",
        words,
        (specs[0], specs[1]),
        head,
        [[CellView(label), *(read.view(c) for c in three)] for label, three in cells],
    )


def structure(read: Reader, style: Style, spec: Spec) -> Panel | None:
    """How the care of a school type is divided over its largest, next two and other providers."""
    t = read.texts
    first, three = (read.figures.known(alternatives(m)) for m in spec["metrics"])
    if read.subject.level != "region":
        return None
    units = sorted(read.inputs.of_level("school_type"), key=lambda u: type_rank(u.unit_id))
    rows, cells = [], []
    for unit in units:
        one, top = read.at(first, unit), read.at(three, unit)
        if not (one.shown and top.shown) or one.value is None or top.value is None or top.value < one.value:
            continue
        label = t.label("school_type", unit.unit_id)
        parts = [100 * one.value, 100 * (top.value - one.value), 100 * (1 - top.value)]
        rows.append((label, [round(p) for p in parts]))
        cells.append([CellView(label), read.view(one), read.view(top)])
    if len(rows) < 2:
        return None
    names = [t("panel.part_first"), t("panel.part_next"), t("panel.part_rest")]
    words = Words(
        t("panel.structure"),
        t("panel.structure_unit"),
        " ".join(f"{label}: {', '.join(percent(p / 100) for p in parts)}." for label, parts in rows),
        source_of(read, read.at(first, units[0])),
    )
    specs = tuple(charts_more.stacks(rows, names, style.theme, w) for w in (WIDE, NARROW))
    head = [t("schools.type"), label_of(read, first), label_of(read, three)]
    return drawing("aanbiedersopbouw", words, (specs[0], specs[1]), head, cells)


def heat(read: Reader, style: Style, spec: Spec) -> Panel | None:
    """Which part of the pupils with care has which form, per unit: a table in one hue."""
    metric, dimension = metric_of(read, spec), spec["dimension"]
    level = spec.get("level", "school_type")
    units: Sequence[Unit] = read.subject.schools if level == "school" else read.inputs.of_level(level)
    codes = sorted({c for u in units for c in read.figures.parts(metric, u.level, u.unit_id, dimension)})
    if not codes or len(units) < 2:
        return None
    labels = read.value_names(dimension)
    by = "types" if level == "school_type" else "schools"
    rows: list[tuple[CellView, ...]] = []
    for unit in units:
        label = read.texts.label("school_type", unit.unit_id) if level == "school_type" else unit.name
        found = [
            read.figures.get(
                metric, unit.level, unit.unit_id, read.when(metric), dimension=dimension, dimension_value=code
            )
            for code in codes
        ]
        rows.append(
            (CellView(label), *(replace(read.view(c, star=False), heat=heat_class(c, HEAT)) for c in found))
        )
    return Table(
        id_of(metric, "tabel"),
        label_of(read, metric),
        read.texts("panel.heat_unit"),
        read.texts(
            "general.source_over", region=read.inputs.region.name, period=period_phrase(read.when(metric))
        ),
        (read.texts(f"panel.by_{by}"), *(labels.get(c, c) for c in codes)),
        tuple(rows),
        heat=True,
    )
