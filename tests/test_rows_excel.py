"""Rows files as officers make them: what is read, and what is refused with help.

Habits of programs that cannot run here are imitated; the docstring of each test names their source.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cchc_cli.services.row_files.columns import COLUMNS, USUAL, WRITTEN
from tests.small_plan import FIXED, import_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.worksheet.worksheet import Worksheet

    from tests.program import Outcome, Program

SAVED = Path(__file__).parent / "data" / "rows"
HEADING = ["Ngày", "Cơ quan", "Hoạt động", "Số lượng", "Hình thức", "Tiêu đề", "Ghi chú", "Mã"]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the small plan of 2024 once."""
    return import_once(tmp_path_factory.mktemp("stored"), frame=FIXED)


@pytest.fixture
def small(cchc: Program, stored: Path) -> Program:
    """Give the program with the small plan and no records."""
    shutil.copy(stored, cchc.db)
    return cchc


def book(
    cchc: Program,
    *rows: list[Any],
    change: Callable[[Worksheet], None] | None = None,
    name: str = "rows.xlsx",
) -> Path:
    """Write a workbook with these rows; give its path."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    path = cchc.home / name
    workbook.save(path)
    return path


def text(cchc: Program, content: str | bytes, name: str = "rows.csv") -> Path:
    """Write a file; give its path."""
    path = cchc.home / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None], name: str = "changed.xlsx") -> Path:
    """Write a workbook again with its parts changed; a part that becomes None is left out."""
    target = path.with_name(name)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for part in source.namelist():
            content = change(part, source.read(part))
            if content is not None:
                package.writestr(part, content)
    return target


def logged(cchc: Program, path: Path) -> tuple[list[dict[str, Any]], str]:
    """Record a file; give its records, in the order of the rows, and what was said beside the answer."""
    said: Outcome = cchc.ok("log", "--file", path, "-f", "json")
    found = cchc.ok("history", "-f", "json").json["executions"]
    assert said.json["created"] == len(found)
    return sorted(found, key=lambda one: one["no"]), said.err


def faults(cchc: Program, path: Path) -> dict[tuple[int, str], str]:
    """Record a file with wrong rows; give the sentence of each row and column."""
    outcome = cchc.run("log", "--file", path, "-f", "json")
    assert outcome.code == 2, outcome
    return {(error["row"], error["column"]): error["message"] for error in outcome.json["errors"]}


def refusal(cchc: Program, path: Path) -> str:
    """Record a file that is refused as a whole; give the error."""
    said = cchc.fails(2, "log", "--file", path)
    assert path.name in said
    return said


# --- what LibreOffice saves -----------------------------------------------------------------------------


def test_a_report_that_libreoffice_saved(small: Program) -> None:
    """Title lines, headings in two rows, a row of numbers, merged cells, percent, a formula, a total, signatures."""
    found, said = logged(small, SAVED / "libreoffice.xlsx")
    assert [(one["date"], one["agency"], one["activity"], one["amount"]) for one in found] == [
        ("2024-03-14", "dai-buon-ho", "A.1", 15.5),
        ("2024-03-21", "dai-buon-ho", "A.1", 20),
        ("2024-03-25", "so-noi-vu", "A.3", 96.5),
        ("2024-03-25", "so-noi-vu", "A.4", 1),
    ]
    assert [one["note"] for one in found] == ["Phát lúc 17 giờ", None, None, "=1+1"]
    assert "left alone: STT" in said
    assert "the sheet “Tháng 3”" in said
    for row in ("row 12 “Tổng cộng", "row 14 “Buôn Hồ, ngày 05", "row 15 “NGƯỜI LẬP BIỂU", "row 16 “Nguyễn"):
        assert row in said


@pytest.mark.parametrize(
    "name", ["list-vi.csv", "list-vi.xlsx", "list-de-DE.csv", "list-de-DE.xlsx", "list-en-US.xlsx"]
)
def test_settings_of_the_system_do_not_matter(small: Program, name: str) -> None:
    """A workbook holds values; CSV holds what the cells show, which other systems show differently."""
    found, _ = logged(small, SAVED / name)
    assert [(one["date"], one["amount"]) for one in found] == [("2024-03-14", 15.5), ("2024-03-25", 1234.25)]


def test_days_of_a_system_with_the_month_first_are_refused(small: Program) -> None:
    """`3/14/2024` has one reading at most, and that one is not how a day is written here."""
    assert [
        (row, "there is no month" in said)
        for (row, _), said in faults(small, SAVED / "list-en-US.csv").items()
    ] == [
        (2, True),
        (3, True),
    ]


@pytest.mark.parametrize("name", ["semicolon-utf-8.csv", "tab-utf-16.csv"])
def test_the_same_as_csv(small: Program, name: str) -> None:
    """CSV has no merged cells, so those rows lack a day and an agency; the row numbers are those of the sheet."""
    assert sorted(faults(small, SAVED / name)) == [(9, "agency"), (11, "agency"), (11, "date")]


@pytest.mark.parametrize(
    ("name", "words"),
    {
        "libreoffice.xls": "old format of Excel",
        "libreoffice.ods": "OpenDocument",
        "libreoffice.html": "web page",
        "windows-1258.csv": "perhaps Windows-1258",
        "windows-1252.csv": "perhaps Windows-1252",
    }.items(),
)
def test_other_formats_are_told_apart(small: Program, name: str, words: str) -> None:
    """The answer says what the file is and how to save it, whatever it is called."""
    for given in (name, "renamed.xlsx", "renamed.csv"):
        path = small.home / given
        shutil.copy(SAVED / name, path)
        said = refusal(small, path)
        assert words in said
        assert ".xlsx" in said


def test_names_do_not_matter(small: Program) -> None:
    """A workbook called CSV and CSV called a workbook are read as what they are."""
    whole = book(small, HEADING, ["2024-03-14", "snv", "A.4", 1])
    assert len(logged(small, whole.rename(whole.with_suffix(".csv")))[0]) == 1
    lines = "date,agency,activity\n2024-03-14,snv,A.4\n2024-03-15,snv,A.4\n"
    done = small.ok("log", "--file", text(small, lines, "text.xlsx"), "-f", "json").json
    assert (done["created"], done["unchanged"]) == (1, 1)


def test_protected_and_binary_workbooks(small: Program) -> None:
    """Excel encrypts a workbook with a password into an OLE container (MS-OFFCRYPTO, 2.3.2); XLSB is MS-XLSB."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    inside = "EncryptedPackage".encode("utf-16-le")
    assert "password" in refusal(small, text(small, ole + inside + bytes(99), "rows.xlsx"))
    path = small.home / "rows.xlsb"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.bin", b"")
    assert "binary workbook" in refusal(small, path)
    assert "neither a workbook" in refusal(small, text(small, b"%PDF-1.7\n", "rows.xlsx"))


