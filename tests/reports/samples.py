"""Sample reports: recorded with the program, read with its services, with fixed times and identities."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from cchc_cli.domain.calendar.periods import Span
from cchc_cli.domain.records.hash_chain import Head
from cchc_cli.domain.results.reviews import Report
from cchc_cli.locale import set_language
from cchc_cli.services.questions.assessment import assess
from cchc_cli.services.questions.lookup import find_review, load_known_plan
from cchc_cli.services.questions.question import Question
from cchc_cli.storage.database.database import connect
from cchc_cli.storage.records.executions import Filter, latest_executions
from cchc_cli.storage.records.waivers import latest_waivers
from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cchc_cli.domain.plan.model import Activity, Agency
    from cchc_cli.domain.records.execution import Recorded
    from cchc_cli.domain.results.assessment import Assessment
    from cchc_cli.domain.verdicts.findings import Finding

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "data" / "golden"
NOW = datetime(2024, 7, 1, 2, tzinfo=UTC)
CHAIN = Head(45, "0123456789abcdef" * 4)

_MINUTES = {
    "dai-buon-ma-thuot": "20 20 25 20 20 20",
    "dai-buon-ho": "20 10 - 15 - -",
    "dai-ea-hleo": "15 15 15 15 15 15",
    "dai-ea-sup": "15 - 15 15 15 15",
    "dai-cu-mgar": "30 15 30 15 30 15",
    "dai-krong-nang": "15 5 15 10 15 15",
    "dai-mdrak": "15 15 15 - - 15",
    "dai-krong-pac": "20 20 20 20 20 20",
}
_OTHERS = """\
2024-01-25,Đài PTTH tỉnh,dan-hoi,,tv,,Dân hỏi - Thủ trưởng trả lời: đất đai,https://example.org/dan-hoi/1
2024-03-28,Đài PTTH tỉnh,dan-hoi,,tv,,Dân hỏi - Thủ trưởng trả lời: hộ tịch,
2024-03-20,dai-buon-ho,radio-column,10,radio,có,Phát lại tháng 2,
2024-05-08,dai-buon-ho,radio-column,8,radio,,Chỉ số SIPAS,ảnh phát sóng.jpg
2024-02-20,Sở Nội vụ,publish,,website,,Cập nhật TTHC,https://example.org/tthc; https://example.org/tthc-2
2024-05-17,Sở Nội vụ,publish,,website,,Cập nhật TTHC,
2024-03-08,Sở Nội vụ,news,,website,,Hội nghị CCHC quý I,
2024-06-10,Sở Nội vụ,posters,,leaflet,,5.000 tờ gấp,
2024-02-05,UBND thị xã Buôn Hồ,pano,3,pano,,Pa nô đường Hùng Vương,
2024-04-18,UBND thị xã Buôn Hồ,pano,-1,pano,,Gỡ pa nô hư hỏng,
2024-03-26,UBND thị xã Buôn Hồ,news,,website,,CCHC quý I,
2024-03-21,UBND xã Ea Drông,posters,,leaflet,,Tờ gấp dịch vụ công,
"""

_SMALL_ROWS = """\
date,agency,activity,amount,form,repeat,title,evidence,note
2024-01-14,dai-buon-ho,radio-column,15,radio,,Dịch vụ công trực tuyến,https://example.org/a?b=1&c=2,
2024-02-14,dai-buon-ho,radio-column,7.5,radio,,Một cửa,,Nửa chương trình
2024-02-20,dai-buon-ho,radio-column,20,radio,yes,Phát lại tháng 1,,
2024-03-14,dai-buon-ho,radio-column,1200,radio,,Chỉ số SIPAS,,
2024-04-02,ea-drong,panels,2,panel,,Trung tâm xã,https://example.org/b; http://example.org/c,
2024-05-06,so-noi-vu,share,85.5,,,Khảo sát quý II,,
2024-02-01,so-noi-vu,meetings,1,,,Hội nghị quý I,https://example.org/d,
"""


def _rows() -> str:
    lines = ["date,agency,activity,amount,form,repeat,title,evidence"]
    lines += [
        f"2024-{month:02}-{10 + month},{station},radio-column,{amount},radio,,Tuyên truyền CCHC tháng {month},"
        for station, minutes in _MINUTES.items()
        for month, amount in enumerate(minutes.split(), 1)
        if amount != "-"
    ]
    return "\n".join(lines) + "\n" + _OTHERS


@cache
def _small_database() -> tuple[Path, tempfile.TemporaryDirectory[str]]:
    """Record a little of the small plan in 2024 once: every status, both bases, late records, a waiver."""
    folder = tempfile.TemporaryDirectory(prefix="cchc-report-")
    place = Path(folder.name)
    path = place / "cchc.db"
    (place / "rows.csv").write_text(_SMALL_ROWS, "utf-8")
    late = ("  effective:", "  log_within_days: 5\n  effective:")
    _run(path, "import", str(write_plan(place, late, frame=FIXED)))
    _run(path, "log", "--file", "rows.csv")
    _run(
        *(path, "waive", "panels", "--agency", "ea-drong-cmg", "--from", "2024-01-01", "--to", "2024-06-30"),
        *("--reason", "Trụ sở đang xây lại", "--document", "12/TB-UBND"),
    )
    return path, folder


@cache
def _database() -> tuple[Path, tempfile.TemporaryDirectory[str]]:
    """Record half a year of the plan of 2024 once; the folder goes with the process."""
    folder = tempfile.TemporaryDirectory(prefix="cchc-report-")
    place = Path(folder.name)
    (place / "ảnh phát sóng.jpg").write_bytes(b"a picture")
    (place / "rows.csv").write_text(_rows(), "utf-8")
    path = place / "cchc.db"
    _run(path, "import", str(ROOT / "data" / "plan_2024.yaml"))
    _run(path, "log", "--file", "rows.csv")
    _run(
        *(path, "waive", "radio-column", "--agency", "dai-lak", "--from", "2024-01-01", "--to", "2024-03-31"),
        *("--reason", "Máy phát hỏng, đang sửa chữa", "--document", "12/TB-UBND"),
    )
    return path, folder


def _run(path: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "cchc_cli", "--db", str(path), *arguments],
        check=True,
        capture_output=True,
        cwd=path.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CCHC_AUTHOR": "tester", "CCHC_LANG": "en"},
    )


def make_report(
    agency: str | None = None, review: str | None = "H1", as_of: str | None = "2024-06-30"
) -> Report:
    """Give the report on a review of the plan of 2024, about all agencies or one."""
    return _report(_database()[0], agency, review, as_of)


def _report(path: Path, agency: str | None, review: str | None, as_of: str | None) -> Report:
    database = connect(str(path))
    assessment = assess(database, Question(NOW, agency=agency, review=review, as_of=as_of))
    with database.reading() as connection:
        stored = load_known_plan(connection, assessment.plan.code)
        window = assessment.window.span
        wanted = Filter(stored.id, span=Span(window.start, min(window.end, assessment.cutoff.day)))
        executions = [_without_clock(one) for one in latest_executions(connection, wanted) if not one.voided]
        waivers = [one._replace(recorded_at=NOW) for one in latest_waivers(connection, stored.id)]
        found = find_review(stored.plan, review) if review else None
    codes = {one.code for one in assessment.plan.agencies}
    return Report(
        assessment._replace(chain=CHAIN),
        found,
        [one for one in executions if one.execution.agency in codes],
        [one for one in waivers if one.waiver.agency in codes],
    )


def _without_clock(recorded: Recorded) -> Recorded:
    return recorded._replace(uid=UUID(int=recorded.no), recorded_at=NOW, logged_at=NOW)


@cache
def whole() -> Report:
    """Give the report on all agencies of the plan of 2024, after half a year."""
    return make_report()


@cache
def small() -> Report:
    """Give the report on the small plan as of the end of May 2024: small enough to review line by line."""
    return _report(_small_database()[0], None, None, "2024-05-31")


@cache
def station() -> Report:
    """Give the report on one district station."""
    return make_report("dai-buon-ho")


def known() -> Report:
    """Give the station's report as it was known at a point in time."""
    report = station()
    return report._replace(assessment=report.assessment._replace(known_at=NOW))


