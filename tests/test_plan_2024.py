"""`data/plan_2024.yaml` against the plan as published and the lists of units, read with PyYAML alone."""

import csv
import re
import unicodedata
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

Node = dict[str, Any]

PLAN = Path(__file__).parent.parent / "data" / "plan_2024.yaml"
SOURCE = Path(__file__).parent / "data" / "source"

CODE = re.compile(r"[A-Za-z0-9.-]+")
MARKER = re.compile(r"^(?:[IVX]+\.|\d\.|[a-e]\)|[-+]) ")
LABEL = re.compile(r"^(?:Thời gian thực hiện|Cách thức thực hiện):\s*")

ALL_THREE = ["so-ban-nganh", "huyen", "xa"]
DISTRICT_LEVEL = "UBND các huyện, thị xã, thành phố"
EVERYBODY = f"Các sở, ban, ngành; {DISTRICT_LEVEL}; UBND các xã, phường, thị trấn."
STATIONS_LED = [
    ("lead", "Cơ quan chủ trì: Sở Thông tin và Truyền thông.", ["so-tttt"]),
    ("coordinate", f"Cơ quan phối hợp: {DISTRICT_LEVEL}.", ["huyen"]),
]
# activity -> (role, the words of the plan that give it, who that is)
ROLES: dict[str, list[tuple[str, str, list[str]]]] = {
    **{
        f"III.1.{letter}": [
            ("lead", f"Chủ trì thực hiện: {EVERYBODY}", ALL_THREE),
            ("perform", f"Chủ trì thực hiện: {EVERYBODY}", ALL_THREE),
        ]
        for letter in "abc"
    },
    "III.2.a": [
        (
            "perform",
            f"thực hiện: Cổng Thông tin điện tử tỉnh; các sở, ban, ngành, {DISTRICT_LEVEL}; UBND các xã,",
            ["cong-ttdt-tinh", *ALL_THREE],
        ),
    ],
    "III.2.b": [
        ("lead", "Cơ quan chủ trì: Đài Phát thanh và Truyền hình tỉnh.", ["dai-ptth-tinh"]),
        (
            "coordinate",
            "Cơ quan phối hợp: Sở Nội vụ, Báo Đắk Lắk và các cơ quan, đơn vị có liên quan.",
            ["so-noi-vu", "bao-dak-lak"],
        ),
    ],
    "III.2.b.2": [
        ("lead", "Cơ quan chủ trì: Đài Phát thanh và Truyền hình tỉnh.", ["dai-ptth-tinh"]),
        (
            "perform",
            "Thủ trưởng các sở, ban, ngành, Chủ tịch UBND các huyện, thị xã, thành phố chuẩn bị nội dung",
            ["so-ban-nganh", "huyen"],
        ),
    ],
    "III.2.c": [
        ("lead", "Cơ quan chủ trì: Văn phòng UBND tỉnh.", ["vp-ubnd-tinh"]),
        ("coordinate", f"Cơ quan phối hợp: Các sở, ban, ngành, {DISTRICT_LEVEL}.", ["so-ban-nganh", "huyen"]),
    ],
    "III.2.d": [
        ("lead", "Cơ quan chủ trì: Báo Đắk Lắk.", ["bao-dak-lak"]),
        ("coordinate", "Cơ quan phối hợp: Sở Nội vụ và các cơ quan, đơn vị có liên quan.", ["so-noi-vu"]),
    ],
    "III.2.e": [
        ("lead", "Cơ quan chủ trì: Trung tâm Giám sát, điều hành đô thị thông minh tỉnh.", ["ioc"]),
        ("coordinate", f"Cơ quan phối hợp: Các sở, ban, ngành, {DISTRICT_LEVEL}.", ["so-ban-nganh", "huyen"]),
    ],
    "III.3.a": [("perform", f"Cơ quan thực hiện: {EVERYBODY}", ALL_THREE)],
    "III.3.b": [("perform", f"Cơ quan thực hiện: {EVERYBODY}", ALL_THREE)],
    "III.4.a": STATIONS_LED,
    "III.4.b": [*STATIONS_LED, ("perform", "Đài Truyền thanh - Truyền hình các huyện", ["dai-huyen"])],
    "III.4.c": [*STATIONS_LED, ("perform", "Đài truyền thanh các xã, phường, thị trấn", ["xa"])],
}
OWED_BY = {
    **{f"III.1.{letter}": ALL_THREE for letter in "abc"},
    "III.2.a": ["cong-ttdt-tinh", *ALL_THREE],
    "III.2.b": ["dai-ptth-tinh"],
    "III.2.b.2": None,
    "III.2.c": ["vp-ubnd-tinh"],
    "III.2.d": ["bao-dak-lak"],
    "III.2.e": ["ioc"],
    "III.3.a": ALL_THREE,
    "III.3.b": ALL_THREE,
    "III.4.a": ["so-tttt"],
    "III.4.b": ["dai-huyen"],
    "III.4.c": None,
}
# what differs between the notes of interpreted requirements: by measure
NOTE = (
    "Diễn giải do người lập tệp kế hoạch quyết định, để đơn vị theo dõi dùng; không phải lời của kế hoạch. "
    "Kế hoạch ghi “Thường xuyên”, không nêu số lượng. "
    "Quy tắc chung: lấy mức nhẹ nhất mà một kỳ rà soát theo quý kiểm tra được, ở đây là {least}. "
    "Lý do: một quý không có {one} nào thì không thể gọi là thường xuyên; "
    "đòi hơn mức ấy là đặt thêm nghĩa vụ mà kế hoạch không nêu."
)
NOTES = {
    "executions": NOTE.format(least="ít nhất 01 lần thực hiện mỗi quý", one="lần"),
    "stock": NOTE.format(least="ít nhất 01 pa nô còn duy trì vào ngày cuối mỗi quý", one="pa nô"),
}
# the keys of the format, by the path they stand at; a mapping without keys here may hold none
KEYS = {
    "": "format plan reviews calendars groups agencies activities",
    "plan": "code title issuer number published effective timezone language basis goals topics forms",
    "plan.effective": "from to",
    "plan.basis": "number date issuer title",
    "plan.goals": "code text",
    "plan.topics": "code text",
    "plan.forms": "code name section",
    "reviews": "code name from to due",
    "groups": "code name kinds agencies",
    "agencies": "code name short kind parent gso aliases from to successors",
    "activities": "code alias title text schedule kind unit forms roles methods requirements",
    "activities.unit": "code name",
    "activities.roles": "lead coordinate perform",
    "activities.requirements": (
        "code owed_by measure at_least at_most per by before schedule where from to partial basis quote note"
    ),
}


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@cache
def file_text() -> str:
    return PLAN.read_text(encoding="utf-8")


