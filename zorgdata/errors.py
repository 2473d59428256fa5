"""Errors a user can act on, and the exit codes scripts rely on.

Every mistake of a user ends as one ``ZorgdataError``: what is wrong, where, and what to do. The command
line prints it without a traceback and leaves with ``exit_code``. Anything else that escapes is a defect.
No message may hold a value of an identifying field; ``where`` is a file, line and column, never a content.
"""

from enum import IntEnum

_UNPRINTABLE = dict.fromkeys(
    [*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd"
)


def printable(text: str) -> str:
    """Text that no terminal obeys: the name of a file or column may hold escape sequences."""
    return text.translate(_UNPRINTABLE)


class ExitCode(IntEnum):
    """Exit codes of the contract; names and numbers do not change."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    SOURCE = 3
    QUARANTINE = 4
    CHECK = 5
    DISCLOSURE = 6
    LOCKED = 75
    INTERRUPTED = 130


class ZorgdataError(Exception):
    """A mistake with a message for the user, a hint what to do, and an exit code."""

    exit_code: ExitCode = ExitCode.UNEXPECTED

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = printable(message)
        self.hint = printable(hint)
        super().__init__(self.message)


class UsageError(ZorgdataError):
    """Wrong arguments, settings or SQL."""

    exit_code = ExitCode.USAGE


class SourceError(ZorgdataError):
    """A file that cannot be read or breaks its contract as a whole."""

    exit_code = ExitCode.SOURCE


class QuarantineError(ZorgdataError):
    """More records were set aside than the settings allow."""

    exit_code = ExitCode.QUARANTINE


class CheckError(ZorgdataError):
    """A data-quality check with severity error failed."""

    exit_code = ExitCode.CHECK


class DisclosureError(ZorgdataError):
    """The disclosure gate refused a publication."""

    exit_code = ExitCode.DISCLOSURE


class LockedError(ZorgdataError):
    """Another run holds the workspace."""

    exit_code = ExitCode.LOCKED


class KeyFileError(ZorgdataError):
    """A key is missing, wrong, or readable by others."""

    exit_code = ExitCode.USAGE


class ModelError(ZorgdataError):
    """An SQL model failed or is malformed."""

    exit_code = ExitCode.UNEXPECTED
