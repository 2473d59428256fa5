/*
description = "The periods that are computed: calendar years and school years"
grain = "one row per period"
key = ["period"]
steps = [
    "the years run from the first to the last day that the data cover (see staging.span)",
    "at most 25 years, counted back from the last, so that one wrong date makes no century",
    "periods.first_year and periods.last_year take their place when set: calendar years, and school years that start in them",
    "a period that ends after the last event, or after that of a municipality that is behind, is provisional",
]
tests = ["unique key", "not null period, kind, start_date, end_date", "start_date <= end_date"]

[columns]
period = "2024 for a calendar year, 2023-2024 for a school year"
kind = "calendar_year or school_year"
start_date = "first day"
end_date = "last day"
is_provisional = "whether the period ends after the last event, of all municipalities or of one that is behind"
late_municipalities = "codes of the municipalities that are behind in this period, with commas; empty when none is"
*/
with
    chosen as (
        select
            max(try_cast(value as integer)) filter (where name = 'periods.first_year') as first_year,
            max(try_cast(value as integer)) filter (where name = 'periods.last_year') as last_year,
        from staging.setting
    ),
    covered as (
        select
            first_year is not null or last_year is not null as is_chosen,
            coalesce(last_year, year(last_day)) as last_year,
            greatest(coalesce(first_year, year(first_day)), coalesce(last_year, year(last_day)) - 24) as first_year,
            first_day,
            last_day,
        from staging.span
        cross join chosen
    ),
    years as (
        select
            unnest(range(cast(first_year as bigint) - 1, cast(last_year as bigint) + 1)) as year_number,
            *,
        from covered
        where first_year is not null and last_year is not null
    ),
    candidate as (
        select
            cast(year_number as varchar) as period,
            'calendar_year' as kind,
            make_date(year_number, 1, 1) as start_date,
            make_date(year_number, 12, 31) as end_date,
            *,
        from years
        union all
        select
            concat(year_number, '-', year_number + 1),
            'school_year',
            make_date(year_number, 8, 1),
            make_date(year_number + 1, 7, 31),
            *,
        from years
    ),
    late as (
        select
            candidate.period,
            string_agg(late.municipality_code, ', ' order by late.municipality_code) as codes,
        from candidate
        inner join staging.late_municipality as late
            on coalesce(late.last_day < candidate.end_date, true)
        group by candidate.period
    )

select
    candidate.period,
    candidate.kind,
    candidate.start_date,
    candidate.end_date,
    candidate.end_date > candidate.last_day or late.codes is not null as is_provisional,
    coalesce(late.codes, '') as late_municipalities,
from candidate
left join late on candidate.period = late.period
where
    case
        when candidate.is_chosen then year(candidate.start_date) >= candidate.first_year
        else candidate.end_date >= candidate.first_day and candidate.start_date <= candidate.last_day
    end
order by candidate.start_date, candidate.kind