# --- headings -------------------------------------------------------------------------------------------

HEADINGS = {
    "official": ["TT", "Cơ quan/đơn vị", "Ngày thực hiện", "Nhiệm vụ", "SL", "Hình thức tuyên truyền"],
    "with units": ["STT", "Tên đơn vị", "Ngày phát sóng", "Hoạt động", "Số lượng (lần)", "Ghi chú"],
    "capitals": ["STT", "ĐƠN VỊ THỰC HIỆN", "NGÀY, THÁNG, NĂM", "NỘI DUNG", "SỐ LẦN", "MINH CHỨNG"],
    "broken lines": ["Số\nTT", "Cơ quan,\nđơn vị", "Ngày\nthực hiện", "Hoạt động", "Số\nlượng", "Ghi\nchú"],
    "hints": ["TT", "Đơn vị (ghi tên)", "Ngày (dd/mm/yyyy)", "Hoạt động", "Số lượng (nếu có)", "Ghi chú"],
    "no marks": ["stt", "don vi", "ngay", "hoat dong", "so luong", "ghi chu"],
}


@pytest.mark.parametrize("name", HEADINGS)
@pytest.mark.parametrize("above", [0, 3, 17])
def test_headings_by_many_names(small: Program, name: str, above: int) -> None:
    """The heading is found in the first 20 rows; rows are numbered as the sheet numbers them."""
    rows = [["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]] * above
    path = book(
        small, *rows, HEADINGS[name], [1, "snv", "14/03/2024", "A.4", 2], [2, "x", "14/03/2024", "A.4", 2]
    )
    assert list(faults(small, path)) == [(above + 3, "agency")]
    path = book(small, *rows, HEADINGS[name], [1, "snv", "14/03/2024", "A.4", 2])
    ((one,), said) = logged(small, path)
    assert (one["date"], one["amount"]) == ("2024-03-14", 2)
    assert f"left alone: {HEADINGS[name][0].replace(chr(10), '')[:3]}"[:15] in said.replace("\\x0a", "")


def test_contents_are_the_activity_or_the_title(small: Program) -> None:
    """`Nội dung` is the activity where no column is it, else the title; refused where both have a column."""
    path = book(small, ["Ngày", "Đơn vị", "Nội dung"], ["14/03/2024", "snv", "meetings"])
    assert logged(small, path)[0][0]["activity"] == "A.4"
    path = book(small, ["Ngày", "Đơn vị", "Hoạt động", "Nội dung"], ["15/03/2024", "snv", "A.4", "Họp"])
    small.ok("log", "--file", path)
    assert small.ok("history", "2", "-f", "json").json["executions"][0]["title"] == "Họp"
    path = book(small, ["Ngày", "Đơn vị", "Hoạt động", "Nội dung", "Tiêu đề"], ["15/03/2024", "snv", "A.4"])
    assert "“Nội dung” can be the activity or the title" in refusal(small, path)


def test_columns_that_hold_nothing_are_left_alone_and_named(small: Program) -> None:
    """The usual ones, those without a heading, and unknown ones without a value."""
    heading = ["STT", "Trực thuộc", "", "Ngày", "Đơn vị", "Hoạt động", "Cột lạ", "Ký tên"]
    row = [1, "Sở", "gì đó", "14/03/2024", "snv", "A.4", "", "x"]
    _, said = logged(small, book(small, heading, row))
    assert "left alone: STT, Trực thuộc, C, Cột lạ, Ký tên" in said
    row[6] = "có"
    assert "unknown column “Cột lạ”" in refusal(small, book(small, heading, row))


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Số lượg", "số lượng"),
        ("Sô lươngg", "số lượng"),
        ("amout", "amount"),
        ("Hình thứ", "hình thức"),
    ],
)
def test_a_heading_within_two_letters_names_the_known_one(small: Program, heading: str, words: str) -> None:
    """Left alone, a misspelt column of amounts would make each amount 1."""
    said = refusal(small, book(small, ["Ngày", "Đơn vị", "Hoạt động", heading], ["14/03/2024", "snv", "A.4"]))
    assert f"unknown column “{heading}”; did you mean {words}?" in said


