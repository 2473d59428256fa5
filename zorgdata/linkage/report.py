"""How well children were linked: counts per tier, rates by municipality and school, precision and recall.

Along GUILD and RECORD: what was linked, what was not, what could not be expected to be, and how sure it is.
Small counts are in here; what of it may be shown is decided by the disclosure step.
"""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.linkage.link import LinkOptions, Outcome, match
from zorgdata.linkage.resolve import TIERS

_HIDDEN = "hidden:"


@dataclass(frozen=True)
class Quality:
    """``precision``: share of the links that are right; ``recall``: share of the children with care on the
    other side that were linked. ``children`` were looked at; None where there was nothing to divide by."""

    precision: float | None
    recall: float | None
    linked: int
    children: int


@dataclass(frozen=True)
class LinkageReport:
    """Counts of one linkage.

    ``tiers``: children per way of linking: ``bsn``, ``decided``, ``exact``, ``probable``, ``none``;
    ``records``: their indications and enrolments. ``questions``: pairs waiting for a person.
    ``expected_precision``: mean probability of the links that were not decided, as the model has it (None
    without Splink).
    """

    tiers: dict[str, int]
    records: dict[str, int]
    questions: int
    expected_precision: float | None
    labelled_pairs: int
    used_splink: bool


def linkage_report(connection: duckdb.DuckDBPyConnection, outcome: Outcome) -> LinkageReport:
    """Counts per tier, of children and of records, and what the model expects of its own links."""
    rows = connection.execute(
        """
        with
            record as (
                select child_id from raw.indications
                union all
                select child_id from raw.enrolments
            ),
            child as (
                select child_id, count(*) as records from record where child_id is not null group by child_id
            )

        select coalesce(link.tier, 'bsn'), count(*), cast(sum(child.records) as bigint)
        from child
        left join raw.child_link as link on link.child_id = child.child_id
        group by all
        """
    ).fetchall()
    counted = {tier: (children, records) for tier, children, records in rows}
    names = ("bsn", *TIERS)
    sure = [
        one.probability
        for one in outcome.resolution.links
        if one.tier in {"exact", "probable"} and one.probability is not None
    ]
    return LinkageReport(
        tiers={name: counted.get(name, (0, 0))[0] for name in names},
        records={name: counted.get(name, (0, 0))[1] for name in names},
        questions=len(outcome.resolution.questions),
        expected_precision=sum(sure) / len(sure) if sure and outcome.used_splink else None,
        labelled_pairs=outcome.labelled,
        used_splink=outcome.used_splink,
    )


def measure(
    connection: duckdb.DuckDBPyConnection, options: LinkOptions | None = None, sample: int = 20_000
) -> Quality:
    """Precision and recall on children of whom the truth is known: pupils whose school gave a BSN.

    Their BSN is hidden on the school side, they are linked to the care side as if they had none, and the
    outcome is held against the BSN. Pupils without care take part too: a link of theirs is always wrong. The
    model learns nothing from them here, so that the measurement is on the safe side. Nothing is stored.
    """
    options = options or LinkOptions()
    known = (
        "select child_id from raw.linkage_key where is_bsn and side = 'school' group by child_id "
        f"order by md5(child_id) limit {int(sample)}"
    )
    records = connection.execute(
        f"""
        select
            * exclude (key_id, child_id, is_bsn),
            key_id as record_id,
            case when side = 'school' then '{_HIDDEN}' || child_id else child_id end as child_id,
            side = 'care' as is_bsn,
        from raw.linkage_key
        where is_bsn and (side = 'care' or child_id in ({known}))
        order by record_id
        """
    ).to_arrow_table()
    hidden = {
        child
        for child in pc.unique(records["child_id"].combine_chunks()).to_pylist()
        if child.startswith(_HIDDEN)
    }
    lists: dict[str, set[tuple[int, str]]] = {}
    for child, file_id, school in connection.execute(
        "select distinct child_id, file_id, school_id from raw.enrolments where school_id is not null"
    ).fetchall():
        if _HIDDEN + str(child) in hidden:
            lists.setdefault(_HIDDEN + child, set()).add((file_id, school))
    outcome = match(connection, records, lists, {}, replace(options))
    care = set(
        pc.unique(records.filter(pc.equal(records["side"], "care"))["child_id"].combine_chunks()).to_pylist()
    )
    made = [one for one in outcome.resolution.links if one.person_id in care]
    right = sum(one.child_id == _HIDDEN + one.person_id for one in made)
    findable = sum(child.removeprefix(_HIDDEN) in care for child in hidden)
    return Quality(
        precision=right / len(made) if made else None,
        recall=right / findable if findable else None,
        linked=len(made),
        children=len(hidden),
    )


