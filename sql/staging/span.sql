/*
description = "The first enrolment and the last event that was delivered: what the data cover"
grain = "one row"
key = []
steps = [
    "the first day is that of the first enrolment (without enrolments: of the first indication)",
    "the last day is the last start or decision; planned ends say nothing about what was delivered",
]

[columns]
first_day = "first day that the data cover"
last_day = "day of the last start or decision"
*/
with
    event as (
        select min(start_date) as first_enrolment, cast(null as date) as first_indication, max(start_date) as last_day
        from raw.enrolments
        union all
        select null, min(start_date), greatest(max(start_date), max(decided_on)) from raw.indications
        union all
        select null, null, max(start_date) from raw.deliveries
        union all
        select null, null, max(start_date) from raw.declarations
    )

select
    coalesce(min(first_enrolment), min(first_indication)) as first_day,
    max(last_day) as last_day,
from event
