"""Is this machine fit to run zorgdata: versions, keys, rights, disk, encryption, clock, timer."""

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import duckdb

from zorgdata import __version__
from zorgdata.errors import ZorgdataError
from zorgdata.pipeline.schedule import find_schedule
from zorgdata.store import ADMINISTRATION, open_query
from zorgdata.store.trouble import trouble
from zorgdata.workspace import SETTINGS_FILE, Workspace

_MIN_FREE_GB = 2.0
_COPIES = 3
"""Times the work database that must fit on the disk: a build beside the old figures, and a fresh copy."""
_EXTRAS = {
    "effects": "statsmodels",
    "linkage": "splink",
    "pdf": "weasyprint",
    "team": "duckdb_extension_ducklake",
}
_SYSTEM = Path("/")

Finding = tuple[str, str]
"""State (good, note, wrong) and what to do."""


def examine(workspace: Workspace) -> list[dict[str, str]]:
    """Findings as rows: what was looked at, its state (good, note, wrong) and what to do."""
    looks: tuple[tuple[str, Callable[[Workspace], Finding]], ...] = (
        ("versions", _versions),
        ("extras", _extras),
        ("settings", _settings),
        ("pseudonym key", lambda w: _key(w, "pseudonym")),
        ("database key", lambda w: _key(w, "database")),
        ("encryption", _encryption),
        ("rights", _rights),
        ("disk", _disk),
        ("inbox", _inbox),
        ("clock", _clock),
        ("timer", _timer),
    )
    findings = []
    for subject, look in looks:
        try:
            state, remark = look(workspace)
        except (ZorgdataError, OSError, duckdb.Error) as error:
            told = error if isinstance(error, ZorgdataError) else trouble(error)
            state = "wrong"
            remark = f"{told.message} {told.hint}".strip() if told else f"Failed: {type(error).__name__}."
        findings.append({"subject": subject, "state": state, "remark": remark})
    return findings


def _versions(_: Workspace) -> Finding:
    python = ".".join(map(str, sys.version_info[:3]))
    try:
        extension = version("duckdb-extension-httpfs")
    except PackageNotFoundError:
        extension = "none"
    if extension != duckdb.__version__:
        return "wrong", (
            f"DuckDB {duckdb.__version__} cannot encrypt with duckdb-extension-httpfs {extension}. "
            f"Install duckdb-extension-httpfs=={duckdb.__version__}."
        )
    return "good", f"zorgdata {__version__}, DuckDB {duckdb.__version__}, Python {python}"


def _extras(workspace: Workspace) -> Finding:
    """What was installed beside the core, held against what the settings ask for."""
    there = [extra for extra, module in _EXTRAS.items() if find_spec(module)]
    settings = workspace.settings
    wanted = {"team": bool(settings.team.catalogue), "linkage": settings.linkage.mode == "probable"}
    for extra, asked in wanted.items():
        if asked and extra not in there:
            return "wrong", f"[{extra}] in {SETTINGS_FILE} needs more. Install zorgdata[{extra}]."
    return "good", ", ".join(there) or "none installed, none needed"


def _settings(workspace: Workspace) -> Finding:
    return "good", f"region {workspace.settings.region.name}"


def _key(workspace: Workspace, name: str) -> Finding:
    workspace.key(name)
    return "good", str(workspace.key_path(name))


def _encryption(workspace: Workspace) -> Finding:
    if not workspace.work_database.exists():
        return "note", "No work database yet."
    with contextlib.closing(open_query(workspace, ADMINISTRATION)) as connection:
        row = connection.execute(
            "select cipher from duckdb_databases() where database_name = 'work'"
        ).fetchone()
    cipher = row[0] if row else None
    return ("good", f"AES-{cipher}") if cipher == "GCM" else ("wrong", "The work database is not encrypted.")


def _rights(workspace: Workspace) -> Finding:
    for folder in (workspace.root / "keys", workspace.warehouse):
        if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
            return "wrong", f"{folder} is open to others. Run: chmod 700 {folder}"
    if workspace.root.stat().st_mode & 0o005 and workspace.inbox.exists() and _is_open(workspace.inbox):
        return "note", f"Everybody on this machine can read the deliveries. Run: chmod o= {workspace.inbox}"
    return "good", "keys and databases are closed to others"


def _is_open(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IROTH)


def _disk(workspace: Workspace) -> Finding:
    free = shutil.disk_usage(workspace.root).free / 1e9
    held = workspace.work_database.stat().st_size / 1e9 if workspace.work_database.exists() else 0.0
    needed = max(_MIN_FREE_GB, _COPIES * held)
    if free < needed:
        return "wrong", f"{free:.1f} GB free; a run may need {needed:.1f} GB. Make room."
    return "good", f"{free:.1f} GB free"


def _inbox(workspace: Workspace) -> Finding:
    inbox = workspace.inbox
    if not inbox.is_dir():
        return "wrong", f"{inbox} is not there. Run: mkdir {inbox}"
    if not os.access(inbox, os.R_OK | os.X_OK):
        return "wrong", f"{inbox} cannot be read. Check its owner and rights."
    closed = [path for path in inbox.rglob("*") if not os.access(path, os.R_OK)]
    if closed:
        return (
            "wrong",
            f"{len(closed)} file(s) cannot be read, for example {closed[0]}. Check owner and rights.",
        )
    return "good", str(inbox)


def _clock(workspace: Workspace) -> Finding:
    """A clock that went back makes the order of deliveries unreliable."""
    now = datetime.now(UTC).replace(tzinfo=None)
    made = datetime.fromtimestamp((workspace.root / SETTINGS_FILE).stat().st_mtime, UTC).replace(tzinfo=None)
    times = [(made, SETTINGS_FILE)]
    if workspace.work_database.exists():
        with contextlib.closing(open_query(workspace, ADMINISTRATION)) as connection:
            row = connection.execute(
                "select (select max(received_at) from meta.file), (select max(started_at) from meta.run)"
            ).fetchone()
        delivery, run = row or (None, None)
        times += [(delivery, "the newest delivery"), (run, "the last run")]
    for moment, what in times:
        if moment and moment > now:
            return (
                "wrong",
                f"The clock ({now:%Y-%m-%d %H:%M} UTC) is behind {what}. Set it right before a run.",
            )
    return "good", f"{now:%Y-%m-%d %H:%M} UTC, not behind anything here"


def _timer(workspace: Workspace) -> Finding:
    """Whether something starts the nightly run; not finding it is no proof (see ``find_schedule``)."""
    found = find_schedule(workspace.root, _SYSTEM)
    if found.enabled:
        return "good", found.where
    if found.where:
        return "wrong", f"{found.where}: {found.remedy}"
    if found.unread:
        return "note", f"Not checked: {', '.join(found.unread)} cannot be read by this user."
    return "note", "No systemd timer or cron line for this workspace was found; docs/pipelines.md has both."
