"""Stored evidence: addresses and files are distinguished, and a file has the same key whatever its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.records.evidence import (
    File,
    countable_keys,
    document_reference,
    evidence_key,
    is_web_address,
    parse_file,
)

DIGEST = "0123456789abcdef" * 4


@given(st.text(), st.from_regex("[0-9a-f]{64}", fullmatch=True))
def test_a_file_is_read_back_from_how_it_is_recorded(name: str, digest: str) -> None:
    file = File(name, digest)
    assert parse_file(file.address) == file
    assert evidence_key(file.address) == digest


@pytest.mark.parametrize(
    "address",
    [
        "https://a.vn/1",
        f"https://a.vn/sha256:{DIGEST}",
        f"sha256:{DIGEST}",
        f"a.jpg sha256:{DIGEST[1:]}",
        f"a.jpg sha256:{DIGEST}0",
        f"a.jpg sha256:{DIGEST.upper()}",
        f"a.jpg sha256:{DIGEST} ",
        "",
    ],
)
def test_anything_else_is_an_address_and_its_own_key(address: str) -> None:
    assert parse_file(address) is None
    assert evidence_key(address) == address


def test_a_name_may_look_like_an_address() -> None:
    tricky = File(f"a sha256:{DIGEST}", DIGEST[::-1])
    assert parse_file(tricky.address) == tricky
    assert tricky.address == f"a sha256:{DIGEST} sha256:{DIGEST[::-1]}"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("12/BB-UBND", "12/BB-UBND"),
        (" số  12/BB-UBND ", "số 12/BB-UBND"),
        ("Biên bản số 12/BB-UBND ngày 14/03/2024", "Biên bản số 12/BB-UBND ngày 14/03/2024"),
        ("05/2024/NĐ-CP", "05/2024/NĐ-CP"),
        ("15-KH/HU", "15-KH/HU"),
        ("12a/QĐ", "12a/QĐ"),
        ("12/bb-ubnd", None),
        ("12/B", None),
        ("ảnh 12/BB-UBND", None),
        ("14/03/2024", None),
        ("https://a.vn/12/BB-UBND", None),
        (f"12/BB-UBND sha256:{DIGEST}", None),
        ("", None),
    ],
)
def test_the_number_of_a_document(text: str, reference: str | None) -> None:
    assert document_reference(text) == reference


@given(st.text(), st.from_regex("[0-9a-f]{64}", fullmatch=True))
def test_evidence_is_of_one_kind(name: str, digest: str) -> None:
    address = File(name, digest).address
    assert document_reference(address) is None
    assert list(countable_keys([address, "12/BB-UBND", "https://a.vn"])) == [digest, "https://a.vn"]
    assert [is_web_address(one) for one in ("12/BB-UBND", "https://a.vn")] == [False, True]
