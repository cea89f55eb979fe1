"""Tells when the cap on typer can go: `make lock` runs it, where the newest releases are looked for anyway.

From 0.29 on typer builds a pydantic adapter for each parameter of a command, which costs every command more
than all that it does itself (docs/performance.md). The newest release is put into a folder of its own and runs
a command there; where that loads no pydantic, the cap in `pyproject.toml` is to be taken out.
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
    """Give the version of typer, and what heavy modules running one command of it loads."""
    path = f"import sys; sys.path.insert(0, {folder!r})\n" if folder else ""
    done = subprocess.run(
        [sys.executable, "-c", path + LOADS], check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout.split()


def main() -> None:
    """Look at the newest typer; fail where the cap is needless."""
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
