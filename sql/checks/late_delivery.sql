/*
label = "Lang geen levering"
description = "Sources of which the last delivery is longer ago than max_days: care records by municipality, pupils by school"
severity = "warning"
family = "completeness"
total = "select (select count(*) from (select distinct kind, municipality_code from meta.file where status = 'loaded' and kind in ('indications', 'deliveries', 'declarations'))) + (select count(distinct school_id) from raw.enrolments)"
threshold = { count = 0 }
needs = ["meta.file"]
affects = ["freshness", "delivery_completeness"]
tags = ["landing"]
seeds = ["2.20"]
how_to_read = """
Van deze gemeente of school is al lang niets ontvangen. De cijfers over de laatste maanden zijn daar te laag, of
gaan over leerlingen die al weg kunnen zijn. Vraag om een nieuwe levering. Wordt er met opzet minder vaak geleverd,
kies dan een ruimere grens dan max_days dagen.
"""

[parameters]
max_days = 120

[columns]
kind = "kind of input"
source = "municipality code, or BRIN6 for pupils"
last_received = "day of the last delivery"
days = "days since then"
*/
with
    file as (
        select
            file_id,
            kind,
            municipality_code,
            cast(received_at as date) as received_on,
        from meta.file
        where status = 'loaded'
    ),
    delivery as (
        select
            file.kind,
            coalesce(merger.later_code, file.municipality_code) as source,
            file.received_on,
        from file
        left join staging.merger as merger
            on file.municipality_code = merger.municipality_code
            and merger.is_current
        where file.kind in ('indications', 'deliveries', 'declarations')
        union all
        select
            'enrolments',
            e.school_id,
            f.received_on,
        from raw.enrolments as e
        inner join file as f on f.file_id = e.file_id
    )

select
    kind,
    source,
    max(received_on) as last_received,
    cast(getvariable('checked_at') as date) - max(received_on) as days,
from delivery
group by kind, source
having cast(getvariable('checked_at') as date) - max(received_on) > getvariable('max_days')
