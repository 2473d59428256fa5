"""The worked examples of the metrics: small tables in, the figures that follow from them out.

Every child is called by a letter; so is every provider. Where nothing else is said, a child is enrolled at
school 99ZA00 for all of 2024.
"""

import pytest

from tests.support.region import Region

WHOLE_YEAR = """
child | school | from       | to
X     | 99ZA00 | 2024-01-01 | 2024-12-31
"""


def test_seamless_indications_are_one_year_of_care(region: Region) -> None:
    """Two seamless indications of A, 120 minutes a week: 366 care days, one provider, 104.571 hours."""
    region.given("enrolments", WHOLE_YEAR)
    region.given(
        "indications",
        """
        child | provider | from       | to         | volume | unit | frequency
        X     | A        | 2024-01-01 | 2024-06-30 | 120    | 01   | 2
        X     | A        | 2024-07-01 | 2024-12-31 | 120    | 01   | 2
        """,
    )
    school = region.school()
    assert school["care_days"] == 366
    assert school["providers_ever"] == 1
    assert school["upc_t_mean"] == 1
    assert school["hours"] == pytest.approx(2 * 366 / 7)
    assert (school["starts_entry_g0"], school["starts_replacement_g0"]) == (1, 0)
    assert (school["renewal_ended_g0"], school["renewal_same_g0"], school["secon_same_g0"]) == (1, 1, 1)


def test_another_provider_takes_over(region: Region) -> None:
    """A until 30 June, B from 1 July: one replacement; 4 hours a month all year are 48.099 hours."""
    region.given("enrolments", WHOLE_YEAR)
    region.given(
        "indications",
        """
        child | provider | from       | to         | volume | unit | frequency
        X     | A        | 2024-01-01 | 2024-06-30 | 4      | 04   | 4
        X     | B        | 2024-07-01 | 2024-12-31 | 4      | 04   | 4
        """,
    )
    school = region.school()
    assert school["starts_replacement_g0"] == 1
    assert school["upc_t_mean"] == pytest.approx(184 / 366)
    assert school["hhi_t_mean"] == pytest.approx(0.500015, abs=5e-7)
    assert school["hours"] == pytest.approx(48.099, abs=5e-4)
    assert school["switches_per_careyear_g0"] == pytest.approx(365.25 / 366)


def test_two_providers_at_once(region: Region) -> None:
    """A March to July (2 half-days a week), C in May (10 hours in total), enrolled January to July."""
    region.given(
        "enrolments",
        """
        child | school | from       | to
        X     | 99ZA00 | 2024-01-01 | 2024-07-31
        """,
    )
    region.given(
        "indications",
        """
        child | provider | from       | to         | volume | unit | frequency
        X     | A        | 2024-03-01 | 2024-09-30 | 2      | 16   | 2
        X     | C        | 2024-05-01 | 2024-05-31 | 10     | 04   | 6
        """,
    )
    school = region.school()
    assert (school["care_days"], school["provider_days"]) == (153, 184)
    assert school["upc_t_mean"] == pytest.approx(153 / 184)
    assert school["main_cover_mean"] == 1
    assert school["hours"] == pytest.approx(8 * 153 / 7 + 10)
    assert school["starts_addition_g0"] == 1
    assert school["child_peak_max"] == 2


def test_a_hole_of_ten_days(region: Region) -> None:
    """Two entries when no hole is tolerated, one when 28 days are."""
    region.given("enrolments", WHOLE_YEAR)
    region.given(
        "indications",
        """
        child | provider | from       | to
        X     | A        | 2024-01-01 | 2024-03-31
        X     | A        | 2024-04-11 | 2024-12-31
        """,
    )
    school = region.school()
    assert school["starts_entry_g0"] == 2
    assert school["starts_entry_g28"] == 1
    assert (school["renewal_same_g0"], school["renewal_same_g28"]) == (0, 1)
    assert (school["secon_n_g0"], school["secon_n_g28"]) == (0, 1)


