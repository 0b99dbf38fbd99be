"""A questionnaire of VSAQ, and the answers that it saves -> a draft.

===========================  ===============================================================================
an item                      becomes
===========================  ===============================================================================
line, box, upload            a question that is answered in words
yesno, radiogroup, radio     a question with choices: radio buttons of one block are one question
checkgroup, check            a question of which more than one choice may be made; one, ticked or not
tip                          guidance on the question that its condition asks for, never points; what is
                             asked for with it is part of that question's answer
info                         the text of a question that has none, else guidance, or the section's text
block                        a section, or a heading in the guidance; its condition holds for all in it
extensions                   items, at the places that they name
===========================  ===============================================================================

VSAQ gives no answer a worth, and none is made up: ``--points`` says what choices are worth.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.draft import (
    Choice,
    ChoiceMade,
    Draft,
    DraftQuestion,
    DraftSection,
    NotTrue,
    choices_asked_for,
)
from evalkit.exchange.importing.tally import Tally
from evalkit.exchange.importing.vsaq.answers import answers_of
from evalkit.exchange.importing.vsaq.conditions import ALWAYS, NEVER
from evalkit.exchange.importing.vsaq.extensions import roots_of
from evalkit.exchange.importing.vsaq.items import QUESTIONS, items_of, said, word
from evalkit.exchange.importing.vsaq.names import NONE, NOT_TICKED, TICKED, Names
from evalkit.exchange.importing.vsaq.tolerant_json import JsonObject, read_json
from evalkit.files.document import harmless

if TYPE_CHECKING:
    from evalkit.exchange.importing.draft import Wish
    from evalkit.exchange.importing.formats import Wanted
    from evalkit.exchange.importing.vsaq.items import Item

_GENERAL: Final = "Questions"
_LONGEST_SHOWN: Final = 80


def read(raw: bytes, name: str, wanted: Wanted) -> Draft:
    """Return what a questionnaire asks, and what a file of answers says.

    Raises
    ------
    EvalkitError
        If it is not VSAQ's JSON, or has no question.
    """
    document = read_json(raw, name)
    tally = Tally()
    for key, line in document.repeats:
        tally.add(
            "changed",
            f"key {harmless(key)!r} stands twice in one object; the last one counts",
            f"line {line}",
        )
    roots = roots_of(document.data, name, tally)
    items = list(items_of(roots, tally))
    every = frozenset(id_ for item in items for id_ in (item.id, *(name for name, _ in item.choices())))
    reading = _Reading(Names(tally, every), tally, 1 if len(roots) == 1 else 0)
    named = [(item, reading.names.add(item)) for item in items]
    for item, question in named:
        reading.take(item, question)
    sections = reading.sections()
    if not any(section.questions for section in sections):
        raise EvalkitError(f"{name}: there is no question in it")
    answers = answers_of(*wanted.answers, reading.names, reading.tips, tally) if wanted.answers else ()
    order = {question.id: at for at, question in enumerate(each for it in sections for each in it.questions)}
    title = said(roots[0].get("text")) if len(roots) == 1 and roots[0].get("type") == "block" else ""
    return Draft(
        title=wanted.title or title or name.rpartition(".")[0] or name,
        sections=sections,
        answers=tuple(sorted(answers, key=lambda answer: order.get(answer.question, len(order)))),
        notes=tally.notes(),
        version=_version(document.data, roots),
    )


def _version(data: object, roots: list[JsonObject]) -> str:
    stated = data.get("version") if isinstance(data, JsonObject) else None
    if stated is None and len(roots) == 1:
        stated = roots[0].get("version")
    return f"{stated:g}" if isinstance(stated, float) else word(stated)


@dataclass
class _Section:
    block: JsonObject | None
    title: str
    questions: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


@dataclass
class _Made:
    """A question being made."""

    item: Item
    text: str
    asked_if: Wish
    why: list[str]


@dataclass
class _Reading:
    """Goes through the items; ``depth`` is how many blocks around one stand above its section."""

    names: Names
    tally: Tally
    depth: int
    made: dict[str, _Made] = field(default_factory=dict)
    parts: list[_Section] = field(default_factory=list)
    current: _Section | None = None
    last: tuple[Item, str] | None = None
    pending: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    tips: dict[str, tuple[str, str]] = field(default_factory=dict)

    def take(self, item: Item, question: str) -> None:
        """Take one item; all ids are known."""
        if item.kind in {"block", "spacer"}:
            return
        section = self._section(item)
        shown_if = self.names.shown_if(item.conditions, item.where)
        if shown_if == NEVER:
            self.tally.add("left out", "what is never shown", item.where)
        elif item.kind == "info":
            self.pending += [item.text] if item.text else []
        elif item.kind == "tip":
            self._tip(item, section)
        elif question and item.kind in QUESTIONS:
            self._question(item, question, section, shown_if)

    def _section(self, item: Item) -> _Section:
        block = (
            item.blocks[self.depth]
            if len(item.blocks) > self.depth
            else (item.blocks[-1] if item.blocks else None)
        )
        if self.current is not None and self.current.block is block:
            return self.current
        self._flush()
        self.current = next((part for part in self.parts if part.block is block), None)
        if self.current is None:
            self.current = _Section(block, (_heading(block) if block is not None else "") or _GENERAL)
            self.parts.append(self.current)
        return self.current

    def _flush(self) -> None:
        """Leave texts behind which no question comes with the last question, or with the section."""
        section, texts = self.current, [*self.pending, *self.loose]
        if section is not None:
            (self.made[section.questions[-1]].why if section.questions else section.text).extend(texts)
        self.pending, self.loose = [], []

    def _question(self, item: Item, question: str, section: _Section, shown_if: Wish) -> None:
        text = "" if item.kind == "radio" else item.text
        if not text and self.pending:
            text = self.pending.pop()
            self.tally.add("changed", "the text before a question that has none is its text", item.where)
        if not text and self.last is not None and self._continues(item, self.last[0]):
            text = self.last[1]
            self.tally.add(
                "assumed", "a question without a text has that of the one of its kind before it", item.where
            )
        if not text:
            text = next(filter(None, (_heading(block) for block in reversed(item.blocks))), "")
            self.tally.add("assumed", "a question without a text has that of its block", item.where)
        under = " / ".join(filter(None, map(_heading, item.blocks[self.depth + 1 :])))
        why = [f"Under: {under}"] if under else []
        if section.questions:
            why += self.pending
        else:
            section.text += self.pending
        why += self.loose
        self.pending, self.loose = [], []
        for key, what in (("placeholder", "Shown where the answer goes"), ("inputTitle", "How to answer")):
            hint = said(item.content.get(key))
            why += [f"{what}: {hint}"] if hint else []
        if item.kind == "upload":
            self.tally.add("changed", "where a file is asked for, its name is the answer", item.where)
        section.questions.append(question)
        self.made[question] = _Made(item, text, shown_if, why)
        self.last = item, text

    @staticmethod
    def _continues(item: Item, before: Item) -> bool:
        return item.kind == before.kind and item.blocks == before.blocks and bool(item.choices())

    def _tip(self, item: Item, section: _Section) -> None:
        """Attach a tip to the question that its condition asks for, else to the one before it."""
        conditions = (
            item.conditions[-1:]
            if isinstance(item.content.get("cond"), str) and word(item.content["cond"])
            else ()
        )
        own = self.names.own(conditions[0]) if conditions else ALWAYS
        asked = [leaf.question for leaf in choices_asked_for(own)] if own is not None else []
        goal = next(
            (each for each in asked if each in self.made), section.questions[-1] if section.questions else ""
        )
        text = self._advice(item, self._when(conditions[0], own) if conditions else "")
        (self.made[goal].why if goal else self.loose).append(text)
        if item.id and item.content.get("why") and goal:
            self.tips[item.id] = goal, said(item.content.get("name")) or "advice"

    def _when(self, condition: str, wish: Wish | None) -> str:
        match wish:
            case ChoiceMade(question, (choice,)):
                return f"if “{self._shown(question, choice)}”"
            case NotTrue(ChoiceMade(question, (choice,))):
                return f"unless “{self._shown(question, choice)}”"
            case _:
                return f"if {' '.join(condition.split())}"

    def _shown(self, question: str, choice: str) -> str:
        item = self.names.found[question].item if question in self.names.found else None
        texts = dict(_choices(item)) if item is not None and item.kind != "radio" else {}
        text = " ".join((texts.get(choice) or choice).split())
        text = text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
        is_choice = item is not None and item.kind in {"check", "yesno"}
        return f"{question}: {text}" if is_choice else text

    @staticmethod
    def _advice(item: Item, when: str) -> str:
        content = item.content
        title = said(content.get("customTitle")) or ("Warning" if content.get("warn") == "yes" else "Advice")
        severity, called = said(content.get("severity")), said(content.get("name"))
        head = " ".join(filter(None, (title, f"({severity})" if severity else "", when)))
        lines = [f"{head}: {called}" if called else f"{head}:", item.text]
        lines += [
            f"{what}: {text}"
            for what, text in (
                ("Asked for then", said(content.get("why"))),
                ("To do", said(content.get("todo"))),
            )
            if text
        ]
        return "\n".join(filter(None, lines))

    def sections(self) -> tuple[DraftSection, ...]:
        """Return what was taken."""
        self._flush()
        made = []
        before: list[str] = []
        for part in self.parts:
            if part.questions:
                questions = tuple(self._drafted(question) for question in part.questions)
                made.append(
                    DraftSection(part.title, part.title, questions, "\n\n".join((*before, *part.text)))
                )
                before = []
            elif part.text:
                before += [f"{part.title}:", *part.text]
        if before:
            self.tally.add("left out", "texts after the last question")
        return tuple(made)

    def _drafted(self, question: str) -> DraftQuestion:
        made = self.made[question]
        item = made.item
        if item.kind == "radio":
            offered = [(id_, self.names.found[id_].item.text) for id_ in self.names.choices[question]]
        else:
            offered = _choices(item)
        return DraftQuestion(
            id=question,
            text=made.text,
            where=item.where,
            why="\n\n".join(made.why),
            choices=tuple(Choice(id_, text) for id_, text in offered),
            several=item.kind == "checkgroup",
            asked_if=None if made.asked_if == ALWAYS else made.asked_if,
        )


def _choices(item: Item) -> list[tuple[str, str]]:
    """Return id and text of each answer that an item offers."""
    match item.kind:
        case "yesno":
            return [(name, said(item.content.get(name)) or name.capitalize()) for name in ("yes", "no")]
        case "check":
            return [(TICKED, "Ticked"), (NOT_TICKED, "Not ticked")]
        case "radiogroup" | "checkgroup":
            more = [(NONE, "None of the above.")] if item.content.get("defaultChoice") is True else []
            return item.choices() + more
        case _:
            return []


def _heading(block: JsonObject) -> str:
    return " ".join((said(block.get("text")) or word(block.get("id"))).split())