def test_two_columns_with_one_meaning_are_refused(small: Program) -> None:
    """Two columns of days have two readings; a column of codes is read before one of names."""
    path = book(small, ["Ngày", "Ngày đăng", "Đơn vị", "Hoạt động"], ["1/3/2024", "2/3/2024", "snv", "A.4"])
    assert "date appears twice, as Ngày, Ngày đăng" in refusal(small, path)
    path = book(small, ["Ngày", "Mã cơ quan", "Cơ quan", "Hoạt động"], ["1/3/2024", "snv", "Sở gì đó", "A.4"])
    found, said = logged(small, path)
    assert (found[0]["agency"], "left alone: Cơ quan" in said) == ("so-noi-vu", True)


def test_a_heading_that_asks_for_the_month_first_is_refused(small: Program) -> None:
    path = book(small, ["Ngày (mm/dd/yyyy)", "Đơn vị", "Hoạt động"], ["3/4/2024", "snv", "A.4"])
    assert "day, month, year" in refusal(small, path)


def test_a_unit_in_the_heading_or_beside_the_amount(small: Program) -> None:
    """An amount whose unit is not the activity's is refused, wherever the unit stands."""
    for heading, row in (
        (["Ngày", "Đơn vị", "Hoạt động", "Số lượng (phút)"], ["14/03/2024", "snv", "A.4", 15]),
        (["Ngày", "Đơn vị", "Hoạt động", "Số phút"], ["14/03/2024", "snv", "A.4", 15]),
        (["Ngày", "Đơn vị", "Hoạt động", "Số lượng", "ĐVT"], ["14/03/2024", "snv", "A.4", 15, "phút"]),
    ):
        assert "is counted in lần, not in “phút”" in faults(small, book(small, heading, row))[2, "amount"]
    row = ["14/03/2024", "snv", "A.4", 15, "Lần"]
    found, _ = logged(small, book(small, ["Ngày", "Đơn vị", "Hoạt động", "Số lượng", "Đơn vị tính"], row))
    assert found[0]["amount"] == 15


