"""Notes on how an ambiguous amount was read."""

from __future__ import annotations

from cchc_cli.cli.terminal.output import print_note
from cchc_cli.domain.language.amounts import AmountError, parse_amount, read_in_thousands
from cchc_cli.domain.language.errors import message
from cchc_cli.domain.language.text import SafeText
from cchc_cli.locale import typed_number_text


def note_decimal_reading(typed: str | None) -> None:
    """Note that the separator in `5.010` or `1,234` was read as a decimal sign, and how to write thousands."""
    grouped = read_in_thousands(typed) if typed else None
    if typed is None or grouped is None:
        return
    try:
        read = parse_amount(typed)
    except AmountError:  # The amount was rejected already, with an error.
        return
    print_note(
        message(
            "note: {text} was read as {amount}, with decimals; if you meant thousands, type {thousands}",
            text=typed,
            amount=SafeText(typed_number_text(read)),
            thousands=SafeText(typed_number_text(grouped)),
        )
    )
