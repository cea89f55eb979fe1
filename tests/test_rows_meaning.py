"""What a row of a rows file means: ids of each agency's own, equal rows, amendments, several files, evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.small_plan import FIXED, write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.program import Program

DAY = "2024-02-10"
HEADING = "date,agency,activity,amount,title,external_id"


@pytest.fixture
def small(cchc_on: Program, tmp_path: Path) -> Program:
    """Give the program with the small plan and no records, on each kind of database."""
    cchc_on.ok("import", write_plan(tmp_path, frame=FIXED))
    return cchc_on


def write(cchc: Program, name: str, *rows: str, heading: str = HEADING) -> Path:
    """Write a rows file beside the others; give its path."""
    path = cchc.home / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes("\n".join([heading, *rows, ""]).encode())
    return path


def answer(cchc: Program, *files: object, options: tuple[object, ...] = ()) -> dict[str, Any]:
    """Log files; give the whole answer."""
    named = [part for file in files for part in ("--file", file)]
    found: dict[str, Any] = cchc.ok("log", *named, *options, "-f", "json").json
    return found


def counts(cchc: Program, *files: object, options: tuple[object, ...] = ()) -> tuple[int, int, int, int]:
    """Log files; give how many rows were created, updated, unchanged and superseded."""
    done = answer(cchc, *files, options=options)
    return done["created"], done["updated"], done["unchanged"], done["superseded"]


def records(cchc: Program) -> list[dict[str, Any]]:
    """Give every record that is not voided, by number."""
    found = cchc.ok("history", "-f", "json").json["executions"]
    return sorted((one for one in found if not one["voided"]), key=lambda one: int(one["no"]))


def row(
    agency: str = "ea-drong",
    amount: object = 1,
    title: str = "",
    id_: str = "",
    activity: str = "A.4",
    day: str = DAY,
) -> str:
    """Give a row of HEADING."""
    return f"{day},{agency},{activity},{amount},{title},{id_}"


def faults(cchc: Program, *files: object, options: tuple[object, ...] = ()) -> list[dict[str, Any]]:
    """Log files with faults; give these. Nothing is recorded."""
    before = cchc.ok("history", "-f", "json").json
    named = [part for file in files for part in ("--file", file)]
    done = cchc.run("log", *named, *options, "-f", "json")
    assert done.code == 2, done
    assert cchc.ok("history", "-f", "json").json == before
    found: list[dict[str, Any]] = done.json["errors"]
    return found


def test_two_agencies_that_number_their_rows_alike(small: Program) -> None:
    """An id belongs to its agency: nobody overwrites somebody else's record, and the answer points it out."""
    first = write(small, "a.csv", row("ea-drong", 1, "Tin", "1"), row("ea-drong", 2, "Tin", "2"))
    second = write(small, "b.csv", row("ea-drong-cmg", 3, "Khác", "1"), row("ea-drong-cmg", 4, "Khác", "2"))
    assert counts(small, first) == (2, 0, 0, 0)
    done = answer(small, second)
    assert (done["created"], done["updated"]) == (2, 0)
    assert [(one["external_id"], one["row"], one["no"]) for one in done["shared_ids"]] == [
        ("1", 2, 1),
        ("2", 3, 2),
    ]
    assert [(one["agency"], one["amount"]) for one in records(small)] == [
        ("ea-drong", 1),
        ("ea-drong", 2),
        ("ea-drong-cmg", 3),
        ("ea-drong-cmg", 4),
    ]
    assert "no. 1" in small.ok("log", "--file", write(small, "c.csv", row("so-noi-vu", 9, "", "1"))).err


def test_two_agencies_that_share_an_id_in_one_file(small: Program) -> None:
    done = answer(small, write(small, "a.csv", row("ea-drong", 1, "", "1"), row("ea-drong-cmg", 1, "", "1")))
    assert (done["created"], [(one["row"], one["no"]) for one in done["shared_ids"]]) == (2, [(2, 2), (3, 1)])


