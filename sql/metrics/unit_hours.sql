/*
description = "Hours of care that were declared or reported as delivered, on enrolled days of a period"
grain = "one row per period, unit and basis"
key = ["period_key", "level", "unit_id", "basis"]
steps = [
    "declared: net volumes in minutes, hours and half-days, spread evenly over the days of the product period",
    "delivered: reported hours, spread evenly over the days of the delivery; one that runs ends on the last day of the data",
    "keep the enrolled days within the period; add up per set of units, then per unit",
    "the same per responsible municipality, over all schools",
]
tests = ["unique key", "basis in ('declared', 'delivered')"]
seeds = ["METRICS 3", "ZKIJ 3.13"]

[columns]
period_key = "number of the period"
level = "level of the unit"
unit_id = "code of the unit within its level"
basis = "declared or delivered"
hours = "hours on enrolled days"
children = "children with such hours"
*/
with
    given as (
        select
            'declared' as basis,
            declaration.child_key,
            declaration.municipality_code,
            day_number(declaration.start_date) as from_day,
            until_day(declaration.end_date) as until_day,
            declaration.volume * unit.hours as hours
        from core.declaration as declaration
        inner join seeds.unit as unit
            on declaration.unit = unit.code
            and unit.hours is not null
        where declaration.end_date >= declaration.start_date
        union all
        select
            'delivered',
            delivery.child_key,
            delivery.municipality_code,
            day_number(delivery.start_date),
            until_day(coalesce(delivery.end_date, span.last_day)),
            delivery.hours_delivered
        from core.delivery as delivery
        cross join core.span as span
        where
            delivery.hours_delivered is not null
            and coalesce(delivery.end_date, span.last_day) >= delivery.start_date
    ),
    attended as (
        select
            given.basis,
            given.municipality_code,
            spell.attendance_key,
            spell.unit_set_key,
            greatest(given.from_day, spell.from_day) as from_day,
            least(given.until_day, spell.until_day) as until_day,
            given.hours / (given.until_day - given.from_day) as hours_per_day
        from given
        inner join core.attendance_spell as spell
            on given.child_key = spell.child_key
            and given.from_day < spell.until_day
            and given.until_day > spell.from_day
    ),
    child as (
        select
            period.period_key,
            attended.basis,
            attended.attendance_key,
            attended.unit_set_key,
            attended.municipality_code,
            sum(
                cast(
                    attended.hours_per_day * (
                        least(attended.until_day, period.until_day) - greatest(attended.from_day, period.from_day)
                    ) as decimal(38, 12)
                )
            ) as hours
        from attended
        inner join core.period as period
            on attended.from_day < period.until_day
            and attended.until_day > period.from_day
        group by
            period.period_key,
            attended.basis,
            attended.attendance_key,
            attended.unit_set_key,
            attended.municipality_code
    ),
    counted as (
        select
            period_key,
            basis,
            unit_set_key,
            sum(hours) as hours,
            count(distinct attendance_key) as children
        from child
        group by period_key, basis, unit_set_key
    ),
    whole as (
        select unit_set.unit_set_key
        from core.unit_set as unit_set
        where unit_set.level = 'region'
    )

select
    counted.period_key,
    unit_set.level,
    unit_set.unit_id,
    counted.basis,
    cast(sum(counted.hours) as double) as hours,
    cast(sum(counted.children) as bigint) as children
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.period_key, unit_set.level, unit_set.unit_id, counted.basis
union all
select
    child.period_key,
    'responsible_municipality',
    child.municipality_code,
    child.basis,
    cast(sum(child.hours) as double),
    count(*)
from child
inner join whole on child.unit_set_key = whole.unit_set_key
group by child.period_key, child.municipality_code, child.basis
