"""The access log: who looked at unprotected figures, when, and with what question.

``logs/access.jsonl``, one line per access: time, number of the system user, what was asked. A number that
could be a BSN and a pseudonym are masked, in case somebody typed one into a query.
"""

import json
import os
import re
from datetime import UTC, datetime

from zorgdata.errors import UsageError
from zorgdata.workspace import Workspace

FILE = "access.jsonl"
_MASKED = re.compile(r"(?<!\d)\d{8,9}(?!\d)|\b[0-9a-f]{32}\b")


def note_access(workspace: Workspace, what: str) -> None:
    """Add a line; raises UsageError when it cannot be written, because unseen access is not allowed."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "user": os.getuid(),
        "what": " ".join(_MASKED.sub("#", what).split()),
    }
    path = workspace.logs / FILE
    try:
        path.parent.mkdir(exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise UsageError(
            f"The access log {path} cannot be written: {error.strerror}.",
            "Unprotected figures are shown only when that can be noted.",
        ) from None