def test_an_id_stays_with_the_agency_it_was_first_recorded_for(small: Program) -> None:
    """The same id in a later file corrects the record, but only that of the same agency."""
    counts(small, write(small, "a.csv", row("ea-drong", 1, "", "1"), row("ea-drong-cmg", 1, "", "1")))
    assert counts(small, write(small, "b.csv", row("ea-drong-cmg", 5, "", "1"))) == (0, 1, 0, 0)
    assert [(one["agency"], one["amount"], one["version"]) for one in records(small)] == [
        ("ea-drong", 1, 1),
        ("ea-drong-cmg", 5, 2),
    ]


def test_equal_rows_are_as_many_records(small: Program) -> None:
    """The k-th equal row stands for the k-th equal record; running the file again adds none."""
    three = write(small, "a.csv", *[row(title="Tin")] * 3)
    assert counts(small, three) == (3, 0, 0, 0)
    assert counts(small, three) == (0, 0, 3, 0)
    five = write(small, "b.csv", *[row(title="Tin")] * 5)
    assert counts(small, five) == (2, 0, 3, 0)
    assert counts(small, write(small, "c.csv", row(title="Tin"))) == (0, 0, 1, 0)
    assert len(records(small)) == 5


def test_an_equal_row_of_somebody_else(small: Program) -> None:
    """Whoever recorded it: a typed record and a row that say the same are one."""
    small.ok("log", "A.4", 2, "--agency", "ea-drong", "--date", DAY, "--title", "Tin", "--by", "an")
    assert counts(small, write(small, "a.csv", row(amount=2, title="Tin")), options=("--by", "binh")) == (
        0,
        0,
        1,
        0,
    )


def test_what_somebody_amended_or_voided_does_not_come_back(small: Program) -> None:
    file = write(
        small, "a.csv", *(row(amount=n, title=f"Tin {n}", id_=f"X{n}" * (n < 3)) for n in range(1, 5))
    )
    counts(small, file)
    small.ok("amend", 1, "--amount", 9, "--reason", "đếm lại")
    small.ok("void", 2, "--reason", "nhầm")
    small.ok("amend", 3, "--title", "Tin ba", "--reason", "đếm lại")
    small.ok("void", 4, "--reason", "nhầm")
    before = small.ok("history", "-f", "json").json
    done = answer(small, file)
    assert (done["created"], done["updated"], done["unchanged"], done["superseded"]) == (0, 0, 0, 4)
    assert [(one["row"], one["no"]) for one in done["superseded_rows"]] == [(2, 1), (3, 2), (4, 3), (5, 4)]
    assert small.ok("history", "-f", "json").json == before
    said = small.ok("log", "--file", file)
    assert "superseded 4" in said.out
    assert "row 2: no. 1" in said.err


def test_only_ten_superseded_rows_are_named(small: Program) -> None:
    file = write(small, "a.csv", *(row(title=f"Tin {n}") for n in range(12)))
    counts(small, file)
    for no in range(1, 13):
        small.ok("amend", no, "--amount", 5, "--reason", "đếm lại")
    done = answer(small, file)
    assert (done["superseded"], len(done["superseded_rows"])) == (12, 10)
    assert "and 2 more" in small.ok("log", "--file", file).err


def test_where_only_files_changed_it_the_file_wins(small: Program) -> None:
    """A file that says what an earlier one said takes the correction of another file back."""
    first = write(small, "a.csv", row(amount=1, id_="X"))
    second = write(small, "b.csv", row(amount=2, id_="X"))
    assert [counts(small, file) for file in (first, second, first, first)] == [
        (1, 0, 0, 0),
        (0, 1, 0, 0),
        (0, 1, 0, 0),
        (0, 0, 1, 0),
    ]
    assert [(one["amount"], one["version"]) for one in records(small)] == [(1, 3)]
    assert "a.csv" in small.ok("history", 1, "-f", "json").json["executions"][2]["reason"]
    # An amendment in between decides: from then on the old row is superseded, a new one corrects.
    small.ok("amend", 1, "--amount", 7, "--reason", "đếm lại")
    assert counts(small, first) == (0, 0, 0, 1)
    assert counts(small, write(small, "c.csv", row(amount=8, id_="X"))) == (0, 1, 0, 0)
    assert [one["amount"] for one in records(small)] == [8]


