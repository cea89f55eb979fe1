"""`cchc config` and the settings file: precedence of values, hidden passwords, damaged files."""

from __future__ import annotations

import os
import re
import stat
import sys
from getpass import getuser
from typing import TYPE_CHECKING

import platformdirs
import pytest

from cchc_cli.cli.framework.settings import settings_path
from tests.program import Program
from tests.small_plan import write_plan

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def bare(cchc: Program) -> Program:
    """Give the program without any variable of its own but the language."""
    return Program(
        cchc.home,
        cchc.db,
        {"CCHC_DB": "", "CCHC_AUTHOR": "", "XDG_DATA_HOME": str(cchc.home / "data")},
    )


def file_of(program: Program) -> Path:
    return program.home / ".config" / "cchc" / "config.toml"


def keep(program: Program, text: str) -> Path:
    path = file_of(program)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def settings(
    program: Program, *before: str, after: tuple[str, ...] = ()
) -> dict[str, tuple[str | None, str]]:
    document = program.ok(*before, "config", "-f", "json", *after).json
    assert list(document) == ["format", "settings"]
    assert document["format"] == "cchc-config/1"
    return {one["name"]: (one["value"], one["origin"]) for one in document["settings"]}


def test_built_in(bare: Program) -> None:
    """Without any value given each setting has its built-in value, and no file is created."""
    assert settings(bare) == {
        "agency": (None, "built_in"),
        "author": (getuser(), "built_in"),
        "language": ("en", "environment"),
        "database": (str(bare.home / "data" / "cchc" / "cchc.db"), "built_in"),
        "plan": (None, "built_in"),
    }
    assert not file_of(bare).exists()
    assert not (bare.home / "data").exists()


def test_order(bare: Program, tmp_path: Path) -> None:
    """An option overrides the environment, the environment the file, the file the built-in value."""
    for name, value in (("agency", "so-noi-vu"), ("author", "Lan"), ("plan", "small"), ("language", "en")):
        bare.ok("config", "set", name, value)
    bare.ok("config", "set", "database", str(tmp_path / "kept.db"))
    speechless = Program(bare.home, bare.db, {**bare.environment, "CCHC_LANG": ""})
    assert settings(speechless) == {
        "agency": ("so-noi-vu", "file"),
        "author": ("Lan", "file"),
        "language": ("en", "file"),
        "database": (str(tmp_path / "kept.db"), "file"),
        "plan": ("small", "file"),
    }
    given = {
        "CCHC_AGENCY": "ea-drong",
        "CCHC_AUTHOR": "Minh",
        "CCHC_LANG": "vi",
        "CCHC_DB": "env.db",
        "CCHC_PLAN": "x",
    }
    told = Program(bare.home, bare.db, {**bare.environment, **given})
    assert {value for _, value in settings(told).values()} == {"environment"}
    typed = settings(told, "--db", "typed.db", "--lang", "en")
    assert typed["database"] == ("typed.db", "option")
    assert typed["language"] == ("en", "option")


def test_every_command_takes_its_defaults_from_it(bare: Program, tmp_path: Path) -> None:
    """Agency, author, plan, database and language need not be given any more; what is given goes before them."""
    database = tmp_path / "kept.db"
    bare.ok("config", "set", "database", str(database))
    bare.ok("import", write_plan(tmp_path))
    assert database.exists()
    for name, value in (("agency", "so-noi-vu"), ("author", "Lan"), ("plan", "small")):
        bare.ok("config", "set", name, value)
    bare.ok("log", "A.4")
    bare.ok("log", "A.2", 3, "--agency", "buon-ho", "--by", "Minh")
    found = [
        (one["agency"], one["author"])
        for agency in ("so-noi-vu", "buon-ho")
        for one in bare.ok("history", "--agency", agency, "-f", "json").json["executions"]
    ]
    assert found == [("so-noi-vu", "Lan"), ("buon-ho", "Minh")]
    only = bare.ok("status", "-f", "json").json
    assert {finding["agency"] for finding in only["findings"]} == {"so-noi-vu"}
    # Help breaks its lines after a hyphen too.
    assert "default:so-noi-vu" in "".join(bare.ok("status", "--help").out.split())
    keep(bare, file_of(bare).read_text("utf-8").replace('"small"', '"other"'))
    for command in (("status",), ("plan",), ("review", "list")):
        told = bare.fails(2, *command)
        assert "“other”" in told
        assert "(from the setting plan; change it with: cchc config set plan VALUE)" in told
    bare.ok("plan", "--plan", "small")


