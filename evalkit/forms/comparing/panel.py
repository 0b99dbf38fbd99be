"""The panel that compares any options that somebody picks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ipywidgets
from markupsafe import Markup

from evalkit.files.loading import load_inputs
from evalkit.files.workspace import nearest_evaluation
from evalkit.forms.comparing.waterfall_table import waterfall_table
from evalkit.forms.panel_frame import bundle, framed, put_in_place, root, shown
from evalkit.scoring.score import score
from evalkit.views.comparison import Comparison
from evalkit.views.headline import title_of
from evalkit.views.numbers import count
from evalkit.views.ranking import ranked
from evalkit.views.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.evaluation import EvaluationInputs

_PICKED_AT_FIRST: Final = 3
_HEADING: Final = Markup("<h3>{}</h3>")
_STATUS: Final = Markup('<p class="quiet" role="status">{}</p>')


def compare_panel(evaluation: str) -> ComparisonPanel:
    """Return a panel that compares picked options of an evaluation; the last line of a cell shows it.

    Parameters
    ----------
    evaluation
        The evaluation's folder, relative to where the notebook runs or to a folder above.

    Raises
    ------
    InvalidInputError
        If a file cannot be used.
    """
    return ComparisonPanel(load_inputs(nearest_evaluation(evaluation, Path.cwd())))


def picked_after(picked: Sequence[str], listed: Sequence[str], selected: Sequence[str]) -> tuple[str, ...]:
    """Return the options picked after a selection in a list that may show some of them only.

    In the order of picking; what the list does not show stays picked.

    >>> picked_after(("b", "x"), listed=("a", "b", "c"), selected=("a", "b"))
    ('b', 'x', 'a')
    """
    kept = [option for option in picked if option not in listed or option in selected]
    return (*kept, *(option for option in selected if option not in kept))


def matching(labels: Mapping[str, str], words: str) -> tuple[str, ...]:
    """Return the options whose label holds every word, whatever its case.

    >>> matching({"a": "Agent: Bedrock", "b": "Agent: Vertex"}, "AGENT bed")
    ('a',)
    """
    wanted = words.casefold().split()
    return tuple(
        option for option, label in labels.items() if all(word in label.casefold() for word in wanted)
    )


class ComparisonPanel:
    """A list to pick options from, and below it their comparison.

    Attributes
    ----------
    widget : ipywidgets.VBox
        The panel; shown by itself where the panel is the last line of a cell.
    picked : tuple of str
        Options in the order in which they were picked.
    """

    def __init__(self, inputs: EvaluationInputs) -> None:
        self.inputs = inputs
        self.cards = {card.option: card for card in score(inputs)}
        self.options = {option.id: option for option in inputs.options()}
        self.labels = {option: f"{option} · {visible(title_of(inputs, option))}" for option in self.cards}
        self.picked = self._leaders()
        self.filter = ipywidgets.Text(
            description="Filter", placeholder="product, route or plan", layout=_wide("26em")
        )
        self.list = ipywidgets.SelectMultiple(description="Options", rows=10, layout=_wide("60em"))
        self.status = ipywidgets.HTML()
        self.parts = {name: ipywidgets.HTML() for name in _PARTS}
        self._filling = False
        self._fill_list()
        self._show()
        self.filter.observe(self._filtered, names="value")
        self.list.observe(self._selected, names="value")
        self.widget = root(self.filter, self.list, self.status, *self.parts.values())
        put_in_place("comparison", self.widget)

    @property
    def comparison(self) -> Comparison:
        """The comparison of the options picked, in the order of the evaluation."""
        return Comparison(
            self.inputs, tuple(card for option, card in self.cards.items() if option in self.picked)
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:  # noqa: ARG002 - IPython's protocol
        return bundle(self.widget, "".join(self._sections()), self.comparison.ranking.text)

    def _leaders(self) -> tuple[str, ...]:
        """Return the best options of the best products."""
        best: dict[str, str] = {}
        for one in ranked(self.inputs, tuple(self.cards.values())):
            best.setdefault(one.card.product, one.card.option)
        return tuple(best.values())[:_PICKED_AT_FIRST]

    def _fill_list(self) -> None:
        found = matching(self.labels, self.filter.value)
        self._filling = True  # what leaves the list stays picked
        try:
            self.list.index = ()  # or the page would look for what is selected in a list too short for it
            self.list.options = [(self.labels[option], option) for option in found]
            self.list.value = tuple(option for option in found if option in self.picked)
        finally:
            self._filling = False

    def _filtered(self, _change: object) -> None:
        self._fill_list()
        self._show_status()

    def _selected(self, change: Mapping[str, Any]) -> None:
        if self._filling:
            return
        shown_options = tuple(option for _, option in self.list.options)
        self.picked = picked_after(self.picked, shown_options, change["new"])
        self._show()

    def _show(self) -> None:
        self._show_status()
        for part, html in zip(self.parts.values(), self._sections(), strict=True):
            part.value = html

    def _show_status(self) -> None:
        listed = count(len(self.list.options), "option")
        names = ", ".join(self.picked) or "none; pick one or more in the list"
        self.status.value = framed(
            _STATUS.format(
                f"{listed} listed. Picked, in this order: {names}."
                " Shift and an arrow key, or Ctrl and a click, pick several."
            )
        )

    def _sections(self) -> list[str]:
        return [self._section(name) for name in _PARTS]

    def _section(self, name: str) -> str:
        if not self.picked:
            return ""
        if name == "waterfall":
            return self._waterfall()
        section = getattr(self.comparison, name)
        return framed(_HEADING.format(_PARTS[name])) + shown(section) if section.html else ""

    def _waterfall(self) -> str:
        if len(self.picked) < 2:  # noqa: PLR2004 - a pair
            return ""
        first, second = (self.options[option] for option in self.picked[:2])
        table = waterfall_table(self.inputs, first, second)
        return framed(_HEADING.format(_PARTS["waterfall"])) + table if table else ""


_PARTS: Final = {
    "ranking": "Ranking",
    "not_compared": "Options without a score",
    "gates": "Gates",
    "exclusions": "Gates that exclude, and how often",
    "domains": "Domains",
    "waterfall": "Why the first differs from the second, in the order of picking",
    "questions": "Where they differ",
}
"""Sections of the comparison with their headings, in order."""


def _wide(width: str) -> Any:  # noqa: ANN401 - ipywidgets has no types
    return ipywidgets.Layout(width=width, max_width="100%")
