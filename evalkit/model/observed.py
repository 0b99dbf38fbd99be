"""What can be said of observations without files: which version they saw, where they were filed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.model.observation import Artefact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.model.answers import Answer, ProductAnswers, Statement
    from evalkit.model.observation import Capture, Observation

_VERSION: Final = re.compile(r"[0-9]+(?:\.[0-9]+)+(?:[-+][\w.]+)?")
_RELATIONS: Final = ("contradicts", "supports", "informs")
_STRENGTHS: Final = ("observed", "configured", "present", "mention", "not_found", "not_checkable")


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen in one artefact or capture.

    Attributes
    ----------
    file, sha256 : str
        Name of the file of observations, and the hexadecimal digest of its bytes.
    version : str
        The version that the answers are about.
    """

    file: str
    sha256: str
    subject: Artefact | Capture
    observations: tuple[Observation, ...]
    version: str

    def is_stale(self, observation: Observation) -> bool:
        """Whether it is about another version than the answers, marked so or not."""
        return observation.stale or says_other_version(self.subject, self.version)

    def is_open(self, observation: Observation) -> bool:
        """Whether a reviewer has still to decide on it: not where it is stale, or tells nothing."""
        says_something = observation.strength != "not_checkable" and observation.questions != ()
        return observation.review.state == "new" and says_something and not self.is_stale(observation)


def version_of(subject: Artefact | Capture) -> str:
    """Return the version that was looked at; empty where nobody said."""
    if isinstance(subject, Artefact):
        return subject.version
    return subject.run.version if subject.run else ""


def says_other_version(subject: Artefact | Capture, stated: str) -> bool:
    """Whether a subject is of another version than answers state; no where one of them names none.

    Answers state versions in prose, such as ``CLI 3.0.65, VS Code 4.1.13``: one of them has to be it. What
    follows a hyphen in the subject's, such as a platform, is no matter.
    """
    return is_other_version(version_of(subject), stated)


def is_other_version(seen: str, stated: str) -> bool:
    """Whether a version is another than answers state; see :func:`says_other_version`."""
    seen = seen.strip().removeprefix("v")
    about = _VERSION.findall(stated)
    if not seen or not about:
        return False
    return not any(seen == version or seen.startswith(f"{version}-") for version in about)


def mark_of(observation_id: str) -> str:
    """Return the words by which evidence and remarks name an observation."""
    return f"observation {observation_id}"


def named_in(answers: ProductAnswers, observation_id: str) -> bool:
    """Whether evidence or a remark of some answer names an observation."""
    return any(
        cites(answer, observation_id) or remarks(answer, observation_id)
        for answer in answers.answers.values()
    )


def cites(answer: Answer, observation_id: str) -> bool:
    """Whether evidence of an answer names an observation."""
    mark = mark_of(observation_id)
    return any(mark in (item.locator or "") for said in statements(answer) for item in said.evidence)


def remarks(answer: Answer, observation_id: str) -> bool:
    """Whether a remark on an answer names an observation."""
    mark = mark_of(observation_id)
    return any(mark in comment.text.lower() for comment in answer.comments)


def statements(answer: Answer) -> Iterator[Statement]:
    """Yield the general statement, then those of single deployments."""
    yield answer
    yield from answer.deployments.values()


def urgency(observation: Observation) -> tuple[int, int, int, str, str]:
    """Return what sorts observations: undecided ones first, then contradictions, then what is strong."""
    return (
        observation.review.state != "new",
        _RELATIONS.index(observation.relation),
        _STRENGTHS.index(observation.strength),
        observation.rule.id,
        observation.id,
    )
