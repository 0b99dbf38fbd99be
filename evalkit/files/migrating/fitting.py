"""Answers that arrived -> answers that keep the rules of the questions that they arrived at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from evalkit.errors import InvalidInputError
from evalkit.files.migrating.statements import for_scope, says_anything, statements_of, with_statements
from evalkit.files.rules.wording import allowed, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evalkit.files.document import Document
    from evalkit.files.migrating.carrying import Arrived, Journey, Scribe
    from evalkit.files.saving.findings import Judge
    from evalkit.files.saving.states import FieldProblem
    from evalkit.model.answers import Answer, ProductAnswers
    from evalkit.model.questionnaire import Questionnaire

_OF_THE_QUESTION: Final = frozenset({"A011", "A012", "A013", "A014", "A015", "A016", "A033", "A034", "A035"})
"""Rules that hold an answer against its question; the others hold a file against itself."""

_MISFIT: Final = "does not fit the question any more"
_OTHERS: Final = "others' answers changed"


def check_arrival(arrived: Arrived, document: Document, questionnaire: Questionnaire) -> None:
    """Raise unless every answer came to a question, and no two to one.

    Raises
    ------
    InvalidInputError
        With the lines of the old file.
    """
    known = questionnaire.by_id
    problems = [
        document.problem(
            "A010",
            ("answers", journey.origins[0]),
            f"{journey.origins[0]} is no question of {questionnaire.ref}, and migrations.yaml does not"
            f" say what became of it; {allowed(known, 'questions')}",
            did_you_mean(name, known),
        )
        for name, journey in arrived.answers.items()
        if name not in known
    ]
    problems += [
        document.problem(
            "A010", ("answers", origin), f"{origin} becomes {name}, which is answered in this file already"
        )
        for name, origin in arrived.taken
    ]
    if problems:
        raise InvalidInputError(problems)


def fitted(
    arrived: Arrived, head: ProductAnswers, judge: Judge, scribe: Scribe, reopened: Collection[str]
) -> dict[str, Journey]:
    """Return the answers by question; what does not fit its question is to be answered again.

    Parameters
    ----------
    head
        The old file's, whose product, deployments and sources stay.
    reopened
        Questions that are to be answered again in any case.
    """
    questionnaire = judge.questionnaire
    going = {
        name: _without_companion(name, journey, questionnaire, scribe)
        for name, journey in arrived.answers.items()
    }
    for name in reopened:
        if name in going and says_anything(going[name].answer):
            why = "What other files say of the product changed with the version. To be answered again."
            going[name] = _again(going[name], scribe.unanswered(going[name].answer, why), _OTHERS)
    weakened: dict[str, int] = {}
    while True:
        answers = {name: journey.answer for name, journey in going.items()}
        found = judge.findings(head.model_copy(update={"answers": answers}))
        bad = {
            name: problems
            for name, journey in going.items()
            if (problems := found.get(f"answers/{name}"))
            and weakened.get(name, 0) < 2  # noqa: PLR2004 - bare remarks break no rule
            and _is_ours(journey, problems, head.answers)
        }
        if not bad:
            return going
        for name, problems in bad.items():
            going[name] = _weaker(going[name], problems, scribe, is_last=weakened.get(name, 0) > 0)
            weakened[name] = weakened.get(name, 0) + 1


def _is_ours(journey: Journey, problems: tuple[FieldProblem, ...], old: Mapping[str, Answer]) -> bool:
    """Whether the migration is to blame: what was wrong within the file before stays for people to mend."""
    as_it_was = len(journey.origins) == 1 and old.get(journey.origins[0]) == journey.answer
    return not as_it_was or any(problem.code in _OF_THE_QUESTION for problem in problems)


def _weaker(
    journey: Journey, problems: tuple[FieldProblem, ...], scribe: Scribe, *, is_last: bool
) -> Journey:
    why = f"The answer {_MISFIT}: {problems[0].message}. To be answered again."
    answer = journey.answer
    if is_last or not says_anything(answer):
        return _again(journey, scribe.bare(answer, why), _MISFIT)
    return _again(journey, scribe.unanswered(answer, why), _MISFIT)


def _again(journey: Journey, answer: Answer, why: str) -> Journey:
    happened = tuple(dict.fromkeys((*journey.happened, why)))
    return replace(journey, answer=answer, happened=happened, again=True)


def _without_companion(name: str, journey: Journey, questionnaire: Questionnaire, scribe: Scribe) -> Journey:
    """Move companion texts that the question does not ask for into a remark."""
    if questionnaire.by_id[name].also_record is not None:
        return journey
    said = statements_of(journey.answer)
    told = [for_scope(scope, [each.also]) for scope, each in said.items() if each.also is not None]
    if not told:
        return journey
    kept = {scope: each.model_copy(update={"also": None}) for scope, each in said.items()}
    text = f"The question asks for no companion value any more. It was: {'. '.join(told)}"
    return replace(journey, answer=scribe.remarked(with_statements(journey.answer, kept), text))