def test_a_new_id_takes_over_an_equal_record(small: Program) -> None:
    """Rows that get ids later stand for the records that they began; each record takes one id."""
    plain = write(small, "a.csv", row(title="Tin"), row(title="Tin"), row(title="Khác"))
    assert counts(small, plain) == (3, 0, 0, 0)
    named = write(
        small,
        "b.csv",
        *(row(title=title, id_=id_) for title, id_ in (("Tin", "1"), ("Tin", "2"), ("Khác", "3"))),
    )
    assert counts(small, named) == (0, 3, 0, 0)
    assert counts(small, named) == (0, 0, 3, 0)
    assert counts(small, plain) == (0, 0, 3, 0)
    corrected = write(small, "c.csv", row(amount=4, title="Tin", id_="2"))
    assert counts(small, corrected) == (0, 1, 0, 0)
    assert [one["amount"] for one in records(small)] == [1, 4, 1]


def test_a_new_id_takes_over_an_amended_record_too(small: Program) -> None:
    """What was amended stays, but a later correction of that row does not become a second record."""
    counts(small, write(small, "a.csv", row(amount=1)))
    small.ok("amend", 1, "--amount", 9, "--reason", "đếm lại")
    assert counts(small, write(small, "b.csv", row(amount=1, id_="X"))) == (0, 0, 0, 1)
    assert [(one["amount"], one["version"]) for one in records(small)] == [(9, 3)]
    assert counts(small, write(small, "c.csv", row(amount=3, id_="X"))) == (0, 1, 0, 0)
    assert [one["amount"] for one in records(small)] == [3]


def test_an_id_twice_with_different_content_is_an_error_of_both_rows(small: Program) -> None:
    """Also across files; with the same content it is one record."""
    a, b = (write(small, f"{n}.csv", row(title="Tin 0"), row(amount=n, id_="X")) for n in (1, 2))
    found = faults(small, a, b)
    assert [(one["file"], one["row"], one["column"]) for one in found] == [
        ("1.csv", 3, "external_id"),
        ("2.csv", 3, "external_id"),
    ]
    assert "row 3 of 2.csv" in found[0]["message"]
    assert "row 3 of 1.csv" in found[1]["message"]
    counts(small, a)
    assert len(faults(small, a, b)) == 2
    same = write(small, "3.csv", row(amount=1, id_="X"), row(amount=1, id_="X"))
    assert counts(small, same) == (0, 0, 2, 0)


def test_as_many_rows_as_possible_find_their_records(small: Program) -> None:
    """A row must not take the only record of another one: no order of rows brings an amended record back."""
    a, b = row(title="a"), row(title="b")
    counts(small, write(small, "first.csv", a, b))
    small.ok("amend", 1, "--title", "b", "--reason", "sai tên")
    small.ok("amend", 2, "--title", "c", "--reason", "sai tên")
    for name, rows in (("x.csv", (a, b)), ("y.csv", (b, a))):
        created, _, unchanged, superseded = counts(small, write(small, name, *rows))
        assert (created, unchanged + superseded) == (0, 2)
    assert [one["title"] for one in records(small)] == ["b", "c"]


def test_a_row_with_an_id_comes_before_an_equal_one_without(small: Program) -> None:
    """The order of rows does not matter: the row with the id has its record, the other one gets its own."""
    named, plain = row(title="Tin", id_="X"), row(title="Tin")
    counts(small, write(small, "a.csv", named))
    assert counts(small, write(small, "b.csv", plain, named)) == (1, 0, 1, 0)
    assert counts(small, write(small, "c.csv", named, plain)) == (0, 0, 2, 0)
    assert len(records(small)) == 2


