"""The sheet on initiatives: who, where, on schedule, experiences, effect with its cautions, offer, money."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from zorgdata.report import charts_effect
from zorgdata.report.blocks import Absent, Block, Points, Section, Talk, Text, part, sheet
from zorgdata.report.cells import CellView
from zorgdata.report.charts import NARROW, WIDE, Point
from zorgdata.report.drawings import Drawing, Words, drawing
from zorgdata.report.dutch import day, number, percent, period, sentence_case
from zorgdata.report.milestones import milestone_line
from zorgdata.report.model import ReportInputs
from zorgdata.report.page import Style
from zorgdata.report.panel_types import Panel, Table
from zorgdata.report.panels import build
from zorgdata.report.parts import label_of
from zorgdata.report.reader import Reader
from zorgdata.report.texts import Texts

FEWEST_DRAWS = 20
"""With fewer ways to draw the starting schools a rank says nothing."""


def render_initiative(inputs: ReportInputs, style: Style) -> str:
    """Initiatives from baseline to effect, the offer at schools, and how parties meet."""
    read = Reader(inputs, style.texts)
    t = style.texts

    def splits(*pairs: tuple[str, str]) -> tuple[Panel, ...]:
        found = (_split(read, style, metric, dimension) for metric, dimension in pairs)
        return tuple(p for p in found if p is not None)

    def absent(key: str) -> Absent:
        return Absent(t(f"initiative.{key}_absent"))

    experience = splits(
        ("client_satisfaction", "moment"), ("calm_score", "moment"), ("survey_response", "moment")
    )
    progress = splits(("pillar_progress", "pillar"), ("milestones", "milestone_status"))
    together = splits(
        ("participation", "party"),
        ("consultation_rhythm", "meeting_level"),
        ("initiative_coverage", "initiative_type"),
    )
    money = splits(("project_budget", "money_kind"), ("project_budget", "actor"))
    elsewhere = splits(("waiting_time", "in_region"))
    outside = build(read, style, {"kind": "trend", "metric": "out_of_region_share"})
    sections = [
        part(t, "initiative.list", _list(read) or absent("list")),
        part(t, "initiative.milestones", milestone_line(read, style) or absent("milestones"), *progress),
        part(t, "initiative.pillars", *_pillars(read)),
        part(t, "initiative.together", *together),
        part(t, "initiative.experience", *(experience or (absent("experience"),))),
        part(
            t,
            "initiative.effect",
            *(() if inputs.effects else (absent("effect"),)),
            Text((t("initiative.registration"),)),
        ),
        *(_effect(read, style, found) for found in inputs.effects),
        part(t, "initiative.offer", *_offer(read)),
        part(t, "initiative.outside", *(x for x in (outside, *elsewhere) if x is not None)),
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


def _split(read: Reader, style: Style, metric: str, dimension: str) -> Panel | None:
    return build(read, style, {"kind": "split", "metric": metric, "dimension": dimension, "order": "own"})


def _pillars(read: Reader) -> tuple[Table, ...]:
    """Per pillar how much is done, with the figures that belong to it."""
    t, catalogue = read.texts, read.inputs.catalogue
    linked = catalogue.metric("pillar_progress").parameters.get("pillar_metrics", {})
    done = dict(read.split_codes("pillar_progress", "pillar"))
    names = read.value_names("pillar")
    found = []
    for pillar, metrics in linked.items():
        rows = []
        if pillar in done:
            when = period(read.when("pillar_progress"))
            rows.append((CellView(t("initiative.pillar_done")), read.view(done[pillar]), CellView(when)))
        for base in metrics:
            family = [m.key for m in catalogue.family(catalogue.metric(base).base_key) if m.key in catalogue]
            key = next((k for k in family if read.at(k).display), None)
            if key is None:
                label = read.label(catalogue.metric(base))
                rows.append(
                    (
                        CellView(label),
                        _split_or_absent(
                            read, [m.key for m in catalogue.family(catalogue.metric(base).base_key)]
                        ),
                        CellView(""),
                    )
                )
            else:
                when = period(read.when(key))
                rows.append((CellView(label_of(read, key)), read.view(read.at(key)), CellView(when)))
        head = tuple(t(f"initiative.pillar_{k}") for k in ("figure", "value", "period"))
        title = t("initiative.pillar", number=pillar, name=names.get(pillar, ""))
        found.append(Table(f"pijler-{pillar}", title, "", "", head, tuple(rows), words=True))
    return tuple(found)


def _split_or_absent(read: Reader, family: Sequence[str]) -> CellView:
    """A figure that is published in parts says so; else there is none."""
    t, subject = read.texts, read.subject
    for key in family:
        info = read.info(key)
        for dimension in info.dimensions if info else ():
            if read.figures.parts(key, subject.level, subject.unit_id, dimension):
                name = read.word("dimensions", dimension)
                return CellView(t("initiative.pillar_split", dimension=name))
    return CellView(t("general.unavailable_sign"), t("general.unavailable"))


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


class _Scale:
    """How values of a figure are printed: a share in percent, anything else as a number."""

    def __init__(self, read: Reader, metric: str) -> None:
        self.share = read.is_share(metric)
        info = read.info(metric)
        self.places = max(info.decimals if info else 1, 1)
        self.times = 100 if self.share else 1
        self.symbol = "\u00a0%" if self.share else ""
        self.points = read.texts("comparison.points")

    def at(self, value: float | None) -> float | None:
        return None if value is None else round(value * self.times, self.places)

    def text(self, value: float | None) -> str:
        if value is None:
            return ""
        return percent(value, 1) if self.share else number(value, self.places)

    def moved(self, value: float) -> str:
        """A difference, with its sign; of shares in percentage points."""
        shown = round(value * self.times, self.places)
        text = number(abs(shown), self.places)
        sign = "+" if shown > 0 else "−" if shown < 0 else ""
        return f"{sign}{text}" + (f"\u00a0{self.points}" if self.share else "")


def _effect(read: Reader, style: Style, found: Any) -> Section:
    """One initiative: series, estimate, and every reason to be careful, printed beside it."""
    t = style.texts
    key = f"effect-{found.initiative.initiative_id}".lower()
    title = t("initiative.effect_of", name=found.initiative.name)
    lead = t("initiative.effect_on", label=label_of(read, found.metric))
    if found.asked:
        asked = read.info(found.asked)
        lead += " " + t("initiative.effect_asked", asked=read.label(asked) if asked else found.asked)
    if found.study is None:
        return Section(key, title, lead, (Absent(t("initiative.effect_none")),))
    study, scale = found.study, _Scale(read, found.metric)
    blocks: list[Block] = [Points(tuple(_sentences(study, scale, t)))]
    blocks += [x for x in (_series(read, style, found, key), _since(read, style, found, key)) if x]
    blocks += [x for x in (_registration(study, t, key),) if x]
    return Section(key, title, lead, tuple(blocks))


def _sentences(study: Any, scale: _Scale, t: Texts) -> list[str]:
    """The outcome in words, the cautions word for word."""
    found = [t(f"initiative.verdict_{study.verdict.value}")]
    effects, back, line = study.effects, study.returned, study.interrupted
    if effects is not None and effects.cohort_average.value is not None:
        e = effects.cohort_average
        if e.lower is not None and e.upper is not None:
            found.append(
                t(
                    "initiative.estimate_interval",
                    value=scale.moved(e.value),
                    low=scale.moved(e.lower),
                    high=scale.moved(e.upper),
                )
            )
        elif effects.rank.assignments < FEWEST_DRAWS:
            found.append(t("initiative.estimate_plain", value=scale.moved(e.value)))
        else:
            found.append(
                t(
                    "initiative.estimate_rank",
                    value=scale.moved(e.value),
                    rank=number(effects.rank.rank),
                    of=number(effects.rank.assignments),
                )
            )
        found.append(
            t(
                f"initiative.compared_{study.comparable}",
                schools=number(effects.n_treated),
                others=number(effects.n_control),
            )
        )
    if line is not None and line.level_change is not None and line.level_change.value is not None:
        found.append(t("initiative.broken_line", before=line.before, after=line.after))
    if back is not None:
        found.append(
            t(
                "initiative.return",
                observed=scale.moved(back.observed),
                expected=scale.moved(back.expected),
            )
        )
    if study.left_out:
        found.append(t("initiative.left_out", count=number(study.left_out)))
    return [*found, t("initiative.notes", notes="; ".join(study.notes))]


def _series(read: Reader, style: Style, found: Any, key: str) -> Drawing | None:
    study, t, scale = found.study, style.texts, _Scale(read, found.metric)
    names = (t("initiative.own"), t("initiative.others"))
    groups = []
    for name, pick in zip(names, ("initiative", "comparison"), strict=True):
        pooled = [getattr(p, pick) for p in study.series]
        if not pooled[0].schools:
            continue
        points = [
            Point(
                period(p.period),
                scale.at(x.estimate.value),
                scale.text(x.estimate.value),
                scale.at(x.estimate.lower),
                scale.at(x.estimate.upper),
            )
            for p, x in zip(study.series, pooled, strict=True)
        ]
        groups.append((name, points))
    start = next((i for i, p in enumerate(study.series) if p.running), len(study.series) - 1)
    spoken = " ".join(
        f"{name}: " + ", ".join(f"{p.label} {p.text}" for p in pts) + "." for name, pts in groups
    )
    words = Words(
        t("initiative.series_title", label=label_of(read, found.metric)),
        t("initiative.series_unit", unit=sentence_case(read.unit_text(found.metric))),
        spoken,
        t("initiative.series_source"),
    )
    specs = tuple(charts_effect.beside(groups, start, style.theme, w, scale.symbol) for w in (WIDE, NARROW))
    head = [t("general.year"), *(name for name, _ in groups)]
    rows = [
        [CellView(groups[0][1][i].label), *(CellView(_with_interval(pts[i], scale)) for _, pts in groups)]
        for i in range(len(study.series))
    ]
    return drawing(f"{key}-reeks", words, (specs[0], specs[1]), head, rows)


def _with_interval(point: Point, scale: _Scale) -> str:
    if point.lower is None or point.upper is None:
        return point.text
    low, high = (number(v, scale.places) for v in (point.lower, point.upper))
    return f"{point.text} ({low} – {high})"


def _since(read: Reader, style: Style, found: Any, key: str) -> Drawing | None:
    """The difference by periods since the start; only with enough schools for intervals."""
    study, t, scale = found.study, style.texts, _Scale(read, found.metric)
    if study.effects is None or not study.effects.testable:
        return None
    events = study.effects.event_study
    points = [
        Point(
            f"{e.since:+d}".replace("-", "−"),
            scale.at(e.estimate.value),
            scale.moved(e.estimate.value or 0.0),
            scale.at(e.estimate.lower),
            scale.at(e.estimate.upper),
        )
        for e in events
    ]
    words = Words(
        t("initiative.since_title"),
        t("initiative.since_unit"),
        " ".join(f"{p.label}: {p.text}." for p in points),
        t("initiative.series_source"),
    )
    specs = tuple(charts_effect.since_start(points, style.theme, w, scale.symbol) for w in (WIDE, NARROW))
    rows = [[CellView(p.label), CellView(_with_interval(p, scale))] for p in points]
    return drawing(
        f"{key}-sinds",
        words,
        (specs[0], specs[1]),
        [t("initiative.since"), t("initiative.difference")],
        rows,
    )


def _registration(study: Any, t: Texts, key: str) -> Table | None:
    """Hours by indication and collective hours side by side, where collective supply is reported."""
    if not study.registration.supplied:
        return None
    rows = []
    for label, individual, collective in study.registration.rows:
        both = None if individual is None else individual + (collective or 0.0)
        shown = (individual, collective or 0.0, both)
        rows.append(
            (
                CellView(period(label)),
                *(
                    CellView(number(v))
                    if v is not None
                    else CellView(t("general.hidden_sign"), t("general.hidden"))
                    for v in shown
                ),
            )
        )
    head = tuple(t(f"initiative.{k}") for k in ("school_year", "individual", "collective", "both"))
    return Table(
        f"{key}-registratie",
        t("initiative.registration_title"),
        t("initiative.registration_unit"),
        t("initiative.series_source"),
        head,
        tuple(rows),
    )


def _offer(read: Reader) -> tuple[Block, ...]:
    """Required offers against what is there: per offer for everyone, per school for professionals."""
    t = read.texts
    needed = [o for o in read.inputs.offers if o["is_required"]]
    if not needed:
        return (Absent(t("initiative.offer_absent")),)
    by_offer: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for o in needed:
        by_offer[o["offer"]].append(o)
    rows = tuple(
        (
            CellView(sentence_case(offer)),
            CellView(number(len(found))),
            CellView(number(sum(bool(o["is_present"]) for o in found))),
            CellView(number(sum(not o["is_present"] for o in found))),
        )
        for offer, found in sorted(by_offer.items())
    )
    head = tuple(t(f"initiative.offer_{k}") for k in ("name", "needed", "there", "gap"))
    whole = Table("aanbod", t("initiative.offer_table"), "", "", head, rows)
    matrix = _matrix(read, needed) if read.inputs.audience != "public" else None
    return (whole, matrix) if matrix else (whole,)


def _matrix(read: Reader, needed: Sequence[Mapping[str, Any]]) -> Table | None:
    """School by required offer; a gap is named, never coloured only."""
    t = read.texts
    offers = sorted({o["offer"] for o in needed})
    found = {(o["school_id"], o["offer"]): bool(o["is_present"]) for o in needed}
    words = {True: t("initiative.offer_yes"), False: t("initiative.offer_no")}
    rows = []
    for school in read.subject.schools:
        cells = [found.get((school.unit_id, offer)) for offer in offers]
        if any(c is not None for c in cells):
            rows.append((CellView(school.name), *(CellView("" if c is None else words[c]) for c in cells)))
    if not rows:
        return None
    head = (t("schools.school"), *(sentence_case(o) for o in offers))
    return Table("aanbod-scholen", t("initiative.offer_matrix"), "", "", head, tuple(rows), words=True)
