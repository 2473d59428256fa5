/*
description = "Figures of a child at a school in a period"
grain = "one row per period, child and school with at least one enrolled day"
key = ["period", "child_id", "school_id"]
steps = [
    "take the attendances at one school",
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
select
    period.period,
    child.child_id,
    unit.unit_id as school_id,
    figures.enrolled_days,
    figures.care_days,
    figures.provider_days,
    figures.n_providers,
    ratio(figures.main_days, figures.provider_days) as upc_t,
    ratio(figures.main_days, figures.care_days) as main_cover,
    ratio(figures.squared_days, cast(figures.provider_days as bigint) * figures.provider_days) as hhi_t,
    figures.peak_providers,
    ratio(figures.provider_days, figures.care_days) as mean_concurrent,
    figures.days_ge2,
    figures.days_ge3,
    figures.hours,
    figures.timed_care_days,
    figures.span_days,
    ratio(figures.care_days, figures.enrolled_days) as pdc_enrolled,
    ratio(figures.care_days, figures.span_days) as pdc_from_start
from metrics.child_attendance as figures
inner join core.period as period on figures.period_key = period.period_key
inner join core.attendance as attendance on figures.attendance_key = attendance.attendance_key
inner join core.child as child on attendance.child_key = child.child_key
inner join core.unit_set as unit on figures.unit_set_key = unit.unit_set_key and unit.level = 'school'
