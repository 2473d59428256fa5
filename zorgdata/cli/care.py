"""Commands that take care of data over time: forget, purge, backup, restore, keys."""

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zorgdata.cli.terminal import Terminal, command
from zorgdata.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    command(app, "forget", help="Erase children everywhere, and rebuild.")(forget)
    command(app, "purge", help="Remove what is older than its retention.")(purge)
    command(app, "backup", help="The workspace without its keys, in one sealed file.")(backup)
    command(app, "restore", help="Bring a backup back, or check that it could be.")(restore)
    keys = typer.Typer(help="Keys of the workspace.", no_args_is_help=True)
    command(keys, "check", help="Are the keys there, closed to others, and the right ones?")(keys_check)
    command(keys, "rotate", help="A new key for an old one.")(keys_rotate)
    app.add_typer(keys, name="keys")


def forget(
    terminal: Terminal,
    bsn_file: Annotated[Path, typer.Option("--bsn-file", help="Text file with one BSN a line.")],
) -> None:
    """Erase children from database, quarantine, inbox and archive; the record holds counts only."""
    from zorgdata.pipeline.erase import forget as erase

    with terminal.progress("forget") as tick:
        done = erase(terminal.workspace(), bsn_file, tick)
    if done.found:
        terminal.say("Reports still show the figures as they were; now run: zorgdata run")
        terminal.say(
            "Backups and snapshots made before now are not changed; snapshots hold protected figures only."
        )
    else:
        terminal.say("None of these numbers was found anywhere; check them.", level="warning")
    terminal.result(done.__dict__, str(done))


def purge(
    terminal: Terminal,
    before: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="Received before this day.")],
) -> None:
    """Remove files received before a day: originals, records, quarantine and logs of runs."""
    from zorgdata.pipeline.retention import purge as remove

    if before.date() > dt.datetime.now(dt.UTC).date():
        raise UsageError(
            f"{before:%Y-%m-%d} is still to come.", "Give a day that has passed; nothing was removed."
        )
    with terminal.progress("purge") as tick:
        removed = remove(terminal.workspace(), before.date(), tick)
    if removed:
        terminal.say("Reports still show the figures as they were; now run: zorgdata run")
    lines = [f"{count} removed from {what}" for what, count in removed.items()]
    terminal.result(removed, "\n".join(lines) or "Nothing is older than that.")


def backup(
    terminal: Terminal,
    target: Annotated[Path, typer.Argument(help="File to write.", metavar="FILE")],
) -> None:
    """Write a sealed backup; keep the keys elsewhere, both are needed to restore."""
    from zorgdata.pipeline.backup import backup as write

    path = write(terminal.workspace(), target)
    text = (
        f"{path} ({path.stat().st_size / 1e6:.1f} MB)\n"
        "Not in it: the keys (keep a copy elsewhere, it cannot be read without), the inbox, the logs.\n"
        f"Try it with: zorgdata restore {path} {terminal.workspace().root} --verify"
    )
    terminal.result({"backup": str(path), "bytes": path.stat().st_size}, text)


def restore(
    terminal: Terminal,
    source: Annotated[Path, typer.Argument(help="Backup file.", metavar="FILE")],
    folder: Annotated[Path, typer.Argument(help="Folder of the workspace.", metavar="DIR")],
    keys: Annotated[Path | None, typer.Option(help="Folder of both keys; DIR/keys when left out.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Only check that it could be restored.")] = False,
) -> None:
    """Restore a backup into an empty folder, or verify it."""
    from zorgdata.pipeline.backup import restore as bring_back

    counts = bring_back(source, folder, keys, verify_only=verify)
    done = "could be restored" if verify else f"restored into {folder}"
    terminal.result(counts, f"{source.name} {done}: {counts['files']} files, {counts['records']} records.")


def keys_check(terminal: Terminal) -> None:
    """Read both keys and open the database with them."""
    from zorgdata.pipeline.session import open_session

    workspace = terminal.workspace()
    with open_session(workspace, "keys check") as session:
        label = session.pseudonyms.label
    terminal.result({"pseudonym_key": label}, f"Both keys fit this workspace (pseudonym key {label}).")


class KeyName(StrEnum):
    """Which key."""

    DATABASE = "database"
    PSEUDONYM = "pseudonym"


def keys_rotate(
    terminal: Terminal,
    key: Annotated[KeyName, typer.Option("--key", help="Which of the two keys.")] = KeyName.DATABASE,
) -> None:
    """Encrypt everything with a new database key, or give every child a pseudonym under a new key.

    For new pseudonyms the delivered originals are read once more, from inbox or archive; when one is gone
    nothing changes, and it is named (exit 3).
    """
    from zorgdata.pipeline.rotation import ROTATIONS

    with terminal.progress("keys rotate") as tick:
        done = ROTATIONS[key.value](terminal.workspace(), tick)
    terminal.say("Backups made before now need the old key; remove it when none of them is left.")
    if key is KeyName.DATABASE:
        text = (
            f"New database key in use: the database and {done.files} archived file(s) are encrypted with it."
        )
    else:
        text = (
            f"New pseudonym key in use: {done.files} delivered file(s) read again, "
            f"{done.children} pseudonyms changed."
        )
    terminal.result(done.__dict__, f"{text}\nThe old key: {done.kept}")
