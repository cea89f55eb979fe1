"""With several plans imported: which of them a question, a record or a review goes to, and that the answer says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.small_plan import FIXED, Change, Frame, write_plan
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Outcome, Program

LAST = Frame(date(2023, 5, 15), date(2023, 1, 1), date(2023, 12, 31), "Asia/Ho_Chi_Minh")
"""The year before FIXED."""

RADIO = ("log", "radio-column", "15", "--agency", "dai-buon-ho", "--form", "radio")
STATION = ("--agency", "dai-buon-ho")
BOTH = ("p-2023 (2023-01-01 – 2023-12-31)", "p-2024 (2024-01-01 – 2024-12-31)")


def plan_of(year: int, *more: Change) -> tuple[Change, ...]:
    """Give the changes that make the small plan that of a year, with a review of the year's own and Q1.

    As in the plans of the province, Q1 begins in the middle of December of the year before.
    """
    frame = LAST if year == 2023 else FIXED
    past = f"code: past, name: Kỳ đã qua, from: {frame.past[0]}, to: {frame.past[1]}, due: {frame.past[1]}"
    running = f"code: running, name: Kỳ này, from: {frame.running[0]}, to: {frame.running[1]}"
    return (
        ("code: small", f"code: p-{year}"),
        (past, f"code: Q1, name: Quý I, from: {year - 1}-12-15, to: {year}-03-14"),
        (running, f"code: own-{year}, name: Kỳ riêng, from: {year}-04-01, to: {year}-06-30"),
        *more,
    )


def import_years(program: Program, folder: Path, *years: int) -> None:
    for year in years:
        frame = LAST if year == 2023 else FIXED
        program.ok("import", write_plan(folder, *plan_of(year), frame=frame))


@pytest.fixture
def years(cchc_on: Program, tmp_path: Path) -> Program:
    """Give the program with the plans of 2023 and 2024, and a broadcast in February of each."""
    import_years(cchc_on, tmp_path, 2023, 2024)
    for year in (2023, 2024):
        cchc_on.ok(*RADIO, "--date", f"{year}-02-05", "--title", year)
    return cchc_on


@pytest.fixture
def two(cchc: Program, tmp_path: Path) -> Program:
    """Give the same on SQLite, with no record."""
    import_years(cchc, tmp_path, 2023, 2024)
    return cchc


def asked(program: Program, *arguments: object) -> Any:  # noqa: ANN401 - a document
    return program.ok(*arguments, "-f", "json").json


@pytest.mark.parametrize(
    ("options", "plan"),
    [
        (("--period", "2023-02"), "p-2023"),
        (("--period", "2023"), "p-2023"),
        (("--period", "2023-11-15..2023-12-31"), "p-2023"),
        (("--period", "tháng 2/2024"), "p-2024"),
        (("--period", "2024-W09", "--as-of", "2023-12-31"), "p-2024"),
        (("--as-of", "2023-12-31"), "p-2023"),
        (("--as-of", "01/01/2024"), "p-2024"),
        (("--review", "own-2023"), "p-2023"),
        (("--review", "OWN-2024"), "p-2024"),
        (("--review", "Q1"), "p-2024"),
        (("--review", "Q1", "--as-of", "2023-12-31"), "p-2023"),
        (("--review", "Q1", "--as-of", "2024-01-01"), "p-2024"),
        (("--period", "round-1", "--as-of", "2023-12-31"), "p-2023"),
        (("--period", "round-1"), "p-2024"),
    ],
)
def test_a_question_goes_to_the_plan_of_its_days(two: Program, options: tuple[str, ...], plan: str) -> None:
    """A period to the plan it lies in, a code to the plan that has it, else the cut-off day decides."""
    assert asked(two, "status", *options)["plan"] == plan
    assert plan in two.ok("status", *options).out


def test_last_year_is_answered_from_last_years_plan(years: Program, tmp_path: Path) -> None:
    """Every command that takes a period, with the same days in each of two plans."""
    for year in (2023, 2024):
        code, period = f"p-{year}", ("--period", f"{year}-02")
        found = asked(years, "status", *period, *STATION)
        assert (found["plan"], found["summary"]["met"]) == (code, 1)
        assert code in years.ok("status", *period, *STATION).out
        found = asked(years, "explain", "A.1", *period, *STATION)
        assert (found["plan"], found["obligations"][0]["executions"]) == (code, 1)
        assert code in years.ok("explain", "A.1", *period, *STATION).out
        found = asked(years, "history", *period)
        assert (found["plan"], [one["title"] for one in found["executions"]]) == (code, [str(year)])
        assert code in years.ok("history", *period).out
        found = asked(years, "due", "--as-of", f"{year}-03-15", *STATION)
        assert (found["plan"], [one["period"] for one in found["due"]]) == (
            code,
            [f"{year}-03", f"{year}-04"],
        )
        assert code in years.ok("due", "--as-of", f"{year}-03-15").out
        report = tmp_path / f"{year}.md"
        said = years.ok("report", *period, "--to", report)
        assert code in said.err
        text = report.read_text("utf-8")
        assert f"Plan {code}, as of" in text
        assert f"from {year}-02-01 to {year}-02-2" in text


def test_where_several_plans_fit_or_none_it_is_asked_which(two: Program) -> None:
    """Days of two plans, days of none, and a cut-off day outside of all: the error lists the plans."""
    for command in (("status",), ("history",), ("explain", "A.1", *STATION), ("report", "--to", "r.md")):
        said = two.fails(2, *command, "--period", "2023-12-15..2024-01-14")
        assert "2023-12-15..2024-01-14 can belong to several plans" in said
        assert "--plan" in said
        assert all(plan in said for plan in BOTH)
        said = two.fails(2, *command, "--period", "2022-12")
        assert "2022-12 belongs to no plan" in said
        assert all(plan in said for plan in BOTH)
    without_days: tuple[tuple[str, ...], ...] = (
        ("status",),
        ("due",),
        ("history",),
        ("plan",),
        ("agencies",),
        ("review", "list"),
        ("waive", "--list"),
        ("status", "--as-of", "2022-12-31"),
        ("status", "--review", "Q1", "--as-of", "2022-12-31"),
    )
    for given in without_days:
        said = two.fails(2, *given)
        assert "--plan" in said
        assert all(plan in said for plan in BOTH)
    assert "“Q9”" in two.fails(2, "status", "--review", "Q9")
    assert "type --review Q1" in two.fails(2, "status", "--period", "Q1")


def test_days_of_two_plans_are_asked_of_the_one_that_is_named(two: Program) -> None:
    """The answer then holds what that plan owes of them."""
    for plan, periods in (("p-2023", ["2023-12"]), ("p-2024", ["2024-01"])):
        found = asked(
            two,
            "status",
            "--plan",
            plan,
            "--period",
            "2023-12-15..2024-01-14",
            *STATION,
            "--as-of",
            "2024-05-01",
        )
        assert found["plan"] == plan
        assert [one["period"] for one in found["findings"]] == periods


def test_a_plan_that_was_named_and_does_not_hold_the_days_is_an_error(two: Program) -> None:
    """No empty answer: it says which days the plan has, and where those asked for lie."""
    for command in (("status",), ("history",), ("explain", "A.1", *STATION), ("report", "--to", "r.md")):
        said = two.fails(2, *command, "--plan", "p-2024", "--period", "2023-03")
        assert "the plan p-2024 runs from 2024-01-01 to 2024-12-31; 2023-03 lies outside it" in said
        assert BOTH[0] in said
        assert "lies outside it" in two.fails(2, *command, "--plan", "p-2024", "--period", "2022-03")
    assert "p-2024 has no review “own-2023”" in two.fails(
        2, "status", "--plan", "p-2024", "--review", "own-2023"
    )


def test_one_plan_alone_is_meant_whatever_the_day(cchc_on: Program, tmp_path: Path) -> None:
    """But not for days that it has nothing of: those are an error, not an empty answer."""
    import_years(cchc_on, tmp_path, 2024)
    assert asked(cchc_on, "status")["plan"] == "p-2024"
    assert asked(cchc_on, "status", "--as-of", "2023-05-01")["plan"] == "p-2024"
    assert asked(cchc_on, "status", "--period", "2023-12-15..2024-01-14")["plan"] == "p-2024"
    for command in ("status", "history"):
        said = cchc_on.fails(2, command, "--period", "2023-12")
        assert "p-2024 runs from 2024-01-01 to 2024-12-31; 2023-12 lies outside it" in said


def name_plan(program: Program, how: str, code: str) -> str:
    """Name a plan for every later run by the variable or the setting; give the words for which it was."""
    if how == "variable":
        program.environment = {"CCHC_PLAN": code}
        return "CCHC_PLAN"
    program.ok("config", "set", "plan", code)
    return "the setting “plan”"


@pytest.mark.parametrize("how", ["variable", "setting"])
def test_a_variable_or_a_setting_that_names_another_plan_is_an_error(two: Program, how: str) -> None:
    """It decides where several plans fit or none does; it never turns a question to a plan of other days."""
    words = name_plan(two, how, "p-2024")
    for command in (
        ("status", "--period", "2023-03"),
        ("status", "--as-of", "2023-03-31"),
        ("status", "--review", "own-2023"),
        ("status", "--review", "Q1", "--as-of", "2023-03-31"),
        ("history", "--period", "2023-03"),
        ("explain", "A.1", *STATION, "--period", "2023-03"),
        ("explain", "A.1", *STATION, "--period", "own-2023"),
        ("report", "--period", "2023-03", "--to", "r.md"),
        ("report", "--review", "own-2023", "--to", "r.md"),
        ("due", "--as-of", "2023-03-01"),
        ("review", "close", "own-2023"),
        ("review", "diff", "own-2023"),
        (*RADIO, "--date", "2023-03-05"),
        ("waive", "A.1", *STATION, "--from", "2023-03-01", "--to", "2023-03-31", "--reason", "bão"),
    ):
        said = two.fails(2, *command)
        assert f"{words} names the plan {BOTH[1]}, but" in said, command
        assert BOTH[0] in said
        assert "--plan" in said
    assert asked(two, "status")["plan"] == "p-2024"
    assert asked(two, "plan")["plan"] == "p-2024"
    assert asked(two, "status", "--period", "2023-12-15..2024-01-14")["plan"] == "p-2024"
    assert asked(two, "status", "--period", "2024-03")["plan"] == "p-2024"
    assert asked(two, "status", "--period", "2023-03", "--plan", "p-2023")["plan"] == "p-2023"
    assert "lies outside it" in two.fails(2, "status", "--period", "2022-03")


def test_a_variable_or_a_setting_that_names_no_plan_is_an_error(two: Program) -> None:
    """A setting is refused when it is made."""
    assert "“other”" in two.fails(2, "config", "set", "plan", "other")
    name_plan(two, "variable", "other")
    assert "“other”" in two.fails(2, "status", "--period", "2023-03")


def test_last_years_review_is_closed_compared_and_reported(years: Program, tmp_path: Path) -> None:
    """After the new plan was imported: whether its own has a review of that code or not."""
    closed = asked(years, "review", "close", "own-2023", "--by", "Lan")
    assert (closed["plan"], closed["as_of"]) == ("p-2023", "2023-06-30")
    years.ok(*RADIO, "--date", "2023-04-05")
    diff = asked(years, "review", "diff", "own-2023")
    assert diff["plan"] == "p-2023"
    assert [one["period"] for one in diff["differences"]] == ["2023-04"]
    assert "p-2023" in years.ok("review", "diff", "own-2023").out
    report = tmp_path / "own.md"
    assert "p-2023" in years.ok("report", "--review", "own-2023", "--to", report).err
    assert "Lan" in years.fails(2, "review", "close", "own-2023")
    listed = asked(years, "review", "list", "--plan", "p-2023")
    assert listed["plan"] == "p-2023"
    assert [len(one["closings"]) for one in listed["reviews"]] == [0, 1]
    assert "p-2023" in years.ok("review", "list", "--plan", "p-2023").out


def test_a_review_of_two_plans_is_that_of_the_one_that_began_last(years: Program, tmp_path: Path) -> None:
    """The first review's window begins in the plan before; the cut-off day says whose review it is."""
    last = asked(years, "review", "close", "Q1", "--as-of", "2023-03-14")
    assert (last["plan"], last["from"]) == ("p-2023", "2022-12-15")
    said = years.fails(2, "review", "diff", "Q1")
    assert "the review Q1 of the plan p-2024 was not closed yet" in said
    assert asked(years, "review", "diff", "Q1", "--plan", "p-2023")["plan"] == "p-2023"
    said = years.ok("review", "close", "Q1").out
    assert "review Q1 of the plan p-2024 closed, as of 2024-03-14" in said
    report = tmp_path / "q1.md"
    assert "p-2024" in years.ok("report", "--review", "Q1", "--to", report).err
    assert "p-2023" in years.ok("report", "--review", "Q1", "--as-of", "2023-03-14", "--to", report).err
    found = asked(years, "explain", "A.1", *STATION, "--period", "Q1")
    assert (found["plan"], found["window"]["from"]) == ("p-2024", "2023-12-15")
    found = asked(years, "explain", "A.1", *STATION, "--period", "q1", "--as-of", "2023-03-14")
    assert (found["plan"], found["window"]["from"]) == ("p-2023", "2022-12-15")


