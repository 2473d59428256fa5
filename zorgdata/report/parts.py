"""Parts that several reports share: head, key figures, the table of schools, data quality, definitions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zorgdata.catalogue import Disclosure, Metric
from zorgdata.catalogue import Unit as MetricUnit
from zorgdata.disclosure.table import Cell
from zorgdata.report.cells import (
    COUNT_STEP,
    CellView,
    Change,
    compare,
    heat_class,
    tile_of,
    view_cell,
)
from zorgdata.report.dutch import day, number, percent, period, period_phrase, sentence_case
from zorgdata.report.marks import RangeMark, Spark, range_mark, spark, strip
from zorgdata.report.model import Figures, Period, ReportInputs, Unit, drawable, school_year
from zorgdata.report.texts import Texts
from zorgdata.stats.intervals import wilson

TYPES = ("BO", "SBO", "SO", "SO/VSO", "VSO", "PRO", "VO", "MBO")


@dataclass(frozen=True)
class Subject:
    """What a report is about: the region, a municipality or a school, with the schools that belong to it."""

    level: str
    unit_id: str
    name: str
    schools: tuple[Unit, ...]


def subject_of(inputs: ReportInputs) -> Subject:
    """The subject and its schools, ordered by type and then by name: an order that ranks nobody."""
    schools = tuple(
        sorted(inputs.of_level("school"), key=lambda s: (type_rank(s.school_type), s.name.casefold()))
    )
    unit = inputs.unit
    if unit is None:
        return Subject("region", inputs.region.unit_id, inputs.region.name, schools)
    if unit.level == "school":
        return Subject(
            "school", unit.unit_id, unit.name, tuple(s for s in schools if s.unit_id == unit.unit_id)
        )
    own = tuple(s for s in schools if s.municipality_code == unit.unit_id)
    return Subject(unit.level, unit.unit_id, unit.name, own)


def type_rank(school_type: str) -> int:
    """Order of school types in reports: primary to secondary, special after mainstream."""
    return TYPES.index(school_type) if school_type in TYPES else len(TYPES)


class Reader:
    """Short names for what a view asks all the time; holds no state of its own."""

    def __init__(self, inputs: ReportInputs, texts: Texts) -> None:
        self.inputs = inputs
        self.texts = texts
        self.figures: Figures = inputs.figures
        self.subject = subject_of(inputs)
        self.years: tuple[Period, ...] = inputs.years[-6:]
        self.now = inputs.period
        self.provisional = inputs.provisional

    def cell(self, metric: str, period: str | None = None, unit: Unit | None = None) -> Cell:
        """The subject's cell (or a unit's) in a period, the latest by default."""
        level, unit_id = (unit.level, unit.unit_id) if unit else (self.subject.level, self.subject.unit_id)
        return self.figures.get(metric, level, unit_id, period or self.now)

    def series(self, metric: str, unit: Unit | None = None) -> tuple[Cell, ...]:
        """The cells of all school years, oldest first."""
        return tuple(self.cell(metric, y.period, unit) for y in self.years)

    def view(self, cell: Cell, *, star: bool = True) -> CellView:
        """The printed form of a cell, marked when its period is provisional.

        ``star`` is off where the head of the column or the caption carries the mark already.
        """
        period = cell.period or school_year(cell.reference_date)
        return view_cell(
            cell, self.figures, self.texts, provisional=star and period in self.provisional and cell.shown
        )

    def info(self, metric: str) -> Metric | None:
        """The catalogue entry of a stored key; None for a key the catalogue does not know."""
        return self.inputs.catalogue.by_key.get(metric)

    def is_share(self, metric: str) -> bool:
        """Whether values are fractions that a reader sees as percentages."""
        info = self.info(metric)
        return info is not None and info.unit is MetricUnit.SHARE

    def step(self, metric: str) -> int:
        """The step that published values are rounded to, apart from decimals: 5 for children and hours."""
        info = self.info(metric)
        return COUNT_STEP if info and info.disclosure in (Disclosure.COUNT, Disclosure.HOURS) else 0

    def before(self, metric: str, unit: Unit | None = None) -> Cell:
        """The cell a year before the latest period; a missing cell when there is no such year."""
        names = [y.period for y in self.years]
        at = names.index(self.now) if self.now in names else 0
        return self.cell(metric, names[at - 1] if at > 0 else "-", unit)

    def change(self, metric: str, chance: bool = False) -> Change:
        """How the subject's figure moved since a year earlier."""
        return compare(
            self.cell(metric),
            self.before(metric),
            self.texts,
            share=self.is_share(metric),
            step=self.step(metric),
            chance=chance,
        )

    def interval(self, share: Cell, count: str, base: str) -> tuple[float | None, float | None]:
        """Wilson 95 % interval of a shown share, from the *published* numerator and denominator.

        From exact counts it would give them away to whoever inverts the formula. (None, None) when one of
        the three is not shown or the rounded numerator exceeds the denominator.
        """
        x = self.figures.get(count, share.level, share.unit_id, share.period)
        n = self.figures.get(base, share.level, share.unit_id, share.period)
        if not (share.shown and x.shown and n.shown) or x.value is None or not n.value or x.value > n.value:
            return None, None
        found = wilson(x.value, n.value)
        return found.lower, found.upper


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
        "facts": [(label, value) for label, value in facts if value],
        "as_of": day(inputs.as_of),
        "contact": inputs.contact,
    }


