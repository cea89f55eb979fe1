"""The choice of the language, and the translation of all texts: help, usage errors, system errors, column names."""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING

import pytest
import typer
from babel.messages.pofile import read_po
from typer.core import TyperOption

from cchc_cli.cli.app import COMMANDS, _load_command, root_command
from cchc_cli.cli.framework.help_translation import translated_error, usage_text
from cchc_cli.cli.framework.language import OPTIONS_WITH_VALUE, chosen_language
from cchc_cli.domain.language.amounts import THOUSANDTHS, parse_amount, read_in_thousands
from cchc_cli.domain.language.system_errors import reason_of, recognise
from cchc_cli.domain.language.text import fold
from cchc_cli.locale import render, set_language, translate, typed_number_text
from cchc_cli.services.row_files.columns import CODES, COLUMNS, column_word
from tests.catalogue_texts import commands, help_texts
from tests.small_plan import import_once
from tests.test_catalogues import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.program import Program

ALIKE = {"N"}
"""Texts that are the same in both languages."""

NAMES = re.compile(
    r"'[^']*'|“[^”]*”|--?[a-z][a-z-]*|CCHC_[A-Z]+|<(?:vi\|en|[a-z]+(?:\|[a-z]+)+)>|https?://\S+|\b[\w./]*\d[\w./:+-]*"
)
"""Parts of a sentence that are not translated: options, variables, quoted words, addresses, numbers."""