def test_several_files_are_all_or_nothing(small: Program) -> None:
    """`--file` twice, or a folder by name: one change, and one bad row stops all."""
    good = write(small, "in/b.csv", row(title="B"))
    bad = write(small, "in/a.csv", row(title="A"), row("nobody"))
    found = faults(small, good, bad)
    assert [(one["file"], one["row"]) for one in found] == [("a.csv", 3)]
    write(small, "in/a.csv", row(title="A"))
    (small.home / "in" / "photo.jpg").write_bytes(b"x")
    (small.home / "in" / "~$b.xlsx").write_bytes(b"x")
    (small.home / "in" / "below").mkdir()
    assert counts(small, small.home / "in") == (2, 0, 0, 0)
    assert [one["title"] for one in records(small)] == ["A", "B"]
    assert counts(small, good, bad) == (0, 0, 2, 0)


def test_files_that_cannot_be_read_are_all_named(small: Program) -> None:
    good = write(small, "a.csv", row())
    (small.home / "b.csv").write_text("ngày,thứ\n", "utf-8")
    said = small.fails(
        2, "log", "--file", good, "--file", small.home / "b.csv", "--file", small.home / "c.csv"
    )
    assert "b.csv" in said
    assert "c.csv" in said
    assert records(small) == []


def test_a_copy_of_a_file_is_refused(small: Program) -> None:
    """Equal rows are as many records, so a copy in the same folder would record each row twice."""
    file = write(small, "in/a.csv", row())
    write(small, "in/a (1).csv", row())
    assert "same content" in small.fails(2, "log", "--file", small.home / "in")
    assert "same content" in small.fails(2, "log", "--file", file, "--file", file)
    empty = small.home / "empty"
    empty.mkdir()
    assert "no rows file" in small.fails(2, "log", "--file", empty)


def test_agency_beside_file_is_that_of_rows_that_name_none(small: Program) -> None:
    file = write(small, "a.csv", f"{DAY},A.4,1", f"{DAY},A.4,2", heading="date,activity,amount")
    assert "agency" in small.fails(2, "log", "--file", file)
    small.environment["CCHC_AGENCY"] = "ea-drong-cmg"
    assert "agency" in small.fails(2, "log", "--file", file)
    assert counts(small, file, options=("--agency", "ea-drong")) == (2, 0, 0, 0)
    mixed = write(
        small, "b.csv", f"{DAY},,A.4,3", f"{DAY},ea-drong-cmg,A.4,4", heading="date,agency,activity,amount"
    )
    assert counts(small, mixed, options=("--agency", "ea-drong")) == (2, 0, 0, 0)
    del small.environment["CCHC_AGENCY"]
    assert [one["agency"] for one in records(small)] == ["ea-drong", "ea-drong", "ea-drong", "ea-drong-cmg"]


def test_what_a_row_says_does_not_change_with_the_plan(small: Program, tmp_path: Path) -> None:
    """A form that was filled in because it was the only one, or left out because there were several."""
    only, several = "forms: [panel]", "forms: [panel, web]"
    file = write(small, "a.csv", row("ea-drong", 1, "Tin", "", "A.2"))
    assert counts(small, file) == (1, 0, 0, 0)
    assert [one["form"] for one in records(small)] == ["panel"]
    small.ok("import", write_plan(tmp_path, (only, several), frame=FIXED))
    assert counts(small, file) == (0, 0, 1, 0)
    later = write(small, "b.csv", row("ea-drong", 2, "Tin", "", "A.2"))
    assert counts(small, later) == (1, 0, 0, 0)
    assert [one["form"] for one in records(small)] == ["panel", None]
    small.ok("import", write_plan(tmp_path, frame=FIXED))
    assert counts(small, file, later) == (0, 0, 2, 0)
    # A form that stands in the row is part of what it says.
    small.ok("import", write_plan(tmp_path, (only, several), frame=FIXED))
    heading = "date,agency,activity,amount,title,form"
    typed = write(small, "c.csv", f"{DAY},ea-drong,A.2,1,Tin,web", heading=heading)
    assert counts(small, typed) == (1, 0, 0, 0)


def test_line_ends_are_one(small: Program) -> None:
    """CR LF within a cell says the same as LF: Excel and other programs differ in nothing else."""
    heading = "date,agency,activity,amount,note"
    for number, end in enumerate(("\r\n", "\n")):
        file = write(small, f"{number}.csv", f'{DAY},ea-drong,A.4,1,"dòng 1{end}dòng 2"', heading=heading)
        assert counts(small, file)[0] == 1 - number


