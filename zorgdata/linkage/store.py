"""The tables of the linkage in the work database.

``raw.linkage_key``: codes for matching, one row per child, side and set of codes, with the first and the
last file that said so. ``raw.child_link``: the outcome, one row per child without a BSN. ``raw.link_review``:
pairs for a person to look at. ``raw.link_decision``: what that person said.
"""

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from zorgdata.errors import SourceError
from zorgdata.linkage.keys import DESCRIBING, KEY_SCHEMA, linkage_keys
from zorgdata.pseudonym.keyed import Pseudonymiser

SIDES = {"indications": "care", "referrals": "care", "enrolments": "school"}
"""The kinds of input that describe a child, and the side they are on."""

_MANY_RECORDS = 100_000
_SQL_TYPES = {pa.bool_(): "boolean", pa.int64(): "bigint", pa.list_(pa.int64()): "bigint[]"}
_CODES = ", ".join(f"{field.name} {_SQL_TYPES[field.type]}" for field in KEY_SCHEMA)
# The sets follow from pc6 and name, so they do not tell rows apart.
_TELLING = [f.name for f in KEY_SCHEMA if f.type != pa.list_(pa.int64())]
_TABLES = (
    f"create table if not exists raw.linkage_key (key_id bigint primary key, child_id varchar not null, "
    f"side varchar not null, {_CODES}, first_file_id bigint not null, last_file_id bigint not null)",
    "create table if not exists raw.child_link (child_id varchar not null, person_id varchar not null, "
    "tier varchar not null, weight double, probability double)",
    "create table if not exists raw.link_review (child_id varchar not null, other_id varchar not null, "
    "reason varchar not null, weight double, probability double, birth varchar, sex varchar, "
    "postcode varchar, name varchar, initial varchar)",
    "create table if not exists raw.link_decision (child_id varchar not null, other_id varchar not null, "
    "is_same boolean not null, primary key (child_id, other_id))",
)