@cache
def document() -> Node:
    """Every scalar as a string, as it is spelled: BaseLoader resolves no types."""
    loader = yaml.BaseLoader(file_text())
    root: Node = loader.get_single_data()
    return root


@cache
def comments() -> str:
    return folded(" ".join(re.findall(r"^ *# ?(.*)$", file_text(), re.MULTILINE)))


@cache
def paragraphs() -> tuple[str, ...]:
    """The plan's paragraphs from section I on; a line without marker or capital continues the last one."""
    text = (SOURCE / "plan_613_2024.vi.txt").read_text(encoding="utf-8")
    body = text[text.index("\nI. MỤC TIÊU") : text.rindex("613 QĐ.UBND.pdf")]
    joined: list[str] = []
    for line in folded_lines(body):
        if joined and not MARKER.match(line) and not line[0].isupper():
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return tuple(joined)


def folded_lines(text: str) -> list[str]:
    return [folded(line) for line in text.splitlines() if line.strip()]


@cache
def source() -> str:
    return folded((SOURCE / "plan_613_2024.vi.txt").read_text(encoding="utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    with (SOURCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plan() -> Node:
    node: Node = document()["plan"]
    return node


def listed(name: str) -> list[Node]:
    nodes: list[Node] = document()[name]
    return nodes


def activity(code: str) -> Node:
    return next(node for node in listed("activities") if node["code"] == code)


def agencies(kind: str) -> list[Node]:
    return [node for node in listed("agencies") if node["kind"] == kind]


def requirements() -> list[tuple[Node, Node]]:
    return [(node, requirement) for node in listed("activities") for requirement in node["requirements"]]


def own_words(node: Node) -> list[str]:
    return [node["text"], node["schedule"], *node["methods"]]


def quoted_words() -> list[str]:
    """All that the file gives as words of the plan."""
    words = [plan()["title"]]
    words += [entry["title"] for entry in plan()["basis"]]
    words += [entry["text"] for entry in (*plan()["goals"], *plan()["topics"])]
    words += [text for node in listed("activities") for text in own_words(node)]
    words += [requirement["quote"] for _, requirement in requirements() if "quote" in requirement]
    return words


def unit_name(csv_name: str) -> str:
    """`Thị xã Buôn Hồ` -> `UBND thị xã Buôn Hồ`."""
    return f"UBND {csv_name[0].lower()}{csv_name[1:]}"


def bare_name(name: str) -> str:
    """A unit's name without its type, marks, spaces and apostrophes: what two units may share."""
    bare = re.sub(r"^(?:UBND )?(?:thành phố|thị xã|thị trấn|huyện|phường|xã) ", "", name, flags=re.IGNORECASE)
    decomposed = unicodedata.normalize("NFD", bare.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if c.isalnum())


# The file as YAML


def test_the_file_uses_plain_yaml_only() -> None:
    for event in yaml.parse(file_text(), Loader=yaml.BaseLoader):
        assert not isinstance(event, yaml.AliasEvent), event.start_mark
        assert getattr(event, "anchor", None) is None, event.start_mark
        assert getattr(event, "tag", None) is None, event.start_mark


def check_keys(node: yaml.Node, path: str) -> None:
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            check_keys(child, path)
    elif isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"{path}: a key twice, {node.start_mark}"
        assert set(keys) <= set(KEYS[path].split()), f"{path}: {node.start_mark}"
        for key, child in node.value:
            check_keys(child, f"{path}.{key.value}".lstrip("."))


def test_every_key_is_one_of_the_format_and_stands_once() -> None:
    root = yaml.compose(file_text(), Loader=yaml.BaseLoader)
    assert root is not None
    check_keys(root, "")


def test_the_file_is_normalised_text() -> None:
    assert unicodedata.is_normalized("NFC", file_text())
    assert "\t" not in file_text()
    assert not re.search(r" $", file_text(), re.MULTILINE)


@pytest.mark.parametrize("name", ["reviews", "groups", "agencies", "activities"])
def test_codes_are_well_formed_and_unique(name: str) -> None:
    codes = [node["code"] for node in listed(name)]
    assert [code for code in codes if not CODE.fullmatch(code)] == []
    assert [code for code, times in Counter(codes).items() if times > 1] == []


@pytest.mark.parametrize("name", ["goals", "topics", "forms"])
def test_codes_inside_the_plan_are_well_formed_and_unique(name: str) -> None:
    codes = [node["code"] for node in plan()[name]]
    assert [code for code in codes if not CODE.fullmatch(code)] == []
    assert [code for code, times in Counter(codes).items() if times > 1] == []


def test_no_group_has_the_code_of_an_agency() -> None:
    assert not {node["code"] for node in listed("groups")} & {node["code"] for node in listed("agencies")}


def test_every_activity_has_a_second_name_of_its_own() -> None:
    aliases = [node["alias"] for node in listed("activities")]
    assert all(re.fullmatch(r"[a-z0-9-]+", alias) for alias in aliases)
    assert len(set(aliases)) == len(aliases) == len(listed("activities"))


# The words of the plan


def test_the_plan_is_identified() -> None:
    assert document()["format"] == "cchc/plan/1"
    assert {key: plan()[key] for key in ("code", "issuer", "number", "published", "effective")} == {
        "code": "daklak-2024",
        "issuer": "UBND tỉnh Đắk Lắk",
        "number": "613/QĐ-UBND",
        "published": "2024-02-26",
        "effective": {"from": "2024-01-01", "to": "2024-12-31"},
    }
    assert "Ngày đăng: 26/02/2024" in source()


@pytest.mark.parametrize("words", [pytest.param(words, id=words[:40]) for words in quoted_words()])
def test_words_given_as_the_plans_are_the_plans(words: str) -> None:
    assert words.strip()
    assert folded(words) in source()


def test_nothing_of_the_plan_was_dropped() -> None:
    """Each paragraph is a value of the file or, as a heading, a form or a line on roles, a comment."""
    held = {folded(words) for words in quoted_words()}
    # "- Cách thức thực hiện:" alone: its points follow as paragraphs
    held.add("")

    def is_held(paragraph: str) -> bool:
        words = LABEL.sub("", MARKER.sub("", paragraph))
        return words in held or words.removesuffix(".") in held or paragraph in comments()

    assert [paragraph for paragraph in paragraphs() if not is_held(paragraph)] == []


def test_every_way_of_section_three_is_the_method_of_an_activity() -> None:
    methods = {folded(method) for node in listed("activities") for method in node["methods"]}
    start = next(i for i, paragraph in enumerate(paragraphs()) if paragraph.startswith("III. "))
    ways = []
    for paragraph in paragraphs()[start:]:
        if paragraph.startswith("+ "):
            ways.append(paragraph.removeprefix("+ "))
        elif paragraph.startswith("- Cách thức thực hiện: "):
            ways.append(paragraph.removeprefix("- Cách thức thực hiện: "))
    assert len(ways) == 13
    assert [way for way in ways if way not in methods] == []


def test_every_activity_has_the_schedule_of_its_section() -> None:
    given = re.findall(r"- Thời gian thực hiện: (.+?)\. - ", source())
    sections = ["III.1", "III.2.a", "III.2.b", "III.2.c", "III.2.d", "III.2.e", "III.3", "III.4"]
    schedule = dict(zip(sections, given, strict=True))
    for node in listed("activities"):
        section = next(section for section in sections if node["code"].startswith(section))
        on_request = node["code"] == "III.2.b.2"
        assert node["schedule"] == ("khi có yêu cầu của đơn vị chủ trì" if on_request else schedule[section])


def test_every_section_is_there() -> None:
    assert [goal["code"] for goal in plan()["goals"]] == [
        *(f"I.{n}.{c}" for n in "12" for c in "abcd"),
        "I.3",
    ]
    dashes = sum(
        paragraph.startswith("- ")
        for paragraph in paragraphs_between("c) Tuyên truyền việc chỉ đạo", "2. Hình thức")
    )
    assert dashes == 15
    assert [topic["code"] for topic in plan()["topics"]] == [
        *(f"II.1.{c}" for c in "abc"),
        *(f"II.1.c.{n}" for n in range(1, dashes + 1)),
    ]
    assert {form["section"] for form in plan()["forms"]} == {f"II.2.{c}" for c in "abcde"}
    assert [node["code"] for node in listed("activities")] == list(ROLES)
    assert {node["code"][:5] for node in listed("activities")} == {"III.1", "III.2", "III.3", "III.4"}


def paragraphs_between(first: str, last: str) -> tuple[str, ...]:
    start = next(i for i, paragraph in enumerate(paragraphs()) if paragraph.startswith(first))
    end = next(i for i, paragraph in enumerate(paragraphs()) if paragraph.startswith(last))
    return paragraphs()[start:end]


def test_the_points_of_sections_one_and_two_are_in_the_plans_order() -> None:
    places = [source().index(folded(entry["text"])) for entry in (*plan()["goals"], *plan()["topics"])]
    assert places == sorted(places)


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["number"]) for entry in plan()["basis"]])
def test_a_document_the_plan_rests_on_has_the_plans_number_date_and_issuer(entry: Node) -> None:
    day = date.fromisoformat(entry["date"])
    dates = rf"ngày 0?{day.day}/0?{day.month}/{day.year}\b"
    # "18-NQ/TW, Nghị quyết số 19-NQ/TW ngày 25/10/2017 Hội nghị …": one date for two numbers
    found = re.search(rf"số {re.escape(entry['number'])}(?:, Nghị quyết số \S+)? {dates}(.{{60}})", source())
    assert found
    assert entry["issuer"] in found[1]


