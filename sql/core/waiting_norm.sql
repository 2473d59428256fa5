/*
description = "The norm of the region for the wait from application to start"
grain = "one row"
key = []
steps = ["take the setting; without it there is no norm"]
seeds = ["SAM 1.5"]

[columns]
days = "most days that are within the norm; null without a norm"
*/
select cast(max(value) as integer) as days
from staging.setting
where name = 'metrics.waiting_norm_days'