SHARE = "care_share"
COUNT = "pupils_with_care"
PUPILS = "pupils_enrolled"


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


def tile(read: Reader, metric: str) -> Tile | None:
    """A key figure of the subject; None when the publication does not have the metric."""
    if metric not in read.figures.metrics:
        return None
    cells = read.series(metric)
    periods = [y.period for y in read.years]
    label = label_of(read, metric)
    values = ", ".join(
        f"{period(p)}: {read.view(c).spoken or c.display}" for p, c in zip(periods, cells, strict=True)
    )
    return Tile(
        label,
        read.view(read.cell(metric)),
        tile_of(read.change(metric), read.texts),
        spark(cells, read.provisional, periods),
        period(periods[0]),
        period(periods[-1]),
        f"{label}. {values}.",
    )


def label_of(read: Reader, metric: str) -> str:
    """The label of a metric in the catalogue, or its key when the catalogue does not know it."""
    info = read.info(metric)
    return info.label_nl if info else metric


def definitions(read: Reader, metrics: Sequence[str]) -> list[dict[str, str]]:
    """Label, definition and key of the metrics that the catalogue knows and the publication has."""
    known = read.inputs.catalogue.by_key
    return [
        {"label": known[m].label_nl, "text": known[m].definition_nl, "key": m}
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


def school_rows(read: Reader) -> list[SchoolRow]:
    """School × year: share and number of pupils with care on the reference date."""
    t = read.texts
    region = read.figures.get(SHARE, "region", read.inputs.region.unit_id, read.now)
    everyone = read.inputs.of_level("school")
    rows = []
    for school in read.subject.schools:
        like = [read.cell(SHARE, unit=s) for s in everyone if s.school_type == school.school_type]
        share = read.cell(SHARE, unit=school)
        mark = range_mark(share, like, region)
        shares = tuple(
            replace(read.view(c, star=False), heat=heat_class(c)) for c in read.series(SHARE, school)
        )
        place = read.inputs.named("school_municipality", school.municipality_code)
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
                tuple(read.view(c, star=False) for c in read.series(COUNT, school)),
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


def quality(read: Reader) -> Mapping[str, Any]:
    """The accounting of deliveries and the outcome of the checks.

    For the public, numbers of lines about children are rounded to fives like every other number.
    """
    t, inputs = read.texts, read.inputs
    public = inputs.audience == "public"

    def lines(value: int, kind: str = "") -> str:
        return number(value if kind in _NOT_ABOUT_CHILDREN or not public else 5 * round(value / 5))

    kinds: dict[str, list[Any]] = {}
    for delivery in inputs.deliveries:
        kinds.setdefault(delivery.kind, []).append(delivery)
    counts = ("read", "accepted", "quarantined", "blank")
    rows = [
        {
            "kind": t.label("kind", kind),
            "files": number(sum(d.files for d in group)),
            "received": max((d.last_received for d in group if d.last_received), default=None),
            **{c: lines(sum(getattr(d, c) for d in group), kind) for c in counts},
        }
        for kind, group in sorted(kinds.items(), key=lambda item: t.label("kind", item[0]))
    ]
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
        "total": total,
        "files": number(sum(d.files for d in inputs.deliveries)),
        "rounded": public,
        "cells": cells,
        "link": t("quality.link", share=link.display) if link.shown else "",
        "checks": len(applicable),
        "failed": failed,
    }
