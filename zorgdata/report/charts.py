"""Charts of a report, declared with Altair and drawn by :mod:`zorgdata.report.svg`.

Each chart is made twice, wide and narrow, so that its text keeps its size on a phone. The functions take
points with the text a reader sees; they know no metric.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from textwrap import wrap
from typing import Any

from zorgdata.report.recipes import chart
from zorgdata.report.svg import config
from zorgdata.report.theme import Theme

WIDE = 660
NARROW = 330


@dataclass(frozen=True)
class Point:
    """One point of a series or one bar. ``value`` None is a gap; ``text`` is what stands beside it."""

    label: str
    value: float | None
    text: str
    lower: float | None = None
    upper: float | None = None
    provisional: bool = False


def finish(drawn: Any, theme: Theme, width: int, height: float) -> dict[str, Any]:
    """The specification of a chart of this width, axis labels included, in the style of the theme."""
    # Left and right padding of the view belong to the labels of the axis and of the bars.
    # Validation against the schema costs five times the drawing; the tests draw every kind of chart.
    spec: dict[str, Any] = drawn.properties(width=width, height=height).to_dict(validate=False)
    spec["config"] = config(theme)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec


def drawn_from(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as data of a chart. A tuple, because Altair copies lists deeply with every layer and step."""
    import altair as alt

    return alt.InlineData(values=tuple(rows))


def inline(points: Sequence[Point]) -> Any:
    """Points as data of a chart, numbered in their order by ``at``."""
    return drawn_from([asdict(p) | {"at": i} for i, p in enumerate(points)])


def filled(test: str, colour: str, other: str) -> Any:
    """The fill of a mark: one colour where the test holds, else the other."""
    import altair as alt

    return alt.FillValue(other, condition={"test": test, "value": colour})


def categories(theme: Theme, *, narrow: bool, inner: float = 0.38, outer: float = 0.1) -> Any:
    """A vertical axis of labels in the given order; a newline in a label starts a line."""
    import altair as alt

    return alt.Y(
        "label:N",
        sort=None,
        axis=alt.Axis(
            grid=False,
            labelExpr="split(datum.label, '\\n')",
            labelLimit=320,
            labelColor=theme["ink"],
            labelFontSize=12 if narrow else 14,
        ),
        scale=alt.Scale(paddingInner=inner, paddingOuter=outer),
    )


def folded(label: str, *, narrow: bool) -> str:
    """A label cut into lines that fit beside a chart."""
    return "\n".join(wrap(label, 22 if narrow else 46))


def height(labels: Sequence[str], row: int) -> int:
    """Height of a chart with a folded label a row: labels of three lines and more need higher rows."""
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    return max(row, 16 * lines + 6) * max(1, len(labels))


@chart
def trend(points: Sequence[Point], theme: Theme, width: int, unit: str = "") -> dict[str, Any]:
    """Line through the years from a zero baseline; band for the interval; provisional open and dashed."""
    import altair as alt

    narrow = width <= NARROW
    last_final = max((i for i, p in enumerate(points) if not p.provisional), default=-1)
    base = alt.Chart(inline(points)).encode(
        x=alt.X(
            "label:N",
            # Layers leave points out; without the full order a hidden year would slide to the end.
            sort=[p.label for p in points],
            axis=alt.Axis(labelAngle=0, labelExpr="split(datum.label, '/')" if narrow else "datum.label"),
            scale=alt.Scale(padding=0.35),
        )
    )
    top = max((v for p in points for v in (p.upper, p.value) if v is not None), default=1.0)
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, top * 1.18 or 1], nice=False),
        axis=alt.Axis(labelExpr=f"format(datum.value, ',.1~f') + '{unit}'"),
    )
    colour = theme["accent"]
    band = base.transform_filter("isValid(datum.lower)").mark_area(color=theme["seq-2"], opacity=1)
    line = base.mark_line(color=colour, strokeWidth=3, strokeCap="round")
    dots = base.transform_filter("isValid(datum.value)").mark_point(
        size=90, strokeWidth=2.5, opacity=1, color=colour
    )
    # Numbers stand above the band, with an outline where a line of the grid passes behind them.
    above = base.transform_filter("isValid(datum.value)").transform_calculate(
        above="isValid(datum.upper) ? datum.upper : datum.value"
    )
    size = 12 if narrow else 14
    halo = above.mark_text(dy=-13, fontWeight=600, fontSize=size, stroke=theme["paper"], strokeWidth=4)
    labels = above.mark_text(dy=-13, fontWeight=600, fontSize=size)
    hidden = base.transform_filter("!isValid(datum.value)").mark_text(
        baseline="bottom", fontSize=20, fontWeight=700
    )
    layers = [
        band.encode(y=alt.Y("lower:Q"), y2=alt.Y2("upper:Q")),
        line.transform_filter("!datum.provisional").encode(y=y),
        line.mark_line(color=colour, strokeWidth=3, strokeDash=[5, 5])
        .transform_filter(f"datum.provisional || datum.at == {last_final}")
        .encode(y=y),
        dots.encode(y=y, fill=filled("datum.provisional", theme["paper"], colour)),
        halo.encode(y=alt.Y("above:Q"), text=alt.Text("text:N")),
        labels.encode(y=alt.Y("above:Q"), text=alt.Text("text:N")),
        hidden.encode(y=alt.YDatum(0), text=alt.Text("text:N")),
    ]
    return finish(alt.layer(*layers), theme, width, 210 if narrow else 250)


def room(points: Sequence[Point], *, narrow: bool) -> float:
    """How far a scale must go on past the longest bar for the text behind it."""
    longest = max((len(p.text) for p in points), default=0)
    return 1.12 + longest * (0.038 if narrow else 0.016)


@chart
def bars(
    points: Sequence[Point], theme: Theme, width: int, reference: float | None = None, unit: str = ""
) -> dict[str, Any]:
    """Horizontal bars from zero in the given order, the text at the end; a rule for the reference."""
    import altair as alt

    narrow = width <= NARROW
    top = max([v for p in points if (v := p.value) is not None] + [reference or 0, 1e-9])
    lines = [replace(p, label=folded(p.label, narrow=narrow)) for p in points]
    base = alt.Chart(inline(lines)).encode(y=categories(theme, narrow=narrow))
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, top * room(lines, narrow=narrow)], nice=False), axis=None)
    ends = base.transform_filter("isValid(datum.value)").encode(x=x, text=alt.Text("text:N"))
    layers = [
        base.mark_bar(color=theme["accent-mid"]).encode(x=x),
        # The outline keeps a number readable where the reference passes behind it.
        ends.mark_text(align="left", dx=7, fontWeight=600, stroke=theme["paper"], strokeWidth=5),
        ends.mark_text(align="left", dx=7, fontWeight=600),
        base.transform_filter("!isValid(datum.value)")
        .mark_text(align="left", dx=7, fontWeight=600)
        .encode(x=alt.XDatum(0), text=alt.Text("text:N")),
    ]
    if reference is not None:
        rule = alt.Chart(drawn_from([{"value": reference}]))
        layers.insert(1, rule.mark_rule(strokeWidth=2, color=theme["signal"]).encode(x=x))
    return finish(alt.layer(*layers), theme, width, height([p.label for p in lines], 40 if narrow else 38))
