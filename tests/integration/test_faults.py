"""A night that is killed, or whose disk is full, loses nothing and never shows half of anything.

Every case goes on with a plain run, and must end as a night without the fault.
"""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.faults import KILLED, run_night
from tests.support.town import deliver_care, make_town
from zorgdata.pipeline import team
from zorgdata.pipeline.overview import last_run
from zorgdata.pipeline.run import run_pipeline
from zorgdata.store import open_published, open_query
from zorgdata.workspace import Workspace

slow = pytest.mark.slow
MOMENTS = {
    "ingest": "from zorgdata.pipeline import stages, steps\nsteps.ingest = killed_after(steps.ingest)",
    "build": "from zorgdata.pipeline import quality\nfrom zorgdata.engine import run as e\n"
    "e.write_state = killed_after(e.write_state)",
    "protect": "from zorgdata.pipeline import steps\n"
    "steps.protect_audience = killed_after(steps.protect_audience)",
    "pages written": "from zorgdata.pipeline import publication as p\n"
    "p.write_folder = killed_after(p.write_folder)",
    "noted, nothing swapped": "from zorgdata.pipeline import stages\nstages.publish = killed",
    "figures swapped, pages not": "from zorgdata.pipeline import publication as p\np.point_latest = killed",
    "all swapped": "from zorgdata.pipeline import publication as p\n"
    "p.point_latest = killed_after(p.point_latest)",
}
ORDINARY = {"figures swapped, pages not"}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A town that was published, with a delivery waiting."""
    workspace = make_town(tmp_path_factory.mktemp("faults") / "town")
    assert run_pipeline(workspace, "nightly").published
    deliver_care(workspace, "meer.csv", range(30, 60))
    return workspace


@pytest.fixture(scope="module")
def after(before: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The same after a night in which nothing went wrong."""
    workspace = copied(before, tmp_path_factory.mktemp("after") / "town")
    assert run_pipeline(workspace, "nightly").published
    return workspace


def copied(workspace: Workspace, root: Path) -> Workspace:
    return Workspace(Path(shutil.copytree(workspace.root, root, symlinks=True)))


def shown(workspace: Workspace) -> tuple[str, bytes, list[tuple[object, ...]]]:
    """What a reader sees: which publication, its page, its figures."""
    latest = workspace.reports / "latest"
    page = (latest / "public" / "snapshot" / "index.html").read_bytes()
    with closing(open_published(workspace.published_database)) as connection:
        figures = connection.execute("select * from protected.value order by all").fetchall()
    return latest.readlink().name, page, figures


def releases(workspace: Workspace) -> set[str]:
    """What the ledger of disclosure control knows as published."""
    with closing(open_query(workspace)) as connection:
        return {
            name for (name,) in connection.execute("select release_id from disclosure.release").fetchall()
        }


def ends_well(workspace: Workspace, after: Workspace) -> None:
    """A plain run finishes the work, and the one after it has nothing to do."""
    finished = run_pipeline(workspace, "nightly")
    assert finished.exit_code == 0, finished.messages
    assert shown(workspace) == shown(after)
    assert shown(workspace)[0] in releases(workspace)
    assert releases(workspace) == releases(after)
    assert list(run_pipeline(workspace, "nightly").seconds) == ["look"]


@pytest.mark.parametrize("moment", [m if m in ORDINARY else pytest.param(m, marks=slow) for m in MOMENTS])
def test_killed(before: Workspace, after: Workspace, tmp_path: Path, moment: str) -> None:
    workspace = copied(before, tmp_path / "town")
    assert run_night(workspace.root, MOMENTS[moment]).returncode == KILLED
    assert "killed. It never came to its end" in last_run(workspace)
    name, page, figures = shown(workspace)
    old, new = shown(before), shown(after)
    # Pages and figures are each old or new, and what is seen is in the ledger.
    assert (name, page) in {old[:2], new[:2]}
    assert figures in (old[2], new[2])
    assert name in releases(workspace)
    if figures == new[2]:
        assert new[0] in releases(workspace)
    ends_well(workspace, after)
    with closing(open_query(workspace)) as connection:
        ends = connection.execute(
            "select status, count(*) from meta.run group by all order by all"
        ).fetchall()
    assert ("killed", 1) in ends


@slow
def test_killed_while_sharing(before: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = copied(before, tmp_path / "town")
    settings = workspace.root / "zorgdata.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('\ncatalogue = ""', '\ncatalogue = "dbname=none"'), encoding="utf-8")
    killing = "from zorgdata.pipeline import team\nteam.share_with_team = killed"
    assert run_night(workspace.root, killing).returncode == KILLED
    published = shown(workspace)
    assert published[0] != shown(before)[0]
    monkeypatch.setattr(team, "share_with_team", lambda session: {"protected.value": 1})
    finished = run_pipeline(workspace, "nightly")
    assert (finished.status, finished.published) == ("done", False), finished.messages
    assert "share" in finished.seconds
    assert shown(workspace) == published


LIMIT = 1_000_000
AT_PUBLISHING = f"""
import resource
from zorgdata.pipeline import stages
write = stages.write_published
def limited(connection, target):
    resource.setrlimit(resource.RLIMIT_FSIZE, ({LIMIT}, resource.RLIM_INFINITY))
    write(connection, target)
stages.write_published = limited
"""


@pytest.mark.parametrize("step", ["publish", pytest.param("build", marks=slow)])
def test_a_disk_that_is_full(before: Workspace, after: Workspace, tmp_path: Path, step: str) -> None:
    """The system refuses to let a file grow; DuckDB keeps silent about that when it closes a file."""
    workspace = copied(before, tmp_path / "town")
    done = (
        run_night(workspace.root, AT_PUBLISHING)
        if step == "publish"
        else run_night(workspace.root, largest_file=LIMIT)
    )
    assert json.loads(done.stdout)["step"] == step
    assert done.returncode == 2, done.stderr
    assert "too large" in done.stderr
    assert shown(workspace) == shown(before)
    ends_well(workspace, after)


@slow
def test_two_at_once(before: Workspace, after: Workspace, tmp_path: Path) -> None:
    """The first goes on as if it were alone, the second leaves at once and says so."""
    workspace = copied(before, tmp_path / "town")
    second = (
        "import subprocess\nfrom zorgdata.pipeline import steps\nprotect = steps.protect_audience\n"
        "def also(*values):\n"
        "    done = subprocess.run([sys.executable, '-m', 'zorgdata.cli.main', '-C', sys.argv[1], 'run'],"
        " capture_output=True, text=True)\n"
        "    assert 'run nightly' in done.stderr\n"
        "    print(done.returncode, file=sys.stderr)\n"
        "    return protect(*values)\n"
        "steps.protect_audience = also"
    )
    done = run_night(workspace.root, second)
    assert (done.returncode, done.stderr.strip()) == (0, "75")
    assert json.loads(done.stdout)["published"]
    assert shown(workspace) == shown(after)
