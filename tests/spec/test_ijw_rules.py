"""What iJw messages mean, from the message to the table: one case per rule, in two orders of arrival.

Each case delivers its messages under numbers of its own; all are landed and built together, once in the
order of this file and once in the reverse.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.support.messages import message, retour
from tests.support.tables import table
from tests.support.warehouse import build_models, rows_of
from zorgdata.landing import ingest, prepare_raw
from zorgdata.pseudonym import Pseudonymiser
from zorgdata.settings import Ingest
from zorgdata.store.schema import prepare

DELIVERED: list[str] = []
deliver = DELIVERED.append

MODELS = "+core.indication +core.care_episode +core.declaration +core.request staging.indication_conflict"


@pytest.fixture(scope="module", params=["as written", "reversed"])
def db(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    folder: Path = tmp_path_factory.mktemp("in")
    texts = DELIVERED if request.param == "as written" else DELIVERED[::-1]
    for n, text in enumerate(texts, 100):
        (folder / f"{n}.xml").write_text(text, encoding="utf-8")
    with duckdb.connect(":memory:") as connection:
        prepare(connection, "v1:test")
        prepare_raw(connection)
        done = ingest(
            connection, [folder], Pseudonymiser(b"s" * 32), Ingest(), received_at=datetime(2026, 1, 2)
        )
        assert not done.with_status("refused")
        assert not any(result.rejects for result in done.files)
        build_models(connection, MODELS)
        yield connection


def expect(db: duckdb.DuckDBPyConnection, query: str, text: str) -> None:
    expected = table(text)
    assert [{name: row[name] for name in expected[0]} for row in rows_of(db, query)] == expected


def indications(db: duckdb.DuckDBPyConnection, numbers: str, text: str) -> None:
    """The indications with numbers that begin so, in order."""
    expect(
        db,
        "select * from core.indication where allocation_number similar to "
        f"'{numbers}' order by municipality_code, allocation_number",
        text,
    )


def nothing(db: duckdb.DuckDBPyConnection, query: str) -> None:
    assert rows_of(db, query) == []


# --- who: the parties stand in the header only ---------------------------------------------------------

deliver(message("JW301", "m10", "child | number | decided | from", "A | 10 | 2024-01-02 | 2024-01-08"))
deliver(
    message(
        "JW301", "m10", "child | number | decided | from", "F | 10 | 2024-01-02 | 2024-01-09",
        municipality="9902", provider="41990002",
    )
)  # fmt: skip
deliver(message("JW305", "m11", "child | number | from", "A | 10 | 2024-01-10"))


def test_municipality_and_provider_come_from_the_header(db: duckdb.DuckDBPyConnection) -> None:
    """A municipality sends awards and receives starts; one number in two municipalities is two awards."""
    indications(
        db,
        "10",
        """
        municipality_code | provider_id | start_date | law
        '9901'            | '41990001'  | 2024-01-08 | jeugdwet
        '9902'            | '41990002'  | 2024-01-09 | jeugdwet
        """,
    )
    expect(
        db,
        "select * from core.delivery where allocation_number = '10'",
        "municipality_code | provider_id | start_date\n'9901' | '41990001' | 2024-01-10",
    )


# --- which version counts ------------------------------------------------------------------------------

deliver(
    message(
        "JW301",
        "m20",
        """
        child | number | decided    | time     | from       | to         | reason
        A     | 20     | 2024-04-01 | 10:00:00 | 2024-01-01 | 2024-06-30 | 05
        A     | 21     | 2024-04-01 | 09:59:59 | 2024-01-01 | 2024-06-30 |
        """,
        dated="2024-02-01",
    )
)
deliver(
    message(
        "JW301",
        "m21",
        """
        child | number | decided    | time     | from       | to         | reason
        A     | 20     | 2024-03-01 | 10:00:00 | 2024-01-01 | 2024-12-31 |
        A     | 21     | 2024-04-01 | 10:00:00 | 2024-01-01 | 2024-09-30 | 04
        """,
        dated="2024-05-01",
    )
)


def test_the_latest_decision_counts_not_the_latest_message(db: duckdb.DuckDBPyConnection) -> None:
    indications(
        db,
        "2[01]",
        """
        allocation_number | planned_end_date | change_reason | versions
        '20'              | 2024-06-30       | '05'          | 2
        '21'              | 2024-09-30       | '04'          | 2
        """,
    )


SENT_TWICE = """
child | number | decided    | from       | to
A     | 22     | 2024-01-02 | 2024-01-08 | 2024-06-30
"""
deliver(message("JW301", "m22", SENT_TWICE))
deliver(message("JW301", "m23", SENT_TWICE, dated="2024-01-03"))
deliver(message("JW301", "m24", SENT_TWICE.replace("| 22", "| 23").replace("06-30", "09-30")))
deliver(message("JW301", "m25", SENT_TWICE.replace("| 22", "| 23")))


def test_a_resend_changes_nothing_and_is_no_conflict(db: duckdb.DuckDBPyConnection) -> None:
    """One stamp with two contents is a conflict: the later delivery counts, and it is noted."""
    indications(db, "22", "end_date | versions\n2024-06-30 | 2")
    expect(
        db,
        "select * from staging.indication_conflict",
        "allocation_number | contents\n'23' | 2",
    )
    (found,) = rows_of(db, "select end_date, versions from core.indication where allocation_number = '23'")
    (last,) = rows_of(
        db,
        "select end_date from raw.indications where allocation_number = '23' order by file_id desc limit 1",
    )
    assert found == {**last, "versions": 2}


deliver(
    message(
        "JW301",
        "m30",
        """
        child | number | decided    | from       | to
        A     | 30     | 2024-01-02 | 2024-01-08 | 2024-03-31
        A     | 31     | 2024-01-02 | 2024-01-08 | 2024-12-31
        """,
    )
)
deliver(
    message(
        "JW301",
        "m31",
        "child | number | decided | from | to | reason",
        "A | 31 | 2024-05-01 | 2024-01-08 | 2024-09-30 | 05",
        dated="2024-05-01",
    )
)


def test_what_a_later_message_leaves_out_is_not_deleted(db: duckdb.DuckDBPyConnection) -> None:
    indications(
        db,
        "3[01]",
        """
        allocation_number | end_date
        '30'              | 2024-03-31
        '31'              | 2024-09-30
        """,
    )


# --- what a change looks like --------------------------------------------------------------------------

deliver(
    message(
        "JW301",
        "m40",
        """
        child | number | decided    | from       | to         | reason
        A     | 40     | 2024-01-02 | 2024-01-08 | 2024-06-30 |
        A     | 40     | 2024-01-05 | 2024-01-08 | 2024-01-08 | 13
        A     | 41     | 2022-03-01 | 2022-03-08 | 2022-06-30 |
        A     | 41     | 2022-03-31 | 2022-03-08 | 2022-03-08 | 01
        A     | 42     | 2022-04-01 | 2022-03-08 | 2022-03-08 | 01
        A     | 43     | 2024-01-02 | 2024-01-08 | 2024-01-08 |
        A     | 44     | 2024-01-02 | 2024-01-08 | 2024-06-30 |
        A     | 44     | 2024-01-05 | 2024-01-08 | 2024-01-08 | 05
        """,
    )
)


def test_deleted_awards_never_existed_and_one_day_awards_did(db: duckdb.DuckDBPyConnection) -> None:
    """Deleted: reason 13, or 01 decided before 1 April 2022, with the end on the first day."""
    indications(
        db,
        "4[0-4]",
        """
        allocation_number | start_date | end_date
        '42'              | 2022-03-08 | 2022-03-08
        '43'              | 2024-01-08 | 2024-01-08
        '44'              | 2024-01-08 | 2024-01-08
        """,
    )
    expect(
        db,
        "select sum(until_day - from_day) as days from core.indication where allocation_number = '43'",
        "days\n1",
    )


deliver(
    message(
        "JW301",
        "m50",
        """
        child | number | product | decided    | from       | to         | reason | volume | unit | frequency
        B     | 50     | 45A48   | 2023-12-20 | 2024-01-01 | 2024-12-31 |        | 60     | 01   | 2
        B     | 50     | 45A48   | 2024-03-20 | 2024-01-01 | 2024-03-31 | 05     | 60     | 01   | 2
        B     | 51     | 45A48   | 2024-03-20 | 2024-04-01 | 2024-12-31 |        | 120    | 01   | 2
        C     | 52     | 45A48   | 2023-12-20 | 2024-01-01 | 2024-12-31 |        | 3660   | 04   | 6
        C     | 52     | 45A48   | 2024-03-20 | 2024-01-01 | 2024-12-31 |        | 366    | 04   | 6
        D     | 53     | 45A48   | 2023-12-20 | 2024-01-01 | 2024-06-30 |        | 60     | 01   | 2
        D     | 54     | 45A53   | 2024-06-20 | 2024-07-01 | 2024-12-31 |        | 60     | 01   | 2
        E     | 55     | 45A48   | 2023-12-20 | 2024-01-01 | 2024-06-30 | 09     | 60     | 01   | 2
        """,
    )
)
deliver(
    message(
        "JW301",
        "m51",
        "child | number | product | decided | from | to",
        "E | 56 | 45A48 | 2024-06-20 | 2024-07-01 | 2024-12-31",
        provider="41990002",
    )
)


def test_a_change_of_volume_product_or_provider_is_a_new_number_and_the_same_care(
    db: duckdb.DuckDBPyConnection,
) -> None:
    """A total (frequency 6) changes in place; all else ends the old number the day before the new one."""
    indications(
        db,
        "5[0-6]",
        """
        allocation_number | provider_id | product_code | start_date | end_date   | hours_per_week
        '50'              | '41990001'  | 45A48        | 2024-01-01 | 2024-03-31 | 1.0
        '51'              | '41990001'  | 45A48        | 2024-04-01 | 2024-12-31 | 2.0
        '52'              | '41990001'  | 45A48        | 2024-01-01 | 2024-12-31 | 7.0
        '53'              | '41990001'  | 45A48        | 2024-01-01 | 2024-06-30 | 1.0
        '54'              | '41990001'  | 45A53        | 2024-07-01 | 2024-12-31 | 1.0
        '55'              | '41990001'  | 45A48        | 2024-01-01 | 2024-06-30 | 1.0
        '56'              | '41990002'  | 45A48        | 2024-07-01 | 2024-12-31 |
        """,
    )
    expect(
        db,
        """
        select distinct i.allocation_number, e.start_date, e.end_date
        from core.indication as i
        inner join core.care_episode as e on e.child_key = i.child_key and e.gap = 0
        where i.allocation_number in ('50', '53', '55')
        order by i.allocation_number
        """,
        """
        allocation_number | start_date | end_date
        '50'              | 2024-01-01 | 2024-12-31
        '53'              | 2024-01-01 | 2024-12-31
        '55'              | 2024-01-01 | 2024-12-31
        """,
    )


deliver(
    message(
        "JW301",
        "m60",
        """
        child | number | category | product | decided    | from       | volume | unit | frequency | budget
        A     | 60     | 45       | 45A48   | 2024-01-02 | 2024-01-08 | 120    | 01   | 2         |
        A     | 61     | 45       |         | 2024-01-02 | 2024-01-08 |        |      |           | 125000
        A     | 62     |          |         | 2024-01-02 | 2024-01-08 |        |      |           | 500000
        A     | 63     | 45       | 45A48   | 2024-01-02 | 2024-01-08 | 90000  | 83   | 4         |
        """,
    )
)


def test_specific_aspecific_and_generic_awards(db: duckdb.DuckDBPyConnection) -> None:
    """Hours follow from a volume in hours only; budgets and unit 83 are eurocents."""
    indications(
        db,
        "6[0-3]",
        """
        allocation_number | variant    | hours_per_week | budget_cents
        '60'              | specifiek  | 2.0            |
        '61'              | aspecifiek |                | 125000
        '62'              | generiek   |                | 500000
        '63'              | specifiek  |                |
        """,
    )


# --- starts and stops ----------------------------------------------------------------------------------

deliver(
    message(
        "JW301",
        "m70",
        """
        child | number | decided    | from       | to
        A     | 70     | 2024-01-02 | 2024-01-08 | 2024-12-31
        A     | 71     | 2024-01-02 | 2024-01-08 | 2024-12-31
        A     | 72     | 2024-01-02 | 2024-01-08 | 2024-12-31
        A     | 73     | 2024-01-02 | 2024-01-08 | 2024-12-31
        A     | 74     | 2024-01-02 | 2024-01-08 | 2024-12-31
        A     | 75     | 2024-01-02 | 2024-01-08 | 2024-12-31
        A     | 76     | 2024-01-02 | 2024-01-08 |
        """,
    )
)
deliver(
    message(
        "JW305",
        "m71",
        "child | number | from",
        "A | 70 | 2024-01-10",
        "A | 71 | 2024-01-10",
        dated="2024-01-10",
    )
)
deliver(
    message(
        "JW307",
        "m72",
        """
        child | number | from       | to         | end_reason
        A     | 70     | 2024-01-10 | 2024-05-31 | 31
        A     | 72     | 2024-01-10 | 2024-05-31 | 20
        A     | 73     | 2024-01-10 | 2024-03-31 | 20
        A     | 74     | 2024-01-10 | 2024-03-31 | 20
        A     | 75     | 2024-01-10 | 2025-03-31 | 31
        A     | 76     | 2024-01-10 | 2024-05-31 | 34
        """,
        dated="2024-06-01",
    )
)
deliver(
    message(
        "JW307",
        "m73",
        "child | number | from | to | end_reason",
        "A | 73 | 2024-01-10 | 2024-04-15 | 31",
        dated="2024-07-01",
    )
)
deliver(message("JW305", "m74", "child | number | from", "A | 74 | 2024-05-01", dated="2024-06-02"))
deliver(
    message(
        "JW307",
        "m75",
        "child | number | from | to | end_reason",
        "A | 74 | 2024-05-01 | 2024-08-31 | 32",
        dated="2024-09-01",
    )
)


def test_a_stop_gives_the_actual_end_beside_the_planned_one(db: duckdb.DuckDBPyConnection) -> None:
    """70, 76 stopped; 71 runs; 72 pauses; 73 and 74 paused before they stopped; 75 stopped after its end."""
    indications(
        db,
        "7[0-6]",
        """
        allocation_number | end_date   | planned_end_date | stop_reason
        '70'              | 2024-05-31 | 2024-12-31       | '31'
        '71'              | 2024-12-31 | 2024-12-31       |
        '72'              | 2024-12-31 | 2024-12-31       |
        '73'              | 2024-04-15 | 2024-12-31       | '31'
        '74'              | 2024-08-31 | 2024-12-31       | '32'
        '75'              | 2024-12-31 | 2024-12-31       | '31'
        '76'              | 2024-05-31 |                  | '34'
        """,
    )


deliver(
    message(
        "JW305",
        "m80",
        "child | number | from",
        "A | 80 | 2024-01-10",
        "A | 81 | 2024-01-10",
        "A | 83 | 2024-01-10",
        dated="2024-01-11",
    )
)
deliver(
    message(
        "JW305",
        "m81",
        """
        child | number | from       | status
        A     | 80     | 2024-01-15 | 1
        A     | 80     | 2024-01-10 | 3
        A     | 83     | 2024-01-10 | 1
        A     | 83     | 2024-01-10 | 3
        """,
        dated="2024-01-16",
    )
)
deliver(
    message("JW305", "m82", "child | number | from | status", "A | 81 | 2024-01-10 | 3", dated="2024-01-17")
)
deliver(
    message(
        "JW307",
        "m83",
        "child | number | from | to | end_reason",
        "A | 82 | 2024-01-10 | 2024-05-31 | 31",
        dated="2024-06-01",
    )
)
deliver(
    message(
        "JW307",
        "m84",
        """
        child | number | from       | to         | end_reason | status
        A     | 82     | 2024-01-10 | 2024-05-31 | 31         | 3
        A     | 82     | 2024-01-10 | 2024-04-30 | 31         | 1
        """,
        dated="2024-06-10",
    )
)


def test_a_correction_is_a_deletion_and_an_addition(db: duckdb.DuckDBPyConnection) -> None:
    """In one message the deletion comes first; over messages their dates decide, not their arrival."""
    expect(
        db,
        "select * from core.delivery where allocation_number similar to '8[0-3]' order by allocation_number",
        """
        allocation_number | start_date | end_date
        '80'              | 2024-01-15 |
        '82'              | 2024-01-10 | 2024-04-30
        '83'              | 2024-01-10 |
        """,
    )


deliver(message("JW305", "m85", "child | category | product | from", "F | 47 | 47A01 | 2024-01-10"))


def test_care_that_is_funded_by_task_has_no_award(db: duckdb.DuckDBPyConnection) -> None:
    expect(
        db,
        "select * from core.delivery where product_category = '47'",
        "allocation_number | product_code | start_date\n | 47A01 | 2024-01-10",
    )


# --- who referred --------------------------------------------------------------------------------------

deliver(
    message(
        "JW315",
        "m90",
        "child | reference | from | referrer",
        "H | V1 | 2024-01-08 | 02",
        "H | V2 | 2024-01-08 | 03",
    )
)
deliver(
    message(
        "JW301",
        "m91",
        """
        child | number | reference | category | product | decided    | from       | to
        H     | 90     | V1        | 45       | 45A48   | 2024-01-02 | 2024-01-08 | 2024-03-31
        H     | 90     |           | 45       | 45A48   | 2024-02-02 | 2024-01-08 | 2024-02-29
        H     | 91     |           | 45       | 45A48   | 2024-02-02 | 2024-03-01 | 2024-05-31
        H     | 92     |           | 45       | 45A53   | 2024-05-02 | 2024-06-01 | 2024-08-31
        H     | 93     |           | 45       | 45A53   | 2024-05-02 | 2024-09-02 | 2024-12-31
        H     | 94     |           | 54       | 54A01   | 2024-02-02 | 2024-03-01 | 2024-05-31
        H     | 95     | V2        | 41       | 41A01   | 2024-01-02 | 2024-01-08 | 2024-03-31
        H     | 96     |           | 41       | 41A02   | 2024-01-02 | 2024-03-01 | 2024-05-31
        """,
    )
)
deliver(
    message(
        "JW301",
        "m92",
        "child | number | decided | from",
        "H | 97 | 2024-02-02 | 2024-03-01",
        provider="41990002",
    )
)


def test_a_referrer_is_inherited_through_the_reference(db: duckdb.DuckDBPyConnection) -> None:
    """The first version names the request; a later version and numbers that go on the day after inherit it.

    After a day without care (93), for another category (94), beside running care (96) or at another provider
    (97) nothing is inherited: unknown stays unknown.
    """
    indications(
        db,
        "9[0-7]",
        """
        allocation_number | referrer
        '90'              | '02'
        '91'              | '02'
        '92'              | '02'
        '93'              |
        '94'              |
        '95'              | '03'
        '96'              |
        '97'              |
        """,
    )


# --- declarations --------------------------------------------------------------------------------------

deliver(
    message(
        "JW323",
        "m110",
        """
        child | line | previous | number | product | from       | to         | volume | unit | amount | sign
        A     | R1   |          | 61     | 45A48   | 2024-01-08 | 2024-01-31 | 300    | 01   | 30000  | D
        A     | R2   |          | 110    | 45A48   | 2024-01-08 | 2024-01-31 | 300    | 01   | 30000  | D
        B     | R2   |          | 111    | 45A48   | 2024-01-08 | 2024-01-31 | 60     | 01   | 6000   | D
        """,
    )
)
deliver(
    message(
        "JW323",
        "m111",
        """
        child | line | previous | number | product | from       | to         | volume | unit | amount | sign
        A     | R3   | R1       | 61     | 45A48   | 2024-01-08 | 2024-01-31 | 300    | 01   | 30000  | C
        A     | R4   |          | 61     | 45A48   | 2024-01-08 | 2024-01-31 | 240    | 01   | 24000  | D
        A     | R5   | R2       | 110    | 45A48   | 2024-01-08 | 2024-01-31 | 300    | 01   | 30000  | C
        """,
        number="D2",
    )
)


def test_declarations_are_netted_and_show_the_product_of_an_aspecific_award(
    db: duckdb.DuckDBPyConnection,
) -> None:
    """61 is corrected, 110 taken back; one reference used for two children is two lines."""
    expect(
        db,
        "select * from core.declaration where allocation_number in ('61', '110', '111') order by lines",
        """
        allocation_number | product_code | volume | amount_cents | lines
        '111'             | 45A48        | 60.0   | 6000         | 1
        '61'              | 45A48        | 240.0  | 24000        | 3
        """,
    )


# --- answers -------------------------------------------------------------------------------------------

AWARD = """
child | number | decided    | from       | to
G     | {}     | 2024-01-02 | 2024-01-08 | 2024-06-30
"""
deliver(message("JW301", "m120", AWARD.format("120")))
deliver(retour("JW301", "m120", "0001"))
deliver(message("JW301", "m121", AWARD.format("121")))
deliver(retour("JW301", "m121", "8848"))
deliver(message("JW301", "m122", AWARD.format("122")))
deliver(retour("JW301", "m122"))
# The same identification from another municipality, of another day, or to another message is another message.
deliver(message("JW301", "m120", AWARD.format("123"), municipality="9902"))
deliver(message("JW301", "m120", AWARD.format("124"), dated="2023-01-02"))
deliver(message("JW305", "m120", "child | number | from", "G | 120 | 2024-01-10"))
# 125: the second decision was rejected, so the first stands; 126: rejected, sent again and accepted.
deliver(message("JW301", "m125", AWARD.format("125")))
deliver(message("JW301", "m126", AWARD.format("125").replace("06-30", "02-28").replace("01-02", "02-02")))
deliver(retour("JW301", "m126", "0001"))
deliver(message("JW301", "m127", AWARD.format("126")))
deliver(retour("JW301", "m127", "0001"))
deliver(message("JW301", "m128", AWARD.format("126"), dated="2024-01-05"))
deliver(retour("JW301", "m128", dated="2024-01-05"))


def test_a_rejected_message_counts_as_not_sent(db: duckdb.DuckDBPyConnection) -> None:
    """Code 0001 undoes the message whenever it comes in; other codes on a message leave it standing."""
    indications(
        db,
        "12[0-6]",
        """
        municipality_code | allocation_number | end_date   | versions
        '9901'            | '121'             | 2024-06-30 | 1
        '9901'            | '122'             | 2024-06-30 | 1
        '9901'            | '124'             | 2024-06-30 | 1
        '9901'            | '125'             | 2024-06-30 | 1
        '9901'            | '126'             | 2024-06-30 | 1
        '9902'            | '123'             | 2024-06-30 | 1
        """,
    )
    expect(db, "select * from core.delivery where allocation_number = '120'", "start_date\n2024-01-10")


deliver(
    message(
        "JW301",
        "m130",
        "child | number | decided | from",
        "G | 130 | 2024-01-02 | 2024-01-08",
        "G | 131 | 2024-01-02 | 2024-01-08",
    )
)
deliver(retour("JW301", "m130", "0200", "child | number | code", "G | 131 | 9332", "G | 130 | 0200"))
deliver(message("JW305", "m131", "child | number | from", "G | 131 | 2024-01-10", "G | 131 | 2024-02-10"))
deliver(retour("JW305", "m131", "0200", "child | number | from | code", "G | 131 | 2024-02-10 | 9326"))
deliver(
    message(
        "JW323",
        "m132",
        """
        child | line | number | product | from       | to         | volume | unit | amount
        G     | R1   | 132    | 45A48   | 2024-01-08 | 2024-01-31 | 300    | 01   | 30000
        G     | R2   | 132    | 45A48   | 2024-02-01 | 2024-02-29 | 300    | 01   | 30000
        E     | R1   | 133    | 45A48   | 2024-01-08 | 2024-01-31 | 60     | 01   | 6000
        """,
        number="D9",
    )
)
deliver(
    retour(
        "JW323", "m132", "0200", "child | line | number | code", "G | R1 | 132 | 9321", "G | R2 | 132 | 8001"
    )
)
deliver(message("JW315", "m133", "child | reference | from | referrer", "G | V9 | 2024-01-08 | 05"))
deliver(retour("JW315", "m133", "0001"))


def test_a_rejected_product_counts_as_not_sent(db: duckdb.DuckDBPyConnection) -> None:
    """An answer lists what was rejected; 0200 (no remark) and 8001 (granted in full) are no rejections."""
    indications(db, "13[01]", "allocation_number\n'130'")
    expect(db, "select * from core.delivery where allocation_number = '131'", "start_date\n2024-01-10")
    expect(
        db,
        "select * from core.declaration where allocation_number in ('132', '133') order by allocation_number",
        """
        allocation_number | start_date | amount_cents
        '132'             | 2024-02-01 | 30000
        '133'             | 2024-01-08 | 6000
        """,
    )
    nothing(db, "select * from core.referral where provider_reference = 'V9'")


def test_what_was_rejected_is_listed(db: duckdb.DuckDBPyConnection) -> None:
    expect(
        db,
        """
        select message_name, message_id, message_level, allocation_number, reference, rejected_on
        from staging.rejection order by message_id
        """,
        """
        message_name | message_id | message_level | allocation_number | reference | rejected_on
        JW301        | m120       | bericht       |                   |           | 2024-03-01
        JW301        | m126       | bericht       |                   |           | 2024-03-01
        JW301        | m127       | bericht       |                   |           | 2024-03-01
        JW301        | m130       | product       | '131'             |           | 2024-03-01
        JW305        | m131       | product       | '131'             |           | 2024-03-01
        JW323        | m132       | product       | '132'             | R1        | 2024-03-01
        JW315        | m133       | bericht       |                   |           | 2024-03-01
        """,
    )
