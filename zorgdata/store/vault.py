"""Encrypted files: archived originals and backups.

AES-256-GCM in chunks of 1 MB, each with its number and a mark for the last one in the authenticated data, so
that chunks can be neither swapped, left out nor cut off. The key comes from the database key per purpose.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zorgdata.errors import KeyFileError, SourceError

_MAGIC = b"zorgdata-vault-1\n"
_CHUNK = 1 << 20
_PREFIX = 7
_TAG = 16


def seal(source: Path, target: Path, key: bytes, purpose: str) -> None:
    """Encrypt ``source`` into ``target`` (mode 0600, whole or not at all)."""
    with source.open("rb") as file:
        _seal(_chunks(file), target, key, purpose)


def reseal(path: Path, old: bytes, new: bytes, purpose: str) -> None:
    """Encrypt a sealed file with another key, in its place; the content is never on disk in the clear."""
    _seal(_marked(opened(path, old, purpose)), path, new, purpose)


def _seal(chunks: Iterable[tuple[bytes, bool]], target: Path, key: bytes, purpose: str) -> None:
    cipher = AESGCM(_derive(key, purpose))
    prefix = os.urandom(_PREFIX)
    fresh = target.with_name(f".new-{target.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(_MAGIC + prefix)
            for number, (chunk, last) in enumerate(chunks):
                out.write(cipher.encrypt(_nonce(prefix, number, last), chunk, _MAGIC))
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def unseal(source: Path, target: Path, key: bytes, purpose: str) -> None:
    """Decrypt ``source`` into ``target`` (mode 0600); a changed or cut file is refused and leaves nothing."""
    fresh = target.with_name(f".new-{target.name}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            for chunk in opened(source, key, purpose):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def opened(source: Path, key: bytes, purpose: str) -> Iterator[bytes]:
    """The decrypted chunks of a sealed file."""
    cipher = AESGCM(_derive(key, purpose))
    with source.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise SourceError(f"{source} is no sealed zorgdata file.")
        prefix = file.read(_PREFIX)
        for number, (chunk, last) in enumerate(_chunks(file, _CHUNK + _TAG)):
            try:
                yield cipher.decrypt(_nonce(prefix, number, last), chunk, _MAGIC)
            except InvalidTag:
                raise KeyFileError(
                    f"{source} was changed, cut off, or sealed with another key.", "Use the copy you trust."
                ) from None


def _chunks(file: BinaryIO, size: int = _CHUNK) -> Iterator[tuple[bytes, bool]]:
    """Chunks with a mark for the last one; an empty file is one empty chunk."""
    return _marked(iter(lambda: file.read(size), b""))


def _marked(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    waiting = iter(chunks)
    chunk = next(waiting, b"")
    for following in waiting:
        yield chunk, False
        chunk = following
    yield chunk, True


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _derive(key: bytes, purpose: str) -> bytes:
    info = f"zorgdata/vault/{purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(key)
