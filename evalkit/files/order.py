"""Where a new answer goes among those that stand in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evalkit.model.answers import ProductAnswers
    from evalkit.model.questionnaire import Questionnaire


def in_order(before: ProductAnswers, after: ProductAnswers, questionnaire: Questionnaire) -> ProductAnswers:
    """Return the answers with new ones where the questionnaire has them; those that stand do not move."""
    place = {question.id: index for index, question in enumerate(questionnaire.questions)}
    names = [name for name in before.answers if name in after.answers]
    for new in (name for name in after.answers if name not in before.answers):
        own = place.get(new, len(place))
        at = next((index for index, name in enumerate(names) if place.get(name, -1) > own), len(names))
        names.insert(at, new)
    return after.model_copy(update={"answers": {name: after.answers[name] for name in names}})
