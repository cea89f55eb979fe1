"""Amounts of rows files: with their unit, and with signs between thousands where one reading fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_cli.domain.language.amounts import decimal_text
from cchc_cli.domain.language.errors import InputError
from cchc_cli.domain.plan.model import Activity, Unit
from cchc_cli.domain.records.row_amounts import RowAmount, parse_row_amount

MINUTES = Unit("minute", "phút")
TIMES = Unit()
NEWS = Unit("news", "tin, bài")
PERCENT = Unit("percent", "%")
OTHER = Unit("dong", "triệu đồng")


def of(unit: Unit) -> Activity:
    """Make an activity that is counted in a unit."""
    return Activity(code="A.1", title="Việc", unit=unit)


@given(amount=st.integers(1, 10**9), unit=st.sampled_from([MINUTES, TIMES, NEWS, OTHER]))
def test_a_plain_number_is_read_with_and_without_its_unit(amount: int, unit: Unit) -> None:
    """Whatever the decimals, where they cannot be thousands."""
    text = decimal_text(amount * 10)
    for written in (text, text.replace(".", ","), f"{text} {unit.name}", f" {text}{unit.name.upper()} "):
        assert parse_row_amount(written, of(unit)) == RowAmount(amount * 10)


@given(amount=st.integers(1000, 999_999), sign=st.sampled_from([".", ","]))
def test_a_sign_before_three_digits(amount: int, sign: str) -> None:
    """One reading, or a refusal that names both; never the wrong one silently."""
    text = f"{amount // 1000}{sign}{amount % 1000:03}"
    if amount % 1000:
        assert parse_row_amount(text, of(NEWS)) == RowAmount(amount * 1000, amount)
    assert parse_row_amount(text, of(PERCENT)) == RowAmount(amount, amount * 1000)
    for unit in (MINUTES, OTHER, *([] if amount % 1000 else [NEWS])):
        with pytest.raises(InputError) as refused:
            parse_row_amount(text, of(unit))
        assert f"can be {decimal_text(amount)} or {amount} {unit.name}" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("15'", MINUTES, 15),
        ("15’", MINUTES, 15),
        ("15 ph", MINUTES, 15),
        ("15 ph.", MINUTES, 15),
        ("3 tin", NEWS, 3),
        ("02 bài", NEWS, 2),
        ("3 tin, bài", NEWS, 3),
        ("3 news", NEWS, 3),
        ("1.234.567", OTHER, 1234567),
        ("1 234 567", OTHER, 1234567),
        ("1.234,5", OTHER, 1234.5),
        ("-2 lần", TIMES, -2),
        ("\u22122", TIMES, -2),
        ("01.234", MINUTES, 1.234),
        ("96,5 %", PERCENT, 96.5),
        ("96,5 phần trăm", PERCENT, None),
        ("3 phút", NEWS, None),
        ("3 lượt", TIMES, None),
        ("3 %", TIMES, None),
        ("1h30", MINUTES, None),
        ("15 phút/buổi", MINUTES, None),
        ("12 34", TIMES, None),
        ("1.2345", TIMES, None),
        ("khoảng 3", TIMES, None),
        ("", TIMES, None),
        ("lần", TIMES, None),
        ("1000000001", TIMES, None),
        ("1" * 5000, TIMES, None),
        ("٣", TIMES, None),
    ],
)
def test_amounts(text: str, unit: Unit, amount: float | None) -> None:
    """None stands for what is refused."""
    if amount is None:
        with pytest.raises(InputError):
            parse_row_amount(text, of(unit))
    else:
        assert parse_row_amount(text, of(unit)).amount == amount * 1000


def test_without_the_activity_only_the_number_is_checked() -> None:
    assert parse_row_amount("15 phút", None).amount == 15000
    with pytest.raises(InputError):
        parse_row_amount("x", None)
