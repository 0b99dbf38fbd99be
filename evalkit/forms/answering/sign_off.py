"""A reviewer's sign-off: who may give it, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.forms.answering.stamps import GENERAL
from evalkit.model.answers import Statement
from evalkit.model.people import same_person
from evalkit.model.records import changed_sources, is_outdated, revision_of, source_revisions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from evalkit.model.answers import ProductAnswers, Source

Json = dict[str, Any]


class SignOffRefusedError(Exception):
    """A sign-off that may not be given; the text says why."""


def statement_in(answer: Json | None, scope: str) -> Json:
    """Return one statement of an answer as plain data; empty if there is none."""
    said = answer or {}
    own = said if scope == GENERAL else (said.get("deployments") or {}).get(scope) or {}
    return {key: value for key, value in own.items() if key not in ("comments", "deployments")}


def record_of(answer: Json | None, scope: str) -> tuple[str, ...]:
    """Return the scopes whose statements say the same: they are one record, and signed off together."""
    if scope == GENERAL:
        return (GENERAL,)
    said = _content(answer, scope)
    return tuple(each for each in (answer or {}).get("deployments") or {} if _content(answer, each) == said)


def review_of(  # noqa: PLR0913 - an answer, and all that its sign-off says
    answer: Json | None,
    scope: str,
    *,
    sources: Mapping[str, Source],
    prepared_by: Collection[str],
    by: str,
    on: date,
    note: str,
) -> Json:
    """Return the sign-off of one statement, with the revisions of what is signed off and what it cites.

    Parameters
    ----------
    answer
        As saved, complete.
    sources
        Of the file, by key.
    prepared_by
        Who prepared the file, by every name that it ever gave: they answered where nobody else is named.

    Raises
    ------
    SignOffRefusedError
        If there is nothing to sign off, or who signs off answered it.
    """
    said = statement_in(answer, scope)
    if not said.keys() - {"answered", "reviewed"}:
        raise SignOffRefusedError("There is no answer to sign off.")
    answered = said.get("answered")
    if any(same_person(each, by) for each in ([answered["by"]] if answered else prepared_by)):
        raise SignOffRefusedError(f"{by} answered this; somebody else signs it off (four eyes).")
    review: Json = {"by": by, "on": on.isoformat()} | ({"note": note.strip()} if note.strip() else {})
    statement = Statement.model_validate(said)
    cited = source_revisions(statement, sources)
    return review | {"revision": revision_of(statement)} | ({"sources": cited} if cited else {})


def changed_since_sign_off(answers: ProductAnswers) -> dict[str, dict[str, list[str]]]:
    """Return what was changed after it was signed off, by question and scope, in words."""
    found: dict[str, dict[str, list[str]]] = {}
    for question, answer in answers.answers.items():
        for scope, said in ((GENERAL, answer), *answer.deployments.items()):
            if is_outdated(said, answers.sources):
                found.setdefault(question, {})[scope] = list(_changed(said, answers.sources))
    return found


def _changed(statement: Statement, sources: Mapping[str, Source]) -> Iterator[str]:
    review = statement.reviewed
    if review is not None and review.revision not in (None, revision_of(statement)):
        yield "the answer"
    for key in changed_sources(statement, sources):
        yield f"its source “{sources[key].title}”" if key in sources else f"its source {key}, which is gone"


def _content(answer: Json | None, scope: str) -> Json:
    stamps = ("answered", "reviewed")
    return {key: value for key, value in statement_in(answer, scope).items() if key not in stamps}
