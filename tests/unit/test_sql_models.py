"""The SQL models as text: house rules, portability, and keys that the catalogue knows."""

from datetime import date

import duckdb
import pytest
import sqlglot

from tests.support.spark import PORTABLE, macros, spark_sql
from tests.support.warehouse import insert, models, rows_of, warehouse
from zorgdata.catalogue import Interval, load
from zorgdata.engine import Model, build, lint


def test_models_keep_the_house_rules() -> None:
    assert [str(problem) for problem in lint(models())] == []


@pytest.mark.parametrize("model", PORTABLE, ids=lambda model: model.name)
def test_model_is_portable(model: Model) -> None:
    """Outside staging a model is SQL that Spark can read too; ``test_spark`` runs it there."""
    translated = sqlglot.parse_one(spark_sql(model), read="spark")
    assert translated.find(sqlglot.exp.Select)
    called = {call.name.lower() for call in translated.find_all(sqlglot.exp.Anonymous)}
    assert called & macros().keys() == set()
    # A whole number over 365.25 is a double on DuckDB alone; elsewhere it is a decimal of six digits.
    rounded = [
        quotient.sql("spark")
        for quotient in translated.find_all(sqlglot.exp.Div)
        if any(_decimal(side) for side in (quotient.this, quotient.expression))
        and not quotient.find(sqlglot.exp.Sqrt, sqlglot.exp.Cast)  # a double makes it a double
    ]
    assert rounded == []


def _decimal(side: sqlglot.exp.Expression) -> bool:
    return isinstance(side, sqlglot.exp.Literal) and not side.is_string and not side.is_int


def test_only_staging_and_macros_use_what_duckdb_alone_has() -> None:
    """No qualify, no list functions, no exclude, no arg_max: other engines lack them."""
    forbidden = (sqlglot.exp.Qualify, sqlglot.exp.ArgMax, sqlglot.exp.Unnest, sqlglot.exp.Pivot)
    found = [
        model.name
        for model in PORTABLE
        if next(sqlglot.parse_one(model.body, read="duckdb").find_all(*forbidden), None)
    ]
    assert found == []


@pytest.fixture(scope="module")
def built() -> duckdb.DuckDBPyConnection:
    """A tiny region with one child in care, all models built."""
    connection = warehouse()
    start = date(2023, 8, 1)
    insert(
        connection,
        "schools",
        [
            {
                "school_id": "99ZA00",
                "name": "S",
                "school_type": "SO",
                "municipality_code": "9901",
                "board": "b",
                "swv": "PO9901",
            }
        ],
    )
    insert(connection, "enrolments", [{"child_id": "X", "school_id": "99ZA00", "start_date": start}])
    insert(
        connection,
        "indications",
        [
            {
                "child_id": "X",
                "municipality_code": "9901",
                "provider_id": "41990001",
                "allocation_number": "1",
                "start_date": start,
                "volume": 2.0,
                "unit": "04",
                "frequency": "2",
            }
        ],
    )
    build(connection, models())
    return connection


def test_long_table_holds_what_the_catalogue_knows(built: duckdb.DuckDBPyConnection) -> None:
    """Every key, level and period of ``metrics.value`` is in the catalogue; so is every interval."""
    catalogue = load()
    wrong = []
    for row in rows_of(
        built,
        "select distinct metric, level, reference_date is not null as is_point, "
        "lower is not null as has_interval, "
        "case when figure.period like '%..%' then 'multi_year' "
        "else coalesce(period.kind, 'school_year') end as kind "
        "from metrics.value as figure "
        "left join core.period as period on figure.period = period.period "
        "where figure.status <> 'not_delivered'",
    ):
        key = row["metric"]
        if key not in catalogue:
            wrong.append(f"{key} is not in the catalogue")
            continue
        metric = catalogue.metric(key)
        if row["level"] not in metric.levels:
            wrong.append(f"{key} has no level {row['level']}")
        if ("reference_date" if row["is_point"] else row["kind"]) not in metric.periods:
            wrong.append(f"{key} has no period {row}")
        if row["has_interval"] and metric.interval is Interval.NONE:
            wrong.append(f"{key} has an interval that the catalogue does not ask for")
    assert wrong == []


def test_columns_that_the_catalogue_names_are_the_values(built: duckdb.DuckDBPyConnection) -> None:
    """Where the catalogue says that a metric equals a column of ``metrics.school``, it does."""
    checked = 0
    for key in load().keys:
        table, _, column = load().metric(key).column.rpartition(".")
        if table != "metrics.school":
            continue
        rows = rows_of(
            built,
            f"select v.metric, v.value, s.{column} as expected from metrics.value v join metrics.school s "
            f"on v.unit_id = s.school_id and v.period = s.period "
            f"where v.metric = '{key}' and v.level = 'school'",
        )
        for row in rows:
            checked += 1
            assert row["value"] == pytest.approx(row["expected"]), row
    assert checked > 50


def test_every_column_that_a_metric_needs_is_counted(built: duckdb.DuckDBPyConnection) -> None:
    """A column the catalogue asks for and ``core.source`` does not know would never count as delivered."""
    known = {row["kind"] for row in rows_of(built, "select kind from core.source")}
    asked = {need for metric in load().by_key.values() for need in metric.columns}
    kinds = {kind for metric in load().by_key.values() for need in metric.sources for kind in need.split("|")}
    inputs = {name for name, source in load().vocabulary.sources.items() if source.input}
    assert (asked | kinds & inputs) - known == set()


def test_a_metric_without_its_input_says_so(built: duckdb.DuckDBPyConnection) -> None:
    """The availability in SQL is that of the catalogue, and each lacking metric has rows for the region."""
    delivered = {row["kind"] for row in rows_of(built, "select kind from core.source where is_delivered")}
    kinds = {name for name in delivered if "." not in name}
    expected = {metric.key for metric, _ in load().not_available(kinds, delivered - kinds)}
    lacking = rows_of(built, "select metric from metrics.availability where not is_available")
    assert {row["metric"] for row in lacking} == expected
    timed = {"school_year", "calendar_year"}  # so small a region has no reference date
    said = rows_of(
        built, "select distinct metric from metrics.value where status = 'not_delivered' and level = 'region'"
    )
    assert {row["metric"] for row in said} == {
        key for key in expected if timed & set(load().metric(key).periods)
    }
