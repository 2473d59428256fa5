"""Schools of one type against what chance and real differences together explain."""

import numpy as np

from zorgdata.report import charts_more
from zorgdata.report.cells import CellView
from zorgdata.report.charts import NARROW, WIDE
from zorgdata.report.charts_more import Dot
from zorgdata.report.drawings import Words, drawing
from zorgdata.report.dutch import number, percent
from zorgdata.report.page import Style
from zorgdata.report.panel_types import Panel, Spec, id_of, metric_of, source_of
from zorgdata.report.parts import label_of
from zorgdata.report.reader import Reader
from zorgdata.stats.funnel import funnel_limits, overdispersion

LEAST = 10
"""Fewer schools give no usable estimate of how much schools differ."""


def funnel(read: Reader, style: Style, spec: Spec) -> Panel | None:
    """Funnel of the school type with most shown schools, from published counts.

    Limits at 95 % and 99.8 % allow for the real differences between schools (additive overdispersion, φ
    printed). Schools carry no names in the drawing, and the table is in the order of the other tables.
    None with fewer than ten schools of a type of which share, numerator and denominator are shown.
    """
    metric = metric_of(read, spec)
    groups: dict[str, list[tuple[str, float, float]]] = {}
    for school in read.subject.schools:
        x, n = (read.at(spec[k], school) for k in ("count", "base"))
        if read.at(metric, school).shown and x.shown and n.shown and x.value is not None and n.value:
            groups.setdefault(school.school_type, []).append((school.name, min(x.value, n.value), n.value))
    kind, rows = max(groups.items(), key=lambda item: len(item[1]), default=("", []))
    if len(rows) < LEAST:
        return None
    x_, n_ = (np.array([row[i] for row in rows]) for i in (1, 2))
    theta = float(x_.sum() / n_.sum())
    spread = overdispersion(x_, n_)
    phi, tau2 = spread.phi or 1.0, spread.tau2 or 0.0
    sizes = np.linspace(max(5.0, float(n_.min()) * 0.8), float(n_.max()) * 1.05, 60)
    narrow, wide = (funnel_limits(theta, sizes, level, tau2) for level in (0.95, 0.998))
    limits = [
        {"n": round(float(n)), **{k: round(100 * float(v), 1) for k, v in zip(_BOUNDS, values, strict=True)}}
        for n, *values in zip(sizes, narrow.lower, narrow.upper, wide.lower, wide.upper, strict=True)
    ]
    own = funnel_limits(theta, n_, 0.95, tau2)
    shares = x_ / n_
    outside = (shares < own.lower) | (shares > own.upper)
    dots = [
        Dot(float(n), round(100 * float(p)), bool(out)) for n, p, out in zip(n_, shares, outside, strict=True)
    ]
    t = read.texts
    count = int(outside.sum())
    name = t.label("school_type", kind)
    form = {0: "none", 1: "one"}.get(count, "some")
    words = Words(
        t(f"funnel.title_{form}", type=name, count=number(count), total=len(rows)),
        t("funnel.unit", label=label_of(read, metric)),
        t("funnel.desc", total=len(rows), theta=percent(theta)),
        source_of(read, read.at(metric)),
        t("funnel.note", phi=number(phi, 1)),
    )
    specs = tuple(
        charts_more.funnel(dots, limits, round(100 * theta), style.theme, w) for w in (WIDE, NARROW)
    )
    return drawing(
        id_of(metric, "spreiding"),
        words,
        (specs[0], specs[1]),
        [t("schools.school"), label_of(read, spec["base"]), label_of(read, metric), t("funnel.place")],
        [
            [
                CellView(school),
                CellView(number(n)),
                CellView(percent(x / n)),
                CellView(t("funnel.outside" if out else "funnel.inside")),
            ]
            for (school, x, n), out in zip(rows, outside, strict=True)
        ],
    )


_BOUNDS = ("low95", "high95", "low998", "high998")
