/*
description = "Periods of the programme register: school years and their quarters"
grain = "one row per school year, and per quarter of a school year"
key = ["period"]
steps = [
    "take the school years",
    "divide them into the quarters of the calendar (August belongs to the third)",
    "what is known is measured on the last day of the period, or on the day of the last event when that is earlier",
]
tests = ["unique key", "not null measured_on", "start_date <= end_date"]
seeds = ["OT3 2.10", "OT3 2.28"]

[columns]
period = "2023-2024 for a school year, 2024-Q1 for a quarter"
kind = "school_year or quarter"
start_date = "first day"
end_date = "last day"
measured_on = "day on which milestones are judged"
*/
with
    quarter as (
        select 1 as number, '-01-01' as first_day, '-03-31' as last_day
        union all
        select 2, '-04-01', '-06-30'
        union all
        select 3, '-07-01', '-09-30'
        union all
        select 4, '-10-01', '-12-31'
    ),
    year as (
        select extract(year from start_date) as year_number, start_date, end_date
        from core.period
        where kind = 'school_year'
    ),
    listed as (
        select period, kind, start_date, end_date
        from core.period
        where kind = 'school_year'
        union
        select
            concat(cast(year.year_number as varchar), '-Q', cast(quarter.number as varchar)),
            'quarter',
            cast(concat(cast(year.year_number as varchar), quarter.first_day) as date),
            cast(concat(cast(year.year_number as varchar), quarter.last_day) as date)
        from year
        cross join quarter
        where quarter.number >= 3
        union
        select
            concat(cast(year.year_number + 1 as varchar), '-Q', cast(quarter.number as varchar)),
            'quarter',
            cast(concat(cast(year.year_number + 1 as varchar), quarter.first_day) as date),
            cast(concat(cast(year.year_number + 1 as varchar), quarter.last_day) as date)
        from year
        cross join quarter
        where quarter.number <= 2
    )

select
    listed.period,
    listed.kind,
    listed.start_date,
    listed.end_date,
    coalesce(least(listed.end_date, span.last_day), listed.end_date) as measured_on
from listed
cross join staging.span as span
where listed.start_date <= coalesce(span.last_day, listed.start_date)
