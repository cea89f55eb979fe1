"""`cchc log` for one execution: accepted input, defaults, refusals and their errors."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.program import EXECUTABLE, Program
from tests.small_plan import FIXED, NOW, Frame, write_plan

if TYPE_CHECKING:
    from pathlib import Path


def recorded(cchc: Program, *filters: str) -> list[dict[str, Any]]:
    """Give every record."""
    found: list[dict[str, Any]] = cchc.ok("history", *filters, "-f", "json").json["executions"]
    return found


def test_document(small: Program) -> None:
    """`log -f json` has the documented keys and types, and the findings that the record counts for."""
    done = small.ok(
        *("log", "radio-column", "7,5", "--agency", "dai-buon-ho", "--form", "radio", "--title", "Số 1"),
        *("--note", "thử", "--evidence", "https://example.org/1", "-f", "json"),
    )
    assert list(done.json) == ["format", "plan", "executions", "findings"]
    assert done.json["plan"] == "small"
    assert done.json["format"] == "cchc-log/1"
    (execution,) = done.json["executions"]
    assert UUID(execution.pop("id")).version == 7
    at = datetime.fromisoformat(execution.pop("recorded_at"))
    assert at.tzinfo is not None
    assert execution == {
        "no": 1,
        "agency": "dai-buon-ho",
        "activity": "A.1",
        "date": NOW.today.isoformat(),
        "amount": 7.5,
        "form": "radio",
        "repeat": False,
        "title": "Số 1",
        "evidence": ["https://example.org/1"],
        "note": "thử",
        "change": 2,
    }
    (finding,) = done.json["findings"]
    last = finding.pop("to")
    assert last >= NOW.today.isoformat()
    assert finding.pop("status") in {"pending", "at_risk"}
    assert finding == {
        "agency": "dai-buon-ho",
        "activity": "A.1",
        "requirement": "minutes",
        "period": f"{NOW.today:%Y-%m}",
        "from": f"{NOW.today:%Y-%m}-01",
        "measure": "amount",
        "unit": "minute",
        "at_least": 15,
        "at_most": None,
        "value": 7.5,
        "executions": 1,
        "reason": None,
        "basis": "stated",
    }
    whole = small.ok("log", "A.4", "--agency", "so-noi-vu", "--repeat", "-f", "json").json["executions"][0]
    assert (whole["amount"], type(whole["amount"]), whole["repeat"]) == (1, int, True)
    assert (whole["form"], whole["title"], whole["note"], whole["evidence"]) == (None, None, None, [])


def test_feedback(small: Program) -> None:
    """The output says what was recorded and what it counts for, or why it does not count."""
    station = ("--agency", "dai-buon-ho")
    done = small.ok("log", "A.1", 20, *station, "--form", "radio", "--title", "Số 1")
    assert (
        f"no. 1: A.1. Chuyên mục CCHC trên sóng, Đài Truyền thanh Buôn Hồ, {NOW.today}, 20 phút" in done.out
    )
    assert f"Month {NOW.today.month}/{NOW.today.year}: 20 phút (needs 15), met" in done.out
    again = small.ok("log", "A.1", 20, *station, "--form", "radio", "--title", "Số 1")
    assert "no. 1 is the same" in again.err
    assert "only these forms count: Phát thanh" in small.ok("log", "A.1", 20, *station, "--form", "web").out
    assert "a repeat does not count" in small.ok("log", "A.1", 9, *station, "--form", "radio", "--repeat").out
    assert "amounts of at least 5 count" in small.ok("log", "A.1", 4, *station, "--form", "radio").out
    assert "owes nothing" in small.ok("log", "A.1", 4, "--agency", "so-noi-vu").out


def test_dates(small: Program) -> None:
    """A day may be typed in every documented form; without one it is today."""
    yesterday = NOW.day(-1)
    for typed, day in {
        "today": NOW.today,
        "hôm nay": NOW.today,
        "Hom nay": NOW.today,
        f"{NOW.today:%d/%m}": NOW.today,
        f"{NOW.today.day}/{NOW.today.month}/{NOW.today.year}": NOW.today,
        "yesterday": yesterday,
        "hôm qua": yesterday,
        f"{yesterday:%d/%m/%Y}": yesterday,
        yesterday.isoformat(): yesterday,
    }.items():
        done = small.ok("log", "A.4", "--agency", "so-noi-vu", "--date", typed, "-f", "json")
        assert done.json["executions"][0]["date"] == day.isoformat(), typed
    first = small.ok("log", "A.4", "--agency", "so-noi-vu", "--date", NOW.start, "-f", "json")
    assert first.json["executions"][0]["date"] == NOW.start.isoformat()


def test_amounts(small: Program) -> None:
    """Amounts may be typed as Vietnamese and as programs write them, below zero with and without `--`."""
    for typed, amount in {
        "7,5": 7.5,
        "1.234,5": 1234.5,
        "15": 15,
        "0.125": 0.125,
        "1.234.567": 1234567,
    }.items():
        done = small.ok("log", "A.1", typed, "--agency", "dai-buon-ho", "-f", "json")
        assert done.json["executions"][0]["amount"] == amount, typed
    commune = ("--agency", "ea-drong", "-f", "json")
    small.ok("log", "A.2", "10", *commune)
    for arguments in (
        ("A.2", "-2", *commune),
        ("A.2", *commune, "-2"),
        (*commune, "--", "A.2", "-2"),
        ("A.2", *commune, "--", "-2"),
    ):
        assert small.ok("log", *arguments).json["executions"][0]["amount"] == -2
    assert small.ok("log", "A.2", "-1,5", *commune).json["findings"][0]["value"] == 0.5


def test_defaults(small: Program) -> None:
    """The amount is 1 where things are counted in times; the form is the activity's where it has one."""
    for arguments, amount, form in (
        (("A.4", "--agency", "so-noi-vu"), 1, None),
        (("meetings", "--agency", "so-noi-vu", "--form", "Phát thanh"), 1, "radio"),
        (("A.2", "3", "--agency", "ea-drong"), 3, "panel"),
        (("A.1", "3", "--agency", "dai-buon-ho"), 3, None),
    ):
        done = small.ok("log", *arguments, "-f", "json").json["executions"][0]
        assert (done["amount"], done["form"]) == (amount, form)


