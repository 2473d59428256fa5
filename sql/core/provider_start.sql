/*
description = "Starts of a provider for a child, and what kind of start each is, for a gap of 0 and of 28 days"
grain = "one row per child, provider and start"
key = ["child_key", "provider_key", "day"]
steps = [
    "a start is a day on which a provider is active and on none of the gap + 1 days before",
    "look back: which other providers were active on any of those days before",
    "look ahead: which of them are active on the day itself or within the gap after it",
    "entry: nobody before; replacement: somebody before is gone; addition: everybody before is still there",
]
tests = [
    "not null kind_g0",
    "kind_g0 in ('entry', 'replacement', 'addition')",
    "kind_g28 in ('entry', 'replacement', 'addition')",
]
seeds = ["METRICS 2.5", "METRICS 10", "OT3 2.7"]

[columns]
child_key = "number of the child"
provider_key = "number of the provider that starts"
day = "number of the day"
kind_g0 = "entry, replacement or addition; gap 0"
kind_g28 = "entry, replacement or addition; gap 28; null when the provider was there in the 29 days before"
*/
with
    started as (
        select
            child_key,
            provider_key,
            from_day as day,
            lag(until_day) over (partition by child_key, provider_key order by from_day) as earlier_until
        from core.provider_spell
    ),
    other as (
        select
            started.child_key,
            started.provider_key,
            started.day,
            spell.provider_key as other_key,
            max(
                case when spell.from_day < started.day and spell.until_day > started.day - 1 then 1 else 0 end
            ) as was_there_g0,
            max(
                case when spell.from_day <= started.day and spell.until_day > started.day then 1 else 0 end
            ) as is_there_g0,
            max(case when spell.from_day < started.day then 1 else 0 end) as was_there_g28,
            max(case when spell.until_day > started.day then 1 else 0 end) as is_there_g28
        from started
        inner join core.provider_spell as spell
            on started.child_key = spell.child_key
            and started.provider_key <> spell.provider_key
            and spell.from_day <= started.day + 28
            and spell.until_day > started.day - 29
        group by started.child_key, started.provider_key, started.day, spell.provider_key
    ),
    context as (
        select
            child_key,
            provider_key,
            day,
            sum(was_there_g0) as before_g0,
            sum(was_there_g0 * (1 - is_there_g0)) as gone_g0,
            sum(was_there_g28) as before_g28,
            sum(was_there_g28 * (1 - is_there_g28)) as gone_g28
        from other
        group by child_key, provider_key, day
    )

select
    started.child_key,
    started.provider_key,
    started.day,
    case
        when coalesce(context.before_g0, 0) = 0 then 'entry'
        when context.gone_g0 > 0 then 'replacement'
        else 'addition'
    end as kind_g0,
    case
        when started.day <= started.earlier_until + 28 then null
        when coalesce(context.before_g28, 0) = 0 then 'entry'
        when context.gone_g28 > 0 then 'replacement'
        else 'addition'
    end as kind_g28
from started
left join context
    on started.child_key = context.child_key
    and started.provider_key = context.provider_key
    and started.day = context.day
