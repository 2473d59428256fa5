"""The figures of the programme register (theme I), on a register small enough to count by hand."""

import pytest

from tests.support.region import Region


@pytest.fixture(scope="module")
def region() -> Region:
    """Four schools in two municipalities; what was delivered runs up to 15 May 2024.

    X runs at an SO school from August 2023, Y is only an idea at an SBO school, Z at S3 (no target) ended.
    """
    made = Region()
    made.given(
        "schools",
        """
        school | name | type | municipality | board | swv    | ikc   | cluster
        99ZA00 | S1   | SO   | 9901         | b1    | PO9901 | false | 3
        99ZB00 | S2   | BO   | 9901         | b1    | PO9901 | true  |
        99ZC00 | S3   | BO   | 9902         | b2    | PO9901 | false |
        99ZD00 | S4   | SBO  | 9902         | b3    | PO9902 | false |
        """,
    )
    pupils = [("99ZA00", 6), ("99ZB00", 3), ("99ZC00", 5), ("99ZD00", 1)]
    rows = [f"{school}-{i} | {school} | 2022-08-01 | 2024-07-31" for school, n in pupils for i in range(n)]
    made.given("enrolments", "child | school | from | to\n" + "\n".join(rows))
    made.given(
        "indications",
        """
        child    | provider | from       | to
        99ZA00-0 | A        | 2022-09-01 | 2022-12-31
        99ZC00-0 | B        | 2024-05-15 | 2024-06-30
        """,
    )
    made.given(
        "initiatives",
        """
        initiative_id | name | initiative_type | phase      | from       | to         | school
        X             | X    | ozg             | uitvoering | 2023-08-01 |            | 99ZA00
        Y             | Y    | zon             | idee       | 2023-10-01 |            | 99ZD00
        Z             | Z    | overig          | gestopt    | 2022-08-01 | 2023-07-30 | 99ZC00
        """,
    )
    made.given(
        "milestones",
        """
        milestone_id | initiative_id | pillar | name | milestone_type | planned_on | expected_on | realised_on
        M1           | X             | 1      | a    | visie          | 2023-09-01 |             | 2024-01-10
        M2           |               | 1      | b    | plan           | 2024-02-01 |             |
        M3           | X             | 3      | c    | plan           | 2024-06-01 | 2024-07-01  |
        M4           |               | 3      | d    | plan           | 2024-06-01 | 2024-07-02  |
        M5           |               |        | e    | overig         | 2024-09-01 |             |
        """,
    )
    made.given(
        "meetings",
        """
        meeting_level | held_on    | was_held
        casus         | 2023-09-05 | true
        casus         | 2023-11-05 | false
        casus         | 2024-01-05 | true
        bestuur       | 2023-11-20 | true
        bestuur       | 2024-06-20 | false
        """,
    )
    made.given(
        "budgets",
        """
        initiative_id | item  | actor    | year | budgeted_cents | expected_cents | realised_cents
        X             | hulp  | gemeente | 2023 | 100000         | 90000          | 80000
        X             | extra | swv      | 2023 | 50000          | 50000          |
        Y             | hulp  | gemeente | 2023 | 1000           | 1000           | 1000
        """,
    )
    made.given(
        "collective_supply",
        """
        school | provider | from       | to | reach
        99ZA00 | A        | 2023-08-01 |    | 4
        99ZB00 | C        | 2023-08-01 |    | 9
        99ZC00 | A        | 2023-08-01 |    |
        """,
    )
    made.given(
        "offers",
        """
        type | school | offer | is_required | is_present
        SO   |        | o1    | true        |
        SO   |        | o2    | true        |
        BO   |        | o1    | true        |
             | 99ZA00 | o1    |             | true
             | 99ZB00 | o1    | false       | false
             | 99ZB00 | o3    | true        | true
             | 99ZC00 | o1    |             | false
        """,
    )
    made.build("+metrics.theme_i_initiative")
    made.build("+metrics.theme_i_agreement")
    return made


INITIATIVE, AGREEMENT = "metrics.theme_i_initiative", "metrics.theme_i_agreement"


def figures(
    region: Region, table: str, metric: str, period: str, unit: str = "region", dimension: str = ""
) -> dict[str, tuple[float, float | None]]:
    """Numerator and denominator by part of the breakdown."""
    rows = region.rows(
        f"select dimension_value, numerator, denominator from {table} where metric = '{metric}' "
        f"and period = '{period}' and unit_id = '{unit}' and dimension = '{dimension}'"
    )
    return {r["dimension_value"]: (r["numerator"], r["denominator"]) for r in rows}


def test_initiatives_that_run_on_the_last_day(region: Region) -> None:
    """Z ended a day before the school year did; X and Y run a year later, one of them as an idea."""
    assert figures(region, INITIATIVE, "initiatives", "2022-2023") == {}
    assert figures(region, INITIATIVE, "initiatives", "2023-2024") == {"": (2, None)}
    assert figures(region, INITIATIVE, "initiatives", "2023-2024", dimension="phase") == {
        "uitvoering": (1, None),
        "idee": (1, None),
    }
    assert figures(region, INITIATIVE, "initiatives", "2023-2024", unit="9902") == {"": (1, None)}
    assert figures(region, INITIATIVE, "initiatives", "2023-Q4", unit="9902") == {}


