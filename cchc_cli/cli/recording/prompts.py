"""Prompts of `cchc log`: for what was not typed, and the record shown before it is recorded.

Where something is missing that a record needs, the other fields are asked for too. A wrong answer is asked for again, and what
was answered before stays. What is known at the end is shown, and each field can be corrected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cchc_cli.cli.framework.options import now
from cchc_cli.cli.recording.amount_notes import note_decimal_reading
from cchc_cli.cli.recording.record_preview import print_preview
from cchc_cli.cli.terminal.dialogue import ask, ask_until_valid, can_ask, choose, confirm
from cchc_cli.cli.terminal.output import print_error
from cchc_cli.domain.language.errors import InputError, Message, message
from cchc_cli.locale import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from cchc_cli.cli.terminal.dialogue import Choice
    from cchc_cli.domain.plan.model import Activity, Plan
    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.services.recording.drafts import Draft
    from cchc_cli.storage.database.database import Database


class Completed(NamedTuple):
    """A draft with everything that a record needs, and its plan; the dialogue that completed it, if any."""

    draft: Draft
    plan: NamedPlan | None
    dialogue: Dialogue | None = None

    def corrected_after(self, error: InputError) -> Completed:
        """Show why the draft was refused, and let the user correct it. Raises the error where nobody was asked."""
        if self.dialogue is None:
            raise error
        print_error(*error.messages)
        return self.dialogue.correct()


def complete_draft(database: Database, plan: NamedPlan | None, draft: Draft) -> Completed:
    """Prompt for what a draft lacks. Raises InputError if the activity or agency is missing and nobody can answer."""
    if not can_ask():
        _require_names(draft)
    elif _is_incomplete(database, plan, draft):
        return Dialogue(database, plan, draft).complete()
    return Completed(draft, plan)


def _require_names(draft: Draft) -> None:
    if not draft.activity:
        raise InputError(message("the activity is missing; cchc plan lists them"))
    if not draft.agency:
        raise InputError(
            message(
                "the agency is missing; give --agency, set CCHC_AGENCY, or type: cchc config set agency CODE"
            )
        )


def _is_incomplete(database: Database, plan: NamedPlan | None, draft: Draft) -> bool:
    """Tell whether the activity, the agency, or the amount or form that the activity needs are missing."""
    if not (draft.activity and draft.agency):
        return True
    if draft.amount and draft.form:
        return False
    from cchc_cli.services.plans.listing import plan_of_day
    from cchc_cli.services.questions.lookup import find_activity

    try:
        found = plan_of_day(database, plan, now(), draft.date)
    except InputError:
        # The day decides on the plan, and is the first question.
        return True
    activity = find_activity(found, draft.activity)
    return (not draft.amount and _needs_amount(activity)) or (not draft.form and _needs_form(activity))


def _needs_amount(activity: Activity) -> bool:
    from cchc_cli.domain.plan.model import TIME

    return activity.unit.code != TIME


def _needs_form(activity: Activity) -> bool:
    return len(activity.forms) > 1


class Dialogue:
    """The prompts for one record; what was answered is kept in a draft."""

    def __init__(self, database: Database, plan: NamedPlan | None, draft: Draft) -> None:
        """Begin with what was typed on the command line. Raises InputError for what no question can mend.

        That is a database without a plan, an unknown plan, and evidence that cannot be read.
        """
        from cchc_cli.services.recording.evidence import evidence_address
        from cchc_cli.services.recording.preview import require_plan

        require_plan(database, plan)
        for text in draft.evidence:
            evidence_address(text)
        self._database = database
        self._named_plan = plan
        self._typed = draft
        self._draft = draft
        self._code = ""
        """The code of the plan that the day belongs to."""
        self._fields: Sequence[tuple[Message, Callable[[str | None], None]]] = (
            (message("Date"), self._ask_date),
            (message("Agency"), self._ask_agency),
            (message("Activity"), self._change_activity),
            (message("Amount"), self._ask_amount),
            (message("Form"), self._ask_form),
            (message("Title"), self._ask_title),
            (message("Repeat"), self._ask_repeat),
            (message("Evidence"), self._ask_evidence),
            (message("Note"), self._ask_note),
        )

    def complete(self) -> Completed:
        """Ask for each field, show the record, and let the user correct it until it is confirmed."""
        typed = self._typed
        self._ask_date(typed.date)
        self._ask_agency(typed.agency or None)
        self._ask_activity(typed.activity or None)
        if typed.amount or _needs_amount(self._activity()):
            self._ask_amount(typed.amount)
        if typed.form or _needs_form(self._activity()):
            self._ask_form(typed.form)
        if typed.title is None:
            self._ask_title(None)
        return self._confirm()

    def correct(self) -> Completed:
        """Let the user correct a field, and show the record again."""
        self._correct_field()
        return self._confirm()

    def _confirm(self) -> Completed:
        from cchc_cli.services.questions.plan_choice import NamedPlan
        from cchc_cli.services.recording.preview import preview

        while True:
            try:
                found = preview(self._database, self._draft, plan=NamedPlan(self._code), now=now())
            except InputError as error:
                print_error(*error.messages)
            else:
                print_preview(found)
                if confirm(message("record it? Enter: yes, n: correct something, Ctrl-C: record nothing")):
                    # The day as it was shown, even if midnight has passed since.
                    day = found.execution.day.isoformat()
                    return Completed(self._draft._replace(date=day), NamedPlan(self._code), self)
            self._correct_field()

    def _correct_field(self) -> None:
        fields = {str(render(label)): ask_again for label, ask_again in self._fields}
        wrong = choose(
            message("which of these is wrong? Enter: none"),
            [(label, "") for label in fields],
            named=_refuse_choice,
            optional=True,
        )
        if wrong:
            fields[wrong](None)

    def _plan(self) -> Plan:
        from cchc_cli.services.recording.preview import plan_with_agencies

        return plan_with_agencies(self._database, self._code)

    def _activity(self) -> Activity:
        from cchc_cli.services.questions.lookup import find_activity

        return find_activity(self._plan(), self._draft.activity)

    def _refuse_faults(self, column: str, draft: Draft) -> None:
        """Raise InputError if a column of a draft has faults."""
        from cchc_cli.services.recording.preview import faults_of

        faults = faults_of(self._database, draft, self._code, now(), column)
        if faults:
            raise InputError(*faults)

    def _ask_date(self, first: str | None) -> None:
        from cchc_cli.services.recording.preview import plans_of_day, read_day

        def read(typed: str) -> tuple[str, date]:
            codes = plans_of_day(self._database, self._named_plan, now(), typed)
            code = codes[0] if len(codes) == 1 else _choose_plan(codes)
            return code, read_day(self._database, code, typed, now())

        question = message("when was it done? Enter: today")
        self._code, day = ask_until_valid(question, read, "today", first)
        self._draft = self._draft._replace(date=day.isoformat())

    def _ask_agency(self, first: str | None) -> None:
        from cchc_cli.domain.calendar.days import read_date
        from cchc_cli.services.recording.preview import agencies_named

        day = read_date(self._draft.date or "")
        choices, others = _split(
            (agency.code, agency.shown, day is None or day in agency.life) for agency in self._plan().agencies
        )
        code = choose(
            message("which agency?"),
            choices,
            others,
            named=lambda text: agencies_named(self._database, self._code, text),
            first=first,
        )
        self._draft = self._draft._replace(agency=code)

    def _ask_activity(self, first: str | None) -> None:
        from cchc_cli.domain.plan.model import takes_part
        from cchc_cli.services.questions.lookup import find_activity

        plan = self._plan()
        groups = {group.code: group for group in plan.groups}
        agency = next(one for one in plan.agencies if one.code == self._draft.agency)
        choices, others = _split(
            (one.code, _activity_label(one), takes_part(one, agency, groups)) for one in plan.activities
        )
        code = choose(
            message("which activity?"),
            choices,
            others,
            named=lambda text: [find_activity(plan, text).code],
            first=first,
        )
        self._draft = self._draft._replace(activity=code)

    def _change_activity(self, first: str | None) -> None:
        """Ask for the activity, and for what fitted the one before but not this one."""
        before = self._activity()
        self._ask_activity(first)
        activity, draft = self._activity(), self._draft
        if activity.unit != before.unit:
            self._draft = draft = draft._replace(amount=None)
        if draft.form not in activity.forms:
            self._draft = draft = draft._replace(form=None)
        if not draft.amount and _needs_amount(activity):
            self._ask_amount(None)
        if not draft.form and _needs_form(activity):
            self._ask_form(None)

    def _ask_amount(self, first: str | None) -> None:
        from cchc_cli.domain.records.row_amounts import without_unit

        activity = self._activity()

        def read(typed: str) -> str:
            amount = without_unit(typed, activity)
            self._refuse_faults("amount", self._draft._replace(amount=amount))
            note_decimal_reading(amount)
            return amount

        question = message("how many {unit}?", unit=activity.unit.name)
        self._draft = self._draft._replace(amount=ask_until_valid(question, read, first=first))

    def _ask_form(self, first: str | None) -> None:
        from cchc_cli.services.questions.lookup import find_form

        plan, allowed = self._plan(), self._activity().forms

        def named(text: str) -> list[str]:
            code = find_form(plan, text)
            self._refuse_faults("form", self._draft._replace(form=code))
            return [code]

        choices = [(form.code, form.name) for form in plan.forms if form.code in (allowed or {form.code})]
        code = choose(message("in which form? Enter: none"), choices, named=named, first=first, optional=True)
        self._draft = self._draft._replace(form=code or None)

    def _ask_title(self, _: str | None) -> None:
        self._draft = self._draft._replace(title=ask(message("title? Enter: none"), ""))

    def _ask_note(self, _: str | None) -> None:
        self._draft = self._draft._replace(note=ask(message("note? Enter: none"), ""))

    def _ask_repeat(self, _: str | None) -> None:
        repeat = confirm(message("was it a re-broadcast or re-print? y or n"))
        self._draft = self._draft._replace(repeat=repeat)

    def _ask_evidence(self, _: str | None) -> None:
        from cchc_cli.services.recording.evidence import evidence_address

        def read(typed: str) -> str:
            if typed:
                evidence_address(typed)
            return typed

        question = message("a file or a web address that proves it? Enter: no more")
        given = iter(lambda: ask_until_valid(question, read, ""), "")
        self._draft = self._draft._replace(evidence=tuple(given))


def _choose_plan(codes: list[str]) -> str:
    return choose(message("which plan?"), [(code, "") for code in codes], named=_refuse_choice)


def _refuse_choice(text: str) -> list[str]:
    raise InputError(message("nothing matches “{text}”", text=text))


def _split(choices: Iterable[tuple[str, str, bool]]) -> tuple[list[Choice], list[Choice]]:
    """Give the choices that are to be listed, and the others; all and none if none is to be."""
    every = list(choices)
    listed = [(code, name) for code, name, wanted in every if wanted]
    others = [(code, name) for code, name, wanted in every if not wanted]
    return (listed, others) if listed else (others, [])


def _activity_label(activity: Activity) -> str:
    return f"{activity.title} ({activity.alias})" if activity.alias else activity.title
