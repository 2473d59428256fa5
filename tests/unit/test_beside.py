"""A file appears whole or not at all."""

import os
from pathlib import Path

import pytest

from zorgdata.pipeline.beside import write_beside


def test_it_makes_folders_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    write_beside(path, b"een")
    write_beside(path, b"twee")
    assert path.read_bytes() == b"twee"
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.txt"
    write_beside(path, b"een")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_beside(path, b"twee")
    assert path.read_bytes() == b"een"
    assert list(tmp_path.iterdir()) == [path]
