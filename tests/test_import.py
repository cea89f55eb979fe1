"""`cchc import`: every rule of the plan file, what an import changes, and what it refuses."""

from __future__ import annotations

import os
import shutil
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from cchc_cli.domain.language.errors import InputError
from cchc_cli.locale import render, set_language
from cchc_cli.services.files.plan_file import bundled_folder, read_plan_file
from tests.program import Program
from tests.small_plan import COUNTS, FIXED, NOW, Change, import_once, plan_text, run_within, write_plan

if TYPE_CHECKING:
    from cchc_cli.domain.plan.model import Plan


class Wrong(NamedTuple):
    """A change to the small plan that breaks one rule, and the expected error."""

    old: str
    new: str
    path: str
    words: str
    at: str = ""
    """Where the error points, if not at the line that was changed."""
    alone: bool = True
    """Whether it is the only error of the file."""


_REQUIREMENT = "activities[0].requirements[0]"
_STOCK = "activities[1].requirements[0]"
_READING = "activities[2].requirements[0]"
_WHERE = "where: {forms: [radio], repeats: exclude, amount_at_least: 5}"
_TEXT = "text: Phát chuyên mục, thời lượng mỗi tháng ít nhất 15 phút"
_TITLE = "title: Kế hoạch tuyên truyền nhỏ"
_EFFECTIVE = "effective: {from: 2024-01-01, to: 2024-12-31}"
_QUOTE = "quote: thời lượng mỗi tháng ít nhất 15 phút"
_PROVINCE = "{code: ubnd-tinh, name: UBND tỉnh, kind: province}"
_MISSING = "this key is missing"
_SINGLE = "a single value is expected"
_LIST = "a list is expected"
_MAPPING = "a mapping of keys and values is expected"
_TWICE = "is used twice"
_NO_DAY = "is not a date"
_NO_CODE = "cannot be a code"
_NO_NUMBER = "is not a number of at least 0 with at most three decimals"

FORMAT = (
    Wrong("cchc/plan/1", "cchc/plan/2", "format", "the format is “cchc/plan/2”, not cchc/plan/1"),
    Wrong("format: cchc/plan/1\n", "", "format", _MISSING, at="plan:"),
    Wrong("format: cchc/plan/1", "format: [cchc/plan/1]", "format", _SINGLE),
)

UNKNOWN_KEYS = (
    Wrong("reviews:\n", "review:\n", "review", "“review”; did you mean reviews"),
    Wrong("title: Kế", "titel: Kế", "plan.titel", "“titel”; did you mean title", alone=False),
    Wrong("2024-12-31}", "2024-12-31, til: x}", "plan.effective.til", "“til”"),
    Wrong("issuer: Chính", "isuer: Chính", "plan.basis[0].isuer", "“isuer”; did you mean"),
    Wrong("I.1, text: N", "I.1, txt: x, text: N", "plan.goals[0].txt", "“txt”; did you mean"),
    Wrong("code: II.1,", "code: II.1, colour: x,", "plan.topics[0].colour", "“colour”"),
    Wrong("code: web,", "code: web, kode: x,", "plan.forms[1].kode", "“kode”; did you mean code"),
    Wrong("code: past,", "code: past, duee: x,", "reviews[0].duee", "“duee”; did you mean"),
    Wrong("code: round-1,", "code: round-1, name: x,", "calendars.rounds[0].name", "“name”"),
    Wrong("code: xa,", "code: xa, kind: x,", "groups[0].kind", "“kind”; did you mean kinds"),
    Wrong("short: SNV", "shrt: SNV", "agencies[1].shrt", "“shrt”; did you mean short"),
    Wrong("schedule: Th", "shedule: Th", "activities[0].shedule", "“shedule”; did you mean schedule"),
    Wrong("name: phút", "nam: phút", "activities[0].unit.nam", "“nam”; did you mean name"),
    Wrong("{lead: [", "{leads: [", "activities[0].roles.leads", "“leads”; did you mean lead"),
    Wrong("at_least: 15", "at_least: 15\n        atmost: 1", f"{_REQUIREMENT}.atmost", "did you", "atmost"),
    Wrong("repeats: excl", "repeat: excl", f"{_REQUIREMENT}.where.repeat", "did you mean repeats"),
    Wrong(
        "per: month",
        "schedule: {rrule: FREQ=DAILY, tolerance: 1}",
        f"{_REQUIREMENT}.schedule.tolerance",
        "“tolerance”; did you mean tolerance_days",
    ),
)

TWICE = (
    Wrong("reviews:\n", "format: cchc/plan/1\nreviews:\n", "format", "this key is here twice"),
    Wrong("issuer: UBND", '"code": small\n  issuer: UBND', "plan.code", "this key is here twice"),
    Wrong("short: SNV", "short: SNV, 'short': SNV", "agencies[1].short", "this key is here twice; keep one"),
    Wrong(
        "at_least: 15",
        "at_least: 15\n        per: month",
        f"{_REQUIREMENT}.per",
        "this key is here twice",
        at="per: month\n        where",
    ),
    Wrong("code: web,", "code: radio,", "plan.forms[1].code", f"“radio” {_TWICE}", alone=False),
    Wrong("[{code: I.1, ", "[{code: I.1, text: A}, {code: I.1, ", "plan.goals[1].code", _TWICE),
    Wrong("[{code: II.1, ", "[{code: II.1, text: A}, {code: II.1, ", "plan.topics[1].code", _TWICE),
    Wrong("code: running,", "code: past,", "reviews[1].code", f"“past” {_TWICE}"),
    Wrong("code: round-2,", "code: round-1,", "calendars.rounds[1].code", f"“round-1” {_TWICE}"),
    Wrong("{code: to-giup-viec,", "{code: xa,", "groups[1].code", f"“xa” {_TWICE}", alone=False),
    Wrong("code: ea-drong-cmg,", "code: ea-drong,", "agencies[5].code", f"“ea-drong” {_TWICE}"),
    Wrong("code: A.3", "code: A.1", "activities[2].code", f"“A.1” {_TWICE}"),
    Wrong("alias: share", "alias: panels", "activities[2].alias", f"“panels” {_TWICE}"),
    Wrong("alias: share", "alias: A.1", "activities[2].alias", f"“A.1” {_TWICE}"),
    Wrong(
        "    requirements:\n      - code: standing",
        "    requirements:\n      - {code: standing, owed_by: [xa], measure: stock, at_least: 1, per: year,"
        " basis: interpreted, note: x}\n      - code: standing",
        "activities[1].requirements[1].code",
        f"“standing” {_TWICE}",
        at="code: standing\n",
    ),
)

