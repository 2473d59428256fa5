/*
description = "Figures of a child in a period, for every set of its schools that some unit holds"
grain = "one row per period and attendance with at least one enrolled day"
key = ["period_key", "attendance_key"]
steps = [
    "cut enrolment, care, providers and hours to the period",
    "days with care and providers from the stretches with a constant number of providers",
    "days of each provider from its unbroken time, so that two indications of one provider count once",
    "hours from the indications themselves: overlaps add up",
    "enrolled days from the first day of care on, for the coverage from the start",
]
tests = [
    "unique key",
    "1 <= enrolled_days",
    "0 <= care_days and care_days <= enrolled_days",
    "care_days <= provider_days",
    "n_providers >= peak_providers",
    "main_days <= care_days",
    "timed_care_days <= care_days",
    "days_ge3 <= days_ge2 and days_ge2 <= care_days",
    "care_days <= span_days and span_days <= enrolled_days",
    "hours >= 0",
]
seeds = ["METRICS 10"]

[columns]
period_key = "number of the period"
attendance_key = "number of the attendance"
unit_set_key = "units it counts for"
enrolled_days = "enrolled days in the period"
care_days = "days with at least one active provider"
provider_days = "sum over days of the number of distinct active providers"
n_providers = "distinct providers active on at least one day"
main_days = "days of the provider with most days; 0 without care"
squared_days = "sum over providers of the square of their days"
peak_providers = "most providers on one day; 0 without care"
days_ge2 = "days with at least two providers"
days_ge3 = "days with at least three providers"
hours = "hours of all active indications, overlaps added up"
timed_care_days = "days with at least one active indication that has hours"
span_days = "enrolled days from the first day of care on; 0 without care"
*/
with
    enrolled as (
        select
            period.period_key,
            spell.attendance_key,
            greatest(spell.from_day, period.from_day) as from_day,
            least(spell.until_day, period.until_day) as until_day
        from core.attendance_spell as spell
        inner join core.period as period
            on spell.from_day < period.until_day
            and spell.until_day > period.from_day
    ),
    care as (
        select
            period.period_key,
            segment.attendance_key,
            min(greatest(segment.from_day, period.from_day)) as first_day,
            sum(least(segment.until_day, period.until_day) - greatest(segment.from_day, period.from_day)) as care_days,
            sum(
                segment.providers
                * (least(segment.until_day, period.until_day) - greatest(segment.from_day, period.from_day))
            ) as provider_days,
            max(segment.providers) as peak_providers,
            sum(
                case
                    when segment.providers >= 2
                        then least(segment.until_day, period.until_day) - greatest(segment.from_day, period.from_day)
                    else 0
                end
            ) as days_ge2,
            sum(
                case
                    when segment.providers >= 3
                        then least(segment.until_day, period.until_day) - greatest(segment.from_day, period.from_day)
                    else 0
                end
            ) as days_ge3
        from core.attended_segment as segment
        inner join core.period as period
            on segment.from_day < period.until_day
            and segment.until_day > period.from_day
        group by period.period_key, segment.attendance_key
    ),
    provider as (
        select
            period.period_key,
            attended.attendance_key,
            attended.provider_key,
            sum(least(attended.until_day, period.until_day) - greatest(attended.from_day, period.from_day)) as days
        from core.attended_care as attended
        inner join core.period as period
            on attended.from_day < period.until_day
            and attended.until_day > period.from_day
        group by period.period_key, attended.attendance_key, attended.provider_key
    ),
    mix as (
        select
            period_key,
            attendance_key,
            count(*) as n_providers,
            max(days) as main_days,
            sum(days * days) as squared_days
        from provider
        group by period_key, attendance_key
    ),
    timed as (
        select
            period.period_key,
            attendance.attendance_key,
            sum(
                least(spell.until_day, attendance.until_day, period.until_day)
                - greatest(spell.from_day, attendance.from_day, period.from_day)
            ) as timed_care_days
        from core.timed_spell as spell
        inner join core.attendance_spell as attendance
            on spell.child_key = attendance.child_key
            and spell.from_day < attendance.until_day
            and spell.until_day > attendance.from_day
        inner join core.period as period
            on greatest(spell.from_day, attendance.from_day) < period.until_day
            and least(spell.until_day, attendance.until_day) > period.from_day
        group by period.period_key, attendance.attendance_key
    ),
    volume as (
        select
            period.period_key,
            attendance.attendance_key,
            exact_sum(
                care.hours_per_day
                * (
                    least(care.until_day, attendance.until_day, period.until_day)
                    - greatest(care.from_day, attendance.from_day, period.from_day)
                )
            ) as hours
        from core.care as care
        inner join core.attendance_spell as attendance
            on care.child_key = attendance.child_key
            and care.from_day < attendance.until_day
            and care.until_day > attendance.from_day
        inner join core.period as period
            on greatest(care.from_day, attendance.from_day) < period.until_day
            and least(care.until_day, attendance.until_day) > period.from_day
        where care.hours_per_day is not null
        group by period.period_key, attendance.attendance_key
    ),
    presence as (
        select
            enrolled.period_key,
            enrolled.attendance_key,
            sum(enrolled.until_day - enrolled.from_day) as enrolled_days,
            sum(
                case
                    when care.first_day < enrolled.until_day
                        then enrolled.until_day - greatest(enrolled.from_day, care.first_day)
                    else 0
                end
            ) as span_days
        from enrolled
        left join care
            on enrolled.period_key = care.period_key
            and enrolled.attendance_key = care.attendance_key
        group by enrolled.period_key, enrolled.attendance_key
    )

select
    presence.period_key,
    presence.attendance_key,
    attendance.unit_set_key,
    cast(presence.enrolled_days as integer) as enrolled_days,
    cast(coalesce(care.care_days, 0) as integer) as care_days,
    cast(coalesce(care.provider_days, 0) as integer) as provider_days,
    cast(coalesce(mix.n_providers, 0) as integer) as n_providers,
    cast(coalesce(mix.main_days, 0) as integer) as main_days,
    cast(coalesce(mix.squared_days, 0) as bigint) as squared_days,
    cast(coalesce(care.peak_providers, 0) as integer) as peak_providers,
    cast(coalesce(care.days_ge2, 0) as integer) as days_ge2,
    cast(coalesce(care.days_ge3, 0) as integer) as days_ge3,
    coalesce(volume.hours, 0) as hours,
    cast(coalesce(timed.timed_care_days, 0) as integer) as timed_care_days,
    cast(presence.span_days as integer) as span_days
from presence
inner join core.attendance as attendance on presence.attendance_key = attendance.attendance_key
left join care
    on presence.period_key = care.period_key
    and presence.attendance_key = care.attendance_key
left join mix
    on presence.period_key = mix.period_key
    and presence.attendance_key = mix.attendance_key
left join timed
    on presence.period_key = timed.period_key
    and presence.attendance_key = timed.attendance_key
left join volume
    on presence.period_key = volume.period_key
    and presence.attendance_key = volume.attendance_key
