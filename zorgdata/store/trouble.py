"""Trouble of the machine, told as what it is: a full disk, missing rights, too little memory.

It may come up anywhere, from the operating system as well as from DuckDB, and is nobody's defect.
"""

import errno

import duckdb

from zorgdata.errors import UsageError

_FULL = ("The disk is full.", "Make room and run again; what was published last still stands.")
_MEMORY = (
    "There is too little memory.",
    "Raise [resources] memory_gb in zorgdata.toml, or lower threads; what was published last still stands.",
)
_SAY_FULL = ("no space left", "disk quota exceeded", "max_temp_directory_size")
_CODES = {
    errno.EACCES: "Check the owner and the rights.",
    errno.EPERM: "Check the owner and the rights.",
    errno.EROFS: "The disk can only be read; check how it is mounted.",
    errno.EFBIG: "A file may not grow that large here; raise the limit (ulimit -f).",
    errno.EIO: "The disk or the network share fails; look in the log of the system.",
    errno.ESTALE: "The network share was lost; mount it again.",
    errno.EMFILE: "Raise the limit of open files (ulimit -n).",
    errno.ENFILE: "Raise the limit of open files (ulimit -n).",
}


def trouble(error: BaseException) -> UsageError | None:
    """What a user can do about ``error``; None when it is no trouble of the machine.

    DuckDB's own words are read but never passed on: they may quote a value or a key.
    """
    if isinstance(error, MemoryError | duckdb.Error):
        text = str(error).lower()
        # DuckDB runs out of memory as well when the folder it spills to has no room left.
        if any(words in text for words in _SAY_FULL):
            return UsageError(*_FULL)
        if "file too large" in text:
            return UsageError("A file grew too large.", _CODES[errno.EFBIG])
        return UsageError(*_MEMORY) if isinstance(error, MemoryError | duckdb.OutOfMemoryException) else None
    if not isinstance(error, OSError):
        return None
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return UsageError(*_FULL)
    if error.errno in _CODES:
        place = f"{error.filename}: " if error.filename else ""
        return UsageError(f"{place}{error.strerror}.", _CODES[error.errno])
    return None
