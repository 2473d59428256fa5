"""Further charts: position against chance, spread of durations, parts of a whole, tiles, swings."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from zorgdata.report.charts import (
    NARROW,
    Point,
    categories,
    drawn_from,
    filled,
    finish,
    folded,
    height,
    inline,
)
from zorgdata.report.recipes import chart
from zorgdata.report.theme import Theme


@dataclass(frozen=True)
class Dot:
    """A unit in a funnel: size ``n``, share ``value`` in percent, and how it lies to the limits."""

    n: float
    value: float
    outside: bool


@chart
def funnel(
    dots: Sequence[Dot], limits: Sequence[Mapping[str, float]], centre: float, theme: Theme, width: int
) -> dict[str, Any]:
    """Shares against size with 95 % and 99.8 % limits. Dots carry no names: this is not a ranking."""
    import altair as alt

    x = alt.X(
        "n:Q",
        axis=alt.Axis(tickCount=5, labelExpr="format(datum.value, ',')"),
        scale=alt.Scale(zero=True, nice=False),
    )
    y = alt.Y("value:Q", axis=alt.Axis(labelExpr="datum.value + ' %'"), scale=alt.Scale(domainMin=0))
    lines = alt.Chart(drawn_from([dict(row) for row in limits])).encode(x=x)
    layers: list[Any] = [
        lines.mark_area(color=theme["seq-1"]).encode(y=alt.Y("low998:Q"), y2=alt.Y2("high998:Q")),
        lines.mark_area(color=theme["seq-2"]).encode(y=alt.Y("low95:Q"), y2=alt.Y2("high95:Q")),
        alt.Chart(drawn_from([{"value": centre}]))
        .mark_rule(color=theme["signal"], strokeWidth=2)
        .encode(y=y),
        alt.Chart(drawn_from([asdict(d) for d in dots]))
        .mark_point(size=75, strokeWidth=2, opacity=1, color=theme["accent"])
        .encode(
            x=x,
            y=y,
            fill=filled("datum.outside", theme["accent"], theme["paper"]),
        ),
    ]
    return finish(alt.layer(*layers), theme, width, 240 if width <= NARROW else 300)


@dataclass(frozen=True)
class Spread:
    """A row of a spread chart: quartiles (or None) and a middle, in one unit, with the text beside it."""

    label: str
    middle: float | None
    low: float | None
    high: float | None
    text: str


@chart
def spreads(rows: Sequence[Spread], theme: Theme, width: int, unit: str) -> dict[str, Any]:
    """A bar from the first to the third quartile with a dot on the median, on one scale from zero."""
    import altair as alt

    narrow = width <= NARROW
    data = [asdict(r) | {"label": folded(r.label, narrow=narrow)} for r in rows]
    top = max([v for r in rows for v in (r.middle, r.high) if v is not None], default=1.0)
    base = alt.Chart(drawn_from(data)).encode(y=categories(theme, narrow=narrow, inner=0.55, outer=0.2))
    x = alt.X(
        "middle:Q",
        scale=alt.Scale(domain=[0, top * (1.45 if narrow else 1.2)], nice=False),
        axis=alt.Axis(grid=True, tickCount=4, labelExpr=f"format(datum.value, ',') + ' {unit}'"),
    )
    ends = base.transform_filter("isValid(datum.middle)")
    layers = [
        base.transform_filter("isValid(datum.low)")
        .mark_bar(color=theme["seq-3"])
        .encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        ends.mark_point(size=130, filled=True, opacity=1, color=theme["accent-strong"]).encode(x=x),
        ends.transform_calculate(end="isValid(datum.high) ? datum.high : datum.middle")
        .mark_text(align="left", dx=11, fontWeight=600)
        .encode(x=alt.X("end:Q"), text=alt.Text("text:N")),
    ]
    return finish(alt.layer(*layers), theme, width, height([d["label"] for d in data], 46 if narrow else 42))


PARTS = ("seq-5", "seq-4", "seq-3", "seq-2")


@chart
def stacks(
    rows: Sequence[tuple[str, Sequence[float | None]]], parts: Sequence[str], theme: Theme, width: int
) -> dict[str, Any]:
    """Parts of a whole per row, at most four, dark to light, each with its percentage inside."""
    import altair as alt

    narrow = width <= NARROW
    data: list[dict[str, Any]] = []
    for label, values in rows:
        start = 0.0
        for i, value in enumerate(values):
            size = value or 0.0
            data.append(
                {
                    "label": folded(label, narrow=narrow),
                    "part": parts[i],
                    "order": i,
                    "start": start,
                    "end": start + size,
                    "middle": start + size / 2,
                    "text": f"{size:.0f}\u00a0%" if size >= (13 if narrow else 7) else "",
                    "ink": theme[f"on-{PARTS[i]}"],
                }
            )
            start += size
    base = alt.Chart(drawn_from(data)).encode(y=categories(theme, narrow=narrow, inner=0.3, outer=0.1))
    x = alt.X("start:Q", scale=alt.Scale(domain=[0, 100]), axis=None)
    colour = alt.Color(
        "part:N",
        sort=None,
        scale=alt.Scale(domain=list(parts), range=[theme[PARTS[i]] for i in range(len(parts))]),
        legend=alt.Legend(
            orient="top", title=None, labelFontSize=12, columns=1 if narrow else len(parts), labelLimit=300
        ),
    )
    layers = [
        base.mark_bar(stroke=theme["paper"], strokeWidth=1.5).encode(x=x, x2=alt.X2("end:Q"), color=colour),
        base.mark_text(fontWeight=600).encode(
            x=alt.X("middle:Q"), text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None)
        ),
    ]
    return finish(alt.layer(*layers), theme, width, 38 * max(1, len(rows)))


@chart
def tiles(cells: Sequence[Mapping[str, Any]], theme: Theme, width: int) -> dict[str, Any]:
    """A tile per municipality: ``column``, ``row``, ``name``, ``text`` and ``heat`` 0 to 5 (0 is hidden)."""
    import altair as alt

    narrow = width <= NARROW
    columns = 1 + max(int(c["column"]) for c in cells)
    rows = 1 + max(int(c["row"]) for c in cells)
    side = min(96.0, (width - 8) / columns)
    data = [
        dict(c)
        | {
            "fill": theme[f"seq-{c['heat']}"] if c["heat"] else theme["paper"],
            "ink": theme[f"on-seq-{c['heat']}"] if c["heat"] else theme["ink"],
            "top": c["row"] + 0.36,
            "under": c["row"] + 0.72,
            "right": c["column"] + 0.97,
            "bottom": c["row"] + 0.97,
            "middle": c["column"] + 0.485,
        }
        for c in cells
    ]
    x: dict[str, Any] = {"scale": alt.Scale(domain=[0, columns], nice=False, zero=False), "axis": None}
    y: dict[str, Any] = {"scale": alt.Scale(domain=[rows, 0], nice=False, zero=False), "axis": None}
    base = alt.Chart(drawn_from(data))
    ink = alt.Color("ink:N", scale=None)
    layers = [
        base.mark_rect(stroke=theme["edge"], strokeWidth=1, cornerRadius=3).encode(
            x=alt.X("column:Q", **x),
            x2=alt.X2("right:Q"),
            y=alt.Y("row:Q", **y),
            y2=alt.Y2("bottom:Q"),
            color=alt.Color("fill:N", scale=None),
        ),
        base.mark_text(
            fontSize=9 if narrow else 11, lineHeight=10 if narrow else 13, baseline="middle"
        ).encode(x=alt.X("middle:Q", **x), y=alt.Y("top:Q", **y), text=alt.Text("name:N"), color=ink),
        base.mark_text(fontSize=12 if narrow else 15, fontWeight=700).encode(
            x=alt.X("middle:Q", **x), y=alt.Y("under:Q", **y), text=alt.Text("text:N"), color=ink
        ),
    ]
    return finish(alt.layer(*layers), theme, int(side * columns), side * rows)


@chart
def swings(
    rows: Sequence[tuple[str, float, float, str, str]], middle: float, theme: Theme, width: int
) -> dict[str, Any]:
    """Tornado: (label, value at low, value at high, text low, text high) around the middle outcome."""
    import altair as alt

    narrow = width <= NARROW
    data: list[dict[str, Any]] = []
    for label, low, high, low_text, high_text in rows:
        lines = folded(label, narrow=narrow)
        left, right = sorted(((low, low_text), (high, high_text)))
        data.append(
            {"label": lines, "left": left[0], "right": right[0], "before": left[1], "after": right[1]}
        )
    low_end, high_end = min(d["left"] for d in data), max(d["right"] for d in data)
    room = (high_end - low_end) * (0.9 if narrow else 0.45) or 1.0
    base = alt.Chart(drawn_from(data)).encode(y=categories(theme, narrow=narrow, inner=0.4, outer=0.1))
    x = alt.X("left:Q", scale=alt.Scale(domain=[low_end - room, high_end + room], nice=False), axis=None)
    rule = alt.Chart(drawn_from([{"left": middle}]))
    layers = [
        base.mark_bar(color=theme["accent-mid"]).encode(x=x, x2=alt.X2("right:Q")),
        rule.mark_rule(color=theme["signal"], strokeWidth=2).encode(x=x),
        base.mark_text(align="right", dx=-6, fontSize=12).encode(x=x, text=alt.Text("before:N")),
        base.mark_text(align="left", dx=6, fontSize=12).encode(x=alt.X("right:Q"), text=alt.Text("after:N")),
    ]
    return finish(alt.layer(*layers), theme, width, height([d["label"] for d in data], 42))


@dataclass(frozen=True)
class Mark:
    """A point of a curve: how far along (months), how much is left (percent), the text at it, whose line."""

    months: float
    value: float
    text: str
    earlier: bool


@chart
def curve(
    marks: Sequence[Mark], names: tuple[str, str], theme: Theme, width: int, unit: str
) -> dict[str, Any]:
    """What is left after so many months, from 100 % down; an earlier year beside it, grey and dashed.

    ``names``: of the line and of the earlier one, printed at their ends. Values stand above the line, which
    falls from left to right, so that they never lie on it.
    """
    import altair as alt

    narrow = width <= NARROW
    last = {e: max((m.months for m in marks if m.earlier is e), default=0.0) for e in (False, True)}
    data = [
        asdict(m) | {"name": names[m.earlier] if m.months == last[m.earlier] and m.months else ""}
        for m in marks
    ]
    end = max(last.values())
    base = alt.Chart(drawn_from(data)).encode(
        x=alt.X(
            "months:Q",
            scale=alt.Scale(domain=[0, end * (1.22 if narrow else 1.12)], nice=False),
            axis=alt.Axis(values=list(range(0, int(end) + 1, 12)), labelExpr=f"datum.value + ' {unit}'"),
        ),
        y=alt.Y(
            "value:Q",
            scale=alt.Scale(domain=[0, 112], nice=False),
            axis=alt.Axis(values=[0, 25, 50, 75, 100], labelExpr="datum.value + '\u00a0%'"),
        ),
    )
    now, earlier = (base.transform_filter(f"{sign}datum.earlier") for sign in ("!", ""))
    said = now.transform_filter("datum.text != ''").encode(text=alt.Text("text:N"))
    size = 12 if narrow else 14
    place: dict[str, Any] = {"align": "left", "dx": 4, "dy": -13, "fontWeight": 600, "fontSize": size}
    layers = [
        earlier.mark_line(color=theme["ink-soft"], strokeWidth=2, strokeDash=[4, 4]),
        now.mark_line(color=theme["accent"], strokeWidth=3, strokeCap="round"),
        now.transform_filter("datum.months > 0").mark_point(
            size=80, filled=True, opacity=1, color=theme["accent"]
        ),
        said.mark_text(**place, stroke=theme["paper"], strokeWidth=4),
        said.mark_text(**place),
        now.mark_text(align="left", dx=9, dy=4, fontSize=size, color=theme["accent-strong"]).encode(
            text=alt.Text("name:N")
        ),
        earlier.mark_text(align="left", dx=9, dy=16, fontSize=size, color=theme["ink-soft"]).encode(
            text=alt.Text("name:N")
        ),
    ]
    return finish(alt.layer(*layers), theme, width, 220 if narrow else 270)


@chart
def signed_bars(points: Sequence[Point], theme: Theme, width: int) -> dict[str, Any]:
    """Bars to both sides of zero: gains to the right, costs (hatched by an outline) to the left."""
    import altair as alt

    narrow = width <= NARROW
    lines = [replace(p, label=folded(p.label, narrow=narrow)) for p in points]
    values = [p.value for p in points if p.value is not None]
    low, high = min([*values, 0.0]), max([*values, 0.0])
    # All amounts stand right of their bar or of zero, so that none runs into a label.
    room = (high - low) * (1.1 if narrow else 0.35) or 1.0
    base = alt.Chart(inline(lines)).encode(y=categories(theme, narrow=narrow, inner=0.4, outer=0.1))
    domain = [low, high + room]
    x = alt.X("value:Q", scale=alt.Scale(domain=domain, nice=False), axis=None)
    gain, cost = "datum.value >= 0", "datum.value < 0"
    zero = alt.Chart(drawn_from([{"value": 0}]))
    layers = [
        base.transform_filter(gain).mark_bar(color=theme["accent-mid"]).encode(x=x),
        base.transform_filter(cost)
        .mark_bar(color=theme["signal-soft"], stroke=theme["signal"], strokeWidth=1.5)
        .encode(x=x),
        zero.mark_rule(color=theme["ink-soft"]).encode(x=x),
        base.transform_filter(gain)
        .mark_text(align="left", dx=6, fontWeight=600)
        .encode(x=x, text=alt.Text("text:N")),
        base.transform_filter(cost)
        .mark_text(align="left", dx=6, fontWeight=600)
        .encode(x=alt.XDatum(0), text=alt.Text("text:N")),
    ]
    return finish(alt.layer(*layers), theme, width, height([p.label for p in lines], 42))
