"""A PostgreSQL server of Debian's packages on a folder of its own, without a network."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


class Server:
    """A running server; ``stop`` and ``start`` as a broken connection would see it."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self._programs = programs
        self._as: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
            self._as = ["runuser", "-u", "postgres", "--"]

    def _run(self, *command: str) -> None:
        subprocess.run([*self._as, *command], check=True, capture_output=True, cwd=self.folder)

    def create(self) -> None:
        """Make the server's files and start it."""
        self._run(
            f"{self._programs}/initdb", "-D", f"{self.folder}/data", "-A", "trust", "-U", "zorgdata", "-N"
        )
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        log = f"{self.folder}/log"
        self._run(
            f"{self._programs}/pg_ctl", "-D", f"{self.folder}/data", "-w", "-o", options, "-l", log, "start"
        )

    def stop(self) -> None:
        """Stop at once, as a machine that falls over."""
        self._run(f"{self._programs}/pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")

    def database(self, name: str) -> str:
        """How to reach a new, empty database."""
        self._run(f"{self._programs}/createdb", "-h", str(self.folder), "-U", "zorgdata", name)
        return f"dbname={name} host={self.folder} user=zorgdata"


@contextmanager
def postgres() -> Iterator[Server]:
    """A server, or a skipped test where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        if os.environ.get("ZORGDATA_REQUIRE_POSTGRES") == "1":
            pytest.fail("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    # A path of a socket may have 107 characters, too few for the folders of pytest.
    folder = Path(f"/tmp/zorgdata-pg-{os.getpid()}")
    folder.mkdir(mode=0o755)
    server = Server(folder, programs)
    try:
        server.create()
        yield server
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):  # stopped by the test
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
