/*
description = "Schools as they stand: of each attribute the newest value that was delivered"
grain = "one row per school"
key = ["school_id"]
steps = ["group all deliveries of a school, canonical and DUO", "of each column take the newest value that is filled"]
seeds = ["DOMAIN 7"]
materialized = "view"

[columns]
school_id = "BRIN6"
name = "name of the location"
school_type = "type of school"
cluster = "cluster of special education"
municipality_code = "municipality where the school stands"
pc4 = "four digits of the postcode"
board = "competent authority (bevoegd gezag)"
swv = "samenwerkingsverband"
ikc = "whether it is part of an integrated child centre"
lead_provider = "fixed partner: consortium or AGB"
successor_school_id = "BRIN6 under which the school goes on"
*/
with
    delivered as (
        select *, delivery_order(file_id, line) as at_delivery from raw.schools where school_id is not null
    )

select
    school_id,
    arg_max(name, at_delivery) as name,
    arg_max(school_type, at_delivery) as school_type,
    arg_max(cluster, at_delivery) as cluster,
    arg_max(municipality_code, at_delivery) as municipality_code,
    arg_max(pc4, at_delivery) as pc4,
    arg_max(board, at_delivery) as board,
    arg_max(swv, at_delivery) as swv,
    arg_max(ikc, at_delivery) as ikc,
    arg_max(lead_provider, at_delivery) as lead_provider,
    arg_max(successor_school_id, at_delivery) as successor_school_id,
from delivered
group by school_id
