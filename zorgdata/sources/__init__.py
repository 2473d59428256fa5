"""A file into records: bytes, dialect, header, kind, typed columns. Knows no database.

>>> from zorgdata import sources
>>> delivery = sources.read("inbox/indicaties.csv")   # doctest: +SKIP
>>> for chunk in delivery.chunks(): ...               # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zorgdata.sources.reader import is_message, read, read_many, recognise

__all__ = ["is_message", "read", "read_many", "recognise"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        import importlib

        return getattr(importlib.import_module("zorgdata.sources.reader"), name)
    raise AttributeError(f"module 'zorgdata.sources' has no attribute {name!r}")
