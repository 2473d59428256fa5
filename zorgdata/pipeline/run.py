"""A whole run: inbox, figures, checks, protection, reports, publication; never half of it.

Figures are one transaction, reports and the published database appear with renames after the gates. What
fails leaves the last good publication where it was; the next run goes on from there.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zorgdata import __version__
from zorgdata.assets import asset
from zorgdata.errors import ExitCode, ZorgdataError
from zorgdata.landing import Ingestion
from zorgdata.pipeline import steps
from zorgdata.pipeline.archive import move_to_archive
from zorgdata.pipeline.declared import Pipeline, load_pipeline
from zorgdata.pipeline.session import Session, open_session
from zorgdata.store import publish, transaction
from zorgdata.store.publish import write_published
from zorgdata.workspace import Workspace

if TYPE_CHECKING:
    from zorgdata.disclosure import Verdict


@dataclass
class RunSummary:
    """What a run did, for the terminal, for JSON and for ``meta.run``; holds no persons."""

    run_id: str
    pipeline: str
    started_at: datetime
    status: str = "running"
    exit_code: ExitCode = ExitCode.OK
    step: str = ""
    messages: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    models_built: int = 0
    checks: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    reports: list[str] = field(default_factory=list)
    published: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The summary as plain values."""
        return {**self.__dict__, "started_at": self.started_at.isoformat(), "exit_code": int(self.exit_code)}


def run_pipeline(workspace: Workspace, name: str, on_progress: steps.Tick | None = None) -> RunSummary:
    """Run the pipeline ``name`` once. Problems end up in the summary's exit code, not as an exception.

    Only what prevents a run from starting (another holder, a wrong key, wrong settings) is raised.
    """
    pipeline = load_pipeline(workspace, name)
    tick = on_progress or (lambda done, total, item: None)
    with open_session(workspace, f"run {name}") as session:
        started = steps.now()
        run_id = started.strftime("%Y%m%dT%H%M%S%f")
        summary = RunSummary(run_id, name, started)
        _begin(session, summary)
        try:
            _steps(session, pipeline, summary, tick)
            summary.status = "done"
        except ZorgdataError as error:
            summary.status = "failed"
            summary.exit_code = error.exit_code
            summary.messages.append(f"{error.message} {error.hint}".strip())
        finally:
            _end(session, summary)
    return summary


def _steps(session: Session, pipeline: Pipeline, summary: RunSummary, tick: steps.Tick) -> None:
    with _timed(summary, "ingest"):
        done = steps.ingest_sources(session, pipeline, tick)
        _note_ingestion(summary, done, session.workspace.settings.ingest.max_quarantine_share)
        if session.workspace.settings.ingest.archive == "move":
            move_to_archive(session.workspace, done.files)
    if summary.files["loaded"]:
        with _timed(summary, "link"):
            steps.link_children(session)
    with _timed(summary, "build"):
        built = steps.build_models(session, pipeline.build.select, False, tick)
        summary.models_built = len(built.built)
    audiences = pipeline.publish.audiences or session.workspace.settings.report.audiences
    wanted = _fingerprint(session, pipeline, audiences)
    if _is_published(session, wanted):
        return
    with _timed(summary, "check"):
        results = steps.run_checks(session, run_id=summary.run_id)
        summary.checks = results.counts()
        steps.gate_checks(results, pipeline.check.gate)
    with _timed(summary, "protect"):
        tick(0, 0, "protecting")
        verdicts = _protect(session, audiences, summary)
    with _timed(summary, "publish"):
        tick(0, 0, "making reports")
        _publish(session, pipeline, verdicts, wanted, summary)
    with _timed(summary, "prune"):
        from zorgdata.pipeline.publication import prune

        prune(session.workspace.reports, session.workspace.settings.retention.reports_kept)


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


def _protect(session: Session, audiences: tuple[str, ...], summary: RunSummary) -> "Mapping[str, Verdict]":
    verdicts: dict[str, Verdict] = {}
    with transaction(session.connection):
        for audience in audiences:
            verdicts[audience] = steps.protect_audience(session, audience)
            summary.verdicts[audience] = steps.told(verdicts[audience])
    return verdicts


