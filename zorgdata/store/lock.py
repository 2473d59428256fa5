"""One writer at a time. The lock is the operating system's, so a dead holder never blocks anybody."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from zorgdata.errors import LockedError, UsageError
from zorgdata.workspace import Workspace


@contextmanager
def hold(workspace: Workspace, purpose: str) -> Iterator[None]:
    """Hold the workspace for ``purpose``; LockedError (exit 75) names who holds it and since when."""
    path = workspace.lock_file
    note = path.with_suffix(".json")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(path, timeout=0, mode=0o600)
        lock.acquire()
    except Timeout:
        raise LockedError(
            f"The workspace is in use: {_holder(note)}.", "Wait until it is done, or stop that process."
        ) from None
    except OSError as error:
        raise UsageError(
            f"The workspace cannot be locked: {path}: {error.strerror}.", "Check the disk and the rights."
        ) from None
    try:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": started, "purpose": purpose}
        note.write_text(json.dumps(holder), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def is_held(workspace: Workspace) -> bool:
    """Whether some process holds the workspace now; where that cannot be tried, yes."""
    if not workspace.lock_file.exists():
        return False
    lock = FileLock(workspace.lock_file, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def _holder(note: Path) -> str:
    try:
        holder = json.loads(note.read_text(encoding="utf-8"))
        return f"{holder['purpose']} (process {holder['pid']} on {holder['host']}) since {holder['since']}"
    except (OSError, ValueError, KeyError):
        return "another zorgdata process"
