"""Which deliveries count: versions, deletions, stops, repeats, and what is known of children and schools."""

from datetime import datetime

import pytest

from tests.support.region import Region

INDICATIONS = "select * from core.indication order by municipality_code, law, allocation_number"


def test_the_latest_decision_counts_whatever_arrives_last(region: Region) -> None:
    """The version of 1 March came in later than that of 1 April; the decision of 1 April counts."""
    region.given(
        "indications",
        """
        child | number | from       | to         | decided    | time
        X     | 1      | 2024-01-01 | 2024-06-30 | 2024-04-01 | 10:00
        """,
        file_id=1,
    )
    region.given(
        "indications",
        """
        child | number | from       | to         | decided    | time
        X     | 1      | 2024-01-01 | 2024-12-31 | 2024-03-01 | 10:00
        X     | 1      | 2024-01-01 | 2024-09-30 | 2024-04-01 | 09:59
        """,
        file_id=2,
    )
    region.build("+core.indication")
    region.expect(
        INDICATIONS,
        """
        allocation_number | planned_end_date | versions
        '1'               | 2024-06-30       | 3
        """,
    )
    (row,) = region.rows(INDICATIONS)
    assert (row["first_decided_at"], row["decided_at"]) == (
        datetime(2024, 3, 1, 10, 0),
        datetime(2024, 4, 1, 10, 0),
    )


def test_a_number_belongs_to_a_municipality_and_a_law(region: Region) -> None:
    """Number 1 of two municipalities and of the Wmo are three indications; the Wmo never counts as care."""
    region.given(
        "indications",
        """
        child | number | municipality | law | from       | to
        X     | 1      | 9901         |     | 2024-01-01 | 2024-06-30
        X     | 1      | 9902         |     | 2024-01-01 | 2024-06-30
        X     | 1      | 9901         | WMO | 2024-01-01 | 2024-06-30
        """,
    )
    region.build("+core.care")
    region.expect(
        INDICATIONS,
        """
        municipality_code | law
        '9901'            | jeugdwet
        '9901'            | wmo
        '9902'            | jeugdwet
        """,
    )
    region.expect("select count(*) as n from core.care", "n\n2")


@pytest.mark.parametrize(
    ("reason", "decided", "to", "counts"),
    [
        ("13", "2024-01-05", "2024-01-01", False),
        ("13", "2024-01-05", "2024-01-02", True),
        ("01", "2022-03-31", "2024-01-01", False),
        ("01", "2022-04-01", "2024-01-01", True),
        ("05", "2024-01-05", "2024-01-01", True),
    ],
    ids=[
        "removed",
        "removal needs end = start",
        "old removal code",
        "old code after April 2022",
        "one day of care",
    ],
)
def test_a_removed_indication_never_existed(
    region: Region, reason: str, decided: str, to: str, counts: bool
) -> None:
    region.given(
        "indications",
        f"""
        child | number | from       | to         | decided    | reason
        X     | 1      | 2024-01-01 | 2024-12-31 | 2020-01-01 |
        X     | 1      | 2024-01-01 | {to}       | {decided}  | {reason}
        """,
    )
    region.build("+core.indication")
    region.expect("select count(*) as n from core.indication", f"n\n{int(counts)}")


def test_equal_stamps_go_to_the_later_delivery_and_are_noted(region: Region) -> None:
    region.given(
        "indications",
        """
        child | number | from       | to
        X     | 1      | 2024-01-01 | 2024-06-30
        X     | 2      | 2024-01-01 | 2024-06-30
        """,
        file_id=1,
    )
    region.given(
        "indications",
        """
        child | number | from       | to
        X     | 1      | 2024-01-01 | 2024-09-30
        X     | 2      | 2024-01-01 | 2024-06-30
        """,
        file_id=2,
    )
    region.build("+core.indication staging.indication_conflict")
    region.expect(
        INDICATIONS,
        """
        allocation_number | end_date
        '1'               | 2024-09-30
        '2'               | 2024-06-30
        """,
    )
    region.expect(
        "select * from staging.indication_conflict",
        """
        allocation_number | contents
        '1'               | 2
        """,
    )


def test_a_missing_decision_date_is_the_first_day(region: Region) -> None:
    region.given(
        "indications",
        """
        child | number | from       | to         | decided
        X     | 1      | 2024-02-01 | 2024-06-30 |
        X     | 1      | 2024-02-01 | 2024-12-31 | 2024-01-31
        """,
    )
    region.build("+core.indication")
    region.expect(INDICATIONS, "end_date\n2024-06-30")


