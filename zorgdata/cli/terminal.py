"""What every command shares: global options, results on stdout, everything else on stderr.

A result is rows (``--format table|json|csv|parquet``) or a summary (``--json``). Progress bars appear on a
terminal only, so that cron mails what matters.
"""

import csv
import datetime as dt
import functools
import inspect
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zorgdata.errors import UsageError, printable

if TYPE_CHECKING:
    import pyarrow as pa

    from zorgdata.workspace import Workspace


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


class LogFormat(StrEnum):
    """How messages are written."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How rows are written.")]


@dataclass
class Terminal:
    """The options of one call and the two streams."""

    folder: Path | None = None
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    log_format: LogFormat = LogFormat.TEXT

    def workspace(self) -> "Workspace":
        """The workspace this call is about."""
        from zorgdata.workspace import find_workspace

        return find_workspace(self.folder)

    def say(self, text: str, *, level: str = "info") -> None:
        """A message on stderr; ``info`` is silent with --quiet, ``detail`` needs --verbose."""
        if level == "detail" and not self.verbose:
            return
        if level in {"info", "detail"} and self.quiet:
            return
        if self.log_format is LogFormat.JSON:
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            text = json.dumps({"time": now, "level": level, "message": text}, ensure_ascii=False)
        print(printable(text), file=sys.stderr)  # noqa: T201

    def result(self, summary: dict[str, Any], text: str) -> None:
        """The outcome on stdout: the summary with --json, else the text."""
        if self.as_json:
            print(json.dumps(summary, ensure_ascii=False, default=_plain))  # noqa: T201
        elif text:
            print(text)  # noqa: T201

    def rows(self, table: "pa.Table", format_: Format) -> None:
        """Rows on stdout. csv: header line, comma, empty for null, ISO dates."""
        if self.as_json:
            format_ = Format.JSON
        match format_:
            case Format.TABLE:
                print_table(table.column_names, (tuple(r.values()) for r in table.to_pylist()))
            case Format.JSON:
                print(json.dumps(table.to_pylist(), ensure_ascii=False, default=_plain))  # noqa: T201
            case Format.CSV:
                writer = csv.writer(sys.stdout, lineterminator="\n")
                writer.writerow(table.column_names)
                for batch in table.to_batches():
                    writer.writerows([_cell(v) for v in row.values()] for row in batch.to_pylist())
            case Format.PARQUET:
                import pyarrow.parquet as pq

                if sys.stdout.isatty():
                    raise UsageError(
                        "Parquet is binary.", "Send it to a file: ... --format parquet > rows.parquet"
                    )
                pq.write_table(table, sys.stdout.buffer)

    @contextmanager
    def progress(self, description: str) -> Iterator[Callable[[int, int, str], None]]:
        """A bar on stderr, only on a terminal: call it with done, total and the current item."""
        if self.quiet or self.log_format is LogFormat.JSON or not sys.stderr.isatty():
            yield lambda done, total, item: None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[item]}"),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(description, total=None, item="")
            yield lambda done, total, item: progress.update(task, completed=done, total=total, item=item)


def print_table(names: Sequence[str], rows: "Iterator[Sequence[Any]] | Sequence[Sequence[Any]]") -> None:
    """An aligned table on stdout; numbers to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    materialised = [list(row) for row in rows]
    for index, name in enumerate(names):
        numeric = any(
            isinstance(r[index], int | float) and not isinstance(r[index], bool) for r in materialised
        )
        table.add_column(Text(name), justify="right" if numeric else "left", overflow="fold")
    for row in materialised:
        table.add_row(*(Text(_shown(value)) for value in row))
    wide = None if sys.stdout.isatty() else 240
    Console(width=wide, highlight=False, markup=False).print(table)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return printable(str(value))


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    return str(value)


_COMMON: dict[str, Any] = {
    "as_json": (Annotated[bool, typer.Option("--json", help="Machine-readable summary on stdout.")], False),
    "quiet": (Annotated[bool, typer.Option("--quiet", "-q", help="Only results and problems.")], False),
    "verbose": (Annotated[bool, typer.Option("--verbose", "-v", help="Say more on the way.")], False),
    "log_format": (
        Annotated[LogFormat, typer.Option("--log-format", help="Messages as text or json.")],
        "text",
    ),
}


def command(
    app: typer.Typer, name: str, **settings: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as a command with the options that every command takes.

    The function gets a ``Terminal`` as its first argument and keeps its own options.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]

        @functools.wraps(function)
        def call(ctx: typer.Context, **arguments: Any) -> Any:
            common = {key: arguments.pop(key) for key in _COMMON}
            folder: Path | None = ctx.find_root().obj
            return function(Terminal(folder=folder, **common), **arguments)

        kind = inspect.Parameter.KEYWORD_ONLY
        parameters = [inspect.Parameter("ctx", kind, annotation=typer.Context)]
        parameters += [p.replace(kind=kind) for p in own]
        parameters += [
            inspect.Parameter(key, kind, annotation=annotation, default=default)
            for key, (annotation, default) in _COMMON.items()
        ]
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        call.__annotations__ = {p.name: p.annotation for p in parameters}
        app.command(name, **settings)(call)
        return function

    return register
