"""`cchc explain`: from the plan's words to the row that decided; counting by hand gives the value."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, seed, settings

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.verdicts.rules import Row
from cchc_cli.reports.data.explain import explain_document
from cchc_cli.services.questions.explanation import explain
from tests import naive, strategies
from tests.generated_docs import ROOT
from tests.small_plan import FIXED, write_plan
from tests.test_second_reading import MOST_ROUNDS, World, question

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Program

ROWS = """\
date,agency,activity,amount,form,repeat,title
2024-01-05,dai-buon-ho,A.1,15,radio,,Số 1
2024-02-05,dai-buon-ho,A.1,10,radio,,Số 2
2024-02-06,dai-buon-ho,A.1,30,radio,yes,Phát lại
2024-02-07,dai-buon-ho,A.1,20,web,,Trên cổng
2024-02-08,dai-buon-ho,A.1,4.5,radio,,Ngắn
2024-02-09,dai-buon-ho,A.1,8,radio,,Ghi nhầm
2024-02-28,dai-buon-ho,A.1,7,radio,,Cuối tháng
2024-03-20,ea-drong,A.2,2,panel,,Pa nô
2024-05-02,ea-drong,A.2,-1,panel,,Gỡ
2024-05-10,so-noi-vu,A.3,75.5,,,
"""
STATION = ("--agency", "dai-buon-ho")


def prepared(program: Program, folder: Path, **plan: str) -> Program:
    """Record some of the year 2024, all late, and void one."""
    changes = [
        ("  timezone:", "  log_within_days: 5\n  timezone:"),
        *((old, new) for old, new in plan.items()),
    ]
    program.ok("import", write_plan(folder, *changes, frame=FIXED))
    rows = folder / "rows.csv"
    rows.write_text(ROWS, "utf-8")
    program.ok("log", "--file", rows)
    program.ok("void", 6, "--reason", "không phát sóng")
    return program


@pytest.fixture
def year_on(cchc_on: Program, tmp_path: Path) -> Program:
    """Give the year on each database."""
    return prepared(cchc_on, tmp_path)


@pytest.fixture
def year(cchc: Program, tmp_path: Path) -> Program:
    """Give the year on SQLite."""
    return prepared(cchc, tmp_path)


def explained(program: Program, *arguments: object) -> dict[str, Any]:
    """Give the document of an explanation."""
    found: dict[str, Any] = program.ok("explain", *arguments, "-f", "json").json
    return found


def test_document(year_on: Program) -> None:
    document = explained(year_on, "A.1", *STATION, "--period", "2024-02", "--as-of", "2024-02-20")
    assert {key: document[key] for key in document if key not in {"requirements", "obligations"}} == {
        "format": "cchc-explain/1",
        "plan": "small",
        "as_of": "2024-02-20",
        "day_over": True,
        "known_at": None,
        "window": {"label": "2024-02", "from": "2024-02-01", "to": "2024-02-29"},
        "agency": "dai-buon-ho",
        "agency_name": "Đài Truyền thanh Buôn Hồ",
        "activity": "A.1",
        "activity_title": "Chuyên mục CCHC trên sóng",
        "text": "Phát chuyên mục, thời lượng mỗi tháng ít nhất 15 phút",
        "schedule": "Thường xuyên trong năm",
        "unit": {"code": "minute", "name": "phút"},
    }
    plan = year_on.ok("plan", "A.1", "-f", "json").json
    assert document["requirements"] == plan["activities"][0]["requirements"]
    (february,) = document["obligations"]
    status = year_on.ok(
        "status", *STATION, "--activity", "A.1", "--period", "2024-02", "--as-of", "2024-02-20", "-f", "json"
    ).json
    assert {key: february[key] for key in status["findings"][0]} == status["findings"][0]
    assert (february["value"], february["status"], february["row"]) == (10, "at_risk", 11)
    assert (february["days"], february["elapsed"], february["whole"]) == (29, 20, True)
    assert february["full"] == {"from": "2024-02-01", "to": "2024-02-29", "days": 29}
    assert [(one["no"], one["counted"], one["why"], one["late"]) for one in february["records"]] == [
        (2, True, None, True),
        (3, False, "repeat", True),
        (4, False, "form", True),
        (5, False, "amount", True),
        (6, False, "voided", True),
        (7, False, "after_cut_off", True),
    ]
    history = year_on.ok("history", "--activity", "A.1", "--period", "2024-02", "-f", "json").json
    for kept, one in zip(history["executions"], february["records"], strict=True):
        assert {key: one[key] for key in ("id", "date", "amount", "form", "title")} == {
            key: kept[key] for key in ("id", "date", "amount", "form", "title")
        }


def test_a_stock_shows_what_came_before(year_on: Program) -> None:
    document = explained(
        year_on, "panels/standing", "--agency", "Xã Ea Drông", "--period", "2024-Q2", "--as-of", "2024-06-30"
    )
    (second,) = document["obligations"]
    assert [(one["date"], one["amount"], one["counted"]) for one in second["records"]] == [
        ("2024-03-20", 2, True),
        ("2024-05-02", -1, True),
    ]
    assert (second["value"], second["executions"], second["row"]) == (1, 2, 6)


def test_what_was_known_then(year_on: Program) -> None:
    versions = year_on.ok("history", 6, "-f", "json").json["executions"]
    document = explained(
        *(year_on, "A.1", *STATION, "--period", "2024-02", "--as-of", "2024-02-29"),
        *("--known-at", versions[0]["recorded_at"]),
    )
    assert [one["no"] for one in document["obligations"][0]["records"] if one["counted"]] == [2, 6, 7]
    assert document["obligations"][0]["value"] == 25
    assert document["known_at"] == versions[0]["recorded_at"]


def test_waivers_that_cover_are_shown(year_on: Program) -> None:
    waive = ("waive", "radio-column", *STATION, "--reason", "đài sửa máy", "--document", "12/QĐ")
    year_on.ok(*waive, "--from", "2024-02-01", "--to", "2024-02-29")
    year_on.ok(*waive, "--from", "2024-03-01", "--to", "2024-03-30")
    document = explained(
        year_on, "A.1", *STATION, "--period", "2024-02-01..2024-03-31", "--as-of", "2024-04-01"
    )
    february, march = document["obligations"]
    assert (february["status"], february["reason"], february["row"]) == ("waived", "waiver", 2)
    assert [(one["no"], one["reason"], one["document"]) for one in february["waivers"]] == [
        (1, "đài sửa máy", "12/QĐ")
    ]
    assert (march["status"], march["row"], march["waivers"]) == ("missed", 8, [])
    shown = year_on.ok("explain", "A.1", *STATION, "--period", "2024-02", "--as-of", "2024-04-01").out
    assert "waiver no. 1, 2024-02-01 – 2024-02-29, by tester: đài sửa máy (12/QĐ)" in " ".join(shown.split())


def test_words(year: Program) -> None:
    options = ("--period", "tháng 2/2024", "--as-of", "2024-02-29")
    shown = year.ok("explain", "radio-column/minutes", *STATION, *options).out
    assert [line.rstrip() for line in shown.splitlines()] == EXPLAINED.splitlines()


EXPLAINED = """\
Đài Truyền thanh Buôn Hồ (dai-buon-ho)
small · Month 2/2024 · as of the end of 2024-02-29