def test_overlapping_indications_of_one_provider(region: Region) -> None:
    """One active provider, but both count for the hours."""
    region.given("enrolments", WHOLE_YEAR)
    region.given(
        "indications",
        """
        child | provider | from       | to         | volume | unit | frequency
        X     | A        | 2024-01-01 | 2024-12-31 | 1      | 04   | 1
        X     | A        | 2024-03-01 | 2024-03-31 | 1      | 04   | 1
        """,
    )
    school = region.school()
    assert (school["provider_days"], school["child_peak_max"]) == (366, 1)
    assert school["hours"] == pytest.approx(366 + 31)


def test_coverage_of_a_school_year(region: Region) -> None:
    """92 and 260 days of care cover 352 of 366 days; the hole has 14."""
    region.given(
        "enrolments",
        """
        child | school | from       | to
        X     | 99ZA00 | 2023-08-01 | 2024-07-31
        """,
    )
    region.given(
        "indications",
        """
        child | provider | from       | to
        X     | A        | 2023-08-01 | 2023-10-31
        X     | A        | 2023-11-15 | 2024-07-31
        """,
    )
    school = region.school(period="2023-2024")
    assert school["window_days"] == 366
    assert school["pdc_from_start_mean"] == pytest.approx(352 / 366)


def test_effective_number_of_providers(region: Region) -> None:
    """Shares of a half and two quarters work like 2.67 equal providers."""
    region.given(
        "enrolments",
        """
        child | school | from       | to
        X     | 99ZA00 | 2024-01-01 | 2024-12-31
        Y     | 99ZA00 | 2024-01-01 | 2024-12-31
        Z     | 99ZA00 | 2024-01-01 | 2024-12-31
        """,
    )
    region.given(
        "indications",
        """
        child | provider | from       | to
        X     | A        | 2024-01-01 | 2024-04-09
        Y     | B        | 2024-01-01 | 2024-02-19
        Z     | C        | 2024-01-01 | 2024-02-19
        """,
    )
    school = region.school()
    assert school["hhi"] == pytest.approx(0.375)
    assert school["eff_providers"] == pytest.approx(8 / 3)
    assert (school["cr1"], school["cr3"]) == (pytest.approx(0.5), pytest.approx(1))


def test_overlap_is_one_trajectory(region: Region) -> None:
    """[1 January, 30 June] and [1 May, 31 October] at one provider are one trajectory; at two, two."""
    region.given(
        "products",
        """
        category | product | care_form
        45       | 45A01   | ambulant
        45       | 45A02   | ambulant
        """,
    )
    region.given(
        "indications",
        """
        child | provider | category | product | from       | to
        X     | P        | 45       | 45A01   | 2024-01-01 | 2024-06-30
        X     | P        | 45       | 45A02   | 2024-05-01 | 2024-10-31
        Y     | P        | 45       | 45A01   | 2024-01-01 | 2024-06-30
        Y     | Q        | 45       | 45A02   | 2024-05-01 | 2024-10-31
        """,
    )
    region.build("+core.trajectory")
    region.expect(
        "select * from core.trajectory order by child_id, provider_id",
        """
        child_id | provider_id | form     | start_date | end_date   | indications
        X        | P           | ambulant | 2024-01-01 | 2024-10-31 | 2
        Y        | P           | ambulant | 2024-01-01 | 2024-06-30 | 1
        Y        | Q           | ambulant | 2024-05-01 | 2024-10-31 | 1
        """,
    )


