"""One school beside schools of the same type and the region: the core of a school's page and sheet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from zorgdata.catalogue import Disclosure
from zorgdata.disclosure.table import NOT_APPLICABLE, Cell
from zorgdata.report.cells import CellView
from zorgdata.report.marks import RangeMark, range_mark
from zorgdata.report.model import Unit, drawable
from zorgdata.report.parts import definitions, label_of, tile
from zorgdata.report.reader import Reader


@dataclass(frozen=True)
class Comparison:
    """One figure of a school, the range of like schools, the region, and where the school lies."""

    label: str
    own: CellView
    like: str
    region: CellView
    mark: RangeMark | None


def comparisons(read: Reader, school: Unit, metrics: Sequence[str]) -> list[Comparison]:
    """Figures of a school that the publication has, in the given order."""
    found = []
    region = read.inputs.region
    for metric in metrics:
        if not read.figures.has(metric, "school"):
            continue
        own, all_schools = read.cell(metric, unit=school), read.cell(metric, unit=region)
        like = read.like(metric, school.school_type)
        view = read.view(own, star=False)
        if drawable(own) is None:
            continue
        if _grows(read, metric):
            all_schools = replace(all_schools, value=None, display="", cell_status=NOT_APPLICABLE)
        known = sorted((v, c.display) for c in like if (v := drawable(c)) is not None)
        span = ""
        if len(known) >= 4:
            span = read.texts("monitor.like_range", low=known[0][1], high=known[-1][1])
        found.append(
            Comparison(
                label_of(read, metric),
                view,
                span,
                read.view(all_schools, star=False),
                range_mark(own, like, all_schools, top=_top(read, metric, like, own, all_schools)),
            )
        )
    return found


def _grows(read: Reader, metric: str) -> bool:
    """Whether a figure is about organisations: a region has more of them than any school has."""
    info = read.info(metric)
    return info is not None and info.disclosure is Disclosure.STRUCTURE


def hidden_labels(read: Reader, school: Unit, metrics: Sequence[str]) -> list[str]:
    """Labels of the figures that may not be shown of a school."""
    return [label_of(read, m) for m in metrics if read.cell(m, unit=school).hidden]


def _top(read: Reader, metric: str, like: Sequence[Cell], own: Cell, region: Cell) -> float:
    """End of the scale of a mark: 1 for shares, else a little above the largest value drawn."""
    if read.is_share(metric):
        return 1.0
    values = [v for c in (*like, own, region) if (v := drawable(c)) is not None]
    return max(values, default=1.0) * 1.1 or 1.0


def history(read: Reader, school: Unit) -> list[dict[str, Any]]:
    """Every figure of a school through the years, by theme; rows and themes without any are left out."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for metric, info in read.inputs.catalogue.by_key.items():
        if not read.figures.has(metric, "school"):
            continue
        views = [read.view(c, star=False) for c in read.series(metric, school)]
        if any(v.name for v in views):
            groups.setdefault(info.theme, []).append({"label": read.label(info), "cells": views})
    return [
        {"label": read.label(theme), "rows": groups[theme.letter]}
        for theme in read.inputs.catalogue.themes
        if theme.letter in groups
    ]


def _not_shown(read: Reader, school: Unit, metrics: Sequence[str]) -> str:
    labels = hidden_labels(read, school, metrics)
    return read.texts("monitor.compare_hidden", labels="; ".join(labels)) if labels else ""


def school_view(read: Reader, school: Unit, tiles: Sequence[str], compare: Sequence[str]) -> dict[str, Any]:
    """What a page about one school prints."""
    t = read.texts
    return {
        "school": {
            "name": school.name,
            "id": school.unit_id,
            "type": t.label("school_type", school.school_type),
            "place": read.place_name(school.municipality_code),
            "place_code": school.municipality_code,
        },
        "tiles": [x for m in tiles if read.figures.has(m, "school") and (x := tile(read, m, school))],
        "comparisons": comparisons(read, school, compare),
        "not_shown": _not_shown(read, school, compare),
        "history": history(read, school),
        "terms": definitions(read, [m for m in compare if read.figures.has(m, "school")]),
    }
