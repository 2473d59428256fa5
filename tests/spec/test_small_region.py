"""A region small enough to check by hand, and the data set of the acceptance script where it is at hand."""

import csv
import json
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from tests.support.oracle import differences
from tests.support.region import Region
from tests.support.warehouse import insert

SHARED = Path(__file__).parents[2].parent / "shared" / "acceptance"


@pytest.fixture(scope="module")
def region() -> Region:
    """Two schools and five pupils in 2023.

    K: all year at S1; A all year, B joins in the second half.
    L: at S1 until July, from August at S2; A in spring, from 11 July on B (a hole of ten days).
    M: all year at S1, never any care.
    N: at S2 from March; C on one day only.
    O: at S2 all year; pgb of A from September on without end; another indication of A was deleted.
    """
    made = Region()
    made.given(
        "schools",
        """
        school | name | type | municipality
        99ZA00 | S1   | SO   | 9901
        99ZB00 | S2   | SO   | 9902
        """,
    )
    made.given(
        "enrolments",
        """
        child | school | from       | to
        K     | 99ZA00 | 2023-01-01 | 2023-12-31
        L     | 99ZA00 | 2023-01-01 | 2023-07-31
        L     | 99ZB00 | 2023-08-01 | 2023-12-31
        M     | 99ZA00 | 2023-01-01 | 2023-12-31
        N     | 99ZB00 | 2023-03-01 | 2023-12-31
        O     | 99ZB00 | 2023-01-01 | 2023-12-31
        """,
    )
    made.given(
        "indications",
        """
        child | provider | municipality | number | from       | to         | volume | unit | frequency | delivery_form | reason
        K     | A        | 9901         | 1      | 2023-01-01 | 2023-12-31 | 1      | 04   | 2         | zin           |
        K     | B        | 9902         | 2      | 2023-07-01 | 2023-12-31 | 365.25 | 04   | 4         | zin           |
        L     | A        | 9901         | 3      | 2023-03-01 | 2023-06-30 |        |      |           | zin           |
        L     | B        | 9901         | 4      | 2023-07-11 | 2023-09-30 | 82     | 04   | 6         | zin           |
        N     | C        | 9901         | 5      | 2023-05-05 | 2023-05-05 | 1      | 14   | 6         | zin           |
        O     | A        | 9902         | 6      | 2023-09-01 |            | 60     | 01   | 1         | pgb           |
        O     | A        | 9902         | 7      | 2023-02-01 | 2023-02-01 | 60     | 01   | 1         | zin           | 13
        """,  # noqa: E501
    )
    made.setting("periods.first_year", "2023")
    made.setting("periods.last_year", "2023")
    made.build("+metrics.school metrics.unit")
    return made


def test_first_school(region: Region) -> None:
    """K 365 days with A and 184 with B; L 122 days with A, 21 with B, enrolled 212 days; M none."""
    school = region.school("99ZA00", "2023")
    assert not differences(
        school,
        {
            "window_days": 365,
            "pupils_ever": 3,
            "pupil_days": 365 + 212 + 365,
            "care_pupils": 2,
            "care_days": 365 + 143,
            "provider_days": 365 + 184 + 122 + 21,
            "hours": 365 / 7 + 12 * 184 + 21,
            "timed_care_days": 365 + 21,
            "providers_ever": 2,
            "cr1": (365 + 122) / 692,
            "hhi": ((365 + 122) ** 2 + (184 + 21) ** 2) / 692**2,
            "municipalities": 2,
            "municipality_hhi": ((365 + 143) ** 2 + 184**2) / (508 + 184) ** 2,
            "school_providers_peak": 2,
            "school_providers_mean": (365 + 184) / 365,
            "child_peak_max": 2,
            "share_days_ge2": 184 / 508,
            "share_days_ge3": 0,
            "upc_t_mean": (365 / 549 + 122 / 143) / 2,
            "main_cover_mean": (1 + 122 / 143) / 2,
            "pdc_from_start_mean": (1 + 143 / 153) / 2,
            "upc_t_dayweighted": (365 + 122) / 692,
            "starts_entry_g0": 3,
            "starts_replacement_g0": 0,
            "starts_addition_g0": 1,
            "starts_entry_g28": 2,
            "starts_replacement_g28": 1,
            "starts_addition_g28": 1,
            "switches_per_careyear_g28": 2 * 365.25 / 508,
            "secon_n_g0": 1,
            "secon_same_g0": 0,
            "secon_n_g28": 2,
            "secon_same_g28": 0,
            "renewal_ended_g0": 1,
            "renewal_any_g0": 0,
            "renewal_same_g28": 0,
            "renewal_any_g28": 1,
        },
    )


