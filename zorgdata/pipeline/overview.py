"""What happened: the last run, past runs, freshness per source."""

import contextlib
from datetime import date

import pyarrow as pa

from zorgdata.pipeline.expected import sources
from zorgdata.store import ADMINISTRATION, is_held, open_query
from zorgdata.workspace import Workspace


def last_run(workspace: Workspace) -> str:
    """One sentence about the last run."""
    rows = runs(workspace, 1).to_pylist()
    if not rows:
        return "No run yet. Start one with: zorgdata run nightly"
    run = rows[0]
    message = f" {run['message']}" if run["message"] else ""
    if run["status"] == "killed":
        message = f" It never came to its end. Go on with: zorgdata run {run['pipeline']}"
    return f"Last run: {run['pipeline']}, {run['started_at']:%Y-%m-%d %H:%M} UTC, {run['status']}.{message}"


def runs(workspace: Workspace, limit: int) -> pa.Table:
    """Past runs, newest first. One that never noted its end while nobody is at work was killed."""
    unfinished = "running" if is_held(workspace) else "killed"
    with contextlib.closing(open_query(workspace, ADMINISTRATION)) as connection:
        return connection.execute(
            "select run_id, pipeline, started_at, ended_at, "
            "case when status = 'running' then ? else status end as status, exit_code, step, message "
            "from meta.run order by started_at desc, run_id desc limit ?",
            [unfinished, limit],
        ).to_arrow_table()


def freshness(workspace: Workspace, today: date) -> pa.Table:
    """Per kind and municipality: deliveries, the newest, its age, what is expected, and how it stands."""
    with contextlib.closing(open_query(workspace, ADMINISTRATION)) as connection:
        found = sources(connection, workspace.settings, today)
    return pa.table(
        {
            "kind": pa.array([s.kind for s in found], pa.string()),
            "municipality_code": pa.array([s.municipality_code or None for s in found], pa.string()),
            "files": pa.array([s.files for s in found], pa.int64()),
            "newest": pa.array([s.newest for s in found], pa.timestamp("us")),
            "days": pa.array([s.days for s in found], pa.int64()),
            "every_days": pa.array([s.every_days for s in found], pa.int64()),
            "state": pa.array([s.state for s in found], pa.string()),
            "records": pa.array([s.records for s in found], pa.int64()),
            "set_aside": pa.array([s.set_aside for s in found], pa.int64()),
        }
    )
