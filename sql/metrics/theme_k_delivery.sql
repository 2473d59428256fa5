/*
description = "Theme K, deliveries: which kinds of records a municipality delivered for a quarter, and how many more or fewer than before"
steps = [
    "a kind is there for a quarter when at least one of its records starts in it: indications, deliveries, declarations",
    "expected is what the municipality had in one of the four quarters before, and indications of every municipality of the region",
    "from the second quarter of the data on, up to the last one that is over",
    "change: records that are valid in the quarter against those in the quarter before",
]
seeds = ["OT3 2.20"]
tests = ["unique key", "not null metric, level, unit_id, period, n_children"]
shape = "figure"
*/
with
    record as (
        select 'indications' as kind, municipality_code, from_day, until_day
        from core.indication
        where law = 'jeugdwet'
        union all
        select 'deliveries', municipality_code, day_number(start_date), until_day(end_date)
        from core.delivery
        union all
        select 'declarations', municipality_code, day_number(start_date), until_day(end_date)
        from core.declaration
    ),
    quarter as (
        select
            period.period,
            period.from_day,
            period.until_day,
            row_number() over (order by period.from_day) as place
        from core.event_period as period
        cross join core.span as span
        where
            period.kind = 'quarter'
            and not period.is_provisional
            and period.until_day > day_number(span.first_day)
    ),
    present as (
        select distinct quarter.place, record.kind, record.municipality_code
        from record
        inner join quarter
            on record.from_day >= quarter.from_day
            and record.from_day < quarter.until_day
    ),
    expected as (
        select distinct quarter.period, quarter.place, present.kind, present.municipality_code
        from quarter
        inner join present
            on present.place < quarter.place
            and present.place >= quarter.place - 4
        union
        select quarter.period, quarter.place, 'indications', region.municipality_code
        from quarter
        cross join core.region_municipality as region
        where quarter.place > 1
    ),
    received as (
        select
            expected.period,
            expected.kind,
            expected.municipality_code,
            case when present.kind is null then 0 else 1 end as is_received
        from expected
        left join present
            on expected.place = present.place
            and expected.kind = present.kind
            and expected.municipality_code = present.municipality_code
    ),
    valid as (
        select quarter.period, quarter.place, record.kind, record.municipality_code, count(*) as records
        from record
        inner join quarter
            on record.from_day < quarter.until_day
            and record.until_day > quarter.from_day
        group by quarter.period, quarter.place, record.kind, record.municipality_code
    ),
    pair as (
        select quarter.period, earlier.kind, earlier.municipality_code, coalesce(later.records, 0) as records, earlier.records as records_before
        from valid as earlier
        inner join quarter on quarter.place = earlier.place + 1
        left join valid as later
            on quarter.place = later.place
            and earlier.kind = later.kind
            and earlier.municipality_code = later.municipality_code
        union all
        select later.period, later.kind, later.municipality_code, later.records, 0
        from valid as later
        left join valid as earlier
            on later.place = earlier.place + 1
            and earlier.kind = later.kind
            and earlier.municipality_code = later.municipality_code
        where later.place > 1 and earlier.kind is null
    ),
    complete as (
        select 'region' as level, 'region' as unit_id, period, '' as dimension, '' as dimension_value, is_received
        from received
        union all
        select 'region', 'region', period, 'source', kind, is_received
        from received
        union all
        select 'responsible_municipality', municipality_code, period, '', '', is_received
        from received
        union all
        select 'responsible_municipality', municipality_code, period, 'source', kind, is_received
        from received
    ),
    changed as (
        select 'region' as level, 'region' as unit_id, period, kind, records, records_before
        from pair
        union all
        select 'responsible_municipality', municipality_code, period, kind, records, records_before
        from pair
    ),
    figure as (
        select
            'delivery_completeness' as metric,
            level,
            unit_id,
            period,
            dimension,
            dimension_value,
            ratio(sum(is_received), count(*)) as value,
            sum(is_received) as numerator,
            count(*) as denominator
        from complete
        group by level, unit_id, period, dimension, dimension_value
        union all
        select
            'delivery_change',
            level,
            unit_id,
            period,
            'source',
            kind,
            ratio(sum(records) - sum(records_before), sum(records_before)),
            sum(records) - sum(records_before),
            sum(records_before)
        from changed
        group by level, unit_id, period, kind
    )

select
    metric,
    level,
    unit_id,
    period,
    cast(null as date) as reference_date,
    dimension,
    dimension_value,
    value,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    cast(0 as bigint) as n_children
from figure
