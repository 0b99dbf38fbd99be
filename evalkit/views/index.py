"""The entrance page: title, verdicts, options by product, and links to every file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.views.headline import verdict_counts
from evalkit.views.made_from import EVALKIT_VERSION
from evalkit.views.rendering import render
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from evalkit.model.answers import Product
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Entry:
    """One option of the entrance page; ``failure`` is why its report is incomplete, or None."""

    card: Scorecard
    name: str
    stem: str
    failure: str | None


def index_html(
    inputs: EvaluationInputs, cards: tuple[Scorecard, ...], failures: Mapping[str, str], style: Markup
) -> str:
    """Return the whole page.

    Parameters
    ----------
    failures
        Why a report is incomplete, by the option's id or ``comparison``.
    style
        CSS that goes into the page.
    """
    groups: dict[str, tuple[Product, list[Entry]]] = {}
    for card in cards:
        answers = inputs.answers[card.product]
        name = answers.deployment(card.deployment).name
        entry = Entry(card, name, card.option.replace("/", "."), failures.get(card.option))
        groups.setdefault(card.product, (answers.product, []))[1].append(entry)
    return render(
        "index.html.j2",
        evaluation=inputs.evaluation,
        profile=inputs.profile,
        questionnaire=inputs.questionnaire,
        groups=list(groups.values()),
        counts=verdict_counts(cards),
        failures=failures,
        failed=sum(name != "comparison" for name in failures),
        total=len(cards),
        note=wording.NOT_PROOF,
        three=wording.THREE_NUMBERS,
        version=EVALKIT_VERSION,
        style=style,
    )
