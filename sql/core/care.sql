/*
description = "What counts as care: indications under the Jeugdwet, in natura and pgb, as days and numbers"
grain = "one row per indication under the Jeugdwet"
key = ["indication_key"]
steps = ["keep the indications under the Jeugdwet, whether or not care started", "keep numbers and days only"]
tests = ["from_day < until_day"]
seeds = ["METRICS 10"]

[columns]
indication_key = "number of the indication"
child_key = "number of the child"
provider_key = "number of the provider"
municipality_code = "responsible municipality"
from_day = "number of the first day"
until_day = "number of the day after the last"
hours_per_day = "hours a day; null when the volume has no hours"
*/
select
    indication_key,
    child_key,
    provider_key,
    municipality_code,
    from_day,
    until_day,
    hours_per_day
from core.indication
where law = 'jeugdwet'
