"""What must hold whatever the data: an indication cut in two changes counts of indications only."""

from datetime import date, timedelta
from typing import Any

import duckdb

from tests.property.test_paths_oracle import HERE, PLACES, edges
from tests.support.warehouse import build_models, insert, rows_of, setting, warehouse

THEMES = ("d_continuity", "d_event", "d_indication", "d_trajectory", "d_waiting", "d_transition", "d_on_date")
THEMES += ("d_visit", "d_survival", "e_referral", "e_first", "g_nearness")
COUNTS = {
    "indications_per_pupil_year",
    "indication_duration",
    "indication_duration_p25",
    "indication_duration_p75",
    "short_indication_share",
    "short_indication_share_366",
    "open_ended_share",
    "secon_t_g0",
    "secon_t_g28",
    "renewal_share_same_g0",
    "renewal_share_same_g28",
    "renewal_share_any_g0",
    "renewal_share_any_g28",
    "seamless_renewal_share",
    "horizon_match",
    "horizon_short_share",
}
"""Figures about indications as such; the horizon is how far the running indication reaches."""


def figures(region: dict[str, list[dict[str, Any]]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The figures of the region and its types of school."""
    with warehouse() as db:
        insert(db, "schools", HERE)
        insert(db, "places", PLACES)
        setting(db, "periods.first_year", "2023")
        setting(db, "periods.last_year", "2024")
        for kind, rows in region.items():
            insert(db, kind, rows)
        build_models(db, " ".join(f"+metrics.theme_{theme}" for theme in THEMES))
        return dict(_rows(db))


def _rows(db: duckdb.DuckDBPyConnection) -> list[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    found = []
    for theme in THEMES:
        for row in rows_of(
            db, f"select * from metrics.theme_{theme} where level in ('region', 'school_type')"
        ):
            *key, value, numerator, denominator, children = row.values()
            found.append((tuple(key), (value, numerator, denominator, children)))
    return found


def cut(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every indication of more than one day as two that adjoin, with one decision and referrer."""
    found = []
    for row in rows:
        if row["end_date"] == row["start_date"]:
            found.append(row)
            continue
        length = row["end_date"] - row["start_date"] if row["end_date"] else timedelta(120)
        middle = row["start_date"] + length // 2
        found.append({**row, "end_date": middle})
        number = f"{row['allocation_number']}-b"
        found.append({**row, "start_date": middle + timedelta(1), "allocation_number": number})
    return found


def rounded(row: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """Without the last digits; an absent row says nothing, as one without a value."""
    return tuple(None if number is None else round(number, 9) for number in row or (None, None, None, 0))


def test_cutting_an_indication_changes_counts_of_indications_only() -> None:
    region = edges()
    # The last day of the data, whichever way the indications are cut.
    late = {"child_id": "late", "school_id": "99ZA00", "start_date": date(2025, 6, 1)}
    region["enrolments"].append(late)
    whole, halves = figures(region), figures({**region, "indications": cut(region["indications"])})
    changed = {
        key[0] for key in whole.keys() | halves.keys() if rounded(whole.get(key)) != rounded(halves.get(key))
    }
    assert changed - COUNTS == set()
    assert "indications_per_pupil_year" in changed
    assert len({key[0] for key, row in whole.items() if row[0]} - COUNTS) > 40
