/*
label = "Kwartaal zonder gegevens"
description = "Quarters without a record of a kind that a municipality delivers otherwise (at least min_mean a quarter since the first quarter with that many); municipalities of the region that never delivered indications miss every quarter of the periods that are computed"
severity = "warning"
family = "completeness"
total = "select count(*) from (select distinct municipality_code, date_trunc('quarter', start_date) from raw.indications)"
threshold = { count = 0 }
needs = ["raw.indications"]
affects = ["delivery_completeness", "care_share", "care_share_year", "pupils_with_care"]
tags = ["completeness"]
seeds = ["2.20"]
how_to_read = """
In deze kwartalen begon er bij deze gemeente geen enkele indicatie, levering of declaratie, terwijl de gemeente die
gegevens anders wel levert. Meestal ontbreekt er een levering. De cijfers van scholen met leerlingen uit deze gemeente
zijn dan te laag. Vraag de gemeente om het ontbrekende kwartaal. Een gemeente met weinig regels per kwartaal (minder dan
min_mean) staat hier niet bij: daar kan een kwartaal werkelijk leeg zijn. Het laatste kwartaal telt niet mee, omdat het
nog loopt. Kwartalen van vóór de eerste berekende periode, en van vóór het eerste kwartaal met ten minste min_mean regels,
tellen evenmin mee: een levering noemt van die tijd alleen de hulp die lang bleef lopen.
"""

[parameters]
min_mean = 5

[columns]
kind = "kind of input"
municipality_code = "responsible municipality"
quarter_start = "first day of the quarter"
*/
with
    delivered as (
        select 'indications' as kind, municipality_code, start_date from raw.indications
        union all
        select 'deliveries', municipality_code, start_date from raw.deliveries
        union all
        select 'declarations', municipality_code, start_date from raw.declarations
    ),
    record as (
        select
            delivered.kind,
            coalesce(merger.later_code, delivered.municipality_code) as municipality_code,
            delivered.start_date,
        from delivered
        left join staging.merger as merger
            on delivered.municipality_code = merger.municipality_code
            and merger.is_current
    ),
    filled as (
        select
            kind,
            municipality_code,
            cast(date_trunc('quarter', start_date) as date) as quarter_start,
            count(*) as records,
        from record
        where municipality_code is not null and start_date is not null
        group by all
    ),
    computed as (
        select coalesce(min(start_date), date '1900-01-01') as first_day
        from core.period
    ),
    remaining as (
        select
            kind,
            municipality_code,
            quarter_start,
            records,
            sum(records) over (
                partition by kind, municipality_code order by quarter_start desc
                rows between unbounded preceding and current row
            ) as records_since,
        from filled
    ),
    source as (
        select
            kind,
            municipality_code,
            min(quarter_start) as first_day,
            arg_min(records_since, quarter_start) as records,
        from remaining
        where records >= getvariable('min_mean') and quarter_start >= (select first_day from computed)
        group by kind, municipality_code
        union all
        select
            'indications',
            value,
            (
                select min(quarter_start)
                from filled
                where kind = 'indications' and quarter_start >= (select first_day from computed)
            ),
            null,
        from staging.setting
        where
            name = 'region.municipality'
            and value not in (select municipality_code from filled where kind = 'indications')
    ),
    quarter as (
        select
            source.kind,
            source.municipality_code,
            cast(
                unnest(
                    range(
                        cast(date_trunc('quarter', source.first_day) as timestamp),
                        cast(date_trunc('quarter', span.last_day) as timestamp),
                        interval 3 month
                    )
                ) as date
            ) as quarter_start,
        from source
        cross join staging.span as span
        where
            source.records is null
            or source.records
                >= getvariable('min_mean') * datediff('quarter', source.first_day, span.last_day)
    )

select
    quarter.kind,
    quarter.municipality_code,
    quarter.quarter_start,
from quarter
left join filled
    on filled.kind = quarter.kind
    and filled.municipality_code = quarter.municipality_code
    and filled.quarter_start = quarter.quarter_start
where filled.kind is null
