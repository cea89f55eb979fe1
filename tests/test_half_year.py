"""Half a year of all agencies: every form of an answer shows the same figures, in the same order, and names the same.

The figures are counted anew from the verdicts (`status -f csv`) by the second reading, `tests/naive.py`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests import naive, read_back
from tests.half_year import (
    AFTERWARDS,
    CLOSED,
    FIRST,
    LAST,
    LATE_IN,
    LATE_TITLE,
    PANO,
    PLAN,
    Q1_ENDS,
    SILENT_IN,
    TWICE,
    TWICE_IN,
    WRONG_IN,
    Amend,
    Event,
    Log,
    Void,
    Waive,
    half_year,
    logs_of,
    numbers_of,
)
from tests.read_back import BASES, Both, Figures, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.program import Program

# --- what is asked -------------------------------------------------------------------------------------------------


class Question(NamedTuple):
    """The same question, as `status` and as `report` take it."""

    status: tuple[str, ...]
    report: tuple[str, ...]
    alone: bool = False
    """About one agency."""


def _asked(*options: str, alone: bool = False) -> Question:
    return Question(options, options, alone=alone)


_H1 = ("--review", "H1")

QUESTIONS = {
    # A report of a closed review shows what was known then.
    "closed Q1": Question(("--review", "Q1", "--known-at", CLOSED.isoformat()), ("--review", "Q1")),
    "H1": _asked(*_H1),
    "half-year": _asked("--period", "2024-H1", "--as-of", "2024-06-30"),
    "district": _asked(*_H1, "--agency", "ubnd-ea-sup", "--subtree"),
    "station": _asked(*_H1, "--agency", "dai-krong-buk", alone=True),
    "commune": _asked(*_H1, "--agency", "xa-ea-sin", alone=True),
}


def _report(suffix: str, read: Callable[[bytes], Shown]) -> Callable[[Program, Question, Path], Shown]:
    def shown(program: Program, question: Question, folder: Path) -> Shown:
        path = folder / f"report.{suffix}"
        program.ok("report", *question.report, "--to", path)
        return read(path.read_bytes())

    return shown


def _status(read: Callable[[str], Shown], *options: str) -> Callable[[Program, Question, Path], Shown]:
    return lambda program, question, _: read(program.ok("status", *question.status, *options).out)


FORMS = {
    "terminal": _status(read_back.terminal),
    "json": _status(lambda out: read_back.document(json.loads(out)), "-f", "json"),
    "docx": _report("docx", read_back.word),
    "md": _report("md", read_back.markdown),
    "xlsx": _report("xlsx", read_back.workbook),
    "html": _report("html", read_back.page),
}

# --- what they must show -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan() -> naive.Plan:
    """Give the bundled plan as the second implementation reads it."""
    return naive.load_plan(PLAN.read_text("utf-8"))


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """Give the events of the half-year."""
    return half_year()


def verdicts(program: Program, *options: str) -> list[naive.Finding]:
    """Give the rows of `status -f csv`, empty cells as None."""
    rows = csv.DictReader(io.StringIO(program.ok("status", *options, "-f", "csv").out))
    return [{key: value or None for key, value in row.items()} for row in rows]


class Expected(NamedTuple):
    """The expected figures of a question."""

    answer: naive.Answer
    figures: Figures
    agencies: dict[str, Figures]
    """Furthest behind first."""


def expected_of(program: Program, question: Question, plan: naive.Plan) -> Expected:
    """Count what the verdicts of a question give; no maximum of the bundled plan could be untouched."""
    found = verdicts(program, *question.status)
    head = program.ok("status", *question.status, "--summary", "-f", "json").json
    assert head["day_over"]
    assert not any(one["at_most"] for one in found)
    answer = naive.Answer(found, [False] * len(found), date.fromisoformat(head["as_of"]), day_over=True)
    theirs: dict[str, list[naive.Finding]] = {}
    for one in found:
        theirs.setdefault(one["agency"], []).append(one)
    order = naive.furthest_behind_first(answer, [agency["code"] for agency in plan["agencies"]])
    agencies = {code: figures_of(theirs[code], answer.as_of) for code in order}
    return Expected(answer, figures_of(found, answer.as_of), agencies)


def figures_of(found: Sequence[naive.Finding], as_of: date) -> Figures:
    """Count the figures of verdicts, of all and of each basis."""
    figures: Figures = {}
    for basis in BASES:
        chosen = [one for one in found if basis in {"", f"_{one['basis']}"}]
        counted = naive.figures_of(chosen, [False] * len(chosen), as_of, day_over=True)
        figures[basis] = Both(*(int(counted[name] or 0) for name in Both._fields))
    return figures


@pytest.fixture(scope="module")
def expected(half_year: Program, plan: naive.Plan) -> Callable[[str], Expected]:
    """Give the expected figures of a question; cached."""
    return cache(lambda name: expected_of(half_year, QUESTIONS[name], plan))


def assert_same(shown: Figures, expected: Figures) -> None:
    """Compare figures; without running obligations where a form does not show them."""
    for basis, both in shown.items():
        wanted = expected[basis] if both.running is not None else expected[basis]._replace(running=None)
        assert both == wanted, basis


def is_named(shown: str, agency: naive.Node) -> bool:
    """Tell whether this is the agency: its code, or a name, perhaps with the qualifier for ambiguous names."""
    names = (agency["name"], agency.get("short") or agency["name"])
    return shown == agency["code"] or any(shown == name or shown.startswith(f"{name} (") for name in names)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_form_shows_the_figures_that_the_verdicts_give(
    half_year: Program,
    plan: naive.Plan,
    expected: Callable[[str], Expected],
    tmp_path: Path,
    name: str,
    form: str,
) -> None:
    question = QUESTIONS[name]
    answer, figures, agencies = expected(name)
    shown = FORMS[form](half_year, question, tmp_path)

    assert set(shown.figures) == set(BASES)
    assert_same(shown.figures, figures)
    assert read_back.bare_percents(shown.text) == []

    known = {agency["code"]: agency for agency in plan["agencies"]}
    if shown.agencies is None:
        assert form == "md" or (question.alone and form == "terminal")
    else:
        assert len(shown.agencies) == len(agencies)
        for (agency, theirs), code in zip(shown.agencies, agencies, strict=True):
            assert is_named(agency, known[code])
            assert {"_stated", "_interpreted"} <= set(theirs)
            assert_same(theirs, agencies[code])

    if shown.at_risk is None:
        assert form == "terminal"
        return
    # Each duty at risk is listed with its day: by agency, then by day, then in the order of the plan.
    at_risk = [one for one in answer.findings if one["status"] == "at_risk"]
    if form in {"docx", "md", "html"}:
        order = list(agencies)
        at_risk.sort(key=lambda one: (order.index(one["agency"]), one["to"]))
    assert [one[1:] for one in shown.at_risk] == [(one["activity"], one["to"]) for one in at_risk]
    for (agency, _, _), one in zip(shown.at_risk, at_risk, strict=True):
        assert is_named(agency, known[one["agency"]])


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_pdf_shows_what_the_word_document_shows(half_year: Program, tmp_path: Path, name: str) -> None:
    for suffix in ("docx", "pdf"):
        half_year.ok("report", *QUESTIONS[name].report, "--to", tmp_path / f"report.{suffix}")
    tables = read_back.word_tables((tmp_path / "report.docx").read_bytes())
    text = read_back.pdf_text((tmp_path / "report.pdf").read_bytes())
    # Overall, by activity, by agency, and what is open with its day: row by row, in the same order.
    rows = [
        row for table in tables if {"All", "Due", "Due by"} & {*table[0], *table[-1]} for row in table[1:]
    ]
    compact, place = read_back.compact(text), 0
    for row in rows:
        line = read_back.compact("".join(row))
        found = compact.find(line, place)
        assert found >= 0, (row, compact[place : place + 200])
        place = found + len(line)
    ratios = [cell for row in rows for cell in row if re.fullmatch(read_back.RATIO, cell) and cell != "–"]
    assert [found for found in re.findall(read_back.RATIO, text) if found != "–"] == ratios
    assert read_back.bare_percents(text) == []


# --- the second reading agrees ---------------------------------------------------------------------------------------


def test_the_second_reading_judges_the_half_year_alike(half_year: Program, plan: naive.Plan) -> None:
    records = half_year.ok("history", "-f", "json").json["executions"]
    executions = [
        naive.Execution(
            one["agency"],
            one["activity"],
            date.fromisoformat(one["date"]),
            Decimal(str(one["amount"])),
            one["form"],
            one["repeat"],
            one["voided"],
        )
        for one in sorted(records, key=lambda one: one["no"])
    ]
    waivers = [
        naive.Waiver(
            one["agency"],
            one["activity"],
            one["requirement"],
            date.fromisoformat(one["from"]),
            date.fromisoformat(one["to"]),
        )
        for one in half_year.ok("waive", "--list", "-f", "json").json["waivers"]
    ]
    answer = naive.answer(plan, executions, waivers, LAST, True, (FIRST, LAST))  # noqa: FBT003 - day_over
    found = half_year.ok("status", "--period", "2024-H1", "--as-of", str(LAST), "-f", "json").json
    assert [_judged(one) for one in found["findings"]] == [_judged(one) for one in answer.findings]
    summary = naive.summary(answer)
    assert {key: found["summary"][key] for key in summary} == {
        key: float(value) if isinstance(value, Decimal) else value for key, value in summary.items()
    }


def _judged(one: dict[str, Any]) -> tuple[object, ...]:
    value = None if one["value"] is None else Decimal(str(one["value"]))
    return (
        *(one[key] for key in ("agency", "activity", "requirement", "period", "status", "reason")),
        value,
        one["executions"],
    )


# --- the first review ------------------------------------------------------------------------------------------------


def test_the_first_review_is_not_told_as_nearly_done(expected: Callable[[str], Expected]) -> None:
    answer, figures, _ = expected("closed Q1")
    counts = Counter(one["status"] for one in answer.findings)
    # An earlier version left open duties out of the denominator, but kept those done early in the numerator.
    before = counts["met"] / (counts["met"] + counts["partial"] + counts["missed"])
    met, settled, begun_met, begun, running = figures[""]
    assert len(answer.findings) == 1367
    assert before > 0.95
    assert begun_met == counts["met"]
    assert begun_met / begun < 0.5
    assert met / settled < before
    assert settled < begun < len(answer.findings)
    assert begun + (running or 0) + counts["waived"] + counts["upcoming"] == len(answer.findings)


def test_what_was_corrected_after_the_closing_is_told(half_year: Program, events: list[Event]) -> None:
    then, now = (
        {_duty(one): one for one in verdicts(half_year, *options)}
        for options in (QUESTIONS["closed Q1"].status, ("--review", "Q1"))
    )
    told = half_year.ok("review", "diff", "Q1", "-f", "json").json
    assert (told["as_of"], told["recorded_at"][:19]) == ("2024-03-14", "2024-03-18T09:30:00")
    differences = {_duty(one): one for one in told["differences"]}
    assert set(differences) == {duty for duty in now if now[duty] != then[duty]}
    for duty, one in differences.items():
        assert (one["old"]["status"], one["new"]["status"]) == (then[duty]["status"], now[duty]["status"])

    # Only records that can have changed a verdict as of that day are named.
    days = _days_of(events)
    for duty, one in differences.items():
        last = min(now[duty]["to"], str(Q1_ENDS))
        first = str(FIRST) if one["activity"] == PANO else now[duty]["from"]
        named = re.findall(r"^no\. (\d+) was", "\n".join(one["reasons"]), re.MULTILINE)
        assert one["reasons"]
        assert all(any(first <= day <= last for day in days[int(no)]) for no in named), one

    seen = Counter[str]()
    for author, agency, activity, start in _afterwards(events):
        one = next(one for duty, one in differences.items() if duty[:2] == (agency, activity))
        assert any(reason.startswith(start) and author in reason for reason in one["reasons"]), one
        seen[f"{one['old']['status']} → {one['new']['status']}"] += 1
    assert seen == {"met → partial": 1, "met → at_risk": 5, "at_risk → met": 2, "at_risk → waived": 1}


def _days_of(events: list[Event]) -> dict[int, set[str]]:
    """Give, by number, the days of all versions of each record."""
    numbers = numbers_of(events)
    days = {numbers[log.key]: {log.draft.date or ""} for _, log in logs_of(events)}
    for event in events:
        if isinstance(event.act, Amend) and event.act.correction.date:
            days[numbers[event.act.key]].add(event.act.correction.date)
    return days


def _duty(one: dict[str, Any]) -> tuple[str, ...]:
    return tuple(one[key] for key in ("agency", "activity", "requirement", "period"))


def _afterwards(events: list[Event]) -> Iterator[tuple[str, str, str, str]]:
    """Give for each correction of the closed review its author, agency, activity, and the expected words."""
    numbers = numbers_of(events)
    drafts = {log.key: log.draft for _, log in logs_of(events)}
    for event in events:
        match event.act:
            case Amend(key, _, reason) | Void(key, reason) if reason.startswith(AFTERWARDS):
                how = "corrected" if isinstance(event.act, Amend) else "voided"
                yield event.author, *drafts[key][:2], f"no. {numbers[key]} was {how}"
            case Log(key, draft) if draft.title == LATE_TITLE:
                yield event.author, *draft[:2], f"no. {numbers[key]} was recorded"
            case Waive(duty, agency, _, _, reason, _) if reason.startswith(AFTERWARDS):
                yield event.author, agency, duty, "waiver no. "


# --- the database and its events -------------------------------------------------------------------------------------


def test_the_chain_of_the_half_year_holds(half_year: Program) -> None:
    found = half_year.ok("verify", "-f", "json").json
    assert (found["ok"], found["problems"]) == (True, [])


def test_the_half_year_is_what_it_says(events: list[Event], plan: naive.Plan) -> None:
    again = half_year()
    assert again == events
    moments = [event.moment for event in events]
    assert moments == sorted(set(moments))
    agencies = {agency["code"] for agency in plan["agencies"]}
    logs = [*logs_of(events)]
    acts = [event.act for event in events]
    twice = {act.key for act in acts if isinstance(act, Void) and act.reason.startswith(TWICE)}
    amended = {
        act.key: act.correction
        for act in acts
        if isinstance(act, Amend) and not act.reason.startswith(AFTERWARDS)
    }
    once = [(event.moment.date(), log) for event, log in logs if log.key not in twice]
    done = {log.key: date.fromisoformat(_date(amended, log)) for _, log in once}

    assert len(agencies) == 240
    assert {log.draft.agency for _, log in logs} == agencies
    assert 4400 < len(logs) < 4800
    busy = {log.draft.agency for _, log in once if done[log.key] <= date(2024, 3, 31)}
    silent = {log.draft.agency for _, log in once} - busy
    late = [log for entered, log in once if timedelta(3) <= entered - done[log.key] <= timedelta(20)]
    assert not [log for entered, log in once if entered - done[log.key] > timedelta(20)]
    for part, whole, one_in in (
        (len(silent), len(agencies), SILENT_IN),
        (len(late), len(once), LATE_IN),
        (len(amended), len(once), WRONG_IN),
        (len(twice), len(once), TWICE_IN),
    ):
        assert one_in * 0.8 < whole / part < one_in * 1.2, (part, whole, one_in)
    assert sum(isinstance(act, Waive) for act in acts) == 10
    assert {event.moment.date() for event in events if isinstance(event.act, Log)} <= {
        FIRST + timedelta(days) for days in range((LAST - FIRST).days + 1)
    }
    # Records in the review's window that were recorded after it was closed.
    assert any(event.moment > CLOSED and done[log.key] <= Q1_ENDS for event, log in logs if log.key in done)


def _date(amended: dict[int, Any], log: Log) -> str:
    correction = amended.get(log.key)
    return (correction.date if correction and correction.date else log.draft.date) or ""
