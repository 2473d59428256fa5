"""Commands that bring data in: ingest, quarantine."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zorgdata.cli.terminal import Format, FormatOption, Terminal, command
from zorgdata.errors import QuarantineError, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zorgdata.landing import FileResult, Ingestion


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app, "ingest", help="Read files or folders into the landing.")(ingest)
    quarantine = typer.Typer(help="Records that were set aside: where and why.", no_args_is_help=True)
    command(quarantine, "list", help="Reasons per file, with counts.")(quarantine_list)
    command(quarantine, "show", help="Every record that was set aside: file, lines, column, reason.")(
        quarantine_show
    )
    command(quarantine, "replay", help="Read the original again, after a profile was mended.")(
        quarantine_replay
    )
    command(quarantine, "export", help="One CSV per delivered file, to send back to whoever delivered it.")(
        quarantine_export
    )
    app.add_typer(quarantine, name="quarantine")


def ingest(
    terminal: Terminal,
    files: Annotated[list[Path], typer.Argument(help="Files or folders.", metavar="FILE...")],
    kind: Annotated[str | None, typer.Option(help="Kind of input; recognised when not given.")] = None,
    profile: Annotated[str | None, typer.Option(help="Column mapping; recognised when not given.")] = None,
    municipality: Annotated[str | None, typer.Option(help="Municipality code of the deliverer.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Worksheet of a workbook, by number or name.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and count everything, store nothing.")
    ] = False,
) -> None:
    """Bring files in, tell per file what was understood, and leave with 3 or 4 when something was wrong."""
    import datetime as dt

    from zorgdata.landing import Request
    from zorgdata.landing import ingest as land
    from zorgdata.pipeline.session import open_session
    from zorgdata.pipeline.steps import link_children

    workspace = terminal.workspace()
    request = Request(kind, profile, municipality, workspace.root / "profiles", dry_run, sheet=sheet)
    with open_session(workspace, "ingest") as session, terminal.progress("reading") as tick:
        done = land(
            session.connection,
            [path.absolute() for path in files],
            session.pseudonyms,
            workspace.settings.ingest,
            received_at=dt.datetime.now(dt.UTC).replace(tzinfo=None),
            request=request,
            codes=session.codes,
            on_file=_Counter(tick),
        )
        if done.with_status("loaded") and not dry_run:
            link_children(session)
    report_ingestion(terminal, done)
    raise_for(done, workspace.settings.ingest.max_quarantine_share)


def quarantine_list(terminal: Terminal, format_: FormatOption = Format.TABLE) -> None:
    """Reasons per file, with counts."""
    _query(
        terminal,
        "select f.file_id, f.name, q.column_name, q.reason_code, count(*) as records, "
        "min(q.line_first) as first_line "
        "from meta.quarantine q join meta.file f using (file_id) group by all order by 1, 5 desc, 3, 4",
        format_,
    )


def quarantine_show(
    terminal: Terminal,
    file_id: Annotated[
        int | None, typer.Argument(help="Number of the file; all files when left out.")
    ] = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Every record that was set aside."""
    where = f"where file_id = {int(file_id)}" if file_id is not None else ""
    _query(
        terminal,
        "select f.file_id, f.name, q.line_first, q.line_last, q.column_name, q.reason_code, q.reason "
        f"from meta.quarantine q join meta.file f using (file_id) {where} order by 1, 3",
        format_,
    )


def quarantine_export(
    terminal: Terminal,
    folder: Annotated[Path, typer.Argument(help="Folder for the files.", metavar="DIR")],
    file_id: Annotated[
        int | None, typer.Option(help="Number of one file; see: quarantine list.", metavar="N")
    ] = None,
) -> None:
    """Write what a deliverer has to mend, in Dutch and without values; not what is left out as meant."""
    from zorgdata.landing.feedback import write_feedback
    from zorgdata.store import open_query

    with open_query(terminal.workspace()) as connection:
        written = write_feedback(connection, folder, file_id)
    records = sum(written.values())
    terminal.result(
        {"files": {path.name: lines for path, lines in written.items()}, "records": records},
        f"{records} record(s) of {len(written)} file(s) written to {folder}.",
    )


def quarantine_replay(
    terminal: Terminal,
    file_id: Annotated[int, typer.Argument(help="Number of the file; see: quarantine list.")],
) -> None:
    """Read the original of a file again by its hash, from inbox or archive; exit 3 when it is gone."""
    from zorgdata.pipeline.archive import replay
    from zorgdata.pipeline.session import open_session
    from zorgdata.pipeline.steps import link_children

    workspace = terminal.workspace()
    with open_session(workspace, "replay") as session:
        done = replay(session, file_id)
        if done.with_status("loaded"):
            link_children(session)
    report_ingestion(terminal, done)
    raise_for(done, workspace.settings.ingest.max_quarantine_share)


