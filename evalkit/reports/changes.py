"""A report of what changed, in the forms in which it is handed on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from evalkit.views.board.markdown import to_markdown
from evalkit.views.changes.document import changes_document
from evalkit.views.changes.page import changes_page
from evalkit.views.changes.report import report
from evalkit.views.export import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from evalkit.views.changes.comparison import StateComparison

_TEMPLATE: Final = Path(__file__).parent / "template"


def _page(found: StateComparison) -> str:
    texts = (_TEMPLATE.joinpath(name).read_text(encoding="utf-8") for name in ("style.css", "changes.css"))
    return changes_page(report(found), Markup("\n".join(texts)))  # noqa: S704 - the project's own files


FORMS: Final[Mapping[str, Callable[[StateComparison], str]]] = {
    "json": lambda found: to_json(changes_document(found)),
    "markdown": lambda found: to_markdown(report(found)),
    "html": _page,
}
"""The text of the report, by the name of the form."""
