/*
label = "Nog geleverd onder een oude gemeentecode"
description = "Municipalities that went on under another code and of which care that begins more than max_days days after that day is still delivered under the old code"
severity = "warning"
family = "conformance"
total = "select count(distinct municipality_code) from staging.merger"
threshold = { count = 0 }
needs = ["staging.merger"]
affects = ["delivery_completeness"]
tags = ["municipalities"]
seeds = ["2.20"]
how_to_read = """
Deze gemeente is opgegaan in een andere gemeente, maar er komt lang na die dag nog hulp binnen onder de oude code. In de cijfers
telt die hulp bij de nieuwe gemeente. Controleer de datum in zorgdata.toml ([[region.mergers]]). Klopt die, vraag de gemeente dan om
de nieuwe code te gebruiken: dezelfde hulp kan onder beide codes geleverd zijn, en telt alleen één keer als nummer of begin
en einde bij elkaar passen.
"""

[parameters]
max_days = 366

[columns]
municipality_code = "old code"
later_code = "code under which it goes on"
kind = "kind of input"
records = "records that begin after that day"
last_day = "day on which the last of them begins"
*/
with
    delivered as (
        select 'indications' as kind, municipality_code, start_date from raw.indications
        union all
        select 'deliveries', municipality_code, start_date from raw.deliveries
        union all
        select 'declarations', municipality_code, start_date from raw.declarations
    )

select
    merger.municipality_code,
    merger.later_code,
    delivered.kind,
    count(*) as records,
    max(delivered.start_date) as last_day,
from staging.merger as merger
inner join delivered
    on merger.municipality_code = delivered.municipality_code
    and delivered.start_date > merger.ended_on + cast(getvariable('max_days') as integer)
where merger.is_current
group by all