def test_options_of_the_program_stand_after_the_command_too(bare: Program, tmp_path: Path) -> None:
    """--db and --lang go before all else where they stand after a command, nested or not."""
    here, elsewhere = str(tmp_path / "here.db"), str(tmp_path / "elsewhere.db")
    told = Program(bare.home, bare.db, {**bare.environment, "CCHC_DB": elsewhere, "CCHC_LANG": "vi"})
    told.ok("import", write_plan(tmp_path), "--db", here)
    for arguments in (
        ("status", "--db", here, "--summary"),
        ("--db", elsewhere, "status", "--summary", f"--db={here}"),
        ("review", "list", "--db", here),
        ("review", "--db", here, "list"),
        ("review", "--db", elsewhere, "list", "--db", here),
        ("log", "A.2", "-1", "--agency", "buon-ho", "--db", here, "--file", "x"),
    ):
        outcome = told.run(*arguments, "--lang", "en")
        assert outcome.code == (2 if "--file" in arguments else 0), outcome
        assert not re.search("[ạảđồ]", outcome.err)
    told.ok("log", "A.2", 2, "--agency", "buon-ho", "--db", here)
    told.ok("log", "A.2", "-1", "--agency", "buon-ho", "--db", here)
    assert not (tmp_path / "elsewhere.db").exists()
    shown = settings(told, "--db", elsewhere, after=("--db", here, "--lang", "en"))
    assert shown["database"] == (here, "option")
    assert shown["language"] == ("en", "option")
    assert "requires an argument" in told.fails(2, "status", "--lang", "en", "--db")
    assert "'vi', 'en'" in told.fails(2, "status", "--lang", "en", "--lang", "de")
    assert "No such option" in told.fails(2, "status", "--lang", "en", "--dbb", here)


def test_help_names_the_options_of_the_program_once(bare: Program) -> None:
    for command in (("status",), ("review",), ("review", "list"), ("config",)):
        shown = bare.ok(*command, "--help").out
        assert shown.count("--db") == shown.count("--lang") == shown.count("--no-pager") == 1
        assert "cchc --help" in shown
    assert "cchc --help" not in bare.ok("--help").out


def test_language(bare: Program) -> None:
    """The language kept is that of everything, errors before any command too."""
    silent = Program(bare.home, bare.db, {**bare.environment, "CCHC_LANG": ""})
    vietnamese = silent.fails(2, "status", "--agency", "x")
    silent.ok("config", "set", "language", "en")
    assert "no plan has been imported yet" in silent.fails(2, "status", "--agency", "x")
    assert "no plan has been imported yet" not in vietnamese


def test_file(bare: Program) -> None:
    """The file is its owner's alone, survives every character that a value may have, and goes with its last setting."""
    awkward = 'Nguyễn "Lan" \\ # = [x] \u2019'
    bare.ok("config", "set", "author", awkward)
    assert settings(bare)["author"] == (awkward, "file")
    path = file_of(bare)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["config.toml"]
    bare.ok("config", "set", "agency", "buon-ho")
    bare.ok("config", "unset", "author")
    assert settings(bare)["author"][1] == "built_in"
    assert settings(bare)["agency"] == ("buon-ho", "file")
    assert "nothing has changed" in bare.ok("config", "unset", "author").out
    assert "nothing has changed" in bare.ok("config", "set", "agency", "buon-ho").out
    other = bare.home / "elsewhere.toml"
    path.rename(other)
    path.symlink_to(other)
    bare.ok("config", "set", "plan", "small")
    assert path.is_symlink()
    assert 'plan = "small"' in other.read_text("utf-8")


def test_a_database_is_kept_from_the_root(bare: Program) -> None:
    """A relative path is stored as an absolute one."""
    bare.run("config", "set", "database", "my.db", cwd=bare.home)
    assert settings(bare)["database"] == (str(bare.home / "my.db"), "file")


