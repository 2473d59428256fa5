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
        select unit_set_key, place_key
        from metrics.place_unit
        where school_type = '' and level not in ('school', 'board')
    ),
    place as (
        select distinct place_key, level, unit_id
        from metrics.place_unit
    ),
    -- Ended trajectories per band of length, per set of units and then per unit.
    route_band as (
        select route.trajectory_key, band.code as band
        from core.trajectory_route as route
        inner join seeds.duration_bin as band
            on route.until_day >= day_number(months_later(day_date(route.from_day), band.months_from))
            and (
                band.months_to is null
                or route.until_day < day_number(months_later(day_date(route.from_day), band.months_to))
            )
        where route.until_day < 2932896
    ),
    ended as (
        select
            place.period_key,
            place.unit_set_key,
            route_band.band,
            count(*) as trajectories,
            count(distinct place.attendance_key) as children
        from metrics.trajectory_place as place
        left join route_band on place.trajectory_key = route_band.trajectory_key
        where place.moment = 'end'
        group by place.period_key, place.unit_set_key, route_band.band
    ),
    ended_unit as (
        select
            ended.period_key,
            unit.place_key,
            ended.band,
            sum(ended.trajectories) as trajectories,
            sum(ended.children) as children
        from ended
        inner join unit on ended.unit_set_key = unit.unit_set_key
        group by ended.period_key, unit.place_key, ended.band
    ),
    ended_whole as (
        select period_key, place_key, sum(trajectories) as trajectories
        from ended_unit
        group by period_key, place_key
    ),
    mix as (
        select
            total.period_key,
            place.level,
            place.unit_id,
            'duration_bin' as dimension,
            band.code as dimension_value,
            coalesce(part.trajectories, 0) as numerator,
            total.trajectories as denominator,
            coalesce(part.children, 0) as children
        from ended_whole as total
        inner join place on total.place_key = place.place_key
        cross join seeds.duration_bin as band
        left join ended_unit as part
            on total.period_key = part.period_key
            and total.place_key = part.place_key
            and band.code = part.band
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
    kind as (
        select
            cast(row_number() over (order by referrer, care_form) as integer) as kind_key,
            referrer,
            care_form
        from core.trajectory_route
        group by referrer, care_form
    ),
    kind_part as (
        select kind_key, '' as dimension, '' as dimension_value
        from kind
        union all
        select kind_key, 'referrer', referrer
        from kind
        union all
        select kind_key, 'care_form', care_form
        from kind
    ),
    part as (
        select
            cast(row_number() over (order by dimension, dimension_value) as integer) as part_key,
            dimension,
            dimension_value
        from kind_part
        group by dimension, dimension_value
    ),
    kind_in_part as (
        select kind_part.kind_key, part.part_key
        from kind_part
        inner join part
            on kind_part.dimension = part.dimension
            and kind_part.dimension_value = part.dimension_value
    ),
    route_kind as (
        select
            route.trajectory_key,
            kind.kind_key,
            earlier.trajectory_key is not null as is_repeat
        from core.trajectory_route as route
        inner join kind on route.referrer = kind.referrer and route.care_form = kind.care_form
        left join earlier on route.trajectory_key = earlier.trajectory_key
    ),
    started_kind as (
        select
            place.period_key,
            place.unit_set_key,
            route.kind_key,
            count(*) as trajectories,
            count(case when route.is_repeat then 1 end) as repeats
        from metrics.trajectory_place as place
        inner join route_kind as route on place.trajectory_key = route.trajectory_key
        where place.moment = 'start'
        group by place.period_key, place.unit_set_key, route.kind_key
    ),
    repeat_child as (
        select distinct place.period_key, place.attendance_key, place.unit_set_key, kind.part_key
        from metrics.trajectory_place as place
        inner join route_kind as route on place.trajectory_key = route.trajectory_key and route.is_repeat
        inner join kind_in_part as kind on route.kind_key = kind.kind_key
        where place.moment = 'start'
    ),
    started_set as (
        select
            started.period_key,
            started.unit_set_key,
            kind.part_key,
            sum(started.repeats) as repeats,
            sum(started.trajectories) as trajectories,
            0 as children
        from started_kind as started
        inner join kind_in_part as kind on started.kind_key = kind.kind_key
        group by started.period_key, started.unit_set_key, kind.part_key
        union all
        select period_key, unit_set_key, part_key, 0, 0, count(*)
        from repeat_child
        group by period_key, unit_set_key, part_key
    ),
    started_place as (
        select
            started_set.period_key,
            unit.place_key,
            started_set.part_key,
            sum(started_set.repeats) as repeats,
            sum(started_set.trajectories) as trajectories,
            sum(started_set.children) as children
        from started_set
        inner join unit on started_set.unit_set_key = unit.unit_set_key
        group by started_set.period_key, unit.place_key, started_set.part_key
    ),
    started_unit as (
        select
            started.period_key,
            place.level,
            place.unit_id,
            part.dimension,
            part.dimension_value,
            started.repeats,
            started.trajectories,
            started.children
        from started_place as started
        inner join place on started.place_key = place.place_key
        inner join part on started.part_key = part.part_key
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
    last_end as (
        select route.trajectory_key, route.child_key, route.until_day
        from core.trajectory_route as route
        cross join core.care_history as history
        left join core.trajectory_route as other
            on route.child_key = other.child_key
            and other.from_day <= route.until_day
            and other.until_day > route.until_day
        where
            route.until_day < 2932896
            and other.trajectory_key is null
            and day_number(months_later(day_date(route.until_day - 1), 12)) < history.until_day
    ),
    followed as (
        select
            last_end.trajectory_key,
            last_end.until_day,
            max(case when later.trajectory_key is not null then 1 else 0 end) as came_back
        from last_end
        left join core.trajectory_route as later
            on last_end.child_key = later.child_key
            and later.from_day >= last_end.until_day
            and later.from_day <= day_number(months_later(day_date(last_end.until_day - 1), 12))
        group by last_end.trajectory_key, last_end.until_day
    ),
    -- Of the last end of a child in the period: what ends on one day came back or did not together.
    followed_child as (
        select place.period_key, place.unit_set_key, max(2 * followed.until_day + followed.came_back) as last_end
        from metrics.trajectory_place as place
        inner join followed on place.trajectory_key = followed.trajectory_key
        where place.moment = 'end'
        group by place.period_key, place.attendance_key, place.unit_set_key
    ),
    followed_set as (
        select period_key, unit_set_key, sum(1 - last_end % 2) as stayed, count(*) as children
        from followed_child
        group by period_key, unit_set_key
    ),
    followed_place as (
        select
            followed_set.period_key,
            unit.place_key,
            sum(followed_set.stayed) as stayed,
            sum(followed_set.children) as children
        from followed_set
        inner join unit on followed_set.unit_set_key = unit.unit_set_key
        group by followed_set.period_key, unit.place_key
    ),
    followed_unit as (
        select followed.period_key, place.level, place.unit_id, followed.stayed, followed.children
        from followed_place as followed
        inner join place on followed.place_key = place.place_key
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