def test_every_dated_document_of_the_plan_is_in_its_basis() -> None:
    named = set(re.findall(r"số (\d\S*?)(?=,? (?:ngày|Nghị quyết số) )", source()))
    assert named == {entry["number"] for entry in plan()["basis"]}
    assert len(plan()["basis"]) == len(named)


# Duties


@pytest.mark.parametrize("code", list(ROLES))
def test_roles_are_the_plans(code: str) -> None:
    assert all(words in source() for _, words, _ in ROLES[code])
    assert activity(code)["roles"] == {role: who for role, _, who in ROLES[code]}


@pytest.mark.parametrize("code", list(OWED_BY))
def test_who_does_the_work_owes_it(code: str) -> None:
    owed = [requirement["owed_by"] for requirement in activity(code)["requirements"]]
    assert owed == ([] if OWED_BY[code] is None else [OWED_BY[code]])
    roles = activity(code)["roles"]
    doers = roles.get("perform", roles.get("lead"))
    assert all(owners == doers for owners in owed)


def test_codes_named_by_activities_exist() -> None:
    who = {node["code"] for node in (*listed("groups"), *listed("agencies"))}
    forms = {form["code"] for form in plan()["forms"]}
    for node in listed("activities"):
        assert {code for codes in node["roles"].values() for code in codes} <= who
        assert {code for requirement in node["requirements"] for code in requirement["owed_by"]} <= who
        assert set(node.get("forms", ())) <= forms


