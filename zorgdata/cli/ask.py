"""Questions in SQL: query, and shell for several of them."""

import sys
from typing import Annotated

import typer

from zorgdata.cli.terminal import Format, FormatOption, Terminal, command
from zorgdata.errors import UsageError

_HELP = "One SELECT, ended by a semicolon. .tables shows what there is, .quit leaves."
_TABLES = (
    "select table_schema, table_name from information_schema.tables "
    "where table_schema not in ('information_schema', 'main') order by all"
)
PublishedOption = Annotated[bool, typer.Option("--published", help="Ask the published database.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app, "query", help="One SELECT on the work database, read-only.")(query)
    command(app, "shell", help="Several SELECTs, one after the other.")(shell)


def query(
    terminal: Terminal,
    sql: Annotated[str, typer.Argument(help="One SELECT.", metavar="SQL")],
    published: PublishedOption = False,
    format_: FormatOption = Format.TABLE,
) -> None:
    """One SELECT on the work database: read-only, no files, no settings."""
    from zorgdata.pipeline.figures import run_query

    terminal.rows(run_query(terminal.workspace(), sql, published=published), format_)


def shell(
    terminal: Terminal, published: PublishedOption = False, format_: FormatOption = Format.TABLE
) -> None:
    """Ask one SELECT after the other; the database is open only while one is answered.

    On a terminal there is a prompt with a history of this session; from a pipe the statements are read as
    they come. A mistake is told and the shell goes on; from a pipe the exit code is then 2.
    """
    from zorgdata.pipeline.figures import run_query

    workspace = terminal.workspace()
    asks = sys.stdin.isatty()
    if asks:
        import readline  # noqa: F401 - arrow keys and history for input()

        terminal.say(_HELP)
    failed = False
    statement = ""
    while (line := _line("... " if statement else "zorgdata> ", asks)) is not None:
        word = line.strip()
        if not statement and word in {".quit", ".exit"}:
            break
        if not statement and word in {"", ".help"}:
            terminal.say(_HELP if word else "", level="info" if word else "detail")
            continue
        statement = _TABLES if not statement and word == ".tables" else f"{statement}\n{line}"
        if not (statement is _TABLES or word.endswith(";")):
            continue
        try:
            terminal.rows(run_query(workspace, statement, published=published), format_)
        except UsageError as error:
            failed = True
            terminal.say(f"{error.message} {error.hint}".strip(), level="error")
        statement = ""
    if failed and not asks:
        raise typer.Exit(2)


def _line(prompt: str, asks: bool) -> str | None:
    try:
        return input(prompt) if asks else input()
    except EOFError:
        return None
