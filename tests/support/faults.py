"""Runs a night as a process of its own in which something goes wrong: it is killed, or its disk is full."""

import resource
import signal
import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import os, signal, sys
from pathlib import Path
from zorgdata.cli.main import run

def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def killed_after(work):
    def call(*values, **named):
        work(*values, **named)
        killed()
    return call

{preparation}
sys.exit(run(["-C", sys.argv[1], "run", "--json"]))
"""


def run_night(
    root: Path, preparation: str = "", largest_file: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the nightly pipeline after ``preparation`` (Python; ``killed`` and ``killed_after(f)`` are there).

    ``largest_file`` in bytes: the system refuses to let any file grow beyond it.
    """

    def limit() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    return subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(preparation=preparation), str(root)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )


KILLED = -signal.SIGKILL
