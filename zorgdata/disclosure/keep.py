"""Keeps what was found for a connected part, so that unchanged figures are verified and not solved again.

A part that is the same in every figure, bound and relation takes its whole outcome over: solving again would
give the same. A part that changed keeps its certificates only when they prove it as it stands, with nothing
more to hide. Either way every certificate that is used is verified again.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from zorgdata.disclosure.frame import Connection
from zorgdata.disclosure.system import HIDDEN, Certificates, Ints, System
from zorgdata.disclosure.verify import verify

_FIGURES = (
    *("x", "lower", "upper", "shown_lower", "shown_upper", "need_lower", "need_upper"),
    *("state", "weight", "cluster", "row", "col", "coef", "rhs"),
)


@dataclass(frozen=True)
class Found:
    """The outcome of one connected part, by its own cell numbers.

    ``needs``: (cell, low, high) of what was still asked of capped cells. ``unprotected``: (cell, direction).
    """

    print_: str
    secondary: Ints
    certificates: Certificates
    unprotected: tuple[tuple[int, int], ...] = ()
    needs: tuple[tuple[int, int, int], ...] = ()


@dataclass
class Kept:
    """What was found for parts, by the names of their cells."""

    found: dict[str, Found] = field(default_factory=dict)

    def take(self, part: System, key: str, print_: str) -> Found | None:
        """What may be taken over for a part; None when it has to be solved."""
        old = self.found.get(key)
        if old is None or old.print_ == print_:
            return old
        if old.needs or old.unprotected or (part.state[old.secondary] != HIDDEN).any():
            return None
        fits = len(part.x) > max((int(c.max(initial=-1)) for c, _ in old.certificates.tables), default=-1)
        if not fits or verify(part, old.certificates):
            return None
        return Found(print_, old.secondary, old.certificates)

    def still(self, part: System, key: str, found: Found) -> Found:
        """The same, with what was hidden for others before, is hidden from the start now, and is needed:
        a certificate goes where showing it would not let."""
        old = self.found.get(key)
        if old is None or not len(old.secondary):
            return found
        before = np.zeros(part.size, bool)
        before[old.secondary[part.state[old.secondary] == HIDDEN]] = True
        needed = np.isin(np.arange(part.size), found.secondary)
        for cells, moves in found.certificates.tables:
            value = part.x[cells] + moves
            beyond = (value < part.shown_lower[cells]) | (value > part.shown_upper[cells])
            needed[cells[beyond & before[cells]]] = True
        return replace(found, secondary=np.flatnonzero(needed))

    def dark(self, key: str, print_: str) -> dict[str, Found]:
        """Of a part of which nothing is shown any more: what was hidden for others, to be kept in mind."""
        old = self.found.get(key)
        return {key: Found(print_, old.secondary, Certificates())} if old is not None else {}


def key_of(part: System) -> str:
    """Names a part by its cells."""
    return hashlib.sha256("\n".join("\t".join(n) for n in part.names).encode()).hexdigest()


def print_of(part: System) -> str:
    """A fingerprint of every figure, bound and relation of a part."""
    digest = hashlib.sha256()
    for name in _FIGURES:
        digest.update(np.ascontiguousarray(getattr(part, name)).tobytes())
        digest.update(name.encode())
    return digest.hexdigest()


def pack(found: Found) -> bytes:
    """As bytes, to be stored inside the work database."""
    tables = found.certificates.tables
    arrays = {
        "secondary": found.secondary,
        "lengths": np.asarray([len(c) for c, _ in tables], np.int64),
        "cells": _joined(c for c, _ in tables),
        "moves": _joined(m for _, m in tables),
        "low": np.asarray(sorted(found.certificates.low.items()), np.int64).reshape(-1, 2),
        "high": np.asarray(sorted(found.certificates.high.items()), np.int64).reshape(-1, 2),
        "unprotected": np.asarray(found.unprotected, np.int64).reshape(-1, 2),
        "needs": np.asarray(found.needs, np.int64).reshape(-1, 3),
    }
    sink = io.BytesIO()
    np.savez_compressed(sink, **arrays)  # type: ignore[arg-type]
    return sink.getvalue()


def unpack(print_: str, data: bytes) -> Found:
    """What :func:`pack` made."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        cuts = np.cumsum(arrays["lengths"])[:-1]
        cells, moves = arrays["cells"], arrays["moves"]
        split = len(arrays["lengths"]) > 0
        tables = list(zip(np.split(cells, cuts), np.split(moves, cuts), strict=True)) if split else []
        low, high = (_pairs(arrays[name]) for name in ("low", "high"))
        return Found(
            print_,
            arrays["secondary"],
            Certificates(tables, low, high),
            tuple((int(c), int(s)) for c, s in arrays["unprotected"]),
            tuple((int(c), int(a), int(b)) for c, a, b in arrays["needs"]),
        )


_TABLE = """
create schema if not exists disclosure;
create table if not exists disclosure.found (
    audience varchar not null, time varchar not null, part varchar not null, print varchar not null,
    data blob not null
);
"""


def load(connection: Connection, audience: str) -> dict[str, Kept]:
    """What was found before for an audience, by school year."""
    there = connection.execute(
        "select count(*) from information_schema.tables "
        "where table_schema = 'disclosure' and table_name = 'found'"
    ).fetchone()
    kept: dict[str, Kept] = {}
    if there[0]:
        for time, part, print_, data in connection.execute(
            "select time, part, print, data from disclosure.found where audience = ?", [audience]
        ).fetchall():
            kept.setdefault(time, Kept()).found[part] = unpack(print_, bytes(data))
    return kept


def store(connection: Connection, audience: str, found: Iterable[tuple[str, Mapping[str, Found]]]) -> None:
    """Replaces what is kept for an audience by what was found now."""
    connection.execute(_TABLE)
    connection.execute("delete from disclosure.found where audience = ?", [audience])
    rows = [
        (audience, time, part, mine.print_, pack(mine))
        for time, parts in found
        for part, mine in parts.items()
    ]
    if rows:
        names = ("audience", "time", "part", "print", "data")
        columns = {n: pa.array(c) for n, c in zip(names, zip(*rows, strict=True), strict=True)}
        connection.register("disclosure_found", pa.table(columns))
        try:
            connection.execute("insert into disclosure.found select * from disclosure_found")
        finally:
            connection.unregister("disclosure_found")


def _joined(parts: Iterable[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *parts])


def _pairs(found: Ints) -> dict[int, int]:
    return {int(a): int(b) for a, b in found.tolist()}
