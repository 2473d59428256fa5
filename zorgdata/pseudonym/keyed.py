"""HMAC-SHA-256 under purpose keys derived from one master key.

pseudonym = first 128 bits of HMAC(purpose key, domain + "\\0" + value), in hex. A plain or salted hash would
be no protection: all valid BSNs can be tried in a minute. A key per purpose means that a pseudonym of a child
says nothing about that of a worker, and that the two cannot be compared.
"""

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from stdnum.nl import bsn as stdnum_bsn

VERSION = "v1"
_REMEMBERED = 300_000
"""So many numbers are remembered at most: some 60 MB."""


class Pseudonymiser:
    """Makes pseudonyms under one master key (32 bytes). Remembers nothing but while :meth:`remembering`."""

    def __init__(self, master: bytes) -> None:
        self._children = _derive(master, "child")
        self._persons = _derive(master, "person")
        self._workers = _derive(master, "worker")
        self._linkage = _derive(master, "linkage")
        self._known: dict[str, str | None] = {}
        self._room = 0
        self.label = f"{VERSION}:{_derive(master, 'label')[:4].hex()}"

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """While it lasts a number is tested and hashed once: a child comes in many files of one delivery.

        Numbers are kept in memory only, so many at most, and are gone at the end.
        """
        self._room = _REMEMBERED
        try:
            yield
        finally:
            self._room = 0
            self._known.clear()

    def children(self, numbers: pa.Array) -> pa.Array:
        """Pseudonyms of BSNs (text); null where the number is empty or fails the eleven-test."""
        known = self._known

        def one(number: str) -> str | None:
            if number in known:
                return known[number]
            digits = normal_bsn(number)
            made = _digest(self._children, "bsn", digits) if digits else None
            if len(known) < self._room:
                known[number] = made
            return made

        return _per_distinct(numbers, one)

    def persons(self, descriptions: pa.Array) -> pa.Array:
        """Pseudonyms of persons without a BSN, from a text that describes them."""
        return _per_distinct(descriptions, lambda text: _digest(self._persons, "person", text))

    def workers(self, identifiers: pa.Array) -> pa.Array:
        """Pseudonyms of professionals."""
        return _per_distinct(identifiers, lambda text: _digest(self._workers, "worker", text))

    def linkage_codes(self, domain: str, values: pa.Array) -> pa.Array:
        """64-bit keyed codes of an attribute (text), for comparing persons without a shared number.

        Equal texts of one ``domain`` have equal codes; null stays null. Short, because a code only has to
        tell values of one attribute apart, and is no pseudonym of anybody.
        """
        encoded = pc.dictionary_encode(_flat(values).cast(pa.string()))
        made = pa.array([self._code(domain, text) for text in encoded.dictionary.to_pylist()], pa.int64())
        return made.take(encoded.indices)

    def linkage_code_sets(
        self, domain: str, values: pa.Array, texts_of: Callable[[str], list[str]]
    ) -> pa.Array:
        """Per value the sorted codes of the texts that ``texts_of`` makes of it; null stays null."""
        encoded = pc.dictionary_encode(_flat(values).cast(pa.string()))
        made = [sorted(self._code(domain, t) for t in texts_of(v)) for v in encoded.dictionary.to_pylist()]
        return pa.array(made, pa.list_(pa.int64())).take(encoded.indices)

    def _code(self, domain: str, text: str) -> int:
        made = hmac.digest(self._linkage, f"{domain}\0{text}".encode(), "sha256")
        # Signed: DuckDB cannot push a comparison with a larger integer down into an Arrow table.
        return int.from_bytes(made[:8], "big", signed=True)


def normal_bsn(number: str) -> str | None:
    """The nine digits of a BSN, or None when it is none.

    Eight digits are padded (spreadsheets drop the leading zero); the sentinels 000000000 and 999999999
    mean "unknown" in CBS files and are no number.
    """
    digits = number.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) not in {8, 9}:
        return None
    digits = digits.zfill(9)
    # Of the library only the sum: the rest of its test has been done, and takes four times as long.
    passes = stdnum_bsn.checksum(digits) == 0
    return digits if passes and digits not in {"000000000", "999999999"} else None


def _derive(master: bytes, purpose: str) -> bytes:
    info = f"zorgdata/{VERSION}/{purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(master)


def _digest(key: bytes, domain: str, value: str) -> str:
    return hmac.digest(key, f"{domain}\0{value}".encode(), "sha256")[:16].hex()


def _per_distinct(values: pa.Array, one: Callable[[str], str | None]) -> pa.Array:
    """Apply ``one`` to each distinct value; pupils and children recur over years and rows."""
    encoded = pc.dictionary_encode(_flat(values).cast(pa.string()))
    made = pa.array([one(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return made.take(encoded.indices)


def _flat(values: pa.Array) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
