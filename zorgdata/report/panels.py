"""Panels of a chapter: each takes a metric and gives a figure or a table, or None when nothing can be shown.

A chapter names its panels in ``templates/kinds/monitor.toml``; this module knows who makes each kind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from zorgdata.report import panels_care, panels_compare
from zorgdata.report.cautions import registration_table_note
from zorgdata.report.cells import CellView
from zorgdata.report.curves import curve
from zorgdata.report.drawings import trend
from zorgdata.report.dutch import period, period_phrase, sentence_case
from zorgdata.report.funnels import funnel
from zorgdata.report.marks import spark
from zorgdata.report.model import drawable
from zorgdata.report.page import Style
from zorgdata.report.panel_types import (
    Mini,
    Minis,
    Panel,
    Spec,
    Table,
    alternatives,
    id_of,
    metric_of,
    source_of,
)
from zorgdata.report.parts import definitions, label_of
from zorgdata.report.reader import Reader


def build(read: Reader, style: Style, spec: Spec) -> Panel | None:
    """The panel a chapter asks for; None when the publication has nothing for it."""
    panel = BUILDERS[spec["kind"]](read, style, spec)
    if panel is None:
        return None
    wanted = [spec["metric"]] if "metric" in spec else list(spec.get("metrics", ()))
    known = [read.figures.known(alternatives(n)) for n in wanted]
    return replace(panel, terms=tuple(definitions(read, known)))


def _trend(read: Reader, style: Style, spec: Spec) -> Panel | None:
    metric = metric_of(read, spec)
    return trend(
        read,
        style,
        metric,
        chart_id=id_of(metric, "verloop"),
        group="panel_trend",
        interval=bool(spec.get("interval")),
    )


def _minis(read: Reader, style: Style, spec: Spec) -> Panel | None:
    """Small multiples: one line per value of a dimension, all on one scale."""
    metric, dimension = metric_of(read, spec), spec["dimension"]
    subject = read.subject
    codes = read.figures.parts(metric, subject.level, subject.unit_id, dimension)
    periods = [y.period for y in read.years]
    series = {
        code: [
            read.figures.get(
                metric, subject.level, subject.unit_id, p, dimension=dimension, dimension_value=code
            )
            for p in periods
        ]
        for code in codes
    }
    drawn = {code: cells for code, cells in series.items() if sum(drawable(c) is not None for c in cells) > 1}
    if not drawn:
        return None
    top = max(v for cells in drawn.values() for c in cells if (v := drawable(c)) is not None)
    labels = read.value_names(dimension)
    order = sorted(drawn, key=lambda code: -(drawable(drawn[code][-1]) or 0.0))
    first, last = period(periods[0]), period(periods[-1])
    return Minis(
        id_of(metric, "delen"),
        read.texts("panel.minis", label=label_of(read, metric), first=first, last=last),
        read.texts("panel.minis_unit", what=sentence_case(read.unit_text(metric))),
        source_of(read, drawn[order[0]][-1]),
        tuple(
            Mini(
                labels.get(code, code),
                read.view(drawn[code][-1]),
                spark(drawn[code], read.provisional, periods, top=top),
            )
            for code in order
        ),
        (first, last),
        (read.texts("panel.by_parts"), *(period(p) for p in periods)),
        tuple(
            (CellView(labels.get(code, code)), *(read.view(c) for c in series[code]))
            for code in [*order, *(c for c in codes if c not in drawn)]
        ),
    )


def years(read: Reader, metrics: Sequence[str], *, table_id: str, title: str) -> Table | None:
    """Every metric that the publication has, through the school years, with a sparkline."""
    rows: list[tuple[CellView, ...]] = []
    marks = []
    periods = [y.period for y in read.years]
    for metric in metrics:
        cells = read.series(metric)
        views = [read.view(c, star=False) for c in cells]
        if any(v.name for v in views):
            rows.append((CellView(label_of(read, metric)), *views))
            marks.append(spark(cells, read.provisional, periods))
    if not rows:
        return None
    sign = read.texts("general.provisional_sign")
    head = [period(y.period) + (sign if y.provisional else "") for y in read.years]
    return Table(
        table_id,
        title,
        "",
        read.texts("general.source_over", region=read.inputs.region.name, period=period_phrase(read.now)),
        (read.texts("panel.measure"), *head),
        tuple(rows),
        tuple(marks),
        note=registration_table_note(read, metrics),
    )


BUILDERS: Mapping[str, Callable[[Reader, Style, Spec], Panel | None]] = {
    "trend": _trend,
    "types": panels_compare.types,
    "schools": panels_compare.schools,
    "places": panels_compare.places,
    "split": panels_compare.split,
    "minis": _minis,
    "spreads": panels_care.spreads,
    "curve": curve,
    "structure": panels_care.structure,
    "heat": panels_care.heat,
    "funnel": funnel,
}