def test_covered_target_schools(region: Region) -> None:
    """Targets are S1 (so), S2 (ikc) and S4 (sbo); an idea covers nothing."""
    assert figures(region, INITIATIVE, "initiative_coverage", "2023-2024") == {"": (1, 3)}
    assert figures(region, INITIATIVE, "initiative_coverage", "2022-2023") == {"": (0, 3)}
    assert figures(region, INITIATIVE, "initiative_coverage", "2023-Q3") == {"": (1, 3)}
    assert figures(region, INITIATIVE, "initiative_coverage", "2023-2024", "9902") == {"": (0, 1)}
    kinds = figures(region, INITIATIVE, "initiative_coverage", "2023-2024", dimension="initiative_type")
    assert kinds == {"ozg": (1, 3), "zon": (0, 3), "overig": (0, 3)}


def test_covered_pupils_and_reach_on_the_reference_date(region: Region) -> None:
    """Six of ten pupils of target schools; a reach of nine at a school of three counts three."""
    assert figures(region, INITIATIVE, "initiative_coverage_pupils", "2023-2024") == {"": (6, 10)}
    assert figures(region, INITIATIVE, "collective_reach", "2023-2024") == {"": (7, 15)}
    assert figures(region, INITIATIVE, "collective_reach", "2022-2023") == {"": (0, 15)}
    assert figures(region, INITIATIVE, "collective_reach", "2023-2024", "99ZB00") == {"": (3, 3)}
    assert figures(region, INITIATIVE, "collective_reach", "2023-2024", "99ZC00") == {"": (0, 5)}


def test_who_takes_part(region: Region) -> None:
    """S1 and S4 take part in 2023-2024; provider A supplies at S1, C at a school without initiative."""
    assert figures(region, INITIATIVE, "participation", "2023-2024", dimension="party") == {
        "locatie": (2, 4),
        "bestuur": (2, 3),
        "gemeente": (2, 2),
        "aanbieder": (1, 3),
    }
    before = figures(region, INITIATIVE, "participation", "2022-2023", dimension="party")
    assert before == {"locatie": (1, 4), "bestuur": (1, 3), "gemeente": (1, 2), "aanbieder": (0, 1)}


def test_offer_that_is_needed_and_there(region: Region) -> None:
    """S1 needs o1 (there) and o2 (never reported); S2 is excused of o1 and has o3; S3 lacks o1."""
    assert figures(region, INITIATIVE, "offer_coverage", "2023-2024") == {"": (2, 4)}
    assert figures(region, INITIATIVE, "offer_coverage", "2023-2024", "99ZA00") == {"": (1, 2)}
    assert figures(region, INITIATIVE, "offer_coverage", "2023-2024", "99ZB00") == {"": (1, 1)}
    assert figures(region, INITIATIVE, "offer_coverage", "2023-2024", "99ZC00") == {"": (0, 1)}
    assert figures(region, INITIATIVE, "offer_coverage", "2023-2024", "99ZD00") == {}
    assert figures(region, INITIATIVE, "offer_coverage", "2023-2024", "99ZA00", "school_type") == {}


def test_milestones_by_status(region: Region) -> None:
    """Measured on 15 May 2024: M1 done, M2 104 days behind, M3 exactly 30 days, M4 31 days, M5 in time."""
    status = figures(region, AGREEMENT, "milestones", "2023-2024", dimension="milestone_status")
    assert status == {
        "gereed": (1, None),
        "vertraagd": (1, None),
        "op_schema": (2, None),
        "aandacht": (1, None),
    }
    early = figures(region, AGREEMENT, "milestones", "2023-Q4", dimension="milestone_status")
    assert early == {"vertraagd": (1, None), "op_schema": (3, None), "aandacht": (1, None)}
    assert figures(region, AGREEMENT, "milestones", "2022-2023") == {}
    assert figures(region, AGREEMENT, "milestones", "2023-2024", "X") == {"": (2, None)}


def test_pillars(region: Region) -> None:
    """A milestone without a pillar counts in the total only."""
    assert figures(region, AGREEMENT, "pillar_progress", "2023-2024") == {"": (1, 5)}
    assert figures(region, AGREEMENT, "pillar_progress", "2023-2024", dimension="pillar") == {
        "1": (1, 2),
        "3": (0, 2),
    }


def test_consultations(region: Region) -> None:
    """A meeting after the last delivery is not missed yet."""
    assert figures(region, AGREEMENT, "consultation_rhythm", "2023-2024") == {"": (3, 4)}
    levels = figures(region, AGREEMENT, "consultation_rhythm", "2023-2024", dimension="meeting_level")
    assert levels == {"casus": (2, 3), "bestuur": (1, 1)}
    assert figures(region, AGREEMENT, "consultation_rhythm", "2023-Q4") == {"": (1, 2)}


def test_money(region: Region) -> None:
    """Euros; what was not reported leaves the sum of what was."""
    kinds = figures(region, AGREEMENT, "project_budget", "2023", dimension="money_kind")
    assert kinds == {"begroot": (1510, None), "verwacht": (1410, None), "gerealiseerd": (810, None)}
    assert figures(region, AGREEMENT, "project_budget", "2023", "X", "actor") == {
        "gemeente": (1000, None),
        "swv": (500, None),
    }
