"""Figures for readers: scores of 100, shares in percent, and never a rounding that misleads."""

from __future__ import annotations

from typing import Final

NOTHING: Final = "–"
"""Stands where there is no figure; never 0."""

_TOLERANCE: Final = 1e-9
_DECIMALS: Final = 4


def points(share: float | None) -> str:
    """Return a score in 0..1 as a whole number of 100.

    >>> points(0.405), points(None)
    ('41', '–')
    """
    return NOTHING if share is None else _half_up(100 * share, 0)


def percent(share: float | None) -> str:
    """Return a share in 0..1 as percent; a small share is not shown as none, nor nearly all as all.

    >>> percent(0.5), percent(0.001), percent(0.9999)
    ('50 %', 'under 1 %', 'over 99 %')
    """
    if share is None:
        return NOTHING
    if 0 < share < 0.005:  # noqa: PLR2004 - would round to 0
        return "under 1 %"
    if 0.995 <= share < 1 - _TOLERANCE:  # noqa: PLR2004 - would round to 100
        return "over 99 %"
    return f"{_half_up(100 * share, 0)} %"


def against(share: float, threshold: float) -> str:
    """Return a score with as many decimals as it takes to see that it misses a threshold.

    >>> against(0.4976, 0.5), against(0.3, 0.5), against(0.5, 0.5)
    ('49.8', '30', '50')
    """
    decimals = 0
    short = share < threshold - _TOLERANCE
    while short and decimals < _DECIMALS and float(_half_up(100 * share, decimals)) >= 100 * threshold:
        decimals += 1
    return _half_up(100 * share, decimals)


def signed(difference: float) -> str:
    """Return a difference of scores with its sign.

    >>> signed(0.042), signed(-0.1), signed(0.001)
    ('+4', '−10', '±0')
    """
    whole = _half_up(100 * abs(difference), 0)
    if whole == "0":
        return "±0"
    return f"+{whole}" if difference > 0 else f"−{whole}"


def signed_tenth(difference: float) -> str:
    """Return a difference of scores with its sign and a tenth, for parts that sum to a whole.

    >>> signed_tenth(0.042), signed_tenth(-0.1004), signed_tenth(0.0001)
    ('+4.2', '−10.0', '±0.0')
    """
    tenths = _half_up(100 * abs(difference), 1)
    if tenths == "0.0":
        return "±0.0"
    return f"+{tenths}" if difference > 0 else f"−{tenths}"


def number(value: float) -> str:
    """Return a number as people write it: no trailing zeros.

    >>> number(30.0), number(0.5)
    ('30', '0.5')
    """
    return f"{value:.10g}"


def count(amount: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    >>> count(1, "record"), count(3, "record"), count(2, "entry", "entries")
    ('1 record', '3 records', '2 entries')
    """
    return f"{amount} {one if amount == 1 else many or one + 's'}"


def _half_up(value: float, decimals: int) -> str:
    scale = 10**decimals
    return f"{int(value * scale + 0.5 + _TOLERANCE) / scale:.{decimals}f}"
