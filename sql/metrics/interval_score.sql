/*
description = "Intervals of mean scores, with the scale of 1 to 10 brought back to 0 to 1"
grain = "one row per metric, unit, period and part of a breakdown"
key = ["metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value"]
steps = [
    "sums and squares of (score - 1) / 9, of scores whose spread is known",
    "the function gives the interval of Student; below ten answers there is none",
]
tests = ["unique key", "0 <= lower and lower <= upper and upper <= 1"]
seeds = ["METRICS 4", "OT3 2.26"]
function = "zorgdata.estimates.intervals:means"

[columns]
metric = "key in the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year"
reference_date = "null: figures of a whole period"
dimension = "what the figure is broken down by; empty for the total"
dimension_value = "which part; empty for the total"
lower = "lower end of the 95 % interval"
upper = "upper end of the 95 % interval"
*/
select
    case subject
        when 'nut' then 'client_satisfaction'
        when 'rust' then 'calm_score'
        when 'samenwerking' then 'collaboration_score'
        else 'teacher_workload_score'
    end as metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    dimension,
    dimension_value,
    answers as n,
    (sum_score - answers) / 9 as total,
    (sum_square - 2 * sum_score + answers) / 81 as squares
from metrics.survey_score
where subject <> 'toerusting' and sum_square is not null
