"""New keys for old: the database key encrypts everything again, the pseudonym key names every child anew.

The new key stands beside the old one as ``<name>.key.next`` until everything goes with it. A rotation that is
killed is finished, or taken back, by the next one that opens the workspace: ``settle_rotation``.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from zorgdata.errors import KeyFileError, SourceError
from zorgdata.keyfile import read_key, write_key
from zorgdata.landing.schema import touch
from zorgdata.linkage import KeyKeeper
from zorgdata.pipeline.archive import PURPOSE, SUFFIX, find_original
from zorgdata.pipeline.journal import Tick
from zorgdata.pipeline.session import Session, next_key, open_session
from zorgdata.pipeline.steps import build_models
from zorgdata.pseudonym import Pseudonymiser, replace_identity
from zorgdata.sources import read
from zorgdata.sources.kinds import KINDS
from zorgdata.store import hold, open_work, transaction, vault
from zorgdata.store.rewrite import ask_rewrite, rewrite
from zorgdata.store.scratch import scratch
from zorgdata.workspace import Workspace

_PAIRS = (("child_id", "raw.linkage_key"), ("child_id", "raw.child_link"), ("person_id", "raw.child_link"))
_LINKED = (
    *_PAIRS,
    ("child_id", "raw.link_review"),
    ("other_id", "raw.link_review"),
    ("child_id", "raw.link_decision"),
    ("other_id", "raw.link_decision"),
)


@dataclass
class Rotation:
    """What a rotation did; counts only."""

    key: str
    files: int = 0
    children: int = 0
    kept: str = ""
    tables: list[str] = field(default_factory=list)


def rotate_database(workspace: Workspace, on_progress: Tick | None = None) -> Rotation:
    """Encrypt database and archive with a fresh key. The old key is kept aside: older backups need it."""
    if on_progress:
        on_progress(0, 0, "encrypting archive and database")
    with hold(workspace, "keys rotate"):
        write_key(next_key(workspace, "database"))
        return _finish_database(workspace)


def rotate_pseudonyms(workspace: Workspace, on_progress: Tick | None = None) -> Rotation:
    """Give every child and worker a pseudonym under a fresh key.

    An old pseudonym cannot be turned into a new one: only the number itself can. So every delivered original
    is read once more (from inbox or archive, by its hash), in memory; nothing of it is stored. When an
    original is gone nothing changes, and SourceError (exit 3) names what must be delivered again.
    """
    with open_session(workspace, "keys rotate") as session:
        path = next_key(workspace, "pseudonym")
        write_key(path)
        try:
            fresh = Pseudonymiser(read_key(path, "pseudonym key"))
            done = _rename_everybody(session, fresh)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        done.kept = str(_take_over(workspace, "pseudonym"))
        build_models(session, "", False, on_progress or (lambda done, total, item: None))
    return done


def settle_rotation(workspace: Workspace) -> None:
    """Finish a rotation that was killed, or take it back when nothing goes with the new key yet.

    The caller holds the lock.
    """
    if next_key(workspace, "database").exists():
        _finish_database(workspace)
    path = next_key(workspace, "pseudonym")
    if path.exists():
        connection = open_work(workspace)
        row = connection.execute("select value from meta.workspace where name = 'pseudonym_key'").fetchone()
        connection.close()
        if row and row[0] == Pseudonymiser(read_key(path, "pseudonym key")).label:
            _take_over(workspace, "pseudonym")
        else:
            path.unlink()


def _take_over(workspace: Workspace, name: str) -> Path:
    """Put the new key in the place of the old one, which is kept beside it under the day it was retired."""
    path = workspace.key_path(name)
    day = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    kept = path.with_name(f"{path.stem}.{day}.retired")
    os.link(path, kept)
    next_key(workspace, name).replace(path)
    return kept


def _finish_database(workspace: Workspace) -> Rotation:
    old, new = workspace.key("database"), read_key(next_key(workspace, "database"), "database key")
    done = Rotation("database")
    for path in sorted(workspace.archive.rglob(f"*{SUFFIX}")) if workspace.archive.is_dir() else []:
        if not _opens(path, new):
            vault.reseal(path, old, new, PURPOSE)
            done.files += 1
    if workspace.work_database.exists() and _fits(workspace):
        rewrite(workspace, new)
    done.kept = str(_take_over(workspace, "database"))
    return done


def _opens(path: Path, key: bytes) -> bool:
    try:
        next(iter(vault.opened(path, key, PURPOSE)))
    except KeyFileError:
        return False
    return True


def _fits(workspace: Workspace) -> bool:
    """Whether the database still goes with the old key."""
    try:
        open_work(workspace).close()
    except KeyFileError:
        return False
    return True


def _rename_everybody(session: Session, fresh: Pseudonymiser) -> Rotation:
    connection = session.connection
    done = Rotation("pseudonym")
    with transaction(connection):
        connection.execute("create temp table renamed (old varchar primary key, new varchar not null)")
        connection.execute("delete from raw.linkage_key")
        keeper = KeyKeeper(connection, fresh) if session.codes else None
        for file_id, records in _originals(session, done):
            _note_pairs(connection, session.pseudonyms, fresh, records)
            if keeper:
                _keep_codes(keeper, file_id, records, fresh)
        if keeper:
            keeper.flush()
        _refuse_unknown(connection)
        for table, column in _named():
            connection.execute(
                f"update {table} set {column} = renamed.new from renamed where {column} = renamed.old"
            )
            done.tables.append(f"{table}.{column}")
        for table in KINDS:
            touch(connection, table, f"pseudonyms {fresh.label}")
        row = connection.execute("select count(*) from renamed").fetchone()
        done.children = int(row[0]) if row else 0
        connection.execute("drop table renamed")
        connection.execute("insert or replace into meta.workspace values ('pseudonym_key', ?)", [fresh.label])
        ask_rewrite(connection)  # the old pseudonyms are still in free blocks
    return done


def _named() -> Iterator[tuple[str, str]]:
    """Tables and columns that hold a pseudonym."""
    for kind in KINDS.values():
        for name, _ in kind.stored_columns:
            if name in {"child_id", "worker_id"}:
                yield f"raw.{kind.name}", name
    for column, table in _LINKED:
        if table != "raw.linkage_key":  # made anew
            yield table, column


def _originals(session: Session, done: Rotation) -> Iterator[tuple[int, tuple[str, pa.Table]]]:
    """Number, kind and records of every delivered original that is about persons, in order of arrival."""
    workspace = session.workspace
    files = session.connection.execute(
        "select file_id, kind, profile, municipality_code, name from meta.file "
        "where status = 'loaded' order by file_id"
    ).fetchall()
    gone: list[str] = []
    with scratch(workspace) as folder:
        for file_id, kind, profile, municipality, name in files:
            if not _names_somebody(session.connection, file_id):
                continue
            try:
                path = find_original(workspace, session.connection, file_id, folder)
            except SourceError:
                gone.append(name)
                continue
            done.files += 1
            delivery = read(path, kind, profile, municipality, workspace.root / "profiles")
            for chunk in delivery.chunks():
                yield file_id, (chunk.kind, chunk.records)
    if gone:
        raise SourceError(
            f"{len(gone)} delivered file(s) are gone, so their children cannot get a new pseudonym: "
            f"{', '.join(gone[:5])}{' and more' if len(gone) > 5 else ''}.",
            "Deliver them again (the same bytes) and rotate then; nothing was changed.",
        )


def _names_somebody(connection: duckdb.DuckDBPyConnection, file_id: int) -> bool:
    queries = " union all ".join(
        f"(select 1 from {table} where file_id = {int(file_id)} and {column} is not null limit 1)"
        for table, column in _named()
        if table.removeprefix("raw.") in KINDS
    )
    return connection.execute(f"{queries} limit 1").fetchone() is not None


def _note_pairs(
    connection: duckdb.DuckDBPyConnection,
    old: Pseudonymiser,
    new: Pseudonymiser,
    records: tuple[str, pa.Table],
) -> None:
    before, after = (_identified(pseudonyms, records) for pseudonyms in (old, new))
    for column in ("child_id", "worker_id"):
        if column not in before.column_names:
            continue
        pairs = pa.table({"old": before[column], "new": after[column]})
        connection.register("pairs", pairs)
        connection.execute(
            "insert into renamed select distinct old, new from pairs where old is not null "
            "on conflict do nothing"
        )
        connection.unregister("pairs")


def _identified(pseudonyms: Pseudonymiser, records: tuple[str, pa.Table]) -> pa.Table:
    kind, table = records
    needs_child = "child_id" in dict(KINDS[kind].stored_columns)
    return replace_identity(table, pseudonyms, needs_child=needs_child).records


def _keep_codes(keeper: KeyKeeper, file_id: int, records: tuple[str, pa.Table], fresh: Pseudonymiser) -> None:
    named = _identified(fresh, records)
    if "child_id" in named.column_names:
        keeper.add(records[0], file_id, records[1], named["child_id"])


def _refuse_unknown(connection: duckdb.DuckDBPyConnection) -> None:
    """A pseudonym that no original explains would stay as it is, and make one child into two."""
    for table, column in _named():
        if table.removeprefix("raw.") not in KINDS:
            continue
        row = connection.execute(
            f"select count(distinct {column}) from {table} anti join renamed on {column} = renamed.old "
            f"where {column} is not null"
        ).fetchone()
        if row and row[0]:
            raise SourceError(
                f"{row[0]} pseudonym(s) in {table} are explained by no delivered original.",
                "Nothing was changed. Purge those records, or deliver their files again, and rotate then.",
            )


Rotate = Callable[[Workspace, Tick | None], Rotation]
ROTATIONS: dict[str, Rotate] = {"database": rotate_database, "pseudonym": rotate_pseudonyms}
