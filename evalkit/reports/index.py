"""The entrance to an evaluation's results: one page that leads to every report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol

from markupsafe import Markup

from evalkit.views.index import index_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard


_STYLE: Final = Path(__file__).parent / "template" / "style.css"


class Outcome(Protocol):
    """What became of one report."""

    @property
    def name(self) -> str:
        """The option's id, or the name of the comparison."""

    @property
    def status(self) -> Literal["rendered", "unchanged", "failed"]:
        """Whether the report is whole."""

    @property
    def reason(self) -> str:
        """Why it failed; empty if it did not."""


def index_page(inputs: EvaluationInputs, cards: Sequence[Scorecard], outcomes: Sequence[Outcome]) -> str:
    """Return ``index.html``: what was decided on, the options by product, and where everything lies.

    Parameters
    ----------
    outcomes
        Of the reports that were made this time; an option without one keeps its link.
    """
    style = Markup(_STYLE.read_text(encoding="utf-8"))  # noqa: S704 - the project's own file
    failures = {it.name: it.reason for it in outcomes if it.status == "failed"}
    return index_html(inputs, tuple(cards), failures, style)
