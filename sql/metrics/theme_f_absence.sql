/*
description = "Theme F, home-sitters: absolute and long relative absence, with exemptions beside them"
steps = [
    "children with at least one counted day of absence in the school year; a child counts once in a unit and in the region",
    "up to and including the school year 2014-2015 a home-sitter is a pupil with long relative absence, since then also a child with absolute absence",
    "longer than three months: more than 92 days of the school year, what overlaps counted once",
    "in care: with an active indication on at least one of those days",
    "rates: per inhabitant of 5 to 17 years on 1 January of the school year, or per pupil",
    "the region also counts children of whom no school is known",
]
seeds = ["ZON 0.8", "ZON 0.13", "SAM 1.4", "SAM 1.10"]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
shape = "figure"
*/
with
    home as (
        select pc4, min(municipality_code) as municipality_code
        from core.place
        group by pc4
    ),
    absent as (
        select
            period.period_key,
            spell.child_key,
            spell.kind,
            spell.school_key,
            greatest(spell.from_day, period.from_day) as from_day,
            least(spell.until_day, period.until_day) as until_day,
            case
                when spell.kind = 'long_relative' or (spell.kind = 'absolute' and period.start_date >= date '2015-08-01') then 1
                else 0
            end as is_home_sitting
        from core.absence_spell as spell
        inner join core.period as period
            on spell.from_day < period.until_day
            and spell.until_day > period.from_day
        where period.kind = 'school_year'
    ),
    placed as (
        select
            absent.period_key,
            school_level.level,
            school_level.unit_id,
            absent.child_key,
            absent.kind,
            absent.from_day,
            absent.until_day,
            absent.is_home_sitting
        from absent
        inner join core.school_level as school_level
            on absent.school_key = school_level.school_key
            and school_level.level <> 'region'
        union all
        select period_key, 'region', 'region', child_key, kind, from_day, until_day, is_home_sitting
        from absent
    ),
    ordered as (
        select
            period_key,
            level,
            unit_id,
            child_key,
            from_day,
            until_day,
            max(until_day) over (
                partition by period_key, level, unit_id, child_key
                order by from_day, until_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from placed
        where is_home_sitting = 1
    ),
    sitting as (
        select
            period_key,
            level,
            unit_id,
            child_key,
            sum(greatest(until_day - greatest(from_day, coalesce(earlier_until, from_day)), 0)) as days
        from ordered
        group by period_key, level, unit_id, child_key
    ),
    cared as (
        select distinct placed.period_key, placed.level, placed.unit_id, placed.child_key
        from placed
        inner join core.care as care
            on placed.child_key = care.child_key
            and placed.from_day < care.until_day
            and placed.until_day > care.from_day
        where placed.is_home_sitting = 1
    ),
    member as (
        select distinct
            case kind when 'absolute' then 'absolute_absence' when 'long_relative' then 'long_relative_absence' else 'exemption_5a' end as metric,
            period_key,
            level,
            unit_id,
            child_key
        from placed
        union all
        select 'home_sitters', period_key, level, unit_id, child_key
        from sitting
        union all
        select 'home_sitters_gt3m', period_key, level, unit_id, child_key
        from sitting
        where days > 92
        union all
        select 'home_sitters_with_care', period_key, level, unit_id, child_key
        from cared
    ),
    described as (
        select
            member.metric,
            member.period_key,
            member.level,
            member.unit_id,
            member.child_key,
            coalesce(home.municipality_code, 'onbekend') as municipality_code,
            coalesce(age_group.code, 'onbekend') as age_group
        from member
        inner join core.period as period on member.period_key = period.period_key
        inner join core.child as child on member.child_key = child.child_key
        left join home on child.pc4 = home.pc4
        left join seeds.age_group as age_group
            on months_later(child.birth_month, 12 * age_group.age_from) <= period.start_date
            and (
                age_group.age_to is null
                or months_later(child.birth_month, 12 * (age_group.age_to + 1)) > period.start_date
            )
    ),
    parted as (
        select metric, period_key, level, unit_id, '' as dimension, '' as dimension_value, child_key
        from described
        union all
        select metric, period_key, level, unit_id, 'home_municipality', municipality_code, child_key
        from described
        where level = 'region' and metric <> 'exemption_5a' and metric <> 'long_relative_absence'
        union all
        select metric, period_key, level, unit_id, 'age_group', age_group, child_key
        from described
        where level = 'region' and metric in ('absolute_absence', 'home_sitters', 'home_sitters_gt3m')
    ),
    counted as (
        select metric, period_key, level, unit_id, dimension, dimension_value, count(*) as children
        from parted
        group by metric, period_key, level, unit_id, dimension, dimension_value
    ),
    count_metric as (
        select count_metric.metric
        from (
            values ('absolute_absence'), ('long_relative_absence'), ('home_sitters'), ('home_sitters_gt3m'), ('exemption_5a')
        ) as count_metric (metric)
    ),
    begun as (
        select min(from_day) as first_day
        from core.absence_spell
    ),
    -- Nobody absent is a count of 0, once absence is registered at all.
    whole as (
        select
            count_metric.metric,
            unit.period_key,
            unit.level,
            unit.unit_id,
            '' as dimension,
            '' as dimension_value,
            coalesce(counted.children, 0) as children
        from metrics.unit as unit
        inner join core.period as period
            on unit.period_key = period.period_key
            and period.kind = 'school_year'
        inner join begun on begun.first_day < period.until_day
        cross join count_metric
        left join counted
            on count_metric.metric = counted.metric
            and unit.period_key = counted.period_key
            and unit.level = counted.level
            and unit.unit_id = counted.unit_id
            and counted.dimension = ''
    ),
    number_of as (
        select metric, period_key, level, unit_id, dimension, dimension_value, children
        from whole
        union all
        select counted.metric, counted.period_key, counted.level, counted.unit_id, counted.dimension, counted.dimension_value, counted.children
        from counted
        left join whole
            on counted.metric = whole.metric
            and counted.period_key = whole.period_key
            and counted.level = whole.level
            and counted.unit_id = whole.unit_id
            and counted.dimension = whole.dimension
        where counted.metric <> 'home_sitters_with_care' and whole.metric is null
    ),
    inhabitant as (
        select period.period_key, '' as dimension, '' as dimension_value, sum(people.inhabitants) as inhabitants
        from core.period as period
        inner join core.population as people on people.year = year(period.end_date)
        where period.kind = 'school_year' and people.age >= 5 and people.age <= 17
        group by period.period_key
        union all
        select period.period_key, 'home_municipality', people.municipality_code, sum(people.inhabitants)
        from core.period as period
        inner join core.population as people on people.year = year(period.end_date)
        where period.kind = 'school_year' and people.age >= 5 and people.age <= 17
        group by period.period_key, people.municipality_code
    ),
    figure as (
        select
            metric,
            period_key,
            level,
            unit_id,
            dimension,
            dimension_value,
            cast(children as double) as value,
            children as numerator,
            cast(null as double) as denominator
        from number_of
        union all
        select
            case number_of.metric
                when 'absolute_absence' then 'absolute_absence_rate'
                when 'home_sitters' then 'home_sitters_rate'
                else 'home_sitters_rate_gt3m'
            end,
            number_of.period_key,
            number_of.level,
            number_of.unit_id,
            number_of.dimension,
            number_of.dimension_value,
            ratio(number_of.children, inhabitant.inhabitants),
            number_of.children,
            inhabitant.inhabitants
        from number_of
        left join inhabitant
            on number_of.period_key = inhabitant.period_key
            and number_of.dimension = inhabitant.dimension
            and number_of.dimension_value = inhabitant.dimension_value
        where
            number_of.metric in ('absolute_absence', 'home_sitters', 'home_sitters_gt3m')
            and number_of.dimension in ('', 'home_municipality')
            and number_of.level = 'region'
        union all
        select
            'long_relative_absence_rate',
            number_of.period_key,
            number_of.level,
            number_of.unit_id,
            '',
            '',
            ratio(number_of.children, unit.pupils_ever),
            number_of.children,
            unit.pupils_ever
        from number_of
        inner join metrics.unit as unit
            on number_of.period_key = unit.period_key
            and number_of.level = unit.level
            and number_of.unit_id = unit.unit_id
        where number_of.metric = 'long_relative_absence' and number_of.dimension = ''
        union all
        select
            'home_sitters_with_care',
            number_of.period_key,
            number_of.level,
            number_of.unit_id,
            number_of.dimension,
            number_of.dimension_value,
            ratio(coalesce(cared.children, 0), number_of.children),
            coalesce(cared.children, 0),
            number_of.children
        from number_of
        left join counted as cared
            on cared.metric = 'home_sitters_with_care'
            and number_of.period_key = cared.period_key
            and number_of.level = cared.level
            and number_of.unit_id = cared.unit_id
            and number_of.dimension = cared.dimension
            and number_of.dimension_value = cared.dimension_value
        where number_of.metric = 'home_sitters' and number_of.dimension in ('', 'home_municipality')
    )

select
    figure.metric,
    figure.level,
    figure.unit_id,
    period.period,
    cast(null as date) as reference_date,
    figure.dimension,
    figure.dimension_value,
    figure.value,
    cast(figure.numerator as double) as numerator,
    cast(figure.denominator as double) as denominator,
    cast(figure.numerator as bigint) as n_children
from figure
inner join core.period as period on figure.period_key = period.period_key
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level
