"""What the machine lacks is told as that; everything else is left to whoever knows it."""

import errno
import os

import duckdb
import pytest

from zorgdata.errors import ExitCode
from zorgdata.store.trouble import trouble


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "disk is full"),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), "disk is full"),
        (PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/a/b"), "/a/b: Permission denied"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "/a"), "/a: Read-only file system"),
        (duckdb.IOException("Could not write file 'x': No space left on device"), "disk is full"),
        (duckdb.FatalException("Failed to commit: File too large"), "grew too large"),
        (duckdb.OutOfMemoryException("failed to allocate data of size 1.0 GiB"), "too little memory"),
        (duckdb.OutOfMemoryException("failed to offload: 'max_temp_directory_size'"), "disk is full"),
        (MemoryError(), "too little memory"),
    ],
)
def test_trouble_of_the_machine_has_a_remedy(error: Exception, told: str) -> None:
    found = trouble(error)
    assert found is not None
    assert told in found.message
    assert found.hint
    assert found.exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    "error", [FileNotFoundError(errno.ENOENT, "x"), ValueError("No space left"), duckdb.BinderException("x")]
)
def test_a_defect_stays_a_defect(error: Exception) -> None:
    assert trouble(error) is None
