"""Parts that several reports share: head, key figures, the table of schools, data quality, definitions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zorgdata.disclosure.table import Cell
from zorgdata.report.cautions import fell_by_registration, late_notes, merger_notes
from zorgdata.report.cells import (
    CellView,
    heat_class,
    tile_of,
)
from zorgdata.report.dutch import day, number, percent, period, period_phrase, sentence_case
from zorgdata.report.marks import RangeMark, Spark, range_mark, spark, strip
from zorgdata.report.model import Delivery, Period, Unit, drawable
from zorgdata.report.reader import COUNT, PUPILS, SHARE, Reader
from zorgdata.report.texts import Texts


def head(read: Reader, title_key: str) -> dict[str, Any]:
    """Title, region, period, status, audience, deliveries: what a reader checks first."""
    inputs, t = read.inputs, read.texts
    reference = read.figures.get(SHARE, "region", inputs.region.unit_id, read.now).reference_date
    on = day(date.fromisoformat(reference)) if reference else ""
    provisional = read.now in read.provisional
    facts = [
        (t("snapshot.head_period"), sentence_case(period_phrase(read.now))),
        (t("snapshot.head_date"), on),
        (
            t("snapshot.head_status"),
            sentence_case(t("general.provisional" if provisional else "general.final")),
        ),
        (t("snapshot.head_audience"), t(f"audience.{inputs.audience}")),
        (
            t("snapshot.head_delivered"),
            day(inputs.publication.data_until) if inputs.publication.data_until else "",
        ),
        (t("snapshot.head_made"), day(inputs.as_of)),
        (t("snapshot.head_publication"), inputs.publication.publication_id),
    ]
    return {
        "title": t(title_key, region=read.subject.name),
        "region": inputs.region.name,
        "subject": read.subject.name,
        "period": period(read.now),
        "period_phrase": period_phrase(read.now),
        "date": on,
        "provisional": provisional,
        "audience": inputs.audience,
        "late": [*late_notes(read), *merger_notes(read)],
        "facts": [(label, value) for label, value in facts if value],
        "as_of": day(inputs.as_of),
        "contact": inputs.contact,
    }


def strip_view(read: Reader, date_text: str) -> dict[str, Any] | None:
    """The strip of schools in the head, with its description."""
    schools = read.subject.schools
    groups = [
        [read.cell(SHARE, unit=s) for s in schools if s.school_type == kind]
        for kind in dict.fromkeys(s.school_type for s in schools)
    ]
    drawn = strip(groups)
    if drawn is None or len(drawn.bars) < 3:
        return None
    shown = sorted((v, c.display) for g in groups for c in g if (v := drawable(c)) is not None)
    t = read.texts
    span = t("snapshot.strip_range", low=shown[0][1], high=shown[-1][1])
    return {
        "mark": drawn,
        "caption": " ".join(
            [t("snapshot.strip", date=date_text)] + ([t("snapshot.strip_hidden")] if drawn.dots else [])
        ),
        "desc": t("snapshot.strip_desc", count=len(drawn.bars) + len(drawn.dots), range=span),
    }


@dataclass(frozen=True)
class Tile:
    """One key figure."""

    label: str
    value: CellView
    change: str
    mark: Spark | None
    first: str
    last: str
    desc: str
    unit: str = ""


def tile(read: Reader, metric: str, unit: Unit | None = None) -> Tile | None:
    """A key figure of the subject (or a unit); None when there is none to print."""
    if metric not in read.figures.metrics:
        return None
    cells = read.series(metric, unit)
    view = read.view(read.cell(metric, unit=unit))
    if not view.text:
        return None
    periods = [y.period for y in read.years]
    label = label_of(read, metric)
    change, registration = read.change(metric, unit=unit), fell_by_registration(read, metric, unit)
    values = ", ".join(
        f"{period(p)}: {read.view(c).spoken or c.display}" for p, c in zip(periods, cells, strict=True)
    )
    return Tile(
        label,
        view,
        "" if view.spoken else tile_of(change, read.texts, registration=registration),
        spark(cells, read.provisional, periods),
        period(periods[0]),
        period(periods[-1]),
        f"{label}. {values}.",
        read.unit_symbol(metric),
    )


def label_of(read: Reader, metric: str) -> str:
    """The label of a metric in the catalogue, or its key when the catalogue does not know it."""
    info = read.info(metric)
    return read.label(info) if info else metric


def definitions(read: Reader, metrics: Sequence[str]) -> list[dict[str, str]]:
    """Label, definition and key of the metrics that the catalogue knows and the publication has."""
    known = read.inputs.catalogue.by_key
    return [
        {"label": read.label(known[m]), "text": known[m].definition_nl, "key": m}
        for m in dict.fromkeys(metrics)
        if m in known and m in read.figures.metrics
    ]


@dataclass(frozen=True)
class SchoolRow:
    """One school in the table of schools and years."""

    unit_id: str
    name: str
    type_code: str
    type_name: str
    municipality: str
    search: str
    pupils: CellView
    shares: tuple[CellView, ...]
    counts: tuple[CellView, ...]
    mark: RangeMark | None
    mark_spoken: str


MANY_SCHOOLS = 80
"""From so many schools on a table of all of them shows the last year only: a page stays below 300 kB."""


def many_schools(read: Reader) -> bool:
    """Whether the subject has too many schools to print all there is of each on one page."""
    return len(read.subject.schools) >= MANY_SCHOOLS


def table_years(read: Reader) -> tuple[Period, ...]:
    """The school years of the table of schools: all, or the one of the report when the schools are many."""
    return tuple(y for y in read.years if y.period == read.now) if many_schools(read) else read.years


def school_rows(read: Reader) -> list[SchoolRow]:
    """School × year: share and number of pupils with care on the reference date."""
    t, years, many = read.texts, [y.period for y in table_years(read)], many_schools(read)
    region = read.figures.get(SHARE, "region", read.inputs.region.unit_id, read.now)
    rows = []
    for school in read.subject.schools:
        share = read.cell(SHARE, unit=school)
        # The place among like schools stands on the page of the school; here it would double a long page.
        mark = None if many else range_mark(share, read.like(SHARE, school.school_type), region)
        shares = tuple(
            replace(read.view(c, star=False), heat=heat_class(c))
            for c in (read.cell(SHARE, y, school) for y in years)
        )
        place = read.place_name(school.municipality_code)
        rows.append(
            SchoolRow(
                school.unit_id,
                school.name,
                school.school_type,
                t.label("school_type", school.school_type),
                place,
                f"{school.name} {place} {school.school_type}".lower(),
                read.view(read.cell(PUPILS, unit=school), star=False),
                shares,
                tuple(
                    CellView("") if many else read.view(read.cell(COUNT, y, school), star=False)
                    for y in years
                ),
                mark,
                _spoken_mark(mark, share, region, t),
            )
        )
    return rows


def _spoken_mark(mark: RangeMark | None, share: Cell, region: Cell, t: Texts) -> str:
    if mark is None:
        return ""
    fields = {"value": share.display, "region": region.display}
    if mark.low is None or mark.high is None:
        return t("schools.position_spoken_short", **fields)
    return t("schools.position_spoken", low=percent(mark.low / 100), high=percent(mark.high / 100), **fields)


_NOT_ABOUT_CHILDREN = frozenset(
    (
        "schools",
        "providers",
        "products",
        "places",
        "offers",
        "population",
        "initiatives",
        "milestones",
        "meetings",
        "budgets",
    )
)


_MAIN = ("indications", "enrolments", "schools", "providers", "products")
"""Kinds that every figure about care at schools stands on."""


def quality(read: Reader, *, brief: bool = False) -> Mapping[str, Any]:
    """The accounting of deliveries and the outcome of the checks.

    For the public, numbers of lines about children are rounded to fives like every other number. ``brief``
    adds ``main``: the kinds that the figures stand on, and all others in one row.
    """
    t, inputs = read.texts, read.inputs
    public = inputs.audience == "public"

    def lines(value: int, kind: str = "") -> str:
        return number(value if kind in _NOT_ABOUT_CHILDREN or not public else 5 * round(value / 5))

    kinds: dict[str, list[Any]] = {}
    for delivery in inputs.deliveries:
        kinds.setdefault(delivery.kind, []).append(delivery)
    counts = ("read", "accepted", "quarantined", "blank")

    def row(label: str, kind: str, group: Sequence[Delivery]) -> dict[str, Any]:
        return {
            "kind": label,
            "files": number(sum(d.files for d in group)),
            "received": max((d.last_received for d in group if d.last_received), default=None),
            **{c: lines(sum(getattr(d, c) for d in group), kind) for c in counts},
        }

    ordered = sorted(kinds.items(), key=lambda item: t.label("kind", item[0]))
    rows = [row(t.label("kind", kind), kind, group) for kind, group in ordered]
    others = [kind for kind in kinds if kind not in _MAIN]
    main = []
    if brief and len(others) > 1:
        main = [row(t.label("kind", k), k, kinds[k]) for k in _MAIN if k in kinds]
        rest = [d for kind in others for d in kinds[kind]]
        main.append(row(t("quality.others", count=len(others)), "", rest))
    total = {c: lines(sum(getattr(d, c) for d in inputs.deliveries)) for c in counts}
    failed = [c for c in inputs.checks if c.status == "failed"]
    applicable = [c for c in inputs.checks if c.status in ("failed", "passed")]
    publication = inputs.publication
    cells = ""
    if publication.cells and publication.cells_shown is not None:
        cells = t(
            "quality.cells",
            cells=number(publication.cells),
            shown=number(publication.cells_shown),
            share=percent(publication.cells_shown / publication.cells),
        )
    link = read.cell("link_rate")
    return {
        "rows": rows,
        "main": main,
        "total": total,
        "files": number(sum(d.files for d in inputs.deliveries)),
        "rounded": public,
        "cells": cells,
        "link": t("quality.link", share=link.display) if link.shown else "",
        "checks": len(applicable),
        "failed": failed,
    }
