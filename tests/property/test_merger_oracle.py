"""Merged municipalities on random regions: a second implementation, and the same care under one code."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.property.test_metrics_oracle import VALUE_KEY, compare, table, unit_rows, units
from tests.support.care_cases import put, regions
from tests.support.examples import few
from tests.support.oracle import Oracle, Row, current_enrolments, current_indications, standing
from tests.support.oracle_merger import as_one
from tests.support.warehouse import build_models, insert, setting, warehouse

MERGERS = {
    "9911": ("9912", date(2023, 8, 1)),
    "9912": ("9901", date(2024, 1, 1)),
    "9913": ("9901", date(2024, 1, 1)),
}
OLD = ("9901", "9911", "9912", "9913", "9913")
THEMES = [
    f"metrics.theme_{name}"
    for name in (
        "b_slice",
        "d_indication",
        "d_event",
        "d_waiting",
        "e_first",
        "h_costs",
        "k_link",
        "k_record",
    )
]
LAST = {
    "child_id": "f" * 32,
    "provider_id": "41990001",
    "municipality_code": "9901",
    "allocation_number": "last",
    "start_date": date(2025, 1, 31),
    "line": 999,
}
"""The last event of the data, whether or not something is handed over later than all other events."""


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse() as db:
        put(db, {})
        insert(db, "products", [{"product_category": "45", "tariff_cents": 6000, "tariff_unit": "uur"}])
        for old, (new, day) in MERGERS.items():
            setting(db, f"merger.{old}", f"{new} {day}")
        yield db


class Clerk:
    """Writes the rows of one code again as municipalities that merge would have delivered them."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.last: dict[str, int] = defaultdict(int)

    def number(self, code: str) -> str:
        """The next number of a municipality: every one begins at 1."""
        self.last[code] += 1
        return str(self.last[code])

    def cut(self, versions: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """An indication under an old code, handed over on the days on which it then runs."""
        code = self.draw(st.sampled_from(OLD))
        given = {"municipality_code": code, "allocation_number": self.number(code)}
        found = [[row | given for row in versions]]
        if len(versions) > 1:
            return found
        row = found[0][0]
        while code in MERGERS:
            code, day = MERGERS[code]
            runs = row["start_date"] < day and (row["end_date"] is None or row["end_date"] >= day)
            if runs and self.draw(st.booleans()):
                later = row | {"municipality_code": code, "start_date": day, "decided_on": None}
                later["allocation_number"] = self.number(code)
                row["end_date"] = day - timedelta(days=1)
                row["change_reason"] = self.draw(st.sampled_from(["11", None]))
                found.append([later])
                row = later
        return found


@st.composite
def one_code(draw: st.DrawFn) -> dict[str, Any]:
    """A random region under one code, without totals: a cut would give each part the whole of it."""
    region = draw(regions())
    for row in [*region["indications"], *region["deliveries"]]:
        row["municipality_code"] = "9901"
        if row.get("frequency") == "6":
            row["frequency"] = "4"
    return region


@st.composite
def merged(draw: st.DrawFn, region: dict[str, Any]) -> dict[str, Any]:
    """The same care as municipalities delivered it that became 9901 one after the other."""
    clerk = Clerk(draw)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in region["indications"]:
        groups[row["allocation_number"]].append(row)
    pieces = {number: clerk.cut(versions) for number, versions in groups.items()}
    rows = [row for found in pieces.values() for versions in found for row in versions]
    deliveries = []
    for row in region["deliveries"]:
        named = draw(st.sampled_from(pieces[row["allocation_number"]]))[0]
        deliveries.append(
            {**row, **{name: named[name] for name in ("municipality_code", "allocation_number")}}
        )
    for found in (rows, deliveries):
        for line, row in enumerate(found, 2):
            row["line"] = line
    return {**region, "indications": rows, "deliveries": deliveries}


def load(connection: duckdb.DuckDBPyConnection, region: dict[str, Any], models: str) -> None:
    for kind, rows in region.items():
        connection.execute(f"delete from raw.{kind}")
        insert(connection, kind, rows)
    build_models(connection, models)


@st.composite
def awkward(draw: st.DrawFn) -> dict[str, Any]:
    """A merged region in which numbers stay, ends are forgotten, and other care happens to fit too."""
    region = draw(merged(draw(regions())))
    taken = {(row["municipality_code"], row["allocation_number"]) for row in region["indications"]}
    for row in region["indications"]:
        what = draw(st.sampled_from(["as it is"] * 4 + ["same number", "no end", "longer", "other hours"]))
        if what == "same number" and row["municipality_code"] != "9901":
            copy = {**row, "municipality_code": "9901", "change_reason": None}
            if ("9901", row["allocation_number"]) not in taken:
                taken.add(("9901", row["allocation_number"]))
                copy["start_date"] = max(row["start_date"], date(2023, 12, 31))
                if copy["end_date"] is None or copy["end_date"] >= copy["start_date"]:
                    region["indications"] = [*region["indications"], copy]
        elif what == "no end":
            row["end_date"] = None
        elif what == "longer" and row["end_date"]:
            row["end_date"] += timedelta(days=draw(st.sampled_from([1, 40])))
        elif what == "other hours" and row["volume"]:
            row["volume"] += 60
    for line, row in enumerate(region["indications"], 2):
        row["line"] = line
    return region


@few(8)
@given(region=awkward())
def test_figures_of_a_merged_region_equal_day_by_day(
    connection: duckdb.DuckDBPyConnection, region: dict[str, Any]
) -> None:
    load(connection, region, "+metrics.unit")
    one = as_one(region["indications"], region["deliveries"], MERGERS)
    oracle = Oracle(current_indications(*one), current_enrolments(region["enrolments"]))
    expected = unit_rows(oracle, units())
    wrong = compare(table(connection, "metrics.unit", "period", "level", "unit_id"), expected)
    assert not wrong, "\n".join(wrong[:20])


def said(rows: list[Row]) -> list[list[str]]:
    """What indications say, whatever their municipality and number."""
    names = ("child_id", "provider_id", "start_date", "end_date", "volume", "product_category", "law")
    return sorted([str(row.get(name)) for name in names] for row in rows)


@few(2)
@given(data=st.data())
def test_one_municipality_is_the_same_as_those_it_was_made_of(
    connection: duckdb.DuckDBPyConnection, data: st.DataObject
) -> None:
    """But where other care begins on the very day of a merger: nothing tells it from what is handed over."""
    region = data.draw(one_code())
    parted = data.draw(merged(region))
    assume(len(parted["indications"]) > len(region["indications"]))
    whole = as_one(parted["indications"], (), MERGERS)[0]
    assume(said(whole) == said([row for *_, row in standing(region["indications"])]))
    found = []
    for rows in (region, parted):
        load(
            connection,
            {**rows, "indications": [*rows["indications"], LAST]},
            " ".join(f"+{n}" for n in THEMES),
        )
        found.append({name: table(connection, name, *VALUE_KEY) for name in THEMES})
    wrong = [line for name in THEMES for line in compare(found[1][name], found[0][name])]
    assert not wrong, "\n".join(wrong[:20])
