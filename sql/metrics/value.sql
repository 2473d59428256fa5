/*
description = "Every metric of the catalogue that SQL computes, in one long table"
steps = [
    "gather the themes; of what they give the levels of the catalogue count",
    "a metric is available when of every need of the catalogue an input was delivered (metrics.availability)",
    "without its input a figure is not delivered: it has no value, and no zero either; parts of it are left out",
    "the region says so for every such metric and every period of its kind, also where no theme gives a row",
    "intervals where the catalogue asks for them: of proportions after Wilson, of rates of events after Byar (exact below ten)",
    "intervals of means, of rates that cluster in children and of survival curves from metrics.interval",
]
tests = [
    "unique key",
    "not null metric, level, unit_id, period, n_children, status",
    "status in ('ok', 'provisional', 'undefined', 'not_delivered')",
    "(value is null) = (status in ('undefined', 'not_delivered'))",
    "0 <= lower and lower <= value and value <= upper",
]
seeds = ["CONTRACT 4"]
shape = "figure"

[columns]
metric = "key in the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year; of a reference date the school year that contains it"
reference_date = "the day of a point figure; null for a whole period"
dimension = "what the figure is broken down by; empty for the total"
dimension_value = "which part; empty for the total"
value = "the figure; shares as fractions; null when undefined"
numerator = "numerator; of a count the count itself"
denominator = "denominator; null for a count"
n_children = "children behind the numerator"
lower = "lower end of the 95 % interval"
upper = "upper end of the 95 % interval"
status = "ok, provisional (the period ends after the last event), undefined (nothing to divide by) or not_delivered"
*/
with
    figure as (
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_a_population
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_a_school_type
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_b_use
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_b_mix
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_b_part
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_b_school
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_b_volume
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_b_collective
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_b_slice
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_c_fragmentation
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_c_rollup
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_c_date
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_c_period
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_d_continuity
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_d_event
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_d_indication
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_d_on_date
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_d_trajectory
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_d_survival
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_d_transition
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_d_visit
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_d_waiting
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_e_cost
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_e_first
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_e_frontline
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_e_referral
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_g_nearness
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_h_budget
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_h_costs
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_i_agreement
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_j_decision
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_f_end
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_f_survey
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_f_outcome
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_f_absence
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_f_destination
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_k_link
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_k_record
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_k_delivery
        union all
        select
            metric, level, unit_id, period, reference_date, dimension, dimension_value, value, numerator,
            denominator, n_children
        from metrics.theme_i_initiative
    ),
    moment as (
        select
            period,
            cast(null as date) as reference_date,
            kind
        from core.period
        union all
        select period, reference_date, 'reference_date'
        from core.reference_date
    ),
    absent as (
        select
            availability.metric,
            moment.period,
            moment.reference_date
        from metrics.availability as availability
        inner join moment
            on (moment.kind = 'school_year' and availability.in_school_year)
            or (moment.kind = 'calendar_year' and availability.in_calendar_year)
            or (moment.kind = 'reference_date' and availability.on_reference_date)
        where not availability.is_available
    ),
    gathered as (
        select
            figure.metric,
            figure.level,
            figure.unit_id,
            figure.period,
            figure.reference_date,
            figure.dimension,
            figure.dimension_value,
            figure.value,
            figure.numerator,
            figure.denominator,
            figure.n_children,
            availability.is_available,
            availability.is_wilson,
            availability.is_byar
        from figure
        inner join seeds.metric_level as allowed
            on figure.metric = allowed.metric
            and figure.level = allowed.level
        inner join metrics.availability as availability on figure.metric = availability.metric
        where
            availability.is_available
            or (figure.dimension = '' and figure.level <> 'region')
        union all
        select metric, 'region', 'region', period, reference_date, '', '', null, null, null, 0, false, false, false
        from absent
    )

select
    gathered.metric,
    gathered.level,
    gathered.unit_id,
    gathered.period,
    gathered.reference_date,
    gathered.dimension,
    gathered.dimension_value,
    case when gathered.is_available then gathered.value end as value,
    case when gathered.is_available then gathered.numerator end as numerator,
    case when gathered.is_available then gathered.denominator end as denominator,
    cast(case when gathered.is_available then gathered.n_children else 0 end as bigint) as n_children,
    case
        when not gathered.is_available or gathered.value is null then null
        when gathered.is_wilson then wilson_lower(gathered.numerator, gathered.denominator)
        when gathered.is_byar then byar_lower(gathered.numerator, gathered.denominator)
        when estimate.lower is not null then least(estimate.lower, gathered.value)
    end as lower,
    case
        when not gathered.is_available or gathered.value is null then null
        when gathered.is_wilson then wilson_upper(gathered.numerator, gathered.denominator)
        when gathered.is_byar then byar_upper(gathered.numerator, gathered.denominator)
        when estimate.upper is not null then greatest(estimate.upper, gathered.value)
    end as upper,
    case
        when not gathered.is_available then 'not_delivered'
        when gathered.value is null then 'undefined'
        when gathered.reference_date is null and coalesce(period.is_provisional, false) then 'provisional'
        else 'ok'
    end as status
from gathered
left join core.event_period as period on gathered.period = period.period
left join metrics.interval as estimate
    on gathered.metric = estimate.metric
    and gathered.level = estimate.level
    and gathered.unit_id = estimate.unit_id
    and gathered.period = estimate.period
    and gathered.reference_date is not distinct from estimate.reference_date
    and gathered.dimension = estimate.dimension
    and gathered.dimension_value = estimate.dimension_value
    and (estimate.lower is not null or estimate.upper is not null)
