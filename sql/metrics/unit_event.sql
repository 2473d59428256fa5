/*
description = "Starts, successions and renewals, counted at the units of enrolment on the day itself"
grain = "one row per period, unit and gap with at least one event"
key = ["period_key", "unit_key", "gap"]
steps = [
    "gather provider starts, starts of indications that follow on care, and ends of indications",
    "an end counts when a renewal within the gap could still be seen: at the latest the gap + 1 days before the last day of the period",
    "count them at the attendances that are enrolled on that day, per set of units, then per unit",
]
tests = ["unique key", "secon_same <= secon_n", "renewal_same <= renewal_any and renewal_any <= renewal_ended"]
seeds = ["METRICS 10"]

[columns]
period_key = "number of the period"
unit_key = "number of the unit"
gap = "tolerated gap in days"
starts_entry = "provider starts with nobody before"
starts_replacement = "provider starts that replace a provider"
starts_addition = "provider starts beside those already there"
secon_n = "starts of indications that follow on other care"
secon_same = "of these: the provider was already there"
renewal_ended = "ends of indications after which a renewal could be seen"
renewal_same = "of these: renewed by the same provider"
renewal_any = "of these: renewed by any provider"
*/
with
    event as (
        select
            gap,
            child_key,
            day,
            0 as days_to_see,
            case when kind = 'entry' then 1 else 0 end as starts_entry,
            case when kind = 'replacement' then 1 else 0 end as starts_replacement,
            case when kind = 'addition' then 1 else 0 end as starts_addition,
            0 as secon_n,
            0 as secon_same,
            0 as renewal_ended,
            0 as renewal_same,
            0 as renewal_any
        from core.provider_start
        union all
        select gap, child_key, day, 0, 0, 0, 0, 1, is_same, 0, 0, 0
        from core.indication_start
        union all
        select gap, child_key, day, gap + 1, 0, 0, 0, 0, 0, 1, renewed_same, renewed_any
        from core.indication_end
    ),
    counted as (
        select
            period.period_key,
            attendance.unit_set_key,
            event.gap,
            sum(event.starts_entry) as starts_entry,
            sum(event.starts_replacement) as starts_replacement,
            sum(event.starts_addition) as starts_addition,
            sum(event.secon_n) as secon_n,
            sum(event.secon_same) as secon_same,
            sum(event.renewal_ended) as renewal_ended,
            sum(event.renewal_same) as renewal_same,
            sum(event.renewal_any) as renewal_any
        from event
        inner join core.attendance_spell as spell
            on event.child_key = spell.child_key
            and event.day >= spell.from_day
            and event.day < spell.until_day
        inner join core.attendance as attendance on spell.attendance_key = attendance.attendance_key
        inner join core.period as period
            on event.day >= period.from_day
            and event.day + event.days_to_see < period.until_day
        group by period.period_key, attendance.unit_set_key, event.gap
    )

select
    counted.period_key,
    unit_set.unit_key,
    counted.gap,
    cast(sum(counted.starts_entry) as bigint) as starts_entry,
    cast(sum(counted.starts_replacement) as bigint) as starts_replacement,
    cast(sum(counted.starts_addition) as bigint) as starts_addition,
    cast(sum(counted.secon_n) as bigint) as secon_n,
    cast(sum(counted.secon_same) as bigint) as secon_same,
    cast(sum(counted.renewal_ended) as bigint) as renewal_ended,
    cast(sum(counted.renewal_same) as bigint) as renewal_same,
    cast(sum(counted.renewal_any) as bigint) as renewal_any
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.period_key, unit_set.unit_key, counted.gap
