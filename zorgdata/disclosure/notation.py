"""Protected numbers in Dutch notation: ``1.235``, ``12 %``, ``0,85``, ``€ 1.234.000``, ``> 90 %``.

The space before ``%`` and after ``€`` does not break.
"""

from decimal import ROUND_HALF_UP, Decimal

_NBSP = "\u00a0"


def number(value: float, decimals: int = 0) -> str:
    """``number(1234.5, 1)`` is ``1.234,5``; rounds half away from zero; a negative zero is ``0``."""
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(exact):,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    return f"\u2212{text}" if exact < 0 else text


def percent(share: float, decimals: int = 0) -> str:
    """``percent(0.125, 1)`` is ``12,5 %``."""
    return f"{number(share * 100, decimals)}{_NBSP}%"


def euro(value: float) -> str:
    """``euro(1234)`` is ``€ 1.234``."""
    return f"€{_NBSP}{number(value)}"


def above(share: float) -> str:
    """``above(0.9)`` is ``> 90 %``."""
    return f">{_NBSP}{percent(share)}"
