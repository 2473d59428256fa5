"""Backups: the whole workspace but its keys, in one sealed file.

The keys are left out on purpose: a backup with its key beside it protects nothing. Whoever keeps backups
keeps the keys elsewhere, and needs both to restore.
"""

import contextlib
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from zorgdata.errors import KeyFileError, SourceError, UsageError
from zorgdata.keyfile import read_key
from zorgdata.pseudonym import Pseudonymiser
from zorgdata.store import ADMINISTRATION, hold, open_query, open_work, vault
from zorgdata.store.schema import require_fitting
from zorgdata.store.scratch import scratch
from zorgdata.workspace import FOLDERS, SETTINGS_FILE, Workspace, key_elsewhere

_PURPOSE = "backup"
_PARTS = (SETTINGS_FILE, "profiles", "pipelines", "warehouse/work.duckdb", "warehouse/published.duckdb")
_FOLDERS = ("archive", "snapshots", "reports")


def backup(workspace: Workspace, target: Path) -> Path:
    """Write everything but keys, inbox and logs to ``target``; the workspace is locked meanwhile."""
    if target.is_dir():
        raise UsageError(f"{target} is a folder.", f"Name a file in it, for example {target / 'backup.zbk'}")
    if target.exists():
        raise UsageError(f"{target} exists already.", "A backup is never overwritten; choose another name.")
    if target.absolute().is_relative_to(workspace.root):
        raise UsageError(
            f"{target} lies in the workspace itself.", "Choose a place that survives the loss of this one."
        )
    key = workspace.key("database")
    with hold(workspace, "backup"), scratch(workspace) as folder:
        plain = folder / "backup.tar"
        _fold(workspace)
        with tarfile.open(plain, "w") as tar:
            for name in (*_PARTS, *_FOLDERS):
                path = workspace.root / name
                if path.exists():
                    tar.add(path, arcname=name, filter=_anonymous)
        vault.seal(plain, target, key, _PURPOSE)
    return target


def _fold(workspace: Workspace) -> None:
    """See to it that the database file alone is the database: a killed run leaves a log beside it."""
    if workspace.work_database.exists():
        with contextlib.closing(open_work(workspace)) as connection:
            connection.execute("checkpoint work")


def restore(source: Path, folder: Path, key_folder: Path | None, *, verify_only: bool) -> dict[str, int]:
    """Bring a backup back into ``folder``, or only check that it could be.

    ``key_folder`` holds ``database.key`` and ``pseudonym.key`` (else where ``folder`` has its keys).
    Both must go with the backup; the restored database is opened and counted before anything is put in
    place. Returns counts for the record.
    """
    if not source.is_file():
        raise SourceError(f"{source}: no such file.", "Check the path.")
    workspace = Workspace(folder.expanduser().absolute())
    root = workspace.root
    if not verify_only:
        _refuse_full(workspace)
        root.parent.mkdir(parents=True, exist_ok=True)
    keys = _keys(workspace, key_folder)
    with tempfile.TemporaryDirectory(dir=None if verify_only else root.parent, prefix=".restore-") as away:
        fresh = Path(away) / "ws"
        _unpack(source, fresh, keys)
        counts = _counts(Workspace(fresh), keys)
        if not verify_only:
            if root.exists():  # with the keys at most, and those are in ``fresh`` as well
                shutil.rmtree(root)
            fresh.rename(root)
    return counts


def _refuse_full(workspace: Workspace) -> None:
    """Nothing of the user's may be overwritten: only the folder ``keys`` may stand there already."""
    root = workspace.root
    if workspace.exists:
        raise UsageError(
            f"{root} is a workspace already.", "Restore into another folder, then put it in place yourself."
        )
    if root.exists() and (not root.is_dir() or any(path.name != "keys" for path in root.iterdir())):
        raise UsageError(f"{root} is not empty.", "Restore into a new folder; only keys/ may stand in it.")


def _keys(workspace: Workspace, folder: Path | None) -> dict[str, Path]:
    """The file of each key; KeyFileError when one is missing."""
    found = {}
    for name in ("database", "pseudonym"):
        path = folder / f"{name}.key" if folder else workspace.key_path(name)
        if not path.exists():
            raise KeyFileError(
                f"The {name} key is missing: {path}.",
                "Keys are never in a backup. Name the folder where you keep them: --keys DIR",
            )
        found[name] = path.absolute()
    return found


def _unpack(source: Path, fresh: Path, keys: Mapping[str, Path]) -> None:
    """The workspace of a backup as ``fresh``, closed to others, with all keys that stand beside these."""
    plain = fresh.with_name("backup.tar")
    try:
        vault.unseal(source, plain, read_key(keys["database"], "database key"), _PURPOSE)
    except KeyFileError as error:
        if not any(keys["database"].parent.glob("database.*.retired")):
            raise
        raise KeyFileError(
            error.message,
            "Was it made before the keys were rotated? Then put both keys in a folder, the retired one under "
            "the name database.key, and name that folder: --keys DIR",
        ) from None
    with tarfile.open(plain) as tar:
        tar.extractall(fresh, filter="data")
    plain.unlink()
    for name in FOLDERS:
        (fresh / name).mkdir(exist_ok=True)
    for name in ("keys", "warehouse"):
        (fresh / name).chmod(0o700)
    (fresh / ".gitignore").write_text("*\n", encoding="utf-8")
    for name, path in keys.items():
        if key_elsewhere(name):
            continue  # it is kept apart and stays there
        retired = path.parent.glob(f"{name}.*.retired")
        for one in (path, *retired):
            copy = fresh / "keys" / one.name
            copy.touch(mode=0o600)
            copy.write_bytes(one.read_bytes())


def _counts(workspace: Workspace, keys: Mapping[str, Path]) -> dict[str, int]:
    """What the ledger of a restored database holds, once both keys fit it."""
    if not workspace.work_database.exists():
        return {"files": 0, "records": 0}
    label = Pseudonymiser(read_key(keys["pseudonym"], "pseudonym key")).label
    with contextlib.closing(open_query(workspace, ADMINISTRATION)) as connection:
        require_fitting(connection, label)
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
