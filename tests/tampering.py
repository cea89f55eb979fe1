"""Alterations of a database by machine, past the program and its guards: every column, row and object of the schema.

Each alteration is made in a savepoint of one transaction and undone afterwards, so that thousands of them are quick.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from sqlalchemy import JSON, Boolean, Date, Text, Uuid

from cchc_cli.domain.language.errors import CchcError
from cchc_cli.domain.records.hash_chain import EMPTY_CHAIN
from cchc_cli.services.maintenance.backup import back_up
from cchc_cli.services.maintenance.verification import verify
from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.plans.listing import versions_of_plan
from cchc_cli.services.questions.assessment import assess
from cchc_cli.services.questions.dues import list_dues
from cchc_cli.services.questions.history import evidence_of, history, versions
from cchc_cli.services.questions.plan_choice import NamedPlan
from cchc_cli.services.questions.question import Question
from cchc_cli.services.recording.corrections import Correction, amend
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.recording.record import record
from cchc_cli.services.recording.voiding import void
from cchc_cli.services.recording.waivers import list_waivers, stop_waiving, waive
from cchc_cli.services.reviews.closing import close_review, list_reviews
from cchc_cli.services.reviews.report import make_report
from cchc_cli.storage.audit.server_schema import server_objects
from cchc_cli.storage.database.connection import Connection
from cchc_cli.storage.database.database import Database, connect
from cchc_cli.storage.migrations.opening import open_database
from cchc_cli.storage.schema.columns import Moment
from cchc_cli.storage.schema.tables import metadata
from tests.small_plan import FIXED, plan_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Column, Table

NOW = datetime(2024, 5, 15, 5, tzinfo=UTC)


# --- a small database with at least two rows of everything ----------------------------------------------------------


def build(target: str, folder: Path) -> str:
    """Make the database; where it is a file, give a backup of it, which also holds the files of evidence."""
    moments = (NOW + timedelta(minutes=number) for number in range(1000))
    small = plan_text(frame=FIXED)
    other = small.replace("code: small", "code: other").replace("at_least: 15", "at_least: 20")
    for number, text in enumerate(
        (small, small.replace("at_least: 15", "at_least: 12"), other, other + "\n")
    ):
        path = folder / f"plan{number}.yaml"
        path.write_text(text, "utf-8")
        import_plan(path, target, author="Lan", now=next(moments))
    database = open_database(target, create=False)
    assert database is not None
    small_plan = NamedPlan("small")
    photos = [folder / f"ảnh {number}.jpg" for number in range(2)]
    for number, photo in enumerate(photos):
        photo.write_bytes(b"\xff\xd8" * (number + 1))
    for draft in (
        Draft("dai-buon-ho", "A.1", "2024-02-14", "20", "radio", title="Số 1", evidence=("https://a.vn/1",)),
        Draft("dai-buon-ho", "A.1", "2024-02-14", "20", "radio", repeat=True, title="Số 1", note="phát lại"),
        Draft("dai-buon-ho", "A.1", "2024-03-14", "15", "web", title="Số 2", evidence=(str(photos[0]),)),
        Draft("dai-buon-ho", "A.1", "2024-04-14", "15.5", "radio", title="Số 3", external_id="BH-01"),
        Draft("dai-buon-ho", "A.1", "2024-04-14", "15.5", "radio", repeat=True, external_id="BH-02"),
        Draft("ea-drong", "A.2", "2024-01-20", "2", "panel", evidence=(str(photos[1]), "https://a.vn/2")),
        Draft("buon-ho", "A.2", "2024-02-20", "1", "panel", title="Pa nô", note="ngã ba"),
        Draft("so-noi-vu", "A.3", "2024-03-31", "82.5"),
        Draft("so-noi-vu", "A.3", "2024-04-30", "90", note="sơ bộ"),
        Draft("so-noi-vu", "A.4", "2024-02-01", title="Hội nghị quý I"),
        Draft("so-noi-vu", "A.4", "2024-05-02", title="Hội nghị quý II"),
    ):
        record(database, draft, plan=small_plan, author="Hoa", now=next(moments))
    for agency in ("so-noi-vu", "dai-buon-ho"):
        activity = "A.4" if agency == "so-noi-vu" else "A.1"
        form = None if activity == "A.4" else "radio"
        draft = Draft(agency, activity, "2024-04-03", "1" if form is None else "25", form)
        record(database, draft, plan=NamedPlan("other"), author="Hoa", now=next(moments))
    amend(database, "1", Correction(amount="12"), reason="nhầm", author="Lan", now=next(moments))
    amend(database, "4", Correction(title="khác"), reason="tên", author="Lan", now=next(moments))
    void(database, "5", reason="trùng", author="Lan", now=next(moments))
    void(database, "9", reason="sai số", author="Lan", now=next(moments))
    for duty, agency, document in (
        ("A.1/minutes", "dai-buon-ho", "12/CV"),
        ("A.4", "so-noi-vu", None),
        ("A.2", "ea-drong", "13/CV"),
        ("A.3", "so-noi-vu", None),
    ):
        waive(
            database, duty, plan=small_plan, agency=agency, start="2024-05-01", end="2024-06-30",
            reason=f"lý do {duty}", document=document, author="Lan", now=next(moments),
        )  # fmt: skip
    for no in (2, 4):
        stop_waiving(database, no, reason="xong", author="Lan", now=next(moments))
    for review in ("past", "running"):
        close_review(database, Question(next(moments), small_plan, review=review), again=False, author="Lan")
    record(
        database,
        Draft("so-noi-vu", "A.4", "2024-03-05", title="Sau chốt"),
        plan=small_plan,
        author="Hoa",
        now=next(moments),
    )
    assert verify(database, None).problems == []
    if database.path is None:
        return target
    back_up(database, folder / "backup.db", next(moments))
    return str(folder / "backup.db")


# --- one transaction that everything reads --------------------------------------------------------------------------


class Held(Database):
    """A database of which everything is read in one transaction, with what was altered in it."""

    __slots__ = ("connection",)

    def __init__(self, database: Database, connection: Connection) -> None:
        """Take the open transaction."""
        super().__init__(database.path, database.server)
        self.connection = connection

    @contextmanager
    def reading(self, *, on: Any = None, use_sqlalchemy: bool = False) -> Iterator[Connection]:  # noqa: ANN401 - as above
        """Give the transaction."""
        del on, use_sqlalchemy
        yield self.connection


@contextmanager
def held(target: str) -> Iterator[Held]:
    """Open a transaction that is rolled back at the end."""
    database = connect(target)
    with database.engine().connect() as core:
        driver: Any = core.connection.driver_connection
        if database.path:
            for pragma in ("foreign_keys = OFF", "recursive_triggers = OFF"):
                driver.execute(f"PRAGMA {pragma}")
        with core.begin() as transaction:
            yield Held(database, Connection(driver, core))
            transaction.rollback()


def answers(database: Database) -> list[str]:
    """Give what the program answers: statuses, histories, reports, waivers, reviews, plans and evidence."""
    questions = [
        Question(NOW + timedelta(days=30), NamedPlan(plan), known_at=known, as_of=day)
        for plan in ("small", "other")
        for known in (None, (NOW + timedelta(minutes=16, seconds=30)).isoformat())
        for day in ("2024-05-14", "2024-03-20")
    ]
    found: list[str] = []

    def ask(question: Callable[..., object], *arguments: object) -> None:
        try:
            found.append(re.sub(r" object at 0x[0-9a-f]+", "", repr(question(*arguments))))
        except (
            CchcError,
            sqlite3.Error,
            psycopg.Error,
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
        ) as error:
            found.append(repr(error))

    def whole_history(question: Question) -> object:
        with history(database, question) as (plan, rows):
            return plan, list(rows)

    for question in questions:
        ask(lambda one: assess(database, one)._replace(chain=EMPTY_CHAIN), question)
        ask(whole_history, question)
        ask(list_dues, database, question, "52w")
    for review in ("past", "running"):
        ask(make_report, database, Question(NOW + timedelta(days=90), NamedPlan("small"), review=review))
    for plan in ("small", "other"):
        for listed in (list_waivers, list_reviews, versions_of_plan):
            ask(listed, database, NamedPlan(plan), NOW + timedelta(days=30))
    for no in range(1, 16):
        ask(versions, database, str(no))
        ask(evidence_of, database, str(no))
    return found


# --- alterations ----------------------------------------------------------------------------------------------------


class Alteration(NamedTuple):
    """One alteration: what it is, and the function that makes it in an open transaction; that may be refused."""

    name: str
    apply: Callable[[Connection], None]


class Outcome(NamedTuple):
    """What became of an alteration: refused by the database, without effect, named by `verify`, harmless, or missed."""

    name: str
    result: str


REFUSALS = (sqlite3.Error, psycopg.Error, OverflowError)


def try_all(target: str, alterations: Callable[[Connection], Iterator[Alteration]]) -> Iterator[Outcome]:
    """Make each alteration, verify, and undo it."""
    with held(target) as database:
        connection = database.connection
        before, state = answers(database), _state(connection)
        assert verify(database, None).problems == []
        for one in list(alterations(connection)):
            connection.driver.execute("SAVEPOINT altered")
            try:
                yield Outcome(one.name, _result(database, one, before, state))
            finally:
                connection.driver.execute("ROLLBACK TO altered")
                connection.driver.execute("RELEASE altered")
        assert _state(connection) == state


def _result(database: Held, one: Alteration, before: list[str], state: object) -> str:
    try:
        one.apply(database.connection)
    except REFUSALS:
        return "refused"
    if verify(database, None).problems:
        return "named"
    if _state(database.connection) == state:
        return "without effect"
    return "harmless" if answers(database) == before else "missed"


def _state(connection: Connection) -> object:
    """Give every value of every table, with its storage class, in the order of rows; and the schema."""
    rows = {
        table.name: connection.driver.execute(
            f'SELECT {_raw_columns(connection, table)} FROM "{table.name}"'  # noqa: S608
        ).fetchall()
        for table in metadata.sorted_tables
    }
    if connection.is_sqlite:
        return rows, connection.driver.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
        ).fetchall()
    return {name: sorted(map(repr, found)) for name, found in rows.items()}, server_objects(connection)


def _raw_columns(connection: Connection, table: Table) -> str:
    if connection.is_sqlite:
        return ", ".join(
            f'typeof("{column.name}"), CAST("{column.name}" AS BLOB)' for column in table.columns
        )
    return ", ".join(f'"{column.name}"::text' for column in table.columns)


# --- values and rows ------------------------------------------------------------------------------------------------


def value_alterations(connection: Connection) -> Iterator[Alteration]:
    """Alter each column in two rows: a value that is read alike, another row's value, NULL, another type."""
    for table in metadata.sorted_tables:
        rows = _rows(connection, table)
        assert len(rows) >= 2, table.name
        for column in table.columns:
            place = [one.name for one in table.columns].index(column.name)
            for row in (rows[0], rows[-1]):
                others = [other[place] for other in rows if other[place] != row[place]]
                values = [*others[:1], None, *_written_otherwise(connection, column, row[place])]
                for value in values:
                    name = f"{table.name}.{column.name} {row[place]!r:.40} → {value!r:.40}"
                    yield Alteration(name, _setter(table, column, row, value))


