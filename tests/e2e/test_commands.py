"""Commands as a user types them: names, streams, exit codes, messages."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.support.command import zorgdata
from tests.support.workspaces import BSNS, INDICATIONS, indication, write_lines

PUPILS = (
    "brin;vestiging;bsn;geboortedatum;geslacht;postcode;schoolsoort;leerjaar;"
    "datum_inschrijving;datum_uitschrijving"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "ws"
    assert zorgdata("init", folder, "--region", "Regio Test").returncode == 0
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with figures, made once; tests that change it take a copy (``filled``)."""
    root = tmp_path_factory.mktemp("built")
    folder = root / "ws"
    zorgdata("init", folder, "--region", "Regio Test")
    write_lines(folder / "inbox" / "indicaties.csv", [INDICATIONS, indication(1), indication(2, BSNS[1])])
    pupils = [f"99ZA;00;{bsn};2012-03-17;1;9999ZZ;SBO;5;2023-08-01;" for bsn in BSNS[:3]]
    write_lines(folder / "inbox" / "leerlingen.csv", [PUPILS, *pupils])
    assert zorgdata("-C", folder, "ingest", folder / "inbox").returncode == 0
    assert zorgdata("-C", folder, "build").returncode == 0
    return folder


@pytest.fixture
def filled(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "filled"))


def test_init_makes_a_closed_workspace_and_never_twice(workspace: Path) -> None:
    assert (workspace / "keys").stat().st_mode & 0o077 == 0
    assert {p.name for p in (workspace / "keys").iterdir()} == {"pseudonym.key", "database.key"}
    before = (workspace / "keys" / "database.key").read_bytes()
    again = zorgdata("init", workspace)
    assert again.returncode == 2
    assert "workspace already" in again.stderr
    assert (workspace / "keys" / "database.key").read_bytes() == before


def test_results_go_to_stdout_and_everything_else_to_stderr(built: Path) -> None:
    done = zorgdata("-C", built, "query", "select count(*) as n from core.indication", "--format", "csv")
    assert (done.stdout, done.stderr) == ("n\n2\n", "")


def test_csv_has_a_header_empty_nulls_and_iso_dates(built: Path) -> None:
    sql = "select null as a, date '2024-01-02' as b, true as c, 'x,y' as d, 1.5 as e"
    done = zorgdata("-C", built, "query", sql, "--format", "csv")
    assert list(csv.reader(io.StringIO(done.stdout))) == [
        ["a", "b", "c", "d", "e"],
        ["", "2024-01-02", "true", "x,y", "1.5"],
    ]


def test_json_rows_and_summaries_can_be_parsed(filled: Path, tmp_path: Path) -> None:
    rows = json.loads(zorgdata("-C", filled, "query", "select 1 as a", "--format", "json").stdout)
    assert rows == [{"a": 1}]
    path = write_lines(tmp_path / "more.csv", [INDICATIONS, indication(9, BSNS[2])])
    summary = json.loads(zorgdata("-C", filled, "ingest", path, "--json").stdout)
    assert (summary["read"], summary["accepted"], summary["loaded"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select nonsense", "nonsense"),
        ("selec 1", "no SQL"),
        ("select 1; select 2", "One SELECT at a time"),
        ("drop table core.indication", "One SELECT at a time"),
        ("insert into core.indication select * from core.indication", "One SELECT at a time"),
        ("select * from read_csv('/etc/passwd')", "failed"),
    ],
)
def test_wrong_sql_is_exit_2_with_one_message(built: Path, sql: str, message: str) -> None:
    done = zorgdata("-C", built, "query", sql)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_a_missing_file_and_an_empty_file_and_another_kind(workspace: Path, tmp_path: Path) -> None:
    empty = tmp_path / "leeg.csv"
    empty.write_bytes(b"")
    other = write_lines(tmp_path / "anders.csv", ["kleur;maat", "rood;3"])
    missing = tmp_path / "weg.csv"
    for path, word in ((missing, "no such file"), (empty, "leeg"), (other, "kopregel")):
        done = zorgdata("-C", workspace, "ingest", path)
        assert done.returncode == 3, done.stderr
        assert path.name in done.stderr
        assert word in done.stderr


def test_a_header_without_a_required_column_names_it_and_the_nearest(workspace: Path, tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "indicaties.csv", [INDICATIONS.replace("ingangsdatum", "ingangdatum"), indication(1)]
    )
    done = zorgdata("-C", workspace, "ingest", path)
    assert done.returncode == 3
    assert "ingangsdatum" in done.stderr
    assert "ingangdatum" in done.stderr


def test_too_many_records_set_aside_is_exit_4_and_the_rest_is_in(workspace: Path, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "indicaties.csv", [INDICATIONS, indication(1), indication(2, "123456789")])
    done = zorgdata("-C", workspace, "ingest", path)
    assert done.returncode == 4
    assert "line 3: Kolom 'bsn'" in done.stderr
    assert "123456789" not in done.stderr + done.stdout
    shown = zorgdata("-C", workspace, "quarantine", "show", "--format", "csv")
    assert "invalid_identifier" in shown.stdout


def test_a_fault_is_told_under_the_name_of_the_file_with_ours_beside_it(
    workspace: Path, tmp_path: Path
) -> None:
    header = INDICATIONS.replace("ingangsdatum", "begindatum")
    record = indication(1).replace("2024-01-01;2024-06-30", "gisteren;2024-06-30")
    path = write_lines(tmp_path / "indicaties.csv", [header, record, header])
    done = zorgdata("-C", workspace, "ingest", path, "--profile", "gemeente", "--dry-run")
    assert "line 2 (ingangsdatum): Kolom 'begindatum' bevat geen datum in een vorm" in done.stderr
    assert "1 record(s) left out: Dit is de kopregel nog een keer" in done.stderr


def test_a_folder_that_is_no_workspace_says_how_to_make_one(tmp_path: Path) -> None:
    done = zorgdata("-C", tmp_path, "status")
    assert done.returncode == 2
    assert "zorgdata init" in done.stderr


def test_a_settings_mistake_names_line_and_nearest_key(workspace: Path) -> None:
    path = workspace / "zorgdata.toml"
    path.write_text(path.read_text().replace("max_file_mb", "max_file_bm"))
    done = zorgdata("-C", workspace, "run", "nightly")
    assert done.returncode == 2
    assert "max_file_mb" in done.stderr
    assert "line" in done.stderr


def test_a_wrong_key_is_told_without_a_traceback(filled: Path) -> None:
    key = filled / "keys" / "database.key"
    key.write_text("0" * 64)
    done = zorgdata("-C", filled, "query", "select 1")
    assert done.returncode == 2
    assert "does not fit" in done.stderr
    assert "0" * 64 not in done.stderr


def test_an_unknown_command_is_exit_2() -> None:
    assert zorgdata("no-such-command").returncode == 2


def test_the_same_files_again_change_nothing(filled: Path) -> None:
    again = zorgdata("-C", filled, "ingest", filled / "inbox", "--json")
    assert json.loads(again.stdout)["known"] == 2
    assert json.loads(zorgdata("-C", filled, "build", "--json").stdout)["built"] == []


def test_doctor_finds_an_open_key_folder(filled: Path) -> None:
    assert zorgdata("-C", filled, "doctor").returncode == 0
    (filled / "keys").chmod(0o755)
    done = zorgdata("-C", filled, "doctor", "--format", "json")
    assert done.returncode == 2
    assert [f["subject"] for f in json.loads(done.stdout) if f["state"] == "wrong"] == ["rights"]
