"""How the time of three commands grows with the number of executions: a table and a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.bench import DECISION, STATION, Bench, Line, cpu, wall
from benchmarks.data import AS_OF
from benchmarks.measure import Spread, alternate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Point(NamedTuple):
    """The seconds that a command took on a database of some size."""

    command: str
    executions: int
    cpu: Spread
    wall: Spread


def growth(bench: Bench) -> Iterator[Point]:
    """Measure each command on every size in turn."""
    for name, arguments in _commands(bench):
        works = [bench.runner(bench.filled_database(DECISION, size), arguments) for size in bench.sizes]
        for size, costs in zip(bench.sizes, alternate(bench.runs_of_slow, *works), strict=True):
            yield Point(name, size, Spread.of(cpu(costs)), Spread.of(wall(costs)))


def _commands(bench: Bench) -> list[tuple[str, Callable[[], Sequence[str]]]]:
    return [
        ("log", bench.log_command),
        ("status --agency", lambda: ("status", "--agency", STATION)),
        ("status of all 240", lambda: ("status", "--as-of", AS_OF)),
    ]


def lines(points: Sequence[Point]) -> Iterator[Line]:
    """Give a line for each command: its largest database against its smallest."""
    for name in dict.fromkeys(point.command for point in points):
        measured = [point for point in points if point.command == name]
        first, last = measured[0], measured[-1]
        yield Line(
            f"growth of {name}, {last.executions:,} executions",
            f"CPU {last.cpu.text(1000, ' ms')}; wall {last.wall.text(1000, ' ms')}",
            f"with {first.executions:,}: CPU {first.cpu.text(1000, ' ms')}; wall {first.wall.text(1000, ' ms')}",
            f"{last.cpu.median / first.cpu.median:.2f} ×",
            note="bundled plan; medians of CPU",
        )
