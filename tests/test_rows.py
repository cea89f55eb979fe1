"""`cchc log --file`: formats of rows files, all or nothing, and running a file again."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.small_plan import NOW, run_within, write_plan

if TYPE_CHECKING:
    from tests.program import Program

DAY = NOW.ago(3)
ENGLISH = "date,agency,activity,amount,form,repeat,title,evidence,note,external_id"
VIETNAMESE = "Ngày;Cơ quan;Hoạt động;Số lượng;Hình thức;Phát lại;Tiêu đề;Minh chứng;Ghi chú;Mã"


def write(cchc: Program, text: str, name: str = "rows.csv", encoding: str = "utf-8") -> Path:
    """Write a rows file; give its path."""
    path = cchc.home / name
    path.write_bytes(text.encode(encoding))
    return path


def book(cchc: Program, *rows: list[Any], name: str = "rows.xlsx") -> Path:
    """Write a workbook with these rows; give its path."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append(row)
    path = cchc.home / name
    workbook.save(path)
    return path


def take(cchc: Program, path: Path, *options: str) -> tuple[int, int, int]:
    """Log a valid file; give how many rows were created, updated and unchanged."""
    done = cchc.ok("log", "--file", path, *options, "-f", "json").json
    assert (done["rejected"], done["errors"]) == (0, [])
    return done["created"], done["updated"], done["unchanged"]


def refuse(cchc: Program, path: Path) -> list[tuple[int, str, str]]:
    """Log a file with wrong rows; check that nothing was written; give row, column and sentence of each fault."""
    before = Path(cchc.db).read_bytes()
    outcome = cchc.run("log", "--file", path, "-f", "json")
    assert outcome.code == 2, outcome
    done = outcome.json
    assert list(done) == [
        "format",
        "plan",
        "dry_run",
        "created",
        "updated",
        "unchanged",
        "superseded",
        "rejected",
        "change",
        "errors",
        "superseded_rows",
        "shared_ids",
        "new_bytes",
        "owes_nothing",
        "notes",
    ]
    assert (done["format"], done["dry_run"]) == ("cchc-rows/1", False)
    assert done["rejected"] == len({error["row"] for error in done["errors"]})
    assert all(list(error) == ["file", "row", "column", "message"] for error in done["errors"])
    assert {error["file"] for error in done["errors"]} == {path.name}
    assert Path(cchc.db).read_bytes() == before
    return [(error["row"], error["column"], error["message"]) for error in done["errors"]]


def refused_whole(cchc: Program, path: Path) -> str:
    """Log a file that cannot be read as rows; check that nothing was written; give the error text."""
    before = Path(cchc.db).read_bytes()
    said = cchc.fails(2, "log", "--file", path)
    assert Path(cchc.db).read_bytes() == before
    assert path.name in said
    return said


def recorded(cchc: Program, *filters: str) -> list[dict[str, Any]]:
    """Give every record, without the fields that differ from run to run."""
    found: list[dict[str, Any]] = cchc.ok("history", *filters, "-f", "json").json["executions"]
    for one in found:
        del one["id"], one["recorded_at"], one["change"]
    return found


def test_whole_row(small: Program) -> None:
    """Every column of a row is recorded unchanged; the JSON document has the documented keys."""
    row = f'{DAY},snv,meetings,2,web,yes,"Họp, lần 1",https://a.vn/1; https://a.vn/2,ghi chú,R-1'
    path = write(small, f"{ENGLISH}\n{row}\n")
    done = small.ok("log", "--file", path, "-f", "json").json
    assert done == {
        "format": "cchc-rows/1",
        "plan": "small",
        "dry_run": False,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "superseded": 0,
        "rejected": 0,
        "change": 2,
        "errors": [],
        "superseded_rows": [],
        "shared_ids": [],
        "new_bytes": [],
        "owes_nothing": [],
        "notes": [],
    }
    (one,) = recorded(small)
    assert {key: one[key] for key in ("agency", "activity", "date", "amount", "form", "repeat")} == {
        "agency": "so-noi-vu",
        "activity": "A.4",
        "date": DAY,
        "amount": 2,
        "form": "web",
        "repeat": True,
    }
    assert (one["title"], one["note"]) == ("Họp, lần 1", "ghi chú")
    assert one["evidence"] == ["https://a.vn/1", "https://a.vn/2"]
    assert "new 1" in small.ok("log", "--file", write(small, f"{ENGLISH}\n{row}2\n", "again.csv")).out


