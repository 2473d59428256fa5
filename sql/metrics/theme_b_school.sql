/*
description = "Theme B, use and intensity of schools beside each other: class, concentration, standardised ratio"
steps = [
    "the class of a school is its rank, 1 for the lowest",
    "concentration over the schools of a samenwerkingsverband and of the region",
    "observed against expected at the mix of types and ages of the unit",
]
seeds = ["OT3 2.3", "SAM 1.8"]
shape = "figure"
*/
with
    figure as (
        select
            'care_intensity_class' as metric,
            'school' as level,
            unit_id,
            day,
            cast(rank as double) as value,
            cast(care_pupils as double) as numerator,
            cast(pupils as double) as denominator,
            care_pupils as n_children
        from metrics.school_date_class
        union all
        select
            'care_concentration', level, unit_id, day, ratio(top_pupils, care_pupils), top_pupils, care_pupils, top_pupils
        from metrics.unit_date_concentration
        union all
        select
            'care_gini',
            level,
            unit_id,
            day,
            ratio(gini_sum, schools * care_pupils),
            gini_sum,
            schools * care_pupils,
            care_pupils
        from metrics.unit_date_concentration
        union all
        select
            'standardised_care_ratio', level, unit_id, day, ratio(observed, expected), observed, expected, observed
        from metrics.unit_date_expected
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    date.period,
    date.reference_date,
    '' as dimension,
    '' as dimension_value,
    figure.value,
    figure.numerator,
    figure.denominator,
    figure.n_children
from figure
inner join core.reference_date as date on figure.day = date.day
