"""The chart of growth as SVG: both axes are logarithmic; it has a light and a dark theme."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Point = tuple[float, float]
"""Executions, seconds; both above 0."""

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 150, 40, 52

_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600 }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .curve { fill: none; stroke-width: 2.5 }
  .a { stroke: #0b5cad } .a-dot, .a-text { fill: #0b5cad }
  .b { stroke: #a14000 } .b-dot, .b-text { fill: #a14000 }
  .c { stroke: #19692c } .c-dot, .c-text { fill: #19692c }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .grid { stroke: #3d444d }
    .a { stroke: #6cb6ff } .a-dot, .a-text { fill: #6cb6ff }
    .b { stroke: #f0a35e } .b-dot, .b-text { fill: #f0a35e }
    .c { stroke: #6bd48a } .c-dot, .c-text { fill: #6bd48a }
  }
"""


class _Axis:
    """Maps values to positions on one axis."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        """Span whole powers of ten around the values."""
        self._low = math.floor(math.log10(min(values)))
        self._high = max(math.ceil(math.log10(max(values))), self._low + 1)
        self._begin, self._end = begin, end

    def position(self, value: float) -> float:
        """Give the position of a value."""
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return round(self._begin + share * (self._end - self._begin), 1)

    def powers(self) -> list[float]:
        """Give the powers of ten for grid lines."""
        return [10.0**power for power in range(self._low, self._high + 1)]


def _seconds(value: float) -> str:
    return f"{value:g} s" if value >= 1 else f"{value * 1000:g} ms"


def _label_positions(wanted: Sequence[float], apart: float = 16) -> list[float]:
    """Move labels down where they would overlap."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    found = list(wanted)
    for before, index in pairwise(order):
        found[index] = max(found[index], found[before] + apart)
    return found


def growth_svg(curves: Mapping[str, Sequence[Point]], title: str) -> str:
    """Draw up to three curves, each labelled at its end; raises ValueError for more."""
    points = [point for places in curves.values() for point in places]
    across = _Axis([executions for executions, _ in points], _LEFT, _WIDTH - _RIGHT)
    up = _Axis([seconds for _, seconds in points], _HEIGHT - _BOTTOM, _TOP)
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}">',
        f"<style>{_STYLE}</style>",
        f'<text class="title" x="{_LEFT}" y="22">{title}</text>',
    ]
    for value in across.powers():
        x = across.position(value)
        parts.append(f'<line class="grid" x1="{x}" y1="{_TOP}" x2="{x}" y2="{bottom}"/>')
        parts.append(f'<text x="{x}" y="{bottom + 20}" text-anchor="middle">{value:,.0f}</text>')
    for value in up.powers():
        y = up.position(value)
        parts.append(f'<line class="grid" x1="{_LEFT}" y1="{y}" x2="{right}" y2="{y}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{_seconds(value)}</text>')
    parts.append(
        f'<text x="{(_LEFT + right) / 2}" y="{_HEIGHT - 10}" text-anchor="middle">executions in the database</text>'
    )
    ends = _label_positions([up.position(places[-1][1]) for places in curves.values()])
    for letter, (name, places), end in zip("abc"[: len(curves)], curves.items(), ends, strict=True):
        drawn = [(across.position(executions), up.position(seconds)) for executions, seconds in places]
        line = " ".join(f"{x},{y}" for x, y in drawn)
        parts.append(f'<polyline class="curve {letter}" points="{line}"/>')
        parts += [f'<circle class="{letter}-dot" cx="{x}" cy="{y}" r="4"/>' for x, y in drawn]
        parts.append(f'<text class="{letter}-text" x="{drawn[-1][0] + 10}" y="{end + 4}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
