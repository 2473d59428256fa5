"""Does the last publication still stand? Answered without loading what a run needs.

After a good run a fingerprint of all that a run depends on is kept in the work database: program, SQL,
templates, settings, own profiles and pipelines, every delivered file (name, size, times of change) and the
state of the database itself. The next night it is enough to compare.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import duckdb

from zorgdata import __version__, assets
from zorgdata.pipeline.declared import Pipeline
from zorgdata.store import transaction
from zorgdata.workspace import SETTINGS_FILE, Workspace

_NAME = "standing"
_ASSETS = ("sql", "templates", "pipelines")
_OWN = ("profiles", "pipelines")

Files = Mapping[str, tuple[int, int, int]]
"""Per delivered file its size and its times of change (content, and anything), in nanoseconds."""


def delivered(folders: Iterable[Path]) -> Files:
    """The files under ``folders`` as they are now.

    The time of any change is looked at as well: a copy that keeps size and date of the old one still sets it.
    """
    found = {}
    for folder in folders:
        for path in folder.rglob("*") if folder.is_dir() else (folder,):
            if path.name.startswith("."):
                continue  # never read
            try:
                status = path.lstat()
            except OSError:
                continue
            found[str(path)] = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return found


def stands(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, pipeline: Pipeline, files: Files
) -> bool:
    """Whether nothing that ``pipeline`` depends on differs from its last good run."""
    if not (workspace.published_database.exists() and (workspace.reports / "latest").exists()):
        return False
    try:
        row = connection.execute("select value from meta.workspace where name = ?", [_NAME]).fetchone()
    except duckdb.CatalogException:
        return False  # a new database
    return row is not None and row[0] == _fingerprint(workspace, connection, pipeline, files)


def remember(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, pipeline: Pipeline, files: Files
) -> None:
    """Note that ``pipeline`` ran well; ``files`` are those that were there when it began.

    A file that arrived since is not among them, so the next run looks at it. One that was moved away by the
    run itself is left out.
    """
    left = {path: seen for path, seen in files.items() if Path(path).exists()}
    value = _fingerprint(workspace, connection, pipeline, left)
    with transaction(connection):
        connection.execute("insert or replace into meta.workspace values (?, ?)", [_NAME, value])


def _fingerprint(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, pipeline: Pipeline, files: Files
) -> str:
    parts = (
        __version__,
        pipeline.fingerprint,
        program(),
        _content([workspace.root / SETTINGS_FILE, *(workspace.root / folder for folder in _OWN)]),
        _content(_house_style(workspace)),
        retention_month(date.today()),
        json.dumps(sorted(files.items())),
        _database(connection),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def retention_month(today: date) -> str:
    """Retention is counted in months: once a month a run looks whether something has grown too old."""
    return today.strftime("%Y-%m")


def program() -> str:
    """The program itself: a newer version, or a line of SQL changed by hand, is a reason to run."""
    code = Path(__file__).parents[1]
    return _content([code, *(assets.asset(folder) for folder in _ASSETS)], {".pyc"})


def _house_style(workspace: Workspace) -> list[Path]:
    report = workspace.settings.report
    return [workspace.root / file for file in (report.stylesheet, report.logo, report.texts) if file]


def _content(places: Iterable[Path], without: set[str] | None = None) -> str:
    digest = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.suffix not in (without or set()):
                digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _database(connection: duckdb.DuckDBPyConnection) -> str:
    """The state of the database: what was delivered, which models were made of it, what was published."""
    digest = hashlib.sha256()
    for query in (
        "select table_name, version from meta.raw_state order by all",
        "select name, fingerprint from meta.model_state order by all",
        "select publication_id, sha256 from meta.publication order by all",
    ):
        digest.update(repr(connection.execute(query).fetchall()).encode())
    return digest.hexdigest()
