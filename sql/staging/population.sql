/*
description = "Inhabitants by municipality and age, as they stand"
grain = "one row per municipality, year and age"
key = ["municipality_code", "year", "age"]
steps = ["the newest delivery of a key wins"]
materialized = "view"

[columns]
file_id = "delivery of the record"
line = "its first line"
municipality_code = "responsible municipality"
year = "year"
age = "age in years"
inhabitants = "number of inhabitants"
*/
select
    file_id,
    line,
    municipality_code,
    year,
    age,
    inhabitants,
from raw.population
qualify
    row_number() over (
        partition by municipality_code, year, age
        order by delivery_order(file_id, line) desc
    ) = 1