def test_a_referrer_is_inherited(region: Region) -> None:
    """Number 1 had a referrer in its first version; number 2 gets it from the provider's request."""
    region.given(
        "indications",
        """
        child | number | from       | decided    | referrer | provider_reference
        X     | 1      | 2024-01-01 | 2024-01-01 | 02       |
        X     | 1      | 2024-01-01 | 2024-02-01 |          |
        X     | 2      | 2024-01-01 | 2024-02-01 |          | r2
        X     | 3      | 2024-01-01 | 2024-02-01 |          | r3
        """,
    )
    region.given(
        "referrals",
        """
        child | provider_reference | referrer
        X     | r2                 | 05
        Y     | r3                 | 03
        """,
    )
    region.build("+core.indication")
    region.expect(
        INDICATIONS,
        """
        allocation_number | referrer
        '1'               | '02'
        '2'               | '05'
        '3'               |
        """,
    )


def test_a_stop_ends_care_before_its_planned_end(region: Region) -> None:
    """31 ends it; 20 is a pause; a stop before the first day or after the end changes nothing."""
    region.given(
        "indications",
        """
        child | number | from       | to
        X     | 1      | 2024-01-01 | 2024-12-31
        X     | 2      | 2024-01-01 | 2024-12-31
        X     | 3      | 2024-01-01 | 2024-12-31
        X     | 4      | 2024-01-01 | 2024-12-31
        X     | 5      | 2024-01-01 |
        """,
    )
    region.given(
        "deliveries",
        """
        child | number | from       | to         | end_reason
        X     | 1      | 2024-01-01 | 2024-03-31 | 31
        X     | 2      | 2024-01-01 | 2024-03-31 | 20
        X     | 3      | 2023-11-01 | 2023-12-31 | 31
        X     | 4      | 2024-01-01 | 2025-01-31 | 31
        X     | 5      | 2024-01-01 | 2024-03-31 | 31
        X     | 5      | 2024-05-01 |            |
        """,
    )
    region.build("+core.indication")
    region.expect(
        INDICATIONS,
        """
        allocation_number | end_date   | planned_end_date
        '1'               | 2024-03-31 | 2024-12-31
        '2'               | 2024-12-31 | 2024-12-31
        '3'               | 2024-12-31 | 2024-12-31
        '4'               | 2024-12-31 | 2024-12-31
        '5'               |            |
        """,
    )


def test_a_total_is_spread_over_the_planned_period(region: Region) -> None:
    """366 hours for a whole year are one a day, also when care stops in March."""
    region.given(
        "indications",
        """
        child | number | from       | to         | volume | unit | frequency
        X     | 1      | 2024-01-01 | 2024-12-31 | 366    | 04   | 6
        X     | 2      | 2024-01-01 |            | 366    | 04   | 6
        X     | 3      | 2024-01-01 |            | 0      | 04   | 2
        X     | 4      | 2024-01-01 |            | 60     | 01   | 02
        X     | 5      | 2024-01-01 |            | 100    | 83   | 4
        """,
    )
    region.given(
        "deliveries",
        """
        child | number | from       | to         | end_reason
        X     | 1      | 2024-01-01 | 2024-03-31 | 31
        """,
    )
    region.build("+core.indication")
    region.expect(
        INDICATIONS,
        """
        allocation_number | hours_per_week
        '1'               | 7.0
        '2'               |
        '3'               | 0.0
        '4'               | 1.0
        '5'               |
        """,
    )


def test_a_deletion_comes_before_an_addition(region: Region) -> None:
    """A start is corrected in one file; another start and a stop are withdrawn in the next one."""
    region.given(
        "deliveries",
        """
        child | number | from       | to         | end_reason | delivery_status
        X     | 1      | 2024-01-01 |            |            | 1
        X     | 2      | 2024-01-01 |            |            | 1
        X     | 3      | 2024-01-01 |            |            | 1
        X     | 3      | 2024-01-01 | 2024-02-01 | 31         | 1
        """,
        file_id=1,
    )
    region.given(
        "deliveries",
        """
        child | number | from       | to         | end_reason | delivery_status
        X     | 1      | 2024-01-01 |            |            | 1
        X     | 1      | 2024-01-01 |            |            | 3
        X     | 2      | 2024-01-01 |            |            | 3
        X     | 3      | 2024-01-01 | 2024-02-01 | 31         | 3
        """,
        file_id=2,
    )
    region.build("+core.delivery")
    region.expect(
        "select * from core.delivery order by allocation_number",
        """
        allocation_number | start_date | end_date
        '1'               | 2024-01-01 |
        '3'               | 2024-01-01 |
        """,
    )


