"""Makes executions as the program would write them: rows of its table, and their bytes in the hash chain.

This repeats code of the program for speed: most values are the same in many rows and are encoded once. The
first row of each chunk is compared with what the program's functions give, so that a change of them shows.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from benchmarks.data import DAYS, draw_executions
from cchc_cli.domain.language.amounts import THOUSANDTHS
from cchc_cli.domain.records.execution import Execution
from cchc_cli.domain.records.hash_chain import digest, encode
from cchc_cli.storage.schema.versions import OPEN

if TYPE_CHECKING:
    from benchmarks.data import DrawnExecution

COLUMNS = (
    "uid, version, no, plan_id, agency_id, activity_id, day, amount, form_id, repeat, title, note, evidence,"
    " external_id, details, voided, reason, seq, until_seq"
)
"""In the order of the values that are made."""

Values = tuple[Any, ...]


class Form(NamedTuple):
    """A form that an execution can take, or none: its key and code."""

    id: int | None
    code: str | None


class Roster(NamedTuple):
    """What executions refer to: keys and codes of the plan's rows."""

    plan_id: int
    plan_code: str
    agencies: list[tuple[int, str]]
    activities: list[tuple[int, str, list[Form]]]


def read_roster(connection: Any) -> Roster:  # noqa: ANN401 - a connection of either driver
    """Read what the plan has; only agencies that exist the whole year."""
    plan_id, plan_code = connection.execute("SELECT id, code FROM plan").fetchone()
    forms = {code: Form(key, code) for key, code in connection.execute("SELECT id, code FROM form")}
    agencies = connection.execute(
        "SELECT id, code FROM agency WHERE starts IS NULL AND ends IS NULL ORDER BY position"
    ).fetchall()
    activities = connection.execute("SELECT id, code, forms FROM activity ORDER BY position").fetchall()
    return Roster(
        plan_id,
        plan_code,
        agencies,
        [
            (key, code, [forms[form] for form in _json_list(taken)] or [Form(None, None)])
            for key, code, taken in activities
        ],
    )


def _json_list(value: Any) -> list[str]:  # noqa: ANN401 - SQLite gives JSON as text
    found: list[str] = json.loads(value) if isinstance(value, str) else value
    return found


class Writer:
    """Makes rows of drawn executions, as the program would write them, with their digests for the chain."""

    def __init__(self, roster: Roster, rows: int, seq: int) -> None:
        """Write so many executions in all chunks, as part of one change."""
        self._roster = roster
        self._rows = rows
        self._seq = seq
        # Most values are the same in many rows, and are encoded once.
        self._encoded = cache(lambda part: encode([part]))

    def chunk(self, number: int) -> tuple[list[Values], bytes]:
        """Give the rows of a chunk, and the bytes that they add to the digest of their change."""
        rows: list[Values] = []
        content = bytearray()
        agencies, activities = len(self._roster.agencies), len(self._roster.activities)
        for one in draw_executions(number, self._rows, agencies, activities):
            values, of_row = self._row(one)
            if not rows:
                self._check(one, values, of_row)
            rows.append(values)
            content += b"s9:execution" + _encode_int(one.no) + b"i1:1" + b"s64:" + of_row.encode()
        return rows, bytes(content)

    def _row(self, one: DrawnExecution) -> tuple[Values, str]:
        agency_id, agency = self._roster.agencies[one.agency]
        activity_id, activity, forms = self._roster.activities[one.activity]
        form = forms[int(one.form * len(forms))]
        day, amount, title = DAYS[one.day], one.amount * THOUSANDTHS, one.title
        encoded = self._encoded
        of_row = b"".join(
            (
                encoded(self._roster.plan_code),
                b"u36:018c8000-0000-7000-8%03x-%012x" % (one.no >> 48, one.no),
                _encode_int(one.no),
                b"i1:1",
                encoded(agency),
                encoded(activity),
                encoded(day),
                _encode_int(amount),
                encoded(form.code),
                b"b0",
                b"s%d:%s" % (len(title), title.encode()),
                b"nl0:nb0n",
            )
        )
        parts = (str(amount), "", title, "")
        whole = hashlib.sha256(b"".join(map(_length_prefixed, parts))).digest()
        details = int.from_bytes(whole[:8], "big", signed=True)
        values = (
            *(_uid(one.no), 1, one.no, self._roster.plan_id, agency_id, activity_id),
            *(day.isoformat(), amount, form.id, 0, title, None, "[]", None, details, 0, None),
            *(self._seq, OPEN),
        )
        return values, hashlib.sha256(of_row).hexdigest()

    def _check(self, one: DrawnExecution, values: Values, of_row: str) -> None:
        """Compare a row with what the program makes of the same execution."""
        _, agency = self._roster.agencies[one.agency]
        _, activity, forms = self._roster.activities[one.activity]
        execution = Execution(
            agency,
            activity,
            DAYS[one.day],
            one.amount * THOUSANDTHS,
            forms[int(one.form * len(forms))].code,
            title=one.title,
        )
        assert values[14] == execution.details(), "details differ from those of the program"
        covered = [self._roster.plan_code, UUID(_uid(one.no)), one.no, 1, *execution, False, None]
        assert of_row == digest(covered), "a digest differs from that of the program"


def _uid(no: int) -> str:
    """Give a UUID of version 7; all have one moment, in the order of the numbers."""
    return f"018c8000000070008{no:015x}"


def _encode_int(number: int) -> bytes:
    text = str(number)
    return f"i{len(text)}:{text}".encode()


@cache
def _cached_prefixed(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(8, "big") + encoded


def _length_prefixed(text: str) -> bytes:
    # Titles are all different; caching them would fill the memory.
    return _cached_prefixed.__wrapped__(text) if text.startswith("Tin ") else _cached_prefixed(text)
