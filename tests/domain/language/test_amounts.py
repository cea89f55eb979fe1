"""Amounts: exact at every limit, parsed as people write them, and written back unchanged."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.language.amounts import (
    MAX_AMOUNT,
    THOUSANDTHS,
    Amount,
    AmountError,
    decimal_text,
    json_number,
    parse_amount,
    parse_number,
)

AMOUNTS = st.integers(-MAX_AMOUNT, MAX_AMOUNT)


def test_a_thousand_million_is_the_largest() -> None:
    assert THOUSANDTHS == 1000
    assert MAX_AMOUNT == 1_000_000_000_000
    assert parse_amount("1000000000") == MAX_AMOUNT
    assert parse_amount("-1000000000") == -MAX_AMOUNT
    assert parse_number("000000000001") == 1000
    for text in ("1000000000.001", "1000000001", "0000000000001"):
        with pytest.raises(AmountError) as error:
            parse_number(text)
        assert str(error.value) == text


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [
        ("0", 0),
        ("12", 12_000),
        ("12.3", 12_300),
        ("12.34", 12_340),
        ("12.345", 12_345),
        ("0.001", 1),
        ("00012", 12_000),
    ],
)
def test_numbers_as_a_plan_has_them(text: str, thousandths: int) -> None:
    assert parse_number(text) == thousandths


@pytest.mark.parametrize(
    "text", ["", ".", "1.", ".5", "1.2345", "-1", "+1", "1,5", " 1", "1 ", "１", "1.2.3", "1e3"]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(AmountError):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [
        (" 15 ", 15_000),
        ("- 2", -2000),
        ("−2,5", -2500),
        ("+ 3", 3000),
        ("1.234", 1234),
        ("1,234", 1234),
        ("12.345,6", 12_345_600),
        ("12,345.6", 12_345_600),
        ("1.234,567", 1_234_567),
        ("1,234.567", 1_234_567),
        ("123.456.789", 123_456_789_000),
        ("1.234.567,8", 1_234_567_800),
        ("1,234,567.8", 1_234_567_800),
        ("-1.234,5", -1_234_500),
    ],
)
def test_the_last_sign_is_the_decimal_one_and_what_stands_twice_groups(text: str, thousandths: int) -> None:
    assert parse_amount(text) == thousandths


@pytest.mark.parametrize(
    "text",
    [
        "1.23.456",
        "1234.567,8",
        "1.2345,6",
        "1,234,5",
        "1,234,56.7",
        "1.234.",
        ",123.4",
        "1,,2",
        "1.234,5678",
        "1.234,5,6",
        "1.234.567,8,9",
        "++1",
        "-+1",
        "+-1",
        "−",
        "1.234 ,5",
        "1234,567,890",
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(AmountError):
        parse_amount(text)


@given(amount=AMOUNTS)
def test_an_amount_is_written_exactly_and_without_needless_zeros(amount: int) -> None:
    text = decimal_text(amount)
    assert Decimal(text) * 1000 == amount
    assert parse_amount(text) == amount
    assert not ("." in text and text.endswith(("0", ".")))
    assert str(Amount(amount)) == text
    assert text == "0" or text.startswith("-") == (amount < 0)


@given(amount=AMOUNTS)
def test_a_whole_amount_is_an_integer_in_json(amount: int) -> None:
    number = json_number(amount)
    assert Decimal(str(number)) * 1000 == amount
    assert isinstance(number, int) == (amount % 1000 == 0)


def test_amounts_as_they_are_written() -> None:
    assert [decimal_text(one) for one in (0, 15_000, 125, -2500, -1, 10_010)] == [
        "0",
        "15",
        "0.125",
        "-2.5",
        "-0.001",
        "10.01",
    ]
    assert [json_number(one) for one in (0, 15_000, 125, -2500, -2000)] == [0, 15, 0.125, -2.5, -2]
