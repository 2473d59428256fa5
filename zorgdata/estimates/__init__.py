"""Estimates that SQL cannot compute: survival curves, resampled intervals, shrinkage, overdispersion.

Each is a function from the rows of a model's select to the rows of its table, both as Arrow tables; the
model names it in its header (``function = "zorgdata.estimates.survival:figures"``). The formulas are in
``zorgdata.stats``; what is here groups rows and names columns. No function reads a file, a clock or chance:
draws have a fixed seed, and the order of the rows does not matter.
"""

from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from zorgdata.engine import Function

if TYPE_CHECKING:
    import pyarrow as pa

NAMES: tuple[str, ...] = (
    "zorgdata.estimates.survival:figures",
    "zorgdata.estimates.intervals:means",
    "zorgdata.estimates.intervals:rates",
    "zorgdata.estimates.spread:schools",
)
"""Every function that a model may name."""


def functions() -> dict[str, Function]:
    """What models may name as ``function``. The modules are loaded when a build calls them."""
    return {name: Function(_Lazy(name), _code()) for name in NAMES}


class _Lazy:
    """Calls ``package.module:name``; the module is imported at the first call."""

    def __init__(self, name: str) -> None:
        self._module, _, self._name = name.partition(":")

    def __call__(self, rows: "pa.Table") -> "pa.Table":
        made: pa.Table = getattr(import_module(self._module), self._name)(rows)
        return made


@cache
def _code() -> str:
    """A hash over the code of estimates and statistics: a table is as old as what computed it."""
    digest = sha256()
    for package in ("zorgdata.estimates", "zorgdata.stats"):
        for file in sorted(files(package).iterdir(), key=_name):
            if file.name.endswith(".py"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _name(file: Traversable) -> str:
    return file.name
