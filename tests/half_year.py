"""A made-up but realistic half-year of the bundled plan: `python -m tests.half_year FILE.db`.

All 240 agencies from 1 January to 30 June 2024, as they would have used the program had the plan been there from
the first day: one in five silent in the first quarter, one record in seven entered 3 to 20 days late, one in twenty
wrong and amended later, one in thirty entered twice and voided; waivers; the review Q1 closed on 18 March, and
corrections after it.

`half_year` gives it as plain data: events in chronology, each with its moment and author, drawn by a fixed seed. `play`
lets the services do them, each at its moment. `build` makes the database.
"""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from cchc_cli.services.files.plan_file import read_plan_file
from cchc_cli.services.plans.importing import import_plan
from cchc_cli.services.questions.question import Question
from cchc_cli.services.recording.corrections import Correction, amend
from cchc_cli.services.recording.drafts import Draft
from cchc_cli.services.recording.record import record
from cchc_cli.services.recording.voiding import void
from cchc_cli.services.recording.waivers import waive
from cchc_cli.services.reviews.closing import close_review
from cchc_cli.services.rows.files import RowsFiles
from cchc_cli.services.rows.recording import record_rows
from cchc_cli.storage.database.database import connect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cchc_cli.domain.plan.model import Agency, Plan
    from cchc_cli.services.rows.reader import Row

SEED = 613
PLAN = Path(__file__).parents[1] / "data" / "plan_2024.yaml"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST, LAST = date(2024, 1, 1), date(2024, 6, 30)

CLOSED = datetime(2024, 3, 18, 16, 30, tzinfo=ZONE)
"""When the review Q1 was closed."""
Q1_ENDS = date(2024, 3, 14)

# --- events as plain data -------------------------------------------------------------------------------------


class Import(NamedTuple):
    """The plan is imported."""

    plan: Path


class Log(NamedTuple):
    """One execution is recorded; later events refer to it by `key`."""

    key: int
    draft: Draft


class Rows(NamedTuple):
    """The rows of a file are recorded."""

    source: str
    rows: tuple[Log, ...]


class Amend(NamedTuple):
    """A record is corrected."""

    key: int
    correction: Correction
    reason: str


class Void(NamedTuple):
    """A record is voided."""

    key: int
    reason: str


class Waive(NamedTuple):
    """A waiver is recorded."""

    duty: str
    agency: str
    start: str
    end: str
    reason: str
    document: str


class Close(NamedTuple):
    """A review is closed."""

    review: str


class Event(NamedTuple):
    """What an author did with the program, and when."""

    moment: datetime
    author: str
    act: Import | Log | Rows | Amend | Void | Waive | Close


def logs_of(events: Iterable[Event]) -> Iterator[tuple[Event, Log]]:
    """Give every execution that is recorded, in the order of recording."""
    for event in events:
        match event.act:
            case Log() as log:
                yield event, log
            case Rows(_, rows):
                yield from ((event, log) for log in rows)


def numbers_of(events: Iterable[Event]) -> dict[int, int]:
    """Give the number that each record has in a database that holds nothing else."""
    return {log.key: no for no, (_, log) in enumerate(logs_of(events), 1)}


# --- what is done ----------------------------------------------------------------------------------------------


class Work(NamedTuple):
    """How often agencies do an activity."""

    activity: str
    who: tuple[str, ...]
    """Kinds or codes of agencies."""
    monthly: float
    """Records of an average agency in a month of the first quarter."""
    forms: tuple[str, ...]
    titles: tuple[str, ...]
    any_day: bool = False
    """Done on days off too."""


_ALL = ("department", "district", "commune")

