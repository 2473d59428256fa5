/*
description = "Starts, successions and renewals, counted at the units of enrolment on the day itself"
grain = "one row per period and unit with at least one event"
key = ["period_key", "unit_key"]
steps = [
    "gather provider starts, starts of indications that follow on care, and ends of indications",
    "an end counts when a renewal within the gap could still be seen: at the latest the gap + 1 days before the last day of the period",
    "count them at the attendances that are enrolled on that day, per set of units, then per unit",
]
tests = [
    "unique key",
    "secon_same_g0 <= secon_n_g0 and secon_same_g28 <= secon_n_g28",
    "renewal_same_g0 <= renewal_any_g0 and renewal_any_g0 <= renewal_ended_g0",
    "renewal_same_g28 <= renewal_any_g28 and renewal_any_g28 <= renewal_ended_g28",
]
seeds = ["METRICS 10"]

[columns]
period_key = "number of the period"
unit_key = "number of the unit"
starts_entry_g0 = "provider starts with nobody before; gap 0"
starts_replacement_g0 = "provider starts that replace a provider; gap 0"
starts_addition_g0 = "provider starts beside those already there; gap 0"
secon_n_g0 = "starts of indications that follow on other care; gap 0"
secon_same_g0 = "of these: the provider was already there; gap 0"
renewal_ended_g0 = "ends of indications after which a renewal could be seen; gap 0"
renewal_same_g0 = "of these: renewed by the same provider; gap 0"
renewal_any_g0 = "of these: renewed by any provider; gap 0"
starts_entry_g28 = "provider starts with nobody before; gap 28"
starts_replacement_g28 = "provider starts that replace a provider; gap 28"
starts_addition_g28 = "provider starts beside those already there; gap 28"
secon_n_g28 = "starts of indications that follow on other care; gap 28"
secon_same_g28 = "of these: the provider was already there; gap 28"
renewal_ended_g28 = "ends of indications after which a renewal could be seen; gap 28"
renewal_same_g28 = "of these: renewed by the same provider; gap 28"
renewal_any_g28 = "of these: renewed by any provider; gap 28"
renewal_seamless = "of renewal_any_g28: renewed the next day at the latest"
*/
with
    event as (
        select child_key, day, 'start' as event, kind_g0, kind_g28, 0 as n_g0, 0 as same_g0, 0 as any_g0, 0 as same_g28, 0 as any_g28
        from core.provider_start
        union all
        select child_key, day, 'succession', null, null, follows_g0, same_g0, 0, same_g28, 0
        from core.indication_start
        union all
        select child_key, day, 'end', null, null, 1, same_g0, any_g0, same_g28, any_g28
        from core.indication_end
    ),
    placed as (
        select
            period.period_key,
            spell.unit_set_key,
            event.event,
            event.kind_g0,
            event.kind_g28,
            event.n_g0,
            event.same_g0,
            event.any_g0,
            event.same_g28,
            event.any_g28,
            period.until_day - 1 - event.day as days_left
        from event
        inner join core.attendance_spell as spell
            on event.child_key = spell.child_key
            and event.day >= spell.from_day
            and event.day < spell.until_day
        inner join core.period as period
            on event.day >= period.from_day
            and event.day < period.until_day
    ),
    counted as (
        select
            period_key,
            unit_set_key,
            sum(case when kind_g0 = 'entry' then 1 else 0 end) as starts_entry_g0,
            sum(case when kind_g0 = 'replacement' then 1 else 0 end) as starts_replacement_g0,
            sum(case when kind_g0 = 'addition' then 1 else 0 end) as starts_addition_g0,
            sum(case when event = 'succession' then n_g0 else 0 end) as secon_n_g0,
            sum(case when event = 'succession' then same_g0 else 0 end) as secon_same_g0,
            sum(case when event = 'end' and days_left >= 1 then 1 else 0 end) as renewal_ended_g0,
            sum(case when event = 'end' and days_left >= 1 then same_g0 else 0 end) as renewal_same_g0,
            sum(case when event = 'end' and days_left >= 1 then any_g0 else 0 end) as renewal_any_g0,
            sum(case when kind_g28 = 'entry' then 1 else 0 end) as starts_entry_g28,
            sum(case when kind_g28 = 'replacement' then 1 else 0 end) as starts_replacement_g28,
            sum(case when kind_g28 = 'addition' then 1 else 0 end) as starts_addition_g28,
            sum(case when event = 'succession' then 1 else 0 end) as secon_n_g28,
            sum(case when event = 'succession' then same_g28 else 0 end) as secon_same_g28,
            sum(case when event = 'end' and days_left >= 29 then 1 else 0 end) as renewal_ended_g28,
            sum(case when event = 'end' and days_left >= 29 then same_g28 else 0 end) as renewal_same_g28,
            sum(case when event = 'end' and days_left >= 29 then any_g28 else 0 end) as renewal_any_g28,
            sum(case when event = 'end' and days_left >= 29 then any_g0 else 0 end) as renewal_seamless
        from placed
        group by period_key, unit_set_key
    )

select
    counted.period_key,
    unit_set.unit_key,
    cast(sum(counted.starts_entry_g0) as bigint) as starts_entry_g0,
    cast(sum(counted.starts_replacement_g0) as bigint) as starts_replacement_g0,
    cast(sum(counted.starts_addition_g0) as bigint) as starts_addition_g0,
    cast(sum(counted.secon_n_g0) as bigint) as secon_n_g0,
    cast(sum(counted.secon_same_g0) as bigint) as secon_same_g0,
    cast(sum(counted.renewal_ended_g0) as bigint) as renewal_ended_g0,
    cast(sum(counted.renewal_same_g0) as bigint) as renewal_same_g0,
    cast(sum(counted.renewal_any_g0) as bigint) as renewal_any_g0,
    cast(sum(counted.starts_entry_g28) as bigint) as starts_entry_g28,
    cast(sum(counted.starts_replacement_g28) as bigint) as starts_replacement_g28,
    cast(sum(counted.starts_addition_g28) as bigint) as starts_addition_g28,
    cast(sum(counted.secon_n_g28) as bigint) as secon_n_g28,
    cast(sum(counted.secon_same_g28) as bigint) as secon_same_g28,
    cast(sum(counted.renewal_ended_g28) as bigint) as renewal_ended_g28,
    cast(sum(counted.renewal_same_g28) as bigint) as renewal_same_g28,
    cast(sum(counted.renewal_any_g28) as bigint) as renewal_any_g28,
    cast(sum(counted.renewal_seamless) as bigint) as renewal_seamless
from counted
inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
group by counted.period_key, unit_set.unit_key