HEAD = (
    Wrong("  code: small\n", "", "plan.code", _MISSING, at=_TITLE),
    Wrong("code: small", "code: Kế-hoạch", "plan.code", f"“Kế-hoạch” {_NO_CODE}"),
    Wrong("code: small", "code: small plan", "plan.code", f"“small plan” {_NO_CODE}"),
    Wrong("code: small", "code: small_plan", "plan.code", f"“small_plan” {_NO_CODE}"),
    Wrong("code: small", 'code: ""', "plan.code", _NO_CODE),
    Wrong("code: small", "code: {a: b}", "plan.code", _SINGLE),
    Wrong(f"  {_TITLE}\n", "", "plan.title", _MISSING, at="code: small"),
    Wrong(_TITLE, 'title: " "', "plan.title", "this text is empty"),
    Wrong(_TITLE, "title: [Kế hoạch]", "plan.title", _SINGLE),
    Wrong("issuer: UBND", "issuer: [x] # UBND", "plan.issuer", _SINGLE),
    Wrong("published: 2024-01-01", "published: 2024-02-30", "plan.published", f"“2024-02-30” {_NO_DAY}"),
    Wrong("published: 2024-01-01", "published: 2026-02-29", "plan.published", f"“2026-02-29” {_NO_DAY}"),
    Wrong("published: 2024-01-01", "published: 26/02/2024", "plan.published", f"“26/02/2024” {_NO_DAY}"),
    Wrong("published: 2024-01-01", "published: 2024-1-1", "plan.published", f"“2024-1-1” {_NO_DAY}"),
    Wrong("published: 2024-01-01", "published: 20240101", "plan.published", f"“20240101” {_NO_DAY}"),
    Wrong("published: 2024-01-01", "published: 2024-01-01 10:00", "plan.published", _NO_DAY),
    Wrong(f"  {_EFFECTIVE}\n", "", "plan.effective", _MISSING, at="code: small"),
    Wrong(_EFFECTIVE, "effective: {to: 2024-12-31}", "plan.effective.from", _MISSING),
    Wrong(_EFFECTIVE, "effective: {from: 2024-01-01}", "plan.effective.to", _MISSING),
    Wrong(_EFFECTIVE, "effective: 2024", "plan.effective", _MAPPING),
    Wrong(
        _EFFECTIVE, "effective: {from: 2024-12-31, to: 2024-01-01}", "plan.effective.to", "is before “from”"
    ),
    Wrong(_EFFECTIVE, "effective: {from: 2024-13-01, to: 2025-01-01}", "plan.effective.from", _NO_DAY),
    Wrong("Asia/Ho_Chi_Minh", "Asia/Saigon_City", "plan.timezone", "“Asia/Saigon_City” is not a time zone"),
    Wrong("Asia/Ho_Chi_Minh", "../../etc/passwd", "plan.timezone", "is not a time zone"),
    Wrong("number: 76/NQ-CP, ", "", "plan.basis[0].number", _MISSING),
    Wrong("date: 2021-07-15", "date: 15/07/2021", "plan.basis[0].date", _NO_DAY),
    Wrong("goals: [{code: I.1,", "goals: [{", "plan.goals[0].code", _MISSING),
    Wrong("code: I.1, text: Người dân biết", "code: I.1", "plan.goals[0].text", _MISSING),
    Wrong("[{code: II.1, text: Thủ tục hành chính}]", "{II.1: Thủ tục}", "plan.topics", _LIST),
    Wrong("[{code: II.1, text: Thủ tục hành chính}]", "[Thủ tục]", "plan.topics[0]", _MAPPING),
    Wrong("{code: radio, name: Phát thanh}", "{code: radio}", "plan.forms[0].name", _MISSING),
    Wrong("{code: radio, name: Phát thanh}", "{code: radio, name: }", "plan.forms[0].name", _MISSING),
    Wrong("from: 2024-03-16, to: 2024-04-14, due", "to: 2024-04-14, due", "reviews[0].from", _MISSING),
    Wrong("2024-06-14}\ncal", "2024-04-14}\ncal", "reviews[1].to", "is before “from”"),
    Wrong("due: 2024-04-14", "due: soon", "reviews[0].due", f"“soon” {_NO_DAY}"),
)

CALENDARS = (
    Wrong(
        "{code: round-2, from: 2024-04-15",
        "{code: round-2, from: 2024-04-14",
        "calendars.rounds[1]",
        "“round-2” overlaps “round-1”",
    ),
    Wrong("  rounds:", "  month:", "calendars.month", "“month” is a built-in period"),
    Wrong("  rounds:", "  plan:", "calendars.plan", "“plan” is a built-in period"),
    Wrong("  rounds:", "  các đợt:", "calendars.các đợt", "“các đợt” cannot be the name of a calendar"),
    Wrong("{code: round-1, ", "{", "calendars.rounds[0].code", _MISSING),
    Wrong("code: round-1, from: 2024-03-16, ", "code: round-1, ", "calendars.rounds[0].from", _MISSING),
    Wrong("calendars:\n  rounds:", "calendars:\n  other: 5\n  rounds:", "calendars.other", _LIST, "5\n"),
    Wrong("  rounds:\n", "  rounds: []\n  rounds:\n", "calendars.rounds", "twice", at="rounds:\n    - {"),
)

GROUPS = (
    Wrong("name: Các xã, kinds: [commune]", "name: Các xã", "groups[0]", "`kinds`, `agencies` or both"),
    Wrong("kinds: [commune]", "kinds: commune", "groups[0].kinds", _LIST, alone=False),
    Wrong("kinds: [commune]", "kinds: [Xã]", "groups[0].kinds[0]", f"“Xã” {_NO_CODE}"),
    Wrong("[so-noi-vu, dai-", "[so-noi-vu, dia-", "groups[1].agencies[1]", "“dia-buon-ho”"),
    Wrong("[so-noi-vu, dai-", "[so-noi-vu, dia-", "groups[1].agencies[1]", "did you mean dai-buon-ho"),
    Wrong("{code: xa,", "{code: so-noi-vu,", "groups[0].code", "is an agency’s code too", alone=False),
)