WORK = (
    Work(
        "III.1.a",
        _ALL,
        0.3,
        ("portal", "website", "interactive"),
        (
            "Cập nhật danh mục TTHC mới ban hành",
            "Công khai TTHC được sửa đổi, bổ sung lĩnh vực đất đai",
            "Đăng tải văn bản QPPL mới về cư trú, hộ tịch",
            "Công bố TTHC bị bãi bỏ",
        ),
    ),
    Work(
        "III.1.b",
        _ALL,
        0.28,
        ("poster", "banner", "official", "interactive"),
        (
            "Niêm yết bộ TTHC tại Bộ phận Một cửa",
            "Thay bảng niêm yết phí, lệ phí",
            "Niêm yết mã QR tra cứu TTHC",
            "Bố trí công chức hướng dẫn nộp hồ sơ trực tuyến",
        ),
    ),
    Work(
        "III.1.c",
        ("commune",),
        0.28,
        ("website",),
        ("Tin về kết quả giải quyết hồ sơ đúng hạn", "Bài viết về tổ công nghệ số cộng đồng", "Tin CCHC"),
    ),
    Work(
        "III.1.c",
        ("department", "district"),
        3.8,
        ("website", "portal"),
        (
            "Tin họp giao ban công tác CCHC",
            "Bài phản ánh mô hình Một cửa điện tử",
            "Tin kiểm tra công vụ tại đơn vị trực thuộc",
            "Bài giới thiệu dịch vụ công trực tuyến toàn trình",
            "Phỏng vấn lãnh đạo đơn vị về chỉ số PAR INDEX",
        ),
    ),
    Work(
        "III.2.a",
        _ALL,
        0.3,
        ("meeting", "website", "banner", "social", "training"),
        (
            "Quán triệt chủ đề CCHC năm 2024 tại hội nghị cơ quan",
            "Treo băng rôn chủ đề CCHC năm 2024",
            "Lồng ghép chủ đề CCHC trong cuộc họp thôn, buôn",
            "Đăng chủ đề CCHC trên trang Zalo của đơn vị",
        ),
    ),
    Work(
        "III.2.a",
        ("ubnd-tinh", "cong-ttdt-tinh"),
        1.6,
        ("portal", "meeting"),
        ("Chuyên đề về chủ đề CCHC năm 2024", "Tin chỉ đạo, điều hành về CCHC của UBND tỉnh"),
    ),
    Work(
        "III.2.b",
        ("dai-ptth-tinh",),
        1,
        ("tv", "radio"),
        ("Dân hỏi - Thủ trưởng cơ quan hành chính trả lời: lĩnh vực đất đai", "Dân hỏi: lĩnh vực y tế"),
    ),
    Work("III.2.b.2", ("department", "district"), 0.1, ("tv",), ("Thủ trưởng trả lời chương trình Dân hỏi",)),
    Work("III.2.c", ("vp-ubnd-tinh",), 2, ("portal",), ("Trả lời phản ánh, kiến nghị của người dân",)),
    Work(
        "III.2.d",
        ("bao-dak-lak",),
        5,
        ("newspaper", "e-newspaper"),
        ("Phóng sự về Bộ phận Một cửa cấp xã", "Gương điển hình trong CCHC", "Tin CCHC trong tuần"),
    ),
    Work(
        "III.2.e",
        ("ioc",),
        1.5,
        ("social", "interactive"),
        ("Giới thiệu ứng dụng Đắk Lắk trực tuyến", "Hướng dẫn phản ánh hiện trường"),
    ),
    Work(
        "III.3.b",
        _ALL,
        0.24,
        ("poster", "leaflet"),
        (
            "Phát tờ gấp hướng dẫn dịch vụ công trực tuyến",
            "In áp phích về CCHC treo tại hội trường thôn, buôn",
            "Phát tờ gấp bằng tiếng Ê Đê",
        ),
    ),
    Work("III.4.a", ("so-tttt",), 0.7, ("official",), ("Kiểm tra hoạt động của đài truyền thanh cơ sở",)),
    Work(
        "III.4.b",
        ("station",),
        1.3,
        ("radio",),
        ("Chuyên mục Tuyên truyền CCHC", "Chuyên mục CCHC: hỏi đáp về dịch vụ công"),
        any_day=True,
    ),
    Work(
        "III.4.c",
        ("commune",),
        0.95,
        ("loudspeaker-station",),
        (
            "Phát bản tin CCHC trên loa truyền thanh",
            "Đọc thông báo về TTHC mới",
            "Phát bài tuyên truyền CCHC",
        ),
        any_day=True,
    ),
    Work(
        "III.1.b",
        ("tt-pvhcc-tinh",),
        2,
        ("official", "interactive"),
        ("Hướng dẫn tổ chức, cá nhân nộp hồ sơ",),
    ),
)