def test_the_newest_delivery_of_an_enrolment_wins(region: Region) -> None:
    """The same start is the same enrolment; a pupil who is absent from a later list is not deleted."""
    region.given(
        "enrolments",
        """
        child | school | from       | to
        X     | 99ZA00 | 2023-08-01 |
        Y     | 99ZA00 | 2023-08-01 |
              | 99ZA00 | 2023-08-01 |
        """,
        file_id=1,
    )
    region.given(
        "enrolments",
        """
        child | school | from       | to
        X     | 99ZA00 | 2023-08-01 | 2024-07-31
        """,
        file_id=2,
    )
    query = "select * from core.enrolment order by child_id"
    region.build("+core.enrolment")
    region.expect(
        query,
        """
        child_id | end_date
        X        | 2024-07-31
        Y        |
        """,
    )
    region.setting("ingest.full_list", "true")
    region.build("+core.enrolment")
    region.expect(
        query,
        """
        child_id | end_date
        X        | 2024-07-31
        """,
    )


def test_children_who_are_no_pupils_are_left_out(region: Region) -> None:
    """Toddlers on a school's list are no pupils; group 0, and a grade that hides the year, are."""
    region.given(
        "enrolments",
        """
        child | school | from       | grade
        A     | 99ZA00 | 2023-08-01 | baby
        B     | 99ZA00 | 2023-08-01 | dreumes
        C     | 99ZA00 | 2023-08-01 | peuter
        D     | 99ZA00 | 2023-08-01 | geen po/vo
        E     | 99ZA00 | 2023-08-01 | 0
        F     | 99ZA00 | 2023-08-01 | S
        G     | 99ZA00 | 2023-08-01 | V
        H     | 99ZA00 | 2023-08-01 |
        I     | 99ZA00 | 2021-08-01 | Peuter
        """,
    )
    region.build("+core.enrolment +core.period")
    region.expect("select child_id from core.enrolment order by child_id", "child_id\nE\nF\nG\nH")
    region.expect("select min(start_date) as first from core.period", "first\n2023-01-01")


def test_a_record_that_comes_again_counts_once(region: Region) -> None:
    """Two meetings on one day are two; the same file again changes nothing."""
    text = """
        meeting_level | held_on    | was_held
        casus         | 2024-01-10 | true
        casus         | 2024-01-10 | true
        bestuur       | 2024-01-10 | false
        """
    region.given("meetings", text, file_id=1)
    region.given("meetings", text, file_id=2)
    region.build("+core.meeting")
    region.expect("select count(*) as n, min(source_file_id) as file from core.meeting", "n | file\n3 | 2")


def test_of_a_child_and_a_school_the_newest_known_value_counts(region: Region) -> None:
    """A later file without a postcode or a board does not take them away."""
    region.given(
        "enrolments",
        """
        child | school | from       | sex | pc4
        X     | 99ZA00 | 2023-08-01 | x   | 9999
        """,
        file_id=1,
    )
    region.given(
        "indications",
        """
        child | from       | sex | pc4
        X     | 2024-01-01 | m   |
        """,
        file_id=2,
    )
    region.given(
        "schools",
        """
        school | name  | type | municipality | board | swv
        99ZA00 | old   | SBO  | 9901         | one   |
        """,
        file_id=1,
    )
    region.given(
        "schools",
        """
        school | name  | type | municipality | board | swv
        99ZA00 | new   | SO   | 9901         |       | PO9901
        99ZB00 | other | BO   | 9901         |       |
        """,
        file_id=2,
    )
    region.build("+core.child +core.school")
    region.expect("select * from core.child", "child_id | child_key | sex | pc4\nX | 1 | m | '9999'")
    region.expect(
        "select * from core.school order by school_id",
        """
        school_id | name  | school_type | board | swv
        99ZA00    | new   | SO          | one   | PO9901
        99ZB00    | other | BO          |       |
        """,
    )


