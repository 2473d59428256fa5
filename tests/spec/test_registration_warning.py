"""When a change may come from the registration: collective supply that starts, and switches on 1 January."""

from collections.abc import Iterator

import pytest

from tests.support.region import Region

ENROLLED = """
child | school | from
X     | 99ZA00 | 2020-08-01
Y     | 99ZB00 | 2020-08-01
"""


@pytest.fixture(scope="module")
def shared() -> Iterator[Region]:
    region = Region()
    yield region
    region.connection.close()


@pytest.fixture
def region(shared: Region) -> Region:
    shared.clear()
    shared.setting("periods.first_year", "2021")
    shared.setting("periods.last_year", "2024")
    shared.given("enrolments", ENROLLED)
    return shared


def warnings(region: Region, level: str, unit: str) -> dict[str, str]:
    region.build("+metrics.registration_warning")
    rows = region.rows(
        f"select period, reason from metrics.registration_warning where level = '{level}' "
        f"and unit_id = '{unit}' and period not like '%-%' order by period"
    )
    return {row["period"]: row["reason"] for row in rows}


def test_collective_supply_warns_from_its_start(region: Region) -> None:
    """New in the year it starts and the year after; later years still differ from those before it."""
    region.given("collective_supply", "school | from | to\n99ZA00 | 2022-03-01 | 2024-12-31")
    expected = {"2022": "collective_started", "2023": "collective_started", "2024": "collective_since"}
    assert warnings(region, "school", "99ZA00") == expected
    assert warnings(region, "region", "region") == expected
    assert warnings(region, "school", "99ZB00") == {}
    region.expect(
        "select schools, share from metrics.registration_warning where level = 'region' and period = '2023'",
        """
        schools | share
        1       | 0.5
        """,
    )


def test_supply_that_was_always_there_changes_nothing(region: Region) -> None:
    region.given("collective_supply", "school | from | to\n99ZA00 | 2020-01-01 | 2024-12-31")
    assert warnings(region, "school", "99ZA00") == {}


def test_without_collective_supply_nothing_is_known(region: Region) -> None:
    years = ("2021", "2022", "2023", "2024")
    assert warnings(region, "school", "99ZB00") == dict.fromkeys(years, "collective_unknown")


def test_many_switches_on_new_years_day_look_like_purchasing(region: Region) -> None:
    """Six children change provider on 1 January 2023, one in May."""
    region.given("collective_supply", "school | from | to\n99ZA00 | 2020-01-01 | 2024-12-31")
    for n in range(7):
        day, before = ("2023-05-01", "2023-04-30") if n == 6 else ("2023-01-01", "2022-12-31")
        region.given("enrolments", f"child | school | from\nC{n} | 99ZA00 | 2020-08-01", file_id=2 + n)
        region.given(
            "indications",
            f"child | provider | from | to\nC{n} | A | 2022-01-01 | {before}\nC{n} | B | {day} | 2023-12-31",
            file_id=2 + n,
        )
    assert warnings(region, "school", "99ZA00") == {"2023": "january"}
    assert warnings(region, "school", "99ZB00") == {}
