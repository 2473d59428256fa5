"""The program leaves pandas alone, whoever asks for it; what needs pandas still gets it."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

needs_pandas = pytest.mark.skipif(find_spec("pandas") is None, reason="pandas is not installed")
ASK = """
import altair, duckdb, polars, pyarrow
duckdb.connect().execute("select ?", ["a"])
pyarrow.array(["a", None])
polars.DataFrame({"a": [1]}).to_arrow()
"""
SPARE = "from zorgdata.spare import allow_pandas, spare_pandas\nspare_pandas()\n"


def loads_pandas(code: str) -> bool:
    """Whether a fresh process has pandas after ``code``."""
    told = f"import sys\n{code}\nprint('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return done.stdout.split()[-1] == "True"


@needs_pandas
def test_a_bound_value_and_a_list_do_not_import_it() -> None:
    assert loads_pandas(ASK)  # else there is nothing to guard against
    assert not loads_pandas(SPARE + ASK)


@needs_pandas
def test_who_needs_it_gets_it_also_after_others_went_without() -> None:
    assert loads_pandas(
        f"{SPARE}{ASK}allow_pandas()\nimport pandas\n"
        "frame = duckdb.connect().execute('select ? as a', ['x']).df()\n"
        "assert list(frame.a) == ['x']\n"
        "assert pyarrow.table({'a': [1]}).to_pandas().a.sum() == 1"
    )
