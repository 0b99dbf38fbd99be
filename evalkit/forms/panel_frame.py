"""What both panels share: their style, one open panel of a kind, and what is shown where nothing can move."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import ipywidgets
from IPython.core.getipython import get_ipython
from IPython.display import display

from evalkit.views.notebook_style import in_notebook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.views.rendering import Section

_LINK_TO_REPORT: Final = re.compile(r'<a href="reports/[^"]*">(.*?)</a>')
_WIDGET: Final = "application/vnd.jupyter.widget-view+json"

# JupyterLab shows a widget that no kernel knows as an error, and never what stands beside it in its bundle.
# So that follows as an output of its own, which hides while the widget is there, and hides the error while
# not. What decides lies a fixed number of steps away, or each change in the form would have the browser look.
_INSTEAD: Final = """<style>
.jp-OutputArea-child:has(> .jupyter-widgets > .evalkit-root) + .jp-OutputArea-child .evalkit-closed,
.jp-OutputArea-child:has(> .lm-Widget.jp-OutputArea-output:not(.jupyter-widgets))
  + .jp-OutputArea-child .evalkit-closed,
.jp-OutputArea-child:not(:has(> .jupyter-widgets > .evalkit-root)):has(+ * > * > .evalkit-closed)
  > .jupyter-widgets { display: none; }
</style>
"""
_CLOSED: Final = (
    "<p><strong>Not open.</strong> Run this cell to open it (Shift + Enter; Run All Cells in a notebook"
    " just opened). As it stood when the cell ran:</p>"
)

_open: dict[str, Any] = {}


@cache
def _packaged(name: str) -> str:
    return files("evalkit.forms").joinpath(name).read_text(encoding="utf-8")


@cache
def style() -> str:
    """Return the style sheet of the panels as an element."""
    return f"<style>\n{_packaged('panel.css')}</style>\n"


def framed(html: str) -> str:
    """Return HTML in the panels' frame."""
    return f'<div class="evalkit-panel">{html}</div>'


def shown(section: Section) -> str:
    """Return a section of a report for a panel: in its style, without links to reports that lie elsewhere."""
    return framed(in_notebook(_LINK_TO_REPORT.sub(r"\1", section.html)))


def root(*parts: Any) -> Any:  # noqa: ANN401 - ipywidgets has no types
    """Return a panel of parts, with its style, and the script that names sliders and keeps keys in place."""
    script = ipywidgets.Output(layout=ipywidgets.Layout(height="0", margin="0", overflow="hidden"))
    code = {"application/javascript": _packaged("panel.js"), "text/plain": ""}
    script.outputs = ({"output_type": "display_data", "data": code, "metadata": {}},)
    sheet = ipywidgets.HTML(style(), layout=ipywidgets.Layout(height="0", margin="0", overflow="hidden"))
    made = ipywidgets.VBox((sheet, *parts, script))
    made.add_class("evalkit-root")
    return made


def put_in_place(kind: str, panel: Any) -> None:  # noqa: ANN401 - ipywidgets has no types
    """Close the open panel of a kind, if there is one, and remember this one."""
    before = _open.pop(kind, None)
    if before is not None:
        close(before)
    _open[kind] = panel


def close(widget: Any) -> None:  # noqa: ANN401 - ipywidgets has no types
    """Close a widget and all within it; ipywidgets leaves layouts and styles of closed widgets open."""
    parts = (
        *getattr(widget, "children", ()),
        getattr(widget, "layout", None),
        getattr(widget, "style", None),
    )
    for part in parts:
        if isinstance(part, ipywidgets.Widget):
            close(part)
    widget.close()


def is_attended() -> bool:
    """Whether somebody may be there to move a slider.

    nbconvert, papermill and nbval run cells without: they say that no cell can ask for input. What they make
    is read later, by no kernel, so that it should hold a table and no dead panel.
    """
    shell = get_ipython()
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return True
    content = kernel.get_parent("shell").get("content", {})
    return bool(content.get("allow_stdin", True))


def show(bundled: Mapping[str, Any]) -> None:
    """Display a live panel, and after it what is shown where no kernel stands behind it.

    Parameters
    ----------
    bundled
        Of :func:`bundle`.

    Raises
    ------
    NotImplementedError
        If it holds no live panel: IPython then shows the bundle itself.
    """
    if _WIDGET not in bundled:
        raise NotImplementedError
    live = {_WIDGET: bundled[_WIDGET], "text/plain": ""}
    display(live, raw=True)  # type: ignore[no-untyped-call]  # IPython has no types
    static = f'{_INSTEAD}<div class="evalkit-closed">{framed(_CLOSED)}{bundled["text/html"]}</div>'
    instead = {"text/html": static, "text/plain": bundled["text/plain"]}
    display(instead, raw=True)  # type: ignore[no-untyped-call]  # IPython has no types


def bundle(panel: Any, html: str, text: str) -> Mapping[str, Any]:  # noqa: ANN401 - ipywidgets has no types
    """Return what a notebook shows: the live panel where it can be moved, else, and beside it, a table."""
    static = {"text/html": style() + html, "text/plain": text}
    if not is_attended():
        return static
    live: dict[str, Any] = panel._repr_mimebundle_()
    return {**static, _WIDGET: live[_WIDGET]}
