/*
description = "Care of a child in a period, for every part of its schools that some unit holds"
grain = "one row per period and attendance with at least one day of care while enrolled"
key = ["period_key", "attendance_key"]
steps = [
    "cut care, providers, hours and enrolment to the period",
    "days with care, providers and hours from the stretches in which nothing changes",
    "days of each provider from metrics.child_provider",
    "enrolled days, and those from the first day of care on, for the coverage",
]
tests = [
    "0 < care_days and care_days <= span_days and span_days <= enrolled_days",
    "care_days <= provider_days",
    "0 < peak_providers and peak_providers <= n_providers",
    "0 < main_days and main_days <= care_days",
    "timed_care_days <= care_days",
    "days_ge3 <= days_ge2 and days_ge2 <= care_days",
    "hours >= 0",
]
seeds = ["METRICS 10"]

[columns]
period_key = "number of the period"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
enrolled_days = "enrolled days in the period"
care_days = "days with at least one active provider"
provider_days = "sum over days of the number of distinct active providers"
n_providers = "distinct providers active on at least one day"
main_days = "days of the provider with most days"
squared_days = "sum over providers of the square of their days"
peak_providers = "most providers on one day"
days_ge2 = "days with at least two providers"
days_ge3 = "days with at least three providers"
hours = "hours of all active indications, overlaps added up"
timed_care_days = "days with at least one active indication that has hours"
span_days = "enrolled days from the first day of care on"
*/
with
    stretch as (
        select
            period.period_key,
            segment.attendance_key,
            segment.unit_set_key,
            segment.providers,
            segment.timed_indications,
            segment.hours_per_day,
            greatest(segment.from_day, period.from_day) as from_day,
            least(segment.until_day, period.until_day) - greatest(segment.from_day, period.from_day) as days
        from core.attended_segment as segment
        inner join core.period as period
            on segment.from_day < period.until_day
            and segment.until_day > period.from_day
    ),
    care as (
        select
            period_key,
            attendance_key,
            min(unit_set_key) as unit_set_key,
            min(from_day) as first_day,
            sum(days) as care_days,
            sum(providers * days) as provider_days,
            max(providers) as peak_providers,
            sum(case when providers >= 2 then days else 0 end) as days_ge2,
            sum(case when providers >= 3 then days else 0 end) as days_ge3,
            sum(case when timed_indications > 0 then days else 0 end) as timed_care_days,
            sum(hours_per_day * days) as hours
        from stretch
        group by period_key, attendance_key
    ),
    mix as (
        select
            period_key,
            attendance_key,
            count(*) as n_providers,
            max(days) as main_days,
            sum(cast(days as bigint) * days) as squared_days
        from metrics.child_provider
        group by period_key, attendance_key
    ),
    unbroken as (
        select
            care.period_key,
            care.attendance_key,
            least(spell.until_day, period.until_day) - greatest(spell.from_day, period.from_day) as enrolled_days,
            least(spell.until_day, period.until_day) - care.first_day as span_days
        from care
        inner join core.period as period on care.period_key = period.period_key
        inner join core.attendance_spell as spell
            on care.attendance_key = spell.attendance_key
            and spell.spells = 1
    ),
    broken as (
        select
            care.period_key,
            care.attendance_key,
            sum(least(spell.until_day, period.until_day) - greatest(spell.from_day, period.from_day)) as enrolled_days,
            sum(
                greatest(least(spell.until_day, period.until_day) - greatest(spell.from_day, care.first_day), 0)
            ) as span_days
        from care
        inner join core.period as period on care.period_key = period.period_key
        inner join core.attendance_spell as spell
            on care.attendance_key = spell.attendance_key
            and spell.spells > 1
            and spell.from_day < period.until_day
            and spell.until_day > period.from_day
        group by care.period_key, care.attendance_key
    ),
    presence as (
        select period_key, attendance_key, enrolled_days, span_days
        from unbroken
        union all
        select period_key, attendance_key, enrolled_days, span_days
        from broken
    )

select
    care.period_key,
    care.attendance_key,
    care.unit_set_key,
    cast(presence.enrolled_days as integer) as enrolled_days,
    cast(care.care_days as integer) as care_days,
    cast(care.provider_days as integer) as provider_days,
    cast(mix.n_providers as integer) as n_providers,
    mix.main_days,
    cast(mix.squared_days as bigint) as squared_days,
    care.peak_providers,
    cast(care.days_ge2 as integer) as days_ge2,
    cast(care.days_ge3 as integer) as days_ge3,
    cast(care.hours as double) as hours,
    cast(care.timed_care_days as integer) as timed_care_days,
    cast(presence.span_days as integer) as span_days
from care
inner join presence
    on care.period_key = presence.period_key
    and care.attendance_key = presence.attendance_key
inner join mix on care.period_key = mix.period_key and care.attendance_key = mix.attendance_key
