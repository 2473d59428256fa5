"""Which unknown columns may travel along: only those that cannot identify anyone."""

import re
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.sources.convert import texts_of
from zorgdata.sources.header_row import looks_like_data
from zorgdata.sources.profiles import header_key
from zorgdata.sources.raw import Raw

MAX_DISTINCT = 50
MAX_LENGTH = 40
_LONGEST_HEADER = 80

_WORDS = re.compile(
    "naam|name|voornamen|roep|achter|tussenvoegsel|voorvoegsel|voorlet|initia|prefix|"
    "adres|addr|straat|street|huisn|housen|house|woonplaats|postcode|postal|zip|"
    "mail|(^|_)tel|phone|mobiel|gsm|geboort|birth|leeftijd|bsn|burgerservice|sofi|pgn|onderwijsnummer|"
    "leerling|pupil|client|cliënt|patient|patiënt|dossier|persoon|ouder|voogd|verzorger|moeder|vader|"
    "broer|zus|gezin|contact|opmerking|toelichting|commentaar|notitie|memo|vrije|tekst|diagnose|"
    "iban|rekening|foto|gebruiker|user|medewerker|docent|leerkracht|mentor|begeleider|behandelaar|"
    "huisarts|indicatiesteller|ip_|eckid|sleutel|nationaliteit|(^|_)land|etnic|geloof|religie"
)
_TELLING = r"\d{8}|@"


def suspicious(header: str) -> bool:
    """Whether a header by its name may hold something that identifies."""
    return _WORDS.search(header_key(header)) is not None


def harmless(raws: Iterable[Raw], headers: Sequence[str]) -> Iterator[str]:
    """Of ``headers`` (keys of the raw columns) those whose values over the whole file identify no one.

    At most 50 distinct values, none longer than 40 characters, none with eight digits in a row or an @.
    """
    seen: dict[str, set[str]] = {header: set() for header in headers}
    for raw in raws:
        for header in list(seen):
            distinct = _distinct(raw.columns[header])
            seen[header] |= set(distinct.to_pylist())
            if len(seen[header]) > MAX_DISTINCT or _tells(distinct):
                del seen[header]
        if not seen:
            return
    yield from (header for header in headers if header in seen)


def _distinct(column: pa.Array) -> pa.Array:
    """Distinct texts; beyond the limit not all of them are needed."""
    texts = texts_of(column)
    return texts.unique().cast(pa.string()).drop_null()[: MAX_DISTINCT + 1]


def may_hold_records(cells: Sequence[str]) -> bool:
    """Whether a header row seems to hold a record as well, as when the line end between them was lost.

    Its cells may then be values of a child: they are not named, and no column travels along under them.
    """
    return looks_like_data(cells) or any(
        "\n" in cell.strip() or len(cell) > _LONGEST_HEADER or re.search(_TELLING, cell) for cell in cells
    )


def telling(text: str) -> bool:
    """Whether one text is too long to be a word of a list, or holds a number or address of someone."""
    return len(text) > MAX_LENGTH or re.search(_TELLING, re.sub(r"[\s.\-]", "", text)) is not None


def _tells(distinct: pa.Array) -> bool:
    """Whether a text is too long, or holds a number or address of someone."""
    if not len(distinct):
        return False
    compact = pc.replace_substring_regex(distinct, r"[\s.\-]", "")
    return bool(
        pc.any(pc.greater(pc.utf8_length(distinct), MAX_LENGTH)).as_py()
        or pc.any(pc.match_substring_regex(compact, _TELLING)).as_py()
    )