def test_the_day_of_the_record_decides(two: Program) -> None:
    """Work of last December goes to last year's plan, and the answer says so; other days to none."""
    for day in ("2023-12-20", "20/12/2023"):
        done = two.ok(*RADIO, "--date", day)
        assert "plan: p-2023" in done.out
    assert asked(two, *RADIO, "--date", "2024-01-05")["plan"] == "p-2024"
    said = two.fails(2, *RADIO, "--date", "2022-12-20")
    assert "2022-12-20 belongs to no plan" in said
    assert all(plan in said for plan in BOTH)
    said = two.fails(2, *RADIO, "--date", "2023-12-20", "--plan", "p-2024")
    assert "2023-12-20 is outside the plan p-2024" in said
    assert "plan: p-2023" in two.ok("amend", "1", "--amount", "16", "--reason", "đo lại").out
    assert "p-2024" in two.ok("void", "3", "--reason", "nhầm").out
    assert len(asked(two, "history", "--plan", "p-2023")["executions"]) == 2


def test_what_is_missing_is_asked_for_by_the_plan_of_the_day(two: Program, tmp_path: Path) -> None:
    """The choices are those of last year's plan, not of the one that today or the last import would give."""
    changed = plan_of(2023, ("title: Hội nghị", "title: Hội nghị năm trước"))
    two.ok("import", write_plan(tmp_path, *changed, frame=LAST))
    with Terminal(two, "log", "--date", "2023-12-20", "--agency", "so-noi-vu") as terminal:
        terminal.until("which activity?")
        assert "Hội nghị năm trước" in terminal.shown
        terminal.types("meetings\n")
        terminal.until("title?")
        terminal.types("\n")
        terminal.until("Plan: p-2023")
        terminal.types("\n")
        terminal.until("plan: p-2023")
        assert terminal.code() == 0
    assert "p-2023" in two.ok("history", "1").out