def test_second_school(region: Region) -> None:
    """L 61 days with B, N one day with C, O 122 days with A."""
    school = region.school("99ZB00", "2023")
    assert not differences(
        school,
        {
            "pupils_ever": 3,
            "pupil_days": 153 + 306 + 365,
            "care_pupils": 3,
            "period_prev": 1,
            "care_days": 61 + 1 + 122,
            "hours": 61 + 122,
            "timed_care_days": 183,
            "cr3": 1,
            "school_providers_peak": 2,
            "school_providers_mean": (61 + 1 + 122) / 365,
            "child_peak_max": 1,
            "upc_t_mean": 1,
            "pdc_from_start_mean": (61 / 153 + 1 / 241 + 122 / 122) / 3,
            "starts_entry_g0": 2,
            "secon_n_g28": 0,
            "renewal_ended_g28": 2,
            "renewal_any_g28": 0,
        },
    )


def test_region_counts_every_child_once(region: Region) -> None:
    """L went to both schools: five children, not six; the hole of ten days lies at the first school."""
    (row,) = region.rows("select * from metrics.unit where level = 'region' and period = '2023'")
    assert not differences(
        row,
        {
            "pupils_ever": 5,
            "pupil_days": 942 + 824,
            "care_pupils": 4,
            "care_days": 508 + 184,
            "pdc_from_start_mean": (1 + (122 + 82) / 306 + 1 / 241 + 1) / 4,
        },
    )


def _acceptance_rows(name: str) -> list[dict[str, str]]:
    with (SHARED / "tiny" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _acceptance_region() -> Region:
    made = Region()
    indications: list[dict[str, Any]] = [
        {
            "line": line,
            "municipality_code": row["gemeentecode"],
            "child_id": row["bsn"],
            "provider_id": row["aanbieder_agb"],
            "allocation_number": row["toewijzingnummer"],
            "product_category": row["productcategorie"],
            "decided_on": _day(row["toewijzingsdatum"]),
            "decided_time": time.fromisoformat(row["toewijzingstijd"]),
            "start_date": _day(row["ingangsdatum"]),
            "end_date": _day(row["einddatum"]),
            "volume": float(row["volume"]),
            "unit": row["eenheid"],
            "frequency": row["frequentie"],
        }
        for line, row in enumerate(_acceptance_rows("indicaties.csv"), 2)
    ]
    insert(made.connection, "indications", indications)
    insert(
        made.connection,
        "enrolments",
        [
            {
                "child_id": row["bsn"],
                "school_id": row["brin"] + row["vestiging"],
                "start_date": _day(row["datum_inschrijving"]),
                "end_date": _day(row["datum_uitschrijving"]),
            }
            for row in _acceptance_rows("leerlingen.csv")
        ],
    )
    made.build("+metrics.school")
    return made


@pytest.mark.skipif(not SHARED.is_dir(), reason="the acceptance data are not at hand")
def test_acceptance_figures() -> None:
    made = _acceptance_region()
    expected = json.loads((SHARED / "expected_school_2024.json").read_text(encoding="utf-8"))
    got = {row["school_id"]: row for row in made.rows("select * from metrics.school where period = '2024'")}
    wrong = [line for school, row in expected.items() for line in differences(got[school], row, school)]
    assert not wrong, "\n".join(wrong)
