"""Vietnamese names and hostile text: keys, order, and the limits of what is shown unescaped."""

from __future__ import annotations

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.language.text import (
    SafeText,
    bare_names,
    collapse_spaces,
    escape_formula,
    exact_key,
    fold,
    nearest,
    nfc,
    safe,
    sort_key,
    text_fault,
    unescape_formula,
)

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")


def test_keys_without_diacritics() -> None:
    assert fold("ĐÐđð") == "dddd"
    assert fold("D'Rơng D’Rơng D‘Rơng DʼRơng") == "drong drong drong drong"
    assert fold("a-b_c/d.e") == "a b c d e"
    assert fold("İSTANBUL ß") == "istanbul ss"
    assert fold("  ") == ""


def test_exact_keys_keep_diacritics_and_fold_case_blanks_and_apostrophes() -> None:
    assert exact_key("  Xã\tEa  D’Rơng ") == "xã ea d'rơng"
    assert exact_key(unicodedata.normalize("NFD", "Đắk Lắk")) == "đắk lắk"
    assert exact_key("hoà") != exact_key("hòa")


@given(text=st.text())
def test_one_word_is_one_string(text: str) -> None:
    assert nfc(text) == nfc(unicodedata.normalize("NFD", text))
    assert exact_key(text) == exact_key(unicodedata.normalize("NFD", text))


def test_every_letter_and_tone_has_its_place() -> None:
    for before, after in pairwise(LETTERS):
        assert sort_key(before) < sort_key(after)
        assert sort_key(before + "z") < sort_key(after)
        assert sort_key("b" + before) < sort_key("b" + after)
    for letter in "aăâeêioôơuưy":
        words = [nfc(letter + tone) for tone in TONES]
        assert all(sort_key(before) < sort_key(after) for before, after in pairwise(words))
        # The tone decides only between words with the same letters.
        assert sort_key(words[-1]) < sort_key(letter + "a")
    assert sort_key("Ấ") == sort_key("ấ")


def test_other_signs_stand_before_letters_and_other_scripts_after() -> None:
    ordered = ["", "'", "1", "2", "1x", "a", "z", "ж", "я", "中"]
    assert [*sorted({*ordered}, key=sort_key)] == ["", "'", "1", "1x", "2", "a", "z", "ж", "я", "中"]
    assert sort_key("\u0302a") > sort_key("z")
    assert sort_key("a b") < sort_key("aa")
    assert sort_key("~") < sort_key("a")
    # A letter with a mark that it does not compose with sorts among the signs.
    assert sort_key("x\u0302") < sort_key("a")


def test_a_diacritic_that_is_no_tone_stays_with_its_letter() -> None:
    assert sort_key("ậ") == sort_key(unicodedata.normalize("NFD", "ậ"))
    assert sort_key("â") != sort_key("a")
    assert sort_key("z") < sort_key("ç")
    assert sort_key("z") < sort_key("ẑ")
    assert sort_key("я") < sort_key("ё")
    assert sort_key("и") < sort_key("й") < sort_key("к")


@pytest.mark.parametrize(
    ("char", "shown"),
    [
        ("\x00", r"\x00"),
        ("\x1f", r"\x1f"),
        ("\x7f", r"\x7f"),
        ("\x9f", r"\x9f"),
        ("\xad", r"\xad"),
        ("\u0100", "Ā"),
        ("\u034f", r"\u034f"),
        ("\u061c", r"\u061c"),
        ("\u115f", r"\u115f"),
        ("\u200b", r"\u200b"),
        ("\u2028", r"\u2028"),
        ("\u2029", r"\u2029"),
        ("\u202e", r"\u202e"),
        ("\u2800", r"\u2800"),
        ("\u3164", r"\u3164"),
        ("\ue000", r"\ue000"),
        ("\ufe0f", r"\ufe0f"),
        ("\ufeff", r"\ufeff"),
        ("\uffa0", r"\uffa0"),
        ("\uffff", r"\uffff"),
        ("\U000e0041", r"\U000e0041"),
        ("\U000e0100", r"\U000e0100"),
        ("\U0010ffff", r"\U0010ffff"),
        ("\ud800", r"\ud800"),
        *((char, char) for char in "aĐệ中ж–…“”‰€₫[~^ \u00a0\u3000\U0001f600"),
    ],
)
def test_what_is_shown_as_it_is_and_what_as_an_escape(char: str, shown: str) -> None:
    assert safe(f"a{char}b") == f"a{shown}b"