A.1. Chuyên mục CCHC trên sóng
  “Phát chuyên mục, thời lượng mỗi tháng ít nhất 15 phút”
  “Thường xuyên trong năm”
  ■ at least 15 phút, each month [stated in the plan] (A.1/minutes)
    only these forms count: Phát thanh
    a repeat does not count
    only amounts of at least 5 count
    “thời lượng mỗi tháng ít nhất 15 phút”

at least 15 phút, each month · Month 2/2024
  owed: 2024-02-01 – 2024-02-29, 29 days
  no. 2, 2024-02-05, 10 phút, Phát thanh, Số 2 – counts, though recorded late
  no. 3, 2024-02-06, 30 phút, Phát thanh, Phát lại – does not count: a repeat
  does not count
  no. 4, 2024-02-07, 20 phút, Cổng thông tin điện tử, Trên cổng – does not
  count: only these forms count: Phát thanh
  no. 5, 2024-02-08, 4.5 phút, Phát thanh, Ngắn – does not count: only amounts
  of at least 5 count
  no. 6, 2024-02-09, 8 phút, Phát thanh, Ghi nhầm – does not count: voided:
  không phát sóng
  no. 7, 2024-02-28, 7 phút, Phát thanh, Cuối tháng – counts, though recorded
  late
  value: 17 phút (needs 15); the sum of the amounts that count
  met – row 6 of the table of verdicts: it is closed, and the value is not short