def _rows(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    listed = ", ".join(
        f'"{column.name}"' if connection.is_sqlite else f'"{column.name}"::text' for column in table.columns
    )
    order = ", ".join(f'"{column.name}"' for column in table.primary_key)
    return connection.driver.execute(f'SELECT {listed} FROM "{table.name}" ORDER BY {order}').fetchall()  # type: ignore[no-any-return]  # noqa: S608


def _written_otherwise(connection: Connection, column: Column[Any], value: Any) -> list[Any]:  # noqa: ANN401 - any value
    """Give values that are read alike, or are of another type."""
    if not connection.is_sqlite:
        return [value.replace(", ", ",") + " "] if isinstance(column.type, JSON) and value else []
    text = "" if value is None else value.decode("latin-1") if isinstance(value, bytes) else str(value)
    found: list[Any] = [text.encode(), f"{text}\0", f"{text} ", 1.5, 2, "", b""]
    if isinstance(column.type, Boolean):
        found += [2 if value else "no", "0"]
    if isinstance(column.type, Date):
        found += [text.replace("-", ""), f"{text}T00:00:00", text.replace("-0", "-")]
    if isinstance(column.type, Moment):
        found += [text.replace(" ", "T"), f"{text}+00:00", text.replace(".", ","), text[:19]]
    if isinstance(column.type, Uuid):
        found += [text.upper(), f"{{{text}}}", f"{text[:8]}-{text[8:]}"]
    if isinstance(column.type, JSON):
        found += [
            text.replace(", ", ",") + " ",
            text.replace("[", "[ "),
            re.sub(r"\\u([0-9a-f]{4})", _plain, text),
        ]
    if isinstance(column.type, Text) and value:
        found += [value.swapcase()]
    return found


def _plain(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _where(connection: Connection, table: Table, row: tuple[Any, ...]) -> tuple[str, list[Any]]:
    keys = [(column.name, row[place]) for place, column in enumerate(table.columns) if column.primary_key]
    mark, cast = ("?", "") if connection.is_sqlite else ("%s", "::text")
    return " AND ".join(f'"{name}"{cast} = {mark}' for name, _ in keys), [value for _, value in keys]


def _setter(
    table: Table,
    column: Column[Any],
    row: tuple[Any, ...],
    value: Any,  # noqa: ANN401
) -> Callable[[Connection], None]:
    def apply(connection: Connection) -> None:
        where, keys = _where(connection, table, row)
        mark = "?" if connection.is_sqlite else "%s"
        with _unguarded(connection, table):
            connection.driver.execute(
                f'UPDATE "{table.name}" SET "{column.name}" = {mark} WHERE {where}',  # noqa: S608
                [value, *keys],
            )

    return apply


def row_alterations(connection: Connection) -> Iterator[Alteration]:
    """Delete each row, double it with another key, and swap its values with those of the next row."""
    for table in metadata.sorted_tables:
        rows = _rows(connection, table)
        for number, row in enumerate(rows):
            yield Alteration(f"{table.name} row {number} deleted", _deleter(table, row))
            for place, column in enumerate(table.columns):
                if column.primary_key:
                    name = f"{table.name} row {number} doubled with another {column.name}"
                    yield Alteration(name, _doubler(table, row, place, [one[place] for one in rows]))
            if number:
                yield Alteration(
                    f"{table.name} rows {number - 1} and {number} swapped",
                    _swapper(table, rows[number - 1], row),
                )


def _deleter(table: Table, row: tuple[Any, ...]) -> Callable[[Connection], None]:
    def apply(connection: Connection) -> None:
        where, keys = _where(connection, table, row)
        with _unguarded(connection, table):
            connection.driver.execute(f'DELETE FROM "{table.name}" WHERE {where}', keys)  # noqa: S608

    return apply


def _doubler(
    table: Table, row: tuple[Any, ...], place: int, known: list[Any]
) -> Callable[[Connection], None]:
    def apply(connection: Connection) -> None:
        copy = list(row)
        copy[place] = _another_key(list(table.columns)[place], known)
        with _unguarded(connection, table):
            _insert(connection, table, copy)

    return apply


def _another_key(column: Column[Any], known: list[Any]) -> Any:  # noqa: ANN401 - any key
    if isinstance(column.type, Boolean):
        return next(value for value in (0, 1, "false", "true") if value not in known)
    if isinstance(column.type, Date):
        return "2024-12-01"
    if isinstance(column.type, Uuid):
        return max(known)[:-4].ljust(len(max(known)), "f")
    if isinstance(column.type, Text):
        return max(known)[:-1] + "~"
    return max(map(int, known)) + 1


def _insert(connection: Connection, table: Table, row: list[Any]) -> None:
    mark = "?" if connection.is_sqlite else "%s"
    connection.driver.execute(
        f'INSERT INTO "{table.name}" VALUES ({", ".join([mark] * len(row))})',  # noqa: S608
        row,
    )


def _swapper(table: Table, first: tuple[Any, ...], second: tuple[Any, ...]) -> Callable[[Connection], None]:
    def apply(connection: Connection) -> None:
        keys = [place for place, column in enumerate(table.columns) if column.primary_key]
        with _unguarded(connection, table):
            for row in (first, second):
                where, values = _where(connection, table, row)
                connection.driver.execute(f'DELETE FROM "{table.name}" WHERE {where}', values)  # noqa: S608
            for row, other in ((first, second), (second, first)):
                _insert(
                    connection,
                    table,
                    [row[place] if place in keys else other[place] for place in range(len(row))],
                )

    return apply


@contextmanager
def _unguarded(connection: Connection, table: Table) -> Iterator[None]:
    """Drop the guards of a table and its constraints as far as they can be dropped, and put them back."""
    driver = connection.driver
    if not connection.is_sqlite:
        driver.execute("SET LOCAL session_replication_role = replica")
        yield
        driver.execute("SET LOCAL session_replication_role = origin")
        return
    triggers = driver.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", [table.name]
    ).fetchall()
    for name, _ in triggers:
        driver.execute(f'DROP TRIGGER "{name}"')
    driver.execute("PRAGMA ignore_check_constraints = ON")
    yield
    driver.execute("PRAGMA ignore_check_constraints = OFF")
    for _, sql in triggers:
        driver.execute(sql)


# --- objects of the schema ------------------------------------------------------------------------------------------


def schema_alterations(connection: Connection) -> Iterator[Alteration]:
    """Drop each object of the schema, put something else in its place, and add others."""
    found = _sqlite_schema(connection) if connection.is_sqlite else _server_schema(connection)
    for name, *statements in found:
        yield Alteration(name, _runner(statements))


def _runner(statements: list[str]) -> Callable[[Connection], None]:
    def apply(connection: Connection) -> None:
        for statement in statements:
            connection.driver.execute(statement)

    return apply


def _sqlite_schema(connection: Connection) -> Iterator[tuple[str, ...]]:
    objects = connection.driver.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    ).fetchall()
    for kind, name, table, sql in objects:
        drop = f"DROP {kind} {name}"
        yield f"{kind} {name} dropped", drop
        if kind == "trigger":
            yield f"{name} never fires", drop, re.sub(r" BEGIN .*", " BEGIN SELECT 1; END", sql)
        elif kind == "index":
            column = re.findall(r"\((\w+)", sql)[0]
            yield f"{name} on one column", drop, f"CREATE INDEX {name} ON {table} ({column})"
            yield f"{name} with text added", drop, f"{sql} /* */"
        else:
            away = f"ALTER TABLE {name} RENAME TO kept_{name}"
            rows = f"AS SELECT * FROM kept_{name}"  # noqa: S608
            yield f"table {name} without constraints", away, f"CREATE TABLE {name} {rows}"
            yield f"view {name}", away, f"CREATE VIEW {name} {rows}"
            yield f"{name} with a column", f"ALTER TABLE {name} ADD COLUMN more TEXT"
            yield f"index on {name}", f"CREATE INDEX more ON {name} ({_first_column(connection, name)})"
            yield f"trigger on {name}", f"CREATE TRIGGER more AFTER INSERT ON {name} BEGIN SELECT 1; END"
            yield f"view over {name}", f"CREATE VIEW more AS SELECT * FROM {name}"  # noqa: S608
    yield "a table", "CREATE TABLE more (x)"


