"""Figures for readers: scores of 100, shares in percent, and never a rounding that misleads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTHING: Final = "–"
"""Stands where there is no figure; never 0."""

_TOLERANCE: Final = 1e-9
_DECIMALS: Final = 4


class NumberWords:
    """How figures are written, and the nouns that stand behind them: for one, and for more."""

    open_tables: Final = frozenset({"UNITS"})

    UNDER: Final = "under 1 %"
    OVER: Final = "over 99 %"
    DECIMAL: Final = "."
    THOUSANDS: Final = ","
    NOUNS: Final[Mapping[str, tuple[str, str]]] = {
        "answer": ("answer", "answers"),
        "condition": ("condition", "conditions"),
        "file": ("file", "files"),
        "further question": ("further question", "further questions"),
        "further weight": ("further weight", "further weights"),
        "host": ("host", "hosts"),
        "minute": ("minute", "minutes"),
        "open record": ("open record", "open records"),
        "option": ("option", "options"),
        "piece of evidence": ("piece of evidence", "pieces of evidence"),
        "product": ("product", "products"),
        "source": ("source", "sources"),
        "text": ("text", "texts"),
        "waived gate": ("waived gate", "waived gates"),
    }
    UNITS: Final[Mapping[str, tuple[str, str]]] = {"days": ("day", "days")}


number_words = spoken("numbers", NumberWords)


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
        return number_words.UNDER
    if 0.995 <= share < 1 - _TOLERANCE:  # noqa: PLR2004 - would round to 100
        return number_words.OVER
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
    return _half_up(100 * share, decimals).replace(".", number_words.DECIMAL)


def tenth(share: float) -> str:
    """Return a score in 0..1 as a number of 100 with a tenth.

    >>> tenth(0.4), tenth(0.40449)
    ('40.0', '40.4')
    """
    return _half_up(100 * share, 1).replace(".", number_words.DECIMAL)


def signed(difference: float) -> str:
    """Return a difference of scores with its sign.

    >>> signed(0.042), signed(-0.1), signed(0.001)
    ('+4', '−10', '±0')
    """
    shown = _half_up(100 * abs(difference), 0)
    if shown == "0":
        return "±0"
    return f"+{shown}" if difference > 0 else f"−{shown}"


def signed_tenth(difference: float) -> str:
    """Return a difference of scores with its sign and a tenth, for parts that sum to a whole.

    >>> signed_tenth(0.042), signed_tenth(-0.1004), signed_tenth(0.0001)
    ('+4.2', '−10.0', '±0.0')
    """
    tenths = _half_up(100 * abs(difference), 1)
    if tenths == "0.0":
        return "±0.0".replace(".", number_words.DECIMAL)
    shown = tenths.replace(".", number_words.DECIMAL)
    return f"+{shown}" if difference > 0 else f"−{shown}"


def number(value: float) -> str:
    """Return a number as people write it: no trailing zeros.

    >>> number(30.0), number(0.5)
    ('30', '0.5')
    """
    return f"{value:.10g}".replace(".", number_words.DECIMAL)


def whole(amount: int) -> str:
    """Return a whole number with its thousands apart.

    >>> whole(10000)
    '10,000'
    """
    return f"{amount:,}".replace(",", number_words.THOUSANDS)


def count(amount: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun; ``many`` where it is neither known nor made with an "s".

    >>> count(1, "record"), count(3, "record"), count(2, "entry", "entries")
    ('1 record', '3 records', '2 entries')
    """
    single, plural = number_words.NOUNS.get(one, (one, many or f"{one}s"))
    return f"{amount} {single if amount == 1 else plural}"


def _half_up(value: float, decimals: int) -> str:
    scale = 10**decimals
    return f"{int(value * scale + 0.5 + _TOLERANCE) / scale:.{decimals}f}"