def _publish(
    session: Session,
    pipeline: Pipeline,
    verdicts: "Mapping[str, Verdict]",
    wanted: str,
    summary: RunSummary,
) -> None:
    """Prepare the database and the pages, then swap both in and note the publication."""
    # Loaded here: a night in which nothing changed needs neither solvers nor templates.
    from zorgdata.disclosure import ledger
    from zorgdata.pipeline.publication import main_page, point_latest, render_report, write_folder

    workspace = session.workspace
    until = _data_until(session)
    publication = f"{until.isoformat()}_{wanted[:12]}"
    prepared = workspace.warehouse / "published.new.duckdb"
    with transaction(session.connection):
        session.connection.execute("delete from meta.publication where publication_id = ?", [publication])
        for audience, verdict in verdicts.items():
            session.connection.execute(
                "insert into meta.publication values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        write_published(session.connection, prepared)
        folder = workspace.reports / publication
        files: dict[str, bytes] = {}
        for audience in verdicts:
            for kind in pipeline.publish.reports:
                pages = render_report(workspace, prepared, kind, audience)
                where = f"{audience}/{kind}"
                files |= {f"{where}/{name}": content for name, content in pages.items()}
                summary.reports.append(str(workspace.reports / "latest" / where / main_page(pages)))
        write_folder(files, folder)
        for audience in verdicts:
            ledger.record(session.connection, audience, publication)
        publish(prepared, workspace.published_database)
        point_latest(workspace.reports, publication)
    summary.published = True


def _data_until(session: Session) -> date:
    row = session.connection.execute("select max(last_day) from staging.span").fetchone()
    return row[0] if row and row[0] else summary_date(session)


def summary_date(session: Session) -> date:
    """The day of the newest delivery; the last resort when no event has a date."""
    row = session.connection.execute("select max(received_at) from meta.file").fetchone()
    return row[0].date() if row and row[0] else date(1970, 1, 1)


def _fingerprint(session: Session, pipeline: Pipeline, audiences: tuple[str, ...]) -> str:
    """What a publication depends on: figures, settings, pipeline, program and templates."""
    models = session.connection.execute(
        "select name, fingerprint from meta.model_state order by name"
    ).fetchall()
    parts = [
        __version__,
        session.workspace.settings.model_dump_json(),
        pipeline.model_dump_json(),
        json.dumps(audiences),
        json.dumps(models),
        *(f"{p.name}:{hashlib.sha256(p.read_bytes()).hexdigest()}" for p in _rendering_files()),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _rendering_files() -> list[Path]:
    return sorted(p for p in asset("templates").rglob("*") if p.is_file())


def _is_published(session: Session, wanted: str) -> bool:
    """Whether exactly this was published last and is still in place."""
    row = session.connection.execute(
        "select sha256 from meta.publication order by created_at desc limit 1"
    ).fetchone()
    workspace = session.workspace
    in_place = workspace.published_database.exists() and (workspace.reports / "latest").exists()
    return bool(row and row[0] == wanted and in_place)


@contextmanager
def _timed(summary: RunSummary, step: str) -> Iterator[None]:
    summary.step = step
    began = time.perf_counter()
    try:
        yield
    finally:
        summary.seconds[step] = round(time.perf_counter() - began, 3)


def _begin(session: Session, summary: RunSummary) -> None:
    """Note the start; a run that never noted its end was killed."""
    settings_hash = hashlib.sha256(session.workspace.settings.model_dump_json().encode()).hexdigest()
    with transaction(session.connection):
        session.connection.execute(
            "update meta.run set status = 'killed' where status = 'running'",
        )
        session.connection.execute(
            "insert into meta.run (run_id, pipeline, started_at, status, program_version, settings_hash) "
            "values (?, ?, ?, 'running', ?, ?)",
            [summary.run_id, summary.pipeline, summary.started_at, __version__, settings_hash],
        )


def _end(session: Session, summary: RunSummary) -> None:
    if summary.status == "running":
        summary.status = "failed"
    manifest = json.dumps(summary.as_dict(), ensure_ascii=False)
    with transaction(session.connection):
        session.connection.execute(
            "update meta.run set ended_at = ?, status = ?, exit_code = ?, step = ?, message = ?, "
            "manifest = ? where run_id = ?",
            [
                steps.now(),
                summary.status,
                int(summary.exit_code),
                summary.step,
                "\n".join(summary.messages) or None,
                manifest,
                summary.run_id,
            ],
        )
    log = session.workspace.logs / f"run-{summary.run_id}.json"
    log.parent.mkdir(exist_ok=True)
    log.write_text(manifest + "\n", encoding="utf-8")
