"""What goes back to a deliverer."""

import json
from pathlib import Path

from tests.support.command import zorgdata
from zorgdata.assets import asset


def test_a_deliverer_gets_lines_columns_and_reasons(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    zorgdata("init", folder, "--region", "Voorbeeld")
    bad = asset("sample_data", "broken", "startstop_waarden.csv")
    (tmp_path / "=1+1.csv").write_bytes(bad.read_bytes() + b"Totaal;;;;;\n")
    good = asset("sample_data", "canonical", "vervoer.csv")
    zorgdata("-C", folder, "ingest", tmp_path / "=1+1.csv", good)
    done = zorgdata("-C", folder, "quarantine", "export", tmp_path / "terug", "--json")
    summary = json.loads(done.stdout)
    (path,) = (tmp_path / "terug").iterdir()
    assert list(summary["files"]) == [path.name]
    header, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert header == "bestand;regel_van;regel_tot;kolom;reden"
    assert len(lines) == summary["records"] > 3
    assert all(line.startswith("'=1+1.csv;") for line in lines)
    assert not any("totaal" in line for line in lines)
    again = zorgdata("-C", folder, "quarantine", "export", tmp_path / "terug")
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    other = zorgdata("-C", folder, "quarantine", "export", tmp_path / "t", "--file-id", 99)
    assert (other.returncode, "no file 99" in other.stderr) == (2, True)
