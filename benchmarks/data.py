"""Test data: a made-up plan of any number of agencies, and executions drawn with a fixed seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 613
CHUNK = 10_000
"""Executions that are drawn together; a chunk does not depend on other chunks."""

AS_OF = "2024-12-31"

_FIRST = date(2024, 1, 1)
DAYS = tuple(_FIRST + timedelta(days=offset) for offset in range(366))
_MOST = 30

_HEAD = """\
format: cchc/plan/1
plan:
  code: made-up
  title: Kế hoạch tuyên truyền CCHC để đo
  issuer: UBND tỉnh
  number: 1/KH-UBND
  published: 2024-01-02
  effective: {from: 2024-01-01, to: 2024-12-31}
  timezone: Asia/Ho_Chi_Minh
  language: vi
  forms:
    - {code: radio, name: Phát thanh}
    - {code: website, name: Trang thông tin điện tử}
groups:
  - {code: all, name: Các xã, kinds: [commune]}
agencies:
"""

_ACTIVITY = """\
  - code: B.{number}
    title: Hoạt động {number}
    kind: {kind}
    unit: {{code: {unit}, name: {unit}}}
    requirements:
      - code: duty
        owed_by: [all]
        measure: {measure}
        at_least: {least}
        per: {per}
        basis: interpreted
        note: Made up to measure with.
"""

_DUTIES = (
    *[("flow", "time", "executions", 1, "month")] * 4,
    *[("flow", "time", "executions", 3, "quarter")] * 4,
    *[("flow", "minute", "amount", 15, "month")] * 2,
    *[("flow", "minute", "amount", 45, "quarter")] * 2,
    ("stock", "item", "stock", 1, "quarter"),
)
"""Kind, unit, measure, bound and period of the 13 activities, each owed by every agency."""


def made_up_plan(agencies: int) -> str:
    """Write a plan file of so many agencies and 13 activities for the year 2024."""
    listed = (
        f"  - {{code: xa-{number}, name: UBND xã số {number}, kind: commune}}\n"
        for number in range(1, agencies + 1)
    )
    activities = (
        _ACTIVITY.format(number=number, kind=kind, unit=unit, measure=measure, least=least, per=per)
        for number, (kind, unit, measure, least, per) in enumerate(_DUTIES, 1)
    )
    return f"{_HEAD}{''.join(listed)}activities:\n{''.join(activities)}"


class DrawnExecution(NamedTuple):
    """One execution: places of its agency, activity and day in their lists, and a whole amount."""

    no: int
    agency: int
    activity: int
    day: int
    amount: int
    form: float
    """At least 0, below 1: which of the activity's forms, by their share."""

    @property
    def title(self) -> str:
        """Give a unique title."""
        return f"Tin {self.no}"


def draw_executions(chunk: int, rows: int, agencies: int, activities: int) -> Iterator[DrawnExecution]:
    """Draw the executions of a chunk; `rows` is their number in all chunks. They are numbered from 1."""
    draw = random.Random(f"{SEED}-{chunk}").random  # noqa: S311 - reproducible, no secret
    for no in range(chunk * CHUNK + 1, min(rows, (chunk + 1) * CHUNK) + 1):
        yield DrawnExecution(
            no,
            int(draw() * agencies),
            int(draw() * activities),
            int(draw() * len(DAYS)),
            1 + int(draw() * _MOST),
            draw(),
        )
