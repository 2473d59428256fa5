/*
description = "Units and periods in which a change may come from the registration; organisations, no children"
grain = "one row per unit, period and reason"
key = ["level", "unit_id", "period", "reason"]
steps = [
    "collective supply: which schools have it and since when is published anyway, so what follows from it may be too",
    "a round of purchasing for the region only: of a school it would say that at least five children changed provider",
    "the share of children or pupil-days behind a warning stays inside",
]
tests = ["unique key", "reason in ('collective_started', 'collective_since', 'collective_unknown', 'january')", "reason <> 'january' or level = 'region'"]
seeds = ["METRICS 6.5", "2.8"]

[columns]
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year"
reason = "collective_started, collective_since, collective_unknown or january"
since = "first day of the collective supply that started last; null for the other reasons"
schools = "schools of the unit with such collective supply; null for the other reasons"
*/
select
    level,
    unit_id,
    period,
    reason,
    since,
    schools
from metrics.registration_warning
where reason <> 'january' or level = 'region'
