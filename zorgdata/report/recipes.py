"""Charts that are described now and built only when nobody drew them before.

Describing and drawing a chart costs a tenth of a second or more; the same points give the same picture. A
:class:`Recipe` is known by its arguments, so a picture is found before anything is built: within one run in
memory, between runs in a folder (:func:`kept_in`). The folder holds drawings of protected figures only.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache, wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, ParamSpec

from zorgdata.report.language import spoken

P = ParamSpec("P")
KEPT: Final = 2000
"""Drawings kept in a folder; the ones longest unused go first."""

_folder: ContextVar[Path | None] = ContextVar("drawings", default=None)


class Recipe(Mapping[str, Any]):
    """A Vega-Lite specification that is built when it is first looked into."""

    def __init__(self, make: Callable[[], dict[str, Any]], words: str) -> None:
        self._make = make
        self._words = words

    @cached_property
    def key(self) -> str:
        """What the drawing depends on: its arguments, the language and the code that draws."""
        parts = (_program(), spoken(), self._words)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @cached_property
    def spec(self) -> dict[str, Any]:
        """The specification. Altair would hold every part against its schema; the tests do that once."""
        from altair.utils.schemapi import debug_mode

        with debug_mode(False):
            return self._make()

    def __getitem__(self, name: str) -> Any:
        return self.spec[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.spec)

    def __len__(self) -> int:
        return len(self.spec)


def chart(make: Callable[P, dict[str, Any]]) -> Callable[P, Recipe]:
    """A function that makes a specification becomes one that gives its recipe."""

    @wraps(make)
    def described(*args: P.args, **kwargs: P.kwargs) -> Recipe:
        return Recipe(lambda: make(*args, **kwargs), repr((make.__qualname__, args, sorted(kwargs.items()))))

    return described


@lru_cache(maxsize=1)
def _program() -> str:
    """The code that describes and draws, and the libraries it stands on."""
    digest = hashlib.sha256()
    for path in [*sorted(Path(__file__).parent.glob("charts*.py")), Path(__file__).with_name("svg.py")]:
        digest.update(path.read_bytes())
    return " ".join([digest.hexdigest(), *(version(name) for name in ("altair", "vl-convert-python"))])


@contextmanager
def kept_in(folder: Path | None) -> Iterator[None]:
    """Drawings made within are kept in this folder and taken from it; None keeps nothing."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)
        if folder is not None:
            _prune(folder)


def find(key: str) -> str | None:
    """A drawing kept earlier."""
    folder = _folder.get()
    if folder is None:
        return None
    path = folder / f"{key}.svg"
    try:
        text = path.read_text(encoding="utf-8")
        os.utime(path)
    except OSError:
        return None
    # Half a file of a run that was killed is no drawing.
    return text if text.endswith("</svg>") else None


def keep(key: str, drawing: str) -> None:
    """Keep a drawing for a later run; one that cannot be written is made again then."""
    folder = _folder.get()
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{key}.{os.getpid()}.new"
        fresh.write_text(drawing, encoding="utf-8")
        fresh.replace(folder / f"{key}.svg")
    except OSError:
        return


def _prune(folder: Path) -> None:
    try:
        drawings = sorted(folder.glob("*.svg"), key=lambda p: p.stat().st_mtime)
    except OSError:
        return
    for path in drawings[:-KEPT]:
        path.unlink(missing_ok=True)
