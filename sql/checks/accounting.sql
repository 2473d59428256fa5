/*
label = "Elke regel verantwoord"
description = "Files of which the records read are not accepted + quarantined + blank, or with more records in quarantine than the ledger says (fewer is right: the quarantine is emptied after its retention)"
severity = "error"
family = "conformance"
total = "meta.file"
threshold = { count = 0 }
needs = ["meta.file"]
affects = ["delivery_completeness"]
tags = ["landing"]
seeds = ["2.20"]
how_to_read = """
Van elk bestand moet gelden: gelezen = opgenomen + apart gezet + leeg. Bij de genoemde bestanden klopt die
telling niet: er zijn regels verdwenen of dubbel geteld. Publiceer niet en geef het door aan de beheerder.
"""

[columns]
file_id = "file of the ledger"
records_read = "records read"
records_accounted = "accepted + quarantined + blank"
quarantine_rows = "records of the file in meta.quarantine"
*/
with
    set_aside as (
        select
            file_id,
            count(*) as quarantine_rows,
        from meta.quarantine
        group by file_id
    )

select
    f.file_id,
    f.records_read,
    f.records_accepted + f.records_quarantined + f.records_blank as records_accounted,
    coalesce(s.quarantine_rows, 0) as quarantine_rows,
from meta.file as f
left join set_aside as s on s.file_id = f.file_id
where
    f.records_read <> f.records_accepted + f.records_quarantined + f.records_blank
    or f.records_quarantined < coalesce(s.quarantine_rows, 0)
