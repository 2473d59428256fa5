"""Probabilistic matching (Fellegi and Sunter 1969) of keyed codes, with Splink on the given connection.

The model compares birth date, sex, postcode, surname and initial, each in a few levels of agreement. How
often two records of different children agree (u) is counted in pairs drawn at random. How often two records
of one child agree (m) starts from an assumption worth ``_ASSUMED_PAIRS`` pairs, to which the pairs of a care
and a school record with the same BSN are added: the more a region delivers, the more its own errors count.
Splink's tables live in memory and are gone afterwards; it opens no database and needs no network.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from zorgdata.errors import UsageError
from zorgdata.spare import allow_pandas

_RECORDS = "linkage_record"
_SCRATCH = "linkage_scratch"
_ASSUMED_PAIRS = 100
# Pairs of one child, and of two children with a BSN each, are no question.
_OPEN_PAIR = "l.child_id <> r.child_id and not (l.is_bsn and r.is_bsn)"
# Every pair of records that can reach the threshold agrees in one of these.
_BLOCKS = (
    ("l.birth_date = r.birth_date and l.pc4 = r.pc4", ()),
    ("l.birth_date = r.birth_date and l.name_sound = r.name_sound", ()),
    ("l.birth_date = r.birth_date and l.name_near = r.name_near", ("name_near",)),
    ("l.birth_date = r.birth_date and l.pc6_near = r.pc6_near", ("pc6_near",)),
    ("l.pc6 = r.pc6 and l.birth_ym = r.birth_ym", ()),
    ("l.pc6 = r.pc6 and l.birth_yd = r.birth_yd", ()),
    ("l.pc6 = r.pc6 and l.birth_md = r.birth_md", ()),
    ("l.pc6 = r.pc6 and l.birth_date = r.birth_swapped", ()),
    ("l.name = r.name and l.birth_ym = r.birth_ym and l.sex = r.sex", ()),
    ("l.name = r.name and l.birth_date = r.birth_swapped", ()),
)


@dataclass(frozen=True)
class Level:
    """One level of agreement: SQL over two records, its label in a review, and the assumed m."""

    condition: str
    label: str
    m: float


LEVELS: dict[str, tuple[str, tuple[Level, ...]]] = {
    "birth": (
        "birth_ym_l is null or birth_ym_r is null",
        (
            Level("birth_date_l = birth_date_r", "gelijk", 0.965),
            Level("birth_date_l = birth_swapped_r", "dag en maand verwisseld", 0.004),
            Level("birth_ym_l = birth_ym_r", "zelfde maand en jaar", 0.018),
            Level(
                "birth_yd_l = birth_yd_r or birth_md_l = birth_md_r", "twee van de drie delen gelijk", 0.010
            ),
            Level("", "anders", 0.003),
        ),
    ),
    "sex": (
        "sex_l is null or sex_r is null",
        (Level("sex_l = sex_r", "gelijk", 0.995), Level("", "anders", 0.005)),
    ),
    "postcode": (
        "pc6_l is null or pc6_r is null",
        (
            Level("pc6_l = pc6_r", "gelijk", 0.86),
            Level("list_has_any(pc6_near_l, pc6_near_r)", "één teken verschil", 0.03),
            Level("pc4_l = pc4_r", "zelfde vier cijfers", 0.04),
            Level("", "anders", 0.07),
        ),
    ),
    "name": (
        "name_l is null or name_r is null",
        (
            Level("name_l = name_r", "gelijk", 0.93),
            Level("list_has_any(name_near_l, name_near_r)", "één letter verschil", 0.03),
            Level("name_sound_l = name_sound_r", "klinkt gelijk", 0.01),
            Level("", "anders", 0.03),
        ),
    ),
    "initial": (
        "initial_l is null or initial_r is null",
        (Level("initial_l = initial_r", "gelijk", 0.96), Level("", "anders", 0.04)),
    ),
}
"""Per attribute: when it says nothing, and its levels from most to least agreement."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of children with their match weight (bits) and probability; how many labelled pairs taught m."""

    table: pa.Table
    labelled: int


def is_available() -> bool:
    """Whether Splink is installed (extra ``linkage``)."""
    from importlib.util import find_spec

    return find_spec("splink") is not None


def compare(
    connection: duckdb.DuckDBPyConnection,
    records: pa.Table,
    *,
    prior_matches: float,
    floor: float,
    random_pairs: float,
    seed: int,
) -> Pairs:
    """Compare all records that share a block; child pairs with a probability of at least ``floor``.

    ``records`` has ``record_id``, ``child_id``, ``side``, ``is_bsn`` and the codes. ``prior_matches`` is the
    number of pairs of records expected to be the same child; chance agreement is counted in ``random_pairs``
    pairs. The result has child_id, other_id (sorted), weight,
    probability and per attribute the label of its level, one row per pair: that of the best two records.
    UsageError when Splink is not installed.
    """
    if not is_available():
        raise UsageError("Matching by probability needs Splink.", "Install zorgdata[linkage].")
    with _scratch(connection):
        connection.register("incoming_records", records)
        connection.execute(f"create table {_RECORDS} as select * from incoming_records")
        connection.unregister("incoming_records")
        m, labelled = _agreement(connection)
        linker = _linker(connection, m, prior_matches)
        linker.training.estimate_u_using_random_sampling(max_pairs=random_pairs, seed=seed)
        predicted = linker.inference.predict(threshold_match_probability=floor).physical_name
        table = connection.execute(_best_pairs(predicted)).to_arrow_table()
    return Pairs(table, labelled)


