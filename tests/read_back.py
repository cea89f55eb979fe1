"""Reads back each output format of an answer: figures, agencies in their order, duties at risk."""

from __future__ import annotations

import html
import re
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZipFile

import docx
import openpyxl
from docx.oxml.ns import qn
from pypdf import PdfReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BASES = ("", "_stated", "_interpreted")
"""Suffixes of a figure's name: of all duties, of the stated ones, of the interpreted ones."""

_WORDS = {"": "All", "_stated": "stated in the plan", "_interpreted": "interpreted"}


class Both(NamedTuple):
    """The two figures, each as its two numbers, and what is in neither; None where the form does not say that."""

    settled_met: int
    settled: int
    begun_met: int
    begun: int
    running: int | None = None


Figures = dict[str, Both]
"""By suffix of the figure's name; only what the format shows."""

AtRisk = tuple[str, str, str]
"""The name or code of the agency, the activity, and the day by which it is due."""


class Shown(NamedTuple):
    """What a format shows; None for what it does not list."""

    figures: Figures
    agencies: list[tuple[str, Figures]] | None
    """Their names or codes, in the order of the format."""
    at_risk: list[AtRisk] | None
    text: str
    """All of its text."""


# --- pieces --------------------------------------------------------------------------------------------------------

RATIO = r"(?:–|[\d,]+/[\d,]+ \([\d.]+ %\))"


def ratio(text: str) -> tuple[int, int]:
    """Read `530/1,367 (38.8 %)`, or the dash that stands where there is nothing to divide by; check the percent."""
    if text == "–":
        return 0, 0
    found = re.fullmatch(r"([\d,]+)/([\d,]+) \(([\d.]+) %\)", text)
    assert found, text
    part, whole = (int(number.replace(",", "")) for number in found.groups()[:2])
    percent = float(found[3])
    assert abs(percent - 100 * part / whole) <= 0.1, text
    assert (percent == 100) == (part == whole), text
    return part, whole


def _both(due: str, progress: str, running: int | None = None) -> Both:
    return Both(*ratio(due), *ratio(progress), running)


def _number(text: str) -> int:
    return 0 if text in {"", "–"} else int(text.replace(",", ""))


_LINE = re.compile(rf"due: met ({RATIO}); progress: met ({RATIO})(?:; decided at their end: ([\d,]+))?")


def _lines(lines: Iterable[str]) -> Figures:
    """Read figures as sentences: `due: met …; progress: met …`, of all, then of each basis or “all of it …”."""
    found: Figures = {}
    for line in lines:
        for basis, word in _WORDS.items():
            start = "" if basis == "" else f"{word}: "
            read = _LINE.fullmatch(line.removeprefix(start)) if line.startswith(start) else None
            if read:
                found[basis] = _both(read[1], read[2], _number(read[3] or ""))
            elif basis and line == f"all of it {word}":
                found |= {one: Both(0, 0, 0, 0, 0) for one in BASES[1:]} | {basis: found[""]}
    return found


def bare_percents(text: str) -> list[str]:
    """Give each percentage without its two numbers before it, with the surrounding text."""
    return [
        text[max(found.start() - 30, 0) : found.end()]
        for found in re.finditer(r"\d[\d.,]*\s?%", text)
        if not re.search(r"\d/[\d,.]*\d \($", text[: found.start()][-40:])
    ]


# --- text and JSON -------------------------------------------------------------------------------------------------


def terminal(out: str) -> Shown:
    """Read `cchc status` on a terminal so wide that no cell is broken."""
    alone = _lines(line.strip() for line in out.splitlines())
    if alone:
        return Shown(alone, None, None, out)
    rows: list[tuple[str, list[str]]] = []
    for line in out.splitlines():
        cells = re.findall(rf"(?<!\S){RATIO}(?!\S)", line)
        if len(cells) in {2, 6}:
            rows.append((line[: line.index(cells[0])].strip(), cells))
    figures: Figures = {}
    agencies = []
    for name, cells in rows:
        if name in _WORDS.values():
            basis = next(key for key, word in _WORDS.items() if word == name)
            figures[basis] = _both(cells[0], cells[1])
        else:
            due, progress, due_stated, due_interpreted, progress_stated, progress_interpreted = cells
            stated, read = _both(due_stated, progress_stated), _both(due_interpreted, progress_interpreted)
            agencies.append((name, {"": _both(due, progress), "_stated": stated, "_interpreted": read}))
    running = re.search(r"decided at their end, and in neither figure yet: ([\d,]+)", out)
    figures[""] = figures[""]._replace(running=_number(running[1]) if running else 0)
    return Shown(figures, agencies, None, out)


