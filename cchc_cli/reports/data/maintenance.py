"""The results of `verify`, `doctor` and `config` as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_cli.locale import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cchc_cli.domain.language.errors import Message
    from cchc_cli.domain.records.hash_chain import Head
    from cchc_cli.domain.results.health import HealthReport
    from cchc_cli.reports.data.formats import Document


def verify_document(head: Head, problems: list[tuple[str, Message]], notes: list[Message]) -> Document:
    """Give `cchc-verify/1`; `notes` say what was not checked."""
    return {
        "format": "cchc-verify/1",
        "ok": not problems,
        "count": head.links,
        "head": head.link,
        "problems": [{"kind": kind, "message": render(what)} for kind, what in problems],
        "notes": [render(note) for note in notes],
    }


def doctor_document(checkup: HealthReport) -> Document:
    """Give `cchc-doctor/1`."""
    return {
        "format": "cchc-doctor/1",
        "ok": checkup.ok,
        "facts": {str(name): render(value) for name, value in checkup.facts},
        "notes": [{"kind": note.kind, "message": render(note.what)} for note in checkup.notes],
    }


def settings_document(settings: Iterable[tuple[str, str | None, str]]) -> Document:
    """Put settings into `cchc-config/1`: name, value as it may be shown, where it comes from."""
    return {
        "format": "cchc-config/1",
        "settings": [
            {"name": name, "value": value, "origin": str(origin)} for name, value, origin in settings
        ],
    }
