"""Reading rows files through `read_rows`: both formats alike, and what its options do."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_cli.domain.language.errors import InputError
from cchc_cli.domain.language.text import escape_formula
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.row_files.columns import CODES
from cchc_cli.services.rows.reader import read_rows

if TYPE_CHECKING:
    from pathlib import Path

CELL = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=6)
ROWS = st.lists(st.lists(CELL | st.just(""), min_size=len(CODES), max_size=len(CODES)), max_size=6)


@given(rows=ROWS, above=st.integers(0, 3))
@settings(max_examples=60)
def test_csv_and_xlsx_are_read_alike(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], above: int
) -> None:
    """The same texts give the same drafts, faults and row numbers."""
    folder = tmp_path_factory.mktemp("rows")
    # A day begins with a digit and the repetition is empty, so that most rows are drafts.
    rows = [[f"1{row[0]}", *row[1:5], "", *row[6:]] for row in rows]
    whole = [*[["Báo cáo"]] * above, CODES, *rows]
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        # The apostrophe before what looks like a formula is removed in CSV only.
        csv.writer(file).writerows([escape_formula(cell) for cell in row] for row in whole)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, row in enumerate(whole, 1):
        for column, text in enumerate(row, 1):
            if text:
                cell = sheet.cell(number, column)
                cell.value, cell.data_type = text.replace("_x", "_x005F_x"), "s"
    book.save(folder / "rows.xlsx")
    assert list(read_rows(folder / "rows.csv").rows) == list(read_rows(folder / "rows.xlsx").rows)


def write(folder: Path, *lines: str) -> Path:
    """Write a CSV file; give its path."""
    path = folder / "rows.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_an_agency_for_rows_that_name_none(tmp_path: Path) -> None:
    """The column may be missing, and its cells empty; without it both are errors."""
    path = write(tmp_path, "date,activity", "2024-03-14,A.4")
    assert list(read_rows(path, agency="snv").rows) == [(2, Draft("snv", "A.4", "2024-03-14"))]
    with pytest.raises(InputError, match="agency is missing"):
        read_rows(path)
    path = write(tmp_path, "date,agency,activity", "2024-03-14,,A.4", "2024-03-14,x,A.4", ",,A.4")
    found = list(read_rows(path, agency="snv").rows)
    assert found[:2] == [(2, Draft("snv", "A.4", "2024-03-14")), (3, Draft("x", "A.4", "2024-03-14"))]
    _, faults = found[2]
    assert isinstance(faults, list)
    assert [column for column, _ in faults] == ["date"]


def test_columns_to_leave_alone(tmp_path: Path) -> None:
    """By their headings, in any case and without diacritics; a name that is no heading is told."""
    path = write(tmp_path, "date,agency,activity,Kết quả,amout", "2024-03-14,snv,A.4,tốt,9")
    with pytest.raises(InputError, match="amout"):
        read_rows(path, ignore=["ket qua"])
    opened = read_rows(path, ignore=["ket qua", "AMOUT"])
    assert opened.left_alone == ["Kết quả", "amout"]
    assert list(opened.rows) == [(2, Draft("snv", "A.4", "2024-03-14"))]
    assert read_rows(path, ignore=["ket qua", "amout", "x"]).not_there == ["x"]


def test_voided_rows_are_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, "date,agency,activity,voided", "2024-03-14,a,b,yes", "2024-03-14,c,d,")
    assert [number for number, _ in read_rows(path).rows] == [3]


def test_days_that_a_spreadsheet_may_have_swapped_are_pointed_out(tmp_path: Path) -> None:
    """Set to month first, Excel takes 03/04/2024 for 4 March, and 25/03/2024 for a text."""
    for other, expected in ((date(2024, 3, 4), 1), (date(2024, 3, 14), 0)):
        book = openpyxl.Workbook()
        for row in (["date", "agency", "activity"], [other, "a", "b"], ["25/03/2024", "a", "b"]):
            book.worksheets[0].append(row)
        book.save(tmp_path / "rows.xlsx")
        opened = read_rows(tmp_path / "rows.xlsx")
        assert len(list(opened.rows)) == 2
        assert sum("swapped day and month" in str(note) for note in opened.notes) == expected


def test_cells_beside_the_table_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["date", "agency", "activity"], ["2024-03-14", "a", "b", None, "ghi chú riêng"]):
        book.worksheets[0].append(row)
    book.worksheets[0]["ZZ2"] = "xa"
    book.save(tmp_path / "rows.xlsx")
    opened = read_rows(tmp_path / "rows.xlsx")
    assert list(opened.rows) == [(2, Draft("a", "b", "2024-03-14"))]
    assert "“ghi chú riêng”" in str(opened.notes[0])
