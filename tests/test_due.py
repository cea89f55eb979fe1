"""`cchc due`: what is left and by when, against a naive second reading; and the calendar of it."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from icalendar import Calendar

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.language.errors import InputError
from cchc_cli.domain.verdicts.dues import MAX_DAYS_AHEAD, parse_within
from cchc_cli.reports.data.due import dues_document
from cchc_cli.services.questions.dues import list_dues
from tests import naive, strategies
from tests.small_plan import FIXED, write_plan
from tests.test_second_reading import MOST_ROUNDS, World, question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.program import Program

MORE = """\
  - code: A.5
    alias: news
    title: Tin, bài
    text: không quá 07 ngày không có tin
    requirements:
      - code: gap
        owed_by: [dai-buon-ho]
        measure: gap
        at_most: 7
        per: month
        basis: stated
        quote: không quá 07 ngày
  - code: A.6
    alias: complaints
    title: Tỷ lệ phản ánh
    kind: reading
    unit: {code: percent, name: "%"}
    requirements:
      - code: few
        owed_by: [buon-ho]
        measure: latest
        at_most: 50
        per: quarter
        basis: interpreted
        note: Tổ giúp việc quyết định
      - code: many
        owed_by: [buon-ho]
        measure: latest
        at_least: 20
        at_most: 50
        per: month
        basis: interpreted
        note: Tổ giúp việc quyết định
  - code: A.7
    alias: boxes
    title: Hòm thư
    kind: stock
    unit: {code: box, name: hòm}
    requirements:
      - code: some
        owed_by: [ea-drong]
        measure: stock
        at_least: 1
        at_most: 2
        per: quarter
        basis: interpreted
        note: Tổ giúp việc quyết định
