"""Commands about figures: build, check, metrics, lineage, docs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zorgdata.cli.terminal import Format, FormatOption, Terminal, command, print_table
from zorgdata.errors import UsageError, printable

if TYPE_CHECKING:
    from zorgdata.pipeline.trend import Trend


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app, "build", help="Run the SQL models that changed.")(build)
    command(app, "check", help="Run the data-quality checks.")(check)
    command(app, "metrics", help="Metric values, unprotected, for analysts.")(metrics)
    command(app, "lineage", help="Where a table or column comes from.")(lineage)
    command(app, "docs", help="Dictionary and model graph as HTML.")(docs)


def build(
    terminal: Terminal,
    select: Annotated[str, typer.Option(help="Models: name, +name, name+, tag:x, schema.*")] = "",
    full: Annotated[bool, typer.Option("--full", help="Build everything, changed or not.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Only show what would be built, and why.")] = False,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Run the SQL models that changed, in one transaction."""
    import pyarrow as pa

    from zorgdata.pipeline.session import open_session
    from zorgdata.pipeline.steps import build_models, plan_models

    with open_session(terminal.workspace(), "build") as session:
        if plan:
            steps = plan_models(session, select, full)
            rows = [{"model": s.name, "action": str(s.action), "why": s.reason} for s in steps]
            terminal.rows(pa.Table.from_pylist(rows), format_)
            return
        with terminal.progress("building") as tick:
            result = build_models(session, select, full, tick)
    for model in result.built:
        terminal.say(f"{model.name}: {model.rows} rows, {model.seconds:.2f} s", level="detail")
    terminal.result(
        {"built": [m.name for m in result.built], "seconds": round(result.seconds, 3)},
        f"{len(result.built)} of {len(result.models)} models built in {result.seconds:.1f} s.",
    )


def check(
    terminal: Terminal,
    select: Annotated[str, typer.Option(help="Name, tag:x, severity:x, family:x or affects:METRIC.")] = "",
    show: Annotated[int, typer.Option(help="Show this many offending rows per check.", min=0)] = 0,
    history: Annotated[
        bool, typer.Option("--history", help="What earlier runs found; nothing is checked now.")
    ] = False,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Run the data-quality checks; exit 5 when one of severity error failed.

    With --show and another format than table the rows of one check are the result.
    """
    import pyarrow as pa

    from zorgdata.checks import history as earlier
    from zorgdata.pipeline.session import open_session
    from zorgdata.pipeline.steps import gate_checks, offending, run_checks
    from zorgdata.store import note_access

    workspace = terminal.workspace()
    with open_session(workspace, "check") as session:
        if history:
            terminal.rows(earlier(session.connection, select), format_)
            return
        results = run_checks(session, select)
        rows = offending(session, results, show) if show else {}
    if show:
        note_access(workspace, f"check --show {select}".strip())
    plain = format_ is Format.TABLE and not terminal.as_json
    if show and not plain:
        if len(results) != 1:
            raise UsageError(
                f"{len(results)} checks are meant; rows in this format are those of one.",
                "Use --select NAME.",
            )
        (result,) = results
        terminal.rows(rows.get(result.name, pa.table({})), format_)
    else:
        terminal.rows(results.table(), format_)
    for result in results.failed():
        affected = f" Unreliable because of it: {', '.join(result.affects)}." if result.affects else ""
        terminal.say(
            f"{result.name} ({result.status}): docs/reference/checks/{result.name}.md.{affected}",
            level="warning",
        )
    if plain:
        for name, table in rows.items():
            terminal.say(f"{name}: the first {table.num_rows} row(s); children by pseudonym.")
            terminal.rows(table, format_)
    gate_checks(results, "error")


def metrics(
    terminal: Terminal,
    names: Annotated[
        list[str] | None, typer.Argument(help="Keys of the catalogue.", metavar="[METRIC]...")
    ] = None,
    level: Annotated[str | None, typer.Option(help="school, school_type, region, ...")] = None,
    period: Annotated[str | None, typer.Option(help="2024, 2023-2024, ...")] = None,
    unit: Annotated[str | None, typer.Option(help="Identifier of a unit.")] = None,
    explain: Annotated[str | None, typer.Option(help="Explain this metric instead.", metavar="KEY")] = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Metric values for analysts: not protected, not for publication.

    One metric with --unit is shown through time, beside the type of school and the region.
    """
    if explain:
        from zorgdata.catalogue.reference import explain as explained

        terminal.result({"metric": explain}, explained(explain))
        return
    if names and len(names) == 1 and unit and not period and format_ is Format.TABLE and not terminal.as_json:
        from zorgdata.pipeline.trend import trend

        found = trend(terminal.workspace(), names[0], unit, level)
        if found:
            terminal.say("Not protected against disclosure: for analysts, not for publication.")
            _print_trend(terminal, found)
            return
    from zorgdata.pipeline.figures import metric_values

    table = metric_values(terminal.workspace(), names or [], level, period, unit)
    terminal.say("Not protected against disclosure: for analysts, not for publication.")
    terminal.rows(table, format_)


def _print_trend(terminal: Terminal, found: "Trend") -> None:
    from zorgdata.pipeline.trend import sparkline, table

    kind = f", {found.school_type}" if found.school_type else ""
    name = "" if found.name == found.unit_id else f" {printable(found.name)}"
    terminal.result({}, f"{found.metric.label_nl} ({found.metric.key})")
    terminal.result({}, f"{found.level} {found.unit_id}{name}{kind}")
    for title, points in found.series.items():
        bars = sparkline([point.value for point in points])
        terminal.result({}, f"\n{title}  {bars}".rstrip())
        print_table(*table(found, points))
    terminal.result({}, f"What it means: zorgdata metrics --explain {found.metric.key}")


def lineage(
    terminal: Terminal,
    name: Annotated[
        str, typer.Argument(help="TABLE or TABLE.COLUMN, with its schema.", metavar="TABLE[.COLUMN]")
    ],
) -> None:
    """Where a table or column comes from."""
    from zorgdata.pipeline.figures import explain_lineage

    found = explain_lineage(name)
    terminal.result({"name": name, "sources": found}, "\n".join(found))


def docs(
    terminal: Terminal,
    folder: Annotated[Path, typer.Argument(help="Folder for the pages.", metavar="DIR")],
) -> None:
    """Write dictionary, metric reference and model graph as HTML."""
    from zorgdata.pipeline.figures import write_reference

    pages = write_reference(folder)
    terminal.result({"folder": str(folder), "pages": len(pages)}, f"{len(pages)} pages written to {folder}.")
