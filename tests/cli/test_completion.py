"""Shell completion: codes from the database, without error messages and without changing anything."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.program import EXECUTABLE, Program
from tests.small_plan import write_plan


@pytest.fixture
def small(cchc_on: Program, tmp_path: Path) -> Program:
    """Give the program with the small plan, on each kind of database in turn."""
    cchc_on.ok("import", write_plan(tmp_path))
    return cchc_on


def bash(cchc: Program, *words: str) -> list[str]:
    """Complete the last word as bash does; give the candidates."""
    return _completions(
        cchc,
        {
            "_CCHC_COMPLETE": "complete_bash",
            "COMP_WORDS": " ".join(("cchc", *words)),
            "COMP_CWORD": str(len(words)),
        },
    ).split()


def zsh(cchc: Program, line: str) -> str:
    """Complete the end of the line as zsh does; give the text that zsh evaluates."""
    return _completions(cchc, {"_CCHC_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": line})


def _completions(cchc: Program, variables: dict[str, str]) -> str:
    done = subprocess.run(
        [EXECUTABLE],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**cchc.environ(), **variables},
        cwd=cchc.home,
        stdin=subprocess.DEVNULL,
    )
    assert not done.stderr
    return done.stdout


def test_codes(small: Program) -> None:
    """Each option and argument that takes a code offers those of the database that begin so."""
    assert bash(small, "log", "--agency", "ea-") == ["ea-drong", "ea-drong-cmg"]
    assert bash(small, "log", "A.") == ["A.1", "A.2", "A.3", "A.4"]
    assert bash(small, "log", "radio") == ["radio-column"]
    assert bash(small, "plan", "me") == ["meetings"]
    assert bash(small, "explain", "pan") == ["panels"]
    assert bash(small, "waive", "sh") == ["share"]
    assert bash(small, "status", "--activity", "A.1") == ["A.1"]
    assert bash(small, "status", "--plan", "") == ["small"]
    assert bash(small, "plan", "--plan", "s") == ["small"]
    assert bash(small, "status", "--review", "") == ["past", "running"]
    assert bash(small, "status", "--agency", "zzz") == []


def test_names_help(small: Program) -> None:
    """Where the shell shows a text beside a code, it is the name; brackets and long names do not break it."""
    shown = zsh(small, "cchc log --agency dai")
    assert shown.strip() == """_arguments '*: :(("dai-buon-ho":"Đài Truyền thanh Buôn Hồ"))'"""
    assert '"A.4":"Hội nghị"' in zsh(small, "cchc log ")


def test_long_names_stay_on_their_line(cchc: Program, tmp_path: Path) -> None:
    """A candidate stays on one line, and Typer does not read brackets in it as markup."""
    cchc.ok("import", write_plan(tmp_path, ("title: Hội nghị", f"title: 'Hội [bold] nghị {'dài ' * 60}'")))
    (line,) = zsh(cchc, "cchc log A.4").splitlines()
    assert "Hội (bold) nghị dài" in line


def test_plan_narrows(small: Program, tmp_path: Path) -> None:
    """With --plan only that plan's names are offered; without one those of all plans, each once."""
    small.ok("import", write_plan(tmp_path, ("code: small", "code: other"), ("- code: A.4", "- code: B.4")))
    assert bash(small, "log", "--plan", "other", "B") == ["B.4"]
    assert bash(small, "log", "--plan", "small", "B") == []
    assert sorted(bash(small, "log", "A.")) == ["A.1", "A.2", "A.3", "A.4"]
    assert bash(small, "log", "B") == ["B.4"]


def test_settings(small: Program) -> None:
    """`config` offers what can be kept, and what it can be."""
    assert bash(small, "config", "") == ["set", "unset"]
    assert bash(small, "config", "set", "a") == ["agency", "author"]
    assert bash(small, "config", "set", "language", "") == ["vi", "en"]
    assert bash(small, "config", "set", "agency", "buon") == ["buon-ho"]
    assert bash(small, "config", "set", "plan", "") == ["small"]
    assert bash(small, "config", "set", "author", "") == []


def test_the_database_that_is_kept_is_completions(cchc: Program, tmp_path: Path) -> None:
    """The database of --db goes before that of the environment, and that before the setting."""
    cchc.ok("import", write_plan(tmp_path))
    kept = Program(cchc.home, "")
    kept.ok("config", "set", "database", cchc.db)
    assert bash(kept, "log", "me") == ["meetings"]
    absent = str(tmp_path / "absent.db")
    assert bash(kept, "--db", absent, "log", "me") == []
    assert bash(Program(cchc.home, absent), "--db", cchc.db, "log", "me") == ["meetings"]
    assert bash(Program(cchc.home, absent), "log", "--db", cchc.db, "me") == ["meetings"]
    assert bash(kept, "log", "--lang", "") == ["vi", "en"]
    assert "--db" not in bash(kept, "log", "--")


def test_nothing_is_made_or_migrated(cchc: Program, tmp_path: Path) -> None:
    """Without a database, with an old one, a foreign file or an unreachable server nothing is offered or changed."""
    assert bash(cchc, "log", "A") == []
    assert not Path(cchc.db).exists()
    unnamed = Program(cchc.home, "", {"XDG_DATA_HOME": str(cchc.home / "data")})
    assert bash(unnamed, "log", "A") == []
    assert list(cchc.home.iterdir()) == []
    cchc.ok("import", write_plan(tmp_path))
    whole = Path(cchc.db).read_bytes()
    older = bytearray(whole)
    older[60:64] = (1).to_bytes(4, "big")
    for content in (bytes(older), b"", b"something else", whole[:3000]):
        Path(cchc.db).write_bytes(content)
        assert bash(cchc, "log", "A") == []
        assert Path(cchc.db).read_bytes() == content
        assert [path.name for path in Path(cchc.db).parent.glob("cchc.db*")] == ["cchc.db"]
    assert bash(Program(cchc.home, "postgresql://127.0.0.1:1/x"), "log", "A") == []


def test_damaged_settings(small: Program) -> None:
    """A damaged settings file causes no error message during completion."""
    folder = small.home / ".config" / "cchc"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("agency", "utf-8")
    assert bash(small, "log", "me") == ["meetings"]


def test_a_real_bash(cchc: Program, tmp_path: Path) -> None:
    """The script of --show-completion works in bash."""
    cchc.ok("import", write_plan(tmp_path))
    shell = shutil.which("bash")
    assert shell
    program = f"""
        cchc() {{ "{EXECUTABLE}" "$@"; }}
        source /dev/stdin <<< "$("{EXECUTABLE}" --show-completion bash)"
        COMP_WORDS=(cchc log --agency dai); COMP_CWORD=3
        _cchc_completion cchc
        echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        [shell, "--norc", "-c", program],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={
            **cchc.environ(),
            "PATH": f"{EXECUTABLE.parent}:{cchc.environ()['PATH']}",
            "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
        },
        cwd=cchc.home,
    )
    assert "dai-buon-ho" in done.stdout
