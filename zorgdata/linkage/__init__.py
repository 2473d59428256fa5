"""Children without a shared number: keyed codes for matching, and who is whom.

A landing keeps codes of the identifying values it is about to drop (``KeyKeeper``, ``linkage_keys``); between
landing and models ``link`` turns them into ``raw.child_link``, with which staging replaces the pseudonym of a
child without a BSN by that of the person it is.
"""

from zorgdata.linkage.keys import linkage_keys
from zorgdata.linkage.link import LinkOptions, Outcome, link
from zorgdata.linkage.report import (
    LinkageReport,
    Quality,
    linkage_report,
    measure,
    rates_by_municipality,
    rates_by_school,
    review_pairs,
    write_review,
)
from zorgdata.linkage.store import (
    KeyKeeper,
    prepare_linkage,
    prune_keys,
    read_decisions,
    same_persons,
)

__all__ = [
    "KeyKeeper",
    "LinkOptions",
    "LinkageReport",
    "Outcome",
    "Quality",
    "link",
    "linkage_keys",
    "linkage_report",
    "measure",
    "prepare_linkage",
    "prune_keys",
    "rates_by_municipality",
    "rates_by_school",
    "read_decisions",
    "review_pairs",
    "same_persons",
    "write_review",
]
