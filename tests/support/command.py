"""Runs the command line as a user does, and gives exit code and both streams."""

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from zorgdata.cli.main import run

_PLAIN = {"NO_COLOR": "1", "COLUMNS": "160"}


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def zorgdata(*arguments: object, **environment: str) -> Done:
    """Run a command in this process; a traceback would be a defect whatever the test is about."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, _PLAIN | environment),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run([str(argument) for argument in arguments])
    done = Done(code, out.getvalue(), err.getvalue())
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done


def start(*arguments: object, cwd: Path | None = None) -> subprocess.Popen[str]:
    """Start a command as a process of its own, to watch or to kill it."""
    return subprocess.Popen(
        [sys.executable, "-m", "zorgdata.cli.main", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=os.environ | _PLAIN,
    )
