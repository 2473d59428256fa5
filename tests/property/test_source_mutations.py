"""Sample files with bytes changed, dropped or added: read or refused, never anything else."""

from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zorgdata.assets import asset
from zorgdata.errors import SourceError
from zorgdata.sources import excel, excel_child, read

FOLDER = asset("sample_data")
TEXTS = sorted(p for p in FOLDER.glob("*/*") if p.suffix in (".csv", ".xml") and p.stat().st_size)
SETTINGS = settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

change = st.tuples(
    st.integers(0, 4_000),
    st.integers(0, 3),
    st.one_of(st.binary(max_size=3), st.sampled_from([b'"', b"\r", b"<", b"\xff"])),
)


def mutate(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, drop, new in changes:
        at = place % (len(content) + 1)
        content = content[:at] + new + content[at + drop :]
    return content


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.name)
@SETTINGS
@given(changes=st.lists(change, min_size=1, max_size=5))
def test_mutated_text_is_read_or_refused(
    tmp_path: Path, path: Path, changes: list[tuple[int, int, bytes]]
) -> None:
    mutated = tmp_path / path.name
    mutated.write_bytes(mutate(path.read_bytes(), changes))
    try:
        for chunk in read(mutated).chunks():
            assert chunk.read == chunk.records.num_rows + len(chunk.rejects) + chunk.blank
    except SourceError as error:
        refusal = error.message + error.hint
    else:
        return
    assert "626018158" not in refusal
    assert "999900006" not in refusal


class _SameProcess:
    """The child's work without a process each time; its exit code is all that comes out on failure."""

    def __init__(self, command: list[str], **_: object) -> None:
        import io
        import sys

        class Out:
            buffer = io.BytesIO()

        Out.buffer = io.BytesIO()
        with patch.object(sys, "stdout", Out), patch.object(excel_child, "_limit"):
            self.returncode = excel_child.main(command[-1])
        self.stdout = io.BytesIO(Out.buffer.getvalue())

    def __enter__(self) -> "_SameProcess":
        return self

    def __exit__(self, *_: object) -> None:
        return


@SETTINGS
@given(
    changes=st.lists(
        st.tuples(st.integers(0, 7_000), st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=5
    )
)
def test_mutated_workbooks_are_read_or_refused(tmp_path: Path, changes: list[tuple[int, int, bytes]]) -> None:
    mutated = tmp_path / "vervoer.xlsx"
    mutated.write_bytes(mutate((FOLDER / "standards/vervoer.xlsx").read_bytes(), changes))
    with patch.object(excel.subprocess, "Popen", _SameProcess):
        try:
            for chunk in read(mutated).chunks():
                assert chunk.read == chunk.records.num_rows + len(chunk.rejects) + chunk.blank
        except SourceError as error:
            refusal = error.hint
        else:
            return
    assert refusal
