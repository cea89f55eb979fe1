"""Hostile plan files and rows files, made up by changing good ones: `python -m tests.fuzz`.

Whatever the bytes are, reading them gives a plan or rows, or our own error; within a bounded time and
memory. Each input is read in a process of its own making, which may die without the fuzzer dying. What
an input must not do is told at the end, with a file for each kind of failure; such files belong into
`tests/data/corpus`, which `tests/test_corpus.py` replays.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import io
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl

from cchc_cli.domain.language.errors import CchcError, InputError, Message
from cchc_cli.locale import render, set_language
from cchc_cli.services.files.plan_file import bundled_folder, read_plan_file
from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.questions.assessment import assess
from cchc_cli.services.questions.question import Question
from cchc_cli.services.rows.reader import read_rows
from cchc_cli.services.rows.recording import record_rows
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.migrations.opening import open_database
from tests.small_plan import FIXED, plan_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MEGABYTES = 200
"""What reading one file may take beyond what the program takes to start."""
SECONDS = {".yaml": 1.0, ".csv": 2.0, ".xlsx": 2.0}
"""From here on the fuzzer calls a file slow. It is time of the processor, whatever else is running."""
HANGS = 10.0
"""A file that is read for so long hangs."""

_MOMENT = datetime(2024, 6, 30, 5, tzinfo=UTC)
_CASES = Path(__file__).parent / "data" / "cases"
_PAGE = os.sysconf("SC_PAGE_SIZE")


# --- what reading a file leads to ---------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """What became of a file: `taken`, `refused` by an error of ours, or `broken`."""

    outcome: str
    why: str
    seconds: float = 0.0
    kinds: tuple[str, ...] = ()
    """What was said, without the values: inputs of which this differs differ in kind."""
    rows: int = 0
    """How many rows a rows file gave, right or wrong."""


@dataclass(frozen=True)
class Bench:
    """Where files are read: a folder with a database that holds the small plan, and an empty one."""

    folder: Path

    @property
    def small(self) -> Path:
        """Give the database with the small plan."""
        return self.folder / "small.db"

    @property
    def empty(self) -> Path:
        """Give the database without a plan."""
        return self.folder / "empty.db"


def make_bench(folder: Path) -> Bench:
    """Make the databases in an empty folder."""
    bench = Bench(folder)
    plan = folder / "small-plan.yaml"
    plan.write_text(plan_text(frame=FIXED), "utf-8")
    import_plan(plan, str(bench.small), author="fuzz", now=_MOMENT)
    open_database(str(bench.empty), create=True, now=_MOMENT)
    # Once here, so that the forked processes need not load and compile everything anew.
    rows = folder / "small-rows.csv"
    rows.write_text(_ROWS, "utf-8")
    for path in (plan, rows):
        use(path, bench)
    return bench


def read(path: Path) -> Seen:
    """Read a file to its end; anything but success or a refusal in good words is a failure."""
    began = time.process_time()
    kinds: set[str] = set()
    rows, outcome, told = 0, "taken", ""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            if path.suffix == ".yaml":
                read_plan_file(path)
            else:
                for _, draft in read_rows(path).rows:
                    rows += 1
                    if isinstance(draft, list):
                        kinds.update(f"{column}: {fault.template}" for column, fault in draft)
        except InputError as error:
            seconds = time.process_time() - began
            kinds.update(kind for sentence in error.messages[:50] for kind in _templates(sentence))
            outcome, told = _refusal(path, error)
        # Whatever comes through is what this looks for.
        except BaseException as error:  # noqa: BLE001
            return _broken(error, time.process_time() - began)
        else:
            seconds = time.process_time() - began
    if printed.getvalue():
        # Standard output belongs to the answer, which may be a JSON document.
        outcome, told = "broken", f"prints {printed.getvalue()[:200]!r}"
    return Seen(outcome, told, seconds, tuple(sorted(kinds)), rows)


def _refusal(path: Path, error: InputError) -> tuple[str, str]:
    wrong = _badly_said(path, error)
    return ("broken", wrong) if wrong else ("refused", "\n".join(map(str, error.messages[:5]))[:2000])


def use(path: Path, bench: Bench) -> Seen:
    """Take a file the whole way: record its rows without keeping them; import a plan and ask its status."""
    try:
        if path.suffix == ".yaml":
            target = bench.folder / f"{os.getpid()}.db"
            shutil.copy(bench.empty, target)
            try:
                import_plan(path, str(target), author="fuzz", now=_MOMENT)
                assess(connect(str(target)), Question(_MOMENT))
            finally:
                target.unlink()
        else:
            record_rows(
                connect(str(bench.small)),
                read_rows(path).rows,
                plan=None,
                source=path.name,
                author="fuzz",
                now=_MOMENT,
                dry_run=True,
            )
    except CchcError as error:
        return Seen("refused", str(error)[:500])
    except BaseException as error:  # noqa: BLE001 - whatever comes through is what this looks for
        return _broken(error, 0.0)
    return Seen("taken", "")


def _broken(error: BaseException, seconds: float) -> Seen:
    frames = [
        f"{Path(frame.filename).name}:{frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "cchc_cli" in frame.filename
    ]
    return Seen("broken", f"{type(error).__name__} in {' > '.join(frames[-3:])}: {error}"[:500], seconds)


def _badly_said(path: Path, error: InputError) -> str:
    """Say what a refusal lacks: the file first, then a place or a reason; in both languages."""
    if not error.messages:
        return "InputError without a message"
    for sentence in error.messages:
        for language in ("vi", "en"):
            set_language(language)
            text = render(sentence)
            if not re.match(r"(:\d+(:\d+)?)?: \S", text.removeprefix(str(path))) or "MemoryError" in text:
                return f"InputError that does not say where or why: {text[:300]}"
    return ""


def _templates(sentence: Message) -> Iterator[str]:
    yield sentence.template
    for name, value in sentence.values.items():
        if isinstance(value, Message):
            yield from _templates(value)
        elif name == "reason":
            yield str(value)[:60]


# --- reading many, safely -----------------------------------------------------------------------------


def try_files(paths: Sequence[Path], bench: Bench, *, whole: bool, together: int = 1) -> Iterator[Seen]:
    """Read files in forked processes with a limit of memory and time; give what was seen of each.

    So many `together` share a process. With `whole`, what can be read is also used.
    """
    start = 0
    while start < len(paths):
        batch = paths[start : start + together]
        results, status = _forked(batch, bench, whole=whole)
        yield from results
        start += len(results)
        if len(results) < len(batch):
            number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
            hung = number == signal.SIGPROF
            yield Seen("broken", "hangs" if hung else f"the process died: {number or status}", HANGS * hung)
            start += 1


def _forked(paths: Sequence[Path], bench: Bench, *, whole: bool) -> tuple[list[Seen], int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        # Never back into the caller's code, whatever happens.
        try:
            os.close(reading)
            with os.fdopen(writing, "w") as pipe:
                for path in paths:
                    pipe.write(json.dumps(asdict(_limited(path, bench, whole=whole))) + "\n")
                    pipe.flush()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        lines = [json.loads(line) for line in pipe]
    _, status = os.waitpid(child, 0)
    return [Seen(**{**line, "kinds": tuple(line["kinds"])}) for line in lines], status


def _limited(path: Path, bench: Bench, *, whole: bool) -> Seen:
    warnings.simplefilter("ignore")
    now = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * _PAGE
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + MEGABYTES * 1024 * 1024, most))
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    try:
        seen = read(path)
    except MemoryError:
        # So little was left that not even the judging found room.
        seen = Seen("broken", "MemoryError")
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    if whole and (seen.outcome == "taken" or (path.suffix != ".yaml" and seen.outcome == "refused")):
        signal.setitimer(signal.ITIMER_PROF, 3 * HANGS)
        used = use(path, bench)
        if used.outcome == "broken":
            seen = used
    signal.setitimer(signal.ITIMER_PROF, 0)
    return seen


# --- making inputs ------------------------------------------------------------------------------------

_ODD = [
    "2026-02-29",
    "0000-00-00",
    "9999-12-31",
    "1899-12-31",
    "2200-01-01",
    "29/02/2024",
    "31/12",
    "14/03/24",
    "２０２４-01-01",
    "2024-1-1",
    "2024-01-01T00:00",
    "12:30",
    "00643",
    "0x1F",
    "0b1",
    "1_000",
    ".inf",
    "-.inf",
    ".nan",
    "NaN",
    "inf",
    "1e999",
    "1e-9",
    "-0",
    "+1",
    "-",
    "--",
    "٣",
    "²",
    "½",
    "−",
    "−1",
    "1.234,5",
    "1,234.5",
    "1.2.3",
    "1,,2",
    "0.0005",
    "1000000000",
    "1000000000.001",
    "1000000001",
    "999999999999999999999",
    "-1",
    "0",
    "yes",
    "no",
    "true",
    "null",
    "~",
    "x",
    "có",
    "today",
    "yesterday",
    "hôm",
    "nay",
    "=",
    "=1+1",
    "@a",
    "+1",
    "'",
    "'=1",
    "A.1",
    "A.2",
    "A.3",
    "A.4",
    "snv",
    "SNV",
    "so-noi-vu",
    "buon-ho",
    "dai-buon-ho",
    "old",
    "new",
    "xa",
    "radio",
    "web",
    "panel",
    "tv",
    "ea",
    "drong",
    "Ea",
    "D’Rơng",
    "UBND",
    "đ",
    "Ð",
    "/dev/zero",
    "/dev/null",
    "/",
    ".",
    "..",
    "../../etc",
    "file:///x",
    "http://",
    "https://x",
    "http://x;",
    "y",
    "javascript:1",
    "nul",
    "CON",
    "a;b",
    "a;",
    ";",
    ",",
    "|",
    "\\",
    "\\x00",
    "\\x1b",
    "café",
    "\u200b",
    "\u202e",
    "\ufeff",
    "\x1b[31m",
    "\x7f",
    "́",
    "İ",
    "ſ",
    "ß",
    "ﬁ",
    "👩\u200d👩\u200d👧",
    "󠄀",
    "\uffff",
    "\U0010ffff",
]
_BYTES = [
    b"\x00",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\r",
    b"\r\n",
    b"\n",
    b"\t",
    b" ",
]
_LONG = [b"9" * 5000, b"a" * 70_000, b"1" * 400 + b".5", "đ".encode() * 3000, b"\n" * 3000, b" " * 5000]
_RULES = [
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=FR",
    "FREQ=MONTHLY;BYDAY=0MO",
    "FREQ=MONTHLY;BYDAY=99MO",
    "FREQ=YEARLY;BYSETPOS=999",
    "FREQ=MONTHLY;BYSETPOS=1",
    "FREQ=YEARLY;UNTIL=٢٠٢٤٠٦٠١",
    "FREQ=YEARLY;UNTIL=20240230",
    "FREQ=DAILY;INTERVAL=٣",
    "FREQ=DAILY;COUNT=999999",
    "FREQ=YEARLY;BYWEEKNO=99",
    "FREQ=YEARLY;BYYEARDAY=999",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=SECONDLY",
    "freq=ſunday",
    "FREQ=WEEKLY;WKST=SU;BYDAY=MO,-1FR",
    "FREQ=DAILY;INTERVAL=9999",
    "FREQ=DAILY;UNTIL=20240101T235959Z",
    "FREQ=DAILY;UNTIL=00010101",
    "FREQ=",
    ";",
    "FREQ=DAILY;;",
]
_YAML = [
    *(piece.encode() for piece in ("&a ", "*a", "&a *a", "<<: *a", "<<: {a: b}", "'<<': x", "!!str ", "!!python/name:os.system ")),
    *(b"! ", b"!<x> ", b"!!binary ", b"%YAML 1.1\n---\n", b"%TAG ! tag:x,1:\n---\n", b"%FOO\n", b"---\n", b"...\n", b"--- |\n"),
    *(b"[" * 40, b"{a: " * 40, b"]", b"}", b"- - - - ", b"? ", b"? [a]\n: b\n", b"{[a]: b}", b"{a, b}", b"|2-\n", b">+\n", b"#"),
    *(b'"\\ud800"', b'"\\0"', b'"\\x1b[2J"', b'"\\U00110000"', b'"\\q"', b'"', b"'", b"`", b"@", b"%", b": ", b":", b"- ", b"-"),
    *(b"''", b'""', b"[]", b"{}", b"[[]]", b"[{}]", b"{? {} : {}}", b"\xe2\x80\xa8", b"\xc2\x85", b"\xef\xbb\xbf", b"\x07"),
    *(f'"{rule}"'.encode() for rule in _RULES),
]  # fmt: skip
_CSV = [
    b'"',
    b'""',
    b'","',
    b'"\n"',
    b"'",
    b";",
    b",",
    b"\t",
    b",,,,,,,,,,,,",
    b"\r",
    b"\r\n",
    b"\n\n",
    b'"\r',
    b'a"b',
    b'"a"b',
    b"\xa0",
]
_HEADINGS = [
    "date",
    "agency",
    "activity",
    "amount",
    "form",
    "repeat",
    "title",
    "evidence",
    "note",
    "external_id",
    "ngày",
    "mã",
]
_XML = [
    *(f' t="{kind}"'.encode() for kind in ("s", "n", "b", "d", "e", "str", "inlineStr", "z")),
    *(b"<v>1</v>", b"<v></v>", b"<v>-1</v>", b"<v>1e400</v>", b"<v>nan</v>", b"<v>#REF!</v>", b"<v>2958466</v>", b"<v>-99</v>", b"<v>60</v>"),
    *(b"<f>1+1</f>", b"<f>1+1</f><v>2</v>", b'<f t="shared" si="0"/>', b"<v>2024-02-30</v>", b"<v>2024-05-01T10:00:00</v>", b"<v>PT5H</v>"),
    *(b'<row r="99999999">', b'<row r="1e3">', b'<row r="-1">', b'<row r="1048577">', b"<row>", b"</row>", b"<c>", b'<c r="E2">', b'<c r="AAAA1">'),
    *(b'<c r="BM4"><v>1</v></c>', b'<dimension ref="A1"/>', b'<dimension ref="A1:XFD1048576"/>', b'<dimension ref="x"/>', b"<is><t>x</t></is>"),
    *(b' s="1"', b' s="-1"', b' s="99"', b' r="A0"', b' r=""', b"&a;", b"&lt;", b"&#0;", b"&#x1b;", b"_x0000_", b"<![CDATA[x]]>", b"<!-- -->"),
    *(b'<!DOCTYPE a [<!ENTITY a "' + b"b" * 1000 + b'">]>', b'<!DOCTYPE a SYSTEM "file:///etc/passwd">', b'<?xml version="1.0" encoding="utf-16"?>'),
    *(b'<mergeCells><mergeCell ref="A1:B2"/></mergeCells>', b'<hyperlinks><hyperlink ref="A2"/></hyperlinks>', b'<cols><col min="0" max="1"/></cols>'),
    *(b"<sheetProtection password='x'/>", b"<extLst><ext uri='x'/></extLst>", b'Target="../../x"', b'Target="http://x/"', b'TargetMode="External"'),
    *(b'date1904="1"', b'numFmtId="14"', b'numFmtId="46"', b"count='-1'", b'xml:space="preserve"', b'xmlns:a="b"'),
]  # fmt: skip
_TOKEN = re.compile(rb"[^\s,:;{}\[\]\"'<>=/]+|<[^>]*>")

_PLAIN = [word.encode() for word in _ODD if not set(word) & set("<&\x1b\uffff")]
_WELL_FORMED = [
    (re.compile(rb"(?<=<v>)[^<]*(?=</v>)"), [*_PLAIN, *(str(number).encode() for number in range(-2, 40))]),
    (re.compile(rb"(?<=<t>)[^<]*(?=</t>)"), [*_PLAIN, *(name.encode() for name in _HEADINGS), *_LONG]),
    (re.compile(rb'(?<==")[^"]*(?=")'), [*_PLAIN, *rb"A1 B2 E3 J9 ZZ4 A1:C2 A1:J1 s n b d e str inlineStr 14 22 46 49 164".split()]),
    (re.compile(rb"(?<=<c)(?= )|(?<=<row)(?= )|(?<=<xf)(?= )"), [piece for piece in _XML if piece.startswith(b" ")]),
    (re.compile(rb"(?<=>)(?=<(c|row|sheetData|xf|si)\b)"), [piece for piece in _XML if piece.endswith((b"/>", b"-->")) or b"</" in piece]),
    (re.compile(rb"<v>[^<]*</v>|<is>.*?</is>"), [piece for piece in _XML if piece.startswith((b"<v>", b"<f"))]),
    (re.compile(rb"<row.*?</row>|<c .*?</c>|<si>.*?</si>|<xf.*?/>"), [b""]),
]  # fmt: skip
"""Where a workbook's part may be changed, and into what, so that it mostly stays well-formed."""


