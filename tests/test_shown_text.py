"""Hostile text: recorded text comes out complete and unchanged, and nothing in it acts.

The same 10,000 strings of control characters, markup, formulas and so on go through the tables, JSON and CSV;
some dozens of them through the installed program, on a terminal and into a pipe.
"""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import random
import re
import struct
import subprocess
import termios
import unicodedata
from bisect import bisect_right
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, date, datetime
from fcntl import ioctl
from functools import cache
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.text import Text

from cchc_cli.cli.terminal.output import show_view
from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.text import escape_formula, safe, text_fault, unescape_formula
from cchc_cli.domain.plan.model import Activity, Agency, Basis, Measure, Per, Plan, Requirement, Unit
from cchc_cli.domain.records.execution import Execution, Recorded
from cchc_cli.domain.records.waiver import RecordedWaiver, Waiver
from cchc_cli.locale import LANGUAGES, render, set_language
from cchc_cli.reports.data.executions import history_columns, history_document, history_rows
from cchc_cli.reports.data.formats import to_csv, to_json
from cchc_cli.reports.terminal.agencies import agencies_view
from cchc_cli.reports.terminal.history import history_view, versions_view
from cchc_cli.reports.terminal.plan import plan_view
from cchc_cli.reports.terminal.waivers import waivers_view
from cchc_cli.reports.wording.words import bounds_words
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.row_files.columns import CODES
from cchc_cli.services.rows.reader import read_rows
from tests.program import EXECUTABLE
from tests.small_plan import NOW, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from tests.program import Program

# --- the strings ------------------------------------------------------------------------------------