def test_forms(cchc: Program, tmp_path: Path) -> None:
    """A form's own code comes before another form's name; else code or name, folded, if only one has it."""
    cchc.ok("import", write_plan(tmp_path, ("name: Cổng thông tin điện tử", "name: Radio")))
    for typed, meant in (
        ("radio", "radio"),
        ("phát thanh", "radio"),
        ("PHAT THANH", "radio"),
        ("Web", "web"),
    ):
        done = cchc.ok("log", "A.1", 15, "--agency", "dai-buon-ho", "--form", typed, "-f", "json").json
        assert done["executions"][0]["form"] == meant, typed
    assert "Radio" in cchc.fails(2, "log", "A.1", 15, "--agency", "dai-buon-ho", "--form", "Radio")


def test_agencies(small: Program) -> None:
    """An agency may be named by code, official code, alias, short or full name, without diacritics too."""
    for typed, code in {
        "buon-ho": "buon-ho",
        "644": "buon-ho",
        "Thị Hồ": "buon-ho",
        "thi ho": "buon-ho",
        "UBND thị xã Buôn Hồ": "buon-ho",
        "ubnd thi xa buon ho": "buon-ho",
        "snv": "so-noi-vu",
        "SO NOI VU": "so-noi-vu",
        "Sở Nội vụ": "so-noi-vu",
        "Xã Ea Drông": "ea-drong",
        "xã ea d’rơng": "ea-drong-cmg",
        "24277": "ea-drong-cmg",
    }.items():
        done = small.ok("log", "A.4", "--agency", typed, "-f", "json")
        assert done.json["executions"][0]["agency"] == code, typed


