/*
description = "Starts of a provider for a child, and what kind of start each is"
grain = "one row per gap, child, provider and start"
key = ["gap", "child_key", "provider_key", "day"]
steps = [
    "a start is a day on which a provider is active and on none of the gap + 1 days before (gap 0 and 28)",
    "look back: which other providers were active on any of those days before",
    "look ahead: which of them are active on the day itself or within the gap after it",
    "entry: nobody before; replacement: somebody before is gone; addition: everybody before is still there",
]
tests = ["unique key", "kind in ('entry', 'replacement', 'addition')"]
seeds = ["METRICS 2.5", "METRICS 10", "OT3 2.7"]

[columns]
gap = "tolerated gap in days"
child_key = "number of the child"
provider_key = "number of the provider that starts"
day = "number of the day"
kind = "entry, replacement or addition"
*/
with
    previous as (
        select
            child_key,
            provider_key,
            from_day,
            lag(until_day) over (partition by child_key, provider_key order by from_day) as earlier_until
        from core.provider_spell
    ),
    started as (
        select
            tolerance.gap,
            previous.child_key,
            previous.provider_key,
            previous.from_day as day
        from previous
        cross join (values (0), (28)) as tolerance (gap)
        where previous.earlier_until is null or previous.from_day > previous.earlier_until + tolerance.gap
    ),
    other as (
        select
            started.gap,
            started.child_key,
            started.provider_key,
            started.day,
            spell.provider_key as other_key,
            max(case when spell.from_day < started.day then 1 else 0 end) as was_there,
            max(case when spell.until_day > started.day then 1 else 0 end) as is_there
        from started
        inner join core.provider_spell as spell
            on started.child_key = spell.child_key
            and started.provider_key <> spell.provider_key
            and spell.from_day <= started.day + started.gap
            and spell.until_day > started.day - 1 - started.gap
        group by started.gap, started.child_key, started.provider_key, started.day, spell.provider_key
    ),
    context as (
        select
            gap,
            child_key,
            provider_key,
            day,
            sum(was_there) as before,
            sum(was_there * (1 - is_there)) as gone
        from other
        group by gap, child_key, provider_key, day
    )

select
    started.gap,
    started.child_key,
    started.provider_key,
    started.day,
    case
        when coalesce(context.before, 0) = 0 then 'entry'
        when context.gone > 0 then 'replacement'
        else 'addition'
    end as kind
from started
left join context
    on started.gap = context.gap
    and started.child_key = context.child_key
    and started.provider_key = context.provider_key
    and started.day = context.day
