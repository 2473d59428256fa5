"""How much single children and providers contribute to sums of hours, days and euros: what rule P5 needs.

Read from the tables of single children in the work database; only the largest contribution, the two largest
together and the standing of providers leave this module. A sum whose contributions are not known counts as
dominated. Households are not known (no address, no name): the two largest contributors count as one when they
live in the same four-digit postcode.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zorgdata.disclosure.families import DAY, PAID, Family, family
from zorgdata.disclosure.frame import Connection, Frame
from zorgdata.disclosure.rules import Floats

_PLACES = {
    "period": "select period_key as moment, period as time from core.period",
    DAY: "select day as moment, cast(reference_date as varchar) as time from core.reference_date",
}

# Everything a child, or a provider, brings to one asked figure is added up first. A set of units holds a
# child once, so no child counts twice in a unit. The three largest suffice to know the two largest
# households; equal amounts go by postcode, so that the choice does not depend on the order of rows.
_QUERY = """
    with time as ({times}),
    asked as (
        select figure.row, figure.level, figure.unit_id, figure.item, time.moment
        from disclosure_asked as figure inner join time on figure.time = time.time
    ),
    part as ({part}),
    -- Found first: joined the other way round every part is placed at every unit there is.
    place as materialized (
        select asked.row, asked.moment, asked.item, unit_set.unit_set_key
        from asked
        inner join core.unit_set as unit_set
            on asked.level = unit_set.level and asked.unit_id = unit_set.unit_id
        where asked.level <> 'responsible_municipality'
    ),
    placed as (
        select place.row, part.child_key, part.provider_id, part.amount
        from place
        inner join part
            on place.moment = part.moment and place.item = part.item
            and place.unit_set_key = part.unit_set_key
        {payer}
        {collective}
    ),
    child as (
        select row, child_key, sum(amount) as amount from placed
        where child_key is not null group by row, child_key
    ),
    largest as (
        select child.row,
            max({{'amount': child.amount, 'home': coalesce(-try_cast({pc4} as integer), -100000)}}, 3) as most
        from child {home} group by child.row
    ),
    provider as (
        select row, provider_id, sum(amount) as amount from placed where {market} group by row, provider_id
    ),
    market as (
        select row, case when count(provider_id) = 0 then cast('inf' as double) else count(provider_id) end
            as providers, max(amount) as top, sum(amount) as total, count(provider_id) as named
        from provider group by row
    ),
    whole as (select row, cast(sum(amount) as double) as total from placed group by row)
    select row, whole.total,
        cast(coalesce(most[1].amount, 0) as double) as first,
        cast(coalesce(most[2].amount, 0) as double) as second,
        cast(coalesce(most[3].amount, 0) as double) as third,
        coalesce(most[1].home = most[2].home and most[1].home > -100000, false) as same_home,
        market.providers,
        case when named = 0 then 0 else cast(market.top / market.total as double) end as share
    from largest full join market using (row) left join whole using (row)
"""
_PAYER = """
        union all
        -- What a municipality pays, of all children of the region.
        select asked.row, part.child_key, part.provider_id, part.amount
        from asked
        inner join part
            on asked.moment = part.moment and asked.item = part.item
            and asked.unit_id = part.municipality_code
        inner join core.unit_set as unit_set
            on part.unit_set_key = unit_set.unit_set_key and unit_set.level = 'region'
        where asked.level = 'responsible_municipality'
"""
_SUPPLIED = """
        union all
        select asked.row, null, supply.provider_id, supply.amount
        from asked
        inner join ({select}) as supply on asked.moment = supply.moment and asked.item = supply.item
        left join core.school_level as level
            on supply.school_key = level.school_key
            and asked.level = level.level and asked.unit_id = level.unit_id
        where level.school_key is not null
            or (asked.level = 'responsible_municipality' and asked.unit_id = supply.municipality_code)
