/*
description = "The periods that reports show, with their status"
grain = "one row per period"
key = ["period"]
steps = ["a period that ends after the last delivered event, of the region or of one municipality, is provisional"]
tests = ["unique key", "not null status"]
seeds = ["2.20"]

[columns]
period = "2024 for a calendar year, 2023-2024 for a school year"
kind = "calendar_year or school_year"
start_date = "first day"
end_date = "last day"
status = "provisional or final"
late_municipalities = "codes of the municipalities that are behind in this period, with commas; empty when none is"
*/
select
    period,
    kind,
    start_date,
    end_date,
    case when is_provisional then 'provisional' else 'final' end as status,
    late_municipalities
from core.period
