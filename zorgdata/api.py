"""zorgdata in a notebook: open a workspace, ask it things, run it.

>>> import zorgdata
>>> region = zorgdata.open("my-region")                        # doctest: +SKIP
>>> region.metrics("care_share", level="school_type")          # doctest: +SKIP
>>> region.query("select count(*) from core.indication")       # doctest: +SKIP
"""

from pathlib import Path
from typing import TYPE_CHECKING

from zorgdata.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    import polars as pl

    from zorgdata.pipeline.run import RunSummary


class Region:
    """An opened workspace. Nothing is kept open between calls, so a nightly run is never in the way."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def __repr__(self) -> str:
        return f"<zorgdata {self.workspace.settings.region.name!r} in {self.workspace.root}>"

    def query(self, sql: str, *, published: bool = False) -> "pl.DataFrame":
        """The rows of one SELECT on the work database (or the published one), read-only.

        Raises UsageError for anything but one SELECT, and for wrong SQL.
        """
        import polars as pl

        from zorgdata.pipeline.figures import run_query

        return pl.DataFrame(run_query(self.workspace, sql, published=published))

    def metrics(
        self,
        *keys: str,
        level: str | None = None,
        period: str | None = None,
        unit: str | None = None,
    ) -> "pl.DataFrame":
        """Rows of ``metrics.value``: unprotected, for analysis and not for publication.

        Without keys all metrics; every filter that is None leaves its column free.
        """
        import polars as pl

        from zorgdata.pipeline.figures import metric_values

        return pl.DataFrame(metric_values(self.workspace, list(keys), level, period, unit))

    def run(self, pipeline: str = "nightly") -> "RunSummary":
        """Run a pipeline; its problems are in the summary's ``messages`` and ``exit_code``."""
        from zorgdata.pipeline.run import run_pipeline

        return run_pipeline(self.workspace, pipeline)


def open_workspace(workspace: str | Path | None = None) -> Region:
    """The workspace in this folder (default: ``ZORGDATA_WORKSPACE``, else the current folder)."""
    return Region(find_workspace(Path(workspace) if workspace is not None else None))
