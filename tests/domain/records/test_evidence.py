"""Stored evidence: addresses and files are distinguished, and a file has the same key whatever its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.records.evidence import File, evidence_key, parse_file

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
