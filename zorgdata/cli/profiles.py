"""Commands about profiles: suggest, list, check."""

from pathlib import Path
from typing import Annotated

import typer

from zorgdata.cli.terminal import Format, FormatOption, Terminal, command
from zorgdata.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    group = typer.Typer(help="Column mappings for files that are not canonical.", no_args_is_help=True)
    command(group, "suggest", help="Draft a mapping from a file's headers and values.")(suggest)
    command(group, "list", help="Known mappings: shipped, and of this workspace.")(list_)
    command(group, "check", help="Is a mapping sound, and does it fit a file?")(check)
    app.add_typer(group, name="profile")


def suggest(
    terminal: Terminal,
    file: Annotated[Path, typer.Argument(help="A delivered file.", metavar="FILE")],
    kind: Annotated[str | None, typer.Option(help="Kind of input; the best fitting when not given.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the draft to this file.")
    ] = None,
) -> None:
    """Print (or write) a draft to edit; it names headers and fit, never a value."""
    from zorgdata.sources.profiles.suggest import suggest as draft_of

    draft = draft_of(file, kind, _own(terminal))
    text = draft.toml(output.stem if output else file.stem)
    if output:
        if output.exists():
            raise UsageError(
                f"{output} exists already.", "A profile is never overwritten; choose another name."
            )
        output.write_text(text, encoding="utf-8")
    sure = sum(1 for column in draft.columns if column.target)
    terminal.say(f"Taken for {draft.kind}: {sure} of {len(draft.columns)} columns placed.")
    for header in draft.missing:
        terminal.say(f"Required and not found: {header}", level="warning")
    summary = {
        "kind": draft.kind,
        "missing": list(draft.missing),
        "columns": [
            {"header": c.header, "target": c.target, "confidence": round(c.confidence, 2), "reason": c.reason}
            for c in draft.columns
        ],
    }
    terminal.result(summary, str(output) if output else text.rstrip())


def list_(terminal: Terminal, format_: FormatOption = Format.TABLE) -> None:
    """Every known profile, its kind and what it is for."""
    import pyarrow as pa

    from zorgdata.sources.profiles import available

    rows = [
        {"profile": p.name, "kind": p.kind.name, "description": p.description}
        for p in available(_own(terminal))
    ]
    schema = pa.schema([(name, pa.string()) for name in ("profile", "kind", "description")])
    terminal.rows(pa.Table.from_pylist(rows, schema), format_)


def check(
    terminal: Terminal,
    profile: Annotated[Path, typer.Argument(help="A profile (TOML).", metavar="PROFILE")],
    file: Annotated[Path | None, typer.Argument(help="A file it should fit.", metavar="[FILE]")] = None,
) -> None:
    """Explain what is wrong with a profile; exit 2 when something is."""
    from zorgdata.sources.profiles.suggest import check as problems_of

    problems = problems_of(profile, file)
    if problems:
        raise UsageError("\n".join(problems), "Mend the profile and check again.")
    terminal.result({"profile": str(profile), "problems": []}, f"{profile.name}: nothing wrong found.")


def _own(terminal: Terminal) -> Path | None:
    """The workspace's own profiles; these commands also work outside a workspace."""
    try:
        return terminal.workspace().root / "profiles"
    except UsageError:
        return None
