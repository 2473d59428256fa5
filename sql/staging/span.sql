/*
description = "The first enrolment and the last event that was delivered: what the data cover"
grain = "one row"
key = []
steps = [
    "gather starts and decisions, but for messages that a retour rejected; planned ends say nothing about what was delivered",
    "years that lie ten years or more from all others are mistyped dates: keep the stretch of years with most events",
    "the first day is that of the first enrolment in that stretch (without enrolments: of the first event)",
    "the last day is that of the last event",
]

[columns]
first_day = "first day that the data cover"
last_day = "day of the last start or decision"
*/
with
    unsent as (
        select file_id
        from staging.rejection
        where message_level = 'bericht'
    ),
    event as (
        select start_date as day, true as is_enrolment from raw.enrolments where is_pupil(grade)
        union all
        select start_date, false from raw.indications where file_id not in (select file_id from unsent)
        union all
        select decided_on, false from raw.indications where file_id not in (select file_id from unsent)
        union all
        select start_date, false from raw.deliveries where file_id not in (select file_id from unsent)
        union all
        select start_date, false from raw.declarations where file_id not in (select file_id from unsent)
    ),
    counted as (
        select
            year(day) as year_number,
            count(*) as events,
            min(day) filter (where is_enrolment) as first_enrolment,
            min(day) as first_event,
            max(day) as last_event,
        from event
        where day is not null
        group by year_number
    ),
    spaced as (
        select *, year_number - lag(year_number) over (order by year_number) as years_since
        from counted
    ),
    numbered as (
        select
            *,
            sum(case when years_since >= 10 then 1 else 0 end) over (order by year_number) as stretch,
        from spaced
    ),
    stretch as (
        select
            stretch,
            sum(events) as events,
            min(first_enrolment) as first_enrolment,
            min(first_event) as first_event,
            max(last_event) as last_event,
        from numbered
        group by stretch
    )

select
    coalesce(first_enrolment, first_event) as first_day,
    last_event as last_day,
from stretch
order by events desc, stretch desc
limit 1
