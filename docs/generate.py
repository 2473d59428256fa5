#!/usr/bin/env python3
"""Writes the generated pages of docs/reference/ again; a test fails when one of them is out of date."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CLI = ROOT / "docs" / "reference" / "cli.md"


def cli_reference() -> str:
    """Every command with its help, as the terminal shows it."""
    os.environ["TERMINAL_WIDTH"] = "100"
    os.environ["NO_COLOR"] = "1"
    os.environ["COLUMNS"] = "100"
    import typer.rich_utils
    from typer.testing import CliRunner

    from zorgdata.cli.main import app

    typer.rich_utils.MAX_WIDTH = 100
    runner = CliRunner()
    lines = ["# Commands", "", "Made with `python docs/generate.py` from the commands themselves.", ""]
    for path in commands(app):
        shown = runner.invoke(app, [*path, "--help"], prog_name="zorgdata", color=False).output
        text = "\n".join(line.rstrip() for line in shown.strip().splitlines())
        lines += [f"## zorgdata {' '.join(path)}".rstrip(), "", "```text", text, "```", ""]
    return "\n".join(lines)


def commands(app: object) -> list[tuple[str, ...]]:
    """The command paths, the program itself first."""
    import typer

    root = typer.main.get_command(app)  # type: ignore[arg-type]
    found: list[tuple[str, ...]] = [()]

    def walk(command: object, path: tuple[str, ...]) -> None:
        for name, sub in sorted(getattr(command, "commands", {}).items()):
            found.append((*path, name))
            walk(sub, (*path, name))

    walk(root, ())
    return found


def main() -> int:
    sys.path.insert(0, str(ROOT))
    CLI.parent.mkdir(parents=True, exist_ok=True)
    CLI.write_text(cli_reference(), encoding="utf-8")
    from zorgdata.catalogue.reference import write
    from zorgdata.checks import write_check_pages

    write(ROOT)
    write_check_pages(ROOT / "docs" / "reference" / "checks")
    return 0


if __name__ == "__main__":
    sys.exit(main())
