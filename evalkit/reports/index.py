"""The entrance to an evaluation's results: one page that leads to every report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from evalkit.views.index import index_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard


_STYLE: Final = Path(__file__).parent / "template" / "style.css"


def index_page(inputs: EvaluationInputs, cards: Sequence[Scorecard], failures: Mapping[str, str]) -> str:
    """Return ``index.html``: what was decided on, the options by product, and where everything lies.

    Parameters
    ----------
    failures
        Why a report is incomplete, by the option's id or ``comparison``.
    """
    style = Markup(_STYLE.read_text(encoding="utf-8"))  # noqa: S704 - the project's own file
    return index_html(inputs, tuple(cards), failures, style)
