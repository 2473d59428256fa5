"""The edges of look-backs, look-aheads and windows: each case is one pupil at a school of its own in 2024.

Figures with a gap of 28 days look back over the 29 days before a start, and ahead over the day and 28 more.
"""

from dataclasses import dataclass, field

import pytest

from tests.support.region import Region

YEAR = (("2024-01-01", "2024-12-31"),)


@dataclass(frozen=True)
class Case:
    """Indications (provider, first day, last day), what follows from them, the enrolment if special."""

    says: str
    indications: tuple[tuple[str, str, str], ...]
    expected: dict[str, int]
    enrolled: tuple[tuple[str, str], ...] = field(default=YEAR)


def starts(entry: int, replacement: int, addition: int, gap: int) -> dict[str, int]:
    return {
        f"starts_entry_g{gap}": entry,
        f"starts_replacement_g{gap}": replacement,
        f"starts_addition_g{gap}": addition,
    }


CASES = (
    Case(
        "back on day 28 after the other started: never gone",
        (
            ("A", "2024-01-01", "2024-03-31"),
            ("B", "2024-04-01", "2024-12-31"),
            ("A", "2024-04-29", "2024-12-31"),
        ),
        starts(1, 0, 1, 28) | starts(1, 1, 1, 0),
    ),
    Case(
        "back on day 29: replaced, and added again",
        (
            ("A", "2024-01-01", "2024-03-31"),
            ("B", "2024-04-01", "2024-12-31"),
            ("A", "2024-04-30", "2024-12-31"),
        ),
        starts(1, 1, 1, 28),
    ),
    Case(
        "the other left 29 days before the start: replaced",
        (("A", "2024-01-01", "2024-03-31"), ("B", "2024-04-29", "2024-12-31")),
        starts(1, 1, 0, 28) | starts(2, 0, 0, 0),
    ),
    Case(
        "the other left 30 days before the start: an entry",
        (("A", "2024-01-01", "2024-03-31"), ("B", "2024-04-30", "2024-12-31")),
        starts(2, 0, 0, 28),
    ),
    Case(
        "the other left the day before: replaced without any gap",
        (("A", "2024-01-01", "2024-03-31"), ("B", "2024-04-01", "2024-12-31")),
        starts(1, 1, 0, 0),
    ),
    Case(
        "the other leaves on the day itself: added",
        (("A", "2024-01-01", "2024-04-01"), ("B", "2024-04-01", "2024-12-31")),
        starts(1, 0, 1, 0),
    ),
    Case(
        "the other left two days before: an entry without any gap",
        (("A", "2024-01-01", "2024-03-30"), ("B", "2024-04-01", "2024-12-31")),
        starts(2, 0, 0, 0),
    ),
    Case(
        "the other was away for a while, but is there before and after: added",
        (
            ("A", "2024-01-01", "2024-03-20"),
            ("A", "2024-03-25", "2024-12-31"),
            ("B", "2024-04-01", "2024-12-31"),
        ),
        starts(2, 0, 1, 0) | starts(1, 0, 1, 28),
    ),
    Case(
        "one of two is gone: replaced",
        (
            ("A", "2024-01-01", "2024-03-31"),
            ("B", "2024-01-01", "2024-12-31"),
            ("C", "2024-04-01", "2024-12-31"),
        ),
        starts(2, 1, 0, 0),
    ),
    Case(
        "a hole of 28 days is no new start",
        (("A", "2024-01-01", "2024-03-31"), ("A", "2024-04-29", "2024-12-31")),
        starts(1, 0, 0, 28) | starts(2, 0, 0, 0),
    ),
    Case(
        "a hole of 29 days is a new entry",
        (("A", "2024-01-01", "2024-03-31"), ("A", "2024-04-30", "2024-12-31")),
        starts(2, 0, 0, 28),
    ),
    Case(
        "what began before the year is no start in it",
        (("A", "2023-12-31", "2024-03-31"),),
        starts(0, 0, 0, 0) | {"renewal_ended_g0": 1},
    ),
    Case(
        "a start on the last school day counts, one on the day after does not",
        (("A", "2024-06-30", "2024-12-31"), ("B", "2024-07-01", "2024-12-31")),
        starts(1, 0, 0, 0) | {"secon_n_g0": 0},
        (("2024-01-01", "2024-06-30"),),
    ),
    Case(
        "renewed on day 29 after the end",
        (("A", "2024-01-01", "2024-03-31"), ("A", "2024-04-29", "2025-12-31")),
        {"renewal_ended_g28": 1, "renewal_same_g28": 1, "renewal_same_g0": 0, "secon_n_g28": 1},
    ),
    Case(
        "day 30 after the end is too late",
        (("A", "2024-01-01", "2024-03-31"), ("A", "2024-04-30", "2025-12-31")),
        {"renewal_ended_g28": 1, "renewal_any_g28": 0, "secon_n_g28": 0},
    ),
    Case(
        "renewed the next day",
        (("A", "2024-01-01", "2024-03-31"), ("A", "2024-04-01", "2025-12-31")),
        {"renewal_same_g0": 1, "secon_same_g0": 1},
    ),
    Case(
        "renewed by the same provider and by another",
        (
            ("A", "2024-01-01", "2024-03-31"),
            ("A", "2024-04-01", "2025-12-31"),
            ("B", "2024-04-01", "2025-12-31"),
        ),
        {
            "renewal_ended_g0": 1,
            "renewal_same_g0": 1,
            "renewal_any_g0": 1,
            "secon_n_g0": 2,
            "secon_same_g0": 1,
        },
    ),
    Case(
        "renewed on the last day of the year",
        (("A", "2024-01-01", "2024-12-30"), ("A", "2024-12-31", "2025-12-31")),
        {"renewal_ended_g0": 1, "renewal_same_g0": 1, "renewal_any_g0": 1},
    ),
    Case(
        "renewed on the last day that a gap of 28 days can see",
        (("A", "2024-01-01", "2024-12-02"), ("A", "2024-12-31", "2025-12-31")),
        {"renewal_ended_g28": 1, "renewal_same_g28": 1, "renewal_any_g28": 1, "renewal_any_g0": 0},
    ),
    Case(
        "care begins on the reference date and the year after",
        (("A", "2024-10-01", "2025-12-31"), ("B", "2023-10-02", "2023-12-31")),
        starts(1, 0, 0, 0),
        (("2023-01-01", "2024-12-31"),),
    ),
    Case(
        "care ends on the reference date, and the day before the one of the year before",
        (("A", "2024-01-01", "2024-10-01"), ("B", "2023-01-01", "2023-09-30")),
        {"care_days": 275},
        (("2023-01-01", "2024-12-31"),),
    ),
    Case(
        "school begins on the reference date",
        (("A", "2024-01-01", "2024-12-31"),),
        {"care_days": 92},
        (("2024-10-01", "2024-12-31"),),
    ),
    Case(
        "school ends on the reference date",
        (("A", "2024-01-01", "2024-12-31"),),
        {"care_days": 275},
        (("2024-01-01", "2024-10-01"),),
    ),
    Case(
        "school ends the day before the reference date",
        (("A", "2024-01-01", "2024-12-31"),),
        {"care_days": 274},
        (("2024-01-01", "2024-09-30"),),
    ),
    Case(
        "indications of 184, 185, 366 and 367 days",
        (
            ("A", "2024-01-01", "2024-07-02"),
            ("B", "2024-01-01", "2024-07-03"),
            ("C", "2024-01-01", "2024-12-31"),
            ("D", "2024-01-01", "2025-01-01"),
        ),
        {"providers_ever": 4, "school_providers_peak": 4},
    ),
    Case(
        "what ends on the last day of the year is not seen to be renewed",
        (("A", "2024-01-01", "2024-12-31"), ("A", "2025-01-01", "2025-12-31")),
        {"renewal_ended_g0": 0, "renewal_same_g0": 0, "renewal_any_g0": 0},
    ),
    Case(
        "a concentration of exactly 0.7",
        (
            ("A", "2024-01-01", "2024-02-27"),
            ("B", "2024-03-01", "2024-03-07"),
            ("C", "2024-04-01", "2024-04-04"),
            ("D", "2024-05-01", "2024-05-01"),
        ),
        {"provider_days": 58 + 7 + 4 + 1},
    ),
    Case(
        "two days after the end is too late without a gap",
        (("A", "2024-01-01", "2024-03-31"), ("A", "2024-04-02", "2025-12-31")),
        {"renewal_any_g0": 0, "secon_n_g0": 0, "renewal_any_g28": 1},
    ),
    Case(
        "what starts on the same day does not take over, and follows on nothing",
        (("A", "2024-01-01", "2024-03-31"), ("A", "2024-01-01", "2025-12-31")),
        {"renewal_ended_g0": 1, "renewal_any_g0": 0, "renewal_any_g28": 0, "secon_n_g28": 0},
    ),
    Case(
        "what ends on the same day does not take over",
        (("A", "2024-01-01", "2024-03-31"), ("B", "2024-02-01", "2024-03-31")),
        {"renewal_ended_g0": 2, "renewal_any_g0": 0, "secon_n_g0": 1, "secon_same_g0": 0},
    ),
    Case(
        "what ends a day later does, but not as the same provider",
        (("A", "2024-01-01", "2024-03-31"), ("B", "2024-02-01", "2024-04-01")),
        {"renewal_ended_g0": 2, "renewal_any_g0": 1, "renewal_same_g0": 0},
    ),
    Case(
        "an open end takes over",
        (("A", "2024-01-01", "2024-03-31"), ("A", "2024-02-01", "")),
        {"renewal_ended_g0": 1, "renewal_same_g0": 1},
    ),
    Case(
        "the last end after which a renewal can be seen",
        (("A", "2024-01-01", "2024-12-30"), ("B", "2024-01-01", "2024-12-02")),
        {"renewal_ended_g0": 2, "renewal_ended_g28": 1},
    ),
    Case(
        "a day later it cannot be seen",
        (("A", "2024-01-01", "2024-12-31"), ("B", "2024-01-01", "2024-12-03")),
        {"renewal_ended_g0": 1, "renewal_ended_g28": 0},
    ),
    Case(
        "a pupil who left on the last day of the year before and came back counts",
        (("A", "2024-02-01", "2024-02-29"),),
        {"pupils_ever": 1, "pupil_days": 335, "care_days": 29},
        (("2023-01-01", "2023-12-31"), ("2024-02-01", "2024-12-31")),
    ),
    Case(
        "holes in the enrolment count for no coverage: two of the 31 + 30 days",
        (("A", "2024-01-31", "2024-01-31"), ("A", "2024-06-01", "2024-06-01")),
        {"pupils_ever": 1, "pupil_days": 61, "care_days": 2},
        (("2024-01-01", "2024-01-31"), ("2024-06-01", "2024-06-30")),
    ),
    Case(
        "care that ends on the first school day is one day",
        (("A", "2024-01-01", "2024-03-01"),),
        {"care_days": 1, "providers_ever": 1, "school_providers_peak": 1},
        (("2024-03-01", "2024-12-31"),),
    ),
    Case(
        "care that starts on the last school day is one day",
        (("A", "2024-06-30", "2024-12-31"),),
        {"care_days": 1, "municipalities": 1},
        (("2024-01-01", "2024-06-30"),),
    ),
)


