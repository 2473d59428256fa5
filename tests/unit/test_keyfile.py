"""Key files are closed to others, and read with suspicion."""

import os
import stat
from pathlib import Path

import pytest

from zorgdata.errors import KeyFileError
from zorgdata.keyfile import read_key, tracked_by_git, write_key


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "database.key"
    write_key(path)
    return path


def test_a_new_key_is_random_and_only_for_its_owner(key: Path) -> None:
    other = key.with_name("other.key")
    write_key(other)
    assert len(read_key(key, "k")) == 32
    assert read_key(key, "k") != read_key(other, "k")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700


def test_a_key_is_never_overwritten(key: Path) -> None:
    before = key.read_bytes()
    with pytest.raises(KeyFileError, match="exists already"):
        write_key(key)
    assert key.read_bytes() == before


def test_a_missing_key_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="The database key is missing") as caught:
        read_key(tmp_path / "none.key", "database key")
    assert "Put the key file back" in caught.value.hint


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_open_to_others_is_refused(key: Path, mode: int) -> None:
    key.chmod(mode)
    with pytest.raises(KeyFileError, match="can be read by others"):
        read_key(key, "database key")


def test_a_link_is_not_followed(key: Path) -> None:
    link = key.with_name("link.key")
    link.symlink_to(key)
    with pytest.raises(KeyFileError, match="cannot be read"):
        read_key(link, "database key")


def test_a_folder_or_pipe_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "folder.key").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "pipe.key", 0o600)
    for name in ("folder.key", "pipe.key"):
        with pytest.raises(KeyFileError, match="not a regular file"):
            read_key(tmp_path / name, "database key")


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "ab" * 31, "ab" * 33, "é" * 64])
def test_anything_but_64_hex_digits_is_no_key(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.key"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="is no key") as caught:
        read_key(path, "database key")
    if content:
        assert content not in str(caught.value)


def test_a_key_in_a_git_work_tree_is_refused_unless_ignored(key: Path) -> None:
    (key.parents[1] / ".git").mkdir()
    assert tracked_by_git(key)
    with pytest.raises(KeyFileError, match="git work tree"):
        read_key(key, "database key")
    (key.parents[1] / ".gitignore").write_text("*\n")
    assert not tracked_by_git(key)
    assert len(read_key(key, "database key")) == 32


def test_umask_does_not_open_a_key(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_key(tmp_path / "keys" / "k.key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys" / "k.key").stat().st_mode) == 0o600
