"""``zorgdata --help`` answers at once, and ``import zorgdata`` costs nothing."""

import subprocess
import sys

HEAVY = ("duckdb", "polars", "pyarrow", "sqlglot", "jinja2", "numpy", "scipy", "altair", "lxml")


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_help_imports_nothing_heavy() -> None:
    loaded = modules_after("from zorgdata.cli.main import run\nassert run(['--help']) == 0")
    assert "typer" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_help_of_every_command_imports_nothing_heavy() -> None:
    code = (
        "from zorgdata.cli.main import app, run\n"
        "import typer\n"
        "def walk(c, p):\n"
        "    assert run([*p, '--help']) == 0, p\n"
        "    [walk(s, [*p, n]) for n, s in getattr(c, 'commands', {}).items()]\n"
        "walk(typer.main.get_command(app), [])"
    )
    assert modules_after(code).isdisjoint(HEAVY)


def test_importing_the_package_imports_nothing_else() -> None:
    loaded = modules_after("import zorgdata")
    assert [name for name in loaded if name.startswith("zorgdata")] == ["zorgdata"]