@pytest.fixture(scope="module")
def region() -> Region:
    """All cases at once, each at its own school."""
    made = Region()
    for n, case in enumerate(CASES):
        made.given(
            "enrolments",
            "child | school | from | to\n"
            + "\n".join(f"c{n:02} | 99ZA{n:02} | {start} | {end}" for start, end in case.enrolled),
        )
        made.given(
            "indications",
            "child | provider | from | to\n"
            + "\n".join(
                f"c{n:02} | {provider} | {start} | {end}" for provider, start, end in case.indications
            ),
        )
    made.build("+metrics.school metrics.child_school +metrics.point_prevalence")
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_edge(region: Region, case: Case) -> None:
    school = f"99ZA{CASES.index(case):02}"
    (row,) = region.rows(f"select * from metrics.school where period = '2024' and school_id = '{school}'")
    assert {name: row[name] for name in case.expected} == case.expected


@pytest.mark.parametrize(
    ("says", "pupils", "cared"),
    [
        ("care begins on the reference date and the year after", 1, 1),
        ("care ends on the reference date, and the day before the one of the year before", 1, 1),
        ("school begins on the reference date", 1, 1),
        ("school ends on the reference date", 1, 1),
        ("school ends the day before the reference date", 0, 0),
    ],
)
def test_edge_of_a_reference_date(region: Region, says: str, pupils: int, cared: int) -> None:
    """1 October 2024: what begins or ends that day is there."""
    number = next(n for n, case in enumerate(CASES) if case.says == says)
    rows = region.rows(
        f"select pupils, care_pupils from metrics.point_prevalence "
        f"where reference_date = date '2024-10-01' and school_id = '99ZA{number:02}'"
    )
    assert [(row["pupils"], row["care_pupils"]) for row in rows] == ([(pupils, cared)] if pupils else [])


def test_coverage_leaves_holes_in_the_enrolment_out(region: Region) -> None:
    """Care on 31 January and on 1 June: from the first care day on, 1 + 30 enrolled days."""
    number = next(n for n, case in enumerate(CASES) if case.says.startswith("holes in the enrolment"))
    rows = region.rows(
        f"select * from metrics.child_school where period = '2024' and child_id = 'c{number:02}'"
    )
    assert [row["pdc_from_start"] for row in rows] == [2 / 31]


def test_a_concentration_of_seven_tenths_is_high(region: Region) -> None:
    """58, 7, 4 and 1 days: the squares are exactly seven tenths of 70 days squared."""
    number = next(n for n, case in enumerate(CASES) if case.says == "a concentration of exactly 0.7")
    rows = region.rows(
        "select hhi_t_mean, hhi_t_high from metrics.unit "
        f"where unit_id = '99ZA{number:02}' and period = '2024'"
    )
    assert [(row["hhi_t_mean"], row["hhi_t_high"]) for row in rows] == [(pytest.approx(0.7), 1)]
