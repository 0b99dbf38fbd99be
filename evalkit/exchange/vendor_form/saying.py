"""What a vendor says beside what stands, in words, for whoever decides what is filed."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Final

from evalkit.model.answers import Statement
from evalkit.model.records import GENERAL, normalised, state_of
from evalkit.views.answer_text import describe
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.exchange.vendor_form.stating import Plain
    from evalkit.files.saving.parts import Json
    from evalkit.model.answers import RawValue
    from evalkit.model.questionnaire import Question

_LONGEST: Final = 240
"""Characters of one answer in a line of a report."""

_STATEMENT: Final = frozenset({"state", "value", "finding", "evidence"})


def said_beside(question: Question, content: Json, scope: str, said: Plain) -> str:
    """Return what is said and what stands; ``""`` where nothing was answered or both are the same.

    Parameters
    ----------
    content
        The answer as it stands; None where there is none.
    scope
        As in :class:`evalkit.exchange.vendor_form.sheet.Line`.
    """
    value = Statement.model_validate({"value": said}).value
    if value is None:
        return ""
    own = content or {}
    if scope != GENERAL:
        own = own.get("deployments", {}).get(scope.partition("+")[0], {})
    standing = Statement.model_validate({key: own[key] for key in own.keys() & _STATEMENT})
    if standing.value is None:
        stands = wording.STATE_SHORT[state_of(standing)]
    elif normalised(standing.value) == normalised(value):
        return ""
    else:
        stands = _words(question, standing.value)
    return f"said: {_words(question, value)}; stands: {stands}"


def _words(question: Question, value: RawValue) -> str:
    found = describe(question, value)
    parts = [tick.text.rstrip(".") for tick in found.ticks]
    parts += [f"{hosts.found}: {', '.join(hosts.names)}" for hosts in found.hosts]
    return shorten(f"{found.named} ({'; '.join(parts)})" if parts else found.named, _LONGEST, placeholder="…")
