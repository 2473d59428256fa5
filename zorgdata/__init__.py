"""zorgdata: care-usage monitoring for Dutch regions.

``import zorgdata`` is cheap: nothing below is imported before it is asked for.

>>> import zorgdata
>>> ws = zorgdata.open("my-workspace")          # doctest: +SKIP
>>> ws.query("select * from metrics.school")    # doctest: +SKIP
"""

from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "open", "stats"]


def __getattr__(name: str) -> Any:
    if name == "open":
        from zorgdata.api import open_workspace

        return open_workspace
    if name == "stats":
        import importlib

        return importlib.import_module("zorgdata.stats")
    raise AttributeError(f"module 'zorgdata' has no attribute {name!r}")
