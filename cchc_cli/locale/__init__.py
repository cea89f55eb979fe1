"""The one place where what is said becomes text of a language.

Templates are English and stand in the code; the catalogues beside this file translate them. Text
that came from outside is made safe to show on its way through here.
"""

from __future__ import annotations

import gettext
from datetime import date, datetime
from pathlib import Path

from cchc_cli.domain.amounts import THOUSANDTHS, Amount
from cchc_cli.domain.errors import Message
from cchc_cli.domain.text import safe

LANGUAGES = ("vi", "en")
_FOLDER = Path(__file__).resolve().parent


class _Speech:
    """The language that is spoken now; set once when the program starts."""

    language = "vi"
    catalogue: gettext.NullTranslations = gettext.NullTranslations()


def speak(language: str) -> None:
    """Choose the language of all text from here on; Vietnamese where it is none of LANGUAGES."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    _Speech.language = language
    _Speech.catalogue = gettext.translation("cchc", _FOLDER, [language], fallback=True)


speak("vi")


def render(sentence: Message) -> str:
    """Give a sentence in the language chosen, its values written as that language writes them."""
    template = _Speech.catalogue.gettext(sentence.template)
    return template.format(**{name: _value(value) for name, value in sentence.values.items()})


def _value(value: object) -> str:
    match value:
        case Message():
            return render(value)
        case str():
            return safe(value)
        case datetime():
            return moment_text(value)
        case Amount():
            return number_text(value.thousandths)
        case date():
            return day_text(value)
        case list() | tuple() | set() | frozenset():
            return ", ".join(map(_value, value))
        case _:
            return str(value)


def day_text(day: date) -> str:
    """Write a date: 14/03/2024 in Vietnamese, 2024-03-14 in English."""
    return f"{day:%d/%m/%Y}" if _Speech.language == "vi" else day.isoformat()


def moment_text(moment: datetime) -> str:
    """Write a moment to the minute, in the offset that it carries."""
    return f"{day_text(moment.date())} {moment:%H:%M}"


def number_text(thousandths: int) -> str:
    """Write an amount with as many decimals as it has: 1.234,5 in Vietnamese, 1,234.5 in English."""
    whole, part = divmod(abs(thousandths), THOUSANDTHS)
    text = f"{whole:,}" + (f".{part:03}".rstrip("0") if part else "")
    sign = "-" if thousandths < 0 else ""
    return sign + (text.translate(_SWAPPED) if _Speech.language == "vi" else text)


_SWAPPED = str.maketrans(".,", ",.")


def percent_text(rate: float | None) -> str:
    """Write a rate as a percentage with one decimal; a dash where there is none."""
    if rate is None:
        return "–"
    text = f"{rate * 100:.1f}".removesuffix(".0")
    return (text.replace(".", ",") if _Speech.language == "vi" else text) + " %"
