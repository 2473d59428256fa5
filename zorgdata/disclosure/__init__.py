"""What may be shown of the figures, and the proof that nothing more can be derived from it.

``protect`` writes ``protected.value`` for an audience; ``read_protected`` hands out the
:class:`ProtectedTable` that reports and exports are made from.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zorgdata.disclosure.gate import Verdict, protect, read_protected
    from zorgdata.disclosure.table import Cell, ProtectedTable

__all__ = ["Cell", "ProtectedTable", "Verdict", "protect", "read_protected"]

_HOMES = {
    "Cell": "table",
    "ProtectedTable": "table",
    "Verdict": "gate",
    "protect": "gate",
    "read_protected": "gate",
}


def __getattr__(name: str) -> Any:
    # Lazily: a command that only prints its help should not wait for numpy.
    if name not in _HOMES:
        raise AttributeError(name)
    import importlib

    return getattr(importlib.import_module(f"zorgdata.disclosure.{_HOMES[name]}"), name)
