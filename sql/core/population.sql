/*
description = "Inhabitants by municipality and age"
grain = "one row per municipality, year and age"
key = ["municipality_code", "year", "age"]
steps = [
    "take the records as they stand",
    "a municipality that went on under another code is that code: its inhabitants count with those of the others, up to the last 1 January on which it was a municipality",
]
tests = ["unique key"]

[columns]
municipality_code = "responsible municipality"
year = "year"
age = "age in years"
inhabitants = "number of inhabitants; null when that of a part is not known"
source_file_id = "delivery of the record, of more than one the newest"
source_line = "its first line"
*/
with
    part as (
        select
            coalesce(merger.later_code, record.municipality_code) as municipality_code,
            record.year,
            record.age,
            record.inhabitants,
            record.file_id,
            record.line
        from staging.population as record
        left join staging.merger as merger
            on record.municipality_code = merger.municipality_code
            and merger.is_current
        where merger.municipality_code is null or record.year <= year(day_date(day_number(merger.ended_on) - 1))
    ),
    counted as (
        select
            municipality_code,
            year,
            age,
            sum(inhabitants) over same_age as inhabitants,
            count(inhabitants) over same_age as known,
            count(*) over same_age as parts,
            file_id,
            line,
            row_number() over (partition by municipality_code, year, age order by file_id desc, line desc) as place
        from part
        window same_age as (partition by municipality_code, year, age)
    )

select
    municipality_code,
    year,
    age,
    case when known = parts then cast(inhabitants as bigint) end as inhabitants,
    file_id as source_file_id,
    line as source_line
from counted
where place = 1
