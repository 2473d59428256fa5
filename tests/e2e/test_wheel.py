"""The wheel carries what it needs: installed elsewhere, without the checkout, it runs the demo."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def uv() -> str:
    found = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    if not Path(found).exists():
        pytest.skip("uv is not installed")
    return found


@pytest.fixture(scope="module")
def wheel(uv: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([uv, "build", "--quiet", "--out-dir", str(folder), str(ROOT)], check=True)
    assert list(folder.glob("*.tar.gz"))
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_the_assets(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("sql/core", "templates", "pipelines", "sample_data"):
        assert any(name.startswith(f"zorgdata/_assets/{folder}/") for name in names), folder
    assert not any(name.startswith(("tests/", "bench/")) for name in names)


def test_the_installed_wheel_runs_the_demo(uv: str, wheel: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked.txt"
    export = [uv, "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes"]
    locked.write_bytes(subprocess.run(export, cwd=ROOT, check=True, capture_output=True).stdout)
    env = tmp_path / "env"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(env)], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", str(env / "bin" / "python")]
    subprocess.run([*install, "--constraint", str(locked), str(wheel)], check=True)
    done = subprocess.run(
        [str(env / "bin" / "zorgdata"), "demo", str(tmp_path / "region")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "region" / "reports" / "latest" / "public" / "snapshot" / "index.html").exists()
