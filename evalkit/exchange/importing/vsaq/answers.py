"""The answers that VSAQ saves, one value for each id -> answers of a draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.draft import DraftAnswer
from evalkit.exchange.importing.vsaq.names import TICKED
from evalkit.exchange.importing.vsaq.tolerant_json import JsonObject, read_json
from evalkit.files.document import harmless

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.exchange.importing.tally import Tally
    from evalkit.exchange.importing.vsaq.names import Names

_TODO: Final = "vsaq_todo_"
_FILE: Final = "|"
_UNTICKED: Final = frozenset(("", "unchecked", "false"))


def answers_of(
    raw: bytes, name: str, names: Names, tips: Mapping[str, tuple[str, str]], tally: Tally
) -> tuple[DraftAnswer, ...]:
    """Return the answers in a file that VSAQ saved.

    Parameters
    ----------
    tips
        Question and name of each tip with which something is asked for.

    Raises
    ------
    EvalkitError
        If it is no JSON object.
    """
    document = read_json(raw, name)
    data: Any = document.data
    if isinstance(data, str):  # as the browser's storage holds it
        data = read_json(data.encode("utf-8", "replace"), name).data
    if isinstance(data, JsonObject) and len(data) == 1 and isinstance(data.get("answers"), JsonObject):
        data = data["answers"]
    if not isinstance(data, JsonObject):
        raise EvalkitError(f"{name} holds no answers of VSAQ: it is no object with a value for each id")
    for key, line in document.repeats:
        tally.add(
            "changed", f"id {harmless(key)!r} is answered twice; the last one counts", f"{name}, line {line}"
        )
    taking = _Taking(name, names, tips, tally)
    for key, value in data.items():
        taking.take(key, value)
    return taking.answers()


@dataclass
class _Given:
    where: str
    choices: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@dataclass
class _Taking:
    name: str
    names: Names
    tips: Mapping[str, tuple[str, str]]
    tally: Tally
    given: dict[str, _Given] = field(default_factory=dict)
    open_boxes: dict[str, str] = field(default_factory=dict)

    def take(self, key: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        where = f"{self.name}, {harmless(key)}"
        if value is None:
            return
        if not isinstance(value, str | bool):
            self.tally.add("left out", "an answer that is neither text nor ticked", where)
            return
        named = self.names.found.get(key)
        if key in self.tips:
            question, called = self.tips[key]
            self._say(question, where, value, f"On “{called}”: ")
        elif key.startswith(_TODO):
            self.tally.add("left out", "what is done of the list of things to do", where)
        elif named is None or not named.question:
            self.tally.add("left out", "an answer to what is no question of the questionnaire", where)
        elif named.choice or named.item.kind == "check":
            self._tick(named.question, named.choice or TICKED, where, value)
        elif named.item.kind == "yesno":
            self._yes_no(named.question, where, value)
        elif named.item.kind in {"radiogroup", "checkgroup"}:
            self.tally.add("left out", "an answer to a group, and not to one of its choices", where)
        elif named.item.kind == "upload":
            self._file(named.question, where, value)
        else:
            self._say(named.question, where, value, "")

    def _of(self, question: str, where: str) -> _Given:
        return self.given.setdefault(question, _Given(where))

    def _tick(self, question: str, choice: str, where: str, value: str | bool) -> None:  # noqa: FBT001 - an answer
        if value is True or value == TICKED:
            self._of(question, where).choices.append(choice)
        elif value is False or value in _UNTICKED:
            self.open_boxes.setdefault(question, where)
        else:
            self.tally.add("left out", "a box that is neither ticked nor not", where)

    def _yes_no(self, question: str, where: str, value: str | bool) -> None:  # noqa: FBT001 - an answer
        if value in {"yes", "no"}:
            self._of(question, where).choices.append(str(value))
        elif value:
            self.tally.add("left out", "an answer to yes or no that is neither", where)

    def _say(self, question: str, where: str, value: str | bool, before: str) -> None:  # noqa: FBT001 - an answer
        if isinstance(value, bool):
            self.tally.add("left out", "an answer in words that is none", where)
        elif value.strip():
            self._of(question, where).texts.append(f"{before}{value.strip()}")

    def _file(self, question: str, where: str, value: str | bool) -> None:  # noqa: FBT001 - an answer
        if isinstance(value, str) and value.strip():
            _, _, name = value.rpartition(_FILE)
            self._of(question, where).texts.append(f"File: {name.strip() or value.strip()}")
            self.tally.add("left out", "files that were sent in answer; their names are kept", where)

    def answers(self) -> tuple[DraftAnswer, ...]:
        for question, where in self.open_boxes.items():
            if not (question in self.given and self.given[question].choices):
                told = "boxes not ticked, which VSAQ does not tell from those not looked at: unanswered"
                self.tally.add("left out", told, where)
        return tuple(
            DraftAnswer(question, given.where, tuple(dict.fromkeys(given.choices)), "\n\n".join(given.texts))
            for question, given in self.given.items()
        )
