"""The page on frameworks: to which identifiers the questions are related, and what came out on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from evalkit.scoring.framework_coverage import framework_coverage
from evalkit.views.frameworks import frameworks_html

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

_STYLE: Final = Path(__file__).parent / "template" / "style.css"


def frameworks_page(
    inputs: EvaluationInputs,
    cards: Sequence[Scorecard],
    *,
    keys: Collection[str] | None = None,
    among_reports: bool = True,
) -> str:
    """Return ``frameworks.html``.

    Parameters
    ----------
    keys
        Only these frameworks; all by default.
    among_reports
        Whether it lies beside the index, so that it may lead to the other pages.
    """
    style = Markup(_STYLE.read_text(encoding="utf-8"))  # noqa: S704 - the project's own file
    coverages = framework_coverage(inputs.questionnaire, keys)
    return frameworks_html(inputs, coverages, cards, style, among_reports=among_reports)
