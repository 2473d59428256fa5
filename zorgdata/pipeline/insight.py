"""What a report shows beyond single figures, computed from published figures only.

A scenario, a decision sheet and a study of an effect in a report stand on nothing that a reader of the same
publication does not have: whatever is computed from shown cells cannot give a hidden one away.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from zorgdata.catalogue import Disclosure, Interval, Unit
from zorgdata.disclosure.table import SHOWN, Cell
from zorgdata.estimates.effects import Figure, Moment, Observed, Participation, study_schools
from zorgdata.report.model import Initiative, ReportInputs
from zorgdata.scenario import calculate, load_prices, load_settings, load_template, template_names
from zorgdata.scenario.decision import METRICS, SchoolTrait, decide
from zorgdata.scenario.exposure import quantities_from_published
from zorgdata.stats.effect_study import EffectStudy, Registration

Query = Callable[[str, Sequence[Any]], pa.Table]

TARIFF = "ambulant_uur"
FALLBACK = "care_share"
_COUNTS = {"care_share": ("pupils_with_care", "pupils_enrolled")}
"""Shares whose numerator and denominator are published as counts of their own."""


@dataclass(frozen=True)
class InitiativeEffect:
    """An initiative with the study of its figure, from published figures. ``study`` is None when there is
    nothing to compare; ``asked``: the figure it aims at, when that is not published per school."""

    initiative: Initiative
    metric: str
    asked: str
    target_value: float | None
    study: EffectStudy | None


def enrich(kind: str, query: Query, members: Sequence[str]) -> Callable[[ReportInputs], ReportInputs]:
    """What a report of this kind needs besides figures: put in before it is rendered.

    ``members``: municipalities of the region.
    """

    def add(inputs: ReportInputs) -> ReportInputs:
        if kind == "scenario":
            return replace(inputs, scenarios=scenarios(inputs))
        if kind == "collective":
            return replace(inputs, decision=decision(inputs, query, frozenset(members)), offers=offers(query))
        if kind == "initiative":
            return replace(inputs, effects=effects(inputs, query), offers=offers(query))
        return inputs

    return add


def scenarios(inputs: ReportInputs) -> tuple[Any, ...]:
    """All shipped scenarios on the region's published figures."""
    prices = load_prices()
    found = []
    for name in template_names():
        template = load_template(name)
        quantities = quantities_from_published(template, _cells(inputs), inputs.provisional)
        found.append(calculate(template, prices, quantities))
    return tuple(found)


def decision(inputs: ReportInputs, query: Query, members: frozenset[str]) -> Any:
    """Decision support for the school year of the report, from published figures."""
    traits = {r["school_id"]: bool(r["ikc"]) for r in _rows(query, "school_trait", "school_id, ikc")}
    schools = [
        SchoolTrait(u.unit_id, u.school_type, traits.get(u.unit_id, False)) for u in inputs.of_level("school")
    ]
    cells = [c for c in _cells(inputs) if c.metric in METRICS and c.cell_status == SHOWN]
    return decide(
        cells, schools, load_settings(), load_prices().prices[TARIFF], period=inputs.period, members=members
    )


def effects(inputs: ReportInputs, query: Query) -> tuple[InitiativeEffect, ...]:
    """A study per initiative that is past its design, in the order of their start."""
    rows = _rows(query, "initiative_school", "*")
    register = [
        Participation(r["initiative_id"], r["school_id"], r["start_date"], r["end_date"], r["phase"] or "")
        for r in rows
    ]
    targets = {r["initiative_id"]: (r["target_metric"], r["target_value"]) for r in rows}
    supply = _rows(query, "collective_supply", "school_id, start_date, end_date, hours_per_week")
    per_school: dict[str, dict[tuple[str, str], Cell]] = {}
    for cell in _cells(inputs):
        if cell.level == "school" and not cell.dimension and cell.cell_status == SHOWN:
            per_school.setdefault(cell.metric, {})[cell.unit_id, cell.period] = cell
    found = []
    for initiative in sorted(inputs.initiatives, key=lambda i: (i.start, i.initiative_id)):
        if initiative.phase in ("idee", "ontwerp"):
            continue
        wanted, value = targets.get(initiative.initiative_id, (None, None))
        metric = wanted if wanted in per_school else FALLBACK
        observed = _observed(inputs, per_school, metric)
        places = [p.school_id for p in register if p.initiative_id == initiative.initiative_id]
        registration = _registration(
            inputs, initiative, places, observed.moments, supply=supply, per_school=per_school
        )
        try:
            study = study_schools(initiative.initiative_id, register, observed, registration)
        except ValueError:
            study = None
        asked = "" if metric == wanted or not wanted else wanted
        found.append(InitiativeEffect(initiative, metric, asked, value, study))
    return tuple(found)


