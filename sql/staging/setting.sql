/*
description = "The settings of the workspace that SQL reads"
grain = "one row per value; a setting with more values has more rows"
key = ["name", "value"]
steps = ["take raw.setting as it is"]
materialized = "view"

[columns]
name = "name of the setting, as in zorgdata.toml"
value = "its value as text"
*/
select
    name,
    value
from raw.setting