@dataclass
class Mill:
    """Makes inputs by changing seeds; what led to something new becomes a seed too."""

    chance: random.Random
    seeds: dict[str, list[bytes]]
    first: dict[str, int] = field(init=False)
    """How many of the seeds are good files."""

    def __post_init__(self) -> None:
        """Count the seeds."""
        self.first = {suffix: len(files) for suffix, files in self.seeds.items()}

    def next(self) -> tuple[str, bytes]:
        """Give the next input, and the end of its name."""
        suffix = self.chance.choices([".yaml", ".csv", ".xlsx"], [5, 3, 4])[0]
        grown = self.seeds[suffix]
        seed = self.chance.choice(grown if self.chance.random() < 0.5 else grown[: self.first[suffix]])
        if suffix == ".xlsx":
            return suffix, self._workbook(seed)
        pieces = _YAML if suffix == ".yaml" else [*_CSV, *(name.encode() for name in _HEADINGS)]
        return suffix, self._changed(seed, pieces)

    def _changed(self, data: bytes, pieces: list[bytes]) -> bytes:
        for _ in range(self.chance.choice((1, 1, 1, 1, 2, 2, 3, 6))):
            change = self.chance.choice(
                (
                    self._flip,
                    self._cut,
                    self._lines,
                    self._lines,
                    *[self._token] * 6,
                    self._insert,
                    self._repeat,
                )
            )
            data = change(data, pieces)
        return data

    def _piece(self, pieces: list[bytes]) -> bytes:
        kind = self.chance.random()
        if kind < 0.5:
            return self.chance.choice(pieces)
        if kind < 0.9:
            return self.chance.choice(_ODD).encode()
        return self.chance.choice(_BYTES if kind < 0.98 else _LONG)

    def _place(self, data: bytes) -> int:
        return self.chance.randrange(len(data) + 1)

    def _flip(self, data: bytes, _: list[bytes]) -> bytes:
        place = self._place(data)
        return data[:place] + bytes([self.chance.randrange(256)]) + data[place + self.chance.randrange(2) :]

    def _cut(self, data: bytes, _: list[bytes]) -> bytes:
        place = self._place(data)
        return data[:place] + data[place + self.chance.choice((1, 10, 300, len(data))) :]

    def _lines(self, data: bytes, _: list[bytes]) -> bytes:
        lines = data.splitlines(keepends=True) or [b""]
        take = self.chance.randrange(len(lines))
        many = self.chance.choice((1, 1, 2, 7))
        block = lines[take : take + many]
        what = self.chance.randrange(4)
        if what != 0:
            del lines[take : take + many]
        put = self.chance.randrange(len(lines) + 1)
        if what == 2:
            block = [b" " * self.chance.randrange(9) + line.lstrip(b" ") for line in block]
            put = take
        if what != 3:
            lines[put:put] = block
        return b"".join(lines)

    def _token(self, data: bytes, pieces: list[bytes]) -> bytes:
        found = list(_TOKEN.finditer(data)) if len(data) < 300_000 else []
        if not found:
            return self._insert(data, pieces)
        spot = self.chance.choice(found)
        other = self.chance.choice(found)[0] if self.chance.random() < 0.5 else self._piece(pieces)
        return data[: spot.start()] + other + data[spot.end() :]

    def _insert(self, data: bytes, pieces: list[bytes]) -> bytes:
        place = self._place(data)
        return data[:place] + self._piece(pieces) + data[place:]

    def _repeat(self, data: bytes, pieces: list[bytes]) -> bytes:
        place = self._place(data)
        piece = data[place : place + self.chance.randrange(1, 80)] or self._piece(pieces)
        return data[:place] + (piece * self.chance.choice((2, 3, 30, 400)))[:100_000] + data[place:]

    def _workbook(self, seed: bytes) -> bytes:
        if self.chance.random() < 0.1:
            return self._changed(seed, _BYTES)
        try:
            parts = unpacked(seed)
        except Exception:  # noqa: BLE001 - a seed that was broken by an earlier change
            return self._changed(seed, _BYTES)
        for _ in range(self.chance.choice((1, 1, 2, 4))):
            names = list(parts) or ["x"]
            name = self.chance.choice([*names, *[n for n in names if "sheet" in n or "haredS" in n] * 6])
            what = self.chance.random()
            if what < 0.05:
                parts.pop(name, None)
            elif what < 0.1:
                parts[self.chance.choice(names)] = parts.get(name, b"")
            elif what < 0.12:
                parts[name] = self._piece(_XML)
            elif what < 0.25:
                parts[name] = self._changed(parts.get(name, b""), _XML)
            else:
                parts[name] = self._element(parts.get(name, b""))
        return packed(parts)

    def _element(self, data: bytes) -> bytes:
        """Change a value, an element or what stands between two, so that most of it stays well-formed."""
        for _ in range(self.chance.choice((1, 1, 2, 5))):
            places, pieces = self.chance.choice(_WELL_FORMED)
            found = list(places.finditer(data))
            if found:
                spot = self.chance.choice(found)
                data = data[: spot.start()] + self.chance.choice(pieces) + data[spot.end() :]
        return data


