/*
description = "Intervals that SQL cannot compute, for metrics.value"
grain = "one row per metric, unit, period or reference date, and part of a breakdown"
key = ["metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value"]
steps = ["gather the intervals of rates, of means, of survival curves and of scores, the last on a scale of 1 to 10"]
tests = ["unique key"]
seeds = ["METRICS 4"]

[columns]
metric = "key in the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year; of a reference date the school year that contains it"
reference_date = "the day of a point figure; null for a whole period"
dimension = "what the figure is broken down by; empty for the total"
dimension_value = "which part; empty for the total"
lower = "lower end of the 95 % interval; null where it has none"
upper = "upper end of the 95 % interval; null where it has none"
*/
select metric, level, unit_id, period, reference_date, dimension, dimension_value, lower, upper
from metrics.interval_rate
union all
select metric, level, unit_id, period, reference_date, dimension, dimension_value, lower, upper
from metrics.interval_mean
union all
select metric, level, unit_id, period, cast(null as date), dimension, dimension_value, lower, upper
from metrics.survival
union all
select
    metric,
    level,
    unit_id,
    period,
    reference_date,
    dimension,
    dimension_value,
    1 + 9 * lower,
    1 + 9 * upper
from metrics.interval_score
