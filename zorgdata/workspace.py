"""A workspace: one folder that holds settings, input, keys, databases and reports of one region."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from zorgdata.assets import asset
from zorgdata.errors import UsageError
from zorgdata.keyfile import read_key, write_key
from zorgdata.settings import Settings, load_settings

SETTINGS_FILE = "zorgdata.toml"
FOLDERS = ("inbox", "archive", "warehouse", "reports", "snapshots", "logs", "keys", "profiles", "pipelines")


@dataclass(frozen=True)
class Workspace:
    """Paths, settings and keys under ``root``. Nothing is opened before it is asked for."""

    root: Path

    @cached_property
    def settings(self) -> Settings:
        """The checked settings."""
        return load_settings(self.root / SETTINGS_FILE)

    @property
    def inbox(self) -> Path:
        """Where deliveries arrive."""
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        """Where originals go, encrypted, when the settings say so."""
        return self.root / "archive"

    @property
    def warehouse(self) -> Path:
        """The folder of the databases; the only one the engine may touch."""
        return self.root / "warehouse"

    @property
    def work_database(self) -> Path:
        """The encrypted database with one writer."""
        return self.warehouse / "work.duckdb"

    @property
    def published_database(self) -> Path:
        """The plain database with protected figures only."""
        return self.warehouse / "published.duckdb"

    @property
    def reports(self) -> Path:
        """Where reports appear."""
        return self.root / "reports"

    @property
    def logs(self) -> Path:
        """Run summaries and logs, without persons."""
        return self.root / "logs"

    @property
    def lock_file(self) -> Path:
        """Held by the one process that writes."""
        return self.warehouse / "run.lock"

    def key_path(self, name: str) -> Path:
        """Where the key ``name`` (pseudonym, database) is: the environment wins over the workspace."""
        return key_elsewhere(name) or self.root / "keys" / f"{name}.key"

    def key(self, name: str) -> bytes:
        """The 32 bytes of the key ``name``."""
        return read_key(self.key_path(name), f"{name} key")

    @property
    def exists(self) -> bool:
        """Whether ``root`` has been made a workspace."""
        return (self.root / SETTINGS_FILE).is_file()


def key_elsewhere(name: str) -> Path | None:
    """Where the environment says that the key ``name`` is, when it does."""
    given = os.environ.get(f"ZORGDATA_{name.upper()}_KEY_FILE")
    return Path(given) if given else None


def find_workspace(given: Path | None) -> Workspace:
    """The workspace given on the command line, in ``ZORGDATA_WORKSPACE``, or the current folder."""
    environment = os.environ.get("ZORGDATA_WORKSPACE")
    root = (given or (Path(environment) if environment else Path.cwd())).expanduser().absolute()
    workspace = Workspace(root)
    if not workspace.exists:
        raise UsageError(
            f"{root} is no zorgdata workspace: {SETTINGS_FILE} is not there.",
            f"Make one with: zorgdata init {root}   or name another with: zorgdata -C DIR ...",
        )
    return workspace


def create_workspace(root: Path, region: str = "Regio") -> Workspace:
    """Make ``root`` a workspace with a commented settings file and fresh keys.

    Refuses a folder that already is one: keys made anew would cut off what was stored with the old ones.
    """
    root = root.expanduser().absolute()
    workspace = Workspace(root)
    if workspace.exists:
        raise UsageError(f"{root} is a workspace already.", "Choose another folder; nothing was changed.")
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file, not a folder.", "Choose another folder.")
    if '"' in region or "\\" in region or not region.isprintable():
        raise UsageError("The name of the region holds a quote, a backslash or a control character.")
    root.mkdir(parents=True, exist_ok=True)
    for folder in FOLDERS:
        (root / folder).mkdir(exist_ok=True)
    (root / "keys").chmod(0o700)
    (root / "warehouse").chmod(0o700)
    # Deliveries name children; a group may be let in to deliver them, others never.
    (root / "inbox").chmod(0o770 & (root / "inbox").stat().st_mode)
    # Deliveries and keys must never end up in version control, wherever the workspace stands.
    (root / ".gitignore").write_text("*\n", encoding="utf-8")
    for name in ("pseudonym", "database"):
        path = workspace.key_path(name)
        if not path.exists():
            write_key(path)
    text = asset("templates", "zorgdata.toml").read_text(encoding="utf-8").replace("{{ name }}", region)
    # The settings file comes last: a folder is a workspace only when everything else is there.
    temporary = root / f".{SETTINGS_FILE}.new"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(root / SETTINGS_FILE)
    return workspace