LAYOUTS = {
    "commas": f"date,agency,activity,amount\n{DAY},ea-drong,A.2,2\n",
    "semicolons": f"date;agency;activity;amount\n{DAY};ea-drong;A.2;1,5\n",
    "tabs": f"date\tagency\tactivity\tamount\n{DAY}\tea-drong\tA.2\t1,5\n",
    "a mark of order": f"\ufeffdate,agency,activity,amount\r\n{DAY},ea-drong,A.2,2\r\n",
    "another order, capitals": f"Amount,ACTIVITY,Date, Agency \n2,A.2,{DAY},ea-drong\n",
    "Vietnamese": f"\ufeff{VIETNAMESE}\r\n{NOW.day(-3):%d/%m/%Y};Xã Ea Drông;A.2;1,5;pa nô;không;;;;\r\n",
    "no diacritics": f"ngay,co quan,hoat dong,so luong\n{DAY},ea-drong,A.2,2\n",
    "quotes": f'"date","agency","activity","amount"\n"{DAY}","ea-drong","A.2","1,5"\n',
    "empty columns at the end": f"date,agency,activity,amount,,\n{DAY},ea-drong,A.2,2,,\n",
    "blank rows": f"date,agency,activity,amount\n\n{DAY},ea-drong,A.2,2\n,,,\n  , ,,\n\n",
    "blank rows before": f"\n,,,\ndate,agency,activity,amount\n{DAY},ea-drong,A.2,2\n",
    "old line ends": f"date,agency,activity,amount\r{DAY},ea-drong,A.2,2\r",
    "short rows": f"date,agency,activity,amount,form,note\n{DAY},ea-drong,A.2,2\n",
    "no line end": f"date,agency,activity,amount\n{DAY},ea-drong,A.2,2",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(small: Program, name: str) -> None:
    """Rows are read with every separator, order of columns and heading."""
    assert take(small, write(small, LAYOUTS[name])) == (1, 0, 0)
    (one,) = recorded(small)
    assert (one["date"], one["agency"], one["activity"], one["form"]) == (DAY, "ea-drong", "A.2", "panel")
    assert one["amount"] == (1.5 if "1,5" in LAYOUTS[name] else 2)


def test_workbook(small: Program) -> None:
    """Dates, numbers and booleans of a workbook are read as displayed."""
    day = NOW.day(-3)
    path = book(
        small,
        ["Ngày", "Cơ quan", "Hoạt động", "Số lượng", "Phát lại", "Mã", "Tiêu đề"],
        [day, "snv", "A.4", 2, True, 1, "a"],
        [dt.datetime(day.year, day.month, day.day), 644, "A.4", 2.0, False, 2, None],  # noqa: DTZ001 - a cell
        [None, None, None, None, None, None, None],
        [f"{day:%d/%m/%Y}", "24277", "A.3", 12.345, None, "x", 2024],
        [DAY, "ea-drong", "A.2", "1,5", "có", None, "dòng 1\ndòng 2"],
    )
    assert take(small, path) == (4, 0, 0)
    found = recorded(small)
    assert [one["date"] for one in found] == [DAY] * 4
    assert [one["agency"] for one in found] == ["so-noi-vu", "buon-ho", "ea-drong-cmg", "ea-drong"]
    assert [one["amount"] for one in found] == [2, 2, 12.345, 1.5]
    assert [one["repeat"] for one in found] == [True, False, False, True]
    assert [one["title"] for one in found] == ["a", None, "2024", "dòng 1\ndòng 2"]
    assert take(small, path) == (0, 0, 4)
    wrong = refuse(small, book(small, ["date", "agency", "activity"], [DAY, "snv", "A.4"], [day, "x", "A.4"]))
    assert [(row, column) for row, column, _ in wrong] == [(3, "agency")]


def test_headings(small: Program) -> None:
    """A file with an unknown, missing or duplicate column is refused; the error suggests the nearest name."""
    for heading, words in {
        "date,agency,activity,amout": "“amout”; did you mean amount",
        "date,agency,activity,số lượn": "“số lượn”",
        "date,agency,activity,colour": "“colour”; known are date, agency",
        "date,agency,amount": "activity is missing",
        "date,agency,activity,ngày": "date appears twice",
    }.items():
        assert words in refused_whole(small, write(small, f"{heading}\n{DAY},snv,A.4,1\n")), heading
    said = refused_whole(small, write(small, "dat,agenci,amount,amount\n"))
    for words in ("did you mean date", "did you mean agency", "amount appears twice", "activity is missing"):
        assert words in said


def test_wrong_rows(small: Program) -> None:
    """Every wrong row is reported with its number, column and reason; the good ones are not written either."""
    late, early = NOW.ago(-1), f"{NOW.start.year - 1}-12-31"
    rows = [
        (f"{DAY},snv,A.4", []),
        (",snv,A.4", ["date"]),
        (f"{DAY},,", ["agency", "activity"]),
        (f"{late},snv,A.4", ["date"]),
        (f"{early},snv,A.4", ["date"]),
        ("31/02/2024,snv,A.4", ["date"]),
        (f"{DAY},nobody,A.4", ["agency"]),
        (f"{DAY},xa ea drong,A.4", ["agency"]),
        (f"{DAY},old,A.4", ["date"]),
        (f"{DAY},snv,A.9", ["activity"]),
        (f"{DAY},snv,A.1", ["amount"]),
        (f"{DAY},snv,A.1,-3", ["amount"]),
        (f"{DAY},snv,A.1,many", ["amount"]),
        (f'{DAY},snv,A.1,"1,2345"', ["amount"]),
        (f"{DAY},snv,A.3,101", ["amount"]),
        (f"{DAY},snv,A.1,3,panel", ["form"]),
        (f"{DAY},snv,A.1,3,tv", ["form"]),
        (f"{DAY},snv,A.4,1,,perhaps", ["repeat"]),
        (f"{DAY},snv,A.4,1,,,,absent.jpg", ["evidence"]),
        (f"{DAY},snv,A.4,1,,,a\0b", ["title"]),
        (f"{DAY},snv,A.4,1,,,,,a\0b", ["note"]),
        (f"{DAY},snv,A.4,1,,,,,,a\0b", ["external_id"]),
        (f"{DAY},s\0nv,A.4", ["agency"]),
        (f"{late},nobody,A.9,x,tv", ["date", "agency", "activity", "amount", "form"]),
        (f"{DAY},ea-drong,A.2,-1", ["amount"]),
        (f"{DAY},snv,A.4,1,,,,,,,more", [""]),
    ]
    wrong = refuse(small, write(small, "\n".join([ENGLISH, *(row for row, _ in rows)])))
    expected = [(number, column) for number, (_, columns) in enumerate(rows, 2) for column in columns]
    # Without a known agency the day is not checked; the faults of a row come in any order.
    expected.remove((25, "date"))
    assert sorted((row, column) for row, column, _ in wrong) == sorted(expected)
    assert [row for row, _, _ in wrong] == sorted(row for row, _, _ in wrong)
    words = {(row, column): words for row, column, words in wrong}
    assert "future" in words[5, "date"]
    assert "ea-drong-cmg – Xã Ea D'Rơng (UBND tỉnh)" in words[9, "agency"]
    assert "Phát thanh (radio), Cổng thông tin điện tử (web)" in words[17, "form"]
    assert "“more”" in words[27, ""]
    assert "nothing was recorded" in small.run("log", "--file", small.home / "rows.csv").out


def test_nul_on_either_database(cchc_on: Program, tmp_path: Path) -> None:
    """A NUL in any cell rejects its row; it causes no database error."""
    cchc_on.ok("import", write_plan(tmp_path))
    cells = [f"{DAY},s\0nv,A.4,", f"{DAY},snv,A.\0004,", f"{DAY},snv,A.4,a\0b", f"{DAY}\0,snv,A.4,"]
    outcome = cchc_on.run(
        "log", "--file", write(cchc_on, "\n".join(["date,agency,activity,title", *cells])), "-f", "json"
    )
    assert outcome.code == 2, outcome
    found = [(error["row"], error["column"]) for error in outcome.json["errors"]]
    assert found == [(2, "agency"), (3, "activity"), (4, "title"), (5, "date")]


def test_again_and_corrected(cchc_on: Program, tmp_path: Path) -> None:
    """A recorded row is left unchanged; one with the same id and other content becomes its next version."""
    cchc = cchc_on
    cchc.ok("import", write_plan(tmp_path))
    heading = "date,agency,activity,amount,title,external_id"
    rows = [f"{DAY},snv,A.4,1,Họp,R-1", f"{DAY},snv,A.4,1,Họp khác,R-2", f"{DAY},snv,A.4,1,Họp nữa,"]
    first = "\n".join([heading, *rows])
    assert take(cchc, write(cchc, first)) == (3, 0, 0)
    assert take(cchc, write(cchc, first)) == (0, 0, 3)
    rows[1] = rows[1].replace("A.4,1", "A.4,2")
    assert take(cchc, write(cchc, "\n".join([heading, *rows]), "sửa.csv")) == (0, 1, 2)
    versions = cchc.ok("history", "2", "-f", "json").json["executions"]
    assert [(one["no"], one["version"], one["amount"]) for one in versions] == [(2, 1, 1), (2, 2, 2)]
    assert versions[0]["id"] == versions[1]["id"]
    assert [one["author"] for one in versions] == ["tester"] * 2
    assert versions[0]["reason"] is None
    assert "sửa.csv" in versions[1]["reason"]
    assert [(one["no"], one["amount"]) for one in recorded(cchc)] == [(1, 1), (2, 2), (3, 1)]


def test_twice_in_one_file(small: Program) -> None:
    """Equal rows are as many records, unless an id says that they are one; an id cannot name two."""
    heading = "date,agency,activity,amount,external_id"
    row = f"{DAY},snv,A.4,1"
    equal = write(small, f"{heading}\n{row},\n{row},\n{row},R-1\n{row},R-1\n")
    assert take(small, equal) == (3, 0, 1)
    assert take(small, equal) == (0, 0, 4)
    twice = write(small, f"{heading}\n{DAY},snv,A.4,3,R-2\n{DAY},snv,A.4,4,R-2\n", "twice.csv")
    faults = refuse(small, twice)
    assert [(row, column) for row, column, _ in faults] == [(2, "external_id"), (3, "external_id")]
    assert ("row 3" in faults[0][2], "row 2" in faults[1][2]) == (True, True)
    assert [(one["no"], one["version"], one["amount"]) for one in recorded(small)] == [
        (number, 1, 1) for number in (1, 2, 3)
    ]


def test_same_record_logged_by_hand(small: Program) -> None:
    """A row with the content of a typed record is a duplicate of it."""
    small.ok("log", "A.4", 2, "--agency", "so-noi-vu", "--date", DAY, "--title", "Hội nghị")
    path = write(small, f"date,agency,activity,amount,title\n{DAY},Sở Nội vụ,meetings,2,Hội nghị\n")
    assert take(small, path) == (0, 0, 1)


def test_rows_alike_but_for_one_thing(cchc_on: Program, tmp_path: Path) -> None:
    """Rows that differ in one of agency, activity, day, amount, form, title, note, evidence or repeat are no duplicates."""
    cchc = cchc_on
    cchc.ok("import", write_plan(tmp_path))
    heading = "date,agency,activity,amount,form,repeat,title,note,evidence"
    rows = [
        f"{DAY},dai-buon-ho,radio-column,20,radio,,Tin,,",
        f"{NOW.ago(4)},dai-buon-ho,radio-column,20,radio,,Tin,,",
        f"{DAY},snv,radio-column,20,radio,,Tin,,",
        f"{DAY},dai-buon-ho,meetings,20,,,Tin,,",
        f"{DAY},dai-buon-ho,radio-column,21,radio,,Tin,,",
        f"{DAY},dai-buon-ho,radio-column,20,radio,yes,Tin,,",
        f"{DAY},dai-buon-ho,radio-column,20,radio,,Tin 2,,",
        f"{DAY},dai-buon-ho,radio-column,20,radio,,,Tin,",
        f"{DAY},dai-buon-ho,radio-column,20,radio,,Tin,,https://a.vn/1",
    ]
    path = write(cchc, "\n".join([heading, *rows]))
    assert take(cchc, path) == (9, 0, 0)
    assert take(cchc, path) == (0, 0, 9)
    cchc.ok("void", 2, "--reason", "nhầm")
    cchc.ok("amend", 3, "--title", "Tin khác", "--reason", "nhầm")
    # What somebody voided or amended does not come back.
    done = cchc.ok("log", "--file", path, "-f", "json").json
    assert (done["created"], done["updated"], done["unchanged"], done["superseded"]) == (0, 0, 7, 2)
    assert [(one["row"], one["no"]) for one in done["superseded_rows"]] == [(3, 2), (4, 3)]


def test_dry_run(small: Program, stored: Path) -> None:
    """--dry-run reports what would happen, for good rows and wrong ones, and writes nothing."""
    path = write(small, f"date,agency,activity\n{DAY},snv,A.4\n{DAY},snv,A.4\n")
    done = small.ok("log", "--file", path, "--dry-run", "-f", "json").json
    assert (done["dry_run"], done["created"], done["unchanged"]) == (True, 2, 0)
    assert "would be recorded: new 2" in small.ok("log", "--file", path, "--dry-run").out
    wrong = write(small, f"date,agency,activity\n{DAY},snv,A.4\n{DAY},nobody,A.4\n")
    assert "row 3" in small.fails(2, "log", "--file", wrong, "--dry-run")
    assert Path(small.db).read_bytes() == stored.read_bytes()


def test_stock_over_a_file(small: Program) -> None:
    """Rows of a stock are judged together: the order in the file does not matter, the days do."""
    heading = "date,agency,activity,amount"
    taken, put = f"{NOW.ago(2)},ea-drong,A.2,-2", f"{NOW.ago(5)},ea-drong,A.2,2"
    assert take(small, write(small, f"{heading}\n{taken}\n{put}\n")) == (2, 0, 0)
    ((row, column, words),) = refuse(small, write(small, f"{heading}\n{NOW.ago(4)},ea-drong,A.2,-1\n"))
    assert (row, column) == (2, "amount")
    assert NOW.ago(2) in words


def test_files_that_are_no_rows(small: Program, tmp_path: Path) -> None:
    """A file that is no rows file is refused fast, with an error that helps."""
    assert "is empty" in refused_whole(small, write(small, ""))
    assert "is empty" in refused_whole(small, write(small, "\n,,\n"))
    assert ":2: not UTF-8" in refused_whole(
        small, write(small, "date,agency,activity\nS\xea,,\n", encoding="latin-1")
    )
    assert "CSV" in refused_whole(small, write(small, 'date,agency,activity\n"a,b,c\n'))
    assert "there is no such file" in refused_whole(small, tmp_path / "absent.csv")
    assert "there is no such file" in refused_whole(small, tmp_path / "absent.xlsx")
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    refused_whole(small, folder)


def test_pipes_that_nobody_writes_to(small: Program, tmp_path: Path) -> None:
    """A FIFO is refused, with either suffix, and does not block."""
    for name in ("fifo.csv", "fifo.xlsx"):
        os.mkfifo(tmp_path / name)
        outcome = run_within(small, 20, "log", "--file", tmp_path / name)
        assert outcome.code == 2
        assert name in outcome.err


def test_workbooks_that_are_none(small: Program, tmp_path: Path) -> None:
    """A broken, foreign or empty workbook is refused as bad input."""
    archive = tmp_path / "archive.xlsx"
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("readme.txt", "no workbook")
    assert "XLSX" in refused_whole(small, archive)
    whole = book(small, ["date", "agency", "activity"], [DAY, "snv", "A.4"]).read_bytes()
    half = tmp_path / "half.xlsx"
    half.write_bytes(whole[: len(whole) // 2])
    assert "XLSX" in refused_whole(small, half)
    assert "is empty" in refused_whole(small, book(small, name="empty.xlsx"))
    charts = openpyxl.Workbook()
    charts.create_chartsheet("only")
    charts.remove(charts.worksheets[0])
    charts.save(tmp_path / "charts.xlsx")
    refused_whole(small, tmp_path / "charts.xlsx")


def test_workbook_that_swells(small: Program, tmp_path: Path) -> None:
    """A decompression bomb is refused before it is unpacked, also if its declared sizes are wrong."""
    whole = book(small, ["date", "agency", "activity"], [DAY, "snv", "A.4"])
    swollen = tmp_path / "swollen.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(swollen, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, content + b" " * 64 * 1024 * 1024 if "sheet1" in part else content)
    outcome = run_within(small, 20, "log", "--file", swollen)
    assert outcome.code == 2
    assert "swollen.xlsx: unpacks to far too much" in outcome.err
    # The same size, but the archive declares a small one.
    lying = tmp_path / "lying.xlsx"
    sheet = b"<worksheet><sheetData>" + b"<row><c><v>1</v></c></row>" * 2_000_000
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(lying, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, sheet if "sheet1" in part else source.read(part))
    packed = lying.read_bytes()
    assert packed.count(len(sheet).to_bytes(4, "little")) == 2
    lying.write_bytes(packed.replace(len(sheet).to_bytes(4, "little"), (900_000).to_bytes(4, "little")))
    outcome = run_within(small, 20, "log", "--file", lying)
    assert outcome.code == 2
    assert "lying.xlsx" in outcome.err
    assert "Traceback" not in outcome.err


def test_text_that_looks_like_a_formula(small: Program) -> None:
    """A title that a spreadsheet would evaluate as a formula is stored as it is, from CSV and from XLSX."""
    titles = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "'=1"]
    lines = [
        f'{DAY},snv,A.4,{number},"{title.replace(chr(34), chr(34) * 2)}"'
        for number, title in enumerate(titles, 1)
    ]
    assert take(small, write(small, "\n".join(["date,agency,activity,amount,title", *lines]))) == (6, 0, 0)
    # The program's own CSV output puts this apostrophe before a formula.
    assert [one["title"] for one in recorded(small)] == [*titles[:-1], "=1"]
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["date", "agency", "activity", "title"])
    sheet.append([DAY, "snv", "A.3", ""])
    sheet["D2"].value, sheet["D2"].data_type = "=2+2", "s"
    sheet.append([])
    workbook.save(small.home / "text.xlsx")
    outcome = small.run("log", "--file", small.home / "text.xlsx", "-f", "json")
    assert [error["column"] for error in outcome.json["errors"]] == ["amount"]


def test_big_file(small: Program) -> None:
    """Two thousand rows are recorded by one run, and unchanged by the next."""
    lines = [f"{NOW.ago(n % 80)},snv,A.4,{n % 7 + 1},Tin {n}" for n in range(2000)]
    path = write(small, "\n".join(["date,agency,activity,amount,title", *lines]))
    assert take(small, path) == (2000, 0, 0)
    assert take(small, path) == (0, 0, 2000)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_wherever_the_file_is_cut(small: Program, end: str) -> None:
    """A file is read in pieces of a million characters; a line, and its end, may span two pieces."""
    begin = f"date,agency,activity,amount,title{end}"
    line = f"{DAY},snv,A.4,1,"
    # The first character of the line's end is the last of the first piece.
    while len(begin) + len(line) + 8 < 1_000_000 - 600:
        begin += f"{line}{len(begin):08}{'x' * 500}{end}"
    begin += f"{line}{'y' * (1_000_000 - len(begin) - len(line) - 1)}{end}{line}last{end}"
    assert begin[999_999] == end[0]
    created, _, _ = take(small, write(small, begin))
    assert created == begin.count("snv")
    titles = [one["title"] for one in recorded(small, "--agency", "snv")]
    assert titles[-1] == "last"
    assert set(titles[-2]) == {"y"}


@pytest.mark.parametrize("before", [0, 300_000])
def test_a_line_longer_than_can_be_held(small: Program, before: int) -> None:
    """The error has its number, wherever it begins and ends; it does not fill the memory."""
    short = f"{DAY},snv,A.4,1,x\n" * (before // 20)
    text = f"date,agency,activity,amount,title\n{short}{DAY},snv,A.4,1,{'x' * 1_000_000}\n"
    for whole in (text, text * 2):
        said = refused_whole(small, write(small, whole))
        assert f":{before // 20 + 2}: this line is too long" in said


def test_every_fault_of_a_row_at_once(small: Program) -> None:
    """Faults come in the order of the columns: unreadable cells, and readable ones that are refused."""
    path = write(
        small, f"date,agency,activity,amount,form\n{NOW.ago(-9)},snv,A.4,x,y\n2024-02-30,z,A.4,-1,\n"
    )
    found = [(row, column) for row, column, _ in refuse(small, path)]
    assert found == [
        *((2, column) for column in ("date", "amount", "form")),
        *((3, column) for column in ("agency", "date", "amount")),
    ]
