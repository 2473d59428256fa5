"""A fresh copy of the work database without what was deleted from it.

DuckDB keeps deleted rows in free blocks until they are used again. After an erasure nothing of a child may
be left, also not encrypted, so the database is copied table by table and swapped in.

That something was deleted is noted in the same transaction (``ask_rewrite``); whoever closes the database
next as its writer makes the copy. A program that is killed in between leaves a copy that is due.
"""

import duckdb

from zorgdata.store.connect import open_encrypted, quoted
from zorgdata.workspace import Workspace

_DUE = "rewrite_due"


def ask_rewrite(connection: duckdb.DuckDBPyConnection) -> None:
    """Note, in the transaction that deletes, that the database must be copied."""
    connection.execute(f"insert or replace into meta.workspace values ('{_DUE}', 'yes')")


def rewrite_due(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether something was deleted since the database was last copied."""
    try:
        row = connection.execute(f"select 1 from meta.workspace where name = '{_DUE}'").fetchone()
    except duckdb.Error:
        return False  # a new database, or one that failed; then the next command looks again
    return row is not None


def rewrite(workspace: Workspace, new_key: bytes | None = None) -> None:
    """Copy the work database into a new encrypted file and put it in the place of the old one.

    The copy gets ``new_key``, or keeps the key. The caller holds the lock and has closed its connections. The
    old file stays until the new one is whole.
    """
    fresh = workspace.warehouse / "work.new.duckdb"
    fresh.unlink(missing_ok=True)
    key = (new_key or workspace.key("database")).hex()
    attach = f"attach {quoted(fresh)} as fresh (encryption_key '{key}', encryption_cipher 'GCM')"
    connection = open_encrypted(workspace, read_only=False, before_cut_off=(attach,))
    try:
        connection.execute("copy from database work to fresh")
        connection.execute(f"delete from fresh.meta.workspace where name = '{_DUE}'")
        connection.execute("checkpoint fresh")
        connection.execute("detach fresh")
    finally:
        connection.close()
    fresh.replace(workspace.work_database)
    workspace.work_database.with_suffix(".duckdb.wal").unlink(missing_ok=True)
