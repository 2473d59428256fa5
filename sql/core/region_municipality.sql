/*
description = "The municipalities of the region"
grain = "one row per municipality"
key = ["municipality_code"]
steps = ["take the municipalities of the settings; without any all that deliver indications"]
tests = ["unique key"]
seeds = ["ZKIJ 3.5"]

[columns]
municipality_code = "municipality"
*/
select distinct value as municipality_code
from staging.setting
where name = 'region.municipality'
union all
select distinct municipality_code
from core.indication
where not exists (select 1 from staging.setting where name = 'region.municipality')
