"""Names of people, as files and systems write them."""

from __future__ import annotations

import unicodedata


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, whatever their case, blanks and Unicode form.

    Examples
    --------
    >>> same_person("Architecture  team", "architecture team"), same_person("ann", "ben")
    (True, False)
    """
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
