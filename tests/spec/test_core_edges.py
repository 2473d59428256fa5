"""The last day that still counts, and the first that does not, of rules on which many figures stand."""

import pytest

from tests.support.region import Region

SCHOOLS = """
school | name | type | municipality | swv
99ZA00 | A    | SO   | 9901         | PO1
99ZB00 | B    | BO   |              |
"""
WHOLE = """
child | school | from       | to
X     | 99ZA00 | 2022-01-01 | 2024-03-31
"""


@pytest.fixture
def region(shared: Region) -> Region:
    return shared.fresh((2022, 2024), "9901", schools=SCHOOLS, enrolments=WHOLE)


@pytest.mark.parametrize(
    ("municipality", "code"), [("9901", "A"), (None, "A"), ("9901", None), (None, None)], ids=str
)
def test_a_line_of_the_price_list_counts_on_its_first_and_last_day(
    region: Region, municipality: str | None, code: str | None
) -> None:
    region.given(
        "products",
        f"""
        municipality | category | product | care_form | valid_from | valid_to
        {municipality or ""} | 45 | {code or ""} | netwerk | 2023-02-01 | 2023-03-01
        """,
    )
    region.given(
        "indications",
        """
        child | number | category | product | from       | to
        X     | 1      | 45       | A       | 2023-01-31 | 2023-02-10
        X     | 2      | 45       | A       | 2023-02-01 | 2023-02-10
        X     | 3      | 45       | A       | 2023-03-01 | 2023-03-10
        X     | 4      | 45       | A       | 2023-03-02 | 2023-03-10
        """,
    )
    region.build("+core.indication")
    region.expect(
        "select allocation_number as number, care_form from core.indication order by 1",
        """
        number | care_form
        '1'    |
        '2'    | netwerk
        '3'    | netwerk
        '4'    |
        """,
    )


def test_the_price_list_of_the_municipality_and_of_the_product_go_first(region: Region) -> None:
    region.given(
        "products",
        """
        municipality | category | product | care_form | setting
                     | 45       |         | daghulp   | thuis
        9901         | 45       |         | pleegzorg |
                     | 45       | A       | netwerk   |
        9901         | 45       | A       |           | school
        """,
    )
    region.given(
        "indications",
        """
        child | number | municipality | category | product | from       | to
        X     | 1      | 9901         | 45       | A       | 2023-01-31 | 2023-02-10
        X     | 2      | 9902         | 45       | A       | 2023-02-01 | 2023-02-10
        X     | 3      | 9901         | 45       | B       | 2023-03-01 | 2023-03-10
        X     | 4      | 9902         | 45       | B       | 2023-03-02 | 2023-03-10
        """,
    )
    region.build("+core.indication")
    region.expect(
        "select allocation_number as number, care_form, setting from core.indication order by 1",
        """
        number | care_form | setting
        '1'    | netwerk   | school
        '2'    | netwerk   | thuis
        '3'    | pleegzorg | thuis
        '4'    | daghulp   | thuis
        """,
    )


def test_one_record_is_a_delivery(region: Region) -> None:
    region.build("+core.source")
    found = region.rows(
        "select kind, is_delivered from core.source where kind in ('enrolments', 'transport')"
    )
    assert {row["kind"]: row["is_delivered"] for row in found} == {"enrolments": True, "transport": False}


def test_a_school_that_is_on_no_list_has_the_type_of_its_pupils(region: Region) -> None:
    """Pupils without a type do not decide, however many."""
    region.given(
        "enrolments",
        """
        child | school | from       | type
        X     | 99ZN00 | 2022-01-01 |
        Y     | 99ZN00 | 2022-01-01 |
        Z     | 99ZN00 | 2022-01-01 | PRO
        """,
    )
    region.build("+core.school_level")
    region.expect("select school_type from core.school where school_id = '99ZN00'", "school_type\nPRO")
    units = region.rows("select level, unit_id from core.school_level where level = 'municipality_type'")
    assert [row["unit_id"] for row in units] == ["9901|SO"]  # no municipality, no cell


