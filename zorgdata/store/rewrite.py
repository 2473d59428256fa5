"""A fresh copy of the work database without what was deleted from it.

DuckDB keeps deleted rows in free blocks until they are used again. After an erasure nothing of a child may
be left, also not encrypted, so the database is copied table by table and swapped in.
"""

from zorgdata.store.connect import open_encrypted, quoted
from zorgdata.workspace import Workspace


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
        connection.execute("checkpoint fresh")
        connection.execute("detach fresh")
    finally:
        connection.close()
    fresh.replace(workspace.work_database)
    workspace.work_database.with_suffix(".duckdb.wal").unlink(missing_ok=True)
