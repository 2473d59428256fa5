"""Runs in a process of its own, with limits on memory and time: a workbook into Arrow on stdout.

The stream is one record batch per sheet, all cells text, described in its schema's metadata.
Nothing is written anywhere else; what the parser says about a broken file may quote it and is dropped.
"""

import contextlib
import json
import sys

MEMORY = 4 << 30
SECONDS = 300


def _limit() -> None:
    """Bound memory and processor time where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str) -> int:
    """Write every sheet of the workbook; 0 when all went well."""
    _limit()
    import fastexcel
    import pyarrow as pa

    try:
        book = fastexcel.read_excel(path)
        for name in book.sheet_names:
            sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            batch, errors = sheet.to_arrow_with_errors()
            faults = [list(error.offset_position) for error in errors.errors] if errors else []
            about = {"name": name, "visible": sheet.visible == "visible", "errors": faults}
            fields = [pa.field(str(i), pa.string()) for i in range(batch.num_columns)]
            schema = pa.schema(fields, metadata={"sheet": json.dumps(about)})
            columns = [batch.column(i).cast(pa.string()) for i in range(batch.num_columns)]
            with pa.ipc.new_stream(sys.stdout.buffer, schema) as stream:
                if batch.num_columns:
                    stream.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
        sys.stdout.buffer.flush()
    except MemoryError:
        return 3
    except Exception:
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
