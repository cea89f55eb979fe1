"""Activities and forms of a plan by what people call them: the title or name, words of it, or a usual name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cchc_cli.domain.language.text import fold, is_spelling, unquoted
from cchc_cli.domain.plan.name_reading import Word, Words, joined, joined_spelling, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cchc_cli.domain.plan.model import Activity, Form, Plan

_Thing = TypeVar("_Thing")

_USUAL = {
    "mạng xã hội": ("facebook", "fb", "fanpage", "fan page", "zalo", "tiktok", "youtube", "mxh"),
    "trang thông tin điện tử": (
        "website",
        "web",
        "trang web",
        "trang tin",
        "trang tin điện tử",
        "trang ttđt",
    ),
    "cổng thông tin điện tử": ("cổng ttđt", "cổng thông tin", "portal"),
    "đài truyền thanh xã": (
        *("loa", "loa truyền thanh", "loa phát thanh", "loa đài", "loa phường", "loa xã", "hệ thống loa"),
        *("truyền thanh cơ sở", "đài truyền thanh cơ sở"),
    ),
    "xe loa": ("loa", "loa lưu động", "xe tuyên truyền", "xe tuyên truyền lưu động", "xe cổ động"),
    "hội nghị": ("họp", "cuộc họp", "buổi họp", "họp giao ban", "hội thảo", "tọa đàm"),
    "tập huấn": ("lớp tập huấn", "bồi dưỡng", "hội nghị tập huấn"),
    "cuộc thi": ("hội thi", "thi tìm hiểu", "cuộc thi tìm hiểu"),
    "pa nô": ("panô", "panô áp phích", "bảng pano", "bảng pa nô", "biển pano"),
    "băng rôn": ("banner", "băng zôn", "băng-rôn", "phướn"),
    "áp phích": ("poster", "áp-phích"),
    "tờ rơi": ("tờ bướm",),
    "tờ gấp": ("tờ gập", "leaflet", "brochure"),
    "truyền hình": ("tivi", "ti vi", "tv"),
    "phát thanh": ("radio", "sóng phát thanh"),
    "mạng viễn thông": ("sms", "tin nhắn", "tin nhắn sms"),
}
"""Words of a form's name in the plan, and what people call it."""

_AROUND = frozenset({"trang", "nhom", "kenh", "tai", "khoan", "tren", "qua", "cua", "oa", "page", "group"})
"""Words that say nothing about the form beside a usual name: `nhóm Zalo`."""


def activities_named(plan: Plan, text: str) -> list[Activity]:
    """Give the activities that a text can mean: by code or alias with the title behind it; else by words of the title."""
    words = words_of(text)
    return (
        [activity for activity in plan.activities if _is_coded(words, activity)]
        or [activity for activity in plan.activities if fold(activity.title) == fold(text)]
        or _having(plan.activities, words, lambda activity: activity.title)
    )


def _is_coded(words: Words, activity: Activity) -> bool:
    """Tell whether a text is the code or alias, and nothing but words of the title behind it."""
    codes = {joined(words_of(code)) for code in (activity.code, activity.alias) if code}
    title = words_of(activity.title)
    return any(joined(words[:end]) in codes and _has(title, words[end:]) for end in range(1, len(words) + 1))


def forms_named(plan: Plan, text: str) -> list[Form]:
    """Give the forms that a text can mean: by code or name in any case, by words of the name and by usual names."""
    key = fold(unquoted(text))
    named = [form for form in plan.forms if key in {fold(form.code), fold(form.name)}]
    words = words_of(text)
    if named:
        return named
    meant = [*_having(plan.forms, words, lambda form: form.name), *_of_usual_name(plan, words)]
    return [form for form in plan.forms if form in meant]


def _of_usual_name(plan: Plan, words: Words) -> list[Form]:
    bare = [word for word in words if word.folded not in _AROUND]
    written = {joined(words), joined(bare)}
    meant = [
        words_of(name)
        for name, usual in _USUAL.items()
        if written & {joined(words_of(one)) for one in (name, *usual)}
    ]
    return [form for form in plan.forms if any(_has(words_of(form.name), name) for name in meant)]


_SHORTEST = 3
"""In letters: fewer say nothing about a title."""


def _having(things: Iterable[_Thing], words: Words, name_of: Callable[[_Thing], str]) -> list[_Thing]:
    """Give the things whose name has all these words; among them those with the same diacritics, where there are any."""
    if len(joined(words)) < _SHORTEST:
        return []
    found = [thing for thing in things if _has(words_of(name_of(thing)), words)]
    return [thing for thing in found if _has(words_of(name_of(thing)), words, spelled=True)] or found


def _has(name: Words, words: Words, *, spelled: bool = False) -> bool:
    """Tell whether each word is one of the name, or several of it run together (`pano`)."""
    return all(
        any(_begins(name[start:], word, spelled=spelled) for start in range(len(name))) for word in words
    )


def _begins(name: Words, word: Word, *, spelled: bool) -> bool:
    text = ""
    for number, one in enumerate(name, 1):
        text += one.folded
        if text == word.folded:
            return not spelled or is_spelling(word.spelled, joined_spelling(name[:number]))
        if not word.folded.startswith(text):
            return False
    return False