"""


def test_text_that_acts_is_shown_as_what_it_is(cchc: Program, tmp_path: Path) -> None:
    evil = "Tin\\e[2J\\u202e\\nhai"
    changes = [
        ("title: Chuyên mục CCHC trên sóng", f'title: "{evil}"'),
        ("note: Tổ giúp việc quyết định", f'note: "{evil}"'),
    ]
    cchc.ok("import", write_plan(tmp_path, *changes, frame=FIXED))
    cchc.ok("log", "A.1", 15, "--form", "radio", *STATION, "--date", "2024-02-05", "--title", "a\x1b[2J\nb")
    shown = [
        cchc.ok("explain", "A.1", *STATION, "--period", "2024-02").out,
        cchc.ok("explain", "A.2", "--agency", "buon-ho", "--period", "2024-02").out,
        cchc.ok("due", "--as-of", "2024-03-01", "--within", "3m").out,
    ]
    assert all(text.replace("\n", "").isprintable() for text in shown)
    assert r"Tin\x1b[2J\u202e\x0ahai" in shown[0]
    assert r"a\x1b[2J\x0ab" in shown[0]
    assert r"Tin\x1b[2J\u202e\x0ahai" in shown[1]


@pytest.mark.parametrize(
    ("partial", "words", "row"),
    [
        ("waive", "of 31 days, 2024-01-01 – 2024-01-31: what is not whole is waived", 1),
        ("full", "of 31 days, 2024-01-01 – 2024-01-31: it is owed in full on the remaining days", 8),
        (
            "prorate",
            "bounds × 11 ÷ 31, the minimum rounded up, the maximum down asked for: at least 6 phút",
            8,
        ),
    ],
)
def test_how_a_period_was_cut(cchc: Program, tmp_path: Path, partial: str, words: str, row: int) -> None:
    begins = "kind: station, parent: buon-ho"
    cchc.ok(
        "import",
        write_plan(
            tmp_path,
            (begins, f"{begins}, from: 2024-01-21"),
            ("        per: month\n", f"        per: month\n        partial: {partial}\n"),
            frame=FIXED,
        ),
    )
    arguments = ("A.1", *STATION, "--period", "2024-01", "--as-of", "2024-02-01")
    (january,) = explained(cchc, *arguments)["obligations"]
    assert (january["row"], january["whole"]) == (row, False)
    assert (january["days"], january["full"]["days"]) == (11, 31)
    assert words in " ".join(cchc.ok("explain", *arguments).out.split())


def test_which_obligations_a_period_means(year: Program) -> None:
    def labels(*arguments: object) -> list[str]:
        return [one["period"] for one in explained(year, "A.1", *STATION, *arguments)["obligations"]]

    assert labels("--period", "quý I/2024") == ["2024-01", "2024-02", "2024-03"]
    assert labels("--period", "2024-01-31..2024-02-01") == ["2024-01", "2024-02"]
    assert labels("--period", "round-1") == labels("--period", "PAST") == ["2024-03", "2024-04"]
    past = explained(year, "A.1", *STATION, "--period", "past")
    assert (past["window"]["label"], past["as_of"], past["day_over"]) == ("past", "2024-04-14", True)


def test_who_owes_nothing_is_told_so(year: Program) -> None:
    options = ("A.1", "--agency", "so-noi-vu", "--period", "2024")
    assert explained(year, *options)["obligations"] == []
    shown = year.ok("explain", *options).out
    assert "Sở Nội vụ has no such obligation in this period" in shown
    assert "thời lượng mỗi tháng ít nhất 15 phút" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("A.1", "--period", "2024-02"), "--agency"),
        (("A.1", *STATION), "--period"),
        (
            ("A.1/hours", *STATION, "--period", "2024"),
            "A.1. Chuyên mục CCHC trên sóng has no requirement “hours”; it has: minutes (at least 15 phút, each month)",
        ),
        (("Z.9/x", *STATION, "--period", "2024"), "Z.9"),
        (("A.1", *STATION, "--period", "2024-13"), "“2024-13” is no period"),
        (("A.1", *STATION, "--period", "13/2024"), "“13/2024” is no period"),
        (("A.1", *STATION, "--period", "2024", "--as-of", "soon"), "is not a date"),
        (
            ("A.1", *STATION, "--period", "2024", "--known-at", "2001-01-01T00:00:00Z"),
            "not been imported by then",
        ),
        (("A.1", "--agency", "xa", "--period", "2024"), "the plan has no agency “xa”"),
    ],
)
def test_what_cannot_be_explained(year: Program, arguments: tuple[str, ...], words: str) -> None:
    assert words in year.fails(2, "explain", *arguments)


def test_a_title_with_a_slash_is_a_title(cchc: Program, tmp_path: Path) -> None:
    cchc.ok("import", write_plan(tmp_path, ("Hội nghị", "Họp quý/năm"), frame=FIXED))
    options = ("--agency", "so-noi-vu", "--period", "2024")
    assert explained(cchc, "Họp quý/năm", *options)["activity"] == "A.4"
    assert explained(cchc, "họp quý/năm/QUARTERLY", *options)["obligations"][0]["requirement"] == "quarterly"


def test_an_agency_that_was_not_there_then(cchc: Program, tmp_path: Path) -> None:
    cchc.ok("import", write_plan(tmp_path, frame=FIXED))
    (first,) = cchc.ok("plan", "--versions", "-f", "json").json["versions"]
    line = "  - {code: ubnd-tinh, name: UBND tỉnh, kind: province}\n"
    cchc.ok(
        "import",
        write_plan(tmp_path, (line, f"{line}  - {{code: moi, name: Sở Mới, kind: x}}\n"), frame=FIXED),
    )
    options = ("explain", "A.1", "--agency", "moi", "--period", "2024")
    cchc.ok(*options)
    assert "did not have Sở Mới then" in cchc.fails(2, *options, "--known-at", first["imported_at"])


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("tháng 3/2024", "2024-03"),
        ("THANG 03/2024", "2024-03"),
        ("3/2024", "2024-03"),
        ("Tháng 12/2024", "2024-12"),
        ("quý 1/2024", "2024-Q1"),
        ("Quý IV/2024", "2024-Q4"),
        ("quí iii/2024", "2024-Q3"),
        ("quy 2/2024", "2024-Q2"),
        ("quý I năm 2024", "2024-Q1"),
        ("tháng 3", "2024-03"),
        ("6 tháng đầu năm 2024", "2024-H1"),
        ("9 tháng", "2024-01-01..2024-09-30"),
        ("năm 2024", "2024"),
        ("tuần 11/2024", "2024-W11"),
        ("01/01/2024 – 31/03/2024", "2024-01-01..2024-03-31"),
        ("01/01/2024..31/03/2024", "2024-01-01..2024-03-31"),
        ("14/03/2024", "2024-03-14"),
        ("14/3", "2024-03-14"),
    ],
)
def test_a_period_in_vietnamese(year: Program, typed: str, label: str) -> None:
    window = year.ok("status", "--period", typed, "--summary", "-f", "json").json["window"]
    assert window == year.ok("status", "--period", label, "--summary", "-f", "json").json["window"]
    assert window["label"] == label


@pytest.mark.parametrize(
    "typed", ["tháng 0/2024", "quý 5/2024", "quý V/2024", "tháng/2024", "3/24", "32/3/2024"]
)
def test_what_is_no_period_in_vietnamese(year: Program, typed: str) -> None:
    assert "is no period" in year.fails(2, "status", "--period", typed)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_printed_period_reads_back(year: Program, language: str) -> None:
    """What stands in the head of an answer, and before each verdict, can be typed as a period."""
    year.environment["CCHC_LANG"] = language
    for typed in (
        "2024-03",
        "2024-Q2",
        "2024-H1",
        "2024-W11",
        "2024",
        "2024-01-15..2024-03-14",
        "2024-02-29",
    ):
        window = year.ok("status", "--period", typed, "--summary", "-f", "json").json["window"]
        shown = year.ok("status", "--period", typed, "--summary").out
        (printed,) = re.findall(r"^small · (.+?) · ", shown, re.MULTILINE)
        assert printed not in {typed, window["label"]}
        why = year.ok("explain", "A.1", *STATION, "--period", printed).out
        for again in (printed, *re.findall(r"^small · (.+?) · ", why, re.MULTILINE)):
            read = year.ok("status", "--period", again, "--summary", "-f", "json").json["window"]
            assert (read["from"], read["to"]) == (window["from"], window["to"])
        assert year.ok("history", "--period", printed).out == year.ok("history", "--period", typed).out


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_form_that_the_refusal_lists_is_taken(year: Program, language: str) -> None:
    year.environment["CCHC_LANG"] = language
    said = year.fails(2, "status", "--period", "soon")
    forms = re.sub(r".*?(?:write|hãy viết) ", "", " ".join(said.split()))
    for form in re.split(r", (?:or |hoặc )?| hoặc ", forms):
        typed = re.sub("^(?:a day such as|a range such as|một ngày như|một khoảng như) ", "", form)
        year.ok("status", "--period", typed, "--summary")
    assert ("6 tháng đầu năm 2024" in forms) == (language == "vi")


def test_a_period_without_its_year(cchc: Program, tmp_path: Path) -> None:
    cchc.ok("import", write_plan(tmp_path, frame=replace(FIXED, end=date(2025, 3, 31))))
    said = cchc.fails(2, "status", "--period", "tháng 3")
    assert "“tháng 3” can mean tháng 3/2024, tháng 3/2025; write the year" in said
    assert cchc.ok("status", "--period", "tháng 5", "-f", "json").json["window"]["label"] == "2024-05"


# --- counting by hand ---------------------------------------------------------------------------------

_ROW = re.compile(r"^\| (\d+) \| .* \| `(\w+)` \| (?:`(\w+)`)? ?\|$", re.MULTILINE)
ROWS_OF_THE_PAGE = {
    int(number): (status, reason or None)
    for number, status, reason in _ROW.findall((ROOT / "docs" / "semantics.md").read_text("utf-8"))
}


def test_the_page_has_every_row() -> None:
    assert list(ROWS_OF_THE_PAGE) == [int(row) for row in Row]


def _listed(
    obligation: naive.Obligation, executions: list[naive.Execution], quiet: date | None
) -> list[naive.Execution]:
    """What the agency did on the days of an obligation, of a stock up to its last; as in the document.

    Of a gap also from the day before `quiet` on, the first day of the run that reaches in.
    """
    first, last = obligation.days[0], obligation.days[-1]
    stock = obligation.requirement["measure"] == "stock"
    if quiet:
        first = min(first, quiet - timedelta(1))
    inside = [
        one
        for one in executions
        if (one.agency, one.activity) == (obligation.agency, obligation.activity["code"])
        and (stock or first <= one.day)
        and one.day <= last
    ]
    return sorted(inside, key=lambda one: one.day)


def _quiet_from(
    obligation: naive.Obligation, counted: list[naive.Execution], excused: list[naive.Days], as_of: date
) -> date | None:
    """The first day of the run without one that reaches into a gap's obligation, found by walking back."""
    if obligation.requirement["measure"] != "gap":
        return None
    busy = {one.day for one in counted if one.day <= as_of}
    day = obligation.days[0]
    before = day - timedelta(1)
    while (
        before in obligation.owed and before not in busy and not any(before <= days[-1] for days in excused)
    ):
        day, before = before, before - timedelta(1)
    return day