def test_no_more_than_four_marks_ride_on_a_letter() -> None:
    mark = "\u0316"
    assert safe("a" + 4 * mark) == "a" + 4 * mark
    assert safe("a" + 5 * mark) == "a" + 4 * mark + r"\u0316"
    assert safe("a" + 6 * mark + "b" + mark) == "a" + 4 * mark + 2 * r"\u0316" + "b" + mark
    assert safe(mark + "a") == r"\u0316a"
    assert safe(f"a {mark}") == r"a \u0316"
    assert safe(f"a\x1b{mark}") == r"a\x1b\u0316"
    assert safe("\\" + 4 * mark) == "\\" + 4 * mark
    assert safe("\\" + 5 * mark) == "\\" + 4 * mark + r"\u0316"
    assert safe("가\u1161\u11a8") == "가\u1161\u11a8"
    assert safe("\u1161") == r"\u1161"
    assert safe("\ud7b0") == r"\ud7b0"
    assert safe("\U0001f44d\U0001f3ff") == "\U0001f44d\U0001f3ff"
    assert safe("\U0001f3ff") == r"\U0001f3ff"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"C:\temp", r"C:\temp"),
        (r"C:\x64\users", r"C:\x64\users"),
        (r"\x1b", r"\\x1b"),
        (r"\x1B", r"\\x1B"),
        (r"\\x1b", r"\\\\x1b"),
        (r"\x1", r"\x1"),
        (r"\x1g", r"\x1g"),
        (r"\u202e", r"\\u202e"),
        (r"\u202", r"\u202"),
        (r"\u0041", r"\u0041"),
        (r"\u0316", r"\\u0316"),
        (r"\U000e0041", r"\\U000e0041"),
        (r"\U0010ffff", r"\\U0010ffff"),
        (r"\U00110000", r"\U00110000"),
        (r"\Uffffffff", r"\Uffffffff"),
        (r"\x 1b", r"\\x 1b"),
        (r"\ x1b", r"\\ x1b"),
        (r"\ \x1b", r"\\ \\x1b"),
        ("\\\x1b", r"\\\x1b"),
        ("\\ \x1b", r"\\ \x1b"),
        ("\\ \u0316", r"\\ \u0316"),
        ("\\", "\\"),
        ("\\ ", "\\ "),
        ("\\\n", r"\\\x0a"),
    ],
)
def test_a_typed_escape_is_told_from_a_real_one(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(text=st.text(), data=st.data())
def test_two_texts_never_look_the_same(text: str, data: st.DataObject) -> None:
    other = data.draw(st.text() | st.just(str(safe(text))))
    assert (safe(text) == safe(other)) == (text == other)


def test_text_is_made_safe_once() -> None:
    once = safe("a\x1bb")
    assert isinstance(once, SafeText)
    assert safe(once) is once
    assert safe(str(once)) != once


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_a_cell_that_could_be_a_formula_gets_one_apostrophe(sign: str) -> None:
    for text in (f"{sign}1", f"'{sign}1", f"''{sign}1"):
        assert escape_formula(text) == f"'{text}"
        assert unescape_formula(escape_formula(text)) == text
    assert escape_formula(f"a{sign}1") == f"a{sign}1"
    assert unescape_formula(f"{sign}1") == f"{sign}1"


def test_other_cells_stay_as_they_are() -> None:
    for text in ("", "a", "'a", "''", " =1", "1-2"):
        assert escape_formula(text) == text == unescape_formula(text)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("UBND tỉnh Đắk Lắk", ["tỉnh đắk lắk", "đắk lắk"]),
        ("UBND thành phố Buôn Ma Thuột", ["thành phố buôn ma thuột", "buôn ma thuột"]),
        ("Thị xã Buôn Hồ", ["buôn hồ"]),
        ("Huyện Lắk", ["lắk"]),
        ("Phường Tân An", ["tân an"]),
        ("Thị trấn Ea T'ling", ["ea t'ling"]),
        ("XÃ  Ea Drông", ["ea drông"]),
        ("Sở Nội vụ", []),
        ("Xãya", []),
    ],
)
def test_names_as_people_say_them(name: str, bare: list[str]) -> None:
    assert bare_names(name) == bare


def test_white_space_is_folded() -> None:
    assert collapse_spaces("  mỗi\n tháng\t\tmột   lần ") == "mỗi tháng một lần"
    assert collapse_spaces(unicodedata.normalize("NFD", "mỗi")) == "mỗi"


def test_near_words_come_best_first_and_no_more_than_asked_for() -> None:
    known = ["at_most", "at_least", "at_last", "at_leas", "zzz"]
    assert nearest("at_least", known) == ["at_least", "at_leas", "at_last"]
    assert nearest("at_least", known, 1) == ["at_least"]
    assert nearest("Đất", ["dat"]) == ["dat"]
    # Of words that are equal without diacritics only the first is given, once.
    assert nearest("dat", ["đất", "dat"]) == ["đất"]
    assert nearest("abcde", ["abcxy"]) == ["abcxy"]
    assert nearest("abcde", ["abxyz"]) == []


def test_what_is_too_long_to_be_a_name_is_near_to_none() -> None:
    longest = "a" * 200
    assert nearest(longest, [longest]) == [longest]
    assert nearest(f"{longest}a", [longest]) == []


def test_what_no_database_keeps_is_refused() -> None:
    for text in ("a\x00b", "\ud800", "đ\udfff", "\x00"):
        assert "NUL or broken characters" in str(text_fault(text))
    for text in ("", "a", "đ", "\x1b", "\ud7ff", "\ue000", chr(sys.maxunicode)):
        assert text_fault(text) is None
