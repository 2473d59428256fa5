"""Which children and providers a sum of hours, days or euros is made of: one select per family of figures.

A select gives ``moment`` (number of the period, or of the day), ``unit_set_key`` (the units it counts for),
``municipality_code`` (who is responsible), ``item`` (part of the breakdown), ``child_key``, ``provider_id``
and ``amount``. Amounts are whole thousandths (of a day, an hour, a eurocent), so that the order of adding up
changes nothing. They repeat what the models under ``sql/metrics`` add up, so they are believed only where
they make the figure. Only the tables named in ``needs`` are read; where one is absent nothing is known.

What is paid to no provider of care (support by a samenwerkingsverband, rides to school) has no
``provider_id``: there is no market of providers to judge, only children. Collective supply is paid to a
provider for a school, not for a child: it has ``school_key`` in place of the units, and no children to judge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PERIOD: Final = "period"
DAY: Final = "day"


@dataclass(frozen=True)
class Family:
    """The select of a family, what it needs, what its ``moment`` counts, and in how many to a figure's unit.

    ``market``: whether the rule on providers can be judged. ``collective``: the select of collective supply.
    ``mean``: the figure is a mean, and its numerator is what is contributed to. ``paid``: the select reads
    ``disclosure_paid``, which :data:`PAID` makes.
    """

    select: str
    needs: tuple[str, ...]
    at: str = PERIOD
    per_unit: int = 1000
    market: bool = False
    collective: str = ""
    mean: bool = False
    paid: bool = False


_CHILD_OF = "inner join core.attendance as attendance on part.attendance_key = attendance.attendance_key"

_OF_PERIOD: Mapping[str, str] = {
    "hours_assigned": "hours",
    "care_days": "care_days",
    "timed_care_days": "timed_care_days",
    "provider_days": "provider_days",
}
"""Figures that add up a column of ``metrics.child_care``."""

_PARTS: Final = ("care_form", "weight_class", "product_category")

_CARE = f"""
    select part.period_key as moment, part.unit_set_key, cast(null as varchar) as municipality_code,
        '' as item, attendance.child_key, cast(null as varchar) as provider_id,
        cast(round(part.{{column}} * 1000) as bigint) as amount
    from metrics.child_care as part {_CHILD_OF}
    where part.period_key in (select moment from asked) and part.{{column}} > 0
"""

PAID: Final = f"""
    create or replace temp table disclosure_paid as
    select part.basis, part.period_key as moment, part.unit_set_key, part.municipality_code, part.funder,
        part.care_form, part.weight_class, part.product_category, attendance.child_key,
        coalesce(part.provider_id, '') as provider_id,
        cast(round(cast(part.cents as double) * 1000) as bigint) as amount
    from metrics.child_cost as part {_CHILD_OF}
    where part.cents > 0 and part.period_key in (
        select period.period_key from core.period as period where list_contains(?, period.period)
    )
"""
"""What was paid for children in the periods given, in whole thousandths: made once, for eighteen families."""

_COST = """
    select part.moment, part.unit_set_key, part.municipality_code, {item} as item, part.child_key,
        part.provider_id, part.amount
    from disclosure_paid as part
    where part.basis = '{basis}' {funder}
"""
_JEUGDWET = "and part.funder = 'jeugdwet'"

_WEEK = """
    select part.day as moment, part.unit_set_key, part.municipality_code, '' as item, part.child_key,
        cast(null as varchar) as provider_id, cast(round(part.hours_week * 1000) as bigint) as amount
    from metrics.date_indication as part
    where part.day in (select moment from asked) and part.hours_week > 0
"""


_NIGHTS = """
    select part.day as moment, part.unit_set_key, part.municipality_code, '' as item, part.child_key,
        cast(null as varchar) as provider_id, cast(round(part.overnight_week * 1000) as bigint) as amount
    from metrics.date_indication as part
    where part.day in (select moment from asked) and part.overnight_week > 0
"""

# An amount spread evenly over its days, cut to the time at school and to the period.
_SPREAD = """
    select period.period_key as moment, spell.unit_set_key, given.municipality_code, given.item,
        given.child_key, cast(null as varchar) as provider_id,
        cast(round(1000 * given.amount / (given.until_day - given.from_day) * (
            least(given.until_day, spell.until_day, period.until_day)
            - greatest(given.from_day, spell.from_day, period.from_day)
        )) as bigint) as amount
    from ({given}) as given
    inner join core.attendance_spell as spell
        on given.child_key = spell.child_key
        and given.from_day < spell.until_day and given.until_day > spell.from_day
    inner join core.period as period
        on greatest(given.from_day, spell.from_day) < period.until_day
        and least(given.until_day, spell.until_day) > period.from_day
    where period.period_key in (select moment from asked) and given.amount > 0
"""
_DECLARED = """
    select part.child_key, part.municipality_code, '' as item, day_number(part.start_date) as from_day,
        until_day(part.end_date) as until_day, part.volume * unit.hours as amount
    from core.declaration as part
    inner join seeds.unit as unit on part.unit = unit.code and unit.hours is not null
    where part.end_date >= part.start_date
