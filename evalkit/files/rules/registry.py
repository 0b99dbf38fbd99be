"""A rule is an id, a sentence and the function that finds where the sentence does not hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Literal, Protocol, TypeVar

from evalkit.files.document import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalkit.errors import Problem
    from evalkit.files.document import At, Document

Subject = Literal[
    "questionnaire",
    "profile",
    "evaluation",
    "answers",
    "controls",
    "weights",
    "decision",
    "migrations",
    "observations",
    "wording",
    "syntax",
    "schema",
]

SUBJECT_OF_LETTER: Final[dict[str, Subject]] = {
    "Q": "questionnaire",
    "P": "profile",
    "E": "evaluation",
    "A": "answers",
    "C": "controls",
    "W": "weights",
    "D": "decision",
    "M": "migrations",
    "O": "observations",
    "L": "wording",
    "Y": "syntax",
    "S": "schema",
}
"""What a rule is about, by the first letter of its id."""

_LONGEST_MESSAGE: Final = 600


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold, in one sentence; an id is never reused.

    Attributes
    ----------
    is_advice : bool
        Whether a file that breaks it can be used all the same: ``evalkit check`` tells, nothing else stops.
    """

    id: str
    subject: Subject
    text: str
    is_advice: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A place where a rule is broken; without a document it lies in the case's own."""

    at: At
    message: str
    hint: str = ""
    document: Document | None = None


class Case(Protocol):
    """What a rule looks at: a document, read, and what it refers to."""

    @property
    def document(self) -> Document:
        """Where a finding lies that names no other document."""


CaseT = TypeVar("CaseT", bound=Case)


class Rulebook(Generic[CaseT]):
    """The rules about one kind of file; called, it registers one more."""

    def __init__(self) -> None:
        self._checks: dict[str, Callable[[CaseT], Iterator[Found]]] = {}
        self.rules: dict[str, Rule] = {}

    def __call__(
        self, rule_id: str, text: str, *, is_advice: bool = False
    ) -> Callable[[Callable[[CaseT], Iterator[Found]]], Callable[[CaseT], Iterator[Found]]]:
        """Register the decorated function; ``ValueError`` if the id is taken."""

        def register(check: Callable[[CaseT], Iterator[Found]]) -> Callable[[CaseT], Iterator[Found]]:
            if rule_id in self.rules:
                raise ValueError(f"rule {rule_id} is registered twice")
            self.rules[rule_id] = Rule(rule_id, SUBJECT_OF_LETTER[rule_id[0]], text, is_advice)
            self._checks[rule_id] = check
            return check

        return register

    def problems(self, case: CaseT) -> Iterator[Problem]:
        """Yield every problem of every rule, rule by rule."""
        for rule_id, check in self._checks.items():
            for found in check(case):
                document = found.document or case.document
                yield document.problem(rule_id, found.at, _printable(found.message), _printable(found.hint))


def _printable(text: str) -> str:
    return harmless(text, _LONGEST_MESSAGE)
