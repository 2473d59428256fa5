/*
label = "Kwartaal zonder gegevens"
description = "Quarters in which a municipality delivered no record of a kind that it delivers otherwise; municipalities of the region that never delivered indications are missing in every quarter"
severity = "warning"
family = "completeness"
total = """
select
    coalesce((select datediff('quarter', first_day, last_day) from staging.span), 0)
    * (
        select count(*)
        from
            (
                select 'indications', municipality_code from raw.indications
                union
                select 'deliveries', municipality_code from raw.deliveries
                union
                select 'declarations', municipality_code from raw.declarations
                union
                select 'indications', value from staging.setting where name = 'region.municipality'
            )
    )
"""
threshold = { share = 0.02 }
needs = ["raw.indications"]
affects = ["delivery_completeness", "care_share", "care_share_year", "pupils_with_care"]
tags = ["completeness"]
seeds = ["2.20"]
how_to_read = """
In deze kwartalen begon er bij deze gemeente geen enkele indicatie, levering of declaratie, terwijl de gemeente die
gegevens anders wel levert. Meestal ontbreekt er een levering. De cijfers van scholen met leerlingen uit deze gemeente
zijn dan te laag. Vraag de gemeente om het ontbrekende kwartaal. Een heel kleine gemeente kan werkelijk een leeg
kwartaal hebben. Het laatste kwartaal telt niet mee, omdat het nog loopt.
"""

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
        select distinct kind, municipality_code from record
        union
        select 'indications', value from staging.setting where name = 'region.municipality'
    ),
    quarter as (
        select
            cast(
                unnest(
                    range(
                        cast(date_trunc('quarter', first_day) as timestamp),
                        cast(date_trunc('quarter', last_day) as timestamp),
                        interval 3 month
                    )
                ) as date
            ) as quarter_start,
        from staging.span
        where first_day is not null
    ),
    filled as (
        select distinct
            kind,
            municipality_code,
            cast(date_trunc('quarter', start_date) as date) as quarter_start,
        from record
    )

select
    source.kind,
    source.municipality_code,
    quarter.quarter_start,
from source
cross join quarter
left join filled
    on filled.kind = source.kind
    and filled.municipality_code = source.municipality_code
    and filled.quarter_start = quarter.quarter_start
where source.municipality_code is not null and filled.kind is null