def test_a_survey_without_a_day_falls_on_the_start_of_the_initiative(region: Region) -> None:
    region.given(
        "initiatives",
        """
        initiative_id | name | school | from
        I1            | i    | 99ZA00 | 2022-05-31
        I1            | i    | 99ZB00 | 2023-03-01
        """,
    )
    region.given(
        "surveys",
        """
        moment | initiative_id | question | score
        T0     | I1            | rust     | 7
        T1     | I1            | rust     | 7
        T2     | I1            | rust     | 7
        """,
    )
    region.build("+core.survey")
    region.expect(
        "select moment, measured_on from core.survey order by moment",
        """
        moment | measured_on
        T0     | 2022-05-31
        T1     | 2023-05-31
        T2     | 2024-05-31
        """,
    )


def test_the_last_day_of_the_data_ends_a_quarter(region: Region) -> None:
    """Data up to 31 March: the first quarter is whole, the half-year is not."""
    region.given("indications", "child | from | to\nX | 2024-03-31 | 2024-03-31")
    region.build("+core.event_period")
    last = region.rows("select last_day from staging.span")[0]["last_day"]
    assert str(last) == "2024-03-31"
    found = region.rows("select period, is_provisional from core.event_period where period like '2024-%'")
    assert {row["period"]: row["is_provisional"] for row in found} == {
        "2024-Q1": False,
        "2024-Q2": True,
        "2024-Q3": True,
        "2024-Q4": True,
        "2024-H1": True,
        "2024-H2": True,
        "2024-2025": True,
    }


def test_quarters_and_years_of_the_register(region: Region) -> None:
    """A period that has not begun on the last day of the data is not there; the last is measured then."""
    region.given("indications", "child | from | to\nX | 2023-10-01 | 2023-10-01")
    region.connection.execute("delete from raw.enrolments")
    region.given("enrolments", "child | school | from | to\nX | 99ZA00 | 2022-08-01 | 2023-10-01")
    region.build("+core.programme_period")
    region.expect(
        "select period, start_date, end_date, measured_on from core.programme_period "
        "where period >= '2022-Q4' order by start_date, period desc",
        """
        period    | start_date | end_date   | measured_on
        2022-Q4   | 2022-10-01 | 2022-12-31 | 2022-12-31
        2023-Q1   | 2023-01-01 | 2023-03-31 | 2023-03-31
        2023-Q2   | 2023-04-01 | 2023-06-30 | 2023-06-30
        2023-Q3   | 2023-07-01 | 2023-09-30 | 2023-09-30
        2023-2024 | 2023-08-01 | 2024-07-31 | 2023-10-01
        2023-Q4   | 2023-10-01 | 2023-12-31 | 2023-10-01
        """,
    )


def test_absolute_absence_is_of_children_from_five_to_eighteen(region: Region) -> None:
    """Y turns five on 1 January 2023, Z eighteen; each is absent from June 2022 to June 2023."""
    region.given(
        "enrolments",
        """
        child | school | from       | to         | birth_month
        Y     | 99ZA00 | 2022-01-01 | 2022-01-31 | 2018-01-01
        Z     | 99ZA00 | 2022-01-01 | 2022-01-31 | 2005-01-01
        """,
    )
    region.given(
        "absences",
        """
        child | absence_type | from       | to
        Y     | absoluut     | 2022-06-01 | 2023-06-30
        Z     | absoluut     | 2022-06-01 | 2023-06-30
        """,
    )
    region.build("+core.absence_spell")
    region.expect(
        "select child_id as child, day_date(from_day) as first, day_date(until_day) as until "
        "from core.absence_spell order by 1",
        """
        child | first      | until
        Y     | 2023-01-01 | 2023-07-01
        Z     | 2022-06-01 | 2023-01-01
        """,
    )


def test_help_of_one_worker_within_other_help_is_no_new_start(region: Region) -> None:
    """X has w1 all the time when w2 comes; w2 comes to Y 28 days after w1 left, and to Z 29 days."""
    region.given(
        "deliveries",
        """
        child | worker_id | product | from       | to
        X     | w1        | a       | 2023-01-01 | 2023-06-30
        X     | w1        | b       | 2023-02-01 | 2023-02-10
        X     | w1        | c       | 2023-03-01 | 2023-03-10
        X     | w1        | d       | 2023-01-01 | 2023-01-05
        X     | w2        | a       | 2023-05-01 | 2023-05-31
        Y     | w1        | a       | 2023-01-01 | 2023-01-31
        Y     | w2        | a       | 2023-03-01 | 2023-03-31
        Z     | w1        | a       | 2023-01-01 | 2023-01-31
        Z     | w2        | a       | 2023-03-02 | 2023-03-31
        """,
    )
    region.given("enrolments", "child | school | from\nY | 99ZA00 | 2022-01-01\nZ | 99ZA00 | 2022-01-01")
    region.build("+core.worker_switch")
    found = region.rows(
        "select child.child_id as child, switch.worker_id, switch.gap from core.worker_switch as switch "
        "inner join core.child as child on switch.child_key = child.child_key order by 1, 2, 3"
    )
    assert [(row["child"], row["worker_id"], row["gap"]) for row in found] == [
        ("X", "w2", 0),
        ("X", "w2", 28),
        ("Y", "w2", 28),
    ]