def test_every_group_has_members() -> None:
    sizes = {
        group["code"]: sum(agency["kind"] in group["kinds"] for agency in listed("agencies"))
        for group in listed("groups")
    }
    assert sizes == {"so-ban-nganh": 20, "huyen": 15, "xa": 184, "dai-huyen": 15}


def test_two_duties_are_stated() -> None:
    stated = {
        (node["alias"], requirement["code"]): {
            key: requirement[key] for key in ("owed_by", "measure", "at_least", "per", "quote")
        }
        for node, requirement in requirements()
        if requirement["basis"] == "stated"
    }
    assert stated == {
        ("dan-hoi", "monthly"): {
            "owed_by": ["dai-ptth-tinh"],
            "measure": "executions",
            "at_least": "1",
            "per": "month",
            "quote": "Hàng tháng trong năm",
        },
        ("radio-column", "minutes"): {
            "owed_by": ["dai-huyen"],
            "measure": "amount",
            "at_least": "15",
            "per": "month",
            "quote": "thời lượng mỗi tháng ít nhất 15 phút",
        },
    }
    assert activity("III.4.b")["unit"] == {"code": "minute", "name": "phút"}
    assert activity("III.4.b")["forms"] == ["radio"]


def test_a_quote_stands_in_its_own_activity() -> None:
    for node, requirement in requirements():
        if requirement["basis"] == "stated":
            assert any(folded(requirement["quote"]) in folded(words) for words in own_words(node))