def test_without_a_form_the_product_tells_trajectories_apart(region: Region) -> None:
    """Adjoining indications of one product are one; another product is another, a day between makes two."""
    region.given(
        "indications",
        """
        child | category | product | from       | to
        X     | 45       | 45A01   | 2024-01-01 | 2024-06-30
        X     | 45       | 45A01   | 2024-07-01 | 2024-07-31
        X     | 45       | 45A02   | 2024-07-01 | 2024-07-31
        X     | 45       | 45A01   | 2024-08-02 |
        """,
    )
    region.build("+core.trajectory")
    region.expect(
        "select * from core.trajectory order by form, start_date",
        """
        form       | start_date | end_date   | indications
        '45 45A01' | 2024-01-01 | 2024-07-31 | 2
        '45 45A01' | 2024-08-02 |            | 1
        '45 45A02' | 2024-07-01 | 2024-07-31 | 1
        """,
    )


def test_episodes_bridge_holes_up_to_the_gap(region: Region) -> None:
    """A nested indication does not end an episode; a hole of 28 days is bridged, one of 29 is not."""
    region.given(
        "indications",
        """
        child | provider | from       | to
        X     | A        | 2024-01-01 | 2024-03-31
        X     | B        | 2024-01-10 | 2024-01-20
        X     | A        | 2024-04-29 | 2024-05-31
        X     | A        | 2024-06-30 |
        """,
    )
    region.build("+core.care_episode")
    region.expect(
        "select * from core.care_episode order by gap, start_date",
        """
        gap | start_date | end_date
        0   | 2024-01-01 | 2024-03-31
        0   | 2024-04-29 | 2024-05-31
        0   | 2024-06-30 |
        28  | 2024-01-01 | 2024-05-31
        28  | 2024-06-30 |
        """,
    )


def test_a_child_at_two_schools_counts_at_both_and_once_in_the_region(region: Region) -> None:
    """X goes to A and B at the same time in the first half year; the region counts its days once."""
    region.given(
        "schools",
        """
        school | name | type | municipality | board
        99ZA00 | A    | SBO  | 9901         | one
        99ZB00 | B    | SBO  | 9902         | one
        """,
    )
    region.given(
        "enrolments",
        """
        child | school | from       | to
        X     | 99ZA00 | 2024-01-01 | 2024-12-31
        X     | 99ZB00 | 2024-01-01 | 2024-06-30
        """,
    )
    region.given(
        "indications",
        """
        child | provider | from       | to         | volume | unit | frequency
        X     | A        | 2024-03-01 | 2024-03-31 | 1      | 04   | 1
        """,
    )
    region.build("+metrics.unit")
    region.expect(
        "select * from metrics.unit where period = '2024' order by level, unit_id",
        """
        level               | pupils_ever | pupil_days | care_days | hours | starts_entry_g0
        board               | 1           | 366        | 31        | 31.0  | 1
        municipality_type   | 1           | 366        | 31        | 31.0  | 1
        municipality_type   | 1           | 182        | 31        | 31.0  | 1
        region              | 1           | 366        | 31        | 31.0  | 1
        school              | 1           | 366        | 31        | 31.0  | 1
        school              | 1           | 182        | 31        | 31.0  | 1
        school_municipality | 1           | 366        | 31        | 31.0  | 1
        school_municipality | 1           | 182        | 31        | 31.0  | 1
        school_type         | 1           | 366        | 31        | 31.0  | 1
        """,
    )


def test_care_outside_enrolment_is_in_no_school_row(region: Region) -> None:
    """Care before the first school day counts nowhere, but the provider is known when school starts."""
    region.given(
        "enrolments",
        """
        child | school | from       | to
        X     | 99ZA00 | 2024-08-01 | 2024-12-31
        """,
    )
    region.given(
        "indications",
        """
        child | provider | from       | to
        X     | A        | 2024-01-01 | 2024-08-10
        """,
    )
    school = region.school()
    assert (school["care_days"], school["starts_entry_g0"], school["providers_ever"]) == (10, 0, 1)