def test_care_that_goes_on_has_no_end(region: Region) -> None:
    """Two numbers that overlap are one; the last day is that of the one that lasts longest."""
    region.given(
        "indications",
        """
        child | number | provider | category | from       | to
        X     | 1      | A        | 45       | 2023-01-01 | 2023-06-30
        X     | 2      | A        | 45       | 2023-02-01 | 2023-02-28
        X     | 3      | B        | 45       | 2023-09-01 |
        """,
    )
    region.build("+core.trajectory +core.care_episode")
    region.expect(
        "select start_date, end_date, indications from core.trajectory order by 1",
        """
        start_date | end_date   | indications
        2023-01-01 | 2023-06-30 | 2
        2023-09-01 |            | 1
        """,
    )
    region.expect(
        "select gap, start_date, end_date from core.care_episode order by 1, 2",
        """
        gap | start_date | end_date
        0   | 2023-01-01 | 2023-06-30
        0   | 2023-09-01 |
        28  | 2023-01-01 | 2023-06-30
        28  | 2023-09-01 |
        """,
    )


def test_the_register_counts_from_its_first_milestone_up_to_the_last_day(region: Region) -> None:
    region.given(
        "milestones",
        """
        milestone_id | pillar | name | milestone_type | planned_on | realised_on
        M1           | 1      | a    | visie          | 2023-03-31 | 2024-03-31
        """,
    )
    region.given("indications", "child | from | to\nX | 2024-03-31 | 2024-03-31")
    region.given("meetings", "meeting_level | held_on | was_held\ncasus | 2024-03-31 | true")
    region.build("+metrics.theme_i_agreement")
    found = region.rows(
        "select metric, period, dimension_value, numerator, denominator from metrics.theme_i_agreement "
        "where dimension in ('', 'milestone_status') and unit_id = 'region' and period like '%-Q%'"
    )
    counted = {
        (row["metric"], row["period"], row["dimension_value"]): (row["numerator"], row["denominator"])
        for row in found
    }
    assert min(period for metric, period, _ in counted if metric == "milestones") == "2023-Q1"
    assert counted["milestones", "2023-Q1", "op_schema"] == (1, None)
    assert counted["milestones", "2023-Q2", "vertraagd"] == (1, None)  # 91 days
    assert counted["milestones", "2024-Q1", "gereed"] == (1, None)
    assert counted["consultation_rhythm", "2024-Q1", ""] == (1, 1)


def test_deliveries_are_expected_for_a_year_after_the_last(region: Region) -> None:
    """Declarations of 2022-Q1 only: expected in the four quarters after it, and never in that one itself."""
    region.given(
        "declarations",
        """
        child | declaration_number | reference_number | category | from       | to         | amount_cents
        X     | D                  | 1                | 45       | 2022-01-01 | 2022-03-31 | 100
        """,
    )
    region.given(
        "indications",
        "child | number | from | to\nX | 1 | 2022-06-30 | 2022-07-01\nX | 2 | 2024-03-31 | 2024-03-31",
    )
    region.build("+metrics.theme_k_delivery")
    rows = region.rows(
        "select metric, period, dimension_value as part, numerator, denominator "
        "from metrics.theme_k_delivery where level = 'responsible_municipality' and dimension = 'source'"
    )
    complete = {
        (row["part"], row["period"]): row["numerator"]
        for row in rows
        if row["metric"] == "delivery_completeness"
    }
    expected = [period for part, period in complete if part == "declarations"]
    assert sorted(expected) == ["2022-Q2", "2022-Q3", "2022-Q4", "2023-Q1"]
    assert complete["indications", "2022-Q2"] == 1  # started on the last day of the quarter
    assert complete["indications", "2022-Q3"] == 0
    change = {
        (row["part"], row["period"]): (row["numerator"], row["denominator"])
        for row in rows
        if row["metric"] == "delivery_change"
    }
    # What runs on one day of a quarter is valid in it; declarations up to 31 March are not in Q2.
    assert change["indications", "2022-Q3"] == (0, 1)
    assert change["indications", "2022-Q4"] == (-1, 1)
    assert change["declarations", "2022-Q2"] == (-1, 1)


