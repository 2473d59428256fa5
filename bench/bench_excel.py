"""How fast a workbook is read, and how much of that is the library that takes the file apart.

    python bench/bench_excel.py [RECORDS]

The workbook holds the records of ``bench_csv.py``: 18 columns, all text. zorgdata reads in a process of its
own with limits, looks for formulas without a value, types and judges every cell.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench_csv import HEADER, records


def main() -> None:
    """Seconds and records a second, the best of two."""
    import fastexcel
    import xlsxwriter

    from zorgdata.sources import read

    def library(path: Path) -> int:
        sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
        return int(sheet.to_arrow_with_errors()[0].num_rows) - 1

    def ours(path: Path) -> int:
        return sum(chunk.records.num_rows for chunk in read(path).chunks())

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 150_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "indicaties.xlsx"
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for i, row in enumerate([HEADER, *records(count)]):
                sheet.write_row(i, 0, row.split(";"))
        print(f"{count:,} records of 18 cells, {path.stat().st_size / 1e6:.0f} MB")
        for name, reader in (("fastexcel alone", library), ("zorgdata", ours)):
            best = float("inf")
            for _ in range(2):
                start = time.perf_counter()
                assert reader(path) == count
                best = min(best, time.perf_counter() - start)
            print(f"  {name:<16} {best:6.2f} s   {count / best:9,.0f} records/s")


if __name__ == "__main__":
    main()
