/*
label = "Kwartaal zonder gegevens"
description = "Quarters without a record of a kind that a municipality delivers otherwise (at least min_mean a quarter since its first); municipalities of the region that never delivered indications miss every quarter"
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
nog loopt.
"""

[parameters]
min_mean = 5

[columns]
kind = "kind of input"
municipality_code = "responsible municipality"
quarter_start = "first day of the quarter"
*/
with
    record as (
        select 'indications' as kind, municipality_code, start_date from raw.indications
        union all
        select 'deliveries', municipality_code, start_date from raw.deliveries
        union all
        select 'declarations', municipality_code, start_date from raw.declarations
    ),
    source as (
        select
            kind,
            municipality_code,
            min(start_date) as first_day,
            count(*) as records,
        from record
        where municipality_code is not null
        group by kind, municipality_code
        union all
        select
            'indications',
            value,
            (select min(start_date) from raw.indications),
            null,
        from staging.setting
        where
            name = 'region.municipality'
            and value not in (select municipality_code from raw.indications where municipality_code is not null)
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
    ),
    filled as (
        select distinct
            kind,
            municipality_code,
            cast(date_trunc('quarter', start_date) as date) as quarter_start,
        from record
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
