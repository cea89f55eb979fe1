"""Reading whole plan files: every field is assigned correctly, and files with several faults."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from cchc_cli.domain.calendar.periods import ALWAYS, Period, Span
from cchc_cli.domain.language.errors import StorageError
from cchc_cli.domain.plan.model import (
    Activity,
    Agency,
    Basis,
    By,
    Calendar,
    Document,
    Form,
    Group,
    Kind,
    Measure,
    Partial,
    Per,
    Plan,
    Point,
    Requirement,
    Review,
    Roles,
    Schedule,
    Unit,
    Where,
)
from cchc_cli.services.files.plan_file import parse_plan
from tests.small_plan import FIXED, plan_text

if TYPE_CHECKING:
    from tests.small_plan import Change

MINIMAL = """\
format: cchc/plan/1
plan:
  code: p
  title: P
  effective: {from: 2024-01-01, to: 2024-12-31}
"""

FULL = """\
format: cchc/plan/1
plan:
  code: p
  title: P
  issuer: I
  number: N
  published: 2024-02-26
  effective: {from: 2024-01-01, to: 2024-12-31}
  timezone: Asia/Bangkok
  language: en
  basis: [{number: B, date: 2021-07-15, issuer: BI, title: BT}]
  goals: [{code: I.1, text: G}]
  topics: [{code: II.1, text: T}]
  forms: [{code: radio, name: R, section: S}, {code: web, name: W}]
reviews: [{code: Q1, name: Q, from: 2024-01-01, to: 2024-03-31, due: 2024-04-05}, {code: Q2, from: 2024-04-01, to: 2024-06-30}]
calendars: {rounds: [{code: b, from: 2024-05-01, to: 2024-05-31}, {code: a, from: 2024-06-01, to: 2024-06-30}], "0": []}
groups: [{code: g, name: Nhóm, kinds: [k]}, {code: h, agencies: [a]}]
agencies:
  - {code: a, name: A, kind: k, short: SH, parent: b, gso: "01", aliases: [X, Y], from: 2024-01-02, to: 2024-12-30, successors: [b]}
  - {code: b, name: B, kind: l}
activities:
  - code: A.1
    alias: al
    title: AT
    text: "some  words here"
    schedule: often
    kind: reading
    unit: {code: percent, name: "%"}
    forms: [web, radio]
    roles: {lead: [a], coordinate: [g, b], perform: [h]}
    methods: [M1, M2]
    requirements:
      - code: r1
        owed_by: [g, b]
        measure: latest
        at_least: 0.5
        at_most: 99.5
        per: rounds
        where: {forms: [web], repeats: include, amount_at_least: 0.125}
        from: 2024-02-01
        to: 2024-11-30
        partial: full
        basis: stated
        quote: words here
        note: RN
      - {code: r2, owed_by: [a], measure: days, at_most: 3, by: 2024-06-30, basis: interpreted, note: x}
      - {code: r3, owed_by: [a], measure: days, at_most: 0, before: 2024-06-30, basis: stated, quote: M2}
      - {code: r4, owed_by: [a], measure: days, at_least: 1, schedule: {rrule: FREQ=DAILY, tolerance_days: 2}, basis: stated, quote: often}
      - {code: r5, owed_by: [a], measure: days, at_least: 1, schedule: {rrule: FREQ=DAILY}, partial: prorate, basis: stated, quote: M1}
  - {code: A.2, title: A2, kind: stock, unit: {code: panel}}
