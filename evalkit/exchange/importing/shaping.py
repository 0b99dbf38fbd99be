"""A question of a draft -> a question that can be scored, without making up what an answer is worth.

==========================================  ==========================================================
the file                                    becomes
==========================================  ==========================================================
one choice of several, each worth another   a scale, from the least to the most
the same, some worth the same, or none all  a set whose options exclude one another
several choices of many                     a set whose points add up
choices of which no worth is stated, and    facts on the product's cover sheet
other questions are asked if one is made
any other without a worth, or in words      a scale on which its reader judges the answer
==========================================  ==========================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from evalkit.exchange.importing.draft import Note, choices_asked_for
from evalkit.exchange.importing.numbering import Unique, unique, word_from
from evalkit.exchange.importing.tally import Tally
from evalkit.model.questionnaire import ScaleQuestion, SetQuestion
from evalkit.views.numbers import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.exchange.importing.draft import Choice, Draft, DraftQuestion
    from evalkit.exchange.importing.numbering import Numbering
    from evalkit.model.questionnaire import Ladder, Question

ORIGIN: Final = "origin"
"""Key of the framework whose identifiers are the ids in the file."""

JUDGED: Final = (
    (0, "Not acceptable", "Whoever reads the answer finds it not acceptable, or saying nothing."),
    (50, "Acceptable in part", "Whoever reads the answer finds it acceptable with reservations."),
    (100, "Acceptable", "Whoever reads the answer finds it acceptable as it is."),
)
"""Points, label and text of the levels on which a reader judges."""

CHOICE_LADDER: Final[Ladder] = "capability"
JUDGED_LADDER: Final[Ladder] = "disclosure"
LADDERS: Final[Mapping[Ladder, str]] = {
    CHOICE_LADDER: "The choices of the imported questionnaire, from the least to the most worth.",
    JUDGED_LADDER: "How acceptable an answer is, judged by whoever reads it.",
}
_LONGEST_LABEL: Final = 60
_LONGEST_TITLE: Final = 70
_LONGEST_WORD: Final = 60
_LONGEST_GUIDANCE: Final = 1_000
_NAMED: Final = 5
_ALL: Final = 100


@dataclass(frozen=True)
class Shaped:
    """The questions of an instrument, and how choices of the file are found in them.

    Attributes
    ----------
    questions : mapping
        By id in the file; what became facts is not among them.
    levels : mapping
        Of each scale made of choices: level by choice.
    options : mapping
        Of each set: option by choice.
    facts : mapping
        Of each question that became facts: word by choice.
    """

    questions: Mapping[str, Question]
    levels: Mapping[str, Mapping[str, int]]
    options: Mapping[str, Mapping[str, str]]
    facts: Mapping[str, Mapping[str, str]]
    notes: tuple[Note, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All facts, in the order of the file."""
        return tuple(word for each in self.facts.values() for word in each.values())


def shaped(draft: Draft, names: Numbering) -> Shaped:
    """Return the questions of a draft; none has a condition yet."""
    return _Shaping(draft, names).run()