def offers(query: Query) -> tuple[Mapping[str, Any], ...]:
    """Which offer each school needs and has."""
    return tuple(_rows(query, "offer", "school_id, offer, is_required, is_present"))


def _cells(inputs: ReportInputs) -> list[Cell]:
    return list(inputs.figures.index.values())


def _observed(
    inputs: ReportInputs, per_school: Mapping[str, Mapping[tuple[str, str], Cell]], metric: str
) -> Observed:
    """The published figures of schools in complete school years."""
    cells = per_school.get(metric, {})
    info = inputs.catalogue.by_key.get(metric)
    whole = {p.period: p for p in inputs.periods if len(p.period) == 9}
    moments: dict[str, Moment] = {}
    figures: dict[tuple[str, str], Figure] = {}
    numerator, denominator = (per_school.get(m, {}) for m in _COUNTS.get(metric, ("", "")))
    for (school, label), cell in cells.items():
        period = whole.get(label)
        if period is None or (period.provisional and not cell.reference_date):
            continue
        day = date.fromisoformat(cell.reference_date) if cell.reference_date else None
        moments[label] = Moment(label, day or period.start, day or period.end)
        x, n = numerator.get((school, label)), denominator.get((school, label))
        both = x is not None and n is not None
        figures[school, label] = (
            cell.value,
            x.value if both and x else None,
            n.value if both and n else None,
        )
    shares = {key: cell.value for key, cell in per_school.get(FALLBACK, {}).items()}
    wilson = info is not None and info.interval is Interval.WILSON and info.unit is Unit.SHARE
    return Observed(
        tuple(sorted(moments.values(), key=lambda m: m.first)),
        figures,
        {u.unit_id: u.school_type for u in inputs.of_level("school")},
        shares,
        wilson and info is not None and info.disclosure is Disclosure.SHARE,
    )


def _registration(
    inputs: ReportInputs,
    initiative: Initiative,
    places: Sequence[str],
    moments: Sequence[Moment],
    *,
    supply: Sequence[Mapping[str, Any]],
    per_school: Mapping[str, Mapping[tuple[str, str], Cell]],
) -> Registration:
    """Published hours by indication beside the reported hours of collective supply at the schools."""
    hours = per_school.get("assigned_hours_week", {})
    rows = []
    for moment in moments:
        day = moment.first + (moment.last - moment.first) / 2
        known = [hours.get((place, moment.label)) for place in places]
        individual = (
            sum(c.value or 0.0 for c in known if c is not None) if all(c is not None for c in known) else None
        )
        active = [
            s["hours_per_week"]
            for s in supply
            if s["school_id"] in places
            and s["start_date"] <= day
            and (s["end_date"] is None or s["end_date"] >= day)
        ]
        collective = float(sum(h or 0.0 for h in active)) if active else None
        rows.append((moment.label, individual, collective))
    delivered = any(d.kind == "collective_supply" for d in inputs.deliveries)
    return Registration(delivered, initiative.initiative_type, tuple(rows))


def _rows(query: Query, table: str, columns: str) -> list[dict[str, Any]]:
    """Rows of a table of the publication that may be absent; none when it is."""
    there = query(
        "select 1 from information_schema.tables where table_schema = 'protected' and table_name = ?", [table]
    )
    if not there.num_rows:
        return []
    found: list[dict[str, Any]] = query(
        f"select {columns} from protected.{table} order by all", []
    ).to_pylist()
    return found