def _first_column(connection: Connection, table: str) -> str:
    return str(connection.driver.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchone()[0])  # noqa: S608


def _server_schema(connection: Connection) -> Iterator[tuple[str, ...]]:
    for (kind, name), definition in sorted(server_objects(connection).items()):
        table, _, part = name.partition(".")
        alter = f"ALTER TABLE {table}"
        match kind:
            case "table":
                yield f"{name} dropped", f"DROP TABLE {name} CASCADE"
                yield f"view {name}", f"{alter} RENAME TO kept", f"CREATE VIEW {name} AS SELECT * FROM kept"  # noqa: S608
                yield f"{name} has a child", f"CREATE TABLE more () INHERITS ({name})"
                yield f"row security of {name}", f"{alter} ENABLE ROW LEVEL SECURITY"
                yield f"forced row security of {name}", f"{alter} FORCE ROW LEVEL SECURITY"
                yield f"policy of {name}", f"CREATE POLICY more ON {name} USING (false)"
                yield f"rule of {name}", f"CREATE RULE more AS ON INSERT TO {name} DO INSTEAD NOTHING"
                yield (
                    f"trigger of {name}",
                    f"CREATE TRIGGER more BEFORE INSERT ON {name} EXECUTE FUNCTION cchc_refuse()",
                )
                yield f"column of {name}", f"{alter} ADD COLUMN more int"
                yield f"unlogged {name}", f"{alter} SET UNLOGGED"
                yield f"all triggers of {name} off", f"{alter} DISABLE TRIGGER ALL"
            case "column":
                yield f"{name} dropped", f"{alter} DROP COLUMN {part} CASCADE"
                yield f"{name} has a default", f"{alter} ALTER {part} SET DEFAULT NULL"
                yield f"{name} may be null", f"{alter} ALTER {part} DROP NOT NULL"
                if "text" in definition:
                    yield f"{name} is compared otherwise", f'{alter} ALTER {part} TYPE text COLLATE "C"'
            case "constraint":
                drop, made = f"{alter} DROP CONSTRAINT {part} CASCADE", re.sub(r" [tf]$", "", definition)
                yield f"{name} dropped", drop
                yield f"{name} not validated", drop, f"{alter} ADD CONSTRAINT {part} {made} NOT VALID"
                yield f"{name} is a check", drop, f"{alter} ADD CONSTRAINT {part} CHECK (true)"
            case "index":
                yield f"index {name} dropped", f"DROP INDEX {name}"
                on = re.findall(r" ON (\w+) .*?\((\w+)", definition)[0]
                yield (
                    f"index {name} otherwise",
                    f"DROP INDEX {name}",
                    f"CREATE INDEX {name} ON {on[0]} ({on[1]} DESC)",
                )
            case "trigger":
                yield f"{name} dropped", f"DROP TRIGGER {part} ON {table}"
                yield f"{name} off", f"{alter} DISABLE TRIGGER {part}"
                yield f"{name} only for replicas", f"{alter} ENABLE REPLICA TRIGGER {part}"
                made = re.sub(r" WHEN .* EXECUTE| EXECUTE", " WHEN (false) EXECUTE", definition)[:-2]
                yield f"{name} never fires", f"DROP TRIGGER {part} ON {table}", made
            case "sequence":
                yield f"{name} by two", f"ALTER SEQUENCE {name} INCREMENT BY 2"
            case "function":
                body = "$$ BEGIN /* RAISE EXCEPTION */ RETURN NEW; END $$"
                yield (
                    f"{name} does nothing",
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {body}",
                )
