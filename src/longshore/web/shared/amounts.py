"""How money is written: two decimals where the currency has them, the sign where people put it."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language

from longshore.domain.money import minor_digits

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "PLN": "zł"}
SIGN_FIRST = frozenset({"en", "ja", "ko", "zh", "hi"})
"""Languages that write the sign before the number; elsewhere it follows (CLDR: ¤#,##0.00)."""
NOTHING = "–"  # noqa: RUF001 - a dash is what a reader expects in an empty column
NARROW = "\N{NO-BREAK SPACE}"


def money(amount: Decimal | None, currency: str) -> str:
    """€25.20 in English, 25,20 € in German; the code where the sign is not known to everybody."""
    if amount is None:
        return NOTHING
    digits = minor_digits(currency)
    exact = amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = number_format(abs(exact), decimal_pos=digits, use_l10n=True, force_grouping=True)
    minus = "-" if exact < 0 else ""
    sign = SIGNS.get(currency)
    if sign is None:
        return f"{minus}{text}{NARROW}{currency}".strip()
    if (get_language() or "en").partition("-")[0] in SIGN_FIRST:
        return f"{minus}{sign}{text}"
    return f"{minus}{text}{NARROW}{sign}"
