"""Children without a shared number: keyed codes for matching, and who is whom."""

from zorgdata.linkage.keys import linkage_keys
from zorgdata.linkage.store import (
    forget_keys,
    keep_keys,
    prepare_linkage,
    prune_keys,
    read_decisions,
    same_persons,
)

__all__ = [
    "forget_keys",
    "keep_keys",
    "linkage_keys",
    "prepare_linkage",
    "prune_keys",
    "read_decisions",
    "same_persons",
]
