"""How long each layer is kept, and the removal of what is older.

Raw records and their quarantine go by the day their file was received, logs and run records by the day of
the run. The file ledger stays: it holds counts and hashes, and knows what must not be read twice.
"""

import hashlib
from datetime import date
from pathlib import Path

import duckdb

from zorgdata.landing.schema import touch
from zorgdata.linkage import prune_keys
from zorgdata.pipeline.archive import SUFFIX, sealed_content
from zorgdata.pipeline.journal import Tick, now
from zorgdata.pipeline.session import Session, open_session
from zorgdata.pipeline.steps import build_models
from zorgdata.sources.kinds import KINDS
from zorgdata.store import transaction
from zorgdata.store.rewrite import ask_rewrite
from zorgdata.workspace import Workspace

Removed = dict[str, int]
"""How many records of each table were removed; only what lost something."""


def purge(workspace: Workspace, before: date, on_progress: Tick | None = None) -> Removed:
    """Remove every layer of what was received before ``before``, originals included, and rebuild."""
    with open_session(workspace, "purge") as session:
        removed = _originals(session, before)
        removed |= _records(session.connection, before) | _quarantine(session.connection, before)
        removed |= _runs(session, before)
        if not removed:
            return removed
        _note(session.connection, before, removed)
        build_models(session, "", False, on_progress or (lambda done, total, item: None))
    return removed


def apply(session: Session, today: date) -> Removed:
    """Remove what has outlived ``[retention]``; nothing is due on most days."""
    settings = session.workspace.settings.retention
    removed: Removed = {}
    if settings.raw_months:
        before = months_before(today, settings.raw_months)
        removed |= _originals(session, before)
        removed |= _records(session.connection, before) | _runs(session, before)
    if settings.quarantine_months:
        removed |= _quarantine(session.connection, months_before(today, settings.quarantine_months))
    if removed:
        _note(session.connection, today, removed)
    return removed


def months_before(today: date, months: int) -> date:
    """The first day of the month that lies ``months`` before that of ``today``: whole months are kept."""
    index = today.year * 12 + today.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _originals(session: Session, before: date) -> Removed:
    """Delivered files, in the inbox as they came and sealed in the archive.

    Found by name and content, not by the path they were read from: the workspace may have been moved or
    restored since.
    """
    workspace = session.workspace
    rows = session.connection.execute(
        "select f.name, s.path, f.sha256 from meta.file as f left join meta.file_seen as s using (sha256) "
        "where f.sha256 in (select sha256 from meta.file group by all having max(received_at) < ?)",
        [before],
    ).fetchall()
    old: dict[str, set[str]] = {}
    for name, path, digest in rows:
        for known in {name, Path(path).name if path else name}:
            old.setdefault(known, set()).add(digest)
    count = 0
    for folder, suffix in ((workspace.inbox, ""), (workspace.archive, SUFFIX)):
        for path in sorted(folder.rglob("*")):
            digests = old.get(path.name.removesuffix(suffix))
            if digests and path.is_file() and not path.is_symlink():
                content = sealed_content(workspace, path) if suffix else path.read_bytes()
                if hashlib.sha256(content).hexdigest() in digests:
                    path.unlink()
                    count += 1
    return {"originals": count} if count else {}


def _records(connection: duckdb.DuckDBPyConnection, before: date) -> Removed:
    removed: Removed = {}
    with transaction(connection):
        for table in (*KINDS, "extra", "message"):
            count = _delete(connection, f"raw.{table}", _OF_OLD_FILES, before)
            if count:
                removed[f"raw.{table}"] = count
                touch(connection, table, f"older than {before.isoformat()}")
        prune_keys(connection)
        if removed:
            ask_rewrite(connection)
    return removed


def _quarantine(connection: duckdb.DuckDBPyConnection, before: date) -> Removed:
    count = _delete(connection, "meta.quarantine", _OF_OLD_FILES, before)
    return {"meta.quarantine": count} if count else {}


def _runs(session: Session, before: date) -> Removed:
    count = _delete(session.connection, "meta.run", "started_at < ?", before)
    logs = [path for path in sorted(session.workspace.logs.glob("run-*.json")) if _is_older(path, before)]
    for path in logs:
        path.unlink()
    counts = {"meta.run": count, "logs": len(logs)}
    return {what: number for what, number in counts.items() if number}


def _is_older(log: Path, before: date) -> bool:
    return log.stem.removeprefix("run-")[:8] < before.strftime("%Y%m%d")


_OF_OLD_FILES = "file_id in (select file_id from meta.file where received_at < ?)"


def _delete(connection: duckdb.DuckDBPyConnection, table: str, where: str, before: date) -> int:
    row = connection.execute(f"delete from {table} where {where}", [before]).fetchone()
    return int(row[0]) if row else 0


def _note(connection: duckdb.DuckDBPyConnection, before: date, removed: Removed) -> None:
    ask_rewrite(connection)
    connection.execute(
        "insert into meta.erasure values (?, ?, ?, 0)",
        [now(), f"retention, before {before.isoformat()}", sum(removed.values())],
    )
