/*
description = "Days with care whose cost is known, as a whole and per form: the volume behind the cost"
grain = "one row per basis, period, unit and form with at least one such day; wide levels and payers only"
key = ["basis", "period_key", "level", "unit_id", "care_form"]
steps = [
    "of what overlaps for one child, payer and form a day counts once; the same over all forms together",
    "of what begins on one day keep the longest, so that no two rows are equal in order",
    "cut to the time the child is enrolled and to the period",
]
tests = ["unique key", "0 < days"]
seeds = ["SAM 1.2", "SAM 1.7"]

[columns]
basis = "assigned or declared"
period_key = "number of the period"
level = "school_municipality, swv, region or responsible_municipality"
unit_id = "code of the unit within its level"
care_form = "form of care; empty for all forms together, onbekend when it is not known"
days = "child-days; a day that two municipalities pay for counts once for each"
*/
with
    formed as (
        select
            basis,
            child_key,
            municipality_code,
            coalesce(care_form, 'onbekend') as care_form,
            from_day,
            max(until_day) as until_day
        from core.cost_spell
        where funder = 'jeugdwet' and cents_per_day is not null
        group by basis, child_key, municipality_code, coalesce(care_form, 'onbekend'), from_day
        union all
        select basis, child_key, municipality_code, '', from_day, max(until_day)
        from core.cost_spell
        where funder = 'jeugdwet' and cents_per_day is not null
        group by basis, child_key, municipality_code, from_day
    ),
    ordered as (
        select
            basis,
            child_key,
            municipality_code,
            care_form,
            from_day,
            until_day,
            max(until_day) over (
                partition by basis, child_key, municipality_code, care_form
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from formed
    ),
    fresh as (
        select
            basis,
            child_key,
            municipality_code,
            care_form,
            greatest(from_day, coalesce(earlier_until, from_day)) as from_day,
            until_day
        from ordered
        where earlier_until is null or until_day > earlier_until
    ),
    enrolled as (
        select
            fresh.basis,
            fresh.municipality_code,
            fresh.care_form,
            spell.unit_set_key,
            greatest(fresh.from_day, spell.from_day) as from_day,
            least(fresh.until_day, spell.until_day) as until_day
        from fresh
        inner join core.attendance_spell as spell
            on fresh.child_key = spell.child_key
            and fresh.from_day < spell.until_day
            and fresh.until_day > spell.from_day
    ),
    counted as (
        select
            enrolled.basis,
            period.period_key,
            enrolled.unit_set_key,
            enrolled.municipality_code,
            enrolled.care_form,
            sum(least(enrolled.until_day, period.until_day) - greatest(enrolled.from_day, period.from_day)) as days
        from enrolled
        inner join core.period as period
            on enrolled.from_day < period.until_day
            and enrolled.until_day > period.from_day
        group by
            enrolled.basis,
            period.period_key,
            enrolled.unit_set_key,
            enrolled.municipality_code,
            enrolled.care_form
    ),
    placed as (
        select
            counted.basis,
            counted.period_key,
            unit_set.level,
            unit_set.unit_id,
            counted.municipality_code,
            counted.care_form,
            counted.days
        from counted
        inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
        where unit_set.level in ('school_municipality', 'swv', 'region')
    )

select basis, period_key, level, unit_id, care_form, cast(sum(days) as bigint) as days
from placed
group by basis, period_key, level, unit_id, care_form
union all
select basis, period_key, 'responsible_municipality', municipality_code, care_form, cast(sum(days) as bigint)
from placed
where level = 'region'
group by basis, period_key, municipality_code, care_form
