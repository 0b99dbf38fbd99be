"""How tests talk to a panel: in the messages that a page sends, and in the text that a person sees."""

from __future__ import annotations

import html
import re
from typing import Any

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def receive(widget: Any, **state: Any) -> None:  # noqa: ANN401 - ipywidgets has no types
    """Let a widget have a message of the front end."""
    widget._handle_msg(  # noqa: SLF001 - where messages of the page arrive
        {"content": {"data": {"method": "update", "state": state, "buffer_paths": []}}, "buffers": []}
    )


def press(button: Any) -> None:  # noqa: ANN401 - ipywidgets has no types
    """Press a button."""
    button._handle_msg(  # noqa: SLF001 - where messages of the page arrive
        {"content": {"data": {"method": "custom", "content": {"event": "click"}}}, "buffers": []}
    )


def text_of(content: str) -> str:
    """The text of HTML, one blank between words."""
    return " ".join(html.unescape(_TAG.sub(" ", _STYLE.sub("", content))).split())


def views(widget: Any) -> list[str]:  # noqa: ANN401 - ipywidgets has no types
    """The ids of a widget and all within it."""
    found = [widget.model_id]
    for child in getattr(widget, "children", ()):
        found += views(child)
    return found


def every(widget: Any) -> list[Any]:  # noqa: ANN401 - ipywidgets has no types
    """A widget and all within it."""
    found = [widget]
    for child in getattr(widget, "children", ()):
        found += every(child)
    return found


def closed(widget: Any) -> bool:  # noqa: ANN401 - ipywidgets has no types
    """Whether a widget's connection to the page is gone."""
    return widget.comm is None
