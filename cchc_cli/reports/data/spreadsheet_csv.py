"""CSV for a spreadsheet: the columns of the plain CSV, with a name beside each code in the current language."""

from __future__ import annotations

from itertools import tee
from typing import TYPE_CHECKING

from cchc_cli.reports.data.agencies import AGENCY_COLUMNS, agency_rows
from cchc_cli.reports.data.due import DUE_COLUMNS, due_rows
from cchc_cli.reports.data.executions import history_columns, history_rows
from cchc_cli.reports.data.status import finding_columns, finding_rows
from cchc_cli.reports.wording.words import bounds_words, period_words, status_word, window_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from cchc_cli.domain.plan.model import Plan
    from cchc_cli.domain.records.execution import Execution, Recorded
    from cchc_cli.domain.verdicts.dues import Dues
    from cchc_cli.domain.verdicts.findings import Finding

Table = tuple[list[str], "Iterator[list[object]]"]
"""The names of the columns, and the rows."""

_NAME_COLUMNS = {
    "agency": "agency_name",
    "activity": "activity_title",
    "requirement": "asked",
    "period": "period_name",
    "status": "status_name",
    "form": "form_name",
    "amount": "unit",
    "parent": "parent_name",
}
"""The column of names for each column of codes."""


def finding_table(findings: Sequence[Finding], plan: Plan) -> Table:
    """Give findings."""
    return _add_names(
        finding_columns(plan), finding_rows(findings, plan), map(_finding_names, findings), _FINDING_CODES
    )


def due_table(dues: Dues) -> Table:
    """Give due obligations."""
    names = (_finding_names(due.finding) for due in dues.dues)
    return _add_names(DUE_COLUMNS, due_rows(dues), names, _FINDING_CODES)


def history_table(records: Iterable[Recorded], plan: Plan) -> Table:
    """Give records; the iterable is consumed once, as rows are read."""
    agencies = {agency.code: agency.shown for agency in plan.agencies}
    activities = {activity.code: activity for activity in plan.activities}
    forms = {form.code: form.name for form in plan.forms}

    def names(execution: Execution) -> dict[str, object]:
        activity = activities.get(execution.activity)
        return {
            "agency_name": agencies.get(execution.agency),
            "activity_title": activity.title if activity else None,
            "unit": activity.unit.name if activity else None,
            "form_name": forms.get(execution.form or ""),
        }

    records, for_names = tee(records)
    rows = history_rows(records, plan)
    return _add_names(
        history_columns(plan),
        rows,
        (names(recorded.execution) for recorded in for_names),
        ("agency", "activity", "amount", "form"),
    )


def agency_table(plan: Plan, names: Mapping[str, str]) -> Table:
    """Give agencies; `names` has those of every agency of the plan."""
    above = ({"parent_name": names.get(agency.parent or "")} for agency in plan.agencies)
    return _add_names(AGENCY_COLUMNS, agency_rows(plan), above, ("parent",))


_FINDING_CODES = ("agency", "activity", "requirement", "period", "status")


def _finding_names(finding: Finding) -> dict[str, object]:
    requirement = finding.requirement
    return {
        "agency_name": finding.agency.shown,
        "activity_title": finding.activity.title,
        "asked": f"{bounds_words(requirement, finding.activity)}, {window_words(requirement)}",
        "period_name": period_words(finding.obligation.slot, requirement),
        "status_name": status_word(finding.status),
    }


def _add_names(
    columns: list[str],
    rows: Iterable[list[object]],
    names: Iterable[Mapping[str, object]],
    named: Collection[str],
) -> Table:
    """Add a column of names after each column of codes in `named`, unless the table already has it."""
    wide: list[str] = []
    for column in columns:
        wide.append(column)
        if column in named and _NAME_COLUMNS[column] not in columns:
            wide.append(_NAME_COLUMNS[column])
    cells = ({**more, **dict(zip(columns, row, strict=True))} for row, more in zip(rows, names, strict=True))
    return wide, ([one[column] for column in wide] for one in cells)
