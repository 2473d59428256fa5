"""``zorgdata linkage`` as an analyst types it."""

import json
from pathlib import Path

import pytest

from tests.support.command import zorgdata
from tests.support.workspaces import INDICATIONS, indication, write_lines

PUPILS = "brin;vestiging;bsn;geboortedatum;geslacht;postcode;achternaam;leerlingnummer;datum_inschrijving"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pupils: one with a BSN, one whom equality finds, one whom nobody knows."""
    folder = tmp_path_factory.mktemp("linkage")
    home = folder / "w"
    zorgdata("init", home, "--region", "Voorbeeld")
    settings = home / "zorgdata.toml"
    settings.write_text(settings.read_text("utf-8").replace('mode = "number"', 'mode = "exact"'), "utf-8")
    care = [indication(1), indication(2, "999900018").replace("2012-03-17", "2013-05-02")]
    write_lines(folder / "indicaties.csv", [INDICATIONS, *care])
    pupils = [
        "99AA;00;999900006;2012-03-17;1;9999ZZ;Een;1;2023-08-01",
        "99AA;00;;2013-05-02;1;9999ZZ;Twee;2;2023-08-01",
        "99AA;00;;2011-01-05;2;9999ZY;Drie;3;2023-08-01",
    ]
    write_lines(folder / "leerlingen.csv", [PUPILS, *pupils])
    done = zorgdata("-C", home, "ingest", folder / "indicaties.csv", folder / "leerlingen.csv")
    assert done.returncode == 0, done.stderr
    return home


def test_report(workspace: Path) -> None:
    done = zorgdata("-C", workspace, "linkage", "report", "--format", "json")
    rows = {row["way"]: row["children"] for row in json.loads(done.stdout)}
    assert rows == {"bsn": 2, "decided": 0, "exact": 1, "probable": 0, "none": 1}
    table = zorgdata("-C", workspace, "linkage", "report")
    assert "everything both sides know is equal" in table.stdout
    assert "wait for a person" in table.stderr


def test_rates_and_measure(workspace: Path) -> None:
    done = zorgdata("-C", workspace, "linkage", "rates", "--by", "school", "--format", "json")
    (row,) = json.loads(done.stdout)
    assert (row["pupils"], row["without_bsn"], row["linked"]) == (3, 2, 1)
    assert "not for publication" in done.stderr
    measured = zorgdata("-C", workspace, "linkage", "measure")
    assert measured.returncode == 0
    assert "1 pupils with a hidden BSN" in measured.stdout


def test_review_and_decide(workspace: Path, tmp_path: Path) -> None:
    listed = tmp_path / "pairs.csv"
    assert zorgdata("-C", workspace, "linkage", "review", listed).returncode == 0
    again = zorgdata("-C", workspace, "linkage", "review", listed)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    done = zorgdata("-C", workspace, "linkage", "decide", listed)
    assert (done.returncode, "decision(s) taken over" in done.stdout) == (0, True)


def test_without_codes_it_says_what_to_set(tmp_path: Path) -> None:
    zorgdata("init", tmp_path / "w", "--region", "Voorbeeld")
    done = zorgdata("-C", tmp_path / "w", "linkage", "report")
    assert (done.returncode, "docs/linkage.md" in done.stderr) == (2, True)
