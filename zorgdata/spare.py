"""The program does without pandas, also where it is installed for something else.

DuckDB asks pandas at the first bound value, and pyarrow at the first list, whether a value is one of its
nulls. Where pandas is installed they import it for that: two seconds, in every command. Here importing it
fails. Only the program does this, in its own process; a notebook that imports ``zorgdata`` keeps its pandas.
"""

import sys
from collections.abc import Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Refusing(Loader):
    """Fails when the module is loaded, not when somebody looks whether there is one (polars does)."""

    def exec_module(self, module: ModuleType) -> None:
        raise ModuleNotFoundError(f"No module named '{module.__name__}'", name=module.__name__)


class _Absent:
    """Stands before the real finders and knows one module."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, _Refusing()) if name == "pandas" else None


def spare_pandas() -> None:
    """Let nothing in this process import pandas from now on."""
    if _Absent not in sys.meta_path:
        sys.meta_path.insert(0, _Absent)


def allow_pandas() -> None:
    """Take that back, for a library that needs it."""
    if _Absent in sys.meta_path:
        sys.meta_path.remove(_Absent)
