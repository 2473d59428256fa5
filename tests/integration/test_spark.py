"""Every model outside staging gives on Spark what it gives on DuckDB: the road past one machine.

What is compared, and why each model gets the inputs that DuckDB had: ``docs/spark.md``.
"""

from collections.abc import Iterator

import pytest

from tests.support import spark
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
