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
    school_unit as (
        select school.school_id, school.school_key, unit.unit_key, unit.level
        from core.school as school
        inner join core.school_level as school_level on school.school_key = school_level.school_key
        inner join core.unit as unit on school_level.level = unit.level and school_level.unit_id = unit.unit_id
    ),
    -- Who left need not be known as a child: the number is that of the leaver.
    left_school as (
        select
            period.period,
            leaver.school_id,
            dense_rank() over (order by leaver.child_id) as leaver_key,
            coalesce(destination.code, 'onbekend') as destination
        from core.leaver as leaver
        inner join core.period as period
            on leaver.left_on >= period.start_date
            and leaver.left_on <= period.end_date
            and period.kind = 'school_year'
        left join seeds.destination as destination
            on lower(trim(leaver.destination)) = destination.code
            and (destination.kind = 'leaver' or destination.code = 'detentie')
    ),
    gone as (
        select distinct left_school.period, unit.unit_key, left_school.leaver_key, left_school.destination
        from left_school
        inner join school_unit as unit on left_school.school_id = unit.school_id
    ),
    leaving as (
        select period, unit_key, count(distinct leaver_key) as leavers
        from gone
        group by period, unit_key
    ),
    gone_to as (
        select period, unit_key, destination, count(*) as children
        from gone
        group by period, unit_key, destination
    ),
    october as (
        select
            period.period_key,
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
    listed as (
        select october.period_key, enrolment.child_key, enrolment.school_key
        from october
        inner join core.enrolment as enrolment
            on enrolment.from_day <= october.day
            and enrolment.until_day > october.day
        inner join core.school as school
            on enrolment.school_key = school.school_key
            and school.school_type in ('BO', 'VO', 'PRO')
    ),
    pupil as (
        select period_key, child_key, min(school_key) as school_key, count(*) as enrolments
        from listed
        group by period_key, child_key
    ),
    follow_up as (
        select pupil.period_key, october.day, october.until_day, october.start_date, pupil.child_key
        from pupil
        inner join october on pupil.period_key = october.period_key
    ),
    referral as (
        select
            follow_up.period_key,
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
            follow_up.period_key,
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
        select follow_up.period_key, follow_up.child_key, 'detentie'
        from follow_up
        inner join core.leaver as leaver
            on follow_up.child_key = leaver.child_key
            and day_number(leaver.left_on) > follow_up.day
            and day_number(leaver.left_on) < follow_up.until_day
            and lower(trim(leaver.destination)) = 'detentie'
    ),
    wide_unit as (
        select school_key, unit_key
        from school_unit
        where level in ('school_municipality', 'swv', 'region')
    ),
    -- Nearly all pupils are at one school: only the others can be in a unit twice.
    at_one_school as (
        select period_key, school_key, count(*) as pupils
        from pupil
        where enrolments = 1
        group by period_key, school_key
    ),
    at_more as (
        select distinct listed.period_key, unit.unit_key, listed.child_key
        from pupil
        inner join listed on pupil.period_key = listed.period_key and pupil.child_key = listed.child_key
        inner join wide_unit as unit on listed.school_key = unit.school_key
        where pupil.enrolments > 1
    ),
    placed as (
        select school.period_key, unit.unit_key, school.pupils
        from at_one_school as school
        inner join wide_unit as unit on school.school_key = unit.school_key
        union all
        select period_key, unit_key, 1
        from at_more
    ),
    following as (
        select period_key, unit_key, sum(pupils) as pupils
        from placed
        group by period_key, unit_key
    ),
    possible as (
        select period_key, unit_key, pupils, '' as dimension, '' as destination
        from following
        union all
        select following.period_key, following.unit_key, following.pupils, 'destination', destination.code
        from following
        inner join seeds.destination as destination on destination.kind = 'special'
        where destination.code <> 'detentie' or (select count(*) from core.leaver) > 0
    ),
    referred_pupil as (
        select distinct referral.period_key, unit.unit_key, referral.child_key, referral.destination
        from referral
        inner join listed on referral.period_key = listed.period_key and referral.child_key = listed.child_key
        inner join wide_unit as unit on listed.school_key = unit.school_key
    ),
    referred as (
        select period_key, unit_key, '' as destination, count(distinct child_key) as children
        from referred_pupil
        group by period_key, unit_key
        union all
        select period_key, unit_key, destination, count(*)
        from referred_pupil
        group by period_key, unit_key, destination
    ),
    figure as (
        select
            'destination' as metric,
            gone_to.unit_key,
            gone_to.period,
            'destination' as dimension,
            gone_to.destination as dimension_value,
            gone_to.children as numerator,
            leaving.leavers as denominator
        from gone_to
        inner join leaving on gone_to.period = leaving.period and gone_to.unit_key = leaving.unit_key
        union all
        select
            'special_referral_rate',
            possible.unit_key,
            period.period,
            possible.dimension,
            possible.destination,
            coalesce(referred.children, 0),
            possible.pupils
        from possible
        inner join core.period as period on possible.period_key = period.period_key
        left join referred
            on possible.period_key = referred.period_key
            and possible.unit_key = referred.unit_key
            and possible.destination = referred.destination
    )

select
    figure.metric,
    unit.level,
    unit.unit_id,
    figure.period,
    cast(null as date) as reference_date,
    figure.dimension,
    figure.dimension_value,
    ratio(figure.numerator, figure.denominator) as value,
    cast(figure.numerator as double) as numerator,
    cast(figure.denominator as double) as denominator,
    cast(figure.numerator as bigint) as n_children
from figure
inner join core.unit as unit on figure.unit_key = unit.unit_key
inner join seeds.metric_level as allowed on figure.metric = allowed.metric and unit.level = allowed.level
