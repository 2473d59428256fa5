/*
description = "Intervals of rates whose events cluster in children"
grain = "one row per metric, unit and period"
key = ["metric", "level", "unit_id", "period"]
steps = [
    "gather per child what it adds to numerators and denominators: care, interruptions, events",
    "apart from these the children with a known professional, for the changes of professional",
    "and which units every set of units stands for",
    "the function resamples the children of a type, municipality, samenwerkingsverband or region (2,000 times, fixed seed); for schools, boards, municipality with type, and above 250 children it takes the linearised interval",
]
tests = ["unique key", "0 <= lower and lower <= upper"]
seeds = ["METRICS 3", "METRICS 4"]
function = "zorgdata.estimates.intervals:rates"

[columns]
metric = "key in the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year"
reference_date = "null"
dimension = "empty: the total"
dimension_value = "empty: the total"
lower = "lower end of the 95 % interval"
upper = "upper end of the 95 % interval"
*/
select
    'care' as kind,
    period.period,
    care.unit_set_key,
    cast(null as varchar) as level,
    cast(null as varchar) as unit_id,
    1 as children,
    care.care_days,
    care.provider_days,
    care.main_days,
    care.days_ge2,
    care.days_ge3,
    care.hours,
    care.timed_care_days,
    coalesce(gap.gaps_g0, 0) as gaps_g0,
    coalesce(gap.gaps_g28, 0) as gaps_g28,
    coalesce(gap.gap_days_g0, 0) as gap_days_g0,
    coalesce(gap.gap_days_g28, 0) as gap_days_g28,
    coalesce(event.indications_started, 0) as indications_started,
    coalesce(event.replacements_g0, 0) as replacements_g0,
    coalesce(event.additions_g0, 0) as additions_g0,
    coalesce(event.replacements_g28, 0) as replacements_g28,
    coalesce(event.additions_g28, 0) as additions_g28,
    coalesce(event.steps_up, 0) as steps_up,
    coalesce(event.steps_down, 0) as steps_down,
    0 as worker_switches_g0,
    0 as worker_switches_g28,
    0 as worker_days
from metrics.child_care as care
inner join core.period as period on care.period_key = period.period_key
left join metrics.child_gap as gap
    on care.period_key = gap.period_key
    and care.attendance_key = gap.attendance_key
left join metrics.child_event as event
    on care.period_key = event.period_key
    and care.attendance_key = event.attendance_key
union all
select
    'worker',
    period.period,
    event.unit_set_key,
    null,
    null,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    event.worker_switches_g0,
    event.worker_switches_g28,
    event.worker_days
from metrics.child_event as event
inner join core.period as period on event.period_key = period.period_key
where event.worker_days > 0
union all
select
    'unit',
    null,
    unit_set_key,
    level,
    unit_id,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0
from core.unit_set
