"""The step between landing and models: who of the children without a BSN is whom."""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from zorgdata.linkage.probabilistic import compare, is_available
from zorgdata.linkage.resolve import Candidate, Link, Question, Resolution, resolve
from zorgdata.linkage.store import note_change
from zorgdata.store.connect import transaction

# Without Splink an exact pair has no weight of its own; it only has to be more than none.
_EXACT_WEIGHT = 100.0
_EXACT_PROBABILITY = 0.99
# Of the pairs of records that are one child, about this share agrees on everything.
_EXACT_SHARE = 0.75
_DETAILS = ("birth", "sex", "postcode", "name", "initial")


@dataclass(frozen=True)
class LinkOptions:
    """``threshold``: probability from which a pair is linked; ``review_from``: from which it is a question;
    ``margin``: bits by which the best candidate must beat a rival; ``probabilistic``: use Splink;
    ``random_pairs``: pairs in which chance agreement is counted."""

    threshold: float = 0.95
    review_from: float = 0.5
    margin: float = 3.0
    probabilistic: bool = True
    random_pairs: float = 1.5e6
    seed: int = 20240801


@dataclass(frozen=True)
class Outcome:
    """What the linkage of one set of records came to.

    ``details`` holds the labels of agreement per pair (empty without Splink); ``labelled`` is the number of
    pairs with one BSN that taught the model how often records of one child agree.
    """

    resolution: Resolution
    details: dict[tuple[str, str], dict[str, str]]
    labelled: int
    used_splink: bool


def link(connection: duckdb.DuckDBPyConnection, options: LinkOptions | None = None) -> Outcome:
    """Match the children of ``raw.linkage_key`` and write ``raw.child_link`` and ``raw.link_review``.

    To be run after the landing and before the models, outside a transaction. Without children without a BSN,
    nothing is compared. The same records and options give the same links.
    """
    options = options or LinkOptions()
    records = connection.execute(
        "select * rename (key_id as record_id) from raw.linkage_key order by key_id"
    ).to_arrow_table()
    lists: dict[str, set[tuple[int, str]]] = {}
    for child, file_id, school in connection.execute(
        "select distinct child_id, file_id, school_id from raw.enrolments "
        "where school_id is not null and child_id in (select child_id from raw.linkage_key)"
    ).fetchall():
        lists.setdefault(child, set()).add((file_id, school))
    decisions = {
        (a, b): same
        for a, b, same in connection.execute(
            "select child_id, other_id, is_same from raw.link_decision"
        ).fetchall()
    }
    outcome = match(connection, records, lists, decisions, options)
    with transaction(connection):
        _write(connection, outcome)
    return outcome


def match(
    connection: duckdb.DuckDBPyConnection,
    records: pa.Table,
    lists: dict[str, set[tuple[int, str]]],
    decisions: dict[tuple[str, str], bool],
    options: LinkOptions,
) -> Outcome:
    """The matching itself, on records given as a table; writes nothing that lasts."""
    connection.register("linkage_records", records)
    try:
        without_bsn = [
            child
            for (child,) in connection.execute(
                "select distinct child_id from linkage_records where not is_bsn"
            ).fetchall()
        ]
        exact = set(connection.execute(_EXACT).fetchall()) if without_bsn else set()
    finally:
        connection.unregister("linkage_records")
    scored: dict[tuple[str, str], tuple[float, float]] = {}
    details: dict[tuple[str, str], dict[str, str]] = {}
    labelled = 0
    use_splink = bool(without_bsn) and options.probabilistic and is_available()
    if use_splink:
        prior = max(len(exact), 1) / _EXACT_SHARE
        pairs = compare(
            connection,
            records,
            prior_matches=prior,
            floor=options.review_from,
            random_pairs=options.random_pairs,
            seed=options.seed,
        )
        labelled = pairs.labelled
        for row in pairs.table.to_pylist():
            key = (row["child_id"], row["other_id"])
            scored[key] = (row["weight"], row["probability"])
            details[key] = {name: row[name] for name in _DETAILS}
    candidates = []
    for key in sorted(exact | scored.keys() | {pair for pair, same in decisions.items() if same}):
        if decisions.get(key) is False:
            continue
        tier = "decided" if decisions.get(key) else "exact" if key in exact else "probable"
        fallback = (_EXACT_WEIGHT, _EXACT_PROBABILITY) if tier == "exact" else (0.0, 0.0)
        weight, probability = scored.get(key, fallback)
        candidates.append(Candidate(*key, tier, weight, probability, _kin(details.get(key, {}))))
    resolution = resolve(
        without_bsn,
        candidates,
        {child: frozenset(entries) for child, entries in lists.items()},
        threshold=options.threshold,
        margin=options.margin,
    )
    return Outcome(resolution, details, labelled, use_splink)


_EXACT = """
    select distinct
        least(l.child_id, r.child_id) as child_id,
        greatest(l.child_id, r.child_id) as other_id,
    from linkage_records as l
    inner join linkage_records as r
        on r.birth_date = l.birth_date
        and r.sex = l.sex
        and r.pc6 = l.pc6
        and r.child_id <> l.child_id
        and coalesce(r.name = l.name, true)
        and coalesce(r.initial = l.initial, true)
    where not l.is_bsn
"""


def _kin(detail: dict[str, str]) -> str:
    """Twin or sibling: one household by postcode and name, and another sex or initial.

    The model takes attributes to agree independently, which they do not within a household.
    """
    household = detail.get("postcode") == "gelijk" and detail.get("name") in {
        "gelijk",
        "één letter verschil",
        "leeg",
    }
    if not household or "anders" not in {detail.get("sex"), detail.get("initial")}:
        return ""
    return "twin" if detail["birth"] == "gelijk" else "sibling"


def _write(connection: duckdb.DuckDBPyConnection, outcome: Outcome) -> None:
    connection.execute("delete from raw.child_link")
    connection.execute("delete from raw.link_review")
    links = [_link_row(one) for one in outcome.resolution.links]
    questions = [_question_row(one, outcome.details) for one in outcome.resolution.questions]
    for table, rows in (("child_link", links), ("link_review", questions)):
        if rows:
            connection.register("incoming_links", pa.Table.from_pylist(rows))
            connection.execute(f"insert into raw.{table} by name select * from incoming_links")
            connection.unregister("incoming_links")
    note_change(connection)


def _link_row(one: Link) -> dict[str, object]:
    return {
        "child_id": one.child_id,
        "person_id": one.person_id,
        "tier": one.tier,
        "weight": one.weight,
        "probability": one.probability,
    }


def _question_row(one: Question, details: dict[tuple[str, str], dict[str, str]]) -> dict[str, object]:
    pair = one.pair
    detail = details.get((pair.child_id, pair.other_id), {})
    return {
        "child_id": pair.child_id,
        "other_id": pair.other_id,
        "reason": one.reason,
        "weight": pair.weight,
        "probability": pair.probability,
        **{name: detail.get(name, "") for name in _DETAILS},
    }
