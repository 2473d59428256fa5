/*
description = "In how many municipalities the pupils of a unit live, on the reference dates"
grain = "one row per reference date and unit with a pupil whose municipality is known"
key = ["day", "unit_key"]
steps = ["the municipality follows from the four digits of the postcode", "count the different ones per unit"]
tests = ["unique key", "municipalities > 0"]
seeds = ["OT3 2.18"]

[columns]
day = "number of the day"
unit_key = "number of the unit"
municipalities = "different municipalities where pupils live"
*/
select day, unit_key, count(*) as municipalities
from metrics.unit_date_part
where dimension = 'home_municipality'
group by day, unit_key
