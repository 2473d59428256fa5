/*
description = "The time a provider is active for a child while it is enrolled"
grain = "one row per attendance, provider and unbroken time"
key = ["attendance_key", "provider_key", "from_day"]
steps = ["cut the time of every provider to the time of every attendance of the child"]
tests = ["from_day < until_day"]
seeds = ["METRICS 10"]

[columns]
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
provider_key = "number of the provider"
from_day = "number of the first day"
until_day = "number of the day after the last"
*/
select
    attendance.attendance_key,
    attendance.unit_set_key,
    spell.provider_key,
    greatest(attendance.from_day, spell.from_day) as from_day,
    least(attendance.until_day, spell.until_day) as until_day
from core.provider_spell as spell
inner join core.attendance_spell as attendance
    on spell.child_key = attendance.child_key
    and spell.from_day < attendance.until_day
    and spell.until_day > attendance.from_day
