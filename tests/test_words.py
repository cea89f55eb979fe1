"""People read names instead of codes; codes that users type are shown beside them and never broken."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest

from tests.generated_docs import ROOT
from tests.program import Program
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from pathlib import Path

STATION = ("--agency", "dai-buon-ho")
AS_OF = ("--as-of", "2024-05-15")

CODES = re.compile(
    r"(?<![\w/-])(?:radio|web|panel|minutes|standing|share|quarterly|commune|station|department|district|province)(?![\w-])"
)
"""Codes of forms, requirements and kinds of agencies in the small plan."""

TYPED = re.compile(r"\([^()]*\)|“[^”]*”")
"""Codes that users type are in brackets beside the words; text that they typed is in quotes."""


@pytest.fixture
def small(cchc: Program, tmp_path: Path) -> Program:
    """Give the program in Vietnamese, with records, waivers and a closed review of the small plan."""
    cchc.environment = {"CCHC_LANG": "vi", "COLUMNS": "160"}
    review = (
        "code: past, name: Kỳ đã qua, from: 2024-03-16, to: 2024-04-14",
        "code: Q1, name: Kỳ đã qua, from: 2024-01-01, to: 2024-03-31",
    )
    cchc.ok("import", write_plan(tmp_path, review, frame=FIXED))
    cchc.ok("log", "A.1", 20, *STATION, "--date", "2024-01-14", "--form", "radio", "--title", "Một cửa")
    cchc.ok("log", "A.1", 20, *STATION, "--date", "2024-02-14", "--form", "web")
    cchc.ok("log", "A.2", 2, "--agency", "ea-drong", "--date", "2024-02-14")
    days = ("--from", "2024-03-01", "--to", "2024-03-31", "--reason", "Máy hỏng")
    cchc.ok("waive", "A.1/minutes", *STATION, *days)
    cchc.ok("review", "close", "Q1")
    cchc.ok("void", 1, "--reason", "ghi nhầm")
    return cchc


READ = [
    ("status", *STATION, *AS_OF),
    ("status", *AS_OF),
    ("due", *AS_OF, "--within", "90d"),
    ("explain", "A.1", *STATION, "--period", "2024"),
    ("history",),
    ("history", "2"),
    ("waive", "--list"),
    ("waive", "A.2/standing", "--agency", "ea-drong", "--from", "01/04/2024", "--to", "30/06/2024", "--reason", "x"),
    ("waive", "--end", "1", "--reason", "x"),
    ("agencies",),
    ("plan",),
    ("plan", "A.1"),
    ("review", "diff", "Q1"),
    ("log", "A.1", "9", *STATION, "--date", "2024-02-20", "--form", "web"),
    ("amend", "2", "--amount", "9", "--reason", "x"),
    ("due", *AS_OF, "--within", "90d", "--ics", "-"),
]  # fmt: skip


@pytest.mark.parametrize("command", READ, ids=" ".join)
def test_no_code_stands_in_vietnamese_text(small: Program, command: tuple[str, ...]) -> None:
    done = small.ok(*command)
    # iCalendar continues a folded line after a blank.
    text = (done.out + done.err).replace("\r\n ", "")
    assert not CODES.findall(TYPED.sub("", text)), text


@pytest.mark.parametrize("form", ["docx", "md", "html", "xlsx"])
@pytest.mark.parametrize("whose", [(), STATION], ids=["all", "one"])
def test_no_code_stands_in_vietnamese_reports(
    small: Program, form: str, whose: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / f"r.{form}"
    small.ok("report", "--period", "2024", *whose, *AS_OF, "--to", path)
    text = words_of(path.read_bytes(), form)
    # An e-mail lists no records.
    assert ("Cổng thông tin điện tử" in text) is (form != "md")
    assert "Chuyên mục CCHC trên sóng" in text
    assert not CODES.findall(TYPED.sub("", text)), text


def words_of(content: bytes, form: str) -> str:
    """Give the readable text of a report, one line for each paragraph or cell."""
    match form:
        case "docx":
            document = docx.Document(io.BytesIO(content))
            cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
            return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
        case "xlsx":
            sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
            rows = (row for sheet in sheets for row in sheet.iter_rows(values_only=True))
            return "\n".join(str(value) for row in rows for value in row if value is not None)
        case "html":
            shown = re.sub(r"(?s)<style.*?</style>|<script.*?</script>", " ", content.decode())
            return re.sub(r"<[^>]*>", " ", shown)
        case _:
            return content.decode()


def test_a_value_says_what_it_counts(small: Program) -> None:
    """Values name their unit and what is needed; English uses the singular for 1."""
    status = " ".join(small.ok("status", *STATION, *AS_OF).out.split())
    assert "0 phút (cần 15), đang thực hiện" in status
    small.environment["CCHC_LANG"] = "en"
    meetings = " ".join(small.ok("status", "--agency", "so-noi-vu", *AS_OF).out.split())
    assert "at least 1 time, each quarter" in meetings
    assert "0 times (needs 1), under way" in meetings
    assert "1 time by 2024-06-30" in meetings
    assert "none (needs 80 %), under way" in meetings
    done = small.ok("log", "A.4", "--agency", "so-noi-vu", "--date", "2024-05-02").out
    assert "Quarter II/2024: 1 time (needs 1), met" in done
    assert "due within 1 day in the plan small\n" in small.ok(
        "due", *AS_OF, "--within", "1d", "--agency", "buon-ho"
    ).out.replace("; cchc", "\n")
    explained = small.ok("explain", "A.1", *STATION, "--period", "2024-02", *AS_OF).out
    assert "owed: 2024-02-01 – 2024-02-29, 29 days" in explained


def test_an_answer_names_what_it_is_about(small: Program) -> None:
    done = small.ok("log", "A.1", "9", *STATION, "--date", "2024-02-20", "--form", "web")
    first, second = done.out.splitlines()
    assert first.endswith(": A.1. Chuyên mục CCHC trên sóng, Đài Truyền thanh Buôn Hồ, 20/02/2024, 9 phút")
    assert "ít nhất 15 phút, mỗi tháng: chỉ tính các hình thức: Phát thanh" in second
    waived = small.ok(
        *("waive", "A.2/standing", "--agency", "ea-drong"),
        *("--from", "01/04/2024", "--to", "30/06/2024", "--reason", "x"),
    )
    assert waived.out.splitlines()[0] == (
        "quyết định miễn số 2 của kế hoạch small: Xã Ea Drông (UBND thị xã Buôn Hồ), A.2. Lắp đặt pa nô: ít nhất 1 pa nô, mỗi quý, 01/04/2024 – 30/06/2024"
    )


def test_a_difference_stands_below_what_it_is_of(small: Program) -> None:
    shown = small.ok("review", "diff", "Q1").out.splitlines()
    assert shown[1:4] == [
        "Đài Truyền thanh Buôn Hồ",
        "  A.1. Chuyên mục CCHC trên sóng: ít nhất 15 phút, mỗi tháng",
        "    Tháng 1/2024: đạt (20 phút) → chưa đạt (0 phút)",
    ]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("log", "A.1", "9", *STATION, "--form", "raddio"), "radio (Phát thanh)"),
        (("log", "A.1", "9", *STATION, "--form", "Cổng thông tyn điện tử"), "web (Cổng thông tin điện tử)"),
        (("log", "A.1", "9", *STATION, "--form", "zzz"), "radio (Phát thanh), web (Cổng thông tin điện tử)"),
        (("explain", "A.1/x", *STATION, "--period", "2024"), "minutes (ít nhất 15 phút, mỗi tháng)"),
        (
            ("waive", "A.1/x", *STATION, "--from", "2024-01-01", "--to", "2024-01-31", "--reason", "x"),
            "minutes (ít nhất 15 phút, mỗi tháng)",
        ),
    ],
)
def test_errors_give_names_beside_the_codes_that_can_be_typed(
    small: Program, command: tuple[str, ...], words: str
) -> None:
    assert words in small.fails(2, *command)


def test_a_number_from_the_plan_may_end_in_a_point_as_it_is_shown(small: Program) -> None:
    assert small.ok("plan", "a.1.").out == small.ok("plan", "A.1").out


def test_codes_stay_in_json_and_csv(small: Program) -> None:
    (record,) = small.ok("history", "-f", "json", "--activity", "A.1", "--period", "2024-02").json[
        "executions"
    ]
    assert (record["activity"], record["form"]) == ("A.1", "web")
    finding = small.ok("status", *STATION, *AS_OF, "-f", "json").json["findings"][0]
    assert (finding["activity"], finding["requirement"]) == ("A.1", "minutes")
    assert ",dai-buon-ho,A.1," in small.ok("history", "-f", "csv").out


# --- narrow terminals -------------------------------------------------------------------------------

WIDTHS = (40, 50, 60, 80, 120)
WIDEST = "200"


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Give the program with records of the plan of 2024, which has long codes."""
    folder = tmp_path_factory.mktemp("narrow")
    (folder / "home").mkdir()
    program = Program(folder / "home", str(folder / "cchc.db"))
    program.ok("import", ROOT / "data" / "plan_2024.yaml")
    for agency, activity, more in (
        ("dai-buon-ma-thuot", "III.4.b", ("1234", "--title", "Dịch vụ công trực tuyến toàn trình")),
        ("xa-krong-buk-krong-pac", "III.1.a", ("--form", "website", "--repeat")),
        (
            "ubnd-buon-ho",
            "III.3.a",
            ("3", "--evidence", "https://example.org/a", "--note", "đường Hùng Vương"),
        ),
    ):
        program.ok("log", activity, *more, "--agency", agency, "--date", "2024-03-14")
    days = ("--from", "2024-04-01", "--to", "2024-06-30")
    program.ok(
        "waive",
        "III.4.b/minutes",
        "--agency",
        "dai-lak",
        *days,
        "--reason",
        "Máy hỏng",
        "--document",
        "12/TB",
    )
    program.ok("review", "close", "Q1")
    program.ok("void", 1, "--reason", "ghi nhầm")
    return program


