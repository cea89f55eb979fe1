"""Fields of a mapping: what each method accepts, the faults for other values, and the limits of reporting."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import pytest

from cchc_cli.domain.calendar.days import FIRST_YEAR, LAST_YEAR, read_date
from cchc_cli.domain.calendar.periods import ALWAYS, Span
from cchc_cli.domain.language.errors import message
from cchc_cli.domain.plan.document import Fault, Mapping, Mark, Scalar, Sequence
from cchc_cli.domain.plan.fields import MAX_FAULTS, Faults, Section, TooManyFaults, check_unique, unknown_word


def node(value: object, line: int = 1, column: int = 1) -> Scalar | Sequence | Mapping:
    """Make a node from plain data; each member is on a line of its own."""
    mark = Mark(line, column)
    if isinstance(value, dict):
        mapping = Mapping(mark)
        for number, (key, inner) in enumerate(value.items(), start=1):
            mapping.entries.append(
                (Scalar(key, Mark(line + number, 1), plain=True), node(inner, line + number, 10))
            )
        return mapping
    if isinstance(value, list):
        sequence = Sequence(mark)
        sequence.items.extend(
            node(inner, line, column + number) for number, inner in enumerate(value, start=1)
        )
        return sequence
    text = str(value)
    quoted = text.startswith('"')
    return Scalar(text.strip('"') if quoted else text, mark, plain=not quoted)


def section(value: object, path: str = "top") -> Section:
    return Section(node(value), path, Faults())


def told(found: Section) -> list[tuple[str, str]]:
    return [(fault.path, str(fault.what)) for fault in found.faults]


@pytest.mark.parametrize(("line", "column"), [(1, 1), (2, 8_000_000), (8_000_000, 1), (1, 2**24 - 1), (0, 0)])
def test_a_place_is_kept_exactly(line: int, column: int) -> None:
    assert node("x", line, column).mark == Mark(line, column)
    assert Sequence(Mark(line, column)).mark == Mark(line, column)


def test_a_fault_is_told_with_its_place() -> None:
    what = message("wrong")
    assert str(Fault(Mark(3, 7), "plan.code", what).located("a.yaml")) == "a.yaml:3:7: plan.code: wrong"
    assert str(Fault(Mark(3, 7), "", what).located("a.yaml")) == "a.yaml:3:7: wrong"


def test_nothing_stands_where_a_plain_value_is_empty() -> None:
    assert [Scalar("", Mark(1, 1), plain=plain).blank for plain in (True, False)] == [True, False]
    assert not Scalar("x", Mark(1, 1), plain=True).blank


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2199-12-31", date(2199, 12, 31)),
        *((text, None) for text in ("1899-12-31", "2200-01-01", "2023-02-29", "2024-2-9", "20240209", "")),
        *((text, None) for text in ("2024-W09-1", "２０２４-01-01", "2024-02-29x", "2024-02-29T00:00")),
    ],
)
def test_days_of_a_plan(text: str, day: date | None) -> None:
    assert read_date(text) == day
    found = section({"day": text or '""'})
    assert found.date("day") == day
    assert told(found) == (
        []
        if day
        else [("top.day", f"“{text}” is not a date of the years 1900 to 2199; write it as 2024-03-14")]
    )


def test_years_of_a_plan() -> None:
    assert (FIRST_YEAR, LAST_YEAR) == (1900, 2199)


def test_a_mapping_is_needed() -> None:
    for value in ("x", ["x"]):
        found = section(value)
        assert told(found) == [("top", "a mapping of keys and values is expected here")]
        # No further faults for keys that cannot exist.
        assert found.scalar("a", required=True) is None
        assert found.items("a", required=True) == []
        found.close()
        assert len(found.faults) == 1


def test_a_key_that_stands_twice_is_reported_and_the_first_one_is_read() -> None:
    mapping = Mapping(Mark(1, 1))
    for number in (1, 2, 3):
        mapping.entries.append((Scalar("a", Mark(number, 5), plain=True), node(f"value {number}")))
    found = Section(mapping, "", Faults())
    assert found.text("a") == "value 1"
    assert [(fault.mark, fault.path, str(fault.what)) for fault in found.faults] == [
        (Mark(number, 5), "a", "this key is here twice; keep one") for number in (2, 3)
    ]


def test_paths() -> None:
    assert [section({}, path).at(key) for path, key in (("p", "k"), ("p", ""), ("", "k"), ("", ""))] == [
        *("p.k", "p"),
        *("k", ""),
    ]


def test_text() -> None:
    found = section({"a": "  x ", "b": "", "c": '""', "d": '"  "', "e": ["x"]})
    assert [found.text(key) for key in "abcdef"] == ["x", None, None, None, None, None]
    assert told(found) == [("top.e", "a single value is expected here")]
    found = section({"a": " x ", "b": "", "c": '" "', "d": {"x": "y"}})
    assert [found.required_text(key) for key in "abcde"] == ["x", "", "", "", ""]
    assert told(found) == [
        ("top.b", "this key is missing"),
        ("top.c", "this text is empty"),
        ("top.d", "a single value is expected here"),
        ("top.e", "this key is missing"),
    ]


def test_codes() -> None:
    found = section({"a": "III.4.b-x", "b": "xã", "c": "a_b"})
    assert [found.code(key) for key in "abc"] == ["III.4.b-x", "xã", "a_b"]
    assert (found.code("d", required=False), found.code("e")) == (None, None)
    bad = "cannot be a code: codes consist of the letters a-z or A-Z, digits, “.” and “-”"
    assert told(found) == [
        ("top.b", f"“xã” {bad}"),
        ("top.c", f"“a_b” {bad}"),
        ("top.e", "this key is missing"),
    ]
    found = section({"a": ["x", "y z", ["u"]], "b": [], "c": "x"})
    assert [text for text, _ in found.codes("a")] == ["x", "y z"]
    assert [found.codes(key, required=key != "c") for key in "bcd"] == [(), (), ()]
    assert told(found) == [
        ("top.a[2]", "a single value is expected here"),
        ("top.a[1]", f"“y z” {bad}"),
        ("top.b", "this list is empty"),
        ("top.c", "a list is expected here"),
        ("top.d", "this key is missing"),
    ]
    found = section({"a": []})
    assert (found.codes("a"), found.codes("b"), found.items("c"), told(found)) == ((), (), [], [])


def test_lists_of_texts_leave_out_empty_ones() -> None:
    found = section({"a": [" x ", '" "', "y"]})
    assert found.texts("a") == ("x", "y")
    assert told(found) == []


def test_sections_of_sections_know_their_paths() -> None:
    found = section({"a": {"b": "x"}, "list": [{"c": "x"}, "y"], "none": ""})
    inner = found.section("a")
    assert inner is not None
    assert (inner.path, inner.text("b"), inner.faults is found.faults) == ("top.a", "x", True)
    assert found.section("none") is None
    assert [one.path for one in found.sections("list")] == ["top.list[0]", "top.list[1]"]
    assert [*found.sections("gone")] == []
    assert [*found.sections("missing", required=True)] == []
    assert told(found) == [
        ("top.list[1]", "a mapping of keys and values is expected here"),
        ("top.missing", "this key is missing"),
    ]


def test_lists_under_names() -> None:
    found = section({"calendars": {"b": [{"c": "x"}], "a": [], "c": "x"}, "other": ["x"]})
    named = [(name.text, [one.path for one in inner]) for name, inner in found.named_lists("calendars")]
    assert named == [("b", ["top.calendars.b[0]"]), ("a", []), ("c", [])]
    assert [*found.named_lists("gone")] == []
    assert [*found.named_lists("other")] == []
    assert told(found) == [
        ("top.calendars.c", "a list is expected here"),
        ("top.other", "a mapping of keys and values is expected here"),
    ]


def test_ranges() -> None:
    found = section({"from": "2024-01-02", "to": "2024-01-02"})
    assert found.span() == Span(date(2024, 1, 2), date(2024, 1, 2))
    assert told(found) == []
    found = section({"from": "2024-01-02", "to": "2024-01-01"})
    assert found.dates() == (date(2024, 1, 2), date(2024, 1, 1))
    assert told(found) == [("top.to", "“to” is before “from”")]
    assert found.faults[0].mark == Mark(3, 10)
    found = section({})
    assert (found.dates(), told(found)) == ((None, None), [])
    assert found.span() == ALWAYS
    assert told(found) == [("top.from", "this key is missing"), ("top.to", "this key is missing")]
    assert section({"to": "2024-01-01"}).dates() == (None, date(2024, 1, 1))
    assert section({"from": "2024-01-01"}).span() == Span(date(2024, 1, 1), ALWAYS.end)


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [
        ("0", 0),
        ("15", 15_000),
        ("7.5", 7500),
        ("0.125", 125),
        ("1000000000", 10**12),
        *(
            (text, None)
            for text in ("1000000001", "1.2345", "-1", "01", "1.", ".5", "1,5", '"15"', "x", "1e3")
        ),
    ],
)
def test_amounts(text: str, thousandths: int | None) -> None:
    found = section({"a": text})
    assert found.amount("a") == thousandths
    shown = text.strip('"')
    wrong = f"“{shown}” is not a number of at least 0 with at most three decimals, such as 15 or 7.5"
    assert told(found) == ([] if thousandths is not None else [("top.a", wrong)])
    assert (found.amount("b"), len(found.faults)) == (None, int(thousandths is None))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("7", 7),
        ("999999", 999_999),
        *((text, None) for text in ("1000000", "-1", "1.5", "01", '"7"')),
    ],
)
def test_whole_numbers(text: str, number: int | None) -> None:
    found = section({"a": text})
    assert found.whole("a") == number
    shown = text.strip('"')
    assert told(found) == (
        [] if number is not None else [("top.a", f"“{shown}” is not a whole number of at least 0")]
    )
    assert (found.whole("b"), len(found.faults)) == (None, int(number is None))


class Colour(StrEnum):
    """Words to choose from."""

    RED = "red"
    GREEN = "green"


def test_choices() -> None:
    found = section({"a": "green", "b": "GREEN", "c": "blue"})
    assert found.choice("a", Colour) is Colour.GREEN
    assert found.choice("gone", Colour, Colour.GREEN) is Colour.GREEN
    assert told(found) == []
    assert found.choice("b", Colour, Colour.GREEN) is Colour.GREEN
    assert found.choice("c", Colour) is Colour.RED
    assert found.choice("d", Colour) is Colour.RED
    assert told(found) == [
        ("top.b", f"unknown value “GREEN”; did you mean {[Colour.GREEN]}?"),
        ("top.c", f"unknown value “blue”; known are {[*Colour]}"),
        ("top.d", "this key is missing"),
    ]


def test_keys_that_nobody_asked_for() -> None:
    found = section({"title": "x", "titel": "y", "zzz": ""})
    found.text("title")
    found.close()
    assert told(found) == [
        ("top.titel", "unknown key “titel”; did you mean ['title']?"),
        ("top.zzz", "unknown key “zzz”; known are ['title']"),
    ]
    assert [fault.mark for fault in found.faults] == [Mark(3, 1), Mark(4, 1)]


def test_what_is_known_is_told_where_it_is_little() -> None:
    what = message("thing")
    known = [f"{number}{number}" for number in range(10, 22)]
    assert str(unknown_word(what, "zz", known)) == f"unknown thing “zz”; known are {known}"
    assert str(unknown_word(what, "zz", [*known, "y"])) == "unknown thing “zz”"
    assert str(unknown_word(what, "zz", [])) == "unknown thing “zz”"
    assert str(unknown_word(what, "1010", known)).startswith("unknown thing “1010”; did you mean ['1010'")


def test_suggestions_stop_when_they_have_cost_enough() -> None:
    faults, what = Faults(), message("thing")
    known = ["word"] * 25_000
    assert str(faults.unknown(what, "words", known[:24_999])).endswith("?")
    assert str(faults.unknown(what, "words", known)).endswith("?")
    # One comparison is left of fifty thousand.
    assert str(faults.unknown(what, "words", known[:1])) == "unknown thing “words”"


def test_reading_stops_at_a_thousand_faults() -> None:
    assert MAX_FAULTS == 1000
    faults = Faults()
    fault = Fault(Mark(1, 1), "", message("wrong"))
    for _ in range(999):
        faults.add(fault)
    with pytest.raises(TooManyFaults):
        faults.add(fault)
    assert len(faults) == 1000


def test_codes_used_twice() -> None:
    found = section({"list": [{"code": "a"}, {"code": "b"}, {"code": "a"}, {"code": "a"}, {}, {}]})
    parts = [(inner, inner.text("code")) for inner in found.sections("list")]
    check_unique(parts, "code", lambda item: item)
    assert told(found) == [(f"top.list[{number}].code", "“a” is used twice") for number in (2, 3)]
    assert found.faults[0].mark.column == 10
