"""The stages of a run, in the order in which they always go. Each leaves a usable state where it stops."""

import hashlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zorgdata import __version__
from zorgdata.assets import asset
from zorgdata.errors import ExitCode, UsageError
from zorgdata.landing import Ingestion
from zorgdata.pipeline import retention, snapshot, steps
from zorgdata.pipeline.archive import move_to_archive
from zorgdata.pipeline.declared import Pipeline
from zorgdata.pipeline.journal import RunSummary, Tick
from zorgdata.pipeline.session import Session
from zorgdata.store import publish, transaction
from zorgdata.store.publish import write_published
from zorgdata.workspace import Workspace

if TYPE_CHECKING:
    from zorgdata.disclosure import Verdict


@dataclass
class Night:
    """What the stages of one run share."""

    session: Session
    pipeline: Pipeline
    summary: RunSummary
    tick: Tick
    verdicts: "dict[str, Verdict]" = field(default_factory=dict)

    @property
    def audiences(self) -> tuple[str, ...]:
        """For whom this pipeline publishes."""
        return self.pipeline.publish.audiences or self.session.workspace.settings.report.audiences


def ingest(night: Night) -> None:
    """Read what came in. A file that is refused is told; it never stops the others."""
    session, summary = night.session, night.summary
    done = steps.ingest_sources(session, night.pipeline, night.tick, summary.started_at)
    _note_ingestion(summary, done, session.workspace.settings.ingest.max_quarantine_share)
    summary.details["files_read"] = (
        session.connection.execute(
            "select name, sha256, status, kind, profile, records_read as read, records_accepted as accepted, "
            "records_quarantined as quarantined, records_blank as blank from meta.file "
            "where received_at = ? order by file_id",
            [summary.started_at],
        )
        .to_arrow_table()
        .to_pylist()
    )
    if session.workspace.settings.ingest.archive == "move":
        move_to_archive(session.workspace, done.files)


def retain(night: Night) -> None:
    """Remove what has grown older than its retention."""
    removed = retention.apply(night.session, night.summary.started_at.date())
    if removed:
        night.summary.details["retention"] = removed
        told = ", ".join(f"{count} {what}" for what, count in removed.items())
        night.summary.messages.append(f"Older than its retention and removed: {told}.")


def link(night: Night) -> None:
    """Find children without a BSN again, when the settings ask for it."""
    steps.link_children(night.session)


def build(night: Night) -> None:
    """Build the models that changed, in one transaction."""
    built = steps.build_models(night.session, night.pipeline.build.select, False, night.tick)
    night.summary.models_built = len(built.built)
    night.summary.details["models"] = dict(
        night.session.connection.execute(
            "select name, fingerprint from meta.model_state order by name"
        ).fetchall()
    )


def check(night: Night) -> None:
    """Run the data-quality checks; a failed one of the gate's severity stops the publication."""
    results = steps.run_checks(night.session, run_id=night.summary.run_id)
    night.summary.checks = results.counts()
    night.summary.failed_checks = [result.name for result in results.failed()]
    night.summary.details["check_states"] = {r.name: f"{r.status} ({r.severity})" for r in results}
    steps.gate_checks(results, night.pipeline.check.gate)


def protect(night: Night) -> None:
    """Decide what each audience may see, and prove it."""
    night.tick(0, 0, "protecting")
    with transaction(night.session.connection):
        for audience in night.audiences:
            verdict = steps.protect_audience(night.session, audience)
            night.verdicts[audience] = verdict
            night.summary.verdicts[audience] = steps.told(verdict)
    night.summary.details["disclosure"] = {
        audience: {
            "cells": verdict.cells,
            "shown": verdict.shown,
            "proven": verdict.proven,
            "left_out": dict(verdict.left_out),
            "withheld": list(verdict.withheld),
            "loss": verdict.loss(),
        }
        for audience, verdict in night.verdicts.items()
    }


