"""What a run of the generator reports."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class SynthSummary:
    """Where the files are and what is in them; counts are records, not children.

    ``inbox`` holds what municipalities, schools and others deliver; ``truth`` what a test may know.
    ``municipalities`` are the codes of the region itself (for ``zorgdata.toml``).
    """

    inbox: Path
    truth: Path
    scale: str
    seed: int
    dirty: bool
    region_name: str
    municipalities: tuple[str, ...]
    files: dict[str, int] = field(default_factory=dict)
    children: int = 0
    schools: int = 0
    indications: int = 0
    municipality_names: dict[str, str] = field(default_factory=dict)
