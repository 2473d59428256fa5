"""The snapshot "Data in beeld": how much youth care, at which schools, how steadily. Two to four pages."""

from typing import Any

from zorgdata.report.cautions import fell_by_registration, registration_table_note
from zorgdata.report.cells import heat_class
from zorgdata.report.drawings import Drawing, Words, bars, trend
from zorgdata.report.dutch import enumeration, period
from zorgdata.report.marks import spark
from zorgdata.report.model import ReportInputs, drawable
from zorgdata.report.news import news
from zorgdata.report.page import Style, render_page
from zorgdata.report.panels_compare import schools
from zorgdata.report.parts import (
    definitions,
    head,
    label_of,
    many_schools,
    quality,
    school_rows,
    strip_view,
    table_years,
    tile,
)
from zorgdata.report.reader import COUNT, PUPILS, SHARE, Reader, type_rank
from zorgdata.report.sentences import (
    hours_sentence,
    intensive_sentence,
    lower_first,
    providers_sentence,
    share_sentence,
    value_sentence,
)

HOURS = ("assigned_hours_week", "assigned_hours_week_assigned")
HOURS_PER_CLIENT = ("hours_per_care_pupil", "hours_per_care_pupil_assigned", "hours_per_pupil_with_care")
PROVIDERS = ("providers_per_school",)
EFFECTIVE = ("effective_providers_on_date", "effective_providers")
LARGEST = ("largest_provider_share_on_date", "largest_provider_share")
MUNICIPALITIES = ("municipalities_per_school",)
SWITCHES = ("switches_per_careyear_g28", "switches_per_careyear_g0")
SHORT = ("short_indication_share",)
CONTINUITY = (
    SWITCHES,
    ("secon_t_g28", "secon_t_g0"),
    ("main_cover",),
    SHORT,
    ("renewal_share_any_g28", "renewal_share_any_g0"),
    ("pdc_from_start",),
    ("horizon_match",),
)
CLASSES = ("low", "middle", "border", "intensive", "very_intensive")


def render_snapshot(inputs: ReportInputs, style: Style) -> str:
    """HTML of the snapshot; equal inputs and style give equal bytes."""
    return render_page("snapshot.html.j2", snapshot_view(inputs, style), style)


def snapshot_view(inputs: ReportInputs, style: Style) -> dict[str, Any]:
    """Everything the template prints."""
    read = Reader(inputs, style.texts)
    top = head(read, f"snapshot.title_{read.subject.level}" if read.inputs.unit else "snapshot.title")
    known = read.figures.known
    tiles = [
        t
        for m in (
            COUNT,
            SHARE,
            known(HOURS),
            known(HOURS_PER_CLIENT),
            known(SWITCHES),
            known(SHORT),
        )
        if (t := tile(read, m)) is not None
    ]
    return {
        "head": top,
        "strip": strip_view(read, top["date"]),
        "sentences": sentences(read, top["date"]),
        "news": news(
            read, [known(m) for m in ((COUNT,), (SHARE,), (PUPILS,), HOURS, HOURS_PER_CLIENT, *CONTINUITY)]
        ),
        "tiles": tiles,
        "years": [period(y.period) for y in read.years],
        "year_provisional": [y.provisional for y in read.years],
        "rows": school_rows(read),
        "types": sorted({s.school_type for s in read.subject.schools}, key=type_rank),
        "all": [read.view(read.cell(SHARE, y.period), star=False) for y in table_years(read)],
        "all_counts": [read.view(read.cell(COUNT, y.period), star=False) for y in table_years(read)],
        "table_years": [period(y.period) for y in table_years(read)],
        "table_provisional": [y.provisional for y in table_years(read)],
        "all_pupils": read.view(read.cell(PUPILS), star=False),
        "charts": [
            c
            for c in (
                trend(read, style, SHARE, chart_id="verloop", group="trend", interval=True),
                _types(read, style, top["date"]),
            )
            if c
        ],
        "hours_chart": trend(read, style, known(HOURS), chart_id="uren-verloop", group="hours_trend"),
        "hours": _hours_table(read),
        "classes": _classes(read),
        # Of many schools the middle and the spread per type, not a row for each.
        "providers": None if many_schools(read) else _providers(read),
        "providers_chart": schools(read, style, {"metric": PROVIDERS}) if many_schools(read) else None,
        "continuity": _continuity(read),
        "continuity_note": registration_table_note(read, [known(m) for m in CONTINUITY]),
        "quality": quality(read, brief=True),
        "missing": _missing(read),
        "terms": {
            "schools": definitions(read, (PUPILS, COUNT, SHARE, "care_intensity_class")),
            "hours": definitions(read, (known(HOURS), known(HOURS_PER_CLIENT))),
            "providers": definitions(
                read, [known(m) for m in (PROVIDERS, EFFECTIVE, LARGEST, MUNICIPALITIES)]
            ),
            "continuity": definitions(read, [known(m) for m in CONTINUITY]),
        },
    }