def test_every_other_duty_is_the_weakest_reading_of_thuong_xuyen() -> None:
    interpreted = [
        (node, requirement) for node, requirement in requirements() if requirement["basis"] != "stated"
    ]
    assert len(interpreted) == 10
    for node, requirement in interpreted:
        assert requirement["basis"] == "interpreted"
        assert node["schedule"].startswith("Thường xuyên")
        assert (requirement["at_least"], requirement["per"]) == ("1", "quarter")
        assert requirement["measure"] == ("stock" if node.get("kind") == "stock" else "executions")
        assert folded(requirement["note"]) == NOTES[requirement["measure"]]
    assert [node["code"] for node in listed("activities") if node.get("kind") == "stock"] == ["III.3.a"]


def test_reviews_are_those_of_letter_581_and_one_that_is_marked_as_interpreted() -> None:
    *of_the_letter, last = listed("reviews")
    assert [tuple(review[key] for key in ("code", "from", "to", "due")) for review in of_the_letter] == [
        ("Q1", "2023-12-15", "2024-03-14", "2024-03-20"),
        ("H1", "2023-12-15", "2024-06-14", "2024-06-20"),
        ("Q3", "2024-06-15", "2024-09-14", "2024-09-20"),
        ("Y", "2023-12-15", "2024-12-14", "2024-12-20"),
    ]
    name = "Báo cáo cả năm, chốt đến hết ngày 31/12"
    assert last == {"code": "CN", "name": name, "from": "2024-01-01", "to": "2024-12-31"}
    lines = file_text().splitlines()
    place = next(number for number, line in enumerate(lines) if "code: CN," in line)
    assert lines[place - 3].startswith("  # interpreted, not of the letter: ")


