"""What checks found in earlier runs: is it new, is it growing, since when."""

import duckdb
import pyarrow as pa

from zorgdata.checks.definition import load_checks


def history(connection: duckdb.DuckDBPyConnection, select: str = "", runs: int = 10) -> pa.Table:
    """The outcomes of the last ``runs`` moments of each check that ``select`` means, newest first.

    Columns: check, checked_at (UTC), run_id, status, offending, total, threshold; ``change`` is offending
    minus that of the moment before, null where there is none or either could not look.
    """
    names = [check.name for check in load_checks().select(select)]
    return connection.execute(
        """
        with
            found as (
                select
                    check_name,
                    checked_at,
                    run_id,
                    status,
                    offending,
                    total,
                    threshold,
                    offending - lag(offending) over (partition by check_name order by checked_at) as change,
                    row_number() over (partition by check_name order by checked_at desc) as age,
                from meta.check_result
                where check_name in (select unnest(?))
            )

        select check_name as check, checked_at, run_id, status, offending, total, threshold, change
        from found
        where age <= ?
        order by check_name, checked_at desc
        """,
        [names, runs],
    ).to_arrow_table()
