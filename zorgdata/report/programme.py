"""The sheets on collective provision and on initiatives: what is known, and plainly what is not."""

from collections.abc import Sequence
from dataclasses import replace

from zorgdata.report.blocks import Absent, Talk, Text, Tiles, part, sheet
from zorgdata.report.cells import CellView
from zorgdata.report.dutch import day, number
from zorgdata.report.milestones import milestone_line
from zorgdata.report.model import ReportInputs, Unit
from zorgdata.report.page import Style
from zorgdata.report.panel_types import Panel, Table
from zorgdata.report.panels import build
from zorgdata.report.parts import definitions, label_of, tile
from zorgdata.report.reader import COUNT, SHARE, Reader

BANDS = ("kansrijk", "nader bekijken", "niet nu")
CURRENT = (
    COUNT,
    SHARE,
    "assigned_hours_week",
    "providers_per_school",
    "municipalities_per_school",
    "collective_fte",
)


def render_collective(inputs: ReportInputs, style: Style) -> str:
    """Decision support for collective provision: gates, present, estimate; bands, never a ranking."""
    read = Reader(inputs, style.texts)
    t = style.texts
    one = inputs.unit if inputs.unit is not None and inputs.unit.level == "school" else None
    tiles = tuple(x for m in CURRENT if (x := tile(read, m)) is not None)
    outside = build(read, style, {"kind": "trend", "metric": "out_of_region_share"})

    def absent(key: str) -> Absent:
        return Absent(t(f"collective.{key}_absent"))

    sections = [
        part(t, "collective.gates", _gates(read, one) or absent("gates")),
        part(t, "collective.bands", _bands(read) or absent("bands")),
        part(t, "collective.score", _split(read, style, "collective_score", "criterion")),
        part(t, "collective.now", Tiles(tiles) if tiles else None),
        part(
            t,
            "collective.estimate",
            _split(read, style, "collective_range", "bound") or absent("estimate"),
            _split(read, style, "collective_budget", "allocation_key"),
        ),
        part(t, "collective.outside", outside or absent("outside")),
        part(t, "general.talk", Talk(t.many("collective.talk"))),
    ]
    return sheet(
        inputs,
        style,
        sections,
        overline=t("collective.overline"),
        title=t("collective.title", subject=read.subject.name),
        subtitle=t("collective.subtitle"),
    )


def _split(read: Reader, style: Style, metric: str, dimension: str) -> Panel | None:
    """A metric by a dimension, in the dimension's own order."""
    return build(read, style, {"kind": "split", "metric": metric, "dimension": dimension, "order": "own"})


def _gates(read: Reader, school: Unit | None) -> Table | None:
    """Which gates a school passes; for a region the schools and their gates."""
    metric, dimension = "collective_gates", "gate"
    names = read.value_names(dimension)
    schools: Sequence[Unit] = (school,) if school else read.subject.schools
    period = read.when(metric)
    rows = []
    for unit in schools:
        cells = [
            read.figures.get(
                metric, "school", unit.unit_id, period, dimension=dimension, dimension_value=code
            )
            for code in names
        ]
        if any(c.display for c in cells):
            views = [read.view(c, star=False) for c in cells]
            rows.append((CellView(unit.name), *(_passed(v, read) for v in views)))
    if not rows:
        return None
    head = (read.texts("schools.school"), *names.values())
    return Table("voorwaarden", read.texts("collective.gates"), "", "", head, tuple(rows))


def _passed(view: CellView, read: Reader) -> CellView:
    """1 and 0 in words, so that no reader has to guess; anything else as it is."""
    word = {"1": "yes", "0": "no"}.get(view.text.replace(",0", ""))
    return replace(view, text=read.texts(f"collective.gate_{word}")) if word else view


