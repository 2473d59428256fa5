"""A municipality that goes on under another code has one history; what it hands over is one indication."""

import pytest

from tests.support.region import Region

SCHOOLS = """
    school | name | type | municipality
    99ZA00 | A    | SBO  | 9911
    99ZB00 | B    | SBO  | 9901
"""
CORE = "+core.indication"
WHOLE = "select * from core.indication order by child_id, start_date, allocation_number"


@pytest.fixture
def region(shared: Region) -> Region:
    """9911 and 9912 became 9901 on 1 January 2023."""
    made = shared.fresh((2022, 2023), "9901", schools=SCHOOLS)
    made.setting("merger.9911", "9901 2023-01-01")
    made.setting("merger.9912", "9901 2023-01-01")
    return made


def test_codes_lead_to_the_one_in_use(shared: Region) -> None:
    region = shared.fresh()
    region.setting("merger.9911", "9912 2019-01-01")
    region.setting("merger.9912", "9901 2023-01-01")
    region.setting("merger.9921", "9922 2019-01-01")
    region.setting("merger.9922", "9921 2023-01-01")
    region.build("staging.merger")
    region.expect(
        "select * from staging.merger order by 1, 2",
        """
        municipality_code | later_code | merged_on  | ended_on   | is_current
        '9911'            | '9901'     | 2023-01-01 | 2019-01-01 | true
        '9911'            | '9912'     | 2019-01-01 | 2019-01-01 | false
        '9912'            | '9901'     | 2023-01-01 | 2023-01-01 | true
        """,
    )


def test_one_municipality_in_which_numbers_of_before_stay_apart(region: Region) -> None:
    """Both old municipalities gave out number 1; what they gave counts under the new code, on all days."""
    region.given("enrolments", "child | school | from\nX | 99ZA00 | 2022-01-01\nY | 99ZB00 | 2022-01-01")
    region.given(
        "indications",
        """
        municipality | number | child | from       | to         | category | volume | unit | frequency
        9911         | 1      | X     | 2022-01-01 | 2022-06-30 | 45       | 7      | 04   | 2
        9912         | 1      | Y     | 2022-01-01 | 2022-06-30 | 45       | 7      | 04   | 2
        """,
    )
    region.build("+core.indication +metrics.unit +metrics.unit_municipality")
    region.expect(
        WHOLE,
        """
        child_id | municipality_code | delivered_municipality_code | allocation_number
        X        | '9901'            | '9911'                      | '1'
        Y        | '9901'            | '9912'                      | '1'
        """,
    )
    region.expect(
        "select * from metrics.unit where period = '2022' and level in ('school_municipality', 'region')",
        """
        level                 | unit_id  | pupils_ever | care_pupils | care_days | hours | municipalities
        'region'              | 'region' | 2           | 2           | 362       | 362.0 | 1
        'school_municipality' | '9901'   | 2           | 2           | 362       | 362.0 | 1
        """,
    )


def test_a_handed_over_indication_is_one(region: Region) -> None:
    """The old one ends with reason 11, or without one on the last day; neither end nor start is left."""
    region.given(
        "indications",
        """
        municipality | number | child | from       | to         | reason | category | product | referrer
        9911         | 1      | X     | 2022-03-01 | 2022-12-31 | 11     | 45       | A       | 02
        9901         | 71     | X     | 2023-01-01 | 2024-05-31 |        | 45       | A       |
        9912         | 1      | Y     | 2022-03-01 | 2022-12-31 |        | 45       | A       |
        9901         | 72     | Y     | 2023-01-01 | 2023-05-31 | 05     | 45       | A       |
        9912         | 2      | Z     | 2022-03-01 | 2023-03-31 | 11     | 45       | A       |
        9901         | 73     | Z     | 2023-04-01 |            |        | 45       | A       |
        """,
    )
    region.build("+core.indication_start +core.indication_end +core.care_episode")
    region.expect(
        WHOLE,
        """
        child_id | start_date | end_date   | allocation_number | change_reason | versions | referrer
        X        | 2022-03-01 | 2024-05-31 | '1'               |               | 2        | '02'
        Y        | 2022-03-01 | 2023-05-31 | '1'               | '05'          | 2        |
        Z        | 2022-03-01 |            | '2'               |               | 2        |
        """,
    )
    region.expect("select count(*) as n from core.indication_start", "n\n0")
    region.expect(
        "select count(*) as n, sum(any_g28) as renewed from core.indication_end", "n | renewed\n2 | 0"
    )


