"""The requirements of a framework, each with those above it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from evalkit.exchange.importing.ciso_assistant.values import truth, words
from evalkit.exchange.importing.numbering import Unique

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalkit.exchange.importing.tally import Tally
    from evalkit.files.foreign import ForeignMapping

MAX_DEPTH: Final = 30
_LONGEST_ABOVE: Final = 800
_LONGEST_ID: Final = 200


@dataclass(eq=False)
class Node:
    """One requirement.

    Attributes
    ----------
    id : str
        Its reference where it has one of its own, else what its URN says after that of the framework.
    """

    content: ForeignMapping
    urn: str
    id: str
    is_assessable: bool
    parent: Node | None = None
    has_children: bool = False
    above: tuple[Node, ...] = field(default=())

    @property
    def where(self) -> str:
        """Where it stands in the file."""
        return f"line {self.content.line}"

    @property
    def root(self) -> Node:
        """The one at the top of its branch, perhaps itself."""
        return self.above[0] if self.above else self

    @cached_property
    def name(self) -> str:
        """Its name, ``""`` where it has none."""
        return words(self.content.get("name"))

    @cached_property
    def description(self) -> str:
        """Its description, ``""`` where it has none."""
        return words(self.content.get("description"))

    @cached_property
    def title(self) -> str:
        """Its name, else its description or its reference."""
        return self.name or " ".join(self.description.split())[:_LONGEST_ABOVE] or self.id

    @cached_property
    def heading(self) -> str:
        """Its title, with its reference before it."""
        reference = _line(self.content.get("ref_id"))
        return self.title if self.title.startswith(reference) else f"{reference} {self.title}"

    def headings_above(self, tally: Tally) -> str:
        """Return what stands above it, below the top of its branch, as one text."""
        parts = []
        for node in self.above[1:]:
            text = node.heading
            if node.name and node.description:
                text = f"{text}: {node.description}"
            if len(text) > _LONGEST_ABOVE:
                tally.add("left out", f"the end of a heading beyond {_LONGEST_ABOVE} characters", node.where)
                text = f"{text[:_LONGEST_ABOVE]}…"
            parts.append(text)
        return " / ".join(parts)


def tree_of(contents: Iterable[ForeignMapping], tally: Tally) -> list[Node]:
    """Return the requirements of a framework in the order of the file, each knowing those above it."""
    nodes = _named(list(contents), tally)
    by_urn: dict[str, Node] = {}
    for node in nodes:
        if node.urn and node.urn in by_urn:
            tally.add("changed", "a requirement whose URN another one has; both are kept", node.where)
        by_urn.setdefault(node.urn, node)
    for node in nodes:
        parent = words(node.content.get("parent_urn")).casefold()
        if parent:
            node.parent = by_urn.get(parent)
            if node.parent is None:
                tally.add("changed", "a requirement below one that is not in the file", node.where)
    for node in nodes:
        node.above = _above(node, tally)
        for each in node.above:
            each.has_children = True
    return nodes


def _above(node: Node, tally: Tally) -> tuple[Node, ...]:
    chain: list[Node] = []
    at = node.parent
    while at is not None:
        if at is node or at in chain or len(chain) >= MAX_DEPTH:
            tally.add("changed", "a requirement below itself, or too deep; it stands at the top", node.where)
            return ()
        chain.append(at)
        at = at.parent
    return tuple(reversed(chain))


def _named(contents: list[ForeignMapping], tally: Tally) -> list[Node]:
    references: dict[str, int] = {}
    for content in contents:
        reference = _line(content.get("ref_id"))
        references[reference] = references.get(reference, 0) + 1
    base = _base([words(content.get("urn")).casefold() for content in contents])
    taken = Unique(_LONGEST_ID, " ")
    named: set[str] = set()
    nodes = []
    for number, content in enumerate(contents, start=1):
        urn = words(content.get("urn")).casefold()
        reference = _line(content.get("ref_id"))
        own = reference if references[reference] == 1 else ""
        candidates = (own, urn.removeprefix(base), urn)
        name = taken.new(next((each for each in candidates if each and each not in named), f"node {number}"))
        named.add(name)
        is_assessable = truth(content.get("assessable"))
        if is_assessable is None:
            tally.add(
                "left out",
                "a requirement of which nobody can tell whether it is assessable",
                f"line {content.line}",
            )
        is_screen = words(content.get("display_mode")) == "splash"
        nodes.append(Node(content, urn, name, bool(is_assessable) and not is_screen))
    return nodes


def _base(urns: list[str]) -> str:
    """Return with what all URNs begin, up to a colon."""
    named = sorted(urn for urn in urns if urn)
    ends = zip(named[0], named[-1], strict=False) if named else ()
    common = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], ends))
    return "".join(common.rpartition(":")[:2])


def _line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