def sentences(read: Reader, date_text: str) -> list[str]:
    """Three to five sentences; fewer when the publication allows no more."""
    t, known = read.texts, read.figures.known
    late = read.now in read.provisional
    hours, switches, short = known(HOURS), known(SWITCHES), known(SHORT)
    schools = read.subject.schools
    kinds = read.inputs.of_level("school_type") if read.subject.level == "region" else ()
    found = [
        share_sentence(
            read.cell(SHARE),
            read.cell(COUNT),
            read.change(SHARE, chance=_overlap(read)),
            t,
            date=date_text,
            provisional=late,
            one_school=read.subject.level == "school",
            registration=fell_by_registration(read, SHARE),
        ),
        intensive_sentence(
            [read.cell(SHARE, unit=s) for s in schools],
            [(t.label("school_type", u.unit_id), read.cell(SHARE, unit=u)) for u in kinds],
            t,
        ),
        hours_sentence(
            read.cell(hours),
            read.change(hours),
            t,
            provisional=late,
            registration=fell_by_registration(read, hours),
        ),
        providers_sentence([read.cell(known(PROVIDERS), unit=s) for s in schools], t)
        if len(schools) > 1
        else "",
        *(
            value_sentence(
                key,
                read.cell(metric),
                read.change(metric),
                t,
                provisional=late,
                registration=fell_by_registration(read, metric),
            )
            for key, metric in (("brief.switches", switches), ("brief.short", short))
        ),
    ]
    return [s for s in found if s][:5]


def _overlap(read: Reader) -> bool:
    low, high = read.interval(read.cell(SHARE), COUNT, PUPILS)
    before_low, before_high = read.interval(read.before(SHARE), COUNT, PUPILS)
    if low is None or high is None or before_low is None or before_high is None:
        return False
    return low <= before_high and before_low <= high


def _types(read: Reader, style: Style, date_text: str) -> Drawing | None:
    """The share per school type as sorted bars against the region."""
    if read.subject.level != "region":
        return None
    t = read.texts
    found = [(u, read.cell(SHARE, unit=u)) for u in read.inputs.of_level("school_type")]
    found = [(u, c) for u, c in found if drawable(c) is not None or c.hidden]
    if sum(drawable(c) is not None for _, c in found) < 2:
        return None
    found.sort(key=lambda item: (-(drawable(item[1]) or 0.0), type_rank(item[0].unit_id)))
    names = [t.label("school_type", u.unit_id) for u, _ in found]
    # The type with the largest share may only be named when none is hidden: a hidden one could be larger.
    certain = all(not c.hidden for _, c in found)
    words = Words(
        t("types.title", type=lower_first(names[0])) if certain else t("types.title_unknown"),
        t("types.unit", date=date_text),
        t("types.desc"),
        t("general.source", region=read.inputs.region.name, date=date_text),
    )
    return bars(
        read,
        style,
        [(name, c) for name, (_, c) in zip(names, found, strict=True)],
        words,
        chart_id="soorten",
        head=[t("schools.type"), *(label_of(read, m) for m in (SHARE, PUPILS, COUNT))],
        more=[[read.cell(m, unit=u) for m in (PUPILS, COUNT)] for u, _ in found],
        reference=read.cell(SHARE),
    )


