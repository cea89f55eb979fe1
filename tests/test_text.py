"""Vietnamese names: found without diacritics, in dictionary order, escaped for the terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.language.amounts import AmountError, decimal_text, json_number, parse_amount
from cchc_cli.domain.language.text import bare_names, exact_key, fold, nearest, safe, sort_key


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Đắk Lắk", "dak lak"),
        ("Ðắk Lắk", "dak lak"),
        ("hoà", "hoa"),
        ("hòa", "hoa"),
        ("Xã Ea Drông", "xa ea drong"),
        ("Xã Ea D'Rơng", "xa ea drong"),
        ("Xã Ea D’Rơng", "xa ea drong"),
        ("  Buôn   Hồ ", "buon ho"),
        ("so-noi-vu", "so noi vu"),
        (unicodedata.normalize("NFD", "Sở Nội vụ"), "so noi vu"),
    ],
)
def test_folding(name: str, folded: str) -> None:
    assert fold(name) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert exact_key(exact_key(text)) == exact_key(text)


def test_names_without_words_of_office_and_kind() -> None:
    assert bare_names("UBND xã Ea Drông") == ["xã ea drông", "ea drông"]
    assert bare_names("UBND thị xã Buôn Hồ") == ["thị xã buôn hồ", "buôn hồ"]
    assert bare_names("UBND") == []


def test_order_of_letters_and_tones() -> None:
    ordered = [
        "a",
        "à",
        "ả",
        "ã",
        "á",
        "ạ",
        "ă",
        "â",
        "ba",
        "ca",
        "da",
        "đa",
        "e",
        "ê",
        "ga",
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
        "o",
        "ô",
        "ơ",
        "u",
        "ư",
        "y",
    ]
    assert sorted(set(ordered), key=sort_key) == ordered
    names = ["Đài Buôn Đôn", "Đài Buôn Hồ", "Đài Cư Kuin", "Đài Ea Kar", "Sở Nội vụ", "Sở Tư pháp"]
    assert sorted(set(names), key=sort_key) == names


@given(st.text())
def test_every_text_can_be_ordered_and_shown(text: str) -> None:
    sort_key(text)
    shown = safe(text)
    assert shown.isprintable() or all(
        unicodedata.category(char) == "Zs" for char in shown if not char.isprintable()
    )


@pytest.mark.parametrize("bad", ["\x1b[31m", "\x00", "\x9b", "\u202e", "\u2066", "\n", "\u200b", "\ud800"])
def test_what_acts_or_hides_is_shown_as_what_it_is(bad: str) -> None:
    assert safe(f"a{bad}b").startswith("a\\")


def test_what_is_near() -> None:
    assert nearest("radio-colum", ["pano", "radio-column"]) == ["radio-column"]
    assert nearest("xyz", ["pano", "radio-column"]) == []


@pytest.mark.parametrize(
    ("typed", "thousandths"),
    [
        ("15", 15000),
        ("7.5", 7500),
        ("7,5", 7500),
        ("1.234,5", 1234500),
        ("1,234.5", 1234500),
        ("1.234.567", 1234567000),
        ("-2", -2000),
        ("\u22122", -2000),
        ("+3", 3000),
        ("0.125", 125),
        ("0", 0),
    ],
)
def test_amounts_as_people_write_them(typed: str, thousandths: int) -> None:
    assert parse_amount(typed) == thousandths


@pytest.mark.parametrize(
    "typed",
    ["", "x", "1.2345", "1..2", "1e3", "٣", "--2", "1.23.4", "1000000001", "9" * 30, "1 2", "0x10", "1_0"],
)
def test_what_is_no_amount(typed: str) -> None:
    with pytest.raises(AmountError):
        parse_amount(typed)


@given(st.integers(-(10**12), 10**12))
def test_amounts_are_written_as_they_are_read(thousandths: int) -> None:
    assert parse_amount(decimal_text(thousandths)) == thousandths
    assert round(json_number(thousandths) * 1000) == thousandths
