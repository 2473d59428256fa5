"""What leaves the house: files read back, a published folder verified from outside, answers to an analyst."""

import base64
import json
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
import xlsxwriter

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import disclosure_region as region

from zorgdata.disclosure import protect, read_protected
from zorgdata.disclosure.assess import assess
from zorgdata.disclosure.explain import audit, explain, loss, plan, statuses
from zorgdata.disclosure.folder import check, verify_folder
from zorgdata.disclosure.readback import readback, require_clean
from zorgdata.disclosure.relations import Relations
from zorgdata.disclosure.relations import hierarchy as hierarchy_of
from zorgdata.disclosure.release import facts
from zorgdata.disclosure.rules import Reason
from zorgdata.disclosure.units import of
from zorgdata.errors import DisclosureError, SourceError, UsageError


@pytest.fixture(scope="module")
def published():
    connection, found = duckdb.connect(), region.schools(60, seed=3)
    region.fill(connection, found, region.figures(found, items=3))
    protect(connection, "public")
    return connection, read_protected(connection, "public"), assess(connection, "public")


@pytest.fixture(scope="module")
def table(published):
    return published[1]


def cell_of(table, *, hidden):
    cells = table.filter(metric="pupils_with_care", level="school").cells
    return next(c for c in cells if c.hidden == hidden)


def write_html(path: Path, body: str) -> Path:
    path.write_text(f"<!doctype html><html lang='nl'><body>{body}</body></html>", "utf-8")
    return path


def test_protected_figures_pass_and_anything_else_is_found(tmp_path, table):
    shown, dark = cell_of(table, hidden=False), cell_of(table, hidden=True)
    exact = int(shown.value or 0) + 1
    good = (
        f"<h2>Op 1 oktober 2024, schooljaar 2024/'25</h2><td data-cell='{shown.name}'>{shown.display} *</td>"
        f"<td data-cell='{dark.name}'>.</td><td data-cell='{dark.name}'>niet getoond vanwege privacy</td>"
        f"<p>Er zijn {shown.display} leerlingen met jeugdhulp.</p>"
        f"<svg><title>{shown.display}</title><path d='M 1.2 5.6'/><text>25</text></svg>"
    )
    assert readback([write_html(tmp_path / "good.html", good)], table) == []
    download = base64.b64encode(b"a;b\nx;1237").decode()
    bad = {
        "another figure in the cell": f"<td data-cell='{shown.name}'>{exact}</td>",
        "a hidden figure": f"<td data-cell='{dark.name}'>3</td>",
        "no such cell": f"<td data-cell='{dark.name}x'>.</td>",
        "title": f"<p title='{exact}.001'>x</p>",
        "alternative text": f"<img alt='precies {exact},25 %'>",
        "data attribute": "<td data-exact='0.12345'>x</td>",
        "json": f"<script type='application/json'>{json.dumps({'rows': [{'v': 1234.25}]})}</script>",
        "svg label": "<svg><g aria-label='waarde: 1237'></g></svg>",
        "svg text": "<svg><text>1237</text></svg>",
        "comment": "<!-- 1237 -->",
        "sentence": "<p>Dat zijn er 1.237.</p>",
        "embedded csv": f"<a href='data:text/csv;base64,{download}'>x</a>",
    }
    for why, body in bad.items():
        page = write_html(tmp_path / "bad.html", body)
        assert readback([page], table), why
        with pytest.raises(DisclosureError) as error:
            require_clean([page], table)
        assert error.value.exit_code == 6
    assert (
        readback([write_html(tmp_path / "def.html", "<p>per 365,25 dagen</p>")], table, ["365,25 dagen"])
        == []
    )


CLEAN = "<svg viewBox='0 0 10 10'><path d='M1.5,2L3.4,4'/><circle cx='1.2' cy='3'/></svg>"