def _linker(connection: duckdb.DuckDBPyConnection, m: dict[str, list[float]], prior_matches: float) -> Any:
    allow_pandas()  # splink needs it
    import splink.comparison_level_library as cll
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.comparison_library import CustomComparison
    from splink.internals.blocking_rule_library import CustomRule

    def level(name: str, one: Level, m: float) -> Any:
        if not one.condition:
            return cll.ElseLevel().configure(m_probability=m)
        made = cll.CustomLevel(one.condition, one.label)
        if one.condition == "name_l = name_r":
            # A rare surname says more than a common one.
            return made.configure(m_probability=m, tf_adjustment_column="name", tf_minimum_u_value=0.0001)
        return made.configure(m_probability=m)

    comparisons: list[Any] = [
        CustomComparison(
            output_column_name=name,
            comparison_levels=[
                cll.CustomLevel(nothing, "leeg").configure(is_null_level=True),
                *(level(name, *pair) for pair in zip(levels, m[name], strict=True)),
            ],
        )
        for name, (nothing, levels) in LEVELS.items()
    ]
    blocks: list[Any] = [
        CustomRule(f"({rule}) and {_OPEN_PAIR}", arrays_to_explode=list(exploded) or None)
        for rule, exploded in _BLOCKS
    ]
    row = connection.execute(
        f"select count(*), count(*) filter (where is_bsn) from {_RECORDS}"
    ).fetchone() or (0, 0)
    possible = row[0] * (row[0] - 1) / 2 - row[1] * (row[1] - 1) / 2
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocks,
        probability_two_random_records_match=min(max(prior_matches / max(possible, 1), 1e-12), 0.5),
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=True,
        additional_columns_to_retain=["child_id"],
    )
    return Linker(_RECORDS, settings, db_api=DuckDBAPI(connection=connection), set_up_basic_logging=False)


def _agreement(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, list[float]], int]:
    """m of every level, and how many pairs with one BSN it was counted in (the last record of each side)."""
    columns = ", ".join(f"{_level_number(name)} as {name}" for name in LEVELS)
    connection.execute(
        f"""
        create table labelled as
        with
            newest as (
                select * from {_RECORDS} where is_bsn
                qualify
                    row_number() over (
                        partition by child_id, side order by last_file_id desc, record_id
                    ) = 1
            ),
            care as (select columns(*) as '\\0_l' from newest where side = 'care'),
            school as (select columns(*) as '\\0_r' from newest where side = 'school')

        select {columns} from care inner join school on child_id_l = child_id_r
        """
    )
    row = connection.execute("select count(*) from labelled").fetchone() or (0,)
    m: dict[str, list[float]] = {}
    for name, (_, levels) in LEVELS.items():
        counted = dict(connection.execute(f"select {name}, count(*) from labelled group by all").fetchall())
        seen = [counted.get(number, 0) + _ASSUMED_PAIRS * one.m for number, one in enumerate(levels)]
        m[name] = [one / sum(seen) for one in seen]
    return m, int(row[0])


def _level_number(name: str) -> str:
    """SQL for the number of the level two records agree on; null when the attribute says nothing."""
    nothing, levels = LEVELS[name]
    cases = " ".join(f"when {one.condition} then {n}" for n, one in enumerate(levels) if one.condition)
    return f"case when {nothing} then null {cases} else {len(levels) - 1} end"


def _best_pairs(predicted: str) -> str:
    words = ", ".join(_words(name) for name in LEVELS)
    return f"""
        select
            least(child_id_l, child_id_r) as child_id,
            greatest(child_id_l, child_id_r) as other_id,
            match_weight as weight,
            match_probability as probability,
            {words},
        from {predicted}
        qualify
            row_number() over (
                partition by least(child_id_l, child_id_r), greatest(child_id_l, child_id_r)
                order by match_weight desc, record_id_l, record_id_r
            ) = 1
        order by child_id, other_id
    """


def _words(name: str) -> str:
    """The label of the level (Splink numbers them from the least agreement, 0, upwards; -1 is empty)."""
    labels = [one.label for one in reversed(LEVELS[name][1])]
    cases = " ".join(f"when {number} then '{label}'" for number, label in enumerate(labels))
    return f"case gamma_{name} {cases} else 'leeg' end as {name}"


@contextmanager
def _scratch(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A schema in the memory of the process for everything Splink makes; dropped whatever happens."""
    database, schema = connection.execute("select current_database(), current_schema()").fetchone() or (
        "",
        "",
    )
    connection.execute(f"drop schema if exists memory.{_SCRATCH} cascade")
    connection.execute(f"create schema memory.{_SCRATCH}")
    try:
        connection.execute(f"use memory.{_SCRATCH}")
        yield
    finally:
        connection.execute(f'use "{database}"."{schema}"')
        connection.execute(f"drop schema memory.{_SCRATCH} cascade")
