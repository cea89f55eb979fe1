"""Everything that is said can be said in Vietnamese; the compiled catalogue is the one in the source."""

from __future__ import annotations

import re
import string
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import cchc_cli
from tests.catalogue_texts import help_texts

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

PACKAGE = Path(cchc_cli.__file__).parent
CATALOGUE = PACKAGE / "locale" / "vi" / "LC_MESSAGES" / "cchc.po"


def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="vi")


def said() -> set[str]:
    """Give every template of the code, and every text of help."""
    found = extract_from_dir(PACKAGE, keywords={"message": (1,)}, method_map=[("**.py", "python")])
    return {str(text) for _, _, text, _, _ in found} | set(help_texts())


def test_every_sentence_is_translated() -> None:
    translations = catalogue()
    missing = {text for text in said() if not (found := translations.get(text)) or not found.string}
    assert missing == set()


def test_no_translation_is_left_over() -> None:
    assert {str(found.id) for found in catalogue() if found.id} == said()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_translations_keep_the_fields_and_the_option_names() -> None:
    for found in catalogue():
        if found.id:
            assert fields(str(found.id)) == fields(str(found.string)), found.id
            for option in re.findall(r"--[a-z-]+|`[a-z_]+`|CCHC_[A-Z]+", str(found.id)):
                assert option in str(found.string), found.id


def test_the_compiled_catalogue_is_current() -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue()
