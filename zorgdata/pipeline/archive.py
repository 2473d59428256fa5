"""Delivered originals, sealed: kept for a replay or a dispute, readable with the database key only."""

import glob
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from zorgdata.errors import SourceError
from zorgdata.landing import FileResult, Ingestion, Request, ingest
from zorgdata.pipeline.session import Session
from zorgdata.store import vault
from zorgdata.store.scratch import scratch
from zorgdata.workspace import Workspace

SUFFIX = ".sealed"
PURPOSE = "archive"


def move_to_archive(workspace: Workspace, results: Iterable[FileResult]) -> int:
    """Seal the loaded and known files of the inbox into ``archive/`` and remove them from the inbox.

    A file leaves the inbox only after its sealed copy is on disk. Returns how many were moved.
    """
    key = workspace.key("database")
    moved = 0
    for result in results:
        path = result.path
        if result.status == "refused" or not path.is_relative_to(workspace.inbox) or not path.is_file():
            continue
        target = workspace.archive / path.relative_to(workspace.inbox)
        vault.seal(path, target.with_name(target.name + SUFFIX), key, PURPOSE)
        path.unlink()
        moved += 1
    return moved


def sealed_content(workspace: Workspace, path: Path) -> bytes:
    """The original behind a sealed file."""
    return b"".join(vault.opened(path, workspace.key("database"), PURPOSE))


def rewrite_sealed(workspace: Workspace, path: Path, content: bytes) -> None:
    """Seal other content under the same name."""
    with scratch(workspace) as folder:
        plain = folder / "plain"
        plain.write_bytes(content)
        vault.seal(plain, path, workspace.key("database"), PURPOSE)


def find_original(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, file_id: int, scratch: Path
) -> Path:
    """The original of a ledger entry by its hash: in the inbox, else unsealed into ``scratch``.

    SourceError (exit 3) when it is gone.
    """
    row = connection.execute("select sha256, name from meta.file where file_id = ?", [file_id]).fetchone()
    if row is None:
        raise SourceError(f"There is no file {file_id}.", "See: zorgdata quarantine list")
    wanted, name = row
    for path in workspace.inbox.rglob(glob.escape(name)):
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == wanted:
            return path
    for path in workspace.archive.rglob(glob.escape(name) + SUFFIX):
        content = sealed_content(workspace, path)
        if hashlib.sha256(content).hexdigest() == wanted:
            target = scratch / str(name)
            target.write_bytes(content)
            return target
    raise SourceError(f"The original of file {file_id} ({name}) is gone.", "Deliver it again.")


def replay(session: Session, file_id: int) -> Ingestion:
    """Read the original of a ledger entry again, after a profile or code list was mended.

    The entry keeps its number. When the file is refused now, everything stays as it was.
    """
    workspace = session.workspace
    with scratch(workspace) as folder:
        path = find_original(workspace, session.connection, file_id, folder)
        request = Request(profiles=workspace.root / "profiles", replay_of=file_id, dry_run=True)
        tried = _read(session, path, request)
        if tried.with_status("refused"):
            return tried
        return _read(session, path, replace(request, dry_run=False))


def _read(session: Session, path: Path, request: Request) -> Ingestion:
    return ingest(
        session.connection,
        [path],
        session.pseudonyms,
        session.workspace.settings.ingest,
        received_at=datetime.now(UTC).replace(tzinfo=None),
        request=request,
        codes=session.codes,
    )
