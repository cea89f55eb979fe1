"""A model of the stored data in plain lists; the state machine compares the program with it.

It shares no code with the program. Each list only grows. A version has the number of its change, so the
state after any change can be derived. Verdicts come from `tests.naive`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from tests import naive
from tests.model_rows import Reading, Row
from tests.small_plan import FIXED, plan_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.model_rows import Decided
    from tests.small_plan import Change

_MORE = """\
      - code: gap
        owed_by: [so-noi-vu]
        measure: gap
        at_most: 40
        per: quarter
        basis: interpreted
        note: Không quá 40 ngày im lặng
      - code: days
        owed_by: [to-giup-viec]
        measure: days
        at_least: 2
        per: half
        where: {repeats: include}
        partial: prorate
        basis: interpreted
        note: Hai ngày mỗi nửa năm
      - code: forms
        owed_by: [to-giup-viec]
        measure: forms
        at_least: 2
        at_most: 2
        per: plan
        basis: interpreted
        note: Hai hình thức
"""

ALTERATIONS: dict[str, tuple[Change, ...]] = {
    "another bound": (("        at_least: 15", "        at_least: 20"),),
    "another title": (("title: Hội nghị", "title: Hội nghị lớn"),),
    "months for quarters": (("per: quarter\n        partial: full", "per: month\n        partial: full"),),
    "begins in February": (("effective: {from: 2024-01-01", "effective: {from: 2024-02-01"),),
    "begins in April": (("effective: {from: 2024-01-01", "effective: {from: 2024-04-01"),),
    "a station's end": (
        ("kind: station, parent: buon-ho", "kind: station, parent: buon-ho, to: 2024-04-30"),
    ),
    "an agency gone": (("code: ea-drong-cmg", "code: ea-drong-moi"),),
    "an activity gone, its alias kept": (("code: A.4", "code: A.5"),),
    "a requirement gone": (("code: standing", "code: dung"),),
    "a form gone": (("code: panel, name: Pa", "code: bien, name: Pa"), ("[panel]", "[bien]")),
    "another unit": (("code: percent,", "code: point,"),),
    "one form only": (("forms: [radio, web]", "forms: [radio]"),),
    "a form where any would do": (("methods: [Mỗi quý", "forms: [web]\n    methods: [Mỗi quý"),),
    "another zone": (("Asia/Ho_Chi_Minh", "America/New_York"),),
    "days to record in": (("  basis:\n", "  log_within_days: 30\n  basis:\n"),),
    "a comment": (("format: cchc", "# ghi chú\nformat: cchc"),),
}
"""Alterations of a later file of the plan. The two beginnings exclude each other."""


def text_of(code: str, alterations: Iterable[str]) -> str:
    """Give the file of a plan with some alterations."""
    chosen = sorted(set(alterations))
    if "begins in April" in chosen and "begins in February" in chosen:
        chosen.remove("begins in April")
    changes = [change for name in chosen for change in ALTERATIONS[name]]
    return plan_text(("code: small", f"code: {code}"), *changes, frame=FIXED, more=_MORE)


class Refused(Exception):  # noqa: N818 - an expected outcome, not an error
    """The program must reject this and change nothing."""


@dataclass(frozen=True)
class Wanted:
    """An execution as typed."""

    agency: str
    activity: str
    day: str | None
    amount: str | None
    form: str | None = None
    repeat: bool = False
    title: str | None = None
    note: str | None = None
    evidence: tuple[str, ...] = ()
    external_id: str | None = None


@dataclass(frozen=True)
class Done:
    """One execution for a plan."""

    plan: str
    agency: str
    activity: str
    day: date
    amount: Decimal
    form: str | None
    repeat: bool
    title: str | None
    note: str | None
    evidence: tuple[str, ...]
    external_id: str | None

    def content(self) -> Done:
        """Give the execution without its external id; duplicates have equal content."""
        return replace(self, external_id=None)


@dataclass(frozen=True)
class Version:
    """One version of a record; `seq` is its change, `logged_at` the time of the first version."""

    no: int
    version: int
    done: Done
    voided: bool
    reason: str | None
    author: str
    seq: int
    recorded_at: datetime
    logged_at: datetime


@dataclass(frozen=True)
class Excuse:
    """One version of a waiver."""

    no: int
    plan: str
    waiver: naive.Waiver
    reason: str
    document: str | None
    ended: bool
    author: str
    seq: int
    recorded_at: datetime


@dataclass(frozen=True)
class Loaded:
    """One version of a plan: the text of its file."""

    text: str
    seq: int

    @property
    def plan(self) -> naive.Plan:
        """Give the parsed plan."""
        return _read(self.text)


_READ: dict[str, naive.Plan] = {}


def _read(text: str) -> naive.Plan:
    if text not in _READ:
        _READ[text] = naive.load_plan(text)
    return _READ[text]


@dataclass
class Rows:
    """The outcome of a rows file, or of its dry run."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    rejected: set[int] = field(default_factory=set)

    def count(self, result: str) -> None:
        """Count a row; a record that says again what it said is updated as one that says something new."""
        name = "updated" if result in {"corrected", "restated"} else result
        setattr(self, name, getattr(self, name) + 1)


