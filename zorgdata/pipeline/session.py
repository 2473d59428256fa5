"""An opened workspace: locked, keys checked, databases ready."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from zorgdata.store import hold, open_work, prepare, transaction
from zorgdata.store.rewrite import rewrite, rewrite_due
from zorgdata.store.scratch import clear_scratch
from zorgdata.workspace import Workspace

# Readers and landing take half a second to load; a night in which nothing changed needs none of them.
if TYPE_CHECKING:
    from zorgdata.linkage import KeyKeeper
    from zorgdata.pseudonym import Pseudonymiser


def next_key(workspace: Workspace, name: str) -> Path:
    """Where the key stands that will replace ``name``, while a rotation is under way."""
    path = workspace.key_path(name)
    return path.with_name(f"{path.name}.next")


@dataclass(frozen=True)
class Session:
    """A workspace whose work database is open for writing and locked for others."""

    workspace: Workspace
    connection: duckdb.DuckDBPyConnection

    @cached_property
    def pseudonyms(self) -> "Pseudonymiser":
        """Pseudonyms under this workspace's key."""
        from zorgdata.pseudonym import Pseudonymiser

        return Pseudonymiser(self.workspace.key("pseudonym"))

    @property
    def codes(self) -> "KeyKeeper | None":
        """Keeps codes for linkage, when the settings ask for it."""
        from zorgdata.linkage import KeyKeeper

        if self.workspace.settings.linkage.mode == "number":
            return None
        return KeyKeeper(self.connection, self.pseudonyms)

    def settle(self) -> None:
        """Make tables that are missing, check version and key, put the settings where SQL finds them."""
        from zorgdata.landing import prepare_raw, write_settings
        from zorgdata.linkage import prepare_linkage

        with transaction(self.connection):
            prepare(self.connection, self.pseudonyms.label)
            prepare_raw(self.connection)
            prepare_linkage(self.connection)
            write_settings(self.connection, self.workspace.settings.sql_rows())


@contextmanager
def open_session(workspace: Workspace, purpose: str) -> Iterator[Session]:
    """Lock the workspace for ``purpose`` (told to whoever finds it locked), open and settle its database."""
    with open_unsettled(workspace, purpose) as session:
        session.settle()
        yield session


@contextmanager
def open_unsettled(workspace: Workspace, purpose: str) -> Iterator[Session]:
    """As ``open_session``, for a caller that may find that there is nothing to do.

    Settings and both keys are checked before anything is touched. The database is closed before the lock
    is let go, and copied when something was deleted from it.
    """
    _ = workspace.settings, workspace.key("pseudonym")
    with hold(workspace, purpose):
        clear_scratch(workspace)
        if any(next_key(workspace, name).exists() for name in ("database", "pseudonym")):
            from zorgdata.pipeline.rotation import settle_rotation

            settle_rotation(workspace)
        connection = open_work(workspace)
        try:
            yield Session(workspace, connection)
        finally:
            due = rewrite_due(connection)
            connection.close()
        if due:
            rewrite(workspace)
