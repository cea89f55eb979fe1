"""Check whether the upper limit on typer's version can be removed; `make lock` runs it.

From 0.29 on typer builds a pydantic adapter for each parameter of a command, which takes longer than the command
itself (docs/performance.md). The newest release is installed in a temporary folder and runs a command there; if that
does not import pydantic, the limit in `pyproject.toml` should be removed.
"""

from __future__ import annotations

import subprocess
import sys
from tempfile import TemporaryDirectory

LOADS = """
import sys, typer
app = typer.Typer()
@app.command()
def say(word: str) -> None: ...
app(["x"], standalone_mode=False)
print(typer.__version__, *sorted({"pydantic", "rich"} & set(sys.modules)))
"""


def loaded_by(folder: str | None = None) -> list[str]:
    """Give the version of typer, then those of pydantic and rich that running a command imports."""
    path = f"import sys; sys.path.insert(0, {folder!r})\n" if folder else ""
    done = subprocess.run(
        [sys.executable, "-c", path + LOADS], check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout.split()


def main() -> None:
    """Test the newest typer; exit with 1 if the limit is needless."""
    with TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-qU", "--target", folder, "typer"],
            check=True,
        )
        version, *heavy = loaded_by(folder)
    if "pydantic" not in heavy:
        sys.exit(f"typer {version} runs without pydantic: take its cap out of pyproject.toml")


if __name__ == "__main__":
    main()
