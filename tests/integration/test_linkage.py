"""Children without a shared number, from landing to links, in a town of which the truth is known."""

import datetime as dt
import socket
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import duckdb
import pytest
from linkage_town import PSEUDONYMS, Child, Errors, Town, deliver, make_children, make_town

from zorgdata.errors import SourceError
from zorgdata.linkage import (
    KeyKeeper,
    LinkOptions,
    Outcome,
    link,
    linkage_report,
    measure,
    prepare_linkage,
    prune_keys,
    rates_by_municipality,
    rates_by_school,
    read_decisions,
    review_pairs,
    same_persons,
    write_review,
)
from zorgdata.linkage.link import match
from zorgdata.pipeline.session import open_session
from zorgdata.workspace import create_workspace

QUICK = LinkOptions(random_pairs=1e5)
EXACT = LinkOptions(probabilistic=False)
splink = pytest.mark.skipif(find_spec("splink") is None, reason="needs the extra 'linkage'")


def _without_splink(town: Town) -> Outcome:
    """The exact tier alone, without touching what is stored."""
    records = town.connection.execute(
        "select * rename (key_id as record_id) from raw.linkage_key"
    ).to_arrow_table()
    return match(town.connection, records, {}, {}, EXACT)


def quality(town: Town, outcome: Outcome) -> tuple[float, float]:
    """Precision and recall against the truth of links to children with care."""
    made = [one for one in outcome.resolution.links if one.person_id in town.care]
    right = sum(town.care[one.person_id] in town.pupils[one.child_id] for one in made)
    in_care = {child.number for child in town.children if child.in_care}
    findable = sum(
        bool(numbers & in_care) for child_id, numbers in town.pupils.items() if child_id not in town.care
    )
    return right / len(made), right / findable


@pytest.fixture(scope="module")
def named() -> Iterator[Town]:
    """A town whose care deliveries carry names (as JW301 messages do), with errors and twins."""
    town = make_town(make_children(3000, 1), 101, Errors(), bsn_schools=frozenset({0, 1, 2}), care_names=True)
    yield town
    town.connection.close()


@pytest.fixture(scope="module")
def linked(named: Town) -> Outcome:
    """The named town after linkage."""
    return link(named.connection, QUICK)


@splink
def test_precision_and_recall_with_names(named: Town, linked: Outcome) -> None:
    """Moves, typing errors and twins are planted; a wrong link is far worse than a missed one."""
    both = quality(named, linked)
    exact = quality(named, _without_splink(named))
    assert both[0] >= 0.99
    assert both[1] >= 0.95
    assert both[1] > exact[1] + 0.05
    assert exact[0] >= 0.99


@splink
def test_precision_without_names() -> None:
    """Birth date, sex and postcode alone: hardly a wrong link, and who moved is not found."""
    town = make_town(make_children(3000, 2), 102, Errors(), bsn_schools=frozenset({0, 1, 2}))
    precision, recall = quality(town, link(town.connection, QUICK))
    assert precision >= 0.98
    assert 0.8 <= recall <= 0.95


@splink
def test_the_region_can_measure_itself(named: Town, linked: Outcome) -> None:
    """Hiding the BSN of pupils whose school gave it estimates what the links without a BSN are worth."""
    truth = quality(named, linked)
    before = named.connection.execute("select count(*) from raw.child_link").fetchone()
    measured = measure(named.connection, QUICK)
    assert measured.precision == pytest.approx(truth[0], abs=0.02)
    assert measured.recall == pytest.approx(truth[1], abs=0.04)
    assert measured.children > 500
    assert named.connection.execute("select count(*) from raw.child_link").fetchone() == before


@splink
def test_the_same_deliveries_give_the_same_links(named: Town, linked: Outcome) -> None:
    version = named.connection.execute(
        "select * from meta.raw_state where table_name = 'child_link'"
    ).fetchall()
    assert link(named.connection, QUICK).resolution == linked.resolution
    again = named.connection.execute(
        "select * from meta.raw_state where table_name = 'child_link'"
    ).fetchall()
    assert again == version


