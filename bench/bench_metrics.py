"""How long the SQL models take: made-up children, indications and enrolments, 16 or 17 periods.

    python bench/bench_metrics.py [--children 300000] [--select +metrics.school] [--file PATH]
    python bench/bench_metrics.py --workspace COPY --select +metrics.value
    zorgdata init DIR && python bench/bench_metrics.py --workspace DIR --fill [--children 300000]

Prints every model with its rows and seconds, then the whole per layer and the peak memory of the process.
Data are random but fixed: the same run gives the same rows. With ``--workspace`` the models of a workspace
that has its deliveries are built anew; give it a copy. With ``--fill`` the made-up rows go into its encrypted
database first: it must be new.
"""

import argparse
import resource
import time
from itertools import pairwise
from pathlib import Path

import duckdb

from zorgdata.engine import build
from zorgdata.pipeline.models import shipped_models
from zorgdata.pipeline.session import open_session
from zorgdata.sources.kinds import KINDS
from zorgdata.workspace import Workspace

SCHOOLS_PER_CHILD = 300
SCHEMAS = ("raw", "seeds", "staging", "core", "metrics", "protected", "checks", "meta")

INDICATIONS = """
insert into raw.indications (
    file_id, line, municipality_code, child_id, birth_month, sex, pc4, provider_id, allocation_number,
    product_category, product_code, decided_on, decided_time, start_date, end_date, volume, unit, frequency,
    referrer, delivery_form, law
)
with drawn as (
    select
        n,
        hash(n) as h,
        -- A third of the children gets care: one gets many indications, another one.
        cast(floor({children} * pow((hash(n, 1) % 1000003) / 1000003.0, 2)) as bigint) as child,
        date '2017-01-01' + cast(hash(n, 2) % 2900 as integer) as start_date,
        [30, 91, 183, 365, 365, 730, 184][1 + cast(hash(n, 3) % 7 as integer)] as days
    from range({indications}) as r (n)
)
select
    1, n + 2, lpad(cast(9901 + child % 12 as varchar), 4, '0'), md5(cast(child as varchar)),
    date '2005-01-01', case when child % 2 = 0 then 'm' else 'f' end,
    '99' || lpad(cast(child % 60 as varchar), 2, '0'),
    '4199' || lpad(cast((child % 40 * 7 + h % 9) % 300 as varchar), 4, '0'), cast(n as varchar),
    ['45', '54', '41', '44', '50'][1 + cast(hash(n, 4) % 5 as integer)], '45A' || (hash(n, 5) % 30),
    start_date, time '09:00', start_date,
    case when hash(n, 6) % 20 > 0 then start_date + cast(days as integer) - 1 end,
    1 + hash(n, 7) % 8, ['01', '04', '16', '83'][1 + cast(hash(n, 8) % 4 as integer)],
    ['1', '2', '4', '6'][1 + cast(hash(n, 9) % 4 as integer)], '01', 'zin', null
from drawn
"""

ENROLMENTS = """
insert into raw.enrolments (
    file_id, line, school_id, child_id, birth_month, sex, pc4, school_type, grade, start_date, end_date,
    main_enrolment
)
with drawn as (
    select
        n // 2 as child,
        n % 2 as place,
        case
            when n % 2 = 0 then (n // 2) % {schools}
            else ((n // 2) % {schools} + 1 + hash(n) % 5) % {schools}
        end as school,
        2017 + cast(hash(n // 2) % 5 as integer) as turn
    from range({enrolments}) as r (n)
)
select
    2, row_number() over () + 1,
    lpad(cast(school // 26 % 100 as varchar), 2, '0') || 'Z' || chr(cast(65 + school % 26 as integer))
        || lpad(cast(school // 2600 as varchar), 2, '0'),
    md5(cast(child as varchar)), date '2005-01-01', case when child % 2 = 0 then 'm' else 'f' end,
    '99' || lpad(cast(child % 60 as varchar), 2, '0'),
    ['BO', 'SBO', 'SO', 'VSO', 'VO'][1 + cast(school % 5 as integer)], '5',
    case when place = 0 then make_date(turn - 1, 8, 1) else make_date(turn + 2, 8, 1) end,
    case when place = 0 then make_date(turn + 2, 7, 31) else make_date(turn + 5, 7, 31) end,
    true
from drawn
"""


