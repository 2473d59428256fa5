"""How much is left after some time: the points of a survival curve that are published, and a year before."""

from collections.abc import Sequence

from zorgdata.disclosure.table import Cell
from zorgdata.report import charts_more
from zorgdata.report.cells import CellView
from zorgdata.report.charts import NARROW, WIDE
from zorgdata.report.charts_more import Mark
from zorgdata.report.drawings import Words, drawing
from zorgdata.report.dutch import period, sentence_case
from zorgdata.report.model import drawable
from zorgdata.report.page import Style
from zorgdata.report.panel_types import Panel, Spec, id_of, metric_of, source_of
from zorgdata.report.reader import Reader

LEAST = 2
"""One point is a figure, no curve."""
A_YEAR = 12
"""The title tells what is left after a year; where that is hidden, after the first time that is shown."""


def curve(read: Reader, style: Style, spec: Spec) -> Panel | None:
    """The share that is left at the times the publication tells, the last full year beside the first one.

    Codes of the dimension end in their number of months (``m12``), which places them. The curve begins at
    100 % by definition. None when fewer than two points of the year can be drawn.
    """
    metric, dimension = metric_of(read, spec), spec["dimension"]
    codes = read.figures.parts(metric, read.subject.level, read.subject.unit_id, dimension)
    final = [y.period for y in read.years if y.period not in read.provisional]
    told = {p: points for p in final if len(points := _points(read, metric, dimension, codes, p)) >= LEAST}
    if not told:
        return None
    latest, first = max(told), min(told)
    years = (latest,) if first == latest else (latest, first)
    t, labels = read.texts, read.value_names(dimension)
    marks = [Mark(0.0, 100.0, "", year is not latest) for year in years] + [
        Mark(
            float(months), round(100 * value), "" if year is not latest else cell.display, year is not latest
        )
        for year in years
        for months, value, cell in told[year]
    ]
    _, _, lead = next((p for p in told[latest] if p[0] == A_YEAR), told[latest][0])
    title = t("panel.curve", after=labels[lead.dimension_value], value=lead.display)
    words = Words(
        title[:1].upper() + title[1:],
        t("panel.curve_unit", what=sentence_case(read.unit_text(metric)), subject=read.subject.name),
        " ".join(f"{labels[c.dimension_value]}: {c.display}." for _, _, c in told[latest]),
        source_of(read, lead),
        t("panel.curve_note"),
    )
    names = (period(latest), period(first))
    specs = tuple(
        charts_more.curve(marks, names, style.theme, w, t("panel.months_short")) for w in (WIDE, NARROW)
    )
    rows = [
        [CellView(labels[code]), *(read.view(_cell(read, metric, dimension, code, year)) for year in years)]
        for code in codes
    ]
    head = [t("panel.by_time"), *(period(year) for year in years)]
    return drawing(id_of(metric, "lijn"), words, (specs[0], specs[1]), head, rows)


def _points(
    read: Reader, metric: str, dimension: str, codes: Sequence[str], year: str
) -> list[tuple[int, float, Cell]]:
    """Months, value and cell of the points of a year that can be drawn."""
    found = []
    for code in codes:
        cell = _cell(read, metric, dimension, code, year)
        if (value := drawable(cell)) is not None:
            found.append((int(code.lstrip("m")), value, cell))
    return found


def _cell(read: Reader, metric: str, dimension: str, code: str, year: str) -> Cell:
    subject = read.subject
    return read.figures.get(
        metric, subject.level, subject.unit_id, year, dimension=dimension, dimension_value=code
    )
