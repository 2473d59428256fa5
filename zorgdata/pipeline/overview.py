"""What happened: the last run, past runs, freshness per source."""

import contextlib

import pyarrow as pa

from zorgdata.store import open_query
from zorgdata.workspace import Workspace


def last_run(workspace: Workspace) -> str:
    """One sentence about the last run."""
    rows = runs(workspace, 1).to_pylist()
    if not rows:
        return "No run yet. Start one with: zorgdata run nightly"
    run = rows[0]
    message = f" {run['message']}" if run["message"] else ""
    return f"Last run: {run['pipeline']}, {run['started_at']:%Y-%m-%d %H:%M} UTC, {run['status']}.{message}"


def runs(workspace: Workspace, limit: int) -> pa.Table:
    """Past runs, newest first."""
    return _rows(
        workspace,
        "select run_id, pipeline, started_at, ended_at, status, exit_code, step, message "
        "from meta.run order by started_at desc, run_id desc limit ?",
        [limit],
    )


def freshness(workspace: Workspace) -> pa.Table:
    """Per kind and municipality: deliveries, the newest of them, records and how many were set aside."""
    return _rows(
        workspace,
        "select kind, municipality_code, count(*) as files, max(received_at) as newest, "
        "sum(records_read)::bigint as records, sum(records_quarantined)::bigint as set_aside "
        "from meta.file where status = 'loaded' group by all order by all",
        [],
    )


def _rows(workspace: Workspace, sql: str, parameters: list[int]) -> pa.Table:
    with contextlib.closing(open_query(workspace)) as connection:
        return connection.execute(sql, parameters).to_arrow_table()
