"""Columns that several kinds share, and the short way to write one down."""

from zorgdata.sources.kinds.model import Column, Type

SCHOOL_TYPES = ("BO", "SBO", "SO", "VSO", "SO/VSO", "PRO", "VO", "MBO")


def column(spec: str, type_: Type = Type.TEXT, width: int = 0, choices: tuple[str, ...] = ()) -> Column:
    """``"header* -> name"``: the star marks a required column, the arrow its English name."""
    header, _, name = (part.strip() for part in spec.partition("->"))
    required = header.endswith("*")
    header = header.rstrip("*")
    return Column(header, name or header, type_, required, width, choices)


MUNICIPALITY = column("gemeentecode* -> municipality_code", Type.CODE, 4)
BSN = column("bsn -> bsn", Type.BSN)
BSN_REQUIRED = column("bsn* -> bsn", Type.BSN)
BIRTH = column("geboortedatum -> birth_date", Type.BIRTH_DATE)
SEX = column("geslacht -> sex", Type.SEX)
POSTCODE = column("postcode -> postcode", Type.POSTCODE)
SURNAME = column("achternaam -> last_name", Type.NAME)
INITIALS = column("voorletters -> initials", Type.NAME)
AGB = column("aanbieder_agb* -> provider_id", Type.CODE, 8)
ALLOCATION = column("toewijzingnummer -> allocation_number")
CATEGORY = column("productcategorie -> product_category", Type.CODE, 2)
PRODUCT = column("productcode -> product_code")
BRIN = column("brin -> brin", Type.SCHOOL_PART, 4)
BRANCH = column("vestiging -> branch", Type.SCHOOL_PART, 2)
BRIN6 = column("brin6 -> school_id", Type.CODE, 6)
SCHOOL = (BRIN, BRANCH, BRIN6)
ONE_SCHOOL = (("school_id", "brin"),)
BEGIN = column("begindatum* -> start_date", Type.DATE)
END = column("einddatum -> end_date", Type.END_DATE)
INTERVAL = ("start_date", "end_date")
