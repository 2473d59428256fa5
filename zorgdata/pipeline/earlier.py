"""The snapshot before the present publication: what a report tells its news against."""

import contextlib
from pathlib import Path
from typing import Any

import pyarrow as pa

from zorgdata.errors import UsageError
from zorgdata.pipeline.snapshot import database_of, snapshots
from zorgdata.report import Query, read_earlier
from zorgdata.report.model import Arrival, Earlier
from zorgdata.store import open_published
from zorgdata.workspace import Workspace


def earlier_snapshot(workspace: Workspace, query: Query, audience: str) -> Earlier | None:
    """The last snapshot of another publication than the one ``query`` reads; None when there is none.

    A snapshot that cannot be read is no reason to hold up a publication: it is left to ``snapshot verify``.
    """
    present = query("select publication_id from meta.publication order by created_at desc limit 1", [])
    current = str(present.to_pylist()[0]["publication_id"]) if present.num_rows else ""
    try:
        known = [m for m in snapshots(workspace) if not _same(current, str(m["publication"]))]
    except UsageError:
        return None
    for manifest in reversed(known):
        database = database_of(workspace, str(manifest["snapshot"]))
        if database.is_file():
            before = {d["file_id"] for d in manifest["deliveries"]}
            return _read(database, audience, str(manifest["snapshot"]), _arrivals(query, before))
    return None


def _same(publication_id: str, publication: str) -> bool:
    """Publications are kept per audience: the name of a publication with the audience behind it."""
    return publication_id == publication or publication_id.startswith(f"{publication}_")


def _read(database: Path, audience: str, name: str, arrivals: tuple[Arrival, ...]) -> Earlier:
    with contextlib.closing(open_published(database)) as connection:

        def query(sql: str, parameters: Any = ()) -> pa.Table:
            return connection.execute(sql, list(parameters)).to_arrow_table()

        return read_earlier(query, audience, name=name, arrivals=arrivals)


def _arrivals(query: Query, before: set[Any]) -> tuple[Arrival, ...]:
    rows = query(
        "select file_id, coalesce(kind, 'unknown') as kind, coalesce(municipality_code, '') as place "
        "from meta.file where status = 'loaded'",
        [],
    ).to_pylist()
    counted: dict[tuple[str, str], int] = {}
    for row in rows:
        if row["file_id"] not in before:
            counted[row["kind"], row["place"]] = counted.get((row["kind"], row["place"]), 0) + 1
    return tuple(Arrival(kind, place, files) for (kind, place), files in sorted(counted.items()))