@splink
def test_matching_opens_nothing_and_leaves_nothing(named: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """No network, no other database, and no table of Splink's afterwards."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("matching went outside")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(duckdb, "connect", refuse)
    tables = "select database_name, schema_name, table_name from duckdb_tables() order by all"
    before = named.connection.execute(tables).fetchall()
    link(named.connection, QUICK)
    assert named.connection.execute(tables).fetchall() == before
    assert named.connection.execute("select current_schema()").fetchone() == ("main",)


def test_nothing_but_codes_is_kept(named: Town) -> None:
    described = named.connection.execute("describe raw.linkage_key").fetchall()
    texts = {name for name, type_, *_ in described if type_ not in {"BIGINT", "BIGINT[]", "BOOLEAN"}}
    assert texts == {"child_id", "side"}
    assert named.connection.execute("select distinct side from raw.linkage_key order by side").fetchall() == [
        ("care",),
        ("school",),
    ]
    assert named.connection.execute(
        "select count(*) from raw.linkage_key where not regexp_full_match(child_id, '[0-9a-f]{32}')"
    ).fetchone() == (0,)


@splink
def test_report_counts_every_child_once(named: Town, linked: Outcome) -> None:
    report = linkage_report(named.connection, linked)
    without = sum(child_id not in named.care for child_id in named.pupils)
    bsn_pupils = sum(
        1
        for child_id, numbers in named.pupils.items()
        for number in numbers
        if child_id not in named.care and named.children[number].school in {0, 1, 2}
    )
    assert sum(report.tiers.values()) == len(named.care.keys() | named.pupils.keys())
    assert sum(report.tiers.values()) - report.tiers["bsn"] == without - bsn_pupils
    assert report.tiers["exact"] > report.tiers["probable"] > 0
    assert report.questions == named.connection.execute("select count(*) from raw.link_review").fetchone()[0]  # type: ignore[index]
    assert 0.95 < (report.expected_precision or 0) <= 1
    assert report.labelled_pairs > 50
    rates = rates_by_school(named.connection).to_pylist()
    assert [row["without_bsn"] for row in rates[:3]] == [0, 0, 0]
    assert sum(row["linked_to_care"] for row in rates) == sum(
        one.person_id in named.care for one in linked.resolution.links
    )


@pytest.fixture
def village() -> Iterator[Town]:
    """Nobody yet: a spec delivers its own children."""
    town = make_town([], 1, Errors())
    yield town
    town.connection.close()


def child(number: int, **columns: object) -> Child:
    row = {
        "number": number,
        "bsn": "",
        "birth_date": dt.date(2012, 3, 4),
        "sex": "m",
        "postcode": "9901AB",
        "last_name": "Bakkema",
        "initials": "A.",
        "school": 1,
        "in_care": False,
    }
    return Child(**(row | columns))  # type: ignore[arg-type]


def test_exact_without_splink(village: Town) -> None:
    """A pupil with the birth date, sex and postcode of one child with care is that child."""
    care = deliver(village.connection, "indications", [child(1, bsn="626018158")], 1, names=False)
    pupil = deliver(village.connection, "enrolments", [child(1), child(2, sex="f")], 2)
    link(village.connection, EXACT)
    assert village.connection.execute(
        "select child_id, person_id, tier from raw.child_link order by tier"
    ).fetchall() == sorted(
        [(pupil[0][0], care[0][0], "exact"), (pupil[1][0], pupil[1][0], "none")], key=lambda row: row[2]
    )


def test_twins_on_one_list_are_not_guessed(village: Town) -> None:
    """Their care has no initial, so nobody can say whose it is."""
    deliver(village.connection, "indications", [child(1, bsn="626018158")], 1, names=False)
    deliver(village.connection, "enrolments", [child(1), child(2, last_name="Bakkema-Vos")], 2)
    outcome = link(village.connection, EXACT)
    assert {one.tier for one in outcome.resolution.links} == {"none"}
    assert {one.reason for one in outcome.resolution.questions} == {"meer dan één kandidaat"}


@splink
def test_matching_in_the_encrypted_database_of_a_workspace(tmp_path: Path) -> None:
    """The database is cut off from files and its own schema is the current one before and after."""
    with open_session(create_workspace(tmp_path / "region"), "test") as session:
        prepare_linkage(session.connection)
        children = make_children(400, 3, in_care=0.5)
        deliver(session.connection, "indications", [c for c in children if c.in_care], 1)
        deliver(session.connection, "enrolments", [replace(c, bsn="") for c in children], 2)
        outcome = link(session.connection, QUICK)
        found = session.connection.execute("select current_database(), current_schema()").fetchone()
        foreign = session.connection.execute(
            "select count(*) from duckdb_tables() where database_name <> 'work'"
        ).fetchone()
    in_care = sum(c.in_care for c in children)
    assert sum(one.tier == "exact" for one in outcome.resolution.links) >= 0.95 * in_care
    assert (found, foreign) == (("work", "main"), (0,))


def test_all_with_bsn_compares_nothing(village: Town) -> None:
    deliver(village.connection, "indications", [child(1, bsn="626018158")], 1)
    outcome = link(village.connection)
    assert outcome.used_splink is False
    assert village.connection.execute("select count(*) from raw.child_link").fetchone() == (0,)


def test_a_repeated_delivery_keeps_one_row_of_codes(village: Town) -> None:
    for file_id in (1, 2):
        deliver(village.connection, "enrolments", [child(1, bsn="626018158")], file_id)
    deliver(village.connection, "enrolments", [child(1, bsn="626018158", postcode="9901ZZ")], 3)
    rows = village.connection.execute(
        "select first_file_id, last_file_id from raw.linkage_key order by all"
    ).fetchall()
    assert rows == [(1, 2), (3, 3)]
    KeyKeeper(village.connection, PSEUDONYMS).forget(3)
    assert village.connection.execute("select count(*) from raw.linkage_key").fetchone() == (1,)


def test_who_is_erased_is_erased_everywhere(village: Town) -> None:
    care = deliver(village.connection, "indications", [child(1, bsn="626018158")], 1, names=False)[0][0]
    pupil = deliver(village.connection, "enrolments", [child(1)], 2)[0][0]
    other = deliver(village.connection, "enrolments", [child(2, sex="f")], 3)[0][0]
    link(village.connection, EXACT)
    assert same_persons(village.connection, [care]) == {care, pupil}
    assert same_persons(village.connection, [pupil]) == {care, pupil}
    assert same_persons(village.connection, [other]) == {other}
    village.connection.execute("delete from raw.indications")
    village.connection.execute("delete from raw.enrolments where child_id = ?", [pupil])
    assert prune_keys(village.connection) == 2
    assert village.connection.execute("select child_id from raw.linkage_key").fetchall() == [(other,)]
    assert village.connection.execute("select child_id from raw.child_link").fetchall() == [(other,)]


def test_a_reviewer_decides(village: Town, tmp_path: Path) -> None:
    """The export holds pseudonyms and places in files; the answers come back and count from then on."""
    care = [child(1, bsn="626018158"), child(2, bsn="012345672")]
    deliver(village.connection, "indications", care, 1, names=False)
    deliver(village.connection, "enrolments", [child(1)], 2)
    link(village.connection, EXACT)
    path = tmp_path / "vragen.csv"
    assert write_review(village.connection, path) == 2
    assert path.stat().st_mode & 0o077 == 0
    header, first, second = path.read_text(encoding="utf-8").splitlines()
    assert header.endswith(";zelfde")
    assert "Bakkema" not in first + second
    path.write_text("\n".join([header, first + "j", second + "n"]), encoding="utf-8")
    assert read_decisions(village.connection, path) == 2
    outcome = link(village.connection, EXACT)
    chosen = set(first.split(";")[:2])
    assert [(one.tier, {one.child_id, one.person_id}) for one in outcome.resolution.links] == [
        ("decided", chosen)
    ]
    assert review_pairs(village.connection).num_rows == 0


@pytest.mark.parametrize("answer", ["misschien", "j;x"])
def test_a_decision_that_is_none_is_refused(village: Town, tmp_path: Path, answer: str) -> None:
    path = tmp_path / "vragen.csv"
    path.write_text(
        "child_id;other_id;zelfde\n" + ("a;;j" if ";" in answer else f"a;b;{answer}"), encoding="utf-8"
    )
    with pytest.raises(SourceError, match="line 2"):
        read_decisions(village.connection, path)


def test_rates_by_municipality_say_what_could_be_expected(village: Town) -> None:
    """Of 4 inhabitants of school age 2 are pupils here: half of the 2 children with care is expected."""
    connection = village.connection
    care = [child(1, bsn="626018158"), child(2, bsn="012345672", sex="f")]
    deliver(connection, "indications", care, 1, names=False)
    deliver(connection, "enrolments", [child(3, postcode="9901ZZ"), child(4, postcode="9901YY")], 2)
    connection.execute(
        "insert into raw.places by name "
        "select 1 as file_id, 2 as line, '9901' as pc4, '9901' as municipality_code"
    )
    connection.execute(
        "insert into raw.population by name select 1 as file_id, age as line, '9901' as municipality_code, "
        "2024 as year, age, 1 as inhabitants from (values (3), (4), (10), (17), (15), (18)) as t (age)"
    )
    link(connection, EXACT)
    assert rates_by_municipality(connection).to_pylist() == [
        {
            "municipality_code": "9901",
            "children": 2,
            "linked": 0,
            "rate": 0.0,
            "coverage": 0.5,
            "expected": 1.0,
            "unexplained": 1.0,
        }
    ]


def test_rates_without_population_leave_the_expectation_open(village: Town) -> None:
    deliver(village.connection, "indications", [child(1, bsn="626018158")], 1, names=False)
    (row,) = rates_by_municipality(village.connection).to_pylist()
    assert (row["children"], row["coverage"], row["expected"]) == (1, None, None)
