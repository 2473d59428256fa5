"""A workspace with one small town: enough pupils that something may be shown, few enough for seconds."""

from pathlib import Path

import numpy as np

from tests.support.workspaces import INDICATIONS, write_lines
from zorgdata.synth.identifiers import bsn
from zorgdata.workspace import SETTINGS_FILE, Workspace, create_workspace

PUPILS = (
    "brin;vestiging;bsn;geboortedatum;geslacht;postcode;schoolsoort;leerjaar;"
    "datum_inschrijving;datum_uitschrijving"
)
SCHOOLS = "brin;vestiging;naam;schoolsoort;gemeentecode;postcode;bevoegd_gezag;samenwerkingsverband"


def bsn_of(number: int) -> str:
    """The BSN of a child of the town."""
    return f"{int(bsn(np.array([number]))[0]):09}"


def make_town(folder: Path, pupils: int = 80, with_care: int = 30) -> Workspace:
    """One year, two schools in one municipality; every other pupil at each."""
    workspace = create_workspace(folder, "Regio Test")
    settings = workspace.root / SETTINGS_FILE
    text = settings.read_text(encoding="utf-8")
    text = text.replace("municipalities = []", 'municipalities = ["9901"]', 1)
    text = text.replace("# first_year = 2018", "first_year = 2023", 1)
    text = text.replace("# last_year = 2025", "last_year = 2024", 1)
    settings.write_text(text, encoding="utf-8")
    schools = [f"99Z{letter};00;School {letter};SBO;9901;9999ZZ;99001;PO9901" for letter in "AB"]
    write_lines(workspace.inbox / "scholen.csv", [SCHOOLS, *schools])
    enrolled = [
        f"99Z{'AB'[n % 2]};00;{bsn_of(n)};2012-03-17;1;9999ZZ;SBO;5;2023-08-01;" for n in range(pupils)
    ]
    write_lines(workspace.inbox / "leerlingen.csv", [PUPILS, *enrolled])
    deliver_care(workspace, "indicaties.csv", range(with_care))
    return workspace


def deliver_care(workspace: Workspace, name: str, children: range, municipality: str = "9901") -> Path:
    """One indication of half a year for each of these children."""
    lines = [
        f"{municipality};{bsn_of(n)};2012-03-17;1;9999ZZ;41990000;{n + 1};45;45A01;2024-01-01;09:00:00;"
        "2024-01-01;2024-06-30;;120;01;2;01"
        for n in children
    ]
    return write_lines(workspace.inbox / name, [INDICATIONS, *lines])
