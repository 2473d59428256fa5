"""The unit, the timer and the cron line of the docs do what the page says of them."""

import configparser
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.workspaces import write_lines
from zorgdata.errors import ExitCode
from zorgdata.workspace import create_workspace

DOCS = Path(__file__).parents[2] / "docs" / "pipelines.md"
HARDENED = {
    "PrivateNetwork": "yes",
    "RestrictAddressFamilies": "AF_UNIX",
    "IPAddressDeny": "any",
    "ProtectSystem": "strict",
    "ReadWritePaths": "/srv/my-region",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "RestrictSUIDSGID": "yes",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "LockPersonality": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectControlGroups": "yes",
    "ProtectClock": "yes",
    "ProtectHostname": "yes",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
    "User": "zorgdata",
}
analyze = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")


def blocks(language: str) -> list[str]:
    return [part.split("```")[0] for part in DOCS.read_text(encoding="utf-8").split(f"```{language}\n")[1:]]


def parsed(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Both units in a folder; the program and the user are those of this machine."""
    service, timer = blocks("ini")
    program = "/srv/zorgdata/.venv/bin/zorgdata"
    assert program in service
    service = service.replace(program, f"{sys.executable} -m zorgdata.cli.main").replace(
        "User=zorgdata", "User=root"
    )
    (tmp_path / "zorgdata.service").write_text(service)
    (tmp_path / "zorgdata.timer").write_text(timer)
    return tmp_path


def test_every_line_of_protection_is_there() -> None:
    service = parsed(blocks("ini")[0])["Service"]
    assert {name: service.get(name) for name in HARDENED} == HARDENED


def test_the_timer_starts_the_unit_every_night_also_after_a_night_off() -> None:
    timer = parsed(blocks("ini")[1])
    assert timer["Timer"]["OnCalendar"] == "*-*-* 02:15"
    assert timer["Timer"]["Persistent"] == "yes"
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_cron_and_systemd_run_the_same() -> None:
    cron = next(line for line in blocks("cron")[0].splitlines() if line[:1].isdigit())
    minute, hour, *days, command = cron.split(maxsplit=5)
    assert (hour.zfill(2) + ":" + minute, days) == ("02:15", ["*", "*", "*"])
    unit = parsed(blocks("ini")[0])["Service"]["ExecStart"]
    assert unit == f"{command} --log-format json"


@analyze
@pytest.mark.parametrize("name", ["zorgdata.service", "zorgdata.timer"])
def test_systemd_understands_them(units: Path, name: str) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", units / name], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@analyze
def test_systemd_calls_it_well_protected(units: Path) -> None:
    """Exposure from 0 to 10; under 3 is what systemd calls OK. A root user alone would cost it 0.4."""
    command = ["systemd-analyze", "security", "--offline=yes", "--threshold=25", units / "zorgdata.service"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def can_unshare() -> bool:
    program = shutil.which("unshare")
    return program is not None and subprocess.run([program, "-n", "true"], check=False).returncode == 0


@pytest.mark.skipif(not can_unshare(), reason="this user may not make a network of its own")
def test_the_command_runs_without_a_network(units: Path) -> None:
    """As written, in a namespace with no network at all: databases, libraries and readers are all here."""
    workspace = create_workspace(units / "ws")
    write_lines(workspace.inbox / "a.csv", ["a;b", "1;2"])
    line = parsed((units / "zorgdata.service").read_text())["Service"]["ExecStart"]
    command = shlex.split(line.replace("/srv/my-region", str(workspace.root)))
    done = subprocess.run(["unshare", "-n", *command, "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.SOURCE, done.stderr
    assert json.loads(done.stdout)["files"] == {"loaded": 0, "known": 0, "refused": 1}
    told = [json.loads(line)["message"] for line in done.stderr.splitlines()]
    assert len(told) == 2
    assert told[0].startswith("a.csv: ")
