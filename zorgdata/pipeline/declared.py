"""Pipelines as they are declared in ``pipelines/*.toml`` and in the workspace's own ``pipelines/``."""

import difflib
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from zorgdata.assets import asset
from zorgdata.errors import UsageError
from zorgdata.settings import Audience, ReportKind
from zorgdata.workspace import Workspace


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceFolder(_Declared):
    """A folder of deliveries in the workspace; what is left empty is recognised from the files."""

    path: str
    pattern: str = ""
    kind: str = ""
    profile: str = ""
    municipality: str = ""


class BuildStep(_Declared):
    """Which SQL models are built."""

    select: str = ""


class CheckStep(_Declared):
    """The severity of a failed check that stops the publication."""

    gate: str = "error"


class PublishStep(_Declared):
    """For whom, which reports, and whether the publication is kept as a snapshot."""

    audiences: tuple[Audience, ...] = ()
    reports: tuple[ReportKind, ...] = ("snapshot",)
    snapshot: bool = False


class Pipeline(_Declared):
    """One declared pipeline; the steps run in the fixed order of the architecture."""

    description: str = ""
    source: tuple[SourceFolder, ...] = ()
    build: BuildStep = BuildStep()
    check: CheckStep = CheckStep()
    publish: PublishStep = PublishStep()

    @property
    def fingerprint(self) -> str:
        """What it does, without how it is described: two pipelines that do the same publish the same."""
        return self.model_dump_json(exclude={"description"})


def load_pipeline(workspace: Workspace, name: str) -> Pipeline:
    """The pipeline ``name``: the workspace's own first, then the shipped ones."""
    folders = (workspace.root / "pipelines", asset("pipelines"))
    for folder in folders:
        path = folder / f"{name}.toml"
        if path.is_file():
            return _read(path)
    known = sorted({p.stem for folder in folders if folder.is_dir() for p in folder.glob("*.toml")})
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(known)}."
    raise UsageError(f"There is no pipeline '{name}'.", hint)


def _read(path: Path) -> Pipeline:
    try:
        return Pipeline.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: no valid TOML: {error}", "Mend the line named above.") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"{path}: key '{key}': {first['msg'][0].lower()}{first['msg'][1:]}.", "See docs/pipelines.md."
        ) from None