def test_a_drawing_places_nothing_finer_than_rounded_figures_need(tmp_path, table):
    assert readback([write_html(tmp_path / "good.html", CLEAN)], table) == []
    for spoilt in (CLEAN.replace("3.4", "3.4217"), CLEAN.replace("1.2", "1.234")):
        (leak,) = readback([write_html(tmp_path / "bad.html", spoilt)], table, estimates=True)
        assert "finer" in leak.what
        assert "line" in leak.where


def test_pages_of_estimates_are_still_held_to_the_cells_they_name(tmp_path, table):
    shown = cell_of(table, hidden=False)
    page = f"<p>Netto 12.345 euro</p><td data-cell='{shown.name}'>{shown.display}</td>"
    assert readback([write_html(tmp_path / "a.html", page)], table, estimates=True) == []
    wrong = page.replace(f">{shown.display}<", ">1237<")
    assert readback([write_html(tmp_path / "b.html", wrong)], table, estimates=True)


def spoiled(table):
    found = [dict(r) for r in table.rows()]
    row = next(r for r in found if r["cell_status"] == "suppressed")
    row["value"] = 3.0
    return found


def test_tables_are_read_back_cell_by_cell(tmp_path, table):
    for number, found in enumerate((table.rows(), spoiled(table))):
        arrow = pa.Table.from_pylist(found)
        pa_csv.write_csv(arrow, tmp_path / f"{number}.csv")
        pq.write_table(arrow, tmp_path / f"{number}.parquet")
        with xlsxwriter.Workbook(str(tmp_path / f"{number}.xlsx")) as book:
            sheet = book.add_worksheet("figures")
            sheet.write_row(0, 0, list(found[0]))
            for k, row in enumerate(found, 1):
                sheet.write_row(k, 0, ["" if v is None else v for v in row.values()])
    for kind in ("csv", "parquet", "xlsx"):
        assert readback([tmp_path / f"0.{kind}"], table) == []
        assert len(readback([tmp_path / f"1.{kind}"], table)) == 1
    whole = (tmp_path / "0.csv").read_text("utf-8").splitlines()
    shown = next(n for n, row in enumerate(table.rows(), 1) if row["value"] is not None)
    torn, worded = whole.copy(), whole.copy()
    torn[shown] = torn[shown].rsplit(",", 3)[0]
    worded[shown] = worded[shown].replace(f",{table.rows()[shown - 1]['value']:.12g}", ",ongeveer tien")
    for name, lines in (("torn", torn), ("worded", worded)):
        assert lines != whole
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
        assert [leak.where for leak in readback([tmp_path / f"{name}.csv"], table)] == [f"row {shown + 1}"]
    (tmp_path / "pivot.csv").write_text("school,2024-2025\n99AA00,1237\n", "utf-8")
    assert [leak.text for leak in readback([tmp_path / "pivot.csv"], table)] == ["1237"]


def export(folder: Path, table, judged, change=None) -> Path:
    folder.mkdir()
    found = table.rows()
    if change:
        change(found)
    pa_csv.write_csv(pa.Table.from_pylist(found), folder / "figures.csv")
    block = facts(judged)
    honest = check(block, list(table), answering=True)
    block |= {"narrowed": list(honest.narrowed), "above_zero": list(honest.above_zero)}
    package = {"disclosure": block, "resources": [{"name": "figures", "path": "figures.csv"}]}
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    return folder


def test_an_outsider_verifies_a_folder(tmp_path, published):
    _, table, judged = published
    assert verify_folder(export(tmp_path / "good", table, judged)).findings == []

    def unrounded(found):
        row = next(r for r in found if r["metric"] == "pupils_with_care" and r["value"])
        row["value"] += 1

    def telling(found):
        next(r for r in found if r["cell_status"] == "suppressed")["cell_status"] = "suppressed_secondary"

    for name, change in (("unrounded", unrounded), ("telling", telling)):
        assert verify_folder(export(tmp_path / name, table, judged, change)).findings, name
    with pytest.raises(SourceError):
        verify_folder(tmp_path)


