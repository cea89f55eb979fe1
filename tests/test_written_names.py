"""Names as people write them, over all agencies of the bundled plan: abbreviated, in full, qualified, mistyped."""

from __future__ import annotations

import random
import re
import string
from functools import cache
from typing import TYPE_CHECKING

import pytest

from cchc_cli.domain.plan.name_index import NamedAgency, NameIndex
from cchc_cli.domain.plan.name_suggestions import similar_agencies
from tests.test_agency_names import PLAN, Node, key, names_of, roster, rows, unmarked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.program import Program

KINDS = {
    "thành phố": ("TP", "TP.", "tp", "T.P", "thành phố"),
    "thị xã": ("TX", "TX.", "Thị xã"),
    "huyện": ("H.", "h", "HUYỆN"),
    "phường": ("P.", "p", "Phường"),
    "thị trấn": ("TT", "TT.", "thị trấn"),
    "xã": ("x.", "X", "xã"),
}
UNIT = re.compile(rf"^(UBND|Đài Truyền thanh và Truyền hình) ({'|'.join(KINDS)}) (.+)$")
OFFICES = {
    "UBND": ("UBND ", "Ủy ban nhân dân ", "Uỷ ban nhân dân ", "ỦY BAN NHÂN DÂN ", "Ủy ban ", ""),
    "Đài Truyền thanh và Truyền hình": (
        *("Đài TT-TH ", "Đài TTTH ", "Đài Truyền thanh - Truyền hình ", "Đài TT&TH ", "Đài "),
        *("Đài Truyền thanh – Truyền hình ", "Đài Truyền thanh "),
    ),
}
OTHERS = {
    "so-nnptnt": ["Sở NN và PTNT", "Sở NN & PTNT", "Sở Nông nghiệp & Phát triển nông thôn", "Sở NN-PTNT"],
    "so-ldtbxh": ["Sở LĐ-TB&XH", "Sở LĐTB và XH", "Sở Lao động, Thương binh và Xã hội", "sở lđ tb xh"],
    "so-tttt": ["Sở TT và TT", "Sở TT-TT", "Sở Thông tin & Truyền thông", "Sở Thông tin Truyền thông"],
    "so-vhttdl": ["Sở VH, TT&DL", "Sở VH-TT và DL", "Sở Văn hoá, Thể thao & Du lịch"],
    "so-gddt": ["Sở GD-ĐT", "Sở GDĐT", "Sở Giáo dục - Đào tạo"],
    "so-khdt": ["Sở KH-ĐT", "Sở KH và ĐT"],
    "so-tnmt": ["Sở TN-MT", "Sở TNMT tỉnh Đắk Lắk"],
    "so-noi-vu": ["SNV", "“Sở Nội vụ”", "Sở Nội vụ tỉnh", "Sở Nội vụ tỉnh Đắk Lắk", "Sở Nội vụ, UBND tỉnh"],
    "vp-ubnd-tinh": [
        "Văn phòng Ủy ban nhân dân tỉnh",
        "VP. UBND tỉnh Đắk Lắk",
        "Văn phòng UBND tỉnh Đắk Lắk",
    ],
    "dai-ptth-tinh": ["Đài PTTH tỉnh", "Đài PT-TH tỉnh Đắk Lắk", "Đài Phát thanh & Truyền hình tỉnh"],
    "ban-ql-kcn": ["BQL các KCN tỉnh", "Ban Quản lý Khu công nghiệp tỉnh", "Ban QL KCN"],
    "ubnd-tinh": ["Ủy ban nhân dân tỉnh", "UBND tỉnh Đắk Lắk", "Tỉnh Đắk Lắk", "T. Đắk Lắk"],
    "tt-pvhcc-tinh": ["Trung tâm PVHCC tỉnh", "TTPVHCC tỉnh", "TT. Phục vụ hành chính công tỉnh"],
    "cong-ttdt-tinh": ["Cổng TTĐT tỉnh", "Cổng thông tin điện tử tỉnh Đắk Lắk"],
    "ubnd-buon-ma-thuot": ["TP.BMT", "UBND TP BMT", "Tp. Buôn Ma Thuột"],
    "ubnd-cu-mgar": ["huyện CưM'gar", "H. Cư M’gar", "“UBND huyện Cư M‘gar”", "huyen cu mgar"],
    "xa-ea-drong-cu-mgar": ["UBND xã Ea D’Rơng", "xã Ea D‘Rơng", "xã EaD'Rơng", "xã Ea Drong, H. Cư M'gar"],
    "xa-ea-drong-buon-ho": ["Ủy ban nhân dân xã Ea Drông", "x. EaDrông", "xã Ea Drong (TX Buôn Hồ)"],
}


