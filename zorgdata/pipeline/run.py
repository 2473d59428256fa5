"""A whole run: inbox, figures, checks, protection, reports, publication; never half of it.

Figures are one transaction, reports and the published database appear with renames after the gates. What
fails leaves the last good publication where it was; the next run goes on from there.
"""

from collections.abc import Iterable

import duckdb

from zorgdata.errors import ExitCode, ZorgdataError
from zorgdata.pipeline import expected, journal, standing
from zorgdata.pipeline.declared import Pipeline, load_pipeline
from zorgdata.pipeline.journal import RunSummary, Tick
from zorgdata.pipeline.session import Session, open_unsettled
from zorgdata.pipeline.signals import signal
from zorgdata.store.trouble import trouble
from zorgdata.workspace import Workspace

__all__ = ["RunSummary", "run_pipeline"]


def run_pipeline(
    workspace: Workspace,
    name: str,
    on_progress: Tick | None = None,
    *,
    start: str = "",
    retry_failed: bool = False,
) -> RunSummary:
    """Run the pipeline ``name`` once. Problems end up in the summary's exit code, not as an exception.

    ``start`` leaves out the steps before it, ``retry_failed`` starts where the last run of this pipeline
    stopped. Only what prevents a run from starting (another holder, a wrong key, wrong settings) is raised.
    """
    pipeline = load_pipeline(workspace, name)
    tick = on_progress or (lambda done, total, item: None)
    with open_unsettled(workspace, f"run {name}") as session:
        summary = journal.start(session, name)
        # Taken before anything is read: what arrives later is for the next run.
        files = standing.delivered(workspace.root / source.path for source in pipeline.source)
        if not start and not retry_failed and standing.stands(workspace, session.connection, pipeline, files):
            journal.begin(session, summary)
            with summary.timed("look"):
                _nothing_changed(session, summary, len(files))
            journal.end(session, summary)
        else:
            session.settle()
            if retry_failed:
                start = _where_it_stopped(session, name)
            journal.begin(session, summary)
            try:
                _go(session, pipeline, summary, tick, start)
                summary.status = "done"
                if summary.exit_code == ExitCode.OK:
                    standing.remember(workspace, session.connection, pipeline, files)
            except (ZorgdataError, OSError, MemoryError, duckdb.Error) as error:
                told = error if isinstance(error, ZorgdataError) else trouble(error)
                if told is None:
                    raise
                summary.status = "failed"
                summary.exit_code = told.exit_code
                summary.messages.append(f"{told.message} {told.hint}".strip())
            finally:
                journal.end(session, summary)
    signal(workspace, summary)
    return summary


def _where_it_stopped(session: Session, name: str) -> str:
    """The step to begin at; empty when nothing failed, or only what comes after publishing did."""
    from zorgdata.pipeline.stages import STAGES

    step = journal.failed_step(session, name)
    return step if step is not None and step in STAGES else ""


def _nothing_changed(session: Session, summary: RunSummary, known: int) -> None:
    """Only time has passed: all there is to tell is who is late."""
    summary.status = "done"
    summary.files = {"loaded": 0, "known": known, "refused": 0}
    summary.records = dict.fromkeys(("read", "accepted", "quarantined", "blank"), 0)
    _tell_late(session, summary)


def _go(session: Session, pipeline: Pipeline, summary: RunSummary, tick: Tick, start: str) -> None:
    # Loaded here: readers, engine and checks are for a night that has something to do.
    from zorgdata.pipeline.stages import STAGES, Night, has_data, is_published, start_at
    from zorgdata.pipeline.team import share_with_team

    night = Night(session, pipeline, summary, tick)
    for stage in start_at(start or "ingest"):
        if stage == "link" and not summary.files.get("loaded"):
            continue
        if stage == "check" and not start and is_published(night):
            break
        with summary.timed(stage):
            STAGES[stage](night)
        if stage == "ingest" and not has_data(night):
            places = ", ".join(str(session.workspace.root / source.path) for source in pipeline.source)
            summary.messages.append(f"There is nothing to make figures of yet. Put deliveries in {places}.")
            return
    if session.workspace.settings.team.catalogue:
        with summary.timed("share"):
            share_with_team(session)
    _tell_late(session, summary)


def _tell_late(session: Session, summary: RunSummary) -> None:
    late: Iterable[expected.Source] = expected.late(session, summary.started_at.date())
    summary.messages.extend(source.told for source in late)
