"""Checks of what was delivered: accounting, repetition, quarters, unknowns. Each passes and fails once."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import duckdb
import pytest
from check_cases import World, day, empty_warehouse

from zorgdata.checks import Status


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


@pytest.fixture
def world(warehouse: duckdb.DuckDBPyConnection) -> Iterator[World]:
    warehouse.execute("begin")
    yield World(warehouse)
    warehouse.execute("rollback")


def test_accounting(world: World) -> None:
    """Read = accepted + quarantined + blank, for every file."""
    world.file(1, records_accepted=8, records_quarantined=1, records_blank=1)
    world.put("meta.quarantine", quarantined(1, 5, "invalid_date"))
    assert world.outcome("accounting") == (Status.PASSED, [])

    world.file(2, records_accepted=8, records_quarantined=1)
    world.file(3)
    world.put("meta.quarantine", quarantined(3, 5, "invalid_date"))
    assert world.outcome("accounting") == (
        Status.FAILED,
        [
            {"file_id": 2, "records_read": 10, "records_accounted": 9, "quarantine_rows": 0},
            {"file_id": 3, "records_read": 10, "records_accounted": 10, "quarantine_rows": 1},
        ],
    )


def test_accounting_after_the_quarantine_was_emptied(world: World) -> None:
    """The quarantine is kept for a year, the ledger longer."""
    world.file(1, records_accepted=9, records_quarantined=1)
    assert world.outcome("accounting") == (Status.PASSED, [])


def test_end_before_start(world: World) -> None:
    """One in a hundred records may end before it starts; blank lines do not count."""
    world.file(1, records_read=105, records_accepted=99, records_quarantined=1, records_blank=5)
    world.put("meta.quarantine", quarantined(1, 7, "end_before_start"), quarantined(1, 8, "invalid_date"))
    assert world.outcome("end_before_start")[0] is Status.PASSED

    world.put("meta.quarantine", quarantined(1, 9, "end_before_start"))
    assert world.outcome("end_before_start") == (
        Status.FAILED,
        [
            {"file_id": 1, "line_first": 7, "column_name": "end_date"},
            {"file_id": 1, "line_first": 9, "column_name": "end_date"},
        ],
    )


def test_duplicate_records(world: World) -> None:
    """Two versions of an indication are no repetition; the same version in two files is."""
    world.file(1)
    first = raw_indication(1, 2, "A1", volume=2.0)
    world.put("raw.indications", first, raw_indication(2, 2, "A1", volume=3.0))
    assert world.outcome("duplicate_records") == (Status.PASSED, [])

    world.put("raw.indications", {**first, "file_id": 2, "line": 9}, {**first, "line": 10})
    assert world.outcome("duplicate_records") == (
        Status.FAILED,
        [{"kind": "indications", "municipality_code": "9901", "record_key": "A1", "copies": 2, "files": 2}],
    )


def test_duplicate_declarations(world: World) -> None:
    world.file(1)
    line: dict[str, Any] = {
        "file_id": 1,
        "line": 2,
        "municipality_code": "9901",
        "declaration_number": "D1",
        "reference_number": "R1",
        "amount_cents": 100,
    }
    world.put("raw.declarations", line, {**line, "line": 3, "amount_cents": 200})
    assert world.outcome("duplicate_records")[0] is Status.PASSED
    world.put("raw.declarations", {**line, "file_id": 2})
    status, rows = world.outcome("duplicate_records")
    assert status is Status.FAILED
    assert [row["record_key"] for row in rows] == ["D1 R1"]


def test_conflicting_versions(world: World) -> None:
    """Equal stamps with equal content are a resend; with other content a conflict."""
    world.put("raw.indications", raw_indication(1, 2, "A1", volume=2.0))
    world.as_table("staging.indication_conflict")
    assert world.outcome("conflicting_versions") == (Status.PASSED, [])

    world.put(
        "staging.indication_conflict",
        {
            "municipality_code": "9901",
            "law": "jeugdwet",
            "allocation_number": "A1",
            "decided_at": datetime(2024, 1, 1),
            "contents": 2,
        },
    )
    status, rows = world.outcome("conflicting_versions")
    assert status is Status.FAILED
    assert [(row["allocation_number"], row["contents"]) for row in rows] == [("A1", 2)]


def test_rejected_message(world: World) -> None:
    """One in fifty messages may be rejected; a rejected product counts as much as a message."""
    for file_id in range(1, 51):
        world.put("raw.message", {"file_id": file_id, "message_name": "JW301"})
    world.as_table("staging.rejection")
    world.put("staging.rejection", {"file_id": 7, "message_name": "JW301", "message_level": "bericht"})
    assert world.outcome("rejected_message")[0] is Status.PASSED

    world.put(
        "staging.rejection",
        {"file_id": 8, "message_name": "JW301", "message_level": "product", "allocation_number": "A1"},
    )
    status, rows = world.outcome("rejected_message")
    assert status is Status.FAILED
    assert [(row["file_id"], row["message_level"], row["allocation_number"]) for row in rows] == [
        (7, "bericht", None),
        (8, "product", "A1"),
    ]


def test_not_a_pupil(world: World) -> None:
    """One in ten records may be of a child that is no pupil; group 0 of another system is a pupil."""
    rows = [{"file_id": 1, "line": n, "school_id": "99AA00", "grade": str(n % 9)} for n in range(2, 20)]
    world.put("raw.enrolments", *rows, {"file_id": 1, "line": 20, "school_id": "99AA00", "grade": "peuter"})
    world.put("raw.enrolments", {"file_id": 1, "line": 21, "school_id": "99AA00", "grade": "Baby "})
    assert world.outcome("not_a_pupil")[0] is Status.PASSED

    world.put("raw.enrolments", {"file_id": 1, "line": 22, "school_id": "99AA00", "grade": "geen po/vo"})
    status, found = world.outcome("not_a_pupil")
    assert status is Status.FAILED
    assert sorted((row["grade"], row["records"]) for row in found) == [
        ("baby", 1),
        ("geen po/vo", 1),
        ("peuter", 1),
    ]


def test_late_delivery(world: World) -> None:
    """120 days is not late, 121 is; of a source the last delivery counts, and refused files do not."""
    world.file(1, received_at=datetime(2024, 1, 1))
    world.file(2, received_at=datetime(2025, 3, 3))
    assert world.outcome("late_delivery") == (Status.PASSED, [])

    world.file(3, municipality_code="9902", received_at=datetime(2025, 3, 2))
    world.file(4, municipality_code="9902", status="refused")
    world.file(5, kind="schools", received_at=datetime(2020, 1, 1))
    assert world.outcome("late_delivery") == (
        Status.FAILED,
        [{"kind": "indications", "source": "9902", "last_received": "2025-03-02", "days": 121}],
    )
    assert world.outcome("late_delivery", max_days=200)[0] is Status.PASSED


def test_old_municipality(world: World) -> None:
    """366 days after the merger an old code may still be used, 367 days after it may not."""
    where = {"file_id": 1, "line": 2}
    world.put(
        "staging.merger",
        {"municipality_code": "9911", "later_code": "9901", "ended_on": "2023-01-01", "is_current": True},
    )
    begun = [
        {"municipality_code": code, "start_date": day("2024-01-02"), **where} for code in ("9911", "9901")
    ]
    world.put("raw.indications", *begun)
    assert world.outcome("old_municipality") == (Status.PASSED, [])

    world.put("raw.deliveries", {"municipality_code": "9911", "start_date": day("2024-01-03"), **where})
    assert world.outcome("old_municipality") == (
        Status.FAILED,
        [
            {
                "municipality_code": "9911",
                "later_code": "9901",
                "kind": "deliveries",
                "records": 1,
                "last_day": "2024-01-03",
            }
        ],
    )


def test_a_merged_municipality_is_not_late_under_its_old_code(world: World) -> None:
    world.put("staging.merger", {"municipality_code": "9911", "later_code": "9901", "is_current": True})
    world.file(1, municipality_code="9911", received_at=datetime(2020, 1, 1))
    world.file(2, municipality_code="9901", received_at=datetime(2025, 6, 30))
    assert world.outcome("late_delivery") == (Status.PASSED, [])


def test_late_pupil_list_of_one_school(world: World) -> None:
    world.file(1, kind="enrolments", municipality_code=None, received_at=datetime(2025, 1, 1))
    world.file(2, kind="enrolments", municipality_code=None)
    world.put(
        "raw.enrolments",
        {"file_id": 1, "line": 2, "school_id": "99AA00"},
        {"file_id": 1, "line": 3, "school_id": "99BB00"},
        {"file_id": 2, "line": 2, "school_id": "99BB00"},
    )
    assert world.outcome("late_delivery") == (
        Status.FAILED,
        [{"kind": "enrolments", "source": "99AA00", "last_received": "2025-01-01", "days": 181}],
    )


def test_missing_quarters(world: World) -> None:
    """Every quarter from a municipality's first up to the running one has a record of it."""
    spans(world, "2023-01-01", "2024-09-15")
    for line, start in enumerate(["2024-01-05", "2024-02-05", "2024-04-05", "2024-05-05"]):
        world.put("raw.indications", raw_indication(1, line, f"A{line}", start_date=start))
    assert world.outcome("missing_quarters", min_mean=2) == (Status.PASSED, [])

    for line, start in enumerate(["2023-11-01", "2023-12-01", "2024-02-01", "2024-02-02", "2024-03-01"]):
        row = raw_indication(2, line, f"B{line}", municipality_code="9902", start_date=start)
        world.put("raw.indications", row)
    assert world.outcome("missing_quarters", min_mean=2)[0] is Status.PASSED, (
        "5 in 3 quarters is too few to judge"
    )
    world.put(
        "raw.indications", raw_indication(3, 1, "B9", municipality_code="9902", start_date="2024-03-02")
    )
    assert world.outcome("missing_quarters", min_mean=2) == (
        Status.FAILED,
        [{"kind": "indications", "municipality_code": "9902", "quarter_start": "2024-04-01"}],
    )