def test_many_equal_indications_bridge_no_hole(region: Region) -> None:
    """A is at school in January for one child and in May for 300 at once: 31 + 31 days, no more."""
    pupils = "\n".join(f"c{n:03} | 99ZA00 | 2024-01-01 | 2024-12-31" for n in range(300))
    region.given("enrolments", f"child | school | from | to\n{pupils}")
    care = "\n".join(f"c{n:03} | A | 2024-05-01 | 2024-05-31" for n in range(300))
    more = "\n".join(f"c{n:03} | A | 2024-05-01 | 2024-05-31" for n in range(300))
    region.given(
        "indications", f"child | provider | from | to\nc000 | A | 2024-01-01 | 2024-01-31\n{care}\n{more}"
    )
    school = region.school()
    assert school["school_providers_mean"] == pytest.approx(62 / 366)
    assert school["care_days"] == 31 + 300 * 31
    assert school["starts_entry_g28"] == 301


def test_a_school_without_care_has_counts_of_zero_and_no_shares(region: Region) -> None:
    region.given("enrolments", WHOLE_YEAR)
    school = region.school()
    zero = ("care_pupils", "care_days", "hours", "providers_ever", "school_providers_peak", "municipalities")
    assert {name: school[name] for name in zero} == dict.fromkeys(zero, 0)
    undefined = ("cr1", "hhi", "eff_providers", "upc_t_mean", "child_peak_max", "switches_per_careyear_g0")
    assert {name: school[name] for name in undefined} == dict.fromkeys(undefined)
    assert school["period_prev"] == 0


def test_long_table_tells_undefined_from_not_delivered(region: Region) -> None:
    """Without any indication delivered the share of pupils with care is unknown, not zero."""
    region.given("enrolments", WHOLE_YEAR)
    query = "select * from metrics.value where level = 'region' and period = '2024' and metric in "
    query += "('care_share_year', 'pupils_ever', 'upc_t') order by metric"
    region.build("+metrics.value")
    region.expect(
        query,
        """
        metric          | value | n_children | lower | upper | status
        care_share_year |       | 0          |       |       | not_delivered
        pupils_ever     | 1.0   | 1          |       |       | provisional
        upc_t           |       | 0          |       |       | not_delivered
        """,
    )
    region.given(
        "indications",
        """
        child | from       | to
        Y     | 2024-12-31 | 2024-12-31
        """,
    )
    region.build("+metrics.value")
    region.expect(
        query,
        """
        metric          | value | n_children | lower | upper              | status
        care_share_year | 0.0   | 0          | 0.0   | 0.7934506856227626 | ok
        pupils_ever     | 1.0   | 1          |       |                    | ok
        upc_t           |       | 0          |       |                    | undefined
        """,
    )


def test_quartiles_of_planned_length(region: Region) -> None:
    """Planned lengths of 10, 20, 40 and 80 days, one open end; a stop changes nothing."""
    region.given("enrolments", WHOLE_YEAR)
    region.given(
        "indications",
        """
        child | number | from       | to
        X     | 1      | 2024-01-01 | 2024-01-10
        X     | 2      | 2024-02-01 | 2024-02-20
        X     | 3      | 2024-03-01 | 2024-04-09
        X     | 4      | 2024-05-01 | 2024-07-19
        X     | 5      | 2024-06-01 |
        """,
    )
    region.given(
        "deliveries",
        """
        child | number | from       | to         | end_reason
        X     | 4      | 2024-05-01 | 2024-05-02 | 31
        """,
    )
    region.build("+metrics.theme_d_indication")
    region.expect(
        "select metric, value, denominator, n_children from metrics.theme_d_indication "
        "where period = '2024' and level = 'region' and dimension = '' order by metric",
        """
        metric                     | value | denominator | n_children
        indication_duration        | 30.0  |             | 1
        indication_duration_p25    | 17.5  |             | 1
        indication_duration_p75    | 50.0  |             | 1
        open_ended_share           | 0.2   | 5.0         | 1
        short_indication_share     | 1.0   | 4.0         | 1
        short_indication_share_366 | 1.0   | 4.0         | 1
        """,
    )