AGENCIES = (
    Wrong(_PROVINCE, "{name: UBND tỉnh, kind: province}", "agencies[0].code", _MISSING, alone=False),
    Wrong("code: old,", "code: Cũ,", "agencies[6].code", f"“Cũ” {_NO_CODE}"),
    Wrong("code: old, name: Phường Cũ", "code: old", "agencies[6].name", _MISSING),
    Wrong("name: Phường Cũ, kind: ward", "name: Phường Cũ", "agencies[6].kind", _MISSING),
    Wrong(
        "kind: station, parent: buon-ho",
        "kind: station, parent: buon-hoo",
        "agencies[3].parent",
        "“buon-hoo”; did you mean buon-ho",
    ),
    Wrong(
        "kind: province}",
        "kind: province, parent: ubnd-tinh}",
        "agencies[0].parent",
        "an agency cannot be above itself",
    ),
    Wrong("successors: [new]", "successors: [nwe]", "agencies[6].successors[0]", "“nwe”"),
    Wrong("aliases: [Thị Hồ]", "aliases: Thị Hồ", "agencies[2].aliases", _LIST),
    Wrong("aliases: [Thị Hồ]", "aliases: [[Thị Hồ]]", "agencies[2].aliases[0]", _SINGLE),
    Wrong("kind: ward, from: 2024-04-01", "kind: ward, from: 2024-04-31", "agencies[7].from", _NO_DAY),
    Wrong(
        "kind: ward, from: 2024-04-01",
        "kind: ward, from: 2024-04-01, to: 2024-03-31",
        "agencies[7].to",
        "is before “from”",
    ),
)

ACTIVITIES = (
    Wrong("  - code: A.3\n    alias: share", "  - alias: share", "activities[2].code", _MISSING),
    Wrong("code: A.3", "code: A 3", "activities[2].code", f"“A 3” {_NO_CODE}"),
    Wrong("    title: Hội nghị\n", "", "activities[3].title", _MISSING, at="code: A.4"),
    Wrong(
        "kind: stock",
        "kind: stok",
        "activities[1].kind",
        "“stok”; did you mean stock",
        alone=False,
    ),
    Wrong("unit: {code: minute, name: phút}", "unit: phút", "activities[0].unit", _MAPPING),
    Wrong("unit: {code: minute, name: phút}", "unit: {name: phút}", "activities[0].unit.code", _MISSING),
    Wrong("unit: {code: minute", "unit: {code: phút", "activities[0].unit.code", f"“phút” {_NO_CODE}"),
    Wrong("forms: [radio, web]", "forms: radio", "activities[0].forms", _LIST),
    Wrong("forms: [radio, web]", "forms: [radio, wep]", "activities[0].forms[1]", "“wep”; did you mean web"),
    Wrong("lead: [so-noi-vu]", "lead: [so-nội-vụ]", "activities[0].roles.lead[0]", _NO_CODE),
    Wrong("lead: [so-noi-vu]", "lead: so-noi-vu", "activities[0].roles.lead", _LIST),
    Wrong("coordinate: [to-", "coordinate: [ti-", "activities[0].roles.coordinate[0]", "mean to-giup-viec"),
    Wrong("methods: [Phát sóng", "methods: [[x], Phát sóng", "activities[0].methods[0]", _SINGLE),
    Wrong("    methods: [Phát sóng trực tiếp]\n", "    methods: Phát\n", "activities[0].methods", _LIST),
    Wrong(
        "        note: Sở Nội vụ quyết định\n",
        "        note: Sở Nội vụ quyết định\n      - mỗi tháng một lần\n",
        "activities[2].requirements[1]",
        _MAPPING,
        at="mỗi tháng một lần",
        alone=False,
    ),
)

