"""Opens, hardens, encrypts, locks and publishes databases; the only room that calls ``duckdb.connect``."""

from zorgdata.store.connect import (
    open_published,
    open_query,
    open_work,
    transaction,
)
from zorgdata.store.lock import hold
from zorgdata.store.publish import publish
from zorgdata.store.schema import SCHEMA_VERSION, prepare

__all__ = [
    "SCHEMA_VERSION",
    "hold",
    "open_published",
    "open_query",
    "open_work",
    "prepare",
    "publish",
    "transaction",
]
