/*
description = "Every figure of METRICS section 10 for every unit: schools and what schools are grouped by"
grain = "one row per period and unit with at least one enrolled day"
key = ["period", "level", "unit_id"]
steps = [
    "add up the children per set of units, then per unit; a child has one attendance in a unit and counts once",
    "shares of providers and municipalities from their child-days",
    "events at the units of enrolment on the day itself",
    "providers per day for schools only",
]
tests = [
    "unique key",
    "care_pupils <= pupils_ever and care_days <= pupil_days",
    "0 <= cr1 and cr1 <= cr3 and cr3 <= 1",
    "0 < hhi and hhi <= 1",
    "(care_days = 0) = (hhi is null)",
    "school_providers_peak <= providers_ever",
]
seeds = ["METRICS 10", "CONTRACT 4"]

[columns]
period = "calendar year or school year"
period_key = "number of the period"
level = "level of the unit"
unit_id = "code of the unit within its level"
unit_key = "number of the unit"
is_provisional = "whether the period ends after the last event that was delivered"
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
school_providers_peak = "most distinct providers on one day; schools only"
school_providers_mean = "mean over all days of the period of the distinct providers; schools only"
child_peak_max = "most providers of one child on one day; null without care"
mean_concurrent = "provider_days / care_days"
share_days_ge2 = "share of care days with at least two providers"
share_days_ge3 = "share of care days with at least three providers"
upc_t_mean = "mean over care pupils of the share of the main provider in provider_days"
main_cover_mean = "mean over care pupils of the share of care days with the main provider"
hhi_t_mean = "mean over care pupils of the concentration over providers"
pdc_from_start_mean = "mean over care pupils of the coverage from the first care day on"
upc_t_dayweighted = "days of main providers / provider_days"
sum_upc_t = "sum over care pupils behind upc_t_mean"
sum_main_cover = "sum over care pupils behind main_cover_mean"
sum_hhi_t = "sum over care pupils behind hhi_t_mean"
sum_pdc_from_start = "sum over care pupils behind pdc_from_start_mean"
sum_pdc_enrolled = "sum over care pupils of care_days / enrolled_days"
main_days = "sum over care pupils of the days of their main provider"
hhi_t_high = "care pupils with hhi_t of at least 0.7"
days_ge2 = "care days with at least two providers"
days_ge3 = "care days with at least three providers"
largest_days = "days of the largest provider"
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
renewal_seamless = "of renewal_any_g28: renewed the next day at the latest"
*/
with
    pupil as (
        select
            period.period_key,
            spell.unit_set_key,
            sum(
                case when spell.earlier_until is null or spell.earlier_until <= period.from_day then 1 else 0 end
            ) as pupils_ever,
            sum(least(spell.until_day, period.until_day) - greatest(spell.from_day, period.from_day)) as pupil_days
        from core.attendance_spell as spell
        inner join core.period as period
            on spell.from_day < period.until_day
            and spell.until_day > period.from_day
        group by period.period_key, spell.unit_set_key
    ),
    child as (
        select
            period_key,
            unit_set_key,
            count(*) as care_pupils,
            sum(care_days) as care_days,
            sum(provider_days) as provider_days,
            sum(main_days) as main_days,
            max(peak_providers) as child_peak_max,
            sum(days_ge2) as days_ge2,
            sum(days_ge3) as days_ge3,
            sum(cast(hours as decimal(38, 12))) as hours,
            sum(timed_care_days) as timed_care_days,
            sum(cast(ratio(main_days, provider_days) as decimal(38, 12))) as sum_upc_t,
            sum(cast(ratio(main_days, care_days) as decimal(38, 12))) as sum_main_cover,
            sum(
                cast(ratio(squared_days, cast(provider_days as bigint) * provider_days) as decimal(38, 12))
            ) as sum_hhi_t,
            sum(cast(ratio(care_days, span_days) as decimal(38, 12))) as sum_pdc_from_start,
            sum(cast(ratio(care_days, enrolled_days) as decimal(38, 12))) as sum_pdc_enrolled,
            sum(
                case when 10 * squared_days >= 7 * cast(provider_days as bigint) * provider_days then 1 else 0 end
            ) as hhi_t_high
        from metrics.child_care
        group by period_key, unit_set_key
    ),
    total as (
        select
            pupil.period_key,
            unit_set.unit_key,
            cast(sum(pupil.pupils_ever) as bigint) as pupils_ever,
            cast(sum(pupil.pupil_days) as bigint) as pupil_days,
            cast(coalesce(sum(child.care_pupils), 0) as bigint) as care_pupils,
            cast(coalesce(sum(child.care_days), 0) as bigint) as care_days,
            cast(coalesce(sum(child.provider_days), 0) as bigint) as provider_days,
            cast(sum(child.main_days) as bigint) as main_days,
            max(child.child_peak_max) as child_peak_max,
            cast(sum(child.days_ge2) as bigint) as days_ge2,
            cast(sum(child.days_ge3) as bigint) as days_ge3,
            cast(coalesce(sum(child.hours), 0) as double) as hours,
            cast(coalesce(sum(child.timed_care_days), 0) as bigint) as timed_care_days,
            cast(sum(child.sum_upc_t) as double) as sum_upc_t,
            cast(sum(child.sum_main_cover) as double) as sum_main_cover,
            cast(sum(child.sum_hhi_t) as double) as sum_hhi_t,
            cast(sum(child.sum_pdc_from_start) as double) as sum_pdc_from_start,
            cast(sum(child.sum_pdc_enrolled) as double) as sum_pdc_enrolled,
            cast(sum(child.hhi_t_high) as bigint) as hhi_t_high
        from pupil
        inner join core.unit_set as unit_set on pupil.unit_set_key = unit_set.unit_set_key
        left join child
            on pupil.period_key = child.period_key
            and pupil.unit_set_key = child.unit_set_key
        group by pupil.period_key, unit_set.unit_key
    ),
    provider_place as (
        select
            period_key,
            unit_key,
            days,
            row_number() over (partition by period_key, unit_key order by days desc) as place
        from metrics.unit_provider
    ),
    provider as (
        select
            period_key,
            unit_key,
            count(*) as providers_ever,
            max(days) as largest_days,
            sum(case when place <= 3 then days else 0 end) as three_largest_days,
            sum(cast(days as decimal(38, 0)) * days) as squared_days
        from provider_place
        group by period_key, unit_key
    ),
    municipality as (
        select
            period_key,
            unit_key,
            count(*) as municipalities,
            sum(days) as days,
            sum(cast(days as decimal(38, 0)) * days) as squared_days
        from metrics.unit_municipality
        group by period_key, unit_key
    )