# The roster


@pytest.mark.parametrize(("kind", "count"), [("district", 15), ("commune", 184)])
def test_units_are_those_of_the_list(kind: str, count: int) -> None:
    code_of = {node["code"]: node["gso"] for node in agencies("district")} | {"ubnd-tinh": "66"}
    held = [(node["gso"], node["name"], code_of[node["parent"]]) for node in agencies(kind)]
    expected = [
        (row["code"], unit_name(row["name"]), row["parent_code"])
        for row in rows("daklak_units_2024.csv")
        if row["level"] == kind
    ]
    assert len(held) == count
    assert sorted(held) == sorted(expected)


def test_every_unit_can_be_named_as_the_list_names_it() -> None:
    names = {row["code"]: row["name"] for row in rows("daklak_units_2024.csv")}
    units = [*agencies("district"), *agencies("commune")]
    shared = Counter(names[node["gso"]] for node in units)
    assert [name for name, times in shared.items() if times > 1] == ["Phường Thống Nhất"]
    for node in units:
        name = names[node["gso"]]
        assert (name in node.get("aliases", ())) == (shared[name] == 1)


def test_no_alias_is_the_bare_name_of_another_unit() -> None:
    bare: dict[str, set[str]] = {}
    for node in (*agencies("district"), *agencies("commune")):
        bare.setdefault(bare_name(node["name"]), set()).add(node["code"])
    assert bare["eakar"] == {"ubnd-ea-kar", "tt-ea-kar"}
    for node in listed("agencies"):
        for name in (*node.get("aliases", ()), *filter(None, [node.get("short")])):
            decomposed = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
            key = "".join(c for c in decomposed if c.isalnum())
            assert bare.get(key, set()) <= {node["code"]}, name


def test_every_district_has_its_station() -> None:
    stations = {node["parent"]: node for node in agencies("station")}
    assert len(stations) == len(agencies("station")) == 15
    for district in agencies("district"):
        station = stations[district["code"]]
        where = district["name"].removeprefix("UBND ")
        assert station["name"] == f"Đài Truyền thanh và Truyền hình {where}"
        assert f"Đài Truyền thanh - Truyền hình {where}" in station["aliases"]
        assert station["code"].removeprefix("dai-") == district["code"].removeprefix("ubnd-")