def test_where_there_is_one_plan_the_answer_to_a_record_is_a_line_shorter(
    cchc: Program, tmp_path: Path
) -> None:
    import_years(cchc, tmp_path, 2024)
    assert "plan:" not in cchc.ok(*RADIO, "--date", "2024-01-05").out


def test_without_a_date_it_is_the_plan_of_today(cchc: Program, tmp_path: Path) -> None:
    """For records, questions and what is repeated, beside a plan that is over."""
    cchc.ok("import", write_plan(tmp_path, *plan_of(2024), frame=FIXED))
    cchc.ok("import", write_plan(tmp_path))
    assert asked(cchc, *RADIO)["plan"] == "small"
    for command in (("status",), ("due",), ("history",), ("review", "list"), ("waive", "--list")):
        assert asked(cchc, *command)["plan"] == "small"
    assert asked(cchc, "plan")["plan"] == "small"
    assert asked(cchc, "log", "--again", "radio-column")["plan"] == "small"
    assert asked(cchc, *RADIO, "--date", "2024-03-05")["plan"] == "p-2024"
    said = cchc.fails(2, "log", "--again")
    assert "is outside the plan p-2024" in said


def test_what_was_known_then_is_asked_of_the_plan_of_that_day(cchc: Program, tmp_path: Path) -> None:
    """The day of the moment is the cut-off, by the calendar of each plan."""
    cchc.ok("import", write_plan(tmp_path, *plan_of(2024), frame=FIXED))
    cchc.ok("import", write_plan(tmp_path))
    moment = asked(cchc, "plan", "--versions", "--plan", "small")["versions"][0]["imported_at"]
    assert asked(cchc, "status", "--known-at", moment)["plan"] == "small"
    assert "p-2024 had not been imported by then" in cchc.fails(
        2, "status", "--known-at", "2024-05-01T12:00:00"
    )
    assert "“then” is no time" in cchc.fails(2, "status", "--known-at", "then")