def _bands(read: Reader) -> Table | None:
    """Schools per band in the order of the other tables: bands are a start of a talk, not a ranking."""
    metric = "collective_band"
    groups: dict[str, list[str]] = {}
    for school in read.subject.schools:
        cell = read.figures.get(metric, "school", school.unit_id, read.when(metric))
        if cell.shown and cell.display:
            groups.setdefault(cell.display, []).append(school.name)
    if not groups:
        return None
    t = read.texts
    order = [*(b for b in BANDS if b in groups), *sorted(set(groups) - set(BANDS))]
    return Table(
        "banden",
        t("collective.bands"),
        "",
        "",
        (t("collective.band"), t("collective.count"), t("monitor.schools")),
        tuple((CellView(b), CellView(number(len(groups[b]))), CellView(", ".join(groups[b]))) for b in order),
        words=True,
    )


def render_initiative(inputs: ReportInputs, style: Style) -> str:
    """Initiatives from baseline to effect: who, where, milestones, experiences, effect as an indication."""
    read = Reader(inputs, style.texts)
    t = style.texts

    def splits(*pairs: tuple[str, str]) -> tuple[Panel, ...]:
        return tuple(p for m, d in pairs if (p := _split(read, style, m, d)) is not None)

    def absent(key: str) -> Absent:
        return Absent(t(f"initiative.{key}_absent"))

    experience = splits(
        ("client_satisfaction", "moment"), ("calm_score", "moment"), ("survey_response", "moment")
    )
    progress = splits(
        ("pillar_progress", "pillar"), ("milestones", "milestone_status"), ("participation", "party")
    )
    money = splits(("project_budget", "money_kind"))
    sections = [
        part(t, "initiative.list", _list(read) or absent("list")),
        part(t, "initiative.milestones", milestone_line(read, style) or absent("milestones"), *progress),
        part(t, "initiative.experience", *(experience or (absent("experience"),))),
        part(
            t,
            "initiative.effect",
            _effects(read) or absent("effect"),
            Text((t("initiative.registration"),)),
        ),
        part(t, "initiative.money", *(money or (absent("money"),))),
        part(t, "general.talk", Talk(t.many("initiative.talk"))),
    ]
    return sheet(
        inputs,
        style,
        sections,
        overline=t("initiative.overline"),
        title=t("initiative.title", region=inputs.region.name),
        subtitle=t("initiative.subtitle"),
    )


def _list(read: Reader) -> Table | None:
    t, rows = read.texts, read.inputs.initiatives
    if not rows:
        return None
    kinds, phases = read.value_names("initiative_type"), read.value_names("phase")
    return Table(
        "initiatieven-tabel",
        t("initiative.list"),
        "",
        "",
        tuple(t(f"initiative.{k}") for k in ("name", "kind", "phase", "start", "schools")),
        tuple(
            (
                CellView(i.name),
                CellView(kinds.get(i.initiative_type, i.initiative_type)),
                CellView(phases.get(i.phase, i.phase)),
                CellView(day(i.start)),
                CellView(number(i.schools)),
            )
            for i in sorted(rows, key=lambda i: (i.start, i.name))
        ),
        words=True,
    )


def _effects(read: Reader) -> Table | None:
    """Estimated effects per initiative, labelled indicative."""
    metric = "effect_did"
    names = {i.initiative_id: i.name for i in read.inputs.initiatives}
    rows = []
    for unit in read.inputs.of_level("initiative"):
        for period in read.figures.periods(metric):
            cell = read.figures.get(metric, "initiative", unit.unit_id, period)
            if cell.display:
                name = names.get(unit.unit_id, unit.name)
                rows.append((CellView(name), CellView(period), read.view(cell)))
    if not rows:
        return None
    t = read.texts
    return Table(
        "effecten",
        t("initiative.effect_table"),
        t("initiative.effect_unit"),
        "",
        (t("initiative.name"), t("snapshot.head_period"), label_of(read, metric)),
        tuple(rows),
        terms=tuple(definitions(read, [metric])),
    )
