"""Commands of the night: run, status, history, doctor."""

from typing import TYPE_CHECKING, Annotated

import typer

from zorgdata.cli.terminal import Format, FormatOption, Terminal, command

if TYPE_CHECKING:
    from zorgdata.pipeline.run import RunSummary
    from zorgdata.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app, "run", help="A whole pipeline: inbox to published reports.")(run)
    command(app, "share", help="Bring the copy for the team up to date.")(share)
    command(app, "status", help="The last run, and how fresh every source is.")(status)
    command(app, "history", help="Past runs.")(history)
    command(app, "doctor", help="Is this machine fit to run zorgdata?")(doctor)


def run(
    terminal: Terminal,
    pipeline: Annotated[str, typer.Argument(help="Name of the pipeline.", metavar="[PIPELINE]")] = "nightly",
    plan: Annotated[bool, typer.Option("--plan", help="Only show what would happen, and why.")] = False,
    start: Annotated[
        str, typer.Option("--from", help="Leave out the steps before this one.", metavar="STEP")
    ] = "",
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Start at the step where the last run stopped.")
    ] = False,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Run a pipeline; the exit code tells what happened.

    Steps, in their order: ingest, retain, link, build, check, protect, publish.
    """
    if plan:
        from zorgdata.pipeline.preview import preview

        terminal.rows(preview(terminal.workspace(), pipeline), format_)
        return
    from zorgdata.pipeline.run import run_pipeline

    workspace = terminal.workspace()
    with terminal.progress(pipeline) as tick:
        summary = run_pipeline(workspace, pipeline, on_progress=tick, start=start, retry_failed=retry_failed)
    finish(terminal, workspace, summary)


def finish(terminal: Terminal, workspace: "Workspace", summary: "RunSummary") -> None:
    """Tell what a run did and leave with its exit code."""
    for message in summary.messages:
        terminal.say(message, level="error" if summary.exit_code else "warning")
    terminal.result(summary.as_dict(), _text(summary, workspace.published_database.exists()))
    if summary.exit_code:
        raise typer.Exit(int(summary.exit_code))


def _text(summary: "RunSummary", stands: bool) -> str:
    """What was done, one subject a line; ``stands``: something was published, now or before."""
    files, records = summary.files, summary.records
    lines = []
    if files:
        lines.append(("Files", f"{files['loaded']} new, {files['known']} known, {files['refused']} refused"))
    if records.get("read"):
        counted = (
            f"{records['read']:,} read = {records['accepted']:,} accepted + "
            f"{records['quarantined']:,} set aside + {records['blank']:,} blank"
        )
        lines.append(("Records", counted))
    if summary.models_built:
        lines.append(("Figures", f"{summary.models_built} tables made anew"))
    if summary.checks:
        told = (f"{n} {status.replace('_', ' ')}" for status, n in summary.checks.items() if n)
        which = f" ({', '.join(summary.failed_checks)})" if summary.failed_checks else ""
        lines.append(("Checks", ", ".join(told) + which))
    lines += [("Shown", f"{audience}: {verdict}") for audience, verdict in summary.verdicts.items()]
    if summary.status == "failed":
        after = "the last publication is unchanged" if stands else "nothing was published"
        lines.append(("Stopped", f"at {summary.step}; {after}"))
    elif not summary.published:
        after = "nothing changed, the last publication stands" if stands else "nothing yet"
        lines.append(("Published", after))
    lines.append(("Time", f"{sum(summary.seconds.values()):.1f} s"))
    lines += [("Report", path) for path in summary.reports]
    return "\n".join(f"{subject + ':':<11}{told}" for subject, told in lines)


def share(terminal: Terminal) -> None:
    """Copy the tables of [team] to its DuckLake; run does this as well, after publishing."""
    from zorgdata.pipeline.team import share_now

    copied = share_now(terminal.workspace())
    text = (
        f"{len(copied)} tables, {sum(copied.values())} rows shared." if copied else "The copy is up to date."
    )
    terminal.result(copied, text)


def status(terminal: Terminal, format_: FormatOption = Format.TABLE) -> None:
    """The last run on stderr; per kind and municipality the deliveries on stdout."""
    import datetime as dt

    from zorgdata.pipeline.overview import freshness, last_run

    workspace = terminal.workspace()
    terminal.say(last_run(workspace))
    terminal.rows(freshness(workspace, dt.datetime.now(dt.UTC).date()), format_)


def history(
    terminal: Terminal,
    limit: Annotated[int, typer.Option(help="How many runs.", min=1)] = 20,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Past runs, newest first."""
    from zorgdata.pipeline.overview import runs

    terminal.rows(runs(terminal.workspace(), limit), format_)


def doctor(terminal: Terminal, format_: FormatOption = Format.TABLE) -> None:
    """Check the machine and the workspace; exit 2 when something must be mended."""
    import pyarrow as pa

    from zorgdata.pipeline.doctor import examine

    findings = examine(terminal.workspace())
    terminal.rows(pa.Table.from_pylist(findings), format_)
    if any(f["state"] == "wrong" for f in findings):
        raise typer.Exit(2)
