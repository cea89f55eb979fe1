"""A small plan file to test with: readable, easy to alter, around today or in the fixed year 2024."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.program import EXECUTABLE, Outcome, Program

Change = tuple[str, str]
"""What to replace in the file, and by what: the first place where it stands."""

_TEXT = """\
format: cchc/plan/1
plan:
  code: small
  title: Kế hoạch tuyên truyền nhỏ
  issuer: UBND tỉnh Đắk Lắk
  number: 613/QĐ-UBND
  published: {start}
  effective: {{from: {start}, to: {end}}}
  timezone: {zone}
  basis:
    - {{number: 76/NQ-CP, date: 2021-07-15, issuer: Chính phủ, title: Chương trình tổng thể}}
  goals: [{{code: I.1, text: Người dân biết}}]
  topics: [{{code: II.1, text: Thủ tục hành chính}}]
  forms:
    - {{code: radio, name: Phát thanh}}
    - {{code: web, name: Cổng thông tin điện tử}}
    - {{code: panel, name: Pa nô}}
reviews:
  - {{code: past, name: Kỳ đã qua, from: {past}, to: {past_end}, due: {past_end}}}
  - {{code: running, name: Kỳ này, from: {running}, to: {running_end}}}
calendars:
  rounds:
    - {{code: round-1, from: {past}, to: {past_end}}}
    - {{code: round-2, from: {running}, to: {running_end}}}
groups:
  - {{code: xa, name: Các xã, kinds: [commune]}}
  - {{code: to-giup-viec, name: Tổ giúp việc, agencies: [so-noi-vu, dai-buon-ho]}}