def publish_all(night: Night) -> None:
    """Prepare the database and the pages, note the publication, then swap both in.

    What may have been seen must be in the ledger, whenever the program is killed: so the note is committed
    before anything can be seen. ``is_published`` notices a swap that did not happen.
    """
    # Loaded here: a night in which nothing changed needs no templates.
    from zorgdata.disclosure import ledger
    from zorgdata.pipeline.publication import main_page, point_latest, prune, render_report, write_folder
    from zorgdata.report.svg import warm_up

    night.tick(0, 0, "making reports")
    session, summary = night.session, night.summary
    workspace = session.workspace
    wanted = fingerprint(night)
    until = _data_until(session)
    publication = f"{until.isoformat()}_{wanted[:12]}"
    prepared = _prepared(workspace)

    def record() -> None:
        for audience in night.verdicts:
            ledger.record(session.connection, audience, publication)

    with transaction(session.connection), ThreadPoolExecutor(1) as beside:
        beside.submit(warm_up)
        _note_publication(night, publication, until, wanted)
        write_published(session.connection, prepared)
        # Pages are made from the prepared database; this one is free to note what they will tell.
        recorded = beside.submit(record)
        folder = workspace.reports / publication
        files: dict[str, bytes] = {}
        for audience in night.verdicts:
            for kind in night.pipeline.publish.reports:
                pages = render_report(workspace, prepared, kind, audience)
                where = f"{audience}/{kind}"
                files |= {f"{where}/{name}": content for name, content in pages.items()}
                summary.reports.append(str(workspace.reports / "latest" / where / main_page(pages)))
        recorded.result()
        write_folder(files, folder)
    publish(prepared, workspace.published_database)
    point_latest(workspace.reports, publication)
    summary.published = True
    summary.details["publication"] = publication
    summary.details["outputs"] = {
        name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())
    }
    if night.pipeline.publish.snapshot:
        summary.details["snapshot"] = snapshot.create(workspace).name
    prune(workspace.reports, workspace.settings.retention.reports_kept)


STAGES: Mapping[str, Callable[[Night], None]] = {
    "ingest": ingest,
    "retain": retain,
    "link": link,
    "build": build,
    "check": check,
    "protect": protect,
    "publish": publish_all,
}


def start_at(step: str) -> list[str]:
    """The stages from ``step`` on. Publishing begins with its proof, so it starts at protecting."""
    if step not in STAGES:
        raise UsageError(f"There is no step '{step}'.", f"Steps: {', '.join(STAGES)}.")
    names = list(STAGES)
    return names[names.index("protect" if step == "publish" else step) :]


def fingerprint(night: Night) -> str:
    """What a publication depends on: figures, settings, pipeline, program and templates."""
    connection = night.session.connection
    models = connection.execute("select name, fingerprint from meta.model_state order by name").fetchall()
    rendering = sorted(p for p in asset("templates").rglob("*") if p.is_file())
    parts = [
        __version__,
        night.session.workspace.settings.model_dump_json(),
        night.pipeline.fingerprint,
        json.dumps(night.audiences),
        json.dumps(models),
        *(f"{p.name}:{hashlib.sha256(p.read_bytes()).hexdigest()}" for p in rendering),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def has_data(night: Night) -> bool:
    """Whether anything was ever delivered that could be read."""
    query = "select 1 from meta.file where status = 'loaded' limit 1"
    return night.session.connection.execute(query).fetchone() is not None


def is_published(night: Night) -> bool:
    """Whether exactly this was published last and is still in place."""
    row = night.session.connection.execute(
        "select sha256, publication_id from meta.publication order by created_at desc limit 1"
    ).fetchone()
    if row is None or row[0] != fingerprint(night):
        return False
    workspace = night.session.workspace
    latest = workspace.reports / "latest"
    swapped = workspace.published_database.exists() and not _prepared(workspace).exists()
    return swapped and latest.exists() and str(row[1]).startswith(f"{latest.resolve().name}_")


def _prepared(workspace: Workspace) -> Path:
    """The next published database, until it is swapped in."""
    return workspace.warehouse / "published.new.duckdb"


def _note_ingestion(summary: RunSummary, done: Ingestion, max_share: float) -> None:
    summary.files = {s: len(done.with_status(s)) for s in ("loaded", "known", "refused")}
    summary.records = {
        key: sum(getattr(f, key) for f in done.files) for key in ("read", "accepted", "quarantined", "blank")
    }
    for file in done.with_status("refused"):
        summary.messages.append(f"{file.path.name}: {file.message} {file.hint}".strip())
        summary.exit_code = ExitCode.SOURCE
    for file in done.over(max_share):
        summary.messages.append(
            f"{file.path.name}: {file.faulty} of {file.accepted + file.faulty} records set aside "
            f"({file.quarantine_share:.1%}, allowed {max_share:.1%})."
        )
        if summary.exit_code == ExitCode.OK:
            summary.exit_code = ExitCode.QUARANTINE


def _note_publication(night: Night, publication: str, until: date, wanted: str) -> None:
    connection, summary = night.session.connection, night.summary
    for audience, verdict in night.verdicts.items():
        connection.execute(
            "insert or replace into meta.publication values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                f"{publication}_{audience}",
                summary.run_id,
                audience,
                summary.started_at,
                until,
                verdict.cells,
                verdict.shown,
                steps.told(verdict),
                wanted,
            ],
        )


def _data_until(session: Session) -> date:
    row = session.connection.execute("select max(last_day) from staging.span").fetchone()
    if row and row[0]:
        until: date = row[0]
        return until
    # No event has a date: the day of the newest delivery is the last resort.
    row = session.connection.execute("select max(received_at) from meta.file").fetchone()
    return row[0].date() if row and row[0] else date(1970, 1, 1)