def test_quarters_of_which_only_long_care_was_delivered_are_not_missing(world: World) -> None:
    """One indication of 2020 still runs; the municipality delivers from 2024 on, and skipped a quarter."""
    spans(world, "2020-01-01", "2025-01-15")
    starts = [
        "2020-05-01",
        "2024-01-05",
        "2024-02-05",
        "2024-07-05",
        "2024-08-05",
        "2024-10-05",
        "2024-10-06",
    ]
    for line, start in enumerate(starts):
        world.put("raw.indications", raw_indication(1, line, f"A{line}", start_date=start))
    missing = {"kind": "indications", "municipality_code": "9901", "quarter_start": "2024-04-01"}
    assert world.outcome("missing_quarters", min_mean=1.5) == (Status.FAILED, [missing])

    world.put("raw.indications", raw_indication(1, 9, "A9", start_date="2020-06-01"))
    period(world, "2024-01-01")
    assert world.outcome("missing_quarters", min_mean=1.5) == (Status.FAILED, [missing])
    world.put("raw.indications", raw_indication(2, 1, "B1", start_date="2024-06-30"))
    assert world.outcome("missing_quarters", min_mean=1.5) == (Status.PASSED, [])


def test_municipality_of_the_region_that_never_delivered(world: World) -> None:
    spans(world, "2023-01-01", "2024-09-15")
    world.put("raw.indications", raw_indication(1, 1, "A1", start_date="2024-01-05"))
    world.put("raw.setting", {"name": "region.municipality", "value": "9901"})
    assert world.outcome("missing_quarters") == (Status.PASSED, [])
    world.put("raw.setting", {"name": "region.municipality", "value": "9903"})
    assert world.outcome("missing_quarters") == (
        Status.FAILED,
        [
            {"kind": "indications", "municipality_code": "9903", "quarter_start": "2024-01-01"},
            {"kind": "indications", "municipality_code": "9903", "quarter_start": "2024-04-01"},
        ],
    )


