"""Sealed files: what comes out is what went in, and nothing that was touched comes out."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zorgdata.errors import KeyFileError, SourceError
from zorgdata.store import vault

KEY = bytes(range(32))
MB = 1 << 20


@pytest.mark.parametrize("size", [0, 1, MB - 1, MB, MB + 1, 3 * MB, 3 * MB + 5])
def test_sizes_around_the_chunk_come_back(tmp_path: Path, size: int) -> None:
    plain, sealed, back = tmp_path / "plain", tmp_path / "sealed", tmp_path / "back"
    plain.write_bytes(bytes(i % 251 for i in range(1000)) * (size // 1000 + 1))
    plain.write_bytes(plain.read_bytes()[:size])
    vault.seal(plain, sealed, KEY, "archive")
    vault.unseal(sealed, back, KEY, "archive")
    assert back.read_bytes() == plain.read_bytes()
    assert sealed.stat().st_mode & 0o077 == 0


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, 5000), bit=st.integers(0, 7))
def test_a_flipped_bit_is_noticed(tmp_path_factory: pytest.TempPathFactory, position: int, bit: int) -> None:
    folder = tmp_path_factory.mktemp("vault")
    plain, sealed, back = folder / "plain", folder / "sealed", folder / "back"
    plain.write_bytes(b"leerling;" * 300)
    vault.seal(plain, sealed, KEY, "archive")
    content = bytearray(sealed.read_bytes())
    content[position % len(content)] ^= 1 << bit
    sealed.write_bytes(bytes(content))
    with pytest.raises((KeyFileError, SourceError)):
        vault.unseal(sealed, back, KEY, "archive")
    assert sorted(p.name for p in folder.iterdir()) == ["plain", "sealed"]


@pytest.mark.parametrize("keep", [0.3, 0.5, 0.9])
def test_a_cut_file_is_noticed_also_at_a_chunk_border(tmp_path: Path, keep: float) -> None:
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    plain.write_bytes(b"x" * (3 * MB))
    vault.seal(plain, sealed, KEY, "archive")
    content = sealed.read_bytes()
    head = len(content) - 3 * (MB + 16)
    for length in (int(len(content) * keep), head + MB + 16, head + 2 * (MB + 16)):
        sealed.write_bytes(content[:length])
        with pytest.raises(KeyFileError):
            vault.unseal(sealed, tmp_path / "back", KEY, "archive")


def test_another_key_or_purpose_opens_nothing(tmp_path: Path) -> None:
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    plain.write_bytes(b"x")
    vault.seal(plain, sealed, KEY, "archive")
    for key, purpose in ((bytes(32), "archive"), (KEY, "backup")):
        with pytest.raises(KeyFileError):
            vault.unseal(sealed, tmp_path / "back", key, purpose)