REQUIREMENTS = (
    Wrong("- code: minutes\n        owed_by", "- owed_by", f"{_REQUIREMENT}.code", _MISSING),
    Wrong("code: minutes", "code: phút", f"{_REQUIREMENT}.code", f"“phút” {_NO_CODE}"),
    Wrong("        owed_by: [dai-buon-ho]\n", "", f"{_REQUIREMENT}.owed_by", _MISSING, at="code: minutes"),
    Wrong("owed_by: [dai-buon-ho]", "owed_by: []", f"{_REQUIREMENT}.owed_by", "this list is empty"),
    Wrong("owed_by: [xa, b", "owed_by: [xã, b", f"{_STOCK}.owed_by[0]", f"“xã” {_NO_CODE}"),
    Wrong("owed_by: [xa, b", "owed_by: [x, b", f"{_STOCK}.owed_by[0]", "“x”"),
    Wrong("        measure: amount\n", "", f"{_REQUIREMENT}.measure", _MISSING, at="code: minutes"),
    Wrong("measure: amount", "measure: amounts", f"{_REQUIREMENT}.measure", "did you mean amount"),
    Wrong("        at_least: 15\n", "", _REQUIREMENT, "`at_least`, `at_most` or both", at="code: minutes"),
    Wrong("at_least: 15", "at_least: 0", f"{_REQUIREMENT}.at_least", "`at_least` must be above 0"),
    Wrong("at_least: 15", "at_least: -15", f"{_REQUIREMENT}.at_least", f"“-15” {_NO_NUMBER}"),
    Wrong("at_least: 15", "at_least: 1.2345", f"{_REQUIREMENT}.at_least", f"“1.2345” {_NO_NUMBER}"),
    Wrong("at_least: 15", "at_least: 15 phút", f"{_REQUIREMENT}.at_least", f"“15 phút” {_NO_NUMBER}"),
    Wrong("at_least: 15", "at_least: 7,5", f"{_REQUIREMENT}.at_least", f"“7,5” {_NO_NUMBER}"),
    Wrong("at_least: 15", "at_least: .inf", f"{_REQUIREMENT}.at_least", f"“.inf” {_NO_NUMBER}"),
    Wrong("at_least: 15", "at_least: [15]", f"{_REQUIREMENT}.at_least", _SINGLE),
    Wrong("at_least: 80", "at_least: 1\n        at_most: x", f"{_READING}.at_most", _NO_NUMBER, at="x\n"),
    Wrong(
        "at_least: 80", "at_least: 80\n        at_most: 79.9", f"{_READING}.at_least", "is above `at_most`"
    ),
    Wrong(
        "measure: executions",
        "measure: gap",
        "activities[3].requirements[0].at_least",
        "the measure gap allows only `at_most`",
        at="at_least: 1\n        per: quarter\n        partial",
    ),
    Wrong("measure: stock", "measure: amount", f"{_STOCK}.measure", "of kind stock cannot be measured by"),
    Wrong("measure: latest", "measure: amount", f"{_READING}.measure", "of kind reading cannot be measured"),
    Wrong(
        "        per: month\n", "", _REQUIREMENT, "exactly one of per, by, before, sch", at="code: minutes"
    ),
    Wrong(
        "per: month",
        "per: month\n        by: 2024-06-30",
        _REQUIREMENT,
        "is needed; found: per, by",
        at="2024-06-30",
    ),
    Wrong("per: month", "per: monthly", f"{_REQUIREMENT}.per", "“monthly”; did you mean month"),
    Wrong("per: month", "per: round", f"{_REQUIREMENT}.per", "“round”; did you mean rounds"),
    Wrong("per: month", "by: 30/06/2024", f"{_REQUIREMENT}.by", _NO_DAY),
    Wrong("per: month", "before: 2024-06-31", f"{_REQUIREMENT}.before", _NO_DAY),
    Wrong("per: month", "schedule: weekly", f"{_REQUIREMENT}.schedule", _MAPPING),
    Wrong("per: month", "schedule: {tolerance_days: 1}", f"{_REQUIREMENT}.schedule.rrule", _MISSING),
    Wrong(
        "per: month",
        "from: 2024-06-01\n        to: 2024-05-31\n        per: month",
        f"{_REQUIREMENT}.to",
        "is before “from”",
        at="2024-05-31",
    ),
    Wrong("per: month", "per: month\n        from: 1/6", f"{_REQUIREMENT}.from", _NO_DAY, at="1/6"),
    Wrong("per: month", "per: month\n        partial: none", f"{_REQUIREMENT}.partial", "“none”", at="none"),
    Wrong("partial: full", "partial: ful", "activities[3].requirements[0].partial", "did you mean full"),
    Wrong("basis: stated", "basis: state", f"{_REQUIREMENT}.basis", "“state”; did you mean"),
    Wrong("        basis: stated\n", "", f"{_REQUIREMENT}.basis", _MISSING, at="code: minutes"),
    Wrong(f"        {_QUOTE}\n", "", f"{_REQUIREMENT}.quote", "needs a `quote`", at="code: minutes"),
    Wrong(_QUOTE, "quote: ít nhất 16 phút", f"{_REQUIREMENT}.quote", "these words are not in"),
    Wrong(_TEXT, "text: Phát chuyên mục", f"{_REQUIREMENT}.quote", "these words are not in", at=_QUOTE),
    Wrong(
        "        note: Tổ giúp việc quyết định\n", "", f"{_STOCK}.note", "needs a `note`", "code: standing"
    ),
    Wrong(_WHERE, "where: {forms: [tv]}", f"{_REQUIREMENT}.where.forms[0]", "“tv”"),
    Wrong(_WHERE, "where: {forms: radio}", f"{_REQUIREMENT}.where.forms", _LIST),
    Wrong(_WHERE, "where: {repeats: yes}", f"{_REQUIREMENT}.where.repeats", "known are include, exclude"),
    Wrong(_WHERE, "where: {amount_at_least: -5}", f"{_REQUIREMENT}.where.amount_at_least", _NO_NUMBER),
    Wrong(
        "measure: stock",
        "measure: stock\n        where: {amount_at_least: 1}",
        f"{_STOCK}.where.amount_at_least",
        "does not go with an activity of kind stock",
        at="where: {amount_at_least: 1}",
    ),
)

SCHEDULES = (
    ("FREQ=HOURLY", "FREQ"),
    ("BYDAY=FR", "FREQ"),
    ("FREQ=WEEKLY;BYHOUR=3", "BYHOUR"),
    ("FREQ=WEEKLY;BYDAY=XX", "BYDAY"),
    ("FREQ=WEEKLY;FREQ=DAILY", "FREQ"),
    ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL"),
    ("FREQ=WEEKLY;UNTIL=20240230", "UNTIL"),
    ("FREQ=DAILY;COUNT=3;UNTIL=20240601", "COUNT and UNTIL"),
    ("thứ 6 hàng tuần", "FREQ"),
    ("FREQ=WEEKLY;BYDAY=1FR", "a number in BYDAY goes only with FREQ of YEARLY, MONTHLY (RFC 5545)"),
    ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS needs another part"),
    ("FREQ=DAILY;UNTIL=20231231", "gives no date in the plan, 2024-01-01..2024-12-31; change the rule"),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "gives no date in the plan"),
)

OVERLAPS = (
    (
        "FREQ=WEEKLY;BYDAY=FR",
        7,
        (
            "the ranges 2024-01-05..2024-01-12 and 2024-01-12..2024-01-19 of the schedule share"
            " 2024-01-12; make `tolerance_days` at most 6"
        ),
    ),
    (
        "FREQ=WEEKLY;BYDAY=FR",
        9,
        (
            "the ranges 2024-01-05..2024-01-14 and 2024-01-12..2024-01-21 of the schedule share"
            " 2024-01-12..2024-01-14; make `tolerance_days` at most 6"
        ),
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=1,31",
        1,
        (
            "the ranges 2024-01-31..2024-02-01 and 2024-02-01..2024-02-02 of the schedule share"
            " 2024-02-01; make `tolerance_days` at most 0"
        ),
    ),
    (
        "FREQ=YEARLY;BYYEARDAY=100,365,366",
        500,
        (
            "the ranges 2024-04-09..2024-12-31 and 2024-12-30..2024-12-31 of the schedule share"
            " 2024-12-30..2024-12-31; make `tolerance_days` at most 0"
        ),
    ),
)

PRORATED = ("executions", "amount", "days")

RULES = [
    *FORMAT,
    *UNKNOWN_KEYS,
    *TWICE,
    *HEAD,
    *CALENDARS,
    *GROUPS,
    *AGENCIES,
    *ACTIVITIES,
    *REQUIREMENTS,
    *(
        Wrong("per: month", f'schedule: {{rrule: "{rrule}"}}', f"{_REQUIREMENT}.schedule.rrule", words)
        for rrule, words in SCHEDULES
    ),
    *(
        Wrong(
            "per: month",
            f"schedule: {{rrule: FREQ=DAILY, tolerance_days: {days}}}",
            f"{_REQUIREMENT}.schedule.tolerance_days",
            f"“{days}” is not a whole number",
        )
        for days in ("-1", "1.5", "viel")
    ),
    *(
        Wrong(
            "per: month",
            f'schedule: {{rrule: "{rrule}", tolerance_days: {days}}}',
            f"{_REQUIREMENT}.schedule.tolerance_days",
            words,
        )
        for rrule, days, words in OVERLAPS
    ),
    *(
        Wrong(
            f"        measure: {measure}\n",
            f"        measure: {measure}\n        partial: prorate\n",
            f"{path}.partial",
            "`prorate` goes only with amount, days, executions",
            at="prorate",
        )
        for path, measure in ((_STOCK, "stock"), (_READING, "latest"))
    ),
]