def test_no_password_is_shown(bare: Program) -> None:
    """Neither `config`, nor any help or error shows the password of a database's address."""
    url = "postgresql://lan:geheim@127.0.0.1:1/cchc?password=geheim2"
    shown = bare.ok("config", "set", "database", url)
    where = {"CCHC_DB": url}
    outcomes = [
        shown,
        bare.ok("config"),
        bare.ok("config", "-f", "json"),
        bare.ok("--db", url, "config"),
        Program(bare.home, bare.db, {**bare.environment, **where}).ok("config"),
        bare.ok("--help"),
        bare.ok("log", "--help"),
        bare.run("status"),
        bare.run("--db", "postgresql://lan:geheim@x:y/z", "config"),
        bare.run("config", "set", "database", "postgresql://lan:geheim@x:y/z"),
        bare.run("config", "set", "database", "mysql://lan:geheim@x/x"),
    ]
    for outcome in outcomes:
        assert "geheim" not in outcome.out + outcome.err
    assert "lan:***@127.0.0.1:1/cchc" in bare.ok("config").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set",), ("cchc config set NAME", "agency")),
        (("unset",), ("cchc config unset NAME",)),
        (("set", "agency"), ("cchc config set agency VALUE",)),
        (("unset", "agency", "x"), ("cchc config unset agency",)),
        (("set", "agencie", "x"), ("agencie", "agency")),
        (("unset", "colour"), ("colour", "language")),
        (("set", "language", "fr"), ("fr", "vi, en")),
        (("set", "author", "  "), ("author", "one line")),
        (("set", "author", "a\nb"), ("author", "one line")),
        (("set", "database", "mysql://x/y"), ("postgresql://",)),
        (("set", "database", "/no/such/folder/x.db"), ("/no/such/folder",)),
        (("set", "database", "/"), ("/", "regular file")),
    ],
    ids=str,
)
def test_refused(bare: Program, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    """An invalid setting is rejected with what to type instead, and nothing is written."""
    told = bare.fails(2, "config", *arguments)
    for word in words:
        assert word in told
    assert not file_of(bare).exists()


def test_a_setting_is_looked_up(cchc: Program, tmp_path: Path) -> None:
    """An agency or plan that the database does not know is refused; one that it knows is kept by its code."""
    for name, value in (("agency", "Sở Nội vụ"), ("plan", "smal")):
        outcome = cchc.ok("config", "set", name, value)
        assert f"note: {name} could not be checked: there is no database with a plan yet" in outcome.err
        assert settings(cchc)[name] == (value, "file")
    assert not file_of(cchc).with_name("cchc.db").exists()
    cchc.ok("import", write_plan(tmp_path))
    for name, value, code in (
        ("agency", "Sở Nội vụ", "so-noi-vu"),
        ("agency", "SNV", "so-noi-vu"),
        ("agency", "thi ho", "buon-ho"),
        ("plan", " SMALL ", "small"),
    ):
        outcome = cchc.ok("config", "set", name, value)
        assert (f"{name} is kept: {code} (" in outcome.out) == (value != "SNV")
        assert not outcome.err
        assert settings(cchc)[name] == (code, "file")
    before = file_of(cchc).read_bytes()
    for name, value, hint in (
        ("agency", "buon-hoo", "did you mean buon-ho"),
        ("agency", "xa ea drong", "ea-drong-cmg"),
        ("agency", "zzz", "there are: "),
        ("plan", "smal", "did you mean small"),
    ):
        assert hint in cchc.fails(2, "config", "set", name, value)
    assert file_of(cchc).read_bytes() == before
    other = str(tmp_path / "other.db")
    assert "could not be checked" in cchc.ok("--db", other, "config", "set", "agency", "zzz").err
    assert "could not be checked" in cchc.ok("config", "set", "agency", "zzz", "--db", str(tmp_path)).err


def test_a_setting_is_looked_up_in_each_plan(cchc: Program, tmp_path: Path) -> None:
    """Without a plan that is kept, the agencies of any plan are known; a name of several codes is refused."""
    cchc.ok("import", write_plan(tmp_path))
    other = write_plan(tmp_path, ("code: small", "code: other"))
    other.write_text(re.sub(r"(?<!dai-)\bbuon-ho\b", "tx-buon-ho", other.read_text("utf-8")), "utf-8")
    cchc.ok("import", other)
    assert "buon-ho, tx-buon-ho" in cchc.fails(2, "config", "set", "agency", "UBND thị xã Buôn Hồ")
    cchc.ok("config", "set", "agency", "tx-buon-ho")
    cchc.ok("config", "set", "plan", "other")
    cchc.ok("config", "set", "agency", "UBND thị xã Buôn Hồ")
    assert settings(cchc)["agency"] == ("tx-buon-ho", "file")


def test_an_error_names_the_setting_that_it_comes_from(cchc: Program, tmp_path: Path) -> None:
    """An error about a value that was not typed names its origin."""
    cchc.ok("import", write_plan(tmp_path))
    keep(cchc, 'agency = "nobody"\n')
    kept = "(from the setting agency; change it with: cchc config set agency VALUE)"
    told = Program(cchc.home, cchc.db, {**cchc.environment, "CCHC_AGENCY": "none"})
    for command in (("status",), ("log", "A.4"), ("due",), ("explain", "A.4", "--period", "past")):
        assert cchc.fails(2, *command).rstrip().endswith(kept), command
        assert told.fails(2, *command).rstrip().endswith("(from CCHC_AGENCY)"), command
        for typed in ("nobody", "none", "nowhere"):
            assert "from" not in told.fails(2, *command, "--agency", typed), command
    assert "from" not in cchc.fails(2, "status", "--agency", "so-noi-vu", "--activity", "nobodyy")
    wrong = Program(cchc.home, cchc.db, {**cchc.environment, "CCHC_PLAN": "none"})
    for line in ("status", "plan", "review close past", "agencies"):
        assert "(from CCHC_PLAN)" in wrong.fails(2, *line.split()), line
    for asked in (("import", "plan_2024.yaml"), ("status",), ("review", "list"), ("doctor",)):
        for target in (str(tmp_path), "mysql://x/y", "postgresql://x:y@127.0.0.1:1/z"):
            outcome = Program(cchc.home, target).run(*asked)
            assert "(from CCHC_DB)" in outcome.err, asked
            assert "from CCHC_DB" not in Program(cchc.home, "").run(*asked, "--db", target).err
    keep(cchc, f'database = "{tmp_path}"\n')
    assert "(from the setting database;" in Program(cchc.home, "").fails(3, "status")


@pytest.mark.parametrize(
    "text",
    [
        "agency = so-noi-vu\n",
        'agency = "x\n',
        'colour = "red"\n',
        "agency = 3\n",
        'language = "fr"\n',
        'agency = ""\n',
        '[agency]\nx = "y"\n',
        "\x00",
        "[" * 5000,
    ],
    ids=repr,
)
def test_damaged(cchc: Program, tmp_path: Path, text: str) -> None:
    """A file that cannot be used stops every command with one error that names it; `config` and help still work."""
    cchc.ok("import", write_plan(tmp_path))
    path = keep(cchc, text)
    for command in (("status",), ("log", "A.4", "--agency", "so-noi-vu"), ("import", "x"), ("backup", "b")):
        told = cchc.fails(2, *command)
        assert told.count("error:") == 1
        assert str(path) in told
    shown = cchc.ok("config")
    assert str(path) in shown.err
    assert "tester" in shown.out
    cchc.ok("--help")
    cchc.ok("status", "--help")
    cchc.ok("--version")
    assert path.read_text("utf-8") == text


def test_repaired(cchc: Program, tmp_path: Path) -> None:
    """The command named in the error repairs the file; a file that cannot be repaired is left unchanged."""
    cchc.ok("import", write_plan(tmp_path))
    keep(cchc, 'colour = "red"\nplan = "small"\n')
    assert "cchc config unset colour" in cchc.fails(2, "status")
    assert "colour" in cchc.fails(2, "config", "set", "agency", "so-noi-vu")
    cchc.ok("config", "unset", "colour")
    cchc.ok("status")
    keep(cchc, 'language = "fr"\n')
    assert "cchc config set language" in cchc.fails(2, "status")
    cchc.ok("config", "set", "language", "en")
    cchc.ok("status")
    broken = keep(cchc, "language =")
    cchc.fails(2, "config", "set", "language", "en")
    assert broken.read_text("utf-8") == "language ="


def test_files_that_are_none(cchc: Program, tmp_path: Path) -> None:
    """A folder, a FIFO or text in another encoding in place of the file is reported, without blocking."""
    cchc.ok("import", write_plan(tmp_path))
    path = file_of(cchc)
    path.mkdir(parents=True)
    assert str(path) in cchc.fails(2, "status")
    path.rmdir()
    os.mkfifo(path)
    assert str(path) in cchc.fails(2, "status")
    path.unlink()
    path.write_bytes("agency = 'Sở'".encode("utf-16"))
    assert str(path) in cchc.fails(2, "status")
    path.write_bytes('\ufeffplan = "small"\n'.encode())
    cchc.ok("status")


def test_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The path of the file is that of platformdirs, which is not imported to find it."""
    for folder, home in (("", "/home/lan"), ("/x/y", "/home/lan"), ("relative", "/home/lan"), ("/x", "/")):
        monkeypatch.setenv("XDG_CONFIG_HOME", folder)
        monkeypatch.setenv("HOME", home)
        assert settings_path() == platformdirs.user_config_path("cchc", appauthor=False) / "config.toml"
    assert sys.platform != "win32"
