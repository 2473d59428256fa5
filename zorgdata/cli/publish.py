"""Commands about what leaves the workspace: protect, report, export."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zorgdata.cli.terminal import Format, FormatOption, Terminal, command


class Audience(StrEnum):
    """For whom."""

    PUBLIC = "public"
    PROFESSIONAL = "professional"
    INTERNAL = "internal"


class ReportFormat(StrEnum):
    """How a report is written."""

    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"


class ExportFormat(StrEnum):
    """How tables are written."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


ExportOption = Annotated[ExportFormat, typer.Option("--format", help="How tables are written.")]
ReportOption = Annotated[ReportFormat, typer.Option("--format", help="How the report is written.")]
AudienceOption = Annotated[Audience, typer.Option("--audience", "-a", help="For whom.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app, "protect", help="Decide what may be shown, and prove it.")(protect)
    command(app, "report", help="Make a report from protected figures.")(report)
    command(app, "export", help="Protected tables as a Frictionless Data Package.")(export)


def protect(
    terminal: Terminal,
    audience: AudienceOption = Audience.PUBLIC,
    plan: Annotated[bool, typer.Option("--plan", help="Compare thresholds and rounding bases.")] = False,
    attack: Annotated[bool, typer.Option("--attack", help="What can be derived of hidden cells.")] = False,
    explain: Annotated[str | None, typer.Option(help="Why is this cell hidden?", metavar="CELL")] = None,
    verify: Annotated[Path | None, typer.Option(help="Verify a published folder.", metavar="DIR")] = None,
    previous: Annotated[
        Path | None, typer.Option(help="With --verify: an earlier release to compare with.", metavar="DIR")
    ] = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Disclosure control into protected.*; exit 6 when the gate refuses.

    With --plan, --attack, --explain or --verify nothing is changed. The first three answer with true
    figures and are for the analyst only.
    """
    if verify:
        _verify(terminal, verify, previous)
        return
    if previous:
        raise typer.BadParameter("goes with --verify", param_hint="--previous")
    if plan or attack or explain:
        _inspect(terminal, audience.value, plan=plan, attack=attack, explain=explain, format_=format_)
        return
    from dataclasses import asdict

    from zorgdata.pipeline.session import open_session
    from zorgdata.pipeline.steps import protect_audience, told
    from zorgdata.store import transaction

    with open_session(terminal.workspace(), "protect") as session, transaction(session.connection):
        verdict = protect_audience(session, audience.value)
    terminal.result(asdict(verdict), told(verdict))


def _verify(terminal: Terminal, folder: Path, previous: Path | None) -> None:
    from zorgdata.disclosure.folder import UNSEEN, verify_folder
    from zorgdata.errors import DisclosureError

    found = verify_folder(folder, previous)
    if found.findings:
        first = found.findings[0]
        more = f" {len(found.findings) - 1} more." if len(found.findings) > 1 else ""
        raise DisclosureError(f"{folder}: {first.cell}: {first.what}.{more}", "Do not publish this folder.")
    terminal.result(
        {
            "folder": str(folder),
            "findings": 0,
            "checked": dict(found.counted),
            "narrowed": len(found.narrowed),
            "not_judged": list(UNSEEN),
        },
        f"{folder}: nothing unsafe found.\n{found.told()}",
    )


def _inspect(
    terminal: Terminal, audience: str, *, plan: bool, attack: bool, explain: str | None, format_: Format
) -> None:
    from zorgdata.pipeline.inspection import answers

    terminal.say("These answers hold true figures: for the analyst only.")
    question = "plan" if plan else "attack" if attack else "explain"
    terminal.rows(answers(terminal.workspace(), audience, question, explain or ""), format_)


def report(
    terminal: Terminal,
    kind: Annotated[str, typer.Argument(help="snapshot, monitor, school, collective, ...", metavar="KIND")],
    audience: AudienceOption = Audience.PUBLIC,
    period: Annotated[str | None, typer.Option(help="School year, for example 2023-2024.")] = None,
    unit: Annotated[
        str | None,
        typer.Option(
            help="School (BRIN6), municipality, samenwerkingsverband, board, school type; or level:id."
        ),
    ] = None,
    format_: ReportOption = ReportFormat.HTML,
    single: Annotated[bool, typer.Option("--single-file", help="A whole site in one file, to mail.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder; reports/ when left out.")
    ] = None,
) -> None:
    """Make one report from the published figures."""
    from zorgdata.pipeline.publication import make_report

    path = make_report(
        terminal.workspace(),
        kind,
        audience.value,
        period=period,
        unit=unit,
        folder=output,
        form=format_.value,
        single=single,
    )
    terminal.result({"report": str(path)}, str(path))


def export(
    terminal: Terminal,
    folder: Annotated[Path, typer.Argument(help="Folder for the package.", metavar="DIR")],
    audience: AudienceOption = Audience.PUBLIC,
    format_: ExportOption = ExportFormat.CSV,
) -> None:
    """Write the published figures of an audience with their description."""
    from zorgdata.pipeline.publication import export_package

    paths = export_package(terminal.workspace(), audience.value, format_.value, folder)
    summary = {"folder": str(folder), "files": [p.name for p in paths]}
    terminal.result(summary, "\n".join(map(str, paths)))
