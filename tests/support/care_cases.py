"""Random children with care and schooling that is awkward on purpose, as rows of the raw tables."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

import duckdb
from hypothesis import strategies as st

from tests.support.warehouse import insert, setting

Rows = list[dict[str, Any]]

PROVIDERS = ("41990001", "41990002", "41990003", "41990004")
MUNICIPALITIES = ("9901", "9902")
SCHOOLS: Rows = [
    {
        "school_id": "99ZA00",
        "name": "A",
        "school_type": "SBO",
        "municipality_code": "9901",
        "board": "b1",
        "swv": "PO9901",
    },
    {
        "school_id": "99ZB00",
        "name": "B",
        "school_type": "SBO",
        "municipality_code": "9902",
        "board": "b1",
        "swv": "PO9901",
    },
    {
        "school_id": "99ZC00",
        "name": "C",
        "school_type": "SO",
        "municipality_code": "9901",
        "board": "b2",
        "swv": None,
    },
]
FIRST, LAST = date(2022, 12, 1), date(2025, 1, 31)
# Edges of the periods 2023, 2024, 2023-2024 and the days around them.
EDGES = [
    date(2022, 12, 31),
    date(2023, 1, 1),
    date(2023, 7, 31),
    date(2023, 8, 1),
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2024, 2, 29),
    date(2024, 7, 31),
    date(2024, 12, 31),
]

days = st.one_of(
    st.sampled_from(EDGES),
    st.tuples(st.sampled_from(EDGES), st.sampled_from([-30, -29, -28, -1, 1, 28, 29, 30])).map(
        lambda pair: pair[0] + timedelta(days=pair[1])
    ),
    st.dates(FIRST, LAST),
)
lengths = st.sampled_from([1, 1, 2, 28, 29, 30, 61, 184, 366])
# Days between the end of one indication and the start of the next; negative ones overlap or nest.
holes = st.sampled_from([0, 0, 1, 28, 29, 30, -1, -20, -200])
volumes = st.sampled_from(
    [
        (120.0, "01", "2"),
        (4.0, "04", "4"),
        (2.0, "16", "2"),
        (1.0, "04", "1"),
        (30.0, "04", "6"),
        (3.0, "04", "3"),
        (0.0, "04", "2"),
        (1.0, "14", "2"),
        (50000.0, "83", "6"),
        (None, None, None),
    ]
)


def put(db: duckdb.DuckDBPyConnection, rows: Mapping[str, Rows]) -> None:
    """The schools, the years 2023 and 2024, and some rows."""
    insert(db, "schools", SCHOOLS)
    setting(db, "periods.first_year", "2023")
    setting(db, "periods.last_year", "2024")
    for kind, found in rows.items():
        insert(db, kind, found)


def near(anchors: list[date]) -> st.SearchStrategy[date]:
    """Any day, and rather often one just beside a day on which something else starts or ends."""
    if not anchors:
        return days
    offsets = st.sampled_from([-30, -29, -28, -1, 0, 1, 2, 28, 29, 30])
    beside = st.tuples(st.sampled_from(anchors), offsets)
    return st.one_of(days, beside.map(lambda pair: pair[0] + timedelta(days=pair[1])))


@st.composite
def chains(draw: st.DrawFn, child: str, anchors: list[date]) -> Rows:
    """Indications of one child at one provider, one after the other."""
    provider = draw(st.sampled_from(PROVIDERS))
    start = draw(near(anchors))
    rows: Rows = []
    for _ in range(draw(st.integers(1, 3))):
        length = draw(lengths)
        volume, unit, frequency = draw(volumes)
        end = start + timedelta(days=length - 1)
        rows.append(
            {
                "child_id": child,
                "provider_id": provider,
                "municipality_code": draw(st.sampled_from(MUNICIPALITIES)),
                "start_date": start,
                "end_date": end,
                "product_category": draw(st.sampled_from(["45", "45", "41", None])),
                "volume": volume,
                "unit": unit,
                "frequency": frequency,
                "law": draw(st.sampled_from([None, "jeugdwet", "jeugdwet", "Jeugdwet ", "wmo"])),
                "delivery_form": draw(st.sampled_from([None, "zin", "pgb"])),
                "decided_on": draw(st.sampled_from([None, start, date(2022, 1, 1)])),
            }
        )
        anchors += [start, end]
        start = end + timedelta(days=1 + draw(holes))
    if draw(st.booleans()):
        rows[-1]["end_date"] = None
    return rows


@st.composite
def versions(draw: st.DrawFn, row: dict[str, Any]) -> Rows:
    """The row itself, and other versions of its number that come before or after it."""
    found = [row]
    what = draw(st.sampled_from(["none", "none", "none", "older", "resent", "shorter", "deleted", "tie"]))
    stamp = row["decided_on"] or row["start_date"]
    other = dict(row)
    if what == "older":
        other |= {
            "decided_on": stamp - timedelta(days=10),
            "end_date": row["start_date"],
            "provider_id": PROVIDERS[0],
        }
        found = draw(st.permutations([row, other]))
    elif what == "resent":
        found = [row, other]
    elif what == "shorter":
        other |= {
            "decided_on": stamp,
            "decided_time": time(12),
            "end_date": row["start_date"] + timedelta(days=5),
            "change_reason": "05",
        }
        found = draw(st.permutations([row, other]))
    elif what == "deleted":
        other |= {
            "decided_on": stamp + timedelta(days=1),
            "end_date": row["start_date"],
            "change_reason": draw(st.sampled_from(["13", "01", "05"])),
        }
        found = draw(st.permutations([row, other]))
    elif what == "tie":
        other |= {"end_date": row["start_date"] + timedelta(days=2)}
        found = [row, other]
    return list(found)


@st.composite
def enrolment_rows(draw: st.DrawFn, child: str, anchors: list[date]) -> Rows:
    """Enrolments of one child: one or more schools, holes, overlaps, open ends, repeated deliveries."""
    rows: Rows = []
    for _ in range(draw(st.integers(1, 3))):
        start = draw(near(anchors))
        end = draw(st.one_of(st.none(), near([*anchors, start]), st.just(start + timedelta(days=364))))
        if end is not None and end < start:
            end = start
        school = draw(st.sampled_from(SCHOOLS))["school_id"]
        rows.append({"child_id": child, "school_id": school, "start_date": start, "end_date": end})
        if draw(st.integers(0, 4)) == 0:
            rows.append(
                {
                    "child_id": child,
                    "school_id": school,
                    "start_date": start,
                    "end_date": start + timedelta(days=100),
                }
            )
    return rows


@st.composite
def regions(draw: st.DrawFn) -> dict[str, Rows]:
    """Raw rows of a few children: indications, enrolments and deliveries."""
    indications: Rows = []
    enrolments: Rows = []
    deliveries: Rows = []
    number = 0
    for n in range(draw(st.integers(1, 4))):
        child = f"{n:032x}"
        anchors: list[date] = []
        for _ in range(draw(st.integers(0, 3))):
            for row in draw(chains(child, anchors)):
                number += 1
                row["allocation_number"] = str(number)
                indications += draw(versions(row))
                if draw(st.integers(0, 5)) == 0:
                    deliveries.append(_delivery(draw, row))
        enrolments += draw(enrolment_rows(child, anchors))
    for rows in (indications, enrolments, deliveries):
        for line, row in enumerate(rows, 2):
            row["line"] = line
    return {
        "indications": [dict(row) for row in indications],
        "enrolments": enrolments,
        "deliveries": deliveries,
    }


def _delivery(draw: st.DrawFn, row: dict[str, Any]) -> dict[str, Any]:
    """A start or stop message of an indication; the stop may come before its start, within or after it."""
    after = draw(st.sampled_from([None, 0, 3, 40]))
    end = None if after is None else row["start_date"] + timedelta(days=after)
    return {
        "municipality_code": row["municipality_code"],
        "child_id": row["child_id"],
        "provider_id": row["provider_id"],
        "allocation_number": row["allocation_number"],
        "start_date": row["start_date"] - timedelta(days=draw(st.sampled_from([0, 10]))),
        "end_date": end,
        "end_reason": draw(st.sampled_from(["31", "20"])) if end else None,
    }
