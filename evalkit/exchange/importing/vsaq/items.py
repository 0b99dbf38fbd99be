"""The items of a VSAQ questionnaire, one behind the other, each with the blocks around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.exchange.importing.html_text import plain_text
from evalkit.exchange.importing.vsaq.tolerant_json import JsonObject
from evalkit.files.document import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.exchange.importing.tally import Tally

QUESTIONS: Final = frozenset(("box", "check", "checkgroup", "line", "radio", "radiogroup", "upload", "yesno"))
_OTHERS: Final = frozenset(("block", "info", "spacer", "tip"))
_TAKEN: Final = frozenset(
    (
        "type",
        "id",
        "text",
        "cond",
        "items",
        "choices",
        "choicesConds",
        "defaultChoice",
        "yes",
        "no",
        "placeholder",
        "inputTitle",
        "warn",
        "severity",
        "why",
        "name",
        "todo",
        "customTitle",
        "auth",
        "className",
        "insertBefore",
        "insertAfter",
        "version",
    )
)
_HOW: Final = frozenset(("required", "maxlength", "inputPattern", "inputType", "style"))


@dataclass(frozen=True, slots=True)
class Item:
    """One item.

    Attributes
    ----------
    blocks : tuple of JsonObject
        Around it, from the outermost.
    conditions : tuple of str
        Its own and those of the blocks around it; it is shown if all hold.
    """

    content: JsonObject
    blocks: tuple[JsonObject, ...]
    conditions: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What it is, ``box`` for example."""
        return str(self.content["type"])

    @property
    def id(self) -> str:
        """Its id, ``""`` where it has none."""
        return word(self.content.get("id"))

    @property
    def where(self) -> str:
        """Where it stands in the file."""
        return f"line {self.content.line}"

    @property
    def text(self) -> str:
        """Its text, without markup."""
        return said(self.content.get("text"))

    def choices(self) -> list[tuple[str, str]]:
        """Return id and text of each of its choices."""
        return [
            (word(id_), said(text))
            for each in objects(self.content.get("choices"))
            for id_, text in each.items()
        ]


def said(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a text without markup, ``""`` for all else."""
    return plain_text(value) if isinstance(value, str) else ""


def word(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return an id, ``""`` for what is none."""
    match value:
        case str():
            return value.strip()
        case float() if value.is_integer():
            return f"{value:.0f}"
        case _:
            return ""


def objects(value: Any) -> list[JsonObject]:  # noqa: ANN401 - any JSON value
    """Return the objects in a list; an object alone is a list of one."""
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, JsonObject)]


def items_of(roots: list[JsonObject], tally: Tally) -> Iterator[Item]:
    """Yield every item that VSAQ knows, in the order of the file; blocks before what is in them."""
    waiting = [(root, (), ()) for root in reversed(roots)]  # type: list[tuple[JsonObject, tuple[JsonObject, ...], tuple[str, ...]]]
    while waiting:
        content, blocks, conditions = waiting.pop()
        kind = content.get("type")
        where = f"line {content.line}"
        if not isinstance(kind, str) or kind not in QUESTIONS | _OTHERS:
            tally.add(
                "left out", f"items of the type {harmless(str(kind), 40)!r}, which VSAQ does not have", where
            )
            continue
        _tell(content, tally)
        own = content.get("cond")
        if own not in (None, "") and not isinstance(own, str):
            tally.add("left out", "a condition that is no text", where)
        shown_if = (*conditions, own) if isinstance(own, str) and own.strip() else conditions
        yield Item(content, blocks, shown_if)
        if kind == "block":
            inner = content.get("items")
            for each in inner if isinstance(inner, list) else []:
                if not isinstance(each, JsonObject):
                    tally.add("left out", "an item that is no object", where)
            waiting += [(each, (*blocks, content), shown_if) for each in reversed(objects(inner))]


def _tell(content: JsonObject, tally: Tally) -> None:
    where = f"line {content.line}"
    for key, value in content.items():
        if value in (None, "", [], {}, False):
            continue
        if key in _HOW:
            tally.add("left out", f"{harmless(key)!r}: how an answer is to be typed", where)
        elif key == "default":
            tally.add("left out", "answers that are there before anybody answers", where)
        elif key not in _TAKEN:
            tally.add("left out", f"{harmless(key)!r} of items", where)
    if content.get("choicesConds"):
        tally.add("changed", "choices that are offered under a condition are always offered", where)
    if content.get("auth") == "admin" or content.get("className") == "vsaq-invisible":
        tally.add(
            "changed", "what is shown to administrators only, or to nobody, is asked as all else", where
        )
    if content.get("auth") == "readonly":
        tally.add("changed", "what cannot be answered by hand is asked as all else", where)
