"""Connections to the work and the published database.

The work database is encrypted with AES-256-GCM. DuckDB writes encrypted files safely only with OpenSSL,
which its httpfs extension brings; the extension comes from a wheel, so no network is involved. Every
connection starts in memory, attaches the one file it is for, and is then cut off from the rest of the
machine: no autoinstall, no autoload, no files outside the warehouse folder.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import duckdb_extension_httpfs

from zorgdata.errors import KeyFileError, SourceError, UsageError
from zorgdata.settings import Resources
from zorgdata.store.access import note_access
from zorgdata.workspace import Workspace

ADMINISTRATION = ""

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}


def connect_alone() -> duckdb.DuckDBPyConnection:
    """A connection to nothing but its own memory, hardened; the caller attaches what it is for."""
    connection = duckdb.connect(":memory:", config=_CONFIG)
    # A misspelt table name must not find a Python variable.
    connection.execute("set python_enable_replacements = false")
    # DuckDB would draw one on stdout, among the results, when it takes the process for a notebook.
    connection.execute("set enable_progress_bar = false")
    return connection


def open_work(workspace: Workspace) -> duckdb.DuckDBPyConnection:
    """The work database for reading and writing; made when it is not there yet.

    Raises KeyFileError for a missing or wrong key, UsageError for a full disk or a file that is no database.
    """
    return open_encrypted(workspace, read_only=False)


def open_query(workspace: Workspace, what: str = "query") -> duckdb.DuckDBPyConnection:
    """The work database read-only, without any access to files, its configuration locked.

    ``what`` is asked goes into the access log. Who reads nothing but zorgdata's own administration
    (``meta.*``) says ``ADMINISTRATION``, and is not noted.
    """
    if not workspace.work_database.exists():
        raise UsageError(
            "This workspace holds no data yet.",
            "Bring some in with: zorgdata ingest FILE, then zorgdata build",
        )
    if what != ADMINISTRATION:
        note_access(workspace, what)
    connection = open_encrypted(workspace, read_only=True)
    connection.execute("set lock_configuration = true")
    return connection


def open_published(path: Path) -> duckdb.DuckDBPyConnection:
    """A published database, read-only and locked; it holds protected figures only and is not encrypted."""
    if not path.exists():
        raise UsageError("Nothing has been published yet.", "Run: zorgdata run nightly")
    connection = connect_alone()
    connection.execute(f"attach {quoted(path)} as published (read_only)")
    connection.execute("use published")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def create_plain(path: Path) -> duckdb.DuckDBPyConnection:
    """A new plain database at ``path``, for protected figures only."""
    connection = connect_alone()
    connection.execute(f"attach {quoted(path)} as published")
    connection.execute("use published")
    return connection


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: commit at the end, roll back on any exception."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        # After a fatal error the connection is closed and the transaction gone with it.
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise
    connection.execute("commit")


def open_encrypted(
    workspace: Workspace, *, read_only: bool, before_cut_off: tuple[str, ...] = ()
) -> duckdb.DuckDBPyConnection:
    """The work database; ``before_cut_off`` are statements that still need the file system."""
    key = workspace.key("database").hex()
    path = workspace.work_database
    spill = workspace.warehouse / "tmp"
    connection = connect_alone()
    try:
        _load_openssl(connection)
        connection.execute("set temp_file_encryption = true")
        connection.execute(f"set temp_directory = {quoted(spill)}")
        _limit(connection, workspace.settings.resources)
        mode = "read_only, " if read_only else ""
        connection.execute(
            f"attach {quoted(path)} as work ({mode}encryption_key '{key}', encryption_cipher 'GCM')"
        )
        connection.execute("use work")
        for statement in before_cut_off:
            connection.execute(statement)
        connection.execute("set enable_external_access = false")
    except duckdb.Error as error:
        connection.close()
        raise _explained(error, path) from None
    return connection


def _load_openssl(connection: duckdb.DuckDBPyConnection) -> None:
    folder = Path(duckdb_extension_httpfs.__file__).parent / "extensions"
    found = sorted(folder.glob(f"v{duckdb.__version__}/httpfs.duckdb_extension"))
    if not found:
        raise UsageError(
            "The encryption library for this DuckDB version is not installed.",
            f"Install duckdb-extension-httpfs=={duckdb.__version__}.",
        )
    connection.execute(f"load {quoted(found[0])}")


def _limit(connection: duckdb.DuckDBPyConnection, resources: Resources) -> None:
    if resources.threads:
        connection.execute(f"set threads = {resources.threads}")
    if resources.memory_gb:
        connection.execute(f"set memory_limit = '{resources.memory_gb}GB'")


def _explained(error: duckdb.Error, path: Path) -> UsageError | KeyFileError | SourceError:
    """DuckDB's message in ours. Its own text may hold the key, so none of it is passed on."""
    text = str(error).lower()
    if "wrong encryption key" in text or "without a key" in text:
        return KeyFileError(
            f"The database key does not fit {path}.",
            "It was made with another key. Put that key back under keys/database.key, or name its file in "
            "ZORGDATA_DATABASE_KEY_FILE.",
        )
    if "lock" in text or "being used" in text:
        return UsageError(f"{path} is in use by another program.", "Close it and try again.")
    if "no space left" in text or "disk" in text:
        return UsageError(f"The disk is full: {path} could not be opened.", "Make room and run again.")
    if "permission" in text:
        return UsageError(f"No permission to open {path}.", "Check the owner and rights of the folder.")
    if "not a valid duckdb" in text or "not an encrypted" in text or "not encrypted" in text:
        return SourceError(f"{path} is no encrypted zorgdata database.", "Restore it from a backup.")
    return UsageError(f"{path} could not be opened ({type(error).__name__}).", "Try: zorgdata doctor")


def quoted(path: Path) -> str:
    """A path as an SQL literal."""
    return "'" + str(path).replace("'", "''") + "'"
