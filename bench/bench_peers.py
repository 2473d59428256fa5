"""The tables of children and schools (METRICS 10) beside polars and pandas, on the same made-up data.

    python bench/bench_peers.py [--children 60000]

The peers get what is easy: clean intervals with whole numbers for keys, in memory, and they make only the
columns about days and providers; SQL starts from the raw rows and makes all columns. All must agree on the
columns that the peers make. Prints processor seconds, which do not count what others do on the machine.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

import duckdb
import pandas as pd
import polars as pl
from bench_metrics import fill

from zorgdata.engine import build
from zorgdata.pipeline.models import shipped_models

CHILD = ["period_key", "child_key", "school_key"]


def in_polars(care: Any, enrolment: Any, period: Any) -> tuple[Any, Any]:
    """Children and schools, with lazy frames."""

    def islands(frame: pl.LazyFrame, keys: list[str]) -> pl.LazyFrame:
        reached = pl.col("until_day").cum_max().shift(1).over(keys)
        return (
            frame.sort(*keys, "from_day")
            .with_columns((reached.is_null() | (pl.col("from_day") > reached)).alias("is_new"))
            .with_columns(pl.col("is_new").cum_sum().over(keys).alias("island"))
            .group_by(*keys, "island")
            .agg(pl.col("from_day").min(), pl.col("until_day").max())
            .drop("island")
        )

    def within(frame: pl.LazyFrame, other: pl.LazyFrame, on: str | None) -> pl.LazyFrame:
        met = frame.join(other, on=on) if on else frame.join(other, how="cross")
        first = pl.max_horizontal("from_day", "from_day_right")
        last = pl.min_horizontal("until_day", "until_day_right")
        return (
            met.filter(first < last)
            .with_columns(first.alias("from_day"), last.alias("until_day"))
            .drop("from_day_right", "until_day_right")
        )

    days = (pl.col("until_day") - pl.col("from_day")).cast(pl.Int64).sum()
    spells = islands(pl.from_arrow(care).lazy(), ["child_key", "provider_key"])  # type: ignore[union-attr]
    any_care = islands(spells.drop("provider_key"), ["child_key"])
    enrolled = islands(pl.from_arrow(enrolment).lazy(), ["child_key", "school_key"])  # type: ignore[union-attr]
    periods = pl.from_arrow(period).lazy()  # type: ignore[union-attr]
    here = within(enrolled, periods, None)
    pupils = here.group_by(CHILD).agg(days.alias("enrolled_days"))
    cared = within(here, any_care, "child_key").group_by(CHILD).agg(days.alias("care_days"))
    given = within(here, spells, "child_key").group_by(*CHILD, "provider_key").agg(days.alias("days"))
    served = given.group_by(CHILD).agg(
        pl.col("days").sum().alias("provider_days"),
        pl.len().cast(pl.Int64).alias("n_providers"),
        pl.col("days").max().alias("main_days"),
    )
    children = pupils.join(cared, on=CHILD, how="left").join(served, on=CHILD, how="left")
    children = children.with_columns(pl.col("care_days", "provider_days", "n_providers").fill_null(0))
    place = ["period_key", "school_key"]
    shares = given.group_by(*place, "provider_key").agg(pl.col("days").sum()).group_by(place)
    largest = shares.agg(
        (pl.col("days").pow(2).sum() / pl.col("days").sum().pow(2)).alias("hhi"),
        (pl.col("days").max() / pl.col("days").sum()).alias("cr1"),
    )
    schools = children.group_by(place).agg(
        pl.len().cast(pl.Int64).alias("pupils_ever"),
        pl.col("enrolled_days").sum().alias("pupil_days"),
        (pl.col("care_days") > 0).sum().cast(pl.Int64).alias("care_pupils"),
        pl.col("care_days").sum(),
        pl.col("provider_days").sum(),
    )
    made, of_school = pl.collect_all([children, schools.join(largest, on=place, how="left")])
    return made.to_arrow(), of_school.to_arrow()


def in_pandas(care: Any, enrolment: Any, period: Any) -> tuple[Any, Any]:
    """Children and schools, with data frames."""

    def islands(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
        frame = frame.sort_values([*keys, "from_day"])
        group = frame.groupby(keys, sort=False)
        reached = group["until_day"].cummax().groupby([frame[key] for key in keys], sort=False).shift(1)
        frame["island"] = (reached.isna() | (frame["from_day"] > reached)).cumsum()
        return (
            frame.groupby([*keys, "island"], sort=False)
            .agg(from_day=("from_day", "min"), until_day=("until_day", "max"))
            .reset_index()
            .drop(columns="island")
        )

    def within(frame: pd.DataFrame, other: pd.DataFrame, on: str | None) -> pd.DataFrame:
        names = ("", "_right")
        met = (
            frame.merge(other, on=on, suffixes=names)
            if on
            else frame.merge(other, how="cross", suffixes=names)
        )
        met["from_day"] = met[["from_day", "from_day_right"]].max(axis=1)
        met["until_day"] = met[["until_day", "until_day_right"]].min(axis=1)
        met = met[met["from_day"] < met["until_day"]].drop(columns=["from_day_right", "until_day_right"])
        return met.assign(days=(met["until_day"] - met["from_day"]).astype("int64"))  # squares need the room

    spells = islands(care.to_pandas(), ["child_key", "provider_key"])
    any_care = islands(spells.drop(columns="provider_key"), ["child_key"])
    here = within(islands(enrolment.to_pandas(), ["child_key", "school_key"]), period.to_pandas(), None)
    pupils = here.groupby(CHILD)["days"].sum().rename("enrolled_days")
    here = here.drop(columns="days")
    cared = within(here, any_care, "child_key").groupby(CHILD)["days"].sum().rename("care_days")
    given = within(here, spells, "child_key").groupby([*CHILD, "provider_key"])["days"].sum().reset_index()
    served = given.groupby(CHILD)["days"].agg(provider_days="sum", n_providers="count", main_days="max")
    children = pd.concat([pupils, cared, served], axis=1).reset_index()
    zero = ["care_days", "provider_days", "n_providers"]
    children[zero] = children[zero].fillna(0).astype("int64")
    place = ["period_key", "school_key"]
    parts = given.groupby([*place, "provider_key"])["days"].sum().reset_index().groupby(place)["days"]
    total = parts.sum()
    largest = pd.DataFrame(
        {"hhi": parts.agg(lambda days: (days**2).sum()) / total**2, "cr1": parts.max() / total}
    )
    schools = children.groupby(place).agg(
        pupils_ever=("child_key", "count"),
        pupil_days=("enrolled_days", "sum"),
        care_pupils=("care_days", lambda days: (days > 0).sum()),
        care_days=("care_days", "sum"),
        provider_days=("provider_days", "sum"),
    )
    return children, schools.join(largest).reset_index()


def in_sql(connection: duckdb.DuckDBPyConnection) -> None:
    """Every column, from the raw rows."""
    build(connection, shipped_models(), select="+metrics.school +metrics.child_school", full=True)


def timed(run: Callable[[], Any]) -> tuple[Any, float, float]:
    """What it gives, processor seconds and seconds of the clock."""
    began, clock = time.process_time(), time.perf_counter()
    made = run()
    return made, time.process_time() - began, time.perf_counter() - clock


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--children", type=int, default=60_000)
    children = parser.parse_args().children
    db = duckdb.connect(config={"threads": 2})
    fill(db, children)
    _, sql, sql_clock = timed(lambda: in_sql(db))
    print(f"sql, all columns from raw rows: {sql:.1f} s of processor, {sql_clock:.1f} s")
    care = db.execute("select child_key, provider_key, from_day, until_day from core.care").to_arrow_table()
    enrolment = db.execute(
        "select child_key, school_key, from_day, until_day from core.enrolment"
    ).to_arrow_table()
    period = db.execute("select period_key, from_day, until_day from core.period").to_arrow_table()
    for name, run in (("polars", in_polars), ("pandas", in_pandas)):
        (pupils, schools), seconds, clock = timed(lambda run=run: run(care, enrolment, period))
        print(f"{name}, days and providers only: {seconds:.1f} s of processor, {clock:.1f} s", end="; ")
        print(f"sql takes {sql / seconds:.2f} times as long; {differing(db, pupils, schools)} rows differ")


def differing(db: duckdb.DuckDBPyConnection, pupils: Any, schools: Any) -> int:
    """Rows of children and schools in which a peer and SQL do not agree."""
    db.register("pupils", pupils)
    db.register("schools", schools)
    query = """
    with child as (
        select period.period_key, child.child_key, school.school_key, made.*
        from metrics.child_school as made
        inner join core.period as period using (period)
        inner join core.child as child using (child_id)
        inner join core.school as school using (school_id)
    ),
    place as (
        select period.period_key, school.school_key, made.*
        from metrics.school as made
        inner join core.period as period using (period)
        inner join core.school as school using (school_id)
    )
    select
        (
            select count(*)
            from child
            full join pupils using (period_key, child_key, school_key)
            where (child.enrolled_days, child.care_days, child.provider_days, child.n_providers)
                is distinct from (
                    pupils.enrolled_days, pupils.care_days, pupils.provider_days, pupils.n_providers
                )
                or abs(child.upc_t - pupils.main_days / pupils.provider_days) > 1e-9
        )
        + (
            select count(*)
            from place
            full join schools using (period_key, school_key)
            where
                (place.pupils_ever, place.pupil_days, place.care_pupils, place.care_days, place.provider_days)
                is distinct from (
                    schools.pupils_ever, schools.pupil_days, schools.care_pupils, schools.care_days,
                    schools.provider_days
                )
                or abs(place.hhi - schools.hhi) > 1e-9
                or abs(place.cr1 - schools.cr1) > 1e-9
        )
    """
    row = db.execute(query).fetchone()
    db.unregister("pupils")
    db.unregister("schools")
    return int(row[0]) if row else -1


if __name__ == "__main__":
    main()