def small_package(folder: Path, shown: dict[str, float | None], size: float = 200.0) -> Path:
    """Two schools, of 200 pupils and of ``size``, in one municipality; what is not in ``shown`` is hidden."""
    folder.mkdir()
    units = [
        ("school", "a"),
        ("school", "b"),
        ("municipality_type", "9901|BO"),
        ("school_municipality", "9901"),
    ]
    units += [("school_type", "BO"), ("region", "region")]
    found = []
    for level, unit in units:
        key = {"level": level, "unit_id": unit, "period": "2024-2025", "reference_date": "2024-10-01"}
        pupils = {"a": 200.0, "b": size}.get(unit, 200.0 + size)
        for metric, value in (("pupils_enrolled", pupils), ("pupils_with_care", shown.get(unit))):
            status = "suppressed" if value is None else "shown"
            display = "." if value is None else f"{value:.0f}"
            found.append(
                {"metric": metric, **key, "dimension": "", "dimension_value": "", "value": value}
                | {"display": display, "cell_status": status}
            )
    pa_csv.write_csv(pa.Table.from_pylist(found), folder / "figures.csv")
    members = {"municipality_type": "9901|BO", "school_municipality": "9901", "school_type": "BO"}
    block = {
        "threshold": 10,
        "rounding_base": 5,
        "figures": {
            "pupils_enrolled": {"kind": "population"},
            "pupils_with_care": {
                "kind": "count",
                "denominators": {"": {"metric": "pupils_enrolled", "is": "equal"}},
            },
        },
        "relations": [],
        "items": {},
        "hierarchy": [{"level": k, "unit_id": v, "schools": ["a", "b"]} for k, v in members.items()],
    }
    package = {"disclosure": block, "resources": [{"name": "figures", "path": "figures.csv"}]}
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    return folder


def counted_at_two_schools(rows):
    """Every total above the school is three children less than its parts: they are counted at two schools."""
    for metric, level, unit, *rest in rows:
        less = 3 if level == "region" and metric in ("pupils_with_care", "pupils_enrolled") else 0
        value, numerator, denominator, n, *more = rest[4:]
        yield metric, level, unit, *rest[:4], value - less, numerator, denominator, n, *more


def test_gate_and_outsider_agree_about_children_at_two_schools(tmp_path):
    connection, found = duckdb.connect(), region.schools(60, seed=3)
    rows = [r for r in region.figures(found, items=2) if r[0] in ("pupils_enrolled", "pupils_with_care")]
    region.fill(connection, found, list(counted_at_two_schools(rows)))
    protect(connection, "public")
    judged = assess(connection, "public")
    block = facts(judged)
    sums = {(r["total"], r["parts"]): r for r in block["relations"] if r["metric"] == "pupils_with_care"}
    assert sums["municipality_type", "school"]["most"] == 0
    assert sums["region", "board"] == {
        "metric": "pupils_with_care",
        "total": "region",
        "parts": "board",
        "least": 0,
        "most": 5,
    }
    assert block["items"]["product_category"]["pupils_with_care"] == "covers"
    folder = export(tmp_path / "good", read_protected(connection, "public"), judged)
    assert verify_folder(folder).findings == []
    # Held to exact sums the same folder seems unsafe or impossible: the kind has to be told.
    description = json.loads((folder / "datapackage.json").read_text("utf-8"))
    description["disclosure"]["relations"] = []
    description["disclosure"]["rounding_base"] = 1
    (folder / "datapackage.json").write_text(json.dumps(description), "utf-8")
    assert verify_folder(folder).findings


def test_what_was_published_before_may_lag_behind(tmp_path, published):
    _, table, judged = published
    folder = export(tmp_path / "later", table, judged, lag_behind)
    assert verify_folder(folder).findings
    description = json.loads((folder / "datapackage.json").read_text("utf-8"))
    description["disclosure"]["repeated"] = {"times": ["2024-2025"], "reach": 12}
    (folder / "datapackage.json").write_text(json.dumps(description), "utf-8")
    assert verify_folder(folder).findings == []


