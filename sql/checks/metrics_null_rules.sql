/*
label = "Onbepaald is leeg, nooit nul"
description = "Rows of the metric tables in which a measure is null where it is defined, filled where it is not, or outside its range"
severity = "error"
family = "conformance"
total = "select (select count(*) from metrics.child_school) + (select count(*) from metrics.school)"
threshold = { count = 0 }
needs = ["metrics.child_school", "metrics.school"]
affects = ["upc_t", "main_cover", "hhi_t", "pdc_from_start", "provider_hhi", "effective_providers", "largest_provider_share"]
tags = ["metrics"]
how_to_read = """
Een maat die niet te bepalen is, hoort leeg te zijn: een school zonder hulp heeft geen aandeel van de grootste aanbieder.
Een nul zou zeggen dat er iets gemeten is. Bij deze rijen klopt dat niet, of ligt een maat buiten zijn bereik. Publiceer
niet en geef het door aan de beheerder.
"""

[columns]
table_name = "metric table"
period = "period"
school_id = "BRIN6"
child_id = "pseudonym of the child; null for a school"
problem = "rule that is broken"
*/
with
    -- Two million rows and hardly ever a problem: the list is made only for rows that have one.
    child_problem as (
        select
            period,
            school_id,
            child_id,
            case when (care_days = 0) <> (upc_t is null) then 'upc_t is null exactly without care' end as upc_t_rule,
            case
                when (care_days = 0) <> (main_cover is null) then 'main_cover is null exactly without care'
            end as main_cover_rule,
            case when (care_days = 0) <> (hhi_t is null) then 'hhi_t is null exactly without care' end as hhi_t_rule,
            case
                when (care_days = 0) <> (mean_concurrent is null)
                    then 'mean_concurrent is null exactly without care'
            end as mean_concurrent_rule,
            case
                when (care_days = 0) <> (pdc_from_start is null)
                    then 'pdc_from_start is null exactly without care'
            end as pdc_from_start_rule,
            case when peak_providers is null or hours is null then 'peak and hours are 0 without care' end as counts_rule,
            case when upc_t <= 0 or upc_t > 1 then 'upc_t lies between 0 and 1' end as upc_t_range_rule,
            case when hhi_t <= 0 or hhi_t > upc_t + 1e-9 then 'hhi_t is at most upc_t' end as hhi_t_range_rule,
            case when care_days > enrolled_days then 'no more care days than enrolled days' end as care_days_rule,
            case
                when days_ge3 > days_ge2 or days_ge2 > care_days then 'days_ge3 <= days_ge2 <= care_days'
            end as concurrent_days_rule,
        from metrics.child_school
    ),
    child_rule as (
        select
            period,
            school_id,
            child_id,
            unnest(
                [
                    upc_t_rule,
                    main_cover_rule,
                    hhi_t_rule,
                    mean_concurrent_rule,
                    pdc_from_start_rule,
                    counts_rule,
                    upc_t_range_rule,
                    hhi_t_range_rule,
                    care_days_rule,
                    concurrent_days_rule,
                ]
            ) as problem,
        from child_problem
        where
            coalesce(
                upc_t_rule,
                main_cover_rule,
                hhi_t_rule,
                mean_concurrent_rule,
                pdc_from_start_rule,
                counts_rule,
                upc_t_range_rule,
                hhi_t_range_rule,
                care_days_rule,
                concurrent_days_rule
            ) is not null
    ),
    school_rule as (
        select
            period,
            school_id,
            unnest(
                [
                    case when (care_days = 0) <> (cr1 is null) then 'cr1 is null exactly without care' end,
                    case when (care_days = 0) <> (cr3 is null) then 'cr3 is null exactly without care' end,
                    case when (care_days = 0) <> (hhi is null) then 'hhi is null exactly without care' end,
                    case
                        when (care_days = 0) <> (eff_providers is null)
                            then 'eff_providers is null exactly without care'
                    end,
                    case
                        when (care_days = 0) <> (municipality_hhi is null)
                            then 'municipality_hhi is null exactly without care'
                    end,
                    case
                        when (care_days = 0) <> (child_peak_max is null)
                            then 'child_peak_max is null exactly without care'
                    end,
                    case
                        when (care_days = 0) <> (upc_t_mean is null) then 'upc_t_mean is null exactly without care'
                    end,
                    case
                        when hours is null or school_providers_peak is null or school_providers_mean is null
                            then 'counts are 0 without care'
                    end,
                    case when care_pupils > pupils_ever then 'no more care pupils than pupils' end,
                    case when cr1 > cr3 + 1e-9 or cr3 > 1 + 1e-9 then 'cr1 <= cr3 <= 1' end,
                    case
                        when (timed_care_days = 0) <> (hours_per_timed_carepupil_week is null)
                            then 'hours_per_timed_carepupil_week is null exactly without timed care'
                    end,
                ]
            ) as problem,
        from metrics.school
    )

select
    'metrics.child_school' as table_name,
    period,
    school_id,
    child_id,
    problem,
from child_rule
where problem is not null
union all
select
    'metrics.school',
    period,
    school_id,
    null,
    problem,
from school_rule
where problem is not null