def errors_of(path: Path) -> list[str]:
    """Read a plan file in this process; give the sentences of the error, or none."""
    set_language("en")
    try:
        read_plan_file(path)
    except InputError as error:
        return [render(sentence) for sentence in error.messages]
    return []


def test_errors_of_a_file_end_with_exit_code_2() -> None:
    """The errors of the tests below make the program exit with the code for bad input."""
    assert InputError.exit_code == 2


def read(path: Path) -> Plan:
    """Read a valid plan file."""
    return read_plan_file(path).plan


@pytest.mark.parametrize("wrong", RULES, ids=lambda wrong: f"{wrong.path}: {wrong.new[:30]!r}")
def test_rule(tmp_path: Path, wrong: Wrong) -> None:
    """A file that breaks one rule gets one error: file, line, path and sentence."""
    path = write_plan(tmp_path, (wrong.old, wrong.new), frame=FIXED)
    text = path.read_text("utf-8")
    place = text.index(wrong.at) if wrong.at else plan_text(frame=FIXED).index(wrong.old)
    line = text.count("\n", 0, place) + 1
    errors = errors_of(path)
    found = [error for error in errors if f": {wrong.path}: " in error and wrong.words in error]
    assert found, errors
    assert found[0].startswith(f"{path}:{line}:"), (line, found)
    assert len(errors) == 1 or not wrong.alone, errors


def test_agencies_above_one_another(tmp_path: Path) -> None:
    """A circle of parents is reported at every agency in it, and at no other."""
    change = ("kind: province}", "kind: province, parent: buon-ho}")
    errors = errors_of(write_plan(tmp_path, change))
    assert [error.split(": ", 2)[1] for error in errors] == ["agencies[0].parent", "agencies[2].parent"]
    assert all("an agency cannot be above itself" in error for error in errors)


MEASURES = {
    "flow": {"executions", "amount", "days", "forms", "gap"},
    "stock": {"executions", "days", "forms", "gap", "stock"},
    "reading": {"executions", "days", "forms", "gap", "latest"},
}


@pytest.mark.parametrize(("kind", "measure"), [*product(MEASURES, sorted(set().union(*MEASURES.values())))])
def test_measures_of_each_kind(tmp_path: Path, kind: str, measure: str) -> None:
    """Each kind of activity takes its own measures and `prorate` with three of them, and refuses the rest."""
    for partial in ("waive", "full", "prorate"):
        more = (
            f"  - code: B.1\n    title: B\n    kind: {kind}\n    requirements:\n      - code: b\n"
            f"        owed_by: [xa]\n        measure: {measure}\n        at_most: 3\n        per: week\n"
            f"        partial: {partial}\n        basis: interpreted\n        note: so\n"
        )
        errors = errors_of(write_plan(tmp_path, frame=FIXED, more=more))
        wrong = [".measure: "] * (measure not in MEASURES[kind])
        wrong += [".partial: "] * (partial == "prorate" and measure not in PRORATED)
        assert len(errors) == len(wrong), errors
        assert all(part in error for part, error in zip(wrong, errors, strict=True)), errors


def test_everything_a_file_may_say(tmp_path: Path) -> None:
    """Windows, bounds, folded quotes and defaults are read as documented."""
    common = "owed_by: [xa, so-noi-vu], measure: executions, basis: interpreted, note: x"
    windows = (
        *(f"per: {per}" for per in ("day", "week", "month", "quarter", "half", "year", "plan", "rounds")),
        "by: 2024-06-30",
        'before: "2024-12-15"',
        'schedule: {rrule: "FREQ=WEEKLY;BYDAY=FR", tolerance_days: 1}',
        "schedule: {rrule: FREQ=MONTHLY;BYMONTHDAY=-1}",
    )
    more = "".join(
        f"      - {{code: w{number}, {common}, at_least: 0.125, at_most: 7.5, {window}, from: 2024-02-01}}\n"
        for number, window in enumerate(windows)
    )
    plan = read(
        write_plan(
            tmp_path,
            (_QUOTE, "quote: |\n          thời lượng  mỗi tháng\n          ít nhất 15 phút\n"),
            ("  timezone: Asia/Ho_Chi_Minh\n", ""),
            frame=FIXED,
            more=more,
        )
    )
    assert len(plan.activities[3].requirements) == 1 + len(windows)
    assert (plan.timezone, plan.language) == ("Asia/Ho_Chi_Minh", "vi")
    assert plan.activities[0].kind.value == "flow"
    assert (plan.activities[3].unit.code, plan.activities[3].unit.name) == ("time", "lần")


@pytest.mark.parametrize(
    ("schedule", "more", "wrong"),
    [
        ('{rrule: "FREQ=WEEKLY;BYDAY=FR", tolerance_days: 6}', "", 0),
        ('{rrule: "FREQ=WEEKLY;BYDAY=FR", tolerance_days: 7}', "", 1),
        # One Friday is in force, then two of them.
        ('{rrule: "FREQ=WEEKLY;BYDAY=FR", tolerance_days: 7}', "from: 2024-01-05, to: 2024-01-11", 0),
        ('{rrule: "FREQ=WEEKLY;BYDAY=FR", tolerance_days: 7}', "from: 2024-01-05, to: 2024-01-12", 1),
        ('{rrule: "FREQ=WEEKLY;BYDAY=FR", tolerance_days: 7}', "from: 2024-01-06, to: 2024-01-12", 0),
        # In force on no day of the plan, or of the rule: nothing is owed, without an error.
        ('{rrule: "FREQ=WEEKLY;BYDAY=FR", tolerance_days: 7}', "to: 2023-12-31", 0),
        ('{rrule: "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1"}', "to: 2024-02-29", 0),
        ('{rrule: "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1;UNTIL=20240229"}', "", 1),
    ],
)
def test_the_days_of_a_schedule_in_force(tmp_path: Path, schedule: str, more: str, wrong: int) -> None:
    """Ranges are compared on the days on which the requirement holds; a rule must give a date in the plan."""
    line = (
        f"      - {{code: s, owed_by: [xa], measure: days, at_least: 1, schedule: {schedule},"
        f" basis: interpreted, note: x{', ' if more else ''}{more}}}\n"
    )
    more_text = f"  - code: A.9\n    title: X\n    requirements:\n{line}"
    assert len(errors_of(write_plan(tmp_path, frame=FIXED, more=more_text))) == wrong


