"""The generated pages are what the program says today, and no command is without a page."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    "demo, synth, init, ingest, profile suggest, profile list, profile check, quarantine list, "
    "quarantine show, quarantine replay, build, check, metrics, protect, report, export, "
    "snapshot create, snapshot list, "
    "snapshot diff, snapshot verify, run, status, history, doctor, query, lineage, docs, forget, purge, "
    "keys check, backup, restore"
)


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_command_reference_is_up_to_date(generate: ModuleType) -> None:
    assert generate.CLI.read_text(encoding="utf-8") == generate.cli_reference(), (
        "run: python docs/generate.py"
    )


def test_every_command_of_the_contract_is_documented(generate: ModuleType) -> None:
    text = generate.CLI.read_text(encoding="utf-8")
    for name in COMMANDS.split(", "):
        assert f"\n## zorgdata {name}\n" in text, name


def test_links_in_the_docs_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} -> {target}"
