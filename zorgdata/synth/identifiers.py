"""Identifiers that can belong to no one: BSN, BRIN, AGB, postcode, and invented names.

A BSN of the generator passes the eleven-test and starts with ``9`` (or ``099``): the first 9,000 lie in the
test range of the iJw standard (9999xxxxx), the others below it, above the numbers that are handed out.
"""

import numpy as np

from zorgdata.synth.calendar import Ints

_LEADING_ZERO_EVERY = 500


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    "Lum Tiv Orb Vel Sar Nim Dol Kar Fen Ris Bol Mer Tal Zon Wyn Gal Hes Jol Pir Cas Elm Ost Arv Und Ivo"
)
_MIDDLE = _words("a e i o u aa or el an ir os um ar en il ol ur et as im")
_LAST = _words("ra na lla dea nis vo ko mi ta sta len ris dro ma via")
_PLACE_FIRST = _words(
    "Ester Hammer Linder Wol Rieten Berken Dunner Grafter Krom Mars Tolder Vaar "
    "Oster Noorder Zilver Elzen Haver Iepen Jonker Klaver Molen Nieuwer Popel Sparren Wilgen"
)
_PLACE_LAST = _words(
    "loo dal voort meren monde rade veen horn wijde steden burg landen gaarde beke havel terp grond stroom"
)


def bsn(index: Ints) -> Ints:
    """BSN of a child by its index (0 up to about 8.9 million), as a number; distinct, valid, fictitious.

    Nine digits fit a seven-digit prefix ``p`` with sum ``S`` (weights 9..3) when ``2 d8 - d9 = -S`` modulo
    11; of the ten ``d8`` at most one asks for a tenth digit, so every prefix has nine numbers at least.
    One in 500 starts with a zero, to keep readers awake.
    """
    short = index % _LEADING_ZERO_EVERY == _LEADING_ZERO_EVERY - 1
    serial = np.where(short, index // _LEADING_ZERO_EVERY, index)
    prefix = np.where(short, 999_990 - serial // 9, 9_999_989 - serial // 9)
    digits = prefix[:, None] // 10 ** np.arange(6, -1, -1)[None, :] % 10
    total = digits @ np.arange(9, 2, -1)
    unfit = (10 - total) * 6 % 11
    eighth = serial % 9
    eighth = eighth + (eighth >= unfit)
    ninth = (total + 2 * eighth) % 11
    return np.asarray(prefix * 100 + eighth * 10 + ninth, dtype=np.int64)


def brin(serial: int) -> str:
    """The ``serial``-th of the 676 fictitious BRIN codes 99AA .. 99ZZ."""
    return f"99{chr(65 + serial // 26 % 26)}{chr(65 + serial % 26)}"


def agb(serial: Ints | int) -> Ints | int:
    """AGB codes 41990000 .. 41999999."""
    return 41_990_000 + serial


def invented_word(serial: int) -> str:
    """A name without meaning, distinct for every serial below 7,500."""
    count = len(_FIRST) * len(_MIDDLE) * len(_LAST)
    code = serial * 3_371 % count
    first, rest = divmod(code, len(_MIDDLE) * len(_LAST))
    return _FIRST[first] + _MIDDLE[rest // len(_LAST)] + _LAST[rest % len(_LAST)]


def place_name(region: int, number: int) -> str:
    """A municipality that does not exist; distinct per region (0..24) and number (0..17)."""
    return _PLACE_FIRST[(region + number * 7) % len(_PLACE_FIRST)] + _PLACE_LAST[number]
