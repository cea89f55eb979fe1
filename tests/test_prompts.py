"""The prompts of `cchc log`, on a terminal, by somebody who makes mistakes."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cchc_cli.storage.migrations.opening import open_database
from tests.program import EXECUTABLE, Program
from tests.small_plan import FIXED, NOW, write_plan
from tests.terminal import Terminal

OFFICE = ("--agency", "so-noi-vu")
STATION = ("--agency", "dai-buon-ho")
WHEN, WHO, WHAT, FORM = "when was it done?", "which agency?", "which activity?", "in which form?"
SHELL = Path("/bin/sh")
TITLE, SURE, WRONG = "title?", "record it?", "which of these is wrong?"


def recorded(cchc: Program, *filters: str) -> list[dict[str, Any]]:
    """Give every record."""
    found: list[dict[str, Any]] = cchc.ok("history", *filters, "-f", "json").json["executions"]
    return found


def talk(terminal: Terminal, *lines: tuple[str, str]) -> None:
    """Wait for each question in turn, and type the answer."""
    for question, answer in lines:
        terminal.until(question)
        terminal.types(f"{answer}\n")


def test_every_wrong_answer_is_asked_for_again(cchc_on: Program, tmp_path: Path) -> None:
    """A wrong answer gets its error and the same question; what was answered before it is kept."""
    cchc_on.ok("import", write_plan(tmp_path))
    with Terminal(cchc_on, "log") as terminal:
        talk(terminal, (WHEN, "31/02"), (WHEN, NOW.day(2).isoformat()), (WHEN, "1999-01-01"))
        terminal.until(WHEN)
        assert "“31/02” is not a date" in terminal.shown
        assert f"{NOW.day(2)} is in the future" in terminal.shown
        assert "1999-01-01 is outside the plan" in terminal.shown
        terminal.types(f"{NOW.ago(3)}\n")
        talk(terminal, (WHO, "sở y tế"), (WHO, "dai-buon-ho"))
        assert "the plan has no agency “sở y tế”" in terminal.shown
        talk(terminal, (WHAT, "tivi"), (WHAT, "7"), (WHAT, "1"))
        assert "has no activity “tivi”" in terminal.shown
        minutes = "how many phút?"
        talk(terminal, *((minutes, text) for text in ("", "mười lăm", "15 km", "0", "-3 phút", "15 phút")))
        terminal.until(FORM)
        assert "“mười lăm” is no amount" in terminal.shown
        assert "“15 km”: A.1" in terminal.shown
        assert "the amount 0 must be above 0" in terminal.shown
        assert "the amount -3 must be above 0" in terminal.shown
        terminal.types("pa nô\n")
        talk(terminal, (FORM, "tivi"), (FORM, "phat thanh"), (TITLE, "Một cửa"), (SURE, "thôi"), (SURE, "y"))
        terminal.until("no. 1: A.1. Chuyên mục CCHC trên sóng, Đài Truyền thanh Buôn Hồ")
        assert "does not take the form" in terminal.shown
        assert "type y for yes or n for no" in terminal.shown
        assert terminal.code() == 0
    (one,) = recorded(cchc_on)
    assert (one["agency"], one["activity"], one["date"]) == ("dai-buon-ho", "A.1", NOW.ago(3))
    assert (one["amount"], one["form"], one["title"]) == (15, "radio", "Một cửa")


def test_what_is_optional_can_be_skipped(small: Program) -> None:
    """Enter takes today, no form and no title."""
    with Terminal(small, "log", "A.1", *STATION) as terminal:
        talk(terminal, (WHEN, ""), ("how many phút?", "7,5PHUT"), (FORM, ""), (TITLE, ""), (SURE, ""))
        assert terminal.code() == 0
    (one,) = recorded(small)
    assert (one["date"], one["amount"]) == (NOW.today.isoformat(), 7.5)
    assert (one["form"], one["title"]) == (None, None)


@pytest.mark.parametrize(
    ("activity", "agency", "unit", "typed", "amount"),
    [
        ("A.1", "dai-buon-ho", "phút", "15 phút", 15),
        ("A.1", "dai-buon-ho", "phút", "15phut", 15),
        ("A.1", "dai-buon-ho", "phút", "1,5 Minute", 1.5),
        ("A.2", "ea-drong", "pa nô", "2 pa nô", 2),
        ("A.3", "so-noi-vu", "%", "80 %", 80),
        ("A.3", "so-noi-vu", "%", "80,5%", 80.5),
        ("A.3", "so-noi-vu", "%", "80 percent", 80),
    ],
)
def test_an_amount_may_have_its_unit(
    small: Program, activity: str, agency: str, unit: str, typed: str, amount: float
) -> None:
    """The unit of the activity may stand behind the number, by its name or code, with or without diacritics."""
    with Terminal(small, "log", activity, "--agency", agency, "--form", "") as terminal:
        talk(terminal, (WHEN, ""), (f"how many {unit}?", typed))
        if activity == "A.1":
            talk(terminal, (FORM, ""))
        talk(terminal, (TITLE, ""), (SURE, ""))
        assert terminal.code() == 0
    assert [one["amount"] for one in recorded(small)] == [amount]


def test_it_is_shown_and_each_field_can_be_corrected(small: Program) -> None:
    """What will be recorded is shown; after `n` a field is asked for again, and the rest is kept."""
    with Terminal(small, "log", "A.1", "--evidence", "https://example.org/1", "--repeat") as terminal:
        talk(terminal, (WHEN, "yesterday"), (WHO, "so-noi-vu"), ("how many phút?", "5.010"))
        talk(terminal, (FORM, "radio"), (TITLE, "Số 1"))
        terminal.until(SURE)
        assert "5.010 was read as 5.01" in terminal.shown
        shown = terminal.shown.partition("to be recorded:")[2]
        for line in (
            "Agency: Sở Nội vụ",
            "Amount: 5.01 phút",
            "Form: Phát thanh",
            "Title: Số 1",
            "Repeat: yes",
        ):
            assert f"  {line}\r\n" in shown
        assert "  Activity: A.1. Chuyên mục CCHC trên sóng\r\n" in shown
        assert "  Evidence: https://example.org/1\r\n" in shown
        assert f"  Date: {NOW.ago(1)}\r\n" in shown
        terminal.types("n\n")
        talk(terminal, (WRONG, "10"), (WRONG, "x"), (WRONG, "2"), (WHO, "dai-buon-ho"), (SURE, "không"))
        talk(
            terminal, (WRONG, "amount"), ("how many phút?", "16 phút"), (SURE, "n"), (WRONG, ""), (SURE, "n")
        )
        talk(
            terminal, (WRONG, "repeat"), ("re-broadcast", "n"), (SURE, "n"), (WRONG, "title"), (TITLE, "Số 2")
        )
        talk(terminal, (SURE, "n"), (WRONG, "date"), (WHEN, NOW.ago(2)), (SURE, "n"), (WRONG, "note"))
        talk(terminal, ("note?", "thử"), (SURE, "n"), (WRONG, "evidence"), ("proves it?", "ftp://x"))
        talk(terminal, ("proves it?", "https://example.org/2"), ("proves it?", ""), (SURE, "n"))
        talk(terminal, (WRONG, "form"), (FORM, "web"), (SURE, "y"))
        assert terminal.code() == 0
    (one,) = recorded(small)
    assert (one["agency"], one["amount"], one["title"]) == ("dai-buon-ho", 16, "Số 2")
    assert (one["repeat"], one["date"], one["note"], one["form"]) == (False, NOW.ago(2), "thử", "web")
    assert one["evidence"] == ["https://example.org/2"]


def test_another_activity_is_counted_anew(small: Program) -> None:
    """Where the activity is corrected, the amount and form that do not fit the new one are asked for again."""
    with Terminal(small, "log", "A.1", "15", *STATION) as terminal:
        talk(terminal, (WHEN, ""), (FORM, "web"), (TITLE, "Số 1"), (SURE, "n"), (WRONG, "activity"))
        talk(terminal, (WHAT, "panels"), ("how many pa nô?", "2 phút"), ("how many pa nô?", "2"), (SURE, ""))
        assert terminal.code() == 0
    (one,) = recorded(small)
    assert (one["activity"], one["amount"], one["title"], one["form"]) == ("A.2", 2, "Số 1", "panel")


def test_a_refusal_at_the_end_loses_nothing(small: Program) -> None:
    """A stock that would fall below zero is found only when it is recorded; the amount is asked for again."""
    with Terminal(small, "log", "A.2", "--agency", "buon-ho") as terminal:
        talk(terminal, (WHEN, ""), ("how many pa nô?", "-2"), (TITLE, "Tháo dỡ"), (SURE, ""))
        terminal.until(WRONG)
        assert "the stock at" in terminal.shown
        talk(terminal, (WRONG, "amount"), ("how many pa nô?", "2"), (SURE, ""))
        assert terminal.code() == 0
    (one,) = recorded(small)
    assert (one["amount"], one["title"]) == (2, "Tháo dỡ")


def test_fields_that_contradict_each_other(small: Program) -> None:
    """An agency that did not exist on the day is pointed out, and either can be corrected."""
    with Terminal(small, "log", "A.4", "--date", NOW.ago(10)) as terminal:
        terminal.until(WHO)
        assert "old  Phường Cũ" not in terminal.shown
        talk(terminal, (WHO, "old"), (TITLE, ""), (WRONG, "agency"))
        assert "no longer existed on" in terminal.shown
        talk(terminal, (WHO, "new"), (SURE, ""))
        assert terminal.code() == 0
    assert [(one["agency"], one["date"]) for one in recorded(small)] == [("new", NOW.ago(10))]


def test_an_agency_is_offered_its_own_activities(small: Program) -> None:
    """It is offered what it owes or performs; another activity can be typed, and * lists all."""
    with Terminal(small, "log", *STATION) as terminal:
        talk(terminal, (WHEN, ""))
        terminal.until(WHAT)
        assert "1. A.1  Chuyên mục CCHC trên sóng" in terminal.shown
        assert "A.4" not in terminal.shown
        terminal.types("*\n")
        terminal.until(WHAT)
        assert "4. A.4  Hội nghị (meetings)" in terminal.shown
        terminal.types("hoi nghi\n")
        talk(terminal, (TITLE, ""), (SURE, ""))
        assert terminal.code() == 0
    assert [one["activity"] for one in recorded(small)] == ["A.4"]


def test_agencies_of_one_name_are_told_apart(cchc: Program, tmp_path: Path) -> None:
    """Agencies of one name are listed with what tells them apart, and chosen by number."""
    twin = (
        "name: Xã Ea D'Rơng, kind: commune, parent: ubnd-tinh",
        "name: Xã Ea Drông, kind: commune, parent: so-noi-vu",
    )
    cchc.ok("import", write_plan(tmp_path, twin))
    with Terminal(cchc, "log", "A.4") as terminal:
        talk(terminal, (WHEN, ""), (WHO, "xã ea drông"))
        terminal.until(WHO)
        assert "1. ea-drong  Xã Ea Drông (UBND thị xã Buôn Hồ)\r\n" in terminal.shown
        assert "2. ea-drong-cmg  Xã Ea Drông (SNV)\r\n" in terminal.shown
        terminal.types("2\n")
        talk(terminal, (TITLE, ""))
        terminal.until(SURE)
        assert "  Agency: Xã Ea Drông (SNV)\r\n" in terminal.shown
        terminal.types("\n")
        assert terminal.code() == 0
    assert [one["agency"] for one in recorded(cchc)] == ["ea-drong-cmg"]


def test_what_was_typed_on_the_command_line_is_an_answer(small: Program) -> None:
    """A wrong option is asked for again with its error; right ones are not asked for."""
    given = ("--agency", "dai buon h", "--date", "32/01", "--form", "pa nô", "--title", "Số 1")
    with Terminal(small, "log", "A.1", *given) as terminal:
        talk(
            terminal,
            (WHEN, "yesterday"),
            (WHO, "dai-buon-ho"),
            ("how many phút?", "5"),
            (FORM, "web"),
            (SURE, ""),
        )
        assert terminal.code() == 0
        assert "“32/01” is not a date" in terminal.shown
        assert TITLE not in terminal.shown
        assert WHAT not in terminal.shown
    (one,) = recorded(small)
    assert (one["agency"], one["date"], one["form"], one["title"]) == (
        "dai-buon-ho",
        NOW.ago(1),
        "web",
        "Số 1",
    )


def test_the_day_decides_on_the_plan(small: Program, tmp_path: Path) -> None:
    """Of several plans it is that of the day; where the day lies in two, the plan is asked for."""
    small.ok("import", write_plan(tmp_path, ("code: small", "code: small-2024"), frame=FIXED))
    with Terminal(small, "log", "A.4", "--agency", "so-noi-vu", "--title", "x", "--form", "") as terminal:
        assert terminal.code() == 0
    with Terminal(small, "log", "A.4") as terminal:
        talk(terminal, (WHEN, "15/02/2023"), (WHEN, "15/02/2024"), (WHO, "so-noi-vu"), (TITLE, ""))
        terminal.until(SURE)
        assert "2023-02-15 belongs to no plan" in terminal.shown
        assert "  Plan: small-2024\r\n" in terminal.shown
        terminal.types("\n")
        assert terminal.code() == 0
    small.ok("import", write_plan(tmp_path, ("code: small", "code: other")))
    with Terminal(small, "log", "A.4") as terminal:
        talk(terminal, (WHEN, ""), ("which plan?", "other"), (WHO, "so-noi-vu"), (TITLE, ""), (SURE, ""))
        assert terminal.code() == 0
    with Terminal(small, "log", "A.4", *OFFICE, "--date", "1999-01-01", "--title", "x") as terminal:
        talk(terminal, (WHEN, "16/02/2024"), (SURE, ""))
        assert "1999-01-01 belongs to no plan" in terminal.shown
        assert terminal.code() == 0
    dates = [one["date"] for one in recorded(small, "--plan", "small-2024")]
    assert dates == ["2024-02-15", "2024-02-16"]
    assert len(recorded(small, "--plan", "other")) == 1


def test_nothing_is_asked_where_nothing_is_missing(small: Program) -> None:
    """What a record needs was typed: no question, neither for the date nor for the title; nor with --again."""
    with Terminal(small, "log", "A.4", *OFFICE) as terminal:
        assert terminal.code() == 0
        assert "?" not in terminal.shown
    with Terminal(small, "log", "A.1", "5", *STATION, "--form", "web") as terminal:
        assert terminal.code() == 0
        assert "?" not in terminal.shown
    with Terminal(small, "log", "--again") as terminal:
        assert terminal.code() == 0
        assert "?" not in terminal.shown
    assert [one["amount"] for one in recorded(small)] == [1, 5, 5]


def test_the_answer_is_on_stdout_and_the_prompts_are_not(small: Program, tmp_path: Path) -> None:
    """With stdout in a file, the prompts are still shown, and the file holds one JSON document."""
    answer = tmp_path / "answer.json"
    command = f'exec "{EXECUTABLE}" log A.4 -f json > "{answer}"'
    shell = Program(small.home, small.db, small.environment)
    with Terminal(shell, "-c", command, executable=SHELL) as terminal:
        talk(terminal, (WHEN, ""), (WHO, "so-noi-vu"), (TITLE, "Số 1"), (SURE, ""))
        assert terminal.code() == 0
        assert "cchc-log/1" not in terminal.shown
    assert answer.read_text("utf-8").startswith("{")
    assert '"title": "Số 1"' in answer.read_text("utf-8")


@pytest.mark.parametrize("arguments", [(), ("A.4",), ("A.1", *STATION)])
def test_without_a_terminal_nothing_is_asked(small: Program, arguments: tuple[str, ...]) -> None:
    """With stdin from elsewhere it is an error at once, also with stderr on a terminal."""
    outcome = small.run("log", *arguments, stdin="A.4\n\n\n")
    assert outcome.code == 2
    assert "missing" in outcome.err
    assert "?" not in outcome.err
    with Terminal(
        small, "-c", f'"{EXECUTABLE}" log {" ".join(arguments)} < /dev/null', executable=SHELL
    ) as terminal:
        assert terminal.code() == 2
        assert "?" not in terminal.shown
    assert recorded(small) == []


@pytest.mark.parametrize("keys", ["\x03", "\x04"])
@pytest.mark.parametrize("place", [WHEN, WHO, WHAT, "how many phút?", FORM, TITLE, SURE, WRONG])
def test_ctrl_c_and_ctrl_d_leave_at_any_question(small: Program, stored: Path, keys: str, place: str) -> None:
    """They exit with code 130 in one line, and record nothing."""
    with Terminal(small, "log") as terminal:
        for question, answer in (
            (WHEN, ""), (WHO, "dai-buon-ho"), (WHAT, "1"), ("how many phút?", "5"), (FORM, ""), (TITLE, ""),
            (SURE, "n"), (WRONG, ""),
        ):  # fmt: skip
            terminal.until(question)
            if question == place:
                break
            terminal.types(f"{answer}\n")
        terminal.types(keys)
        assert terminal.code(insisting=keys) == 130
        assert "Traceback" not in terminal.shown
        assert "\r\nerror: interrupted; nothing was changed\r\n" in terminal.shown
    assert Path(small.db).read_bytes() == stored.read_bytes()
    assert not list(Path(small.db).parent.glob("*pending*"))


def test_broken_text_is_asked_for_again(small: Program) -> None:
    """Bytes that are no text are refused like any wrong answer."""
    with Terminal(small, "log", "A.4", *OFFICE, "--date", "today") as terminal:
        assert terminal.code() == 0
    with Terminal(small, "log", "A.4", "--title", "x") as terminal:
        terminal.until(WHEN)
        os.write(terminal.master, b"\xff\xfe\n")
        terminal.until("broken characters")
        talk(terminal, (WHEN, ""), (WHO, "so-noi-vu"), (SURE, ""))
        assert terminal.code() == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("log", "--plan", "khong-co"), "there is no plan “khong-co”"),
        (("log", "--evidence", "khong-co.jpg"), "khong-co.jpg"),
    ],
)
def test_what_no_answer_can_mend_is_an_error(small: Program, arguments: tuple[str, ...], words: str) -> None:
    """An unknown plan and missing evidence are refused before the first question."""
    with Terminal(small, *arguments) as terminal:
        assert terminal.code() == 2
        assert words in terminal.shown
        assert WHEN not in terminal.shown


def test_without_a_plan_nothing_is_asked(cchc: Program) -> None:
    open_database(cchc.db, create=True, now=datetime.now(UTC))
    with Terminal(cchc, "log") as terminal:
        assert terminal.code() == 2
        assert "no plan has been imported" in terminal.shown


def test_in_vietnamese(small: Program) -> None:
    """The questions are Vietnamese where the language is, and take Vietnamese answers."""
    small.environment = {"CCHC_LANG": "vi"}
    with Terminal(small, "log", "A.1") as terminal:
        talk(
            terminal,
            ("?", "hôm qua"),
            ("?", "dai-buon-ho"),
            ("phút", "15 phút"),
            ("?", ""),
            ("?", ""),
            ("?", "có"),
        )
        assert terminal.code() == 0
        assert "when" not in terminal.shown
        assert "Enter: yes" not in terminal.shown
    assert [one["date"] for one in recorded(small)] == [NOW.ago(1)]


def test_the_program_asks_a_shell_script_nothing(small: Program) -> None:
    """A script whose stdin is closed gets the error, not a question."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'"{EXECUTABLE}" log <&-'],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env=small.environ(),
        cwd=small.home,
    )
    assert done.returncode == 2
    assert "the activity is missing" in done.stderr