def test_every_fault_of_every_schedule_is_told_in_one_run(tmp_path: Path) -> None:
    schedules = (
        '{rrule: "FREQ=WEEKLY;BYDAY=1MO;BYMONTHDAY=1"}',
        '{rrule: "FREQ=WEEKLY;BYDAY=FR", tolerance_days: 7}',
        '{rrule: "FREQ=DAILY;UNTIL=20231231"}',
        '{rrule: "FREQ=DAILY;BYHOUR=1"}',
    )
    more = "  - code: A.9\n    title: X\n    requirements:\n" + "".join(
        f"      - {{code: s{number}, owed_by: [xa], measure: days, at_least: 1, basis: interpreted, note: x,"
        f" schedule: {schedule}}}\n"
        for number, schedule in enumerate(schedules)
    )
    path = write_plan(tmp_path, frame=FIXED, more=more)
    text = path.read_text("utf-8").splitlines()
    errors = errors_of(path)
    places = [error.removeprefix(f"{path}:").split(": ")[:2] for error in errors]
    assert [where for _, where in places] == [
        *["activities[4].requirements[0].schedule.rrule"] * 2,
        "activities[4].requirements[1].schedule.tolerance_days",
        "activities[4].requirements[2].schedule.rrule",
        "activities[4].requirements[3].schedule.rrule",
    ]
    for place, _ in places:
        line, column = map(int, place.split(":"))
        assert text[line - 1][column - 1 :].startswith(('"FREQ=', "7"))


def test_a_faulty_range_of_the_plan_leaves_the_words_of_the_rules_to_be_checked(tmp_path: Path) -> None:
    change = (_EFFECTIVE, "effective: {from: 2024-01-01, to: 2223-12-31}")
    schedule = ("per: month", 'schedule: {rrule: "FREQ=DAILY;BYWEEKNO=1", tolerance_days: 1}')
    errors = errors_of(write_plan(tmp_path, change, schedule, frame=FIXED))
    assert [error.split(": ")[1] for error in errors] == [
        "plan.effective.to",
        "activities[0].requirements[0].schedule.rrule",
    ]


def test_codes_keep_their_spelling(tmp_path: Path) -> None:
    """Values that YAML would read as a boolean, number, date or time stay the text that was written."""
    change = (
        "{code: new, name: Phường Mới, kind: ward,",
        "{code: no, name: 1e3, kind: 00643, gso: 00643, short: 12:30, aliases: [yes, 2024-01-01, ~, 0x1F],",
    )
    agency = read(write_plan(tmp_path, change, ("successors: [new]", "successors: [no]"))).agencies[7]
    assert (agency.code, agency.name, agency.kind) == ("no", "1e3", "00643")
    assert (agency.gso, agency.short) == ("00643", "12:30")
    assert agency.aliases == ("yes", "2024-01-01", "~", "0x1F")
    (error,) = errors_of(write_plan(tmp_path, ("code: old", "code: 12:30")))
    assert "“12:30” cannot be a code" in error


def test_dates_quoted_or_not(tmp_path: Path) -> None:
    """A date means the same with quotes of either kind and without."""
    plain = read(write_plan(tmp_path, frame=FIXED))
    quoted = read(
        write_plan(
            tmp_path,
            ("published: 2024-01-01", 'published: "2024-01-01"'),
            ("from: 2024-01-01,", "from: '2024-01-01',"),
            frame=FIXED,
        )
    )
    assert plain == quoted


