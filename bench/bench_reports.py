"""How long reports take: a monitor made cold, made again with its drawings kept, and when nothing changed.

    python bench/bench_reports.py [WORKSPACE]

Without a workspace it makes the small demo in a temporary folder. Prints seconds of the clock and of the
processor, the number of pages and the largest page; nothing in the workspace but ``reports/`` is touched.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from zorgdata.pipeline.publication import DRAWINGS, make_report
from zorgdata.report import svg
from zorgdata.workspace import Workspace, find_workspace

KIND, AUDIENCE = "monitor", "public"


def timed(name: str, work: Callable[[], object]) -> None:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    print(
        f"{name:<34}{time.perf_counter() - clock:>8.1f} s{time.process_time() - processor:>8.1f} s processor"
    )


def bench(workspace: Workspace) -> None:
    made = workspace.reports / f"{KIND}-{AUDIENCE}"

    def again() -> None:
        make_report(workspace, KIND, AUDIENCE)

    shutil.rmtree(made, ignore_errors=True)
    shutil.rmtree(workspace.reports / DRAWINGS, ignore_errors=True)
    timed("cold", again)
    shutil.rmtree(made)
    svg.forget()
    timed("all pages again, drawings kept", again)
    timed("nothing changed", again)
    pages = sorted(made.rglob("*.html"), key=lambda p: p.stat().st_size)
    largest = pages[-1]
    print(f"{len(pages)} pages; largest: {largest.relative_to(made)}, {largest.stat().st_size / 1000:.0f} kB")


def main() -> None:
    if len(sys.argv) > 1:
        bench(find_workspace(Path(sys.argv[1])))
        return
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        subprocess.run([Path(sys.executable).with_name("zorgdata"), "demo", demo, "--quiet"], check=True)
        bench(find_workspace(demo))


if __name__ == "__main__":
    main()
