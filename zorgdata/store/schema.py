"""The tables zorgdata keeps about itself, and their version.

``meta.*`` is written by landing, engine, checks and pipeline; ``raw.*`` belongs to landing, the other
schemas to the SQL models. An older database is brought to this version (``migrations``); a newer one refuses
an older program.
"""

import duckdb

from zorgdata.errors import UsageError
from zorgdata.store.migrations import SCHEMA_VERSION, migrate

_SCHEMAS = ("raw", "seeds", "staging", "core", "metrics", "protected", "checks", "meta")

_TABLES = (
    "create table if not exists meta.workspace (name varchar primary key, value varchar not null)",
    "create sequence if not exists meta.file_number",
    """create table if not exists meta.file (
        file_id bigint primary key, sha256 varchar not null, name varchar not null, kind varchar,
        profile varchar, received_at timestamp not null, records_read bigint not null,
        records_accepted bigint not null, records_quarantined bigint not null, records_blank bigint not null,
        status varchar not null, municipality_code varchar, encoding varchar, separator varchar,
        notes varchar[], bytes bigint not null)""",
    """create table if not exists meta.file_seen (
        path varchar primary key, bytes bigint not null, modified_ns bigint not null,
        sha256 varchar not null)""",
    """create table if not exists meta.quarantine (
        file_id bigint not null, line_first bigint not null, line_last bigint not null, column_name varchar,
        reason_code varchar not null, reason varchar not null, field_class varchar)""",
    """create table if not exists meta.raw_state (
        table_name varchar primary key, version varchar not null)""",
    """create table if not exists meta.model_state (
        name varchar primary key, fingerprint varchar not null, built_at timestamp, rows bigint,
        seconds double)""",
    """create table if not exists meta.run (
        run_id varchar primary key, pipeline varchar not null, started_at timestamp not null,
        ended_at timestamp, status varchar not null, exit_code integer, step varchar, message varchar,
        program_version varchar, settings_hash varchar, manifest varchar)""",
    """create table if not exists meta.check_result (
        run_id varchar, check_name varchar not null, severity varchar not null, status varchar not null,
        offending bigint, total bigint, threshold double, message varchar, affects varchar[],
        checked_at timestamp not null)""",
    """create table if not exists meta.erasure (
        happened_at timestamp not null, what varchar not null, records bigint not null,
        children bigint not null)""",
    """create table if not exists meta.publication (
        publication_id varchar primary key, run_id varchar, audience varchar not null,
        created_at timestamp not null, data_until date, cells bigint, cells_shown bigint,
        verdict varchar, sha256 varchar)""",
)


def prepare(connection: duckdb.DuckDBPyConnection, key_label: str) -> None:
    """Make the schemas and meta tables that are missing; check version and pseudonym key.

    ``key_label`` identifies the pseudonym key without giving it away. Pseudonyms of two keys in one database
    would make one child into two, so another key is refused.
    """
    known = require_fitting(connection, key_label)
    version = int(known.get("schema_version", SCHEMA_VERSION))
    for schema in _SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")
    for statement in _TABLES:
        connection.execute(statement)
    migrate(connection, version)
    for name, value in (("schema_version", str(SCHEMA_VERSION)), ("pseudonym_key", key_label)):
        if name not in known:
            connection.execute("insert or ignore into meta.workspace values (?, ?)", [name, value])


def require_fitting(connection: duckdb.DuckDBPyConnection, key_label: str) -> dict[str, str]:
    """What the database says of itself; UsageError when it is newer than this program or has another key."""
    known = _known(connection)
    version = int(known.get("schema_version", SCHEMA_VERSION))
    if version > SCHEMA_VERSION:
        raise UsageError(
            f"This database was made by a newer zorgdata: its schema is {version}, "
            f"this program knows {SCHEMA_VERSION}.",
            "Install the newer version; nothing was changed.",
        )
    label = known.get("pseudonym_key", key_label)
    if label != key_label:
        raise UsageError(
            "The pseudonym key is not the one this database was made with.",
            "Put the original key back; a child would get a second pseudonym and be counted twice.",
        )
    return known


def _known(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    try:
        return dict(connection.execute("select name, value from meta.workspace").fetchall())
    except duckdb.CatalogException:
        return {}  # a new database
