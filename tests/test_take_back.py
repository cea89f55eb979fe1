"""Correcting much at once, and giving it back: `void`, `amend` and `waive`, through the program on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.small_plan import NOW, without_answer, write_plan
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Program

STATION = ("--agency", "dai-buon-ho")
OFFICE = ("--agency", "so-noi-vu")
WHY = ("--reason", "nhầm")
WINDOW = ("--from", str(NOW.start), "--to", str(NOW.end))


@pytest.fixture
def small(cchc_on: Program, tmp_path: Path) -> Program:
    """Give the program with the small plan, on each kind of database in turn."""
    cchc_on.ok("import", write_plan(tmp_path))
    return cchc_on


@pytest.fixture
def wrong_file(small: Program, tmp_path: Path) -> int:
    """Record one execution, then the rows of a file; give the number of the file's change."""
    small.ok("log", "A.4", *OFFICE, "--title", "trước")
    return load(small, tmp_path, *(f"dai-buon-ho,A.1,{NOW.ago(day)},10,radio,{day}" for day in (3, 4, 5)))


def load(program: Program, folder: Path, *rows: str) -> int:
    path = folder / "rows.csv"
    path.write_text("\n".join(["agency,activity,date,amount,form,title", *rows]) + "\n", "utf-8")
    number: int = program.ok("log", "--file", path, "-f", "json").json["change"]
    return number