VIETNAMESE = "Đài Truyền thanh Ðắk Lắk, xã Ea D’Rơng: “Một cửa liên thông” ở buôn Hồ, nghị quyết"
PIECES = (
    *("[b]", "[/b]", "[/]", "[red on blue]đỏ[/]", "[link=https://a.vn]vào[/link]", "[@click=x]", r"\[b]"),
    *("\x1b[31m", "\x1b[2J", "\x1b]0;tiêu đề\x07", "\x1b]8;;http://a.vn\x1b\\vào\x1b]8;;\x1b\\", "\x1bP0q"),
    *("\x07", "\b\b\b", "\r", "\x0b", "\x0c", "\x7f", "\x01", "\x1a", "\x85", "\x9b31m", "\x9d0;x\x9c"),
    *("\u202e", "\u202a", "\u202c", "\u2066", "\u2067", "\u2069", "\u200e", "\u200f", "\u061c"),
    *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\xad", "\u034f", "\u115f", "\u3164", "\u2800"),
    *("\u0301", "a" + "\u0301" * 40, "e" + "\u0335\u20dd" * 9, " \u0338", "\u0e01\u0e34\u0e49", "\u1100\u1161"),
    *("\u1161" * 30, "\U0001f3fd" * 9, "\u0903" * 12, "क्षि", "නි"),
    *("𝕬𝖇", "𠮷野家", "\U000e0041\U000e007f", "❤\ufe0f", "a\ufe01\ufe02", "x\U000e0101", "\ue000", "\U0010fffd"),
    *("👨‍👩‍👧", "👍🏽", "🇻🇳", "1️⃣", "🏴\U000e0067\U000e007f", "😀"),
    *("=1+1", "+84", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1", "－1", "＋1", "＠a", "'=1", "''+1", "'", "''"),
    *('=HYPERLINK("http://a.vn","x")', "=cmd|' /C calc'!A0", "-", "--", "'a", "' =1", " =1"),
    *("javascript:alert(1)", "data:text/html,x", "<script>alert(1)</script>", "<img src=x onerror=y>", "&lt;"),
    *("một\nhai", "a\tb", "\r\n", "\n", "\u2028", "\u2029", "\xa0", "\u3000", "  ", " ", ";", "; ", ",", '"'),
    *('""', '",\n"', "|", "%", "%s", "{0}", "{title}", "$(id)", "`id`", "…", "│", "─" * 5, "\ufffd", "\u0378"),
    *("dài" * 60, "W" * 130, "漢" * 45, "ẫ" * 90, unicodedata.normalize("NFD", "ẫ") * 50, "ﷺ", "אבג", "مرحبا"),
    *("漢字", "한국어", unicodedata.normalize("NFD", "한국어"), "ｱｲｳ", "ไทย", "Ｗ", "ﾞ"),
    *(r"\x1b[31m", r"\\x1b", r"\u202e", "\\", "\\\\", "\\\x1b", r"\X1B", r"\x1B", r"\u001b", r"\U0001f600"),
    *(r"C:\x64\users\Nam", r"C:\Users\ubnd", r"\\máy-chủ\x86", r"\U000e0041", "x1b", "u202e", r"\u0301"),
    *("Đ", "đ", "Ð", "ð", "’", "'", "ʼ", "ơ", "ư", unicodedata.normalize("NFD", "Đắk Lắk ộ ữ")),
    *VIETNAMESE.split(), VIETNAMESE, unicodedata.normalize("NFD", VIETNAMESE),
)  # fmt: skip


def make_string(chance: random.Random) -> str:
    """Make a string of pieces, now and then with characters from anywhere; NUL and surrogates are refused."""
    parts = chance.choices(PIECES, k=chance.choice((1, 1, 2, 2, 3, 4, 6, 9)))
    if chance.random() < 0.2:
        code = chance.choice(
            (chance.randrange(1, 0x300), chance.randrange(1, 0xD800), chance.randrange(0xE000, 0x110000))
        )
        parts.insert(chance.randrange(len(parts) + 1), chr(code))
    return chance.choice(("", "", " ")).join(parts)


def strings(number: int) -> list[str]:
    """Give `number` different strings, the same in each run."""
    chance = random.Random(613)  # noqa: S311 - a fixed seed, so that each run tests the same
    found = dict.fromkeys(PIECES)
    while len(found) < number:
        found[make_string(chance)] = None
    return list(islice(found, number))


STRINGS = strings(10_000)
ANY_TEXT = st.one_of(
    st.text().filter(lambda text: text_fault(text) is None),
    st.lists(st.sampled_from(PIECES)).map("".join),
    st.text("\\xuU01bBeE2\x1b\u202e\u0301a=+'-\t\r\n "),
)

# --- what a terminal gets ---------------------------------------------------------------------------

SGR = re.compile(r"\x1b\[[0-9;]*m")
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
ZS = "[ \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]*"
HEX = f"(?:{ZS}[0-9a-fA-F])"
ESCAPE = re.compile(rf"(\\(?:{ZS}\\)*)({ZS}(?:x{HEX}{{2}}|u{HEX}{{4}}|U{HEX}{{8}}))")


# Wide since Unicode 16, which Python 3.11 does not know yet, and Rich does.
WIDE_SINCE_16 = re.compile(
    "[\u2630-\u2637\u268a-\u268f\u4dc0-\u4dff\U0001d300-\U0001d356\U0001d360-\U0001d376]"
)


def undo(shown: str) -> str:
    """Give the text that `safe` was given: its inverse."""

    def one(found: re.Match[str]) -> str:
        slashes, tail = found.groups()
        code = int(bare(tail)[1:], 16)
        if code > 0x10FFFF or not escapable(chr(code)):
            return found[0]
        if slashes.count("\\") % 2 == 0:
            return halved(slashes) + tail
        return halved(slashes[:-1]) + chr(code)

    return ESCAPE.sub(one, shown)


def halved(slashes: str) -> str:
    """Halve the backslashes; blanks between them stay."""
    return slashes.replace("\\\\", "\\")


@cache
def escapable(char: str) -> bool:
    """Tell whether `safe` may show a character as an escape."""
    category = unicodedata.category(char)
    return (
        category[0] in "CM"
        or category in {"Zl", "Zp"}
        or INVISIBLE.match(char) is not None
        or char == "\u2800"
        or "\u1161" <= char <= "\u11ff"
        or "\ud7b0" <= char <= "\ud7fb"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
    )


def bare(text: str) -> str:
    """Remove white space, as wrapping adds and removes some."""
    return "".join(text.split())


def same(shown: str, given: str) -> bool:
    """Tell whether the shown text, unwrapped, is the given text."""
    return bare(undo(bare(shown))) == bare(given)


def inert(output: str) -> str:
    """Give the output without colours, after checking that nothing else in it acts or hides."""
    plain = SGR.sub("", output)
    for char in set(plain) - {"\n"}:
        assert unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}, ascii(char)
        assert INVISIBLE.match(char) is None, ascii(char)
    runs = re.findall(r"[\u0300-\u036f\u20d0-\u20ff]{5,}", plain)
    assert not runs, ascii(runs)
    return plain