def test_the_documentation_lists_the_columns_left_alone() -> None:
    """docs/json.md lists every usual heading, and every heading of each column."""
    page = (Path(__file__).parent.parent / "docs" / "json.md").read_text("utf-8")
    section = page[page.index("## Rows files") :]
    words = set(re.findall(r"`([^`]+)`", section))
    assert set(USUAL) | set(WRITTEN) <= words
    assert {
        name for column in COLUMNS for name in (column.vietnamese, *column.others, *column.codes)
    } <= words


# --- days -----------------------------------------------------------------------------------------------

DAYS = {
    "20-02-2024": "2024-02-20",
    "05.03.2024": "2024-03-05",
    "Ngày 12/3/2024": "2024-03-12",
    "14/03/2024 08:30": "2024-03-14",
    "2024-03-14 23:59:59": "2024-03-14",
    "12/3/24": "2024-03-12",
    "ngày 12 tháng 3 năm 2024": "2024-03-12",
    "20/2": "2024-02-20",
    "45366": "2024-03-15",
}
NO_DAYS = {
    "03/25/2024": "no month 25",
    "31/4/2024": "no day 31 in month 4/2024, which has 30 days",
    "hôm nay": "write the date",
    "yesterday": "write the date",
    "tháng 3/2024": "is a month",
    "5.10": "is not a date",
    "20000": "is a number",
    "12-15/3/2024": "is not a date",
}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_days_as_officers_write_them(small: Program, kind: str) -> None:
    """Each is read in one way; what has none is refused with the reason."""
    rows = [[day, "snv", "A.4", 1, None, None, day] for day in DAYS]
    path = _file(small, kind, [HEADING, *rows])
    found, _ = logged(small, path)
    assert {one["note"]: one["date"] for one in found} == DAYS
    said = faults(small, _file(small, kind, [HEADING, *([day, "snv", "A.4", 1] for day in NO_DAYS)]))
    assert list(said) == [(row, "date") for row in range(2, len(NO_DAYS) + 2)]
    for words, sentence in zip(NO_DAYS.values(), said.values(), strict=True):
        assert words in sentence


