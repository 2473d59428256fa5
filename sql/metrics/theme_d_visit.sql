/*
description = "Theme D, the published indices on trajectories over two years"
steps = ["divide the sums of metrics.visit by the children; the children with too few trajectories stand beside them"]
seeds = ["METRICS 1", "OT3 2.7"]
shape = "figure"
*/
with
    figure as (
        select
            metric,
            level,
            unit_id,
            period,
            ratio(total, n) as value,
            total as numerator,
            cast(n as double) as denominator,
            n as children
        from metrics.visit
        union all
        select
            'visit_pupils_excluded',
            level,
            unit_id,
            period,
            cast(max(excluded) as double),
            cast(max(excluded) as double),
            null,
            max(excluded)
        from metrics.visit
        group by level, unit_id, period
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    figure.period,
    cast(null as date) as reference_date,
    '' as dimension,
    '' as dimension_value,
    figure.value,
    figure.numerator,
    figure.denominator,
    cast(figure.children as bigint) as n_children
from figure
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level
