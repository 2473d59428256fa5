"""Milestones on a line: planned, expected, realised, with a status in words."""

from datetime import date, timedelta
from typing import Any

from zorgdata.report.cells import CellView
from zorgdata.report.charts import NARROW, WIDE, categories, drawn_from, filled, finish, folded
from zorgdata.report.drawings import Drawing, Words, drawing
from zorgdata.report.dutch import day, number
from zorgdata.report.model import Milestone
from zorgdata.report.page import Style
from zorgdata.report.reader import Reader
from zorgdata.report.theme import Theme

ATTENTION, LATE = 30, 90
"""Days that the expected day may lie behind the planned day before a milestone needs attention, is late."""


def status(milestone: Milestone, today: date) -> str:
    """``gereed``, ``op_schema``, ``aandacht`` or ``vertraagd``.

    Realised is done. Else expected − planned over 30 days needs attention, over 90 days is late; without an
    expected day the publication's own day counts once the planned day has passed.
    """
    if milestone.realised_on is not None:
        return "gereed"
    expected = milestone.expected_on or max(milestone.planned_on, today)
    behind = (expected - milestone.planned_on).days
    return "vertraagd" if behind > LATE else "aandacht" if behind > ATTENTION else "op_schema"


def milestone_line(read: Reader, style: Style) -> Drawing | None:
    """All milestones in the order of their planned day; None without any."""
    found = sorted(read.inputs.milestones, key=lambda m: (m.planned_on, m.name))
    if not found:
        return None
    t = read.texts
    today = read.inputs.publication.data_until or read.inputs.as_of
    names = read.value_names("milestone_status")
    states = [status(m, today) for m in found]
    done, late = states.count("gereed"), sum(s in ("aandacht", "vertraagd") for s in states)
    words = Words(
        t("initiative.line_title", done=number(done), total=number(len(found)), late=number(late)),
        t("initiative.line_unit", day=day(today)),
        " ".join(f"{m.name}: {names.get(s, s)}." for m, s in zip(found, states, strict=True)),
        t("general.source_over", region=read.inputs.region.name, period=day(today)),
    )
    data = [
        {
            "label": m.name,
            "planned": m.planned_on.isoformat(),
            "end": (m.realised_on or m.expected_on or m.planned_on).isoformat(),
            "done": m.realised_on is not None,
            "text": names.get(s, s),
        }
        for m, s in zip(found, states, strict=True)
    ]
    specs = tuple(_spec(data, today, style.theme, w) for w in (WIDE, NARROW))
    head = [t(f"initiative.{k}") for k in ("milestone", "planned", "expected", "realised", "status")]
    rows = [
        [
            CellView(m.name),
            *(CellView(day(d) if d else "") for d in (m.planned_on, m.expected_on, m.realised_on)),
            CellView(names.get(s, s)),
        ]
        for m, s in zip(found, states, strict=True)
    ]
    return drawing("mijlpalenlijn", words, (specs[0], specs[1]), head, rows)


def _span(rows: list[dict[str, Any]], today: date, *, after: float) -> list[str]:
    """First and last day of the axis: all days and today, and room behind the last for its status."""
    days = [date.fromisoformat(row[k]) for row in rows for k in ("planned", "end")] + [today]
    length = max(max(days) - min(days), timedelta(60))
    return [(min(days) - 0.05 * length).isoformat(), (max(days) + after * length).isoformat()]


def _spec(data: list[dict[str, Any]], today: date, theme: Theme, width: int) -> dict[str, Any]:
    import altair as alt

    narrow = width <= NARROW
    rows = [dict(row, label=folded(str(row["label"]), narrow=narrow)) for row in data]
    base = alt.Chart(drawn_from(rows)).encode(y=categories(theme, narrow=narrow, inner=0.5, outer=0.2))
    at = alt.X(
        "planned:T",
        axis=alt.Axis(grid=True, format="%b %Y", tickCount=3 if narrow else 6),
        scale=alt.Scale(domain=_span(rows, today, after=0.75 if narrow else 0.25), nice=False),
    )
    now = alt.Chart(drawn_from([{"planned": today.isoformat()}]))
    layers = [
        now.mark_rule(color=theme["signal"], strokeWidth=2).encode(x=at),
        base.mark_rule(color=theme["seq-3"], strokeWidth=5).encode(x=at, x2=alt.X2("end:T")),
        base.mark_point(shape="diamond", size=110, strokeWidth=2, color=theme["accent"], opacity=1).encode(
            x=at, fill=alt.FillValue(theme["paper"])
        ),
        base.mark_point(size=110, strokeWidth=2, opacity=1, color=theme["accent"]).encode(
            x=alt.X("end:T"),
            fill=filled("datum.done", theme["accent"], theme["paper"]),
        ),
        base.mark_text(align="left", dx=10, fontSize=12, stroke=theme["paper"], strokeWidth=4).encode(
            x=alt.X("end:T"), text=alt.Text("text:N")
        ),
        base.mark_text(align="left", dx=10, fontSize=12).encode(x=alt.X("end:T"), text=alt.Text("text:N")),
    ]
    return finish(alt.layer(*layers), theme, width, (46 if narrow else 40) * len(rows) + 20)
