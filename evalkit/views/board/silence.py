"""What was not answered about the options of the short list, and what their answers cite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.board.brief import CitedSource, Silence
from evalkit.views.board.clipping import clipped, option_name
from evalkit.views.board.words import words
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.scorecard import QuestionResult
    from evalkit.views.subject import Subject

_HEAVIEST: Final = 3
_STATES: Final = ("unknown", "refused", "unanswered", "conflicting")


def silence(subject: Subject) -> Silence | None:
    """Return what was not answered about an option; None where it has no score."""
    card = subject.card
    if not card.is_scored:
        return None
    applicable = [result for result in card.questions if result.applicable]
    found = {state: sum(it.state == state for it in applicable) for state in _STATES}
    found["stale"] = sum(it.stale for it in applicable)
    heaviest = sorted((it for it in applicable if it.state in _STATES), key=_heaviest_first)
    return Silence(
        option=card.option,
        name=option_name(subject.inputs, card.option),
        counts=tuple((words.SILENT[state], amount) for state, amount in found.items() if amount),
        heaviest=tuple(clipped(subject.question(it.question).title) for it in heaviest[:_HEAVIEST]),
        asked=len(applicable),
    )


def cited_sources(subjects: Sequence[Subject]) -> tuple[CitedSource, ...]:
    """Return the sources of all these options, each once per product, most cited first."""
    cited: dict[tuple[str, str], set[str]] = {}
    for subject in subjects:
        for result in subject.card.questions if subject.card.is_scored else ():
            for it in result.items:
                cited.setdefault((subject.card.product, it.item.source), set()).add(result.question)
    known = {subject.card.product: subject.option.answers.sources for subject in subjects}
    found = []
    for (product, key), questions in cited.items():
        source = known[product].get(key)
        if source is not None:
            dated = wording.day(source.retrieved) if source.retrieved else ""
            kind = wording.KIND[source.kind]
            found.append(
                CitedSource(clipped(source.title), clipped(source.publisher), kind, dated, len(questions))
            )
    return tuple(sorted(found, key=lambda it: (-it.answers, it.publisher, it.title)))


def _heaviest_first(result: QuestionResult) -> tuple[float, str]:
    return (-result.weight, result.question)
