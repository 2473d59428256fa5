"""Scores of surveys, quality of deliveries and contradictions, worked out by hand."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.support.region import Region

SCHOOLS = """
school | name | type | municipality
99ZA00 | A    | SO   | 9901
"""
ENROLLED = """
child | school | from       | to
X     | 99ZA00 | 2022-01-01 | 2025-01-05
"""


@pytest.fixture
def region(shared: Region) -> Region:
    return shared.fresh((2023, 2024), "9901", schools=SCHOOLS, enrolments=ENROLLED)


def scores(region: Region, subject: str, dimension: str = "", part: str = "") -> dict[str, Any]:
    rows = region.rows(
        f"select * from metrics.survey_score where subject = '{subject}' and level = 'region' "
        f"and period = '2024' and dimension = '{dimension}' and dimension_value = '{part}'"
    )
    assert len(rows) == 1
    return rows[0]


def test_single_answers_give_mean_spread_and_margin(region: Region) -> None:
    """Twelve pupils on a scale of 5; 1 + 9 (s - 1) / 4. Margin by Student's t, as scipy has it."""
    given = [1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 2]
    region.given(
        "surveys",
        "moment|respondent_group|question|score|scale_max|measured_on\n"
        + "\n".join(f"T0|jongere|Nut van de hulp|{score}|5|2024-05-01" for score in given),
    )
    region.build("+metrics.theme_f_survey +metrics.interval_score")
    scaled = 1 + 9 * (np.array(given) - 1) / 4
    got = scores(region, "nut")
    assert got["answers"] == 12
    assert got["mean_score"] == pytest.approx(scaled.mean())
    assert got["sd_score"] == pytest.approx(scaled.std(ddof=1))
    assert (got["high_answers"], got["counted_answers"]) == (7, 12)  # 4 of 5 is 7.75; 3 of 5 is 5.5
    margin = region.rows(
        "select lower, upper from metrics.interval_score where level = 'region' and period = '2024' "
        "and dimension = ''"
    )
    low, high = stats.t.interval(0.95, 11, scaled.mean(), stats.sem(scaled))
    assert [1 + 9 * margin[0]["lower"], 1 + 9 * margin[0]["upper"]] == pytest.approx([low, min(high, 10)])


def test_means_count_with_their_answers_and_bring_their_spread(region: Region) -> None:
    """Means of 4 and of 6 answers pool to the mean, spread and share of the ten answers behind them."""
    one, other = np.array([5.0, 7, 8, 8]), np.array([6.0, 6, 7, 9, 10, 10])
    rows = [
        f"T1|ouder|rust thuis|{a.mean()}|10|2024-05-01|{len(a)}|{a.std(ddof=1)}|{int((a >= 7).sum())}"
        for a in (one, other)
    ]
    region.given(
        "surveys",
        "moment|respondent_group|question|score|scale_max|measured_on|answers|score_sd|satisfied\n"
        + "\n".join(rows),
    )
    region.build("+metrics.theme_f_survey")
    got, all_answers = scores(region, "rust"), np.concatenate([one, other])
    assert got["mean_score"] == pytest.approx(all_answers.mean())
    assert got["sd_score"] == pytest.approx(all_answers.std(ddof=1))
    assert (got["high_answers"], got["counted_answers"], got["answers"]) == (7, 10, 10)


def test_a_mean_without_spread_has_a_score_but_no_margin(region: Region) -> None:
    """A record alone for its school, group, moment and question is the mean of all who answered."""
    region.given("initiatives", "initiative_id|name|school|from\nI1|i|99ZA00|2023-03-01")
    region.given(
        "surveys",
        """
        moment | initiative_id | respondent_group | question     | score | invited | responded
        T1     | I1            | leerkracht       | werkdruk     | 7     | 40      | 20
        T1     | I1            | leerkracht       | toerusting x | 8     | 40      | 20
        T1     | I1            | leerkracht       | werkdruk     | 11    | 40      | 20
        """,
    )
    region.build("+metrics.theme_f_survey")
    got = scores(region, "toerusting")
    assert (got["answers"], got["mean_score"], got["sd_score"]) == (20, 8, None)
    assert got["counted_answers"] == 0
    # Two records of one question are single answers; a score beyond its scale is none.
    assert scores(region, "werkdruk")["answers"] == 1
    rows = region.rows(
        "select metric, value, n_children from metrics.theme_f_survey where level = 'initiative' "
        "and period = '2024' and dimension = '' and metric in ('survey_response', 'teacher_capacity_score')"
    )
    assert {row["metric"]: row["value"] for row in rows} == {
        "survey_response": 0.5,  # asked once, whatever the number of questions
        "teacher_capacity_score": None,
    }


def test_the_usefulness_at_closing_counts_in_the_region_only(region: Region) -> None:
    region.given("outcomes", "child|provider|measured_on|usefulness\nX|A|2024-02-01|7\nX|A|2024-03-01|6.9")
    region.build("+metrics.theme_f_survey")
    rows = region.rows("select * from metrics.theme_f_survey where period = '2024' and dimension = ''")
    assert {row["level"] for row in rows} == {"region"}
    assert {row["metric"]: row["value"] for row in rows} == {
        "client_satisfaction": pytest.approx(6.95),
        "client_satisfied_share": 0.5,
    }