@cache
def by_code() -> dict[str, Node]:
    return {agency["code"]: agency for agency in roster()}


@cache
def index() -> NameIndex:
    """Give the index of all names of the plan, with places in the file for keys."""
    return NameIndex(
        NamedAgency(
            number,
            one["code"],
            one["name"],
            [name for name in (one.get("short"), one.get("gso"), *one.get("aliases", ())) if name],
            one.get("parent"),
        )
        for number, one in enumerate(roster())
    )


def found(text: str) -> set[str]:
    return {roster()[number]["code"] for number in index().find(text)}


def units() -> Iterator[tuple[Node, str, str, str]]:
    """Give each committee and station with office, kind and proper name."""
    for agency in roster():
        unit = UNIT.match(agency["name"])
        if unit:
            office, kind, place = unit.groups()
            yield agency, office, kind, place


def same_name(office: str, kind: str | None, place: str) -> set[str]:
    """Give the codes of the units of one office that bear a name, diacritics and blanks left out."""
    return {
        agency["code"]
        for agency, its_office, its_kind, its_place in units()
        if its_office == office and kind in {None, its_kind} and squeezed(its_place) == squeezed(place)
    }


def squeezed(text: str) -> str:
    return key(text).replace(" ", "")


def spelled_apart(codes: set[str]) -> bool:
    return codes == {"xa-ea-drong-buon-ho", "xa-ea-drong-cu-mgar"}


def written() -> Iterator[tuple[str, set[str]]]:
    """Give every way to write the name of a unit, and the agencies that bear it."""
    for agency, office, kind, place in units():
        meant = same_name(office, kind, place)
        meant = {agency["code"]} if spelled_apart(meant) else meant
        for before in OFFICES[office]:
            for short in KINDS[kind]:
                for name in (place, place.replace(" ", ""), place.replace("'", "’")):
                    yield f"{before}{short} {name}", meant
        if office == "UBND":
            yield from ((text, {agency["code"]}) for text in qualified(agency, kind, place))
    for code, texts in OTHERS.items():
        yield from ((text, {code}) for text in texts)
    for agency in roster():
        yield f"{agency['code']} – {agency['name']}", {agency["code"]}


def qualified(agency: Node, kind: str, place: str) -> Iterator[str]:
    """Give the names of a unit with its district behind."""
    unit = UNIT.match(by_code()[agency["parent"]]["name"])
    if unit is None or unit[2] not in KINDS:
        return
    above, district = unit[2], unit[3]
    for name in (f"{kind} {place}", f"Ủy ban nhân dân {kind} {place}", place):
        for one in (above, *KINDS[above]):
            yield from (
                f"{name}, {one} {district}",
                f"{name} – {one} {district}",
                f"{name} ({one} {district})",
            )
        yield from (f"{name} ({district})", f"{name} {above} {district}")
        yield f"{name}, {above} {district}, tỉnh Đắk Lắk"


def bare() -> Iterator[tuple[str, set[str]]]:
    """Give the proper names without office and kind, and all committees that bear them."""
    for _, office, _, place in units():
        if office == "UBND":
            yield unmarked(place), same_name("UBND", None, place)
            yield f"UBND {unmarked(place)}", same_name("UBND", None, place)


