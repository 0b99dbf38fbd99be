"""Answers of a draft -> an answers file: claims of the vendor, whatever the file says that they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.exchange.importing.draft import Note
from evalkit.model.answers import Answer, Deployment, Prepared, Product, ProductAnswers, Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from evalkit.exchange.importing.draft import Draft, DraftAnswer, DraftQuestion
    from evalkit.exchange.importing.instrument import Instrument

SOURCE: Final = "imported-file"
_LONGEST: Final = 5_000


@dataclass(frozen=True, slots=True)
class About:
    """Whom imported answers are about, and where they come from.

    Attributes
    ----------
    product : str
        Id of the product.
    file, sha256 : str
        Name and hexadecimal digest of the file imported.
    day : datetime.date
        When the answers came, where the file does not say it of one.
    """

    product: str
    name: str
    vendor: str
    version: str
    file: str
    sha256: str
    day: date


def answered(draft: Draft, made: Instrument, about: About) -> tuple[ProductAnswers, tuple[Note, ...]]:
    """Return the answers of a draft, and what of them did not come over as it was.

    An answer in words, or one whose choice is not offered, is kept as a finding without a value: unanswered
    until somebody chooses a level. An answer dated after ``about.day`` gets that day.
    """
    header = made.questionnaire.header
    notes: list[Note] = []
    offered = {question.id: question for question in draft.questions}
    answers: dict[str, Answer] = {}
    features: list[str] = []
    for given in draft.answers:
        if given.question in made.shaped.facts:
            features += _features(given, made.shaped.facts[given.question], notes)
        elif given.question not in made.shaped.questions:
            told = f"an answer to {given.question[:60]!r}, which is no question of the file"
            notes.append(Note("left out", given.where, told))
        elif (answer := _answer(given, offered[given.question], made, about, notes)) is not None:
            answers[made.names.questions[given.question]] = answer
    place = {question.id: index for index, question in enumerate(made.questionnaire.questions)}
    facts = header.subject_facts
    deployment = Deployment(
        id="default",
        name=about.name,
        **{
            key: next(fact.options[0] for fact in facts if fact.id == fact_id)
            for key, fact_id in (("route", "routes"), ("surface", "surfaces"))
        },
        plan="enterprise",
    )
    notes.append(
        Note(
            "assumed",
            "",
            f"{about.name} is closed source and has one deployment, {deployment.name!r} (route"
            f" {deployment.route}, surface {deployment.surface}, plan {deployment.plan}): set it on the"
            " cover sheet",
        )
    )
    answers_file = ProductAnswers(
        format="evalkit/answers/1",
        questionnaire=made.questionnaire.ref,
        product=Product(
            id=about.product,
            name=about.name,
            vendor=about.vendor,
            version=about.version,
            licence="closed",
            features=tuple(dict.fromkeys(features)) if features else None,
        ),
        prepared=Prepared(
            by=about.vendor,
            on=about.day,
            basis=f"Imported from {about.file}, sha256 {about.sha256[:16]}; nobody has checked it.",
        ),
        deployments=(deployment,),
        sources={
            SOURCE: Source(
                title=f"Imported file {about.file}",
                publisher=about.vendor,
                kind="correspondence",
                version=f"sha256 {about.sha256[:16]}",
                retrieved=about.day,
            )
        }
        if answers
        else {},
        answers={key: answers[key] for key in sorted(answers, key=place.__getitem__)},
    )
    return answers_file, tuple(notes)


def _features(given: DraftAnswer, words: Mapping[str, str], notes: list[Note]) -> list[str]:
    unknown = [choice for choice in given.choices if choice not in words]
    if unknown or not given.choices:
        told = f"{given.question}: {', '.join(unknown)[:80]!r} is none of {', '.join(words)[:200]}"
        notes.append(Note("left out", given.where, told))
    if given.text:
        told = f"{given.question} became facts, which have no room for what was said with it"
        notes.append(Note("left out", given.where, told))
    return [words[choice] for choice in given.choices if choice in words]


def _answer(
    given: DraftAnswer, offered: DraftQuestion, made: Instrument, about: About, notes: list[Note]
) -> Answer | None:
    question = made.shaped.questions[given.question]
    texts = {choice.id: choice.text for choice in offered.choices}
    value: int | list[str] | None = None
    levels = made.shaped.levels.get(given.question)
    options = made.shaped.options.get(given.question)
    lost = ""
    if levels is not None and given.choices:
        found = [levels[choice] for choice in given.choices if choice in levels]
        if len(found) == 1 and len(given.choices) == 1:
            value = found[0]
        else:
            lost = "names no single choice that is offered"
    elif options is not None and given.choices:
        if all(choice in options for choice in given.choices):
            value = [options[choice] for choice in dict.fromkeys(given.choices)]
        else:
            lost = "names a choice that is not offered"
    chosen = "; ".join(texts.get(choice, choice) for choice in given.choices)
    words = _cut(given.text, given, notes)
    if not (chosen or words):
        return None
    judged = {"also": chosen} if value is None and chosen and question.also_record and not lost else {}
    finding = words if value is not None or judged else "\n\n".join(filter(None, (chosen, words)))
    if lost:
        told = f"the answer to {given.question}, {chosen[:80]!r}, {lost}: kept as a finding, unanswered"
        notes.append(Note("left out", given.where, told))
    day = min(given.on, about.day) if given.on else about.day
    item: dict[str, Any] = {
        "class": "claim",
        "source": SOURCE,
        "locator": given.where,
        "sha256": about.sha256,
    }
    if given.link:
        item["locator"] = f"{given.where}; lead, not looked at: {_cut(given.link, given, notes)}"
    if day != about.day:
        item["collected"] = day
    state = {"value": value} if value is not None else {"state": "unanswered"}
    return Answer.model_validate({**state, "finding": finding or None, **judged, "evidence": [item]})


def _cut(text: str, given: DraftAnswer, notes: list[Note]) -> str:
    text = text.strip()
    if len(text) <= _LONGEST:
        return text
    notes.append(Note("left out", given.where, f"all but the first {_LONGEST:,} characters of the answer"))
    return text[:_LONGEST]
