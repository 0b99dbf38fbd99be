"""What a page of the presentation sends, and what it is told: messages, no widget, no file.

A page sends ``hello``, ``weight``, ``tick``, ``every``, ``stated-weights`` and ``back``, each with its
number. It is answered by a ``picture`` with that number, so that it knows when it may send the next move; a
message that asks for what there is not is answered by the picture as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.forms.presenting.picture import picture, setting, standings
from evalkit.forms.presenting.supposition import key_of
from evalkit.views.board.live_words import words
from evalkit.views.numbers import number, percent
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.forms.presenting.state import Presentation

Message = dict[str, Any]


class Live:
    """The presentation as it is moved.

    Attributes
    ----------
    state : Presentation
        What all its pages show.
    """

    def __init__(self, state: Presentation) -> None:
        self.state = state

    def receive(self, message: Mapping[str, Any]) -> list[Message]:
        """Return what all pages are told after a page's message."""
        move = message.get("number")
        if message.get("kind") == "hello":
            return [{"kind": "setting", **setting(self.state)}, self._picture(move, "")]
        before = self.state
        try:
            said = self._move(message)
        except (KeyError, TypeError, ValueError):  # no page of ours sends such
            self.state, said = before, ""
        if before != self.state:
            said = f"{said} {standings(before, self.state)}".strip()
        return [self._picture(move, said)]

    def _picture(self, move: object, said: str) -> Message:
        return {"kind": "picture", "number": move, "said": said, **picture(self.state)}

    def _move(self, message: Mapping[str, Any]) -> str:
        match message["kind"]:
            case "weight":
                return self._weigh(str(message["domain"]), float(message["weight"]))
            case "tick":
                return self._tick(str(message["option"]), str(message["key"]), is_done=bool(message["on"]))
            case "every":
                return self._every(str(message["option"]), is_done=bool(message["on"]))
            case "stated-weights":
                self.state = self.state.with_stated_weights()
                return words.SAID_STATED_WEIGHTS
            case "back":
                self.state = self.state.back()
                return words.SAID_BACK
            case _:
                return ""

    def _weigh(self, domain: str, weight: float) -> str:
        self.state = self.state.weighing(domain, weight)
        weights = self.state.what_if.domain_weights
        title = next(it.title for it in self.state.inputs.questionnaire.domains if it.id == domain)
        return words.SAID_WEIGHT.format(
            domain=plain(title),
            now=number(weight),
            share=percent(weight / sum(weights.values())),
            stated=number(self.state.stated_weights[domain]),
        )

    def _tick(self, option: str, key: str, *, is_done: bool) -> str:
        done = self.state.done.get(option, frozenset())
        self.state = self.state.supposing(option, done | {key} if is_done else done - {key})
        what = next(it.what for it in self.state.way(option).to_do if key_of(it) == key)
        sentence = words.SAID_DONE if is_done else words.SAID_UNDONE
        return sentence.format(letter=self._letter(option), what=what)

    def _every(self, option: str, *, is_done: bool) -> str:
        keys = self.state.way(option).keys if is_done else frozenset[str]()
        self.state = self.state.supposing(option, keys)
        sentence = words.SAID_EVERY if is_done else words.SAID_NONE
        return sentence.format(letter=self._letter(option))

    def _letter(self, option: str) -> str:
        return next(it.letter for it in self.state.shown if it.option == option)
