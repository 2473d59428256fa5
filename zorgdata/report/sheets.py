"""The sheet of one school (professionals only) and the sheet about the data."""

from dataclasses import replace
from datetime import date

from zorgdata.errors import UsageError
from zorgdata.report.blocks import (
    Absent,
    Accounting,
    Comparisons,
    History,
    Points,
    Section,
    Sentences,
    Talk,
    Text,
    Tiles,
    sheet,
    some,
)
from zorgdata.report.cells import CellView
from zorgdata.report.drawings import trend
from zorgdata.report.dutch import day, enumeration, number
from zorgdata.report.model import ReportInputs
from zorgdata.report.monitor import plan
from zorgdata.report.page import Style
from zorgdata.report.panel_types import Table, alternatives
from zorgdata.report.panels import build, years
from zorgdata.report.parts import label_of, quality
from zorgdata.report.reader import SHARE, Reader
from zorgdata.report.schools import school_view
from zorgdata.report.snapshot import sentences


def render_school(inputs: ReportInputs, style: Style) -> str:
    """The sheet of one school. Refused for the public: a school alone is too close to its children."""
    if inputs.audience == "public":
        raise UsageError(
            "The sheet of a school is for professionals only.", "Use --audience professional (or internal)."
        )
    if inputs.unit is None or inputs.unit.level != "school":
        raise UsageError("A school sheet needs a school.", "Give a school location with --unit BRIN6.")
    read = Reader(inputs, style.texts)
    t, school = style.texts, inputs.unit
    known = read.figures.known
    region = Reader(replace(inputs, unit=None), t)
    view = school_view(
        region,
        school,
        [known(alternatives(m)) for m in plan()["tiles"]],
        [known(alternatives(m)) for m in plan()["compare"]],
    )
    reference = read.cell(SHARE).reference_date
    found = sentences(read, _day(reference))
    figure = trend(read, style, SHARE, chart_id="verloop", group="trend", interval=True)
    sections = [
        Section("kort", t("brief.title"), "", some(Sentences(tuple(found)) if found else None)),
        Section(
            "kern",
            t("figures.title"),
            "",
            some(Tiles(tuple(view["tiles"])) if view["tiles"] else None, figure),
        ),
        Section(
            "vergelijken",
            t("monitor.compare"),
            t("monitor.compare_lead"),
            some(
                Comparisons(view) if view["comparisons"] or view["not_shown"] else None,
                Talk(t.many("school.talk")),
            ),
        ),
        Section(
            "jaren",
            t("monitor.history"),
            t("monitor.history_lead"),
            some(History(view) if view["history"] else Absent(t("brief.nothing"))),
        ),
        Section(
            "lezen", t("reading.title"), "", some(Text(t.many("reading.rules", region=inputs.region.name)))
        ),
    ]
    place = view["school"]["place"]
    return sheet(
        inputs,
        style,
        sections,
        overline=t("school.overline"),
        title=school.name,
        subtitle=t("monitor.school_subtitle", type=view["school"]["type"], place=place),
    )


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso)) if iso else ""


def render_quality(inputs: ReportInputs, style: Style) -> str:
    """What came in, what was set aside, what the checks say, how complete and linked the data are."""
    read = Reader(replace(inputs, unit=None), style.texts)
    t = style.texts
    theme = [
        k
        for k, info in inputs.catalogue.by_key.items()
        if info.theme == "K" and read.figures.has(k, "region")
    ]
    delivered = {d.kind for d in inputs.deliveries}
    absent = inputs.catalogue.not_available(delivered) if delivered else []
    panels = [
        build(read, style, {"kind": "split", "metric": "unknown_share", "dimension": "field"}),
        build(read, style, {"kind": "places", "metric": "link_rate", "level": "responsible_municipality"}),
        years(read, theme, table_id="kwaliteit", title=t("data.years")),
    ]
    missing = tuple(
        f"{read.label(info)}: {', '.join(read.inputs_named(source) for source in lacking)}"
        for info, lacking in absent
    )
    sections = [
        Section("leveringen", t("quality.caption"), t("quality.lead"), some(Accounting(quality(read)))),
        Section("per-gemeente", t("data.by_place"), t("data.by_place_lead"), some(_deliveries(read))),
        Section("controles", t("data.checks"), t("data.checks_lead"), some(_attention(read), _checks(read))),
        Section("cijfers", t("data.figures"), "", some(*panels)),
        Section(
            "ontbreekt", t("missing.title"), t("missing.needs"), some(Points(missing) if missing else None)
        ),
    ]
    return sheet(
        inputs,
        style,
        sections,
        overline=t("data.overline"),
        title=t("data.title", region=inputs.region.name),
        subtitle=t("data.subtitle"),
    )


def _deliveries(read: Reader) -> Table | None:
    """Lines and last delivery per municipality and kind; not for the public."""
    t = read.texts
    rows = [d for d in read.inputs.deliveries if d.municipality_code]
    if not rows or read.inputs.audience == "public":
        return None
    names = read.value_names("responsible_municipality")
    head = [t("schools.municipality"), t("quality.kind"), t("quality.received")]
    head += [t(f"quality.{k}") for k in ("read", "accepted", "quarantined", "blank")]
    return Table(
        "leveringen-gemeente",
        t("data.by_place"),
        "",
        "",
        tuple(head),
        tuple(
            (
                CellView(names.get(d.municipality_code, d.municipality_code)),
                CellView(t.label("kind", d.kind)),
                CellView(day(d.last_received) if d.last_received else ""),
                *(CellView(number(getattr(d, k))) for k in ("read", "accepted", "quarantined", "blank")),
            )
            for d in sorted(rows, key=lambda d: (names.get(d.municipality_code, d.municipality_code), d.kind))
        ),
    )


def _checks(read: Reader) -> Table | Text:
    """Every check with its outcome in words, failed ones first; without counts for the public."""
    t, checks = read.texts, read.inputs.checks
    if not checks:
        return Text((t("quality.no_checks"),))
    order = {"error": 0, "failed": 1, "not_applicable": 2, "passed": 3}
    # A publication knows outcomes only; where the counts are known they are shown.
    known = any(c.offending is not None for c in checks) and read.inputs.audience != "public"
    counts = ("offending", "total") if known else ()
    rows = []
    for c in sorted(checks, key=lambda c: (order.get(c.status, 0), c.title)):
        numbers = (getattr(c, k) for k in counts)
        rows.append(
            (
                CellView(c.title),
                CellView(t.label("data", f"status_{c.status}")),
                *(CellView("" if v is None else number(v)) for v in numbers),
                CellView(c.message),
            )
        )
    head = tuple(t(f"data.check_{k}") for k in ("name", "status", *counts, "message"))
    return Table("controles", t("data.checks"), "", "", head, tuple(rows), words=True)


def _attention(read: Reader) -> Points | None:
    """What a failed check means and which figures it makes doubtful."""
    t = read.texts
    items = []
    for check in read.inputs.checks:
        if check.status != "failed":
            continue
        labels = [label_of(read, m) for m in check.affects if m in read.figures.metrics]
        text = f"**{check.title}.** {check.how_to_read or check.message}"
        if labels:
            text += " " + t("data.affects", metrics=enumeration(labels))
        items.append(text)
    return Points(tuple(items)) if items else None
