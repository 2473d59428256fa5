/*
label = "Einde vóór begin"
description = "Records in quarantine because they end before they start"
severity = "warning"
family = "conformance"
total = "select coalesce(sum(records_read - records_blank), 0) from meta.file"
threshold = { share = 0.01 }
needs = ["meta.file"]
affects = ["conflict_share", "indication_duration", "care_share"]
tags = ["landing"]
how_to_read = """
Bij deze regels ligt de einddatum vóór de begindatum. Zij tellen nergens mee. Enkele zijn tikfouten; veel van zulke
regels in één bestand betekenen meestal dat twee kolommen verwisseld zijn of dat dag en maand zijn omgedraaid. Kijk
in het bestand op de genoemde regels en vraag de leverancier om een nieuwe levering.
"""

[columns]
file_id = "file of the ledger"
line_first = "first line of the record in that file"
column_name = "column that was refused"
*/
select
    file_id,
    line_first,
    column_name,
from meta.quarantine
where reason_code = 'end_before_start'