STATION = ("--agency", "dai-buon-ho")
OFFICE = ("--agency", "so-noi-vu")
COMMUNE = ("--agency", "ea-drong")
REFUSED: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    ((), ("the activity is missing",)),
    (("A.4",), ("the agency is missing", "--agency", "CCHC_AGENCY")),
    (("A.1", *STATION), ("the amount is missing", "A.1. Chuyên mục CCHC trên sóng is counted in phút")),
    (("A.2", *COMMUNE), ("the amount is missing",)),
    (("A.1", "1.2345", *STATION), ("“1.2345” is no amount", "three decimals")),
    (("A.1", "7,5,5", *STATION), ("“7,5,5” is no amount",)),
    (("A.1", "1e3", *STATION), ("“1e3” is no amount",)),
    (("A.1", "15 phút", *STATION), ("“15 phút” is no amount",)),
    (("A.1", "1000000001", *STATION), ("is no amount",)),
    (("A.1", "0", *STATION), ("0 must be above 0",)),
    (("A.1", "-1", *STATION), ("-1 must be above 0",)),
    (("A.2", "0", *COMMUNE), ("must not be 0",)),
    (("A.3", "-1", *OFFICE), ("-1 must not be below 0",)),
    (("A.3", "100,001", *OFFICE), ("100.001 is above 100 percent",)),
    (("A.4", "--agency", "so-noi-vo"), ("“so-noi-vo”", "did you mean so-noi-vu")),
    (("A.4", "--agency", "Sở Nội vu x"), ("“Sở Nội vu x”", "did you mean so-noi-vu")),
    (
        ("A.4", "--agency", "xa ea drong"),
        (
            "can mean",
            "ea-drong – Xã Ea Drông (UBND thị xã Buôn Hồ)",
            "ea-drong-cmg – Xã Ea D'Rơng (UBND tỉnh)",
        ),
    ),
    (("A.9", *OFFICE), ("“A.9”", "did you mean A.")),
    (("radio-colum", "3", *OFFICE), ("“radio-colum”", "did you mean radio-column")),
    (
        ("A.1", "3", *STATION, "--form", "panel"),
        ("does not take the form Pa nô (panel)", "Phát thanh (radio), Cổng thông tin điện tử (web)"),
    ),
    (("A.1", "3", *STATION, "--form", "radioo"), ("“radioo”", "did you mean radio")),
    (("A.4", *OFFICE, "--date", "tomorrow"), ("“tomorrow” is not a date", "14/03/2024")),
    (("A.4", *OFFICE, "--date", "31/02"), ("“31/02” is not a date",)),
    (("A.4", *OFFICE, "--date", "02/13/2024"), ("is not a date",)),
    (("A.4", *OFFICE, "--date", "2026-02-29"), ("“2026-02-29” is not a date",)),
    (("A.4", *OFFICE, "--date", NOW.ago(-1)), (NOW.ago(-1), "is in the future")),
    (
        ("A.4", *OFFICE, "--date", f"{NOW.start.year - 1}-12-31"),
        (
            "is outside the plan small",
            NOW.start.isoformat(),
            NOW.end.isoformat(),
            "if the day is right, it belongs to another plan: import that one",
        ),
    ),
    (
        ("A.4", "--agency", "old"),
        ("Phường Cũ no longer existed", NOW.old_end.isoformat(), "its work is continued by new"),
    ),
    (("A.4", "--agency", "new", "--date", NOW.old_end.isoformat()), ("Phường Mới did not exist",)),
    (("A.4", *OFFICE, "--evidence", "absent.jpg"), ("absent.jpg: there is no such file",)),
    (("A.4", *OFFICE, "--evidence", ".."), ("..: ",)),
    (("A.4", *OFFICE, "--evidence", "ftp://example.org/x"), ("https://",)),
    (("A.4", *OFFICE, "--plan", "smal"), ("“smal”", "did you mean small")),
    (("A.4", *OFFICE, "--dry-run"), ("--dry-run", "go with --file")),
    (("A.4", *OFFICE, "--file", "rows.csv"), ("--file",)),
    (
        ("A.2", "-1", *COMMUNE),
        ("A.2. Lắp đặt pa nô: the stock at Xã Ea Drông would fall to -1", NOW.today.isoformat()),
    ),
]


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory, stored: Path) -> Program:
    """Give the program with a database that no refused record may change."""
    home = tmp_path_factory.mktemp("home")
    shutil.copy(stored, home / "cchc.db")
    return Program(home, str(home / "cchc.db"))


