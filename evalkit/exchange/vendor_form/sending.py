"""An evaluation and a product -> the form that its vendor fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.vendor_form import csv_form, workbook_writer
from evalkit.exchange.vendor_form.asking import asked, digest_of, found_so_far
from evalkit.exchange.vendor_form.html_form.page import page
from evalkit.exchange.vendor_form.place import Place
from evalkit.exchange.vendor_form.sheet import Form, Section
from evalkit.files.rules.wording import allowed
from evalkit.model.answers import Answer
from evalkit.model.records import GENERAL, scope_of
from evalkit.writing import write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from evalkit.exchange.vendor_form.sheet import Line
    from evalkit.model.answers import ProductAnswers
    from evalkit.model.questionnaire import Question, Questionnaire

_WRITERS: Final[Mapping[str, Callable[[Form, Questionnaire], bytes]]] = {
    ".xlsx": lambda form, _: workbook_writer.workbook(form),
    ".csv": lambda form, _: csv_form.csv_bytes(form),
    ".html": page,
}
_UNANSWERED = Answer()


def send(  # noqa: PLR0913 - each is one choice of whoever sends
    evaluation: Path,
    product: str,
    output: Path,
    *,
    deployments: Collection[str] = (),
    triage: bool = False,
    with_findings: bool = False,
) -> Form:
    """Write the form for the vendor of a product, and return it.

    Parameters
    ----------
    output
        Its ending, ``.xlsx``, ``.csv`` or ``.html``, says as what.
    deployments
        Ask about these ways to run the product only; by default about all that the evaluation compares.
    triage
        Ask only the questions for a first meeting.
    with_findings
        Show what was found so far. The vendor then sees what others say of the product.

    Raises
    ------
    EvalkitError
        If there is no such product or deployment, no writer for the ending, or the file cannot be written.
    InvalidInputError
        If files of the evaluation cannot be used.
    """
    writer = _WRITERS.get(output.suffix.lower())
    if writer is None:
        raise EvalkitError(f"{output}: what to write is not known; the name ends in {' or '.join(_WRITERS)}")
    place = Place.of(evaluation)
    form = form_of(place, product, deployments=deployments, triage=triage, with_findings=with_findings)
    write_bytes(output, writer(form, place.questionnaire))
    return form


def form_of(
    place: Place,
    product: str,
    *,
    deployments: Collection[str] = (),
    triage: bool = False,
    with_findings: bool = False,
) -> Form:
    """Return the form for a product; parameters and errors are those of :func:`send`."""
    answers = place.file(product).read().answers
    meant = _meant(place, answers, deployments)
    questionnaire, evaluation = place.questionnaire, place.evaluation
    sections = []
    for domain in questionnaire.domains:
        lines = [
            line
            for question in domain.questions
            if question.triage or not triage
            for line in _lines(question, answers, meant, with_findings=with_findings)
        ]
        if lines:
            sections.append(Section(domain.id, domain.title, domain.seed, tuple(lines)))
    names = {each.id: each.name for each in answers.deployments}
    return Form(
        evaluation=evaluation.id,
        title=evaluation.title,
        product=answers.product.id,
        product_name=answers.product.name,
        version=answers.product.version,
        vendor=answers.product.vendor,
        questionnaire=questionnaire.ref,
        questionnaire_title=questionnaire.header.title,
        digest=digest_of(questionnaire),
        as_of=evaluation.as_of,
        deadline=evaluation.deadline,
        deployments=tuple((name, names[name]) for name in meant),
        shows_findings=with_findings,
        is_triage=triage,
        sections=tuple(sections),
    )


def _meant(place: Place, answers: ProductAnswers, wanted: Collection[str]) -> tuple[str, ...]:
    known = [each.id for each in answers.deployments]
    for name in wanted:
        if name not in known:
            raise EvalkitError(f"deployment {name!r} is not known; {allowed(known, 'deployments')}")
    if wanted:
        return tuple(name for name in known if name in wanted)
    return tuple(each.id for each in place.compared(answers))


def _lines(
    question: Question, answers: ProductAnswers, meant: Collection[str], *, with_findings: bool
) -> Iterator[Line]:
    """Yield the rows for each record that serves a deployment that is meant, the general one first."""
    scopes = dict.fromkeys(scope_of(answers, question.id, name) for name in meant)
    answer = answers.answers.get(question.id, _UNANSWERED)
    for scope in sorted(scopes, key=lambda scope: scope != GENERAL):
        # Whoever answers is told of all that the answer is filed for, also where only some are asked about.
        serves = [
            each.name for each in answers.deployments if scope_of(answers, question.id, each.id) == scope
        ]
        applies = "all ways to run it" if len(serves) == len(answers.deployments) else "\n".join(serves)
        statement = answer if scope == GENERAL else answer.deployments[scope.partition("+")[0]]
        found = found_so_far(question, statement) if with_findings else ""
        yield from asked(question, scope, applies, found)
