"""Where the files beside the package are: sql/, templates/, pipelines/, sample_data/.

In a checkout (and an editable install) they stand at the top of the repository; in a wheel they travel
as ``zorgdata/_assets`` (hatchling ``force-include``).
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def asset(*parts: str) -> Path:
    """Path of an asset, for example ``asset("sql", "core")``."""
    installed = _PACKAGE / "_assets"
    root = installed if installed.is_dir() else _PACKAGE.parent
    return root.joinpath(*parts)