_Of = TypeVar("_Of", Version, Excuse, Loaded)


def known(versions: Sequence[_Of], seq: int) -> _Of | None:
    """Give the latest version after a change; None if there was none yet."""
    found = [version for version in versions if version.seq <= seq]
    return found[-1] if found else None


@dataclass
class Model:
    """Everything that was recorded."""

    moments: list[datetime] = field(default_factory=list)
    """When each change was recorded: change number 1 first."""
    plans: dict[str, list[Loaded]] = field(default_factory=dict)
    records: list[list[Version]] = field(default_factory=list)
    """The versions of record no. 1, of no. 2, and so on."""
    waivers: list[list[Excuse]] = field(default_factory=list)
    unanswered: dict[tuple[str, Done], int] = field(default_factory=dict)
    """By author and content: the record of a run that was stopped before it answered."""
    chosen: Mapping[int, int | None] = field(default_factory=dict)
    """By number of the row: the record that the program chose for each row of the next rows file."""

    @property
    def seq(self) -> int:
        """Give how many changes there are."""
        return len(self.moments)

    def change(self, now: datetime) -> tuple[int, datetime]:
        """Add a change; its time is never before that of the previous change."""
        moment = max([now, *self.moments[-1:]])
        self.moments.append(moment)
        return self.seq, moment

    def seq_at(self, moment: datetime) -> int:
        """Give the number of the last change up to a moment; 0 if there is none."""
        return max((seq for seq, then in enumerate(self.moments, 1) if then <= moment), default=0)

    # --- looking back ---------------------------------------------------------------------------

    def plan(self, code: str, seq: int | None = None) -> Loaded | None:
        """Give a plan as it was after a change, by default the last one."""
        return known(self.plans.get(code, []), self.seq if seq is None else seq)

    def latest(self, code: str, seq: int | None = None) -> list[Version]:
        """Give the latest version of each record of a plan, in the order of logging."""
        found = (known(versions, self.seq if seq is None else seq) for versions in self.records)
        return [version for version in found if version and version.done.plan == code]

    def history(self, code: str, seq: int | None = None) -> list[Version]:
        """Give the latest versions in order of date, then of logging."""
        return sorted(self.latest(code, seq), key=lambda version: (version.done.day, version.no))

    def excuses(self, code: str, seq: int | None = None) -> list[Excuse]:
        """Give the latest version of each waiver of a plan, ended ones included."""
        found = (known(versions, self.seq if seq is None else seq) for versions in self.waivers)
        return [excuse for excuse in found if excuse and excuse.plan == code]

    def findings(
        self, code: str, as_of: date, *, day_over: bool, seq: int | None = None
    ) -> list[naive.Finding]:
        """Give every verdict; raises Refused where the plan was not known yet."""
        loaded = self.plan(code, seq)
        if loaded is None:
            raise Refused
        plan, records = loaded.plan, self.latest(code, seq)
        waivers = [excuse.waiver for excuse in self.excuses(code, seq) if not excuse.ended]
        found = naive.answer(plan, _plain(records), waivers, as_of, day_over).findings
        within = plan["plan"].get("log_within_days")
        if within is None:
            return found
        zone = ZoneInfo(plan["plan"]["timezone"])
        late = [
            version
            for version in records
            if (version.logged_at.astimezone(zone).date() - version.done.day).days > int(within)
        ]
        counted = naive.answer(plan, _plain(late), waivers, as_of, day_over).findings
        return [{**one, "late": tardy["executions"]} for one, tardy in zip(found, counted, strict=True)]

    def today(self, code: str, now: datetime, seq: int | None = None) -> date:
        """Give the current date in a plan's time zone."""
        loaded = self.plan(code, seq)
        if loaded is None:
            raise Refused
        return now.astimezone(ZoneInfo(loaded.plan["plan"]["timezone"])).date()

    # --- recording ------------------------------------------------------------------------------

    def log(
        self, code: str, wanted: Wanted, author: str, now: datetime, *, answered: bool = True
    ) -> tuple[Version, bool]:
        """Record once; also tell whether a run that was stopped had recorded it already."""
        done = self.read(code, wanted, now)
        key = (author, done.content())
        again = self.unanswered.get(key)
        if again is not None and len(self.records[again - 1]) > 1:
            # It was corrected since, so it was seen: no longer unanswered.
            again = None
        if again is None:
            self._check_stocks([*self.latest(code), self._version(done, 0, now)], code)
            self.records.append([self._version(done, len(self.records) + 1, now, author)])
        version = self.records[(again or len(self.records)) - 1][-1]
        if answered:
            self.unanswered.pop(key, None)
        else:
            self.unanswered[key] = version.no
        return version, again is not None

    def amend(self, no: int, changes: dict[str, Any], reason: str, author: str, now: datetime) -> Version:
        """Correct a record: None leaves a field unchanged, evidence is added."""
        last = self._correctable(no, reason)
        old = last.done
        given = {name: value for name, value in changes.items() if value is not None}
        wanted = Wanted(
            old.agency,
            old.activity,
            old.day.isoformat(),
            str(old.amount),
            old.form,
            old.repeat,
            old.title,
            old.note,
            external_id=old.external_id,
        )
        done = self.read(old.plan, replace(wanted, **given), now)
        form = done.form if given.get("form") else None if "form" in given else old.form
        done = replace(done, form=form, evidence=tuple(dict.fromkeys([*old.evidence, *done.evidence])))
        if done == old:
            raise Refused
        return self._correct(replace(last, done=done), reason, author, now)

    def void(self, no: int, reason: str, author: str, now: datetime) -> Version:
        """Void a record, so that it no longer counts."""
        return self._correct(replace(self._correctable(no, reason), voided=True), reason, author, now)

    def _correctable(self, no: int, reason: str) -> Version:
        if not reason.strip() or not 1 <= no <= len(self.records):
            raise Refused
        last = self.records[no - 1][-1]
        if last.voided:
            raise Refused
        return last

    def _correct(self, version: Version, reason: str, author: str, now: datetime) -> Version:
        others = [other for other in self.latest(version.done.plan) if other.no != version.no]
        self._check_stocks([*others, version], version.done.plan)
        seq, moment = self.change(now)
        number = version.version + 1
        new = replace(version, version=number, reason=reason, author=author, seq=seq, recorded_at=moment)
        self.records[version.no - 1].append(new)
        return new

    def _version(self, done: Done, no: int, now: datetime, author: str = "") -> Version:
        """Make a first version; if it has a number, add a change for it."""
        seq, moment = self.change(now) if no else (0, now)
        return Version(no, 1, done, False, None, author, seq, moment, moment)  # noqa: FBT003 - not voided

    def rows(
        self, code: str, rows: Sequence[Wanted], source: str, author: str, now: datetime, *, dry_run: bool
    ) -> Rows:
        """Record rows, all or none; `chosen` has the record that the program chose for each."""
        if self.plan(code) is None:
            raise Refused
        outcome = Rows()
        good = []
        for number, wanted in enumerate(rows, 2):
            try:
                done = self.read(code, _with_absolute_day(wanted), now)
                good.append(Row(number, done, form_given=wanted.form is not None))
            except Refused:
                outcome.rejected.add(number)
        records = {versions[0].no: versions for versions in self.records if versions[0].done.plan == code}
        decided = Reading(records, source, partial(self._may_be_filled_in, code), self.chosen).decide(good)
        outcome.rejected |= decided.rejected
        added, touched = self._added(good, decided, source, now, outcome)
        latest = {version.no: version for version in [*self.latest(code), *added]}
        for key, number in touched.items():
            if not self._holds(latest.values(), code, *key):
                outcome.rejected.add(number)
        if outcome.rejected:
            outcome.created = outcome.updated = 0
        elif added and not dry_run:
            self.keep_rows(added, author, now)
        return outcome

    def _added(
        self, good: Sequence[Row], decided: Decided, source: str, now: datetime, outcome: Rows
    ) -> tuple[list[Version], dict[tuple[str, str], int]]:
        """Give the versions that rows add, and the last row that changed something for an agency and activity."""
        added: list[Version] = []
        touched: dict[tuple[str, str], int] = {}
        next_no = len(self.records) + 1
        # Numbers are given in the order of the rows, but rows that waited for all others come last.
        for row in sorted(good, key=lambda row: (row.number in decided.waited, row.number)):
            if row.number not in decided.results:
                continue
            result, no, version = decided.results[row.number]
            if no is None:
                outcome.count(result)
                if result == "created":
                    added.append(replace(self._version(row.done, 0, now), no=next_no))
                    touched[row.done.agency, row.done.activity] = row.number
                    next_no += 1
                continue
            last = self.records[no - 1][-1]
            takes_id = bool(row.done.external_id and not last.done.external_id and not last.voided)
            outcome.count("updated" if takes_id and result == "unchanged" else result)
            if not takes_id and result not in {"corrected", "restated"}:
                continue
            said = last.done
            if result == "corrected":
                said = row.done
            elif version and result == "restated":
                said = version.done
            said = replace(said, external_id=last.done.external_id or row.done.external_id)
            added.append(replace(last, version=last.version + 1, done=said, reason=source))
            for one in (last.done, said):
                touched[one.agency, one.activity] = row.number
        return added, touched

    def _may_be_filled_in(self, code: str, activity: str, form: str | None) -> bool:
        """Tell whether a row without a form could be recorded with this one under any version of the plan."""
        return form is None or any(
            _activity(loaded.plan, activity).get("forms") == [form]
            for loaded in self.plans[code]
            if activity in _codes(loaded.plan["activities"])
        )

    def keep_rows(self, added: Sequence[Version], author: str, now: datetime) -> None:
        """Store the versions of a rows file as one change."""
        seq, moment = self.change(now)
        for version in added:
            if version.version == 1:
                self.records.append([])
            kept = self.records[version.no - 1]
            logged_at = kept[0].logged_at if kept else moment
            kept.append(replace(version, author=author, seq=seq, recorded_at=moment, logged_at=logged_at))

    # --- waivers and plans ----------------------------------------------------------------------

    def waive(  # noqa: PLR0913 - the fields of a waiver
        self,
        code: str,
        duty: str,
        agency: str,
        days: tuple[date, date],
        reason: str,
        document: str | None,
        author: str,
        now: datetime,
    ) -> Excuse:  # fmt: skip
        """Excuse an agency from an activity, or from one requirement of it."""
        loaded = self.plan(code)
        if loaded is None or not reason.strip() or days[0] > days[1]:
            raise Refused
        plan = loaded.plan
        name, _, requirement = duty.partition("/")
        activity = _activity(plan, name)
        known_ones = {one["code"] for one in activity.get("requirements") or []}
        if (requirement and requirement not in known_ones) or agency not in _codes(plan["agencies"]):
            raise Refused
        waiver = naive.Waiver(agency, activity["code"], requirement or None, *days)
        for excuse in self.excuses(code):
            if not excuse.ended and (excuse.waiver, excuse.reason, excuse.document) == (
                waiver,
                reason,
                document,
            ):
                raise Refused
        seq, moment = self.change(now)
        new = Excuse(len(self.waivers) + 1, code, waiver, reason, document, False, author, seq, moment)  # noqa: FBT003 - not ended
        self.waivers.append([new])
        return new

    def stop_waiving(self, no: int, reason: str, author: str, now: datetime) -> Excuse:
        """End a waiver."""
        if not reason.strip() or not 1 <= no <= len(self.waivers) or self.waivers[no - 1][-1].ended:
            raise Refused
        seq, moment = self.change(now)
        last = self.waivers[no - 1][-1]
        new = replace(last, ended=True, reason=reason, author=author, seq=seq, recorded_at=moment)
        self.waivers[no - 1].append(new)
        return new

    def load(self, code: str, text: str, now: datetime, *, dry_run: bool) -> str:
        """Import a plan; the result is `created`, `updated` or `unchanged`."""
        before, after = self.plan(code), _read(text)
        if before and before.plan == after:
            return "unchanged"
        if before and not self._keeps(code, before.plan, after):
            raise Refused
        if not dry_run:
            seq, _ = self.change(now)
            self.plans.setdefault(code, []).append(Loaded(text, seq))
        return "updated" if before else "created"

    def _keeps(self, code: str, before: naive.Plan, after: naive.Plan) -> bool:
        """Tell whether all records keep their meaning under a new plan."""
        agencies = {one["code"]: one for one in after["agencies"]}
        activities = {one["code"]: one for one in after["activities"]}
        forms = _codes(after["plan"]["forms"])
        ever = [version.done for versions in self.records for version in versions]
        for done in (one for one in ever if one.plan == code):
            if done.agency not in agencies or done.activity not in activities:
                return False
            if done.form is not None and done.form not in forms:
                return False
            if _counted_in(activities[done.activity]) != _counted_in(_activity(before, done.activity)):
                return False
        for version in self.latest(code):
            if not _alive(after, agencies[version.done.agency], version.done.day):
                return False
        for excuse in (one for versions in self.waivers for one in versions if one.plan == code):
            waiver = excuse.waiver
            if waiver.agency not in agencies or waiver.activity not in activities:
                return False
            known_ones = _codes(activities[waiver.activity].get("requirements") or [])
            if waiver.requirement and waiver.requirement not in known_ones:
                return False
        return True

    # --- what may be recorded -------------------------------------------------------------------

    def read(self, code: str, wanted: Wanted, now: datetime) -> Done:
        """Parse an execution; raises Refused if it may not be recorded."""
        loaded = self.plan(code)
        if loaded is None:
            raise Refused
        plan, today = loaded.plan, self.today(code, now)
        activity = _activity(plan, wanted.activity)
        agency = next((one for one in plan["agencies"] if one["code"] == wanted.agency), None)
        day = today if wanted.day in {None, "today"} else date.fromisoformat(str(wanted.day))
        if agency is None or day > today or not _alive(plan, agency, day):
            raise Refused
        taken = activity.get("forms") or []
        form = wanted.form or (taken[0] if len(taken) == 1 else None)
        if form and (form not in _codes(plan["plan"]["forms"]) or (taken and form not in taken)):
            raise Refused
        return Done(
            code,
            agency["code"],
            activity["code"],
            day,
            _amount(wanted.amount, activity),
            form,
            wanted.repeat,
            wanted.title or None,
            wanted.note or None,
            wanted.evidence,
            wanted.external_id,
        )

    def _check_stocks(self, versions: Sequence[Version], code: str) -> None:
        keys = {(version.done.agency, version.done.activity) for version in versions}
        if not all(self._holds(versions, code, *key) for key in keys):
            raise Refused

    def _holds(self, versions: Iterable[Version], code: str, agency: str, activity: str) -> bool:
        """Tell whether a stock is never below zero at the end of a day."""
        loaded = self.plan(code)
        assert loaded
        if _counted_in(_activity(loaded.plan, activity))[0] != "stock":
            return True
        kept = [
            version.done
            for version in versions
            if not version.voided and (version.done.agency, version.done.activity) == (agency, activity)
        ]
        return all(
            sum(one.amount for one in kept if one.day <= day) >= 0 for day in {one.day for one in kept}
        )