PANO = "III.3.a"
_SITES = ("trước trụ sở UBND", "tại ngã ba trung tâm", "trên trục đường chính", "tại nhà văn hóa cộng đồng")

_ZEALS = (0.45, 1.0, 1.0, 1.6)
_AFTER_REVIEW = 1.45
"""The factor for the second quarter: agencies do more after the first review."""

_OFF = {
    *(date(2024, 2, day) for day in range(8, 15)),
    date(2024, 1, 1),
    date(2024, 4, 18),
    date(2024, 4, 29),
    date(2024, 4, 30),
    date(2024, 5, 1),
}

SILENT_IN, LATE_IN, WRONG_IN, TWICE_IN = 5, 7, 20, 30
_ON_PAPER = 11
"""Communes of so many of the 15 districts report on paper; an office records each day's papers as a rows file."""

OFFICE = "Tổ CCHC, Sở Nội vụ"

TWICE, AFTERWARDS = "nhập trùng", "kiểm tra sau rà soát"
"""Beginnings of reasons: for voiding a duplicate, and for corrections of the closed review."""

LATE_TITLE = "Phát tờ gấp, báo cáo bổ sung"
"""The beginning of reasons for executions in time for the review, recorded after it was closed."""


def _is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _OFF


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days) for days in range((last - first).days + 1)]


_HALF = _days(FIRST, LAST)