def test_evidence_is_looked_for_beside_the_file(small: Program) -> None:
    """In the folder of the file or below it, wherever the command is run; new bytes are pointed out."""
    heading = "date,agency,activity,amount,evidence"
    folder = small.home / "in"
    file = write(small, "in/a.csv", f"{DAY},ea-drong,A.4,1,ảnh/một.jpg", heading=heading)
    (folder / "ảnh").mkdir()
    (folder / "ảnh" / "một.jpg").write_bytes(b"bytes")
    assert counts(small, file) == (1, 0, 0, 0)
    assert counts(small, file) == (0, 0, 1, 0)
    (folder / "ảnh" / "một.jpg").write_bytes(b"other bytes")
    done = answer(small, file)
    assert (done["unchanged"], done["new_bytes"]) == (
        1,
        [{"file": "a.csv", "row": 2, "evidence": "một.jpg", "no": 1}],
    )
    assert "cchc amend 1 --evidence" in small.ok("log", "--file", file).err
    small.ok("verify")


@pytest.mark.parametrize(
    "named",
    [
        "../secret.txt",
        "in/../../secret.txt",
        "{home}/secret.txt",
        "link/secret.txt",
        "C:\\secret.txt",
        "\\\\host\\share\\x",
    ],
)
def test_evidence_from_elsewhere_is_refused(small: Program, named: str) -> None:
    """A rows file from somebody else must not take files of the reader's own."""
    (small.home / "secret.txt").write_text("bí mật", "utf-8")
    heading = "date,agency,activity,amount,evidence"
    file = write(small, "in/a.csv", f"{DAY},ea-drong,A.4,1,{named.format(home=small.home)}", heading=heading)
    (small.home / "in" / "link").symlink_to(small.home)
    (found,) = faults(small, file)
    assert (found["row"], found["column"]) == (2, "evidence")
    assert "--evidence-from" in found["message"]


def test_evidence_from_a_named_folder(small: Program) -> None:
    heading = "date,agency,activity,amount,evidence"
    file = write(small, "in/a.csv", f"{DAY},ea-drong,A.4,1,x.txt", heading=heading)
    (small.home / "proofs").mkdir()
    (small.home / "proofs" / "x.txt").write_text("biên bản", "utf-8")
    assert "no such file" in faults(small, file)[0]["message"]
    assert counts(small, file, options=("--evidence-from", small.home / "proofs")) == (1, 0, 0, 0)


def test_a_documents_number_is_evidence_by_reference(small: Program) -> None:
    heading = "date,agency,activity,amount,evidence"
    numbers = ["số 12/BB-UBND", "613/QĐ-UBND", "Công văn 581/BNV-CCHC ngày 12/3/2024", "Số: 05/2024/QĐ-UBND"]
    file = write(small, "a.csv", f'{DAY},ea-drong,A.4,1,"{"; ".join(numbers)}"', heading=heading)
    assert counts(small, file) == (1, 0, 0, 0)
    assert records(small)[0]["evidence"] == numbers
    assert counts(small, file) == (0, 0, 1, 0)


def test_history_can_be_loaded_again(small: Program) -> None:
    """Voided rows are passed over, every other row is unchanged; in another database the records are made anew."""
    (small.home / "x.txt").write_text("biên bản", "utf-8")
    for amount in (1, 2, 3):
        small.ok(
            "log", "A.4", amount, "--agency", "ea-drong", "--date", DAY, "--title", "=1+1", "--note", "a\nb"
        )
    small.ok("amend", 1, "--evidence", small.home / "x.txt", "--reason", "bổ sung")
    small.ok("void", 2, "--reason", "nhầm")
    counts(small, write(small, "named.csv", row(title="Tin", id_="X")))
    kept = small.home / "kept.csv"
    kept.write_text(small.ok("history", "-f", "csv").out, "utf-8")
    assert counts(small, kept) == (0, 0, 3, 0)
    # The evidence of a new record, named as `history` names it, must be stored already.
    text = kept.read_text("utf-8")
    moved = small.home / "moved.csv"
    moved.write_text(text.replace(DAY, "2024-02-11").replace(",X,", ",Y,"), "utf-8")
    assert counts(small, moved) == (3, 0, 0, 0)
    digest = text.partition("sha256:")[2][:64]
    moved.write_text(text.replace(DAY, "2024-02-12").replace(",X,", ",Z,").replace(digest, "0" * 64), "utf-8")
    (found,) = faults(small, moved)
    assert (found["column"], "x.txt" in found["message"]) == ("evidence", True)
    small.ok("verify")


