"""What a served notebook runs: what the command named, of the evaluation that it named, or why not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.forms.served.environment import ASSESSOR, EVALUATION, LANGUAGE, OPTIONS, PRODUCT, PROFILE
from evalkit.views.safe_text import plain
from evalkit.views.spoken import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable


FORM: Final = "The form"
LIVE: Final = "The presentation"


def opened_form() -> Any:  # noqa: ANN401 - ipywidgets has no types
    """Return the answering form, or a paragraph with what is wrong.

    Both come from the environment that the command gave to the kernel, never from a page's address.
    """

    def opened() -> Any:  # noqa: ANN401 - ipywidgets has no types
        from evalkit.forms.answering.answer_panel import answer_form  # noqa: PLC0415 - one of the two is needed

        return answer_form(
            os.environ[EVALUATION],
            os.environ.get(PRODUCT) or None,
            assessor=os.environ.get(ASSESSOR) or None,
        ).widget

    return _opened(FORM, opened)


def opened_live() -> Any:  # noqa: ANN401 - ipywidgets has no types
    """Return the live presentation, or a paragraph with what is wrong, as :func:`opened_form` does."""

    def opened() -> Any:  # noqa: ANN401 - ipywidgets has no types
        from evalkit.forms.presenting.live_panel import live_panel  # noqa: PLC0415 - as above

        return live_panel(
            os.environ[EVALUATION],
            os.environ.get(OPTIONS, "").split(),
            profile=os.environ.get(PROFILE) or None,
            language=os.environ.get(LANGUAGE) or ENGLISH,
        ).widget

    return _opened(LIVE, opened)


@dataclass(frozen=True)
class Told:
    """What is shown in place of what cannot be."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def _opened(what: str, opened: Callable[[], Any]) -> Any:  # noqa: ANN401 - ipywidgets has no types
    """Return a widget, since voilà runs cells unattended, where a panel shows a summary; or what is wrong."""
    try:
        return opened()
    except InvalidInputError as invalid:
        problems = [str(problem) for problem in invalid.problems]
    except EvalkitError as failure:
        problems = [str(failure)]
    items = Markup("").join(Markup("<li>{}</li>").format(plain(text)) for text in problems)
    frame = Markup(
        '<div role="alert"><p><strong>{} cannot be shown.</strong></p><ul>{}</ul>'
        "<p>Mend it, then load this page again.</p></div>"
    )
    return Told(frame.format(what, items))