def fill(connection: duckdb.DuckDBPyConnection, children: int) -> None:
    """Raw tables of a region in an empty database."""
    for schema in SCHEMAS:
        connection.execute(f"create schema {schema}")
    for kind in KINDS.values():
        columns = ", ".join(f"{name} {sql_type}" for name, sql_type in kind.stored_columns)
        connection.execute(f"create table raw.{kind.name} (file_id bigint, line bigint, {columns})")
    connection.execute("create table raw.setting (name varchar, value varchar)")
    connection.execute("create table raw.child_link (child_id varchar, person_id varchar, tier varchar)")
    connection.execute(
        "create table raw.message (file_id bigint, message_name varchar, municipality_code varchar, "
        "provider_id varchar, message_id varchar, dated_on date)"
    )
    connection.execute("create table meta.raw_state (table_name varchar primary key, version varchar)")
    draw(connection, children)


def draw(connection: duckdb.DuckDBPyConnection, children: int) -> None:
    """Two enrolments a child, a million indications for 300,000 children."""
    sizes = {
        "children": children,
        "indications": children * 10 // 3,
        "enrolments": children * 2,
        "schools": max(children // SCHOOLS_PER_CHILD, 10),
    }
    connection.execute("delete from raw.setting where name like 'periods.%'")
    connection.execute(
        "insert into raw.setting values ('periods.first_year', '2017'), ('periods.last_year', '2024')"
    )
    connection.execute(INDICATIONS.format(**sizes))
    connection.execute(ENROLMENTS.format(**sizes))
    connection.execute(
        """
        insert into raw.schools (file_id, line, school_id, name, school_type, municipality_code, board, swv)
        select 3, row_number() over (order by school_id), school_id, 'School ' || school_id,
            any_value(school_type), cast(9901 + hash(school_id) % 12 as varchar),
            'B' || (hash(school_id) % 40), 'PO990' || (hash(school_id) % 3)
        from raw.enrolments group by school_id
        """
    )
    connection.execute(
        "insert or replace into meta.raw_state (table_name, version) "
        "select table_name, 'v1' from duckdb_tables() where schema_name = 'raw'"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=300_000)
    parser.add_argument("--select", default="+metrics.school metrics.child_school +metrics.point_prevalence")
    parser.add_argument("--file", type=Path, help="database file; in memory without it")
    parser.add_argument("--workspace", type=Path, help="a copy of a workspace, in the place of made-up data")
    parser.add_argument("--fill", action="store_true", help="put made-up rows into the new workspace")
    options = parser.parse_args()
    if options.workspace:
        with open_session(Workspace(options.workspace.absolute()), "bench") as session:
            session.connection.execute("set threads = 2")
            if options.fill:
                draw(session.connection, options.children)
            measure(session.connection, options.select)
        return
    connection = duckdb.connect(str(options.file) if options.file else ":memory:", config={"threads": 2})
    fill(connection, options.children)
    measure(connection, options.select)


def measure(connection: duckdb.DuckDBPyConnection, select: str) -> None:
    """Build the selection from scratch and print what it took."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    models = shipped_models()
    marks: list[tuple[str, float]] = []
    began = time.perf_counter()
    result = build(
        connection,
        models,
        select=select,
        full=True,
        on_progress=lambda step: marks.append((step.name, time.process_time())),
    )
    seconds = time.perf_counter() - began
    marks.append(("", time.process_time()))
    cpu = {name: end - start for (name, start), (_, end) in pairwise(marks)}
    for model in sorted(result.built, key=lambda built: -cpu[built.name]):
        if cpu[model.name] > sum(cpu.values()) / 200:
            rows = "view" if model.rows is None else model.rows
            print(f"{model.name:32}{rows:>12}{model.seconds:9.2f} s{cpu[model.name]:9.2f} s of processor")
    for layer in SCHEMAS:
        mine = [model for model in result.built if model.name.startswith(f"{layer}.")]
        if mine:
            wall, processor = sum(m.seconds for m in mine), sum(cpu[m.name] for m in mine)
            print(f"{layer:10}{len(mine):4} models{wall:9.2f} s{processor:9.2f} s of processor")
    began = time.perf_counter()
    again = build(connection, models, select=select)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    processor = sum(cpu.values())
    print(f"{len(result.built)} models in {seconds:.1f} s, {processor:.1f} s of processor")
    print(f"peak memory {peak:.2f} GB, of which {before:.2f} GB before")
    print(f"again: {len(again.built)} models in {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
