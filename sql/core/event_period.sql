/*
description = "The periods in which events are counted: the years of core.period, their quarters and half-years"
grain = "one row per period"
key = ["period"]
steps = [
    "take the calendar and school years",
    "divide the calendar years that are computed into quarters and halves: 2024-Q1, 2024-H1",
    "a part is provisional when it ends after the last event that was delivered",
]
tests = ["unique key", "from_day < until_day"]
seeds = ["CONTRACT 4"]

[columns]
period = "2024, 2023-2024, 2024-Q1 or 2024-H1"
event_period_key = "number of the period, from 1"
kind = "calendar_year, school_year, quarter or half_year"
is_provisional = "whether the period ends after the last event that was delivered"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
with
    part as (
        select kind, name, first_day, last_day
        from
            (
                values
                ('quarter', 'Q1', '-01-01', '-03-31'),
                ('quarter', 'Q2', '-04-01', '-06-30'),
                ('quarter', 'Q3', '-07-01', '-09-30'),
                ('quarter', 'Q4', '-10-01', '-12-31'),
                ('half_year', 'H1', '-01-01', '-06-30'),
                ('half_year', 'H2', '-07-01', '-12-31')
            ) as listed (kind, name, first_day, last_day)
    ),
    dated as (
        select
            concat(period.period, '-', part.name) as period,
            part.kind,
            cast(concat(period.period, part.first_day) as date) as start_date,
            cast(concat(period.period, part.last_day) as date) as end_date
        from core.period as period
        cross join part
        where period.kind = 'calendar_year'
    ),
    gathered as (
        select period, kind, is_provisional, from_day, until_day
        from core.period
        union all
        select
            dated.period,
            dated.kind,
            dated.end_date > span.last_day,
            day_number(dated.start_date),
            until_day(dated.end_date)
        from dated
        cross join core.span as span
    )

select
    period,
    cast(row_number() over (order by from_day, period) as integer) as event_period_key,
    kind,
    is_provisional,
    from_day,
    until_day
from gathered