"""


def requirement(number: int, **fields: object) -> Requirement:
    values: dict[str, object] = {
        "code": f"r{number}",
        "owed_by": ("a",),
        "measure": Measure.DAYS,
        "basis": Basis.STATED,
    }
    return Requirement(**(values | fields))  # type: ignore[arg-type] # any field of it


def test_every_field_arrives_where_it_belongs() -> None:
    assert parse_plan(FULL) == Plan(
        code="p",
        title="P",
        issuer="I",
        number="N",
        published=date(2024, 2, 26),
        effective=Span(date(2024, 1, 1), date(2024, 12, 31)),
        timezone="Asia/Bangkok",
        language="en",
        basis=(Document(number="B", date=date(2021, 7, 15), issuer="BI", title="BT"),),
        goals=(Point(code="I.1", text="G"),),
        topics=(Point(code="II.1", text="T"),),
        forms=(Form(code="radio", name="R", section="S"), Form(code="web", name="W")),
        reviews=(
            Review(code="Q1", name="Q", span=Span(date(2024, 1, 1), date(2024, 3, 31)), due=date(2024, 4, 5)),
            Review(code="Q2", name="Q2", span=Span(date(2024, 4, 1), date(2024, 6, 30))),
        ),
        calendars=(
            Calendar(
                "rounds",
                (
                    Period("b", Span(date(2024, 5, 1), date(2024, 5, 31))),
                    Period("a", Span(date(2024, 6, 1), date(2024, 6, 30))),
                ),
            ),
            Calendar("0", ()),
        ),
        groups=(
            Group(code="g", name="Nhóm", kinds=("k",)),
            Group(code="h", name="h", agencies=("a",)),
        ),
        agencies=(
            Agency(
                code="a",
                name="A",
                kind="k",
                short="SH",
                parent="b",
                gso="01",
                aliases=("X", "Y"),
                start=date(2024, 1, 2),
                end=date(2024, 12, 30),
                successors=("b",),
            ),
            Agency(code="b", name="B", kind="l"),
        ),
        activities=(
            Activity(
                code="A.1",
                alias="al",
                title="AT",
                text="some  words here",
                schedule="often",
                kind=Kind.READING,
                unit=Unit("percent", "%"),
                forms=("web", "radio"),
                roles=Roles(lead=("a",), coordinate=("g", "b"), perform=("h",)),
                methods=("M1", "M2"),
                requirements=(
                    requirement(
                        1,
                        owed_by=("g", "b"),
                        measure=Measure.LATEST,
                        at_least=500,
                        at_most=99_500,
                        window=Per("rounds"),
                        where=Where(forms=("web",), repeats=True, amount_at_least=125),
                        start=date(2024, 2, 1),
                        end=date(2024, 11, 30),
                        partial=Partial.FULL,
                        quote="words here",
                        note="RN",
                    ),
                    requirement(
                        2, at_most=3000, window=By(date(2024, 6, 30)), basis=Basis.INTERPRETED, note="x"
                    ),
                    requirement(3, at_most=0, window=By(date(2024, 6, 30), inclusive=False), quote="M2"),
                    requirement(4, at_least=1000, window=Schedule("FREQ=DAILY", 2), quote="often"),
                    requirement(
                        5,
                        at_least=1000,
                        window=Schedule("FREQ=DAILY"),
                        partial=Partial.PRORATE,
                        quote="M1",
                    ),
                ),
            ),
            Activity(code="A.2", title="A2", kind=Kind.STOCK, unit=Unit("panel", "panel")),
        ),
    )


def test_what_holds_where_a_file_says_no_more_than_it_must() -> None:
    year = Span(date(2024, 1, 1), date(2024, 12, 31))
    assert parse_plan(MINIMAL) == Plan(code="p", title="P", effective=year)


def test_days_to_record_within_are_read() -> None:
    assert parse_plan(MINIMAL + "  log_within_days: 5\n").log_within_days == 5
    assert parse_plan(MINIMAL).log_within_days is None


def faults(*changes: Change, more: str = "") -> list[str]:
    """Give the faults of the small plan after these changes: path and message."""
    return wrong(plan_text(*changes, frame=FIXED, more=more))


def wrong(text: str) -> list[str]:
    try:
        parse_plan(text)
    except StorageError as error:
        return [str(sentence).split(": ", 1)[1] for sentence in error.messages]
    return []


def places(text: str) -> list[tuple[int, int]]:
    with pytest.raises(StorageError) as error:
        parse_plan(text)
    marks = [str(sentence).split(": ", 1)[0].split(":")[1:] for sentence in error.value.messages]
    return [(int(line), int(column)) for line, column in marks]


def test_faults_stand_in_the_order_of_the_file() -> None:
    """The order of reading differs: agencies are read before the head, reviews after it."""
    text = MINIMAL.replace("code: p", "code: p p")
    text += "reviews: [{name: x}]\nagencies: [{code: a, kind: k}]\nx: y\n"
    found = places(text)
    assert found == sorted(found)
    assert [line for line, _ in found] == [3, 6, 6, 6, 7, 8]


def test_a_file_without_a_plan_is_told_once() -> None:
    assert wrong("format: cchc/plan/1\n") == ["plan: this key is missing"]
    assert wrong("- x\n") == ["a mapping of keys and values is expected here"]
    first, *_ = wrong("format: cchc/plan/1\nplan: x\n")
    assert first == "plan: a mapping of keys and values is expected here"


def test_a_plan_spans_at_most_thirty_calendar_years() -> None:
    assert wrong(MINIMAL.replace("2024-12-31", "2053-12-31")) == []
    (error,) = wrong(MINIMAL.replace("2024-12-31", "2054-01-01"))
    assert error == "plan.effective: a plan spans at most 30 years"
    # A missing end is reported as missing, not as a range that is too long.
    assert wrong(MINIMAL.replace(", to: 2024-12-31", "")) == ["plan.effective.to: this key is missing"]
    assert wrong(MINIMAL.replace("from: 2024-01-01, ", "")) == ["plan.effective.from: this key is missing"]


CALENDAR = "calendars: {{c: [{}]}}\n"
ENTRY = "{{code: {}, from: 2024-0{}, to: 2024-0{}}}"


def calendar(*entries: tuple[str, str, str]) -> list[str]:
    return wrong(MINIMAL + CALENDAR.format(", ".join(ENTRY.format(*entry) for entry in entries)))


def test_entries_of_a_calendar_may_touch_but_not_overlap() -> None:
    assert calendar(("b", "2-01", "2-29"), ("a", "1-01", "1-31")) == []
    assert calendar(("b", "1-31", "2-29"), ("a", "1-01", "1-31")) == [
        "calendars.c[0]: “b” overlaps “a”; the periods of a calendar must not overlap"
    ]
    missing = ["calendars.c[0].from: this key is missing", "calendars.c[0].to: this key is missing"]
    assert wrong(MINIMAL + CALENDAR.format("{code: x}, " + ENTRY.format("a", "1-01", "1-31"))) == missing
    assert calendar(
        ("a", "1-01", "1-31"), ("b", "2-01", "2-29"), ("c", "2-01", "3-01"), ("d", "4-01", "4-02")
    ) == ["calendars.c[2]: “c” overlaps “b”; the periods of a calendar must not overlap"]


@pytest.mark.parametrize("name", ["day", "week", "month", "quarter", "half", "year", "plan"])
def test_a_calendar_may_not_be_called_like_a_built_in_period(name: str) -> None:
    assert wrong(f"{MINIMAL}calendars: {{{name}: []}}\n") == [
        f"calendars.{name}: “{name}” is a built-in period; choose another name"
    ]
    assert wrong(f"{MINIMAL}calendars: {{{name}s: []}}\n") == []


def test_the_name_of_a_calendar_is_a_code() -> None:
    assert wrong(f"{MINIMAL}calendars: {{đợt: []}}\n") == [
        "calendars.đợt: “đợt” cannot be the name of a calendar"
    ]


AGENCY = "  - {{code: {}, name: X, kind: k{}}}\n"


def agencies(*parents: tuple[str, str | None]) -> list[str]:
    rows = (AGENCY.format(code, f", parent: {parent}" if parent else "") for code, parent in parents)
    return wrong(f"{MINIMAL}agencies:\n{''.join(rows)}")


def test_circles_of_parents_are_told_of_those_in_them_only() -> None:
    above = "an agency cannot be above itself"
    assert agencies(("a", "b"), ("b", "c"), ("c", None), ("d", "c"), ("e", "d")) == []
    assert agencies(("a", "a")) == [f"agencies[0].parent: {above}"]
    # a leads into the cycle of b and c but is not part of it.
    assert agencies(("a", "b"), ("b", "c"), ("c", "b"), ("d", "c")) == [
        f"agencies[{number}].parent: {above}" for number in (1, 2)
    ]
    assert agencies(("a", "b"), ("b", "a"), ("c", "d"), ("d", "e"), ("e", "c"), ("f", None)) == [
        f"agencies[{number}].parent: {above}" for number in range(5)
    ]


def test_a_name_of_an_activity_is_used_once_whatever_its_case() -> None:
    def activities(*names: tuple[str, str]) -> list[str]:
        return wrong(
            f"{MINIMAL}activities:\n"
            + "".join(
                f"  - {{code: {code}, title: X{alias and ', alias: ' + alias}}}\n" for code, alias in names
            )
        )

    assert activities(("A", "x"), ("B", "y"), ("C", "")) == []
    assert activities(("A", "a")) == []
    assert activities(("A", "x"), ("a", "")) == ["activities[1].code: “a” is used twice"]
    assert activities(("A", "x"), ("X", "a")) == [
        "activities[1].code: “X” is used twice",
        "activities[1].alias: “a” is used twice",
    ]


def test_a_code_that_cannot_be_one_is_not_also_unknown() -> None:
    errors = faults(("owed_by: [dai-buon-ho]", "owed_by: [dai_buon_ho]"))
    assert len(errors) == 1
    assert "cannot be a code" in errors[0]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ("at_least: 15", []),
        ("at_most: 0", []),
        ("at_least: 15\n        at_most: 15", []),
        ("at_least: 15\n        at_most: 14.999", ["at_least: `at_least` is above `at_most`"]),
        ("at_least: 0\n        at_most: 0", ["at_least: `at_least` must be above 0"]),
        ("at_least: 0.001", []),
    ],
)
def test_bounds(bounds: str, expected: list[str]) -> None:
    found = faults(("at_least: 15", bounds))
    assert found == [f"activities[0].requirements[0].{error}" for error in expected]


def test_a_gap_has_an_upper_bound_only() -> None:
    duty = ("measure: amount", "measure: gap")
    assert faults(duty, ("at_least: 15", "at_most: 15")) == []
    assert faults(duty) == ["activities[0].requirements[0].at_least: the measure gap allows only `at_most`"]


@pytest.mark.parametrize(
    ("given", "found"), [("", "–"), ("per: month\n        before: 2024-06-30", "['per', 'before']")]
)
def test_exactly_one_window(given: str, found: str) -> None:
    assert faults(("per: month", given)) == [
        f"activities[0].requirements[0]: exactly one of ['per', 'by', 'before', 'schedule'] is needed; found: {found}"
    ]


def test_an_unknown_period_is_told_with_those_there_are() -> None:
    (error,) = faults(("per: month", "per: xyzzy"))
    assert error.startswith("activities[0].requirements[0].per: unknown period “xyzzy”; known are [")
    assert error.endswith("'plan', 'rounds']")


def test_a_quote_is_found_word_for_word_with_white_space_folded() -> None:
    quote = "quote: thời lượng mỗi tháng ít nhất 15 phút"
    for words in ('"Phát  chuyên\tmục,"', "Phát sóng trực tiếp", "Thường xuyên", "mục"):
        assert faults((quote, f"quote: {words}")) == []
    for words in ("phát chuyên mục", "tiếp Phát", "15 phút Thường"):
        assert faults((quote, f"quote: {words}")) == [
            "activities[0].requirements[0].quote: these words are not in the activity’s text, schedule or methods"
        ]


def test_the_grounds_of_a_requirement() -> None:
    quote = "        quote: thời lượng mỗi tháng ít nhất 15 phút\n"
    interpreted = ("basis: stated", "basis: interpreted")
    need = "activities[0].requirements[0].note: an interpreted requirement needs a `note`: what was decided, by whom, and why"
    assert faults(interpreted) == [need]
    assert faults(interpreted, (quote, "        note: x\n")) == []
    # A quote of an interpreted requirement need not stand in the text.
    assert faults(interpreted, (quote, "        note: x\n        quote: anything\n")) == []
    assert faults((quote, "        note: x\n")) == [
        "activities[0].requirements[0].quote: a stated requirement needs a `quote` of the plan’s words"
    ]


def test_a_kind_that_is_missing_in_a_group_is_told_where_it_stands() -> None:
    assert faults(("name: Các xã, kinds: [commune]", "name: Các xã, agencies: [ea-drong]")) == []


def test_always_is_no_part_of_a_plan_that_was_read() -> None:
    assert ALWAYS not in {parse_plan(FULL).effective, parse_plan(MINIMAL).effective}


def test_an_activity_that_says_only_what_it_must() -> None:
    text = f"{MINIMAL}activities: [{{code: A, title: X}}]\n"
    assert parse_plan(text).activities == (Activity(code="A", title="X"),)


WHERE = "where: {forms: [radio], repeats: exclude, amount_at_least: 5}"


def test_repeats_are_included_or_excluded() -> None:
    for word in ("include", "exclude"):
        assert faults((WHERE, f"where: {{repeats: {word}}}")) == []
    assert faults((WHERE, "where: {repeats: yes}")) == [
        "activities[0].requirements[0].where.repeats: unknown value “yes”; known are ['include', 'exclude']"
    ]


def test_of_a_stock_no_least_amount_counts() -> None:
    """The fault points at the amount itself."""
    where = "where: {repeats: include, amount_at_least: 1}"
    text = plan_text(("measure: stock", f"measure: stock\n        {where}"), frame=FIXED)
    (error,) = wrong(text)
    assert error.startswith(
        "activities[1].requirements[0].where.amount_at_least: `amount_at_least` does not go"
    )
    line = next(line for line in text.splitlines() if where in line)
    assert places(text) == [(text.splitlines().index(line) + 1, line.index("1}") + 1)]