class _Maker:
    """Draws the half-year."""

    def __init__(self, plan: Plan) -> None:
        """Draw the agencies' habits: silent, average or keen, and which report on paper."""
        self.draw = random.Random(SEED)  # noqa: S311 - reproducible, no secret
        self.agencies = plan.agencies
        everybody = [one.code for one in self.agencies]
        self.silent = {*self.draw.sample(everybody, len(everybody) // SILENT_IN)}
        self.zeal = {code: self.draw.choice(_ZEALS) for code in everybody}
        far = self.draw.sample([one.code for one in self.agencies if one.kind == "district"], _ON_PAPER)
        self.on_paper = {one.code for one in self.agencies if one.kind == "commune" and one.parent in far}
        self.events: list[Event] = []
        self.paper: dict[date, list[Log]] = {}
        self.entered: dict[int, date] = {}
        """The day on which each record was entered."""
        self.done: dict[tuple[str, str], dict[int, Draft]] = {}
        """What each agency did for each activity, after all corrections and without duplicates."""
        self.touched: set[int] = set()
        """Records that others depend on, and that must not be corrected."""
        self._moments: set[datetime] = {CLOSED}
        self._said: set[Draft] = set()
        self._keys = 0

    def all(self) -> list[Event]:
        """Draw all events; give them in chronological order."""
        self.events.append(Event(datetime(2024, 1, 1, 7, 0, tzinfo=ZONE), OFFICE, Import(PLAN)))
        for agency in self.agencies:
            for work in WORK:
                if agency.kind in work.who or agency.code in work.who:
                    self._works(work, agency)
            if agency.kind in _ALL:
                self._panos(agency)
        self._waivers()
        self.events.append(Event(CLOSED, OFFICE, Close("Q1")))
        self._afterwards()
        for day, logs in self.paper.items():
            rows = Rows(f"bao-cao-giay-{day}.csv", tuple(logs))
            self.events.append(Event(self._moment(day), OFFICE, rows))
        return sorted(self.events, key=lambda event: event.moment)

    # --- moments ---

    def _moment(self, day: date) -> datetime:
        """Draw a unique moment during office hours."""
        while True:
            seconds = self.draw.randrange(27_000, 57_600)
            found = datetime.combine(day, clock(), ZONE) + timedelta(seconds=seconds)
            if found not in self._moments:
                self._moments.add(found)
                return found

    def _later(self, day: date, least: int, most: int) -> date | None:
        """Draw a working day so many days later; None where it is after the half-year."""
        last = min(day + timedelta(most), LAST)
        found = [*filter(_is_working_day, _days(day + timedelta(least), last))]
        return self.draw.choice(found) if found else None

    # --- records ---

    def _works(self, work: Work, agency: Agency) -> None:
        """Draw what an agency did for an activity, month by month."""
        for month in range(1, 7):
            if month <= 3 and agency.code in self.silent:
                continue
            wanted = work.monthly * self.zeal[agency.code] * (1 if month <= 3 else _AFTER_REVIEW)
            days = [day for day in _HALF if day.month == month]
            days = days if work.any_day else [*filter(_is_working_day, days)]
            for _ in range(int(wanted + self.draw.random())):
                self._one(work, agency, self.draw.choice(days))

    def _one(self, work: Work, agency: Agency, day: date) -> None:
        """Draw one record and its corrections."""
        minutes = work.activity == "III.4.b"
        draft = Draft(
            agency.code,
            work.activity,
            day.isoformat(),
            self._minutes() if minutes else "1",
            self.draw.choice(work.forms),
            repeat=minutes and self.draw.random() < 1 / 8,
            title=f"{self.draw.choice(work.titles)}, ngày {day:%d/%m/%Y}",
        )
        if draft in self._said:
            return
        self._said.add(draft)
        fate = self.draw.random()
        key = self._record(draft, agency, wrong=fate < 1 / WRONG_IN)
        if key and 1 / WRONG_IN <= fate < 1 / WRONG_IN + 1 / TWICE_IN:
            self._twice(key, draft, agency)

    def _minutes(self) -> str:
        short = self.draw.random() < 1 / 8
        return str(self.draw.randrange(3, 8) if short else self.draw.randrange(10, 26))

    def _record(self, draft: Draft, agency: Agency, *, wrong: bool = False) -> int | None:
        """Enter a record, sometimes with a mistake; None where the half-year ends before."""
        day = date.fromisoformat(draft.date or "")
        late = self.draw.random() < 1 / LATE_IN
        entered = self._later(day, 3, 20) if late else self._later(day, 0, 2) or day
        if entered is None:
            return None
        key = self._key()
        if self.draw.random() < 5 / 6:
            draft = draft._replace(evidence=(f"https://{agency.code}.example/cchc/{key}",))
        if agency.code in self.on_paper:
            draft = draft._replace(external_id=f"BC-{key:05}")
        self.entered[key] = entered
        self.done.setdefault((agency.code, draft.activity), {})[key] = draft
        on = self._later(entered, 1, 25) if wrong else None
        if on:
            self.touched.add(key)
            draft, correction, reason = self._spoilt(draft, day)
            self.events.append(Event(self._moment(on), self._author(agency), Amend(key, correction, reason)))
        log = Log(key, draft)
        if agency.code in self.on_paper:
            self.paper.setdefault(entered, []).append(log)
        else:
            self.events.append(Event(self._moment(entered), self._author(agency), log))
        return key

    def _key(self) -> int:
        self._keys += 1
        return self._keys

    def _author(self, agency: Agency) -> str:
        return OFFICE if agency.code in self.on_paper else f"Văn thư {agency.short or agency.name}"

    def _spoilt(self, draft: Draft, day: date) -> tuple[Draft, Correction, str]:
        """Draw a mistake in a record; give the wrong record, its correction, and the reason."""
        if draft.activity == "III.4.b" and self.draw.random() < 0.6:
            return (
                draft._replace(amount=f"{draft.amount}0"),
                Correction(amount=draft.amount),
                "gõ thừa một số 0",
            )
        if self.draw.random() < 0.5 and day > FIRST:
            other = max(FIRST, day - timedelta(self.draw.randrange(1, 12)))
            return draft._replace(date=other.isoformat()), Correction(date=draft.date), "ghi nhầm ngày"
        return (
            draft._replace(title=f"Tin {draft.activity}"),
            Correction(title=draft.title),
            "ghi lại tiêu đề cho rõ",
        )

    def _twice(self, key: int, draft: Draft, agency: Agency) -> None:
        """Let a second author enter a duplicate, which is voided later."""
        again = self._later(self.entered[key], 1, 4)
        found = self._later(again, 1, 15) if again else None
        if again and found:
            second = self._key()
            self.touched.add(key)
            author = f"Văn phòng {agency.short or agency.name}"
            self.events.append(Event(self._moment(again), author, Log(second, draft)))
            reason = f"{TWICE} với bản ghi của {self._author(agency)}"
            self.events.append(Event(self._moment(found), self._author(agency), Void(second, reason)))

    def _panos(self, agency: Agency) -> None:
        """Draw the pa nô that an agency puts up, and those that are taken down again."""
        if self.draw.random() > 0.62 + 0.1 * self.zeal[agency.code]:
            return
        first = date(2024, 4, 1) if agency.code in self.silent else FIRST
        days = [*filter(_is_working_day, _days(first, date(2024, 5, 31)))]
        # More is put up early in the year.
        day = min(self.draw.choice(days), self.draw.choice(days))
        number = self.draw.randrange(1, 4)
        title = f"Lắp đặt {number} pa nô tuyên truyền CCHC {self.draw.choice(_SITES)}"
        draft = Draft(agency.code, PANO, day.isoformat(), str(number), "pano", title=title)
        key = self._record(draft, agency)
        taken = self._later(self.entered[key], 20, 90) if key and self.draw.random() < 1 / 6 else None
        if taken:
            away = self.draw.randrange(1, number + 1)
            title = f"Tháo dỡ {away} pa nô hư hỏng do mưa gió"
            self._record(draft._replace(date=taken.isoformat(), amount=f"-{away}", title=title), agency)

    # --- waivers, and what is corrected after the closing ---

    def _waivers(self) -> None:
        """Draw the waivers."""
        stations = [one.code for one in self.agencies if one.kind == "station"]
        communes = [one.code for one in self.agencies if one.kind == "commune"]
        for number, duty, among, start, end, reason, document in (
            (2, "III.4.b", stations, "2024-02-01", "2024-02-29", "Máy phát sóng hỏng, chờ sửa", "VHTT"),
            (4, "III.3.a/standing", communes, "2024-01-01", "2024-06-30", "Trụ sở đang xây mới", "VP"),
            (3, "III.3.b", communes, "2024-04-01", "2024-06-30", "Tập trung sắp xếp đơn vị hành chính", "NV"),
        ):
            for agency in self.draw.sample(among, number):
                day = self._later(date.fromisoformat(start), 5, 40)
                assert day
                act = Waive(
                    *(duty, agency, start, end, reason),
                    document=f"CV số {self.draw.randrange(10, 400)}/UBND-{document}",
                )
                self.events.append(Event(self._moment(day), OFFICE, act))

    def _afterwards(self) -> None:
        """Correct what the closed review counted: wrong amounts, days, duplicates, late records, waivers."""
        (short,) = self._alone("III.4.b", date(2024, 2, 1), date(2024, 2, 29), least=15)[:1]
        undone = self._alone("III.1.a", FIRST, Q1_ENDS)[:3]
        moved = self._alone("III.1.b", FIRST, Q1_ENDS)[:2]
        *late, excused = self._without("III.3.b")[:3]
        acts: list[Amend | Void | Log | Waive] = [
            Amend(short, Correction(amount="6"), f"{AFTERWARDS}: nghe lại băng, chỉ 6 phút"),
            *(Void(key, f"{AFTERWARDS}: không có nội dung như đã báo") for key in undone),
            *(Amend(key, Correction(date="2024-03-15"), f"{AFTERWARDS}: làm ngày 15/3") for key in moved),
            *(
                Log(self._key(), Draft(one, "III.3.b", "2024-03-12", "1", "leaflet", title=LATE_TITLE))
                for one in late
            ),
            Waive(
                *("III.3.b", excused, "2024-01-01", "2024-03-31"),
                reason=f"{AFTERWARDS}: không được cấp kinh phí in",
                document="BC số 31/BC-UBND",
            ),
        ]
        for number, act in enumerate(acts):
            self.events.append(Event(self._moment(date(2024, 3, 19) + timedelta(number % 4)), OFFICE, act))

    def _alone(self, activity: str, first: date, last: date, least: int = 1) -> list[int]:
        """Give records from before the closing that are the only ones of their agency in these days."""
        found: list[int] = []
        for (_, of), done in self.done.items():
            inside = {key: one for key, one in done.items() if f"{first}" <= (one.date or "") <= f"{last}"}
            if of == activity and len(inside) == 1:
                ((key, one),) = inside.items()
                known = self.entered[key] < CLOSED.date() and key not in self.touched
                if known and not one.repeat and int(one.amount or 0) >= least:
                    found.append(key)
        return found

    def _without(self, activity: str) -> list[str]:
        """Give communes that recorded something in the first quarter, but not this activity."""
        idle = [one.code for one in self.agencies if one.kind == "commune" and one.code not in self.silent]
        quarter = f"{date(2024, 3, 31)}"
        return [
            code
            for code in idle
            if all((one.date or "") > quarter for one in self.done.get((code, activity), {}).values())
        ]


def half_year() -> list[Event]:
    """Give the events of the half-year in chronological order; always the same."""
    return _Maker(read_plan_file(PLAN).plan).all()


# --- the services do it -----------------------------------------------------------------------------------------


class _DraftRows(RowsFiles):
    """Drafts as if they stood in a rows file."""

    def __init__(self, source: str, drafts: Sequence[Draft]) -> None:
        super().__init__([Path(source)])
        self._drafts = drafts

    def rows(self) -> Iterator[Row]:
        return iter(enumerate(self._drafts, 2))


def play(events: Sequence[Event], target: str) -> None:
    """Run all events through the services on a new database, each at its moment."""
    numbers = numbers_of(events)
    database = connect(target)
    for moment, author, act in events:
        match act:
            case Import(plan):
                import_plan(plan, target, author=author, now=moment)
            case Log(key, draft):
                entry = record(database, draft, plan=None, author=author, now=moment)
                assert entry.recorded.no == numbers[key], act
            case Rows(source, rows):
                files = _DraftRows(source, [log.draft for log in rows])
                outcome = record_rows(database, files, plan=None, author=author, now=moment, dry_run=False)
                assert outcome.created == len(rows), (act, outcome.errors)
            case Amend(key, correction, reason):
                amend(database, str(numbers[key]), correction, reason=reason, author=author, now=moment)
            case Void(key, reason):
                void(database, str(numbers[key]), reason=reason, author=author, now=moment)
            case Waive(duty, agency, start, end, reason, document):
                waive(
                    database,
                    duty,
                    plan=None,
                    agency=agency,
                    start=start,
                    end=end,
                    reason=reason,
                    document=document,
                    author=author,
                    now=moment,
                )
            case Close(review):
                close_review(database, Question(now=moment, review=review), again=False, author=author)


def build(path: Path) -> None:
    """Make the database atomically."""
    # Each record is synced to disk before it is acknowledged. In memory that costs nothing.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - in it a folder of our own
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        made = Path(folder) / "half-year.db"
        play(half_year(), str(made))
        beside = path.with_name(f"{path.name}-{os.getpid()}")
        shutil.copyfile(made, beside)
        beside.rename(path)


def built_once(path: Path) -> Path:
    """Make the database unless it exists; of several processes one makes it, and the others wait."""
    with path.with_name(f"{path.name}-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            build(path)
    return path


if __name__ == "__main__":
    _target = Path(sys.argv[1])
    if _target.exists():
        sys.exit(f"{_target} is there already")
    _began = time.perf_counter()
    build(_target)
    print(f"{_target}: made in {time.perf_counter() - _began:.0f} s")  # noqa: T201 - it is a command
