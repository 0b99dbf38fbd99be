"""What the ids in a VSAQ questionnaire stand for: questions, their choices, and what has no answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from evalkit.exchange.importing.draft import ChoiceMade
from evalkit.exchange.importing.vsaq.conditions import ALWAYS, CannotSayError, both, parsed
from evalkit.files.document import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalkit.exchange.importing.draft import Wish
    from evalkit.exchange.importing.tally import Tally
    from evalkit.exchange.importing.vsaq.items import Item

TICKED: Final = "checked"
NOT_TICKED: Final = "unchecked"
NONE: Final = "none_of_the_above"
_SUFFIX: Final = re.compile(r"/(yes|no|value)$")
_DEEPEST: Final = 5
"""How far conditions that ask whether something is shown lead to others of that kind."""


@dataclass(frozen=True, slots=True)
class Named:
    """What an id stands for.

    Attributes
    ----------
    question : str
        Id of the question that it is, or of whose choices it is one.
    choice : str
        The choice; ``""`` where it is a question.
    """

    item: Item
    question: str
    choice: str = ""


@dataclass
class Names:
    """Ids of a questionnaire; ``every`` are all that stand in its file."""

    tally: Tally
    every: frozenset[str]
    found: dict[str, Named] = field(default_factory=dict)
    radios: dict[int, str] = field(default_factory=dict)
    known: dict[str, Wish] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    repeats: dict[str, int] = field(default_factory=dict)
    visiting: int = 0

    def add(self, item: Item) -> str:
        """Take the ids of an item, and return that of the question that begins with it, or ``""``."""
        match item.kind:
            case "radiogroup" | "checkgroup":
                return self._group(item)
            case "radio":
                return self._radio(item)
            case "box" | "check" | "line" | "upload" | "yesno" | "tip" | "block" | "info":
                is_question = item.kind not in {"tip", "block", "info"}
                if not item.id:
                    if is_question:
                        self.tally.add("left out", "a question without an id", item.where)
                    return ""
                if not is_question:
                    self.found.setdefault(item.id, Named(item, ""))
                    return ""
                question = self._free(item.id, item)
                self.found[question] = Named(item, question)
                return question
            case _:
                return ""

    def _free(self, id_: str, item: Item) -> str:
        """Return an id that nothing has: this one, or with a number behind it."""
        if id_ not in self.found:
            return id_
        told = "an id stands more than once: conditions and answers mean what has it first"
        self.tally.add("changed", told, item.where)
        self.repeats[id_] = self.repeats.get(id_, 1) + 1
        return self._free(f"{id_} ({self.repeats[id_]})", item)

    def _group(self, item: Item) -> str:
        offered = [id_ for id_, _ in item.choices() if id_]
        if not offered:
            self.tally.add("left out", "a question that offers no choice", item.where)
            return ""
        question = self._free(item.id or self._common(offered), item)
        self.found[question] = Named(item, question)
        for id_ in offered:
            if id_ in self.found:
                told = "a choice has an id that stood before: conditions and answers mean what has it first"
                self.tally.add("changed", told, item.where)
            self.found.setdefault(id_, Named(item, question, id_))
        self.choices[question] = tuple(dict.fromkeys(offered))
        return question

    def _common(self, offered: list[str]) -> str:
        """Return what ids of choices have in common, if nothing else is called so."""
        parts = zip(*(id_.split("_") for id_ in offered), strict=False)
        shared = takewhile(lambda words: len(set(words)) == 1, parts)
        common = "_".join(words[0] for words in shared) if len(offered) > 1 else ""
        return common if common and common not in self.every else f"group of {offered[0]}"

    def _radio(self, item: Item) -> str:
        """Radio buttons of one block are one question."""
        if not item.id:
            self.tally.add("left out", "a question without an id", item.where)
            return ""
        block = id(item.blocks[-1]) if item.blocks else 0
        is_first = block not in self.radios
        question = self.radios.setdefault(block, f"group of {item.id}")
        own = self._free(item.id, item)
        self.found[own] = Named(item, question, own)
        self.choices[question] = (*self.choices.get(question, ()), own)
        return question if is_first else ""

    def shown_if(self, conditions: Iterable[str], where: str) -> Wish:
        """Return when something under conditions is shown; those that cannot be said are noted, not kept."""
        found: Wish = ALWAYS
        for condition in conditions:
            try:
                found = both(found, self._parsed(condition))
            except CannotSayError as error:
                told = f"when something is asked is not kept where {error}: it is asked more often"
                self.tally.add("left out", told, where)
        return found

    def own(self, condition: str) -> Wish | None:
        """Return one condition; None if it cannot be said."""
        try:
            return self._parsed(condition)
        except CannotSayError:
            return None

    def _parsed(self, condition: str) -> Wish:
        if condition not in self.known:
            self.known[condition] = parsed(condition, self._resolved)
        return self.known[condition]

    def _resolved(self, token: str) -> Wish:
        name = _SUFFIX.sub("", token.removeprefix("^"))
        ending = match.group(1) if (match := _SUFFIX.search(token)) else ""
        shown = harmless(name)
        named = self.found.get(name)
        if named is None:
            raise CannotSayError(f"the condition names {shown!r}, which is not in the file")
        if ending == "value":
            raise CannotSayError("the condition compares texts")
        if token.startswith("^"):
            return self._is_shown(named.item)
        kind = named.item.kind
        if named.choice or kind == "check":
            if ending == "no":
                raise CannotSayError(f"the condition asks for {shown}/no, which is no question of yes and no")
            return ChoiceMade(named.question, (named.choice or TICKED,))
        match kind:
            case "yesno" if ending:
                return ChoiceMade(named.question, (ending,))
            case "yesno":
                raise CannotSayError(
                    f"the condition asks for {shown!r} without /yes or /no, and is false in VSAQ"
                )
            case "radiogroup" | "checkgroup":
                return ChoiceMade(named.question, self.choices[named.question])
            case _:
                raise CannotSayError(f"the condition names {shown!r}, which is no choice")

    def _is_shown(self, item: Item) -> Wish:
        if self.visiting >= _DEEPEST:
            raise CannotSayError("the condition asks whether something is shown, and so on")
        self.visiting += 1
        try:
            found: Wish = ALWAYS
            for condition in item.conditions:
                found = both(found, parsed(condition, self._resolved))
        finally:
            self.visiting -= 1
        return found
