/*
description = "Figures of a school in a period"
grain = "one row per period and school with at least one enrolled day"
key = ["period", "school_id"]
steps = ["take the units that are schools"]
tests = ["unique key"]
seeds = ["METRICS 10", "ZKIJ 3.13"]

[columns]
period = "calendar year or school year"
school_id = "BRIN6"
window_days = "days in the period"
pupils_ever = "children enrolled on at least one day"
pupil_days = "sum of enrolled days"
mean_pupils = "pupil_days / window_days"
care_pupils = "children with at least one care day"
period_prev = "care_pupils / pupils_ever"
care_days = "sum of care days"
persontime_prev = "care_days / pupil_days"
hours = "hours of all active indications"
timed_care_days = "care days with an indication that has hours"
hours_per_pupil_week = "hours * 7 / pupil_days"
hours_per_timed_carepupil_week = "hours * 7 / timed_care_days"
providers_ever = "distinct providers"
provider_days = "sum over child-days of the number of distinct providers"
cr1 = "share in provider_days of the largest provider"
cr3 = "share in provider_days of the three largest providers"
hhi = "sum over providers of the square of their share"
eff_providers = "1 / hhi"
municipalities = "distinct responsible municipalities of active indications"
municipality_hhi = "sum over municipalities of the square of their share in child-days"
school_providers_peak = "most distinct providers at the school on one day"
school_providers_mean = "mean over all days of the period of the distinct providers at the school"
child_peak_max = "most providers of one child on one day; null without care"
mean_concurrent = "provider_days / care_days"
share_days_ge2 = "share of care days with at least two providers"
share_days_ge3 = "share of care days with at least three providers"
upc_t_mean = "mean over care pupils of the share of the main provider in provider_days"
main_cover_mean = "mean over care pupils of the share of care days with the main provider"
hhi_t_mean = "mean over care pupils of the concentration over providers"
pdc_from_start_mean = "mean over care pupils of the coverage from the first care day on"
upc_t_dayweighted = "days of main providers / provider_days"
starts_entry_g0 = "provider starts with nobody in the 1 days before"
starts_replacement_g0 = "provider starts that replace a provider, gap 0"
starts_addition_g0 = "provider starts beside those already there, gap 0"
switches_per_careyear_g0 = "(replacement + addition) * 365.25 / care_days, gap 0"
secon_same_g0 = "successions by a provider that was already there, gap 0"
secon_n_g0 = "indications that follow on other care, gap 0"
renewal_ended_g0 = "ended indications after which a renewal could be seen, gap 0"
renewal_same_g0 = "of these: renewed by the same provider, gap 0"
renewal_any_g0 = "of these: renewed by any provider, gap 0"
starts_entry_g28 = "provider starts with nobody in the 29 days before"
starts_replacement_g28 = "provider starts that replace a provider, gap 28"
starts_addition_g28 = "provider starts beside those already there, gap 28"
switches_per_careyear_g28 = "(replacement + addition) * 365.25 / care_days, gap 28"
secon_same_g28 = "successions by a provider that was already there, gap 28"
secon_n_g28 = "indications that follow on other care, gap 28"
renewal_ended_g28 = "ended indications after which a renewal could be seen, gap 28"
renewal_same_g28 = "of these: renewed by the same provider, gap 28"
renewal_any_g28 = "of these: renewed by any provider, gap 28"
*/
select
    period,
    unit_id as school_id,
    window_days,
    pupils_ever,
    pupil_days,
    mean_pupils,
    care_pupils,
    period_prev,
    care_days,
    persontime_prev,
    hours,
    timed_care_days,
    hours_per_pupil_week,
    hours_per_timed_carepupil_week,
    providers_ever,
    provider_days,
    cr1,
    cr3,
    hhi,
    eff_providers,
    municipalities,
    municipality_hhi,
    school_providers_peak,
    school_providers_mean,
    child_peak_max,
    mean_concurrent,
    share_days_ge2,
    share_days_ge3,
    upc_t_mean,
    main_cover_mean,
    hhi_t_mean,
    pdc_from_start_mean,
    upc_t_dayweighted,
    starts_entry_g0,
    starts_replacement_g0,
    starts_addition_g0,
    switches_per_careyear_g0,
    secon_same_g0,
    secon_n_g0,
    renewal_ended_g0,
    renewal_same_g0,
    renewal_any_g0,
    starts_entry_g28,
    starts_replacement_g28,
    starts_addition_g28,
    switches_per_careyear_g28,
    secon_same_g28,
    secon_n_g28,
    renewal_ended_g28,
    renewal_same_g28,
    renewal_any_g28
from metrics.unit
where level = 'school'
