"""The sheet on collective provision: gates, bands, now beside collective, who pays; never a ranking."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from zorgdata.report.blocks import Absent, Block, Points, Section, Talk, Text, part, sheet
from zorgdata.report.cells import CellView
from zorgdata.report.dutch import euro, number, percent
from zorgdata.report.model import ReportInputs, Unit
from zorgdata.report.page import Style
from zorgdata.report.panel_types import Table
from zorgdata.report.panels import build
from zorgdata.report.reader import Reader, type_rank
from zorgdata.report.scenarios import amount, band_text
from zorgdata.report.texts import Texts

BANDS = ("kansrijk", "nader bekijken", "niet nu")


def band_name(t: Texts, band: str) -> str:
    """What a reader calls a band."""
    return t(f"collective.band_{BANDS.index(band)}")


def render_collective(inputs: ReportInputs, style: Style) -> str:
    """Decision support for collective provision. Schools are named for professionals only."""
    read = Reader(inputs, style.texts)
    t = style.texts
    one = inputs.unit if inputs.unit is not None and inputs.unit.level == "school" else None
    named = inputs.audience != "public"
    found = inputs.decision
    outside = build(read, style, {"kind": "trend", "metric": "out_of_region_share"})
    schools: Sequence[Unit] = (one,) if one else read.subject.schools

    def absent(key: str) -> Absent:
        return Absent(t(f"collective.{key}_absent"))

    if found is None:
        blocks: list[Section] = [part(t, "collective.gates", absent("gates"))]
        blocks.append(part(t, "collective.estimate", absent("estimate")))
    else:
        blocks = [
            part(
                t,
                "collective.gates",
                (_gates(read, schools) if named else _gate_counts(read)) or absent("gates"),
            ),
            part(t, "collective.bands", _bands(read, schools, named=named) or absent("bands")),
            part(t, "collective.score", _criteria(read), *(_components(read, schools) if named else ())),
            part(t, "collective.stability", *_stability(read, one)),
            part(
                t,
                "collective.estimate",
                _estimate(read, one) or absent("estimate"),
                _per_school(read, schools) if named and not one else None,
            ),
            part(t, "collective.allocation", *_allocation(read)),
        ]
    sections = [
        *blocks,
        part(t, "collective.outside", outside or absent("outside"), Text((t("collective.outside_note"),))),
        part(t, "collective.questions", *_questions(read)),
    ]
    return sheet(
        inputs,
        style,
        sections,
        overline=t("collective.overline"),
        title=t("collective.title", subject=read.subject.name),
        subtitle=t("collective.subtitle"),
    )


def _value(read: Reader, key: str, value: Any) -> CellView:
    """A value of a gate or criterion in words; unknown says so."""
    t = read.texts
    if value is None:
        return CellView(t("collective.unknown"))
    if isinstance(value, str):
        return CellView(value)
    if key in ("care_share", "link_rate", "short_horizon", "similar_need"):
        return CellView(percent(value, 0))
    return CellView(number(value, 0 if float(value).is_integer() else 1))


def _passed(read: Reader, passed: bool | None, *, short: bool = False) -> str:
    key = {True: "gate_yes", False: "gate_no", None: "gate_unknown"}[passed]
    return read.texts(f"collective.{key}{'_short' if short else ''}")


def _of(read: Reader, schools: Sequence[Unit]) -> list[tuple[Unit, Any]]:
    """Schools with their assessment, by type and name: the order of all tables, not that of scores."""
    known = read.inputs.decision.assessments
    return [(s, known[s.unit_id]) for s in schools if s.unit_id in known]


def _gates(read: Reader, schools: Sequence[Unit]) -> Table | None:
    """Per school what it meets; of one school also value and limit."""
    t, found = read.texts, _of(read, schools)
    if not found:
        return None
    if len(found) == 1:
        gates = found[0][1].gates
        head = tuple(t(f"collective.{k}") for k in ("gate", "value", "limit", "outcome"))
        rows: tuple[tuple[CellView, ...], ...] = tuple(
            (
                CellView(g.label),
                _value(read, g.key, g.value),
                _value(read, g.key, g.threshold),
                CellView(_passed(read, g.passed)),
            )
            for g in gates
        )
        return Table("voorwaarden", t("collective.gates"), "", "", head, rows, words=True)
    head = (t("schools.school"), *(g.label for g in found[0][1].gates))
    rows = tuple(
        (CellView(school.name), *(CellView(_passed(read, g.passed, short=True)) for g in assessment.gates))
        for school, assessment in found
    )
    return Table("voorwaarden", t("collective.gates"), t("collective.gates_unit"), "", head, rows, words=True)


def _gate_counts(read: Reader) -> Table | None:
    """For the public: how many schools meet each gate, without names."""
    t, found = read.texts, list(read.inputs.decision.assessments.values())
    if not found:
        return None
    counts: dict[str, Counter[bool | None]] = {}
    labels = {}
    for assessment in found:
        for gate in assessment.gates:
            labels[gate.key] = gate.label
            counts.setdefault(gate.key, Counter())[gate.passed] += 1
    head = (t("collective.gate"), *(_passed(read, p) for p in (True, False, None)))
    rows = tuple(
        (CellView(labels[key]), *(CellView(number(count[p])) for p in (True, False, None)))
        for key, count in counts.items()
    )
    return Table("voorwaarden", t("collective.gates"), t("collective.schools_unit"), "", head, rows)


def _bands(read: Reader, schools: Sequence[Unit], *, named: bool) -> Table | None:
    """Schools per band: names by type and name for professionals, numbers per type for the public."""
    t, found = read.texts, _of(read, schools)
    if not found:
        return None
    groups: dict[str, list[Unit]] = {band: [] for band in BANDS}
    for school, assessment in found:
        groups[str(assessment.advice)].append(school)
    if named:
        head: tuple[str, ...] = (t("collective.band"), t("collective.count"), t("monitor.schools"))
        rows: tuple[tuple[CellView, ...], ...] = tuple(
            (CellView(band_name(t, b)), CellView(number(len(s))), CellView(", ".join(u.name for u in s)))
            for b, s in groups.items()
        )
    else:
        types = sorted({s.school_type for s, _ in found}, key=type_rank)
        head = (t("schools.type"), *(band_name(t, b) for b in BANDS))
        rows = tuple(
            (
                CellView(t.label("school_type", code)),
                *(CellView(number(sum(u.school_type == code for u in s))) for s in groups.values()),
            )
            for code in types
        )
    return Table("banden", t("collective.bands"), "", "", head, rows, words=named)


def _criteria(read: Reader) -> Table:
    """Every criterion with its bounds and weight: proposals, printed as such."""
    t, settings = read.texts, read.inputs.decision.settings
    head = tuple(t(f"collective.{k}") for k in ("criterion", "low", "high", "weight"))
    rows = tuple(
        (
            CellView(c.label),
            _value(read, key, c.low),
            _value(read, key, c.high),
            CellView(percent(c.weight, 0)),
        )
        for key, c in settings.criteria.items()
    )
    return Table(
        "criteria", t("collective.criteria"), t(f"collective.status_{settings.status}"), "", head, rows
    )


def _components(read: Reader, schools: Sequence[Unit]) -> tuple[Block, ...]:
    """Of one school every component with its value; of more schools how far each component reaches."""
    t, found = read.texts, _of(read, schools)
    if not found:
        return ()
    labels = [c.label for c in found[0][1].components]
    if len(found) == 1:
        head = tuple(t(f"collective.{k}") for k in ("criterion", "value", "reach"))
        rows: tuple[tuple[CellView, ...], ...] = tuple(
            (CellView(c.label), _value(read, c.key, c.value), _reach(read, c.scaled))
            for c in found[0][1].components
        )
    else:
        head = (t("schools.school"), *labels)
        # Of schools that are worth a talk; of the others the gates say enough.
        rows = tuple(
            (CellView(school.name), *(_reach(read, c.scaled) for c in assessment.components))
            for school, assessment in found
            if str(assessment.advice) != BANDS[-1]
        )
        if not rows:
            return ()
    table = Table("onderdelen", t("collective.components"), t("collective.components_unit"), "", head, rows)
    return (table,)


def _reach(read: Reader, scaled: float | None) -> CellView:
    """How far a value reaches between its bounds, in steps of ten percent: a bar in words."""
    if scaled is None:
        return CellView(read.texts("collective.unknown"))
    return CellView(percent(round(scaled, 1), 0))


def _stability(read: Reader, one: Unit | None) -> tuple[Block, ...]:
    t, found = read.texts, read.inputs.decision
    texts = []
    if one is not None and one.unit_id in found.stabilities:
        own = found.stabilities[one.unit_id]
        texts.append(t("collective.stable_one", share=percent(own.same_advice, 0)))
    firm = sum(s.stable for s in found.stabilities.values())
    texts.append(t("collective.stable_all", firm=number(firm), schools=number(len(found.stabilities))))
    if found.order.mean_pairs_kept is not None and found.order.least_pairs_kept is not None:
        texts.append(
            t(
                "collective.order",
                variants=number(found.order.variants),
                mean=percent(found.order.mean_pairs_kept, 0),
                least=percent(found.order.least_pairs_kept, 0),
            )
        )
    return (Points(tuple(texts)),)


def _known(read: Reader, value: float | None, places: int = 0) -> CellView:
    return CellView(read.texts("collective.unknown") if value is None else number(value, places))


def _estimate(read: Reader, one: Unit | None) -> Table | None:
    """Now beside collective for the unit: pupils, providers, municipalities, hours, people, money."""
    t, found = read.texts, read.inputs.decision
    own = found.now.get(one.unit_id if one else "region")
    if own is None:
        return None
    costs = own.costs
    rows: list[tuple[CellView, ...]] = [
        (CellView(t("collective.row_pupils")), _known(read, own.pupils), CellView(t("collective.same"))),
        (CellView(t("collective.row_care")), _known(read, own.care_pupils), CellView(t("collective.same"))),
    ]
    if one is not None:
        rows += [
            (CellView(t("collective.row_providers")), _known(read, own.providers), CellView("1")),
            (
                CellView(t("collective.row_municipalities")),
                _known(read, own.municipalities),
                CellView(t("collective.same")),
            ),
        ]
    rows += [
        (CellView(t("collective.row_hours")), _known(read, own.hours_week), CellView(t("collective.same"))),
        (CellView(t("collective.row_school_hours")), CellView(""), _known(read, own.hours_year)),
        (CellView(t("collective.row_fte")), CellView(""), _known(read, own.fte, 1)),
        (
            CellView(t("collective.row_costs")),
            CellView(amount(costs.current) if costs else t("collective.unknown")),
            CellView(
                t(
                    "collective.range",
                    band=band_text(costs.collective, t),
                    middle=amount(costs.collective.mid),
                )
                if costs
                else t("collective.unknown")
            ),
        ),
    ]
    if costs is not None:
        key = "difference_sure" if costs.sure else "difference_unsure"
        rows.append(
            (
                CellView(t("collective.row_difference")),
                CellView(""),
                CellView(t(f"collective.{key}", band=band_text(costs.difference, t))),
            )
        )
    head = (t("collective.what"), t("collective.current"), t("collective.team"))
    tariff = found.tariff
    note = (
        t("collective.own_tariffs")
        if own.own_tariffs
        else t("collective.tariff", price=euro(tariff.value), year=tariff.price_year, status=tariff.status)
    )
    return Table("nu-en-straks", t("collective.estimate"), note, "", head, tuple(rows), words=True)


def _per_school(read: Reader, schools: Sequence[Unit]) -> Table | None:
    """The same in short for schools where a talk may be worthwhile."""
    t, found = read.texts, read.inputs.decision
    rows = []
    for school, assessment in _of(read, schools):
        own = found.now.get(school.unit_id)
        if own is None or str(assessment.advice) == BANDS[-1]:
            continue
        rows.append(
            (
                CellView(school.name),
                _known(read, own.care_pupils),
                _known(read, own.providers),
                _known(read, own.municipalities),
                _known(read, own.hours_week),
                _known(read, own.fte, 1),
                CellView(amount(own.costs.current) if own.costs else t("collective.unknown")),
                CellView(band_text(own.costs.collective, t) if own.costs else t("collective.unknown")),
            )
        )
    if not rows:
        return None
    keys = ("care", "providers", "municipalities", "hours", "fte", "cost_now", "cost_team")
    head = (t("schools.school"), *(t(f"collective.short_{k}") for k in keys))
    return Table("per-school", t("collective.per_school"), t("collective.order_note"), "", head, tuple(rows))


def _allocation(read: Reader) -> tuple[Block, ...]:
    """Three ways to divide the budget, beside each other: which one is the region's choice."""
    t, found = read.texts, read.inputs.decision
    keys = read.value_names("allocation_key")
    blocks: list[Block] = []
    if found.allocation:
        used = list(found.allocation[0].shares)
        names = read.value_names("responsible_municipality")
        rows = []
        for row in found.allocation:
            name = (
                t("collective.rest")
                if row.municipality == "overig"
                else names.get(row.municipality, row.municipality)
            )
            if row.outside:
                name = t("collective.outside_region", name=name)
            cells = [f"{percent(row.shares[k], 0)} ({amount(row.cents[k] / 100)})" for k in used]
            rows.append((CellView(name), *(CellView(c) for c in cells)))
        head = (t("schools.municipality"), *(keys.get(k, k) for k in used))
        blocks.append(
            Table(
                "verdeling",
                t("collective.allocation"),
                t("collective.allocation_unit"),
                "",
                head,
                tuple(rows),
            )
        )
    if found.allocation_missing:
        names_missing = ", ".join(keys.get(k, k) for k in found.allocation_missing)
        blocks.append(Absent(t("collective.allocation_missing", keys=names_missing)))
    return tuple(blocks)


def _questions(read: Reader) -> tuple[Block, ...]:
    """Open questions per table of consultation, with the region's own figures where they are known."""
    t, found = read.texts, read.inputs.decision
    extra = []
    if found is not None:
        talk = sum(str(a.advice) != BANDS[-1] for a in found.assessments.values())
        whole = number(len(found.assessments))
        extra.append(t("collective.ask_schools", count=number(talk), all=whole))
        unknown = sum(any(g.passed is None for g in a.gates) for a in found.assessments.values())
        if unknown:
            extra.append(t("collective.ask_unknown", count=number(unknown), all=whole))
        costs = found.now["region"].costs
        if costs is not None and not costs.sure:
            extra.append(t("collective.ask_costs"))
    return (Talk((*t.many("collective.talk"), *extra)),)
