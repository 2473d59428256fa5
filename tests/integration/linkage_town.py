"""A town of which the truth is known: children with and without care, at schools with and without BSN.

Planted: typing errors in birth dates, postcodes and surnames, swapped days and months, moves between the two
deliveries, twins, and children who go to school elsewhere.
"""

import datetime as dt
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

from zorgdata.landing import prepare_raw
from zorgdata.linkage import KeyKeeper, prepare_linkage
from zorgdata.pseudonym import Pseudonymiser, replace_identity
from zorgdata.pseudonym.keyed import normal_bsn
from zorgdata.store.schema import prepare

PSEUDONYMS = Pseudonymiser(bytes(range(32)))
_STARTS = (
    "Ba",
    "De",
    "Ho",
    "Ka",
    "Ko",
    "Mee",
    "Ve",
    "Wil",
    "Ja",
    "Pe",
    "Smi",
    "Dij",
    "Haa",
    "Boe",
    "Ste",
    "Vri",
)
_MIDDLES = ("k", "ke", "ste", "nd", "ij", "rm", "lle", "ss", "t", "mme", "ge", "lde", "nke", "r")
_ENDS = ("er", "sma", "man", "s", "en", "stra", "ink", "huis", "veld", "ma", "berg", "hof")


@dataclass(frozen=True)
class Child:
    """One child as it is; ``number`` is the truth."""

    number: int
    bsn: str
    birth_date: dt.date
    sex: str
    postcode: str
    last_name: str
    initials: str
    school: int | None
    in_care: bool


@dataclass(frozen=True)
class Errors:
    """Shares of school records with a planted difference from the care record."""

    moved: float = 0.08
    birth_typo: float = 0.015
    birth_swapped: float = 0.004
    postcode_typo: float = 0.02
    sex: float = 0.003
    name_typo: float = 0.02


@dataclass(frozen=True)
class Town:
    """Deliveries of a town in a work database, and who is who in them."""

    connection: duckdb.DuckDBPyConnection
    children: tuple[Child, ...]
    care: dict[str, int]
    pupils: dict[str, set[int]]
    """Pseudonym to true child; a pupil's pseudonym can stand for more than one (twins that look alike)."""