select
    period.period,
    period.period_key,
    unit.level,
    unit.unit_id,
    unit.unit_key,
    period.is_provisional,
    period.until_day - period.from_day as window_days,
    total.pupils_ever,
    total.pupil_days,
    ratio(total.pupil_days, period.until_day - period.from_day) as mean_pupils,
    total.care_pupils,
    ratio(total.care_pupils, total.pupils_ever) as period_prev,
    total.care_days,
    ratio(total.care_days, total.pupil_days) as persontime_prev,
    total.hours,
    total.timed_care_days,
    ratio(total.hours * 7, total.pupil_days) as hours_per_pupil_week,
    ratio(total.hours * 7, total.timed_care_days) as hours_per_timed_carepupil_week,
    coalesce(provider.providers_ever, 0) as providers_ever,
    total.provider_days,
    ratio(provider.largest_days, total.provider_days) as cr1,
    ratio(provider.three_largest_days, total.provider_days) as cr3,
    ratio(provider.squared_days, cast(total.provider_days as decimal(38, 0)) * total.provider_days) as hhi,
    ratio(cast(total.provider_days as decimal(38, 0)) * total.provider_days, provider.squared_days) as eff_providers,
    coalesce(municipality.municipalities, 0) as municipalities,
    ratio(municipality.squared_days, cast(municipality.days as decimal(38, 0)) * municipality.days) as municipality_hhi,
    case when unit.level = 'school' then coalesce(present.peak_providers, 0) end as school_providers_peak,
    case when unit.level = 'school' then ratio(coalesce(present.provider_days, 0), period.until_day - period.from_day) end as school_providers_mean,
    total.child_peak_max,
    ratio(total.provider_days, total.care_days) as mean_concurrent,
    ratio(total.days_ge2, total.care_days) as share_days_ge2,
    ratio(total.days_ge3, total.care_days) as share_days_ge3,
    ratio(total.sum_upc_t, total.care_pupils) as upc_t_mean,
    ratio(total.sum_main_cover, total.care_pupils) as main_cover_mean,
    ratio(total.sum_hhi_t, total.care_pupils) as hhi_t_mean,
    ratio(total.sum_pdc_from_start, total.care_pupils) as pdc_from_start_mean,
    ratio(total.main_days, total.provider_days) as upc_t_dayweighted,
    total.sum_upc_t,
    total.sum_main_cover,
    total.sum_hhi_t,
    total.sum_pdc_from_start,
    total.sum_pdc_enrolled,
    total.main_days,
    total.hhi_t_high,
    total.days_ge2,
    total.days_ge3,
    provider.largest_days as largest_days,
    coalesce(event.starts_entry_g0, 0) as starts_entry_g0,
    coalesce(event.starts_replacement_g0, 0) as starts_replacement_g0,
    coalesce(event.starts_addition_g0, 0) as starts_addition_g0,
    ratio((coalesce(event.starts_replacement_g0, 0) + coalesce(event.starts_addition_g0, 0)) * cast(365.25 as double), total.care_days) as switches_per_careyear_g0,
    coalesce(event.secon_same_g0, 0) as secon_same_g0,
    coalesce(event.secon_n_g0, 0) as secon_n_g0,
    coalesce(event.renewal_ended_g0, 0) as renewal_ended_g0,
    coalesce(event.renewal_same_g0, 0) as renewal_same_g0,
    coalesce(event.renewal_any_g0, 0) as renewal_any_g0,
    coalesce(event.starts_entry_g28, 0) as starts_entry_g28,
    coalesce(event.starts_replacement_g28, 0) as starts_replacement_g28,
    coalesce(event.starts_addition_g28, 0) as starts_addition_g28,
    ratio((coalesce(event.starts_replacement_g28, 0) + coalesce(event.starts_addition_g28, 0)) * cast(365.25 as double), total.care_days) as switches_per_careyear_g28,
    coalesce(event.secon_same_g28, 0) as secon_same_g28,
    coalesce(event.secon_n_g28, 0) as secon_n_g28,
    coalesce(event.renewal_ended_g28, 0) as renewal_ended_g28,
    coalesce(event.renewal_same_g28, 0) as renewal_same_g28,
    coalesce(event.renewal_any_g28, 0) as renewal_any_g28,
    coalesce(event.renewal_seamless, 0) as renewal_seamless
from total
inner join core.period as period on total.period_key = period.period_key
inner join core.unit as unit on total.unit_key = unit.unit_key
left join provider on total.period_key = provider.period_key and total.unit_key = provider.unit_key
left join municipality
    on total.period_key = municipality.period_key
    and total.unit_key = municipality.unit_key
left join metrics.school_provider_day as present
    on total.period_key = present.period_key
    and total.unit_key = present.unit_key
left join metrics.unit_event as event on total.period_key = event.period_key and total.unit_key = event.unit_key
