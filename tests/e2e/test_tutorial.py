"""What the tutorial shows is what happens."""

from pathlib import Path

from tests.support.console import ROOT, replay

TUTORIAL = ROOT / "docs" / "tutorial.md"


def test_the_tutorial_shows_what_its_commands_print(tmp_path: Path) -> None:
    """Write it again with ``python -m tests.support.console docs/tutorial.md``."""
    page = TUTORIAL.read_text(encoding="utf-8")
    assert replay(page, tmp_path) == page
    assert page.count("\n$ zorgdata ") >= 6
