"""The process that writes a shared copy: a task and Arrow streams on its input, a line of JSON in answer."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from zorgdata.errors import ZorgdataError
from zorgdata.store.lake import explained, open_lake

_KEPT = "interval 7 day"


def write(lake: duckdb.DuckDBPyConnection, task: dict[str, Any], stream: Any) -> dict[str, int]:
    """Replace the tables of the task in one transaction; returns rows per table."""
    rows: dict[str, int] = {}
    lake.execute("begin")
    for schema, tables in task["tables"].items():
        lake.execute(f"create schema if not exists {schema}")
        for table in tables:
            lake.register("incoming", pa.ipc.open_stream(stream))
            lake.execute(f"create or replace table {table} as select * from incoming")
            lake.unregister("incoming")
            found = lake.execute(f"select count(*) from {table}").fetchone()
            rows[table] = int(found[0]) if found else 0
        present = lake.execute(
            "select table_name from duckdb_tables() where database_name = 'lake' and schema_name = ?",
            [schema],
        ).fetchall()
        for (name,) in present:
            if f"{schema}.{name}" not in tables:
                lake.execute(f"drop table {schema}.{name}")
    lake.execute("commit")
    forget = bool(task["forget_earlier"])
    older = "now()" if forget else f"now() - {_KEPT}"
    lake.execute(f"call ducklake_expire_snapshots('lake', older_than => {older})")
    which = "cleanup_all => true" if forget else f"older_than => {older}"
    lake.execute(f"call ducklake_cleanup_old_files('lake', {which})")
    return rows


def main() -> None:
    """Do one task. Leaves without closing anything: after a lost connection that would abort."""
    stream = sys.stdin.buffer
    task = json.loads(stream.readline())
    answer: dict[str, Any]
    try:
        with open_lake(task["catalogue"], Path(task["files"])) as lake:
            try:
                answer = {"rows": write(lake, task, stream)}
            except duckdb.Error as error:
                told = explained(error)
                answer = {"message": told.message, "hint": told.hint}
            _leave(answer)
    except ZorgdataError as error:
        _leave({"message": error.message, "hint": error.hint})


def _leave(answer: dict[str, Any]) -> None:
    os.write(sys.stdout.fileno(), json.dumps(answer).encode())
    os._exit(0)


if __name__ == "__main__":
    main()
