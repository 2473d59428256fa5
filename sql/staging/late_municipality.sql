/*
description = "Municipalities of which the data stop earlier than those of others"
grain = "one row per municipality that is behind"
key = ["municipality_code"]
steps = [
    "the last start or decision of every municipality as it is now, over the kinds of care records",
    "behind is a municipality without any event in the last quarter that the data cover (92 days), when it has five or more events in a usual quarter: with fewer a quarter can really be empty",
    "a municipality of the settings that never delivered is behind from the start",
]
tests = ["unique key"]
seeds = ["2.20"]

[columns]
municipality_code = "responsible municipality"
last_day = "day of its last event; null when it never delivered"
*/
with
    event as (
        select municipality_code, start_date as day from raw.indications
        union all
        select municipality_code, decided_on from raw.indications
        union all
        select municipality_code, start_date from raw.deliveries
        union all
        select municipality_code, start_date from raw.declarations
    ),
    municipality as (
        select
            coalesce(merger.later_code, event.municipality_code) as municipality_code,
            min(event.day) as first_day,
            max(event.day) as last_day,
            count(*) as events,
        from event
        cross join staging.span as span
        left join staging.merger as merger
            on event.municipality_code = merger.municipality_code
            and merger.is_current
        where event.municipality_code is not null and event.day between span.first_day and span.last_day
        group by all
    )

select
    municipality.municipality_code,
    municipality.last_day,
from municipality
cross join staging.span as span
where
    municipality.last_day < span.last_day - 92
    and municipality.events * 92.0 / greatest(municipality.last_day - municipality.first_day + 1, 92) >= 5
union all
select
    setting.value,
    null,
from staging.setting as setting
where
    setting.name = 'region.municipality'
    and setting.value not in (select municipality_code from municipality)
    and exists (select 1 from municipality)
