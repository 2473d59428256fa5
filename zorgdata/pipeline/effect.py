"""The effect of an initiative from the work database, for the analyst: exact figures, not protected."""

import contextlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from zorgdata.catalogue import Disclosure, Interval, Unit, load
from zorgdata.errors import UsageError
from zorgdata.estimates.effects import Figure, Moment, Observed, Participation, study_schools
from zorgdata.stats.effect_study import EffectStudy, Registration
from zorgdata.store import open_query
from zorgdata.workspace import Workspace

FALLBACK = "care_share"
"""Used when an initiative names no figure, or one that is not known per school."""

QUARTERLY = "persontime_prev"
"""The one figure that is also computed per quarter: care days per enrolled day."""

_QUARTERS = """
    with quarter as (
        select
            concat(extract(year from first_day), '-Q', extract(quarter from first_day)) as label,
            cast(first_day as date) as first_day,
            cast(first_day + interval 3 month - interval 1 day as date) as last_day,
            day_number(cast(first_day as date)) as from_day,
            day_number(cast(first_day + interval 3 month as date)) as until_day
        from (
            select unnest(generate_series(
                (select date_trunc('quarter', min(start_date) + interval 89 day) from core.period),
                (select date_trunc('quarter', last_day) from staging.span) - interval 1 day,
                interval 3 month
            )) as first_day
        )
    ),
    enrolled as (
        select spell.unit_set_key, quarter.label,
            sum(least(spell.until_day, quarter.until_day)
                - greatest(spell.from_day, quarter.from_day)) as days
        from core.attendance_spell as spell
        inner join quarter on spell.from_day < quarter.until_day and spell.until_day > quarter.from_day
        group by all
    ),
    cared as (
        select segment.unit_set_key, quarter.label,
            sum(least(segment.until_day, quarter.until_day)
                - greatest(segment.from_day, quarter.from_day)) as days
        from core.attended_segment as segment
        inner join quarter on segment.from_day < quarter.until_day and segment.until_day > quarter.from_day
        group by all
    )
    select unit.unit_id as school_id, quarter.label, quarter.first_day, quarter.last_day,
        cast(coalesce(sum(cared.days), 0) as double) / sum(enrolled.days) as value,
        cast(coalesce(sum(cared.days), 0) as double) as numerator,
        cast(sum(enrolled.days) as double) as denominator
    from enrolled
    inner join quarter on enrolled.label = quarter.label
    inner join core.unit_set as unit_set on enrolled.unit_set_key = unit_set.unit_set_key
    inner join core.unit as unit on unit_set.unit_key = unit.unit_key and unit.level = 'school'
    left join cared on enrolled.unit_set_key = cared.unit_set_key and enrolled.label = cared.label
    group by all
"""

_YEARS = """
    select figure.unit_id as school_id, figure.period as label,
        coalesce(figure.reference_date, period.start_date) as first_day,
        coalesce(figure.reference_date, period.end_date) as last_day,
        figure.value, figure.numerator, figure.denominator
    from metrics.value as figure
    inner join core.period as period on figure.period = period.period and period.kind = 'school_year'
    where figure.metric = ? and figure.level = 'school' and figure.dimension = ''
        and figure.status = 'ok'
    qualify row_number() over (partition by figure.unit_id, figure.period order by figure.reference_date) = 1
"""


@dataclass(frozen=True)
class Effect:
    """An initiative with the study of its figure. ``asked``: the figure that was wanted but is not there."""

    initiative_id: str
    name: str
    kind: str
    phase: str
    start: date
    schools: int
    metric: str
    label: str
    unit: str
    target_value: float | None
    asked: str
    study: EffectStudy


def list_initiatives(workspace: Workspace) -> list[dict[str, Any]]:
    """The initiatives of the register with kind, phase, start, schools and the figure they aim at."""
    with contextlib.closing(open_query(workspace, "effect")) as connection:
        return _rows(
            connection,
            "select initiative_id, min(name) as name, min(initiative_type) as kind, min(phase) as phase, "
            "min(start_date) as start, count(distinct school_id) as schools, "
            "min(target_metric) as target_metric from core.initiative group by initiative_id order by all",
        )