"""

ROWS = """\
date,agency,activity,amount,form,repeat,title
2024-02-05,dai-buon-ho,A.1,10,radio,,Số 2
2024-05-02,dai-buon-ho,A.1,6,radio,,Số 5
2024-04-26,dai-buon-ho,A.5,1,,,Tin
2024-05-03,dai-buon-ho,A.5,1,,,Tin
2024-05-08,buon-ho,A.6,60,,,
2024-05-01,ea-drong,A.7,3,,,
2024-05-01,ea-drong,A.2,1,panel,,
"""


@pytest.fixture
def may(cchc_on: Program, tmp_path: Path) -> Program:
    """Give a program with some of the year 2024 recorded, on each database."""
    cchc_on.ok("import", write_plan(tmp_path, frame=FIXED, more=MORE))
    rows = tmp_path / "rows.csv"
    rows.write_text(ROWS, "utf-8")
    cchc_on.ok("log", "--file", rows)
    return cchc_on


@pytest.fixture
def small(cchc: Program, tmp_path: Path) -> Program:
    """Give the same on SQLite alone."""
    cchc.ok("import", write_plan(tmp_path, frame=FIXED, more=MORE))
    rows = tmp_path / "rows.csv"
    rows.write_text(ROWS, "utf-8")
    cchc.ok("log", "--file", rows)
    return cchc


def due(program: Program, *options: object) -> list[dict[str, Any]]:
    """Give what is due at the end of 9 May 2024, if no other day is asked for."""
    found: list[dict[str, Any]] = program.ok("due", "--as-of", "2024-05-09", *options, "-f", "json").json[
        "due"
    ]
    return found


def test_what_is_due_and_in_which_order(may: Program) -> None:
    document = may.ok("due", "--as-of", "2024-05-09", "--within", "60d", "-f", "json").json
    assert {key: document[key] for key in document if key != "due"} == {
        "format": "cchc-due/1",
        "plan": "small",
        "as_of": "2024-05-09",
        "day_over": True,
        "within": 60,
    }
    told = [
        (one["due"], one["days_left"], one["requirement"], one["agency"], one["left"], one["status"])
        for one in document["due"]
    ]
    assert told == [
        ("2024-05-11", 2, "gap", "dai-buon-ho", None, "at_risk"),
        ("2024-05-31", 22, "many", "buon-ho", None, "pending"),
        ("2024-05-31", 22, "minutes", "dai-buon-ho", 9, "pending"),
        ("2024-06-01", 23, "gap", "dai-buon-ho", None, "upcoming"),
        ("2024-06-30", 52, "quarterly", "so-noi-vu", 1, "pending"),
        ("2024-06-30", 52, "standing", "buon-ho", 1, "pending"),
        ("2024-06-30", 52, "few", "buon-ho", None, "pending"),
        ("2024-06-30", 52, "some", "ea-drong", -1, "pending"),
        ("2024-06-30", 52, "standing", "ea-drong-cmg", 1, "pending"),
        ("2024-06-30", 52, "many", "buon-ho", None, "upcoming"),
        ("2024-06-30", 52, "minutes", "dai-buon-ho", 15, "upcoming"),
        ("2024-07-01", 53, "gap", "dai-buon-ho", None, "upcoming"),
        ("2024-07-31", 83, "many", "buon-ho", None, "upcoming"),
        ("2024-07-31", 83, "minutes", "dai-buon-ho", 15, "upcoming"),
        ("2024-09-30", 144, "quarterly", "so-noi-vu", 1, "upcoming"),
        ("2024-09-30", 144, "standing", "buon-ho", 1, "upcoming"),
        ("2024-09-30", 144, "few", "buon-ho", None, "upcoming"),
        ("2024-09-30", 144, "some", "ea-drong", -1, "upcoming"),
        ("2024-09-30", 144, "standing", "ea-drong-cmg", 1, "upcoming"),
    ]
    first = document["due"][0]
    assert (first["agency_name"], first["activity_title"]) == ("Đài Truyền thanh Buôn Hồ", "Tin, bài")
    assert (first["activity"], first["period"], first["value"], first["basis"]) == (
        "A.5",
        "2024-05",
        6,
        "stated",
    )


def test_the_days_ahead_include_today_and_the_last(small: Program) -> None:
    assert [one["requirement"] for one in due(small, "--within", 1)] == []
    assert [one["requirement"] for one in due(small, "--within", "2d")] == ["gap"]
    # The 22nd day ahead is the last of May, the 23rd the first of June.
    assert len(due(small, "--within", "22")) == 3
    assert [one["status"] for one in due(small, "--within", "23")].count("upcoming") == 3


def test_what_is_done_or_lost_is_not_due(small: Program) -> None:
    small.ok("log", "A.1", 9, "--form", "radio", "--agency", "dai-buon-ho", "--date", "2024-05-09")
    small.ok("log", "A.5", "--agency", "dai-buon-ho", "--date", "2024-05-09")
    assert [(one["requirement"], one["due"]) for one in due(small, "--within", "22d")] == [
        ("gap", "2024-05-17"),
        ("many", "2024-05-31"),
    ]
    options = ("--agency", "dai-buon-ho", "--activity", "news", "--within", "13d")
    found = small.ok("due", *options, "--as-of", "2024-05-17", "-f", "json").json
    assert found["due"] == []


def test_filters(small: Program) -> None:
    assert {one["agency"] for one in due(small, "--agency", "buon-ho", "--within", "2m")} == {"buon-ho"}
    below = due(small, "--agency", "buon-ho", "--subtree", "--within", "2m")
    assert {one["agency"] for one in below} == {"buon-ho", "dai-buon-ho", "ea-drong"}
    assert {one["activity"] for one in due(small, "--activity", "news")} == {"A.5"}


def test_outside_the_plan_nothing_is_due(small: Program) -> None:
    for day in ("2020-01-01", "2025-01-01", "9999-12-31", "0001-01-01"):
        assert small.ok("due", "--as-of", day, "-f", "json").json["due"] == []
        assert "nothing is due" in small.ok("due", "--as-of", day).out


def test_the_table_says_all_of_a_line(small: Program) -> None:
    small.environment = {"COLUMNS": "240"}
    shown = " ".join(small.ok("due", "--as-of", "2024-05-09", "--within", "2m").out.split())
    for words in (
        "2024-05-11 Đài Truyền thanh Buôn Hồ A.5. Tin, bài the next one by 2024-05-11 at risk",
        "no more than 7 days in a row without one, each month · Month 5/2024",
        "days left 2",
        "9 phút",
        "6 phút (needs 15)",
        "a reading",
        "1 hòm",
        "interpreted",
        "due: 19, of these at risk: 1",
    ):
        assert words in shown, (words, shown)


def test_csv(small: Program) -> None:
    rows = list(csv.DictReader(io.StringIO(small.ok("due", "--as-of", "2024-05-09", "-f", "csv").out)))
    assert rows[1] == {
        "due": "2024-05-31",
        "days_left": "22",
        "agency": "buon-ho",
        "agency_name": "UBND thị xã Buôn Hồ",
        "activity": "A.6",
        "activity_title": "Tỷ lệ phản ánh",
        "requirement": "many",
        "period": "2024-05",
        "from": "2024-05-01",
        "to": "2024-05-31",
        "measure": "latest",
        "unit": "percent",
        "at_least": "20",
        "at_most": "50",
        "value": "60",
        "left": "",
        "status": "pending",
        "basis": "interpreted",
    }
    assert rows[2]["left"] == "9"


# --- how far ahead ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day", "days"),
    [
        ("14d", date(2024, 1, 1), 14),
        ("14", date(2024, 1, 1), 14),
        ("0", date(2024, 1, 1), 0),
        (" 2W ", date(2024, 1, 1), 14),
        ("1m", date(2024, 1, 31), 29),
        ("1m", date(2023, 1, 31), 28),
        ("12 tháng", date(2024, 2, 29), 365),
        ("2 tuần", date(2024, 1, 1), 14),
        ("7 ngày", date(2024, 1, 1), 7),
        ("1 thang", date(2024, 12, 15), 31),
        ("3660", date(2024, 1, 1), MAX_DAYS_AHEAD),
    ],
)
def test_times_ahead(text: str, day: date, days: int) -> None:
    assert parse_within(text, day) == days


@pytest.mark.parametrize("text", ["", "-5", "1.5d", "3661", "9999m", "d", "2y", "٢d", "14d2w", "1,5"])
def test_what_is_no_time_ahead(text: str) -> None:
    with pytest.raises(InputError):
        parse_within(text, date(9999, 6, 1))


def test_a_wrong_time_ahead_is_an_error_that_helps(small: Program) -> None:
    assert "write 14d, 2w or 1m" in small.fails(2, "due", "--within", "soon")
    assert "exclude each other" in small.fails(2, "due", "--ics", "x.ics", "-f", "json")


# --- against a naive second reading -------------------------------------------------------------------


def _still_needed(
    obligation: naive.Obligation,
    counted: list[naive.Execution],
    excused: list[naive.Days],
    as_of: date,
    *,
    day_over: bool,
) -> date | None:
    """The last day on which the next one still keeps every gap short enough; none where none is needed."""
    most = naive.bounds(obligation)[1]
    assert most is not None
    days = obligation.days
    busy = {one.day for one in counted if one.day <= as_of}

    def holds(until: date, *more: date) -> bool:
        return naive.longest_gap(obligation, busy | set(more), excused, until, day_over=True) <= most

    if holds(days[-1]):
        return None
    to_come = [day for day in days if day > as_of or (day == as_of and not day_over)]
    return max(day for day in to_come if holds(day, day))


def _due(
    scenario: strategies.Scenario,
    as_of: date,
    day_over: bool,  # noqa: FBT001
    last: date,
) -> Iterator[tuple[date, int, int, tuple[object, ...]]]:
    """What is due by the words of the page: last day, urgency, place in the plan, and what is told."""
    answer = naive.answer(scenario.plan, scenario.executions, scenario.waivers, as_of, day_over)
    owed = list(naive.obligations(scenario.plan))
    for place, (obligation, finding) in enumerate(zip(owed, answer.findings, strict=True)):
        activity, requirement = obligation.activity, obligation.requirement
        value, status = finding["value"], finding["status"]
        if status not in ("at_risk", "pending", "upcoming"):
            continue
        least, most = naive.bounds(obligation)
        by: date | None = obligation.days[-1]
        left: Decimal | None = None
        if requirement["measure"] == "gap":
            counted = [
                one
                for one in scenario.executions
                if (one.agency, one.activity) == (obligation.agency, activity["code"])
                and naive.counts(one, requirement)
            ]
            of_duty = (one for one in owed if naive.key_of(one) == naive.key_of(obligation))
            excused = naive.excused_before(obligation, of_duty, scenario.waivers)
            by = _still_needed(obligation, counted, excused, as_of, day_over=day_over)
        elif requirement["measure"] == "latest":
            fine = value is not None and (least is None or value >= least) and (most is None or value <= most)
            by = None if fine else by
        elif least is not None and value is not None and value < least:
            left = least - value
        elif most is not None and value is not None and value > most:
            left = most - value
        else:
            by = None
        if by is None or (obligation.days[0] if status == "upcoming" else by) > last:
            continue
        told = (obligation.agency, activity["code"], requirement["code"], obligation.label, by, left, status)
        yield by, ["at_risk", "pending", "upcoming"].index(status), place, told


def test_what_is_due_is_that_of_the_second_reading(database: str, tmp_path: Path) -> None:
    world = World(database, tmp_path)
    seen: set[tuple[object, ...]] = set()

    @settings(max_examples=60, database=None)
    @given(scenario=strategies.scenarios(), data=st.data())
    def compare(scenario: strategies.Scenario, data: st.DataObject) -> None:
        found_in, code = world.load(scenario)
        within = data.draw(st.sampled_from([0, 3, 10, 30, 90, 400]))
        for as_of, day_over in [
            (scenario.as_of, scenario.day_over),
            data.draw(strategies.cutoffs(scenario.plan)),
        ]:
            asked = question(code, as_of, day_over=day_over, window=Span(as_of, as_of))
            document = dues_document(list_dues(found_in, asked, str(within)))
            told = [
                (
                    *(one[key] for key in ("agency", "activity", "requirement", "period")),
                    date.fromisoformat(one["due"]),
                    None if one["left"] is None else Decimal(str(one["left"])),
                    one["status"],
                )
                for one in document["due"]
            ]
            expected = sorted(_due(scenario, as_of, day_over, as_of + timedelta(within)))
            assert told == [one[-1] for one in expected]
            for one in document["due"]:
                assert one["days_left"] == (date.fromisoformat(one["due"]) - as_of).days >= 0
                seen.add((one["measure"], one["status"]))

    measures = ("executions", "amount", "days", "forms", "gap", "stock", "latest")
    wanted = {(measure, status) for measure in measures for status in ("pending", "upcoming", "at_risk")}
    # Which cases are drawn is chance, so drawing goes on until each has occurred.
    for round_ in range(MOST_ROUNDS):
        seed(round_)(compare)()
        if seen >= wanted:
            break
    assert wanted - seen == set()


# --- the calendar -------------------------------------------------------------------------------------


def calendar(program: Program, path: Path, *options: object) -> bytes:
    """Write a calendar; give its bytes."""
    program.ok("due", "--as-of", "2024-05-09", *options, "--ics", path)
    return path.read_bytes()


def events(content: bytes) -> dict[str, Any]:
    """Give the events of a calendar by their identity."""
    found = {str(event["UID"]): event for event in Calendar.from_ical(content).walk("VEVENT")}
    assert len(found) == content.count(b"BEGIN:VEVENT")
    return found


def test_a_calendar_has_an_event_on_each_last_day(small: Program, tmp_path: Path) -> None:
    content = calendar(small, tmp_path / "due.ics", "--within", "60d")
    found = list(events(content).values())
    asked = due(small, "--within", "60d")
    assert [event.decoded("DTSTART").isoformat() for event in found] == [one["due"] for one in asked]
    for event in found:
        assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(1)
        assert event["DTSTART"].params["VALUE"] == "DATE"
        (alarm,) = event.walk("VALARM")
        assert timedelta(-4) < alarm.decoded("TRIGGER") < timedelta(-1)
        assert alarm["ACTION"] == "DISPLAY"
    assert str(found[2]["SUMMARY"]) == "To do: 9 phút · Chuyên mục CCHC trên sóng · Đài Truyền thanh Buôn Hồ"
    words = str(found[2]["DESCRIPTION"])
    assert "“Phát chuyên mục, thời lượng mỗi tháng ít nhất 15 phút”" in words
    assert "“Thường xuyên trong năm”" in words
    assert "Month 5/2024: 6 phút (needs 15), under way" in words
    assert "note: Tổ giúp việc quyết định" in str(found[1]["DESCRIPTION"])


def test_lines_end_fold_and_read_as_the_standard_says(small: Program, tmp_path: Path) -> None:
    content = calendar(small, tmp_path / "due.ics", "--within", "60d")
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    for line in lines:
        line.decode()  # no character is cut in two
    unfolded = content.decode().replace("\r\n ", "").split("\r\n")
    assert unfolded[0] == "BEGIN:VCALENDAR"
    assert unfolded.count("VERSION:2.0") == 1
    depth: list[str] = []
    for text in unfolded[:-1]:
        name, _, value = text.partition(":")
        if name == "BEGIN":
            depth.append(value)
        elif name == "END":
            assert depth.pop() == value
    assert depth == []


def test_the_same_question_gives_the_same_bytes_and_a_later_one_the_same_events(
    small: Program, tmp_path: Path
) -> None:
    first = calendar(small, tmp_path / "one.ics")
    assert calendar(small, tmp_path / "two.ics") == first
    small.ok("log", "A.1", 5, "--form", "radio", "--agency", "dai-buon-ho", "--date", "2024-05-10")
    small.ok("log", "A.5", "--agency", "dai-buon-ho", "--date", "2024-05-10")
    path = tmp_path / "one.ics"
    small.ok("due", "--as-of", "2024-05-10", "--ics", path)
    before, after = events(first), events(path.read_bytes())
    assert before.keys() <= after.keys()
    for uid, old in before.items():
        assert after[uid].decoded("SEQUENCE") > old.decoded("SEQUENCE")
        assert after[uid].decoded("DTSTAMP") > old.decoded("DTSTAMP")
    moved = [uid for uid in before if before[uid]["DTSTART"].dt != after[uid]["DTSTART"].dt]
    assert [after[uid]["DTSTART"].dt for uid in moved] == [date(2024, 5, 18)]
    assert sum("4 phút" in str(event["SUMMARY"]) for event in after.values()) == 1


AWKWARD = r"Mục\nmới; \Next, C:\N \\N, “x”:=y \; \x0a"


def test_no_name_can_bring_in_a_property(cchc: Program, tmp_path: Path) -> None:
    """Line ends of any kind, and what the format means something by, come out as text."""
    evil = '"Tin\\nEND:VEVENT\\r\\nATTACH:file:///x\\rX-A:1\\u2028X-B:2\\tđ\\x85"'
    changes = [
        ("title: Chuyên mục CCHC trên sóng", f"title: {evil}"),
        ("name: Đài Truyền thanh Buôn Hồ", f"name: '{AWKWARD}'"),
        ("note: Tổ giúp việc quyết định", f"note: {evil}"),
    ]
    cchc.ok("import", write_plan(tmp_path, *changes, frame=FIXED))
    content = calendar(cchc, tmp_path / "due.ics", "--within", "2m")
    allowed = {
        *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME", "SUMMARY", "DTSTART"),
        *(
            "DTEND",
            "DTSTAMP",
            "UID",
            "SEQUENCE",
            "DESCRIPTION",
            "LAST-MODIFIED",
            "TRANSP",
            "ACTION",
            "TRIGGER",
        ),
    }
    for line in content.decode().replace("\r\n ", "").split("\r\n")[:-1]:
        assert line.partition(":")[0].partition(";")[0] in allowed, line
        assert line.isprintable()
    station = next(event for event in events(content).values() if "phút" in str(event["SUMMARY"]))
    assert r"Tin\x0aEND:VEVENT\x0d\x0aATTACH" in str(station["SUMMARY"])


def test_text_is_read_back_as_it_was(small: Program, tmp_path: Path) -> None:
    r"""Escaped as RFC 5545 has it, read by hand: `\N` in a name is no line end."""
    small.ok("import", write_plan(tmp_path, ("Hội nghị", AWKWARD), frame=FIXED, more=MORE))
    content = calendar(small, tmp_path / "due.ics", "--within", "2m").decode().replace("\r\n ", "")
    line = next(line for line in content.split("\r\n") if line.startswith("SUMMARY") and "mới" in line)
    read, rest = "", iter(line)
    for char in rest:
        read += {"n": "\n", "N": "\n"}.get(after := next(rest), after) if char == "\\" else char
    # \x0a, typed letter by letter, is shown with its backslash doubled, as everywhere.
    assert AWKWARD.replace(r"\x0a", r"\\x0a") in read


def test_where_a_calendar_is_written(small: Program, tmp_path: Path) -> None:
    path = tmp_path / "due.ics"
    options = ("due", "--as-of", "2024-05-09")
    assert small.ok(*options, "--ics", path).out == f"written: {path}, events: 6\n"
    first = path.read_bytes()
    assert small.ok(*options, "--ics", "-").out == first.decode().replace("\r\n", "\n")
    small.ok(*options, "--within", "2m", "--ics", path)
    assert len(path.read_bytes()) > len(first)
    other = tmp_path / "report.txt"
    other.write_text("của tôi", "utf-8")
    assert "is not a calendar" in small.fails(2, *options, "--ics", other)
    assert other.read_text("utf-8") == "của tôi"
    assert "is not a calendar" in small.fails(2, *options, "--ics", small.db)
    assert "is not a calendar" in small.fails(2, *options, "--ics", tmp_path)
    assert "no such folder" in small.fails(2, *options, "--ics", tmp_path / "absent" / "due.ics")
    assert not list(tmp_path.glob(".*.new"))
    small.ok("due", "--as-of", "2025-01-01", "--ics", path)
    assert events(path.read_bytes()) == {}


def test_a_calendar_speaks_the_language_of_the_program(small: Program, tmp_path: Path) -> None:
    english = events(calendar(small, tmp_path / "due.ics"))
    small.environment["CCHC_LANG"] = "vi"
    assert events(calendar(small, tmp_path / "due.ics")).keys() == english.keys()
