"""The few kinds of controls that the panels are made of, each with a label and of one width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ipywidgets
from markupsafe import Markup

from evalkit.forms.panel_frame import framed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# ipywidgets has no types: every control is Any.
Control = Any

_WIDTH: Final = "31em"
_STYLE: Final = {"description_width": "16em"}
_HEADING: Final = Markup('<h3 class="group">{}</h3>')
_QUIET: Final = Markup('<p class="quiet" role="status">{}</p>')
_PROBLEM: Final = Markup('<p class="problem" role="alert">{}</p>')


def layout(width: str = _WIDTH) -> Control:
    """Return a layout of a width that a narrow window may shrink."""
    return ipywidgets.Layout(width=width, max_width="100%")


def slider(label: str, value: float, most: float, *, least: float = 0.0, step: float = 1.0) -> Control:
    """Return a slider that reports while it moves."""
    whole = float(value).is_integer() and step.is_integer()
    return ipywidgets.FloatSlider(
        value,
        min=least,
        max=most,
        step=step,
        description=label,
        continuous_update=True,
        readout_format=".0f" if whole else ".1f",
        style=_STYLE,
        layout=layout(),
    )


def dropdown(label: str, options: Sequence[tuple[str, Any]]) -> Control:
    """Return a list to choose one of, the first chosen."""
    return ipywidgets.Dropdown(description=label, options=list(options), style=_STYLE, layout=layout())


def text(label: str, value: str) -> Control:
    """Return a line to write in."""
    return ipywidgets.Text(value, description=label, style=_STYLE, layout=layout())


def button(label: str, pressed: Callable[[], None], *, icon: str = "", tooltip: str = "") -> Control:
    """Return a button and what it does."""
    made = ipywidgets.Button(
        description=label, icon=icon, tooltip=tooltip or label, layout=ipywidgets.Layout(width="auto")
    )
    made.on_click(lambda _: pressed())
    return made


def html(content: str = "") -> Control:
    """Return a place for HTML."""
    return ipywidgets.HTML(content, layout=ipywidgets.Layout(margin="0"))


def heading(words: str) -> Control:
    """Return a heading."""
    return html(framed(_HEADING.format(words)))


def note(words: str) -> str:
    """Return a quiet remark as HTML, read out when it changes."""
    return framed(_QUIET.format(words))


def problem(words: str) -> str:
    """Return a problem as HTML, read out at once."""
    return framed(_PROBLEM.format(words))


def row(*controls: Control) -> Control:
    """Return controls beside each other."""
    return ipywidgets.HBox(controls, layout=ipywidgets.Layout(align_items="center"))


def column(*controls: Control, width: str = "auto") -> Control:
    """Return controls below each other."""
    style = {"width": width, "max_width": "100%", "align_items": "flex-start"}
    return ipywidgets.VBox(controls, layout=ipywidgets.Layout(**style))
