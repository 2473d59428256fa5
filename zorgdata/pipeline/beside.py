"""Files that appear whole: written beside the old one and renamed over it, so a reader never sees a half."""

import os
from pathlib import Path

PREFIX = ".new-"
"""Of a file or folder that is not finished; a killed run may leave one behind."""


def write_beside(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``: the old content or the new, also after a power cut. Folders are made.

    What was begun is removed when it cannot be finished. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{PREFIX}{path.name}")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # else the name could outlive the content
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
