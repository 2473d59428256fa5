/*
label = "Aanbieder staat niet in de lijst"
description = "Providers of indications that the provider list does not name"
severity = "warning"
family = "conformance"
total = "select count(*) from core.indication where law = 'jeugdwet'"
threshold = { share = 0.02 }
count = "records"
needs = ["core.indication", "raw.providers"]
affects = ["providers_per_school", "consortia_per_school", "lead_consortium_share", "effective_providers", "switches_per_careyear"]
tags = ["unknown", "providers"]
seeds = ["3.1"]
how_to_read = """
Deze aanbieders staan niet in aanbieders.csv. Zij tellen mee als eigen aanbieder, zonder moederorganisatie en
consortium. Na een fusie of een nieuwe naam lijkt dat op een wisseling van aanbieder die er niet was. Vul de lijst aan.
"""

[columns]
provider_id = "AGB of the provider"
records = "indications with this provider"
*/
select
    i.provider_id,
    count(*) as records,
from core.indication as i
inner join core.provider as p on p.provider_id = i.provider_id and not p.is_listed
where i.law = 'jeugdwet'
group by i.provider_id