def recorded(program: Program, *filters: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = program.ok("history", *filters, "-f", "json").json["executions"]
    return sorted(found, key=lambda one: one["no"])


def voided(program: Program) -> list[int]:
    return [one["no"] for one in recorded(program) if one["voided"]]


def changes(program: Program) -> int:
    number: int = program.ok("verify", "-f", "json").json["count"]
    return number


def verdicts(program: Program) -> Any:  # noqa: ANN401 - a document
    found = program.ok("status", "-f", "json").json
    del found["chain"]
    return found


def test_the_answer_tells_the_number_of_the_change(small: Program, wrong_file: int, tmp_path: Path) -> None:
    """`log -f json`, `history -f json` and the answer of a file say it; after an amendment it is the same."""
    assert [one["change"] for one in recorded(small)] == [2, *[wrong_file] * 3]
    assert small.ok("log", "A.4", *OFFICE, "-f", "json").json["executions"][0]["change"] == wrong_file + 1
    amended = small.ok("amend", 2, "--amount", 11, *WHY, "-f", "json").json["executions"][0]
    assert amended["change"] == wrong_file
    assert [one["change"] for one in recorded(small, "2")] == [wrong_file] * 2
    path = tmp_path / "more.csv"
    path.write_text(f"agency,activity,date,title\nso-noi-vu,A.4,{NOW.ago(9)},x\n", "utf-8")
    again = small.ok("log", "--file", path)
    assert f"cchc void --change {wrong_file + 3} --reason WHY" in again.out
    assert small.ok("log", "--file", path, "-f", "json").json["change"] is None
    assert "cchc void" not in small.ok("log", "--file", path).out


def test_several_numbers_are_voided_and_given_back_in_one_change(small: Program, wrong_file: int) -> None:
    before = verdicts(small)
    done = small.ok("void", 2, 4, 2, *WHY)
    assert "records to be voided: 2" in done.err
    assert "records voided: 2" in done.out
    assert "no. 4: A.1" in done.out
    assert voided(small) == [2, 4]
    assert changes(small) == wrong_file + 1
    assert "no. 2 is voided already" in small.fails(2, "void", 3, 2, *WHY)
    assert "no. 3 is not voided" in small.fails(2, "void", 2, 3, "--undo", *WHY)
    assert "no execution" in small.fails(2, "void", 3, 77, *WHY)
    assert voided(small) == [2, 4]
    document = small.ok("void", 2, 4, "--undo", "--reason", "vẫn đúng", "-f", "json").json
    assert document["format"] == "cchc-log/1"
    assert [one["no"] for one in document["executions"]] == [2, 4]
    assert [one["requirement"] for one in document["findings"]] == ["minutes"]
    assert verdicts(small) == before
    versions = recorded(small, "2")
    assert [(one["version"], one["voided"], one["reason"]) for one in versions] == [
        (1, False, None),
        (2, True, "nhầm"),
        (3, False, "vẫn đúng"),
    ]
    assert changes(small) == wrong_file + 2
    small.ok("void", 2, *WHY)
    single = small.ok("void", 2, "--undo", *WHY).out
    assert "no. 2: A.1" in single
    assert "records given back: 1" in single


def test_a_wrong_file_is_taken_back_and_given_back(small: Program, wrong_file: int) -> None:
    """All that the change began is voided, also what was amended since; undo gives back exactly that."""
    small.ok("amend", 3, "--amount", 12, "--reason", "sửa")
    small.ok("void", 4, "--reason", "riêng")
    before, judged, count = recorded(small), verdicts(small), changes(small)
    shown = small.ok("void", "--change", wrong_file, *WHY, "--dry-run")
    assert "records that would be voided: 2" in shown.out
    assert [f"no. {no}:" in shown.out for no in (1, 2, 3, 4)] == [False, True, True, False]
    rehearsed = small.ok("void", "--change", wrong_file, *WHY, "--dry-run", "-f", "json").json
    assert (rehearsed["dry_run"], len(rehearsed["executions"])) == (True, 2)
    assert (recorded(small), changes(small)) == (before, count)
    done = small.ok("void", "--change", wrong_file, *WHY)
    assert "records to be voided: 2" in done.err
    assert voided(small) == [2, 3, 4]
    assert changes(small) == count + 1
    told = small.fails(2, "void", "--change", wrong_file, *WHY)
    assert f"every record of change {wrong_file} is voided already" in told
    small.ok("void", "--change", wrong_file, "--undo", *WHY)
    what = ("date", "amount", "title", "voided")
    assert [[one[key] for key in what] for one in recorded(small)] == [
        [one[key] for key in what] for one in before
    ]
    assert verdicts(small) == judged
    assert "nothing is voided" in small.fails(2, "void", "--change", wrong_file, "--undo", *WHY)
    small.ok("verify")


def test_undo_gives_back_what_the_last_one_took(small: Program, wrong_file: int) -> None:
    """What was voided again since, for a reason of its own, or by an earlier `void --change`, stays voided."""
    small.ok("void", "--change", wrong_file, *WHY)
    small.ok("void", 2, 3, "--undo", *WHY)
    small.ok("void", 3, "--reason", "riêng")
    assert "records to be voided" not in small.ok("void", "--change", wrong_file, *WHY).err
    assert voided(small) == [2, 3, 4]
    small.ok("void", "--change", wrong_file, "--undo", *WHY)
    assert voided(small) == [3, 4]
    small.ok("void", "--change", wrong_file, "--undo", *WHY)
    assert voided(small) == [3]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("void", *WHY), "--change"),
        (("void", "1", "--change", "3", *WHY), "exclude each other"),
        (("void", "--last", "--change", "3", *WHY), "exclude each other"),
        (("void", "--last", "--undo", *WHY), "--undo"),
        (("void", "--change", "1", *WHY), "change 1 recorded nothing new"),
        (("void", "--change", "99", *WHY), "change 99 recorded nothing new"),
        (("void", "--change", "-1", *WHY), "recorded nothing new"),
        (("void", "--change", "99999999999999999999", *WHY), "recorded nothing new"),
        (("void", "--change", "x", *WHY), "--change"),
        (("void", "--change", "2"), "--reason"),
        (("void", "--change", "2", "--reason", " "), "--reason"),
        (("void", "1", "--undo", *WHY), "not voided"),
        (("amend", "1", "--agency", "khong-co", *WHY), "no agency"),
        (("amend", "1", "--activity", "A.9", *WHY), "no activity"),
        (("amend", "1", "--activity", "A.1", *WHY), "--amount"),
        (("amend", "1", "--activity", "A.4", *WHY), "nothing would change"),
        (("waive", "A.2", "--group", "xa", "--agency", "ea-drong", *WINDOW, *WHY), "exclude each other"),
        (("waive", "A.2", "--group", "x", *WINDOW, *WHY), "no group"),
        (("waive", "A.1", "--group", "xa", *WINDOW, *WHY), "none of the agencies meant owes"),
        (("waive", "A.2", *WINDOW, *WHY), "--agency"),
        (("waive", "--end", "1", "--dry-run", *WHY), "--dry-run"),
        (("waive", "--end", "99999999999999999999", *WHY), "no waiver no."),
    ],
)
def test_what_is_refused(cchc: Program, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    cchc.ok("import", write_plan(tmp_path))
    cchc.ok("log", "A.4", *OFFICE)
    assert words in cchc.fails(2, *arguments)
    assert changes(cchc) == 2


def test_records_of_two_plans_are_not_voided_together(cchc: Program, tmp_path: Path) -> None:
    cchc.ok("import", write_plan(tmp_path))
    cchc.ok("import", write_plan(tmp_path, ("code: small", "code: other")))
    cchc.ok("log", "A.4", *OFFICE, "--plan", "small")
    cchc.ok("log", "A.4", *OFFICE, "--plan", "other")
    assert "small (no. 1), other (no. 2)" in cchc.fails(2, "void", 1, 2, *WHY)


def test_a_stock_never_falls_below_zero(small: Program, tmp_path: Path) -> None:
    """Neither by voiding many, nor by giving back, nor by another agency or activity."""
    many = load(small, tmp_path, f"buon-ho,A.2,{NOW.ago(9)},3,,", f"ea-drong,A.2,{NOW.ago(9)},1,,")
    less = load(small, tmp_path, f"buon-ho,A.2,{NOW.ago(5)},-3,,")
    assert "the stock at UBND thị xã Buôn Hồ" in small.fails(2, "void", "--change", many, *WHY)
    assert "the stock at" in small.fails(2, "void", "--change", many, *WHY, "--dry-run")
    assert "the stock at" in small.fails(2, "amend", 1, "--agency", "ea-drong", *WHY)
    assert "the stock at" in small.fails(
        2, "amend", 1, "--activity", "A.4", "--amount", 1, "--form", "", *WHY
    )
    assert "the stock at" in small.fails(2, "amend", 3, "--agency", "ea-drong", *WHY)
    small.ok("void", "--change", less, *WHY)
    small.ok("void", "--change", many, *WHY)
    assert "the stock at" in small.fails(2, "void", "--change", less, "--undo", *WHY)
    assert voided(small) == [1, 2, 3]
    small.ok("void", 1, 2, 3, "--undo", *WHY)
    small.ok("verify")


def test_the_agency_and_the_activity_are_corrected(small: Program) -> None:
    """The record keeps its number; both agencies and both activities are judged anew."""
    small.ok("log", "A.2", 3, "--agency", "ea-drong", "--date", NOW.ago(3))
    moved = small.ok("amend", 1, "--agency", "xã ea d'rơng", *WHY, "-f", "json").json
    assert [(one["no"], one["agency"], one["form"]) for one in moved["executions"]] == [
        (1, "ea-drong-cmg", "panel")
    ]
    assert {one["agency"] for one in moved["findings"]} == {"ea-drong-cmg"}
    assert "does not take the form" in small.fails(2, "amend", 1, "--activity", "A.1", "--amount", 15, *WHY)
    done = small.ok("amend", 1, "--activity", "radio-column", "--amount", 15, "--form", "radio", *WHY)
    assert "no. 1: A.1" in done.out
    small.ok("amend", 1, "--activity", "A.2", "--amount", 2, "--form", "", *WHY)
    last = recorded(small, "1")[-1]
    assert (last["version"], last["activity"], last["amount"], last["form"]) == (4, "A.2", 2, "panel")
    values = {
        one["agency"]: one["value"] for one in verdicts(small)["findings"] if one["requirement"] == "standing"
    }
    assert (values["ea-drong"], values["ea-drong-cmg"]) == (0, 2)
    small.ok("verify")


def test_a_group_and_all_below_are_excused_in_one_change(small: Program) -> None:
    """Only those that owe it are; those excused already are left out, and a wrong agency of the settings is."""
    usual = {"CCHC_AGENCY": "dai-buon-ho"}
    small.environment = usual
    single = small.ok("waive", "A.2", "--agency", "ea-drong", *WINDOW, *WHY, "-f", "json").json
    assert single["format"] == "cchc-waiver/1"
    count = changes(small)
    request = ("waive", "A.2/standing", "--group", "Các xã", *WINDOW, *WHY)
    shown = small.ok(*request, "--dry-run", "-f", "json").json
    assert (shown["format"], shown["dry_run"]) == ("cchc-waivers/1", True)
    assert changes(small) == count
    found = small.ok(*request, "-f", "json").json
    assert found["format"] == "cchc-waivers/1"
    assert [(one["no"], one["agency"]) for one in found["waivers"]] == [(2, "ea-drong"), (3, "ea-drong-cmg")]
    assert all(one["obligations"] > 0 for one in found["waivers"])
    assert changes(small) == count + 1
    assert "says that already" in small.fails(2, *request)
    below = small.ok("waive", "A.2", "--below", "UBND tỉnh", *WINDOW, *WHY)
    assert "agencies to be excused: 3" in below.err
    assert "in force already for 1 more" in below.err
    assert "waivers recorded: 2" in below.out
    agencies = [one["agency"] for one in small.ok("waive", "--list", "-f", "json").json["waivers"]]
    assert agencies == ["ea-drong", "ea-drong", "ea-drong-cmg", "buon-ho", "ea-drong-cmg"]
    small.ok("verify")


def test_a_lost_answer_corrects_once(small: Program, wrong_file: int, tmp_path: Path) -> None:
    """Said again after its answer could not be written, a command tells what it did and does nothing more."""
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"photo")
    for command in (
        ("amend", 2, "--amount", 12, *WHY),
        ("amend", 2, "--evidence", photo, *WHY),
        ("void", 2, *WHY),
        ("void", 3, 4, *WHY),
        ("void", 3, 4, "--undo", *WHY),
        ("void", 2, "--undo", *WHY),
        ("void", "--last", *WHY),
        ("void", "--change", wrong_file, *WHY),
        ("void", "--change", wrong_file, "--undo", *WHY),
        ("waive", "A.2", "--agency", "buon-ho", *WINDOW, *WHY),
        ("waive", "A.2", "--group", "xa", *WINDOW, *WHY),
        ("waive", "--end", 1, *WHY),
    ):
        count = changes(small)
        assert without_answer(small, *command) == 3, command
        assert changes(small) == count + 1, command
        again = small.ok(*command)
        assert "nothing was changed again" in again.err, command
        assert again.out, command
        assert changes(small) == count + 1, command
    assert "unfinished" not in small.ok("doctor").out


