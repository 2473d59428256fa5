"""What a run did: its summary while it goes, its manifest in ``meta.run`` and ``logs/`` when it ends."""

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from zorgdata import __version__
from zorgdata.errors import ExitCode
from zorgdata.pipeline.beside import write_beside
from zorgdata.pipeline.session import Session
from zorgdata.store import transaction
from zorgdata.store.trouble import trouble

Tick = Callable[[int, int, str], None]
"""Told while a run goes: done, total and the current item."""


def now() -> datetime:
    """The moment in UTC, without a zone, as the meta tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass
class RunSummary:
    """What a run did, for the terminal, for JSON and for ``meta.run``; holds no persons."""

    run_id: str
    pipeline: str
    started_at: datetime
    status: str = "running"
    exit_code: ExitCode = ExitCode.OK
    step: str = ""
    messages: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    models_built: int = 0
    checks: dict[str, int] = field(default_factory=dict)
    failed_checks: list[str] = field(default_factory=list)
    verdicts: dict[str, str] = field(default_factory=dict)
    reports: list[str] = field(default_factory=list)
    published: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The summary as plain values, without the long lists of the manifest."""
        short = {key: value for key, value in self.__dict__.items() if key != "details"}
        return {**short, "started_at": self.started_at.isoformat(), "exit_code": int(self.exit_code)}

    def manifest(self) -> dict[str, Any]:
        """The summary with what makes it accountable: versions, files, models, checks, hashes of outputs."""
        return {
            **self.as_dict(),
            "versions": {
                "zorgdata": __version__,
                "duckdb": duckdb.__version__,
                "python": platform.python_version(),
            },
            **self.details,
        }

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note ``step`` as the current one, and its wall time when it ends."""
        self.step = step
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = round(time.perf_counter() - began, 3)


def start(session: Session, pipeline: str) -> RunSummary:
    """A summary that begins now; on a clock that went back it begins just after the run before it.

    The order of runs and of deliveries is read from their times, so these never go back.
    """
    moment, messages = now(), []
    try:
        row = session.connection.execute("select max(started_at) from meta.run").fetchone()
    except duckdb.CatalogException:
        row = None  # a new database
    newest = row[0] if row else None
    if newest and newest >= moment:
        messages.append(
            f"The clock is behind the run of {newest:%Y-%m-%d %H:%M} UTC. Set it right; "
            "until then runs and deliveries are dated just after that one."
        )
        moment = newest + timedelta(milliseconds=1)
    return RunSummary(moment.strftime("%Y%m%dT%H%M%S%f"), pipeline, moment, messages=messages)


def settings_hash(session: Session) -> str:
    """Settings that differ in anything have another hash."""
    return hashlib.sha256(session.workspace.settings.model_dump_json().encode()).hexdigest()


def begin(session: Session, summary: RunSummary) -> None:
    """Note the start; a run that never noted its end was killed."""
    with transaction(session.connection):
        session.connection.execute("update meta.run set status = 'killed' where status = 'running'")
        session.connection.execute(
            "insert into meta.run (run_id, pipeline, started_at, status, program_version, settings_hash) "
            "values (?, ?, ?, 'running', ?, ?)",
            [summary.run_id, summary.pipeline, summary.started_at, __version__, settings_hash(session)],
        )


def end(session: Session, summary: RunSummary) -> None:
    """Note the end, with the manifest.

    On a machine in trouble (a full disk) this may not be possible any more. That is told and hides nothing of
    what went wrong before; the next run notes this one as killed.
    """
    try:
        _end(session, summary)
    except (OSError, duckdb.Error) as error:
        told = trouble(error)
        if told is None and not isinstance(error, duckdb.Error):
            raise
        why = told.message if told else f"({type(error).__name__})"
        summary.messages.append(f"How this run ended could not be noted: {why}")
        if summary.exit_code == ExitCode.OK:
            summary.exit_code = ExitCode.USAGE


def _end(session: Session, summary: RunSummary) -> None:
    if summary.status == "running":
        summary.status = "failed"
    summary.details["settings_hash"] = settings_hash(session)
    manifest = json.dumps(summary.manifest(), ensure_ascii=False)
    with transaction(session.connection):
        session.connection.execute(
            "update meta.run set ended_at = ?, status = ?, exit_code = ?, step = ?, message = ?, "
            "manifest = ? where run_id = ?",
            [
                now(),
                summary.status,
                int(summary.exit_code),
                summary.step,
                "\n".join(summary.messages) or None,
                manifest,
                summary.run_id,
            ],
        )
    write_beside(session.workspace.logs / f"run-{summary.run_id}.json", f"{manifest}\n".encode())


def failed_step(session: Session, pipeline: str) -> str | None:
    """Where the last run of this pipeline stopped; None when it did not stop half-way."""
    row = session.connection.execute(
        "select status, step from meta.run where pipeline = ? and status <> 'running' "
        "order by started_at desc, run_id desc limit 1",
        [pipeline],
    ).fetchone()
    return row[1] if row and row[0] in {"failed", "killed"} else None
