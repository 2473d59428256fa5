"""A folder for originals that must be on disk for a moment, inside the closed warehouse folder.

A killed program leaves it behind, with persons in it; so the next one that opens the workspace removes it.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zorgdata.workspace import Workspace

_PREFIX = "scratch-"


@contextmanager
def scratch(workspace: Workspace) -> Iterator[Path]:
    """A folder that is gone afterwards; the caller holds the lock."""
    with tempfile.TemporaryDirectory(dir=workspace.warehouse, prefix=_PREFIX) as folder:
        yield Path(folder)


def clear_scratch(workspace: Workspace) -> None:
    """Remove what a killed program left; the caller holds the lock."""
    for left in workspace.warehouse.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