def test_who_recorded_since_means_the_new_record(small: Program) -> None:
    """`void --last` whose answer was lost is not said again where the author went on recording."""
    small.ok("log", "A.4", *OFFICE, "--title", "một")
    assert without_answer(small, "void", "--last", *WHY) == 3
    small.ok("log", "A.4", *OFFICE, "--title", "hai")
    assert "no. 2" in small.ok("void", "--last", *WHY).out
    assert voided(small) == [1, 2]


def test_what_was_changed_since_has_been_seen(small: Program, wrong_file: int) -> None:
    """A correction whose answer was lost is done anew where somebody corrected its record since."""
    assert without_answer(small, "void", 2, *WHY) == 3
    small.ok("void", 2, "--undo", *WHY)
    done = small.ok("void", 2, *WHY)
    assert "again" not in done.err
    assert voided(small) == [2]
    assert changes(small) == wrong_file + 3


def test_a_terminal_is_asked_before_several_records_are_changed(small: Program, wrong_file: int) -> None:
    command = ("void", "--change", str(wrong_file), *WHY)
    with Terminal(small, *command) as terminal:
        terminal.until("go on?")
        assert "records to be voided: 3" in terminal.shown
        terminal.types("n\n")
        assert terminal.code() == 130
    assert voided(small) == []
    with Terminal(small, *command) as terminal:
        terminal.until("go on?")
        terminal.types("\n")
        assert terminal.code() == 0
    assert voided(small) == [2, 3, 4]
    with Terminal(small, *command, "--undo", "--yes") as terminal:
        assert terminal.code() == 0
        assert "?" not in terminal.shown
    with Terminal(small, "void", "2", *WHY) as terminal:
        assert terminal.code() == 0
        assert "?" not in terminal.shown
    with Terminal(small, "waive", "A.2", "--group", "xa", *WINDOW, *WHY) as terminal:
        terminal.until("go on?")
        terminal.types("không\n")
        assert terminal.code() == 130
    assert small.ok("waive", "--list", "-f", "json").json["waivers"] == []
