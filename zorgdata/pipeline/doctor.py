"""Is this machine fit to run zorgdata: versions, keys, rights, disk, encryption, clock."""

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import duckdb

from zorgdata import __version__
from zorgdata.errors import ZorgdataError
from zorgdata.store import ADMINISTRATION, open_query
from zorgdata.workspace import Workspace

_MIN_FREE_GB = 2.0


def examine(workspace: Workspace) -> list[dict[str, str]]:
    """Findings as rows: what was looked at, its state (good, note, wrong) and what to do."""
    looks: tuple[tuple[str, Callable[[Workspace], tuple[str, str]]], ...] = (
        ("versions", _versions),
        ("settings", _settings),
        ("pseudonym key", lambda w: _key(w, "pseudonym")),
        ("database key", lambda w: _key(w, "database")),
        ("encryption", _encryption),
        ("rights", _rights),
        ("disk", _disk),
        ("inbox", _inbox),
        ("clock", _clock),
    )
    findings = []
    for subject, look in looks:
        try:
            state, remark = look(workspace)
        except ZorgdataError as error:
            state, remark = "wrong", f"{error.message} {error.hint}".strip()
        findings.append({"subject": subject, "state": state, "remark": remark})
    return findings


def _versions(_: Workspace) -> tuple[str, str]:
    python = ".".join(map(str, sys.version_info[:3]))
    return "good", f"zorgdata {__version__}, DuckDB {duckdb.__version__}, Python {python}"


def _settings(workspace: Workspace) -> tuple[str, str]:
    return "good", f"region {workspace.settings.region.name}"


def _key(workspace: Workspace, name: str) -> tuple[str, str]:
    workspace.key(name)
    return "good", str(workspace.key_path(name))


def _encryption(workspace: Workspace) -> tuple[str, str]:
    if not workspace.work_database.exists():
        return "note", "No work database yet."
    with contextlib.closing(open_query(workspace, ADMINISTRATION)) as connection:
        row = connection.execute(
            "select cipher from duckdb_databases() where database_name = 'work'"
        ).fetchone()
    cipher = row[0] if row else None
    return ("good", f"AES-{cipher}") if cipher == "GCM" else ("wrong", "The work database is not encrypted.")


def _rights(workspace: Workspace) -> tuple[str, str]:
    for folder in (workspace.root / "keys", workspace.warehouse):
        if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
            return "wrong", f"{folder} is open to others. Run: chmod 700 {folder}"
    return "good", "keys and databases are closed to others"


def _disk(workspace: Workspace) -> tuple[str, str]:
    free = shutil.disk_usage(workspace.root).free / 1e9
    return ("good" if free >= _MIN_FREE_GB else "wrong"), f"{free:.1f} GB free"


def _inbox(workspace: Workspace) -> tuple[str, str]:
    if not workspace.inbox.is_dir():
        return "wrong", f"{workspace.inbox} is not there."
    if not os.access(workspace.inbox, os.R_OK | os.X_OK):
        return "wrong", f"{workspace.inbox} cannot be read."
    return "good", str(workspace.inbox)


def _clock(workspace: Workspace) -> tuple[str, str]:
    """A clock that went back makes the order of deliveries unreliable."""
    if not workspace.work_database.exists():
        return "good", "no earlier run to compare with"
    with contextlib.closing(open_query(workspace, ADMINISTRATION)) as connection:
        row = connection.execute("select max(received_at) from meta.file").fetchone()
    newest = row[0] if row else None
    if newest and newest > datetime.now(UTC).replace(tzinfo=None):
        return "wrong", "The clock is behind the newest delivery. Set it right before the next run."
    return "good", "not behind the newest delivery"
