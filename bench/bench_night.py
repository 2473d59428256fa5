"""A night's models built by zorgdata and by dbt-duckdb, on the same raw data, one after the other.

    uv venv /tmp/dbt && uv pip install --python /tmp/dbt/bin/python "dbt-duckdb==1.11.*" "dbt-core<1.12" -e .
    python bench/bench_night.py WORKSPACE --dbt /tmp/dbt/bin/dbt [--folder DIR] [--memory-gb N]

Both build every model from the same plain copy of the raw tables, code lists and macros of WORKSPACE (which
is only read), with the same SQL, settings and functions, each in a process of its own that is measured from
outside: seconds of the clock, processor seconds, peak memory. zorgdata also tests what the headers promise
and keeps all in one transaction; ``dbt run`` does neither. Then both once more with nothing changed, and with
other indications of one municipality: dbt is told what to build (``state:modified+``, which is empty, and
``source:raw.indications+``), zorgdata finds out. At the end the figures of both are compared.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import duckdb
from dbt_project import write_project

from zorgdata.engine import build
from zorgdata.engine.model import SCHEMAS
from zorgdata.engine.seeds import write_seeds
from zorgdata.pipeline.models import shipped_models
from zorgdata.store.connect import open_encrypted
from zorgdata.workspace import Workspace

CHANGE = (
    "update raw.indications set volume = volume + 1 where municipality_code = "
    "(select min(municipality_code) from raw.indications)",
    "update meta.raw_state set version = version || ' changed' where table_name = 'indications'",
)


def prepare(workspace: Workspace, base: Path) -> None:
    """A plain database with what the models start from."""
    models = shipped_models()
    attach = f"attach '{base}' as base"
    with closing(open_encrypted(workspace, read_only=True, before_cut_off=(attach,))) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'work' "
            "and schema_name in ('raw', 'meta') and table_name <> 'model_state'"
        ).fetchall()
        for schema, table in tables:
            connection.execute(f"create schema if not exists base.{schema}")
            connection.execute(f"create table base.{schema}.{table} as from work.{schema}.{table}")
    with closing(duckdb.connect(str(base))) as connection:
        for schema in SCHEMAS:
            connection.execute(f"create schema if not exists {schema}")
        write_seeds(connection, models.seeds)
        for macro in models.macros:
            connection.execute(macro.sql)


def ours(database: Path, threads: int, memory_gb: float) -> None:
    """Build in this process; the caller measures it."""
    config = {"threads": threads, **({"memory_limit": f"{memory_gb}GB"} if memory_gb else {})}
    with closing(duckdb.connect(str(database), config=config)) as connection:
        connection.execute("set python_enable_replacements = false")
        built = build(connection, shipped_models())
    print(f"{len(built.built)} of {len(built.models)} models", file=sys.stderr)


def measured(label: str, command: list[str], **environment: str) -> None:
    """Run a command and print its seconds, processor seconds and peak memory."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(command, stdout=told, stderr=told, env=os.environ | environment)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        told.seek(0)
        text = told.read().decode(errors="replace")
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{label} failed:\n{text[-3000:]}")
    processor = used.ru_utime + used.ru_stime
    last = next((line for line in reversed(text.splitlines()) if "models" in line or "PASS=" in line), "")
    peak = used.ru_maxrss / 1024
    print(
        f"{label:<40}{seconds:8.1f} s{processor:8.1f} cpu s{peak:7.0f} MB   {last[-60:].strip()}", flush=True
    )


def change(database: Path) -> None:
    with closing(duckdb.connect(str(database))) as connection:
        for statement in CHANGE:
            connection.execute(statement)


def compare(one: Path, other: Path) -> None:
    """Rows of ``metrics.value`` that only one of both has; floating sums may differ in the last digits."""
    figures = (
        "select metric, level, unit_id, period, reference_date, dimension, dimension_value, "
        "round(value, 6) as value, status from {}.metrics.value"
    )
    with closing(duckdb.connect(str(one), read_only=True)) as connection:
        connection.execute(f"attach '{other}' as other (read_only)")
        name = one.stem
        found = connection.execute(
            f"select (select count(*) from ({figures.format(name)} except all {figures.format('other')})), "
            f"(select count(*) from {name}.metrics.value)"
        ).fetchone()
    assert found
    print(f"figures that differ: {found[0]} of {found[1]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument(
        "--dbt", type=Path, help="the executable of dbt; without it only zorgdata is measured"
    )
    parser.add_argument("--folder", type=Path, help="where both databases go (removed afterwards)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--memory-gb", type=float, default=0)
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ours:
        ours(arguments.workspace, arguments.threads, arguments.memory_gb)
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as away:
        folder = Path(away)
        mine, theirs, project = folder / "mine.duckdb", folder / "theirs.duckdb", folder / "dbt"
        prepare(Workspace(arguments.workspace.absolute()), mine)
        shutil.copyfile(mine, theirs)
        ours_ = [sys.executable, __file__, str(mine), "--ours", f"--threads={arguments.threads}"]
        ours_ += [f"--memory-gb={arguments.memory_gb}"]
        runs = {"zorgdata": (mine, ours_, ours_, ours_)}
        if arguments.dbt:
            write_project(shipped_models(), theirs, project, arguments.threads, arguments.memory_gb)
            dbt = [str(arguments.dbt), "run", f"--project-dir={project}", f"--profiles-dir={project}"]
            same = [*dbt, "--select", "state:modified+", f"--state={project / 'before'}"]
            runs["dbt-duckdb"] = (theirs, dbt, same, [*dbt, "--select", "source:raw.indications+"])
        path = {"PYTHONPATH": str(Path(__file__).parents[1])}
        for name, (database, whole, nothing, part) in runs.items():
            measured(f"{name}, everything", whole, **path)
            if (project / "target").exists():
                shutil.copytree(project / "target", project / "before")
            measured(f"{name}, nothing changed", nothing, **path)
            change(database)
            measured(f"{name}, one municipality changed", part, **path)
        if arguments.dbt:
            compare(mine, theirs)


if __name__ == "__main__":
    main()
