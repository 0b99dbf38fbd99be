"""Times as captures write them -> seconds since 1970; a time without its day is no moment."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

_FIRST: Final = 946_684_800.0  # 2000-01-01: smaller numbers are seconds since the start of a capture
_LAST: Final = 4_102_444_800.0  # 2100-01-01
_LONGEST: Final = 64


def moment(text: str) -> float | None:
    """Return a moment of ISO 8601 or seconds since 1970; None if it is neither, or has no day.

    A moment of ISO 8601 without its zone is read as UTC.

    >>> moment("2026-11-20T10:00:01Z"), moment("1795162801.5"), moment("10:00:01"), moment("nan")
    (1795168801.0, 1795162801.5, None, None)
    """
    stripped = text.strip()
    if not stripped or len(stripped) > _LONGEST:
        return None
    return within(_seconds(stripped))


def within(seconds: float | None) -> float | None:
    """Return a number of seconds if it lies between the years 2000 and 2100, else None."""
    if seconds is None or not math.isfinite(seconds) or not _FIRST <= seconds <= _LAST:
        return None
    return float(seconds)


@lru_cache(maxsize=4096)
def _seconds(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    if "T" not in text.upper() and " " not in text:
        return None
    return parsed.replace(tzinfo=parsed.tzinfo or UTC).timestamp()
