"""Who starts the nightly run of a workspace: a systemd timer or a line for cron, as far as files can tell.

Only files are read. A wrapper script, another scheduler or a crontab that this user may not read stays
unseen, so finding nothing is no proof that nothing runs.
"""

import os
import pwd
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_UNITS = (
    "etc/systemd/system",
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
)
_CRON = ("etc/crontab", "etc/cron.d", "var/spool/cron/crontabs", "var/spool/cron")


@dataclass(frozen=True)
class Schedule:
    """What starts the run (``where``), whether it will, and which places could not be read."""

    where: str = ""
    enabled: bool = False
    remedy: str = ""
    unread: tuple[str, ...] = ()


def find_schedule(workspace: Path, system: Path = Path("/")) -> Schedule:
    """The first timer or cron line that runs zorgdata on ``workspace``; ``system`` is what holds ``/etc``."""
    unread: list[str] = []
    disabled = Schedule()
    for unit in _services(workspace, system, unread):
        timer = unit.with_suffix(".timer")
        if not timer.is_file():
            disabled = Schedule(str(unit), False, f"{timer.name} is not there; see docs/pipelines.md.")
        elif any(system.glob(f"etc/systemd/*/timers.target.wants/{timer.name}")) or _of_user(timer):
            return Schedule(f"timer {timer}", True)
        else:
            remedy = f"It is not enabled. Run: systemctl enable --now {timer.name}"
            disabled = Schedule(f"timer {timer}", False, remedy)
    for table in _tables(system, unread):
        for line in _lines(table, unread):
            if not line.lstrip().startswith("#") and _runs(line, workspace):
                return Schedule(f"cron line in {table}", True)
    return disabled if disabled.where else Schedule(unread=tuple(unread))


def _services(workspace: Path, system: Path, unread: list[str]) -> Iterator[Path]:
    folders = [system / folder for folder in _UNITS]
    folders.append(system / str(_home()).lstrip("/") / ".config/systemd/user")
    for folder in folders:
        for unit in sorted(folder.glob("*.service")) if folder.is_dir() else []:
            if any(_starts(line, workspace) for line in _lines(unit, unread)):
                yield unit


def _of_user(timer: Path) -> bool:
    return (timer.parent / "timers.target.wants" / timer.name).exists()


def _tables(system: Path, unread: list[str]) -> Iterator[Path]:
    for name in _CRON:
        path = system / name
        if path.is_dir():
            try:
                yield from sorted(p for p in path.iterdir() if p.is_file())
            except OSError:
                unread.append(str(path))
        elif path.is_file():
            yield path


def _lines(path: Path, unread: list[str]) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        unread.append(str(path))
        return []


def _starts(line: str, workspace: Path) -> bool:
    return line.startswith("ExecStart") and _runs(line, workspace)


def _runs(line: str, workspace: Path) -> bool:
    """Whether a command line names zorgdata and this workspace, not another one whose path begins so."""
    place = re.search(rf"(?<![\w/]){re.escape(str(workspace))}(?![\w.-])", line)
    return "zorgdata" in line and place is not None


def _home() -> Path:
    return Path(pwd.getpwuid(os.getuid()).pw_dir)
