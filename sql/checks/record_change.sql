/*
label = "Sprong ten opzichte van het vorige kwartaal"
description = "Municipalities whose number of indications in force on the last day of a quarter differs more than tolerance from the quarter before, from min_records records; quarters of the periods that are computed"
severity = "warning"
family = "plausibility"
total = """
select count(distinct municipality_code) * coalesce((select datediff('quarter', first_day, last_day) from staging.span), 0)
from core.indication
where law = 'jeugdwet'
"""
threshold = { count = 0 }
needs = ["core.indication"]
affects = ["delivery_completeness", "care_share", "care_share_year"]
tags = ["completeness"]
seeds = ["2.20"]
how_to_read = """
Het aantal lopende indicaties van deze gemeente is aan het eind van dit kwartaal ineens veel hoger of lager dan een
kwartaal eerder. Dat kan echt zijn, maar vaker is een levering onvolledig of dubbel. Vraag de gemeente of het aantal klopt
voordat u een stijging of daling uitlegt. Een sprong op 1 januari past vaak bij nieuwe contracten. Bij minder dan
min_records indicaties is een sprong vaak toeval; die gemeenten staan hier niet bij. Er wordt op één dag geteld, zodat
een verlenging onder een nieuw nummer niet dubbel telt. Kwartalen van vóór de eerste berekende periode tellen niet mee: daarvan
zijn alleen de indicaties geleverd die lang bleven lopen.
"""

[parameters]
tolerance = 0.15
min_records = 100

[columns]
municipality_code = "responsible municipality"
quarter_start = "first day of the quarter"
records = "indications in force on the last day of the quarter"
records_before = "indications in force on the last day of the quarter before"
change = "share by which the number differs"
*/
with
    computed as (
        select min(start_date) as first_day
        from core.period
    ),
    quarter as (
        select
            cast(
                unnest(
                    range(
                        cast(date_trunc('quarter', greatest(span.first_day, computed.first_day)) as timestamp),
                        cast(date_trunc('quarter', span.last_day) as timestamp),
                        interval 3 month
                    )
                ) as date
            ) as quarter_start,
        from staging.span as span
        cross join computed
        where span.first_day is not null
    ),
    source as (
        select distinct municipality_code
        from core.indication
        where law = 'jeugdwet'
    ),
    active as (
        select
            i.municipality_code,
            quarter.quarter_start,
            count(*) as records,
        from core.indication as i
        inner join quarter
            on i.start_date < quarter.quarter_start + interval 3 month
            and coalesce(i.end_date, date '9999-12-31') >= quarter.quarter_start + interval 3 month - interval 1 day
        where i.law = 'jeugdwet'
        group by i.municipality_code, quarter.quarter_start
    ),
    series as (
        select
            source.municipality_code,
            quarter.quarter_start,
            coalesce(active.records, 0) as records,
            lag(coalesce(active.records, 0)) over (
                partition by source.municipality_code order by quarter.quarter_start
            ) as records_before,
        from source
        cross join quarter
        left join active
            on active.municipality_code = source.municipality_code
            and active.quarter_start = quarter.quarter_start
    )

select
    municipality_code,
    quarter_start,
    records,
    records_before,
    records / records_before - 1 as change,
from series
where
    records_before >= getvariable('min_records')
    and abs(records - records_before) > getvariable('tolerance') * records_before
