"""An outsider refuses a published folder in which a hidden figure was put back or can be worked out."""

import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import disclosure_region as region

from zorgdata.cli.main import run
from zorgdata.disclosure import assess as assessing
from zorgdata.disclosure.assess import Assessment
from zorgdata.disclosure.contributions import Contributions
from zorgdata.disclosure.folder import check, verify_folder
from zorgdata.disclosure.present import present
from zorgdata.disclosure.primary import is_hidden
from zorgdata.disclosure.release import facts
from zorgdata.disclosure.rules import Reason
from zorgdata.disclosure.table import Cell
from zorgdata.errors import SourceError


def rows_of(found):
    """Pupils, care, hours, continuity and euros of made-up schools, every level added up."""
    made = region.figures(found, seed=7)
    clients = {row[1:3]: int(row[7]) for row in made if row[0] == "care_pupils"}
    for metric, level, unit, period, *rest in made:
        n, head = clients[level, unit], (level, unit, period)
        if metric == "upc_t":
            yield (metric, *head, *rest[:3], rest[3], rest[3] * n, n, n, *rest[7:])
            continue
        if metric == "care_pupils":
            yield (metric, *head, *rest[:6], n, *rest[7:])
            euros = 1500.0 * n + 7 * (n % 13)
            yield ("care_cost_assigned", *head, None, None, None, euros, euros, None, n, None, None, "final")
            if n:
                mean = euros / n
                yield (
                    "cost_per_client_assigned",
                    *head,
                    None,
                    None,
                    None,
                    mean,
                    euros,
                    n,
                    n,
                    None,
                    None,
                    "final",
                )
            continue
        yield (metric, *head, *rest)


@dataclass
class Published:
    """A judged release with its cells and what its package says."""

    judged: Assessment
    cells: list[Cell]
    block: dict

    def rows(self, metric: str, *reasons: Reason, level: str = "") -> Iterator[int]:
        """The hidden rows of a metric, of these reasons."""
        frame = self.judged.frame
        for row in frame.by_metric()[metric].tolist():
            code = Reason(int(self.judged.reason[row]))
            asked = code in (reasons or Reason) and level in ("", frame.level[row])
            if asked and is_hidden(self.judged.reason[[row]])[0]:
                yield row

    def back(self, row: int, value: float) -> list[Cell]:
        """The cells with one hidden figure put back."""
        cell = replace(self.cells[row], value=value, display=f"{value:g}", cell_status="shown")
        return [*self.cells[:row], cell, *self.cells[row + 1 :]]

    def as_published(self, row: int) -> float:
        """What would be published of a hidden figure."""
        judged = self.judged
        reason = judged.reason.copy()
        reason[row] = Reason.NONE
        return float(present(judged.frame, judged.declared, judged.rules, reason).value[row])


@pytest.fixture(scope="module")
def published():
    connection, found = duckdb.connect(), region.schools(60, seed=3, per_town=12)
    region.fill(connection, found, list(rows_of(found)))
    with pytest.MonkeyPatch.context() as patch:
        # Many small contributions to every sum: nothing is dominated.
        patch.setattr(assessing, "contributions", _many)
        judged = assessing.assess(connection, "public", processes=1)
    frame, shown = judged.frame, present(judged.frame, judged.declared, judged.rules, judged.reason)
    keys = zip(
        *(frame.metric, frame.level, frame.unit, frame.period, frame.reference, frame.dimension, frame.item),
        strict=True,
    )
    values = [None if np.isnan(v) else float(v) for v in shown.value]
    cells = [
        Cell(*key, value, display, status)
        for key, value, display, status in zip(keys, values, shown.display, shown.status, strict=True)
    ]
    block = facts(judged)
    honest = check(block, cells, answering=True)
    assert honest.findings == []
    return Published(
        judged, cells, {**block, "narrowed": list(honest.narrowed), "above_zero": list(honest.above_zero)}
    )


def _many(connection, frame, asked=None):
    n = len(frame)
    return Contributions(np.ones(n), np.full(n, 2.0), np.full(n, 9.0), np.full(n, 0.2))


def test_what_the_gate_proves_passes(published):
    found = check(published.block, published.cells)
    assert found.findings == []
    assert found.counted["hidden counts"] > 40
    assert found.counted["hidden sums"] > 20
    assert "Not to be judged from outside: who contributes" in found.told()


KINDS = {
    "count": "pupils_with_care",
    "count of a year": "care_pupils",
    "share": "care_share",
    "mean": "upc_t",
    "hours": "assigned_hours_week",
    "euros": "care_cost_assigned",
    "hours per pupil": "hours_per_pupil",
    "euros per client": "cost_per_client_assigned",
}