def _hours_table(read: Reader) -> dict[str, Any] | None:
    """Hours per school type: total per year, and per pupil with care now."""
    total, each = read.figures.known(HOURS), read.figures.known(HOURS_PER_CLIENT)
    if total not in read.figures.metrics and each not in read.figures.metrics:
        return None
    kinds = [
        u
        for u in read.inputs.of_level("school_type")
        if any(s.school_type == u.unit_id for s in read.subject.schools)
    ]
    units = sorted(kinds, key=lambda u: type_rank(u.unit_id)) if read.subject.level == "region" else []
    rows = [
        {
            "label": read.texts.label("school_type", u.unit_id),
            "cells": [read.view(c, star=False) for c in read.series(total, u)],
            "each": read.view(read.cell(each, unit=u), star=False),
        }
        for u in units
    ]
    return {
        "rows": rows,
        "total": [read.view(c, star=False) for c in read.series(total)],
        "each": read.view(read.cell(each), star=False),
    }


def _classes(read: Reader) -> list[dict[str, Any]]:
    """Schools by intensity class of their published share; within a class in the order of the tables."""
    groups: dict[int, list[str]] = {}
    for school in read.subject.schools:
        cell = read.cell(SHARE, unit=school)
        if drawable(cell) is not None or cell.hidden:
            groups.setdefault(heat_class(cell), []).append(school.name)
    t = read.texts
    rungs = [
        {
            "heat": heat,
            "label": t(f"class.{name}"),
            "name": t(f"class.{name}_name"),
            "count": len(groups.get(heat, [])),
            "schools": enumeration(groups.get(heat, [])) or t("class.empty"),
        }
        for heat, name in reversed(list(enumerate(CLASSES, 1)))
    ]
    if groups.get(0):
        rungs.append(
            {
                "heat": 0,
                "label": t("classes.hidden"),
                "name": "",
                "count": len(groups[0]),
                "schools": enumeration(groups[0]),
            }
        )
    return rungs if groups else []


def _providers(read: Reader) -> dict[str, Any] | None:
    """Providers and municipalities per school; counts of organisations."""
    known = read.figures.known
    metrics = [known(m) for m in (PROVIDERS, EFFECTIVE, LARGEST, MUNICIPALITIES)]
    if metrics[0] not in read.figures.metrics:
        return None
    rows = []
    top = max(
        (v for s in read.subject.schools if (v := drawable(read.cell(metrics[0], unit=s))) is not None),
        default=0,
    )
    for school in read.subject.schools:
        cells = [read.cell(m, unit=school) for m in metrics]
        value, inner = drawable(cells[0]), drawable(cells[1])
        rows.append(
            {
                "name": school.name,
                "type": school.school_type,
                "cells": [read.view(c, star=False) for c in cells],
                "bar": None if value is None or not top else round(100 * value / top),
                "inner": None if inner is None or not top else round(100 * inner / top),
                "search": f"{school.name} {school.school_type}".lower(),
            }
        )
    return {"rows": rows, "labels": [label_of(read, m) for m in metrics]}


def _continuity(read: Reader) -> list[dict[str, Any]]:
    """Measures of continuity through the years, with a sparkline."""
    rows = []
    for names in CONTINUITY:
        metric = read.figures.known(names)
        if metric not in read.figures.metrics:
            continue
        cells = read.series(metric)
        rows.append(
            {
                "label": label_of(read, metric),
                "cells": [read.view(c, star=False) for c in cells],
                "mark": spark(cells, read.provisional, [y.period for y in read.years]),
            }
        )
    return rows


def _missing(read: Reader) -> list[str]:
    """Labels of what this report would show if its input had been delivered."""
    wanted = (
        COUNT,
        SHARE,
        PUPILS,
        *(m[0] for m in (HOURS, HOURS_PER_CLIENT, PROVIDERS, EFFECTIVE, *CONTINUITY)),
    )
    known = read.inputs.catalogue.by_key
    alternatives = {m[0]: m for m in (HOURS, HOURS_PER_CLIENT, PROVIDERS, EFFECTIVE, *CONTINUITY)}
    return [
        read.label(known[m])
        for m in wanted
        if m in known and read.figures.known(alternatives.get(m, (m,))) not in read.figures.metrics
    ]