HOSTILE = {
    "an anchor": (plan_text(("code: small", "code: &a small")), "anchors (&) and aliases (*)"),
    "an alias": (plan_text(("number: 613/QĐ-UBND", "number: *a")), "anchors (&) and aliases (*)"),
    "a merge key": (plan_text(("{code: radio, ", "{<<: {code: radio}, ")), "merge keys (<<)"),
    "a tag": (plan_text(("code: small", "code: !!str small")), "tags (!)"),
    "a tag that acts": (plan_text(("code: small", "code: !!python/object/apply:os.system [x]")), "tags (!)"),
    "a tag of its own": (plan_text(("reviews:\n", "reviews: !x\n")), "tags (!)"),
    "a merge bomb": (
        "a: &a {x: 1}\n" + "".join(f"b{n}: &b{n} {{<<: [*a, *a]}}\n" for n in range(20)),
        "anchors (&) and aliases (*)",
    ),
    "a second document": (plan_text(more="---\nformat: cchc/plan/1\n"), "one YAML document"),
    "40,000 brackets": ("[" * 40_000, "nested deeper than 32 levels"),
    "40,000 braces": (plan_text(more="x: " + "{" * 40_000), "hostile.yaml:96:"),
    "40,000 dashes": ("- " * 40_000, "nested deeper than 32 levels"),
    "40,000 keys that are keys": ("? " * 40_000, "hostile.yaml:1:"),
    "steps": ("\n".join(" " * n + "a:" for n in range(500)), "nested deeper than 32 levels"),
    "500,001 values": ("x: [" + "a," * 500_001 + "]", "more than 500000 values"),
    "more than 8 MB": ("#" * (8 * 1024 * 1024 + 1), "larger than 8 MB"),
    "nothing": ("", "the file is empty"),
    "only a comment": ("# nothing\n", "the file is empty"),
    "only a mark of order": ("\ufeff", "the file is empty"),
    "only a scalar": ("cchc/plan/1", _MAPPING),
    "only a list": ("- a\n- b\n", _MAPPING),
    "a tab": (plan_text(("  code: small", "\tcode: small")), "not valid YAML"),
    "no end of a quote": (plan_text(("number: 613/QĐ-UBND", 'number: "613')), "not valid YAML"),
    "no end of a list": (plan_text(("forms: [radio, web]", "forms: [radio, web")), "not valid YAML"),
    "a bell": (plan_text(("code: small", "code: small\a")), "not valid YAML"),
    "a key that is a list": (plan_text(more="[a, b]: c\n"), "a key must be a single word"),
    "half a character": (plan_text((_TITLE, 'title: "\\ud800"')), "not valid YAML"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file(tmp_path: Path, name: str) -> None:
    """Forbidden YAML is refused, in one sentence that says where and what."""
    text, words = HOSTILE[name]
    path = tmp_path / "hostile.yaml"
    path.write_text(text, "utf-8")
    errors = errors_of(path)
    assert any(words in error for error in errors), errors
    assert all(error.startswith(f"{path}:") and len(error) < 400 for error in errors)


MANY = {
    "unknown agencies": [f"  - {{code: x{n}, name: X, kind: x, parent: y{n}}}\n" for n in range(5000)],
    "a circle of agencies": [
        f"  - {{code: x{n}, name: X, kind: x, parent: x{(n + 1) % 20_000}}}\n" for n in range(20_000)
    ],
    "the same code": ["  - {code: x, name: X, kind: x}\n"] * 5000,
    "unknown keys": [f"  - {{code: x{n}, name: X, kind: x, knd{n}: x}}\n" for n in range(5000)],
}


@pytest.mark.parametrize("name", MANY)
def test_many_errors(cchc: Program, tmp_path: Path, name: str) -> None:
    """A file with thousands of errors is refused in linear time, not quadratic."""
    path = write_plan(tmp_path, ("activities:\n", "".join(MANY[name]) + "activities:\n"))
    outcome = run_within(cchc, 20, "import", path)
    assert outcome.code == 2
    assert "Traceback" not in outcome.err


def test_hostile_files_through_the_program(cchc: Program, tmp_path: Path) -> None:
    """A file that is no plan exits with code 2 and an error, and creates no database."""
    brackets = tmp_path / "brackets.yaml"
    brackets.write_text("[" * 40_000)
    assert "brackets.yaml:1:33: " in cchc.fails(2, "import", brackets)
    assert "the file is nested deeper" in cchc.fails(2, "import", brackets)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"format: cchc/plan/1\nplan: {title: K\xea}\n")
    assert "latin.yaml:2: not UTF-8 text" in cchc.fails(2, "import", latin)
    wide = tmp_path / "wide.yaml"
    wide.write_bytes(plan_text().encode("utf-16"))
    assert "wide.yaml:1: not UTF-8 text" in cchc.fails(2, "import", wide)
    fifo = tmp_path / "fifo.yaml"
    os.mkfifo(fifo)
    assert "fifo.yaml: this is not a regular file" in cchc.fails(2, "import", fifo)
    assert str(tmp_path) in cchc.fails(2, "import", tmp_path)
    assert "absent.yaml: there is no such file" in cchc.fails(2, "import", tmp_path / "absent.yaml")
    assert "this is not a regular file" in cchc.fails(2, "import", "/dev/zero")
    assert not (tmp_path / "cchc.db").exists()


def test_text_that_no_database_can_keep(cchc_on: Program, tmp_path: Path) -> None:
    """A NUL in a text is refused as bad input, on either database."""
    path = write_plan(tmp_path, (_TITLE, 'title: "a\\0b"'))
    assert "small.yaml:4:" in cchc_on.fails(2, "import", path)


def test_a_mark_of_order_is_no_fault(tmp_path: Path) -> None:
    """A file saved by an editor of Windows, with a byte order mark and CR LF, is the same plan."""
    plain = read(write_plan(tmp_path))
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + plan_text().replace("\n", "\r\n").encode())
    assert read(path) == plain


def test_every_error_in_one_run(cchc: Program, tmp_path: Path) -> None:
    """One run reports every error, in the order of the file, and creates no database."""
    path = write_plan(
        tmp_path,
        ("code: small", "code: nhỏ"),
        ("date: 2021-07-15", "date: 2021-02-29"),
        ("kind: province", "kynd: province, kind: province"),
        ("kind: stock", "kind: stok"),
        ("at_least: 80", "at_least: 0"),
        ("quote: Mỗi quý 01 lần", "quote: Mỗi quý 02 lần"),
        frame=FIXED,
    )
    lines = cchc.fails(2, "import", path).splitlines()
    assert all(line.startswith(f"error: {path}:") for line in lines)
    found = [line.removeprefix(f"error: {path}:").split(": ")[:2] for line in lines]
    paths = [path for _, path in found]
    for expected in (
        "plan.code",
        "plan.basis[0].date",
        "agencies[0].kynd",
        "activities[1].kind",
        "activities[2].requirements[0].at_least",
        "activities[3].requirements[0].quote",
    ):
        assert expected in paths
    numbers = [int(place.split(":")[0]) for place, _ in found]
    assert numbers == sorted(numbers)
    assert not (tmp_path / "cchc.db").exists()


def test_import_and_again(cchc: Program, tmp_path: Path) -> None:
    """An import reports its content; the same plan again changes nothing, even if the file is formatted differently."""
    path = write_plan(tmp_path)
    expected = {"format": "cchc-import/1", "plan": "small", "dry_run": False, **COUNTS}
    first = cchc.ok("import", path, "-f", "json")
    assert {**first.json, "changes": None} == {**expected, "result": "created", "changes": None}
    assert isinstance(first.json["changes"], list)
    before = Path(cchc.db).read_bytes()
    for text in (plan_text(), "# một dòng mới\n" + plan_text(("published: ", "published:    "))):
        path.write_text(text, "utf-8")
        again = cchc.ok("import", path, "-f", "json").json
        assert again == {**expected, "result": "unchanged", "changes": []}
    assert "nothing has changed" in cchc.ok("import", path).out
    assert Path(cchc.db).read_bytes() == before


AMENDED: tuple[Change, ...] = (
    ("short: SNV", "short: Sở NV"),
    ("at_least: 15", "at_least: 20"),
    ('  - {code: ea-drong-cmg, name: Xã Ea D\'Rơng, kind: commune, parent: ubnd-tinh, gso: "24277"}\n', ""),
    ("  - {code: old,", "  - {code: cu-kuin, name: UBND huyện Cư Kuin, kind: district}\n  - {code: old,"),
)


def test_amended_plan(cchc: Program, tmp_path: Path) -> None:
    """Importing a changed file reports additions, changes and removals, with --dry-run and without."""
    path = write_plan(tmp_path)
    cchc.ok("import", path)
    before = Path(cchc.db).read_bytes()
    write_plan(tmp_path, *AMENDED)
    trial = cchc.ok("import", path, "--dry-run", "-f", "json").json
    assert (trial["result"], trial["dry_run"]) == ("updated", True)
    assert "would be updated" in cchc.ok("import", path, "--dry-run").out
    assert Path(cchc.db).read_bytes() == before
    words = cchc.ok("import", path).out
    assert "plan small: updated" in words
    for line in (
        "added: agencies cu-kuin",
        "removed: agencies ea-drong-cmg",
        "changed: agencies so-noi-vu: short: SNV → Sở NV",
        "changed: requirements A.1/minutes: at_least: 15 → 20",
    ):
        assert line in words
    found = {(one["action"], one["section"], one["code"], one["field"]) for one in trial["changes"]}
    assert found >= {
        ("added", "agencies", "cu-kuin", None),
        ("removed", "agencies", "ea-drong-cmg", None),
        ("changed", "agencies", "so-noi-vu", "short"),
        ("changed", "requirements", "A.1/minutes", "at_least"),
    }
    after = cchc.ok("agencies", "-f", "json").json["agencies"]
    codes = [agency["agency"] for agency in after]
    assert "cu-kuin" in codes
    assert "ea-drong-cmg" not in codes
    assert cchc.ok("import", path, "-f", "json").json["result"] == "unchanged"


