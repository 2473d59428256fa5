"""From a published database to inputs and files: what is read, what is refused, what needs nothing else."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import fixture_region
import pyarrow as pa
import pytest
from html_rules import check_page

from zorgdata.errors import UsageError
from zorgdata.report import read_inputs, render
from zorgdata.report.reading import Query

AS_OF = date(2025, 2, 4)


_TABLES = """
create schema protected;
create schema meta;
create table protected.period
    (period varchar, kind varchar, start_date date, end_date date, status varchar);
create table protected.milestone as
    select
        'm1' as milestone_id, 'Visie' as name, null as initiative, '1' as pillar, 'visie' as milestone_type,
        date '2024-06-01' as planned_on, null::date as expected_on, null::date as realised_on;
create table meta.file (
    file_id bigint, name varchar, kind varchar, profile varchar, received_at timestamp,
    municipality_code varchar, records_read bigint, records_accepted bigint,
    records_quarantined bigint, records_blank bigint, status varchar
);
create table meta.check_result as
    select
        'accounting' as check_name, 'error' as severity, 'failed' as status, null::bigint as offending,
        null::bigint as total, null::double as threshold, 'x' as message, now()::timestamp as checked_at;
create table meta.publication as
    select
        '2025-02-04_ab' as publication_id, 'public' as audience,
        timestamp '2025-02-04 03:00:00' as created_at,
        date '2025-01-31' as data_until, 100::bigint as cells, 80::bigint as cells_shown, '' as verdict;
"""
_VALUE = """
create table protected.value as
    select
        'public' as audience, metric, level, unit_id, nullif(period, '') as period,
        try_cast(nullif(reference_date, '') as date) as reference_date, nullif(dimension, '') as dimension,
        nullif(dimension_value, '') as dimension_value, value, display, cell_status
    from cells
"""


@pytest.fixture(scope="module")
def published() -> Query:
    """A published database in memory, with the tables and columns of the real one."""
    connection = duckdb.connect()
    connection.execute(_TABLES)
    connection.register("cells", pa.Table.from_pylist(_rows()))
    connection.execute(_VALUE)
    connection.register("units", pa.Table.from_pylist([vars(u) for u in fixture_region.units()]))
    connection.execute("create table protected.unit as select * from units")
    connection.execute(
        "insert into protected.unit values ('swv', 'SWV1', 'Samen Sterk', null, null), "
        "('board', 'B7', 'Stichting Zeven', null, null)"
    )
    connection.execute(
        "create table protected.unit_school as select level, unit_id, '99BB00' as school_id "
        "from protected.unit where level in ('swv', 'board')"
    )
    for p in fixture_region.periods():
        status = "provisional" if p.provisional else "final"
        values = [p.period, p.start, p.end, status]
        connection.execute("insert into protected.period values (?, 'school_year', ?, ?, ?)", values)
    for number, counts in enumerate([(100, 97, 2, 1), (50, 50, 0, 0)]):
        connection.execute(
            "insert into meta.file "
            "values (?, 'x.csv', 'indications', 'canonical', ?, '9901', ?, ?, ?, ?, 'loaded')",
            [number, datetime(2025, 1, 3 + number, 4, 5), *counts],
        )

    def query(sql: str, parameters: Sequence[Any]) -> pa.Table:
        return connection.execute(sql, list(parameters)).to_arrow_table()

    return query


def _rows() -> list[dict[str, Any]]:
    columns = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value")
    return [
        {
            **{name: getattr(c, name) for name in columns},
            "value": c.value,
            "display": c.display,
            "cell_status": c.cell_status,
        }
        for c in fixture_region.cells()
    ]


def test_inputs_hold_what_the_database_publishes(published: Query) -> None:
    found = read_inputs(published, "public", as_of=AS_OF)
    direct = fixture_region.inputs()
    assert dict(found.figures.index) == dict(direct.figures.index)
    assert found.region.name == "Regio Vennerland"
    assert found.period == "2024-2025"
    assert found.provisional == {"2024-2025"}
    assert found.publication.publication_id == "2025-02-04_ab"
    assert [m.name for m in found.milestones] == ["Visie"]
    assert found.initiatives == ()
    (delivery,) = found.deliveries
    assert (delivery.files, delivery.read, delivery.accepted, delivery.quarantined, delivery.blank) == (
        2, 150, 147, 2, 1
    )  # fmt: skip
    assert delivery.last_received == date(2025, 1, 4)


def test_a_check_is_known_by_its_dutch_label(published: Query) -> None:
    (check,) = read_inputs(published, "public", as_of=AS_OF).checks
    assert check.title != "accounting"
    assert check.how_to_read


def test_render_gives_files_and_needs_no_clock(published: Query) -> None:
    files = render("snapshot", published, audience="public", as_of=AS_OF, contact="x@example")
    assert set(files) == {"index.html"}
    check_page(files["index.html"].decode())
    assert render("snapshot", published, audience="public", as_of=AS_OF, contact="x@example") == files


def test_a_report_on_a_municipality_has_its_schools_only(published: Query) -> None:
    page = render("snapshot", published, audience="public", as_of=AS_OF, unit="9903")["index.html"].decode()
    assert "Het Palet" in page
    assert "De Vuurtoren" not in page


@pytest.mark.parametrize(
    ("unit", "title", "inside", "outside"),
    [
        ("SBO", "Jeugdhulp in het speciaal basisonderwijs", "De Brug", "Het Palet"),
        ("swv:SWV1", "Jeugdhulp op scholen van samenwerkingsverband Samen Sterk", "De Brug", "De Opstap"),
        ("B7", "Jeugdhulp op scholen van bestuur Stichting Zeven", "De Brug", "De Opstap"),
        ("region", "Jeugdhulp op school in Regio Vennerland", "De Brug", "Een andere school"),
    ],
)
def test_a_report_can_be_about_any_group_of_schools(
    published: Query, unit: str, title: str, inside: str, outside: str
) -> None:
    page = render("snapshot", published, audience="public", as_of=AS_OF, unit=unit)["index.html"].decode()
    assert f"<h1>{title}</h1>" in page
    assert inside in page
    assert outside not in page
    check_page(page)


def test_an_earlier_year_knows_nothing_of_later_ones(published: Query) -> None:
    page = render("snapshot", published, audience="public", as_of=AS_OF, period="2021-2022")["index.html"]
    assert b"2021/'22" in page.replace(b"&#39;", b"'")
    assert b"2022/'23" not in page.replace(b"&#39;", b"'")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"audience": "everyone"}, "audience"),
        ({"audience": "professional"}, "no figures"),
        ({"unit": "0000"}, "no unit"),
        ({"unit": "school:9901"}, "no unit"),
        ({"unit": "child:1"}, "no level"),
        ({"period": "1999-2000"}, "no school year"),
    ],
)
def test_a_wrong_choice_is_a_mistake_with_a_hint(
    published: Query, wrong: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        render("snapshot", published, **{"audience": "public", "as_of": AS_OF, **wrong})  # type: ignore[arg-type]
    assert caught.value.hint


def test_an_unknown_kind_names_the_known_ones(published: Query) -> None:
    with pytest.raises(UsageError) as caught:
        render("poem", published, audience="public", as_of=AS_OF)
    assert "monitor" in caught.value.hint
