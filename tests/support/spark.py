"""The models on Spark: translated, run on what DuckDB read, held against what DuckDB made.

    python -m tests.support.spark [MODEL ...]

Every model gets the inputs that DuckDB had, not what Spark made of them before: a fault shows in the model
that has it and nowhere else, and one model can be tried alone. Types are compared as well as values, so that
equal models one by one are equal models in a row.
"""

import argparse
import logging
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import sqlglot
from sqlglot import exp

from tests.support import care_cases
from tests.support.court import many_regions, reject_one
from tests.support.warehouse import insert, literal, models, setting
from tests.support.workspaces import land
from zorgdata.engine import Model, build
from zorgdata.pipeline.demo import prepare_demo
from zorgdata.pipeline.session import Session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TOLERANCE = 1e-9
"""What is no whole number may differ by this share of the larger one: engines round at another moment."""

PORTABLE = tuple(model for model in models() if model.schema != "staging")
"""Staging is the only layer that may use what DuckDB alone has."""


def lacking() -> str:
    """What is absent for a run on Spark; empty when nothing is."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed"
    home = os.environ.get("JAVA_HOME")
    if not (home and (Path(home) / "bin" / "java").exists()) and shutil.which("java") is None:
        return "there is no Java"
    return ""


# --- translation -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Macro:
    """A macro as a tree: Spark has none that take an expression of any type, so they are written out."""

    parameters: tuple[str, ...]
    body: exp.Expr


_OWN = {
    "months_later": "add_months(d, cast(months as int))",
    "percentile": "percentile(cast(x as double), p)",
}
"""Macros that only DuckDB understands, as Spark says them."""


@cache
def macros() -> Mapping[str, Macro]:
    """The macros of the project by name."""
    found: dict[str, Macro] = {}
    for file in models().macros:
        for made in sqlglot.parse(file.sql, read="duckdb"):
            assert isinstance(made, exp.Create), file.path
            names = tuple(one.name for one in made.this.expressions)
            name = made.this.this.name
            own = sqlglot.parse_one(_OWN[name], read="spark") if name in _OWN else None
            found[name] = Macro(names, own or made.expression)
    return found


def written_out(tree: exp.Expr) -> exp.Expr:
    """The tree, which is used up, with every call of a macro replaced by what it stands for."""

    def swap(node: exp.Expr) -> exp.Expr:
        macro = macros().get(node.name.lower()) if isinstance(node, exp.Anonymous) else None
        if macro is None:
            return node
        given = dict(zip(macro.parameters, map(written_out, node.expressions), strict=True))
        body = written_out(macro.body.copy())

        def bind(inner: exp.Expr) -> exp.Expr:
            if isinstance(inner, exp.Column) and not inner.table and inner.name in given:
                return exp.paren(given[inner.name].copy())
            return inner

        return exp.paren(body.transform(bind, copy=False))

    return tree.transform(swap, copy=False)


def spark_sql(model: Model) -> str:
    """The select of a model for Spark."""
    return written_out(sqlglot.parse_one(model.body, read="duckdb")).sql(
        dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )


# --- Spark -----------------------------------------------------------------------------------------------


@contextmanager
def spark_session(folder: Path) -> Iterator["SparkSession"]:
    """Spark on this machine alone, with two cores and its files in ``folder``."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1200m",
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder} -XX:TieredStopAtLevel=1",
        "spark.local.dir": str(folder / "scratch"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Small tables: what helps large ones costs more than it brings.
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("zorgdata")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    # A model that fails is told once, not again with a hundred lines of Java.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    try:
        yield session
    finally:
        session.stop()


@dataclass
class Outcome:
    """What came of one model: rows and compared values, and in what it differs."""

    model: str
    rows: int = 0
    values: int = 0
    wrong: list[str] = field(default_factory=list)


class Engines:
    """A built work database and Spark, which reads copies of its tables."""

    def __init__(self, db: duckdb.DuckDBPyConnection, spark: "SparkSession", folder: Path) -> None:
        self._db = db
        self._spark = spark
        self._folder = folder
        self._given: set[str] = set()

    def give(self, name: str) -> None:
        """Hand a table to Spark, once."""
        if name in self._given:
            return
        schema = name.partition(".")[0]
        path = self._folder / f"{name}.parquet"
        columns = ", ".join(f"{_exported(column, kind)} as {column}" for column, kind in self._kinds(name))
        self._db.execute(f"copy (select {columns} from {name}) to '{path}' (format parquet)")
        self._spark.sql(f"create schema if not exists {schema}")
        self._spark.sql(f"create table {name} using parquet location '{path}'")
        self._given.add(name)

    def compare(self, model: Model) -> Outcome:
        """Run the select of a model on both engines and compare."""
        for name in sorted(model.references):
            self.give(name)
        outcome = Outcome(model.name)
        try:
            got = self._spark.sql(spark_sql(model)).toArrow()
        except Exception as error:
            outcome.wrong.append(f"{type(error).__name__}: {str(error)[:1500]}")
            return outcome
        # The table of a model with a function is not what its select gives.
        wanted = f"({model.body})" if model.header.function else model.name
        key = () if model.header.function else model.header.key
        self._db.register("from_spark", got)
        try:
            self._differences(outcome, wanted, key)
        finally:
            self._db.unregister("from_spark")
        return outcome

    def _kinds(self, relation: str) -> list[tuple[str, str]]:
        described = self._db.execute(f"describe select * from {relation}").fetchall()
        return [(str(row[0]), str(row[1])) for row in described]

    def _differences(self, outcome: Outcome, wanted: str, key: Sequence[str]) -> None:
        one, other = self._kinds(wanted), self._kinds("from_spark")
        if [name for name, _ in one] != [name for name, _ in other]:
            outcome.wrong.append(f"other columns: {[name for name, _ in other]}")
            return
        for (name, kind), (_, found) in zip(one, other, strict=True):
            if _family(kind) != _family(found):
                outcome.wrong.append(f"{name} is {found} instead of {kind}")
        if outcome.wrong:
            return
        counted = [name for name, kind in one if not _computed(kind)]
        computed = [name for name, kind in one if _computed(kind)]
        a, b = wanted, "from_spark"
        if not key:  # rows may be alike: the first of one engine belongs to the first of the other
            key = ("place",)
            order = ", ".join(f'"{name}"' for name in (*counted, *computed))
            a, b = (
                f"(select row_number() over (order by {order}) as place, * from {each})" for each in (a, b)
            )
        same = " and ".join(f"a.{name} is not distinct from b.{name}" for name in key)
        paired = f"{a} as a join {b} as b on {same}"
        checks = {name: _differs(name, name in computed) for name, _ in one if name not in key}
        counts = ", ".join(["count(*)", *(f"count(*) filter ({test})" for test in checks.values())])
        pairs, *differing = self._row(f"select {counts} from {paired}")
        rows = self._row(f"select count(*) from {wanted} as a")[0]
        there = self._row("select count(*) from from_spark")[0]
        outcome.rows, outcome.values = rows, rows * len(one)
        if not rows == there == pairs:
            outcome.wrong.append(f"{rows:,} rows, on Spark {there:,}; {pairs:,} pairs")
        for (name, test), count in zip(checks.items(), differing, strict=True):
            if count:
                shown = self._db.execute(
                    f"select {', '.join(f'a.{part}' for part in key)}, a.{name}, b.{name} "
                    f"from {paired} where {test} limit 3"
                ).fetchall()
                outcome.wrong.append(f"{name} differs in {count:,} rows: {shown}")

    def _row(self, query: str) -> tuple[int, ...]:
        row = self._db.execute(query).fetchone()
        assert row is not None
        return row


def _exported(column: str, kind: str) -> str:
    """Parquet has no whole numbers beyond 64 bits; DuckDB would write them as doubles."""
    return f"cast({column} as decimal(38, 0))" if kind == "HUGEINT" else column


def _family(kind: str) -> str:
    """Types between which no value changes: whole numbers, whatever their width."""
    if kind in {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT"} or re.fullmatch(
        r"DECIMAL\(\d+,0\)", kind
    ):
        return "whole"
    return kind.lower()


def _computed(kind: str) -> bool:
    """Whether a column holds what engines may round differently."""
    return kind in {"FLOAT", "DOUBLE"} or (kind.startswith("DECIMAL") and not kind.endswith(",0)"))


def _differs(name: str, computed: bool) -> str:
    if not computed:
        return f"a.{name} is distinct from b.{name}"
    return (
        f"(a.{name} is null) <> (b.{name} is null) or "
        f"abs(a.{name} - b.{name}) > {TOLERANCE} * greatest(abs(a.{name}), abs(b.{name}))"
    )


# --- the region ------------------------------------------------------------------------------------------


_REGIONS = 8
_AWKWARD = 1_000


@contextmanager
def built_region(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The small synthetic region in memory, built by DuckDB.

    With it come children whose care is awkward on purpose, and one row of what the region does not deliver:
    a model that reads nothing would agree on nothing.
    """
    workspace = prepare_demo(folder / "region", "small", 1)
    with duckdb.connect(config={"threads": 2}) as db:
        session = Session(workspace, db)
        session.settle()
        land(session, workspace.inbox)
        _add_awkward(db)
        build(db, models())
        yield db


def _add_awkward(db: duckdb.DuckDBPyConnection) -> None:
    insert(db, "schools", care_cases.SCHOOLS, file_id=_AWKWARD)
    children = set()
    for kind, rows in many_regions(_REGIONS).items():
        insert(db, kind, rows, file_id=_AWKWARD)
        children |= {row["child_id"] for row in rows}
    reject_one(db)
    parties = {"municipality_code": "9901", "provider_id": care_cases.PROVIDERS[0]}
    insert(db, "requests", [{**parties, "message_name": "JW315", "provider_reference": "r"}], _AWKWARD)
    setting(db, "merger.9989", "9901 2020-01-01")
    alone = literal(min(children))
    db.execute(f"insert into raw.child_link (child_id, person_id, tier) values ({alone}, {alone}, 'none')")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", nargs="*")
    options = parser.parse_args()
    if lacking():
        print(f"{lacking()}.", file=sys.stderr)
        return 2
    chosen = [model for model in PORTABLE if not options.model or model.name in options.model]
    outcomes = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with built_region(folder) as db, spark_session(folder) as spark:
            engines = Engines(db, spark, folder)
            for model in chosen:
                began = time.perf_counter()
                one = engines.compare(model)
                outcomes.append(one)
                print(f"{one.model}: {one.rows:,} rows, {time.perf_counter() - began:.1f} s", flush=True)
                for fault in one.wrong:
                    print(f"    {fault}", flush=True)
    same = [one for one in outcomes if not one.wrong]
    print(
        f"{len(same)} of {len(outcomes)} models the same: "
        f"{sum(one.rows for one in same):,} rows, {sum(one.values for one in same):,} values"
    )
    return int(len(same) < len(outcomes))


if __name__ == "__main__":
    sys.exit(main())
