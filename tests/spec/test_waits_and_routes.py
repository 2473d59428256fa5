"""Waits, referrers and overlaps of three children who have more than one indication in a year."""

import pytest

from tests.support.region import Region

SCHOOLS = """
    school | name | type | municipality
    99ZA00 | A    | SO   | 9901
"""
ENROLMENTS = """
    child | school | from       | to
    X     | 99ZA00 | 2023-08-01 | 2024-12-31
    Y     | 99ZA00 | 2023-08-01 | 2024-12-31
    Z     | 99ZA00 | 2023-08-01 | 2024-12-31
"""
# X waits 10 days for the one, 3 of them for the decision, and 152 for the other; Y waits 50. Of Z
# nobody knows when it was applied for, nor by whom.
INDICATIONS = """
    child | provider | category | applied_on | decided    | from       | to         | referrer
    X     | A        | 45       | 2024-01-01 | 2024-01-04 | 2024-01-11 | 2024-12-31 | 02
    X     | B        | 44       | 2024-01-01 |            | 2024-06-01 | 2024-12-31 | 01
    Y     | A        | 45       | 2024-02-01 |            | 2024-03-22 | 2024-12-31 | 01
    Z     | A        | 45       |            |            | 2024-01-01 | 2024-12-31 |
    Z     | A        | 45       |            |            | 2024-02-01 | 2024-02-29 |
    Z     | A        | 45       |            |            | 2024-04-01 | 2024-04-30 |
"""


@pytest.fixture(scope="module")
def built(shared: Region) -> Region:
    region = shared.fresh(
        (2023, 2024), "9901", schools=SCHOOLS, enrolments=ENROLMENTS, indications=INDICATIONS
    )
    region.setting("metrics.waiting_norm_days", "40")
    region.build("+metrics.theme_d_waiting +metrics.theme_e_referral +metrics.theme_k_record")
    return region


def test_a_child_that_waited_twice_is_one_child_within_the_norm(built: Region) -> None:
    built.expect(
        "select metric, value, n_children from metrics.theme_d_waiting "
        "where level = 'region' and period = '2024' and dimension = '' order by metric",
        """
        metric                    | value              | n_children
        waiting_time              | 50.0               | 2
        waiting_time_p90          | 131.6              | 2
        waiting_within_norm_share | 0.3333333333333333 | 1
        """,
    )


def test_a_wait_is_told_apart_by_form_payer_and_referrer(built: Region) -> None:
    built.expect(
        "select dimension, dimension_value, value from metrics.theme_d_waiting where metric = 'waiting_time' "
        "and level = 'region' and period = '2024' and dimension <> '' order by dimension, dimension_value",
        """
        dimension     | dimension_value    | value
        care_form     | ambulant           | 30.0
        care_form     | verblijf           | 152.0
        in_region     | binnen             | 50.0
        referrer      | '01'               | 101.0
        referrer      | '02'               | 10.0
        waiting_phase | aanmelding_besluit | 3.0
        waiting_phase | besluit_start      | 7.0
        waiting_phase | totaal             | 50.0
        """,
    )


def test_who_referred_is_counted_by_form_of_care(built: Region) -> None:
    built.expect(
        "select nullif(dimension, '') as dimension, nullif(dimension_value, '') as dimension_value, "
        "numerator, denominator, n_children from metrics.theme_e_referral "
        "where metric = 'gp_route_share' and level = 'region' and period = '2024' order by 1 nulls first, 2",
        """
        dimension                | dimension_value | numerator | denominator | n_children
                                 |                 | 1         | 3           | 1
        care_form                | ambulant        | 1         | 2           | 1
        care_form                | verblijf        | 0         | 1           | 0
        responsible_municipality | '9901'          | 1         | 3           | 1
        school_type              | SO              | 1         | 3           | 1
        """,
    )


def test_a_long_indication_overlaps_whatever_starts_before_its_end(built: Region) -> None:
    built.expect(
        "select period, numerator, denominator, n_children from metrics.theme_k_record "
        "where metric = 'conflict_share' and dimension_value = 'overlap' and level = 'region' "
        "and period in ('2024-Q1', '2024-Q2') order by period",
        """
        period  | numerator | denominator | n_children
        2024-Q1 | 1         | 4           | 1
        2024-Q2 | 1         | 2           | 1
        """,
    )