agencies:
  - {{code: ubnd-tinh, name: UBND tỉnh, kind: province}}
  - {{code: so-noi-vu, name: Sở Nội vụ, short: SNV, kind: department, parent: ubnd-tinh}}
  - {{code: buon-ho, name: UBND thị xã Buôn Hồ, kind: district, parent: ubnd-tinh, gso: "644", aliases: [Thị Hồ]}}
  - {{code: dai-buon-ho, name: Đài Truyền thanh Buôn Hồ, kind: station, parent: buon-ho}}
  - {{code: ea-drong, name: Xã Ea Drông, kind: commune, parent: buon-ho, gso: "24329"}}
  - {{code: ea-drong-cmg, name: Xã Ea D'Rơng, kind: commune, parent: ubnd-tinh, gso: "24277"}}
  - {{code: old, name: Phường Cũ, kind: ward, to: {old_end}, successors: [new]}}
  - {{code: new, name: Phường Mới, kind: ward, from: {new_start}}}
activities:
  - code: A.1
    alias: radio-column
    title: Chuyên mục CCHC trên sóng
    text: Phát chuyên mục, thời lượng mỗi tháng ít nhất 15 phút
    schedule: Thường xuyên trong năm
    unit: {{code: minute, name: phút}}
    forms: [radio, web]
    roles: {{lead: [so-noi-vu], coordinate: [to-giup-viec], perform: [dai-buon-ho]}}
    methods: [Phát sóng trực tiếp]
    requirements:
      - code: minutes
        owed_by: [dai-buon-ho]
        measure: amount
        at_least: 15
        per: month
        where: {{forms: [radio], repeats: exclude, amount_at_least: 5}}
        basis: stated
        quote: thời lượng mỗi tháng ít nhất 15 phút
  - code: A.2
    alias: panels
    title: Lắp đặt pa nô
    kind: stock
    unit: {{code: panel, name: pa nô}}
    forms: [panel]
    requirements:
      - code: standing
        owed_by: [xa, buon-ho]
        measure: stock
        at_least: 1
        per: quarter
        basis: interpreted
        note: Tổ giúp việc quyết định
  - code: A.3
    alias: share
    title: Tỷ lệ cán bộ tham gia
    kind: reading
    unit: {{code: percent, name: "%"}}
    requirements:
      - code: share
        owed_by: [so-noi-vu]
        measure: latest
        at_least: 80
        by: {end}
        basis: interpreted
        note: Sở Nội vụ quyết định
  - code: A.4
    alias: meetings
    title: Hội nghị
    methods: [Mỗi quý 01 lần]
    requirements:
      - code: quarterly
        owed_by: [so-noi-vu]
        measure: executions
        at_least: 1
        per: quarter
        partial: full
        basis: stated
        quote: Mỗi quý 01 lần
"""

COUNTS = {"agencies": 8, "activities": 4, "requirements": 4}
"""What the file holds, as `import -f json` counts it."""


@dataclass(frozen=True)
class Frame:
    """The dates that the plan is put into."""

    today: date
    start: date
    end: date
    zone: str

    @property
    def past(self) -> tuple[date, date]:
        """Give the review window that is over."""
        return self.day(-60), self.day(-31)

    @property
    def running(self) -> tuple[date, date]:
        """Give the review window in which today lies."""
        return self.day(-30), self.day(30)

    @property
    def old_end(self) -> date:
        """Give the last day of the agency `old`, the day before `new` begins."""
        return self.day(-45)

    def day(self, offset: int) -> date:
        """Give the day so many days after today."""
        return self.today + timedelta(days=offset)

    def ago(self, days: int) -> str:
        """Give the day so many days before today, in ISO form."""
        return self.day(-days).isoformat()


def _around_now() -> Frame:
    """Give a frame in whose time zone it is about noon, so that no midnight falls into a test."""
    now = datetime.now(UTC)
    offset = 12 - now.hour
    today = (now + timedelta(hours=offset)).date()
    # The names of these zones count westwards: Etc/GMT-7 is UTC+7.
    return Frame(
        today,
        date((today - timedelta(days=90)).year, 1, 1),
        date((today + timedelta(days=90)).year, 12, 31),
        f"Etc/GMT{-offset:+d}",
    )


NOW = _around_now()
"""Around today, with 90 days before and after it inside the plan."""

FIXED = Frame(date(2024, 5, 15), date(2024, 1, 1), date(2024, 12, 31), "Asia/Ho_Chi_Minh")
"""The year 2024, long over: what is asked with --as-of has one answer for ever."""


def plan_text(*changes: Change, frame: Frame = NOW, more: str = "") -> str:
    """Give the plan file's text, altered in turn; `more` comes at its end: requirements of A.4, activities."""
    text = _TEXT.format(
        start=frame.start,
        end=frame.end,
        zone=frame.zone,
        past=frame.past[0],
        past_end=frame.past[1],
        running=frame.running[0],
        running_end=frame.running[1],
        old_end=frame.old_end,
        new_start=frame.old_end + timedelta(days=1),
    )
    for old, new in changes:
        assert old in text, f"the small plan does not hold {old!r}"
        text = text.replace(old, new, 1)
    return text + more


def write_plan(folder: Path, *changes: Change, frame: Frame = NOW, more: str = "") -> Path:
    """Write the plan file into a folder, over one that lies there; give its path."""
    path = folder / "small.yaml"
    path.write_text(plan_text(*changes, frame=frame, more=more), "utf-8")
    return path


def import_once(folder: Path, *changes: Change, frame: Frame = NOW) -> Path:
    """Make a database that holds the small plan, for tests to copy; give its path."""
    home = folder / "home"
    home.mkdir()
    path = folder / "small.db"
    Program(home, str(path)).ok("import", write_plan(folder, *changes, frame=frame))
    return path


def run_within(program: Program, seconds: float, *arguments: object) -> Outcome:
    """Run the program once; a run that has not ended after so many seconds hangs, and is a failure."""
    done = subprocess.run(
        [str(EXECUTABLE), *map(str, arguments)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env=program.environ(),
        cwd=program.home,
        stdin=subprocess.DEVNULL,
        timeout=seconds,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def without_answer(program: Program, *arguments: object) -> int:
    """Run the program with an output that cannot be written; give its exit code."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [str(EXECUTABLE), *map(str, arguments)],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            env=program.environ(),
            cwd=program.home,
        )
    assert b"Traceback" not in done.stderr
    return done.returncode
