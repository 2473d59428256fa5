/*
description = "What decision support for collective provision knows of every school"
grain = "one row per school year and school with pupils on the first reference date of that year"
key = ["period", "school_id"]
steps = [
    "pupils, care and hours on the first reference date of the school year; the rest over the school year",
    "hours at school: hours a week times the share of hours given at school",
    "the largest form of care, and one minus the match of indications with the time left at school",
    "the link rate is that of the region; unknown stays null",
]
tests = ["unique key", "care_share between 0 and 1", "school_years >= 1"]
seeds = ["OT3 2.8"]

[columns]
period = "school year"
reference_date = "first reference date in it"
school_id = "BRIN6"
school_type = "type of school"
ikc = "whether it is part of an integrated child centre"
care_pupils = "pupils with care on the day"
care_share = "care_pupils / pupils"
hours_week = "assigned hours a week on the day"
hours_at_school = "of these: at school"
effective_providers = "effective number of providers in the school year"
effective_municipalities = "effective number of responsible municipalities in the school year"
switches = "switches of provider per care year, gap 28"
short_horizon = "1 - match of indications with the time left at school"
similar_need = "share of the largest form of care; what is not known is no form"
link_rate = "share of children in care that were found at a school, region"
school_years = "school years with a share of pupils with care, this one included"
*/
with
    first_date as (
        select period, min(reference_date) as reference_date
        from core.reference_date
        group by period
    ),
    counted as (
        select
            first_date.period,
            first_date.reference_date,
            pupils.unit_id as school_id,
            pupils.care_pupils,
            ratio(pupils.care_pupils, pupils.pupils) as care_share,
            pupils.hours_week,
            row_number() over (partition by pupils.unit_id order by first_date.reference_date) as school_years
        from metrics.unit_date as pupils
        inner join first_date on pupils.reference_date = first_date.reference_date
        where pupils.level = 'school'
    ),
    placed as (
        select unit_id as school_id, reference_date, value as share
        from metrics.theme_g_nearness
        where metric = 'in_school_share_hours' and level = 'school' and dimension = ''
    ),
    horizon as (
        select unit_id as school_id, reference_date, value as share
        from metrics.theme_d_on_date
        where metric = 'horizon_match' and level = 'school' and dimension = ''
    ),
    form as (
        select unit_id as school_id, reference_date, max(value) as share
        from metrics.theme_b_mix
        where
            metric = 'care_form_mix'
            and level = 'school'
            and dimension = 'care_form'
            and dimension_value <> 'onbekend'
        group by unit_id, reference_date
    ),
    linked as (
        select period, max(value) as share
        from metrics.theme_k_link
        where metric = 'link_rate' and level = 'region' and dimension = ''
        group by period
    )

select
    counted.period,
    counted.reference_date,
    counted.school_id,
    school.school_type,
    coalesce(school.ikc, false) as ikc,
    counted.care_pupils,
    counted.care_share,
    counted.hours_week,
    counted.hours_week * placed.share as hours_at_school,
    ratio(case when whole.hhi is not null then 1 end, whole.hhi) as effective_providers,
    ratio(case when whole.municipality_hhi is not null then 1 end, whole.municipality_hhi) as effective_municipalities,
    whole.switches_per_careyear_g28 as switches,
    1 - horizon.share as short_horizon,
    form.share as similar_need,
    linked.share as link_rate,
    counted.school_years
from counted
inner join core.school as school on counted.school_id = school.school_id
left join metrics.unit as whole
    on whole.level = 'school'
    and counted.school_id = whole.unit_id
    and counted.period = whole.period
left join placed on counted.school_id = placed.school_id and counted.reference_date = placed.reference_date
left join horizon on counted.school_id = horizon.school_id and counted.reference_date = horizon.reference_date
left join form on counted.school_id = form.school_id and counted.reference_date = form.reference_date
left join linked on counted.period = linked.period
