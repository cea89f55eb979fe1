"""Candidates for a typed name, and qualifiers of agencies with the same name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.language.text import fold, is_spelling
from cchc_cli.domain.plan.agency_names import with_qualifiers
from cchc_cli.domain.plan.model import Agency
from cchc_cli.domain.plan.name_index import NamedAgency, NameIndex, ambiguous_aliases


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Krong Buk", "Krông Búk"),
        ("Krông Buk", "krông búk"),
        ("KRÔNG BÚK", "Krông Búk"),
        ("Tân Hòa", "Tân Hoà"),
        ("Dak Lak", "Đắk Lắk"),
        ("Đắk Lắk", "Đắk Lắk"),
        ("Ðắk Lắk", "Đắk Lắk"),
        ("Ea Hleo", "Ea H'leo"),
        ("Ea H’leo", "Ea H'leo"),
        ("D\u0061\u0306\u0301k", "dắk"),
    ],
)
def test_a_spelling_may_leave_marks_off_and_move_a_tone(text: str, name: str) -> None:
    assert is_spelling(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Krông Búk", "Krông Buk"),
        ("Ea Drông", "Ea D'Rơng"),
        ("Ea D'Rơng", "Ea Drông"),
        ("Ea D'rông", "Ea Drông"),
        ("Đak", "Dak"),
        ("Tán Hoa", "Tân Hoà"),
    ],
)
def test_a_spelling_has_no_mark_that_the_name_has_not(text: str, name: str) -> None:
    assert fold(text) == fold(name)
    assert not is_spelling(text, name)


def _meant(text: str, *agencies: tuple[str, ...]) -> list[int]:
    """Find among agencies, each with its official name and aliases."""
    return NameIndex(
        NamedAgency(number, f"agency-{number}", official, aliases, None)
        for number, (official, *aliases) in enumerate(agencies)
    ).find(text)


@pytest.mark.parametrize(
    ("text", "agencies", "found"),
    [
        ("Ea Kar", [("UBND huyện Ea Kar", "Ea Kar"), ("UBND thị trấn Ea Kar",)], [0, 1]),
        ("ea kar", [("UBND huyện Ea Kar", "Ea Kar"), ("UBND thị trấn Ea Kar",)], [0, 1]),
        ("Huyện Ea Kar", [("UBND huyện Ea Kar",), ("UBND thị trấn Ea Kar",)], [0]),
        ("Ea Kar", [("Ea Kar",), ("Thị trấn Ea Kar",)], [0]),
        ("ea kar", [("Êa Kar",), ("Thị trấn Ea Kar",)], [0]),
        ("Ea Kar", [("Êa Kar",), ("Thị trấn Ea Kar", "Ea Kar")], [0, 1]),
        ("Ea Kar", [("Ea Kar",), ("Thị trấn Ea Kar", "Ea Kar")], [0, 1]),
        ("Xã Ea Hiu", [("Xã Ea Hiu",), ("Xã Ea Hiú",)], [0]),
        ("xa ea hiu", [("Xã Ea Hiu",), ("Xã Ea Hiú",)], [0, 1]),
        ("Ea Hiu", [("Xã Ea Hiu",), ("Xã Ea Hiú",)], [0, 1]),
        ("Ea Hiú", [("Xã Ea Hiu",), ("Xã Ea Hiú",)], [1]),
        ("Ea Hiù", [("Xã Ea Hiu",), ("Xã Ea Hiú",)], []),
        ("Buôn Hồ", [("UBND thị xã Buôn Hồ", "Buôn Hồ"), ("Đài Buôn Hồ",)], [0]),
        ("Đài", [], []),
    ],
)
def test_what_is_typed_means(text: str, agencies: list[tuple[str, ...]], found: list[int]) -> None:
    assert _meant(text, *agencies) == found


WARD = Agency("a", "Phường Mới", "ward", parent="p")
P, Q = Agency("p", "Huyện P", "district", short="P"), Agency("q", "Huyện Q", "district")


def _shown(*agencies: Agency) -> list[str]:
    return [agency.shown for agency in with_qualifiers(agencies)]


def test_a_name_of_its_own_is_shown_as_it_is() -> None:
    assert _shown(P, Q, WARD) == ["Huyện P", "Huyện Q", "Phường Mới"]


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        (WARD._replace(code="b", parent="q"), ["Phường Mới (P)", "Phường Mới (Huyện Q)"]),
        (WARD._replace(code="b", parent="q", name="phường MƠI"), ["Phường Mới (P)", "phường MƠI (Huyện Q)"]),
        (WARD._replace(code="b", parent=None), ["Phường Mới (P)", "Phường Mới (b)"]),
        (WARD._replace(code="b"), ["Phường Mới (a)", "Phường Mới (b)"]),
        (WARD._replace(code="b", name="Xã B", short="Phường Mới"), ["Phường Mới (a)", "Xã B (b)"]),
        (WARD._replace(code="b", name="Xã B", aliases=("Phường Mới",)), ["Phường Mới", "Xã B"]),
    ],
)
def test_a_shared_name_is_shown_with_what_is_above_or_else_the_code(other: Agency, shown: list[str]) -> None:
    assert _shown(P, Q, WARD, other)[2:] == shown


def test_the_short_name_is_qualified_too() -> None:
    first, second = with_qualifiers(
        [P, Q, WARD._replace(short="P. Mới"), WARD._replace(code="b", parent="q")]
    )[2:]
    assert (first.shown_short, second.shown_short) == ("P. Mới (P)", "Phường Mới (Huyện Q)")


def test_who_is_called_as_the_agency_above_it_is_told_from_it() -> None:
    below = Agency("b", "Huyện P", "district", parent="p")
    assert _shown(P, below) == ["Huyện P (p)", "Huyện P (b)"]


def test_of_three_each_is_told_from_both_others() -> None:
    others = WARD._replace(code="b"), WARD._replace(code="c", parent="q")
    assert _shown(P, Q, WARD, *others)[2:] == ["Phường Mới (a)", "Phường Mới (b)", "Phường Mới (Huyện Q)"]


_NAMES = st.sampled_from(["Xã Mới", "xa moi", "Phường Mới", "Huyện P", "P", "Q"])


@given(
    st.lists(
        st.builds(
            Agency,
            code=st.uuids().map(str),
            name=_NAMES,
            kind=st.just("k"),
            short=st.none() | _NAMES,
            parent=st.sampled_from(["p", "q", None]),
        ),
        max_size=8,
    )
)
def test_no_two_agencies_are_shown_by_one_name(agencies: list[Agency]) -> None:
    found = with_qualifiers([P, Q, *agencies])
    assert len({agency.shown for agency in found}) == len(found)
    assert len({agency.shown_short for agency in found}) == len(found)
    assert len({fold(agency.shown) for agency in found}) == len(found)


def test_names_that_are_no_use() -> None:
    town = Agency("t", "UBND thị trấn Ea Kar", "commune", aliases=("Thị trấn Ea Kar",))
    district = Agency(
        "d", "UBND huyện Ea Kar", "district", aliases=("Ea Kar", "Huyện Ea Kar", "EK", "Ea Kár")
    )
    found = list(ambiguous_aliases([district, town]))
    assert [(one.agency.code, one.name, [other.code for other in one.others]) for one in found] == [
        ("d", "Ea Kar", ["t"])
    ]
    twice = [
        Agency("a", "A", "k", short="C"),
        Agency("b", "B", "k", aliases=("C", "b")),
        Agency("c", "C", "k"),
    ]
    found = list(ambiguous_aliases(twice))
    assert [(one.agency.code, one.name, [other.code for other in one.others]) for one in found] == [
        ("a", "C", ["b", "c"]),
        ("b", "C", ["a", "c"]),
    ]
