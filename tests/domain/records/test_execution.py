"""Executions: the reasons for rejection, what counts, and the detection of duplicates."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from uuid import UUID

import pytest

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.plan.model import (
    Activity,
    Agency,
    Basis,
    Form,
    Kind,
    Measure,
    Per,
    Plan,
    Requirement,
    Unit,
    Where,
)
from cchc_cli.domain.records.execution import (
    Execution,
    Recorded,
    amount_faults,
    day_faults,
    exclusion_message,
    form_faults,
    is_late,
    new_uid,
    recording_delay,
)
from cchc_cli.domain.wording.plan_names import Names

YEAR = Span(date(2024, 1, 1), date(2024, 12, 31))
PLAN = Plan(
    code="p",
    title="P",
    effective=YEAR,
    forms=(Form("radio", "Phát thanh"), Form("tv", "Truyền hình")),
)
NAMES = Names(PLAN)
AGENCY = Agency(code="a", name="Sở A", kind="k")
ACTIVITY = Activity(code="A.1", title="A")
DONE = Execution(agency="a", activity="A.1", day=date(2024, 5, 15), amount=15_000)
TODAY = date(2024, 6, 1)


def faults(
    execution: Execution = DONE,
    *,
    agency: Agency = AGENCY,
    activity: Activity = ACTIVITY,
    today: date = TODAY,
) -> list[tuple[str, str]]:
    return [
        *(("date", str(fault)) for fault in day_faults(execution.day, PLAN, agency, today)),
        *(("amount", str(fault)) for fault in amount_faults(execution.amount, activity)),
        *(("form", str(fault)) for fault in form_faults(execution.form, activity, NAMES)),
    ]


def test_a_digest_never_changes_from_one_release_to_the_next() -> None:
    """The digest is stored: if it changed, the same rows would be recorded a second time."""
    full = Execution(
        agency="dai",
        activity="III.4.b",
        day=date(2024, 3, 14),
        amount=15_000,
        form="radio",
        repeat=True,
        title="Dịch vụ công",
        note="sáng",
        evidence=("https://a.vn/1", "b.jpg"),
        external_id="BH-01",
    )
    assert full.details() == -3826127459773766595
    assert DONE.details() == -8101940050696399620


def test_the_details_are_all_but_agency_activity_day_and_external_id() -> None:
    same = [
        DONE,
        DONE._replace(agency="b", activity="A.2", day=date(2024, 5, 16), external_id="x"),
        DONE._replace(title="", note=""),
        # The program may have filled it in, so it is compared beside this digest.
        DONE._replace(form="x"),
    ]
    assert len({one.details() for one in same}) == 1
    different = [
        DONE,
        DONE._replace(amount=15_001),
        DONE._replace(repeat=True),
        DONE._replace(title="x"),
        DONE._replace(note="x"),
        DONE._replace(evidence=("x",)),
        DONE._replace(evidence=("x", "")),
        DONE._replace(evidence=("x", "y")),
        DONE._replace(evidence=("y", "x")),
        DONE._replace(evidence=("xy",)),
        DONE._replace(title="xx", note="x"),
        DONE._replace(title="x", note="xx"),
    ]
    for one, other in combinations(different, 2):
        assert one.details() != other.details()


def test_files_of_evidence_are_compared_by_name_and_line_ends_are_one() -> None:
    one, other = (f"photo.jpg sha256:{digit * 64}" for digit in "ab")
    assert DONE._replace(evidence=(one,)).details() == DONE._replace(evidence=(other,)).details()
    assert DONE._replace(evidence=(one,)).details() != DONE._replace(evidence=(f"x{one}",)).details()
    texts = [DONE._replace(title="a\r\nb", note=note) for note in ("c\nd", "c\r\nd")]
    assert texts[0].details() == texts[1].details() != DONE.details()


def test_composed_and_decomposed_text_is_the_same() -> None:
    one, other = (DONE._replace(title=unicodedata.normalize(form, "Dịch vụ")) for form in ("NFC", "NFD"))
    assert one.title != other.title
    assert one.details() == other.details()


def test_a_sound_record_has_no_faults() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("day", "wrong"),
    [
        (date(2024, 1, 1), []),
        (date(2024, 6, 1), []),
        (date(2024, 6, 2), ["is in the future"]),
        (date(2023, 12, 31), ["outside the plan p, which runs from 2024-01-01 to 2024-12-31"]),
        (date(2025, 1, 1), ["is in the future", "outside the plan"]),
    ],
)
def test_a_day_lies_in_the_plan_and_not_in_the_future(day: date, wrong: list[str]) -> None:
    found = faults(DONE._replace(day=day))
    assert len(found) == len(wrong)
    for (column, text), words in zip(found, wrong, strict=True):
        assert column == "date"
        assert words in text
        assert str(day) in text


def test_a_day_outside_the_plan_names_the_plans_that_hold_it() -> None:
    (fault,) = day_faults(date(2023, 12, 31), PLAN, AGENCY, TODAY)
    assert str(fault).endswith("it belongs to another plan: import that one, and record it there with --plan")
    (fault,) = day_faults(date(2023, 12, 31), PLAN, AGENCY, TODAY, ["q", "r"])
    assert fault.template.endswith("it belongs to another plan: record it there with --plan {plans}")
    assert fault.values["plans"] == ["q", "r"]


def test_the_last_day_of_the_plan_is_inside() -> None:
    last = date(2024, 12, 31)
    assert faults(DONE._replace(day=last), today=last) == []


@pytest.mark.parametrize(
    ("start", "end", "successors", "wrong"),
    [
        (date(2024, 5, 15), date(2024, 5, 15), (), ""),
        (date(2024, 5, 16), None, (), "Sở A did not exist on 2024-05-15; it begins on 2024-05-16"),
        (None, date(2024, 5, 14), (), "Sở A no longer existed on 2024-05-15; it ended on 2024-05-14"),
        (None, date(2024, 5, 14), ("b", "c"), "2024-05-14; its work is continued by ['b', 'c']"),
    ],
)
def test_a_day_lies_in_the_agencys_life(
    start: date | None, end: date | None, successors: tuple[str, ...], wrong: str
) -> None:
    found = faults(agency=AGENCY._replace(start=start, end=end, successors=successors))
    if not wrong:
        assert found == []
        return
    ((column, text),) = found
    assert column == "date"
    assert text.endswith(wrong)


@pytest.mark.parametrize(
    ("kind", "unit", "amount", "wrong"),
    [
        (Kind.FLOW, "minute", 1, ""),
        (Kind.FLOW, "minute", 0, "the amount 0 must be above 0"),
        (Kind.FLOW, "minute", -1, "the amount -0.001 must be above 0"),
        (Kind.FLOW, "percent", 100_001, ""),
        (Kind.STOCK, "panel", 1, ""),
        (Kind.STOCK, "panel", -1, ""),
        (Kind.STOCK, "percent", 100_001, ""),
        (Kind.STOCK, "panel", 0, "the amount must not be 0"),
        (Kind.READING, "percent", 0, ""),
        (Kind.READING, "percent", -1, "the value -0.001 must not be below 0"),
        (Kind.READING, "percent", 100_000, ""),
        (Kind.READING, "percent", 100_001, "the value 100.001 is above 100 percent"),
        (Kind.READING, "person", 100_001, ""),
    ],
)
def test_an_amount_fits_the_kind_of_its_activity(kind: Kind, unit: str, amount: int, wrong: str) -> None:
    activity = ACTIVITY._replace(kind=kind, unit=Unit(unit, unit))
    found = faults(DONE._replace(amount=amount), activity=activity)
    assert [(column, text.startswith(wrong)) for column, text in found] == (
        [("amount", True)] if wrong else []
    )


def test_a_form_is_one_of_those_of_the_activity_if_it_has_any() -> None:
    activity = ACTIVITY._replace(forms=("radio", "web"))
    assert faults(DONE._replace(form="radio"), activity=activity) == []
    assert faults(DONE, activity=activity) == []
    assert faults(DONE._replace(form="tv")) == []
    ((column, text),) = faults(DONE._replace(form="tv"), activity=activity)
    assert column == "form"
    assert text.startswith("A.1. A does not take the form Truyền hình (tv); it takes: ")


@pytest.mark.parametrize(
    ("where", "execution", "reason"),
    [
        (Where(), DONE, None),
        (Where(), DONE._replace(form="tv"), None),
        (Where(forms=("radio", "web")), DONE._replace(form="web"), None),
        (
            Where(forms=("radio", "web")),
            DONE._replace(form="tv"),
            "only these forms count: ['Phát thanh', 'web']",
        ),
        (Where(forms=("radio",)), DONE, "only these forms count: ['Phát thanh']"),
        (Where(), DONE._replace(repeat=True), "a repeat does not count"),
        (Where(repeats=True), DONE._replace(repeat=True), None),
        (Where(repeats=True), DONE, None),
        (Where(amount_at_least=15_000), DONE, None),
        (Where(amount_at_least=15_001), DONE, "only amounts of at least 15.001 count"),
        (Where(amount_at_least=0), DONE._replace(amount=-1), "only amounts of at least 0 count"),
    ],
)
def test_what_counts(where: Where, execution: Execution, reason: str | None) -> None:
    requirement = Requirement(
        code="r", owed_by=("a",), measure=Measure.DAYS, window=Per("day"), basis=Basis.STATED, where=where
    )
    found = exclusion_message(requirement, execution, NAMES)
    assert (None if found is None else str(found)) == reason


def recorded(moment: datetime, logged: datetime | None = None) -> Recorded:
    return Recorded(
        uid=UUID(int=1), no=1, version=1, execution=DONE, recorded_at=moment, author="x", logged_at=logged
    )


def test_lateness_is_told_by_the_days_of_the_plans_calendar() -> None:
    """Midnight in Việt Nam is 17:00 UTC of the day before."""
    for hour, days in ((0, 0), (16, 0), (17, 1), (40, 1), (41, 2)):
        moment = datetime(2024, 5, 15, tzinfo=UTC) + timedelta(hours=hour)
        assert recording_delay(DONE, PLAN, moment) == days
        for within in (0, 1, 2):
            assert is_late(recorded(moment), PLAN._replace(log_within_days=within)) is (days > within)
        assert not is_late(recorded(moment), PLAN)


def test_a_record_is_in_force_until_it_is_voided() -> None:
    assert recorded(datetime(2024, 5, 16, tzinfo=UTC)).voided is False


def test_a_correction_does_not_make_a_record_late() -> None:
    plan = PLAN._replace(log_within_days=3)
    first, later = datetime(2024, 5, 16, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)
    assert is_late(recorded(later), plan)
    assert not is_late(recorded(later, logged=first), plan)
    assert is_late(recorded(first, logged=later), plan)


def test_an_identity_is_a_uuid_of_version_7_that_holds_the_moment() -> None:
    now = datetime(2024, 5, 15, 12, 30, 45, 679_900, tzinfo=UTC)
    found = [new_uid(now) for _ in range(200)]
    assert len(set(found)) == 200
    for uid in found:
        assert (uid.version, uid.variant) == (7, "specified in RFC 4122")
        assert uid.int >> 80 == int(now.timestamp() * 1000)
    # All bits except those of the time, version and variant are random: each occurs as 0 and as 1.
    ever = never = 0
    for uid in found:
        ever |= uid.int
        never |= ~uid.int
    random_bits = (0xFFF << 64) | ((1 << 62) - 1)
    assert ever & random_bits == never & random_bits == random_bits


def test_identities_are_ordered_by_time() -> None:
    now = datetime(2024, 5, 15, tzinfo=UTC)
    moments = [now + timedelta(milliseconds=number) for number in (0, 1, 2, 1000, 10**9)]
    found = [new_uid(moment) for moment in moments]
    assert found == sorted(found)


@pytest.mark.parametrize("now", [datetime(1969, 12, 31, 12, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_a_clock_that_is_far_off_spills_into_no_other_field(now: datetime) -> None:
    uid = new_uid(now)
    assert (uid.version, uid.variant) == (7, "specified in RFC 4122")
    assert uid.int >> 80 == int(now.timestamp() * 1000) % 2**48
