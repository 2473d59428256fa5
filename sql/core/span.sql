/*
description = "What the data cover: from the first enrolment to the last event that was delivered"
grain = "one row"
key = ["first_day"]
steps = ["take the days of the deliveries"]
seeds = ["METRICS 10"]

[columns]
first_day = "first day that the data cover"
last_day = "day of the last start or decision"
*/
select first_day, last_day
from staging.span
