"""Texts of others at a length that a page can hold; a name of five thousand letters is no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs

NAME: Final = 120
"""Characters of a name or title."""

_HALF: Final = 90

SENTENCE: Final = 240
"""Characters of what somebody wrote in a sentence."""


def clipped(text: str, most: int = NAME) -> str:
    """Return text on one line, cut where it is too long; the cut is seen.

    >>> clipped("a name", 4), clipped("name", 4)
    ('a n…', 'name')
    """
    line = plain(text)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def option_name(inputs: EvaluationInputs, option_id: str) -> str:
    """Return product and deployment in words, each cut by itself: what tells options apart stays."""
    product_id, _, deployment_id = option_id.partition("/")
    answers = inputs.answers[product_id]
    deployment = _clipped_inside(answers.deployment(deployment_id).name, _HALF)
    return f"{clipped(answers.product.name, _HALF)}: {deployment}"


def _clipped_inside(text: str, most: int) -> str:
    """Return text as :func:`clipped` does, with its end: deployments of one product often begin alike."""
    line = plain(text)
    half = most // 2
    return line if len(line) <= most else f"{clipped(line, most - half)}{line[-half:].lstrip()}"
