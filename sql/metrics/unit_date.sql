/*
description = "Pupils and care on the reference dates, for every unit"
grain = "one row per reference date and unit with at least one enrolled pupil"
key = ["reference_date", "level", "unit_id"]
steps = [
    "attendances that are enrolled on the day",
    "how many providers are active for them that day, from the stretches with a constant number of providers",
    "hours a week of the indications that are active that day",
    "add up per set of units, then per unit",
    "shares of providers and municipalities, each pupil divided over its own",
]
tests = ["unique key", "care_pupils <= pupils", "pupils > 0"]
seeds = ["CATALOGUE 2", "ZKIJ 3.13"]

[columns]
reference_date = "the day"
period = "school year that contains the day"
level = "level of the unit"
unit_id = "code of the unit within its level"
unit_key = "number of the unit"
pupils = "children enrolled on the day"
care_pupils = "of these: with at least one active provider"
provider_links = "sum over care pupils of the number of distinct providers"
pupils_ge2 = "care pupils with at least two providers"
pupils_ge3 = "care pupils with at least three providers"
hours_week = "hours a week of the indications active on the day"
timed_pupils = "care pupils with at least one active indication that has hours"
providers = "distinct providers"
provider_hhi = "sum over providers of the square of their share in the care pupils; null without care"
largest_provider_weight = "pupils of the largest provider, each divided over its providers"
municipalities = "distinct responsible municipalities"
municipality_hhi = "sum over municipalities of the square of their share in the care pupils; null without care"
*/
with
    enrolled as (
        select
            date.day,
            spell.unit_set_key,
            count(*) as pupils
        from core.attendance_spell as spell
        inner join core.reference_date as date
            on spell.from_day <= date.day
            and spell.until_day > date.day
        group by date.day, spell.unit_set_key
    ),
    cared as (
        select
            date.day,
            segment.unit_set_key,
            count(*) as care_pupils,
            sum(segment.providers) as provider_links,
            sum(case when segment.providers >= 2 then 1 else 0 end) as pupils_ge2,
            sum(case when segment.providers >= 3 then 1 else 0 end) as pupils_ge3
        from core.attended_segment as segment
        inner join core.reference_date as date
            on segment.from_day <= date.day
            and segment.until_day > date.day
        group by date.day, segment.unit_set_key
    ),
    timed as (
        select
            date.day,
            spell.unit_set_key,
            spell.attendance_key,
            sum(cast(7 * care.hours_per_day as decimal(38, 12))) as hours_week
        from core.care as care
        inner join core.reference_date as date
            on care.from_day <= date.day
            and care.until_day > date.day
        inner join core.attendance_spell as spell
            on care.child_key = spell.child_key
            and spell.from_day <= date.day
            and spell.until_day > date.day
        where care.hours_per_day is not null
        group by date.day, spell.unit_set_key, spell.attendance_key
    ),
    volume as (
        select day, unit_set_key, sum(hours_week) as hours_week, count(*) as timed_pupils
        from timed
        group by day, unit_set_key
    ),
    counted as (
        select
            enrolled.day,
            enrolled.unit_set_key,
            enrolled.pupils,
            coalesce(cared.care_pupils, 0) as care_pupils,
            coalesce(cared.provider_links, 0) as provider_links,
            coalesce(cared.pupils_ge2, 0) as pupils_ge2,
            coalesce(cared.pupils_ge3, 0) as pupils_ge3,
            coalesce(volume.hours_week, 0) as hours_week,
            coalesce(volume.timed_pupils, 0) as timed_pupils
        from enrolled
        left join cared on enrolled.day = cared.day and enrolled.unit_set_key = cared.unit_set_key
        left join volume on enrolled.day = volume.day and enrolled.unit_set_key = volume.unit_set_key
    ),
    total as (
        select
            counted.day,
            unit_set.level,
            unit_set.unit_id,
            unit_set.unit_key,
            cast(sum(counted.pupils) as bigint) as pupils,
            cast(sum(counted.care_pupils) as bigint) as care_pupils,
            cast(sum(counted.provider_links) as bigint) as provider_links,
            cast(sum(counted.pupils_ge2) as bigint) as pupils_ge2,
            cast(sum(counted.pupils_ge3) as bigint) as pupils_ge3,
            cast(sum(counted.hours_week) as double) as hours_week,
            cast(sum(counted.timed_pupils) as bigint) as timed_pupils
        from counted
        inner join core.unit_set as unit_set on counted.unit_set_key = unit_set.unit_set_key
        group by counted.day, unit_set.level, unit_set.unit_id, unit_set.unit_key
    ),
    provider as (
        select
            day,
            unit_key,
            count(*) as providers,
            exact_sum(weight * weight) as squared_weight,
            max(weight) as largest_weight
        from metrics.unit_date_provider
        group by day, unit_key
    ),
    municipality as (
        select day, unit_key, count(*) as municipalities, exact_sum(weight * weight) as squared_weight
        from metrics.unit_date_municipality
        group by day, unit_key
    )

select
    date.reference_date,
    date.period,
    total.level,
    total.unit_id,
    total.unit_key,
    total.pupils,
    total.care_pupils,
    total.provider_links,
    total.pupils_ge2,
    total.pupils_ge3,
    total.hours_week,
    total.timed_pupils,
    coalesce(provider.providers, 0) as providers,
    ratio(provider.squared_weight, total.care_pupils * total.care_pupils) as provider_hhi,
    provider.largest_weight as largest_provider_weight,
    coalesce(municipality.municipalities, 0) as municipalities,
    ratio(municipality.squared_weight, total.care_pupils * total.care_pupils) as municipality_hhi
from total
inner join core.reference_date as date on total.day = date.day
left join provider on total.day = provider.day and total.unit_key = provider.unit_key
left join municipality on total.day = municipality.day and total.unit_key = municipality.unit_key
