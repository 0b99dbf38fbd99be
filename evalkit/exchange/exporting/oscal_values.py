"""What OSCAL documents are made of: identifiers that last, days as moments, properties, safe text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from uuid import UUID, uuid5

from evalkit.views.board.markdown import escaped
from evalkit.views.export import rounded
from evalkit.views.safe_text import plain, safe_url

if TYPE_CHECKING:
    from datetime import date

NAMESPACE: Final = "urn:evalkit:oscal"
"""Of the names of properties that OSCAL does not define."""

_IDENTIFIERS: Final = UUID("6c1f2f0e-5a4f-5d0b-9c7e-0d5d3c0a7f21")
"""Namespace of every identifier: never to be changed, or all documents lose theirs."""

_IN_ADDRESS: Final = "%:/?#[]@!$&'()*+,;=~-._"


def uuid_of(*parts: str) -> str:
    """Return the identifier of what these ids name together, the same whatever is said of it.

    >>> uuid_of("a", "bc") == uuid_of("a", "bc"), uuid_of("a", "bc") == uuid_of("ab", "c")
    (True, False)
    """
    return str(uuid5(_IDENTIFIERS, "\x1f".join(parts)))


def start_of(day: date) -> str:
    """Return a day as its first moment in UTC."""
    return f"{day.isoformat()}T00:00:00Z"


def end_of(day: date) -> str:
    """Return a day as its last second in UTC."""
    return f"{day.isoformat()}T23:59:59Z"


def props(**named: str | float | bool | None) -> list[dict[str, Any]]:
    """Return properties of evalkit's namespace with hyphens in their names; None and blank are left out.

    >>> [(prop["name"], prop["value"]) for prop in props(v_low=0.5, stale=False, also="")]
    [('v-low', '0.5'), ('stale', 'false')]
    """
    values = {name.rstrip("_").replace("_", "-"): _text(value) for name, value in named.items()}
    return [{"name": name, "ns": NAMESPACE, "value": value} for name, value in values.items() if value]


def markup(text: str) -> str:
    """Return text for a field that is read as Markdown: paragraphs stay, and nothing else is markup."""
    shown = (escaped(part) for part in text.split("\n\n"))
    return "\n\n".join(part for part in shown if part)


def line(text: str) -> str:
    """Return text for a field of one line that is read as Markdown."""
    return escaped(text)


def address(url: str | None) -> dict[str, str]:
    """Return ``href`` where an address is http or https, else nothing."""
    href = safe_url(url)
    return {} if href is None else {"href": quote(href, safe=_IN_ADDRESS)}


def _text(value: str | float | bool | None) -> str:  # noqa: FBT001 - a property of whatever kind
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return plain(value)
        case _:
            return f"{rounded(value):.10g}"
