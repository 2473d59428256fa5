/*
description = "Theme D, return to care, length of care and what still runs after some time, from survival curves"
steps = ["take the figures of metrics.survival on the levels of the catalogue; a unit without any has a row too"]
seeds = ["METRICS 2.7", "METRICS 2.8"]
shape = "figure"
*/
with
    asked as (
        select unit.period, unit.level, unit.unit_id, allowed.metric
        from metrics.unit as unit
        inner join seeds.metric_level as allowed on unit.level = allowed.level
        where allowed.metric in ('reentry', 'reentry_182', 'episode_length', 'episode_running')
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    dimension,
    dimension_value,
    value,
    numerator,
    denominator,
    n_children
from metrics.survival
union all
select
    asked.metric,
    asked.level,
    asked.unit_id,
    asked.period,
    null,
    '',
    '',
    null,
    null,
    null,
    0
from asked
left join metrics.survival as known
    on asked.metric = known.metric
    and asked.level = known.level
    and asked.unit_id = known.unit_id
    and asked.period = known.period
    and known.dimension = ''
where known.metric is null