def effect_of(
    workspace: Workspace,
    initiative: str,
    metric: str | None = None,
    *,
    quarters: bool = False,
) -> Effect:
    """The study of ``initiative`` (its id) on ``metric``: by default the figure it aims at.

    ``quarters``: care days per enrolled day by quarter instead of a figure by school year. Periods that are
    not complete stay out. UsageError for an unknown initiative or figure, and without a before and after.
    """
    with contextlib.closing(open_query(workspace, "effect")) as connection:
        known = _rows(connection, "select * from core.initiative order by initiative_id, school_id")
        chosen = [r for r in known if r["initiative_id"].casefold() == initiative.casefold()]
        if not chosen:
            ids = ", ".join(sorted({r["initiative_id"] for r in known})) or "none were delivered"
            raise UsageError(f"There is no initiative {initiative!r}.", f"Known: {ids}.")
        first = chosen[0]
        key, asked = _metric(connection, metric, first["target_metric"], quarters=quarters)
        rows = _rows(connection, _QUARTERS) if quarters else _rows(connection, _YEARS, [key])
        moments = tuple(sorted({_moment(r) for r in rows}, key=lambda m: m.first))
        info = load().metric(key)
        # Only parts of a whole add up over schools; of anything else schools have a mean.
        adds = info.disclosure is Disclosure.SHARE and info.unit is Unit.SHARE
        figures: dict[tuple[str, str], Figure] = {
            (r["school_id"], r["label"]): (
                r["value"],
                r["numerator"] if adds else None,
                r["denominator"] if adds else None,
            )
            for r in rows
        }
        types = {
            r["school_id"]: r["school_type"] or ""
            for r in _rows(connection, "select school_id, school_type from core.school")
        }
        shares = _shares(connection, moments)
        registration = _registration(connection, chosen, moments)
    try:
        found = study_schools(
            first["initiative_id"],
            [
                Participation(
                    r["initiative_id"], r["school_id"], r["start_date"], r["end_date"], r["phase"] or ""
                )
                for r in known
                if r["school_id"] and r["start_date"]
            ],
            Observed(moments, figures, types, shares, info.interval is Interval.WILSON),
            registration,
        )
    except ValueError:
        raise UsageError(
            f"Nothing to compare: no school of {first['initiative_id']} has '{key}' in every complete "
            "period, before and after its start.",
            "Choose another figure with --metric, or wait for a school year after the start.",
        ) from None
    return Effect(
        first["initiative_id"],
        first["name"],
        first["initiative_type"] or "",
        first["phase"] or "",
        min(r["start_date"] for r in chosen),
        len(chosen),
        key,
        info.label_nl,
        str(info.unit),
        first["target_value"],
        asked,
        found,
    )


def _metric(
    connection: duckdb.DuckDBPyConnection, wanted: str | None, target: str | None, *, quarters: bool
) -> tuple[str, str]:
    """The figure to study, and the one that was aimed at but is not known per school."""
    if quarters:
        if wanted not in (None, QUARTERLY):
            raise UsageError(f"'{wanted}' is not known per quarter.", f"Per quarter: {QUARTERLY}.")
        return QUARTERLY, ""
    known = {
        r["metric"]
        for r in _rows(
            connection,
            "select distinct metric from metrics.value where level = 'school' and value is not null "
            "and dimension = ''",
        )
    }
    if wanted is not None:
        if wanted not in known:
            raise UsageError(f"'{wanted}' is not known per school.", "See: zorgdata metrics --level school")
        return wanted, ""
    if target in known and target is not None:
        return target, ""
    return FALLBACK, target or ""


def _moment(row: dict[str, Any]) -> Moment:
    return Moment(row["label"], row["first_day"], row["last_day"])


def _shares(
    connection: duckdb.DuckDBPyConnection, moments: tuple[Moment, ...]
) -> dict[tuple[str, str], float | None]:
    """Share of pupils with care per school, for every moment the last known reference date up to it."""
    rows = _rows(
        connection,
        "select unit_id, reference_date, value from metrics.value where metric = 'care_share' "
        "and level = 'school' and dimension = '' and reference_date is not null order by reference_date",
    )
    found: dict[tuple[str, str], float | None] = {}
    for moment in moments:
        for row in rows:
            if row["reference_date"] <= moment.last:
                found[row["unit_id"], moment.label] = row["value"]
    return found


def _registration(
    connection: duckdb.DuckDBPyConnection, chosen: list[dict[str, Any]], moments: tuple[Moment, ...]
) -> Registration:
    """Hours a week by indication and by collective supply at the schools, on a day in every period."""
    delivered = _rows(connection, "select is_delivered from core.source where kind = 'collective_supply'")
    places = [r["school_id"] for r in chosen]
    days = [m.first if m.first == m.last else m.first + (m.last - m.first) / 2 for m in moments]
    rows = []
    for moment, day in zip(moments, days, strict=True):
        individual = _rows(
            connection,
            "select sum(hours_per_week) as hours from (select distinct indication.indication_key, "
            "indication.hours_per_week from core.indication as indication inner join core.enrolment as "
            "enrolment on indication.child_key = enrolment.child_key where indication.law = 'jeugdwet' and "
            "enrolment.school_id in (select unnest(?)) and ? between enrolment.start_date and "
            "coalesce(enrolment.end_date, date '9999-12-31') and ? between indication.start_date and "
            "coalesce(indication.end_date, date '9999-12-31'))",
            [places, day, day],
        )
        collective = _rows(
            connection,
            "select sum(hours_per_week) as hours from core.collective_supply where school_id in "
            "(select unnest(?)) and ? between start_date and coalesce(end_date, date '9999-12-31')",
            [places, day],
        )
        rows.append((moment.label, individual[0]["hours"], collective[0]["hours"]))
    return Registration(
        bool(delivered and delivered[0]["is_delivered"]), chosen[0]["initiative_type"] or "", tuple(rows)
    )


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None
) -> list[dict[str, Any]]:
    try:
        table = connection.execute(sql, parameters or []).to_arrow_table()
    except duckdb.CatalogException:
        raise UsageError("There are no figures yet.", "Run: zorgdata build") from None
    found: list[dict[str, Any]] = table.to_pylist()
    return found
