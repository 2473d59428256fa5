"""What municipalities that merged would have delivered as one: a second implementation, pair by pair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.support.oracle import Row, standing

ONE_DAY = timedelta(days=1)
Mergers = Mapping[str, tuple[str, date]]
"""Old code: new code and its first day."""


@dataclass(eq=False)
class Piece:
    """An indication under one code and number."""

    code: str
    law: str
    number: str
    row: Row
    after: "Piece | None" = field(default=None)
    before: "Piece | None" = field(default=None)

    @property
    def start(self) -> date:
        day: date = self.row["start_date"]
        return day

    @property
    def end(self) -> date | None:
        return self.row.get("end_date")

    @property
    def order(self) -> tuple[str, int]:
        return self.number, self.row["line"]

    def share(self) -> float | None:
        """Part of the days as assigned that lie before the next piece begins."""
        if self.after is None:
            return 1
        if self.after.start <= self.start:
            return 0
        if self.end is None:
            return None
        return min(1, (self.after.start - self.start).days / ((self.end - self.start).days + 1))


def way(code: str, mergers: Mergers) -> list[tuple[str, date]]:
    """The codes that come after a code, each with its first day."""
    found = []
    while code in mergers:
        code, day = mergers[code]
        found.append((code, day))
    return found


def current(code: str, mergers: Mergers) -> str:
    """The code in use."""
    return way(code, mergers)[-1][0] if code in mergers else code


def as_one(
    indications: Sequence[Row], deliveries: Sequence[Row], mergers: Mergers
) -> tuple[list[Row], list[Row]]:
    """Indications and deliveries with every municipality under the code in use, and every number its own."""
    pieces = [Piece(code, law, number, row) for _, code, law, number, row in standing(indications)]
    _hand_over(pieces, mergers)
    rows: list[Row] = []
    for last in (piece for piece in pieces if piece.after is None):
        parts = _parts(last)
        rows.append(
            {
                **last.row,
                "municipality_code": current(last.code, mergers),
                "allocation_number": _name(parts[0]),
                "start_date": min(part.start for part in parts),
                "volume": _volume(parts),
                "change_reason": None,
                "decided_on": None,
                "decided_time": None,
            }
        )
    sent: list[Row] = []
    for row in deliveries:
        code = current(row["municipality_code"], mergers)
        same = [
            piece
            for piece in pieces
            if current(piece.code, mergers) == code
            and (piece.law == "jeugdwet" or piece.code == row["municipality_code"])
            and (piece.number, piece.row["child_id"]) == (row["allocation_number"], row["child_id"])
        ]
        own = row["municipality_code"]
        same.sort(key=lambda piece: (piece.code != own, piece.law != "jeugdwet", piece.code))
        name = _name(_parts(same[0])[0]) if same else row["allocation_number"]
        sent.append({**row, "municipality_code": code, "allocation_number": name})
    return rows, sent


def _name(first: Piece) -> str:
    return f"{first.number} of {first.code}"


def _parts(piece: Piece) -> list[Piece]:
    """The whole that a piece belongs to, from first to last."""
    while piece.before:
        piece = piece.before
    parts = [piece]
    while piece.after:
        piece = piece.after
        parts.append(piece)
    return parts


def _volume(parts: Sequence[Piece]) -> float | None:
    """Totals add up, by the days of each; any other volume is that of the last."""
    units = {part.row["unit"] for part in parts if part.row["unit"]}
    if len(units) != 1 or any(part.row["frequency"] != "6" for part in parts):
        volume: float | None = parts[-1].row["volume"]
        return volume
    shares = [part.share() for part in parts]
    if None in shares:
        return None
    return sum(
        part.row["volume"] * share for part, share in zip(parts, shares, strict=True) if share is not None
    )


def _hand_over(pieces: Sequence[Piece], mergers: Mergers) -> None:
    """Tie every piece to the one that takes it over."""
    fits = [
        (earlier, later, day)
        for earlier in pieces
        for code, day in way(earlier.code, mergers)
        for later in pieces
        if later.code == code and _fits(earlier, later, day)
    ]
    renumbered = [
        (earlier, later, day)
        for earlier, later, day in fits
        if not any(e.number == x.number and (e is earlier or x is later) for e, x, _ in fits)
    ]
    chosen: dict[Piece, tuple[date, date, tuple[str, int], Piece]] = {}
    for earlier, later, day in fits:
        if earlier.number != later.number:
            if not any(e is earlier and x is later for e, x, _ in renumbered):
                continue
            befores = sorted((e for e, x, _ in renumbered if x is later), key=lambda piece: piece.order)
            afters = sorted((x for e, x, _ in renumbered if e is earlier), key=lambda piece: piece.order)
            if befores.index(earlier) != afters.index(later):
                continue
        option = day, later.start, later.order, later
        if earlier not in chosen or option[:3] < chosen[earlier][:3]:
            chosen[earlier] = option
    for later in pieces:
        found = [(day, earlier) for earlier, (day, _, _, taker) in chosen.items() if taker is later]
        if found:
            latest = max(day for day, _ in found)
            later.before = min(
                (earlier for day, earlier in found if day == latest), key=lambda piece: piece.row["line"]
            )
            later.before.after = later


def _fits(earlier: Piece, later: Piece, day: date) -> bool:
    """Whether the later piece goes on with the earlier one under a code that begins on the day."""

    def same(*columns: str, default: Any = None) -> bool:
        return all((earlier.row.get(name) or default) == (later.row.get(name) or default) for name in columns)

    if earlier.law != later.law or not same("child_id", "provider_id", "product_category", "product_code"):
        return False
    if earlier.end is not None and later.start > earlier.end + ONE_DAY:
        return False
    if earlier.number == later.number:
        return later.end is None or earlier.start <= later.end + ONE_DAY
    total = earlier.row.get("frequency") == "6"
    return (
        earlier.start < later.start
        and same("unit", "frequency")
        and same("delivery_form", default="zin")
        and (total or earlier.row.get("volume") == later.row.get("volume"))
        and (
            later.start == day
            or (
                earlier.end is not None
                and later.start == earlier.end + ONE_DAY
                and earlier.row.get("change_reason") == "11"
            )
        )
    )
