/*
description = "Figures of a child at a school in a period"
grain = "one row per period, child and school with at least one enrolled day"
key = ["period", "child_id", "school_id"]
steps = [
    "enrolled days at each school from the attendances at one school",
    "care in the same period, when there is any",
    "shares and means from days; null where there is no care",
]
seeds = ["METRICS 10"]
materialized = "view"

[columns]
period = "calendar year or school year"
child_id = "pseudonym of the child"
school_id = "BRIN6"
enrolled_days = "enrolled days in the period"
care_days = "days with at least one active provider"
provider_days = "sum over days of the number of distinct active providers"
n_providers = "distinct providers active on at least one day"
upc_t = "days of the main provider / provider_days"
main_cover = "days of the main provider / care_days"
hhi_t = "sum over providers of the square of their share in provider_days"
peak_providers = "most providers on one day; 0 without care"
mean_concurrent = "provider_days / care_days"
days_ge2 = "days with at least two providers"
days_ge3 = "days with at least three providers"
hours = "hours of all active indications, overlaps added up"
timed_care_days = "days with at least one active indication that has hours"
span_days = "enrolled days from the first day of care on; 0 without care"
pdc_enrolled = "care_days / enrolled_days"
pdc_from_start = "care_days / span_days"
*/
with
    enrolled as (
        select
            period.period_key,
            period.period,
            spell.attendance_key,
            spell.child_key,
            unit.unit_id as school_id,
            cast(
                sum(least(spell.until_day, period.until_day) - greatest(spell.from_day, period.from_day)) as integer
            ) as enrolled_days
        from core.attendance_spell as spell
        inner join core.unit_set as unit
            on spell.unit_set_key = unit.unit_set_key
            and unit.level = 'school'
        inner join core.period as period
            on spell.from_day < period.until_day
            and spell.until_day > period.from_day
        group by period.period_key, period.period, spell.attendance_key, spell.child_key, unit.unit_id
    )

select
    enrolled.period,
    child.child_id,
    enrolled.school_id,
    enrolled.enrolled_days,
    coalesce(care.care_days, 0) as care_days,
    coalesce(care.provider_days, 0) as provider_days,
    coalesce(care.n_providers, 0) as n_providers,
    ratio(care.main_days, care.provider_days) as upc_t,
    ratio(care.main_days, care.care_days) as main_cover,
    ratio(care.squared_days, cast(care.provider_days as bigint) * care.provider_days) as hhi_t,
    coalesce(care.peak_providers, 0) as peak_providers,
    ratio(care.provider_days, care.care_days) as mean_concurrent,
    coalesce(care.days_ge2, 0) as days_ge2,
    coalesce(care.days_ge3, 0) as days_ge3,
    coalesce(care.hours, 0) as hours,
    coalesce(care.timed_care_days, 0) as timed_care_days,
    coalesce(care.span_days, 0) as span_days,
    ratio(coalesce(care.care_days, 0), enrolled.enrolled_days) as pdc_enrolled,
    ratio(care.care_days, care.span_days) as pdc_from_start
from enrolled
inner join core.child as child on enrolled.child_key = child.child_key
left join metrics.child_care as care
    on enrolled.period_key = care.period_key
    and enrolled.attendance_key = care.attendance_key
