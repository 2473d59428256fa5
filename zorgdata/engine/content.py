"""What a table holds, as a short text: a build stops where a table came out the same as before.

Fingerprints tell what a table was made *of*; they change with every delivery. What it *holds* often does not:
a file delivered once more, or a new column that no figure uses, changes nothing further on. What a table
holds is told by ``assertions.look_at``.
"""

from collections.abc import Iterable, Mapping

from zorgdata.engine.state import Fingerprint, digest


def content_of_view(stamp: Fingerprint, made_from: str) -> str:
    """A view holds what its select makes of what it reads; empty when that is not known."""
    return digest(stamp.sql, stamp.inputs, made_from) if made_from else ""


def made_from(contents: Mapping[str, str], upstream: Iterable[str]) -> str:
    """One text for what all of ``upstream`` hold; empty when that is not known of one of them."""
    parts = [(name, contents.get(name, "")) for name in upstream]
    return digest(*(f"{name}={held}" for name, held in parts)) if all(held for _, held in parts) else ""
