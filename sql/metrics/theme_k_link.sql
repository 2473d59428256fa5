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
        select event_period_key as period_key, kind, from_day, until_day
        from core.event_period
        where kind in ('school_year', 'quarter')
    ),
    aged as (
        select
            spell.child_key,
            spell.municipality_code,
            case when region.municipality_code is null then 0 else 1 end as is_in_region,
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
        select
            spell.child_key,
            spell.from_day,
            spell.until_day,
            coalesce(spell.earlier_until, spell.from_day - 1000000) as earlier_until
        from core.attendance_spell as spell
        inner join core.unit_set as unit_set
            on spell.unit_set_key = unit_set.unit_set_key
            and unit_set.level = 'region'
    ),
    in_care as (
        select distinct
            period.period_key,
            period.from_day,
            period.until_day,
            aged.child_key,
            aged.municipality_code,
            aged.is_in_region
        from aged
        inner join period
            on aged.from_day < period.until_day
            and aged.until_day > period.from_day
            and aged.four_day <= period.from_day
            and aged.adult_day > period.from_day
    ),
    -- Only the first stretch of enrolment in a period counts: a child is there once.
    sought as (
        select
            in_care.period_key,
            in_care.child_key,
            in_care.municipality_code,
            in_care.is_in_region,
            case when pupil.child_key is null then 0 else 1 end as is_found
        from in_care
        left join pupil
            on in_care.child_key = pupil.child_key
            and pupil.from_day < in_care.until_day
            and pupil.until_day > in_care.from_day
            and pupil.earlier_until <= in_care.from_day
    ),
    -- A child that two municipalities pay for counts for both, and once for the region.
    sought_child as (
        select
            period_key,
            child_key,
            max(is_in_region) as is_in_region,
            min(is_in_region) as is_always_in_region,
            max(is_found) as is_found
        from sought
        group by period_key, child_key
    ),
    sought_part as (
        select period_key, 'region' as level, 'region' as unit_id, 'in_region' as dimension, 'binnen' as dimension_value, sum(is_found) as numerator, count(*) as denominator
        from sought_child
        where is_in_region = 1
        group by period_key
        union all
        select period_key, 'region', 'region', 'in_region', 'buiten', sum(is_found), count(*)
        from sought_child
        where is_always_in_region = 0
        group by period_key
        union all
        select period_key, 'responsible_municipality', municipality_code, '', '', sum(is_found), count(*)
        from sought
        group by period_key, municipality_code
    ),
    link as (
        select level, unit_id, period_key, dimension, dimension_value, numerator, denominator
        from sought_part
        union all
        select level, unit_id, period_key, '', '', numerator, denominator
        from sought_part
        where dimension_value = 'binnen'
        union all
        select 'region', 'region', period_key, 'delivering_municipality', unit_id, numerator, denominator
        from sought_part
        where level = 'responsible_municipality'
    ),
    school_age as (
        select
            child_key,
            municipality_code,
            greatest(from_day, four_day) as from_day,
            least(until_day, adult_day) as until_day
        from aged
        where greatest(from_day, four_day) < least(until_day, adult_day)
    ),
    -- The time in care, and of that the time at school.
    time_part as (
        select child_key, municipality_code, from_day, until_day, 1 as in_care, 0 as at_school
        from school_age
        union all
        select
            school_age.child_key,
            school_age.municipality_code,
            greatest(school_age.from_day, pupil.from_day),
            least(school_age.until_day, pupil.until_day),
            0,
            1
        from school_age
        inner join pupil
            on school_age.child_key = pupil.child_key
            and school_age.from_day < pupil.until_day
            and school_age.until_day > pupil.from_day
    ),
    cut as (
        select
            period.period_key,
            part.child_key,
            part.municipality_code,
            part.in_care,
            part.at_school,
            least(part.until_day, period.until_day) - greatest(part.from_day, period.from_day) as days
        from time_part as part
        inner join period
            on part.from_day < period.until_day
            and part.until_day > period.from_day
    ),
    care_child as (
        select
            period_key,
            child_key,
            municipality_code,
            sum(days * in_care) as days,
            sum(days * (in_care - at_school)) as days_without
        from cut
        group by period_key, child_key, municipality_code
    ),
    care_municipality as (
        select
            period_key,
            municipality_code,
            sum(days) as days,
            sum(days_without) as days_without,
            sum(case when days_without > 0 then 1 else 0 end) as children
        from care_child
        group by period_key, municipality_code
    ),
    care_region as (
        select
            period_key,
            sum(days) as days,
            sum(days_without) as days_without,
            count(distinct case when days_without > 0 then child_key end) as children
        from care_child
        group by period_key
    ),
    enrolled as (
        select
            period.period_key,
            spell.unit_set_key,
            count(*) as pupils,
            count(unlinked.child_key) as unlinked
        from core.attendance_spell as spell
        inner join period
            on spell.from_day < period.until_day
            and spell.until_day > period.from_day
        left join core.unlinked_child as unlinked on spell.child_key = unlinked.child_key
        where spell.earlier_until is null or spell.earlier_until <= period.from_day
        group by period.period_key, spell.unit_set_key
    ),
    findable as (
        select
            enrolled.period_key,
            unit_set.level,
            unit_set.unit_id,
            sum(enrolled.pupils - enrolled.unlinked) as numerator,
            sum(enrolled.pupils) as denominator
        from enrolled
        inner join core.unit_set as unit_set on enrolled.unit_set_key = unit_set.unit_set_key
        where unit_set.level in ('school', 'region')
        group by enrolled.period_key, unit_set.level, unit_set.unit_id
    ),
    figure as (
        select 'link_rate' as metric, level, unit_id, period_key, dimension, dimension_value, numerator, denominator, numerator as children
        from link
        union all
        select 'care_days_without_school', 'region', 'region', period_key, '', '', days_without, days, children
        from care_region
        union all
        select 'care_days_without_school', 'region', 'region', period_key, 'delivering_municipality', municipality_code, days_without, days, children
        from care_municipality
        union all
        select 'care_days_without_school', 'responsible_municipality', municipality_code, period_key, '', '', days_without, days, children
        from care_municipality
        union all
        select 'pupil_link_rate', level, unit_id, period_key, '', '', numerator, denominator, numerator
        from findable
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    period.period,
    cast(null as date) as reference_date,
    figure.dimension,
    figure.dimension_value,
    ratio(figure.numerator, figure.denominator) as value,
    cast(figure.numerator as double) as numerator,
    cast(figure.denominator as double) as denominator,
    cast(figure.children as bigint) as n_children
from figure
inner join core.event_period as period on figure.period_key = period.event_period_key