SHOWN = [
    ("status", "--agency", "so-noi-vu", "--as-of", "2024-05-15"),
    ("status", "--agency", "dai-buon-ma-thuot", "--as-of", "2024-05-15"),
    ("due", "--as-of", "2024-03-10", "--agency", "ubnd-buon-ho", "--subtree"),
    ("explain", "III.4.b", "--agency", "dai-buon-ma-thuot", "--period", "2024-03"),
    ("history",),
    ("history", "3"),
    ("agencies",),
    ("plan",),
    ("plan", "III.4.b"),
    ("waive", "--list"),
    ("review", "list"),
    ("review", "diff", "Q1"),
    ("doctor",),
    ("config",),
]


def words_in(text: str) -> Counter[str]:
    """Count the words, codes and numbers of a text, without the lines of tables and colons after headings."""
    return Counter(word for part in text.split() if (word := part.strip("─·:")))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("command", SHOWN, ids=" ".join)
def test_a_narrow_terminal_loses_nothing(bundled: Program, command: tuple[str, ...], language: str) -> None:
    """A narrow terminal shows each heading, code and number of a wide one, unbroken and as often."""

    def shown(width: object) -> str:
        return replace(bundled, environment={"CCHC_LANG": language, "COLUMNS": str(width)}).ok(*command).out

    wanted = words_in(shown(WIDEST))
    for width in WIDTHS:
        found = shown(width)
        lost = wanted - words_in(found)
        assert not lost, (width, lost, found)
        if command[0] in {"status", "due", "explain", "history", "agencies", "plan", "waive"}:
            assert max(map(len, found.splitlines())) <= width