def prepare_linkage(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that are missing."""
    for statement in _TABLES:
        connection.execute(statement)


@dataclass
class KeyKeeper:
    """What a landing needs to keep codes; whoever opens the database hands it in.

    ``add`` takes the describing columns of a chunk and its ``child_ids``, before the identifying values are
    dropped; ``flush`` turns them into codes and writes these, inside the caller's transaction. Until then
    they are in memory only, at most ``_MANY_RECORDS`` of them: a folder may hold a hundred thousand messages
    of one record, and codes are made far faster together. A child that a later file describes in the same
    way only gets that file as its last.
    """

    connection: duckdb.DuckDBPyConnection
    pseudonyms: Pseudonymiser
    _added: list[pa.Table] = field(default_factory=list)
    _records: int = 0

    def add(self, kind: str, file_ids: int | pa.Array, records: pa.Table, child_ids: pa.Array) -> None:
        """Records of one file, or each of the file it names.

        Kinds that do not describe a child, and records whose child is null, are left out.
        """
        if kind not in SIDES or not records.num_rows:
            return
        size = records.num_rows
        kept = records.select([name for name in DESCRIBING if name in records.column_names])
        kept = kept.append_column("child_id", child_ids)
        kept = kept.append_column("side", pa.array([SIDES[kind]] * size))
        numbers = pa.array([file_ids] * size, pa.int64()) if isinstance(file_ids, int) else file_ids
        self._added.append(kept.append_column("file_id", numbers))
        self._records += size
        if self._records >= _MANY_RECORDS:
            self.flush()

    def forget(self, file_id: int) -> None:
        """Take back the codes that only this file brought, when it turns out to be unreadable half-way."""
        self._added = [kept for kept in self._added if kept["file_id"][0].as_py() != file_id]
        self.connection.execute(f"delete from raw.linkage_key where first_file_id = {int(file_id)}")

    def discard(self) -> None:
        """Drop what was not written yet, when the caller rolls back."""
        self._added.clear()
        self._records = 0

    def flush(self) -> None:
        """Make the codes of what was added, and write them."""
        if not self._added:
            return
        added = pa.concat_tables(self._added, promote_options="default")
        self.discard()
        keys = linkage_keys(added, self.pseudonyms)
        for name in ("child_id", "side", "file_id"):
            keys = keys.append_column(name, added[name])
        names = [field.name for field in KEY_SCHEMA]
        telling = ", ".join(f"coalesce({name}::varchar, '')" for name in ("child_id", "side", *_TELLING))
        self.connection.register("incoming_keys", keys)
        try:
            self.connection.execute(
                f"""
                insert into raw.linkage_key
                select
                    cast(md5_number_lower(concat_ws(' ', {telling})) >> 1 as bigint) as key_id,
                    any_value(child_id),
                    any_value(side),
                    {", ".join(f"any_value({name})" for name in names)},
                    min(file_id),
                    max(file_id),
                from incoming_keys
                where child_id is not null
                group by key_id
                on conflict do update set last_file_id = greatest(last_file_id, excluded.last_file_id)
                """
            )
        finally:
            self.connection.unregister("incoming_keys")


def prune_keys(connection: duckdb.DuckDBPyConnection) -> int:
    """Remove codes, links and decisions of children of whom no record is left; returns how many codes went.

    To be called after erasure and after retention removed records.
    """
    kept = " union ".join(f"select child_id from raw.{kind}" for kind in SIDES)
    before = connection.execute("select count(*) from raw.linkage_key").fetchone() or (0,)
    for table, column in (
        ("linkage_key", "child_id"),
        ("child_link", "child_id"),
        ("link_review", "child_id"),
        ("link_review", "other_id"),
        ("link_decision", "child_id"),
        ("link_decision", "other_id"),
    ):
        connection.execute(
            f"delete from raw.{table} "
            f"where {column} not in (select child_id from ({kept}) where child_id is not null)"
        )
    after = connection.execute("select count(*) from raw.linkage_key").fetchone() or (0,)
    return int(before[0]) - int(after[0])


def same_persons(connection: duckdb.DuckDBPyConnection, child_ids: Iterable[str]) -> set[str]:
    """The given children and every child linked to the same person: who asks to be erased means them all."""
    asked = set(child_ids)
    links = connection.execute("select child_id, person_id from raw.child_link").fetchall()
    person = dict(links)
    persons = {person.get(child, child) for child in asked}
    return asked | persons | {child for child, linked in links if linked in persons}


def read_decisions(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Take over what a reviewer said: a CSV with ``child_id;other_id;zelfde`` (j or n); returns the number.

    Empty answers are skipped, later answers replace earlier ones. SourceError when the file is no such list.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter=";"))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise SourceError(f"{path}: cannot be read as a list of decisions.", "Export it again.") from None
    answers: list[tuple[str, str, bool]] = []
    for number, row in enumerate(rows, 2):
        answer = (row.get("zelfde") or "").strip().lower()
        first, second = row.get("child_id") or "", row.get("other_id") or ""
        if not answer and first and second:
            continue
        if answer not in {"j", "n"} or not first or not second:
            raise SourceError(
                f"{path}, line {number}: expected child_id, other_id and zelfde (j or n).",
                "Fill in j or n, or leave the answer empty; change nothing else.",
            )
        answers.append((*sorted((first, second)), answer == "j"))  # type: ignore[arg-type]
    if answers:
        connection.executemany("insert or replace into raw.link_decision values (?, ?, ?)", answers)
    return len(answers)


def note_change(connection: duckdb.DuckDBPyConnection) -> None:
    """Tell the models above ``raw.child_link`` what it holds now; the same links leave them as they are."""
    digest = hashlib.sha256()
    for row in connection.execute("select child_id, person_id from raw.child_link order by all").fetchall():
        digest.update("\0".join(row).encode())
    connection.execute("insert or replace into meta.raw_state values ('child_link', ?)", [digest.hexdigest()])
