"""The sheets of answers and sources: what was found, and where. Texts only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.exchange.evaluation_workbook.columns import ANSWERS, SOURCES
from evalkit.exchange.evaluation_workbook.table import Column, Table
from evalkit.model.records import state_of
from evalkit.views.answer_text import describe
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.exchange.evaluation_workbook.page import Page
    from evalkit.model.answers import Answer, ProductAnswers, RawValue, Statement
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question

_ANSWERS: Final = Table(
    ANSWERS,
    3,
    (
        Column("product", "Product", 16, "strong"),
        Column("assessor", "Assessor", 12, "aside"),
        Column("scope", "Holds for", 22, "wrap"),
        Column("question", "Question", 10, "strong"),
        Column("title", "Title", 30, "wrap"),
        Column("state", "State", 12),
        Column("answer", "Answer", 28, "wrap"),
        Column("finding", "Finding", 70, "wrap"),
        Column("class", "Evidence class as written", 14),
        Column("value", "Value that it states", 20, "wrap", 1),
        Column("source", "Source (sheet Sources)", 22),
        Column("source_title", "Title of the source", 34, "wrap"),
        Column("locator", "Where in it", 30, "wrap", 1),
        Column("collected", "Collected", 11, "day"),
        Column("expires", "Expires", 11, "day", 1),
        Column("version", "Version tested", 12, "aside", 1),
    ),
)
_SOURCES: Final = Table(
    SOURCES,
    3,
    (
        Column("product", "Product", 18, "strong"),
        Column("key", "Source", 26, "strong"),
        Column("title", "Title", 60, "wrap"),
        Column("publisher", "Publisher", 24, "wrap"),
        Column("kind", "Kind", 20),
        Column("version", "Version", 20, "wrap"),
        Column("retrieved", "Retrieved", 12, "day"),
        Column("address", "Address", 80),
    ),
)


@dataclass(frozen=True, slots=True)
class _Record:
    """A statement, in whose file it stands, and for which deployments it holds."""

    answers: ProductAnswers
    assessor: str
    scope: str
    question: Question
    statement: Statement


def write_answers(page: Page, inputs: EvaluationInputs) -> None:
    """Write the answers of every product, one row per piece of evidence."""
    page.title("Answers", "What was found, one row per piece of evidence. Nothing is calculated here.")
    page.headers(_ANSWERS, height=42)
    row = _ANSWERS.first
    for record in _records(inputs):
        items = record.statement.evidence or (None,)
        for place, item in enumerate(items):
            source = record.answers.sources.get(item.source) if item else None
            first = place == 0
            page.row(
                _ANSWERS,
                row,
                product=record.answers.product.name,
                assessor=record.assessor,
                scope=record.scope,
                question=record.question.id,
                title=record.question.title,
                state=wording.STATE_SHORT[state_of(record.statement)],
                answer=_words(record.question, record.statement.value) if first else None,
                finding=record.statement.finding if first else None,
                value=_words(record.question, item.value) if item else None,
                source=item.source if item else None,
                source_title=source.title if source else None,
                locator=item.locator if item else None,
                collected=(item.collected or (source.retrieved if source else None)) if item else None,
                expires=item.expires if item else None,
                version=item.version if item else None,
                **{"class": item.evidence_class if item else None},
            )
            page.fit(
                _ANSWERS,
                row,
                scope=record.scope,
                title=record.question.title,
                answer=_words(record.question, record.statement.value) if first else None,
                finding=record.statement.finding if first else None,
                value=_words(record.question, item.value) if item else None,
                source_title=source.title if source else None,
                locator=item.locator if item else None,
            )
            row += 1
    page.freeze(_ANSWERS, _ANSWERS.at["title"], row - 1)


def write_sources(page: Page, inputs: EvaluationInputs) -> None:
    """Write every source that a product's file lists; addresses of the web can be clicked."""
    page.title("Sources", "Where it was read. Addresses are shown as they are.")
    page.headers(_SOURCES)
    row = _SOURCES.first
    for product in sorted(inputs.answers):
        answers = inputs.answers[product]
        for key, source in answers.sources.items():
            page.row(
                _SOURCES,
                row,
                product=answers.product.name,
                key=key,
                title=source.title,
                publisher=source.publisher,
                kind=wording.KIND[source.kind],
                version=source.version,
                retrieved=source.retrieved,
            )
            page.link(row, _SOURCES.at["address"], source.url)
            page.fit(_SOURCES, row, title=source.title, publisher=source.publisher, version=source.version)
            row += 1
    page.freeze(_SOURCES, 2, row - 1)


def _records(inputs: EvaluationInputs) -> Iterator[_Record]:
    """Give every statement that serves an option, product by product in the order of the questionnaire."""
    compared: dict[str, list[str]] = {}
    for option in inputs.options():
        compared.setdefault(option.answers.product.id, []).append(option.deployment.id)
    for product in sorted(compared):
        files = [("", inputs.answers[product]), *sorted(inputs.assessors.get(product, {}).items())]
        for assessor, answers in files:
            for question in inputs.questionnaire.questions:
                answer = answers.answers.get(question.id)
                if answer is None:
                    continue
                for scope, statement in _statements(answer, compared[product]):
                    yield _Record(answers, assessor, scope, question, statement)


def _statements(answer: Answer, compared: list[str]) -> Iterator[tuple[str, Statement]]:
    """Give the general answer, if it serves a compared deployment, and each override with its scope."""
    general = [deployment for deployment in compared if deployment not in answer.deployments]
    if general:
        yield ("all" if len(general) == len(compared) else ", ".join(general)), answer
    same: list[tuple[Statement, list[str]]] = []
    for deployment, statement in answer.deployments.items():
        if deployment not in compared:
            continue
        for other, names in same:
            if other == statement:
                names.append(deployment)
                break
        else:
            same.append((statement, [deployment]))
    for statement, names in same:
        yield ", ".join(names), statement


def _words(question: Question, value: RawValue | None) -> str | None:
    if value is None:
        return None
    described = describe(question, value)
    parts = [described.named, *(tick.text for tick in described.ticks)]
    parts += [f"{hosts.found}: {', '.join(hosts.names)}" for hosts in described.hosts]
    return "\n".join(parts)