def test_every_way_to_write_a_name_means_who_bears_it() -> None:
    assert {code for _, codes in written() for code in codes} == set(by_code())
    wrong = {text: (found(text), meant) for text, meant in written() if found(text) != meant}
    assert not wrong


def test_what_two_can_mean_names_both() -> None:
    every = dict(bare())
    several = {text for text, meant in every.items() if len(meant) > 1}
    assert {"Ea Kar", "UBND Ea Kar", "Tan Tien", "Thong Nhat", "Ea Tam", "Krong Buk", "Ea Drong"} <= several
    assert {text: found(text) for text in every} == every


def test_nobody_is_meant_by_office_or_kind_alone() -> None:
    for text in (
        "UBND",
        "Ủy ban nhân dân",
        "xã",
        "UBND xã",
        "Phường",
        "P.",
        "H",
        "Đài",
        "Đài huyện",
        "TT",
        "",
        "–",
    ):
        assert not found(text), text
    assert found("UBND tỉnh") == {"ubnd-tinh"}


def test_a_wrong_place_behind_a_name_is_refused_with_the_name() -> None:
    for text in ("xã Ea Kao, huyện Ea Kar", "xã Ea Kao (Buôn Hồ)", "UBND huyện Buôn Hồ"):
        assert not found(text)
    assert similar("xã Ea Kao, huyện Ea Kar") == {"xa-ea-kao"}
    assert similar("UBND huyện Buôn Hồ") == {"ubnd-buon-ho"}
    assert similar("Đài PTTH huyện Ea Ka") == {"dai-ea-kar"}


def similar(text: str) -> set[str]:
    return {roster()[number]["code"] for number in similar_agencies(index(), text)}


def mistyped(text: str, chance: random.Random) -> str:
    """Delete, replace or swap one letter."""
    place = chance.choice([place for place, letter in enumerate(text) if letter.isalpha()])
    before, letter, after = text[:place], text[place], text[place + 1 :]
    match chance.choice("drs"):
        case "d":
            return before + after
        case "r":
            return before + chance.choice(string.ascii_lowercase) + after
        case _:
            return before + after[:1] + letter + after[1:]


def is_name(text: str) -> bool:
    """Tell whether a text is a name too, perhaps of another agency."""
    return squeezed(text) in every_name()


@cache
def every_name() -> set[str]:
    """Give each way to write a name of any agency, squeezed."""
    names = {squeezed(text) for text, _ in (*written(), *bare())}
    return names | {squeezed(name) for agency in roster() for name in names_of(agency)}


