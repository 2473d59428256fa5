/*
description = "Municipalities that went on under another code, so that reports can say under which name they count"
grain = "one row per old code"
key = ["municipality_code"]
steps = ["take the mergers of the settings, with the code in use now", "the name is that of the settings"]
tests = ["unique key", "not null later_code, ended_on"]
seeds = ["DOMAIN 8"]

[columns]
municipality_code = "code that is no longer used"
name = "name of that municipality; null when the settings give none"
later_code = "code it goes on under"
ended_on = "first day on which the old code is no longer used"
*/
select
    merger.municipality_code,
    named.value as name,
    merger.later_code,
    merger.ended_on
from staging.merger as merger
left join staging.setting as named on named.name = concat('municipality.', merger.municipality_code)
where merger.is_current
