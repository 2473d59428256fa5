"""A school that goes on under another number has one history."""

import pytest

from tests.support.region import Region

SCHOOLS = """
    school | name | type | municipality | successor_school_id
    99ZA00 | Old  | SBO  | 9901         | 99ZB00
    99ZB00 | Next | SBO  | 9901         | 99ZC00
    99ZC00 | Now  | SO   | 9901         |
    99ZD00 | Own  | BO   | 9901         | 99ZD00
    99ZE00 | Left | BO   | 9901         | 99ZF00
    99ZF00 | Right| BO   | 9901         | 99ZE00
    99ZG00 | Gone | BO   | 9901         | 99ZZ00
"""


@pytest.fixture(scope="module")
def region() -> Region:
    made = Region()
    made.given("schools", SCHOOLS)
    made.given(
        "enrolments",
        """
        child | school | from       | to         | type
        K     | 99ZA00 | 2022-08-01 | 2023-07-31 |
        K     | 99ZC00 | 2023-08-01 | 2024-07-31 | SO
        L     | 99ZA00 | 2023-01-01 | 2023-12-31 |
        L     | 99ZC00 | 2023-06-01 | 2023-12-31 | SO
        """,
    )
    made.setting("periods.first_year", "2023")
    made.setting("periods.last_year", "2023")
    made.build("+metrics.unit core.school_current")
    return made


def test_the_last_of_the_chain(region: Region) -> None:
    region.expect(
        "select school_id, current_school_id from core.school_current order by 1",
        """
        school_id | current_school_id
        '99ZA00'  | '99ZC00'
        '99ZB00'  | '99ZC00'
        '99ZC00'  | '99ZC00'
        '99ZD00'  | '99ZD00'
        '99ZE00'  | '99ZE00'
        '99ZF00'  | '99ZF00'
        '99ZG00'  | '99ZG00'
        """,
    )


def test_one_history_and_a_child_at_both_counts_once(region: Region) -> None:
    """K is there all of 2023, L too, though enrolled under both numbers in the second half."""
    region.expect(
        "select unit_id, pupils_ever, pupil_days from metrics.unit where level = 'school' "
        "and period = '2023'",
        """
        unit_id  | pupils_ever | pupil_days
        '99ZC00' | 2           | 730
        """,
    )


def test_the_type_of_before_stays(region: Region) -> None:
    """The delivered number is kept; without a type of the enrolment that of the old school holds."""
    region.expect(
        "select school_id, school_type from core.enrolment order by child_id, start_date",
        """
        school_id | school_type
        '99ZA00'  | SBO
        '99ZC00'  | SO
        '99ZA00'  | SBO
        '99ZC00'  | SO
        """,
    )