def test_deliveries_that_are_missing_and_records_that_change(region: Region) -> None:
    """Declarations in Q1 and Q2 of 2023, indications in Q1 and Q3; the last record is of January 2025."""
    region.given(
        "indications",
        """
        child | number | from       | to
        X     | 1      | 2023-02-01 | 2023-02-28
        X     | 2      | 2023-08-01 | 2023-08-31
        X     | 3      | 2023-09-01 | 2023-10-31
        X     | 4      | 2025-01-05 | 2025-01-05
        """,
    )
    region.given(
        "declarations",
        """
        child | declaration_number | reference_number | category | from       | to         | amount_cents
        X     | D                  | 1                | 45       | 2023-01-01 | 2023-01-31 | 100
        X     | D                  | 2                | 45       | 2023-04-01 | 2023-04-30 | 100
        """,
    )
    region.build("+metrics.theme_k_delivery")
    rows = region.rows(
        "select metric, period, dimension_value as part, value, numerator, denominator "
        "from metrics.theme_k_delivery where level = 'responsible_municipality' and unit_id = '9901'"
    )
    complete = {
        (row["period"], row["part"]): (row["numerator"], row["denominator"])
        for row in rows
        if row["metric"] == "delivery_completeness"
    }
    assert complete["2023-Q2", ""] == (1, 2)  # declarations are there, indications are not
    assert complete["2023-Q2", "indications"] == (0, 1)
    assert complete["2023-Q3", ""] == (1, 2)
    assert complete["2024-Q2", ""] == (0, 2)  # declarations came one year ago at most
    assert complete["2024-Q3", ""] == (0, 1)  # and are no longer expected
    assert max(period for period, _ in complete) == "2024-Q4"
    change = {(r["period"], r["part"]): r["value"] for r in rows if r["metric"] == "delivery_change"}
    assert change["2023-Q4", "indications"] == pytest.approx(1 / 2 - 1)
    assert change["2023-Q2", "indications"] == -1
    assert change["2023-Q3", "indications"] is None  # from nothing: no ratio


def test_two_main_enrolments_and_pupils_that_cannot_be_found(region: Region) -> None:
    region.clear()
    region.setting("periods.first_year", "2023")
    region.setting("periods.last_year", "2024")
    region.given("schools", SCHOOLS + "99ZB00 | B    | SO   | 9901")
    region.given(
        "enrolments",
        """
        child | school | from       | to         | main_enrolment
        X     | 99ZA00 | 2023-08-01 | 2024-01-31 | true
        X     | 99ZB00 | 2024-01-31 | 2024-07-31 | true
        Y     | 99ZA00 | 2023-08-01 | 2024-01-31 | true
        Y     | 99ZB00 | 2024-02-01 | 2024-07-31 | true
        Z     | 99ZA00 | 2023-08-01 | 2024-07-31 | true
        Z     | 99ZB00 | 2023-08-01 | 2024-07-31 | false
        """,
    )
    region.connection.execute("insert into raw.child_link values ('Z', 'Z', 'none'), ('Y', 'Y', 'exact')")
    region.build("+metrics.theme_k_record +metrics.theme_k_link")
    region.connection.execute("delete from raw.child_link")
    region.expect(
        "select numerator, denominator from metrics.theme_k_record where metric = 'conflict_share' "
        "and dimension_value = 'twee_hoofdinschrijvingen' and period = '2023-2024'",
        "numerator | denominator\n1 | 3",
    )
    region.expect(
        "select unit_id, numerator, denominator from metrics.theme_k_link where metric = 'pupil_link_rate' "
        "and period = '2023-2024' order by unit_id",
        "unit_id | numerator | denominator\n99ZA00 | 2 | 3\n99ZB00 | 2 | 3\nregion | 2 | 3",
    )


def test_a_unit_without_care_has_a_survival_figure_that_says_nothing(region: Region) -> None:
    """X has one episode at the SO school, after which nothing is known; nobody at the BO school has care."""
    region.given("schools", "school | name | type | municipality\n99ZB00 | B | BO | 9902", file_id=2)
    region.given("enrolments", "child | school | from | to\nY | 99ZB00 | 2022-01-01 | 2025-01-05", file_id=2)
    region.given("indications", "child | from | to\nX | 2023-02-01 | 2023-03-31")
    region.build("+metrics.theme_d_survival")
    region.expect(
        "select metric, unit_id, value, numerator, denominator, n_children from metrics.theme_d_survival "
        "where level = 'school_type' and dimension = '' and period = '2023' and metric <> 'episode_running' "
        "order by unit_id, metric",
        """
        metric         | unit_id | value | numerator | denominator | n_children
        episode_length | BO      |       |           |             | 0
        reentry        | BO      |       |           |             | 0
        reentry_182    | BO      |       |           |             | 0
        episode_length | SO      |       |           | 1           | 1
        reentry        | SO      |       |           |             | 0
        reentry_182    | SO      |       |           |             | 0
        """,
    )