@dataclass
class _Shaping:
    draft: Draft
    names: Numbering
    questions: dict[str, Question] = field(default_factory=dict)
    levels: dict[str, dict[str, int]] = field(default_factory=dict)
    options: dict[str, dict[str, str]] = field(default_factory=dict)
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    fact_names: Unique = field(default_factory=lambda: Unique(_LONGEST_WORD, "_"))

    def run(self) -> Shaped:
        asked_for = {
            leaf.question
            for question in self.draft.questions
            if question.asked_if is not None
            for leaf in choices_asked_for(question.asked_if)
        }
        titles = unique((_title(question) for question in self.draft.questions), _LONGEST_TITLE, " ")
        for question, title in zip(self.draft.questions, titles, strict=True):
            self._shape(question, title, decides=question.id in asked_for)
        self._tell_of_words()
        notes = (*self.notes, *self.tally.notes())
        return Shaped(self.questions, self.levels, self.options, self.facts, notes)

    def _shape(self, question: DraftQuestion, title: str, *, decides: bool) -> None:
        worth = [choice.points for choice in question.choices if choice.points is not None]
        if len(set(worth)) > 1:
            several = self._set if max(worth) > 0 else self._penalties
            make = several if question.several else self._choice
            make(question, title)
        elif question.choices and decides:
            self._fact(question)
        else:
            if worth:
                told = "no choice of a question is worth more than the others: its reader judges the answer"
                self.tally.add("changed", told, question.where)
            self._judged(question, title)

    def _choice(self, question: DraftQuestion, title: str) -> None:
        """One of several choices: a scale if each is worth another, from nothing to all."""
        rated = self._with_points(question)
        least, most = question.scale or (min(it for _, it in rated), max(it for _, it in rated))
        span = most - least
        if least and question.scale is None:
            told = (
                f"the choice worth least was worth {least:g}, and the one worth most {most:g}; here they are"
                f" worth 0 and {_ALL}"
            )
            self.tally.add("changed", told, question.where)
        scaled = [
            (choice, round(_ALL * min(max(points - least, 0.0), span) / span, 9)) for choice, points in rated
        ]
        worth = {points for _, points in scaled}
        if len(worth) == len(scaled) and {0, _ALL} <= worth:
            scaled.sort(key=lambda each: each[1])
            labels = unique((_label(choice) for choice, _ in scaled), _LONGEST_LABEL, " ")
            made = [
                {"level": level, "points": float(points), "label": label, "text": choice.text}
                for level, ((choice, points), label) in enumerate(zip(scaled, labels, strict=True))
            ]
            self.levels[question.id] = {choice.id: level for level, (choice, _) in enumerate(scaled)}
            more = {"kind": "scale", "ladder": CHOICE_LADDER, "levels": made}
            self.questions[question.id] = ScaleQuestion.model_validate(self._base(question, title) | more)
            return
        words = _words([choice for choice, _ in scaled])
        rule = {"type": "worst_of_selected", "empty": "unknown", "exclusive": list(words.values())}
        self._add_set(question, title, [(_spelt_out(choice), points) for choice, points in scaled], rule)

    def _with_points(self, question: DraftQuestion) -> list[tuple[Choice, float]]:
        for choice in question.choices:
            if choice.points is None:
                told = (
                    f"choice {_label(choice)!r} has no worth and is not offered; whether a question applies"
                    " follows from conditions"
                )
                self.tally.add("left out", told, question.where)
        return [(choice, choice.points) for choice in question.choices if choice.points is not None]

    def _set(self, question: DraftQuestion, title: str) -> None:
        """Several of many choices: what they are worth adds up."""
        for choice in question.choices:
            if choice.points is None or choice.points < 0:
                what = "no worth" if choice.points is None else f"the worth {choice.points:g}"
                told = f"choice {choice.text[:60]!r} of {question.id} has {what}; it counts 0"
                self.notes.append(
                    Note("assumed" if choice.points is None else "changed", question.where, told)
                )
        worth = [(choice, max(0.0, choice.points or 0)) for choice in question.choices]
        total = _most(question) or sum(points for _, points in worth)
        rule = {"type": "sum_capped", "cap": _ALL, "empty": "unknown"}
        self._add_set(question, title, [(choice, _ALL * points / total) for choice, points in worth], rule)

    def _penalties(self, question: DraftQuestion, title: str) -> None:
        """Several of many choices that only take points away."""
        told = f"the choices of {question.id} only take points away: it starts at {_ALL}"
        self.notes.append(Note("assumed", question.where, told))
        taken = [(choice, abs(choice.points or 0.0)) for choice in question.choices]
        total = _most(question) or sum(points for _, points in taken)
        rule = {"type": "start_minus_penalties", "start": _ALL, "floor": 0, "empty": "unknown"}
        scaled = [(choice, _ALL * points / total) for choice, points in taken]
        self._add_set(question, title, scaled, rule, worth="penalty")

    def _add_set(
        self,
        question: DraftQuestion,
        title: str,
        scaled: list[tuple[Choice, float]],
        rule: Mapping[str, Any],
        worth: str = "points",
    ) -> None:
        words = _words([choice for choice, _ in scaled])
        made = [
            {"id": words[choice.id], worth: min(points, float(_ALL)), "text": choice.text}
            for choice, points in scaled
        ]
        self.options[question.id] = words
        more = {"kind": "set", "options": made, "value_rule": rule}
        self.questions[question.id] = SetQuestion.model_validate(self._base(question, title) | more)

    def _fact(self, question: DraftQuestion) -> None:
        words = {}
        for choice in question.choices:
            about, own = word_from(question.id), word_from(choice.id) or word_from(choice.text)
            name = own if about and own.startswith(about) else f"{about}_{own}".strip("_")
            words[choice.id] = self.fact_names.new(name or "fact")
        self.facts[question.id] = words
        if question.why:
            told = f"guidance on {question.id}, which became facts: {question.why[:_LONGEST_GUIDANCE]}"
            self.notes.append(Note("left out", question.where, told))
        meant = "; ".join(f"{words[choice.id]}: {_shown(choice.text)}" for choice in question.choices)
        told = (
            f"{question.id}, {_shown(question.text)!r}, has no worth, and other questions are asked by it: it"
            f" became facts on the product's cover sheet ({meant})"
        )
        self.notes.append(Note("changed", question.where, told))

    def _judged(self, question: DraftQuestion, title: str) -> None:
        offered = "; ".join(choice.text for choice in question.choices)
        base = self._base(question, title)
        if offered:
            base["question"] = f"{question.text}\n\nOffered: {offered}"
        levels = [
            {"level": level, "points": float(points), "label": label, "text": text}
            for level, (points, label, text) in enumerate(JUDGED)
        ]
        more = {
            "kind": "scale",
            "ladder": JUDGED_LADDER,
            "levels": levels,
            "also_record": {"unit": "answer", "text": "The answer as it was given."},
        }
        self.questions[question.id] = ScaleQuestion.model_validate(base | more)

    def _tell_of_words(self) -> None:
        judged = [
            question.id
            for question in self.draft.questions
            if question.id in self.questions and question.id not in self.levels.keys() | self.options.keys()
        ]
        if judged:
            names = ", ".join(judged[:_NAMED]) + (", …" if len(judged) > _NAMED else "")
            told = (
                f"of {count(len(judged), 'question')} the file does not say what an answer is worth"
                f" ({names}): whoever reads the answers judges them on three levels"
            )
            self.notes.append(Note("changed", "", told))

    def _base(self, question: DraftQuestion, title: str) -> dict[str, Any]:
        return {
            "id": self.names.questions[question.id],
            "title": title,
            "question": question.text,
            "why": question.why or "The imported questionnaire gives no reason.",
            "evidence": [{"kind": "documented", "what": "A page or document that shows it."}],
            "strongest_proof": "attested",
            "weight": 1.0,
            "weight_reason": "Weights of imported questions stand in the profile.",
            "varies_by": {"route": True, "surface": True, "plan": True},
            "triage": False,
            "refs": {ORIGIN: [question.id]},
        }


def _words(choices: list[Choice]) -> dict[str, str]:
    """Return a word for each choice."""
    names = unique(
        (word_from(choice.id) or word_from(choice.text) or "choice" for choice in choices), _LONGEST_WORD, "_"
    )
    return dict(zip((choice.id for choice in choices), names, strict=True))


def _spelt_out(choice: Choice) -> Choice:
    """Return a choice with its label in its text, for where there is no room for it."""
    return replace(choice, text=f"{choice.label}: {choice.text}") if choice.label else choice


def _most(question: DraftQuestion) -> float | None:
    """Return how much counts at most, where the file says it."""
    return None if question.scale is None else question.scale[1] - question.scale[0]


def _title(question: DraftQuestion) -> str:
    title = " ".join((question.title or question.text).split())
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"


def _label(choice: Choice) -> str:
    return _shown(choice.label or choice.text)


def _shown(text: str) -> str:
    """Return a text in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LABEL else f"{line[: _LONGEST_LABEL - 1].rstrip()}…"
