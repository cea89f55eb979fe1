"""Recurrence rules: which are valid, the faults of the others, and their dates."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.calendar.recurrence import occurrences, rfc_faults, rrule_fault
from tests import naive
from tests.strategies import RULES

KNOWN = (
    "['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYDAY', 'BYMONTH', 'BYMONTHDAY', 'BYYEARDAY',"
    " 'BYWEEKNO', 'BYSETPOS']"
)
YEAR = Span(date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    "rule",
    [
        *RULES,
        *(f"FREQ={frequency}" for frequency in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "daily")),
        *(f"FREQ=DAILY;INTERVAL={number}" for number in ("1", "9999", "010", "0001")),
        *(f"FREQ=DAILY;COUNT={number}" for number in ("1", "999999", "05", "00001")),
        *(f"FREQ=DAILY;UNTIL={until}" for until in ("20240229", "20240630T235959", "20240630T000000Z")),
        *(f"FREQ=WEEKLY;WKST={day}" for day in ("MO", "TU", "WE", "TH", "FR", "SA", "SU")),
        *(
            f"FREQ=MONTHLY;BYDAY={days}"
            for days in ("MO", "1MO", "+2TU", "-1FR", "MO,TU,SU", "1MO,-5SU", "05MO")
        ),
        *(f"FREQ=YEARLY;BYMONTH={months}" for months in ("1", "01", "12", "10,11,3", "9", "09,10")),
        *(
            f"FREQ=MONTHLY;BYMONTHDAY={days}"
            for days in ("1", "01", "+9", "10", "29", "30", "31", "-31,5,-1")
        ),
        *(f"FREQ=YEARLY;BYYEARDAY={days}" for days in ("1", "366", "-1", "+100,-200", "001", "99")),
        *(f"FREQ=YEARLY;BYWEEKNO={weeks}" for weeks in ("1", "53", "-1", "+20,3", "05", "10")),
        *(f"FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS={places}" for places in ("1", "-1", "+2,-2", "01", "8")),
        *(f"FREQ=YEARLY;BYDAY={days}" for days in ("6MO", "53MO", "-52TU", "10WE,-49TH")),
        "BYDAY=MO;FREQ=WEEKLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYMONTH=4,5;BYMONTHDAY=31",
        "FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 161),
        "freq=weekly;byday=mo",
    ],
)
def test_what_can_be_used(rule: str) -> None:
    assert rrule_fault(rule) is None
    list(occurrences(rule, YEAR))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", f"”; known are {KNOWN}"),
        ("FREQ=DAILY;", "unknown part “"),
        ("FREQ=DAILY;INTERVAL", "cannot be read: “INTERVAL"),
        ("FREQ=DAILY;BYHOUR=3", "unknown part “BYHOUR=3”"),
        ("RRULE:FREQ=DAILY", "unknown part “RRULE:FREQ=DAILY”"),
        ("FREQ=DAILY;FREQ=DAILY", "gives FREQ twice"),
        ("FREQ=DAILY;BYDAY=MO;BYDAY=TU", "gives BYDAY twice"),
        ("INTERVAL=2", "lacks FREQ, one of ['DAILY', 'MONTHLY', 'WEEKLY', 'YEARLY']"),
        ("FREQ=HOURLY", "FREQ must be one of ['DAILY', 'MONTHLY', 'WEEKLY', 'YEARLY']"),
        ("FREQ=SECONDLY;BYDAY=XX", "FREQ must be one of"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20240601", "both COUNT and UNTIL"),
        *(
            (f"FREQ=MONTHLY;BYDAY={days}", "no month has more than five of a weekday: BYDAY goes up to 5")
            for days in ("6MO", "-6MO", "+53SU", "1MO,10TU", "1MO,06WE")
        ),
        ("BYDAY=6MO;FREQ=MONTHLY", "no month has more than five of a weekday"),
        ("FREQ=YEARLY;BYMONTH=2;BYDAY=53MO", "no month has more than five of a weekday"),
        ("FREQ=MONTHLY;BYDAY=MO,-1SU", "mixes weekdays with and without a number"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "none of the months in BYMONTH"),
        ("FREQ=YEARLY;BYMONTH=4,6;BYMONTHDAY=-31,31", "none of the months in BYMONTH"),
        ("X" * 501, f"cannot be read: “{'X' * 500}”"),
        ("FREQ=DAİLY", "cannot be read: “FREQ=DAİLY”"),
        ("UNTIL=20240601;FREQ=DAILY;COUNT=3", "both COUNT and UNTIL"),
        *(
            (f"FREQ=YEARLY;{part}", f"cannot be read: “{part}”")
            for part in (
                "INTERVAL=0", "INTERVAL=10000", "INTERVAL=-1", "INTERVAL=", "INTERVAL=1.5",
                "COUNT=0", "COUNT=1000000", "COUNT=X",
                "UNTIL=20240230", "UNTIL=2024-02-01", "UNTIL=202402", "UNTIL=20240201T", "UNTIL=20241301",
                "UNTIL=20240201T00Z", "UNTIL=00000101", "UNTIL=20240201Z", "UNTIL=20240201T000000ZZ",
                "WKST=MON", "WKST=MO,TU", "WKST=",
                "BYDAY=XX", "BYDAY=MO,", "BYDAY=,MO", "BYDAY=100MO", "BYDAY=MO TU", "BYDAY=1", "BYDAY=*1MO",
                "BYMONTH=0", "BYMONTH=13", "BYMONTH=-1", "BYMONTH=1,", "BYMONTH=1,13", "BYMONTH=20",
                "BYMONTHDAY=0", "BYMONTHDAY=32", "BYMONTHDAY=1,32", "BYMONTHDAY=40",
                "BYYEARDAY=0", "BYYEARDAY=1000", "BYYEARDAY=1,0", "BYYEARDAY=",
                "BYWEEKNO=0", "BYWEEKNO=100", "BYWEEKNO=1,0",
                "BYSETPOS=0", "BYSETPOS=1000", "BYSETPOS=1,0", "BYSETPOS=367", "BYSETPOS=1,-367", "BYYEARDAY=-367",
                "BYDAY=0MO", "BYDAY=54MO", "BYDAY=MO,-54TU", "BYDAY=60MO", "BYDAY=00MO",
            )
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_used(rule: str, words: str) -> None:
    fault = rrule_fault(rule)
    assert fault is not None
    assert words in str(fault)


NUMBERED = (
    "a number in BYDAY goes only with FREQ of ['YEARLY', 'MONTHLY'] (RFC 5545); change FREQ or leave it out"
)
YEARLY = "goes only with FREQ of ['YEARLY'] (RFC 5545); change FREQ or leave it out"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=1MO", [NUMBERED]),
        ("FREQ=DAILY;BYDAY=-1FR,1MO", [NUMBERED]),
        ("FREQ=YEARLY;BYDAY=1MO;BYWEEKNO=20", ["a number in BYDAY does not go with BYWEEKNO (RFC 5545)"]),
        *((f"FREQ={one};BYWEEKNO=20", [f"BYWEEKNO {YEARLY}"]) for one in ("MONTHLY", "WEEKLY", "DAILY")),
        *((f"FREQ={one};BYYEARDAY=20", [f"BYYEARDAY {YEARLY}"]) for one in ("MONTHLY", "WEEKLY", "DAILY")),
        (
            "freq=weekly;bymonthday=1",
            ["BYMONTHDAY goes only with FREQ of ['YEARLY', 'MONTHLY', 'DAILY'] (RFC 5545)"],
        ),
        *(
            (f"FREQ=YEARLY;BYWEEKNO={weeks}", ["no year has more than 53 weeks: BYWEEKNO goes up to 53"])
            for weeks in ("54", "-54", "99", "1,54")
        ),
        *(
            (
                f"FREQ={one};BYSETPOS=1",
                [
                    (
                        "BYSETPOS needs another part that it chooses from, one of"
                        " ['BYDAY', 'BYMONTH', 'BYMONTHDAY', 'BYWEEKNO', 'BYYEARDAY'] (RFC 5545)"
                    )
                ],
            )
            for one in ("YEARLY", "MONTHLY", "WEEKLY;WKST=SU", "DAILY;INTERVAL=2;COUNT=3")
        ),
        (
            "FREQ=WEEKLY;BYDAY=1MO;BYMONTHDAY=1;BYWEEKNO=54;BYYEARDAY=1",
            ["BYWEEKNO goes only", "BYYEARDAY goes only", "BYMONTHDAY goes only", NUMBERED, "no year has"],
        ),
    ],
)
def test_what_the_standard_forbids(rule: str, words: list[str]) -> None:
    assert rrule_fault(rule) is None
    found = list(map(str, rfc_faults(rule)))
    assert len(found) == len(words)
    assert all(text.startswith(begin) for text, begin in zip(found, words, strict=True)), found


@pytest.mark.parametrize(
    "rule",
    [
        *RULES,
        *(f"FREQ={one};BYDAY=1MO" for one in ("YEARLY", "MONTHLY")),
        *(f"FREQ={one};BYDAY=MO" for one in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")),
        *(f"FREQ={one};BYMONTHDAY=1" for one in ("YEARLY", "MONTHLY", "DAILY")),
        *(f"FREQ={one};BYMONTH=1;BYSETPOS=1" for one in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")),
        "FREQ=YEARLY;BYWEEKNO=53,-53;BYDAY=MO",
        "FREQ=YEARLY;BYYEARDAY=1;BYSETPOS=1",
    ],
)
def test_what_the_standard_allows(rule: str) -> None:
    assert rfc_faults(rule) == []


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=2",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=-2",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=8",
        "FREQ=MONTHLY;BYMONTHDAY=1,2;BYSETPOS=3",
        "FREQ=YEARLY;BYMONTH=1;BYYEARDAY=366",
    ],
)
def test_a_rule_that_never_matches_comes_to_an_end(rule: str) -> None:
    """2024-01-01 is a Monday; without a limit each rule would be searched for eight thousand years."""
    began = process_time()
    assert list(occurrences(rule, YEAR)) == []
    assert process_time() - began < 1


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;BYDAY=MO;BYSETPOS=1,2", "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=-2,9"]
)
def test_one_position_that_matches_is_enough(rule: str) -> None:
    assert tuple(occurrences(rule, YEAR)) == naive.rule_dates(rule, *YEAR)
    assert len(list(occurrences(rule, YEAR))) == 53


@pytest.mark.parametrize("rule", [*RULES, "FREQ=YEARLY;BYWEEKNO=53", "FREQ=WEEKLY;BYMONTHDAY=1;WKST=SU"])
@pytest.mark.parametrize("year", [1900, 1999, 2000, 2026, 2199])
def test_dates_are_the_same_in_every_century(rule: str, year: int) -> None:
    span = Span(date(year, 2, 10), date(year, 12, 31))
    assert tuple(occurrences(rule, span)) == naive.rule_dates(rule, *span)


@pytest.mark.parametrize("rule", RULES)
def test_dates_are_those_of_the_second_reading(rule: str) -> None:
    for span in (
        YEAR,
        Span(date(2023, 2, 10), date(2023, 12, 31)),
        Span(date(2024, 2, 29), date(2024, 2, 29)),
    ):
        assert tuple(occurrences(rule, span)) == naive.rule_dates(rule, *span)


@given(
    rule=st.sampled_from(RULES),
    start=st.dates(date(2023, 1, 1), date(2024, 12, 31)),
    length=st.integers(0, 400),
)
def test_dates_lie_in_the_range_and_a_longer_one_only_adds(rule: str, start: date, length: int) -> None:
    span = Span(start, date.fromordinal(start.toordinal() + length))
    longer = Span(start, date.fromordinal(start.toordinal() + length + 50))
    found = list(occurrences(rule, span))
    assert found == sorted(set(found))
    assert found == [day for day in occurrences(rule, longer) if day <= span.end]
    assert all(span.start <= day <= span.end for day in found)


def test_a_count_counts_from_the_first_day() -> None:
    assert list(occurrences("FREQ=DAILY;COUNT=3", YEAR)) == [date(2024, 1, day) for day in (1, 2, 3)]
    assert len(list(occurrences("FREQ=DAILY;COUNT=1", YEAR))) == 1
    assert len(list(occurrences("COUNT=10;FREQ=MONTHLY;BYMONTHDAY=31", YEAR))) == 7


@pytest.mark.parametrize("until", ["20240105", "20240105T000000", "20240105T235959Z"])
def test_a_day_until_which_it_recurs_is_inside_whatever_its_hour(until: str) -> None:
    found = list(occurrences(f"FREQ=DAILY;UNTIL={until}", YEAR))
    assert (found[-1], len(found)) == (date(2024, 1, 5), 5)


def test_a_rule_ends_with_the_range_though_it_says_later() -> None:
    short = Span(date(2024, 1, 1), date(2024, 1, 3))
    assert len(list(occurrences("FREQ=DAILY;UNTIL=20240630", short))) == 3
    assert list(occurrences("FREQ=YEARLY;UNTIL=20231231", YEAR)) == []
