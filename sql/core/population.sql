/*
description = "Inhabitants by municipality and age"
grain = "one row per municipality, year and age"
key = ["municipality_code", "year", "age"]
steps = ["take the records as they stand"]
tests = ["unique key"]

[columns]
municipality_code = "responsible municipality"
year = "year"
age = "age in years"
inhabitants = "number of inhabitants"
source_file_id = "delivery of the record"
source_line = "its first line"
*/
select
    record.municipality_code,
    record.year,
    record.age,
    record.inhabitants,
    record.file_id as source_file_id,
    record.line as source_line
from staging.population as record
