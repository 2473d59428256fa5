"""``zorgdata effect`` and ``zorgdata scenario``: four schools, two school years before a start, two after."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.support.command import zorgdata
from tests.support.workspaces import BSNS, INDICATIONS, indication, write_lines

SCHOOLS = ("99ZA", "99ZB", "99ZC", "99ZD")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pupil at 99ZA has care until the initiative starts there in August 2023; 99ZB keeps it."""
    folder = tmp_path_factory.mktemp("effect") / "ws"
    zorgdata("init", folder, "--region", "Regio Test")
    inbox = folder / "inbox"
    pupils = [
        f"{s};00;{b};2012-03-17;1;9999ZZ;SBO;5;2021-08-01;" for s, b in zip(SCHOOLS, BSNS, strict=False)
    ]
    write_lines(
        inbox / "leerlingen.csv",
        ["brin;vestiging;bsn;geboortedatum;geslacht;postcode;schoolsoort;leerjaar;datum_inschrijving;"
         "datum_uitschrijving", *pupils],
    )  # fmt: skip
    write_lines(
        inbox / "indicaties.csv",
        [
            INDICATIONS,
            indication(1, BSNS[0], "2021-09-01", "2023-07-31"),
            indication(2, BSNS[1], "2021-09-01", "2026-07-31"),
            indication(3, BSNS[2], "2025-08-02", "2026-07-31"),
        ],
    )
    write_lines(
        inbox / "initiatieven.csv",
        [
            "initiatief_id;naam;soort;fase;start;einde;brin6;doel_metric;doel_waarde",
            "I1;Proef;ozg;uitvoering;2023-08-01;;99ZA00;care_share_year;0,1",
            "I2;Later;overig;ontwerp;2030-01-01;;99ZD00;no_such_figure;",
        ],
    )
    assert zorgdata("-C", folder, "ingest", inbox).returncode == 0
    assert zorgdata("-C", folder, "build").returncode == 0
    return folder


def test_without_a_name_the_initiatives_are_listed(workspace: Path) -> None:
    done = zorgdata("-C", workspace, "effect", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [r["initiative_id"] for r in rows] == ["I1", "I2"]


def test_the_terminal_says_what_it_is_and_what_it_is_not(workspace: Path) -> None:
    done = zorgdata("-C", workspace, "effect", "i1")
    assert done.returncode == 0
    assert "Not protected" in done.stderr
    assert "indicatief, te weinig scholen voor een toets, daling kan registratie zijn" in done.stdout
    assert "Collective supply was not delivered" in done.stdout
    assert "Too few schools for a test" in done.stdout
    marks = [done.stdout.index(text) for text in ("2022-2023", "-- start", "2023-2024")]
    assert marks == sorted(marks)


def test_the_estimate_is_the_change_here_minus_the_change_there(workspace: Path) -> None:
    """99ZA goes from 1 to 0, the others stay as they are: −1, the largest of four ways to choose a school."""
    done = zorgdata("-C", workspace, "effect", "I1", "--json")
    told = json.loads(done.stdout)
    assert told["protected"] is False
    study = told["study"]
    assert study["effects"]["cohort_average"] == {"value": -1.0, "lower": None, "upper": None}
    assert (study["effects"]["rank"]["rank"], study["effects"]["rank"]["assignments"]) == (1, 4)
    assert study["verdict"] == "too_few_schools"
    assert study["registration"]["possible"] is True
    assert study["returned"]["observed"] == -1.0


def test_the_series_has_a_row_per_period_and_group(workspace: Path) -> None:
    done = zorgdata("-C", workspace, "effect", "I1", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    first = {r["group"]: r for r in rows if r["period"] == "2021-2022"}
    assert set(first) == {"initiative", "comparison", "school"}
    assert (first["initiative"]["numerator"], first["initiative"]["denominator"]) == ("1.0", "1.0")
    assert (first["comparison"]["schools"], first["comparison"]["numerator"]) == ("3", "1.0")
    assert first["school"]["school_id"] == "99ZA00"
    assert {r["running"] for r in rows if r["period"] == "2023-2024"} == {"true"}


def test_by_quarter_care_days_over_enrolled_days(workspace: Path) -> None:
    done = zorgdata("-C", workspace, "effect", "I1", "--quarter", "--format", "csv")
    rows = [r for r in csv.DictReader(io.StringIO(done.stdout)) if r["group"] == "initiative"]
    found = {r["period"]: (float(r["numerator"]), float(r["denominator"])) for r in rows}
    # July still has care; the quarter counts as after the start.
    wanted = {"2023-Q1": (90, 90), "2023-Q3": (31, 92), "2023-Q4": (0, 92)}
    assert {period: found[period] for period in wanted} == wanted


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("I9",), "Known: I1, I2"),
        (("I1", "--metric", "nonsense"), "'nonsense' is not known per school"),
        (("I2",), "Nothing to compare"),
        (("I1", "--quarter", "--metric", "care_share"), "Per quarter: persontime_prev"),
    ],
)
def test_a_mistake_is_told_in_words(workspace: Path, arguments: tuple[str, ...], message: str) -> None:
    done = zorgdata("-C", workspace, "effect", *arguments)
    assert done.returncode == 2
    assert message in done.stderr


