"""Charts about an initiative: its schools beside others, and the difference by years since the start."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from zorgdata.report.charts import NARROW, Point, drawn_from, finish
from zorgdata.report.recipes import chart
from zorgdata.report.theme import Theme


@chart
def beside(
    groups: Sequence[tuple[str, Sequence[Point]]], start: int, theme: Theme, width: int, unit: str = ""
) -> dict[str, Any]:
    """Two lines through the years from zero, told apart by dots and dashes; a rule where it started.

    ``groups`` are the schools of the initiative and those compared with; ``start`` is the index of the first
    period after the start. The name of a line stands at its end.
    """
    import altair as alt

    narrow = width <= NARROW
    labels = [p.label for p in groups[0][1]]
    rows = [
        asdict(p) | {"group": name, "at": i, "first": number == 0, "last": i == len(points) - 1}
        for number, (name, points) in enumerate(groups)
        for i, p in enumerate(points)
    ]
    top = max((v for r in rows for v in (r["upper"], r["value"]) if v is not None), default=1.0)
    x = alt.X(
        "label:N",
        sort=labels,
        axis=alt.Axis(labelAngle=0, labelExpr="split(datum.label, '/')" if narrow else "datum.label"),
        scale=alt.Scale(padding=0.35),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, top * 1.18 or 1], nice=False),
        axis=alt.Axis(labelExpr=f"format(datum.value, ',.1~f') + '{unit}'"),
    )
    base = alt.Chart(drawn_from(rows)).encode(x=x)
    own = base.transform_filter("datum.first")
    other = base.transform_filter("!datum.first")
    known = "isValid(datum.value)"
    colour, soft = theme["accent"], theme["ink-soft"]
    # Names stand at the ends, above the higher line and below the lower one.
    finals = {
        name: next((p.value for p in reversed(points) if p.value is not None), 0.0) for name, points in groups
    }
    highest = max(finals, key=lambda name: finals[name])
    name: dict[str, Any] = {"align": "right", "fontWeight": 600, "fontSize": 12 if narrow else 13}
    placed = []
    for group, dy in ((g, -18 if g == highest else 20) for g in finals):
        end = base.transform_filter(f"datum.last && datum.group == {json.dumps(group)} && {known}")
        # The outline keeps a name readable where a line passes behind it.
        placed += [
            end.mark_text(**name, dy=dy, stroke=theme["paper"], strokeWidth=5).encode(
                y=y, text=alt.Text("group:N")
            ),
            end.mark_text(**name, dy=dy).encode(y=y, text=alt.Text("group:N")),
        ]
    begun = alt.Chart(alt.InlineData(values=[{"label": labels[start]}]))
    layers = [
        own.transform_filter("isValid(datum.lower)")
        .mark_area(color=theme["seq-2"], opacity=1)
        .encode(y=alt.Y("lower:Q"), y2=alt.Y2("upper:Q")),
        begun.mark_rule(color=theme["signal"], strokeWidth=2, xOffset=-width / len(labels) / 2.6).encode(x=x),
        other.mark_line(color=soft, strokeWidth=2.5, strokeDash=[6, 4]).encode(y=y),
        own.mark_line(color=colour, strokeWidth=3).encode(y=y),
        other.transform_filter(known)
        .mark_point(size=60, strokeWidth=2, opacity=1, color=soft)
        .encode(y=y, fill=alt.FillValue(theme["paper"])),
        own.transform_filter(known).mark_point(size=80, filled=True, opacity=1, color=colour).encode(y=y),
        *placed,
    ]
    return finish(alt.layer(*layers), theme, width, 220 if narrow else 260)


@chart
def since_start(points: Sequence[Point], theme: Theme, width: int, unit: str = "") -> dict[str, Any]:
    """The difference with comparable schools by periods since the start, with its interval around zero."""
    import altair as alt

    narrow = width <= NARROW
    rows = [asdict(p) for p in points]
    base = alt.Chart(drawn_from(rows)).encode(
        x=alt.X("label:N", sort=[p.label for p in points], axis=alt.Axis(labelAngle=0))
    )
    y = alt.Y("value:Q", axis=alt.Axis(labelExpr=f"format(datum.value, ',.1~f') + '{unit}'"))
    zero = alt.Chart(drawn_from([{"value": 0}]))
    known = base.transform_filter("isValid(datum.value)")
    layers = [
        zero.mark_rule(color=theme["ink-soft"], strokeWidth=1.5).encode(y=y),
        base.transform_filter("isValid(datum.lower)")
        .mark_rule(color=theme["accent-mid"], strokeWidth=3)
        .encode(y=alt.Y("lower:Q"), y2=alt.Y2("upper:Q")),
        known.mark_point(size=90, filled=True, opacity=1, color=theme["accent-strong"]).encode(y=y),
    ]
    return finish(alt.layer(*layers), theme, width, 180 if narrow else 220)