def rows(program: Program, *days: str) -> Path:
    path = program.home / "rows.csv"
    lines = [f"{day},dai-buon-ho,A.1,15,radio,so {number}" for number, day in enumerate(days)]
    path.write_text("\n".join(["date,agency,activity,amount,form,title", *lines, ""]), "utf-8")
    return path


def load(program: Program, path: Path, *options: str) -> Outcome:
    return program.run("log", "--file", path, *options)


def test_rows_go_to_the_plan_that_all_of_their_days_lie_in(years: Program) -> None:
    """And the answer names it; run again they are there already."""
    path = rows(years, "20/12/2023", "2023-12-21")
    assert "plan: p-2023" in load(years, path).out
    done = load(years, path, "-f", "json").json
    assert (done["plan"], done["unchanged"]) == ("p-2023", 2)
    assert load(years, rows(years, "2024-01-05"), "-f", "json").json["plan"] == "p-2024"
    assert len(asked(years, "history", "--plan", "p-2023")["executions"]) == 3


def test_rows_of_two_plans_are_refused_with_the_rows_that_lie_elsewhere(two: Program) -> None:
    """Nothing is written, whether a plan is named or not; each row that does not fit is told with its plan."""
    path = rows(two, "20/12/2023", "05/01/2024", "06/01/2024", "21/12/2023")
    for options in ((), ("--plan", "p-2023")):
        done = load(two, path, *options, "-f", "json")
        assert (done.code, done.json["plan"], done.json["rejected"]) == (2, "p-2023", 2)
        assert {(one["row"], one["column"]) for one in done.json["errors"]} == {(3, "date"), (4, "date")}
        assert all("p-2024" in one["message"] for one in done.json["errors"])
        assert "record it there with --plan p-2024" in load(two, path, *options).err
    assert load(two, path, "--plan", "p-2024", "-f", "json").json["rejected"] == 2
    assert asked(two, "history", "--plan", "p-2023")["executions"] == []
    two.environment = {"CCHC_PLAN": "p-2024"}
    assert "CCHC_PLAN names the plan p-2024" in load(two, path).err