def test_dry_run_shows_how_each_row_was_read(small: Program) -> None:
    counts(small, write(small, "a.csv", row(title="Tin")))
    file = write(small, "b.csv", row(title="Tin"), row("Xã Ea Drông", 2.5, "Khác", "X"))
    done = answer(small, file, options=("--dry-run",))
    assert done["rows"] == [
        {
            "file": "b.csv",
            "row": number,
            "result": result,
            "no": no,
            "agency": "ea-drong",
            "activity": "A.4",
            "date": DAY,
            "amount": amount,
            "form": None,
            "repeat": False,
            "title": title,
            "external_id": id_,
            "doubts": [],
        }
        for number, result, no, amount, title, id_ in (
            (2, "unchanged", 1, 1, "Tin", None),
            (3, "created", None, 2.5, "Khác", "X"),
        )
    ]
    listed = small.ok("log", "--file", file, "--dry-run", "-f", "csv").out.splitlines()
    assert listed[0].startswith("file,row,result,no,agency,activity,date,amount")
    assert listed[2].startswith(f"b.csv,3,created,,ea-drong,A.4,{DAY},2.5")
    assert "rows" not in answer(small, file)


def test_agencies_that_owe_nothing_are_pointed_out(small: Program) -> None:
    """They may have been mistaken for others; in a dry run and in the real one."""
    file = write(
        small,
        "a.csv",
        row("so-noi-vu", 15, "Tin", "", "radio-column"),
        row("dai-buon-ho", 15, "", "", "radio-column"),
    )
    for options in (("--dry-run",), ()):
        done = answer(small, file, options=options)
        assert done["owes_nothing"] == [
            {"file": "a.csv", "row": 2, "agency": "so-noi-vu", "activity": "A.1", "rows": 1}
        ]
    assert "owes nothing" in small.ok("log", "--file", file, "--dry-run").err


def test_a_record_that_was_moved_to_another_agency_loads_again(small: Program) -> None:
    """`history` writes it with its id; there it may stand beside a record of that agency with the same id."""
    file = write(
        small, "a.csv", row("ea-drong", 1, "a", "X1"), row("ea-drong", 1, "b"), row("buon-ho", 1, "c", "X1")
    )
    counts(small, file)
    for no in (1, 2):
        small.ok("amend", no, "--agency", "buon-ho", "--reason", "nhầm cơ quan")
    kept = small.home / "kept.csv"
    kept.write_text(small.ok("history", "-f", "csv").out, "utf-8")
    assert counts(small, kept) == (0, 0, 3, 0)
    assert counts(small, file) == (0, 0, 1, 2)


def test_what_is_recorded_is_not_judged_by_a_later_plan(small: Program, tmp_path: Path) -> None:
    """A row that is recorded is unchanged, whatever forms, amounts or days the plan allows by now; a new one is refused."""
    heading = "date,agency,activity,amount,title,form"
    file = write(small, "a.csv", f"{DAY},dai-buon-ho,A.1,20,Tin,radio", heading=heading)
    assert counts(small, file) == (1, 0, 0, 0)
    small.ok(
        "import",
        write_plan(
            tmp_path, ("forms: [radio, web]", "forms: [web]"), ("forms: [radio]", "forms: [web]"), frame=FIXED
        ),
    )
    assert counts(small, file) == (0, 0, 1, 0)
    kept = small.home / "kept.csv"
    kept.write_text(small.ok("history", "-f", "csv").out, "utf-8")
    assert counts(small, kept) == (0, 0, 1, 0)
    more = write(small, "b.csv", f"{DAY},dai-buon-ho,A.1,25,Tin,radio", heading=heading)
    (found,) = faults(small, file, more)
    assert (found["file"], found["column"]) == ("b.csv", "form")


