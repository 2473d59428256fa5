"""Amounts as a reader gets them: rounded, as a bandwidth, in Dutch. Exact euros would be false precision."""

from zorgdata.disclosure.notation import euro, number
from zorgdata.scenario.model import Band


def plain(value: float) -> str:
    """A number without needless decimals: ``0,5``, ``26``, ``1.134,24``."""
    for decimals in range(3):
        if abs(value - round(value, decimals)) < 1e-9:
            return number(value, decimals)
    return number(value, 2)


def rounding_step(value: float) -> int:
    """The step to which an amount of this size is rounded: hundreds below 10,000, thousands below a million,
    from a million on a hundred thousand."""
    size = abs(value)
    if size < 10_000:
        return 100
    return 1_000 if size < 1_000_000 else 100_000


def rounded(value: float, step: int | None = None) -> float:
    """``value`` rounded half away from zero to ``step`` (by default its own ``rounding_step``)."""
    step = rounding_step(value) if step is None else step
    size = float(int(abs(value) / step + 0.5) * step)
    return -size if value < 0 and size else size


def rounded_band(band: Band) -> Band:
    """All three rounded to the step of the largest, so that they can be compared."""
    step = rounding_step(max(abs(band.low), abs(band.high)))
    return Band(rounded(band.low, step), rounded(band.mid, step), rounded(band.high, step))


def money(value: float) -> str:
    """``ca. € 67.000``: a rounded amount in words that say it is rounded. Only beside its band."""
    return f"ca. {_euro(rounded(value), rounding_step(value))}"


def bandwidth(band: Band) -> str:
    """``€ 20.000 tot € 90.000``; from a million on in millions; one amount with *ca.* when both ends meet."""
    shown, step = rounded_band(band), rounding_step(max(abs(band.low), abs(band.high)))
    if shown.low == shown.high:
        return f"ca. {_euro(shown.mid, step)}"
    return f"{_euro(shown.low, step)} tot {_euro(shown.high, step)}"


def ratio_band(band: Band) -> str:
    """``0,4 tot 1,9``: euros gained per euro spent, one decimal."""
    low, high = number(band.low, 1), number(band.high, 1)
    return f"ca. {low}" if low == high else f"{low} tot {high}"


def _euro(value: float, step: int) -> str:
    if step >= 100_000:
        return f"€\u00a0{number(value / 1e6, 1)} miljoen"
    return euro(value)
