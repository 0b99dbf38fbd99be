"""A part of a document: HTML from a template that escapes everything, and the same in plain text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evalkit.views import numbers
from evalkit.views.notebook_style import in_notebook
from evalkit.views.safe_text import inline, link, plain, safe_url, visible
from evalkit.views.subject import report_path
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterable

TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report; a notebook shows its HTML, a terminal its text.

    Attributes
    ----------
    html : str
        Fragment without script, style or anything from elsewhere; empty where there is nothing to say.
    text : str
        The same in short, for a terminal.
    """

    html: str
    text: str

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002 - IPython's protocol
        return {"text/html": in_notebook(self.html), "text/plain": self.text}


EMPTY: Final = Section("", "")
"""A part with nothing to say; a report leaves out its heading too."""


def section(template: str, lines: Iterable[str], **context: Any) -> Section:  # noqa: ANN401 - a template takes any value
    """Return a part made from ``templates/<template>.html.j2`` and lines of text, each made plain."""
    html = render(f"{template}.html.j2", **context)
    return Section(html, "\n".join(plain(line) for line in lines))


def render(template: str, **context: Any) -> str:  # noqa: ANN401 - a template takes any value
    """Return a template filled in; every value is escaped, and shows what it hides."""
    return _environment().get_template(template).render(**context).strip() + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_shown,
    )
    environment.filters.update(
        against=numbers.against,
        md=inline,
        points=numbers.points,
        percent=numbers.percent,
        number=numbers.number,
        signed=numbers.signed,
        signed_tenth=numbers.signed_tenth,
        count=numbers.count,
        plain=plain,
        safe_url=safe_url,
        report_path=report_path,
        words=wording.words,
    )
    environment.globals.update(link=link, wording=wording)
    return environment


def _shown(value: Any) -> Any:  # noqa: ANN401 - jinja2 passes what the template names
    """Return what a template prints: text shows its invisible characters, markup is as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