def rates_by_school(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Per school: pupils, those without a BSN, how many of these are linked, and how many wait for a person.

    Pupils are pseudonyms, over all deliveries. ``linked_to_care`` are linked to a child of a care delivery.
    """
    return connection.execute(
        """
        with
            pupil as (
                select distinct school_id, child_id from raw.enrolments
                where school_id is not null and child_id is not null
            ),
            asked as (
                select child_id from raw.link_review
                union
                select other_id from raw.link_review
            ),
            cared as (
                select distinct child_id from raw.indications
            )

        select
            pupil.school_id,
            count(*) as pupils,
            count(link.child_id) as without_bsn,
            count(*) filter (where link.tier <> 'none') as linked,
            count(*) filter (where link.tier <> 'none' and link.person_id in (select child_id from cared))
                as linked_to_care,
            count(*) filter (where link.tier = 'none' and link.child_id in (select child_id from asked))
                as in_review,
        from pupil
        left join raw.child_link as link on link.child_id = pupil.child_id
        group by pupil.school_id
        order by pupil.school_id
        """
    ).to_arrow_table()


def rates_by_municipality(connection: duckdb.DuckDBPyConnection, year: int | None = None) -> pa.Table:
    """Per municipality: children of 4 to 17 with care, how many of them are pupils, and how many could be.

    A child is counted once; it is ``linked`` when the person it is has an enrolment. ``coverage`` is the
    share of the inhabitants of 4 to 17 (of ``year``, the last one delivered when None) that is a pupil of a
    school that delivered, by postcode; null when population or places were not delivered. ``expected`` links
    are children x coverage: a child at a school elsewhere cannot be linked. ``unexplained`` are the unlinked
    ones beyond that, 0 when there are fewer.
    """
    chosen = "select max(year) from raw.population" if year is None else f"select {int(year)}"
    return connection.execute(
        f"""
        with
            person as (
                select distinct
                    i.municipality_code,
                    coalesce(link.person_id, i.child_id) as person_id,
                    max(i.birth_month) as birth_month,
                    min(i.start_date) as start_date,
                from raw.indications as i
                left join raw.child_link as link on link.child_id = i.child_id
                where
                    i.child_id is not null
                    and coalesce(nullif(lower(trim(i.law)), ''), 'jeugdwet') = 'jeugdwet'
                group by all
            ),
            pupil as (
                select
                    coalesce(link.person_id, e.child_id) as person_id,
                    max(e.pc4) as pc4,
                from raw.enrolments as e
                left join raw.child_link as link on link.child_id = e.child_id
                where e.child_id is not null
                group by all
            ),
            rate as (
                select
                    municipality_code,
                    count(*) as children,
                    count(*) filter (where person_id in (select person_id from pupil)) as linked,
                from person
                where
                    birth_month is null
                    or (
                        start_date >= birth_month + interval 4 year
                        and start_date < birth_month + interval 18 year
                    )
                group by municipality_code
            ),
            place as (
                select pc4, min(municipality_code) as municipality_code from raw.places group by pc4
            ),
            living as (
                select place.municipality_code, count(*) as pupils
                from pupil
                inner join place on place.pc4 = pupil.pc4
                group by place.municipality_code
            ),
            youth as (
                select municipality_code, sum(inhabitants) as inhabitants
                from raw.population
                where year = ({chosen}) and age between 4 and 17
                group by municipality_code
            ),
            covered as (
                select
                    rate.*,
                    case
                        when (select count(*) from place) > 0
                            then least(1, coalesce(living.pupils, 0) / nullif(youth.inhabitants, 0))
                    end as coverage,
                from rate
                left join living on living.municipality_code = rate.municipality_code
                left join youth on youth.municipality_code = rate.municipality_code
            )

        select
            municipality_code,
            children,
            linked,
            linked / children as rate,
            coverage,
            children * coverage as expected,
            greatest(0, children * coverage - linked) as unexplained,
        from covered
        order by municipality_code
        """
    ).to_arrow_table()


def review_pairs(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The pairs of ``raw.link_review`` with, on both sides, the file and line of the newest record.

    Who may see the deliveries can look the two children up there; here they are pseudonyms.
    """
    return connection.execute(
        """
        with
            record as (
                select child_id, file_id, line from raw.indications
                union all
                select child_id, file_id, line from raw.enrolments
                union all
                select child_id, file_id, line from raw.referrals
            ),
            newest as (
                select child_id, max(file_id) as file_id, arg_max(line, file_id) as line
                from record
                group by child_id
            )

        select
            review.child_id,
            review.other_id,
            review.reason,
            round(review.probability, 3) as probability,
            review.birth,
            review.sex,
            review.postcode,
            review.name,
            review.initial,
            one.file_id as file_id,
            one.line as line,
            two.file_id as other_file_id,
            two.line as other_line,
        from raw.link_review as review
        left join newest as one on one.child_id = review.child_id
        left join newest as two on two.child_id = review.other_id
        order by review.probability desc, review.child_id, review.other_id
        """
    ).to_arrow_table()


_HEADERS = (
    *("child_id", "other_id", "reden", "kans"),
    *("geboortedatum", "geslacht", "postcode", "achternaam", "voorletter"),
    *("bestand", "regel", "ander_bestand", "andere_regel", "zelfde"),
)


def write_review(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write the pairs as a CSV with an empty column ``zelfde`` to fill in (j or n); returns their number.

    ``read_decisions`` takes the answers back.
    """
    rows = review_pairs(connection).to_pylist()
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, delimiter=";", lineterminator="\n")
        writer.writerow(_HEADERS)
        writer.writerows([*row.values(), ""] for row in rows)
    path.chmod(0o600)
    return len(rows)