"""
_DRIFT = 1e-3
"""How far, as a part of the figure, contributions in whole thousandths may add up to something else."""
_HOME = "left join core.child as home on child.child_key = home.child_key"


@dataclass(frozen=True)
class Contributions:
    """Per row; NaN where not known.

    ``one``: the largest contribution of a household, ``two``: of two households together. ``providers``: how
    many providers a sum of euros is paid to, ``share``: what part of it the largest of them gets.
    """

    one: Floats
    two: Floats
    providers: Floats
    share: Floats

    @classmethod
    def unknown(cls, rows: int) -> "Contributions":
        """Nothing is known."""
        return cls(*(np.full(rows, np.nan) for _ in range(4)))


def contributions(
    connection: Connection, frame: Frame, asked: NDArray[np.bool_] | None = None
) -> Contributions:
    """What is known of the contributions to every row, or to the ``asked`` ones.

    The selects of ``families`` are not the models that made the figures. Where their contributions do not add
    up to the figure they are those of something else: then nothing is known.
    """
    known = Contributions.unknown(len(frame))
    there = _tables(connection)
    groups: dict[tuple[str, str], list[int]] = {}
    for (metric, _, dimension, _), levels in frame.index.items():
        rows = groups.setdefault((metric, dimension), [])
        rows += [row for units in levels.values() for row in units.values() if asked is None or asked[row]]
    families = [(family(*name), rows) for name, rows in sorted(groups.items()) if rows]
    readable = [(of, rows) for of, rows in families if of and there.issuperset((*of.needs, "core.unit_set"))]
    paid = {frame.time(row) for of, rows in readable if of.paid for row in rows}
    if paid:
        connection.execute(PAID, [sorted(paid)])
    for of, rows in readable:
        _read(connection, frame, rows, of, known, homes="core.child" in there)
    if paid:
        connection.execute("drop table disclosure_paid")
    return known


def _read(
    connection: Connection,
    frame: Frame,
    rows: Sequence[int],
    of: Family,
    known: Contributions,
    *,
    homes: bool,
) -> None:
    """Fills in what is known of these rows."""
    columns = {
        "row": pa.array(rows, pa.int64()),
        "time": [frame.time(r) for r in rows],
        "level": [frame.level[r] for r in rows],
        "unit_id": [frame.unit[r] for r in rows],
        "item": [frame.item[r] for r in rows],
    }
    connection.register("disclosure_asked", pa.table(columns))
    try:
        query = _QUERY.format(
            times=_PLACES[of.at],
            part=of.select,
            pc4="home.pc4" if homes else "null",
            home=_HOME if homes else "",
            market="true" if of.market else "false",
            payer=_PAYER if "responsible_municipality" in columns["level"] else "",
            collective=_SUPPLIED.format(select=of.collective) if of.collective else "",
        )
        found = connection.execute(query).fetchnumpy()
    finally:
        connection.unregister("disclosure_asked")
    numbers = {name: np.ma.filled(np.ma.asarray(column), 0) for name, column in found.items()}
    at = numbers["row"].astype(np.int64)
    figure = (frame.numerator if of.mean else frame.value)[at]
    total = numbers["total"] / of.per_unit
    same = np.abs(total - figure) <= _DRIFT * np.maximum(np.abs(figure), 1.0)
    one, two = households(*(numbers[n] for n in ("first", "second", "third", "same_home")))
    known.one[at], known.two[at] = one / of.per_unit, two / of.per_unit
    for name in ("providers", "share"):
        getattr(known, name)[at] = np.ma.filled(np.ma.asarray(found[name], np.float64), np.nan)
    for column in (known.one, known.two, known.providers, known.share):
        column[at[~same]] = np.nan


def households(
    first: Floats, second: Floats, third: Floats, same_home: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """The largest contribution of a household and of two, from the three largest contributors.

    ``same_home``: the two largest live in one postcode, and count as one household.
    """
    two = first + second
    return np.where(same_home, two, first), np.where(same_home, two + third, two)


def _tables(connection: Connection) -> frozenset[str]:
    found = connection.execute("select table_schema, table_name from information_schema.tables").fetchall()
    return frozenset(f"{schema}.{name}" for schema, name in found)
