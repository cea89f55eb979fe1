"""Names in a database, for completion and settings: fast, and without creating or migrating the database."""

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

_TIMEOUT = 2
"""Seconds to wait for a server."""

Name = tuple[str, str]
"""A code, and its name or title."""


def known_names(target: str, kind: str, plan: str | None) -> list[Name]:
    """Give the codes of a kind: `plans`, `agencies`, `activities` or `reviews`.

    Those of the named plan, or of all plans where it does not exist or none is named. An empty list where
    there is no database yet, or one that needs a migration: nothing is created or changed here.
    """
    database = _connect_with_timeout(connect(target))
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
    """Give the code and name of the agency or plan that a setting names; an agency of the named plan, or of any.

    None where there is no database yet, none of this revision, or no plan in it. Raises InputError where
    nothing has that name, or several have.
    """
    database = _connect_with_timeout(connect(target))
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
    coded = [code for code in found if code.casefold() == text.casefold()]
    if len(found) > 1 and not coded:
        raise InputError(
            message("“{text}” can mean {meanings}; write the code", text=text, meanings=sorted(found))
        )
    code = (coded or list(found))[0]
    return code, found[code]


def _connect_with_timeout(database: Database) -> Database:
    if database.server is None:
        return database
    from cchc_cli.storage.database.server import Server  # noqa: PLC0415 - only for PostgreSQL

    return Database(None, Server({"connect_timeout": str(_TIMEOUT), **database.server.options}))
