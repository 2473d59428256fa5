/*
description = "Where municipalities lie, for a map of tiles"
grain = "one row per municipality"
key = ["municipality_code"]
steps = ["the middle of the centres of its four-digit postcodes, to a kilometre"]
tests = ["unique key"]
seeds = ["2.11"]

[columns]
municipality_code = "municipality"
x = "RD x in metres, to a kilometre"
y = "RD y in metres, to a kilometre"
*/
select
    municipality_code,
    round(avg(x) / 1000) * 1000 as x,
    round(avg(y) / 1000) * 1000 as y
from core.place
where municipality_code is not null and x is not null and y is not null
group by municipality_code
