"""Makes the rows files in `tests/data/rows`, as a real program saves them: `python -m tests.make_rows_files`.

LibreOffice opens one sheet and saves it in several formats and character sets. The files are committed; this
was last run with LibreOffice 7.4. What other programs do differently is imitated in `tests/test_rows_excel.py`.
"""

from __future__ import annotations

import subprocess
import tempfile
from datetime import date, datetime
from pathlib import Path

import openpyxl

FOLDER = Path(__file__).parent / "data" / "rows"
FORMATS = {
    "libreoffice.xlsx": "xlsx:Calc MS Excel 2007 XML",
    "libreoffice.xls": "xls:MS Excel 97",
    "libreoffice.ods": "ods",
    "libreoffice.html": "html:HTML (StarCalc)",
    # Separator, quotes, character set (76 UTF-8, 65535 UTF-16, 40 Windows-1258, 1 Windows-1252), first line.
    "semicolon-utf-8.csv": "csv:Text - txt - csv (StarCalc):59,34,76,1",
    "tab-utf-16.csv": "csv:Text - txt - csv (StarCalc):9,34,65535,1",
    "windows-1258.csv": "csv:Text - txt - csv (StarCalc):44,34,40,1",
    "windows-1252.csv": "csv:Text - txt - csv (StarCalc):44,34,1,1",
}


LOCALES = ("vi", "de-DE", "en-US")
"""Each saves `list-LOCALE.csv` and `list-LOCALE.xlsx`: what a cell shows depends on the settings of the system."""
_SETTING = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>{locale}</value></prop></item>
</oor:items>
"""


def short_list(path: Path) -> None:
    """Write a list whose days and numbers are shown as the settings of the system say."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["Ngày", "Cơ quan", "Hoạt động", "Số lượng"],
        [date(2024, 3, 14), "Đài Truyền thanh Buôn Hồ", "radio-column", 15.5],
        [date(2024, 3, 25), "Đài Truyền thanh Buôn Hồ", "radio-column", 1234.25],
    ):
        sheet.append(row)
    for number in (2, 3):
        sheet.cell(
            number, 1
        ).number_format = "mm-dd-yy"  # The number 14 of the format: the short date of the system.
        sheet.cell(number, 4).number_format = "#,##0.00"
    book.save(path)


def source(path: Path) -> None:
    """Write the sheet as an officer makes it: title lines, merged cells, a total, signatures."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Tháng 3"
    for row in (
        ["UBND TỈNH ĐẮK LẮK", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["BÁO CÁO KẾT QUẢ TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH"],
        ["(Tháng 3 năm 2024)"],
        [],
        ["STT", "Đơn vị", "Ngày thực hiện", "Hoạt động", "Kết quả", None, "Ghi chú"],
        [None, None, None, None, "Số lượng", "Hình thức", None],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        [1, "Đài Truyền thanh Buôn Hồ", date(2024, 3, 14), "radio-column", 15.5, "radio", "Phát lúc 17 giờ"],
        [
            2,
            None,
            datetime(2024, 3, 21, 17, 30),  # noqa: DTZ001 - a cell
            "radio-column",
            "20 phút",
            "Phát thanh",
            None,
        ],
        [3, "Sở Nội vụ", "25/03/2024", "share", 0.965, None, None],
        [4, None, None, "meetings", 1, None, "=1+1"],
        ["Tổng cộng", None, None, None, "=SUM(E8:E11)", None, None],
        [],
        [None, None, None, None, "Buôn Hồ, ngày 05 tháng 4 năm 2024"],
        [None, "NGƯỜI LẬP BIỂU", None, None, "THỦ TRƯỞNG ĐƠN VỊ"],
        [None, "Nguyễn Thị Lan", None, None, "Trần Văn Bình"],
    ):
        sheet.append(row)
    for cells in (
        "A2:G2",
        "A5:A6",
        "B5:B6",
        "C5:C6",
        "D5:D6",
        "E5:F5",
        "G5:G6",
        "B8:B9",
        "B10:B11",
        "C10:C11",
        "A12:D12",
    ):
        sheet.merge_cells(cells)
    sheet["C8"].number_format = sheet["C9"].number_format = "dd/mm/yyyy"
    sheet["E10"].number_format = "0%"
    sheet["G11"].data_type = "s"
    notes = book.create_sheet("Hướng dẫn")
    notes.append(["Mỗi dòng là một việc đã làm"])
    book.save(path)


def main() -> None:
    """Write every file."""
    with tempfile.TemporaryDirectory() as folder:
        sheet, listed = Path(folder) / "sheet.xlsx", Path(folder) / "list.xlsx"
        source(sheet)
        short_list(listed)
        for name, kind in FORMATS.items():
            convert(sheet, kind, name, "vi")
        for locale in LOCALES:
            convert(listed, FORMATS["semicolon-utf-8.csv"], f"list-{locale}.csv", locale)
            convert(listed, FORMATS["libreoffice.xlsx"], f"list-{locale}.xlsx", locale)


def convert(source: Path, kind: str, name: str, locale: str) -> None:
    """Let LibreOffice save a file in another format, on a system with this locale."""
    profile, out = source.parent / f"profile-{locale}", source.parent / "out"
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTING.format(locale=locale), "utf-8")
    subprocess.run(
        [
            "/usr/bin/soffice",
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            *("--convert-to", kind),
            *("--outdir", str(out)),
            str(source),
        ],
        check=True,
        capture_output=True,
    )
    made = out / f"{source.stem}{Path(name).suffix}"
    (FOLDER / name).write_bytes(made.read_bytes())


if __name__ == "__main__":
    main()
