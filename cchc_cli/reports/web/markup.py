"""Builds HTML; all text that is not `Markup` is escaped."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from cchc_cli.domain.language.text import safe


class Markup(str):
    """HTML written by this program, as opposed to text."""

    __slots__ = ()


Child = str | Markup
Attribute = str | int | bool | None

_VOID = frozenset({"meta", "input", "br"})


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """Make an element.

    `class_` becomes class, `aria_label` becomes aria-label; True gives an attribute without value, None and
    False give none.
    """
    start = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Markup(start if name in _VOID else f"{start}{join(*children)}</{name}>")


def join(*children: Child) -> Markup:
    """Concatenate pieces."""
    return Markup("".join(child if isinstance(child, Markup) else _escaped(child) for child in children))


def _escaped(text: str) -> str:
    return escape(safe(text), quote=False)


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(safe(str(value)))}"'


def json_text(document: Any) -> Markup:  # noqa: ANN401 - whatever JSON can hold
    """Write JSON for a script element, with escapes so that no text can end the element."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_IN_SCRIPT))


_IN_SCRIPT = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
