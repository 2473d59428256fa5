"""The main job: a synthetic region in, a report out; nothing that identifies a child is left behind."""

import csv
import json
import re
import shutil
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.command import start, zorgdata
from tests.support.contributed import unexplained
from zorgdata.catalogue import load
from zorgdata.disclosure import read_protected
from zorgdata.disclosure.table_set import LOCAL
from zorgdata.pipeline.session import open_session
from zorgdata.store import open_published, open_query
from zorgdata.workspace import Workspace

BSN = re.compile(rb"(?<!\d)\d{9}(?!\d)")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "region"
    done = zorgdata("demo", folder)
    assert done.returncode == 0, done.stderr
    assert "Report:" in done.stdout
    return folder


def delivered(folder: Path, column: str) -> set[str]:
    """All values of a column in the delivered files."""
    values: set[str] = set()
    for path in (folder / "inbox").rglob("*.csv"):
        for encoding in ("utf-8-sig", "windows-1252"):
            try:
                text = path.read_text(encoding=encoding)
                break
            except UnicodeDecodeError:
                continue
        rows = csv.DictReader(text.splitlines(), delimiter=";")
        if column in (rows.fieldnames or ()):
            values.update(row[column] for row in rows if row[column])
    return values


def left_behind(folder: Path) -> list[Path]:
    """Every file of ours: all but the delivered input and the keys."""
    inside = [p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()]
    return [p for p in inside if p.relative_to(folder).parts[0] not in {"inbox", "archive", "keys", "truth"}]


def test_the_report_opens_from_disk_and_is_the_published_one(demo: Path) -> None:
    page = demo / "reports" / "latest" / "public" / "snapshot" / "index.html"
    text = page.read_text(encoding="utf-8")
    assert '<html lang="nl"' in text
    assert "Esterloo" in text
    assert not re.search(r"(src|href)=\"https?://", text)


def test_the_figures_of_the_region_as_a_whole_are_shown(demo: Path) -> None:
    """Hiding them is never needed to protect a school; the year that has just begun may be too small."""
    with closing(open_published(demo / "warehouse" / "published.duckdb")) as connection:
        rows = connection.execute(
            "select metric, count(*), count(*) filter (where cell_status = 'shown') from protected.value "
            "where level = 'region' and dimension = '' and period < '2026-2027' and metric in ("
            "'pupils_enrolled', 'pupils_with_care', 'care_share', 'assigned_hours_week', "
            "'short_indication_share', 'switches_per_careyear_g28', 'concurrent_providers_ge2', "
            "'gp_route_share') group by all"
        ).fetchall()
    assert len(rows) == 8
    assert {metric: shown for metric, _, shown in rows} == {metric: cells for metric, cells, _ in rows}


def test_records_add_up_for_every_file(demo: Path) -> None:
    rows = zorgdata(
        "-C", demo, "query",
        "select count(*) n, count(*) filter (records_read <> records_accepted + records_quarantined + "
        "records_blank) wrong, sum(records_accepted)::bigint accepted from meta.file",
        "--format", "json",
    )  # fmt: skip
    found = json.loads(rows.stdout)[0]
    assert found["wrong"] == 0
    assert found["n"] > 20
    assert found["accepted"] > 20_000


def test_clean_deliveries_pass_every_check(demo: Path) -> None:
    rows = zorgdata(
        "-C", demo, "query",
        "select check_name, status from meta.check_result where status not in ('passed', 'not_applicable')",
        "--format", "json",
    )  # fmt: skip
    assert json.loads(rows.stdout) == []


def test_no_number_name_birth_date_or_postcode_is_left_behind(demo: Path) -> None:
    numbers = {n.encode() for n in delivered(demo, "bsn")}
    postcodes = {p.encode() for p in delivered(demo, "postcode") if len(p) == 6}
    births = {b.encode() for b in delivered(demo, "geboortedatum")}
    births |= {b"-".join(reversed(b.split(b"-"))) for b in births}
    assert len(numbers) > 1000
    assert len(births) > 1000
    files = left_behind(demo)
    assert any(p.name == "work.duckdb" for p in files)
    assert any(p.suffix == ".html" for p in files)
    for path in files:
        content = path.read_bytes()
        hits = set(BSN.findall(content)) & numbers
        assert not hits, f"{path.name} holds a number"
        words = set(
            re.findall(rb"[0-9]{4}[A-Z]{2}|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}-[0-9]{4}", content)
        )
        if path.suffix == ".duckdb" and path.name != "published.duckdb":
            continue  # encrypted: what looks like text in it is chance; its tables are searched below
        assert not words & postcodes, f"{path.name} holds a postcode"
        days = {d for d in words & births if not d.endswith(b"-01") and not d.startswith(b"01-")}
        assert not days or (path.suffix == ".html" and len(days) < 3), f"{path.name} holds birth dates"


def test_no_table_holds_a_number_or_a_postcode(demo: Path) -> None:
    forbidden = sorted(delivered(demo, "bsn") | {p for p in delivered(demo, "postcode") if len(p) == 6})
    with open_query(Workspace(demo)) as connection:
        columns = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns "
            "where data_type = 'VARCHAR' and table_catalog = 'work' order by all"
        ).fetchall()
        assert len(columns) > 100
        for schema, table, column in columns:
            found = connection.execute(
                f'select count(*) from {schema}.{table} where length("{column}") in (6, 9) '
                f'and "{column}" in (select unnest(?))',
                [forbidden],
            ).fetchone()
            assert found == (0,), f"{schema}.{table}.{column}"