def _read(record: dict[str, Any]) -> naive.Execution:
    return naive.Execution(
        record["agency"],
        record["activity"],
        date.fromisoformat(record["date"]),
        Decimal(str(record["amount"])),
        record["form"],
        record["repeat"],
    )


def _check(
    found: dict[str, Any],
    obligation: naive.Obligation,
    scenario: strategies.Scenario,
    of_duty: list[naive.Obligation],
) -> None:
    """Count what is listed by hand, and look up the row of the page."""
    requirement = obligation.requirement
    own = [
        one
        for one in scenario.executions
        if (one.agency, one.activity) == (obligation.agency, obligation.activity["code"])
    ]
    excused = naive.excused_before(obligation, of_duty, scenario.waivers)
    counting = [one for one in own if naive.counts(one, requirement)]
    quiet = _quiet_from(obligation, counting, excused, scenario.as_of)
    listed = [_read(record) for record in found["records"]]
    assert listed == _listed(obligation, own, quiet)
    for record, execution in zip(found["records"], listed, strict=True):
        counts = naive.counts(execution, requirement) and execution.day <= scenario.as_of
        before = counts and quiet is not None and execution.day < obligation.days[0]
        assert record["counted"] is (counts and not before) is (record["why"] is None)
        assert (record["why"] == "before") is before
    counted = [_read(record) for record in found["records"] if record["counted"]]
    # What a gap has before its first day ends the run; anything else is told by what counts alone.
    known = counted + [_read(record) for record in found["records"] if record["why"] == "before"]
    value, number = naive.value_of(obligation, known, excused, scenario.as_of, day_over=scenario.day_over)
    assert (found["value"] is None) == (value is None)
    assert value is None or Decimal(str(found["value"])) == value
    assert found["executions"] == number == len(counted)
    assert ROWS_OF_THE_PAGE[found["row"]] == (found["status"], found["reason"])


