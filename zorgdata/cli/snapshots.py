"""Commands about snapshots: create, list, diff, verify."""

from typing import Annotated

import typer

from zorgdata.cli.terminal import Format, FormatOption, Terminal, command


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    group = typer.Typer(
        help="Dated, immutable publications and what changed between them.", no_args_is_help=True
    )
    command(group, "create", help="Keep the present publication.")(create)
    command(group, "list", help="All snapshots, oldest first.")(list_)
    command(group, "diff", help="Published figures that differ between two snapshots.")(diff)
    command(group, "verify", help="Is every byte of every snapshot as it was?")(verify)
    app.add_typer(group, name="snapshot")


def create(terminal: Terminal) -> None:
    """Keep the present publication as a snapshot."""
    from zorgdata.pipeline import snapshot
    from zorgdata.store import hold

    workspace = terminal.workspace()
    with hold(workspace, "snapshot create"):
        path = snapshot.create(workspace)
    terminal.result({"snapshot": path.name, "folder": str(path)}, str(path))


def list_(terminal: Terminal, format_: FormatOption = Format.TABLE) -> None:
    """All snapshots, oldest first."""
    import pyarrow as pa

    from zorgdata.pipeline import snapshot

    rows = [
        {
            "snapshot": m["snapshot"],
            "publication": m["publication"],
            "deliveries": len(m["deliveries"]),
            "files": len(m["files"]),
        }
        for m in snapshot.snapshots(terminal.workspace())
    ]
    schema = pa.schema(
        [
            ("snapshot", pa.string()),
            ("publication", pa.string()),
            ("deliveries", pa.int64()),
            ("files", pa.int64()),
        ]
    )
    terminal.rows(pa.Table.from_pylist(rows, schema), format_)


def diff(
    terminal: Terminal,
    old: Annotated[str, typer.Argument(help="Number or name.", metavar="A")],
    new: Annotated[str, typer.Argument(help="Number or name, or: latest.", metavar="B")],
    format_: FormatOption = Format.TABLE,
) -> None:
    """Published figures that differ; the deliveries that came in between are named on stderr."""
    from zorgdata.pipeline import snapshot

    workspace = terminal.workspace()
    rows = snapshot.diff(workspace, old, new)
    for delivery in snapshot.new_deliveries(workspace, old, new):
        terminal.say(f"New in between: {delivery['name']} ({delivery['kind']})")
    terminal.say(f"{rows.num_rows} published figures differ.")
    terminal.rows(rows, format_)


def verify(terminal: Terminal) -> None:
    """Check all hashes and the chain; exit 6 when something was changed."""
    from zorgdata.pipeline import snapshot

    workspace = terminal.workspace()
    problems = snapshot.verify(workspace)
    snapshot.refuse_when_broken(problems)
    count = len(snapshot.snapshots(workspace))
    terminal.result({"snapshots": count, "problems": problems}, f"{count} snapshot(s), all as they were.")
