"""When a change may come from the registration: collective supply that starts, and switches on 1 January."""

from datetime import timedelta

import pytest

from tests.support.region import Region

ENROLLED = """
child | school | from
X     | 99ZA00 | 2020-08-01
Y     | 99ZB00 | 2020-08-01
"""


@pytest.fixture
def region(shared: Region) -> Region:
    return shared.fresh((2021, 2024), enrolments=ENROLLED)


def warnings(region: Region, level: str, unit: str) -> dict[str, str]:
    region.build("+metrics.registration_warning")
    rows = region.rows(
        f"select period, reason from metrics.registration_warning where level = '{level}' "
        f"and unit_id = '{unit}' and period not like '%-%' order by period"
    )
    return {row["period"]: row["reason"] for row in rows}


def test_collective_supply_warns_from_its_start(region: Region) -> None:
    """New in the year it starts and the year after; later years still differ from those before it.

    The region tells when the last supply began, and which part of its pupil-days is at such schools.
    """
    region.given(
        "collective_supply",
        "school | from | to\n99ZA00 | 2022-03-01 | 2024-12-31\n99ZB00 | 2023-12-31 | 2024-12-31",
    )
    expected = {"2022": "collective_started", "2023": "collective_started", "2024": "collective_since"}
    assert warnings(region, "school", "99ZA00") == expected
    assert warnings(region, "school", "99ZB00") == {
        "2023": "collective_started",
        "2024": "collective_started",
    }
    region.expect(
        "select period, reason, since, schools, share from metrics.registration_warning "
        "where level = 'region' and period not like '%-%' order by period",
        """
        period | reason             | since      | schools | share
        '2022' | collective_started | 2022-03-01 | 1       | 0.5
        '2023' | collective_started | 2023-12-31 | 2       | 1.0
        '2024' | collective_started | 2023-12-31 | 2       | 1.0
        """,
    )


@pytest.mark.parametrize(("day", "warns"), [("2020-01-01", False), ("first", False), ("second", True)])
def test_supply_that_was_always_there_changes_nothing(region: Region, day: str, warns: bool) -> None:
    """From the first day of the first period on it was always there; a day later there was a time before."""
    region.build("+core.period")
    first = region.rows("select min(start_date) as day from core.period")[0]["day"]
    start = {"first": first, "second": first + timedelta(1)}.get(day, day)
    region.given("collective_supply", f"school | from | to\n99ZA00 | {start} | 2024-12-31")
    assert bool(warnings(region, "school", "99ZA00")) is warns


def test_without_collective_supply_nothing_is_known(region: Region) -> None:
    years = ("2021", "2022", "2023", "2024")
    assert warnings(region, "school", "99ZB00") == dict.fromkeys(years, "collective_unknown")


def test_many_switches_on_new_years_day_look_like_purchasing(region: Region) -> None:
    """A quarter of the replacements, and five: who left the school the day before no longer counts.

    At the first school 6 of 7 on 1 January 2023, and 5 of 21 in 2024; at the second 5 of 20 in 2024; at the
    third 4, with a fifth child that is enrolled until 31 December.
    """
    region.given("collective_supply", "school | from | to\n99ZA00 | 2020-01-01 | 2024-12-31")
    children: list[tuple[str, int, str]] = []
    for school, year, on_first, later in (
        ("99ZA00", 2023, 6, 1),
        ("99ZA00", 2024, 5, 16),
        ("99ZB00", 2024, 5, 15),
        ("99ZC00", 2024, 5, 0),
    ):
        children += [(school, year, "01-01")] * on_first + [(school, year, "05-02")] * later
    enrolled, care = ["child | school | from | to"], ["child | provider | from | to"]
    for n, (school, year, day) in enumerate(children):
        left = "2023-12-31" if n == len(children) - 1 else ""
        enrolled.append(f"C{n:02} | {school} | 2020-08-01 | {left}")
        before = f"{year - 1}-12-31" if day == "01-01" else f"{year}-05-01"
        care.append(f"C{n:02} | A | 2022-01-01 | {before}")
        care.append(f"C{n:02} | B | {year}-{day} | 2024-12-31")
    region.given("enrolments", "\n".join(enrolled), file_id=2)
    region.given("indications", "\n".join(care))
    assert warnings(region, "school", "99ZA00") == {"2023": "january"}
    assert warnings(region, "school", "99ZB00") == {"2024": "january"}
    assert warnings(region, "school", "99ZC00") == {}
    region.expect(
        "select unit_id, share from metrics.registration_warning "
        "where reason = 'january' and level = 'school' and period in ('2023', '2024') order by period",
        """
        unit_id | share
        99ZA00  | 0.8571428571428571
        99ZB00  | 0.25
        """,
    )