@pytest.mark.parametrize(
    "later",
    [
        "B | 2023-01-01 | 45 | A | 2",  # another provider
        "A | 2023-01-02 | 45 | A | 2",  # a day without care
        "A | 2023-01-01 | 46 | A | 2",  # another category
        "A | 2023-01-01 | 45 | B | 2",  # another product
        "A | 2023-01-01 | 45 | A | 3",  # more hours
    ],
)
def test_what_changes_too_is_no_handover(region: Region, later: str) -> None:
    provider, start, category, product, volume = (part.strip() for part in later.split("|"))
    region.given(
        "indications",
        f"""
        municipality | child | provider | from | to | reason | category | product | volume
        9911 | X | A | 2022-03-01 | 2022-12-31 | 11 | 45 | A | 2
        9901 | X | {provider} | {start} | 2023-05-31 |  | {category} | {product} | {volume}
        """,
    )
    region.build(CORE)
    region.expect("select count(*) as n from core.indication", "n\n2")


def test_an_end_on_another_day_without_reason_11_is_an_end(region: Region) -> None:
    region.given(
        "indications",
        """
        municipality | child | from       | to         | reason
        9911         | X     | 2022-03-01 | 2022-10-31 | 05
        9901         | X     | 2022-11-01 | 2023-05-31 |
        """,
    )
    region.build(CORE)
    region.expect("select count(*) as n from core.indication", "n\n2")


def test_the_same_care_under_both_codes_counts_once(region: Region) -> None:
    """X: the whole was delivered again under its number; Y: the old one was never ended."""
    region.given(
        "indications",
        """
        municipality | number | child | from       | to         | volume | unit | frequency
        9911         | 1      | X     | 2022-03-01 | 2024-12-31 | 7      | 04   | 2
        9901         | 1      | X     | 2022-03-01 | 2023-12-31 | 14     | 04   | 2
        9912         | 5      | Y     | 2022-03-01 |            | 7      | 04   | 2
        9901         | 71     | Y     | 2023-01-01 | 2023-06-30 | 7      | 04   | 2
        """,
    )
    region.build(CORE)
    region.expect(
        WHOLE,
        """
        child_id | start_date | end_date   | hours_per_day
        X        | 2022-03-01 | 2023-12-31 | 2.0
        Y        | 2022-03-01 | 2023-06-30 | 1.0
        """,
    )


def test_the_same_number_of_something_else_is_a_coincidence(region: Region) -> None:
    region.given(
        "indications",
        """
        municipality | number | child | provider | from       | to         | category
        9911         | 1      | X     | A        | 2022-03-01 | 2023-12-31 | 45
        9901         | 1      | X     | A        | 2023-01-01 | 2023-12-31 | 46
        9912         | 2      | X     | A        | 2022-03-01 | 2023-12-31 | 47
        9901         | 2      | X     | B        | 2023-01-01 | 2023-12-31 | 47
        """,
    )
    region.build(CORE)
    region.expect("select count(*) as n from core.indication", "n\n4")


def test_totals_and_budgets_add_up(region: Region) -> None:
    """X: 365 hours and 100 euros, then 181 and 50. Y: half of the days of 100 hours were left, then 20."""
    region.given(
        "indications",
        """
        municipality | number | child | from | to | reason | volume | unit | frequency | budget_cents
        9911 | 1 | X | 2022-01-01 | 2022-12-31 | 11 | 365 | 04 | 6 | 10000
        9901 | 71 | X | 2023-01-01 | 2023-06-30 |  | 181 | 04 | 6 | 5000
        9911 | 2 | Y | 2022-01-01 | 2023-12-31 |  | 100 | 04 | 6 |
        9901 | 72 | Y | 2023-01-01 | 2023-12-31 |  | 20 | 04 | 6 |
        """,
    )
    region.build(CORE)
    region.expect(
        WHOLE,
        """
        child_id | volume | hours_per_day      | budget_cents
        X        | 546.0  | 1.0                | 15000
        Y        | 70.0   | 0.0958904109589041 |
        """,
    )


