/*
description = "Theme K, linkage: children in care that are found at a school, pupils that can be found, care without a school"
steps = [
    "children of 4 to 17 years on the first day of the period with active care in it; without a month of birth they are left out",
    "found: enrolled at a school in the data on at least one day of the period",
    "the whole counts children that a municipality of the region pays for; those that others pay for stand apart, as they may well go to school elsewhere",
    "care days: days on which a child of 4 to 17 years has care; a day counts once, or once per municipality that pays",
    "a pupil can be found when it has a BSN or was recognised otherwise",
]
seeds = ["OT3 2.20"]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
shape = "figure"
*/
with
    period as (
        select period, kind, from_day, until_day
        from core.event_period
        where kind in ('school_year', 'quarter')
    ),
    aged as (
        select
            spell.child_key,
            spell.municipality_code,
            case when region.municipality_code is null then 'buiten' else 'binnen' end as in_region,
            spell.from_day,
            spell.until_day,
            day_number(months_later(child.birth_month, 48)) as four_day,
            day_number(months_later(child.birth_month, 216)) as adult_day
        from core.municipality_spell as spell
        inner join core.child as child
            on spell.child_key = child.child_key
            and child.birth_month is not null
        left join core.region_municipality as region on spell.municipality_code = region.municipality_code
    ),
    pupil as (
        select spell.child_key, spell.from_day, spell.until_day, spell.earlier_until
        from core.attendance_spell as spell
        inner join core.unit_set as unit_set
            on spell.unit_set_key = unit_set.unit_set_key
            and unit_set.level = 'region'
    ),
    -- Only the first stretch of enrolment in a period counts: a child is there once.
    present as (
        select period.period, pupil.child_key
        from pupil
        inner join period
            on pupil.from_day < period.until_day
            and pupil.until_day > period.from_day
        where pupil.earlier_until is null or pupil.earlier_until <= period.from_day
    ),
    in_care as (
        select distinct
            period.period,
            aged.child_key,
            aged.municipality_code,
            aged.in_region
        from aged
        inner join period
            on aged.from_day < period.until_day
            and aged.until_day > period.from_day
            and aged.four_day <= period.from_day
            and aged.adult_day > period.from_day
    ),
    sought as (
        select
            in_care.period,
            in_care.child_key,
            in_care.municipality_code,
            in_care.in_region,
            case when present.child_key is null then 0 else 1 end as is_found
        from in_care
        left join present on in_care.period = present.period and in_care.child_key = present.child_key
    ),
    link_part as (
        select period, 'region' as level, 'region' as unit_id, '' as dimension, '' as dimension_value, child_key, is_found
        from sought
        where in_region = 'binnen'
        union all
        select period, 'region', 'region', 'in_region', in_region, child_key, is_found
        from sought
        union all
        select period, 'region', 'region', 'delivering_municipality', municipality_code, child_key, is_found
        from sought
        union all
        select period, 'responsible_municipality', municipality_code, '', '', child_key, is_found
        from sought
    ),
    link as (
        select
            'link_rate' as metric,
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            count(distinct case when is_found = 1 then child_key end) as numerator,
            count(distinct child_key) as denominator,
            count(distinct case when is_found = 1 then child_key end) as children
        from link_part
        group by level, unit_id, period, dimension, dimension_value
    ),
    school_age as (
        select
            aged.child_key,
            aged.municipality_code,
            period.period,
            greatest(aged.from_day, aged.four_day, period.from_day) as from_day,
            least(aged.until_day, aged.adult_day, period.until_day) as until_day
        from aged
        inner join period
            on greatest(aged.from_day, aged.four_day) < period.until_day
            and least(aged.until_day, aged.adult_day) > period.from_day
        where greatest(aged.from_day, aged.four_day) < least(aged.until_day, aged.adult_day)
    ),
    at_school as (
        select
            school_age.period,
            school_age.child_key,
            school_age.municipality_code,
            school_age.from_day,
            sum(least(school_age.until_day, pupil.until_day) - greatest(school_age.from_day, pupil.from_day)) as days
        from school_age
        inner join pupil
            on school_age.child_key = pupil.child_key
            and school_age.from_day < pupil.until_day
            and school_age.until_day > pupil.from_day
        group by school_age.period, school_age.child_key, school_age.municipality_code, school_age.from_day
    ),
    care_day as (
        select
            school_age.period,
            school_age.child_key,
            school_age.municipality_code,
            school_age.until_day - school_age.from_day as days,
            school_age.until_day - school_age.from_day - coalesce(at_school.days, 0) as days_without
        from school_age
        left join at_school
            on school_age.period = at_school.period
            and school_age.child_key = at_school.child_key
            and school_age.municipality_code = at_school.municipality_code
            and school_age.from_day = at_school.from_day
    ),
    care_part as (
        select period, 'region' as level, 'region' as unit_id, '' as dimension, '' as dimension_value, child_key, days, days_without
        from care_day
        union all
        select period, 'region', 'region', 'delivering_municipality', municipality_code, child_key, days, days_without
        from care_day
        union all
        select period, 'responsible_municipality', municipality_code, '', '', child_key, days, days_without
        from care_day
    ),
    without_school as (
        select
            'care_days_without_school' as metric,
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            sum(days_without) as numerator,
            sum(days) as denominator,
            count(distinct case when days_without > 0 then child_key end) as children
        from care_part
        group by level, unit_id, period, dimension, dimension_value
    ),
    enrolled as (
        select
            period.period,
            spell.unit_set_key,
            count(*) as pupils,
            count(unlinked.child_key) as unlinked
        from core.attendance_spell as spell
        inner join period
            on spell.from_day < period.until_day
            and spell.until_day > period.from_day
        left join core.unlinked_child as unlinked on spell.child_key = unlinked.child_key
        where spell.earlier_until is null or spell.earlier_until <= period.from_day
        group by period.period, spell.unit_set_key
    ),
    findable as (
        select
            'pupil_link_rate' as metric,
            unit_set.level,
            unit_set.unit_id,
            enrolled.period,
            '' as dimension,
            '' as dimension_value,
            sum(enrolled.pupils - enrolled.unlinked) as numerator,
            sum(enrolled.pupils) as denominator,
            sum(enrolled.pupils - enrolled.unlinked) as children
        from enrolled
        inner join core.unit_set as unit_set on enrolled.unit_set_key = unit_set.unit_set_key
        where unit_set.level in ('school', 'region')
        group by unit_set.level, unit_set.unit_id, enrolled.period
    ),
    figure as (
        select metric, level, unit_id, period, dimension, dimension_value, numerator, denominator, children
        from link
        union all
        select metric, level, unit_id, period, dimension, dimension_value, numerator, denominator, children
        from without_school
        union all
        select metric, level, unit_id, period, dimension, dimension_value, numerator, denominator, children
        from findable
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    dimension,
    dimension_value,
    ratio(numerator, denominator) as value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(children as bigint) as n_children
from figure