def test_a_school_that_no_list_names_gets_the_type_its_pupils_give_most(region: Region) -> None:
    region.given(
        "enrolments",
        """
        child | school | from       | type
        X     | 99ZA00 | 2023-08-01 | SBO
        Y     | 99ZA00 | 2023-08-01 | SBO
        Z     | 99ZA00 | 2023-08-01 | SO
        """,
    )
    region.build("+core.school")
    region.expect("select * from core.school", "school_id | school_type | is_listed\n99ZA00 | SBO | false")


def test_a_provider_is_valid_until_the_next_one_starts(region: Region) -> None:
    """A belongs to one consortium until 2024 and to another from then on; B is in no list."""
    region.given(
        "providers",
        """
        provider | name | consortium | valid_from | valid_to
        A        | A    | one        | 2020-01-01 |
        A        | A    | two        | 2024-01-01 |
        """,
    )
    region.given("indications", "child | provider | from\nX | B | 2024-01-01")
    region.build("+core.provider")
    region.expect(
        "select * from core.provider order by provider_id, valid_from",
        """
        provider_id | provider_key | consortium | valid_from | valid_to   | is_listed
        A           | 1            | one        | 2020-01-01 | 2023-12-31 | true
        A           | 1            | two        | 2024-01-01 |            | true
        B           | 2            |            |            |            | false
        """,
    )


def test_a_product_means_what_the_municipality_says_on_the_first_day(region: Region) -> None:
    """Own product before that of all, a product before its category; the category has a default weight."""
    region.given(
        "products",
        """
        municipality | category | product | care_form | weight_class   | valid_from | valid_to
        9901         | 45       | 45A01   | ambulant  | licht          | 2020-01-01 | 2023-12-31
        9901         | 45       | 45A01   | groep     | specialistisch | 2024-01-01 |
                     | 45       | 45A01   | overal    | zwaar          |            |
                     | 41       |         | daghulp   |                |            |
        """,
    )
    region.given(
        "indications",
        """
        child | number | municipality | category | product | from
        X     | 1      | 9901         | 45       | 45A01   | 2023-12-31
        X     | 2      | 9901         | 45       | 45A01   | 2024-01-01
        X     | 3      | 9902         | 45       | 45A01   | 2024-01-01
        X     | 4      | 9901         | 41       | 41A01   | 2024-01-01
        X     | 5      | 9901         | 45       | 45Z99   | 2024-01-01
        """,
    )
    region.build("+core.indication")
    region.expect(
        "select * from core.indication order by allocation_number",
        """
        allocation_number | care_form | weight_class
        '1'               | ambulant  | licht
        '2'               | groep     | specialistisch
        '3'               | overal    | zwaar
        '4'               | daghulp   | zwaar
        '5'               |           | specialistisch
        """,
    )


def test_credits_take_away_what_they_correct(region: Region) -> None:
    """100 euros, taken back and declared as 80; another line is taken back altogether."""
    region.given(
        "declarations",
        """
        child | declaration_number | reference_number | number | category | from       | to         | volume | unit | amount_cents | debit_credit
        X     | d1                 | r1               | 1      | 45       | 2024-01-01 | 2024-01-31 | 10     | 04   | 10000        | D
        X     | d2                 | r2               | 1      | 45       | 2024-01-01 | 2024-01-31 | 10     | 04   | 10000        | C
        X     | d2                 | r3               | 1      | 45       | 2024-01-01 | 2024-01-31 | 8      | 04   | 8000         | D
        X     | d1                 | r4               | 2      | 45       | 2024-01-01 | 2024-01-31 | 5      | 04   | 5000         | D
        X     | d2                 | r5               | 2      | 45       | 2024-01-01 | 2024-01-31 | 5      | 04   | 5000         | C
        """,  # noqa: E501
    )
    region.build("+core.declaration")
    region.expect(
        "select * from core.declaration",
        """
        allocation_number | volume | amount_cents | lines
        '1'               | 8.0    | 8000         | 3
        """,
    )


