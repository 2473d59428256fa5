/*
description = "Metrics of the catalogue, and whether the input they need was delivered"
grain = "one row per metric"
key = ["metric"]
steps = [
    "of every need of a metric, one of the inputs it names must have been delivered (core.source)",
    "a metric with all its needs is available; the others lack what is listed",
]
tests = ["unique key", "is_available = (lacking is null)"]
seeds = ["CONTRACT 4"]

[columns]
metric = "key in the catalogue"
is_wilson = "whether its interval is that of Wilson"
is_byar = "whether its interval is that of Byar"
in_school_year = "whether it is given for school years"
in_calendar_year = "whether it is given for calendar years"
on_reference_date = "whether it is given for reference dates"
is_available = "whether everything it needs was delivered"
lacking = "the inputs it lacks, as the catalogue names them; null when it lacks none"
*/
with
    need as (
        select
            wanted.metric,
            wanted.need,
            string_agg(wanted.input, '|' order by wanted.input) as inputs,
            max(case when source.is_delivered then 1 else 0 end) as is_met
        from seeds.metric_input as wanted
        left join core.source as source on wanted.input = source.kind
        group by wanted.metric, wanted.need
    ),
    lack as (
        select metric, string_agg(inputs, ', ' order by need) as lacking
        from need
        where is_met = 0
        group by metric
    )

select
    metric.metric,
    metric.is_wilson,
    metric.is_byar,
    metric.in_school_year,
    metric.in_calendar_year,
    metric.on_reference_date,
    lack.lacking is null as is_available,
    lack.lacking
from seeds.metric as metric
left join lack on metric.metric = lack.metric
