"""Steps from one version of the schema to the next, forward only, each inside the caller's transaction.

A table or column that is new needs no step when ``create table if not exists`` makes it; a change to what is
there does. The first released version is 1.
"""

from collections.abc import Mapping

import duckdb

MIGRATIONS: Mapping[int, tuple[str, ...]] = {
    # 2: access to unprotected figures is noted in a file, because a query cannot write to the database.
    2: ("drop table if exists meta.access",),
}

SCHEMA_VERSION = max(MIGRATIONS)


def migrate(connection: duckdb.DuckDBPyConnection, version: int) -> list[int]:
    """Bring a database of ``version`` to the current one; returns the versions that were passed."""
    passed = [number for number in sorted(MIGRATIONS) if number > version]
    for number in passed:
        for statement in MIGRATIONS[number]:
            connection.execute(statement)
        connection.execute(
            "insert or replace into meta.workspace values ('schema_version', ?)", [str(number)]
        )
    return passed
