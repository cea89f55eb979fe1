"""Recording the rows of files: all or nothing, and safe to repeat.

Rows come in batches, see `batches`. Making these needs only the keys of agencies from the database, so a
worker process can do it, while this process looks up which rows are recorded already and inserts the new ones.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cchc_cli.domain.results.rows import RowsOutcome
from cchc_cli.services.questions.lookup import find_agency, load_known_plan
from cchc_cli.services.questions.plan_choice import choose_plan
from cchc_cli.services.recording.evidence import keep_files
from cchc_cli.services.rows.batches import PeekedRows, read_batches
from cchc_cli.services.rows.rows_import import RowsImport
from cchc_cli.services.rows.worker_process import run_in_worker
from cchc_cli.storage.changes.changes import new_change
from cchc_cli.storage.plans.plans import plan_heads

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cchc_cli.services.questions.plan_choice import NamedPlan
    from cchc_cli.services.rows.files import RowsFiles
    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.database.database import Database
    from cchc_cli.storage.plans.plans import PlanHead, StoredPlan

_MANY_BYTES = 1_000_000
"""Size of all files together, in bytes, from which a worker process saves time."""


class _Rollback(Exception):  # noqa: N818 - control flow, no error
    """Leaves the transaction and rolls it back."""


def record_rows(  # noqa: PLR0913 - the options of one command
    database: Database,
    files: RowsFiles,
    *,
    plan: NamedPlan | None,
    author: str,
    now: datetime,
    dry_run: bool,
    every_row: bool = False,
    many: bool | None = None,
    tick: Callable[[int], None] | None = None,
) -> RowsOutcome:
    """Record the rows of files, all or nothing; rows with faults come as the list of them.

    With `every_row` the outcome has what became of each row. With `many` a worker process reads the rows; the default
    depends on the size of the files. `tick` is called with the number of rows done since the last call. Raises
    InputError where a file as a whole cannot be used.
    """
    outcome = RowsOutcome(files.names, dry_run=dry_run)
    in_worker = files.size > _MANY_BYTES if many is None else many
    try:
        with database.writing() as connection:
            if in_worker:
                connection.enlarge_cache()
            peeked = PeekedRows(files.rows(), now)
            stored, others = _choose_plan(connection, plan, peeked, outcome)
            find = partial(find_agency, connection, stored.id)
            with new_change(connection, author, files.action, now) as change:
                run = RowsImport(database, connection, stored, outcome, change, every_row=every_row)
                read = partial(read_batches, peeked, files, stored, others, now, change, run.no)
                run.add_batches(run_in_worker(read, find) if in_worker else read(find), tick)
            outcome.errors.sort(key=lambda error: (error.file, error.row))
            if dry_run or outcome.rejected or change.is_empty:
                raise _Rollback  # noqa: TRY301 - leaves the transaction
            keep_files(database, connection, run.notes.files)
            outcome.change = change.seq
    except _Rollback:
        outcome.shared = {}
    if outcome.rejected:
        outcome.created = outcome.updated = 0
    return outcome


def _choose_plan(
    connection: Connection, plan: NamedPlan | None, peeked: PeekedRows, outcome: RowsOutcome
) -> tuple[StoredPlan, list[PlanHead]]:
    """Give the plan that the rows go into, and the other plans."""
    stored = load_known_plan(connection, choose_plan(connection, plan, peeked.candidates).code)
    others = [head for head in plan_heads(connection) if head.code != stored.plan.code]
    outcome.plan, outcome.several_plans = stored.plan.code, bool(others)
    return stored, others
