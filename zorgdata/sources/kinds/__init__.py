"""The kinds of input and their columns: the contract with whoever delivers, as data.

Each column has the Dutch header a delivery uses, the English name it gets, and a type that decides how a
text becomes a value. ``required`` groups: every entry names alternatives of which at least one must be in
the header (and filled); ``("bsn", "birth_date")`` reads "a bsn, or else a birth date".
"""

from zorgdata.sources.kinds.care import CARE
from zorgdata.sources.kinds.columns import SCHOOL_TYPES
from zorgdata.sources.kinds.model import IDENTIFYING, Column, Kind, Type
from zorgdata.sources.kinds.programme import PROGRAMME
from zorgdata.sources.kinds.schools import SCHOOLS
from zorgdata.sources.kinds.surroundings import SURROUNDINGS

__all__ = ["IDENTIFYING", "KINDS", "SCHOOL_TYPES", "Column", "Kind", "Type"]

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*CARE, *SCHOOLS, *SURROUNDINGS, *PROGRAMME)}