def _file(cchc: Program, kind: str, rows: list[list[Any]]) -> Path:
    if kind == "xlsx":
        return book(cchc, *rows)
    lines = (";".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return text(cchc, "\r\n".join(lines))


@pytest.mark.parametrize("since_1904", [False, True])
def test_days_in_date_cells(small: Program, since_1904: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Serial numbers count from 1900 or, in workbooks of Excel for Mac, from 1904 (ECMA-376, 18.17.4.1)."""
    formats = ["dd/mm/yyyy;@", "[$-42A]d mmmm yyyy", 'dd"/"mm', "m/d/yy h:mm"]
    days = [dt.datetime(2024, 3, 14, 17, 30) + dt.timedelta(n) for n in range(len(formats))]  # noqa: DTZ001 - a cell

    def style(sheet: Worksheet) -> None:
        if since_1904:
            assert sheet.parent
            sheet.parent.epoch = CALENDAR_MAC_1904
        for number, code in enumerate(formats, 2):
            sheet.cell(number, 1).number_format = code

    found, _ = logged(small, book(small, HEADING, *([day, "snv", "A.4", 1] for day in days), change=style))
    assert [one["date"] for one in found] == [day.date().isoformat() for day in days]


def test_numbers_where_a_day_belongs(small: Program) -> None:
    """`5.10` typed as a number is 5.1: neither 5 October nor 5 January."""
    assert "is a number" in faults(small, book(small, HEADING, [5.10, "snv", "A.4", 1]))[2, "date"]
    assert logged(small, book(small, HEADING, [45366, "snv", "A.4", 1]))[0][0]["date"] == "2024-03-15"


# --- amounts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("activity", "cell", "amount"),
    [
        ("A.1", "15 phút", 15),
        ("A.1", "15'", 15),
        ("A.1", "15 ph", 15),
        ("A.1", "7,5 phút", 7.5),
        ("A.4", "1.500", 1500),
        ("A.4", "1 500", 1500),
        ("A.4", "2 lần", 2),
        ("A.2", "1,234", 1234),
        ("A.3", "96,5 %", 96.5),
        ("A.3", "96,125", 96.125),
        ("A.1", 1.5, 1.5),
        ("A.1", 1.234, 1.234),
        ("A.1", 1500, 1500),
        ("A.3", 0.125, 0.125),
    ],
)
def test_amounts_as_officers_write_them(small: Program, activity: str, cell: object, amount: float) -> None:
    """With the unit of the activity, with thousands where only that fits; a cell with a number is exact."""
    found, _ = logged(small, book(small, HEADING, ["14/03/2024", "dai-buon-ho", activity, cell]))
    assert found[0]["amount"] == amount


@pytest.mark.parametrize(
    ("activity", "cell", "words"),
    [
        ("A.1", "1.500", "can be 1.5 or 1500 phút"),
        ("A.4", "2.000", "can be 2 or 2000 lần"),
        ("A.1", "3 tin", "is counted in phút, not in “tin”"),
        ("A.4", "15'", "is counted in lần"),
        ("A.4", "50%", "is counted in lần, not in “%”"),
        ("A.1", "khoảng 15", "is no amount"),
        ("A.1", "1h30", "not in “h30”"),
    ],
)
def test_amounts_with_two_readings_or_another_unit(
    small: Program, activity: str, cell: str, words: str
) -> None:
    path = book(small, HEADING, ["14/03/2024", "dai-buon-ho", activity, cell])
    assert words in faults(small, path)[2, "amount"]


@pytest.mark.parametrize(
    ("value", "code", "amount"), [(0.965, "0%", 96.5), (0.854, "0%", 85.4), (0.5, "0.00%", 50)]
)
def test_cells_that_show_percent(small: Program, value: float, code: str, amount: float) -> None:
    """The value counts, not what is shown; in a column of another unit it is refused."""

    def style(sheet: Worksheet) -> None:
        sheet["D2"].number_format = code

    found, _ = logged(small, book(small, HEADING, ["14/03/2024", "snv", "A.3", value], change=style))
    assert found[0]["amount"] == amount
    path = book(small, HEADING, ["14/03/2024", "snv", "A.4", value], change=style)
    assert "“%”" in faults(small, path)[2, "amount"]


# --- cells, sheets and the end of the table -------------------------------------------------------------


def test_merged_cells_stand_for_each_of_their_rows(small: Program) -> None:
    """Not below their last row; a merged amount is a fault of each row."""

    def merge(*ranges: str) -> Callable[[Worksheet], None]:
        def change(sheet: Worksheet) -> None:
            for one in ranges:
                sheet.merge_cells(one)

        return change

    rows: list[list[Any]] = [["14/03/2024", "snv", "A.4", 1], [None, None, "A.4", 2], [None, None, "A.4", 3]]
    path = book(small, HEADING, *rows, change=merge("A2:A4", "B2:B3"))
    assert list(faults(small, path)) == [(4, "agency")]
    found, _ = logged(small, book(small, HEADING, *rows, change=merge("A2:A4", "B2:B4")))
    assert [(one["date"], one["agency"], one["amount"]) for one in found] == [
        ("2024-03-14", "so-noi-vu", amount) for amount in (1, 2, 3)
    ]
    rows = [["14/03/2024", "snv", "A.4", 6], ["15/03/2024", "snv", "A.4"]]
    said = faults(small, book(small, HEADING, *rows, change=merge("D2:D3")))
    assert list(said) == [(2, "amount"), (3, "amount")]
    assert "merged over the rows 2 to 3" in said[2, "amount"]


def test_what_stands_below_the_table_is_left_out_and_named(small: Program) -> None:
    """Totals and signatures; but a record that lacks its day and agency is a fault, also in the last row."""
    good = ["14/03/2024", "snv", "A.4", 1]
    below: list[list[Any]] = [["Cộng", None, None, 1], [], [None, "Người lập"], [None, "Lê A"]]
    found, said = logged(small, book(small, HEADING, good, *below))
    assert len(found) == 1
    assert "row 3 “Cộng 1”, row 5 “Người lập”, row 6 “Lê A”" in said
    assert list(faults(small, book(small, HEADING, good, [None, None, "A.4", 2]))) == [
        (3, "date"),
        (3, "agency"),
    ]
    assert (3, "agency") in faults(small, book(small, HEADING, good, ["Cộng", None, None, 1], good))
    assert (3, "date") in faults(small, book(small, HEADING, good, [None, "snv", "A.4", 1, None, "Tổng kết"]))


def test_the_sheet_with_the_headings_is_read(small: Program) -> None:
    """Of several visible ones with headings none is chosen; a hidden one is never read."""
    workbook = openpyxl.Workbook()
    first, second = workbook.worksheets[0], workbook.create_sheet("Số liệu")
    first.append(["Hướng dẫn ghi"])
    for row in (HEADING, ["14/03/2024", "snv", "A.4", 1]):
        second.append(row)
    path = small.home / "rows.xlsx"
    workbook.save(path)
    assert "the sheet “Số liệu”" in logged(small, path)[1]
    third = workbook.create_sheet("Quý 2")
    third.append(HEADING)
    workbook.save(path)
    # A sheet without rows holds nothing to read.
    assert "not read: “Sheet”, “Quý 2”" in small.ok("log", "--file", path).err
    third.append(["15/03/2024", "snv", "A.4", 2])
    workbook.save(path)
    assert "“Số liệu”, “Quý 2”" in refusal(small, path)
    third.sheet_state = "hidden"
    workbook.save(path)
    assert small.ok("log", "--file", path, "-f", "json").json["unchanged"] == 1
    second.sheet_state = "hidden"
    workbook.save(path)
    assert "“Số liệu” with the headings is hidden" in refusal(small, path)


def test_errors_and_formulas_are_named_by_their_cell(small: Program) -> None:
    """Only where they are read: an error in a column that is left alone, or below the table, does no harm."""

    def spoil(part: str, content: bytes) -> bytes:
        if not part.endswith("sheet1.xml"):
            return content
        return content.replace(
            b'<c r="D2" t="n"><v>7</v></c>', b'<c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        ).replace(b'<c r="D3" t="n"><v>7</v></c>', b'<c r="D3"><f>SUM(A1)</f></c>')

    row = ["14/03/2024", "snv", "A.4", 7]
    said = faults(small, rewritten(book(small, HEADING, row, row), spoil))
    assert "cell D2 holds the error #DIV/0!" in said[2, "amount"]
    assert "cell D3 holds a formula without a value" in said[3, "amount"]
    heading = ["Ngày", "Đơn vị", "Hoạt động", "STT"]
    assert len(logged(small, rewritten(book(small, heading, row), spoil))[0]) == 1


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell(small: Program) -> None:
    """Excel and LibreOffice save `=IF(…;"")` with an empty value of type str (ECMA-376, 18.18.11)."""

    def formula(part: str, content: bytes) -> bytes:
        cell = b'<c r="G2" t="str"><f>IF(1,"")</f><v></v></c>'
        return re.sub(rb'<c r="G2"[^>]*>.*?</c>', cell, content) if part.endswith("sheet1.xml") else content

    row = ["14/03/2024", "snv", "A.4", 7, None, None, "x"]
    assert logged(small, rewritten(book(small, HEADING, row), formula))[0][0]["note"] is None


def test_ids_that_a_spreadsheet_cannot_hold(small: Program) -> None:
    """Excel keeps 15 digits of a number (its “specifications and limits”)."""
    row = ["14/03/2024", "snv", "A.4", 1, None, None, None]
    said = faults(small, book(small, HEADING, [*row, 1234567890123456]))
    assert "format the column as text" in said[2, "external_id"]
    logged(small, book(small, HEADING, [*row, "1234567890123456"]))
    ok = small.ok("history", "-f", "csv").out
    assert "1234567890123456" in ok


def test_numbers_that_are_shown_with_leading_zeros(small: Program) -> None:
    """A code such as 00644 that a format fills up is read as shown."""

    def style(sheet: Worksheet) -> None:
        sheet["H2"].number_format = "00000"

    logged(small, book(small, HEADING, ["14/03/2024", "snv", "A.4", 1, None, None, None, 643], change=style))
    assert ",00643," in small.ok("history", "-f", "csv").out


def test_escaped_characters_are_undone(small: Program) -> None:
    """`_x000D_` is a carriage return, `_x005F_` an underscore (ECMA-376, 22.9.2.19)."""
    row = ["14/03/2024", "snv", "A.4", 1, None, "a_x005F_x0041_b_x0041_", None]
    assert logged(small, book(small, HEADING, row))[0][0]["title"] == "a_x0041_bA"


def test_strict_ooxml_is_read(small: Program) -> None:
    """Excel’s “Strict Open XML Spreadsheet” has other namespaces, and dates as text (ISO/IEC 29500-1)."""
    spaces = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }

    def strict(_: str, content: bytes) -> bytes:
        for old, new in spaces.items():
            content = content.replace(old, new)
        return re.sub(rb'<c r="A2"[^>]*>.*?</c>', b'<c r="A2" t="d"><v>2024-03-14T00:00:00</v></c>', content)

    path = rewritten(book(small, HEADING, ["x", "snv", "A.4", 1, None, "Họp"]), strict)
    ((one,), _) = logged(small, path)
    assert (one["date"], one["title"]) == ("2024-03-14", "Họp")


def test_parts_that_are_not_read_are_no_bomb(small: Program) -> None:
    """A photograph of one colour, or macros, may unpack to much."""
    path = rewritten(book(small, HEADING, ["14/03/2024", "snv", "A.4", 1]), lambda _, content: content)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/image1.bmp", bytes(20_000_000))
        package.writestr("xl/vbaProject.bin", bytes(20_000_000))
    assert len(logged(small, path)[0]) == 1


def test_what_a_writer_may_leave_out(small: Program) -> None:
    """The dimension, and the names of rows and cells, are optional (ECMA-376, 18.3.1.4, 18.3.1.35, 18.3.1.73)."""

    def bare(part: str, content: bytes) -> bytes:
        if part.endswith("sheet1.xml"):
            content = re.sub(rb"<dimension[^>]*>", b"", content)
            return re.sub(rb'(<(?:c|row)) r="\w+"', rb"\1", content)
        return content

    path = rewritten(book(small, HEADING, ["14/03/2024", "snv", "A.4", 1, "web", "Họp", "x", "R"]), bare)
    assert logged(small, path)[0][0]["title"] == "Họp"


# --- CSV ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("told", [False, True])
def test_csv_by_every_separator_and_encoding(
    small: Program,
    encoding: str,
    separator: str,
    told: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Excel saves UTF-8 with a mark, UTF-16 as “Unicode Text”; `sep=;` in the first line tells it the separator."""
    rows = [
        ["Báo cáo, quý I; tháng 3\t"],
        ["Ngày", "Cơ quan", "Hoạt động", "Tiêu đề"],
        ["14/03/2024", "snv", "A.4", "Họp"],
    ]
    lines = "\r\n".join(separator.join(row) for row in rows)
    if told:
        lines = f"sep={separator}\r\n{lines}"
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    ((one,), _) = logged(small, text(small, (mark + lines).encode(encoding)))
    assert one["title"] == "Họp"


# --- what this program writes ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_the_program_writes_is_read_again(small: Program, language: str) -> None:
    """`history -f csv`, `history --to` and the report’s sheet of records: all unchanged, voided ones passed over."""
    small.ok("log", "A.1", 15, "--agency", "dai-buon-ho", "--date", "2024-03-14", "--form", "radio")
    small.ok("log", "A.4", "--agency", "snv", "--date", "2024-03-15", "--title", "=1+1", "--repeat")
    small.ok(
        "log",
        "A.4",
        "--agency",
        "snv",
        "--date",
        "2024-03-16",
        "--evidence",
        "https://a.vn/1",
        "--note",
        "dòng 1\ndòng 2",
    )
    small.ok("log", "A.3", "85.4", "--agency", "snv", "--date", "2024-03-16")
    small.ok("log", "A.1", "1.234", "--agency", "dai-buon-ho", "--date", "2024-03-16", "--form", "radio")
    small.ok("log", "A.2", "3", "--agency", "ea-drong", "--date", "2024-03-16")
    small.ok("log", "--agency", "ea-drong", "--date", "2024-03-17", "A.2", "--", "-1.234")
    row = "date;agency;activity;title;external_id\n2024-03-18;snv;A.4;Có mã;00123456789012345678"
    small.ok("log", "--file", text(small, row))
    plain, named, report = (small.home / name for name in ("plain.csv", "named.csv", "report.xlsx"))
    small.ok("report", "--period", "2024", "--to", report, "--lang", language)
    small.ok("log", "A.4", "--agency", "snv", "--date", "2024-03-17")
    small.ok("void", 9, "--reason", "x")
    plain.write_text(small.ok("history", "-f", "csv").out, "utf-8")
    small.ok("history", "--to", named, "--lang", language)
    for path in (plain, named, report):
        said = small.ok("log", "--file", path, "-f", "json")
        assert (said.json["created"], said.json["updated"], said.json["unchanged"]) == (0, 0, 8), path
        assert "left alone" in said.err


# --- what helps to mend a file ----------------------------------------------------------------------------


def test_files_without_headings_and_text_without_a_mark(small: Program) -> None:
    """The answer says which headings are needed; UTF-16 without a mark cannot be told from other bytes for sure."""
    said = refusal(small, book(small, ["gì", "đó"], ["a", "b"]))
    assert "no row of headings among the first 20 rows; it needs the columns date, agency, activity" in said
    said = refusal(small, book(small, ["Từ ngày", "Đến ngày", "Đơn vị", "Hoạt động"]))
    assert "date is missing" in said
    assert "columns that are not known: Từ ngày, Đến ngày" in said
    assert "UTF-16 without a byte order mark" in refusal(
        small, text(small, "date,agency,activity".encode("utf-16-le"))
    )


def test_what_a_spreadsheet_made_of_what_was_typed(small: Program) -> None:
    """`3/5` becomes a day, `0:15` a time, and a quotient has more decimals than an amount."""
    row: list[Any] = ["14/03/2024", "snv", "A.4", 1, None, None, None, "x"]
    for place, column, value in (
        (3, "amount", dt.date(2024, 5, 3)),
        (3, "amount", dt.time(0, 15)),
        (7, "external_id", dt.date(2024, 5, 3)),
    ):
        said = faults(small, book(small, HEADING, [*row[:place], value, *row[place + 1 :]]))
        assert "made the date or time" in said[2, column]
    assert "ROUND" in faults(small, book(small, HEADING, ["14/03/2024", "snv", "A.3", 1 / 3]))[2, "amount"]