def unpacked(book: bytes) -> dict[str, bytes]:
    """Give the parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """Give a workbook of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            # A date of its own would make the same parts another file each time.
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


_SCHEDULE = """\
      - {code: fridays, owed_by: [xa], measure: executions, at_least: 1, schedule: {rrule: "FREQ=WEEKLY;BYDAY=FR", tolerance_days: 1},
         basis: interpreted, note: x}
      - {code: by, owed_by: [xa], measure: days, at_most: 2, by: 2024-06-30, partial: prorate, from: 2024-02-01, basis: interpreted, note: x}
      - {code: gap, owed_by: [old, new], measure: gap, at_most: 7.5, per: rounds, basis: interpreted, note: x}
"""
_ROWS = """\
date,agency,activity,amount,form,repeat,title,evidence,note,external_id
2024-05-01,dai-buon-ho,A.1,15,radio,,"Tin, một",https://a.b/c,ghi chú,x1
02/05/2024,buon-ho,A.2,2.5,panel,no,,,,x2
3/5,snv,A.3,80,,,,,,
2024-05-04,snv,A.4,,,yes,"hai
dòng",https://a.b/d; https://a.b/e,,x1
2024-05-04,buon-ho,A.2,-2,,,,,,x2
"""


def sample_book() -> bytes:
    """Give a workbook as spreadsheets write it: shared and inline text, dates, numbers, yes, a formula."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, cells in enumerate(csv.reader(io.StringIO(_ROWS))):
        sheet.append(cells)
        if number == 1:
            sheet["A2"], sheet["D2"], sheet["F2"] = datetime(2024, 5, 1), 15.5, True  # noqa: DTZ001 - as in a cell
    sheet["I3"] = "=1+1"
    target = io.BytesIO()
    book.save(target)
    parts = unpacked(target.getvalue())
    name = "xl/worksheets/sheet1.xml"
    parts[name] = re.sub(rb"(<f>1\+1</f>)<v ?/>", rb"\1<v>2</v>", parts[name])
    strings = re.findall(
        rb'<c r="([B-H]\d+)"([^>]*) t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>', parts[name]
    )
    for index, (cell, style, text) in enumerate(strings):
        inline = re.compile(rb'<c r="%s"[^>]* t="inlineStr"><is><t[^>]*>[^<]*</t></is></c>' % cell)
        parts[name] = inline.sub(
            b'<c r="%s"%s t="s"><v>%d</v></c>' % (cell, style, index), parts[name], count=1
        )
        strings[index] = (cell, style, text)
    listed = b"".join(b"<si><t>%s</t></si>" % text for _, _, text in strings)
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="%s">%s</sst>' % (space, listed)
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override)
    return packed(parts)


def first_seeds() -> dict[str, list[bytes]]:
    """Give the good files that everything begins with."""
    small = plan_text(frame=FIXED, more=_SCHEDULE).encode()
    plans = [small] * 6 + [path.read_bytes() for path in sorted(_CASES.glob("*/plan.yaml"))]
    rows = [_ROWS.encode()] * 6 + [path.read_bytes()[:4000] for path in sorted(_CASES.glob("*/rows.csv"))]
    rows += [_ROWS.replace(",", ";").encode("utf-8-sig"), _ROWS.replace("\n", "\r\n").encode()]
    return {
        ".yaml": [*plans, (bundled_folder() / "plan_2024.yaml").read_bytes()],
        ".csv": rows,
        ".xlsx": [sample_book()],
    }


# --- the largest ones, which are made and not kept ----------------------------------------------------

_HEAD = "format: cchc/plan/1\nplan: {code: s, title: t, effective: {from: 2024-01-01, to: 2024-12-31}}\n"
_ONE = "agencies: [{code: a, name: n, kind: k}]\n"
_OWED = "owed_by: [a], measure: executions, at_least: 1, per: year, basis: stated, quote: "
_SHEET = "xl/worksheets/sheet1.xml"


def _many(line: str, number: int) -> str:
    return "".join(line.replace("#", str(index)) for index in range(number))


def _plan(text: str) -> bytes:
    return (_HEAD + text).encode()


def _requirements(number: int, text: str, quote: str) -> str:
    head = f"activities:\n- code: A\n  title: t\n  text: {text}\n  requirements:\n"
    return _ONE + head + _many(f"  - {{code: r#, {_OWED}{quote}}}\n", number)


def _scheduled(number: int, rrule: str, last: str = "2024") -> bytes:
    """A plan up to the end of a year with so many schedules; a # in the rule makes each differ."""
    owed = _OWED.replace("per: year", f'schedule: {{rrule: "{rrule}", tolerance_days: 1}}')
    head = "activities:\n- code: A\n  title: t\n  text: q\n  requirements:\n"
    plan = _plan(_ONE + head + _many(f"  - {{code: r#, {owed}q}}\n", number))
    return plan.replace(b"2024-12-31", f"{last}-12-31".encode())