def test_a_displaced_row_is_recorded_as_it_stands(small: Program) -> None:
    """Whether the row with the id stands before or behind, the other one is recorded with what it says itself."""
    heading = "date,agency,activity,amount,evidence,external_id"
    proof = small.home / "a.jpg"
    for number, order in enumerate((("", "X"), ("X", ""))):
        day = f"2024-02-1{number}"
        proof.write_bytes(b"old" + bytes(number))
        lines = [f"{day},ea-drong,A.4,1,a.jpg,{id_}{number if id_ else ''}" for id_ in order]
        counts(small, write(small, "first.csv", next(one for one in lines if "X" in one), heading=heading))
        proof.write_bytes(b"new" + bytes(number))
        assert counts(small, write(small, "both.csv", *lines, heading=heading)) == (1, 0, 1, 0)
    digests = [one["evidence"][0].partition("sha256:")[2][:8] for one in records(small)]
    assert len(set(digests)) == 4
    small.ok("verify")


def test_files_of_one_name_are_told_apart(small: Program) -> None:
    for folder in ("x", "y"):
        (small.home / folder).mkdir()
    x, y = (write(small, f"{folder}/a.csv", row(amount=n, id_="X")) for n, folder in enumerate("xy", 1))
    found = faults(small, x, y)
    assert [one["file"] for one in found] == [str(x), str(y)]
    assert str(y) in found[0]["message"]


def test_a_column_to_ignore_need_not_be_in_every_file(small: Program) -> None:
    extra = write(small, "a.csv", f"{DAY},ea-drong,A.4,1,tốt", heading="date,agency,activity,amount,Nhận xét")
    plain = write(small, "b.csv", row(amount=2))
    assert counts(small, extra, plain, options=("--ignore", "Nhận xét")) == (2, 0, 0, 0)
    assert "Nhận xét" in small.fails(2, "log", "--file", plain, "--ignore", "Nhận xét")


@pytest.mark.parametrize("options", [("--file", ""), ("--file", "{file}", "-f", "csv")])
def test_a_command_that_cannot_be_meant_records_nothing(small: Program, options: tuple[str, ...]) -> None:
    """An unset variable for the file; CSV without a dry run."""
    file = write(small, "a.csv", row())
    small.fails(2, "log", *(one.format(file=file) for one in options))
    assert records(small) == []


def test_rows_of_which_only_some_cells_are_missing_are_never_left_out(small: Program) -> None:
    """With --agency too, and at the end of the table: they are records with faults."""
    heading = "date,activity,amount,title"
    days = ("Thứ hai, ngày 12 tháng 2 năm 2024", "13/2/2024", "Thứ tư, ngày 14 tháng 2 năm 2024")
    titles = ("Tổng hợp ý kiến", "Bài khác", "Giám đốc Sở trả lời")
    lines = [f'"{day}",A.4,1,{title}' for day, title in zip(days, titles, strict=True)]
    whole = write(small, "a.csv", *lines, heading=heading)
    assert counts(small, whole, options=("--agency", "so-noi-vu")) == (3, 0, 0, 0)
    missing = write(small, "b.csv", lines[0], ",A.4,1,Tổng hợp", heading=heading)
    assert [one["row"] for one in faults(small, missing, options=("--agency", "so-noi-vu"))] == [3]
    grouped = write(small, "c.csv", row(title="a"), ",,,1,b,", ",,,2,c,")
    assert {one["row"] for one in faults(small, grouped)} == {3, 4}
    footers = ('"Đắk Lắk, ngày 31 tháng 3 năm 2024",,,,,', "* Ghi chú: số liệu tính đến 31/3,,,,,")
    for number, footer in enumerate(footers):
        done = answer(small, write(small, f"d{number}.csv", row(title=f"d{number}"), footer))
        assert (done["created"], len(done["notes"])) == (1, 1)
