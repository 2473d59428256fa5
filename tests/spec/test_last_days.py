"""Figures at the edge: the last day that counts, the first that does not, the score that is just enough."""

import pytest

from tests.support.region import Region

SCHOOLS = """
    school | name | type | municipality | swv
    99ZA00 | A    | BO   | 9901         | PO9901
    99ZB00 | B    | SO   | 9901         | PO9901
    99ZC00 | C    | BO   | 9901         | PO9901
"""


def test_a_change_of_exactly_the_limit_is_a_change(shared: Region) -> None:
    """X changes by exactly 1.96 standard errors of a difference, Y by just less."""
    region = shared.fresh(
        (2023, 2024),
        "9901",
        schools=SCHOOLS,
        enrolments="""
            child | school | from       | to
            X     | 99ZA00 | 2023-08-01 | 2024-12-31
            Y     | 99ZA00 | 2023-08-01 | 2024-12-31
        """,
        outcomes="""
            child | measured_on | score_start         | score_end | standard_error
            X     | 2024-12-31  | 0.05543717164502533 | 0.0       | 0.02
            Y     | 2024-01-01  | 0.05543717164502000 | 0.0       | 0.02
        """,
    )
    region.build("+metrics.theme_f_outcome")
    region.expect(
        "select period, numerator, denominator, n_children from metrics.theme_f_outcome "
        "where metric = 'problem_reduction_share' and level = 'region' order by period",
        """
        period    | numerator | denominator | n_children
        2023-2024 | 0         | 1           | 0
        '2024'    | 1         | 2           | 1
        2024-2025 | 1         | 1           | 1
        """,
    )


@pytest.fixture(scope="module")
def moved(shared: Region) -> Region:
    """S, D and V go elsewhere on the last day of the year after the count, the others a day later."""
    children = [f"    {child} | 99ZA00 | 2022-08-01 | 2023-09-29" for child in "Ss"]
    children += [f"    {child} | 99ZA00 | 2022-08-01 | 2024-12-31" for child in "DdVv"]
    region = shared.fresh(
        (2022, 2024),
        "9901",
        schools=SCHOOLS,
        enrolments="\n".join(
            [
                "    child | school | from       | to",
                *children,
                "    S     | 99ZB00 | 2023-09-30 | 2024-12-31",
                "    s     | 99ZB00 | 2023-10-01 | 2024-12-31",
            ]
        ),
        leavers="""
            child | school | left_on    | destination
            D     | 99ZA00 | 2023-09-30 | detentie
            d     | 99ZA00 | 2023-10-01 | detentie
            L     | 99ZA00 | 2023-07-31 | werk
            M     | 99ZA00 | 2023-08-01 | werk
        """,
        indications="""
            child | category | from       | to
            V     | 44       | 2023-09-30 | 2024-06-30
            v     | 44       | 2023-10-01 | 2024-06-30
        """,
    )
    region.build("+metrics.theme_f_destination")
    return region


def test_a_year_after_the_count_ends_on_its_last_day(moved: Region) -> None:
    moved.expect(
        "select period, nullif(dimension_value, '') as destination, numerator, denominator "
        "from metrics.theme_f_destination where metric = 'special_referral_rate' and level = 'region' "
        "and period = '2022-2023' and (numerator > 0 or dimension = '') order by 2 nulls first",
        """
        period    | destination | numerator | denominator
        2022-2023 |             | 3         | 6
        2022-2023 | detentie    | 1         | 6
        2022-2023 | so          | 1         | 6
        2022-2023 | verblijf    | 1         | 6
        """,
    )


def test_who_leaves_on_the_last_day_of_a_school_year_leaves_in_it(moved: Region) -> None:
    moved.expect(
        "select period, dimension_value as destination, numerator, denominator "
        "from metrics.theme_f_destination where metric = 'destination' and level = 'region' "
        "and period in ('2022-2023', '2023-2024') order by period, destination",
        """
        period    | destination | numerator | denominator
        2022-2023 | werk        | 1         | 1
        2023-2024 | detentie    | 2         | 3
        2023-2024 | werk        | 1         | 3
        """,
    )


def test_two_main_enrolments_overlap_from_one_day_on(shared: Region) -> None:
    """X changes school overnight; Y is at both on 31 March; Z on 31 March and 1 April."""
    region = shared.fresh(
        (2023, 2024),
        "9901",
        schools=SCHOOLS,
        enrolments="""
            child | school | from       | to         | main_enrolment
            X     | 99ZA00 | 2023-08-01 | 2024-03-31 | true
            X     | 99ZC00 | 2024-04-01 | 2024-12-31 | true
            Y     | 99ZA00 | 2023-08-01 | 2024-03-31 | true
            Y     | 99ZC00 | 2024-03-31 | 2024-12-31 | true
            Z     | 99ZC00 | 2023-08-01 | 2024-04-01 | true
            Z     | 99ZA00 | 2024-03-31 | 2024-12-31 | true
        """,
    )
    region.build("+metrics.theme_k_record")
    region.expect(
        "select period, numerator, denominator from metrics.theme_k_record "
        "where dimension_value = 'twee_hoofdinschrijvingen' and period like '2024-Q%' order by period",
        """
        period  | numerator | denominator
        2024-Q1 | 2         | 3
        2024-Q2 | 1         | 3
        2024-Q3 | 0         | 3
        2024-Q4 | 0         | 3
        """,
    )


def test_care_counts_for_a_school_from_the_day_of_coming(shared: Region) -> None:
    """X comes on 1 October 2024, Y leaves the day before; both have help at school."""
    region = shared.fresh(
        (2023, 2024),
        "9901",
        schools=SCHOOLS,
        enrolments="""
            child | school | from       | to
            X     | 99ZA00 | 2024-10-01 | 2024-12-31
            Y     | 99ZA00 | 2023-08-01 | 2024-09-30
            Z     | 99ZA00 | 2023-08-01 | 2024-12-31
        """,
        products="""
            municipality | category | product | setting
            9901         | 45       | 45A01   | school
            9901         | 45       | 45A02   | thuis
        """,
        indications="""
            child | category | product | from       | to
            X     | 45       | 45A01   | 2024-10-01 | 2024-12-31
            Y     | 45       | 45A01   | 2023-08-01 | 2024-12-31
            Z     | 45       | 45A02   | 2023-08-01 | 2024-12-31
        """,
    )
    region.build("+metrics.theme_g_nearness")
    region.expect(
        "select reference_date, numerator, denominator, n_children from metrics.theme_g_nearness "
        "where metric = 'in_school_share' and level = 'school' and dimension = '' "
        "and reference_date = date '2024-10-01'",
        """
        reference_date | numerator | denominator | n_children
        2024-10-01     | 1         | 2           | 1
        """,
    )
