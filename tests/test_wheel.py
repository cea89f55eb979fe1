"""A wheel built from the checkout works when it is installed elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: object, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd), "CCHC_LANG": "en", **environment},
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the checkout; give the installed program, outside of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignored = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", ".hypothesis", "tests")
    shutil.copytree(ROOT, source, ignore=ignored)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist", cwd=source)
    shutil.rmtree(source)
    # The dependencies are those of this interpreter; the program and its data come only from the wheel.
    venv.create(folder / "venv", with_pip=False)
    binaries = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = binaries / Path(sys.executable).name
    (wheel,) = (folder / "dist").glob("*.whl")
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", wheel, cwd=folder)
    (packages,) = (folder / "venv").glob("**/site-packages")
    ours = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    without_checkout = folder / "dependencies"
    shutil.copytree(
        ours, without_checkout, ignore=shutil.ignore_patterns("_cchc.pth", "cchc*"), symlinks=True
    )
    (packages / "dependencies.pth").write_text(f"{without_checkout}\n", "utf-8")
    return binaries / "cchc"


def test_the_installed_program_imports_its_own_plan_and_records(installed: Path, tmp_path: Path) -> None:
    database = {"CCHC_DB": str(tmp_path / "cchc.db")}
    said = run(installed, "import", "plan_2024.yaml", cwd=tmp_path, **database)
    assert "imported" in said
    assert "comes with cchc" in said
    run(
        installed,
        "log",
        "radio-column",
        "15",
        "--agency",
        "dai-buon-ho",
        "--date",
        "2024-03-14",
        cwd=tmp_path,
        **database,
    )
    assert '"met": 1' in run(
        installed, "status", "--agency", "dai-buon-ho", "-f", "json", cwd=tmp_path, **database
    )
    vietnamese = run(installed, "--lang", "vi", "history", cwd=tmp_path, **database)
    assert "Cơ quan" in vietnamese


def test_the_wheel_lies_where_the_program_runs_from(installed: Path, tmp_path: Path) -> None:
    python = installed.with_name(Path(sys.executable).name)
    place = run(python, "-c", "import cchc_cli; print(cchc_cli.__file__)", cwd=tmp_path)
    assert Path(place.strip()).is_relative_to(installed.parent.parent)
