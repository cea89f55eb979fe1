"""HTML that cannot come from a text: whatever is not markup of this program’s making is escaped on its way in."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from cchc_cli.domain.language.text import safe


class Markup(str):
    """HTML of this program’s own making."""

    __slots__ = ()


Child = str | Markup
Attribute = str | int | bool | None

_VOID = frozenset({"meta", "input", "br"})


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """Make an element; `class_` is class, `aria_label` is aria-label, True an attribute alone, None none."""
    start = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Markup(start if name in _VOID else f"{start}{together(*children)}</{name}>")


def together(*children: Child) -> Markup:
    """Put pieces one after another."""
    return Markup("".join(child if isinstance(child, Markup) else _text(child) for child in children))


def _text(text: str) -> str:
    return escape(safe(text), quote=False)


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(safe(str(value)))}"'


def json_text(document: Any) -> Markup:  # noqa: ANN401 - whatever JSON can hold
    """Write JSON that may stand inside a script element: nothing in it ends the element or begins another."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_IN_SCRIPT))


_IN_SCRIPT = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
