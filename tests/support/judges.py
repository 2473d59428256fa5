"""Regions of which it is known what the figures are, and whether a fault in the SQL shows in them.

A fault is put into one model; from there only what changes is made again, up to the nearest table that was
checked. So most faults are judged in a fraction of a second.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Timer
from typing import Any

import duckdb

from tests.support.mutants import Mutant
from tests.support.warehouse import literal, models
from zorgdata.engine import Model, Models
from zorgdata.engine.assertions import look_at

PATIENCE = 30.0
"""Seconds after which a fault shows by itself: all rows meet all rows."""
FIGURE_KEY = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value")


@dataclass(frozen=True)
class Known:
    """What a second implementation says of one table: which columns, and of which figures.

    ``asked``: pairs of metric and dimension; ``places``: level, unit and period. At every place every one of
    them is known, also that it is not there. Both are empty for a table that is known whole.
    """

    key: tuple[str, ...]
    columns: tuple[str, ...]
    asked: frozenset[tuple[str, str]] = frozenset()
    places: frozenset[tuple[str, str, str]] = frozenset()


def known_figures(keys: Iterable[tuple[Any, ...]], columns: tuple[str, ...]) -> Known:
    """A table of figures: ``keys`` begin with metric, level, unit, period and end with dimension and part."""
    listed = list(keys)
    places = frozenset((key[1], key[2], key[3]) for key in listed)
    return Known(FIGURE_KEY, columns, frozenset((key[0], key[-2]) for key in listed), places)


@dataclass(frozen=True)
class Check:
    """One thing that is known: the tables it is read from, and whether it is otherwise now."""

    tables: frozenset[str]
    differs: Callable[[], bool]


@dataclass
class Judge:
    """A database with the models of a region built rightly, and what is known of it.

    ``given`` are tables that no model made here. ``again``: make all anew, with one thread, as those with a
    fault will be.
    """

    name: str
    db: duckdb.DuckDBPyConnection
    given: frozenset[str] = frozenset()
    again: bool = True
    checks: list[Check] = field(default_factory=list)
    prints: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.db.execute("set threads = 1")  # sums come out the same to the last digit
        self.db.execute("set nested_loop_join_threshold = 64")
        self.db.execute("create schema if not exists proof")
        made = {f"{schema}.{name}" for schema, name in self.db.execute(_MADE).fetchall()}
        self.built = frozenset(name for name in models().by_name if name in made - self.given)
        for model in models():
            if model.name in self.built and model.header.materialized == "table":
                if self.again:
                    _make(self.db, models(), model)
                self.prints[model.name] = self.print_of(model.name)

    def knows(self, known: Mapping[str, Known]) -> "Judge":
        """With tables held against a second implementation; ``#more`` behind a name tells two apart."""
        for name, what in known.items():
            table = name.partition("#")[0]
            figures = f"select {', '.join((*what.key, *what.columns))} from {table}"
            if what.asked:
                figures += self._only(f"asked {name}", ("metric", "dimension"), what.asked)
                figures += self._only(f"places {name}", ("level", "unit_id", "period"), what.places)
            self.db.execute(f'create table proof."{name}" as {figures}')
            query = _difference(name, what, figures)
            self.checks.append(Check(frozenset({table}), partial(self._any, query)))
        return self

    def _only(self, name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
        """What keeps of a table the rows that have one of these in their columns."""
        listed, among = (
            ", ".join(columns),
            ", ".join(f"({', '.join(map(literal, row))})" for row in sorted(rows)),
        )
        self.db.execute(f'create table proof."{name}" as select * from (values {among}) as listed({listed})')
        return f' semi join proof."{name}" using ({listed})'

    def _any(self, query: str) -> bool:
        row = self.db.execute(query).fetchone()
        return bool(row and row[0])

    def print_of(self, name: str) -> tuple[Any, ...]:
        """A table in three numbers."""
        query = f"select count(*), bit_xor(hash(t)), sum(hash(t)::hugeint) from {name} as t"
        return self.db.execute(query).fetchone() or ()

    def convicts(self, mutant: Mutant) -> bool | None:
        """Whether something known differs, or the fault cannot run; None when nothing known hangs on it."""
        below = (models().descendants(mutant.model) | {mutant.model}) & self.built
        checks = [check for check in self.checks if check.tables & below]
        if not checks or mutant.model not in self.built:
            return None
        trial = _Trial(self, mutant.of(models()), mutant.model, below)
        self.db.execute("begin")
        too_long = Timer(PATIENCE, self.db.interrupt)
        too_long.start()
        try:
            return trial.made(mutant.model) and any(map(trial.shows, sorted(checks, key=trial.cost)))
        except (duckdb.Error, _BrokenError, ArithmeticError, LookupError, TypeError, ValueError):
            return True
        finally:
            too_long.cancel()
            self.db.execute("rollback")


class _BrokenError(Exception):
    """A table that breaks the tests of its header."""


@dataclass
class _Trial:
    """One fault. A table is made again when something it is made from changed."""

    judge: Judge
    models: Models
    start: str
    below: frozenset[str] | set[str]
    done: dict[str, bool] = field(default_factory=dict)

    def made(self, name: str) -> bool:
        """Whether a table is other than it was."""
        if name not in self.done:
            above = [self.made(up) for up in self.models.upstream(name) if up in self.below]
            changed = name == self.start or any(above)
            if changed:
                model = self.models[name]
                _make(self.judge.db, self.models, model)
                if look_at(self.judge.db, name, model.header).broken:
                    raise _BrokenError(name)
                before = self.judge.prints.get(name)  # views have none
                changed = before is None or self.judge.print_of(name) != before
            self.done[name] = changed
        return self.done[name]

    def shows(self, check: Check) -> bool:
        changed = [self.made(table) for table in check.tables if table in self.below]
        return any(changed) and check.differs()

    def cost(self, check: Check) -> int:
        above = set().union(*(self.models.ancestors(table) | {table} for table in check.tables))
        return len(above & self.below)


_MADE = (
    "select table_schema, table_name from information_schema.tables "
    "where table_schema in ('staging', 'core', 'metrics')"
)


def _difference(name: str, known: Known, figures: str) -> str:
    """The number of rows that are missing, too many, or other than they were but for rounding."""
    same_key = " and ".join(f"now.{column} is not distinct from old.{column}" for column in known.key)
    unlike = " or ".join(
        f"not (now.{column} is not distinct from old.{column} or coalesce("
        f"abs(try_cast(now.{column} as double) - try_cast(old.{column} as double)) "
        f"<= 1e-9 * greatest(1, abs(try_cast(old.{column} as double))), false))"
        for column in known.columns
    )
    first = known.key[0]
    return (
        f'with now as ({figures}), old as (select * from proof."{name}") '
        f"select count(*) filter (where now.{first} is null or old.{first} is null or {unlike}) "
        f"from now full join old on {same_key}"
    )


def _make(db: duckdb.DuckDBPyConnection, made: Models, model: Model) -> None:
    if not model.header.function:
        db.execute(f"create or replace {model.header.materialized} {model.name} as\n{model.body}")
        return
    table = made.functions[model.header.function].run(db.execute(model.body).to_arrow_table())
    db.register("made_by_function", table)
    try:
        db.execute(f"create or replace table {model.name} as select * from made_by_function")
    finally:
        db.unregister("made_by_function")