@pytest.mark.parametrize("seed", range(2))
def test_a_letter_mistyped_gets_the_right_suggestion_or_none(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    texts = [(agency["code"], agency["name"]) for agency in roster()]
    others = [(next(iter(meant)), text) for text, meant in written() if len(meant) == 1]
    answered = 0
    for code, text in [*texts, *chance.sample(others, 300)]:
        typed = mistyped(text, chance)
        meant = found(typed)
        if code in meant or is_name(typed):
            continue
        suggested = meant or similar(typed)
        assert not meant or len(meant) > 1, (text, typed, meant)
        assert not suggested or code in suggested, (text, typed, suggested)
        answered += bool(suggested)
    assert answered > 300


# Through the program


def sample() -> list[tuple[str, set[str]]]:
    """Give each of the other names and every 80th way to write one."""
    every = list(written())
    listed = [(text, {code}) for code, texts in OTHERS.items() for text in texts]
    return [*listed, *every[::80], *list(bare())[::20]]


def test_the_program_finds_what_the_rules_find(cchc_on: Program, tmp_path: Path) -> None:
    cchc_on.ok("import", PLAN)
    every = dict(sample())
    plain = {text: next(iter(meant)) for text, meant in every.items() if len(meant) == 1}
    several = {text: meant for text, meant in every.items() if len(meant) > 1}
    assert len(plain) > 100
    plain |= {f"“{agency['code']}”": agency["code"] for agency in roster()[::20]}
    assert several
    cchc_on.ok("log", "--file", rows(tmp_path, list(plain)))
    recorded = cchc_on.ok("history", "-f", "json").json["executions"]
    assert {one["title"]: one["agency"] for one in recorded} == plain
    answer = cchc_on.run("log", "--file", rows(tmp_path, list(several)), "-f", "json")
    for error in answer.json["errors"]:
        text = list(several)[error["row"] - 2]
        assert set(re.findall(r"(?:can mean |, )([a-z0-9-]+) – ", error["message"])) == several[text], text


def test_the_program_suggests_who_can_be_meant(cchc_on: Program) -> None:
    cchc_on.ok("import", PLAN)
    for text, suggested in {
        "UBND xã Ea Koa": "xa-ea-kao – UBND xã Ea Kao",
        "UBN xã Ea Kao": "xa-ea-kao – UBND xã Ea Kao",
        "xa-ea-koa": "xa-ea-kao – UBND xã Ea Kao",
        "Sở Nội v": "so-noi-vu – Sở Nội vụ",
        "xã Ea Kao, huyện Lắk": "xa-ea-kao – UBND xã Ea Kao",
    }.items():
        assert f"did you mean {suggested}?" in cchc_on.fails(2, "status", "--agency", text)


FORMS = {
    "facebook": "social",
    "Fanpage": "social",
    "nhóm Zalo": "social",
    "“mạng xã hội”": "social",
    "hội nghị": "meeting",
    "họp": "meeting",
    "loa truyền thanh": "loudspeaker-station",
    "xe loa": "loudspeaker-van",
    "tờ rơi": "flyer",
    "Website": "website",
    "trang thông tin điện tử": "website",
    "pano": "pano",
    "băng-rôn": "banner",
    "Báo điện tử": "e-newspaper",
    "tập huấn": "training",
    "hội thi": "contest",
    "SOCIAL": "social",
}
SEVERAL_FORMS = {
    "cổng thông tin điện tử": ("portal", "website"),
    "loa": ("loudspeaker-station", "loudspeaker-van"),
    "báo": ("newspaper", "e-newspaper", "speaker"),
}


def test_forms_are_found_by_their_usual_names(cchc_on: Program) -> None:
    cchc_on.ok("import", PLAN)
    log = ("log", "III.2.a", "--agency", "so-noi-vu", "--date", "2024-03-01", "-f", "json", "--form")
    for text, code in FORMS.items():
        assert cchc_on.ok(*log, text).json["executions"][0]["form"] == code, text
    for text, codes in SEVERAL_FORMS.items():
        said = cchc_on.fails(2, *log, text)
        assert all(f"{code} (" in said for code in codes), said
        assert "can mean" in said


ACTIVITIES = {
    "III.4.b – Chuyên mục …": "III.4.b",
    "III.4.b. Chuyên mục “Tuyên truyền CCHC” trên sóng phát thanh": "III.4.b",
    "iii.4.b Chuyên mục": "III.4.b",
    "III.4b": "III.4.b",
    "lắp đặt pa nô": "III.3.a",
    "Lap dat pano": "III.3.a",
    "“pano”": "III.3.a",
    "Dân hỏi chương trình trả lời": "III.2.b",
}


def test_activities_are_found_by_code_and_title_and_by_words_of_the_title(cchc_on: Program) -> None:
    cchc_on.ok("import", PLAN)
    log = ("--agency", "so-noi-vu", "--date", "2024-03-01", "-f", "json")
    for text, code in ACTIVITIES.items():
        recorded = cchc_on.ok("log", text, "1", *log).json["executions"]
        assert [one["activity"] for one in recorded] == [code], text
    said = cchc_on.fails(2, "log", "chuyên mục", "1", *log)
    assert "can mean III.2.c. " in said
    assert ", III.4.b. " in said
    for text in ("III.4.b pa nô", "chuyên mục pa nô", "III.4.b.2"):
        assert "has no activity" in cchc_on.fails(2, "log", text, "1", *log)
