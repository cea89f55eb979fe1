"""The names that a database holds, for completion and for settings: quick, and never the cause of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.domain.language.errors import InputError, message
from cchc_cli.domain.language.text import safe
from cchc_cli.domain.plan.fields import unknown_word
from cchc_cli.services.questions.lookup import find_agency
from cchc_cli.storage.database.database import Database, connect
from cchc_cli.storage.plans.names import names
from cchc_cli.storage.plans.plans import load_agencies, plan_heads
from cchc_cli.storage.schema.revisions import is_ready

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.storage.database.connection import Connection
    from cchc_cli.storage.plans.plans import PlanHead

_PATIENCE = 2
"""Seconds after which a server that does not answer has no names."""

Name = tuple[str, str]
"""A code, and what it stands for, ready to be shown."""


def known_names(target: str, kind: str, plan: str | None) -> list[Name]:
    """Give the codes of a kind: `plans`, `agencies`, `activities` or `reviews`.

    Those of one plan where one is named that is there, else of all. None where there is no database yet, or
    one that would have to be migrated first: nothing is created or changed here.
    """
    database = _impatient(connect(target))
    if not is_ready(database):
        return []
    with database.reading() as connection:
        return [(code, safe(name)) for code, name in dict(_names(connection, kind, plan)).items()]


def _names(connection: Connection, kind: str, plan: str | None) -> Iterator[Name]:
    heads = plan_heads(connection)
    if kind == "plans":
        yield from ((head.code, head.title) for head in heads)
        return
    named = [head for head in heads if plan and head.code.casefold() == plan.strip().casefold()]
    for head in named or heads:
        yield from names(connection, kind, head.id)


def known_value(target: str, setting: str, value: str, plan: str | None) -> Name | None:
    """Give the code and name of what a setting `agency` or `plan` means, in one plan where it is there, else in any.

    None where the database cannot tell: there is none yet, none of this version, or no plan in it. Raises
    InputError where it can, and has nothing of that name or several.
    """
    database = _impatient(connect(target))
    if not is_ready(database):
        return None
    with database.reading() as connection:
        heads = plan_heads(connection)
        if not heads:
            return None
        codes = {head.code.casefold(): head for head in heads}
        if setting == "plan":
            head = codes.get(value.casefold())
            if head is None:
                raise InputError(unknown_word(message("plan"), value, [head.code for head in heads]))
            return head.code, head.title
        named = codes.get((plan or "").strip().casefold())
        return _known_agency(connection, [named] if named else heads, value)


def _known_agency(connection: Connection, heads: list[PlanHead], text: str) -> Name:
    found: dict[str, str] = {}
    refused: list[InputError] = []
    for head in heads:
        try:
            key = find_agency(connection, head.id, text)
        except InputError as error:
            refused.append(error)
        else:
            agency = load_agencies(connection, head.id, [key])[key]
            found[agency.code] = agency.shown
    if not found:
        raise refused[0]
    if len(found) > 1:
        raise InputError(
            message("“{text}” can mean {agencies}; write the code", text=text, agencies=sorted(found))
        )
    return next(iter(found.items()))


def _impatient(database: Database) -> Database:
    if database.server is None:
        return database
    from cchc_cli.storage.database.server import Server  # noqa: PLC0415 - only where the database is on a server

    return Database(None, Server({"connect_timeout": str(_PATIENCE), **database.server.options}))
