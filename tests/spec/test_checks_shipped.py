"""What holds of every check that comes with zorgdata, whatever the data."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from check_cases import MOMENT, empty_warehouse

from zorgdata import catalogue
from zorgdata.checks import Check, Status, load_checks, run_checks
from zorgdata.checks.pages import check_pages

CHECKS = list(load_checks())
NAMES = [check.name for check in CHECKS]
SPECS = [Path(__file__).with_name(f"test_checks_{part}.py") for part in ("deliveries", "care", "other")]
PAGES = Path(__file__).parents[2] / "docs" / "reference" / "checks"
READ_SCHEMAS = {"raw", "meta", "staging", "core", "metrics"}


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


def test_nothing_delivered_is_not_applicable_everywhere(warehouse: duckdb.DuckDBPyConnection) -> None:
    results = run_checks(warehouse, checked_at=MOMENT)
    others = {r.name: (r.status, r.message) for r in results if r.status is not Status.NOT_APPLICABLE}
    assert others == {}
    assert len(results) == len(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=NAMES)
def test_tables_it_needs_exist_and_columns_are_as_described(
    warehouse: duckdb.DuckDBPyConnection, check: Check
) -> None:
    """A misspelt table in ``needs`` would make a check not applicable for ever."""
    for table in check.needs:
        warehouse.execute(f"select 1 from {table} limit 0")
    warehouse.execute(f"set variable checked_at = timestamp '{MOMENT}'")
    for name, value in check.parameters.items():
        warehouse.execute(f"set variable {name} = {value}::double")
    described = warehouse.execute(f"describe {check.body}").fetchall()
    assert [row[0] for row in described] == list(check.columns)
    total = check.total if " " in check.total.strip() else f"select count(*) from {check.total}"
    assert warehouse.execute(total).fetchone() in {(0,), (None,)}


@pytest.mark.parametrize("check", CHECKS, ids=NAMES)
def test_it_names_its_columns_and_reads_what_it_may(check: Check) -> None:
    assert check.parsed.stars == 0
    assert {name.partition(".")[0] for name in check.parsed.references} <= READ_SCHEMAS
    assert check.threshold.unit == "count" or check.threshold.value < 1


@pytest.mark.parametrize("check", CHECKS, ids=NAMES)
def test_metrics_it_affects_are_in_the_catalogue(check: Check) -> None:
    for key in check.affects:
        assert catalogue.load().metric(key).label_nl


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_spec(name: str) -> None:
    assert any(f'"{name}"' in spec.read_text(encoding="utf-8") for spec in SPECS)


def test_pages_are_up_to_date() -> None:
    """Make them again with ``write_check_pages(Path("docs/reference/checks"))``."""
    assert {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")} == check_pages()