def test_dry_run_makes_no_database(cchc: Program, tmp_path: Path) -> None:
    """A dry run without a database creates none."""
    outcome = cchc.ok("import", write_plan(tmp_path), "--dry-run", "-f", "json").json
    assert (outcome["result"], outcome["dry_run"], outcome["agencies"]) == ("created", True, 8)
    assert "would be imported" in cchc.ok("import", tmp_path / "small.yaml", "--dry-run").out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "small.yaml"]
    assert not list((tmp_path / "home").iterdir())


def test_failed_import_changes_nothing(cchc: Program, tmp_path: Path) -> None:
    """A file with an error leaves the plan, the records and the database file as they are."""
    cchc.ok("import", write_plan(tmp_path))
    cchc.ok("log", "A.4", "--agency", "so-noi-vu")
    before = Path(cchc.db).read_bytes()
    path = write_plan(tmp_path, ("short: SNV", "short: Sở NV"), ("kind: reading", "kind: readin"))
    assert "did you mean reading" in cchc.fails(2, "import", path)
    assert Path(cchc.db).read_bytes() == before


_STATION = "  - {code: dai-buon-ho, name: Đài Truyền thanh Buôn Hồ, kind: station, parent: buon-ho}\n"
_NO_STATION: tuple[Change, ...] = (
    (_STATION, ""),
    (", dai-buon-ho]", "]"),
    ("[dai-buon-ho]", "[xa]"),
    ("[dai-buon-ho]", "[xa]"),
)
_NO_WEB: tuple[Change, ...] = (
    ("    - {code: web, name: Cổng thông tin điện tử}\n", ""),
    ("[radio, web]", "[radio]"),
)
ORPHANING: dict[str, tuple[tuple[Change, ...], tuple[str, ...]]] = {
    "no agency": (_NO_STATION, ("agency dai-buon-ho", "2")),
    "no form": (_NO_WEB, ("form web", "2")),
    "no activity": ((("code: A.1", "code: B.1"),), ("activity A.1", "2")),
    "agency ends sooner": (
        (("kind: station", f"kind: station, to: {NOW.ago(15)}"),),
        ("dai-buon-ho", NOW.ago(20), NOW.ago(10)),
    ),
    "agency begins later": (
        (("kind: station", f"kind: station, from: {NOW.ago(15)}"),),
        ("dai-buon-ho", NOW.ago(20), NOW.ago(10)),
    ),
    "plan ends sooner": (((f"to: {NOW.end}", f"to: {NOW.ago(15)}"),), ("dai-buon-ho", NOW.ago(20))),
    "other unit": (
        (("unit: {code: minute", "unit: {code: hour"),),
        ("activity A.1", "2", "flow minute", "flow hour"),
    ),
    "other kind": (
        (("    unit: {code: minute", "    kind: reading\n    unit: {code: minute"), ("amount\n", "latest\n")),
        ("activity A.1", "2", "flow minute", "reading minute"),
    ),
}


def log_two(cchc: Program) -> None:
    """Record two broadcasts of the station on the web."""
    for day in (10, 20):
        cchc.ok("log", "A.1", 5, "--agency", "dai-buon-ho", "--form", "web", "--date", NOW.ago(day))


@pytest.fixture(scope="module")
def with_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the small plan once and record two executions."""
    folder = tmp_path_factory.mktemp("stored")
    path = import_once(folder)
    log_two(Program(folder / "home", str(path)))
    return path


@pytest.mark.parametrize("name", ORPHANING)
def test_what_records_refer_to_stays(cchc: Program, tmp_path: Path, with_records: Path, name: str) -> None:
    """An import that would orphan records is refused, changes nothing, and says which and how many."""
    shutil.copy(with_records, cchc.db)
    changes, words = ORPHANING[name]
    said = cchc.fails(2, "import", write_plan(tmp_path, *changes))
    assert all(word in said for word in words), said
    assert Path(cchc.db).read_bytes() == with_records.read_bytes()


def test_all_that_would_be_orphaned(cchc_on: Program, tmp_path: Path) -> None:
    """One run names everything that records refer to; an end after the last record is accepted."""
    cchc_on.ok("import", write_plan(tmp_path))
    log_two(cchc_on)
    said = cchc_on.fails(2, "import", write_plan(tmp_path, *_NO_STATION, *_NO_WEB))
    assert "agency dai-buon-ho" in said
    assert "form web" in said
    ended = ("kind: station", f"kind: station, from: {NOW.ago(20)}, to: {NOW.ago(10)}")
    path = write_plan(
        tmp_path, ended, ("alias: meetings\n", "alias: panels\n"), ("alias: panels\n", "alias: meetings\n")
    )
    assert cchc_on.ok("import", path, "-f", "json").json["result"] == "updated"
    assert len(cchc_on.ok("history", "-f", "json").json["executions"]) == 2


def test_the_plan_that_comes_with_the_program(cchc: Program, tmp_path: Path) -> None:
    """It is found by its name; a file of that name in the working directory has precedence."""
    outcome = cchc.ok("import", "plan_2024.yaml", "--dry-run", "-f", "json")
    assert outcome.json["plan"] == "daklak-2024"
    assert "there is no plan_2024.yaml here" in outcome.err
    assert str(bundled_folder() / "plan_2024.yaml") in outcome.err
    shutil.copy(write_plan(tmp_path), cchc.home / "plan_2024.yaml")
    outcome = cchc.ok("import", "plan_2024.yaml", "--dry-run", "-f", "json")
    assert outcome.json["plan"] == "small"
    assert not outcome.err
    (tmp_path / "elsewhere").mkdir()
    assert "there is no such file" in cchc.fails(2, "import", tmp_path / "elsewhere" / "plan_2024.yaml")
