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
    -- Ended trajectories per band of length.
    ended as (
        select
            place.period_key,
            place.level,
            place.unit_id,
            place.child_key,
            route.from_day,
            route.until_day
        from metrics.trajectory_place as place
        inner join core.trajectory_route as route on place.trajectory_key = route.trajectory_key
        where place.moment = 'end' and place.school_type = ''
    ),
    ended_total as (
        select period_key, level, unit_id, count(*) as trajectories
        from ended
        group by period_key, level, unit_id
    ),
    ended_band as (
        select
            ended.period_key,
            ended.level,
            ended.unit_id,
            band.code as dimension_value,
            count(*) as trajectories,
            count(distinct ended.child_key) as children
        from ended
        inner join seeds.duration_bin as band
            on ended.until_day >= day_number(months_later(day_date(ended.from_day), band.months_from))
            and (
                band.months_to is null
                or ended.until_day < day_number(months_later(day_date(ended.from_day), band.months_to))
            )
        group by ended.period_key, ended.level, ended.unit_id, band.code
    ),
    mix as (
        select
            total.period_key,
            total.level,
            total.unit_id,
            'duration_bin' as dimension,
            band.code as dimension_value,
            coalesce(ended_band.trajectories, 0) as numerator,
            total.trajectories as denominator,
            coalesce(ended_band.children, 0) as children
        from ended_total as total
        cross join seeds.duration_bin as band
        left join ended_band
            on total.period_key = ended_band.period_key
            and total.level = ended_band.level
            and total.unit_id = ended_band.unit_id
            and band.code = ended_band.dimension_value
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
            place.level,
            place.unit_id,
            place.child_key,
            route.referrer,
            route.care_form,
            case when earlier.trajectory_key is not null then 1 else 0 end as is_repeat
        from metrics.trajectory_place as place
        inner join core.trajectory_route as route on place.trajectory_key = route.trajectory_key
        left join earlier on place.trajectory_key = earlier.trajectory_key
        where place.moment = 'start' and place.school_type = ''
    ),
    started_part as (
        select period_key, level, unit_id, '' as dimension, '' as dimension_value, child_key, is_repeat
        from started
        union all
        select period_key, level, unit_id, 'referrer', referrer, child_key, is_repeat
        from started
        union all
        select period_key, level, unit_id, 'care_form', care_form, child_key, is_repeat
        from started
        union all
        select period_key, level, unit_id, '', '', null, null
        from metrics.unit
    ),
    repeated as (
        select
            part.period_key,
            part.level,
            part.unit_id,
            part.dimension,
            part.dimension_value,
            case when period.history_from_day <= day_number(months_later(period.start_date, -60)) then sum(part.is_repeat) end as numerator,
            case when period.history_from_day <= day_number(months_later(period.start_date, -60)) then count(part.child_key) end as denominator,
            count(distinct case when part.is_repeat = 1 then part.child_key end) as children
        from started_part as part
        inner join metrics.period_history as period on part.period_key = period.period_key
        group by
            part.period_key,
            part.level,
            part.unit_id,
            part.dimension,
            part.dimension_value,
            period.history_from_day,
            period.start_date
    ),
    -- Ends after which nothing ran the next day, and whether something started within twelve months.
    finished as (
        select
            place.period_key,
            place.level,
            place.unit_id,
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
            and place.school_type = ''
            and other.trajectory_key is null
            and day_number(months_later(day_date(route.until_day - 1), 12)) < period.history_until_day
        group by place.period_key, place.level, place.unit_id, place.child_key
    ),
    followed as (
        select
            finished.period_key,
            finished.level,
            finished.unit_id,
            finished.child_key,
            max(case when later.trajectory_key is not null then 1 else 0 end) as came_back
        from finished
        left join core.trajectory_route as later
            on finished.child_key = later.child_key
            and later.from_day >= finished.until_day
            and later.from_day <= day_number(months_later(day_date(finished.until_day - 1), 12))
        group by finished.period_key, finished.level, finished.unit_id, finished.child_key
        union all
        select period_key, level, unit_id, null, null
        from metrics.unit
    ),
    stayed_away as (
        select
            period_key,
            level,
            unit_id,
            sum(1 - came_back) as numerator,
            count(child_key) as denominator,
            sum(1 - came_back) as children
        from followed
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