def test_scenarios_are_listed_without_a_name(workspace: Path) -> None:
    done = zorgdata("-C", workspace, "scenario", "--format", "json")
    assert [row["scenario"] for row in json.loads(done.stdout)] == ["collectief", "ozg", "zon"]


OWN = """
name = "eigen"
title = "Eigen scenario"
summary = "Proef."
null_alternative = "Niets doen."
horizon = 2
rate = 0.0
rate_low = 0.0
rate_high = 0.0

[quantities.leerlingen]
label = "Leerlingen in het sbo"
unit = "leerlingen"
metric = "pupils_enrolled"
level = "school_type"
unit_id = "SBO"
period = "reference_date"

[quantities.uren]
label = "Uren"
unit = "uren"

[[levers]]
key = "kosten"
label = "Team"
kind = "cost"
quantity = "leerlingen"
effect = { low = 1, mid = 1, high = 1 }
effect_unit = "number"
price = "leerlingenvervoer_jaar"
payers = { swv = 0.5, gemeente_jeugd = 0.5 }

[[levers]]
key = "baten"
label = "Minder hulp"
kind = "benefit"
quantity = "uren"
effect = { low = 0.5, mid = 0.5, high = 0.5 }
price = "ambulant_uur"
beneficiaries = { gemeente_jeugd = 1 }
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "eigen.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_an_own_scenario_counts_with_the_figures_of_the_region(workspace: Path, own: Path) -> None:
    """Four pupils at € 3.978 against a hundred hours by hand at half of € 78; parties add up to the whole."""
    hours = own.with_name("uren.toml")
    hours.write_text('[quantities.uren]\nvalue = 100\nsource = "opgave"\n', encoding="utf-8")
    done = zorgdata("-C", workspace, "scenario", own, "--quantities", hours, "--json")
    told = json.loads(done.stdout)
    assert told["yearly"]["mid"] == pytest.approx(100 * 0.5 * 78 - 4 * 3978)
    assert told["npv"]["mid"] == pytest.approx(3 * told["yearly"]["mid"]), "three years at rate 0"
    assert sum(a["yearly"] for a in told["actors"]) == pytest.approx(told["yearly"]["mid"])
    assert told["protected"] is False
    assert "not protected" in done.stderr


def test_half_a_balance_is_no_balance(workspace: Path, own: Path) -> None:
    """The hours were not delivered: costs alone say nothing of the outcome."""
    done = zorgdata("-C", workspace, "scenario", own)
    assert done.returncode == 0
    assert "No balance: only costs or only benefits are known" in done.stdout
    assert "'Uren' is niet beschikbaar" in done.stdout
    assert "Present value" not in done.stdout


def test_one_school_and_lines_as_rows(workspace: Path, own: Path) -> None:
    done = zorgdata("-C", workspace, "scenario", own, "--unit", "99ZA00", "--format", "csv")
    rows = {r["line"]: r for r in csv.DictReader(io.StringIO(done.stdout))}
    assert (rows["kosten"]["quantity"], rows["kosten"]["price_status"]) == ("1.0", "gepubliceerd")
    assert (rows["baten"]["status"], rows["baten"]["yearly_mid"]) == ("not_delivered", "")
    assert zorgdata("-C", workspace, "scenario", own, "--unit", "99XX99").returncode == 2
    assert zorgdata("-C", workspace, "scenario", "zno").returncode == 2
