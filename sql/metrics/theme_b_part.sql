/*
description = "Theme B, use: pupils and pupils with care by sex, age group and home, and care by its weight"
steps = [
    "the region and the municipalities of its schools; of smaller units parts are too small to be shown",
    "pupils whose age or home is not known are in no part, so parts may be fewer than the total",
    "sex says nothing where it was not delivered: without a pupil whose sex is known it has no parts",
    "weight: a pupil counts once for every class it has care of",
]
seeds = ["ZKIJ 3.13", "OT3 2.11", "OZG 4.4"]
shape = "figure"
*/
with
    of_pupil as (
        select
            part.day,
            unit.level,
            unit.unit_id,
            part.dimension,
            part.dimension_value,
            part.pupils,
            part.care_pupils,
            max(case when part.dimension_value = 'x' then 0 else 1 end) over (
                partition by part.day, part.dimension
            ) as is_known
        from metrics.unit_date_part as part
        inner join core.unit as unit on part.unit_key = unit.unit_key
        where
            unit.level in ('region', 'school_municipality')
            and part.dimension in ('sex', 'age_group', 'home_municipality')
    ),
    figure as (
        select
            'pupils_enrolled' as metric,
            day,
            level,
            unit_id,
            dimension,
            dimension_value,
            cast(pupils as double) as value,
            cast(pupils as double) as numerator,
            cast(null as double) as denominator,
            pupils as n_children
        from of_pupil
        where is_known = 1
        union all
        select
            'pupils_with_care',
            day,
            level,
            unit_id,
            dimension,
            dimension_value,
            care_pupils,
            care_pupils,
            null,
            care_pupils
        from of_pupil
        where is_known = 1
        union all
        select
            'pupils_with_care',
            part.day,
            unit.level,
            unit.unit_id,
            part.dimension,
            part.dimension_value,
            part.care_pupils,
            part.care_pupils,
            null,
            part.care_pupils
        from metrics.unit_date_part as part
        inner join core.unit as unit on part.unit_key = unit.unit_key
        where
            unit.level in ('region', 'school_municipality')
            and part.dimension = 'weight_class'
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    date.period,
    date.reference_date,
    figure.dimension,
    figure.dimension_value,
    figure.value,
    figure.numerator,
    figure.denominator,
    figure.n_children
from figure
inner join core.reference_date as date on figure.day = date.day
