"""Rules A040 to A042: the answers of several assessors about one product fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.files.rules.answers import PlacedStatement
from evalkit.files.rules.registry import Found, Rulebook
from evalkit.files.rules.vocabulary import options_of
from evalkit.files.rules.wording import allowed, shown
from evalkit.model.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.files.document import Document
    from evalkit.model.answers import Deployment, ProductAnswers
    from evalkit.model.questionnaire import Questionnaire

_FACTS = ("version", "licence", "operating_systems", "features")
"""What conditions and evidence ask about a product; names may be written as each likes."""

_STANDING = ("route", "surface", "plan", "client")


@dataclass(frozen=True, slots=True)
class AssessorCase:
    """One assessor's answers and file, and what the others say about the product.

    Attributes
    ----------
    others
        The other assessors' answers, by assessor.
    consensus
        The answers that all agreed on; None where there is no such file.
    called
        What messages call those.
    """

    assessor: str
    answers: ProductAnswers
    document: Document
    others: Mapping[str, ProductAnswers]
    consensus: ProductAnswers | None
    questionnaire: Questionnaire
    called: str = "the consensus"

    @property
    def reference(self) -> tuple[str, ProductAnswers]:
        """Name and answers that product and deployments are compared with: the consensus, or who is first."""
        if self.consensus is not None:
            return self.called, self.consensus
        return min([(self.assessor, self.answers), *self.others.items()], key=lambda named: named[0])


rule: Rulebook[AssessorCase] = Rulebook()


@rule("A040", "No assessor was refused what another answers, unless the consensus settles it.")
def _refusals_stand_beside_no_value(case: AssessorCase) -> Iterator[Found]:
    for question, answer in case.answers.answers.items():
        found: dict[str | None, tuple[PlacedStatement, list[str]]] = {}
        for deployment in case.answers.deployments:
            own = _placed(case.answers, question, deployment.id)
            settled = case.consensus and _placed(case.consensus, question, deployment.id).state
            if own.state != "refused" or settled not in (None, "unanswered"):
                continue
            valued = [
                name
                for name, other in sorted(case.others.items())
                if _placed(other, question, deployment.id).state in ("answered", "conflicting")
            ]
            if valued:
                place = deployment.id if deployment.id in answer.deployments else None
                found.setdefault(place, (own, valued))
        for own, valued in found.values():
            message = f"refused, but {', '.join(valued)} found a value"
            yield own.found(("state",), message, "settle it in the consensus, with its reason")


@rule("A041", "All files about a product agree on its version, licence, operating systems and features.")
def _product_is_the_same(case: AssessorCase) -> Iterator[Found]:
    name, reference = case.reference
    for fact in _FACTS:
        own, theirs = getattr(case.answers.product, fact), getattr(reference.product, fact)
        known = options_of(case.questionnaire, fact)
        if known is not None and not {*_words(own)} <= {*known}:
            continue  # A003 to A005 say so
        if (own is None) != (theirs is None) or {*_words(own)} != {*_words(theirs)}:
            yield Found(("product", fact), f"{fact} {shown(own)} is not that of {name}, {shown(theirs)}")


@rule("A042", "All files about a product have the same deployments.")
def _deployments_are_the_same(case: AssessorCase) -> Iterator[Found]:
    name, reference = case.reference
    theirs = {each.id: _standing(each) for each in reference.deployments}
    own = {each.id: _standing(each) for each in case.answers.deployments}
    for index, (deployment, standing) in enumerate(own.items()):
        if deployment not in theirs:
            known = allowed(theirs, "deployments")
            yield Found(("deployments", index, "id"), f"deployment {deployment} is not in {name}; {known}")
        elif standing != theirs[deployment]:
            compared = zip(_STANDING, standing, theirs[deployment], strict=True)
            key, mine, seen = next(each for each in compared if each[1] != each[2])
            message = f"deployment {deployment}: {key} {shown(mine)} is not that of {name}, {shown(seen)}"
            yield Found(("deployments", index), message)
    missing = [deployment for deployment in theirs if deployment not in own]
    if missing:
        yield Found(("deployments",), f"deployments: {', '.join(missing)} of {name} is missing")


def _words(fact: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (fact,) if isinstance(fact, str) else fact or ()


def _placed(answers: ProductAnswers, question: str, deployment: str) -> PlacedStatement:
    answer = answers.answers.get(question, Answer())
    place = deployment if deployment in answer.deployments else None
    return PlacedStatement(answer.deployments.get(deployment, answer), question, None, place)


def _standing(deployment: Deployment) -> tuple[str | None, ...]:
    return tuple(getattr(deployment, name) for name in _STANDING)