def report_with_text(text: str) -> Report:
    """Give the station's report with this text in the place of all recorded text."""
    report = station()
    agency, activity = _agency(report.assessment.plan.agencies[0], text), {}
    activity = {one.code: _activity(one, text) for one in report.assessment.plan.activities}
    plan = report.assessment.plan._replace(
        title=text,
        issuer=text,
        number=text,
        agencies=(agency,),
        activities=tuple(activity.values()),
    )
    findings = [_finding(one, agency, activity[one.activity.code]) for one in report.assessment.findings]
    extent = report.assessment.extent._replace(top=agency)
    assessment: Assessment = report.assessment._replace(plan=plan, findings=findings, extent=extent)
    return Report(
        assessment,
        report.review._replace(name=text) if report.review else None,
        [_record_with_text(one, text) for one in report.executions],
        [
            one._replace(waiver=one.waiver._replace(agency=agency.code, reason=text, document=text))
            for one in whole().waivers
        ],
    )


def _agency(agency: Agency, text: str) -> Agency:
    return agency._replace(name=text, short=None)


def _activity(activity: Activity, text: str) -> Activity:
    requirements = tuple(
        one._replace(quote=one.quote and text, note=one.note and text) for one in activity.requirements
    )
    return activity._replace(
        title=text,
        text=text,
        methods=(text,),
        unit=activity.unit._replace(name=text),
        requirements=requirements,
    )


def _finding(finding: Finding, agency: Agency, activity: Activity) -> Finding:
    requirement = next(one for one in activity.requirements if one.code == finding.requirement.code)
    return finding._replace(agency=agency, activity=activity, requirement=requirement)


def _record_with_text(recorded: Recorded, text: str) -> Recorded:
    execution = recorded.execution._replace(title=text, note=text, evidence=(text,))
    return recorded._replace(execution=execution, author=text)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Set the language within a `with` block."""
    set_language(language)
    try:
        yield
    finally:
        set_language("vi")


def check_golden(name: str, text: str) -> None:
    """Compare with the golden file; with CCHC_WRITE_GOLDEN set, write it first, to be reviewed before it is committed."""
    path = GOLDEN / name
    if os.environ.get("CCHC_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    wanted = path.read_text("utf-8")
    assert text == wanted, "\n".join(
        difflib.unified_diff(wanted.splitlines(), text.splitlines(), lineterm="")
    )
