"""Commands about profiles: suggest, list, check."""

from pathlib import Path
from typing import Annotated

import typer

from zorgdata.cli.terminal import Format, FormatOption, Terminal, command, print_table
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
    sheet: Annotated[str | None, typer.Option(help="Worksheet of a workbook, by number or name.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the draft to this file.")
    ] = None,
) -> None:
    """Print (or write) a draft to edit: headers, fit, words of closed lists; no value that is of someone."""
    from zorgdata.sources.profiles.suggest import suggest as draft_of

    draft = draft_of(file, kind, _own(terminal), sheet)
    text = draft.toml(output.stem if output else file.stem)
    if output:
        if output.exists():
            raise UsageError(
                f"{output} exists already.", "A profile is never overwritten; choose another name."
            )
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    if output and not terminal.as_json:
        print_table(
            ("column of the file", "in the contract", "sure", "why"),
            [
                (c.header, c.target or "-", f"{c.confidence:.0%}" if c.target else "", c.reason)
                for c in draft.columns
            ],
        )
    sure = sum(1 for column in draft.columns if column.target)
    if draft.titles:
        terminal.say(f"{draft.titles} row(s) above the header are skipped.")
    terminal.say(f"Taken for {draft.kind}: {sure} of {len(draft.columns)} columns placed.")
    for header in draft.missing:
        terminal.say(f"Required and not found: {header}", level="warning")
    for header, table in draft.words.translations.items():
        open_ = sum(1 for code in table.values() if not code)
        terminal.say(
            f"{header}: {len(table)} word(s) to translate, {open_} of them without a proposal",
            level="warning" if open_ else "info",
        )
    if draft.words.laws:
        terminal.say(f"wet: {draft.words.other_laws} sampled record(s) of another law; see [filters].")
    summary = {
        "kind": draft.kind,
        "missing": list(draft.missing),
        "recognise": list(draft.marks),
        "columns": [
            {"header": c.header, "target": c.target, "confidence": round(c.confidence, 2), "reason": c.reason}
            for c in draft.columns
        ],
        "values": {header: dict(table) for header, table in draft.words.translations.items()},
        "filter": list(draft.words.laws),
    }
    written = f"Written to {output}: read it through, mend it, then run: zorgdata profile check"
    terminal.result(summary, written if output else text.rstrip())


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
    municipality: Annotated[str | None, typer.Option(help="Municipality code of the deliverer.")] = None,
) -> None:
    """Explain what is wrong with a profile, and what it makes of a file; exit 2 when something is wrong."""
    from zorgdata.sources.profiles.check import check as fit_of

    fit = fit_of(profile, file, municipality)
    if fit.problems:
        raise UsageError("\n".join(fit.problems), "Mend the profile and check again.")
    for warning in fit.warnings:
        terminal.say(warning, level="warning")
    for note in fit.notes:
        terminal.say(note)
    if fit.rejects and not terminal.as_json:
        print_table(
            ("column", "reason", "records", "what to do"),
            [(column, reason, n, told) for (column, reason, told), n in fit.rejects.items()],
        )
    summary = {
        "profile": str(profile),
        "problems": [],
        "warnings": list(fit.warnings),
        "kind": fit.kind,
        **{key: getattr(fit, key) for key in ("used", "columns", "read", "accepted", "blank", "faulty")},
        "rejects": [{"column": c, "reason": r, "records": n} for (c, r, _), n in fit.rejects.items()],
    }
    text = f"{profile.name}: nothing wrong found."
    if file:
        text = (
            f"{profile.name}: {fit.used} of {fit.columns} columns used; of {fit.read} records {fit.accepted} "
            f"would come in, {fit.faulty} would be set aside as faulty, "
            f"{sum(fit.rejects.values()) - fit.faulty} left out as meant."
        )
    terminal.result(summary, text)


def _own(terminal: Terminal) -> Path | None:
    """The workspace's own profiles; these commands also work outside a workspace."""
    try:
        return terminal.workspace().root / "profiles"
    except UsageError:
        return None
