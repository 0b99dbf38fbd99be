"""An executed notebook as one HTML page that needs nothing but itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markdown_it import MarkdownIt
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.preprocessors import TagRemovePreprocessor
from traitlets import default
from traitlets.config import Config

from evalkit.engine.legible import legible
from evalkit.views.notebook_style import without_style

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from evalkit.engine.job import Failure

TEMPLATE: Final = Path(__file__).parent / "template"
# The last one is papermill's, of the cells with which it points to an error: the page shows that on top.
_HIDDEN_TAGS: Final = ("parameters", "injected-parameters", "remove-cell", "papermill-error-cell-tag")


class ReportExporter(TemplateExporter):
    """nbconvert with the project's own template and nothing of the user's.

    Not an ``HTMLExporter``: that one parses the finished page and writes it anew, which may undo escapes,
    and gives each image the alternative text that there is none.
    """

    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_paths")
    def _own_folder_only(self) -> list[str]:
        return [str(TEMPLATE)]

    def get_template_names(self) -> list[str]:
        """Return the one template: no other one in the user's folders is looked for."""
        return [TEMPLATE.name]

    @property
    def default_config(self) -> Config:
        """Code hidden, parameters left out, the notebook checked once."""
        settings = Config(
            {
                "ReportExporter": {
                    "template_file": "index.html.j2",
                    "exclude_input": True,
                    "exclude_input_prompt": True,
                    "exclude_output_prompt": True,
                    "optimistic_validation": True,
                    "default_preprocessors": [],
                    "preprocessors": [TagRemovePreprocessor],
                },
                "TagRemovePreprocessor": {
                    "remove_cell_tags": set(_HIDDEN_TAGS),
                    "remove_all_outputs_tags": {"remove-output"},
                },
            }
        )
        settings.merge(super().default_config)
        return settings


def to_html(
    notebook: NotebookNode, *, title: str, language: str = "en", failure: Failure | None = None
) -> bytes:
    """Return the page as UTF-8, ending in one newline; the same notebook gives the same bytes.

    Parameters
    ----------
    title
        Any text; it is escaped, and its controls and direction overrides are made visible.
    failure
        Shown on top of the page: which cell, why, and the traceback.
    """
    resources = {"report": {"title": " ".join(legible(title).split()), "language": language}}
    if failure is not None:
        resources["failure"] = {
            "reason": legible(failure.reason),
            "cell": legible(failure.cell or ""),
            "traceback": legible(failure.traceback),
        }
    body: str
    body, _ = _exporter().from_notebook_node(notebook, resources=resources)
    return (body.rstrip() + "\n").encode("utf-8", errors="backslashreplace")


@cache
def _exporter() -> ReportExporter:
    """Return this process's exporter: its template is compiled once."""
    exporter = ReportExporter()  # type: ignore[no-untyped-call]
    exporter.register_filter("legible", legible)  # type: ignore[no-untyped-call]
    exporter.register_filter("part", without_style)  # type: ignore[no-untyped-call]
    exporter.register_filter("prose", _prose)  # type: ignore[no-untyped-call]
    return exporter


@cache
def _markdown() -> MarkdownIt:
    # No HTML, and no images, which would be fetched from elsewhere.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _prose(text: str) -> Any:  # noqa: ANN401 - jinja2 takes any
    """Return Markdown as HTML."""
    return _markdown().render(text)
