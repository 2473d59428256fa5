/*
description = "Pupils with care on the reference dates: how heavy, in what form, how much at once, who else pays"
grain = "one row per reference date and attendance with care"
key = ["day", "attendance_key"]
steps = [
    "gather the active indications of the pupil",
    "home and school: both settings are served, and no provider serves both",
    "trajectories that are active on the day",
    "an arrangement of a samenwerkingsverband, or another domain, on the same day",
]
tests = ["unique key", "trajectories > 0", "is_split <= has_both_settings"]
seeds = ["CATALOGUE 2", "CATALOGUE 3"]

[columns]
day = "number of the day"
attendance_key = "number of the attendance"
unit_set_key = "number of the set of units it counts for"
child_key = "number of the child"
weight_rank = "rank of the heaviest class; null when all are unknown"
weight = "weight of the heaviest class; null when all are unknown"
is_residential = "1 with a form of residence, else 0"
has_pgb = "1 with a personal budget, else 0"
overnight_week = "overnight days a week; null without such a volume"
trajectories = "active trajectories"
has_both_settings = "1 with care at school and care at home, else 0"
is_split = "1 when in addition no provider gives both, else 0"
has_arrangement = "1 with an arrangement on the day, else 0"
has_domain = "1 with another domain on the day, else 0"
*/
with
    pupil as (
        select
            day,
            attendance_key,
            min(unit_set_key) as unit_set_key,
            min(child_key) as child_key,
            max(weight_rank) as weight_rank,
            max(weight) as weight,
            max(case when is_residential then 1 else 0 end) as is_residential,
            max(case when delivery_form = 'pgb' then 1 else 0 end) as has_pgb,
            sum(cast(overnight_week as decimal(38, 12))) as overnight_week,
            max(case when setting = 'school' then 1 else 0 end) as at_school,
            max(case when setting = 'thuis' then 1 else 0 end) as at_home
        from metrics.date_indication
        group by day, attendance_key
    ),
    served as (
        select
            day,
            attendance_key,
            provider_key,
            max(case when setting = 'school' then 1 else 0 end)
            * max(case when setting = 'thuis' then 1 else 0 end) as serves_both
        from metrics.date_indication
        where setting in ('school', 'thuis')
        group by day, attendance_key, provider_key
    ),
    shared as (
        select day, attendance_key, max(serves_both) as is_shared
        from served
        group by day, attendance_key
    ),
    running as (
        select
            date.day,
            trajectory.child_key,
            count(*) as trajectories
        from core.trajectory as trajectory
        inner join core.reference_date as date
            on trajectory.from_day <= date.day
            and trajectory.until_day > date.day
        group by date.day, trajectory.child_key
    ),
    arranged as (
        select distinct date.day, arrangement.child_key
        from core.arrangement as arrangement
        inner join core.reference_date as date
            on arrangement.start_date <= date.reference_date
            and coalesce(arrangement.end_date, date '9999-12-31') >= date.reference_date
        where arrangement.child_key is not null
    ),
    involved as (
        select distinct date.day, domain.child_key
        from core.domain as domain
        inner join core.reference_date as date
            on domain.start_date <= date.reference_date
            and coalesce(domain.end_date, date '9999-12-31') >= date.reference_date
        where domain.child_key is not null
    )

select
    pupil.day,
    pupil.attendance_key,
    pupil.unit_set_key,
    pupil.child_key,
    pupil.weight_rank,
    pupil.weight,
    pupil.is_residential,
    pupil.has_pgb,
    pupil.overnight_week,
    running.trajectories,
    pupil.at_school * pupil.at_home as has_both_settings,
    pupil.at_school * pupil.at_home * (1 - coalesce(shared.is_shared, 0)) as is_split,
    case when arranged.child_key is not null then 1 else 0 end as has_arrangement,
    case when involved.child_key is not null then 1 else 0 end as has_domain
from pupil
inner join running on pupil.day = running.day and pupil.child_key = running.child_key
left join shared on pupil.day = shared.day and pupil.attendance_key = shared.attendance_key
left join arranged on pupil.day = arranged.day and pupil.child_key = arranged.child_key
left join involved on pupil.day = involved.day and pupil.child_key = involved.child_key
