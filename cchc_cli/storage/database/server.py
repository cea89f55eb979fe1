"""The URL of a PostgreSQL database: parsed, and shown without its password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote

from cchc_cli.domain.language.errors import InputError, message

if TYPE_CHECKING:
    from collections.abc import Mapping

_SERVER = (
    r"(?P<scheme>[\w+]+)://"
    r"(?:(?P<user>[^:/@]*)(?::(?P<password>[^@]*))?@)?"
    r"(?:\[(?P<ipv6>[^/?]+)\]|(?P<host>[^/:?]*))(?::(?P<port>\d*))?"
    r"(?:/(?P<name>[^?]*))?(?:\?(?P<query>.*))?"
)


class Server:
    """A PostgreSQL database; `options` are the driver's connection options, with any password."""

    __slots__ = ("options",)

    def __init__(self, options: Mapping[str, str]) -> None:
        """Keep the options; they are never shown as a whole."""
        self.options = options

    @property
    def database(self) -> str:
        """Give the name of the database on its server."""
        return self.options.get("dbname", "")

    @property
    def name(self) -> str:
        """Give its URL without any password; the query is left out, since it may hold one."""
        user, password = self.options.get("user"), self.options.get("password")
        who = f"{quote(user, safe='')}{':***' if password else ''}@" if user else ""
        host = self.options.get("host", "")
        place = f"[{host}]" if ":" in host else ("" if host.startswith("/") else host)
        port = f":{self.options['port']}" if "port" in self.options else ""
        return f"postgresql://{who}{place}{port}/{self.database}"

    @property
    def secrets(self) -> list[str]:
        """Give the values that must not be shown."""
        return [value for name, value in self.options.items() if "password" in name and value]


def parse_server(target: str) -> Server:
    """Parse the URL of a server; the InputError that it may raise shows no part of it but the scheme."""
    found = re.fullmatch(_SERVER, target)
    scheme = target.partition(":")[0]
    if scheme.partition("+")[0].lower() not in {"postgresql", "postgres"}:
        raise InputError(
            message(
                "a database URL begins with sqlite:/// or postgresql://, not with {scheme}://", scheme=scheme
            )
        )
    if found is None:
        # The URL itself is not shown: it may hold a password.
        raise InputError(
            message("the database URL cannot be read; write postgresql://USER:PASSWORD@HOST:PORT/NAME")
        )
    try:
        import psycopg  # noqa: F401, PLC0415 - only where the database is on a server
    except ImportError:
        raise InputError(
            message("PostgreSQL needs its driver; install it with: pip install 'cchc[postgres]'")
        ) from None
    parts = {
        "user": found["user"],
        "password": found["password"],
        "host": found["ipv6"] or found["host"],
        "port": found["port"],
        "dbname": found["name"],
    }
    options = {name: unquote(part) for name, part in parts.items() if part}
    return Server({**options, **dict(parse_qsl(found["query"] or "", keep_blank_values=True))})
