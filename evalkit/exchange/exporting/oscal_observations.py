"""What is known of an option as observations of OSCAL: one per question and one per evidence item."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.exchange.exporting.oscal_values import address, end_of, line, markup, props, start_of, uuid_of
from evalkit.views.agreement import said_by
from evalkit.views.answer_text import describe
from evalkit.views.evidence_view import reason_for_class
from evalkit.views.export import condition_entries
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.model.answers import EvidenceItem, Source
    from evalkit.model.scorecard import QuestionResult, WeighedItem
    from evalkit.scoring.assessors import Voice
    from evalkit.views.subject import Subject

_METHODS: Final[Mapping[str, str]] = {
    "claim": "INTERVIEW",
    "third_party": "EXAMINE",
    "documented": "EXAMINE",
    "source_read": "EXAMINE",
    "contract": "EXAMINE",
    "attested": "EXAMINE",
    "tested": "TEST",
}
"""How evidence of a class is come by, where the item does not say."""


@dataclass(frozen=True, slots=True)
class Observed:
    """The observations of an option, and the identifiers of those on each question, the answer's first."""

    every: tuple[dict[str, Any], ...]
    by_question: Mapping[str, tuple[str, ...]]


def observations_of(subject: Subject) -> Observed:
    """Return what was observed; nothing for an option without figures."""
    every: list[dict[str, Any]] = []
    by_question: dict[str, tuple[str, ...]] = {}
    for result in subject.card.questions:
        if result.applicable:
            items = [*_items(subject, result)]
            own = [_answer(subject, result, items), *items]
            by_question[result.question] = tuple(it["uuid"] for it in own)
            every += own
    return Observed(tuple(every), by_question)


def method_of(item: EvidenceItem) -> str:
    """Return EXAMINE, INTERVIEW or TEST: as the item says, else by its class."""
    return item.method.upper() if item.method else _METHODS[item.evidence_class]


def _answer(subject: Subject, result: QuestionResult, items: list[dict[str, Any]]) -> dict[str, Any]:
    question, card = subject.question(result.question), subject.card
    conditions = [it for it in condition_entries(card) if it.question == question.id]
    return {
        "uuid": _uuid(subject, question.id, "answer"),
        "title": line(f"{question.id} {question.title}"),
        "description": markup(
            "\n\n".join(_told(subject, voice, question.id) for voice in subject.voices(question.id))
        ),
        "props": [
            *props(
                question=question.id,
                domain=result.domain,
                state=result.state,
                class_=result.evidence_class,
                v=result.v,
                v_low=result.low,
                v_expected=result.expected,
                v_high=result.high,
                weight=result.weight,
                disputed=result.disputed,
                stale=result.stale,
                record=result.record,
                evidence_missing=any(it.question == question.id for it in card.finding.evidence),
            ),
            *(prop for it in conditions for prop in props(condition=f"{it.kind} {it.id}")),
        ],
        "methods": sorted({method for it in items for method in it["methods"]}) or ["UNKNOWN"],
        "types": ["control-objective"],
        "subjects": [_subject(subject)],
        # Nobody has collected anything where there is no item: the day is that of the evaluation.
        "collected": max(
            (it["collected"] for it in items), default=start_of(subject.inputs.evaluation.as_of)
        ),
    }


def _told(subject: Subject, voice: Voice, question_id: str) -> str:
    said = said_by(subject.question(question_id), voice.assessor or "", voice.statement)
    who = f"{said.assessor}: " if said.assessor else ""
    also = f"\n\nAlso recorded: {voice.statement.also}" if voice.statement.also else ""
    finding = f"\n\n{said.finding}" if said.finding else ""
    return f"{who}{' / '.join(said.answers)}.{finding}{also}"


def _items(subject: Subject, result: QuestionResult) -> Iterator[dict[str, Any]]:
    """Yield each evidence item; its identifier outlasts a change of class, value or date."""
    seen: Counter[tuple[str, str]] = Counter()
    for weighed in result.items:
        key = (weighed.item.source, weighed.item.locator or "")
        seen[key] += 1
        source = subject.option.answers.sources[weighed.item.source]
        uuid = _uuid(subject, result.question, "evidence", *key, str(seen[key]))
        yield _item(subject, result, weighed, source, uuid)


def _item(
    subject: Subject, result: QuestionResult, weighed: WeighedItem, source: Source, uuid: str
) -> dict[str, Any]:
    item, question = weighed.item, subject.question(result.question)
    stated = "" if item.value is None else describe(question, item.value).named
    kind = wording.CLASS[item.evidence_class]
    href = address(source.url)
    elsewhere = None if href else source.url  # a purl, a placeholder: no address that anybody can open
    parts = [
        source.title,
        source.publisher,
        wording.KIND[source.kind],
        elsewhere,
        source.version,
        item.locator,
    ]
    return {
        "uuid": uuid,
        "title": line(f"{question.id} {question.title}, {kind}: {source.title}"),
        "description": markup(f"It states {stated}." if stated else "It states the answer."),
        "props": props(
            question=question.id,
            class_=item.evidence_class,
            counts_as=weighed.effective_class,
            why=reason_for_class(subject, weighed),
            source=item.source,
            source_kind=source.kind,
            states=stated,
            v=weighed.v,
            governs=weighed.governs,
            about_version=item.version,
            sha256=item.sha256,
            deployments=None if item.deployments is None else ", ".join(item.deployments),
        ),
        "methods": [method_of(item)],
        "subjects": [_subject(subject)],
        "relevant-evidence": [{**href, "description": markup(", ".join(part for part in parts if part))}],
        "collected": start_of(weighed.collected),
        "expires": end_of(weighed.expires),
    }


def _subject(subject: Subject) -> dict[str, str]:
    return {"subject-uuid": component_uuid(subject), "type": "component"}


def component_uuid(subject: Subject) -> str:
    """Return the identifier of the option as a component: that which observations are about."""
    return uuid_of(subject.inputs.evaluation.id, subject.card.option, "component")


def _uuid(subject: Subject, *parts: str) -> str:
    return uuid_of(subject.inputs.evaluation.id, subject.card.option, *parts)