def document(found: dict[str, Any]) -> Shown:
    """Read `cchc-status/2`; each rate must follow from the numbers beside it."""
    return Shown(
        _of_summary(found["summary"]),
        [(one["agency"], _of_summary(one)) for one in found["agencies"]],
        [
            (one["agency"], one["activity"], one["to"])
            for one in found["findings"]
            if one["status"] == "at_risk"
        ],
        "",
    )


def _of_summary(summary: dict[str, Any]) -> Figures:
    figures = {}
    for basis in BASES:
        numbers = Both(*(summary[f"{name}{basis}"] for name in Both._fields))
        met, settled, begun_met, begun, _ = numbers
        assert summary[f"rate{basis}"] == (round(met / settled, 4) if settled else None)
        assert summary[f"progress{basis}"] == (round(begun_met / begun, 4) if begun else None)
        figures[basis] = numbers
    return figures


# --- paper and e-mail -----------------------------------------------------------------------------------------------

Table = list[list[str]]

_STATUS_AT_RISK = "at risk"


def _by_bases(cells: Sequence[str]) -> tuple[str, ...]:
    assert len(cells) == len(BASES)
    return tuple(cells)


def _of_tables(tables: Sequence[Table], text: str) -> Shown:
    """Read the tables of a report: the overall results, each agency's where they are listed, what is open."""
    overall = next(table for table in tables if table[0][:2] == ["Result", "All"])
    # The heading “due” appears twice: over the counts, without numbers, and before the figures.
    rows = {row[0]: row[1:] for row in overall if any(row[1:])}
    due, progress = _by_bases(rows["Due"]), _by_bases(rows["Progress"])
    running = _by_bases(rows.get("Decided at their end", ["0"] * len(BASES)))
    figures = {basis: _both(due[at], progress[at], _number(running[at])) for at, basis in enumerate(BASES)}
    listed = [table for table in tables if table[0][0] == "Agency" and "Due, stated in the plan" in table[0]]
    agencies = None
    if listed:
        ((_, *each, total),) = listed
        agencies = [(row[0], _apart(row)) for row in each]
        assert total[0] == "All"
        assert _apart(total) == {basis: figures[basis]._replace(running=None) for basis in BASES if basis}
    opened = [table for table in tables if table[0][-2:] == ["Due by", "Status"]]
    at_risk: list[AtRisk] = []
    for _, *each in opened:
        name = ""
        for row in each:
            name = row[0] or name
            if row[-1] == _STATUS_AT_RISK:
                at_risk.append((name, row[1], row[-2]))
    return Shown(figures, agencies, at_risk, text)


def _apart(row: Sequence[str]) -> Figures:
    due_stated, progress_stated, due_interpreted, progress_interpreted = row[-4:]
    stated, read = _both(due_stated, progress_stated), _both(due_interpreted, progress_interpreted)
    return {"_stated": stated, "_interpreted": read}


def word(content: bytes) -> Shown:
    """Read a Word document."""
    return _of_tables(word_tables(content), "\n".join(_parts(content)))


def word_tables(content: bytes) -> list[Table]:
    """Give the tables of a Word document as the text of their cells."""
    body = docx.Document(BytesIO(content)).element.body
    tables = [
        [[_said(cell) for cell in row.findall(qn("w:tc"))] for row in table.findall(qn("w:tr"))]
        for table in body.findall(qn("w:tbl"))
    ]
    return [table for table in tables if table]


def _said(element: Any) -> str:  # noqa: ANN401 - an element of the document
    paragraphs = ("".join(text.text or "" for text in one.iter(qn("w:t"))) for one in element.iter(qn("w:p")))
    return _plain_blanks(" ".join(paragraphs).strip())


def _plain_blanks(text: str) -> str:
    """Give the text with a no-break space, which keeps a number and its % together, as an ordinary one."""
    return text.replace("\u00a0", " ")


def _parts(content: bytes) -> Iterator[str]:
    """Give each paragraph of every part: the body, headers, footers, properties."""
    with ZipFile(BytesIO(content)) as packed:
        for name in packed.namelist():
            if name.endswith(".xml") and not name.endswith(("styles.xml", "theme1.xml", "settings.xml")):
                for paragraph in re.split(r"</(?:w:p|dc:\w+|cp:\w+)>", packed.read(name).decode()):
                    yield _plain_blanks(html.unescape(re.sub(r"<[^>]*>", "", paragraph)))


def markdown(content: bytes) -> Shown:
    """Read the text for an e-mail."""
    text = re.sub(r"\\(.)", r"\1", _plain_blanks(content.decode()))
    tables: list[Table] = []
    for before, line in pairwise(["", *text.splitlines()]):
        if line.startswith("| "):
            cells = [cell.strip().strip("*") for cell in line.strip("|").split("|")]
            if not before.startswith("| "):
                tables.append([])
            if not set("".join(cells)) <= set(":-"):
                tables[-1].append(cells)
    return _of_tables(tables, text)


