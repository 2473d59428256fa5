"""From delivered files to ``raw.*``: ledger, loading, quarantine."""

from zorgdata.landing.ingest import ingest
from zorgdata.landing.result import FileResult, Ingestion, Request
from zorgdata.landing.schema import prepare_raw, write_settings

__all__ = ["FileResult", "Ingestion", "Request", "ingest", "prepare_raw", "write_settings"]