def test_a_second_run_has_nothing_to_do(demo: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in (demo / "reports").rglob("*.html")}
    summary = json.loads(zorgdata("-C", demo, "run", "nightly", "--json").stdout)
    assert (summary["exit_code"], summary["models_built"], summary["published"]) == (0, 0, False)
    assert summary["files"]["loaded"] == 0
    assert {p: p.stat().st_mtime_ns for p in (demo / "reports").rglob("*.html")} == before


def test_the_published_database_has_no_child(demo: Path) -> None:
    with open_published(demo / "warehouse" / "published.duckdb") as connection:
        columns = {
            c for (c,) in connection.execute("select column_name from information_schema.columns").fetchall()
        }
    assert columns.isdisjoint(
        {"child_id", "child_key", "worker_id", "numerator", "n_children", "birth_month"}
    )


@pytest.mark.parametrize(
    "moment", [4.0, *(pytest.param(t, marks=pytest.mark.slow) for t in (0.5, 1.0, 2.0, 6.0, 9.0))]
)
def test_a_killed_demo_goes_on_and_ends_the_same(tmp_path: Path, demo: Path, moment: float) -> None:
    folder = tmp_path / "killed"
    process = start("demo", folder)
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    done = zorgdata("demo", folder)
    assert done.returncode == 0, done.stderr
    pages = [f / "reports" / "latest" / "public" / "snapshot" / "index.html" for f in (folder, demo)]
    assert pages[0].read_bytes() == pages[1].read_bytes()


# Keys that no SQL model makes, and where they are made instead.
ELSEWHERE = {
    "scenario_net": "zorgdata scenario, per scenario",
    "npv": "zorgdata scenario, per scenario",
    "bcr": "zorgdata scenario, per scenario",
    "break_even": "zorgdata scenario, per scenario",
    "net_by_actor": "zorgdata scenario, per scenario",
    "effect_did": "zorgdata effect, per initiative",
    "revision_size": "the night, once there is an older snapshot",
    "suppressed_share": "the night, once something was published",
    "freshness": "the night, after the build",
}


def test_every_metric_of_the_catalogue_has_a_row_or_a_reason(demo: Path) -> None:
    """The demo delivers every kind of input, so a metric without a row is one that nobody computes."""
    done = zorgdata("-C", demo, "query", "select distinct metric from metrics.value", "--format", "csv")
    found = set(done.stdout.split()[1:])
    assert found <= set(load().keys)
    assert set(load().keys) - found - set(ELSEWHERE) == set()


def test_a_figure_through_time(demo: Path) -> None:
    done = zorgdata("-C", demo, "metrics", "care_share", "--unit", "region")
    assert done.returncode == 0
    assert "care_share" in done.stdout
    assert "2023-10-01" in done.stdout
    assert "Not protected" in done.stderr
    missed = zorgdata("-C", demo, "metrics", "care_share", "--unit", "nowhere")
    assert missed.returncode == 2


def test_an_outsider_finds_no_fault_and_finds_a_figure_that_is_put_back(demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    assert zorgdata("-C", demo, "export", folder).returncode == 0
    done = zorgdata("protect", "--verify", folder)
    assert done.returncode == 0, done.stderr
    assert "nothing unsafe found" in done.stdout
    assert "Not to be judged from outside" in done.stdout
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    hidden = {(r["level"], r["unit_id"], r["period"]) for r in rows if _dark(r, "care_pupils")}
    cost = next(
        r
        for r in rows
        if _dark(r, "care_cost_assigned") and (r["level"], r["unit_id"], r["period"]) in hidden
    )
    cost |= {"value": "21000", "display": "€ 21.000", "cell_status": "shown"}
    with (folder / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        out.writerows(rows)
    description = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for resource in description["resources"]:
        resource.pop("hash")
    (folder / "datapackage.json").write_text(json.dumps(description), "utf-8")
    done = zorgdata("protect", "--verify", folder)
    assert done.returncode == 6
    assert f"care_cost_assigned|{cost['level']}|{cost['unit_id']}|{cost['period']}" in done.stderr


def test_contributions_make_the_sums_they_are_judged_by(demo: Path) -> None:
    with open_session(Workspace(demo), "test") as session:
        asked, wrong = unexplained(session.connection)
    assert asked > 1_000
    assert wrong == []


def _dark(row: dict[str, str], metric: str) -> bool:
    return row["metric"] == metric and row["cell_status"] == "suppressed" and not row["dimension"]


@pytest.mark.slow
def test_professionals_get_every_total_of_every_unit(demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "region"
    shutil.copytree(demo, folder)
    settings = folder / "zorgdata.toml"
    text = settings.read_text(encoding="utf-8")
    block = text.index("[disclosure.professional]")
    text = text[:block] + text[block:].replace('table_set = "reported"', 'table_set = "all"', 1)
    settings.write_text(text, encoding="utf-8")
    work = Workspace(folder)
    assert work.settings.disclosure.professional.table_set == "all"
    # One school year is enough to go all the way.
    with open_session(work, "test") as session:
        session.connection.execute("delete from metrics.value where period <> '2024-2025'")
    done = zorgdata("-C", folder, "protect", "--audience", "professional")
    assert done.returncode == 0, done.stderr
    with open_session(work, "test") as session:
        found = read_protected(session.connection, "professional")
    assert {c.period for c in found} == {"2024-2025"}
    local = {c.metric for c in found if c.level == "school"}
    assert local - LOCAL, "of a school more goes out than the public gets"
    assert "swv" in {c.level for c in found if c.metric == "cross_domain_share"}
    assert not [c for c in found if c.hidden and (c.value is not None or c.display != ".")]
    assert sum(c.shown for c in found) > 2_000