def test_two_that_fit_go_in_order_and_a_number_that_stays_goes_first(region: Region) -> None:
    region.given(
        "indications",
        """
        municipality | number | child | from       | to         | reason
        9911         | 1      | X     | 2022-01-01 | 2022-12-31 | 11
        9911         | 2      | X     | 2022-02-01 | 2022-12-31 | 11
        9901         | 71     | X     | 2023-01-01 | 2023-03-31 |
        9901         | 72     | X     | 2023-01-01 | 2023-06-30 |
        9912         | 1      | Y     | 2022-01-01 | 2022-12-31 | 11
        9912         | 2      | Y     | 2022-02-01 | 2022-12-31 | 11
        9901         | 2      | Y     | 2023-01-01 | 2023-03-31 |
        9901         | 0      | Y     | 2023-01-01 | 2023-06-30 |
        """,
    )
    region.build(CORE)
    region.expect(
        WHOLE,
        """
        child_id | start_date | end_date   | allocation_number
        X        | 2022-01-01 | 2023-03-31 | '1'
        X        | 2022-02-01 | 2023-06-30 | '2'
        Y        | 2022-01-01 | 2023-06-30 | '1'
        Y        | 2022-02-01 | 2023-03-31 | '2'
        """,
    )


def test_handed_over_twice_and_past_a_code(shared: Region) -> None:
    """X goes by way of 9912; Y was left under 9911 until 9901 took over; nothing of Z was ever ended."""
    region = shared.fresh((2018, 2023))
    region.setting("merger.9911", "9912 2019-01-01")
    region.setting("merger.9912", "9901 2023-01-01")
    region.given(
        "indications",
        """
        municipality | number | child | from       | to         | reason
        9911         | 1      | X     | 2018-03-01 | 2018-12-31 | 11
        9912         | 1      | X     | 2019-01-01 | 2022-12-31 | 11
        9901         | 1      | X     | 2023-01-01 | 2023-03-31 |
        9911         | 2      | Y     | 2018-03-01 | 2022-12-31 | 11
        9901         | 9      | Y     | 2023-01-01 | 2023-03-31 |
        9911 | 7 | Z | 2018-03-01 | |
        9912 | 7 | Z | 2019-01-01 | |
        9901 | 7 | Z | 2023-01-01 | 2023-03-31 |
        """,
    )
    region.build(CORE)
    region.expect(
        WHOLE,
        """
        child_id | start_date | end_date   | delivered_municipality_code | versions
        X        | 2018-03-01 | 2023-03-31 | '9911'                      | 3
        Y        | 2018-03-01 | 2023-03-31 | '9911'                      | 2
        Z        | 2018-03-01 | 2023-03-31 | '9911'                      | 3
        """,
    )


def test_starts_stops_and_declarations_find_the_whole(region: Region) -> None:
    """Started under the old code and number, stopped under the new; Y's number is sent under another code."""
    region.given(
        "indications",
        """
        municipality | number | child | from       | to         | reason
        9911         | 1      | X     | 2022-03-01 | 2022-12-31 | 11
        9901         | 71     | X     | 2023-01-01 | 2024-05-31 |
        9912         | 2      | Y     | 2022-03-01 | 2024-05-31 |
        9901         | 2      | Z     | 2022-03-01 | 2024-05-31 |
        """,
    )
    region.given(
        "deliveries",
        """
        municipality | number | child | from       | to         | end_reason
        9911         | 1      | X     | 2022-03-08 |            |
        9901         | 71     | X     | 2022-03-08 | 2023-06-30 | 31
        9901         | 2      | Y     | 2022-03-15 | 2023-09-30 | 32
        """,
    )
    region.given(
        "declarations",
        """
        municipality | number | child | from | to | declaration_number | amount_cents | debit_credit
        9911 | 1 | X | 2022-12-01 | 2022-12-31 | d1 | 5000 | D
        9901 | 71 | X | 2022-12-01 | 2022-12-31 | d2 | 2000 | C
        """,
    )
    region.given(
        "outcomes",
        """
        child | number | measured_on | usefulness
        X     | 71     | 2023-06-30  | 8
        """,
    )
    region.build("+core.indication +core.declaration +core.outcome")
    region.expect(
        WHOLE,
        """
        child_id | end_date   | stop_reason
        X        | 2023-06-30 | '31'
        Y        | 2023-09-30 | '32'
        Z        | 2024-05-31 |
        """,
    )
    region.expect(
        "select * from core.delivery order by child_id",
        """
        municipality_code | delivered_municipality_code | child_id | allocation_number | start_date | end_date
        '9901' | '9911' | X | '1' | 2022-03-08 | 2023-06-30
        '9901' | '9912' | Y | '2' | 2022-03-15 | 2023-09-30
        """,
    )
    region.expect(
        "select * from core.declaration",
        """
        municipality_code | delivered_municipality_code | allocation_number | amount_cents | lines
        '9901'            | '9911'                      | '1'               | 3000         | 2
        """,
    )
    region.expect("select allocation_number from core.outcome", "allocation_number\n'1'")


