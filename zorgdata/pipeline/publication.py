"""Reports and the published database: made beside the old ones, swapped in whole after the gates."""

import contextlib
import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from zorgdata.catalogue import load as load_catalogue
from zorgdata.disclosure import read_protected, release
from zorgdata.disclosure.furniture import furniture
from zorgdata.disclosure.readback import require_clean
from zorgdata.disclosure.table import Cell, ProtectedTable
from zorgdata.disclosure.units import Units
from zorgdata.errors import DisclosureError, UsageError
from zorgdata.pipeline.beside import PREFIX, write_beside
from zorgdata.pipeline.earlier import earlier_snapshot
from zorgdata.pipeline.insight import enrich
from zorgdata.pipeline.standing import program
from zorgdata.report import Style, load_style, read_inputs, render
from zorgdata.report.language import in_notation, noting, speaking
from zorgdata.report.package import as_written, package
from zorgdata.report.recipes import kept_in
from zorgdata.store import note_access, open_published
from zorgdata.workspace import Workspace

DRAWINGS = ".drawings"
_NOTE = ".made.json"


def make_report(
    workspace: Workspace,
    kind: str,
    audience: str,
    *,
    period: str | None = None,
    unit: str | None = None,
    folder: Path | None = None,
    form: str = "html",
    single: bool = False,
) -> Path:
    """One report from the published figures; returns the file to open. ``form`` is html, pdf or xlsx.

    A report that stands in ``reports/`` already, made from the same figures, settings and program, is left
    as it is.
    """
    choice = [kind, audience, period or "", unit or "", form, str(single)]
    stamp = "" if folder else _stamp(workspace, choice)
    made = workspace.reports / "-".join([kind, audience, *([_slug(unit)] if unit else [])])
    if stamp and (known := _made(made, stamp)):
        return made / known
    files = render_report(
        workspace,
        workspace.published_database,
        kind,
        audience,
        period=period,
        unit=unit,
        form=form,
        single=single,
    )
    if folder:
        write_files(files, folder)
        return folder / main_page(files)
    note = {
        "stamp": stamp,
        "main": main_page(files),
        "files": {name: len(data) for name, data in files.items()},
    }
    write_folder({**files, _NOTE: json.dumps(note).encode()}, made)
    return made / main_page(files)


def _slug(unit: str) -> str:
    """A unit as part of a folder's name: nothing that a path could be made of."""
    return re.sub(r"[^A-Za-z0-9]+", "-", unit).strip("-")


def _stamp(workspace: Workspace, choice: list[str]) -> str:
    """What a report depends on: published database, choice, settings, house style, snapshots, program."""
    if not workspace.published_database.exists():
        return ""
    digest = hashlib.sha256()
    with workspace.published_database.open("rb") as file:
        digest.update(hashlib.file_digest(file, "sha256").digest())
    report = workspace.settings.report
    for name in (report.stylesheet, report.logo, report.texts):
        path = workspace.root / name
        digest.update(path.read_bytes() if name and path.is_file() else b"-")
    kept = sorted(p.name for p in (workspace.root / "snapshots").glob("*_*"))
    parts = [*choice, *kept, workspace.settings.model_dump_json(), program()]
    digest.update("\0".join(parts).encode())
    return digest.hexdigest()


def _made(folder: Path, stamp: str) -> str:
    """The main page of the report in a folder when it was made for this stamp and is whole; else empty."""
    try:
        note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        whole = all((folder / name).stat().st_size == size for name, size in note["files"].items())
        return str(note["main"]) if note["stamp"] == stamp and whole else ""
    except (OSError, ValueError, KeyError):
        return ""


def render_report(
    workspace: Workspace,
    database: Path,
    kind: str,
    audience: str,
    *,
    period: str | None = None,
    unit: str | None = None,
    form: str = "html",
    single: bool = False,
) -> Mapping[str, bytes]:
    """The files of one report, from the published database at ``database``."""
    with contextlib.closing(open_published(database)) as connection:

        def query(sql: str, parameters: Any = ()) -> pa.Table:
            return connection.execute(sql, list(parameters)).to_arrow_table()

        table = read_protected(connection, audience)
        # What an analyst sees unprotected is not kept between runs.
        drawings = workspace.reports / DRAWINGS if audience != "internal" else None
        language = workspace.settings.report.language
        with kept_in(drawings), noting() as numbers:
            files = render(
                kind,
                query,
                audience=audience,
                unit=unit,
                period=period,
                as_of=_data_until(query),
                region=workspace.settings.region.name,
                contact=workspace.settings.report.contact,
                table=table,
                enrich=enrich(kind, query, workspace.settings.region.municipalities),
                style=_style(workspace),
                single=single,
                pdf=form == "pdf",
                workbook=form == "xlsx",
                earlier=earlier_snapshot(workspace, query, audience) if kind == "snapshot" else None,
            )
        house = (workspace.settings.region.name, workspace.settings.report.contact, *sorted(numbers))
        require_safe(
            connection,
            audience,
            files,
            house,
            estimates=single or kind in _ESTIMATES,
            language=language,
            table=table,
        )
        return files


_ESTIMATES = ("scenario", "collective", "initiative")
"""Reports that compute with assumptions: their numbers are not figures of children."""
_ESTIMATED_PAGES = ("vraag-",)