def test_rows_whose_days_tell_no_plan(two: Program) -> None:
    """A day that cannot be read or lies in no plan is its row's fault; where no row helps it is asked which."""
    done = load(two, rows(two, "no day", "2032-01-01", "2023-12-20"), "-f", "json")
    assert (done.code, done.json["plan"], done.json["rejected"]) == (2, "p-2023", 2)
    said = load(two, rows(two, "2032-01-01")).err
    assert "2032-01-01 belongs to no plan" in said
    assert all(plan in said for plan in BOTH)
    assert "--plan" in load(two, rows(two, "no day")).err
    assert "“no day” is not a date" in load(two, rows(two, "no day"), "--plan", "p-2023").err


def test_many_rows_are_all_recorded_though_some_were_looked_at_before(two: Program) -> None:
    """Beside, in a process of its own, as without one: none is lost, and none stands twice."""
    day = date(2023, 1, 1)
    days = [(day + timedelta(number % 360)).isoformat() for number in range(40_000)]
    path = rows(two, "no day", *days)
    assert path.stat().st_size > 1_000_000
    done = load(two, path, "-f", "json").json
    assert (done["created"], done["rejected"]) == (0, 1)
    path = rows(two, *days)
    done = load(two, path, "-f", "json").json
    assert (done["plan"], done["created"], done["rejected"]) == ("p-2023", 40_000, 0)