@cache
def width(char: str) -> int:
    """Give how many columns a terminal needs for a character."""
    if escapable(char):
        return 0
    wide = unicodedata.east_asian_width(char) in "WF" or WIDE_SINCE_16.match(char) is not None
    return 2 if wide else 1


class Terminal(io.StringIO):
    """A terminal of 80 columns, as Rich sees it."""

    def isatty(self) -> bool:
        """Be one."""
        return True


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield
    set_language("vi")


def shown(view: RenderableType) -> str:
    """Draw a view as the program does; give the checked output without colours."""
    with redirect_stdout(Terminal()) as terminal:
        show_view(lambda _: view)
    plain = inert(terminal.getvalue())
    assert all(sum(map(width, line)) <= 80 for line in plain.split("\n"))
    return plain


def cut(line: str, starts: Sequence[int]) -> list[str]:
    """Cut a line at these columns."""
    cells = ["" for _ in starts]
    column = 0
    for char in line:
        # A character without width belongs to the character before it.
        place = bisect_right(starts, column if width(char) else column - 1) - 1
        cells[max(place, 0)] += char
        column += width(char)
    return cells


def rows(table: str, *headings: str) -> list[list[str]]:
    """Parse a table: the text of each row under each heading, with the lines of a cell joined.

    The first line is the code of the plan. A row begins where its first cell is not empty; columns are separated
    by two blanks.
    """
    code, head, rule, *lines = (line for line in table.split("\n") if line.strip())
    assert code in {"p", "small"}
    assert set(rule.strip()) == {"─"}
    starts = [0, *(head.index(f"  {heading}") + 2 for heading in headings[1:])]
    found: list[list[str]] = []
    for line in lines:
        cells = cut(line, starts)
        if cells[0].strip():
            found.append(cells)
        else:
            found[-1] = [before + more for before, more in zip(found[-1], cells, strict=True)]
    return found


WHEN = datetime(2024, 3, 14, 7, 30, tzinfo=UTC)
DAY = date(2024, 12, 24)
YEAR = Span(date(2024, 1, 1), date(2024, 12, 31))
ACTIVITY = Activity("A.1", "Chuyên mục")
PLAN = Plan("p", "Kế hoạch", YEAR, agencies=(Agency("a", "Sở Nội vụ", "sở"),), activities=(ACTIVITY,))


def record(no: int, agency: str = "a", **fields: Any) -> Recorded:  # noqa: ANN401 - of an execution
    """Make a record without a database."""
    execution = Execution(agency, "A.1", DAY, -2000, **fields)
    return Recorded(UUID(int=no), no, 1, execution, WHEN, "tester")


def batches(size: int) -> Iterator[list[str]]:
    """Give all strings, so many at a time."""
    for start in range(0, len(STRINGS), size):
        yield STRINGS[start : start + size]


