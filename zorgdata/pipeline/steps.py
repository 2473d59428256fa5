"""The steps of a run, each usable on its own from the command line."""

from datetime import datetime
from typing import TYPE_CHECKING

from zorgdata import engine
from zorgdata.checks import CheckResults, offending_rows
from zorgdata.checks import gate as gate_checks
from zorgdata.checks import run_checks as run_all_checks
from zorgdata.landing import FileResult, Ingestion, Request, ingest
from zorgdata.linkage import LinkOptions, Outcome, link
from zorgdata.pipeline import quality
from zorgdata.pipeline.declared import Pipeline
from zorgdata.pipeline.journal import Tick, now
from zorgdata.pipeline.models import shipped_models
from zorgdata.pipeline.session import Session

if TYPE_CHECKING:
    import pyarrow as pa

    from zorgdata.disclosure import Verdict

__all__ = [
    "build_models",
    "gate_checks",
    "ingest_sources",
    "link_children",
    "plan_models",
    "protect_audience",
    "run_checks",
    "told",
]


def ingest_sources(session: Session, pipeline: Pipeline, tick: Tick, received_at: datetime) -> Ingestion:
    """Read every source folder of the pipeline; a file that cannot be read never stops the others."""
    done = Ingestion()
    workspace = session.workspace
    for source in pipeline.source:
        folder = workspace.root / source.path
        if not folder.exists():
            continue
        paths = sorted(folder.glob(source.pattern)) if source.pattern else [folder]
        counted = 0

        def on_file(result: FileResult, total: int) -> None:
            nonlocal counted
            counted += 1
            tick(counted, total, f"reading {result.path.name}")

        part = ingest(
            session.connection,
            paths,
            session.pseudonyms,
            workspace.settings.ingest,
            received_at=received_at,
            request=Request(
                source.kind or None,
                source.profile or None,
                source.municipality or None,
                workspace.root / "profiles",
            ),
            codes=session.codes,
            on_file=on_file,
        )
        done.files += part.files
    return done


def link_children(session: Session) -> Outcome | None:
    """Find children without a BSN again, when the settings ask for it and there is something new."""
    if session.workspace.settings.linkage.mode == "number":
        return None
    return link(session.connection, link_options(session))


def link_options(session: Session) -> LinkOptions:
    """How the settings of the workspace want children to be linked."""
    linkage = session.workspace.settings.linkage
    return LinkOptions(
        threshold=linkage.threshold,
        review_from=min(linkage.review_from, linkage.threshold),
        probabilistic=linkage.mode == "probable",
    )


def build_models(session: Session, select: str, full: bool, tick: Tick) -> engine.BuildResult:
    """Build the SQL models that changed, in one transaction; then the figures that SQL cannot give."""
    models = shipped_models()

    def on_progress(progress: engine.Progress) -> None:
        tick(progress.number - 1, progress.total, f"building {progress.name}")

    built = engine.build(session.connection, models, select or None, full, on_progress)
    quality.note(session, now().date())
    return built


def plan_models(session: Session, select: str, full: bool) -> list[engine.Step]:
    """What a build would do, and why."""
    return engine.plan(session.connection, shipped_models(), select or None, full)


def run_checks(session: Session, select: str = "", run_id: str = "") -> CheckResults:
    """Run the data-quality checks and keep their results."""
    thresholds = session.workspace.settings.check_thresholds()
    return run_all_checks(
        session.connection, run_id=run_id, select=select, checked_at=now(), thresholds=thresholds
    )


def offending(session: Session, results: CheckResults, limit: int) -> "dict[str, pa.Table]":
    """Per check that found something, the first rows it objects to: pseudonyms, codes and lines."""
    thresholds = session.workspace.settings.check_thresholds()
    return {
        result.name: offending_rows(
            session.connection, result.name, limit, results.checked_at, thresholds=thresholds
        )
        for result in results
        if result.offending
    }


def protect_audience(session: Session, audience: str) -> "Verdict":
    """Disclosure control for one audience, inside the caller's transaction."""
    from zorgdata.disclosure import protect  # solvers are loaded only by a night that needs them

    return protect(session.connection, audience, session.workspace.settings.disclosure)


def told(verdict: "Verdict") -> str:
    """A verdict in one line."""
    hidden = verdict.primary + verdict.secondary + verdict.kept
    kept = f", {verdict.kept:,} kept hidden from an earlier release" if verdict.kept else ""
    counts = {
        "as a limit": verdict.top_coded,
        f"hidden ({verdict.secondary:,} of them to protect others{kept})": hidden,
        "not applicable": verdict.not_applicable,
    }
    rest = "".join(f", {count:,} {what}" for what, count in counts.items() if count)
    line = f"{verdict.shown:,} of {verdict.cells:,} figures as they are{rest}"
    # A table that could not be proven is no small print: it is named.
    return f"{line}; withheld: {', '.join(verdict.withheld)}" if verdict.withheld else line
