"""The live presentation in a notebook: one widget, of which everything passes in messages."""

from __future__ import annotations

import threading
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets

from evalkit.files.loading import load_inputs
from evalkit.files.workspace import nearest_evaluation
from evalkit.forms import controls
from evalkit.forms.front_files import module_of, style_of
from evalkit.forms.panel_frame import bundle, put_in_place
from evalkit.forms.presenting.live import Live
from evalkit.forms.presenting.picture import changes
from evalkit.forms.presenting.state import Presentation
from evalkit.forms.what_if.table import what_if_table, what_if_text
from evalkit.views.board.live_words import words
from evalkit.views.languages import inputs_in, speech_of
from evalkit.views.spoken import ENGLISH, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.forms.presenting.live import Message
    from evalkit.model.evaluation import EvaluationInputs


def live_panel(
    evaluation: str, options: Sequence[str] = (), *, profile: str | None = None, language: str = ENGLISH
) -> LivePanel:
    """Return the presentation in which a board moves a weight or supposes a condition.

    Parameters
    ----------
    evaluation
        The evaluation's folder, relative to where the notebook runs or to a folder above.
    options
        Ids of the options of the short list, 6 at most; the best 4 where empty.
    profile
        Id of another profile than the evaluation's; None or empty for its own.
    language
        Code of the language in which it speaks, with the evaluation's own words.

    Raises
    ------
    InvalidInputError
        If a file cannot be used.
    EvalkitError
        If an option is not compared, more than 6 are named, or there is no such language.
    """
    folder = nearest_evaluation(evaluation, Path.cwd())
    said = speech_of(folder, language)
    inputs = load_inputs(folder, profile=profile or None)
    with speaking(said):
        return LivePanel(inputs_in(language, folder, inputs), options)


class LiveWidget(anywidget.AnyWidget):
    """The page of the presentation."""

    _esm = module_of("evalkit.forms.presenting")
    _css = style_of("evalkit.forms.presenting", "live.css")


class LivePanel:
    """The presentation as a widget; nothing is written.

    Attributes
    ----------
    live : Live
        What is supposed; needs no widget.
    page : anywidget.AnyWidget
        Its page.
    widget : ipywidgets.VBox
        Holds the page; shown by itself where the panel is the last line of a cell.
    """

    def __init__(self, inputs: EvaluationInputs, options: Sequence[str] = ()) -> None:
        self.live = Live(Presentation.of(inputs, options))
        # JupyterLab has messages handled in a thread of their own, which would not know the language.
        self._context = copy_context()
        self._lock = threading.Lock()
        full = ipywidgets.Layout(width="100%", overflow="visible")
        self.page = LiveWidget(layout=full)
        self.widget = ipywidgets.VBox((self.page,), layout=full)
        self.widget.add_class("evalkit-root")
        self.page.on_msg(self._received)
        put_in_place("live", self.widget)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:  # noqa: ARG002 - IPython's protocol
        if self.page.comm is None:
            return {"text/plain": words.CLOSED}
        state = self.live.state
        listed = {one.option for one in state.shown}
        now, start = (
            [it for it in outcomes if it.option in listed]
            for outcomes in (state.what_if.outcomes, state.start.outcomes)
        )
        remark = words.PAGE["supposed"] if state.is_supposed else words.PAGE["as_it_is"]
        said = " · ".join((remark, *changes(state)))
        table = what_if_table(now, start, state.what_if.thresholds.approve_at)
        return bundle(self.widget, controls.note(said) + table, what_if_text(now))

    def _received(self, _: object, message: Message, __: object) -> None:
        with self._lock:
            for answer in self._context.run(self.live.receive, message):
                self.page.send(answer)
