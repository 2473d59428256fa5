"""From identifying values in memory to keyed codes that may be kept for matching.

Made per record before the identifying values are dropped. Only these codes are stored, in the encrypted work
database and under retention; the codes have a key of their own, so that they match nothing elsewhere. What a
later comparison needs besides equality (a typing error, a swapped day and month, a move within the
neighbourhood) is coded as an attribute of its own, not as a Bloom filter, of which the pattern can be solved.
"""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.linkage.names import near_keys, sound_key, surname_key
from zorgdata.pseudonym.keyed import Pseudonymiser, normal_bsn

_CODE = pa.int64()
KEY_SCHEMA = pa.schema(
    [
        ("is_bsn", pa.bool_()),
        ("birth_date", _CODE),
        ("birth_swapped", _CODE),
        ("birth_ym", _CODE),
        ("birth_yd", _CODE),
        ("birth_md", _CODE),
        ("sex", _CODE),
        ("pc6", _CODE),
        ("pc6_near", pa.list_(_CODE)),
        ("pc4", _CODE),
        ("name", _CODE),
        ("name_sound", _CODE),
        ("name_near", pa.list_(_CODE)),
        ("initial", _CODE),
    ]
)
"""What is kept of a record for matching, see ``linkage_keys``."""


DESCRIBING = ("bsn", "birth_date", "birth_date_exact", "sex", "postcode", "last_name", "initials")
"""The columns that codes are made of."""


def linkage_keys(records: pa.Table, pseudonyms: Pseudonymiser) -> pa.Table:
    """Codes of the identifying columns of ``records``, row by row, with ``KEY_SCHEMA``.

    - ``is_bsn``: the record has a valid BSN, so that its child is known without matching.
    - ``birth_date``; ``birth_swapped`` is the code the date would have with day and month swapped (null when
      that is no date); ``birth_ym``, ``birth_yd``, ``birth_md`` leave one of its parts out. A date of which
      only month and year are known (``birth_date_exact`` false) has ``birth_ym`` alone.
    - ``sex`` only when m or f; ``pc6`` the postcode, ``pc6_near`` it and every text with a character left
      out, ``pc4`` its digits.
    - ``name`` the surname key, ``name_sound`` how it sounds, ``name_near`` as with the postcode;
      ``initial`` the first letter of the initials.

    A column that is absent or empty gives null. Sizes: 64 bits a code.
    """
    size = records.num_rows

    def text(name: str) -> pa.Array:
        if name not in records.column_names:
            return pa.nulls(size, pa.string())
        return records[name].combine_chunks().cast(pa.string())

    def code(domain: str, values: pa.Array) -> pa.Array:
        return pseudonyms.linkage_codes(domain, values)

    birth = text("birth_date")
    exact = birth
    if "birth_date_exact" in records.column_names:
        known = pc.fill_null(records["birth_date_exact"].combine_chunks(), True)
        exact = pc.if_else(known, birth, None)
    postcode = _mapped(text("postcode"), _postcode)
    name = _mapped(text("last_name"), surname_key)
    sex = text("sex")
    return pa.table(
        [
            pc.is_valid(_mapped(text("bsn"), normal_bsn)),
            code("birth", exact),
            code("birth", _mapped(exact, _swapped)),
            code("birth ym", _mapped(birth, lambda d: d[:7])),
            code("birth yd", _mapped(exact, lambda d: d[:4] + d[7:])),
            code("birth md", _mapped(exact, lambda d: d[5:])),
            code("sex", pc.if_else(pc.is_in(sex, pa.array(["m", "f"])), sex, None)),
            code("postcode", postcode),
            pseudonyms.linkage_code_sets("postcode near", postcode, near_keys),
            code("pc4", pc.utf8_slice_codeunits(postcode, 0, 4)),
            code("name", name),
            code("name sound", _mapped(name, sound_key)),
            pseudonyms.linkage_code_sets("name near", name, near_keys),
            code("initial", _mapped(text("initials"), _initial)),
        ],
        schema=KEY_SCHEMA,
    )


def _postcode(text: str) -> str | None:
    plain = text.replace(" ", "").upper()
    return plain if len(plain) == 6 else None


def _swapped(iso: str) -> str | None:
    """``2012-03-04`` becomes ``2012-04-03``; None when the day is no month."""
    year, month, day = iso.split("-")
    return f"{year}-{day}-{month}" if int(day) <= 12 else None


def _initial(initials: str) -> str | None:
    key = surname_key(initials[:1])
    return key[0] if key else None


def _mapped(values: pa.Array, function: Callable[[str], str | None]) -> pa.Array:
    """``function`` of every distinct text; null stays null."""
    encoded = pc.dictionary_encode(values)
    made = pa.array([function(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return made.take(encoded.indices)