ENGLISH = re.compile(
    r"\b(?:the|of|and|or|is|are|not|no|for|with|to|this|that|such|command|option|argument|value|usage|error|try|help"
    r"|default|required|env|var|missing|invalid|arguments|options|commands|show|install|only|also|what|when|where)\b",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def in_vietnamese() -> Iterator[None]:
    """Build the commands in Vietnamese; drop them afterwards."""
    _load_command.cache_clear()
    set_language("vi")
    yield
    _load_command.cache_clear()
    set_language("vi")


def english_in(text: str) -> list[str]:
    return ENGLISH.findall(NAMES.sub(" ", text))


@pytest.mark.parametrize(
    ("arguments", "environ", "setting", "language"),
    [
        ([], {}, None, "vi"),
        ([], {"LANG": "en_US.UTF-8"}, None, "en"),
        ([], {"LANG": "vi_VN"}, None, "vi"),
        ([], {"LANG": "C.UTF-8"}, None, "vi"),
        ([], {"LANG": "fr_FR.UTF-8"}, None, "vi"),
        ([], {"LANG": "en-GB"}, None, "en"),
        ([], {"LANG": "en@euro"}, None, "en"),
        ([], {"LANG": "english"}, None, "vi"),
        ([], {"LANG": "en_US", "LC_MESSAGES": "vi_VN"}, None, "vi"),
        ([], {"LANG": "vi_VN", "LC_ALL": "en_US", "LC_MESSAGES": "vi_VN"}, None, "en"),
        ([], {"LANG": "en_US", "LC_ALL": "POSIX"}, None, "vi"),
        ([], {"LANG": "en_US", "LC_ALL": ""}, None, "en"),
        ([], {"LANG": "en_US"}, "vi", "vi"),
        ([], {"LANG": "en_US"}, "fr", "en"),
        ([], {"CCHC_LANG": "en"}, "vi", "en"),
        ([], {"CCHC_LANG": ""}, "en", "en"),
        (["--lang", "vi"], {"CCHC_LANG": "en"}, "en", "vi"),
        (["--lang=en", "status"], {}, None, "en"),
        (["--db", "x", "--lang", "en", "status"], {}, None, "en"),
        (["--help", "--lang", "en"], {}, None, "en"),
        (["--lang", "en", "--lang", "vi"], {}, "en", "vi"),
        (["--db", "--lang", "en"], {}, None, "vi"),
        (["--db=x", "--lang", "en"], {}, None, "en"),
        (["log", "--lang", "en"], {}, None, "en"),
        (["--lang", "vi", "review", "list", "--lang=en"], {"CCHC_LANG": "vi"}, None, "en"),
        (["log", "--db", "--lang", "en"], {}, None, "vi"),
        (["log", "--", "--lang", "en"], {}, None, "vi"),
        (["--", "--lang", "en"], {}, None, "vi"),
        (["--lang"], {"CCHC_LANG": "en"}, None, "en"),
        (["--lang", "de"], {"LANG": "en_US"}, None, "en"),
    ],
)
def test_choosing_a_language(
    arguments: list[str], environ: dict[str, str], setting: str | None, language: str
) -> None:
    """--lang, CCHC_LANG, the user's setting, the system's locale, Vietnamese: the first that names one."""
    assert chosen_language(arguments, environ, setting) == language


def test_the_options_before_a_command_that_take_a_value() -> None:
    """`chosen_language` knows all global options that take a value."""
    valued = {
        name
        for option in root_command().params
        if isinstance(option, TyperOption) and not option.is_flag
        for name in option.opts
    }
    assert valued == OPTIONS_WITH_VALUE


def test_every_text_of_help_is_translated() -> None:
    """Each help text has a translation other than the English text."""
    texts = list(help_texts())
    assert len(texts) > 100
    set_language("vi")
    assert {text for text in texts if translate(text) == text} <= ALIKE


def test_no_command_lacks_help() -> None:
    for name, one, context in commands():
        assert one.help, name
        for parameter in one.get_params(context):
            assert parameter.help, (name, parameter.name)


def test_help_shows_no_english() -> None:
    """Typer's own texts are translated too: headings, brackets, kinds of values."""
    for name, one, context in commands():
        # The names of commands stand after “cchc” and where a group lists them.
        text = one.get_help(context).replace(context.command_path, "")
        assert english_in(re.sub(r"^  [a-z-]+(?=  )", "", text, flags=re.MULTILINE)) == [], name


def refusals() -> Iterator[str]:
    """Give Typer's usage errors for wrong values of each parameter of each command."""
    for name, one, _ in commands():
        for arguments in trials(one):
            try:
                # `make_context` parses and runs nothing.
                one.make_context(name, list(arguments), help_option_names=["-h", "--help"])
            except typer.Exit:
                continue
            except typer.TyperException as error:
                yield usage_text(error)


def trials(one: typer.core.TyperCommand) -> Iterator[list[str]]:
    yield ["--nothing-like-it"]
    yield ["a", "b", "c", "d"]
    yield ["a", "--", "b", "c", "d", "e"]
    yield []
    for option in one.params:
        if option.param_type_name == "option":
            wrong = option.opts[-1]
            yield ["a", wrong[:-1]]
            # A flag that stands there rightly would be acted on: --install-completion writes files.
            yield ["a", f"{wrong}=?"]
            if isinstance(option, TyperOption) and not option.is_flag:
                yield ["a", wrong]
                yield ["a", wrong, "?"]


def test_refusals_show_no_english() -> None:
    found = list(refusals())
    assert len(found) > 100
    for text in found:
        assert english_in(text.replace("\n", " ")) == [], text


def test_commands_that_there_are_not(cchc: Program) -> None:
    cchc.environment["CCHC_LANG"] = "vi"
    for arguments in (
        ["imprt"],
        ["zzzz"],
        ["--db", "x"],
        ["--lang", "de", "status"],
        ["plan", "--version", "x"],
    ):
        assert english_in(cchc.fails(2, *arguments)) == []
    cchc.environment["CCHC_LANG"] = "de"
    assert english_in(cchc.fails(2, "status")) == []


def test_a_refusal_shows_what_was_typed_as_it_is() -> None:
    """What somebody typed is no sentence to translate, and nothing in it acts on a terminal."""
    said = render(translated_error("No such command 'Missing command.'."))
    assert said == "Không có lệnh 'Missing command.'."
    assert "\u202e" not in render(translated_error("No such option: --\u202ex"))
    assert render(translated_error("of a newer Typer")) == "of a newer Typer"


def test_english_stays_what_typer_says(cchc: Program) -> None:
    said = cchc.fails(2, "status", "-f", "yaml")
    assert said.endswith(
        "Error: Invalid value for '--format' / '-f': 'yaml' is not one of 'table', 'json', 'csv'.\n"
    )
    assert "Try 'cchc status -h' for help." in said


def test_the_language_holds_for_help_and_errors(cchc: Program) -> None:
    cchc.environment = {"CCHC_LANG": "", "LC_ALL": "en_US.UTF-8"}
    assert "Usage: cchc status" in cchc.ok("status", "--help").out
    assert "Cách dùng: cchc status" in cchc.ok("--lang", "vi", "status", "--help").out
    assert "Cách dùng: cchc" in cchc.ok("--help", "--lang", "vi").out
    assert "Cách dùng: cchc status" in cchc.ok("status", "--help", "--lang", "vi").out
    assert "Cách dùng: cchc review list" in cchc.ok("review", "list", "-h", "--lang=vi").out
    assert "Giá trị không hợp lệ" in cchc.fails(2, "status", "--lang", "vi", "-f", "yaml")
    assert "Lỗi: Không có lệnh" in cchc.fails(2, "--lang=vi", "imprt")
    assert "lỗi: " in cchc.fails(2, "--lang", "vi", "status")
    cchc.environment["LC_ALL"] = "C"
    assert "Cách dùng: cchc" in cchc.ok("--help").out


def test_every_translation_is_found() -> None:
    """The binary search in the compiled catalogue finds every entry."""
    with CATALOGUE.open("rb") as file:
        for found in read_po(file, locale="vi"):
            if found.id:
                assert translate(str(found.id)) == found.string
    assert translate("nobody says this") == "nobody says this"
    assert translate("") == ""


@pytest.mark.parametrize(
    "text", ["5.010", "1,234", "12.000", "999,999", "-5.010", "+1.500", "\u22121,234", " 5.010 "]
)
def test_amounts_that_could_be_thousands(text: str) -> None:
    """One sign and three digits: read with decimals, as always, and the other reading is known."""
    digits = int(re.sub(r"\D", "", text))
    assert abs(parse_amount(text)) == digits
    assert abs(read_in_thousands(text) or 0) == digits * THOUSANDTHS
    assert ((read_in_thousands(text) or 0) < 0) == (parse_amount(text) < 0)


@pytest.mark.parametrize(
    "text",
    [
        "5",
        "5010",
        "5.01",
        "5,0100",
        "0.125",
        "0,500",
        "1.234.567",
        "1.234,5",
        "1234.567",
        "x.123",
        "",
        "1.２34",
    ],
)
def test_amounts_that_can_be_read_only_one_way(text: str) -> None:
    assert read_in_thousands(text) is None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_amount_said_reads_back(language: str) -> None:
    set_language(language)
    for amount in (
        1,
        10,
        125,
        1000,
        5010,
        7500,
        999_999,
        1_000_000,
        5_010_000,
        12_345_678,
        1_234_567_890,
        -5_010_000,
    ):
        said = typed_number_text(amount)
        assert parse_amount(said) == amount
        assert amount % THOUSANDTHS or read_in_thousands(said) is None


def test_log_says_how_it_read_an_amount(cchc: Program, tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    cchc.db = str(import_once(tmp_path / "small"))
    for language, typed, said, hint in (
        ("vi", "5.010", "5,01 ", "5010"),
        ("vi", "5010", "5010 ", ""),
        ("vi", "6.010,0", "6010 ", ""),
        ("en", "7,010", "7.01 ", "7010"),
        ("en", "7.5", "7.5 ", ""),
    ):
        cchc.environment["CCHC_LANG"] = language
        outcome = cchc.ok("log", "A.1", typed, "--agency", "snv", "--date", "2026-03-14")
        assert f", {said}" in outcome.out.splitlines()[0]
        assert (typed in outcome.err and hint in outcome.err) if hint else not outcome.err
        number = re.findall(r"\d+", outcome.out)[0]
    cchc.environment["CCHC_LANG"] = "vi"
    outcome = cchc.ok("amend", number, "--amount", "1.234", "--reason", "x")
    assert ", 1,234 " in outcome.out
    assert "1234" in outcome.err


@pytest.mark.parametrize(
    "number",
    [
        errno.ENOENT,
        errno.EACCES,
        errno.ENOSPC,
        errno.EROFS,
        errno.EISDIR,
        errno.EIO,
        errno.EPERM,
        errno.EEXIST,
    ],
)
def test_what_the_system_says(number: int) -> None:
    """In Vietnamese by its number; in English with the system's own words."""
    reason = reason_of(OSError(number, os.strerror(number)))
    assert english_in(render_any(reason)) == []
    set_language("en")
    assert render_any(reason) == os.strerror(number)


def render_any(reason: object) -> str:
    assert isinstance(reason, tuple)
    return render(reason)  # type: ignore[arg-type]


def test_what_libraries_say() -> None:
    for text in (
        "database is locked",
        "disk I/O error",
        "database or disk is full",
        "attempt to write a readonly database",
        "mapping values are not allowed here",
        "found character that cannot start any token",
        "found character '@' that cannot start any token",
        "could not find expected ':'",
        "did not find expected ',' or '}'",
        "expected <block end>, but found '<scalar>'",
        "',' expected after '\"'",
    ):
        assert english_in(render_any(reason_of(text))) == [], text
    assert reason_of("something new") == "something new"
    assert reason_of(OSError("without a number")) == "without a number"
    assert recognise("did not find expected ',' or '}'", []) is None


def test_reasons_where_they_arise(cchc: Program, tmp_path: Path) -> None:
    cchc.environment["CCHC_LANG"] = "vi"
    (tmp_path / "plan.yaml").write_text("a: b: c\n", "utf-8")
    assert "dấu ':' không được đứng ở đây" in cchc.fails(2, "import", tmp_path / "plan.yaml")
    (tmp_path / "plan.yaml").write_text("a: {b: 1\n", "utf-8")
    assert "thiếu dấu ',' hoặc '}'" in cchc.fails(2, "import", tmp_path / "plan.yaml")
    (tmp_path / "rows.csv").write_text('date,agency,activity\n2024-01-01,x,"y', "utf-8")
    (tmp_path / "small").mkdir()
    cchc.db = str(import_once(tmp_path / "small"))
    assert "dữ liệu kết thúc giữa chừng" in cchc.fails(2, "log", "--file", tmp_path / "rows.csv")


def test_columns_are_named_in_the_language_spoken(cchc: Program, tmp_path: Path) -> None:
    """Columns are named by the headings of a file in that language."""
    assert [render(column_word(code)) for code in CODES] == [column.vietnamese for column in COLUMNS]
    set_language("en")
    assert [render(column_word(code)) for code in CODES] == CODES
    (tmp_path / "small").mkdir()
    cchc.db = str(import_once(tmp_path / "small"))
    rows = tmp_path / "rows.csv"
    rows.write_text("date,agency,activity,amount\n2024-13-01,snv,A.1,x\n", "utf-8")
    cchc.environment["CCHC_LANG"] = "vi"
    said = cchc.fails(2, "log", "--file", rows)
    assert "cột ngày" in said
    assert "cột số lượng" in said
    assert [error["column"] for error in cchc.run("log", "--file", rows, "-f", "json").json["errors"]] == [
        "date",
        "amount",
    ]
    rows.write_text("date,blah\n2024-01-01,x\n", "utf-8")
    said = cchc.fails(2, "log", "--file", rows)
    assert "cơ quan" in said
    assert not set(CODES) & set(fold(said).split())


def test_every_command_is_listed_with_its_help_whole_or_cut() -> None:
    out = root_command().get_help(typer.Context(root_command(), info_name="cchc"))
    assert all(f"\n  {name} " in out for name in COMMANDS)
