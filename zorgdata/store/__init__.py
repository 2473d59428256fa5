"""Opens, hardens, encrypts, locks and publishes databases; the only room that calls ``duckdb.connect``."""

from zorgdata.store.access import note_access
from zorgdata.store.connect import (
    ADMINISTRATION,
    open_published,
    open_query,
    open_work,
    transaction,
)
from zorgdata.store.lock import hold, is_held
from zorgdata.store.migrations import SCHEMA_VERSION
from zorgdata.store.publish import publish
from zorgdata.store.schema import prepare

__all__ = [
    "ADMINISTRATION",
    "SCHEMA_VERSION",
    "hold",
    "is_held",
    "note_access",
    "open_published",
    "open_query",
    "open_work",
    "prepare",
    "publish",
    "transaction",
]
