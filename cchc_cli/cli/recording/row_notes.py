"""What the answer of `log --file` says beside the numbers: errors of rows, and what an officer should look at."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cchc_cli.cli.terminal.output import print_error, print_note
from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.results.rows import MAX_ROW_ERRORS, MOST_NAMED
from cchc_cli.domain.wording.plan_names import activity_words
from cchc_cli.services.row_files.columns import column_word

if TYPE_CHECKING:
    from cchc_cli.domain.language.amounts import Amount
    from cchc_cli.domain.results.rows import RowsOutcome

_MOST_SHARED_IDS = 3
_MOST_DOUBTS = 20


def _row_words(outcome: RowsOutcome, file: int, row: int) -> Message:
    return message("{file}: row {row}", file=outcome.files[file], row=row)


def print_errors(outcome: RowsOutcome) -> None:
    """Print what is wrong with rows."""
    for error in outcome.errors:
        row = _row_words(outcome, error.file, error.row)
        if error.column:
            column = column_word(error.column)
            print_error(message("{row}, column {column}: {what}", row=row, column=column, what=error.what))
        else:
            print_error(message("{row}: {what}", row=row, what=error.what))
    if len(outcome.errors) >= MAX_ROW_ERRORS:
        print_note(message("note: only the first {number} errors are listed", number=MAX_ROW_ERRORS))


def print_notes(outcome: RowsOutcome) -> None:
    """Print what an officer should look at."""
    for file, what in outcome.notes:
        print_note(message("note: {file}: {what}", file=outcome.files[file], what=what))
    _print_doubts(outcome)
    _print_superseded(outcome)
    _print_idle(outcome)
    _print_new_bytes(outcome)
    _print_shared_ids(outcome)


def _print_superseded(outcome: RowsOutcome) -> None:
    """Print rows whose record somebody amended or voided since."""
    for old in outcome.superseded_rows:
        print_note(
            message(
                "note: {row}: no. {no} said so and was amended or voided since; it stays as it is; see: cchc history {no}",
                row=_row_words(outcome, old.file, old.row),
                no=old.no,
            )
        )
    _print_more(outcome.superseded, len(outcome.superseded_rows))


def _print_idle(outcome: RowsOutcome) -> None:
    """Print agencies that owe nothing for their activity: they may have been mistaken for others."""
    for idle in outcome.idle[:MOST_NAMED]:
        print_note(
            message(
                "note: {row}: {agency} owes nothing for {activity}; rows that say so: {rows}",
                row=_row_words(outcome, idle.file, idle.row),
                agency=idle.agency.shown,
                activity=activity_words(idle.activity),
                rows=idle.rows,
            )
        )
    _print_more(len(outcome.idle), min(len(outcome.idle), MOST_NAMED))


def _print_new_bytes(outcome: RowsOutcome) -> None:
    for one in outcome.new_bytes:
        print_note(
            message(
                "note: {row}: the file “{name}” has other content than the one that no. {no} has; to add it: cchc amend {no} --evidence FILE --reason WHY",
                row=_row_words(outcome, one.file, one.row),
                name=one.name,
                no=one.no,
            )
        )


def _print_shared_ids(outcome: RowsOutcome) -> None:
    for same in outcome.shared_ids[:_MOST_SHARED_IDS]:
        print_note(
            message(
                "note: {row}: the id “{id}” is that of no. {no} of another agency too; these are two records",
                row=_row_words(outcome, same.file, same.row),
                id=same.external_id,
                no=same.no,
            )
        )
    if len(outcome.shared_ids) > _MOST_SHARED_IDS:
        print_note(message("note: other ids of these rows are used by several agencies too"))


def _print_doubts(outcome: RowsOutcome) -> None:
    """Print cells of which a person should see how they were read."""
    for file, row, doubt in outcome.doubts[:_MOST_DOUBTS]:
        words = {
            "row": _row_words(outcome, file, row),
            "column": column_word(doubt.column),
            "text": doubt.text,
            "read": _reading(doubt.read),
        }
        if doubt.other is None:
            print_note(message("note: {row}, column {column}: “{text}” was read as {read}", **words))
        else:
            print_note(
                message(
                    "note: {row}, column {column}: “{text}” was read as {read}, not as {other}",
                    **words,
                    other=_reading(doubt.other),
                )
            )
    _print_more(len(outcome.doubts), min(len(outcome.doubts), _MOST_DOUBTS))


def _reading(value: dt.date | Amount) -> object:
    """Give a value so that it has one reading: days with the year first."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _print_more(every: int, named: int) -> None:
    if every > named:
        print_note(message("note: … and {number} more like this", number=every - named))
