"""Tests of waivers: whether a waiver covers an obligation."""

from __future__ import annotations

from datetime import date

import pytest

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.records.waiver import Waiver

MAY = Span(date(2024, 5, 1), date(2024, 5, 31))


def waiver(first: str = "05-01", last: str = "05-31", requirement: str | None = None) -> Waiver:
    span = Span(date.fromisoformat(f"2024-{first}"), date.fromisoformat(f"2024-{last}"))
    return Waiver(agency="a", activity="A.1", requirement=requirement, span=span, reason="vì lũ")


@pytest.mark.parametrize(
    ("first", "last", "covered"),
    [
        ("05-01", "05-31", True),
        ("04-30", "06-01", True),
        ("05-02", "05-31", False),
        ("05-01", "05-30", False),
        ("06-01", "06-30", False),
    ],
)
def test_every_day_must_lie_inside(*, first: str, last: str, covered: bool) -> None:
    assert waiver(first, last).covers("A.1", "r", MAY) is covered


def test_a_waiver_is_of_an_activity_or_of_one_requirement_of_it() -> None:
    assert waiver(requirement="r").covers("A.1", "r", MAY)
    assert not waiver(requirement="r").covers("A.1", "s", MAY)
    assert not waiver(requirement="r").covers("A.2", "r", MAY)
    assert not waiver().covers("A.2", "r", MAY)
