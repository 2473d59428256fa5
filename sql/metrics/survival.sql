/*
description = "Survival figures: the share of children that returns to care, the median length of care, and the share that still runs after some time"
grain = "one row per metric, unit, period and part"
key = ["metric", "level", "unit_id", "period", "dimension", "dimension_value"]
steps = [
    "return: episodes of care (holes of at most 28 days bridged) of which the last day lies in the period, at the units of enrolment on that day",
    "they are followed from the day after, which is day 1, to the next episode, and not beyond the last day of the data, the unbroken enrolment, or the day before the 18th birthday",
    "length: episodes with at least one day in the period, at the units of enrolment on the first of those days; the care of an episode is counted from its own first day",
    "an episode that began before the period comes under observation at the length it had then; one that runs on leaves it at the length it has at the end, or on the last day of the data: an end planned after that has not happened",
    "the function makes a Kaplan-Meier curve of every group",
    "a point of the curve of lengths stands for at least ten children who ended since the point before, and ten who go on",
]
tests = ["unique key", "lower <= value and value <= upper", "0 < n_children and n_children <= denominator"]
seeds = ["METRICS 2.7", "METRICS 2.8", "SAM 1.3", "OT3 2.9"]
function = "zorgdata.estimates.survival:figures"

[columns]
metric = "key in the catalogue"
level = "level of the unit"
unit_id = "code of the unit within its level"
period = "calendar year or school year"
dimension = "what the figure is broken down by; empty for the total"
dimension_value = "which part; empty for the total"
value = "share that returned or still runs, or median in days; null with fewer than ten episodes or when the curve does not reach it"
numerator = "returns seen within the time, episodes still followed, or the median"
denominator = "episodes"
n_children = "children behind them"
lower = "lower end of the 95 % interval (log-log)"
upper = "upper end of the 95 % interval (log-log)"
*/
with
    -- The keys reentry, reentry_182, episode_length and episode_running are made from these.
    episode as (
        select
            episode.child_key,
            episode.from_day,
            episode.until_day,
            lead(episode.from_day) over (partition by episode.child_key order by episode.from_day) as next_day,
            day_number(months_later(child.birth_month, 216)) as adult_day
        from core.care_episode as episode
        inner join core.child as child on episode.child_key = child.child_key
        where episode.gap = 28
    ),
    ended as (
        select
            period.period,
            period.history_until_day,
            episode.child_key,
            episode.until_day,
            episode.next_day,
            coalesce(episode.adult_day, 2932896) as adult_day
        from episode
        inner join metrics.period_history as period
            on episode.until_day - 1 >= period.from_day
            and episode.until_day - 1 < period.until_day
    ),
    watched as (
        select
            unit.level,
            unit.unit_id,
            ended.period,
            ended.child_key,
            ended.until_day,
            ended.next_day,
            least(ended.history_until_day, unit.until_day, ended.adult_day) as watched_until
        from ended
        inner join metrics.enrolled_unit as unit
            on ended.child_key = unit.child_key
            and ended.until_day - 1 >= unit.from_day
            and ended.until_day - 1 < unit.until_day
        where unit.level not in ('school', 'board')
    ),
    running as (
        select
            period.period,
            least(period.until_day, period.history_until_day) as period_until,
            episode.child_key,
            episode.from_day,
            episode.until_day,
            greatest(episode.from_day, period.from_day) as first_day
        from episode
        inner join metrics.period_history as period
            on episode.from_day < least(period.until_day, period.history_until_day)
            and episode.until_day > period.from_day
        where period.from_day < period.history_until_day
    ),
    length_place as (
        select
            unit.level,
            unit.unit_id,
            '' as dimension,
            '' as dimension_value,
            running.period,
            running.period_until,
            running.child_key,
            running.from_day,
            running.until_day,
            running.first_day
        from running
        inner join metrics.enrolled_unit as unit
            on running.child_key = unit.child_key
            and running.first_day >= unit.from_day
            and running.first_day < unit.until_day
        where unit.level not in ('school', 'board', 'municipality_type')
        union all
        select distinct
            typed.level,
            typed.unit_id,
            'school_type',
            typed.school_type,
            running.period,
            running.period_until,
            running.child_key,
            running.from_day,
            running.until_day,
            running.first_day
        from running
        inner join metrics.enrolled_type as typed
            on running.child_key = typed.child_key
            and running.first_day >= typed.from_day
            and running.first_day < typed.until_day
        where typed.level <> 'board'
    )

select
    'reentry' as subject,
    level,
    unit_id,
    period,
    '' as dimension,
    '' as dimension_value,
    child_key,
    0 as entry_days,
    least(coalesce(next_day, watched_until), watched_until - 1) - until_day + 1 as exit_days,
    case when next_day < watched_until then 1 else 0 end as is_event
from watched
where watched_until > until_day
union all
select
    'episode_length',
    level,
    unit_id,
    period,
    dimension,
    dimension_value,
    child_key,
    first_day - from_day,
    least(until_day, period_until) - from_day,
    case when until_day <= period_until then 1 else 0 end
from length_place
