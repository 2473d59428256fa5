/*
description = "How much of the care of a unit comes from the fixed partner of the school, in a period"
grain = "one row per period and unit with care at a school that has a partner"
key = ["period_key", "unit_key"]
steps = [
    "time at schools with a partner, per attendance without holes",
    "days of every provider of the child in that time",
    "days of providers while they are a partner of a school where the child is enrolled; a day counts once per provider",
    "add up per set of units, then per unit",
]
tests = ["unique key", "0 <= partner_days and partner_days <= provider_days"]
seeds = ["ZKIJ 3.12", "METRICS 3"]

[columns]
period_key = "number of the period"
unit_key = "number of the unit"
provider_days = "sum over children, days and distinct providers, at schools with a partner"
partner_days = "of these: with a partner of the school"
care_pupils = "children with such a day"
*/
with
    enrolled as (
        select
            attendance.attendance_key,
            attendance.unit_set_key,
            attendance.child_key,
            enrolment.school_key,
            enrolment.from_day,
            enrolment.until_day
        from core.attendance as attendance
        inner join core.enrolment as enrolment on attendance.child_key = enrolment.child_key
        inner join core.school_set as school_set
            on attendance.school_set_key = school_set.school_set_key
            and enrolment.school_key = school_set.school_key
            and (attendance.schools & school_set.bit) <> 0
        inner join core.school as school
            on enrolment.school_key = school.school_key
            and school.lead_provider is not null
    ),
    given as (
        select
            enrolled.attendance_key,
            enrolled.unit_set_key,
            spell.provider_key,
            0 as is_partner,
            greatest(enrolled.from_day, spell.from_day) as from_day,
            max(least(enrolled.until_day, spell.until_day)) as until_day
        from enrolled
        inner join core.provider_spell as spell
            on enrolled.child_key = spell.child_key
            and enrolled.from_day < spell.until_day
            and enrolled.until_day > spell.from_day
        group by
            enrolled.attendance_key,
            enrolled.unit_set_key,
            spell.provider_key,
            greatest(enrolled.from_day, spell.from_day)
        union all
        select
            enrolled.attendance_key,
            enrolled.unit_set_key,
            spell.provider_key,
            1,
            greatest(enrolled.from_day, spell.from_day, partner.from_day),
            max(least(enrolled.until_day, spell.until_day, partner.until_day))
        from enrolled
        inner join core.provider_spell as spell
            on enrolled.child_key = spell.child_key
            and enrolled.from_day < spell.until_day
            and enrolled.until_day > spell.from_day
        inner join core.partner as partner
            on enrolled.school_key = partner.school_key
            and spell.provider_key = partner.provider_key
            and greatest(enrolled.from_day, spell.from_day) < partner.until_day
            and least(enrolled.until_day, spell.until_day) > partner.from_day
        group by
            enrolled.attendance_key,
            enrolled.unit_set_key,
            spell.provider_key,
            greatest(enrolled.from_day, spell.from_day, partner.from_day)
    ),
    ordered as (
        select
            attendance_key,
            unit_set_key,
            provider_key,
            is_partner,
            from_day,
            until_day,
            max(until_day) over (
                partition by attendance_key, provider_key, is_partner
                order by from_day
                rows between unbounded preceding and 1 preceding
            ) as earlier_until
        from given
    ),
    new as (
        select
            attendance_key,
            unit_set_key,
            provider_key,
            is_partner,
            greatest(from_day, coalesce(earlier_until, from_day)) as from_day,
            until_day
        from ordered
        where until_day > coalesce(earlier_until, from_day)
    ),
    counted as (
        select
            period.period_key,
            new.unit_set_key,
            new.attendance_key,
            sum(
                case when new.is_partner = 0 then 1 else 0 end
                * (least(new.until_day, period.until_day) - greatest(new.from_day, period.from_day))
            ) as provider_days,
            sum(
                new.is_partner
                * (least(new.until_day, period.until_day) - greatest(new.from_day, period.from_day))
            ) as partner_days
        from new
        inner join core.period as period
            on new.from_day < period.until_day
            and new.until_day > period.from_day
        group by period.period_key, new.unit_set_key, new.attendance_key
    ),
    added as (
        select
            period_key,
            unit_set_key,
            sum(provider_days) as provider_days,
            sum(partner_days) as partner_days,
            count(*) as care_pupils
        from counted
        group by period_key, unit_set_key
    )

select
    added.period_key,
    unit_set.unit_key,
    cast(sum(added.provider_days) as bigint) as provider_days,
    cast(sum(added.partner_days) as bigint) as partner_days,
    cast(sum(added.care_pupils) as bigint) as care_pupils
from added
inner join core.unit_set as unit_set on added.unit_set_key = unit_set.unit_set_key
group by added.period_key, unit_set.unit_key