# --- workbook -------------------------------------------------------------------------------------------------------


def workbook(content: bytes) -> Shown:
    """Read an Excel workbook; each share must directly follow its two numbers, and be their quotient."""
    book = openpyxl.load_workbook(BytesIO(content), read_only=True)
    text: list[str] = []
    rows: dict[str, list[list[Any]]] = {}
    for sheet in book:
        rows[sheet.title] = found = []
        for row in sheet.iter_rows():
            values: list[Any] = [cell.value for cell in row]
            found.append(values)
            for place, cell in enumerate(row):
                if isinstance(cell.value, str):
                    text.append(cell.value)
                elif isinstance(cell.value, float | int) and "%" in cell.number_format:
                    whole, part, share = values[place - 2 : place + 1]
                    assert (type(whole), type(part)) == (int, int), values
                    assert share == round(part / whole, 4), values
    names = {"": "All", "_stated": "Stated in the plan", "_interpreted": "Interpreted"}
    about = {row[0]: row for row in rows["About"] if row}
    heading, *agencies = rows["Agencies"]
    first = heading.index("Due")
    status, last = (rows["Verdicts"][0].index(heading) for heading in ("Status", "To"))
    return Shown(
        {basis: _cells(about[name][-7:]) for basis, name in names.items()},
        [
            (
                str(row[0]),
                {basis: _cells(row[first + 7 * at : first + 7 * at + 7]) for at, basis in enumerate(BASES)},
            )
            for row in agencies
        ],
        [
            (str(row[0]), str(row[2]), f"{row[last]:%Y-%m-%d}")
            for row in rows["Verdicts"]
            if row[status] == _STATUS_AT_RISK
        ],
        "\n".join(text),
    )


def _cells(cells: Sequence[Any]) -> Both:
    settled, settled_met, rate, begun, begun_met, progress, running = cells
    assert (rate == "–") == (settled == 0)
    assert (progress == "–") == (begun == 0)
    return Both(settled_met, settled, begun_met, begun, running)


# --- page -----------------------------------------------------------------------------------------------------------


def page(content: bytes) -> Shown:
    """Read the HTML page: its cards, the table of agencies, each agency's own part, the table of what is open."""
    raw = content.decode()
    figures = {}
    for basis, kind in zip(BASES, ("all", "stated", "interpreted"), strict=True):
        (card,) = re.findall(rf'<article class="card {kind}">(.*?)</article>', raw, re.DOTALL)
        due, progress = re.findall(r'<p class="rate">.*?<b>(.*?)</b>', card)
        running = re.search(r"decided at their end: ([\d,]+)", card)
        figures[basis] = _both(due, progress, _number(running[1]) if running else 0)
    agencies = []
    for code, part in re.findall(r'<article id="a-([^"]+)"(.*?)</article>', raw, re.DOTALL):
        (items,) = re.findall(r'<ul class="soft figures">(.*?)</ul>', part)
        agencies.append((code, _lines(map(_plain, re.findall(r"<li>(.*?)</li>", items)))))
    listed = _rows(raw, "sortable")
    if listed:
        assert [(code, _row(row)) for code, row in listed] == [
            (code, {basis: both._replace(running=None) for basis, both in _every(of).items()})
            for code, of in agencies
        ]
    at_risk = [
        (code, row[1].split()[0], row[4])
        for code, row in _rows(raw, "open")
        if row[-1].endswith(_STATUS_AT_RISK)
    ]
    shown = re.sub(r"<style>.*?</style>|<script>.*?</script>", "", raw, flags=re.DOTALL)
    return Shown(figures, agencies, at_risk, _plain(shown))


def _every(figures: Figures) -> Figures:
    return {basis: figures[basis] for basis in BASES}


def _row(row: Sequence[str]) -> Figures:
    return {basis: _both(row[1 + at], row[4 + at]) for at, basis in enumerate(BASES)}


def _rows(raw: str, kind: str) -> list[tuple[str, list[str]]]:
    """Give the rows of a table about agencies: the agency's code, and the text of each cell."""
    found = re.findall(rf'<table class="{kind}">(.*?)</table>', raw, re.DOTALL)
    return [
        (code[1], [_plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)])
        for table in found
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table)
        if (code := re.search(r'href="#a-([^"]+)"', row))
    ]


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", text))


# --- PDF ------------------------------------------------------------------------------------------------------------


def pdf_text(content: bytes) -> str:
    """Give the text of a PDF in the order of reading, without numbers of pages, and with one blank between words."""
    pages = []
    for number, one in enumerate(PdfReader(BytesIO(content)).pages, 1):
        text = one.extract_text().rstrip()
        pages.append(text.removesuffix(str(number)) if number > 1 else text)
    return " ".join("\n".join(pages).split())


def compact(text: str) -> str:
    """Leave out all white space."""
    return "".join(text.split())
