"""An opened workspace: locked, keys checked, databases ready."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import duckdb

from zorgdata.landing import prepare_raw, write_settings
from zorgdata.linkage import KeyKeeper, prepare_linkage
from zorgdata.pseudonym import Pseudonymiser
from zorgdata.store import hold, open_work, prepare, transaction
from zorgdata.workspace import Workspace


@dataclass(frozen=True)
class Session:
    """A workspace whose work database is open for writing and locked for others."""

    workspace: Workspace
    connection: duckdb.DuckDBPyConnection

    @cached_property
    def pseudonyms(self) -> Pseudonymiser:
        """Pseudonyms under this workspace's key."""
        return Pseudonymiser(self.workspace.key("pseudonym"))

    @property
    def codes(self) -> KeyKeeper | None:
        """Keeps codes for linkage, when the settings ask for it."""
        if self.workspace.settings.linkage.mode == "number":
            return None
        return KeyKeeper(self.connection, self.pseudonyms)


@contextmanager
def open_session(workspace: Workspace, purpose: str) -> Iterator[Session]:
    """Lock the workspace and open its work database for ``purpose`` (told to whoever finds it locked).

    Settings and both keys are checked before anything is touched. The database is closed before the lock
    is let go.
    """
    settings = workspace.settings
    label = Pseudonymiser(workspace.key("pseudonym")).label
    with hold(workspace, purpose):
        connection = open_work(workspace)
        try:
            with transaction(connection):
                prepare(connection, label)
                prepare_raw(connection)
                prepare_linkage(connection)
                write_settings(connection, settings.sql_rows())
            yield Session(workspace, connection)
        finally:
            connection.close()
