"""Every model outside staging gives on Spark what it gives on DuckDB: the road past one machine.

What is compared, and why each model gets the inputs that DuckDB had: ``docs/spark.md``.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support import spark
from tests.support.warehouse import models
from zorgdata.engine import Model

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[spark.Engines]:
    if reason := spark.lacking():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("spark")
    with spark.built_region(folder) as db, spark.spark_session(folder) as session:
        yield spark.Engines(db, session, folder)


@pytest.mark.parametrize("model", spark.PORTABLE, ids=lambda model: model.name)
def test_spark_gives_what_duckdb_gives(engines: spark.Engines, model: Model) -> None:
    outcome = engines.compare(model)
    assert outcome.wrong == []
    assert outcome.rows, "engines agree on an empty table whatever the model says"


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("+ 1) as period", "+ 2) as period", "period differs in"),
        ("(count_day) as day", "(count_day) + 1 as day", "pairs"),
        ("from staging.count_day", "from staging.count_day limit 1", "rows, on Spark 1"),
        ("as integer)", "as double)", "year_number is DOUBLE instead of INTEGER"),
        ("as year_number", "as year", "other columns"),
        ("year(count_day)", "year(counted)", "AnalysisException"),
    ],
)
def test_a_fault_on_spark_is_noticed(engines: spark.Engines, right: str, wrong: str, told: str) -> None:
    model = models()["core.count_day"]
    assert right in model.body
    outcome = engines.compare(replace(model, body=model.body.replace(right, wrong, 1)))
    assert any(told in fault for fault in outcome.wrong), outcome.wrong
