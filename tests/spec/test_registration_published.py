"""What of a registration warning may be published."""

from collections.abc import Iterator

import pytest

from tests.support.region import Region


@pytest.fixture(scope="module")
def region() -> Iterator[Region]:
    region = Region()
    region.setting("periods.first_year", "2021")
    region.setting("periods.last_year", "2024")
    region.given("enrolments", "child | school | from\nX | 99ZA00 | 2020-08-01\nY | 99ZB00 | 2020-08-01")
    region.given("collective_supply", "school | from | to\n99ZA00 | 2022-03-01 | 2024-12-31")
    for n in range(6):
        region.given("enrolments", f"child | school | from\nC{n} | 99ZA00 | 2020-08-01", file_id=2 + n)
        region.given(
            "indications",
            "child | provider | from | to\n"
            f"C{n} | A | 2022-01-01 | 2022-12-31\nC{n} | B | 2023-01-01 | 2023-12-31",
            file_id=2 + n,
        )
    region.build("+protected.registration_warning")
    yield region
    region.connection.close()


def test_a_purchasing_round_is_published_of_the_region_only(region: Region) -> None:
    """Of a school it would tell that at least five of its children changed provider."""
    inside = region.rows("select distinct level from metrics.registration_warning where reason = 'january'")
    assert {row["level"] for row in inside} >= {"region", "school"}
    shown = region.rows("select distinct level from protected.registration_warning where reason = 'january'")
    assert [row["level"] for row in shown] == ["region"]


def test_collective_supply_is_published_without_shares_of_children(region: Region) -> None:
    region.expect(
        "select level, reason, schools from protected.registration_warning "
        "where period = '2023' and level in ('school', 'region') and reason <> 'january' order by level",
        """
        level  | reason             | schools
        region | collective_started | 1
        school | collective_started | 1
        """,
    )
    columns = region.rows(
        "select column_name from information_schema.columns "
        "where table_schema = 'protected' and table_name = 'registration_warning'"
    )
    assert {row["column_name"] for row in columns} == {
        "level",
        "unit_id",
        "period",
        "reason",
        "since",
        "schools",
    }
