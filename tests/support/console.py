"""Replays the commands of a Markdown page: ``sh`` blocks must succeed, ``console`` blocks must print what
they show.

python -m tests.support.console docs/tutorial.md     # writes what the commands print into the page
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from zorgdata.cli.main import run

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def replay(page: str, folder: Path) -> str:
    """The page with what its commands print when they run one after the other, beginning in ``folder``."""
    place = folder
    environment = {"ZORGDATA": str(ROOT), "NO_COLOR": "1", "COLUMNS": "240"}

    def answered(block: re.Match[str]) -> str:
        nonlocal place
        language, text = block[1], block[2]
        lines: list[str] = []
        for command in _commands(language, text):
            words = shlex.split(command)
            output = ""
            if words[0] == "cd":
                place = (place / words[1]).resolve()
            elif words[0] == "zorgdata":
                code, output = _zorgdata(words[1:], place)
                assert language == "console" or not code, f"{command}\n{output}"
            else:
                done = subprocess.run(
                    ["bash", "-c", command],
                    cwd=place,
                    env=os.environ | environment,
                    text=True,
                    capture_output=True,
                    check=False,
                )
                assert not done.returncode, f"{command}\n{done.stderr}"
                output = done.stdout
            lines += [f"$ {command}", *(line.rstrip() for line in output.rstrip().splitlines())]
        return block[0] if language == "sh" else "```console\n" + "\n".join(filter(None, lines)) + "\n```"

    with mock.patch.dict(os.environ, environment):
        return _BLOCK.sub(answered, page)


def _commands(language: str, text: str) -> Iterator[str]:
    for line in text.splitlines():
        if language == "sh" and line.strip():
            yield line.strip()
        elif line.startswith("$ "):
            yield line[2:]


def _zorgdata(arguments: list[str], place: Path) -> tuple[int, str]:
    """Exit code and both streams in the order in which they were written."""
    out = io.StringIO()
    with contextlib.chdir(place), contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = run(arguments)
    assert "Traceback" not in out.getvalue()
    return code, out.getvalue()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as temporary:
            Path(name).write_text(replay(Path(name).read_text("utf-8"), Path(temporary)), "utf-8")
