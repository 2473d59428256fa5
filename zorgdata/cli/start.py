"""Commands to begin with: init, synth, demo."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zorgdata.cli.terminal import Terminal, command


class Scale(StrEnum):
    """Size of the synthetic region."""

    SMALL = "small"
    REGION = "region"
    NATIONAL = "national"


ScaleOption = Annotated[Scale, typer.Option(help="Size of the synthetic region.")]
SeedOption = Annotated[int, typer.Option(help="The same seed makes the same files.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app, "demo", help="Make a synthetic region, run everything on it, show where the report is.")(
        demo
    )
    command(app, "synth", help="Write the input files of a synthetic region.")(synth)
    command(app, "init", help="Make a workspace: settings and fresh keys.")(init)


def init(
    terminal: Terminal,
    folder: Annotated[Path, typer.Argument(help="Folder of the workspace.", metavar="DIR")],
    region: Annotated[str, typer.Option(help="Name of the region.")] = "Regio",
) -> None:
    """Make a workspace."""
    from zorgdata.workspace import create_workspace

    workspace = create_workspace(folder, region)
    text = (
        f"Workspace made: {workspace.root}\n"
        f"Put deliveries in {workspace.inbox} and run: zorgdata -C {workspace.root} run nightly\n"
        "Keep a copy of keys/ in a safe place apart from the data: without them nothing can be read."
    )
    terminal.result({"workspace": str(workspace.root)}, text)


def synth(
    terminal: Terminal,
    folder: Annotated[Path, typer.Argument(help="Folder for the files.", metavar="DIR")],
    scale: ScaleOption = Scale.SMALL,
    seed: SeedOption = 1,
    dirty: Annotated[
        bool, typer.Option("--dirty", help="Plant the mistakes that real deliveries have.")
    ] = False,
) -> None:
    """Write the input files of a synthetic region, and what is true of it under truth/."""
    from dataclasses import asdict

    from zorgdata.synth import generate

    summary = generate(folder, scale.value, seed, dirty)
    records = sum(summary.files.values())
    text = (
        f"{summary.region_name}: {summary.schools} schools, {summary.children} children, "
        f"{summary.indications} indications.\n"
        f"{len(summary.files)} files with {records} records in {summary.inbox}"
    )
    terminal.result({**asdict(summary)}, text)


def demo(
    terminal: Terminal,
    folder: Annotated[Path, typer.Argument(help="Folder of the demo.", metavar="[DIR]")] = Path(
        "zorgdata-demo"
    ),
    scale: ScaleOption = Scale.SMALL,
    seed: SeedOption = 1,
) -> None:
    """Make a workspace with a synthetic region, run the nightly pipeline, tell where the report is."""
    from zorgdata.cli.night import finish
    from zorgdata.pipeline.demo import prepare_demo
    from zorgdata.pipeline.run import run_pipeline

    workspace = prepare_demo(folder, scale.value, seed)
    terminal.say(f"Synthetic region in {workspace.inbox}")
    with terminal.progress("demo") as tick:
        summary = run_pipeline(workspace, "demo", on_progress=tick)
    finish(terminal, workspace, summary)
    terminal.say(
        "Everything in it is made up. Open the report in a browser; for your own region: zorgdata init DIR"
    )