def require_safe(
    connection: Any,
    audience: str,
    files: Mapping[str, bytes],
    texts: Sequence[str] = (),
    *,
    estimates: bool = False,
    language: str = "nl",
    table: ProtectedTable | None = None,
) -> None:
    """Read what is about to be written back: every number in it must be protected or furniture.

    ``texts``: what the house itself puts on a page, and the numbers that the report made from published
    figures. ``language``: the notation of the figures on the page.

    Raises :class:`DisclosureError` naming file and place. An internal report holds true figures anyway.
    """
    if audience == "internal":
        return
    with speaking(language):
        table = in_notation(table or read_protected(connection, audience))
    known = [*texts, *furniture(connection, table, load_catalogue().by_key.values(), files)]
    loose = estimates or [name for name in files if name.startswith(_ESTIMATED_PAGES)]
    require_clean(files, table, known, estimates=loose)


def _style(workspace: Workspace) -> Style:
    """The house style of the settings: language, and a stylesheet, a logo and texts in the workspace."""
    report = workspace.settings.report
    names = (report.stylesheet, report.logo, report.texts)
    theme, logo, texts = (workspace.root / name if name else None for name in names)
    return load_style(theme=theme, logo=logo, logo_alt=report.maker, language=report.language, texts=texts)


def export_package(workspace: Workspace, audience: str, format_: str, folder: Path) -> list[Path]:
    """The published figures of an audience as a data package in ``folder``."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "datapackage.json").exists():
        raise UsageError(f"{folder} holds other files.", "Choose an empty or a new folder.")
    if audience == "internal":
        note_access(workspace, f"export --audience internal {folder}")
    with contextlib.closing(open_published(workspace.published_database)) as connection:

        def query(sql: str, parameters: Any = ()) -> pa.Table:
            return connection.execute(sql, list(parameters)).to_arrow_table()

        inputs = read_inputs(query, audience, as_of=_data_until(query))
        table = read_protected(connection, audience)
        facts = release.read(connection, audience)
        members = query(
            "select level, unit_id, school_id from protected.unit_school order by all"
        ).to_pylist()
        block = _disclosure(facts, members)
        files = package(
            table,
            inputs.units,
            inputs.catalogue,
            _answered(block, as_written(table)) if facts else block,
            format_=format_,
            title=f"{workspace.settings.region.name}: zorg en onderwijs in beeld",
        )
        require_safe(connection, audience, {n: c for n, c in files.items() if n != "datapackage.json"})
    write_files(files, folder)
    return [folder / name for name in files]


def _disclosure(facts: Mapping[str, Any], members: list[dict[str, str]]) -> dict[str, Any]:
    """What was applied and what adds up to what, so that an outsider can rebuild the model."""
    units: dict[str, dict[str, set[str]]] = {}
    for row in members:
        units.setdefault(row["level"], {}).setdefault(row["unit_id"], set()).add(row["school_id"])
    whole = Units(
        {school: {} for school in units.get("school", {})},
        {level: {u: frozenset(s) for u, s in found.items()} for level, found in units.items()},
    )
    return {"hierarchy": release.hierarchy(whole), **facts}


def _answered(block: Mapping[str, Any], cells: Sequence[Cell]) -> dict[str, Any]:
    """The block with the hidden figures that an outsider can narrow: the gate knows that they may be.

    Raises :class:`DisclosureError` when an outsider would refuse the package for anything else.
    """
    from zorgdata.disclosure.folder import check  # a solver is loaded only by who needs it

    try:
        found = check(block, cells, answering=True)
    except KeyError as error:
        raise DisclosureError(
            f"What is published does not say how its figures hang together ({error} lacks).",
            "It was published by an earlier version: run `zorgdata run` and try again.",
        ) from None
    if found.findings:
        first, more = found.findings[0], len(found.findings) - 1
        raise DisclosureError(
            f"Not exported: {first.cell}: {first.what}." + (f" {more} more." if more else ""),
            "What is published must pass `zorgdata protect --verify`. Run `zorgdata protect` and try again.",
        )
    return {**block, "narrowed": list(found.narrowed), "above_zero": list(found.above_zero)}


def main_page(files: Mapping[str, bytes]) -> str:
    """The page a reader opens first."""
    return "index.html" if "index.html" in files else sorted(files)[0]


def write_files(files: Mapping[str, bytes], target: Path) -> None:
    """Write files into a folder of the user's, each whole; what else is in it is left alone."""
    try:
        for name, content in files.items():
            write_beside(target / name, content)
    except OSError as error:
        raise UsageError(
            f"{target} could not be written: {error.strerror}.",
            "Check the disk and the rights of the folder.",
        ) from None


def write_folder(files: Mapping[str, bytes], target: Path) -> None:
    """Write a folder beside ``target`` and swap it in; a reader never sees a half-written one."""
    fresh = target.with_name(f"{PREFIX}{target.name}")
    old = target.with_name(f".old-{target.name}")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        for name, content in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise UsageError(
            f"{target} could not be written: {error.strerror}.",
            "Check the disk and the rights of the folder.",
        ) from None


def point_latest(reports: Path, publication: str) -> None:
    """Let ``reports/latest`` lead to this publication, in one step."""
    link = reports / "latest"
    fresh = reports / f"{PREFIX}latest"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(publication, target_is_directory=True)
    fresh.replace(link)


def prune(reports: Path, keep: int) -> list[str]:
    """Remove the oldest publications beyond ``keep``, and what a killed run left behind."""
    gone = []
    for path in reports.iterdir() if reports.is_dir() else ():
        if path.name.startswith((PREFIX, ".old-")) and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
    dated = sorted(p for p in reports.glob("[0-9]*_*") if p.is_dir()) if reports.is_dir() else []
    for path in dated[:-keep] if keep else []:
        shutil.rmtree(path)
        gone.append(path.name)
    return gone


def _data_until(query: Any) -> date:
    rows = query("select max(data_until) as until from meta.publication").to_pylist()
    until: date | None = rows[0]["until"] if rows else None
    if until is None:
        raise UsageError("Nothing has been published yet.", "Run: zorgdata run nightly")
    return until