def test_equal_starts_of_two_indications_are_two(region: Region) -> None:
    """Both old municipalities gave X number 1; a number that nobody knows is that of one municipality."""
    region.given(
        "indications",
        """
        municipality | number | child | from       | to
        9911         | 1      | X     | 2022-03-01 | 2022-08-31
        9912         | 1      | X     | 2022-03-01 | 2022-09-30
        """,
    )
    region.given(
        "deliveries",
        """
        municipality | number | child | from       | to         | end_reason
        9911         | 1      | X     | 2022-03-01 | 2022-06-30 | 31
        9912         | 1      | X     | 2022-03-01 |            |
        9911         | 8      | X     | 2022-03-01 |            |
        9901         | 8      | X     | 2022-03-01 | 2023-06-30 | 31
        9911         |        | X     | 2022-05-01 |            |
        9901         |        | X     | 2022-05-01 | 2023-06-30 | 31
        """,
    )
    region.build(CORE)
    region.expect(
        "select * from core.delivery order by allocation_number, delivered_municipality_code",
        """
        municipality_code | delivered_municipality_code | allocation_number | end_date
        '9901'            | '9911'                      | '1'               | 2022-06-30
        '9901'            | '9912'                      | '1'               |
        '9901'            | '9901'                      | '8'               | 2023-06-30
        '9901'            | '9901'                      |                   | 2023-06-30
        """,
    )
    region.expect(WHOLE, "end_date\n2022-06-30\n2022-09-30")


def test_the_price_of_before_until_the_merger_and_that_of_the_new_municipality_after(region: Region) -> None:
    """One euro a day of 9911, two of 9912, three of 9901 from its first day; B of 9911 only."""
    region.given(
        "products",
        """
        municipality | category | product | tariff_cents | tariff_unit | valid_from | valid_to
        9911         | 45       | A       | 100          | uur         |            |
        9912         | 45       | A       | 200          | uur         |            |
        9901         | 45       | A       | 300          | uur         |            |
        9911         | 45       | B       | 400          | uur         |            |
        9911         | 45       | A       | 900          | uur         | 2023-01-01 |
        """,
    )
    region.given(
        "indications",
        """
        municipality | number | child | from | to | reason | category | product | volume | unit | frequency
        9911 | 1 | X | 2022-03-01 | 2022-12-31 | 11 | 45 | A | 7 | 04 | 2
        9901 | 71 | X | 2023-01-01 | 2024-05-31 |  | 45 | A | 7 | 04 | 2
        9912 | 1 | Y | 2022-03-01 | 2022-12-31 |  | 45 | A | 7 | 04 | 2
        9911 | 2 | Z | 2022-03-01 | 2023-12-31 |  | 45 | B | 7 | 04 | 2
        """,
    )
    region.build("+core.cost_spell")
    region.expect(
        "select day_date(from_day) as first, municipality_code, cents_per_day from core.cost_spell "
        "order by child_key, from_day",
        """
        first      | municipality_code | cents_per_day
        2022-03-01 | '9901'            | 100.0
        2023-01-01 | '9901'            | 300.0
        2022-03-01 | '9901'            | 200.0
        2022-03-01 | '9901'            | 400.0
        """,
    )


def test_places_schools_and_inhabitants_follow(region: Region) -> None:
    """Inhabitants add up as long as they are told apart; one 1 January too many of 9911 does not count."""
    region.given("places", "pc4 | municipality\n9999 | 9912")
    region.given(
        "population",
        """
        municipality | year | age | inhabitants
        9901         | 2023 | 5   | 70
        9911         | 2022 | 5   | 10
        9911         | 2023 | 5   | 11
        9912         | 2022 | 5   | 40
        9911         | 2021 | 5   | 10
        9912         | 2021 | 5   |
        """,
    )
    region.setting("region.municipality", "9911")
    region.build("+core.place +core.school +core.population +core.region_municipality")
    region.expect("select * from core.place", "pc4 | municipality_code\n'9999' | '9901'")
    region.expect("select distinct municipality_code from core.school", "municipality_code\n'9901'")
    region.expect("select * from core.region_municipality", "municipality_code\n'9901'")
    region.expect(
        "select * from core.population order by year",
        """
        municipality_code | year | inhabitants
        '9901'            | 2021 |
        '9901'            | 2022 | 50
        '9901'            | 2023 | 70
        """,
    )
