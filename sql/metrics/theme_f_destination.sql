/*
description = "Theme F, where pupils go: after school, and from mainstream to special provision"
steps = [
    "leavers of a school year by destination, at the units of the school they left; a word that is no destination is unknown",
    "pupils of bo, vo and pro on 1 October, and what happened to them up to and including 30 September: the start of an enrolment in sbo, so or vso, the start of day help or residence, or leaving to detention",
    "a school of so and vso together counts as so up to and including the school year of turning 12, else as vso",
    "a pupil counts once per destination, and once in the total",
    "detention is known only when leavers were delivered",
    "only years of which the whole follow-up lies inside the data",
]
seeds = ["ZON 0.7", "OT3 2.12"]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
shape = "figure"
*/
with
    gone as (
        select distinct
            period.period,
            school_level.level,
            school_level.unit_id,
            leaver.child_id,
            coalesce(destination.code, 'onbekend') as destination
        from core.leaver as leaver
        inner join core.school as school on leaver.school_id = school.school_id
        inner join core.school_level as school_level on school.school_key = school_level.school_key
        inner join core.period as period
            on leaver.left_on >= period.start_date
            and leaver.left_on <= period.end_date
            and period.kind = 'school_year'
        left join seeds.destination as destination
            on lower(trim(leaver.destination)) = destination.code
            and (destination.kind = 'leaver' or destination.code = 'detentie')
    ),
    leaving as (
        select period, level, unit_id, count(distinct child_id) as leavers
        from gone
        group by period, level, unit_id
    ),
    gone_to as (
        select
            gone.period,
            gone.level,
            gone.unit_id,
            gone.destination,
            count(distinct gone.child_id) as children
        from gone
        group by gone.period, gone.level, gone.unit_id, gone.destination
    ),
    october as (
        select
            period.period,
            period.from_day + 61 as day,
            period.from_day + 61 + datediff('day', period.start_date, months_later(period.start_date, 12)) as until_day,
            period.start_date
        from core.period as period
        cross join core.care_history as history
        where
            period.kind = 'school_year'
            and period.from_day + 61
            + datediff('day', period.start_date, months_later(period.start_date, 12)) <= history.until_day
    ),
    pupil as (
        select distinct october.period, unit.unit_key, enrolment.child_key
        from october
        inner join core.enrolment as enrolment
            on enrolment.from_day <= october.day
            and enrolment.until_day > october.day
        inner join core.school as school
            on enrolment.school_key = school.school_key
            and school.school_type in ('BO', 'VO', 'PRO')
        inner join core.school_level as school_level on school.school_key = school_level.school_key
        inner join core.unit as unit
            on school_level.level = unit.level
            and school_level.unit_id = unit.unit_id
            and unit.level in ('school_municipality', 'swv', 'region')
    ),
    follow_up as (
        select october.period, october.day, october.until_day, october.start_date, pupil.child_key
        from pupil
        inner join core.unit as unit on pupil.unit_key = unit.unit_key and unit.level = 'region'
        inner join october on pupil.period = october.period
    ),
    referral as (
        select
            follow_up.period,
            follow_up.child_key,
            case
                when school.school_type = 'SBO' then 'sbo'
                when school.school_type = 'SO' then 'so'
                when school.school_type = 'VSO' then 'vso'
                when months_later(child.birth_month, 144) < follow_up.start_date then 'vso'
                else 'so'
            end as destination
        from follow_up
        inner join core.enrolment as enrolment
            on follow_up.child_key = enrolment.child_key
            and enrolment.from_day > follow_up.day
            and enrolment.from_day < follow_up.until_day
        inner join core.school as school
            on enrolment.school_key = school.school_key
            and school.school_type in ('SBO', 'SO', 'VSO', 'SO/VSO')
        inner join core.child as child on follow_up.child_key = child.child_key
        union
        select
            follow_up.period,
            follow_up.child_key,
            case when form.is_residential then 'verblijf' else 'dagbehandeling' end
        from follow_up
        inner join core.indication as indication
            on follow_up.child_key = indication.child_key
            and indication.from_day > follow_up.day
            and indication.from_day < follow_up.until_day
            and indication.law = 'jeugdwet'
        inner join seeds.care_form as form
            on indication.care_form_group = form.code
            and (form.is_residential or form.code = 'daghulp')
        union
        select follow_up.period, follow_up.child_key, 'detentie'
        from follow_up
        inner join core.leaver as leaver
            on follow_up.child_key = leaver.child_key
            and day_number(leaver.left_on) > follow_up.day
            and day_number(leaver.left_on) < follow_up.until_day
            and lower(trim(leaver.destination)) = 'detentie'
    ),
    following as (
        select pupil.period, unit.level, unit.unit_id, count(*) as pupils
        from pupil
        inner join core.unit as unit on pupil.unit_key = unit.unit_key
        group by pupil.period, unit.level, unit.unit_id
    ),
    possible as (
        select following.period, following.level, following.unit_id, following.pupils, '' as dimension, '' as destination
        from following
        union all
        select following.period, following.level, following.unit_id, following.pupils, 'destination', destination.code
        from following
        inner join seeds.destination as destination on destination.kind = 'special'
        where destination.code <> 'detentie' or (select count(*) from core.leaver) > 0
    ),
    referred as (
        select pupil.period, unit.level, unit.unit_id, '' as destination, count(distinct pupil.child_key) as children
        from pupil
        inner join referral on pupil.period = referral.period and pupil.child_key = referral.child_key
        inner join core.unit as unit on pupil.unit_key = unit.unit_key
        group by pupil.period, unit.level, unit.unit_id
        union all
        select pupil.period, unit.level, unit.unit_id, referral.destination, count(*)
        from pupil
        inner join referral on pupil.period = referral.period and pupil.child_key = referral.child_key
        inner join core.unit as unit on pupil.unit_key = unit.unit_key
        group by pupil.period, unit.level, unit.unit_id, referral.destination
    ),
    figure as (
        select
            'destination' as metric,
            gone_to.level,
            gone_to.unit_id,
            gone_to.period,
            'destination' as dimension,
            gone_to.destination as dimension_value,
            gone_to.children as numerator,
            leaving.leavers as denominator
        from gone_to
        inner join leaving
            on gone_to.period = leaving.period
            and gone_to.level = leaving.level
            and gone_to.unit_id = leaving.unit_id
        union all
        select
            'special_referral_rate',
            possible.level,
            possible.unit_id,
            possible.period,
            possible.dimension,
            possible.destination,
            coalesce(referred.children, 0),
            possible.pupils
        from possible
        left join referred
            on possible.period = referred.period
            and possible.level = referred.level
            and possible.unit_id = referred.unit_id
            and possible.destination = referred.destination
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
    cast(figure.numerator as bigint) as n_children
from figure
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and figure.level = allowed.level