def in_alternating_languages(given_batches: Iterator[list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Set the languages in turn, one for each batch."""
    for language, batch in zip(cycle(LANGUAGES), given_batches, strict=False):
        set_language(language)
        yield language, batch


def agencies(names: Sequence[str]) -> tuple[Agency, ...]:
    """Make agencies of these names."""
    return tuple(Agency(f"a{number}", name, "xã", short=name) for number, name in enumerate(names))


# --- in process: all strings ------------------------------------------------------------------------


def test_there_are_10000_strings_of_every_kind() -> None:
    assert len(set(STRINGS)) == 10_000
    assert set(PIECES) <= set(STRINGS)
    assert all(text_fault(text) is None for text in STRINGS)


def test_what_was_made_safe_can_be_read_back() -> None:
    """Thus no two texts look the same, and nothing that acts is left."""
    for text in STRINGS:
        assert undo(inert(safe(text))) == text


@given(ANY_TEXT)
@example(r"\x1b" + "\x1b")
@example("\\" * 3 + "\u202e")
@example("\\" * 3 + "u202e")
@example("\\ \\\\ \u0301\\ x 1 b")
def test_any_text_can_be_read_back(text: str) -> None:
    assert undo(inert(safe(text))) == text
    assert safe(safe(text)) == safe(text)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        (VIETNAMESE, VIETNAMESE),
        (unicodedata.normalize("NFD", VIETNAMESE), unicodedata.normalize("NFD", VIETNAMESE)),
        (r"C:\x64\users\Nam", r"C:\x64\users\Nam"),
        (r"\\server\ubnd\x", r"\\server\ubnd\x"),
        (r"[b]đậm[/b]", r"[b]đậm[/b]"),
        ("\x1b", r"\x1b"),
        (r"\x1b", r"\\x1b"),
        ("\\\x1b", r"\\\x1b"),
        (r"\u202E", r"\\u202E"),
        (r"\x 1b", r"\\x 1b"),
        ("\\ \x1b", r"\\ \x1b"),
        ("\u0301a", r"\u0301a"),
        ("a \u0338", r"a \u0338"),
        ("a" + "\u0301" * 6, "a" + "\u0301" * 4 + r"\u0301\u0301"),
        ("❤\ufe0f", r"❤\ufe0f"),
    ],
)
def test_how_text_is_shown(given_text: str, expected: str) -> None:
    assert safe(given_text) == expected


def test_sentences_show_every_text_once() -> None:
    """A file's name, a reason: whatever fills a sentence, also through a sentence in a sentence."""
    for language in LANGUAGES:
        set_language(language)
        empty = render(message("error: {what}", what=message("{path}: row 1: {what}", path="", what="")))
        before, after = empty[: empty.index(":") + 1], ": "
        for text in STRINGS:
            inner = message("{path}: row 1: {what}", path=text, what=message("{text}", text="x"))
            line = inert(render(message("error: {what}", what=inner)))
            assert "\n" not in line
            assert line.startswith(before)
            assert after in line
            assert undo(line).startswith(f"{before} {text}: ")


HISTORY = {
    "vi": ("Số", "Ngày", "Cơ quan", "Hoạt động", "Tiêu đề"),
    "en": ("No.", "Date", "Agency", "Activity", "Title"),
}
WAIVERS = {
    "vi": ("Số", "Cơ quan", "Hoạt động", "Thời gian", "Lý do"),
    "en": ("No.", "Agency", "Activity", "Days", "Reason"),
}
DAYS = {"vi": "24/12/2024", "en": "2024-12-24"}
YEARS = {"vi": "01/01/2024–31/12/2024", "en": "2024-01-01–2024-12-31"}


def test_words_about_a_requirement_show_units_and_forms_once() -> None:
    """What was made safe on its way into one sentence is not made so again by the sentence around it."""
    set_language("en")
    duty = Requirement("r", ("a",), Measure.AMOUNT, Per("month"), Basis.STATED, at_least=1000)
    for text in STRINGS:
        words = bounds_words(duty, ACTIVITY._replace(unit=Unit("u", text)))
        assert undo(inert(words)) == f"at least 1 {text}"
        line = safe(f"x {text}")
        assert render(message("{line}", line=line)) == line


def test_history_shows_titles_and_agencies_whole() -> None:
    for language, batch in in_alternating_languages(batches(200)):
        plan = Plan("p", "Kế hoạch", YEAR, agencies=agencies(batch), activities=(ACTIVITY,))
        records = [record(no, f"a{no}", title=text) for no, text in enumerate(reversed(batch))]
        read, counted = records_of(shown(history_view(records, plan, 80)), language)
        assert len(read) == counted == len(batch)
        for no, (cells, name, title) in enumerate(zip(read, batch, reversed(batch), strict=True)):
            assert cells[0].strip() == str(no)
            assert cells[1].strip() == DAYS[language]
            assert same(cells[2], name), (cells[2], name)
            assert same(cells[4], title), (cells[4], title)


def records_of(output: str, language: str) -> tuple[list[list[str]], int]:
    """Parse a history: its rows, and their number from the last line."""
    table, _, last = output.rstrip("\n").rpartition("\n")
    numbers = re.findall(r"\d+", last)
    assert len(numbers) == 2
    return rows(table, *HISTORY[language]), int(numbers[0])


def fields(view: str, known: Sequence[str]) -> list[tuple[str, str]]:
    """Parse the fields of versions: labels begin in the third column, values may take several lines."""
    found: list[tuple[str, str]] = []
    wide = max(map(len, known))
    for line in view.split("\n"):
        label, value = line[2 : 2 + wide].strip(), line[2 + wide :]
        if line[:2].strip() == "" and label in known:
            found.append((label, value))
        elif found and line.strip() and line[:2].strip() == "" and not label:
            found[-1] = (found[-1][0], found[-1][1] + value)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_version_shows_all_that_it_holds(language: str) -> None:
    """Title, note, two pieces of evidence, who and why; and the date in full."""
    set_language(language)
    known = tuple(
        render(label)
        for label in (
            message("No."), message("Agency"), message("Activity"), message("Date"), message("Amount"),
            message("Form"), message("Title"), message("Evidence"), message("Note"), message("By"),
            message("Recorded"), message("Reason"),
        )
    )  # fmt: skip
    for title, note, one, other, author, reason in zip(
        *[iter(STRINGS[: len(STRINGS) // 6 * 6])] * 6, strict=True
    ):
        recorded = record(7, title=title, note=note, evidence=(one, other), form="radio")._replace(
            author=author,
            reason=reason,
        )
        read = fields(shown(versions_view([recorded], PLAN)), known)
        assert [label for label, _ in read] == [*known[:8], *known[7:]]
        values = [value for _, value in read]
        assert values[0].strip() == "7"
        assert values[3].strip() == DAYS[language]
        assert values[4].strip() == "-2 lần"
        assert values[5].strip() == "radio"
        for value, given_text in zip(
            (*values[6:10], values[10], values[12]), (title, one, other, note, author, reason), strict=True
        ):
            assert same(value, given_text), (value, given_text)


def test_waivers_show_reasons_and_documents_whole() -> None:
    plan = Plan("p", "Kế hoạch", YEAR, agencies=agencies(["Sở Nội vụ"]), activities=(ACTIVITY,))
    for language, batch in in_alternating_languages(batches(400)):
        waivers = [
            RecordedWaiver(
                no,
                "p",
                Waiver("a0", "A.1", None, YEAR, reason, document),
                ended=False,
                author="tester",
                recorded_at=WHEN,
            )
            for no, (reason, document) in enumerate(zip(batch[::2], batch[1::2], strict=True))
        ]
        read = rows(shown(waivers_view(waivers, plan, 80)), *WAIVERS[language])
        assert len(read) == len(waivers)
        for cells, one in zip(read, waivers, strict=True):
            assert cells[1].strip() == "Sở Nội vụ"
            assert bare(cells[3]) == YEARS[language]
            told = f"{one.waiver.reason} ({one.waiver.document})"
            assert same(cells[4], told), (cells[4], told)


def test_the_roster_shows_names_whole() -> None:
    set_language("en")
    for batch in batches(200):
        roster = tuple(
            agency._replace(kind=kind, parent="p")
            for agency, kind in zip(agencies(batch), cycle(batch[:20]), strict=False)
        )
        view = agencies_view(Plan("p", "Kế hoạch", YEAR, agencies=roster), {"p": batch[0]}, 80)
        read = rows(shown(view).rpartition("agencies:")[0], "Code", "Name", "Kind", "Under", "Exists")
        assert len(read) == len(batch)
        for cells, agency in zip(read, roster, strict=True):
            assert cells[0].strip() == agency.code
            assert same(cells[1], agency.name), (cells[1], agency.name)
            assert same(cells[2], agency.kind), (cells[2], agency.kind)
            assert same(cells[3], batch[0])


def test_a_plan_shows_its_words_whole() -> None:
    set_language("en")
    for name, title, text, schedule, method, note in zip(
        *[iter(STRINGS[: len(STRINGS) // 6 * 6])] * 6, strict=True
    ):
        duty = Requirement(
            "r", ("a0",), Measure.EXECUTIONS, Per("month"), Basis.INTERPRETED, at_least=1000, note=note
        )
        activity = Activity(
            "A.1", title, text=text, schedule=schedule, methods=(method,), requirements=(duty,)
        )
        plan = Plan("p", title, YEAR, agencies=agencies([name]), activities=(activity,))
        read = bare(undo(bare(shown(plan_view(plan)))))
        place = 0
        for words in (
            title,
            "A.1.",
            title,
            f"“{text}”",
            f"“{schedule}”",
            f"“{method}”",
            f"owed by: {name}“{note}”",
        ):
            assert bare(words) in read[place:], (words, read)
            place = read.index(bare(words), place) + len(bare(words))


def test_rich_alone_would_let_it_act() -> None:
    """The checks of this file detect text that was not made safe."""
    for text in ("\x1b[2J", "\x9b31m", "\u202e", "a" + "\u0301" * 40, "❤\ufe0f"):
        with pytest.raises(AssertionError):
            shown(Text(text))


# --- documents --------------------------------------------------------------------------------------


def written(records: Sequence[Recorded]) -> str:
    """Write records as CSV."""
    return "".join(to_csv(history_columns(PLAN), history_rows(records, PLAN)))


def full_record(no: int, texts: Sequence[str]) -> Recorded:
    """Make a record with five texts."""
    title, note, address, author, reason = texts
    return record(no, title=title, note=note, evidence=(address,))._replace(author=author, reason=reason)


FULL = [full_record(no, STRINGS[5 * no : 5 * no + 5]) for no in range(len(STRINGS) // 5)]
TEXTS = ("title", "note", "evidence", "author", "reason")
FORMULA = re.compile("[=+\\-@\t\r＝＋－＠]")


def test_json_gives_every_text_as_recorded_in_one_document() -> None:
    document = json.loads(to_json(history_document(FULL, PLAN)))
    given_texts = [
        text
        for one in document["executions"]
        for text in (one["title"], one["note"], *one["evidence"], one["author"], one["reason"])
    ]
    assert given_texts == STRINGS


def test_json_holds_nothing_that_acts_on_a_terminal() -> None:
    text = to_json(history_document(FULL, PLAN))
    assert text.replace("\n", "").isprintable()


def test_csv_gives_every_text_as_recorded_and_no_formula() -> None:
    """A CSV reader gets every text, with an apostrophe only before formulas; numbers stay numbers."""
    read = list(csv.DictReader(io.StringIO(written(FULL), newline="")))
    assert [unescape_formula(row[name]) for row in read for name in TEXTS] == STRINGS
    assert not any(FORMULA.match(row[name]) for row in read for name in TEXTS)
    assert {row["amount"] for row in read} == {"-2"}
    assert sum(row[name].startswith("'") for row in read for name in TEXTS) > 500


@given(ANY_TEXT)
@example("'=1")
@example("''")
@example("'\r")
def test_the_apostrophe_comes_off_again(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text
    assert not FORMULA.match(escape_formula(text))


def read_back(folder: Path, records: Sequence[Recorded]) -> list[Draft]:
    """Write records as CSV, keep the columns of a rows file, and read it as the program does."""
    read = csv.DictReader(io.StringIO(written(records), newline=""))
    path = folder / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CODES, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(read)
    drafts = [draft for _, draft in read_rows(path).rows]
    assert all(isinstance(draft, Draft) for draft in drafts), drafts
    return [draft for draft in drafts if isinstance(draft, Draft)]


def test_a_rows_file_reads_what_csv_wrote(tmp_path: Path) -> None:
    drafts = read_back(
        tmp_path,
        [one._replace(execution=one.execution._replace(evidence=("https://a.vn/?q='=1",))) for one in FULL],
    )
    assert [(one.title, one.note) for one in drafts] == [
        (one.execution.title, one.execution.note) for one in FULL
    ]
    assert {one.evidence for one in drafts} == {("https://a.vn/?q='=1",)}
    assert {one.amount for one in drafts} == {"-2"}


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=5))
@example([("\r", "\n"), ("\r\n", '"'), ('"\r', ","), ("\x85", "\u2028"), (" ", "\x1a")])
def test_a_rows_file_reads_any_text_that_csv_wrote(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    records = [record(no, title=title or None, note=note or None) for no, (title, note) in enumerate(pairs)]
    drafts = read_back(tmp_path_factory.getbasetemp(), records)
    assert [(one.title or "", one.note or "") for one in drafts] == pairs


# --- the installed program --------------------------------------------------------------------------

DOZENS = [text for text in PIECES if text.strip()]
"""For the program itself: each piece alone, without blank ones, which plans and reasons refuse."""


def quoted(text: str) -> str:
    """Write text as YAML takes it, whatever it holds."""
    return '"' + "".join(f"\\U{ord(char):08x}" for char in text) + '"'


def on_terminal(cchc: Program, *arguments: object, language: str) -> str:
    """Run the program on a terminal of 80 columns; give the checked output without colours."""
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {**cchc.environ(), "TERM": "xterm-256color", "CCHC_LANG": language}
    process = subprocess.Popen(
        [str(EXECUTABLE), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
        env=environment,
        cwd=cchc.home,
    )
    os.close(slave)
    output = b"".join(iter(lambda: read_some(master), b""))
    os.close(master)
    assert process.wait(60) == 0, output
    # The terminal turns each LF into CR LF.
    return inert(output.decode().replace("\r\n", "\n"))


def read_some(master: int) -> bytes:
    """Read from the terminal; give nothing once the program has exited."""
    try:
        return os.read(master, 65536)
    except OSError:  # Linux raises it once the last process on the terminal has exited.
        return b""


def in_pipe(cchc: Program, *arguments: object, language: str) -> str:
    """Run the program with pipes; give the checked output, which has no colours."""
    outcome = replace(cchc, environment={"CCHC_LANG": language}).ok(*arguments)
    assert "\x1b" not in outcome.out + outcome.err
    return inert(outcome.out + outcome.err)


def everywhere(cchc: Program, *arguments: object) -> Iterator[tuple[str, str]]:
    """Run the program in both languages, on a terminal and into a pipe; give each language and output."""
    for language in LANGUAGES:
        yield language, on_terminal(cchc, *arguments, language=language)
        yield language, in_pipe(cchc, *arguments, language=language)


@pytest.fixture
def hostile(cchc: Program, tmp_path: Path) -> Program:
    """Give the program with records, waivers and a roster of hostile texts."""
    more = "".join(
        f"  - code: X.{number}\n    title: {quoted(text)}\n    text: {quoted(text)}\n"
        for number, text in enumerate(DOZENS)
    )
    roster = "".join(
        f"  - {{code: n{number}, name: {quoted(f'{number} {text}')}, kind: commune}}\n"
        for number, text in enumerate(DOZENS)
    )
    cchc.ok("import", write_plan(tmp_path, ("activities:\n", f"{roster}activities:\n"), more=more))
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CODES)
        writer.writeheader()
        for number, text in enumerate(DOZENS):
            row = {"date": NOW.ago(3), "agency": f"n{number}", "activity": "A.4", "amount": 1}
            writer.writerow(
                row
                | {"title": escape_formula(text), "note": escape_formula(text), "external_id": f"r{number}"}
            )
    assert cchc.ok("log", "--file", path, "-f", "json").json["created"] == len(DOZENS)
    return cchc


def test_the_program_records_texts_as_they_are_and_gives_them_back(hostile: Program, tmp_path: Path) -> None:
    """JSON and CSV give what was recorded; the CSV, read as a rows file, finds everything there already."""
    records = hostile.ok("history", "-f", "json").json["executions"]
    assert [(one["title"], one["note"]) for one in records] == [(text, text) for text in DOZENS]
    done = subprocess.run(
        [str(EXECUTABLE), "history", "-f", "csv"], check=True, capture_output=True, env=hostile.environ()
    )
    read = list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))
    assert [unescape_formula(row["title"]) for row in read] == DOZENS
    path = tmp_path / "again.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CODES, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(read)
    again = hostile.ok("log", "--file", path, "-f", "json").json
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, len(DOZENS))


def test_the_program_shows_history_whole(hostile: Program) -> None:
    for language, output in everywhere(hostile, "history"):
        read, counted = records_of(output, language)
        assert len(read) == counted == len(DOZENS)
        for number, (cells, text) in enumerate(zip(read, DOZENS, strict=True)):
            assert same(cells[2], f"{number} {text}"), (cells[2], text)
            assert same(cells[4], text), (cells[4], text)


def test_the_program_shows_the_roster_and_the_plan_whole(hostile: Program) -> None:
    headings = {
        "vi": ("Mã", "Tên", "Loại", "Trực thuộc", "Tồn tại"),
        "en": ("Code", "Name", "Kind", "Under", "Exists"),
    }
    for language, output in everywhere(hostile, "agencies"):
        read = {cells[0].strip(): cells[1] for cells in rows(output, *headings[language])}
        for number, text in enumerate(DOZENS):
            assert same(read[f"n{number}"], f"{number} {text}"), (read[f"n{number}"], text)
    for _, output in everywhere(hostile, "plan"):
        read_plan = bare(undo(bare(output)))
        for number, text in enumerate(DOZENS):
            assert bare(f"X.{number}. {text}") in read_plan, text
    for number in range(0, len(DOZENS), 31):
        assert bare(f"“{DOZENS[number]}”") in bare(
            undo(bare(on_terminal(hostile, "plan", f"X.{number}", language="vi")))
        )


def test_the_program_shows_every_version_whole(hostile: Program) -> None:
    """Also in Vietnamese, where labels and dates are longer: the old and the new text, by whom, and why."""
    for number in range(0, len(DOZENS), 23):
        old, new = DOZENS[number], DOZENS[-1 - number]
        hostile.ok("amend", number + 1, f"--title={new}!", f"--reason={old}", f"--by={new}")
        recorded = hostile.ok("history", number + 1, "-f", "json").json["executions"]
        assert [one["title"] for one in recorded] == [old, f"{new}!"]
        for language in LANGUAGES:
            output = bare(undo(bare(on_terminal(hostile, "history", number + 1, language=language))))
            place = 0
            for one in recorded:
                for text in (one["title"], one["note"], one["author"], one["reason"] or ""):
                    assert bare(text) in output[place:], (text, output)
                    place = output.index(bare(text), place)


def test_the_program_shows_waivers_whole(hostile: Program) -> None:
    numbers = range(0, len(DOZENS), 13)
    for number in numbers:
        text = DOZENS[number]
        hostile.ok(
            *("waive", "A.4", f"--agency=n{number}", f"--from={NOW.start}", f"--to={NOW.end}"),
            *(f"--reason={text}", f"--document={text}"),
        )
    given_texts = [one["reason"] for one in hostile.ok("waive", "--list", "-f", "json").json["waivers"]]
    assert given_texts == [DOZENS[number] for number in numbers]
    for language, output in everywhere(hostile, "waive", "--list"):
        read = rows(output, *WAIVERS[language])
        assert len(read) == len(numbers)
        for cells, number in zip(read, numbers, strict=True):
            assert same(cells[1], f"{number} {DOZENS[number]}")
            assert same(cells[4], f"{DOZENS[number]} ({DOZENS[number]})"), (cells[4], DOZENS[number])


def test_the_program_names_files_and_what_was_typed_whole(hostile: Program, tmp_path: Path) -> None:
    """Errors show unknown names of files, agencies and options as they were typed."""
    for text in DOZENS[::7]:
        name = text.replace("/", "").encode()[:60].decode(errors="ignore")
        said = inert(hostile.fails(2, "import", tmp_path / f"{name}.yaml"))
        assert bare(f"{name}.yaml") in bare(undo(bare(said))), (name, said)
        said = inert(hostile.fails(2, "log", "A.4", f"--agency=?{text}"))
        assert bare(f"?{text}") in bare(undo(bare(said))), (text, said)
