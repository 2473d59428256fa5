/*
description = "Care of the pupils of the region in a period, by who pays for it, who gives it, and in which consortium"
grain = "one row per period and unit with at least one care day"
key = ["period_key", "level", "unit_id"]
steps = [
    "cut the care of the unit to the enrolled time of the child at any school",
    "a day with two indications of one unit is one care day; hours add up",
    "days that have hours in the same way, from the indications that have them",
    "a child counts once in each unit, and in each of several units",
]
tests = ["unique key", "0 < care_pupils and care_pupils <= care_days", "timed_care_days <= care_days"]
seeds = ["CONTRACT 4", "ZKIJ 3.13"]

[columns]
period_key = "number of the period"
level = "responsible_municipality, provider or consortium"
unit_id = "code of the unit within its level"
care_pupils = "children with at least one care day"
care_days = "sum of care days"
timed_care_days = "care days with an indication that has hours"
hours = "hours of all active indications"
*/
with
    -- Numbers are grouped by in the place of codes.
    slice as (
        select cast(row_number() over (order by level, unit_id) as integer) as slice_key, level, unit_id
        from core.care_slice
        group by level, unit_id
    ),
    pupil as (
        select spell.child_key, spell.from_day, spell.until_day
        from core.attendance_spell as spell
        inner join core.unit_set as unit_set
            on spell.unit_set_key = unit_set.unit_set_key
            and unit_set.level = 'region'
    ),
    attended as (
        select
            slice.slice_key,
            care.child_key,
            care.hours_per_day,
            greatest(care.from_day, pupil.from_day) as from_day,
            least(care.until_day, pupil.until_day) as until_day
        from core.care_slice as care
        inner join slice on care.level = slice.level and care.unit_id = slice.unit_id
        inner join pupil
            on care.child_key = pupil.child_key
            and care.from_day < pupil.until_day
            and care.until_day > pupil.from_day
    ),
    begun as (
        select slice_key, child_key, 0 as is_timed, from_day, max(until_day) as until_day
        from attended
        group by slice_key, child_key, from_day
        union all
        select slice_key, child_key, 1, from_day, max(until_day)
        from attended
        where hours_per_day is not null
        group by slice_key, child_key, from_day
    ),
    ordered as (
        select
            slice_key,
            child_key,
            is_timed,
            from_day,
            until_day,
            max(until_day) over (
                partition by slice_key, child_key, is_timed
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from begun
    ),
    spell as (
        select
            slice_key,
            child_key,
            is_timed,
            greatest(from_day, coalesce(earlier_until, from_day)) as from_day,
            until_day
        from ordered
        where until_day > coalesce(earlier_until, from_day)
    ),
    child as (
        select
            period.period_key,
            spell.slice_key,
            spell.child_key,
            sum(
                (1 - spell.is_timed)
                * (least(spell.until_day, period.until_day) - greatest(spell.from_day, period.from_day))
            ) as care_days,
            sum(
                spell.is_timed
                * (least(spell.until_day, period.until_day) - greatest(spell.from_day, period.from_day))
            ) as timed_care_days
        from spell
        inner join core.period as period
            on spell.from_day < period.until_day
            and spell.until_day > period.from_day
        group by period.period_key, spell.slice_key, spell.child_key
    ),
    total as (
        select
            period_key,
            slice_key,
            count(*) as care_pupils,
            sum(care_days) as care_days,
            sum(timed_care_days) as timed_care_days
        from child
        group by period_key, slice_key
    ),
    volume as (
        select
            period.period_key,
            attended.slice_key,
            exact_sum(
                attended.hours_per_day
                * (least(attended.until_day, period.until_day) - greatest(attended.from_day, period.from_day))
            ) as hours
        from attended
        inner join core.period as period
            on attended.from_day < period.until_day
            and attended.until_day > period.from_day
        where attended.hours_per_day is not null
        group by period.period_key, attended.slice_key
    )

select
    total.period_key,
    slice.level,
    slice.unit_id,
    total.care_pupils,
    cast(total.care_days as bigint) as care_days,
    cast(total.timed_care_days as bigint) as timed_care_days,
    coalesce(volume.hours, 0) as hours
from total
inner join slice on total.slice_key = slice.slice_key
left join volume on total.period_key = volume.period_key and total.slice_key = volume.slice_key
