/*
description = "Pupils with care on the reference dates, by who pays for it, who gives it, and in which consortium"
grain = "one row per reference date, unit and part of a breakdown"
key = ["day", "level", "unit_id", "dimension", "dimension_value"]
steps = [
    "take the active indications of the pupils of the region, each at the units it belongs to on the day",
    "per child and unit the heaviest class, forms and volumes; only indications of the unit count",
    "trajectories belong to the municipality of their first indication",
    "by form, category and sector: a pupil counts once for every value it has; only the total has other columns",
]
tests = [
    "unique key",
    "light_pupils + heavy_pupils <= care_pupils",
    "trajectories_ge3 <= trajectories_ge2 and trajectories_ge2 <= care_pupils",
]
seeds = ["CONTRACT 4", "CATALOGUE 2"]

[columns]
day = "number of the day"
level = "responsible_municipality, provider or consortium"
unit_id = "code of the unit within its level"
dimension = "care_form, product_category or sector; empty for the total"
dimension_value = "which part; empty for the total"
care_pupils = "pupils with an active indication of the unit"
light_pupils = "pupils whose heaviest class is light"
heavy_pupils = "pupils with a heavy indication"
pgb_pupils = "pupils with a personal budget"
overnight_pupils = "pupils with a volume in overnight days"
overnight_week = "overnight days a week"
hours_week = "hours a week"
trajectories = "active trajectories; of municipalities only"
trajectories_ge2 = "pupils with at least two of them; of municipalities only"
trajectories_ge3 = "pupils with at least three of them; of municipalities only"
*/
with
    active as (
        select
            indication.day,
            slice.level,
            slice.unit_id,
            indication.child_key,
            indication.weight_rank,
            indication.delivery_form,
            indication.overnight_week,
            indication.hours_week,
            indication.care_form,
            indication.product_category,
            indication.sector
        from metrics.date_indication as indication
        inner join core.unit_set as unit_set
            on indication.unit_set_key = unit_set.unit_set_key
            and unit_set.level = 'region'
        inner join core.care_slice as slice
            on indication.indication_key = slice.indication_key
            and slice.from_day <= indication.day
            and slice.until_day > indication.day
    ),
    running as (
        select
            date.day,
            trajectory.child_key,
            'responsible_municipality' as level,
            first.municipality_code as unit_id,
            count(*) as trajectories
        from core.trajectory as trajectory
        inner join core.indication as first on trajectory.first_indication_key = first.indication_key
        inner join core.reference_date as date
            on trajectory.from_day <= date.day
            and trajectory.until_day > date.day
        group by date.day, trajectory.child_key, first.municipality_code
    ),
    child as (
        select
            day,
            level,
            unit_id,
            child_key,
            max(weight_rank) as weight_rank,
            max(case when delivery_form = 'pgb' then 1 else 0 end) as has_pgb,
            sum(cast(overnight_week as decimal(38, 12))) as overnight_week,
            sum(cast(hours_week as decimal(38, 12))) as hours_week
        from active
        group by day, level, unit_id, child_key
    ),
    total as (
        select
            child.day,
            child.level,
            child.unit_id,
            count(*) as care_pupils,
            sum(case when child.weight_rank = 1 then 1 else 0 end) as light_pupils,
            sum(case when child.weight_rank = 3 then 1 else 0 end) as heavy_pupils,
            sum(child.has_pgb) as pgb_pupils,
            count(child.overnight_week) as overnight_pupils,
            coalesce(sum(child.overnight_week), 0) as overnight_week,
            coalesce(sum(child.hours_week), 0) as hours_week,
            sum(running.trajectories) as trajectories,
            sum(case when running.trajectories >= 2 then 1 else 0 end) as trajectories_ge2,
            sum(case when running.trajectories >= 3 then 1 else 0 end) as trajectories_ge3
        from child
        left join running
            on child.day = running.day
            and child.level = running.level
            and child.unit_id = running.unit_id
            and child.child_key = running.child_key
        group by child.day, child.level, child.unit_id
    ),
    described as (
        select day, level, unit_id, child_key, 'care_form' as dimension, care_form as dimension_value
        from active
        union
        select day, level, unit_id, child_key, 'product_category', product_category
        from active
        where product_category is not null
        union
        select day, level, unit_id, child_key, 'sector', sector
        from active
    )

select
    day,
    level,
    unit_id,
    '' as dimension,
    '' as dimension_value,
    care_pupils,
    cast(light_pupils as bigint) as light_pupils,
    cast(heavy_pupils as bigint) as heavy_pupils,
    cast(pgb_pupils as bigint) as pgb_pupils,
    overnight_pupils,
    cast(overnight_week as double) as overnight_week,
    cast(hours_week as double) as hours_week,
    cast(trajectories as bigint) as trajectories,
    cast(trajectories_ge2 as bigint) as trajectories_ge2,
    cast(trajectories_ge3 as bigint) as trajectories_ge3
from total
union all
select
    day, level, unit_id, dimension, dimension_value, count(*), null, null, null, null, null, null, null, null, null
from described
group by day, level, unit_id, dimension, dimension_value
