/*
description = "Theme A, population: types of school, special education and the flows between them"
steps = [
    "pupils of a type as a share of all pupils on the day, and of primary or secondary pupils",
    "pupils at care-intensive schools, years in special primary education, flows between types from year to year",
    "without pupil lists the participation follows from the counts of DUO, by the type of the location",
]
seeds = ["OT3 2.4", "SAM 1.2", "OT3 2.2", "OT3 2.9", "ZON 0.7"]
shape = "figure"
*/
with
    pupil as (
        select date.day, unit.unit_key, unit.pupils
        from metrics.unit_date as unit
        inner join core.reference_date as date on unit.reference_date = date.reference_date
    ),
    figure as (
        select
            'pupils_by_school_type' as metric,
            part.day,
            part.unit_key,
            'school_type' as dimension,
            part.dimension_value,
            ratio(part.pupils, pupil.pupils) as value,
            cast(part.pupils as double) as numerator,
            cast(pupil.pupils as double) as denominator,
            part.pupils as n_children
        from metrics.unit_date_part as part
        inner join pupil on part.day = pupil.day and part.unit_key = pupil.unit_key
        where part.dimension = 'school_type'
        union all
        select
            'special_participation',
            day,
            unit_key,
            'school_type',
            'SBO',
            ratio(sbo, primary_pupils),
            sbo,
            primary_pupils,
            sbo
        from metrics.unit_date_type
        where primary_pupils > 0
        union all
        select
            'special_participation',
            day,
            unit_key,
            'school_type',
            'SO',
            ratio(so, primary_pupils),
            so,
            primary_pupils,
            so
        from metrics.unit_date_type
        where primary_pupils > 0
        union all
        select
            'special_participation',
            day,
            unit_key,
            'school_type',
            'VSO',
            ratio(vso, secondary_pupils),
            vso,
            secondary_pupils,
            vso
        from metrics.unit_date_type
        where secondary_pupils > 0
        union all
        select
            'special_participation',
            day,
            unit_key,
            'school_type',
            'PRO',
            ratio(pro, secondary_pupils),
            pro,
            secondary_pupils,
            pro
        from metrics.unit_date_type
        where secondary_pupils > 0
        union all
        select
            'care_intensive_pupils',
            pupil.day,
            pupil.unit_key,
            '',
            '',
            coalesce(intensive.pupils, 0),
            coalesce(intensive.pupils, 0),
            null,
            coalesce(intensive.pupils, 0)
        from pupil
        left join metrics.unit_date_intensive as intensive
            on pupil.day = intensive.day
            and pupil.unit_key = intensive.unit_key
            and intensive.intensity_class = ''
        union all
        select 'care_intensive_pupils', day, unit_key, 'intensity_class', intensity_class, pupils, pupils, null, pupils
        from metrics.unit_date_intensive
        where intensity_class <> ''
        union all
        select
            'mean_stay_special', day, unit_key, 'school_type', school_type, ratio(counts, pupils), counts, pupils, pupils
        from metrics.unit_date_stay
    ),
    counted as (
        select
            school_level.level,
            school_level.unit_id,
            date.period,
            date.reference_date,
            sum(case when school.school_type in ('BO', 'SBO') then given.pupils else 0 end) as primary_pupils,
            sum(case when school.school_type in ('VO', 'VSO') then given.pupils else 0 end) as secondary_pupils,
            sum(case when school.school_type = 'SBO' then given.pupils end) as sbo,
            sum(case when school.school_type = 'SO' then given.pupils end) as so,
            sum(case when school.school_type = 'VSO' then given.pupils end) as vso
        from core.pupil_count as given
        inner join core.school as school on given.school_id = school.school_id
        inner join core.school_level as school_level on school.school_key = school_level.school_key
        inner join core.reference_date as date
            on given.year = year(date.reference_date)
            and month(date.reference_date) = 10
        where not exists (select 1 from core.enrolment)
        group by school_level.level, school_level.unit_id, date.period, date.reference_date
    ),
    listed as (
        select level, unit_id, period, reference_date, 'SBO' as school_type, sbo as pupils, primary_pupils as denominator
        from counted
        union all
        select level, unit_id, period, reference_date, 'SO', so, primary_pupils
        from counted
        union all
        select level, unit_id, period, reference_date, 'VSO', vso, secondary_pupils
        from counted
    )

select
    figure.metric,
    unit.level,
    unit.unit_id,
    date.period,
    date.reference_date,
    figure.dimension,
    figure.dimension_value,
    figure.value,
    figure.numerator,
    figure.denominator,
    cast(figure.n_children as bigint) as n_children
from figure
inner join core.unit as unit on figure.unit_key = unit.unit_key
inner join core.reference_date as date on figure.day = date.day
union all
select
    'school_flows',
    level,
    unit_id,
    period,
    null,
    'flow',
    flow,
    ratio(pupils, denominator),
    pupils,
    denominator,
    pupils
from metrics.unit_flow
union all
select
    'special_participation',
    level,
    unit_id,
    period,
    reference_date,
    'school_type',
    school_type,
    ratio(pupils, denominator),
    pupils,
    denominator,
    cast(pupils as bigint)
from listed
where pupils is not null