def _plain(versions: Iterable[Version]) -> list[naive.Execution]:
    return [
        naive.Execution(
            version.done.agency,
            version.done.activity,
            version.done.day,
            version.done.amount,
            version.done.form,
            version.done.repeat,
            version.voided,
        )
        for version in versions
    ]


def _with_absolute_day(wanted: Wanted) -> Wanted:
    """Give a row; a file is read on any day, so a row of today is refused."""
    if wanted.day == "today":
        raise Refused
    return wanted


def _codes(nodes: Iterable[naive.Node]) -> set[str]:
    return {node["code"] for node in nodes}


def _activity(plan: naive.Plan, name: str) -> naive.Node:
    for activity in plan["activities"]:
        if name in {activity["code"], activity.get("alias")}:
            found: naive.Node = activity
            return found
    raise Refused


def _counted_in(activity: naive.Node) -> tuple[str, str]:
    return activity.get("kind", "flow"), (activity.get("unit") or {"code": "time"})["code"]


def _alive(plan: naive.Plan, agency: naive.Node, day: date) -> bool:
    effective = plan["plan"]["effective"]
    first = max([effective["from"], *([agency["from"]] if "from" in agency else [])])
    last = min([effective["to"], *([agency["to"]] if "to" in agency else [])])
    return bool(first <= day <= last)


def _amount(text: str | None, activity: naive.Node) -> Decimal:
    kind, unit = _counted_in(activity)
    if text is None and unit != "time":
        raise Refused
    try:
        amount = Decimal((text or "1").replace(",", "."))
    except InvalidOperation:
        raise Refused from None
    wrong = {
        "flow": amount <= 0,
        "stock": amount == 0,
        "reading": amount < 0 or (unit == "percent" and amount > 100),
    }
    if wrong[kind] or amount != amount.quantize(Decimal("0.001")):
        raise Refused
    return amount