@pytest.mark.parametrize("metric", KINDS.values(), ids=KINDS)
def test_a_hidden_figure_that_is_put_back_is_refused(published, metric):
    frame = published.judged.frame
    rows = [r for r in published.rows(metric) if frame.value[r] > 0]
    assert rows
    for row in rows[:: max(1, len(rows) // 6)]:
        x, n = frame.value[row], frame.children[row]
        rounded = published.as_published(row)
        values = [x] if metric not in ("pupils_with_care", "care_pupils") or n < 8 else []
        # Of 8 or 9 children nobody outside can tell that they were not 10.
        values += [rounded] if n < 8 or n >= 10 else []
        for value in values:
            findings = check(published.block, published.back(row, float(value))).findings
            if not findings:
                # A number of children just under 30 comes out as 30. A figure hidden for others may lie too
                # far from them to give them away to somebody who knows roundings and bounds only.
                assert published.judged.reason[row] in (Reason.SMALL_POPULATION, Reason.SECONDARY)
                assert n in (28, 29) or published.judged.reason[row] == Reason.SECONDARY
                assert value == rounded
                continue
            names = {finding.cell.partition("|")[0] for finding in findings}
            assert names <= published.block["figures"].keys(), (frame.unit[row], value)


def test_a_figure_hidden_for_others_gives_them_away_when_it_is_put_back(published):
    """The total minus what is shown: what is found are the others, by name."""
    seen = 0
    for metric in ("pupils_with_care", "care_pupils", "upc_t", "care_cost_assigned", "assigned_hours_week"):
        for row in published.rows(metric, Reason.SECONDARY):
            found = check(published.block, published.back(row, published.as_published(row))).findings
            if metric in ("pupils_with_care", "care_pupils"):
                assert any(finding.cell != published.cells[row].name for finding in found), row
            seen += bool(found)
    assert seen


def test_a_share_tells_its_count_and_a_count_its_share(published):
    """Either alone is enough, when the denominator is shown."""
    frame = published.judged.frame
    row = next(
        r for r in published.rows("care_share") if frame.numerator[r] < 8 and frame.denominator[r] > 60
    )
    found = check(published.block, published.back(row, published.as_published(row))).findings
    assert {f.what for f in found} >= {"shown, and pupils_with_care, on which it stands, is hidden"}
    unlinked = json.loads(json.dumps(published.block))
    unlinked["figures"]["care_share"].pop("stands_on")
    (first, *_) = check(unlinked, published.back(row, published.as_published(row))).findings
    assert first.what == "shown, and below 10"
    count = next(r for r in published.rows("pupils_with_care", Reason.SECONDARY))
    found = check(published.block, published.back(count, published.as_published(count))).findings
    assert "hidden, and pupils_with_care tells it" in {f.what for f in found}


def test_a_row_that_lacks_and_an_unknown_figure_are_refused(published):
    row = next(published.rows("pupils_with_care", level="school"))
    gone = [*published.cells[:row], *published.cells[row + 1 :]]
    assert "its row lacks" in {f.what for f in check(published.block, gone).findings}
    other = replace(published.cells[0], metric="something_else", value=7.0, display="7", cell_status="shown")
    found = check(published.block, [*published.cells, other]).findings
    assert "shown, and the package does not say what it is" in {f.what for f in found}


def write(folder: Path, published: Published, cells: list[Cell]) -> Path:
    folder.mkdir()
    with (folder / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, Cell.__slots__)
        out.writeheader()
        out.writerows({n: getattr(c, n) for n in Cell.__slots__} for c in cells)
    digest = hashlib.sha256((folder / "figures.csv").read_bytes()).hexdigest()
    resource = {"name": "figures", "path": "figures.csv", "hash": f"sha256:{digest}"}
    package = {"disclosure": published.block, "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    return folder


def test_the_command_names_table_and_cell_and_ends_with_6(published, tmp_path, capsys):
    good = write(tmp_path / "good", published, published.cells)
    assert run(["protect", "--verify", str(good)]) == 0
    assert "nothing unsafe found" in capsys.readouterr().out
    row = next(published.rows("upc_t", Reason.THRESHOLD))
    bad = write(tmp_path / "bad", published, published.back(row, published.as_published(row)))
    assert run(["protect", "--verify", str(bad)]) == 6
    assert published.cells[row].name in capsys.readouterr().err
    # The earlier release hid it: now that it is shown, the two together tell more than either.
    assert verify_folder(good, good).findings == []
    found = verify_folder(bad, good).findings
    assert "shown, and hidden in the earlier release" in {f.what for f in found}
    with (good / "figures.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert {f.what for f in verify_folder(good).findings} == {"not the file that the package describes"}


def test_a_correction_of_a_few_children_is_found(published, tmp_path):
    row = next(
        r
        for r in published.judged.frame.by_metric()["pupils_with_care"].tolist()
        if published.cells[r].level == "region"
    )
    before = write(tmp_path / "before", published, published.cells)
    value = published.cells[row].value or 0.0
    after = write(tmp_path / "after", published, published.back(row, value + 5))
    found = {f.what for f in verify_folder(after, before).findings}
    assert "changed by fewer children than may be seen" in found


def test_a_package_that_does_not_say_how_figures_hang_together_is_no_release(published, tmp_path):
    folder = write(tmp_path / "p", published, published.cells)
    description = json.loads((folder / "datapackage.json").read_text("utf-8"))
    del description["disclosure"]["figures"]
    (folder / "datapackage.json").write_text(json.dumps(description), "utf-8")
    with pytest.raises(SourceError, match="figures"):
        verify_folder(folder)


def test_the_package_tells_no_true_figure(published):
    """Differences of totals and parts are whole rounding steps; the rest of the block is structure."""
    block, base = published.block, published.judged.rules.rounding_base
    for sum_ in (*block["relations"], *block["ties"]):
        figure = block["figures"].get(sum_.get("metric", ""), {})
        step = 1000 if figure.get("kind") == "cost" else base * figure.get("scale", 1)
        assert sum_["least"] % step == sum_["most"] % step == 0
    text = json.dumps({k: v for k, v in block.items() if k not in ("relations", "ties", "not_shown")})
    numbers = {int(v) for v in published.judged.frame.value[published.judged.frame.value > 1000].tolist()}
    assert not any(f" {n}" in text or f":{n}" in text for n in numbers if n % 1000)