def make_children(size: int, seed: int, *, in_care: float = 0.15, schools: int = 12) -> list[Child]:
    """About ``size`` children of 4 to 17 in families; one birth in fifty is a pair of twins."""
    chance = random.Random(seed)
    names = [a + b + c for a in _STARTS for b in _MIDDLES for c in _ENDS]
    chance.shuffle(names)
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(names))))
    letters = "ABCDEFGHJKLMNPRSTVWXZ"[: 5 + size // 5000]
    codes = [f"{n}{a}{b}" for n in range(9900, 9930) for a in "ABCDEFGH" + letters[8:] for b in letters]
    children: list[Child] = []
    while len(children) < size:
        postcode, name = chance.choice(codes), chance.choices(names, cum_weights=weights)[0]
        for _ in range(chance.choice((1, 1, 2, 2, 2, 3))):
            born = dt.date(2007, 1, 1) + dt.timedelta(days=chance.randrange(365 * 14))
            school = chance.randrange(schools) if chance.random() > 0.1 else None
            for _ in range(2 if chance.random() < 0.02 else 1):
                number = len(children)
                children.append(
                    Child(
                        number,
                        _bsn(number),
                        born,
                        chance.choice("mf"),
                        postcode,
                        name,
                        chance.choice("ABCDEFGHJKLMNPRSTW") + ".",
                        school,
                        chance.random() < in_care,
                    )
                )
    return children


def make_town(
    children: Sequence[Child],
    seed: int,
    errors: Errors,
    *,
    bsn_schools: frozenset[int] = frozenset(),
    care_names: bool = False,
) -> Town:
    """Deliver the children: care with BSN (and names, if so), pupils with names, some with a BSN."""
    chance = random.Random(seed)
    connection = duckdb.connect(":memory:")
    prepare(connection, PSEUDONYMS.label)
    prepare_raw(connection)
    prepare_linkage(connection)
    care = {
        child_id: {child.number}
        for child_id, child in deliver(
            connection, "indications", [c for c in children if c.in_care], 1, names=care_names
        )
    }
    pupils: dict[str, set[int]] = {}
    for school in sorted({c.school for c in children if c.school is not None}):
        listed = [_blurred(c, errors, chance) for c in children if c.school == school]
        if school not in bsn_schools:
            listed = [replace(c, bsn="") for c in listed]
        for child_id, child in deliver(connection, "enrolments", listed, 10 + school):
            pupils.setdefault(child_id, set()).add(child.number)
    return Town(connection, tuple(children), {c: min(n) for c, n in care.items()}, pupils)


def deliver(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    children: Sequence[Child],
    file_id: int,
    *,
    names: bool = True,
) -> list[tuple[str, Child]]:
    """Land records of ``children`` as the landing does; gives the pseudonym of each."""
    lines = list(range(2, len(children) + 2))
    columns: dict[str, object] = {
        "line_first": pa.array(lines, pa.int64()),
        "bsn": pa.array([c.bsn or None for c in children], pa.string()),
        "birth_date": pa.array([c.birth_date for c in children], pa.date32()),
        "sex": pa.array([c.sex for c in children], pa.string()),
        "postcode": pa.array([c.postcode for c in children], pa.string()),
    }
    if names:
        columns["last_name"] = pa.array([c.last_name for c in children], pa.string())
        columns["initials"] = pa.array([c.initials for c in children], pa.string())
    if kind == "enrolments":
        columns["school_id"] = pa.array([f"99{c.school or 0:02d}00" for c in children], pa.string())
        columns["start_date"] = pa.array([dt.date(2023, 8, 1)] * len(children), pa.date32())
    else:
        columns["municipality_code"] = pa.array(["9901"] * len(children), pa.string())
        columns["allocation_number"] = pa.array([str(c.number) for c in children], pa.string())
        columns["start_date"] = pa.array([dt.date(2024, 1, 1)] * len(children), pa.date32())
    records = pa.table(columns)
    stored = replace_identity(records, PSEUDONYMS, needs_child=True).records
    keeper = KeyKeeper(connection, PSEUDONYMS)
    keeper.add(kind, file_id, records, stored["child_id"])
    keeper.flush()
    present = {name for (name, *_) in connection.execute(f"describe raw.{kind}").fetchall()}
    kept = stored.select([name for name in stored.column_names if name in present])
    kept = kept.append_column("file_id", pa.array([file_id] * len(children), pa.int64()))
    kept = kept.append_column("line", pa.array(lines, pa.int64()))
    connection.register("landed", kept)
    connection.execute(f"insert into raw.{kind} by name select * from landed")
    connection.unregister("landed")
    return list(zip(stored["child_id"].to_pylist(), children, strict=True))


def _blurred(child: Child, errors: Errors, chance: random.Random) -> Child:
    """The child as the school has it."""
    made = child
    if chance.random() < errors.moved:
        made = replace(
            made,
            postcode=f"{chance.randrange(9900, 9930)}{chance.choice('ABCDEFGH')}{chance.choice('ABCDE')}",
        )
    if chance.random() < errors.birth_typo:
        made = replace(made, birth_date=_other_part(made.birth_date, chance))
    elif chance.random() < errors.birth_swapped and made.birth_date.day <= 12:
        date = made.birth_date
        made = replace(made, birth_date=date.replace(month=date.day, day=date.month))
    if chance.random() < errors.postcode_typo:
        at = chance.randrange(6)
        wrong = chance.choice("23456789" if at < 4 else "ABCDEFGH")
        made = replace(made, postcode=made.postcode[:at] + wrong + made.postcode[at + 1 :])
    if chance.random() < errors.sex:
        made = replace(made, sex="m" if made.sex == "f" else "f")
    if chance.random() < errors.name_typo:
        at = chance.randrange(1, len(made.last_name))
        made = replace(made, last_name=made.last_name[:at] + made.last_name[at + 1 :])
    return made


def _other_part(date: dt.date, chance: random.Random) -> dt.date:
    """Another day, month or year, by a typing error."""
    match chance.randrange(3):
        case 0:
            return date.replace(day=chance.choice([d for d in range(1, 29) if d != date.day]))
        case 1:
            return date.replace(
                day=min(date.day, 28), month=chance.choice([m for m in range(1, 13) if m != date.month])
            )
        case _:
            return date.replace(day=min(date.day, 28), year=date.year + chance.choice((-1, 1)))


def _bsn(number: int) -> str:
    """A number that passes the eleven-test, another for every child."""
    base = f"9{number:07d}"
    digit = sum(weight * int(d) for weight, d in zip(range(9, 1, -1), base, strict=True)) % 11
    return base + str(digit) if digit < 10 and normal_bsn(base + str(digit)) else _bsn(number + 1_000_000)
