"""The panel of sliders: what if weights, thresholds, the trust in evidence or an answer were different."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from evalkit.files.loading import load_inputs
from evalkit.files.workspace import nearest_evaluation
from evalkit.forms import controls
from evalkit.forms.panel_frame import bundle, is_attended, put_in_place, root
from evalkit.forms.what_if.after_rest import AfterRest
from evalkit.forms.what_if.profile_writer import ProfileWriter
from evalkit.forms.what_if.state import WhatIf
from evalkit.forms.what_if.supposed_answers import SupposedAnswers
from evalkit.forms.what_if.table import (
    PENDING,
    changes_in_words,
    weight_shares,
    what_if_table,
    what_if_text,
)
from evalkit.scoring.robustness import robustness
from evalkit.views.numbers import percent
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from evalkit.forms.what_if.state import Suppositions
    from evalkit.model.evaluation import EvaluationInputs

DRAWS: Final = 2000
SEED: Final = 1
SCENARIO: Final = "dirichlet30"
"""Weights drawn around those that the sliders say."""

_TABLES: Final = {"As in the profile": "stated", "Stricter": "strict", "More lenient": "lenient"}
_THRESHOLDS: Final = {
    "approve_at": "Assured, of 100",
    "domain_floor": "Each domain, of 100",
    "minimum_coverage": "Answered, in %",
}
_LARGEST_WEIGHT: Final = 40.0


def what_if_panel(evaluation: str) -> WhatIfPanel:
    """Return a panel that shows what other weights, thresholds or answers would do to an evaluation.

    Parameters
    ----------
    evaluation
        The evaluation's folder, relative to where the notebook runs or to a folder above.

    Raises
    ------
    InvalidInputError
        If a file cannot be used.
    """
    folder = nearest_evaluation(evaluation, Path.cwd())
    return WhatIfPanel(load_inputs(folder), folder)


def first_shares(state: WhatIf) -> dict[str, str]:
    """Return in how many draws each option is first, in words."""
    found = robustness(state.inputs, draws=DRAWS, seed=SEED)
    return {one.option: percent(one.first) for one in found.final_gates.scenario(SCENARIO).options}


class WhatIfPanel:
    """Sliders beside a table of all options; nothing is written unless somebody presses "Write as profile".

    Attributes
    ----------
    state : WhatIf
        What the controls say.
    widget : ipywidgets.VBox
        The panel; shown by itself where the panel is the last line of a cell.
    """

    def __init__(self, inputs: EvaluationInputs, folder: Path) -> None:
        self.start = self.state = WhatIf.of(inputs)
        self._at_start = self.start.outcomes
        self._setting = False
        self._first: Mapping[str, str] | None = None
        self._robustness = AfterRest(first_shares, self._show_first)
        titles = {domain.id: plain(domain.title) for domain in inputs.questionnaire.domains}
        most = max(_LARGEST_WEIGHT, 2 * max(inputs.profile.domain_weights.values()))
        self.weights = {
            domain: controls.slider(title, value, most, least=min(1.0, value), step=_step(value))
            for domain, title in titles.items()
            for value in (inputs.profile.domain_weights[domain],)
        }
        self.shares = {domain: ipywidgets.Label(layout=controls.layout("4em")) for domain in titles}
        self.thresholds = {
            name: controls.slider(label, value, 100.0, step=_step(value))
            for name, label in _THRESHOLDS.items()
            for value in (round(100 * getattr(inputs.profile.thresholds, name), 9),)
        }
        self.evidence = ipywidgets.ToggleButtons(
            description="Evidence table",
            options=list(_TABLES.items()),
            style={"description_width": "16em", "button_width": "auto"},
        )
        self.answers = SupposedAnswers(inputs, self._answers_changed)
        self.writer = ProfileWriter(folder, lambda: self.state)
        self.reset = controls.button("Reset everything", self._reset, icon="undo")
        self.changes = controls.html()
        self.table = controls.html()
        self.widget = self._laid_out()
        self._show()
        self._observe()
        put_in_place("what-if", self.widget)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:  # noqa: ARG002 - IPython's protocol
        now = self.state.outcomes
        return bundle(
            self.widget,
            controls.note(changes_in_words(now, self._at_start))
            + what_if_table(now, self._at_start, self.state.thresholds.approve_at),
            what_if_text(now),
        )

    def _laid_out(self) -> controls.Control:
        weights = [controls.row(self.weights[name], self.shares[name]) for name in self.weights]
        left = controls.column(
            controls.heading("Weights of the domains"),
            *weights,
            controls.heading("Needed for approval"),
            *self.thresholds.values(),
            controls.heading("How far evidence is trusted"),
            self.evidence,
            self.reset,
            self.answers.widget,
            self.writer.widget,
            width="36em",
        )
        right = controls.column(self.changes, self.table)
        right.layout.flex = "1 1 36em"
        beside = ipywidgets.HBox((left, right), layout=ipywidgets.Layout(flex_flow="row wrap"))
        return root(beside)

    def _observe(self) -> None:
        for domain, slider in self.weights.items():
            slider.observe(self._weight_changed(domain), names="value")
        for name, slider in self.thresholds.items():
            slider.observe(self._threshold_changed(name), names="value")
        self.evidence.observe(self._evidence_changed, names="value")

    def _weight_changed(self, domain: str) -> Callable[[Mapping[str, Any]], None]:
        return lambda change: self._become(lambda: self.state.changed(domain_weights={domain: change["new"]}))

    def _threshold_changed(self, name: str) -> Callable[[Mapping[str, Any]], None]:
        return lambda change: self._become(lambda: self.state.changed(thresholds={name: change["new"] / 100}))

    def _evidence_changed(self, change: Mapping[str, Any]) -> None:
        self._become(lambda: self.state.changed(table=change["new"]))

    def _answers_changed(self, supposed: Suppositions) -> None:
        self._become(lambda: self.state.changed(supposed=supposed))

    def _become(self, make: Callable[[], WhatIf]) -> None:
        if self._setting:
            return
        self.state = make()
        self._show()

    def _reset(self) -> None:
        profile = self.start.profile
        self._setting = True  # many controls, one change
        try:
            for domain, slider in self.weights.items():
                slider.value = profile.domain_weights[domain]
            for name, slider in self.thresholds.items():
                slider.value = round(100 * getattr(profile.thresholds, name), 9)
            self.evidence.value = "stated"
            self.answers.clear()
        finally:
            self._setting = False
        self.state = self.start
        self._show()

    def _show(self) -> None:
        """Show the numbers of the state; how often each option leads follows once nothing moves."""
        shares = weight_shares(self.state)
        for domain, label in self.shares.items():
            label.value = shares[domain]
        asked = is_attended() and self._robustness.ask(self.state)
        self._first = dict.fromkeys(self.state.sums, PENDING) if asked else None
        self._show_table()

    def _show_first(self, state: WhatIf, first: Mapping[str, str]) -> None:
        if state is self.state:
            self._first = first
            self._show_table()

    def _show_table(self) -> None:
        now = self.state.outcomes
        self.changes.value = controls.note(changes_in_words(now, self._at_start))
        self.table.value = what_if_table(now, self._at_start, self.state.thresholds.approve_at, self._first)


def _step(value: float) -> float:
    return 1.0 if float(value).is_integer() else 0.1