def _query(terminal: Terminal, sql: str, format_: Format) -> None:
    from zorgdata.store import ADMINISTRATION, open_query

    with open_query(terminal.workspace(), ADMINISTRATION) as connection:
        terminal.rows(connection.execute(sql).to_arrow_table(), format_)


class _Counter:
    """Turns "file done" into progress."""

    def __init__(self, tick: Any) -> None:
        self._tick = tick
        self._done = 0

    def __call__(self, result: "FileResult", total: int) -> None:
        self._done += 1
        self._tick(self._done, total, result.path.name)


def report_ingestion(terminal: Terminal, done: "Ingestion") -> None:
    """One line per file (a folder of messages: one line in all), notes and reasons below it."""
    counts = {
        "files": len(done.files),
        **{status: len(done.with_status(status)) for status in ("loaded", "known", "refused")},
        **{
            key: sum(getattr(f, key) for f in done.files)
            for key in ("read", "accepted", "quarantined", "blank")
        },
    }
    files = [
        {
            "name": f.path.name,
            "status": f.status,
            "kind": f.kind,
            "profile": f.profile,
            "read": f.read,
            "accepted": f.accepted,
            "quarantined": f.quarantined,
            "blank": f.blank,
            "message": f.message,
            "notes": list(f.notes),
        }
        for f in done.files
    ]
    if not terminal.as_json and done.files:
        from zorgdata.cli.terminal import print_table

        shown = [f for f in done.files if f.status != "known"][:60]
        if shown:
            print_table(
                ("file", "kind", "profile", "status", "read", "accepted", "set aside", "blank"),
                [
                    (f.path.name, f.kind, f.profile, f.status, f.read, f.accepted, f.quarantined, f.blank)
                    for f in shown
                ],
            )
        for f in shown:
            _details(terminal, f)
        if counts["known"]:
            terminal.say(f"{counts['known']} file(s) came in before with the same content: nothing to do.")
    text = (
        f"{counts['read']} records read = {counts['accepted']} accepted + {counts['quarantined']} set aside "
        f"+ {counts['blank']} blank."
    )
    terminal.result({**counts, "file_results": files}, text)


def _details(terminal: Terminal, result: "FileResult") -> None:
    """What was mended, what was left out as meant, and the first records with a fault."""
    from zorgdata.sources.reasons import NOT_MEANT_TO_COME_IN

    name = result.path.name
    if result.status == "refused":
        told = result.message if name in result.message else f"{name}: {result.message}"
        terminal.say(f"{told} {result.hint}".rstrip(), level="error")
    for note in result.notes:
        terminal.say(f"{name}: {note}")
    left_out = Counter(r["reason"] for r in result.rejects if r["reason_code"] in NOT_MEANT_TO_COME_IN)
    for reason, records in left_out.items():
        terminal.say(f"{name}: {records} record(s) left out: {reason}")
    faulty = [r for r in result.rejects if r["reason_code"] not in NOT_MEANT_TO_COME_IN]
    for reject in faulty[:5]:
        lines = f"line {reject['line_first']}"
        if reject["line_last"] != reject["line_first"]:
            lines = f"lines {reject['line_first']}-{reject['line_last']}"
        terminal.say(f"{name}, {lines}{_beside(reject)}: {reject['reason']}", level="warning")
    if len(faulty) > 5:
        terminal.say(f"{name}: {len(faulty) - 5} more; see: zorgdata quarantine show", level="warning")


def _beside(reject: "Mapping[str, object]") -> str:
    """Our name of a column, where the reason tells another: a reason names it as the file does."""
    ours, reason = str(reject["column_name"] or ""), str(reject["reason"])
    return f" ({ours})" if ours and f"'{ours}'" not in reason.casefold() else ""


def raise_for(done: "Ingestion", max_share: float) -> None:
    """Turn refused files into exit 3, and too many records set aside into exit 4."""
    refused = done.with_status("refused")
    if refused:
        names = ", ".join(f.path.name for f in refused[:3]) + (" ..." if len(refused) > 3 else "")
        raise SourceError(
            f"{len(refused)} file(s) could not be read: {names}.",
            "What is wrong stands above."
            + ("" if len(refused) == len(done.files) else " The others are in."),
        )
    over = done.over(max_share)
    if over:
        worst = max(over, key=lambda f: f.quarantine_share)
        raise QuarantineError(
            f"{worst.path.name}: {worst.faulty} of {worst.accepted + worst.faulty} records were set aside "
            f"({worst.quarantine_share:.1%}; allowed is {max_share:.1%}).",
            "What was accepted is in. See: zorgdata quarantine show",
        )
