"""What is asked of an answers file, and what it answers: edits, states of parts, conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.files.document import At
    from evalkit.files.saving.parts import Json
    from evalkit.model.answers import ProductAnswers


@dataclass(frozen=True, slots=True)
class Edit:
    """One part as somebody wants it.

    Attributes
    ----------
    base : str
        Revision of the working content that the editor had seen; ``""`` if there was none.
    content : JSON or None
        None removes the part.
    """

    part: str
    base: str
    content: Json


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Why a part cannot stand in the file, or what is wrong with one that stands there.

    Attributes
    ----------
    path : tuple of str or int
        Inside the part, for example ``("evidence", 0, "source")``; ``()`` is the part as a whole.
    code : str
        Id of the rule (see :mod:`evalkit.files.catalogue`), or :data:`SET_ASIDE`.
    message, hint : str
        As ``evalkit check`` words them.
    """

    path: At
    code: str
    message: str
    hint: str = ""


SET_ASIDE = "F001"
"""Code of the problem that a draft does not count, since the file was changed under it."""


@dataclass(frozen=True, slots=True)
class PartState:
    """The working content of a part: its draft if there is one, else what the file says.

    Attributes
    ----------
    content : JSON or None
        None if there is no such part, or a draft removes it.
    revision : str
        Of the content; ``""`` for None.
    problems : tuple of FieldProblem
        Of a draft, why it is one; else what breaks rules in the file, which a text editor may have done.
    """

    content: Json
    revision: str
    is_draft: bool = False
    problems: tuple[FieldProblem, ...] = ()


ABSENT = PartState(None, "")
"""State of a part that is neither in the file nor drafted."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """An edit that was not saved: the part was changed since its editor looked.

    Attributes
    ----------
    theirs : PartState
        What stands now.
    by, at : str
        Who saved that, and when (ISO, UTC); ``""`` if it was changed outside evalkit.
    """

    part: str
    theirs: PartState
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did.

    Attributes
    ----------
    parts : mapping of part to PartState
        State of each part that was edited and saved, and of each other whose state changed with them (a draft
        that now keeps the rules).
    conflicts : tuple of Conflict
        For each edit that was not saved.
    """

    parts: Mapping[str, PartState]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An answers file at one moment.

    Attributes
    ----------
    answers : ProductAnswers
        What the file says; drafts are not in it.
    parts : mapping of part to PartState
        Every part of the file and every draft.
    sha256 : str
        Hexadecimal digest of the file's bytes.
    """

    answers: ProductAnswers
    parts: Mapping[str, PartState]
    sha256: str
