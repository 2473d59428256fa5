"""The command ``zorgdata``: global options, the commands, and how a mistake is told.

Nothing heavy is imported here or in the command modules at import time: ``zorgdata --help`` answers at once.
"""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from zorgdata import __version__
from zorgdata.cli import (
    ask,
    care,
    effect,
    figures,
    intake,
    linkage,
    night,
    profiles,
    publish,
    scenario,
    snapshots,
    start,
)
from zorgdata.errors import ExitCode, ZorgdataError
from zorgdata.spare import spare_pandas

app = typer.Typer(
    name="zorgdata",
    help="Care at school in figures: deliveries in, safe monitoring reports out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback with locals could print a record
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"zorgdata {__version__}")  # noqa: T201
        raise typer.Exit


@app.callback()
def _global(
    ctx: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-C", help="Workspace folder; else ZORGDATA_WORKSPACE, else here."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    ctx.obj = workspace


for _module in (
    start,
    intake,
    profiles,
    figures,
    ask,
    effect,
    publish,
    snapshots,
    night,
    care,
    linkage,
    scenario,
):
    _module.register(app)


PANELS = {
    "Start": ("demo", "synth", "init", "doctor"),
    "Deliveries": ("ingest", "quarantine", "profile", "linkage"),
    "Figures": ("build", "check", "metrics", "lineage", "docs", "query", "shell"),
    "What works": ("effect", "scenario"),
    "Publishing": ("protect", "report", "export", "snapshot"),
    "Every night": ("run", "status", "history", "share"),
    "Care of the data": ("keys", "forget", "purge", "backup", "restore"),
}
"""The commands by what somebody comes for, in the order of ``--help``."""


def _arrange() -> None:
    place = {name: panel for panel, names in PANELS.items() for name in names}
    order = list(place)
    for command in app.registered_commands:
        command.rich_help_panel = place[command.name or ""]
    for group in app.registered_groups:
        group.rich_help_panel = place[group.name or ""]
    app.registered_commands.sort(key=lambda command: order.index(command.name or ""))


_arrange()


def main() -> None:
    """Entry point: runs a command, tells mistakes in one message, leaves with a code of the contract."""
    spare_pandas()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; never raises for a user's mistake."""
    try:
        app(arguments, standalone_mode=True)
    except SystemExit as leaving:
        return _code(leaving.code)
    except ZorgdataError as error:
        _tell(error.message, error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        _tell("Interrupted; nothing half-done was kept.", "")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output left (zorgdata ... | head); that is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:
        machine = _trouble(error)
        if machine:
            _tell(machine.message, machine.hint)
            return machine.exit_code
        # Texts of unexpected errors may quote a value, so only kind and place are told.
        _tell(
            f"Unexpected: {type(error).__name__} in {_place(error)}.",
            "Please report this with the command used.",
        )
        if os.environ.get("ZORGDATA_DEBUG") == "1":
            raise
        return ExitCode.UNEXPECTED
    return ExitCode.OK


def _trouble(error: Exception) -> ZorgdataError | None:
    """What the machine lacks, when that is what ``error`` says."""
    from zorgdata.store.trouble import trouble

    return trouble(error)


def _code(code: object) -> int:
    if code is None:
        return ExitCode.OK
    return code if isinstance(code, int) else ExitCode.UNEXPECTED


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    place = "?"
    while trace:
        frame = trace.tb_frame
        if "zorgdata" in frame.f_code.co_filename:
            place = f"{Path(frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _tell(message: str, hint: str) -> None:
    print(f"zorgdata: {message}", file=sys.stderr)  # noqa: T201
    if hint:
        print(f"          {hint}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