def lag_behind(found):
    """The region's figure is repeated although the truth moved on by ten."""
    row = next(r for r in found if r["metric"] == "pupils_with_care" and r["level"] == "region")
    row["value"] -= 10


def test_the_schools_that_no_board_holds_are_parts_of_the_region_too():
    units = of(
        {
            "a": {"municipality_code": "9901", "school_type": "BO", "board": "x", "swv": ""},
            "b": {"municipality_code": "9901", "school_type": "MBO", "board": "", "swv": ""},
        },
        {("board", "x")},
    )
    relations = Relations(4)
    hierarchy_of(
        {("school", "a"): 0, ("school", "b"): 1, ("board", "x"): 2, ("region", "region"): 3}, units, relations
    )
    assert ([3, 2, 1], [1, -1, -1]) in relations.equations


def test_a_hidden_school_that_a_shown_total_gives_away_is_found(tmp_path):
    upper = dict.fromkeys(("9901|BO", "9901", "BO", "region"), 25.0)
    (found,) = verify_folder(small_package(tmp_path / "alone", {"b": 20.0, **upper})).findings
    assert (found.cell.split("|")[2], found.what) == ("a", "hidden, but at most 9")
    assert verify_folder(small_package(tmp_path / "both", upper)).findings == []
    almost = dict.fromkeys(("9901|BO", "9901", "BO", "region"), 500.0)
    folder = small_package(tmp_path / "complement", {"b": 300.0, **almost}, size=400.0)
    (found,) = verify_folder(folder).findings
    assert (found.cell.split("|")[2], found.what) == ("a", "hidden, but all except 6")


def test_an_explanation_names_reason_sums_and_what_an_attacker_knows(published):
    _, _, judged = published
    frame = judged.frame
    for row in range(len(frame)):
        if frame.metric[row] != "pupils_with_care" or frame.item[row]:
            continue
        name = "|".join(
            ("pupils_with_care", frame.level[row], frame.unit[row], frame.period[row], frame.reference[row])
        )
        if judged.reason[row] == Reason.THRESHOLD:
            answer = explain(judged, name)
            assert (answer.shown_as, answer.low) == (".", 0)
            assert answer.high is not None
            assert answer.high >= min(10, answer.exact + 1)
            assert answer.relations
            assert "10" in answer.frees
            break
    secondary = next(r for r in range(len(frame)) if judged.reason[r] == Reason.SECONDARY)
    key = (frame.metric[secondary], frame.level[secondary], frame.unit[secondary], frame.period[secondary])
    answer = explain(
        judged,
        "|".join((*key, frame.reference[secondary], frame.dimension[secondary], frame.item[secondary])),
    )
    assert answer.protects
    with pytest.raises(UsageError):
        explain(judged, "pupils_with_care|school|XXXX00|2024-2025")


def test_the_loss_table_counts_every_cell(published):
    _, _, judged = published
    table = loss(judged)
    assert sum(r.cells for r in table) == len(judged.frame)
    assert sum(statuses(judged).values()) == len(judged.frame)
    assert all(0 <= r.share <= 1 for r in table)
    assert any(r.primary and r.level == "school" for r in table)


def test_the_audit_finds_nothing_unsafe(published):
    findings = audit(published[2])
    assert findings
    assert all(f.safe for f in findings)


def test_a_plan_compares_choices(published):
    connection, *_ = published
    choices = plan(connection, "public", thresholds=(10, 20), bases=(5,))
    assert [c.threshold for c in choices] == [10, 20]
    assert not any(c.refused for c in choices)
    assert choices[1].primary > choices[0].primary


def test_several_years_together_are_no_date() -> None:
    from zorgdata.disclosure.units import school_year

    assert [school_year(t) for t in ("2024-10-01", "2024-07-31", "2023..2024", "2024-2025", "2024")] == [
        "2024-2025",
        "2023-2024",
        "2023..2024",
        "2024-2025",
        "2024",
    ]