def _book(part: str, old: bytes, new: bytes) -> bytes:
    parts = unpacked(sample_book())
    assert old in parts[part]
    # What cannot be packed keeps the whole below the ratio at which a part counts as swollen.
    ballast = random.Random(1).randbytes(len(new) // 150).hex().encode()  # noqa: S311 - no secret
    return packed({**parts, part: parts[part].replace(old, b"<!--" + ballast + b"-->" + new + old, 1)})


LARGE: dict[str, Callable[[], bytes]] = {
    "tag-directives.yaml": lambda: bytes(_many("%TAG !a#! t\n", 200_000) + "--- {}\n", "ascii"),
    "value-of-7-mb.yaml": lambda: _plan(
        _ONE + "activities: [{code: A, title: t, kind: " + "s" * 7_000_000 + "}]"
    ),
    "key-of-7-mb.yaml": lambda: _plan("? " + "k" * 7_000_000 + "\n: 1\n"),
    "calendar-name-of-1-mb.yaml": lambda: _plan(
        "calendars:\n  ? " + "r" * 1_000_000 + "\n  : [" + "{}," * 900 + "]\n"
    ),
    "agencies-and-roles.yaml": lambda: _plan(
        "agencies:\n"
        + _many("- {code: a#, name: x, kind: k}\n", 30_000)
        + "activities:\n"
        + _many("- {code: A.#, title: t, roles: {lead: [a29999]}}\n", 25_000)
    ),
    "calendars-and-requirements.yaml": lambda: _plan(
        "calendars:\n" + _many("  c#: []\n", 100_000) + _requirements(15_000, "q", "q")
    ),
    "quotes-in-a-long-text.yaml": lambda: _plan(_requirements(20_000, "ab " * 1_000_000 + "q", "ab q")),
    "rule-of-6-mb.yaml": lambda: _plan(
        _requirements(1, "q", "q").replace(
            "per: year", 'schedule: {rrule: "FREQ=YEARLY;BYMONTH=' + "1," * 3_000_000 + '1"}'
        )
    ),
    "rules-that-never-match-20000.yaml": lambda: _scheduled(
        20_000, "FREQ=DAILY;INTERVAL=7;BYDAY=TU;COUNT=1#"
    ),
    "rules-that-differ-20000.yaml": lambda: _scheduled(20_000, "FREQ=DAILY;INTERVAL=2;COUNT=1#", "2053"),
    "schedules-over-30-years-20000.yaml": lambda: _scheduled(20_000, "FREQ=DAILY;INTERVAL=2", "2053"),
    "values-500000.yaml": lambda: b"[" + b"1," * 499_000 + b"]",
    "documents-2-million.yaml": lambda: b"---\n" * 2_000_000,
    "brackets-4-million.yaml": lambda: b"[" * 4_000_000,
    "dashes-3-million.yaml": lambda: b"- " * 3_000_000,
    "headings-500000.csv": lambda: b"date,agency,activity" + b",x" * 500_000,
    "headings-long.csv": lambda: b"date,agency,activity" + (b',"' + b"ngay " * 20_000 + b'"') * 100,
    "commas-50-million.csv": lambda: b"date,agency,activity\n" + b"," * 50_000_000,
    "styles-of-30-mb.xlsx": lambda: _book("xl/styles.xml", b"</styleSheet>", b'<a b="c"/>' * 3_000_000),
    "cells-5-million-in-a-row.xlsx": lambda: _book(_SHEET, b"</row>", b"<c><v>1</v></c>" * 5_000_000),
    "strings-2-million.xlsx": lambda: _book("xl/sharedStrings.xml", b"</sst>", b"<si><t/></si>" * 2_300_000),
    "workbook-of-30-mb.xlsx": lambda: _book("xl/workbook.xml", b"</workbook>", b"<a/>" * 7_500_000),
    "types-of-30-mb.xlsx": lambda: _book("[Content_Types].xml", b"</Types>", b"<a/>" * 7_500_000),
    "merged-2-million.xlsx": lambda: _book(
        _SHEET, b"</worksheet>", b"<mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 2_000_000 + b"</mergeCells>"
    ),
    "row-99999999.xlsx": lambda: _book(_SHEET, b"</sheetData>", b'<row r="99999999"><c><v>1</v></c></row>'),
}
"""Names and how to make them: too large to keep, each with one thing grown out of all proportion."""


def write_large(folder: Path) -> list[Path]:
    """Make the largest ones."""
    paths = []
    for name, make in LARGE.items():
        paths.append(folder / name)
        paths[-1].write_bytes(make())
    return paths


# --- running ------------------------------------------------------------------------------------------


@dataclass
class Run:
    """One run of the fuzzer: what it found, the smallest file of each kind."""

    mill: Mill
    bench: Bench
    kept: Path
    number: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    kinds: set[tuple[str, ...]] = field(default_factory=set)
    found: dict[str, tuple[Path, str]] = field(default_factory=dict)

    def round(self, together: int = 40) -> None:
        """Make some inputs, read them, and keep what is new."""
        paths = []
        for index in range(together):
            suffix, data = self.mill.next()
            paths.append(self.bench.folder / f"in{index}{suffix}")
            paths[-1].write_bytes(data)
        whole = self.number % (4 * together) == 0
        for path, seen in zip(
            paths, try_files(paths, self.bench, whole=whole, together=together), strict=True
        ):
            self.look(path, seen)
        self.number += together

    def look(self, path: Path, seen: Seen) -> None:
        """Count what was seen of one input; note it where it is a failure, or of a new kind."""
        key = f"{path.suffix} {seen.outcome}"
        self.counts[key] = self.counts.get(key, 0) + 1
        kind = (path.suffix, seen.outcome, *seen.kinds)
        size = path.stat().st_size
        if seen.outcome != "broken" and kind not in self.kinds and size < 60_000:
            self.kinds.add(kind)
            self.mill.seeds[path.suffix].append(path.read_bytes())
            self.keep("new", "".join(kind), path)
        slow = seen.seconds > SECONDS[path.suffix]
        if seen.outcome == "broken" or slow:
            # Once more and alone: what a process read before must not have been the reason.
            seen = next(iter(try_files([path], self.bench, whole=True)))
            if seen.outcome == "broken" or seen.seconds > SECONDS[path.suffix]:
                why = seen.why if seen.outcome == "broken" else f"slow: {seen.seconds:.1f} s; {seen.why}"
                name = re.sub(r"[\d.]+", "0", why)[:90] + path.suffix
                if name not in self.found or size < self.found[name][0].stat().st_size:
                    self.found[name] = (self.keep("found", name, path), why)

    def keep(self, folder: str, name: str, path: Path) -> Path:
        """Copy an input to where it stays."""
        target = self.kept / folder / f"{hashlib.sha256(name.encode()).hexdigest()[:12]}{path.suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
        return target


def replay(paths: Sequence[Path]) -> None:
    """Read each file, or make and read the large ones where none is given; a line of JSON for each."""
    with tempfile.TemporaryDirectory() as folder:
        bench = make_bench(Path(folder))
        # What makes hundreds of megabytes gets a process of its own.
        together = 20 if paths else 1
        paths = paths or write_large(Path(folder))
        for path, seen in zip(paths, try_files(paths, bench, whole=True, together=together), strict=True):
            print(json.dumps({"name": path.name, **asdict(seen)}), flush=True)  # noqa: T201 - the answer


def fuzz(minutes: float, seed: int, kept: Path) -> int:
    """Run for so long; tell what was found, and how many kinds of failure that is."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Mill(random.Random(seed), first_seeds()), make_bench(Path(folder)), kept)  # noqa: S311 - no secret
        end = time.monotonic() + minutes * 60
        while time.monotonic() < end:
            run.round()
    counts = ", ".join(f"{key} {number}" for key, number in sorted(run.counts.items()))
    print(f"seed {seed}: {run.number} inputs ({counts}), {len(run.kinds)} kinds; kept in {kept}")  # noqa: T201 - the answer
    for path, why in run.found.values():
        print(f"{path}: {why}")  # noqa: T201 - the answer
    return len(run.found)


def main() -> int:
    """Read the command line; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=None, help="the same seed makes the same first inputs")
    parser.add_argument("--keep", type=Path, default=None, help="where to leave what is found")
    parser.add_argument(
        "--replay", type=Path, nargs="*", help="read these files instead; without any, the large ones"
    )
    given = parser.parse_args()
    if given.replay is not None:
        replay(given.replay)
        return 0
    seed = random.randrange(2**32) if given.seed is None else given.seed  # noqa: S311 - no secret
    return 1 if fuzz(given.minutes, seed, given.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))) else 0


if __name__ == "__main__":
    sys.exit(main())
