"""How a run tells the outside how it went: a summary page, a Prometheus text file, a command on failure.

Nothing here may fail a run: what cannot be written or started is added to the summary's messages.
"""

import json
import os
import subprocess

from zorgdata.pipeline.beside import write_beside
from zorgdata.pipeline.journal import RunSummary
from zorgdata.workspace import Workspace

_SECONDS = 60


def signal(workspace: Workspace, summary: RunSummary) -> None:
    """Send every signal that ``[signals]`` asks for; the summary page and its JSON always."""
    try:
        told = {"last-run.json": json.dumps(summary.as_dict(), ensure_ascii=False, indent=2)}
        if "look" not in summary.seconds:  # a night without work leaves the page of the last work
            told["last-run.html"] = _page(summary)
        if workspace.settings.signals.prometheus:
            told["zorgdata.prom"] = prometheus(summary)
        for name, text in told.items():
            write_beside(workspace.logs / name, text.encode())
    except OSError as error:
        summary.messages.append(f"The signals could not be written: {error.strerror}.")
    if summary.exit_code and workspace.settings.signals.on_failure:
        _call(workspace, summary)


def prometheus(summary: RunSummary) -> str:
    """Gauges in the text format: exit code, times, records, models."""
    label = f'{{pipeline="{summary.pipeline}"}}'
    began = int(summary.started_at.timestamp())
    gauges = {
        "zorgdata_run_exit_code": ("Exit code of the last run", int(summary.exit_code)),
        "zorgdata_run_started_seconds": ("Start of the last run, Unix time", began),
        "zorgdata_run_duration_seconds": ("Wall time of its steps", round(sum(summary.seconds.values()), 3)),
        "zorgdata_run_records_read": ("Records read", summary.records.get("read", 0)),
        "zorgdata_run_records_quarantined": ("Records set aside", summary.records.get("quarantined", 0)),
        "zorgdata_run_models_built": ("Models built", summary.models_built),
        "zorgdata_run_checks_failed": ("Checks that failed", summary.checks.get("failed", 0)),
        "zorgdata_run_published": ("1 when it published", int(summary.published)),
    }
    lines = []
    for name, (told, value) in gauges.items():
        lines += [f"# HELP {name} {told}", f"# TYPE {name} gauge", f"{name}{label} {value}"]
    return "\n".join(lines) + "\n"


def _page(summary: RunSummary) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from zorgdata.assets import asset

    environment = Environment(
        loader=FileSystemLoader(asset("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("night/summary.html.j2").render(
        run={"files_read": [], "check_states": {}, **summary.manifest()}
    )


def _call(workspace: Workspace, summary: RunSummary) -> None:
    command = workspace.settings.signals.on_failure
    told = {
        "ZORGDATA_EXIT_CODE": str(int(summary.exit_code)),
        "ZORGDATA_RUN_ID": summary.run_id,
        "ZORGDATA_PIPELINE": summary.pipeline,
    }
    try:
        done = subprocess.run(  # noqa: S603 - the data owner's own command, without a shell
            command,
            input=json.dumps(summary.as_dict(), ensure_ascii=False),
            text=True,
            cwd=workspace.root,
            env={**os.environ, **told},
            timeout=_SECONDS,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        summary.messages.append(f"The command of [signals] on_failure did not run ({type(error).__name__}).")
        return
    if done.returncode:
        summary.messages.append(f"The command of [signals] on_failure left with {done.returncode}.")
