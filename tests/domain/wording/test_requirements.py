"""Requirements in words, and numbers with nouns in the singular and the plural."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cchc_cli.domain.calendar.periods import ALWAYS
from cchc_cli.domain.language.plurals import DAYS, TIMES, Counted, Number, agencies, days
from cchc_cli.domain.plan.model import (
    Activity,
    Basis,
    Form,
    Group,
    Measure,
    Per,
    Plan,
    Requirement,
    Schedule,
    Unit,
    Where,
)
from cchc_cli.domain.wording.plan_names import Names
from cchc_cli.domain.wording.requirements import bounds_in_words, duty_words, target_in_words, unit_words
from cchc_cli.locale import format_value, set_language

if TYPE_CHECKING:
    from collections.abc import Iterator

RADIO = Activity("III.4.b", "Chuyên mục", unit=Unit("minute", "phút"))
PLAN = Plan("p", "P", ALWAYS, forms=(Form("radio", "Phát thanh"),), activities=(RADIO,))
DUTY = Requirement("minutes", ("a",), Measure.EXECUTIONS, Per("month"), Basis.STATED, at_least=1000)


@pytest.fixture(autouse=True)
def _vietnamese_afterwards() -> Iterator[None]:
    yield
    set_language("vi")


def told(thing: object, language: str = "en") -> str:
    set_language(language)
    return format_value(thing)


@pytest.mark.parametrize(
    ("measure", "least", "most", "english", "vietnamese"),
    [
        (Measure.EXECUTIONS, 1000, None, "at least 1 time", "ít nhất 1 lần"),
        (Measure.EXECUTIONS, 2000, None, "at least 2 times", "ít nhất 2 lần"),
        (Measure.EXECUTIONS, None, 1000, "at most 1 time", "tối đa 1 lần"),
        (Measure.EXECUTIONS, None, 0, "at most 0 times", "tối đa 0 lần"),
        (Measure.EXECUTIONS, 1000, 2000, "1 to 2 times", "từ 1 đến 2 lần"),
        (Measure.FORMS, 1000, None, "at least 1 form", "ít nhất 1 hình thức"),
        (Measure.FORMS, 3000, None, "at least 3 forms", "ít nhất 3 hình thức"),
        (Measure.DAYS, 1000, None, "at least 1 day", "ít nhất 1 ngày"),
        (Measure.DAYS, 5000, None, "at least 5 days", "ít nhất 5 ngày"),
        (Measure.GAP, None, 1000, "no more than 1 day in a row without one", "không quá 1 ngày liền không có lần nào"),
        (Measure.GAP, None, 7000, "no more than 7 days in a row without one", "không quá 7 ngày liền không có lần nào"),
        (Measure.AMOUNT, 1000, None, "at least 1 phút", "ít nhất 1 phút"),
        (Measure.AMOUNT, 1_234_500, None, "at least 1,234.5 phút", "ít nhất 1.234,5 phút"),
    ],
)  # fmt: skip
def test_bounds(measure: Measure, least: int | None, most: int | None, english: str, vietnamese: str) -> None:
    found = bounds_in_words(DUTY._replace(measure=measure, at_least=least, at_most=most), RADIO)
    assert (told(found), told(found, "vi")) == (english, vietnamese)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 day"), (0, "0 days"), (2, "2 days"), (-1, "-1 day"), (1001, "1,001 days")],
)
def test_whole_numbers(number: int, words: str) -> None:
    assert told(days(number)) == words
    assert told(agencies(number)) == words.replace("days", "agencies").replace("day", "agency")


def test_parts_of_one_are_many() -> None:
    assert told(Counted(Number(1500), *TIMES)) == "1.5 times"
    assert str(Counted(Number(1000), *DAYS)) == "1 day"
    assert str(Counted(Number(500), *DAYS)) == "0.5 days"


def test_units_alone_stand_for_many() -> None:
    found = [told(unit_words(measure, RADIO)) for measure in Measure]
    assert found == ["times", "phút", "days", "forms", "days", "phút", "phút"]


def test_grace() -> None:
    rule = "FREQ=WEEKLY;BYDAY=FR"
    for tolerance, words in (
        (0, "every Friday"),
        (1, "every Friday, 1 day of grace"),
        (2, "2 days of grace"),
    ):
        found = told(target_in_words(DUTY._replace(window=Schedule(rule, tolerance)), RADIO))
        assert found.startswith("at least 1 time, every Friday")
        assert found.endswith(words)


def test_a_requirement_is_named_by_its_words() -> None:
    assert told(duty_words(DUTY, RADIO._replace(requirements=(DUTY,)), Names(PLAN))) == (
        "at least 1 time, each month"
    )


def test_what_tells_it_from_another_stands_beside_and_its_code_where_nothing_else_does() -> None:
    radio = DUTY._replace(code="radio", where=Where(forms=("radio",)))
    activity = RADIO._replace(requirements=(DUTY, radio))
    names = Names(PLAN)
    assert told(duty_words(radio, activity, names)) == (
        "at least 1 time, each month (only these forms count: Phát thanh)"
    )
    assert told(duty_words(DUTY, activity, names)) == "at least 1 time, each month"
    same = DUTY._replace(code="same", owed_by=("b",))
    alike = RADIO._replace(requirements=(DUTY, same))
    assert told(duty_words(DUTY, alike, names)) == "at least 1 time, each month (minutes)"
    assert told(duty_words(same, alike, names)) == "at least 1 time, each month (same)"


def test_names_of_what_a_plan_has_and_codes_of_what_it_has_not() -> None:
    names = Names(PLAN._replace(activities=(RADIO._replace(requirements=(DUTY,)),)))
    assert (names.form("radio"), names.form("tv"), names.forms(["radio"])) == (
        "Phát thanh",
        "tv",
        ["Phát thanh"],
    )
    assert told(names.forms_to_type(["radio", "tv"])) == "Phát thanh (radio), tv (tv)"
    assert (told(names.activity("III.4.b")), names.activity("x")) == ("III.4.b. Chuyên mục", "x")
    assert (names.unit("III.4.b"), names.unit("x")) == ("phút", "")
    assert told(names.duty("III.4.b", None)) == "III.4.b. Chuyên mục"
    assert told(names.duty("III.4.b", "minutes")) == "III.4.b. Chuyên mục: at least 1 time, each month"
    assert told(names.duty("III.4.b", "gone")) == "III.4.b. Chuyên mục: gone"
    assert told(names.duty("x", "gone")) == "x: gone"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("commune", "UBND các xã"),  # the first group of exactly this kind
        ("station", "đài truyền thanh, truyền hình"),  # its group has agencies of other kinds too
        ("district", "cấp huyện"),
        ("own", "own"),
    ],
)
def test_kinds_of_agencies(kind: str, words: str) -> None:
    groups = (
        Group("all", "Tất cả", kinds=("commune", "district")),
        Group("xa", "UBND các xã", kinds=("commune",)),
        Group("xa-2", "Các xã", kinds=("commune",)),
        Group("dai", "Các đài và một sở", kinds=("station",), agencies=("so",)),
    )
    assert told(Names(PLAN._replace(groups=groups)).kind(kind), "vi") == words
