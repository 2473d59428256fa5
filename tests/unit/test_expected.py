"""Who should have delivered by now."""

from datetime import date, datetime

import duckdb

from zorgdata.pipeline.expected import sources
from zorgdata.settings import Settings

MERGER = {"old": "9911", "new": "9901", "from_date": date(2025, 1, 1)}


def test_of_a_merged_municipality_the_newest_delivery_under_any_code_counts() -> None:
    """9902 never delivered, 9903 long ago; 9911 is expected as what it is now."""
    region = {"municipalities": ["9911", "9901", "9902", "9903"], "mergers": [MERGER]}
    expected = [{"kind": "indications", "every_days": 30}]
    settings = Settings.model_validate({"region": region, "expected": expected})
    with duckdb.connect() as connection:
        connection.execute("create schema meta")
        connection.execute(
            "create table meta.file (kind varchar, municipality_code varchar, status varchar, "
            "received_at timestamp, records_read bigint, records_quarantined bigint)"
        )
        for code, day in (("9911", 20), ("9901", 1), ("9903", 1)):
            values = ["indications", code, "loaded", datetime(2025, 3 if code == "9911" else 1, day), 1, 0]
            connection.execute("insert into meta.file values (?, ?, ?, ?, ?, ?)", values)
        found = sources(connection, settings, date(2025, 3, 31))
    assert [(source.municipality_code, source.state, source.days) for source in found] == [
        ("9901", "on time", 11),
        ("9902", "never", None),
        ("9903", "late", 89),
        ("9911", "", 11),
    ]
