"""Every answer of every option as one table, for spreadsheets and databases.

A row is one question for one option: what was asked, what was said, what it is worth, where it was read.
Not carried: evidence items apart from one another (a row lists their sources and has the class that
governs), the distribution between v_low and v_high, remarks, and the evidence table. An option without
figures has its answers and no figures. What no spreadsheet may run as a formula begins with an apostrophe;
what is invisible or reorders text is a token.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final

from evalkit.exchange.exporting.format import Exported
from evalkit.model.answers import HostLists
from evalkit.model.records import is_outdated
from evalkit.scoring.score import readings_of
from evalkit.views.agreement import said_by
from evalkit.views.export import condition_entries, plain_value, rounded, spreadsheet_cell
from evalkit.views.safe_text import visible
from evalkit.views.subject import display_state
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from evalkit.exchange.exporting.format import Chosen
    from evalkit.model.answers import RawValue, Statement
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import QuestionResult
    from evalkit.scoring.assessors import Voice
    from evalkit.views.export import Cell
    from evalkit.views.subject import Subject

COLUMNS: Final = (
    *("option", "product", "product_name", "vendor", "version", "deployment", "deployment_name", "verdict"),
    *("domain", "domain_title", "question", "title", "asked", "kind"),
    *("applicable", "state", "value", "answer", "finding", "also"),
    *("class", "v", "v_low", "v_expected", "v_high", "weight", "disputed", "stale"),
    *("gate", "conditions", "evidence_missing"),
    *("record", "assessors", "sources", "answered_by", "answered_on"),
    *("reviewed_by", "reviewed_on", "changed_since_review"),
)
"""Columns of the table, in order; scores are shares in 0..1, flags are ``true`` and ``false``."""

_LOSSES: Final = (
    "evidence items are listed by source, not one by one; their classes, dates and own values are in oscal",
    "the distribution between v_low and v_high, remarks, and the profile's rules are left out",
)


def answers_csv(chosen: Chosen) -> Exported:
    """Return a row per option and question, options in the order of the evaluation, with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for subject in chosen.subjects:
        for row in _rows(subject):
            writer.writerow({name: spreadsheet_cell(_shown(value)) for name, value in row.items()})
    bare = [card.option for card in chosen.cards if not card.is_scored]
    unscored = (f"no figures: {', '.join(bare)}",) if bare else ()
    return Exported(text.getvalue(), (*unscored, *_LOSSES))


def _rows(subject: Subject) -> Iterator[dict[str, Cell]]:
    questionnaire, product = subject.inputs.questionnaire, subject.product
    readings = (
        {}
        if subject.card.is_scored
        else readings_of(subject.inputs, subject.option, subject.inputs.profile.evidence)
    )
    results = {result.question: result for result in subject.card.questions}
    for question in questionnaire.questions:
        domain = questionnaire.domain_of[question.id]
        said = subject.voices(question.id)
        result = results.get(question.id)
        yield {
            "option": subject.card.option,
            "product": product.id,
            "product_name": product.name,
            "vendor": product.vendor,
            "version": product.version,
            "deployment": subject.card.deployment,
            "deployment_name": subject.option.deployment.name,
            "verdict": subject.card.finding.verdict,
            "domain": domain.id,
            "domain_title": domain.title,
            "question": question.id,
            "title": question.title,
            "asked": question.question,
            "kind": question.kind,
            "state": readings[question.id].state if result is None else display_state(result),
            **_said(question, said),
            **({} if result is None else _worth(subject, result)),
        }


def _said(question: Question, said: Sequence[Voice]) -> dict[str, Cell]:
    """What stands in the files, whatever it is worth."""
    return {
        "value": _each(said, lambda it: _value(it.value)),
        "answer": _each(said, lambda it: " / ".join(said_by(question, "", it).answers)),
        "finding": _each(said, lambda it: it.finding or ""),
        "also": _each(said, lambda it: it.also or ""),
        "assessors": "; ".join(voice.assessor for voice in said if voice.assessor),
        "sources": "; ".join(dict.fromkeys(_source(voice, key) for voice in said for key in _cited(voice))),
        "answered_by": _each(said, lambda it: it.answered.by if it.answered else ""),
        "answered_on": _each(said, lambda it: it.answered.on.isoformat() if it.answered else ""),
        "reviewed_by": _each(said, lambda it: it.reviewed.by if it.reviewed else ""),
        "reviewed_on": _each(said, lambda it: it.reviewed.on.isoformat() if it.reviewed else ""),
        "changed_since_review": _told(said, [_changed_since_review(each) for each in said]),
    }


def _worth(subject: Subject, result: QuestionResult) -> dict[str, Cell]:
    """What it is worth for the option; figures only where the question applies."""
    card = subject.card
    gates = {gate.question: gate.result for gate in card.gates}
    about = [it for it in condition_entries(card) if it.question == result.question]
    told: dict[str, Cell] = {
        "applicable": _flag(holds=result.applicable),
        "gate": gates.get(result.question, ""),
        "record": result.record,
    }
    if not result.applicable:
        return told | {"answer": wording.STATE["not-applicable"]}
    return told | {
        "class": result.evidence_class,
        "v": rounded(result.v),
        "v_low": rounded(result.low),
        "v_expected": rounded(result.expected),
        "v_high": rounded(result.high),
        "weight": rounded(result.weight),
        "disputed": _flag(holds=result.disputed),
        "stale": _flag(holds=result.stale),
        "conditions": "; ".join(f"{it.kind} {it.id}" for it in about),
        "evidence_missing": _flag(holds=any(it.question == result.question for it in card.finding.evidence)),
    }


def _each(said: Sequence[Voice], pick: Callable[[Statement], str]) -> str:
    """What is picked of the one statement; of several, a line per assessor who says something."""
    return _told(said, [pick(voice.statement) for voice in said])


def _told(said: Sequence[Voice], texts: Sequence[str]) -> str:
    if len(said) == 1:
        return texts[0]
    told = zip(said, texts, strict=True)
    return "\n".join(f"{voice.assessor}: {text}" for voice, text in told if text)


def _value(value: RawValue | None) -> str:
    match value:
        case None:
            return ""
        case tuple():
            return "; ".join(value)
        case HostLists():
            return json.dumps(plain_value(value), ensure_ascii=False, sort_keys=True)
        case _:
            return str(value)


def _cited(voice: Voice) -> Iterator[str]:
    yield from (item.source for item in voice.statement.evidence)


def _source(voice: Voice, key: str) -> str:
    source = voice.answers.sources[key]
    return f"{key}: {source.title}, {source.publisher}{f', {source.url}' if source.url else ''}"


def _changed_since_review(voice: Voice) -> str:
    signed = voice.statement.reviewed
    if signed is None or (signed.revision is None and not signed.sources):
        return ""
    return _flag(holds=is_outdated(voice.statement, voice.answers.sources))


def _flag(*, holds: bool) -> str:
    return "true" if holds else "false"


def _shown(value: Cell) -> Cell:
    return visible(value) if isinstance(value, str) else value