def test_sets_of_schools_that_look_alike_are_told_apart(region: Region) -> None:
    """As many schools, the same first and last, and numbers with the same sum and sum of squares.

    P and Q have the schools 1, 5, 6, 8 and 2, 3, 7, 8; R and S five each that agree in all of these.
    """
    of = {"P": (1, 5, 6, 8), "Q": (2, 3, 7, 8), "R": (1, 2, 6, 7, 9), "S": (1, 3, 4, 8, 9), "T": (1, 5, 6, 8)}
    region.connection.execute("delete from raw.enrolments")
    rows = [f"{child} | 99Z{n}00 | 2022-01-01" for child, schools in of.items() for n in schools]
    region.given("enrolments", "child | school | from\n" + "\n".join(rows))
    region.build("+core.school_set")
    found: dict[str, set[int]] = {}
    for row in region.rows(
        "select child.child_id, school.school_id from core.child_school_set as own "
        "inner join core.school_set as listed on own.school_set_key = listed.school_set_key "
        "inner join core.child as child on own.child_key = child.child_key "
        "inner join core.school as school on listed.school_key = school.school_key"
    ):
        found.setdefault(row["child_id"], set()).add(int(row["school_id"][3]))
    assert found == {child: set(schools) for child, schools in of.items()}
    shared = region.rows("select count(distinct school_set_key) as sets from core.child_school_set")
    assert shared == [{"sets": 4}]


def test_the_history_of_care_begins_with_the_first_end(region: Region) -> None:
    """What runs on has no end that says how far back the history goes."""
    region.given(
        "indications",
        """
        child | from       | to
        X     | 2022-02-01 | 2022-06-30
        X     | 2022-03-01 |
        """,
    )
    region.build("+core.care_history")
    region.expect(
        "select day_date(from_day) as first from core.care_history",
        """
        first
        2022-07-01
        """,
    )


def test_one_record_makes_a_delivery(region: Region) -> None:
    """Of a kind, and of a column that may be left out."""
    region.connection.execute("delete from raw.enrolments")
    region.given("enrolments", "child | school | from | pc4\nX | 99ZA00 | 2022-01-01 | 9901")
    region.build("+core.source")
    region.expect(
        "select kind, records, is_delivered from core.source "
        "where kind in ('enrolments', 'leavers', 'enrolments.postcode', 'enrolments.sex') order by kind",
        """
        kind                | records | is_delivered
        enrolments          | 1       | true
        enrolments.postcode | 1       | true
        leavers             | 0       | false
        """,
    )


def test_pupil_counts_tell_the_participation_where_there_are_no_lists(region: Region) -> None:
    """By the type of the location: 5 of 25 in sbo, 4 in so, 6 of 36 in vso; later only sbo is known."""
    region.fresh(
        (2022, 2024),
        schools="""
        school | name | type | municipality
        99ZA00 | A    | BO   | 9901
        99ZB00 | B    | SBO  | 9901
        99ZC00 | C    | SO   | 9901
        99ZD00 | D    | VO   | 9901
        99ZE00 | E    | VSO  | 9901
        """,
        indications="child | from | to\nX | 2022-01-01 | 2022-06-30\nX | 2024-12-01 | 2024-12-31",
        pupil_counts="""
        school | year | pupils
        99ZA00 | 2023 | 20
        99ZB00 | 2023 | 5
        99ZC00 | 2023 | 4
        99ZD00 | 2023 | 30
        99ZE00 | 2023 | 6
        99ZB00 | 2024 | 7
        """,
    )
    region.build("+metrics.theme_a_school_type")
    region.expect(
        "select period, dimension_value, numerator, denominator, n_children "
        "from metrics.theme_a_school_type where metric = 'special_participation' and level = 'region' "
        "order by period, dimension_value",
        """
        period    | dimension_value | numerator | denominator | n_children
        2023-2024 | SBO             | 5         | 25          | 5
        2023-2024 | SO              | 4         | 25          | 4
        2023-2024 | VSO             | 6         | 36          | 6
        2024-2025 | SBO             | 7         | 7           | 7
        """,
    )
