"""What all files of one call to the landing share."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from zorgdata.landing.batch import Batch
from zorgdata.landing.ledger import Ledger, Original
from zorgdata.landing.result import FileResult, Request
from zorgdata.pseudonym import Pseudonymiser
from zorgdata.sources.records import Message


class CodeKeeper(Protocol):
    """Keeps codes for linkage; the landing hands it chunks that still hold identifying values."""

    def add(self, kind: str, file_ids: int | pa.Array, records: pa.Table, child_ids: pa.ChunkedArray) -> None:
        """Take over a chunk of one file, or of the file each record names; a child not kept is null."""

    def flush(self) -> None:
        """Write what was added, inside the transaction."""

    def forget(self, file_id: int) -> None:
        """Take back what only this file brought."""

    def discard(self) -> None:
        """Drop what was not written."""


@dataclass(frozen=True)
class Intake:
    """Ledger, open transaction and wishes of one call."""

    ledger: Ledger
    batch: Batch
    pseudonyms: Pseudonymiser
    received_at: datetime
    request: Request
    codes: CodeKeeper | None = None

    def is_known(self, original: Original) -> bool:
        """Whether these bytes came in before, in this call or an earlier one; never when one is replayed."""
        return self.request.replay_of is None and self.ledger.file_id(original.sha256) is not None

    def number(self) -> int:
        """The number under which a file goes into the ledger; a replay takes the place of what it repeats."""
        if self.request.replay_of is None:
            return self.ledger.new_id()
        if not self.request.dry_run:
            self.batch.replace(self.request.replay_of)
        return self.request.replay_of

    def known(self, original: Original) -> FileResult:
        """The result of a file that came in before."""
        if not self.ledger.remembers(original) and not self.request.dry_run:
            self.batch.begin()
            self.batch.add_seen(original)
        return FileResult(original.path, "known", message="same content as a file that came in before")

    def settle(
        self, file_id: int, original: Original, result: FileResult, message: Message | None = None
    ) -> None:
        """Put the outcome of a file into the ledger."""
        if self.request.dry_run:
            return
        self.batch.begin()
        self.batch.add_file(file_id, original, result, self.received_at)
        if result.status == "loaded":
            self.ledger.add(original, file_id)
            for kind in result.kinds:
                self.batch.changed(kind, original.sha256)
            if message and not message.answers:
                self.batch.add_message(file_id, message)
                self.batch.changed("message", original.sha256)

    def forget(self, file_id: int) -> None:
        """Take back what was collected of a file that turned out to be unreadable half-way."""
        self.batch.forget(file_id)
        if self.codes and not self.request.dry_run:
            self.codes.forget(file_id)

    def commit(self, *, wait: bool = True) -> None:
        """Make what was read so far last; without ``wait`` a later call may tell that it failed."""
        if self.codes and self.batch.is_open:
            self.codes.flush()
        self.batch.commit(wait=wait)

    def close(self) -> None:
        """Forget what was read since the last commit."""
        if self.codes:
            self.codes.discard()
        self.batch.close()
