/*
description = "Theme F, how care ends: as planned, early, or nobody knows"
steps = [
    "trajectories that end in the period, with the reason of the definitive stop of the indication that lasted longest",
    "counted where the child is enrolled on the last day; at the responsible municipality and the provider when it is enrolled in the region",
    "what is known, planned or early: see the code list of reasons; by agreement (34) is known but no drop-out",
    "a trajectory without a stop message, or with a reason that says nothing about how care went, is unknown",
]
seeds = ["ZON 0.13", "SAM 1.3", "SAM 1.11"]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
shape = "figure"
*/
with
    -- Ends are told apart by form of care and reason, in some tens of ways: their numbers are grouped by.
    ended_kind as (
        select
            trajectory.first_indication_key as trajectory_key,
            route.care_form,
            coalesce(last_one.stop_reason, '') as reason
        from core.trajectory as trajectory
        inner join core.trajectory_route as route on trajectory.first_indication_key = route.trajectory_key
        inner join core.indication as last_one on trajectory.last_indication_key = last_one.indication_key
        where trajectory.until_day < 2932896
    ),
    kind as (
        select
            cast(row_number() over (order by ended_kind.care_form, ended_kind.reason) as integer) as kind_key,
            ended_kind.care_form,
            ended_kind.reason,
            coalesce(reason.outcome in ('planned', 'premature'), false) as is_known,
            coalesce(reason.outcome = 'planned', false) as is_planned,
            coalesce(reason.is_dropout, false) as is_dropout,
            coalesce(reason.is_dropout, false) or ended_kind.reason = '34' as is_dropout_agreed
        from (select distinct care_form, reason from ended_kind) as ended_kind
        left join seeds.end_reason as reason on ended_kind.reason = reason.code
    ),
    kind_part as (
        select kind_key, '' as dimension, '' as dimension_value
        from kind
        union all
        select kind_key, 'care_form', care_form
        from kind
        union all
        select kind_key, 'reason', reason
        from kind
        where is_known and not is_planned
    ),
    part as (
        select
            cast(row_number() over (order by dimension, dimension_value) as integer) as part_key,
            dimension,
            dimension_value,
            dimension = '' as is_whole
        from kind_part
        group by dimension, dimension_value
    ),
    kind_in_part as (
        select
            kind.kind_key,
            part.part_key,
            part.is_whole,
            kind.is_known,
            kind.is_planned,
            kind.is_dropout,
            kind.is_dropout_agreed
        from kind
        inner join kind_part on kind.kind_key = kind_part.kind_key
        inner join part
            on kind_part.dimension = part.dimension
            and kind_part.dimension_value = part.dimension_value
    ),
    -- Who pays and who gives stand for themselves: units of their own, and sets of one, with numbers below 0.
    holder as (
        select -cast(row_number() over (order by level, unit_id) as integer) as unit_key, level, unit_id
        from (
            select distinct 'responsible_municipality' as level, municipality_code as unit_id
            from core.trajectory_route
            union all
            select distinct 'provider', provider_id
            from core.trajectory_route
        ) as held
    ),
    unit as (
        select unit_key, level, unit_id
        from core.unit
        union all
        select unit_key, level, unit_id
        from holder
    ),
    -- Schools, types within a municipality and providers have the whole alone.
    unit_set as (
        select unit_set_key, unit_key, level in ('school', 'municipality_type') as whole_only
        from core.unit_set
        union all
        select unit_key, unit_key, level = 'provider'
        from holder
    ),
    ended as (
        select
            route.child_key,
            route.until_day - 1 as day,
            payer.unit_key as payer_key,
            provider.unit_key as provider_key,
            kind.kind_key
        from ended_kind
        inner join core.trajectory_route as route on ended_kind.trajectory_key = route.trajectory_key
        inner join kind on ended_kind.care_form = kind.care_form and ended_kind.reason = kind.reason
        inner join holder as payer
            on route.municipality_code = payer.unit_id
            and payer.level = 'responsible_municipality'
        inner join holder as provider on route.provider_id = provider.unit_id and provider.level = 'provider'
    ),
    enrolled as (
        select
            period.period_key,
            spell.attendance_key,
            spell.unit_set_key,
            ended.payer_key,
            ended.provider_key,
            ended.kind_key
        from ended
        inner join core.attendance_spell as spell
            on ended.child_key = spell.child_key
            and ended.day >= spell.from_day
            and ended.day < spell.until_day
        inner join core.period as period
            on ended.day >= period.from_day
            and ended.day < period.until_day
    ),
    in_region as (
        select enrolled.period_key, enrolled.attendance_key, enrolled.payer_key, enrolled.provider_key, enrolled.kind_key
        from enrolled
        inner join core.unit_set as region on enrolled.unit_set_key = region.unit_set_key and region.level = 'region'
    ),
    placed as (
        select period_key, attendance_key, unit_set_key, kind_key, false as whole_only
        from enrolled
        union all
        select period_key, attendance_key, payer_key, kind_key, false
        from in_region
        union all
        select period_key, attendance_key, provider_key, kind_key, true
        from in_region
    ),
    -- A child is in one set for all units that hold the same of its schools: count per set, then per unit.
    child as (
        select
            placed.period_key,
            placed.unit_set_key,
            kind.part_key,
            count(*) as ends,
            count(case when kind.is_known then 1 end) as known,
            count(case when kind.is_planned then 1 end) as planned,
            count(case when kind.is_dropout then 1 end) as dropouts,
            count(case when kind.is_dropout_agreed then 1 end) as dropouts_agreed
        from placed
        inner join kind_in_part as kind
            on placed.kind_key = kind.kind_key
            and (kind.is_whole or not placed.whole_only)
        group by placed.period_key, placed.attendance_key, placed.unit_set_key, kind.part_key
    ),
    gathered as (
        select
            period_key,
            unit_set_key,
            part_key,
            sum(ends) as ends,
            count(*) as children,
            sum(known) as known,
            sum(planned) as planned,
            sum(dropouts) as dropouts,
            sum(dropouts_agreed) as dropouts_agreed,
            count(case when known < ends then 1 end) as unknown_children,
            count(case when planned > 0 then 1 end) as planned_children,
            count(case when dropouts > 0 then 1 end) as dropout_children,
            count(case when dropouts_agreed > 0 then 1 end) as agreed_children
        from child
        group by period_key, unit_set_key, part_key
    ),
    of_unit as (
        select
            gathered.period_key,
            unit_set.unit_key,
            gathered.part_key,
            sum(gathered.ends) as ends,
            sum(gathered.children) as children,
            sum(gathered.known) as known,
            sum(gathered.planned) as planned,
            sum(gathered.dropouts) as dropouts,
            sum(gathered.dropouts_agreed) as dropouts_agreed,
            sum(gathered.unknown_children) as unknown_children,
            sum(gathered.planned_children) as planned_children,
            sum(gathered.dropout_children) as dropout_children,
            sum(gathered.agreed_children) as agreed_children
        from gathered
        inner join part on gathered.part_key = part.part_key
        inner join unit_set
            on gathered.unit_set_key = unit_set.unit_set_key
            and (part.is_whole or not unit_set.whole_only)
        group by gathered.period_key, unit_set.unit_key, gathered.part_key
    ),
    counted as (
        select
            unit.level,
            unit.unit_id,
            period.period,
            part.dimension,
            part.dimension_value,
            of_unit.ends,
            of_unit.children,
            of_unit.known,
            of_unit.planned,
            of_unit.dropouts,
            of_unit.dropouts_agreed,
            of_unit.unknown_children,
            of_unit.planned_children,
            of_unit.dropout_children,
            of_unit.agreed_children
        from of_unit
        inner join unit on of_unit.unit_key = unit.unit_key
        inner join part on of_unit.part_key = part.part_key
        inner join core.period as period on of_unit.period_key = period.period_key
    ),
    figure as (
        select
            'dropout_rate' as metric,
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            dropouts as numerator,
            known as denominator,
            dropout_children as children
        from counted
        where dimension <> 'reason'
        union all
        select 'dropout_rate_incl_agreed', level, unit_id, period, dimension, dimension_value, dropouts_agreed, known, agreed_children
        from counted
        where dimension = ''
        union all
        select
            'dropout_rate',
            by_reason.level,
            by_reason.unit_id,
            by_reason.period,
            'reason',
            by_reason.dimension_value,
            by_reason.ends,
            counted.known,
            by_reason.children
        from counted as by_reason
        inner join counted
            on by_reason.level = counted.level
            and by_reason.unit_id = counted.unit_id
            and by_reason.period = counted.period
            and counted.dimension = ''
        where by_reason.dimension = 'reason'
        union all
        select 'planned_end_share', level, unit_id, period, dimension, dimension_value, planned, known, planned_children
        from counted
        where dimension <> 'reason'
        union all
        select 'unknown_end_share', level, unit_id, period, dimension, dimension_value, ends - known, ends, unknown_children
        from counted
        where dimension = ''
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    figure.period,
    cast(null as date) as reference_date,
    figure.dimension,
    figure.dimension_value,
    ratio(figure.numerator, figure.denominator) as value,
    cast(figure.numerator as double) as numerator,
    cast(figure.denominator as double) as denominator,
    cast(figure.children as bigint) as n_children
from figure
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level
