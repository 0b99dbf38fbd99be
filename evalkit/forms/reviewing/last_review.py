"""What each statement said when it was last signed off, from the journal of its file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from evalkit.files.saving.journal import Mark
from evalkit.model.answers import Source, Statement
from evalkit.model.records import GENERAL, revision_of, source_revision

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.files.saving.journal import Entry, Journal
    from evalkit.model.answers import Review

Key = tuple[str, str]
"""Question and scope: ``*`` for the general answer, else a deployment's id."""

_ANSWERS: Final = "answers/"
_SOURCES: Final = "sources/"
_OTHERS: Final = ("comments", "deployments")


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign-off and what it was given for.

    Attributes
    ----------
    statement : Statement or None
        None where the history does not tell what it said then.
    """

    review: Review
    statement: Statement | None


def signed_in(journal: Journal) -> dict[Key, tuple[Statement, ...]]:
    """Return every statement that the history has seen signed off, oldest first.

    Raises
    ------
    EvalkitError
        If the journal is there and cannot be read.
    """
    items = [item for _, item in journal.numbered() if item is not None]
    given_up = {item.id for item in items if isinstance(item, Mark) and not item.is_done}
    found: dict[Key, list[Statement]] = {}
    for item in items:
        if not isinstance(item, Mark) and item.id not in given_up:
            for key, statement in _statements(item):
                seen = found.setdefault(key, [])
                if not seen or seen[-1] != statement:
                    seen.append(statement)
    return {key: tuple(seen) for key, seen in found.items()}


def sources_in(journal: Journal) -> dict[tuple[str, str], Source]:
    """Return every source that the history has seen, by key and revision.

    Raises
    ------
    EvalkitError
        If the journal is there and cannot be read.
    """
    found = {}
    for _, item in journal.numbered():
        for change in () if item is None or isinstance(item, Mark) else item.changes:
            key = change.part.removeprefix(_SOURCES)
            for content in (change.old, change.new) if key != change.part else ():
                with suppress(ValidationError):  # a draft, or nothing
                    source = Source.model_validate(content)
                    found[key, source_revision(source)] = source
    return found


def last_sign_off(now: Statement, seen: tuple[Statement, ...]) -> Signed | None:
    """Return the last sign-off of a statement, whether or not it still stands; None if there was none.

    Parameters
    ----------
    now
        What the file says.
    seen
        What the history has seen signed off, oldest first.
    """
    if now.reviewed is None:
        return None if not seen or seen[-1].reviewed is None else Signed(seen[-1].reviewed, seen[-1])
    if now.reviewed.revision in (None, revision_of(now)):
        return Signed(now.reviewed, now)
    then = [each for each in seen if revision_of(each) == now.reviewed.revision]
    return Signed(now.reviewed, then[-1] if then else None)


def _statements(entry: Entry) -> Iterator[tuple[Key, Statement]]:
    for change in entry.changes:
        if change.part.startswith(_ANSWERS):
            question = change.part.removeprefix(_ANSWERS)
            # The old content too: somebody may have signed it off without this program.
            for content in (change.old, change.new):
                yield from (((question, scope), said) for scope, said in _signed(content))


def _signed(content: Any) -> Iterator[tuple[str, Statement]]:  # noqa: ANN401 - JSON of any shape
    if not isinstance(content, dict):
        return
    own: Mapping[str, Any] = content.get("deployments") or {}
    for scope, said in ((GENERAL, content), *own.items()):
        if isinstance(said, dict) and said.get("reviewed"):
            try:
                statement = {key: value for key, value in said.items() if key not in _OTHERS}
                yield scope, Statement.model_validate(statement)
            except ValidationError:  # of an older format, or spoilt by hand: it tells nothing
                continue
