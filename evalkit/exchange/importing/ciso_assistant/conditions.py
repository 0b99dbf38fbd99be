"""What a question of CISO Assistant depends on -> when it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.exchange.importing.ciso_assistant.values import words
from evalkit.exchange.importing.draft import AllTrue, ChoiceMade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.exchange.importing.draft import Wish
    from evalkit.exchange.importing.tally import Tally
    from evalkit.files.foreign import ForeignMapping


@dataclass(frozen=True, slots=True)
class Asked:
    """A question by which others may be asked: its id, and the id of each choice by its URN."""

    id: str
    choices: Mapping[str, str]


def asked_if(
    depends_on: ForeignMapping, node_urn: str, asked: Mapping[str, Asked], where: str, tally: Tally
) -> Wish | None:
    """Return the condition of a question; None where it cannot be said, which is noted."""
    named = words(depends_on.get("question")).casefold()
    question = asked.get(named) or asked.get(f"{node_urn}:{named}")
    if question is None:
        tally.add(
            "left out", "when a question is asked, which names no question of the file: it always is", where
        )
        return None
    wanted = depends_on.get("answers", depends_on.get("answer"))
    made = [
        question.choices.get(name) or question.choices.get(f"{named}:{name}") or _by_end(question, name)
        for name in (words(each).casefold() for each in (wanted if isinstance(wanted, list) else [wanted]))
    ]
    known = [name for name in made if name]
    if len(known) < len(made) or not known:
        tally.add(
            "left out", "when a question is asked, which names no choice of the other: it always is", where
        )
        return None
    how = words(depends_on.get("condition")).casefold() or "any"
    if how == "all" and len(known) > 1:
        return AllTrue(tuple(ChoiceMade(question.id, (name,)) for name in known))
    if how not in {"any", "all"}:
        tally.add("changed", "a question is asked if any of the answers named is given", where)
    return ChoiceMade(question.id, tuple(dict.fromkeys(known)))


def _by_end(question: Asked, name: str) -> str:
    """Return the choice whose id is the end of an URN, as the program's editor writes it."""
    return name if name and name in question.choices.values() else ""
