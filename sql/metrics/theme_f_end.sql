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
    ended as (
        select
            trajectory.first_indication_key as trajectory_key,
            trajectory.child_key,
            trajectory.provider_id,
            trajectory.until_day - 1 as day,
            route.municipality_code,
            route.care_form,
            last_one.stop_reason as reason,
            case when reason.outcome in ('planned', 'premature') then 1 else 0 end as is_known,
            case when reason.outcome = 'planned' then 1 else 0 end as is_planned,
            case when reason.is_dropout then 1 else 0 end as is_dropout,
            case when reason.is_dropout or last_one.stop_reason = '34' then 1 else 0 end as is_dropout_agreed
        from core.trajectory as trajectory
        inner join core.trajectory_route as route on trajectory.first_indication_key = route.trajectory_key
        inner join core.indication as last_one on trajectory.last_indication_key = last_one.indication_key
        left join seeds.end_reason as reason on last_one.stop_reason = reason.code
        where trajectory.until_day < 2932896
    ),
    enrolled as (
        select
            period.period,
            spell.attendance_key,
            spell.unit_set_key,
            ended.provider_id,
            ended.municipality_code,
            ended.care_form,
            ended.reason,
            ended.is_known,
            ended.is_planned,
            ended.is_dropout,
            ended.is_dropout_agreed
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
        select
            enrolled.period,
            enrolled.attendance_key,
            enrolled.provider_id,
            enrolled.municipality_code,
            enrolled.care_form,
            enrolled.reason,
            enrolled.is_known,
            enrolled.is_planned,
            enrolled.is_dropout,
            enrolled.is_dropout_agreed
        from enrolled
        inner join core.unit_set as unit_set
            on enrolled.unit_set_key = unit_set.unit_set_key
            and unit_set.level = 'region'
    ),
    -- Units share a set where they hold the same schools of a child; who pays and who gives stand for themselves.
    placed as (
        select '' as level, '' as unit_id, unit_set_key, period, attendance_key, care_form, reason, is_known, is_planned, is_dropout, is_dropout_agreed
        from enrolled
        union all
        select
            'responsible_municipality',
            municipality_code,
            0,
            period,
            attendance_key,
            care_form,
            reason,
            is_known,
            is_planned,
            is_dropout,
            is_dropout_agreed
        from in_region
        union all
        select 'provider', provider_id, 0, period, attendance_key, care_form, reason, is_known, is_planned, is_dropout, is_dropout_agreed
        from in_region
    ),
    parted as (
        select
            level,
            unit_id,
            unit_set_key,
            period,
            '' as dimension,
            '' as dimension_value,
            attendance_key,
            is_known,
            is_planned,
            is_dropout,
            is_dropout_agreed
        from placed
        union all
        select level, unit_id, unit_set_key, period, 'care_form', care_form, attendance_key, is_known, is_planned, is_dropout, is_dropout_agreed
        from placed
        where level <> 'provider'
        union all
        select level, unit_id, unit_set_key, period, 'reason', reason, attendance_key, is_known, is_planned, is_dropout, is_dropout_agreed
        from placed
        where is_known = 1 and is_planned = 0 and level <> 'provider'
    ),
    gathered as (
        select
            level,
            unit_id,
            unit_set_key,
            period,
            dimension,
            dimension_value,
            count(*) as ends,
            count(distinct attendance_key) as children,
            sum(is_known) as known,
            sum(is_planned) as planned,
            sum(is_dropout) as dropouts,
            sum(is_dropout_agreed) as dropouts_agreed,
            count(distinct case when is_known = 0 then attendance_key end) as unknown_children,
            count(distinct case when is_planned = 1 then attendance_key end) as planned_children,
            count(distinct case when is_dropout = 1 then attendance_key end) as dropout_children,
            count(distinct case when is_dropout_agreed = 1 then attendance_key end) as agreed_children
        from parted
        group by level, unit_id, unit_set_key, period, dimension, dimension_value
    ),
    counted as (
        select
            unit_set.level,
            unit_set.unit_id,
            gathered.period,
            gathered.dimension,
            gathered.dimension_value,
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
        inner join core.unit_set as unit_set on gathered.unit_set_key = unit_set.unit_set_key
        where
            gathered.level = ''
            and (gathered.dimension = '' or unit_set.level not in ('school', 'municipality_type'))
        group by unit_set.level, unit_set.unit_id, gathered.period, gathered.dimension, gathered.dimension_value
        union all
        select
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            ends,
            children,
            known,
            planned,
            dropouts,
            dropouts_agreed,
            unknown_children,
            planned_children,
            dropout_children,
            agreed_children
        from gathered
        where level <> ''
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