"""
_DELIVERED = """
    select part.child_key, part.municipality_code, '' as item, day_number(part.start_date) as from_day,
        until_day(coalesce(part.end_date, span.last_day)) as until_day,
        part.hours_delivered as amount
    from core.delivery as part cross join core.span as span
    where coalesce(part.end_date, span.last_day) >= part.start_date
"""
_RIDE = """
    select part.child_key, cast(null as varchar) as municipality_code, '' as item,
        day_number(part.start_date) as from_day,
        greatest(
            least(until_day(part.end_date), history.until_day), day_number(part.start_date) + 1
        ) as until_day,
        part.amount_cents as amount
    from core.transport as part cross join core.care_history as history
    where part.child_key is not null
"""
_OTHER_PAYER = """
    select child_key, cast(null as varchar) as municipality_code, 'swv' as item,
        day_number(start_date) as from_day, until_day(end_date) as until_day, amount_cents as amount
    from core.arrangement as part where child_key is not null and end_date >= start_date
    union all
    select child_key, null, 'vervoer', day_number(start_date), until_day(end_date), amount_cents
    from core.transport as part where child_key is not null and end_date >= start_date
"""
_COLLECTIVE = """
    select period.period_key as moment, school.school_key,
        coalesce(supply.municipality_code, school.municipality_code, 'onbekend') as municipality_code,
        {item} as item, supply.provider_id,
        cast(round(1000 * supply.amount_cents / 365.25 * (
            least(until_day(supply.end_date), period.until_day)
            - greatest(day_number(supply.start_date), period.from_day)
        )) as bigint) as amount
    from core.collective_supply as supply
    inner join core.school as school on supply.school_id = school.school_id
    inner join core.period as period
        on day_number(supply.start_date) < period.until_day
        and until_day(supply.end_date) > period.from_day
    where period.period_key in (select moment from asked) and supply.amount_cents > 0
"""
_PAID = ("metrics.child_cost", "core.attendance", "core.period")
_SPELL = ("core.attendance_spell", "core.period")
_SUPPLY = ("core.collective_supply", "core.school", "core.school_level")
_PAYER = "coalesce(supply.municipality_code, school.municipality_code, 'onbekend')"

_GIVEN: Mapping[str, Family] = {
    "assigned_hours_week": Family(_WEEK, ("metrics.date_indication", "core.reference_date"), DAY),
    "assigned_overnight_days_week": Family(_NIGHTS, ("metrics.date_indication", "core.reference_date"), DAY),
    "hours_declared": Family(_SPREAD.format(given=_DECLARED), ("core.declaration", "seeds.unit", *_SPELL)),
    "hours_delivered": Family(_SPREAD.format(given=_DELIVERED), ("core.delivery", "core.span", *_SPELL)),
    "transport_cost": Family(
        _SPREAD.format(given=_RIDE),
        ("core.transport", "core.care_history", *_SPELL),
        per_unit=100_000,
        mean=True,
    ),
}


def family(metric: str, dimension: str) -> Family | None:
    """The family of a figure and breakdown; None when what it is made of is not known."""
    if metric in _OF_PERIOD and not dimension:
        needs = ("metrics.child_care", "core.attendance")
        return Family(_CARE.format(column=_OF_PERIOD[metric]), needs)
    if metric in _GIVEN and not dimension:
        return _GIVEN[metric]
    kind, _, basis = metric.rpartition("_")
    if kind in ("care_cost", "cost_by_municipality"):
        return _of_costs(kind, basis, dimension)
    return None


def _of_costs(kind: str, basis: str, dimension: str) -> Family | None:
    def cost(item: str, funder: str = _JEUGDWET) -> str:
        return _COST.format(item=item, basis=basis, funder=funder)

    def money(select: str, *needs: str, collective: str = "") -> Family:
        return Family(
            select, (*_PAID, *needs), per_unit=100_000, market=True, collective=collective, paid=True
        )

    if dimension == "provision_kind":
        both = _COLLECTIVE.format(item="'collectief'")
        return money(cost("'individueel'"), *_SUPPLY, collective=both)
    if kind == "care_cost":
        if not dimension:
            return money(cost("''"))
        if dimension in _PARTS:
            return money(cost(f"coalesce(part.{dimension}, 'onbekend')"))
        if dimension == "funder":
            other = _SPREAD.format(given=_OTHER_PAYER)
            needs = ("core.arrangement", "core.transport", *_SPELL)
            return money(f"{cost('part.funder', '')} union all {other}", *needs)
    elif not dimension:
        return money(cost("''"), *_SUPPLY, collective=_COLLECTIVE.format(item="''"))
    elif dimension == "responsible_municipality":
        whose = _COLLECTIVE.format(item=_PAYER)
        return money(cost("part.municipality_code"), *_SUPPLY, collective=whose)
    return None