def test_record_change(world: World) -> None:
    """From 20 to 23 active indications is 15 %, which is allowed; 20 to 24 is more."""
    spans(world, "2024-01-01", "2024-12-31")
    world.child("anna")
    for number in range(20):
        world.indication(f"A{number}")
    for number in range(3):
        world.indication(f"B{number}", start_date="2024-04-01")
    assert world.outcome("record_change", min_records=20) == (Status.PASSED, [])

    world.indication("B3", start_date="2024-06-30")
    assert world.outcome("record_change", min_records=20) == (
        Status.FAILED,
        [
            {
                "municipality_code": "9901",
                "quarter_start": "2024-04-01",
                "records": 24,
                "records_before": 20,
                "change": pytest.approx(0.2),
            }
        ],
    )
    assert world.outcome("record_change", min_records=20, tolerance=0.2)[0] is Status.PASSED
    assert world.outcome("record_change")[0] is Status.PASSED, "fewer than 100 say little"


def test_a_renewal_is_no_jump(world: World) -> None:
    """All twenty indications end half-way the quarter and go on under a new number."""
    spans(world, "2024-01-01", "2024-12-31")
    world.child("anna")
    for number in range(20):
        world.indication(f"A{number}", end_date="2024-05-14")
        world.indication(f"B{number}", start_date="2024-05-15")
    assert world.outcome("record_change", min_records=20) == (Status.PASSED, [])