def test_counting_what_is_listed_gives_the_value(database: str, tmp_path: Path) -> None:
    world = World(database, tmp_path)
    rows: set[int] = set()

    @settings(max_examples=25, database=None)
    @given(scenario=strategies.scenarios())
    def compare(scenario: strategies.Scenario) -> None:
        found_in, code = world.load(scenario)
        effective = scenario.plan["plan"]["effective"]
        window = Span(effective["from"], effective["to"])
        asked = question(code, scenario.as_of, day_over=scenario.day_over, window=window)
        owed: dict[tuple[str, str], dict[tuple[str, str], naive.Obligation]] = defaultdict(dict)
        for one in naive.obligations(scenario.plan):
            owed[one.agency, one.activity["code"]][one.requirement["code"], one.label] = one
        for (agency, activity), wanted in owed.items():
            document = explain_document(explain(found_in, asked._replace(agency=agency, activity=activity)))
            assert len(document["obligations"]) == len(wanted)
            for found in document["obligations"]:
                of_duty = [one for (code, _), one in wanted.items() if code == found["requirement"]]
                _check(found, wanted[found["requirement"], found["period"]], scenario, of_duty)
                rows.add(found["row"])

    # Which rows are drawn is chance, so drawing goes on until each has decided something.
    for round_ in range(MOST_ROUNDS):
        seed(round_)(compare)()
        if rows == set(ROWS_OF_THE_PAGE):
            break
    assert set(ROWS_OF_THE_PAGE) - rows == set()