def test_four_units_cease_and_name_who_follows() -> None:
    followers: dict[str, set[str]] = {}
    later_code: dict[str, str] = {}
    for row in rows("daklak_succession_2024.csv"):
        assert row["effective"] == "2024-11-01"
        if row["relation"] == "recoded":
            later_code[row["new_code"]] = row["old_code"]
        else:
            followers.setdefault(row["old_code"], set()).add(row["new_code"])
    gso_of = {node["code"]: node["gso"] for node in agencies("commune")}
    # the list names those who follow by their code after the change; the file has the codes of early 2024
    expected = {old: {later_code.get(new, new) for new in new_codes} for old, new_codes in followers.items()}
    ceasing = [node for node in listed("agencies") if "to" in node or "successors" in node]
    assert len(ceasing) == 4
    assert {node["gso"]: {gso_of[code] for code in node["successors"]} for node in ceasing} == expected
    assert {node["to"] for node in ceasing} == {"2024-10-31"}


def test_names_that_fold_together_are_qualified_by_their_parent() -> None:
    communes = agencies("commune")
    sharing = Counter(bare_name(node["name"]) for node in communes)
    district_of = {bare_name(node["name"]): node["code"] for node in agencies("district")}
    qualified = []
    for node in communes:
        bare = bare_name(node["name"])
        suffix = node["parent"].removeprefix("ubnd-").replace("buon-ma-thuot", "bmt")
        collides = sharing[bare] > 1 or district_of.get(bare, node["parent"]) != node["parent"]
        qualified += [node["code"]] if collides else []
        assert node["code"].endswith(f"-{suffix}") or not collides
        prefix = {"xã": "xa", "phường": "phuong", "thị": "tt"}[node["name"].split()[1]]
        assert bare_name(node["code"]).startswith(f"{prefix}{bare}")
    assert {
        "xa-ea-drong-buon-ho",
        "xa-ea-drong-cu-mgar",
        "phuong-thong-nhat-bmt",
        "phuong-thong-nhat-buon-ho",
    } <= set(qualified)
    assert len(qualified) == 13


def test_departments_and_media_are_those_of_the_list() -> None:
    kinds = {"so": "department", "ban": "department", "media": "media", "public unit": "center"}
    expected = {
        (row["name"].removesuffix(" (IOC)"), kinds[row["kind"]])
        for row in rows("daklak_agencies_2024.csv")
        if row["kind"] in kinds
    }
    held = [(node["name"], node["kind"]) for kind in set(kinds.values()) for node in agencies(kind)]
    assert len(held) == len(set(held))
    assert set(held) == expected


def test_what_rests_on_memory_alone_is_marked() -> None:
    memory = {row["name"] for row in rows("daklak_agencies_2024.csv") if row["support"] == "memory only"}
    assert memory
    marked = re.findall(r"^ *# memory only: .+\n *- \{code: ([a-z0-9.-]+),", file_text(), re.MULTILINE)
    names = {node["code"]: node["name"] for node in listed("agencies")}
    assert sorted(names[code] for code in marked) == sorted(memory)


def test_parents_exist_and_lead_to_the_province() -> None:
    parent = {node["code"]: node.get("parent") for node in listed("agencies")}
    for node in listed("agencies"):
        code, seen = node["code"], set[str]()
        while parent[code] is not None:
            assert code not in seen
            seen.add(code)
            code = parent[code]
        # the newspaper is an organ of the Party committee
        assert code == ("bao-dak-lak" if node["code"] == "bao-dak-lak" else "ubnd-tinh")


def test_the_notice_of_the_roster_is_there() -> None:
    for words in (
        "ThangLeQuoc/vietnamese-provinces-database",
        "Copyright (c) 2021 Thang Le Quoc",
        "The above copyright notice and this permission notice shall be included",
        "1193/NQ-UBTVQH15",
        "1660/NQ-UBTVQH15",
        "581/BNV-CCHC",
    ):
        assert words in comments()
