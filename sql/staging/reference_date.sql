/*
description = "The days on which point figures are taken: by default every 1 October that the data cover"
grain = "one row per day"
key = ["reference_date"]
steps = [
    "periods.reference_date gives months and days, 10-01 when it is not set",
    "every year of the computed periods has them, as far as the data cover that day",
]
tests = ["unique key", "not null reference_date, period"]

[columns]
reference_date = "the day"
period = "school year that contains the day"
*/
with
    month_day as (
        select value from staging.setting where name = 'periods.reference_date'
        union all
        select '10-01'
        where not exists (select 1 from staging.setting where name = 'periods.reference_date')
    ),
    years as (
        select unnest(range(min(year(start_date)), max(year(end_date)) + 1)) as year_number,
        from staging.period
    ),
    day as (
        select distinct try_cast(concat(year_number, '-', month_day.value) as date) as reference_date
        from years
        cross join month_day
    )

select
    day.reference_date,
    case
        when month(day.reference_date) >= 8 then concat(year(day.reference_date), '-', year(day.reference_date) + 1)
        else concat(year(day.reference_date) - 1, '-', year(day.reference_date))
    end as period,
from day
cross join staging.span
where
    day.reference_date between span.first_day and span.last_day
    and day.reference_date <= (select max(end_date) from staging.period)
order by day.reference_date
