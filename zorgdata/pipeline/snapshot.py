"""Snapshots: dated, immutable copies of a publication, chained by hash.

Each snapshot holds the published database, the reports and ``manifest.json``, which names the hash of every
file and the hash of the manifest before it. Changing one byte of an old snapshot breaks the chain.
"""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from zorgdata import __version__
from zorgdata.errors import DisclosureError, UsageError
from zorgdata.pipeline.beside import PREFIX
from zorgdata.store import open_published
from zorgdata.workspace import Workspace

MANIFEST = "manifest.json"
_DATABASE = "published.duckdb"
_KEY = "audience, metric, level, unit_id, period, reference_date, dimension, dimension_value"


def create(workspace: Workspace) -> Path:
    """Keep the present publication as a snapshot; one that is kept already is returned as it is."""
    database = workspace.published_database
    latest = workspace.reports / "latest"
    if not database.exists() or not latest.exists():
        raise UsageError("Nothing has been published yet.", "Run: zorgdata run nightly")
    publication = latest.resolve().name
    folder = workspace.root / "snapshots"
    known = snapshots(workspace)
    for manifest in known:
        if manifest["publication"] == publication:
            return folder / str(manifest["snapshot"])
    number = len(known) + 1
    name = f"{number:04d}_{publication}"
    fresh = folder / f"{PREFIX}{name}"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(latest.resolve(), fresh / "reports")
    shutil.copyfile(database, fresh / _DATABASE)
    manifest = {
        "snapshot": name,
        "publication": publication,
        "previous": _hash(folder / str(known[-1]["snapshot"]) / MANIFEST) if known else None,
        "program": __version__,
        "deliveries": _deliveries(database),
        "files": {str(p.relative_to(fresh)): _hash(p) for p in _files(fresh)},
    }
    (fresh / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for path in _files(fresh):
        path.chmod(0o444)
    os.sync()
    fresh.rename(folder / name)
    return folder / name


def snapshots(workspace: Workspace) -> list[dict[str, Any]]:
    """The manifests of all snapshots, oldest first."""
    folder = workspace.root / "snapshots"
    found = sorted(p for p in folder.glob("[0-9]*_*") if (p / MANIFEST).is_file()) if folder.is_dir() else []
    manifests: list[dict[str, Any]] = []
    for path in found:
        try:
            manifests.append(json.loads((path / MANIFEST).read_text(encoding="utf-8")))
        except ValueError:
            raise UsageError(
                f"The manifest of snapshot {path.name} cannot be read.", "See: zorgdata snapshot verify"
            ) from None
    return manifests


def verify(workspace: Workspace) -> list[str]:
    """What is wrong with the snapshots, as sentences; empty when every byte and every link is as it was."""
    folder = workspace.root / "snapshots"
    problems: list[str] = []
    previous: str | None = None
    for path in sorted(folder.glob("[0-9]*_*")) if folder.is_dir() else []:
        try:
            manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            files: dict[str, str] = manifest["files"]
        except (OSError, ValueError, KeyError):
            problems.append(f"{path.name}: the manifest is missing or damaged.")
            previous = None
            continue
        if manifest.get("previous") != previous:
            problems.append(f"{path.name}: does not follow on the snapshot before it.")
        present = {str(p.relative_to(path)) for p in _files(path)} - {MANIFEST}
        problems += [f"{path.name}: {name} is missing." for name in sorted(set(files) - present)]
        problems += [f"{path.name}: {name} was added." for name in sorted(present - set(files))]
        problems += [
            f"{path.name}: {name} was changed."
            for name in sorted(present & set(files))
            if _hash(path / name) != files[name]
        ]
        previous = _hash(path / MANIFEST)
    return problems


def diff(workspace: Workspace, old: str, new: str) -> pa.Table:
    """Published cells that differ between two snapshots: what was shown, and what is shown now.

    A cell that appeared or went has an empty side. Only displays are compared: what a reader could see.
    """
    before, after = (_cells(_find(workspace, name)) for name in (old, new))
    rows = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key, ""), after.get(key, "")
        if was != now:
            names = [name.strip() for name in _KEY.split(",")]
            rows.append({**dict(zip(names, key, strict=True)), "was": was, "now": now})
    schema = pa.schema([(name.strip(), pa.string()) for name in (*_KEY.split(","), "was", "now")])
    return pa.Table.from_pylist(rows, schema)


def new_deliveries(workspace: Workspace, old: str, new: str) -> list[dict[str, Any]]:
    """Deliveries that the new snapshot is based on and the old one was not."""
    manifests = {str(m["snapshot"]): m for m in snapshots(workspace)}
    before = {d["file_id"] for d in manifests[_find(workspace, old).name]["deliveries"]}
    return [d for d in manifests[_find(workspace, new).name]["deliveries"] if d["file_id"] not in before]


def database_of(workspace: Workspace, name: str) -> Path:
    """The published database that a snapshot keeps."""
    return workspace.root / "snapshots" / name / _DATABASE


def refuse_when_broken(problems: list[str]) -> None:
    """DisclosureError (exit 6) naming what is wrong: a broken chain is not to be trusted."""
    if problems:
        raise DisclosureError(
            "\n".join(problems), "Restore the snapshot from a backup; never mend it by hand."
        )


def _find(workspace: Workspace, name: str) -> Path:
    names = [str(m["snapshot"]) for m in snapshots(workspace)]
    found = [n for n in names if n == name or n.split("_")[0].lstrip("0") == name.lstrip("0")]
    if name in {"latest", "last"} and names:
        found = names[-1:]
    if len(found) != 1:
        raise UsageError(f"There is no snapshot '{name}'.", f"There are: {', '.join(names) or 'none'}.")
    return workspace.root / "snapshots" / found[0]


def _cells(folder: Path) -> dict[tuple[str, ...], str]:
    with contextlib.closing(open_published(folder / _DATABASE)) as connection:
        columns = ", ".join(f"coalesce(cast({name.strip()} as varchar), '')" for name in _KEY.split(","))
        rows = connection.execute(f"select {columns}, display from protected.value").fetchall()
    return {tuple(row[:-1]): row[-1] or "" for row in rows}


def _deliveries(database: Path) -> list[dict[str, Any]]:
    with contextlib.closing(open_published(database)) as connection:
        rows: list[dict[str, Any]] = (
            connection.execute(
                "select file_id, name, kind, municipality_code from meta.file "
                "where status = 'loaded' order by 1"
            )
            .to_arrow_table()
            .to_pylist()
        )
    return rows


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
