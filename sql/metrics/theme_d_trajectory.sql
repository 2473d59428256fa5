/*
description = "Theme D, trajectories: how long ended ones lasted, repeat use, and whether care came back"
steps = [
    "length of ended trajectories in the bands of the code list, whole months counted; a band without any is 0",
    "repeat use looks five years back from the start; without five years of history before the period it is unknown",
    "no new start looks twelve months ahead from the last end of the child after which nothing ran; ends without twelve months of data after them do not count",
]
seeds = ["METRICS 2.7", "OT3 2.6", "SAM 1.3"]
shape = "figure"
*/
with
    -- Figures are given above school and board.
    unit as (
        select unit_set_key, level, unit_id
        from metrics.place_unit
        where school_type = '' and level not in ('school', 'board')
    ),
    -- Ended trajectories per band of length, per set of units and then per unit; the whole has band ''.
    ended as (
        select
            place.period_key,
            place.unit_set_key,
            '' as band,
            count(*) as trajectories,
            0 as children
        from metrics.trajectory_place as place
        where place.moment = 'end'
        group by place.period_key, place.unit_set_key
        union all
        select
            place.period_key,
            place.unit_set_key,
            band.code,
            count(*),
            count(distinct place.attendance_key)
        from metrics.trajectory_place as place
        inner join core.trajectory_route as route on place.trajectory_key = route.trajectory_key
        inner join seeds.duration_bin as band
            on route.until_day >= day_number(months_later(day_date(route.from_day), band.months_from))
            and (
                band.months_to is null
                or route.until_day < day_number(months_later(day_date(route.from_day), band.months_to))
            )
        where place.moment = 'end'
        group by place.period_key, place.unit_set_key, band.code
    ),
    ended_unit as (
        select
            ended.period_key,
            unit.level,
            unit.unit_id,
            ended.band,
            sum(ended.trajectories) as trajectories,
            sum(ended.children) as children
        from ended
        inner join unit on ended.unit_set_key = unit.unit_set_key
        group by ended.period_key, unit.level, unit.unit_id, ended.band
    ),
    mix as (
        select
            total.period_key,
            total.level,
            total.unit_id,
            'duration_bin' as dimension,
            band.code as dimension_value,
            coalesce(part.trajectories, 0) as numerator,
            total.trajectories as denominator,
            coalesce(part.children, 0) as children
        from ended_unit as total
        cross join seeds.duration_bin as band
        left join ended_unit as part
            on total.period_key = part.period_key
            and total.level = part.level
            and total.unit_id = part.unit_id
            and band.code = part.band
        where total.band = ''
    ),
    -- Started trajectories, and whether the child had care before that had ended.
    earlier as (
        select distinct route.trajectory_key
        from core.trajectory_route as route
        inner join core.trajectory_route as before
            on route.child_key = before.child_key
            and before.until_day < route.from_day
            and before.until_day > day_number(months_later(day_date(route.from_day), -60))
    ),
    started as (
        select
            place.period_key,
            place.attendance_key,
            place.unit_set_key,
            route.referrer,
            route.care_form,
            case when earlier.trajectory_key is not null then 1 else 0 end as is_repeat
        from metrics.trajectory_place as place
        inner join core.trajectory_route as route on place.trajectory_key = route.trajectory_key
        left join earlier on place.trajectory_key = earlier.trajectory_key
        where place.moment = 'start'
    ),
    started_part as (
        select period_key, attendance_key, unit_set_key, '' as dimension, '' as dimension_value, is_repeat
        from started
        union all
        select period_key, attendance_key, unit_set_key, 'referrer', referrer, is_repeat
        from started
        union all
        select period_key, attendance_key, unit_set_key, 'care_form', care_form, is_repeat
        from started
    ),
    started_set as (
        select
            period_key,
            unit_set_key,
            dimension,
            dimension_value,
            sum(is_repeat) as repeats,
            count(*) as trajectories,
            count(distinct case when is_repeat = 1 then attendance_key end) as children
        from started_part
        group by period_key, unit_set_key, dimension, dimension_value
    ),
    started_unit as (
        select
            started_set.period_key,
            unit.level,
            unit.unit_id,
            started_set.dimension,
            started_set.dimension_value,
            sum(started_set.repeats) as repeats,
            sum(started_set.trajectories) as trajectories,
            sum(started_set.children) as children
        from started_set
        inner join unit on started_set.unit_set_key = unit.unit_set_key
        group by
            started_set.period_key,
            unit.level,
            unit.unit_id,
            started_set.dimension,
            started_set.dimension_value
        union all
        select period_key, level, unit_id, '', '', null, 0, 0
        from metrics.unit
    ),
    repeated as (
        select
            started.period_key,
            started.level,
            started.unit_id,
            started.dimension,
            started.dimension_value,
            case when period.history_from_day <= day_number(months_later(period.start_date, -60)) then sum(started.repeats) end as numerator,
            case when period.history_from_day <= day_number(months_later(period.start_date, -60)) then sum(started.trajectories) end as denominator,
            sum(started.children) as children
        from started_unit as started
        inner join metrics.period_history as period on started.period_key = period.period_key
        group by
            started.period_key,
            started.level,
            started.unit_id,
            started.dimension,
            started.dimension_value,
            period.history_from_day,
            period.start_date
    ),
    -- Ends after which nothing ran the next day, and whether something started within twelve months.
    finished as (
        select
            place.period_key,
            place.attendance_key,
            place.unit_set_key,
            place.child_key,
            max(route.until_day) as until_day
        from metrics.trajectory_place as place
        inner join core.trajectory_route as route on place.trajectory_key = route.trajectory_key
        inner join metrics.period_history as period on place.period_key = period.period_key
        left join core.trajectory_route as other
            on route.child_key = other.child_key
            and other.from_day <= route.until_day
            and other.until_day > route.until_day
        where
            place.moment = 'end'
            and other.trajectory_key is null
            and day_number(months_later(day_date(route.until_day - 1), 12)) < period.history_until_day
        group by place.period_key, place.attendance_key, place.unit_set_key, place.child_key
    ),
    followed as (
        select
            finished.period_key,
            finished.attendance_key,
            finished.unit_set_key,
            max(case when later.trajectory_key is not null then 1 else 0 end) as came_back
        from finished
        left join core.trajectory_route as later
            on finished.child_key = later.child_key
            and later.from_day >= finished.until_day
            and later.from_day <= day_number(months_later(day_date(finished.until_day - 1), 12))
        group by finished.period_key, finished.attendance_key, finished.unit_set_key
    ),
    followed_set as (
        select period_key, unit_set_key, sum(1 - came_back) as stayed, count(*) as children
        from followed
        group by period_key, unit_set_key
    ),
    followed_unit as (
        select followed_set.period_key, unit.level, unit.unit_id, followed_set.stayed, followed_set.children
        from followed_set
        inner join unit on followed_set.unit_set_key = unit.unit_set_key
        union all
        select period_key, level, unit_id, null, 0
        from metrics.unit
    ),
    stayed_away as (
        select
            period_key,
            level,
            unit_id,
            sum(stayed) as numerator,
            sum(children) as denominator,
            sum(stayed) as children
        from followed_unit
        group by period_key, level, unit_id
    ),
    figure as (
        select
            'trajectory_duration_mix' as metric,
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            numerator,
            denominator,
            children
        from mix
        union all
        select
            'repeat_use_lookback',
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            numerator,
            denominator,
            children
        from repeated
        union all
        select 'no_new_start', period_key, level, unit_id, '', '', numerator, denominator, children
        from stayed_away
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    period.period,
    cast(null as date) as reference_date,
    figure.dimension,
    figure.dimension_value,
    ratio(figure.numerator, figure.denominator) as value,
    cast(figure.numerator as double) as numerator,
    cast(figure.denominator as double) as denominator,
    cast(coalesce(figure.children, 0) as bigint) as n_children
from figure
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level
inner join core.period as period on figure.period_key = period.period_key
