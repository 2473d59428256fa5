#!/usr/bin/env python3
"""Sets zorgdata up in .venv/ and runs it. Needs Python 3.11+ and git, nothing else.

    python3 bootstrap.py demo        a synthetic region in, a report out
    python3 bootstrap.py test        installs what the tests need, runs them all
    python3 bootstrap.py COMMAND     any other zorgdata command, for example: init my-region

The exact versions come from uv.lock. uv is used when it is there and put into .venv/ when it is not.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
NODE = ROOT / "tests" / "report" / "node"


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have an older Python
        print(f"zorgdata needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    if not arguments:
        print(__doc__)
        return 2
    if arguments[0] == "test":
        install(for_tests=True)
        prepare_browser()
        return run([str(BIN / "python"), "-m", "pytest", *(arguments[1:] or workers())])
    install(for_tests=False)
    return run([str(BIN / "zorgdata"), *arguments])


def install(*, for_tests: bool) -> None:
    """Bring .venv in line with uv.lock; does nothing when it is already."""
    wanted = hashlib.sha256(
        (ROOT / "uv.lock").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    ).hexdigest()
    stamp = VENV / ".zorgdata-installed"
    done = stamp.read_text().split() if stamp.exists() else []
    if done[:1] == [wanted] and ("tests" in done or not for_tests):
        return
    say("Setting up .venv (a minute the first time) ...")
    uv = shutil.which("uv")
    if not (BIN / "python").exists():
        must(
            [uv, "venv", "--quiet", "--python", sys.executable, str(VENV)]
            if uv
            else [sys.executable, "-m", "venv", str(VENV)]
        )
    if uv is None:
        uv = str(BIN / "uv")
        if not Path(uv).exists():
            must([str(BIN / "python"), "-m", "pip", "install", "--quiet", "uv"])
    extras = ["--all-extras"] if for_tests else ["--no-dev"]
    # The uv that stands inside .venv is no dependency of the project: --inexact leaves it there.
    must([uv, "sync", "--quiet", "--locked", "--inexact", *extras], UV_PROJECT_ENVIRONMENT=str(VENV))
    stamp.write_text(f"{wanted} {'tests' if for_tests else 'demo'}\n")


def prepare_browser() -> None:
    """Chromium and axe-core for the report tests; without them those tests say that they were skipped."""
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        apt = shutil.which("apt-get")
        if apt and os.name == "posix" and os.geteuid() == 0:
            say("Installing Chromium for the report tests ...")
            quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
            subprocess.run([apt, "update", "-qq"], check=False, **quiet)
            subprocess.run([apt, "install", "-y", "-qq", "chromium"], check=False, **quiet)
        else:
            say("No Chromium found: the browser tests of the reports will be skipped.")
    npm = shutil.which("npm")
    if npm and (NODE / "package-lock.json").exists() and not (NODE / "node_modules" / "axe-core").exists():
        subprocess.run([npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=NODE, check=False)


def workers() -> list[str]:
    """Tests on all cores, a file on one of them."""
    return ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]


def must(command: list[str], **environment: str) -> None:
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False)
    if done.returncode:
        say(f"This failed: {' '.join(command)}")
        sys.exit(done.returncode)


def run(command: list[str]) -> int:
    # Where compiled modules are not kept, every start compiles hundreds of them again: seconds each time.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    try:
        return subprocess.run(command, check=False, env=kept).returncode
    except KeyboardInterrupt:
        return 130


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