def test_periods_and_reference_dates_follow_the_data(region: Region) -> None:
    """From the first enrolment to the last start or decision; planned ends do not count."""
    region.given("enrolments", "child | school | from\nX | 99ZA00 | 2022-09-15")
    region.given(
        "indications",
        """
        child | from       | to         | decided
        X     | 2023-11-01 | 2030-12-31 | 2023-10-20
        """,
    )
    region.build("+core.period +core.reference_date")
    region.expect(
        "select * from core.period order by period_key",
        """
        period      | kind          | start_date | end_date   | is_provisional
        '2022'      | calendar_year | 2022-01-01 | 2022-12-31 | false
        '2022-2023' | school_year   | 2022-08-01 | 2023-07-31 | false
        '2023'      | calendar_year | 2023-01-01 | 2023-12-31 | true
        '2023-2024' | school_year   | 2023-08-01 | 2024-07-31 | true
        """,
    )
    region.expect(
        "select * from core.reference_date order by reference_date",
        """
        reference_date | period
        2022-10-01     | '2022-2023'
        2023-10-01     | '2023-2024'
        """,
    )
    region.setting("periods.first_year", "2023")
    region.setting("periods.reference_date", "02-01")
    region.build("+core.period +core.reference_date")
    region.expect(
        "select period from core.period order by period_key",
        """
        period
        '2023'
        '2023-2024'
        """,
    )
    region.expect("select * from core.reference_date", "reference_date | period\n2023-02-01 | '2022-2023'")


def test_a_municipality_that_is_behind_makes_the_period_provisional(region: Region) -> None:
    """9902 delivered until February, five times a quarter; 9903 seldom; 9904 should have and never did."""
    numbers = iter(range(1, 1000))

    def care(code: str, *days: str) -> None:
        rows = [f"X | {next(numbers)} | {code} | {day} | 2025-12-31" for day in days]
        region.given("indications", "child | number | municipality | from | to\n" + "\n".join(rows))

    for code in ("9901", "9902", "9904"):
        region.setting("region.municipality", code)
    care("9901", "2023-08-01", "2024-12-20")
    care("9902", *(f"2023-{m:02}-{d:02}" for m in range(8, 13) for d in (3, 10, 20)), "2024-02-01")
    care("9903", "2023-09-01", "2024-01-20")
    region.build("+core.period")
    region.expect(
        "select period, is_provisional, late_municipalities from core.period order by start_date, kind",
        """
        period      | is_provisional | late_municipalities
        '2023'      | true           | '9904'
        '2023-2024' | true           | '9902, 9904'
        '2024'      | true           | '9902, 9904'
        '2024-2025' | true           | '9902, 9904'
        """,
    )


def test_one_mistyped_year_does_not_move_the_periods(region: Region) -> None:
    """2082 for 2028 or 1922 for 2022 lies more than ten years from everything else."""
    region.given(
        "enrolments",
        """
        child | school | from
        X     | 99ZA00 | 2022-09-15
        Y     | 99ZA00 | 2023-09-15
        Z     | 99ZA00 | 1922-09-15
        """,
    )
    region.given("indications", "child | from\nX | 2082-01-01")
    region.build("+core.period")
    region.expect(
        "select period from core.period where kind = 'calendar_year' order by period",
        """
        period
        '2022'
        '2023'
        """,
    )


def test_a_volume_beyond_the_standard_has_no_hours(region: Region) -> None:
    region.given(
        "indications",
        """
        child | number | from       | volume    | unit | frequency
        X     | 1      | 2024-01-01 | 99999999  | 01   | 2
        X     | 2      | 2024-01-01 | 100000000 | 01   | 2
        X     | 3      | 2024-01-01 | -1        | 01   | 2
        """,
    )
    region.build("+core.indication")
    region.expect(
        "select allocation_number, hours_per_week is not null as has_hours from core.indication order by 1",
        """
        allocation_number | has_hours
        '1'               | true
        '2'               | false
        '3'               | false
        """,
    )


def test_spaces_do_not_make_another_product(region: Region) -> None:
    """The same code with a space behind it, in a later file, is the same product."""
    region.given("products", "category | product | care_form\n45 | 45A01 | ambulant", file_id=1)
    region.connection.execute(
        "insert into raw.products (file_id, line, product_category, product_code, care_form) "
        "values (2, 2, '45', '45A01 ', 'groep')"
    )
    region.build("+core.product")
    region.expect("select * from core.product", "product_code | care_form\n45A01 | groep")


def test_without_any_delivery_everything_is_empty_and_nothing_fails(region: Region) -> None:
    region.build("*.*")
    region.expect("select count(*) as n from metrics.value", "n\n0")
    region.expect("select count(*) as n from core.period", "n\n0")
