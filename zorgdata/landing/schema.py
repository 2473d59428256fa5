"""The ``raw`` tables: one per kind of input, derived from the kinds."""

import hashlib
from collections.abc import Iterable

import duckdb

from zorgdata.sources.kinds import KINDS


def prepare_raw(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the raw tables that are missing, and add columns that a kind gained since."""
    for kind in KINDS.values():
        columns = ", ".join(f"{name} {sql_type}" for name, sql_type in kind.stored_columns)
        connection.execute(
            f"create table if not exists raw.{kind.name} "
            f"(file_id bigint not null, line bigint not null, {columns})"
        )
        present = {
            name
            for (name,) in connection.execute(
                "select column_name from information_schema.columns "
                "where table_schema = 'raw' and table_name = ?",
                [kind.name],
            ).fetchall()
        }
        for name, sql_type in kind.stored_columns:
            if name not in present:
                connection.execute(f"alter table raw.{kind.name} add column {name} {sql_type}")
    connection.execute(
        "create table if not exists raw.extra "
        "(file_id bigint not null, line bigint not null, header varchar not null, value varchar)"
    )
    connection.execute(
        "create table if not exists raw.message (file_id bigint not null, message_name varchar not null, "
        "municipality_code varchar, provider_id varchar, message_id varchar, dated_on date)"
    )
    connection.execute(
        "create table if not exists raw.child_link (child_id varchar not null, person_id varchar not null, "
        "tier varchar not null, weight double, probability double)"
    )
    connection.execute(
        "create table if not exists raw.setting (name varchar not null, value varchar not null)"
    )


def write_settings(connection: duckdb.DuckDBPyConnection, rows: Iterable[tuple[str, str]]) -> None:
    """Put the settings that SQL reads into ``raw.setting``; unchanged settings change nothing."""
    wanted = sorted(rows)
    present = connection.execute("select name, value from raw.setting order by all").fetchall()
    if wanted == present:
        return
    connection.execute("delete from raw.setting")
    if wanted:
        connection.executemany("insert into raw.setting values (?, ?)", wanted)
    touch(connection, "setting", repr(wanted))


def touch(connection: duckdb.DuckDBPyConnection, table: str, *changes: str) -> None:
    """Note in ``meta.raw_state`` that a raw table changed, so that the models above it are built again.

    The version is a hash chain over the changes, one link each: the same deliveries in the same order give
    the same version, however they were divided over runs.
    """
    row = connection.execute("select version from meta.raw_state where table_name = ?", [table]).fetchone()
    version = row[0] if row else ""
    for change in changes:
        version = hashlib.sha256(f"{version}\0{change}".encode()).hexdigest()
    connection.execute("insert or replace into meta.raw_state values (?, ?)", [table, version])
