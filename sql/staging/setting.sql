/*
description = "The settings of the workspace that SQL reads"
grain = "one row per value; a setting with more values has more rows"
key = ["name", "value"]
steps = ["take raw.setting", "a municipality of the region that went on under another code is that code"]
materialized = "view"

[columns]
name = "name of the setting, as in zorgdata.toml"
value = "its value as text"
*/
select distinct
    setting.name,
    coalesce(merger.later_code, setting.value) as value,
from raw.setting as setting
left join staging.merger as merger
    on setting.name = 'region.municipality'
    and setting.value = merger.municipality_code
    and merger.is_current
