"""Backups: the whole workspace but its keys, in one sealed file.

The keys are left out on purpose: a backup with its key beside it protects nothing. Whoever keeps backups
keeps the keys elsewhere, and needs both to restore.
"""

import contextlib
import tarfile
import tempfile
from pathlib import Path

from zorgdata.errors import SourceError, UsageError
from zorgdata.store import ADMINISTRATION, hold, open_query, vault
from zorgdata.store.scratch import scratch
from zorgdata.workspace import SETTINGS_FILE, Workspace

_PURPOSE = "backup"
_PARTS = (SETTINGS_FILE, "profiles", "pipelines", "warehouse/work.duckdb", "warehouse/published.duckdb")
_FOLDERS = ("archive", "snapshots", "reports")


def backup(workspace: Workspace, target: Path) -> Path:
    """Write everything but keys, inbox and logs to ``target``; the workspace is locked meanwhile."""
    if target.exists():
        raise UsageError(f"{target} exists already.", "A backup is never overwritten; choose another name.")
    key = workspace.key("database")
    with hold(workspace, "backup"), scratch(workspace) as folder:
        plain = folder / "backup.tar"
        # Closing a connection folds its log into the file, so the file alone is the database.
        with tarfile.open(plain, "w") as tar:
            for name in (*_PARTS, *_FOLDERS):
                path = workspace.root / name
                if path.exists():
                    tar.add(path, arcname=name, filter=_anonymous)
        vault.seal(plain, target, key, _PURPOSE)
    return target


def restore(source: Path, folder: Path, key_folder: Path | None, *, verify_only: bool) -> dict[str, int]:
    """Bring a backup back into ``folder``, or only check that it could be.

    ``key_folder`` holds ``database.key`` and ``pseudonym.key`` (default: ``folder/keys``). The restored
    database is opened and counted before anything is put in place. Returns counts for the record.
    """
    if not source.is_file():
        raise SourceError(f"{source}: no such file.", "Check the path.")
    workspace = Workspace(folder.expanduser().absolute())
    if workspace.exists and not verify_only:
        raise UsageError(
            f"{folder} is a workspace already.",
            "Restore into an empty folder, then put it in place yourself.",
        )
    keys = key_folder or workspace.root / "keys"
    key = Workspace(keys.parent).key("database") if keys.name == "keys" else _key_in(keys)
    with tempfile.TemporaryDirectory(dir=folder.parent) as away:
        plain = Path(away) / "backup.tar"
        vault.unseal(source, plain, key, _PURPOSE)
        fresh = Path(away) / "ws"
        with tarfile.open(plain) as tar:
            tar.extractall(fresh, filter="data")
        (fresh / "keys").mkdir(mode=0o700)
        (fresh / ".gitignore").write_text("*\n", encoding="utf-8")
        for name in ("database.key", "pseudonym.key"):
            copy = fresh / "keys" / name
            copy.touch(mode=0o600)
            copy.write_bytes((keys / name).read_bytes())
        counts = _counts(Workspace(fresh))
        if not verify_only:
            for name in ("inbox", "logs", "reports", "snapshots", "archive", "profiles", "pipelines"):
                (fresh / name).mkdir(exist_ok=True)
            if workspace.root.exists():
                for path in fresh.iterdir():
                    if path.name != "keys" or not (workspace.root / "keys").exists():
                        path.rename(workspace.root / path.name)
            else:
                fresh.rename(workspace.root)
    return counts


def _key_in(folder: Path) -> bytes:
    from zorgdata.keyfile import read_key

    return read_key(folder / "database.key", "database key")


def _counts(workspace: Workspace) -> dict[str, int]:
    if not workspace.work_database.exists():
        return {"files": 0, "records": 0}
    with contextlib.closing(open_query(workspace, ADMINISTRATION)) as connection:
        row = connection.execute(
            "select count(*), coalesce(sum(records_accepted), 0)::bigint from meta.file "
            "where status = 'loaded'"
        ).fetchone()
    files, records = row or (0, 0)
    return {"files": files, "records": records}


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names of whoever ran it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
