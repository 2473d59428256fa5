/*
description = "Days with care whose cost is known, as a whole and per form: the volume behind the cost"
grain = "one row per basis, period, unit and form with at least one such day; wide levels and payers only"
key = ["basis", "period_key", "level", "unit_id", "care_form"]
steps = [
    "of one child, payer and form merge what overlaps or adjoins: a day counts once; the same over all forms together",
    "cut to the time the child is enrolled and to the period",
    "add up per set of units, then per unit; who pays counts what lies at a school of the region",
]
tests = ["unique key", "0 < days"]
seeds = ["SAM 1.2", "SAM 1.7"]

[columns]
basis = "assigned or declared"
period_key = "number of the period"
level = "school_municipality, swv, region or responsible_municipality"
unit_id = "code of the unit within its level"
care_form = "form of care; empty for all forms together, onbekend when it is not known"
days = "child-days; a day that two municipalities pay for counts once for each"
*/
with
    -- Numbers in the place of codes: they group and sort faster.
    form as (
        select cast(row_number() over (order by coalesce(care_form, 'onbekend')) as integer) as form_key, coalesce(care_form, 'onbekend') as care_form
        from core.cost_spell
        group by coalesce(care_form, 'onbekend')
    ),
    -- Below 0, since they stand beside the units. Who pays for a declaration need not pay for an indication.
    payer as (
        select -cast(row_number() over (order by municipality_code) as integer) as payer_key, municipality_code
        from core.cost_spell
        group by municipality_code
    ),
    formed as (
        select
            cost.basis = 'assigned' as is_assigned,
            cost.child_key,
            payer.payer_key,
            form.form_key,
            cost.from_day,
            cost.until_day
        from core.cost_spell as cost
        inner join payer on cost.municipality_code = payer.municipality_code
        inner join form on coalesce(cost.care_form, 'onbekend') = form.care_form
        where cost.funder = 'jeugdwet' and cost.cents_per_day is not null
    ),
    form_start as (
        select
            is_assigned,
            child_key,
            payer_key,
            form_key,
            from_day,
            max(until_day) over (
                partition by is_assigned, child_key, payer_key, form_key
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until,
            max(until_day) over (partition by is_assigned, child_key, payer_key, form_key) as last_until
        from formed
    ),
    -- A stretch begins where all before it has ended, and ends where what comes before the next one does.
    form_stretch as (
        select
            is_assigned,
            child_key,
            payer_key,
            form_key,
            from_day,
            coalesce(
                lead(earlier_until) over (
                    partition by is_assigned, child_key, payer_key, form_key
                    order by from_day
                ),
                last_until
            ) as until_day
        from form_start
        where earlier_until is null or from_day > earlier_until
    ),
    whole_start as (
        select
            is_assigned,
            child_key,
            payer_key,
            from_day,
            max(until_day) over (
                partition by is_assigned, child_key, payer_key
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until,
            max(until_day) over (partition by is_assigned, child_key, payer_key) as last_until
        from form_stretch
    ),
    stretch as (
        select is_assigned, child_key, payer_key, form_key, from_day, until_day
        from form_stretch
        union all
        select
            is_assigned,
            child_key,
            payer_key,
            0,
            from_day,
            coalesce(
                lead(earlier_until) over (partition by is_assigned, child_key, payer_key order by from_day),
                last_until
            )
        from whole_start
        where earlier_until is null or from_day > earlier_until
    ),
    enrolled as (
        select
            stretch.is_assigned,
            stretch.payer_key,
            stretch.form_key,
            spell.unit_set_key,
            greatest(stretch.from_day, spell.from_day) as from_day,
            least(stretch.until_day, spell.until_day) as until_day
        from stretch
        inner join core.attendance_spell as spell
            on stretch.child_key = spell.child_key
            and stretch.from_day < spell.until_day
            and stretch.until_day > spell.from_day
    ),
    counted as (
        select
            enrolled.is_assigned,
            period.period_key,
            enrolled.unit_set_key,
            enrolled.payer_key,
            enrolled.form_key,
            sum(least(enrolled.until_day, period.until_day) - greatest(enrolled.from_day, period.from_day)) as days
        from enrolled
        inner join core.period as period
            on enrolled.from_day < period.until_day
            and enrolled.until_day > period.from_day
        group by
            enrolled.is_assigned,
            period.period_key,
            enrolled.unit_set_key,
            enrolled.payer_key,
            enrolled.form_key
    ),
    placed as (
        select counted.is_assigned, counted.period_key, unit.unit_key, counted.form_key, counted.days
        from counted
        inner join core.unit_set as unit
            on counted.unit_set_key = unit.unit_set_key
            and unit.level in ('school_municipality', 'swv', 'region')
        union all
        select counted.is_assigned, counted.period_key, counted.payer_key, counted.form_key, counted.days
        from counted
        inner join core.unit_set as region on counted.unit_set_key = region.unit_set_key and region.level = 'region'
    ),
    total as (
        select is_assigned, period_key, unit_key, form_key, sum(days) as days
        from placed
        group by is_assigned, period_key, unit_key, form_key
    ),
    unit as (
        select unit_key, level, unit_id
        from core.unit
        union all
        select payer_key, 'responsible_municipality', municipality_code
        from payer
    )

select
    case when total.is_assigned then 'assigned' else 'declared' end as basis,
    total.period_key,
    unit.level,
    unit.unit_id,
    coalesce(form.care_form, '') as care_form,
    cast(total.days as bigint) as days
from total
inner join unit on total.unit_key = unit.unit_key
left join form on total.form_key = form.form_key
