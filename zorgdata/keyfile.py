"""Key files: 32 random bytes in hex, readable by their owner only.

A key decides whether figures can be led back to children, so it is read with suspicion: no symbolic link,
a regular file, no rights for group or others, and not where a version control system would pick it up.
"""

import os
import secrets
import stat
from pathlib import Path

from zorgdata.errors import KeyFileError

KEY_BYTES = 32


def write_key(path: Path) -> None:
    """Write a fresh random key to ``path`` (mode 0600); an existing file is never overwritten."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        raise KeyFileError(
            f"{path} exists already.", "A key is never overwritten: data made with it would be lost."
        ) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_key(path: Path, purpose: str) -> bytes:
    """The 32 bytes of the key in ``path``; ``purpose`` names it in messages ("database key").

    Raises KeyFileError when the file is missing, a link, open to others, inside a git work tree that does
    not ignore it, or not 64 hex digits.
    """
    try:
        # A pipe in place of a key would hold us up without O_NONBLOCK.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyFileError(
            f"The {purpose} is missing: {path}.",
            "Put the key file back, or point the environment variable for it to where it is. "
            "Without it the data cannot be read; there is no way around.",
        ) from None
    except OSError as error:
        raise KeyFileError(f"The {purpose} cannot be read: {path}: {error.strerror}.") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise KeyFileError(f"The {purpose} is not a regular file: {path}.")
        if status.st_mode & 0o077:
            raise KeyFileError(f"The {purpose} can be read by others: {path}.", f"Run: chmod 600 {path}")
        content = os.read(descriptor, 1024).strip()
    finally:
        os.close(descriptor)
    if tracked_by_git(path):
        raise KeyFileError(
            f"The {purpose} stands in a git work tree that does not ignore it: {path}.",
            "Move it out of the repository, or add it to .gitignore.",
        )
    try:
        key = bytes.fromhex(content.decode("ascii"))
    except (UnicodeDecodeError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError(
            f"The {purpose} is no key: {path}.", f"Expected {2 * KEY_BYTES} hexadecimal digits on one line."
        )
    return key


def tracked_by_git(path: Path) -> bool:
    """Whether a git work tree holds ``path`` and no ``.gitignore`` with ``*`` stands in between."""
    for folder in path.resolve().parents:
        ignore = folder / ".gitignore"
        if ignore.is_file() and "*" in ignore.read_text(encoding="utf-8", errors="replace").split():
            return False
        if (folder / ".git").exists():
            return True
    return False
