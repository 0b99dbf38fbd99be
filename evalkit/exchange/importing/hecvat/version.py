"""Which version of HECVAT a workbook is: as its title says, never by its questions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from evalkit.exchange.importing.draft import Note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evalkit.exchange.importing.grid import Row, Sheet

_NUMBER: Final = r"(?P<version>[0-9]{1,2}(?:\.[0-9]{1,3}){1,3})"
_IN_TITLE: Final = (
    re.compile(rf"\bHECVAT\b[^0-9]{{0,60}}{_NUMBER}", re.IGNORECASE),
    re.compile(rf"\bversion:?\s*v?{_NUMBER}", re.IGNORECASE),
)
_ALONE: Final = re.compile(rf"v?{_NUMBER}", re.IGNORECASE)
_LABEL: Final = frozenset({"version", "hecvat version", "toolkit version"})
_WITHIN: Final = 12
_LONGEST: Final = 300


def version_of(sheets: Iterable[Sheet]) -> tuple[str, tuple[Note, ...]]:
    """Return the version that titles state, ``""`` where none or more than one is, and what to confirm."""
    stated: dict[str, str] = {}
    for sheet in sheets:
        for row in sheet.rows:
            if row.number > _WITHIN:
                break
            for version in _in_row(row):
                stated.setdefault(version, sheet.where(row))
    if len(stated) == 1:
        version, where = next(iter(stated.items()))
        return version, (Note("assumed", where, f"the version is {version}"),)
    if not stated:
        return "", (Note("assumed", "", "no title states a version of HECVAT; the questionnaire's is 1.0.0"),)
    told = ", ".join(f"{version} at {where}" for version, where in stated.items())
    return "", (Note("left out", "", f"the version of HECVAT, of which there is more than one: {told}"),)


def _in_row(row: Row) -> Iterator[str]:
    texts = row.texts()
    for column, text in enumerate(texts):
        if len(text) > _LONGEST:
            continue
        found = next((match for pattern in _IN_TITLE if (match := pattern.search(text))), None)
        if found:
            yield found["version"]
        elif text.casefold().rstrip(":") in _LABEL:
            beside = next((each for each in texts[column + 1 :] if each), "")
            if match := _ALONE.fullmatch(beside):
                yield match["version"]
