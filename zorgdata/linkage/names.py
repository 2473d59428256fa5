"""Surnames as they are compared: without case, accents and prefix; by sound; and with a letter left out."""

import unicodedata

# Tussenvoegsels of Dutch and of the names most met in Dutch schools; they are written, left out and moved.
_PREFIXES = frozenset(
    {"van", "de", "der", "den", "het", "t", "te", "ten", "ter", "op", "in", "aan", "bij", "over", "onder"}
    | {"uit", "voor", "von", "zu", "el", "al", "la", "le", "du", "da", "dos", "di", "ben", "bin", "ibn", "d"}
)
# Spellings that sound the same in Dutch, in the order in which they are replaced.
_SOUNDS = (
    ("sch", "s"),
    ("tj", "t"),
    ("ck", "k"),
    ("ch", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("qu", "k"),
    ("dt", "t"),
    ("ij", "y"),
    ("ei", "y"),
    ("ie", "i"),
    ("oe", "u"),
    ("ou", "a"),
    ("au", "a"),
    ("c", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("z", "s"),
    ("v", "f"),
    ("h", ""),
)
_VOWELS = frozenset("aeiouy")
# Letters that Unicode does not decompose into a letter and an accent.
_PLAIN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def surname_key(name: str) -> str | None:
    """A surname in lower case letters without accents and prefixes: ``'t Hoën-de Vries`` is ``hoenvries``.

    A name of nothing but prefixes keeps them (``De Op``); None when no letter is left.
    """
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_PLAIN)
    words = "".join(c if c.isalpha() else " " for c in plain if not unicodedata.combining(c)).split()
    kept = [word for word in words if word not in _PREFIXES] or words
    return "".join(kept) or None


def sound_key(key: str) -> str:
    """How a ``surname_key`` sounds in Dutch, roughly: ``jansen``, ``janssen`` and ``jansens`` are ``jnsn``.

    Vowels after the first letter go, doubled letters become one, as do spellings of one sound (ij and ei, ou
    and au, c and k, v and f, z and s), a final d is a t, and a final s (the genitive) falls away.
    """
    sound = key
    for spelling, replacement in _SOUNDS:
        sound = sound.replace(spelling, replacement)
    if not sound:
        return key
    first, rest = sound[0], "".join(c for c in sound[1:] if c not in _VOWELS)
    letters = first
    for letter in rest:
        if letter != letters[-1]:
            letters += letter
    if len(letters) > 2 and letters.endswith("s"):
        letters = letters[:-1]
    return letters[:-1] + "t" if letters.endswith("d") else letters


def near_keys(text: str) -> list[str]:
    """The text and every text with one character left out, each once.

    Two texts that differ in one character (another, one more, one less, two adjacent ones swapped) share at
    least one of these, so that a typing error can be seen by comparing codes. Source: the symmetric
    deletion of Garbe's SymSpell.
    """
    return sorted({text, *(text[:i] + text[i + 1 :] for i in range(len(text)))} - {""})
