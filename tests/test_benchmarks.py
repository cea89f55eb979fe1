"""The benchmark itself, on a thousand executions: each row yields a figure, and the results are written.

No speed is asked for: what is measured here means nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks.__main__ import GROWTH, ROWS
from benchmarks.data import CHUNK, draw_executions, made_up_plan
from benchmarks.measure import Spread, ratios
from benchmarks.picture import growth_svg
from cchc_cli.services.files.plan_file import parse_plan

ROOT = Path(__file__).resolve().parent.parent
SVG = "{http://www.w3.org/2000/svg}"


def benchmark(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", "--rows", "1000", "--runs", "1", *map(str, arguments)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "BENCH_FOLDER"},
    )


def test_every_row_yields_a_figure_and_the_results_are_written(tmp_path: Path) -> None:
    done = benchmark("--no-instructions", "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "benchmarks" / "results.md").read_text("utf-8")
    table = page.partition("| row |")[2].partition("## Growth")[0]
    lines = [[cell.strip() for cell in line.split(" | ")] for line in table.splitlines()[2:] if line]
    for row, measured, *_ in lines:
        found = measured.strip("| ")
        assert found in {"not measured", "not installed"} or any(map(str.isdigit, found)), row
    told = " ".join(row for row, *_ in lines)
    for part in ("verify", "log, ", "status --agency", "--help", "status of all", "--summary", "log --file"):
        assert part in told
    for part in (
        "import",
        "in one program, SQLite",
        "as cchc log, PostgreSQL",
        "taskwarrior",
        "hledger",
        "growth",
    ):
        assert part in told
    assert "all there" in table
    assert str(ROOT) not in page
    assert str(tmp_path) not in page
    picture = ET.parse(tmp_path / "docs" / "pictures" / "growth.svg").getroot()  # noqa: S314 - just written
    assert len(picture.findall(f"{SVG}polyline")) == 3


def test_one_row_alone_writes_nothing(tmp_path: Path) -> None:
    done = benchmark("--no-instructions", "--only", "import", "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("import, 20 agencies")
    assert list(tmp_path.iterdir()) == []


def test_a_row_that_is_not_there_is_refused() -> None:
    done = benchmark("--only", "nothing")
    assert done.returncode == 2
    assert all(name in done.stderr for name in (*ROWS, GROWTH))


def test_the_same_seed_draws_the_same_in_any_order() -> None:
    whole = [*draw_executions(0, CHUNK + 5, 240, 13), *draw_executions(1, CHUNK + 5, 240, 13)]
    assert [one.no for one in whole] == list(range(1, CHUNK + 6))
    assert whole[CHUNK:] == list(draw_executions(1, CHUNK + 5, 240, 13))
    assert {one.agency for one in whole} == set(range(240))


def test_the_made_up_plan_is_a_plan() -> None:
    plan = parse_plan(made_up_plan(25))
    assert (len(plan.agencies), len(plan.activities)) == (25, 13)
    assert {requirement.measure for activity in plan.activities for requirement in activity.requirements} == {
        "executions",
        "amount",
        "stock",
    }


def test_figures() -> None:
    assert Spread.of([3, 1, 2]) == (2, 1, 3)
    assert ratios([2, 9], [1, 3]) == (2.5, 2, 3)
    assert Spread(1234, 0.5, 2000).text() == "1,234 (0.50–2,000)"
    assert Spread.of([0.25]).text(1000, " ms") == "250 ms"


def test_the_picture_keeps_names_apart_and_refuses_a_fourth_curve() -> None:
    curves = {name: [(10.0, 0.1), (1000.0, 0.1)] for name in ("one", "two", "three")}
    picture = ET.fromstring(growth_svg(curves, "Growth"))  # noqa: S314 - just made
    heights = [
        float(text.attrib["y"]) for text in picture.findall(f"{SVG}text") if "-text" in text.get("class", "")
    ]
    assert min(abs(one - other) for one in heights for other in heights if one != other) >= 16
    with pytest.raises(ValueError, match="zip"):
        growth_svg({**curves, "four": curves["one"]}, "Growth")