def test_a_jump_before_the_first_computed_period_is_none(world: World) -> None:
    """Of 2023 only what went on was delivered."""
    spans(world, "2023-07-01", "2024-12-31")
    world.child("anna")
    for number in range(20):
        world.indication(f"A{number}", start_date="2023-07-01" if number < 10 else "2023-10-01")
    assert world.outcome("record_change", min_records=10)[0] is Status.FAILED
    period(world, "2024-01-01")
    assert world.outcome("record_change", min_records=10) == (Status.PASSED, [])


def test_record_change_notices_that_a_municipality_stops(world: World) -> None:
    spans(world, "2024-01-01", "2024-12-31")
    world.child("anna")
    for number in range(20):
        world.indication(f"A{number}", end_date="2024-03-31")
    status, rows = world.outcome("record_change", min_records=20)
    assert status is Status.FAILED
    assert [(row["quarter_start"], row["records"]) for row in rows] == [("2024-04-01", 0)]
    assert world.outcome("record_change", min_records=21)[0] is Status.PASSED


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("unknown_referrer", {"referrer": None}),
        ("unknown_product", {"product_category": None, "product_code": None}),
        ("unknown_setting", {"setting": "onbekend"}),
        ("unknown_setting", {"setting": None}),
    ],
)
def test_unknown_values_of_indications(world: World, name: str, unknown: dict[str, Any]) -> None:
    """Half unknown is too much, other laws do not count."""
    world.child("anna")
    world.put("core.product", {"product_category": "45"})
    world.indication("A1", setting="school")
    world.indication("W1", law="wmo", **unknown)
    assert world.outcome(name) == (Status.PASSED, [])

    world.indication("A2", **unknown)
    assert world.outcome(name) == (
        Status.FAILED,
        [{"municipality_code": "9901", "allocation_number": "A2"}],
    )
    assert world.outcome(name, limit=0.5)[0] is Status.PASSED


def test_unknown_end_reason(world: World) -> None:
    """Care that goes on needs no reason."""
    ended = {"municipality_code": "9901", "provider_id": "41990001", "start_date": "2024-01-01"}
    world.put("core.delivery", {**ended, "child_id": "anna", "end_date": "2024-02-01", "end_reason": "31"})
    world.put("core.delivery", {**ended, "child_id": "bram"})
    assert world.outcome("unknown_end_reason") == (Status.PASSED, [])

    world.put("core.delivery", {**ended, "child_id": "cas", "end_date": "2024-02-01"})
    assert world.outcome("unknown_end_reason") == (Status.FAILED, [{**ended, "child_id": "cas"}])


def spans(world: World, first: str, last: str) -> None:
    """What the data cover."""
    world.as_table("staging.span")
    world.put("staging.span", {"first_day": first, "last_day": last})


def period(world: World, first: str) -> None:
    """The first period that is computed."""
    row = {
        "period": first[:4],
        "kind": "calendar_year",
        "start_date": first,
        "end_date": f"{first[:4]}-12-31",
    }
    world.put("core.period", row)


def quarantined(file_id: int, line: int, reason: str) -> dict[str, Any]:
    return {
        "file_id": file_id,
        "line_first": line,
        "line_last": line,
        "column_name": "end_date",
        "reason_code": reason,
        "reason": "reason",
    }


def raw_indication(file_id: int, line: int, number: str, **columns: Any) -> dict[str, Any]:
    return {
        "file_id": file_id,
        "line": line,
        "municipality_code": "9901",
        "child_id": "anna",
        "allocation_number": number,
        "decided_on": "2024-01-01",
        "start_date": "2024-01-01",
        **columns,
    }
