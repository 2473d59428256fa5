"""What is written beside the reading: in order, nothing after a failure, and the failure is told."""

from functools import partial

import duckdb
import pytest

from zorgdata.landing.batch import Batch
from zorgdata.landing.writer import Writer


@pytest.mark.parametrize("beside", [True, False])
def test_work_is_done_in_the_order_in_which_it_was_asked(beside: bool) -> None:
    writer, done = Writer(beside=beside), list[int]()
    for number in range(20):
        writer.later(partial(done.append, number))
    writer.settle()
    writer.close()
    assert done == list(range(20))


def test_after_a_failure_nothing_more_is_done_and_it_is_told_once() -> None:
    writer, done = Writer(beside=True), list[str]()

    def fails() -> None:
        raise duckdb.ConstraintException("no")

    writer.later(fails)
    with pytest.raises(duckdb.ConstraintException):
        writer.settle()
    writer.later(lambda: done.append("commit"))
    writer.close()
    assert done == []


@pytest.mark.parametrize("beside", [True, False])
def test_what_was_not_committed_is_gone_when_it_ends(beside: bool) -> None:
    connection = duckdb.connect()
    connection.execute("create table t (n integer)")
    batch = Batch(connection, beside=beside)
    batch.begin()

    def insert() -> None:
        connection.execute("insert into t values (1)")

    batch._writer.later(insert)
    batch.close()
    assert connection.execute("select count(*) from t").fetchone() == (0,)
    connection.execute("begin")  # no transaction was left behind
    connection.execute("rollback")
