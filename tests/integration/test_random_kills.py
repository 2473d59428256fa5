"""A night that is killed anywhere: what was published stands, and the next night ends as if nothing happened.

``test_faults`` kills at the steps that are known to matter; here chance decides, at moments spread over the
run, in commits, and between the renames by which a publication is swapped in.
"""

import hashlib
import json
import random
import re
from pathlib import Path

import pytest

from tests.integration.test_faults import copied, ends_well, releases, shown
from tests.support.command import zorgdata
from tests.support.faults import KILLED, run_night
from tests.support.town import deliver_care, make_town
from zorgdata.pipeline.run import run_pipeline
from zorgdata.workspace import SETTINGS_FILE, Workspace

pytestmark = pytest.mark.slow

_CHANCE = random.Random(20261122)
MOMENTS = [("event", (n + _CHANCE.random()) / 12, _CHANCE.uniform(0, 0.3)) for n in range(12)]
MOMENTS += [("commit", (n + _CHANCE.random()) / 5, _CHANCE.choice([0, 0.001, 0.004, 0.02])) for n in range(5)]
MOMENTS += [("rename", share, 0.0) for share in (0.2, 0.5, 0.8, 0.9, 0.99)]
"""What is counted, at which share of all of them, and how many seconds later the process dies."""

COUNTING = """
import collections, contextlib, threading, zorgdata.store as store, zorgdata.store.connect as connect

WHAT, NUMBER, DELAY = {what!r}, {number}, {delay}
met = collections.Counter()
ended = []

def meet(what):
    met[what] += 1
    if what == WHAT and met[what] == NUMBER and not ended:
        ended.append(what)
        threading.Timer(DELAY, killed).start() if DELAY else killed()

def hook(event, arguments):
    if not ended:
        meet("event")
        if event in ("os.rename", "os.symlink"):
            meet("rename")

plain = connect.transaction

@contextlib.contextmanager
def transaction(connection):
    with plain(connection):
        yield
        meet("commit")  # what follows is the commit itself

store.transaction = connect.transaction = transaction
sys.addaudithook(hook)
import atexit
atexit.register(lambda: print("met", *(met[name] for name in ("event", "commit", "rename")), file=sys.stderr))
"""


def counting(what: str = "", number: int = 0, delay: float = 0.0) -> str:
    """Preparation of a night that dies at the ``number``-th event, commit or rename; 0 only counts them."""
    return COUNTING.format(what=what, number=number, delay=delay)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Three municipalities that were published, with a delivery of each waiting."""
    workspace = make_town(tmp_path_factory.mktemp("kills") / "town")
    settings = workspace.root / SETTINGS_FILE
    text = settings.read_text(encoding="utf-8").replace('["9901"]', '["9901", "9902", "9903"]', 1)
    settings.write_text(text, encoding="utf-8")
    deliver_care(workspace, "indicaties_9902.csv", range(30, 45), "9902")
    deliver_care(workspace, "indicaties_9903.csv", range(45, 60), "9903")
    assert run_pipeline(workspace, "nightly").published
    for n, code in enumerate(("9901", "9902", "9903")):
        deliver_care(workspace, f"meer_{code}.csv", range(60 + 5 * n, 65 + 5 * n), code)
    return workspace


@pytest.fixture(scope="module")
def after(before: Workspace, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, dict[str, int]]:
    """The same after a night in which nothing went wrong, and how much of everything happened in it."""
    workspace = copied(before, tmp_path_factory.mktemp("whole") / "town")
    done = run_night(workspace.root, counting())
    assert json.loads(done.stdout)["published"], done.stderr
    met = re.search(r"met (\d+) (\d+) (\d+)", done.stderr)
    assert met, done.stderr
    return workspace, dict(zip(("event", "commit", "rename"), map(int, met.groups()), strict=True))


def pages(workspace: Workspace, publication: str) -> dict[str, str]:
    """The hash of every file of a publication."""
    folder = workspace.reports / publication
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda m: f"{m[0]}-{m[1]:.2f}-{m[2]:.3f}")
def test_killed_at_random(
    before: Workspace,
    after: tuple[Workspace, dict[str, int]],
    tmp_path: Path,
    moment: tuple[str, float, float],
) -> None:
    whole, met = after
    what, share, delay = moment
    workspace = copied(before, tmp_path / "town")
    number = 1 + int(share * met[what])
    done = run_night(workspace.root, counting(what, number, delay))
    assert done.returncode == KILLED, done.stderr

    # What stood is as it was, whatever is shown now; and what is shown is whole and in the ledger.
    old, new = shown(before), shown(whole)
    assert pages(workspace, old[0]) == pages(before, old[0])
    name, page, figures = shown(workspace)
    assert (name, page) in {old[:2], new[:2]}
    assert pages(workspace, name) == pages(before if name == old[0] else whole, name)
    assert figures in (old[2], new[2])
    assert name in releases(workspace)

    # The database opens, and who asks hears what happened.
    status = zorgdata("-C", workspace.root, "status")
    assert status.returncode == 0, status.stderr
    assert re.search(r"Last run: nightly, .* (killed|done)\.", status.stdout + status.stderr)
    doctor = zorgdata("-C", workspace.root, "doctor", "--json")
    assert doctor.returncode == 0, doctor.stderr
    assert {row["state"] for row in json.loads(doctor.stdout)} <= {"good", "note"}

    ends_well(workspace, whole)
    assert pages(workspace, new[0]) == pages(whole, new[0])