@pytest.mark.parametrize(("arguments", "words"), REFUSED, ids=lambda value: " ".join(value)[:50])
def test_refused(
    untouched: Program, stored: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """A refused record exits with code 2, says why and what would be accepted, and changes nothing."""
    said = untouched.fails(2, "log", *arguments)
    assert all(word in said for word in words), said
    assert (untouched.home / "cchc.db").read_bytes() == stored.read_bytes()


def test_several_faults(small: Program) -> None:
    """One run reports every fault of a record."""
    said = small.fails(2, "log", "A.9", "x", "--agency", "dai-buon-ho", "--date", "31/02", "--form", "tv")
    for words in ("“A.9”", "“x” is no amount", "“31/02” is not a date", "“tv”"):
        assert words in said


def test_bytes_that_are_no_text(small: Program, tmp_path: Path) -> None:
    """Arguments in another encoding than UTF-8 are bad input, not a failure of the program."""
    for arguments in (("--agency", "\udcff"), (*OFFICE, "--title", "\udcff"), (*OFFICE, "--by", "\udcff")):
        outcome = subprocess.run(
            [str(EXECUTABLE), "log", "A.4", *arguments],
            check=False,
            capture_output=True,
            env=small.environ(),
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
        )
        assert outcome.returncode == 2, (arguments, outcome.stderr)
        assert b"itself failed" not in outcome.stderr
    assert not recorded(small)


def test_stock_on_days_past(small: Program) -> None:
    """A backdated removal is refused if the stock would fall below zero on any later day."""
    small.ok("log", "A.2", 3, *COMMUNE, "--date", NOW.ago(20))
    small.ok("log", "A.2", -2, *COMMUNE, "--date", NOW.ago(5))
    said = small.fails(2, "log", "A.2", -2, *COMMUNE, "--date", NOW.ago(10))
    assert "would fall to -1" in said
    assert NOW.ago(5) in said
    assert NOW.ago(30) in small.fails(2, "log", "A.2", -1, *COMMUNE, "--date", NOW.ago(30))
    small.ok("log", "A.2", -1, *COMMUNE, "--date", NOW.ago(10))
    assert "would fall to -1" in small.fails(2, "log", "A.2", -1, *COMMUNE)
    assert "would fall to -1" in small.fails(2, "log", "A.2", -1, "--agency", "ea-drong-cmg")
    assert [one["amount"] for one in recorded(small)] == [3, -1, -2]


def test_environment(small: Program) -> None:
    """CCHC_AGENCY and CCHC_PLAN replace the options, which have precedence."""
    small.environment = {"CCHC_AGENCY": "so-noi-vu", "CCHC_PLAN": "small"}
    assert small.ok("log", "A.4", "-f", "json").json["executions"][0]["agency"] == "so-noi-vu"
    done = small.ok("log", "A.4", *COMMUNE, "-f", "json")
    assert done.json["executions"][0]["agency"] == "ea-drong"
    small.environment = {"CCHC_AGENCY": "nobody"}
    assert "agency “nobody”" in small.fails(2, "log", "A.4")
    small.environment = {"CCHC_PLAN": "other"}
    assert "“other”" in small.fails(2, "log", "A.4", *OFFICE)
    small.environment = {"CCHC_AGENCY": "", "CCHC_PLAN": ""}
    assert "the agency is missing" in small.fails(2, "log", "A.4")


def test_several_plans(small: Program, tmp_path: Path) -> None:
    """Of several plans the one in force on the day is used; where there is not exactly one, --plan is needed."""
    small.ok("import", write_plan(tmp_path, ("code: small", "code: small-2024"), frame=FIXED))
    small.ok("log", "A.4", *OFFICE, "--title", "now")
    small.ok("log", "A.4", *OFFICE, "--title", "then", "--date", "31/05/2024")
    assert [one["title"] for one in recorded(small, "--plan", "small")] == ["now"]
    assert [one["title"] for one in recorded(small, "--plan", "small-2024")] == ["then"]
    said = small.fails(2, "log", "A.4", *OFFICE, "--date", "31/05/2023")
    assert "2023-05-31 belongs to no plan" in said
    assert "small-2024 (2024-01-01 – 2024-12-31)" in said
    small.ok("import", write_plan(tmp_path, ("code: small", "code: other")))
    assert "--plan" in small.fails(2, "log", "A.4", *OFFICE)
    small.ok("log", "A.4", *OFFICE, "--title", "other", "--plan", "OTHER")
    assert [one["title"] for one in recorded(small, "--plan", "other")] == ["other"]
    small.environment = {"CCHC_PLAN": "other"}
    assert [one["title"] for one in recorded(small)] == ["other"]


def test_evidence(small: Program, tmp_path: Path) -> None:
    """A web address is stored as it is, a file as its name and SHA-256; several keep their order."""
    photo = tmp_path / "ảnh 1.jpg"
    photo.write_bytes(b"photo")
    url = "https://daklak.gov.vn/tin?id=1&x=a%20b"
    done = small.ok("log", "A.4", *OFFICE, "--evidence", url, "--evidence", photo, "-f", "json").json
    digest = hashlib.sha256(b"photo").hexdigest()
    assert done["executions"][0]["evidence"] == [url, f"ảnh 1.jpg sha256:{digest}"]


def test_a_day_of_another_plan_is_refused_with_that_plan(cchc_on: Program, tmp_path: Path) -> None:
    """15 to 31 December lies in the window of next year's first review, and in this year's plan."""
    before = Frame(date(2023, 5, 15), date(2023, 1, 1), date(2023, 12, 31), FIXED.zone)
    cchc_on.ok("import", write_plan(tmp_path, frame=FIXED))
    late, record = ("--date", "2023-12-20"), ("log", "A.4", *OFFICE)
    alone = cchc_on.fails(2, *record, *late)
    assert "2023-12-20 is outside the plan small, which runs from 2024-01-01 to 2024-12-31" in alone
    assert "if the day is right, it belongs to another plan: import that one" in alone
    cchc_on.ok("import", write_plan(tmp_path, ("code: small", "code: last"), frame=before))
    there = "record it there with --plan last\n"
    assert there in cchc_on.fails(2, *record, *late, "--plan", "small")
    cchc_on.ok(*record, "--date", "2024-02-01", "--plan", "small")
    assert there in cchc_on.fails(2, "amend", "1", *late, "--reason", "x")
    rows = tmp_path / "rows.csv"
    rows.write_text("date,agency,activity\n2023-12-20,so-noi-vu,A.4\n", "utf-8")
    (fault,) = cchc_on.run("log", "--file", rows, "--plan", "small", "-f", "json").json["errors"]
    assert fault["message"].endswith(there.strip())
    cchc_on.ok(*record, *late, "--plan", "last")
