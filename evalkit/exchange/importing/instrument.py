"""A draft -> the instrument: questionnaire, profile, and how its choices are found again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.conditions import conditions
from evalkit.exchange.importing.draft import Note
from evalkit.exchange.importing.numbering import numbering
from evalkit.exchange.importing.shaping import LADDERS, ORIGIN, shaped
from evalkit.model.profile import Profile
from evalkit.model.questionnaire import (
    Domain,
    Framework,
    FrameworkIds,
    Questionnaire,
    QuestionnaireHeader,
    SubjectFact,
    Triage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from evalkit.exchange.importing.draft import Draft, DraftQuestion
    from evalkit.exchange.importing.numbering import Numbering
    from evalkit.exchange.importing.shaping import Shaped
    from evalkit.model.questionnaire import Question

PROFILE: Final = "standard"
MAX_QUESTIONS: Final = 3_000
MAX_CHOICES: Final = 30_000
FEATURES: Final = "features"


@dataclass(frozen=True, slots=True)
class Cover:
    """What an instrument is called, and its day."""

    id: str
    version: str
    day: date


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire made of a draft, with a profile for it.

    Attributes
    ----------
    names, shaped
        How ids and choices of the file are found in it.
    notes : tuple of Note
        What did not come over as it was.
    """

    questionnaire: Questionnaire
    framework_ids: FrameworkIds
    profile: Profile
    names: Numbering
    shaped: Shaped
    notes: tuple[Note, ...]


def instrument(draft: Draft, cover: Cover, *, frame: Questionnaire, like: Profile) -> Instrument:
    """Return the instrument that a draft describes.

    Parameters
    ----------
    frame
        The questionnaire whose answer states, evidence classes and facts about products hold for it, too.
    like
        The profile whose evidence table and thresholds hold for it, too.

    Raises
    ------
    EvalkitError
        If there is no question to be answered, or more than 3,000.
    """
    if len(draft.questions) > MAX_QUESTIONS:
        raise EvalkitError(f"{len(draft.questions):,} questions; at most {MAX_QUESTIONS:,} are taken")
    choices = sum(len(question.choices) for question in draft.questions)
    if choices > MAX_CHOICES:
        raise EvalkitError(f"{choices:,} choices; at most {MAX_CHOICES:,} are taken")
    names = numbering(draft)
    made = shaped(draft, names)
    if not made.questions:
        raise EvalkitError("there is no question in the file that could be answered")
    said, dropped = conditions(draft, names, made)
    domains = []
    prefixes = {}
    for section, domain, prefix in zip(draft.sections, names.domains, names.prefixes, strict=True):
        questions = tuple(
            _asked(made.questions[question.id], said.get(question.id))
            for question in section.questions
            if question.id in made.questions
        )
        if questions:
            prefixes[domain] = prefix
            title = section.title.strip() or domain
            domains.append(
                Domain(
                    format="evalkit/domain/1",
                    id=domain,
                    title=title,
                    seed=section.text.strip() or title,
                    questions=questions,
                )
            )
    header = _header(frame, made.words, cover, draft.title).model_copy(
        update={"domains": tuple(domain.id for domain in domains), "prefixes": prefixes}
    )
    origin = _origin(draft, made)
    profile = _profile(draft, domains, names, like, cover.id)
    notes = (
        *draft.notes,
        *made.notes,
        *dropped,
        Note(
            "assumed",
            "",
            f"evidence table and thresholds are those of {like.questionnaire}'s profile {like.id!r}, without"
            " gates and a floor for sections; each section weighs as much as its questions together",
        ),
    )
    return Instrument(
        Questionnaire(header, tuple(domains), (origin,)),
        FrameworkIds(
            format="evalkit/framework-ids/1",
            as_of=cover.day,
            note="Ids of the questions in the file that they were imported from.",
            frameworks=(origin,),
        ),
        profile,
        names,
        made,
        notes,
    )


def _asked(question: Question, applies_if: dict[str, object] | None) -> Question:
    if applies_if is None:
        return question
    data = question.model_dump(mode="python", by_alias=True, exclude_unset=True)
    made: Question = type(question).model_validate(data | {"applies_if": applies_if})
    return made


def _header(frame: Questionnaire, words: tuple[str, ...], cover: Cover, title: str) -> QuestionnaireHeader:
    facts = tuple(fact for fact in frame.header.subject_facts if fact.id != FEATURES)
    if words:
        facts = (*facts, SubjectFact(id=FEATURES, kind="many", options=words, level="product"))
    old = frame.header
    return QuestionnaireHeader(
        format="evalkit/questionnaire/1",
        id=cover.id,
        version=cover.version,
        title=title.strip() or cover.id,
        as_of=cover.day,
        language="en",
        domains=old.domains,
        prefixes={},
        kinds=old.kinds,
        ladders=dict(LADDERS),
        answer_states=old.answer_states,
        evidence_classes=old.evidence_classes,
        subject_facts=facts,
        conditions=old.conditions,
        lab_kit={},
        reference_scenario="None: the imported questionnaire describes none.",
        triage=Triage(
            purpose="The imported questionnaire marks no questions for a first meeting.", minutes=60
        ),
        frameworks={ORIGIN: "Ids in the imported file"},
    )


def _origin(draft: Draft, made: Shaped) -> Framework:
    return Framework(
        key=ORIGIN,
        name="Ids in the imported file",
        verified_in=(draft.title.strip() or "the imported file",),
        result="Each id is that of a question in the file",
        ids=tuple(question.id for question in draft.questions if question.id in made.questions),
    )


def _profile(
    draft: Draft, domains: Iterable[Domain], names: Numbering, like: Profile, questionnaire_id: str
) -> Profile:
    by_id: dict[str, DraftQuestion] = {names.questions[each.id]: each for each in draft.questions}
    weights = {
        domain.id: math.fsum(by_id[question.id].weight for question in domain.questions) for domain in domains
    }
    own = {
        question.id: float(by_id[question.id].weight)
        for domain in domains
        for question in domain.questions
        if by_id[question.id].weight != 1
    }
    return Profile(
        format="evalkit/profile/1",
        id=PROFILE,
        version="1.0.0",
        questionnaire=questionnaire_id,
        title="As imported",
        purpose="Weights of the imported questionnaire; set gates and thresholds before you decide by it.",
        domain_weights=weights,
        question_weights=own,
        evidence=like.evidence,
        thresholds=like.thresholds.model_copy(update={"domain_floor": 0.0}),
        unknown_gate=like.unknown_gate,
    )
