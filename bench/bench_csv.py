"""Compares zorgdata's reader of delimited text with general ones: time on a clean file, losses on dirty ones.

    python bench/bench_csv.py [RECORDS]

Every reader gets the same file. zorgdata types and judges every value and knows every line; the others read
as they do by default (types detected, whole file in memory). A record is lost when its number does not come
out.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

HEADER = (
    "gemeentecode;bsn;geboortedatum;geslacht;postcode;aanbieder_agb;toewijzingnummer;productcategorie;productcode;"
    "toewijzingsdatum;toewijzingstijd;ingangsdatum;einddatum;reden_wijziging;volume;eenheid;frequentie;verwijzer"
)
NUMBER = HEADER.split(";").index("toewijzingnummer")
Reader = Callable[[Path], set[str]]


def records(count: int) -> list[str]:
    """Made-up indications with numbers 1, 2, 3 …"""
    random = Random(1)

    def day(first: int) -> str:
        return f"{first + random.randrange(6)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"

    return [
        f"99{random.randrange(14):02};{random.randrange(10**8, 10**9)};{day(2005)};{random.randrange(3)};"
        f"{random.randrange(1000, 9999)}AB;4199{random.randrange(300):04};{number};45;"
        f"45A{random.randrange(99):02};{day(2018)};09:{random.randrange(60):02}:00;{day(2018)};"
        f"{day(2024) if number % 5 else ''};;"
        f"{random.randrange(1, 900)};04;{random.randrange(1, 3)};01"
        for number in range(1, count + 1)
    ]


def zorgdata_reader(path: Path) -> set[str]:
    from zorgdata.sources import read

    found: set[str] = set()
    for chunk in read(path).chunks():
        found.update(chunk.records.column("allocation_number").to_pylist() if SETS else [])
    return found


def duckdb_reader(path: Path) -> set[str]:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("create table t as select * from read_csv(?)", [str(path)])
        rows = connection.execute("select toewijzingnummer from t").fetchall() if SETS else []
    return {str(row[0]) for row in rows}


def duckdb_tolerant(path: Path) -> set[str]:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(
            "create table t as select * from read_csv(?, ignore_errors = true, strict_mode = false)",
            [str(path)],
        )
        rows = connection.execute("select toewijzingnummer from t").fetchall() if SETS else []
    return {str(row[0]) for row in rows}


def polars_reader(path: Path) -> set[str]:
    import polars

    table = polars.read_csv(path, separator=";", try_parse_dates=True)
    return set(map(str, table["toewijzingnummer"].to_list())) if SETS else set()


def pyarrow_reader(path: Path) -> set[str]:
    from pyarrow import csv

    table = csv.read_csv(path, parse_options=csv.ParseOptions(delimiter=";"))
    return set(map(str, table["toewijzingnummer"].to_pylist())) if SETS else set()


def pandas_reader(path: Path) -> set[str]:
    import pandas

    table = pandas.read_csv(path, sep=";")
    return set(map(str, table["toewijzingnummer"])) if SETS else set()


READERS: dict[str, Reader] = {
    "zorgdata": zorgdata_reader,
    "duckdb": duckdb_reader,
    "duckdb, tolerant": duckdb_tolerant,
    "polars": polars_reader,
    "pyarrow": pyarrow_reader,
    "pandas": pandas_reader,
}
SETS = False


def quoted(row: str) -> str:
    """The row with its product code between quotes, as exports write text."""
    cells = row.split(";")
    return ";".join([*cells[:8], f'"{cells[8]}"', *cells[9:]])


def spoil(rows: list[str], at: int, how: Callable[[list[str]], list[str]]) -> bytes:
    """The rows as a file in which one record is broken."""
    cells = how(rows[at].split(";"))
    return "\n".join([HEADER, *rows[:at], ";".join(cells), *rows[at + 1 :], ""]).encode("latin-1")


DEFECTS: dict[str, Callable[[list[str]], list[str]]] = {
    "unclosed quote": lambda c: [*c[:8], c[8].rstrip('"'), *c[9:]],
    "a cell too many": lambda c: [*c, "x"],
    "cells too few": lambda c: c[:10],
    "impossible date": lambda c: [*c[:11], "2027-06-31", *c[12:]],
    "byte of windows-1252": lambda c: [*c[:8], "caf\xe9", *c[9:]],
    "NUL byte": lambda c: [*c[:8], "a\0b", *c[9:]],
    "text in a number": lambda c: [*c[:14], "veel", *c[15:]],
}


def clean(path: Path, count: int) -> None:
    """Seconds of wall clock and of processor, the best of three."""
    print(f"clean file: {count:,} records, {path.stat().st_size / 1e6:.0f} MB, {os.cpu_count()} processors")
    for name, reader in READERS.items():
        if "tolerant" in name:
            continue
        best = (float("inf"), float("inf"))
        try:
            for _ in range(3):
                wall, processor = time.perf_counter(), time.process_time()
                reader(path)
                best = min(best, (time.perf_counter() - wall, time.process_time() - processor))
        except ImportError:
            print(f"  {name:<18} not installed")
            continue
        speed = count / best[0] / 1e6
        print(f"  {name:<18} {best[0]:6.2f} s   processor {best[1]:6.2f} s   {speed:5.2f} M records/s")


def dirty(folder: Path, rows: list[str]) -> None:
    """What one broken record among many costs each reader."""
    whole = {row.split(";")[NUMBER] for row in rows}
    at = len(rows) // 2
    broken = rows[at].split(";")[NUMBER]
    print(f"\none broken record among {len(rows):,}: good records that are lost")
    for defect, how in DEFECTS.items():
        path = folder / "indicaties.csv"
        path.write_bytes(spoil(rows, at, how))
        print(f"  {defect}")
        for name, reader in READERS.items():
            try:
                found = reader(path)
            except ImportError:
                continue
            except Exception as error:
                print(f"    {name:<18} all: refuses the file ({type(error).__name__})")
                continue
            lost = len((whole - {broken}) - found)
            fate = "comes out" if broken in found else "is left out"
            print(f"    {name:<18} {lost:6,}   the broken one {fate}")


def together(folder: Path, rows: list[str]) -> None:
    """What a file with every defect once costs each reader."""
    spoilt = [row.split(";") for row in rows]
    places = range(len(rows) // 8, len(rows), len(rows) // 8)
    broken = {spoilt[at][NUMBER] for at, _ in zip(places, DEFECTS, strict=False)}
    for at, how in zip(places, DEFECTS.values(), strict=False):
        spoilt[at] = how(spoilt[at])
    path = folder / "indicaties.csv"
    path.write_bytes("\n".join([HEADER, *map(";".join, spoilt), ""]).encode("latin-1"))
    whole = {row.split(";")[NUMBER] for row in rows} - broken
    print(f"\nall {len(DEFECTS)} defects in one file of {len(rows):,} records: good records that are lost")
    for name, reader in READERS.items():
        try:
            found = reader(path)
        except ImportError:
            continue
        except Exception as error:
            print(f"  {name:<18} all {len(whole):,}: refuses the file ({type(error).__name__})")
            continue
        print(f"  {name:<18} {len(whole - found):,}   of the broken ones {len(broken & found)} come out")


def main() -> None:
    """All comparisons on files in a temporary folder."""
    global SETS  # noqa: PLW0603
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    rows = records(count)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "indicaties.csv"
        path.write_text("\n".join([HEADER, *rows, ""]))
        clean(path, count)
        SETS = True
        dirty(Path(name), [quoted(row) for row in rows[:1_000]])
        together(Path(name), [quoted(row) for row in rows[:1_000]])


if __name__ == "__main__":
    main()
