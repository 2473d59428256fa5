"""``zorgdata check`` as an analyst types it: rows, machine formats, history, limits from the settings."""

import json
from pathlib import Path

import pytest

from tests.support.command import zorgdata
from zorgdata.assets import asset


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("check") / "w"
    assert zorgdata("init", folder, "--region", "Voorbeeld").returncode == 0
    files = [asset("sample_data", "canonical", name) for name in ("indicaties.csv", "producten.csv")]
    assert zorgdata("-C", folder, "ingest", *files).returncode == 0
    assert zorgdata("-C", folder, "build").returncode == 0
    return folder


def test_offending_rows_are_pseudonyms_and_codes(workspace: Path) -> None:
    done = zorgdata("-C", workspace, "check", "--select", "unknown_referrer", "--show", 2)
    assert done.returncode == 0
    assert "unknown_referrer" in done.stdout
    assert "allocation_number" in done.stdout
    assert "Unreliable because of it" in done.stderr
    assert "99990" not in done.stdout


def test_rows_of_one_check_in_a_machine_format(workspace: Path) -> None:
    done = zorgdata("-C", workspace, "check", "--select", "unknown_referrer", "--show", 1, "--format", "json")
    (row,) = json.loads(done.stdout)
    assert set(row) == {"municipality_code", "allocation_number"}
    assert zorgdata("-C", workspace, "check", "--show", 1, "--format", "json").returncode == 2


def test_history_and_limits(workspace: Path) -> None:
    settings = workspace / "zorgdata.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[checks]\n", "[checks]\nunknown_referrer = 1\n"), encoding="utf-8")
    assert zorgdata("-C", workspace, "check", "--select", "unknown_referrer").returncode == 0
    settings.write_text(text, encoding="utf-8")
    done = zorgdata("-C", workspace, "check", "--select", "unknown_referrer", "--history", "--format", "json")
    last, before, *_ = json.loads(done.stdout)
    assert (last["status"], last["threshold"], before["status"]) == ("passed", 1.0, "failed")


def test_a_limit_for_a_check_that_does_not_exist_is_named(workspace: Path) -> None:
    settings = workspace / "zorgdata.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[checks]\n", "[checks]\nunknown_referer = 1\n"), encoding="utf-8")
    done = zorgdata("-C", workspace, "check")
    settings.write_text(text, encoding="utf-8")
    assert done.returncode == 2
    assert "unknown_referrer" in done.stderr
