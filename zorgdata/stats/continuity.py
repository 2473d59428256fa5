"""Visit-based continuity indices of one child: the published ones, over contacts in order of time.

A contact is an indication or trajectory started; the party is the provider as organisation, so these say
"continuity of provider", never "experienced continuity". Most children have one to three contacts a year:
use at least two years and three contacts, as a benchmark with the literature. Never put days in these
formulas: COC depends on the unit (METRICS 2.1); for days use HHI.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Continuity:
    """Indices between 0 and 1; ``None`` = undefined. ``contacts`` = N, ``providers`` = M."""

    upc: float | None
    coc: float | None
    secon: float | None
    mmci: float | None
    hhi: float | None
    contacts: int = 0
    providers: int = 0


def continuity(sequence: Iterable[Hashable | None]) -> Continuity:
    """Continuity of a sequence of providers, one entry per contact, in order of date.

    With N contacts, n_i of them with provider i, M providers:
    UPC = max n_i / N (N ≥ 2); COC = (Σn_i² − N) / (N(N − 1)) (N ≥ 2); SECON = share of the N − 1 successive
    pairs with the same provider (N ≥ 2); MMCI = (N + 0.1 − M) / (N − 0.9) (N ≥ 2); HHI = Σ(n_i/N)² (N ≥ 1).

    Contacts without provider (``None``) are dropped before anything is counted. Order matters to SECON
    only; the caller sorts by (date, provider) so that ties are stable. Below the minimum N undefined, since
    one contact shows no continuity. Identity: COC = (N·HHI − 1)/(N − 1).
    Source: Breslau & Haug 1976 (UPC); Bice & Boxerman 1977 (COC); Steinwachs 1979 (SECON); Magill & Senf
    1987 (MMCI).
    """
    contacts = [provider for provider in sequence if provider is not None]
    n = len(contacts)
    counts = Counter(contacts)
    m = len(counts)
    if n == 0:
        return Continuity(None, None, None, None, None)
    squares = sum(count * count for count in counts.values())
    hhi = squares / (n * n)
    if n == 1:
        return Continuity(None, None, None, None, hhi, n, m)
    same = sum(a == b for a, b in pairwise(contacts))
    return Continuity(
        upc=max(counts.values()) / n,
        coc=(squares - n) / (n * (n - 1)),
        secon=same / (n - 1),
        # With one provider numerator and denominator are the same number, written apart only by rounding.
        mmci=1.0 if m == 1 else (n + 0.1 - m) / (n - 0.9),
        hhi=hhi,
        contacts=n,
        providers=m,
    )
