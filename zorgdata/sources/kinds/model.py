"""What the kinds of input are made of: types, columns, kinds."""

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """How a text becomes a value, and what of it may be stored."""

    BSN = "bsn"  # identifying; stored as child_id
    BIRTH_DATE = "birth_date"  # identifying; stored as birth_month (first of the month)
    POSTCODE = "postcode"  # identifying; stored as pc4
    NAME = "name"  # identifying; never stored
    PUPIL_NUMBER = "pupil_number"  # identifying; never stored
    WORKER = "worker"  # identifying; stored as a pseudonym
    SEX = "sex"  # m, f or x; unknown is null
    DATE = "date"
    END_DATE = "end_date"  # a date whose sentinels mean an open end
    TIME = "time"
    INTEGER = "integer"
    DECIMAL = "decimal"
    CENTS = "cents"
    FLAG = "flag"  # j/n, ja/nee, true/false, 1/0
    SCHOOL_PART = "school_part"  # brin or branch; stored joined, as school_id
    CODE = "code"  # text of fixed width, leading zeros restored
    CHOICE = "choice"  # one of a fixed set
    TEXT = "text"


IDENTIFYING = frozenset({Type.BSN, Type.BIRTH_DATE, Type.POSTCODE, Type.NAME, Type.PUPIL_NUMBER, Type.WORKER})

_SQL_TYPES = {
    Type.DATE: "date",
    Type.END_DATE: "date",
    Type.TIME: "time",
    Type.INTEGER: "bigint",
    Type.DECIMAL: "double",
    Type.CENTS: "bigint",
    Type.FLAG: "boolean",
}


@dataclass(frozen=True)
class Column:
    """One column of a kind: Dutch ``header``, English ``name``, ``type`` and its limits.

    ``default`` is what an empty cell means; a choice without ``choices`` is any word, in lower case.
    """

    header: str
    name: str
    type: Type
    required: bool = False
    width: int = 0
    choices: tuple[str, ...] = ()
    default: str = ""

    def stored(self) -> tuple[str, str] | None:
        """Name and SQL type in ``raw.*``; None when nothing of the column may be stored."""
        match self.type:
            case Type.NAME | Type.PUPIL_NUMBER | Type.SCHOOL_PART:
                return None
            case Type.BSN:
                return "child_id", "varchar"
            case Type.BIRTH_DATE:
                return "birth_month", "date"
            case Type.POSTCODE:
                return "pc4", "varchar"
            case Type.WORKER:
                return "worker_id", "varchar"
            case _:
                return self.name, _SQL_TYPES.get(self.type, "varchar")


@dataclass(frozen=True)
class Kind:
    """A kind of input: its columns and which groups of columns a file must offer."""

    name: str
    file_name: str
    columns: tuple[Column, ...]
    alternatives: tuple[tuple[str, ...], ...] = ()
    interval: tuple[str, str] | None = None

    def column(self, name: str) -> Column:
        """The column with this English name."""
        return next(c for c in self.columns if c.name == name)

    @property
    def stored_columns(self) -> tuple[tuple[str, str], ...]:
        """(name, SQL type) of the columns of ``raw.<kind>``, without ``file_id`` and ``line``."""
        seen: dict[str, str] = {}
        for column in self.columns:
            stored = column.stored()
            if stored:
                seen.setdefault(*stored)
        return tuple(seen.items())
