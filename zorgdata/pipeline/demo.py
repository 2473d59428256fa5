"""The demo: a workspace whose inbox holds a synthetic region."""

import json
import shutil
from pathlib import Path

from zorgdata.errors import UsageError
from zorgdata.synth import SynthSummary, generate
from zorgdata.synth.calibration import FIRST_SCHOOL_YEAR, ScaleName
from zorgdata.workspace import SETTINGS_FILE, Workspace, create_workspace

_MARK = "demo.json"
_LEFT_OUT = 3


def prepare_demo(folder: Path, scale: ScaleName, seed: int) -> Workspace:
    """Make the demo workspace, or take up one that was made with the same scale and seed.

    The input is generated next to the inbox and moved in whole, so that a demo that was killed half-way goes
    on where it was. A folder that is something else is left alone.
    """
    root = folder.expanduser().absolute()
    wanted = {"scale": scale, "seed": seed}
    workspace = Workspace(root)
    mark = root / _MARK
    if workspace.exists:
        found = json.loads(mark.read_text(encoding="utf-8")) if mark.exists() else None
        if found != wanted:
            raise UsageError(
                f"{root} holds another workspace.",
                "Name another folder: zorgdata demo DIR, or remove this one.",
            )
    elif root.is_dir() and any(p.name not in _ours() for p in root.iterdir()):
        raise UsageError(f"{root} exists and is not empty.", "Name another folder: zorgdata demo DIR")
    else:
        root.mkdir(parents=True, exist_ok=True)
        mark.write_text(json.dumps(wanted), encoding="utf-8")
        workspace = create_workspace(root, "Voorbeeldregio")
    if not any(workspace.inbox.iterdir()):
        fresh, truth = root / ".synth", root / "truth"
        shutil.rmtree(fresh, ignore_errors=True)
        summary = generate(fresh, scale, seed, False)
        shutil.rmtree(truth, ignore_errors=True)
        summary.truth.rename(truth)
        _describe(workspace, summary, scale)
        summary.inbox.chmod(workspace.inbox.stat().st_mode)
        workspace.inbox.rmdir()
        summary.inbox.rename(workspace.inbox)
        fresh.rmdir()
    return workspace


def _describe(workspace: Workspace, summary: SynthSummary, scale: ScaleName) -> None:
    """Put the name and the municipalities of the synthetic region into the settings."""
    path = workspace.root / SETTINGS_FILE
    codes = ", ".join(f'"{code}"' for code in summary.municipalities)
    text = path.read_text(encoding="utf-8")
    names = ", ".join(f'"{code}" = "{name}"' for code, name in summary.municipality_names.items())
    wanted = '# municipality_names = { "9901" = "Voorbeeldstad" }'
    text = text.replace(wanted, f"municipality_names = {{ {names} }}", 1)
    text = text.replace("municipalities = []", f"municipalities = [{codes}]", 1)
    text = text.replace('name = "Voorbeeldregio"', f'name = "{summary.region_name}"', 1)
    # Pupils who enrolled long before the first delivered year are in the lists; years before it are not. The
    # small region shows its last years only: enough for a trend, and it is there to be quick.
    first = FIRST_SCHOOL_YEAR + (_LEFT_OUT if scale == "small" else 0)
    text = text.replace("# first_year = 2018", f"first_year = {first}", 1)
    path.write_text(text, encoding="utf-8")


def _ours() -> set[str]:
    """Names that a killed demo or init may have left before the workspace was complete."""
    from zorgdata.workspace import FOLDERS

    return {*FOLDERS, _MARK, ".gitignore", ".synth", "truth", ".zorgdata.toml.new"}
