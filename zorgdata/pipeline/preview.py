"""What a run would do, and why, before anything is done (``run --plan``)."""

import contextlib
from pathlib import Path

import duckdb
import pyarrow as pa

from zorgdata import engine
from zorgdata.errors import SourceError
from zorgdata.landing.ledger import Ledger, list_files
from zorgdata.pipeline.declared import Pipeline, load_pipeline
from zorgdata.pipeline.models import shipped_models
from zorgdata.sources import recognise
from zorgdata.store import ADMINISTRATION, open_query
from zorgdata.workspace import Workspace

Row = dict[str, str]


def preview(workspace: Workspace, name: str) -> pa.Table:
    """Rows of step, item, action and reason. Nothing is changed and nothing is locked.

    New files are looked into just far enough to know their kind: which models they touch follows from that.
    """
    pipeline = load_pipeline(workspace, name)
    rows: list[Row] = []
    if not workspace.work_database.exists():
        kinds = _files(workspace, pipeline, None, rows)
        rows += [_row("build", "all models", "build", "not built before")]
    else:
        with contextlib.closing(open_query(workspace, ADMINISTRATION)) as connection:
            kinds = _files(workspace, pipeline, connection, rows)
            _models(connection, pipeline, kinds, rows)
    changes = kinds or any(row["step"] == "build" and row["action"] == "build" for row in rows)
    reason = "figures change" if changes else "no figure changes; settings, program or pages may have"
    audiences = pipeline.publish.audiences or workspace.settings.report.audiences
    rows.append(
        _row("check", "all checks", "run" if changes else "if needed", f"gate: {pipeline.check.gate}")
    )
    for audience in audiences:
        rows.append(_row("protect", audience, "run" if changes else "if needed", reason))
        for kind in pipeline.publish.reports:
            rows.append(_row("publish", f"{kind} for {audience}", "make" if changes else "if needed", reason))
    return pa.Table.from_pylist(rows)


def _files(
    workspace: Workspace, pipeline: Pipeline, connection: duckdb.DuckDBPyConnection | None, rows: list[Row]
) -> set[str]:
    """Add a row per file that is not known yet, and return the kinds these hold."""
    ledger = Ledger(connection, workspace.settings.ingest.max_file_mb) if connection else None
    kinds: set[str] = set()
    known = 0
    for source in pipeline.source:
        folder = workspace.root / source.path
        for path in list_files(sorted(folder.glob(source.pattern)) if source.pattern else [folder]):
            try:
                if ledger and ledger.file_id(ledger.inspect(path).sha256) is not None:
                    known += 1
                    continue
                kind = source.kind or recognise(path, workspace.root / "profiles").kind
            except SourceError as error:
                rows.append(_row("ingest", path.name, "refuse", error.message.removeprefix(f"{path}: ")))
                continue
            kinds.add(kind)
            rows.append(_row("ingest", path.name, "read", f"new: {kind}"))
    if known:
        rows.append(_row("ingest", f"{known} files", "skip", "came in before"))
    return kinds


def _models(
    connection: duckdb.DuckDBPyConnection, pipeline: Pipeline, kinds: set[str], rows: list[Row]
) -> None:
    models = shipped_models()
    touched: dict[str, str] = {}
    for step in engine.plan(connection, models, pipeline.build.select or None):
        new = sorted({name.removeprefix("raw.") for name in models.inputs(step.name)} & kinds)
        above = sorted(name for name in models.upstream(step.name) if name in touched)
        reason = step.reason
        if step.action == "fresh" and (new or above):
            reason = f"new {', '.join(new)}" if new else f"made from {', '.join(above)}"
        if step.action == "build" or (step.action == "fresh" and reason):
            touched[step.name] = reason
        action = "build" if step.name in touched else {"fresh": "keep"}.get(step.action, step.action)
        rows.append(_row("build", step.name, action, reason))


def _row(step: str, item: str | Path, action: str, reason: str) -> Row:
    return {"step": step, "item": str(item), "action": action, "reason": reason}
