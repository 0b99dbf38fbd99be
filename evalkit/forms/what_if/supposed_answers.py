"""Controls to suppose that one option had another answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from evalkit.forms import controls
from evalkit.forms.what_if.state import Supposed, answers_to_try
from evalkit.model.answers import HostLists
from evalkit.model.questionnaire import SetQuestion
from evalkit.model.records import state_of
from evalkit.model.values import EVIDENCE_CLASSES
from evalkit.scoring.assessors import voices
from evalkit.views.answer_text import describe
from evalkit.views.headline import title_of
from evalkit.views.safe_text import plain, visible
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.forms.what_if.state import Suppositions
    from evalkit.model.answers import RawValue, Statement
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question

_NOT_FOUND = wording.STATE["unknown"]


class SupposedAnswers:
    """A choice of option, question, answer and evidence, and the list of what is supposed.

    Parameters
    ----------
    changed
        Is called with everything that is supposed, after each change.

    Attributes
    ----------
    supposed : dict
        By option id and question id.
    """

    def __init__(self, inputs: EvaluationInputs, changed: Callable[[Suppositions], None]) -> None:
        self._inputs = inputs
        self._options = {option.id: option for option in inputs.options()}
        self._changed = changed
        self.supposed: Suppositions = {}
        self.option = controls.dropdown(
            "Option", [(visible(title_of(inputs, option)), option) for option in self._options]
        )
        self.question = controls.dropdown(
            "Question", [(f"{it.id} {plain(it.title)}", it.id) for it in inputs.questionnaire.questions]
        )
        self.now = controls.html()
        self.answer = controls.dropdown("Answer instead", [])
        self.evidence_class = controls.dropdown(
            "Evidence", [(wording.CLASS[it], it) for it in EVIDENCE_CLASSES]
        )
        self.evidence_class.value = "tested"
        self.suppose = controls.button("Suppose this answer", self._suppose, icon="plus")
        self.list = ipywidgets.Select(
            description="Supposed", rows=3, style={"description_width": "5em"}, layout=controls.layout("33em")
        )
        self.withdraw = controls.button("Withdraw the one selected", self._withdraw, icon="minus")
        self.option.observe(self._offer, names="value")
        self.question.observe(self._offer, names="value")
        self._offer()
        self._list()
        self.widget = controls.column(
            controls.heading("What if one answer were different?"),
            self.option,
            self.question,
            self.now,
            self.answer,
            self.evidence_class,
            self.suppose,
            self.list,
            self.withdraw,
        )

    def clear(self) -> None:
        """Suppose nothing, without a call of ``changed``."""
        self.supposed = {}
        self._list()

    def _offer(self, _change: object = None) -> None:
        """Offer the answers that the question allows, and say what is answered now."""
        if self.option.value is None or self.question.value is None:
            return
        question = self._inputs.questionnaire.by_id[self.question.value]
        choices: list[tuple[str, RawValue | None]] = [
            (in_words(question, value), value) for value in answers_to_try(question)
        ]
        self.answer.options = [*choices, (_NOT_FOUND, None)]
        self.answer.index = len(choices) - 1
        option = self._options[self.option.value]
        now = " / ".join(
            f"{voice.assessor}: {_now(question, voice.statement)}"
            if voice.assessor
            else _now(question, voice.statement)
            for voice in voices(self._inputs, option, question.id)
        )
        self.now.value = controls.note(f"Now: {now}")

    def _suppose(self) -> None:
        key = (self.option.value, self.question.value)
        self.supposed = {**self.supposed, key: Supposed(self.answer.value, self.evidence_class.value)}
        self._list(key)
        self._changed(self.supposed)

    def _withdraw(self) -> None:
        if self.list.value is None:
            return
        self.supposed = {key: said for key, said in self.supposed.items() if key != self.list.value}
        self._list()
        self._changed(self.supposed)

    def _list(self, selected: tuple[str, str] | None = None) -> None:
        self.list.options = [(self._line(key), key) for key in self.supposed]
        if selected is not None:
            self.list.value = selected
        self.withdraw.disabled = not self.supposed

    def _line(self, key: tuple[str, str]) -> str:
        option, question = key
        said = self.supposed[key]
        words = (
            _NOT_FOUND
            if said.value is None
            else (
                f"{in_words(self._inputs.questionnaire.by_id[question], said.value)},"
                f" {wording.CLASS[said.evidence_class]}"
            )
        )
        return f"{question}: {words} – {option}"


def _now(question: Question, said: Statement) -> str:
    return wording.STATE[state_of(said)] if said.value is None else in_words(question, said.value)


def in_words(question: Question, value: RawValue) -> str:
    """Return an answer as a line of a list."""
    described = describe(question, value)
    if isinstance(question, SetQuestion) and described.ticks:
        ticks = described.ticks
        return plain(f"only: {ticks[0].text}") if len(ticks) == 1 else described.short
    if isinstance(value, HostLists) and value.none_needed:
        return "No host is needed"
    return plain(described.named)
