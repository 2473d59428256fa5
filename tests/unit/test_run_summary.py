"""What a run tells on the terminal, in lines of one subject."""

from datetime import UTC, datetime

from zorgdata.cli.night import _text
from zorgdata.errors import ExitCode
from zorgdata.pipeline.journal import RunSummary

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_checks_that_failed_are_named() -> None:
    summary = RunSummary("r", "nightly", START, checks={"passed": 30, "failed": 2, "not_applicable": 0})
    summary.failed_checks = ["unknown_child", "record_change"]
    lines = _text(summary, stands=True).splitlines()
    assert "Checks:    30 passed, 2 failed (unknown_child, record_change)" in lines
    assert summary.as_dict()["failed_checks"] == ["unknown_child", "record_change"]


def test_a_refused_run_says_what_still_stands() -> None:
    summary = RunSummary("r", "nightly", START, "failed", ExitCode.CHECK, "check", checks={"failed": 1})
    for stands, told in ((True, "the last publication is unchanged"), (False, "nothing was published")):
        assert f"Stopped:   at check; {told}" in _text(summary, stands=stands).splitlines()
