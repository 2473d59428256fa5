"""The protected table: the only type that reports, charts, sentences and exports accept.

A :class:`ProtectedTable` cannot be made by hand. Its constructor asks for a token that only the certifying
step of this package holds, so whoever has one knows that every number in it passed the disclosure rules.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from zorgdata.errors import DisclosureError

SHOWN: Final = "shown"
SUPPRESSED: Final = "suppressed"
SECONDARY: Final = "suppressed_secondary"
TOP_CODED: Final = "top_coded"
NOT_APPLICABLE: Final = "not_applicable"

SIGN: Final = "."
"""The one sign of every suppressed cell."""

KEY: Final = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value")


@dataclass(frozen=True, slots=True)
class Cell:
    """One protected figure.

    ``value`` is what is published (rounded); the bound when top-coded; None when hidden or not applicable.
    ``display`` is the same in Dutch notation, ``.`` when hidden. Empty text in the key means "none".
    ``reference_date`` is an ISO date.
    """

    metric: str
    level: str
    unit_id: str
    period: str
    reference_date: str
    dimension: str
    dimension_value: str
    value: float | None
    display: str
    cell_status: str

    @property
    def key(self) -> tuple[str, str, str, str, str, str, str]:
        """What identifies the cell within an audience."""
        return (
            self.metric,
            self.level,
            self.unit_id,
            self.period,
            self.reference_date,
            self.dimension,
            self.dimension_value,
        )

    @property
    def name(self) -> str:
        """The key as one text, as used in ``data-cell`` attributes and by ``protect --explain``."""
        return "|".join(self.key)

    @property
    def shown(self) -> bool:
        """True when ``value`` is the published figure itself."""
        return self.cell_status == SHOWN

    @property
    def hidden(self) -> bool:
        """True when a figure exists but is not shown."""
        return self.cell_status in (SUPPRESSED, SECONDARY)


_COLUMNS: Final = tuple(f.name for f in fields(Cell))


class _Certificate:
    """Proof of origin; the one instance below stays inside this package."""

    __slots__ = ()


_CERTIFIED: Final = _Certificate()


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """Protected cells of one audience, in the order of their key."""

    audience: str
    cells: tuple[Cell, ...]
    token: _Certificate

    def __post_init__(self) -> None:
        if self.token is not _CERTIFIED:
            raise DisclosureError(
                "A protected table can only come from the disclosure step.",
                "Read it with zorgdata.disclosure.read_protected.",
            )

    def __reduce__(self) -> Any:
        # A pickled table would be a table without its origin.
        raise DisclosureError("A protected table cannot be pickled.", "Read it again where it is needed.")

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of :meth:`rows`."""
        return _COLUMNS

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)

    def rows(self) -> list[dict[str, Any]]:
        """Every cell as a dictionary."""
        return [{name: getattr(cell, name) for name in _COLUMNS} for cell in self.cells]

    def select(self, keep: Callable[[Cell], bool]) -> "ProtectedTable":
        """The cells for which ``keep`` is true."""
        return ProtectedTable(self.audience, tuple(c for c in self.cells if keep(c)), _CERTIFIED)

    def filter(self, **key: str | Sequence[str] | None) -> "ProtectedTable":
        """Cells whose key columns have this value, or one of these values: ``filter(metric="care_share")``.

        None leaves a column free. An unknown column is a ``TypeError``.
        """
        wanted: dict[str, frozenset[str]] = {}
        for name, value in key.items():
            if name not in KEY and name != "cell_status":
                raise TypeError(f"no key column {name!r}")
            if value is not None:
                wanted[name] = frozenset((value,)) if isinstance(value, str) else frozenset(value)
        return self.select(lambda c: all(getattr(c, name) in values for name, values in wanted.items()))

    def cell(self, **key: str) -> Cell | None:
        """The one cell with these key values; None when there is none; ``ValueError`` when there are more."""
        found = self.filter(**key).cells
        if len(found) > 1:
            raise ValueError(f"{len(found)} cells match {sorted(key)}")
        return found[0] if found else None

    def distinct(self, column: str) -> tuple[str, ...]:
        """The values of a key column, ordered."""
        return tuple(sorted({getattr(c, column) for c in self.cells}))

    def pivot(self, rows: str, columns: str) -> dict[str, dict[str, Cell]]:
        """Cells by two key columns: ``pivot("unit_id", "period")["9901"]["2023-2024"]``.

        Raises ``ValueError`` when two cells would fall together: filter first.
        """
        out: dict[str, dict[str, Cell]] = {}
        for cell in self.cells:
            row = out.setdefault(getattr(cell, rows), {})
            column = getattr(cell, columns)
            if column in row:
                raise ValueError(f"more than one cell for {rows}={getattr(cell, rows)}, {columns}={column}")
            row[column] = cell
        return out

    def displays(self) -> frozenset[str]:
        """Every display that may appear in print."""
        return frozenset(c.display for c in self.cells)


def certify(audience: str, cells: Sequence[Cell]) -> ProtectedTable:
    """Makes a table; called by the reader of ``protected.value`` and nowhere outside this package."""
    return ProtectedTable(audience, tuple(sorted(cells, key=lambda c: c.key)), _CERTIFIED)
