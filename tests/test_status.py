"""`cchc status`: the documents scripts rely on, what selects, and how it looks on a terminal; `history`."""

from __future__ import annotations

import csv
import io
import re
import shutil
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.records.waiver import Waiver
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.plans.plans import load_plan
from cchc_cli.storage.records.waivers import add_waiver
from tests.program import Program
from tests.small_plan import FIXED, NOW, import_once, write_plan
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

STATUSES = ["met", "partial", "missed", "pending", "at_risk", "upcoming", "waived"]
FIGURES = ["settled", "settled_met", "begun", "begun_met", "running", "rate", "progress"]
COUNTS = [
    *("obligations", *STATUSES, "untouched", *FIGURES),
    *(f"{name}_{basis}" for basis in ("stated", "interpreted") for name in FIGURES),
]
GAINED = {"known_at", "chain"}
"""Keys that the document gains with amendments and proof."""

ROWS = """\
date,agency,activity,amount,form,repeat,title
2024-01-05,dai-buon-ho,A.1,15,radio,,Số 1
2024-02-05,dai-buon-ho,A.1,10,radio,,Số 2
2024-02-06,dai-buon-ho,A.1,30,radio,yes,Phát lại
2024-01-10,so-noi-vu,A.4,1,,,Họp quý I
2024-03-20,ea-drong,A.2,2,panel,,Pa nô
2024-05-02,ea-drong,A.2,-1,panel,,Gỡ
2024-05-10,so-noi-vu,A.3,75.5,,,
"""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the small plan of 2024 once, and log some of its year."""
    folder = tmp_path_factory.mktemp("stored")
    path = import_once(folder, frame=FIXED)
    rows = folder / "rows.csv"
    rows.write_text(ROWS, "utf-8")
    Program(folder / "home", str(path)).ok("log", "--file", rows)
    return path


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, stored: Path) -> Program:
    """Give the program with the year 2024, for questions that change nothing."""
    return Program(tmp_path_factory.mktemp("home"), str(stored))


@pytest.fixture
def small(cchc: Program, stored: Path) -> Program:
    """Give the program with a copy of the year 2024, to change."""
    shutil.copy(stored, cchc.db)
    return cchc


def ask(cchc: Program, *options: object) -> dict[str, Any]:
    """Give the document of a status."""
    found: dict[str, Any] = cchc.ok("status", *options, "-f", "json").json
    return found


def findings(cchc: Program, *options: object) -> list[tuple[str, str, str, str]]:
    """Give agency, requirement, period and status of each finding."""
    return [
        (one["agency"], one["requirement"], one["period"], one["status"])
        for one in ask(cchc, *options)["findings"]
    ]


def figures(
    settled: int, settled_met: int, begun: int, begun_met: int, running: int, of: str = ""
) -> dict[str, float | None]:
    """Give the figures as they stand in a document, of all or of one basis."""
    values = (
        *(settled, settled_met, begun, begun_met, running),
        *(
            round(met / all_, 4) if all_ else None
            for met, all_ in ((settled_met, settled), (begun_met, begun))
        ),
    )
    return {f"{name}{of}": value for name, value in zip(FIGURES, values, strict=True)}


def test_document(year: Program) -> None:
    """The document has the promised keys, types and figures."""
    found = ask(year, "--as-of", "2024-03-31", "--period", "2024-Q1")
    keys = ["format", "plan", "as_of", "day_over", "window", "summary", "agencies", "findings"]
    assert [key for key in found if key not in GAINED] == keys
    assert (found["format"], found["plan"]) == ("cchc-status/2", "small")
    assert (found["as_of"], found["day_over"]) == ("2024-03-31", True)
    assert found["window"] == {"label": "2024-Q1", "from": "2024-01-01", "to": "2024-03-31"}
    assert found["summary"] == {
        "obligations": 8,
        "met": 3,
        "partial": 1,
        "missed": 3,
        "pending": 1,
        "at_risk": 0,
        "upcoming": 0,
        "waived": 0,
        "untouched": 0,
        **figures(7, 3, 7, 3, 1),
        **figures(4, 2, 4, 2, 0, "_stated"),
        **figures(3, 1, 3, 1, 1, "_interpreted"),
    }
    assert [agency["agency"] for agency in found["agencies"]] == [
        "buon-ho",
        "ea-drong-cmg",
        "dai-buon-ho",
        "so-noi-vu",
        "ea-drong",
    ]
    for agency in found["agencies"]:
        assert list(agency) == ["agency", "name", *COUNTS]
    assert found["agencies"][2] == {
        "agency": "dai-buon-ho",
        "name": "Đài Truyền thanh Buôn Hồ",
        "obligations": 3,
        "met": 1,
        "partial": 1,
        "missed": 1,
        "pending": 0,
        "at_risk": 0,
        "upcoming": 0,
        "waived": 0,
        "untouched": 0,
        **figures(3, 1, 3, 1, 0),
        **figures(3, 1, 3, 1, 0, "_stated"),
        **figures(0, 0, 0, 0, 0, "_interpreted"),
    }
    february = next(one for one in found["findings"] if one["period"] == "2024-02")
    assert february == {
        "agency": "dai-buon-ho",
        "activity": "A.1",
        "requirement": "minutes",
        "period": "2024-02",
        "from": "2024-02-01",
        "to": "2024-02-29",
        "measure": "amount",
        "unit": "minute",
        "at_least": 15,
        "at_most": None,
        "value": 10,
        "executions": 1,
        "status": "partial",
        "reason": None,
        "basis": "stated",
    }
    assert list(february) == list(found["findings"][0])
    assert type(february["value"]) is int


def test_order_of_findings(year: Program) -> None:
    """Findings stand in the order of the plan: agency, activity, requirement, period."""
    assert findings(year, "--as-of", "2024-05-15", "--period", "2024-03-20..2024-05-15") == [
        ("so-noi-vu", "share", "2024-12-31", "pending"),
        ("so-noi-vu", "quarterly", "2024-Q1", "met"),
        ("so-noi-vu", "quarterly", "2024-Q2", "pending"),
        ("buon-ho", "standing", "2024-Q1", "missed"),
        ("buon-ho", "standing", "2024-Q2", "pending"),
        ("dai-buon-ho", "minutes", "2024-03", "missed"),
        ("dai-buon-ho", "minutes", "2024-04", "missed"),
        ("dai-buon-ho", "minutes", "2024-05", "pending"),
        ("ea-drong", "standing", "2024-Q1", "met"),
        ("ea-drong", "standing", "2024-Q2", "pending"),
        ("ea-drong-cmg", "standing", "2024-Q1", "missed"),
        ("ea-drong-cmg", "standing", "2024-Q2", "pending"),
    ]


def test_values(year: Program) -> None:
    """A stock reaches back before its period, a reading is the last one, a decimal stays exact."""
    found = ask(year, "--as-of", "2024-05-15")["findings"]
    standing = [one for one in found if one["agency"] == "ea-drong"]
    assert [(one["value"], one["executions"]) for one in standing[:2]] == [(2, 1), (1, 2)]
    share = next(one for one in found if one["requirement"] == "share")
    assert (share["value"], share["executions"], share["at_least"]) == (75.5, 1, 80)
    april = next(one for one in found if one["period"] == "2024-04")
    assert (april["value"], april["executions"]) == (0, 0)


def test_summary(year: Program) -> None:
    """`--summary` leaves the findings out and nothing else."""
    whole = ask(year, "--as-of", "2024-05-15")
    del whole["findings"]
    assert ask(year, "--as-of", "2024-05-15", "--summary") == whole
    assert whole["window"]["label"] == "2024-01-01..2024-12-31"


def test_check(year: Program) -> None:
    """`--check` leaves with 1 where something is missed or partly done, and with 0 where not."""
    for options, code in (
        (("--as-of", "2024-01-31"), 0),
        (("--as-of", "2024-02-28"), 0),
        (("--as-of", "2024-02-29"), 1),
        (("--as-of", "2024-02-29", "--agency", "so-noi-vu"), 0),
        (("--as-of", "2024-02-29", "--period", "2024-01"), 0),
        (("--as-of", "2024-03-31", "--activity", "panels"), 1),
        (("--as-of", "2024-03-31", "--activity", "panels", "-f", "json"), 1),
        (("--as-of", "2024-03-31", "--period", "2024-12"), 0),
    ):
        outcome = year.run("status", "--check", *options)
        assert outcome.code == code, (options, outcome)
        assert outcome.out


PERIODS = {
    "2024-03": ("2024-03-01", "2024-03-31"),
    "2024-Q2": ("2024-04-01", "2024-06-30"),
    "2024-q2": ("2024-04-01", "2024-06-30"),
    "2024-H1": ("2024-01-01", "2024-06-30"),
    "2024-H2": ("2024-07-01", "2024-12-31"),
    "2024-W11": ("2024-03-11", "2024-03-17"),
    "2024-w01": ("2024-01-01", "2024-01-07"),
    "2024": ("2024-01-01", "2024-12-31"),
    "2024-02-29": ("2024-02-29", "2024-02-29"),
    "2024-01-15..2024-02-14": ("2024-01-15", "2024-02-14"),
    "2023-12-01..2024-01-01": ("2023-12-01", "2024-01-01"),
    "round-1": ("2024-03-16", "2024-04-14"),
}


@pytest.mark.parametrize("label", PERIODS)
def test_period(year: Program, label: str) -> None:
    """A period of any kind selects the obligations that overlap it, and leaves the cut-off alone."""
    first, last = PERIODS[label]
    found = ask(year, "--as-of", "2024-12-31", "--period", label)
    window = found["window"]
    assert (window["from"], window["to"]) == (first, last)
    assert window["label"].casefold() == label.casefold()
    assert found["as_of"] == "2024-12-31"
    months = [one["period"] for one in found["findings"] if one["requirement"] == "minutes"]
    expected = [f"2024-{month:02}" for month in range(1, 13) if f"2024-{month:02}-01" <= last]
    assert months == [month for month in expected if month >= first[:7]]


def test_review(cchc: Program, tmp_path: Path) -> None:
    """A review that is past sets the cut-off to its last day; one that runs leaves it at today."""
    cchc.ok("import", write_plan(tmp_path))
    past = ask(cchc, "--review", "past")
    first, last = NOW.past
    assert past["window"] == {"label": "past", "from": first.isoformat(), "to": last.isoformat()}
    assert (past["as_of"], past["day_over"]) == (last.isoformat(), True)
    running = ask(cchc, "--review", "RUNNING")
    assert running["window"]["label"] == "running"
    assert (running["as_of"], running["day_over"]) == (NOW.today.isoformat(), False)
    given = ask(cchc, "--review", "past", "--as-of", NOW.today)
    assert (given["as_of"], given["day_over"]) == (NOW.today.isoformat(), True)
    assert given["window"] == past["window"]
    alone = ask(cchc)
    assert (alone["as_of"], alone["day_over"]) == (NOW.today.isoformat(), False)


def test_review_leaves_what_it_cuts_open(year: Program) -> None:
    """A month that the end of a past review cuts is open in it, not failed."""
    found = {
        period: status
        for _, requirement, period, status in findings(year, "--review", "past")
        if requirement == "minutes"
    }
    assert found == {"2024-03": "missed", "2024-04": "pending"}


def test_filters(year: Program) -> None:
    """Agency, subtree and activity narrow the answer down, by any of their names."""
    as_of = ("--as-of", "2024-05-15")

    def agencies(*options: str) -> list[str]:
        return sorted(one["agency"] for one in ask(year, *as_of, "--summary", *options)["agencies"])

    assert agencies("--agency", "644") == ["buon-ho"]
    assert agencies("--agency", "Thị Hồ", "--subtree") == ["buon-ho", "dai-buon-ho", "ea-drong"]
    assert agencies("--agency", "ubnd tinh") == []
    assert len(agencies("--agency", "ubnd tinh", "--subtree")) == 5
    assert agencies("--activity", "A.1") == agencies("--activity", "RADIO-column") == ["dai-buon-ho"]
    assert agencies("--activity", "A.2", "--agency", "buon-ho", "--subtree") == ["buon-ho", "ea-drong"]
    assert {one[1] for one in findings(year, *as_of, "--activity", "share")} == {"share"}


def test_csv(year: Program) -> None:
    """CSV has a heading and a row a finding, with the keys and values of the document."""
    options = ("--as-of", "2024-05-15", "--agency", "buon-ho", "--subtree")
    out = year.ok("status", *options, "-f", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))
    expected = ask(year, *options)["findings"]
    chain = ask(year, *options)["chain"]
    assert list(rows[0]) == [*expected[0], "chain"]
    assert rows == [
        {
            **{key: "" if value is None else str(value) for key, value in one.items()},
            "chain": "" if number else f"{chain['count']}:{chain['head']}",
        }
        for number, one in enumerate(expected)
    ]


NOBODY: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (("--plan", "smal"), ("“smal”", "did you mean small")),
    (("--agency", "buon-hoo"), ("“buon-hoo”", "did you mean buon-ho")),
    (
        ("--agency", "xa ea drong"),
        ("ea-drong – Xã Ea Drông (UBND thị xã Buôn Hồ)", "ea-drong-cmg – Xã Ea D'Rơng (UBND tỉnh)"),
    ),
    (("--activity", "panel"), ("“panel”", "did you mean panels")),
    (("--review", "runing"), ("“runing”", "did you mean running")),
    (("--period", "2024-13"), ("“2024-13” is no period", "2024-Q1", "first half of 2024")),
    (("--period", "2024-Q5"), ("“2024-Q5” is no period",)),
    (("--period", "2025-W53"), ("“2025-W53” is no period",)),
    (("--period", "2024-02-30"), ("is no period",)),
    (("--period", "2024-03-01..2024-02-01"), ("is no period",)),
    (("--period", "quý 5"), ("“quý 5” is no period",)),
    (("--period", "Running"), ("“Running” is a review; type --review running",)),
    (("--period", "2024", "--review", "past"), ("--period", "--review")),
    (("--as-of", "2024-02-30"), ("“2024-02-30” is not a date",)),
    (("-f", "xml"), ("xml", "json")),
]


@pytest.mark.parametrize(("options", "words"), NOBODY, ids=lambda value: " ".join(value)[:40])
def test_unknown(year: Program, options: tuple[str, ...], words: tuple[str, ...]) -> None:
    """What the plan does not have is bad usage, with what could be meant."""
    said = year.fails(2, "status", *options)
    assert all(word in said for word in words), said


def test_no_plan_yet(cchc: Program, tmp_path: Path) -> None:
    """Before any import every question says how to begin, and makes no database."""
    for command in (("status",), ("history",), ("plan",), ("agencies",), ("log", "A.1"), ("history", "1")):
        assert "cchc import" in cchc.fails(2, *command)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_waivers(small: Program) -> None:
    """A waiver that covers all of a period waives it, for the one requirement or the whole activity."""
    database = open_database(small.db, create=False)
    assert database is not None
    now = datetime.now(UTC)
    with database.writing() as connection:
        plan = load_plan(connection, "small")
        assert plan is not None
        with new_change(connection, "tester", "waive", now) as change:
            for waiver in (
                Waiver(
                    "dai-buon-ho", "A.1", "minutes", Span(date(2024, 2, 1), date(2024, 3, 30)), "Hỏng máy"
                ),
                Waiver(
                    "so-noi-vu", "A.4", None, Span(date(2024, 4, 1), date(2024, 6, 30)), "Sáp nhập", "1/CV"
                ),
            ):
                add_waiver(connection, plan, waiver, change, now)
    found = ask(small, "--as-of", "2024-06-30", "--period", "2024-H1")
    reasons = {
        (one["agency"], one["period"]): (one["status"], one["reason"])
        for one in found["findings"]
        if one["activity"] in {"A.1", "A.4"}
    }
    assert reasons["dai-buon-ho", "2024-02"] == ("waived", "waiver")
    assert reasons["dai-buon-ho", "2024-03"] == ("missed", None)
    assert reasons["so-noi-vu", "2024-Q1"] == ("met", None)
    assert reasons["so-noi-vu", "2024-Q2"] == ("waived", "waiver")
    assert found["summary"]["waived"] == 2
    shown = small.ok("status", "--as-of", "2024-06-30", "--agency", "dai-buon-ho").out
    assert "W waived" in shown


LONG = "Ủy ban nhân dân xã Quảng Hiệp – Nguyễn Thị Minh Khai kéo dài rất dài để thử bảng"
WIDE: tuple[tuple[str, str], ...] = (
    ("name: Đài Truyền thanh Buôn Hồ", f"name: {LONG}"),
    ("title: Chuyên mục CCHC trên sóng", f"title: {LONG}"),
    ("name: phút", "name: phút phát sóng trực tiếp"),
    ("code: dai-buon-ho, n", "code: dai-truyen-thanh-truyen-hinh-thi-xa-buon-ho-tinh-dak-lak, n"),
    ("agencies: [so-noi-vu, dai-buon-ho]", "agencies: [so-noi-vu]"),
    ("perform: [dai-buon-ho]", "perform: [so-noi-vu]"),
    ("owed_by: [dai-buon-ho]", "owed_by: [dai-truyen-thanh-truyen-hinh-thi-xa-buon-ho-tinh-dak-lak]"),
)


def test_tables_fit(cchc: Program, tmp_path: Path) -> None:
    """Tables fit 80 columns with long Vietnamese names, in either language; marks and words tell all."""
    cchc.environment = {"COLUMNS": "80"}
    cchc.ok("import", write_plan(tmp_path, *WIDE, frame=FIXED))
    as_of = ("--as-of", "2024-05-15")
    station = "dai-truyen-thanh-truyen-hinh-thi-xa-buon-ho-tinh-dak-lak"
    cchc.ok(
        "log", "A.1", 1234, "--agency", station, "--date", "2024-01-05", "--form", "radio", "--title", LONG
    )
    for language, command in (
        ("vi", ("status", *as_of)),
        ("en", ("status", *as_of)),
        ("vi", ("status", *as_of, "--agency", station)),
        ("en", ("status", *as_of, "--agency", station)),
        ("vi", ("history",)),
        ("vi", ("history", "1")),
        ("vi", ("agencies",)),
        ("vi", ("plan", "A.1")),
    ):
        cchc.environment["CCHC_LANG"] = language
        out = cchc.ok(*command).out
        assert max(map(len, out.splitlines())) <= 80, (command, out)
        assert "Nguyễn" in out


def test_table_words(year: Program) -> None:
    """The tables say who, what, how much, when and how it stands, without colour."""
    wide = Program(year.home, year.db, {"COLUMNS": "160"})
    one = wide.ok("status", "--as-of", "2024-05-15", "--agency", "dai-buon-ho").out
    for words in (
        "Đài Truyền thanh Buôn Hồ (dai-buon-ho)",
        "as of the end of 2024-05-15",
        "A.1. Chuyên mục CCHC trên sóng",
        "at least 15 phút, each month",
        "stated in the plan",
        "MPXX",
        "Month 5/2024",
        "0 phút (needs 15)",
        "15 phút by",
        "M met",
        "P partly",
        "X missed",
        "25 %",
    ):
        assert words in " ".join(one.split()), (words, one)
    many = year.ok("status", "--as-of", "2024-05-15").out
    for words in ("SNV", "UBND thị xã Buôn Hồ", "Xã Ea D'Rơng", "agencies: 5", "X missed", "All"):
        assert words in many, (words, many)
    assert many.index("UBND thị xã") < many.index("SNV")
    assert "has no obligations that match" in year.ok("status", "--agency", "ubnd-tinh").out


def test_no_colour(year: Program) -> None:
    """Nothing but text is written where the stream is no terminal, whatever the environment wishes."""
    for environment in (
        {"NO_COLOR": "1"},
        {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
        {"FORCE_COLOR": "1", "TERM": "xterm"},
    ):
        plain = Program(year.home, year.db, environment)
        for command in (("status",), ("history",), ("nix",)):
            outcome = plain.run(*command)
            assert "\x1b" not in outcome.out + outcome.err, (environment, command)


def test_colour_on_a_terminal(year: Program) -> None:
    """A terminal gets colour, and none where NO_COLOR is set; the words are the same."""
    shown = {}
    for wish in ("", "1"):
        environment = {"TERM": "xterm", "NO_COLOR": wish}
        with Terminal(Program(year.home, year.db, environment), "status") as terminal:
            assert terminal.code() == 0
            shown[wish] = terminal.shown
    colour = re.compile(r"\x1b\[[0-9;]*(3[0-9]|4[0-9]|9[0-7])[0-9;]*m")
    assert colour.search(shown[""])
    assert not colour.search(shown["1"])
    anything = re.compile(r"\x1b\[[0-9;]*m")
    assert anything.sub("", shown[""]) == anything.sub("", shown["1"])


ACTS = {
    "an escape": "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    "markup": "[bold]fett[/bold] [link=http://x]x[/link] :smile:",
    "a hidden direction": "a\u202egnp.exe\u2066b",
    "more lines": "one\ntwo\r\nthree\tfour",
    "nothing to see": "a\u200bb\ufeffc\u00add",
    "controls of the second kind": "a\x9b31mb\x85c\u2028d",
}


def test_text_that_acts(small: Program, tmp_path: Path) -> None:
    """Titles and notes that could act on a terminal are shown harmless, and kept as they were."""
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(["date", "agency", "activity", "amount", "title", "note"])
    for number, text in enumerate(ACTS.values(), 1):
        writer.writerow(["2024-06-01", "so-noi-vu", "A.4", number, text, text])
    path = tmp_path / "rows.csv"
    path.write_bytes(rows.getvalue().encode())
    small.environment = {"COLUMNS": "250"}
    small.ok("log", "--file", path)
    june = ("history", "--period", "2024-06")
    kept = small.ok(*june, "-f", "json").json["executions"]
    assert [one["title"] for one in kept] == list(ACTS.values())
    assert [one["note"] for one in kept] == list(ACTS.values())
    shown = small.ok(*june).out
    assert not set(shown.replace("\n", "")) & set("\x1b\x07\x9b\x85\r\t\u202e\u2066\u200b\ufeff\u00ad\u2028")
    for words in ("\\x1b[31mred", "[bold]fett[/bold]", ":smile:", "\\u202egnp.exe", "one\\x0atwo", "\\u200b"):
        assert words in shown, shown
    for number in (one["no"] for one in kept[:2]):
        assert "\x1b" not in small.ok("history", number).out
    done = small.run("log", "A.4", "--agency", "so-noi-vu", "--date", "\x1b[2J")
    assert done.code == 2
    assert "\x1b" not in done.err
    cells = list(csv.DictReader(io.StringIO(small.ok(*june, "-f", "csv").out, newline="")))
    assert [cell["title"] for cell in cells if "\n" not in cell["title"]] == [
        text for text in ACTS.values() if "\n" not in text
    ]


def test_history_counts_what_it_shows(cchc: Program, tmp_path: Path) -> None:
    """The last line says how many records there are, and how many of them are voided."""
    cchc.ok("import", write_plan(tmp_path, frame=FIXED))
    for day in ("2024-02-01", "2024-03-01"):
        cchc.ok("log", "A.4", "--agency", "so-noi-vu", "--date", day)
    assert cchc.ok("history").out.splitlines()[-1] == "records: 2, of these voided: 0"
    cchc.ok("void", 1, "--reason", "x")
    assert cchc.ok("history").out.splitlines()[-1] == "records: 2, of these voided: 1"
    assert cchc.ok("history", "--period", "2024-03").out.splitlines()[-1] == "records: 1, of these voided: 0"


def test_history_says_what_made_it_empty(year: Program) -> None:
    """Of each filter that alone leaves nothing it says how many records there are without it."""
    every = year.ok("history", "-f", "json").json["executions"]
    agency, other = every[0]["agency"], "new"
    mine = sum(one["agency"] == agency for one in every)
    assert not [one for one in every if one["agency"] == other]
    lines = year.ok("history", "--agency", agency, "--period", "2024-12").out.splitlines()
    assert re.fullmatch(r"nothing is recorded: agency .+, from 2024-12-01 to 2024-12-31", lines[0])
    assert lines[1:] == [f"without --period there are {mine}"]
    lines = year.ok("history", "--agency", other).out.splitlines()
    assert lines == ["nothing is recorded: agency Phường Mới", f"without --agency there are {len(every)}"]
    lines = year.ok("history", "--agency", other, "--period", "2024-12").out.splitlines()
    assert lines[1:] == [f"without all of these there are {len(every)}"]
    assert "runs from 2024-01-01 to 2024-12-31" in year.fails(2, "history", "--period", "2023")
    usual = Program(year.home, year.db, {**year.environment, "CCHC_AGENCY": other})
    lines = usual.ok("history").out.splitlines()
    assert lines[1:] == [f"without the agency (from CCHC_AGENCY) there are {len(every)}"]


def test_history_of_a_plan_without_records(cchc: Program, tmp_path: Path) -> None:
    cchc.ok("import", write_plan(tmp_path))
    for arguments in ((), ("--agency", "new"), ("--period", f"{NOW.today:%Y-%m}")):
        assert "begin with: cchc log" in cchc.ok("history", *arguments).out


def test_history_document(year: Program) -> None:
    """`history -f json` has the fields of log and of the version, by date, then in order of logging."""
    done = year.ok("history", "-f", "json").json
    assert list(done) == ["format", "plan", "executions"]
    assert done["format"] == "cchc-history/1"
    assert [one["date"] for one in done["executions"]] == sorted(line[:10] for line in ROWS.splitlines()[1:])
    fields = [
        "id",
        "no",
        "agency",
        "activity",
        "date",
        "amount",
        "form",
        "repeat",
        "title",
        "evidence",
        "note",
    ]
    for one in done["executions"]:
        assert list(one) == [*fields, "recorded_at", "change", "voided", "version", "author", "reason"]
        assert (one["voided"], one["version"], one["author"], one["reason"]) == (False, 1, "tester", None)
    filtered = year.ok("history", "--agency", "buon-ho", "--subtree", "--activity", "A.2", "-f", "json").json
    assert [one["amount"] for one in filtered["executions"]] == [2, -1]
    one = filtered["executions"][0]
    assert year.ok("history", one["id"], "-f", "json").json["executions"] == [one]
    assert year.ok("history", one["no"], "-f", "json").json["executions"] == [one]


def test_records_that_are_not_there(cchc_on: Program, tmp_path: Path) -> None:
    """A number or id that no record has is bad usage, however large or strange."""
    cchc_on.ok("import", write_plan(tmp_path))
    for unknown in (
        "9",
        "x",
        "2147483648",
        "4611686018427387903",
        "9" * 5000,
        "00000000-0000-7000-8000-000000000000",
    ):
        assert f"“{unknown}”" in cchc_on.fails(2, "history", unknown)