def test_a_waiver_goes_to_the_plan_of_its_days(two: Program) -> None:
    """And is refused where they lie outside of the plan that is named, or in two."""
    waive = ("waive", "A.1", *STATION, "--reason", "bão")
    assert asked(two, *waive, "--from", "2023-03-01", "--to", "31/03/2023")["plan"] == "p-2023"
    assert "of the plan p-2024" in two.ok(*waive, "--from", "2024-03-01", "--to", "2024-03-31").out
    said = two.fails(2, *waive, "--from", "2023-12-01", "--to", "2024-01-31")
    assert "can belong to several plans" in said
    assert all(plan in said for plan in BOTH)
    days = ("--from", "2023-12-01", "--to", "2024-01-31")
    assert asked(two, *waive, *days, "--plan", "p-2024")["plan"] == "p-2024"
    said = two.fails(2, *waive, "--from", "2023-05-01", "--to", "2023-05-31", "--plan", "p-2024")
    assert "the plan p-2024 runs from 2024-01-01 to 2024-12-31" in said
    assert BOTH[0] in said
    assert "p-2023" in two.ok("waive", "--list", "--plan", "p-2023").out
    assert "of the plan p-2023 has ended" in two.ok("waive", "--end", "1", "--reason", "hết bão").out


def test_plans_that_overlap(cchc: Program, tmp_path: Path) -> None:
    """A period that lies in one of them alone is that one's; one that lies in both is asked about."""
    import_years(cchc, tmp_path, 2024)
    half = Frame(date(2024, 8, 15), date(2024, 7, 1), date(2025, 6, 30), "Asia/Ho_Chi_Minh")
    cchc.ok("import", write_plan(tmp_path, ("code: small", "code: half"), frame=half))
    assert asked(cchc, "status", "--period", "2024")["plan"] == "p-2024"
    assert asked(cchc, "status", "--period", "2025-01")["plan"] == "half"
    said = cchc.fails(2, "status", "--period", "2024-Q4")
    assert "can belong to several plans" in said
    assert "half (2024-07-01 – 2025-06-30)" in said
    assert "several plans" in cchc.fails(2, *RADIO, "--date", "2024-08-01")
    cchc.environment = {"CCHC_PLAN": "half"}
    assert asked(cchc, "status", "--period", "2024-Q4")["plan"] == "half"
    assert asked(cchc, *RADIO, "--date", "2024-08-01")["plan"] == "half"
    cchc.environment = {}
    path = rows(cchc, "2024-08-01", "2024-08-02", "2024-03-01")
    assert load(cchc, path, "-f", "json").json["plan"] == "p-2024"
    assert "several plans" in load(cchc, rows(cchc, "2024-08-01")).err
