"""Rules A022, A026 to A031 and A037: sources, dates and scope of evidence items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.files.rules.answers import AnswersCase, rule
from evalkit.files.rules.sameness import served
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.model.records import item_identity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from evalkit.files.document import At
    from evalkit.files.rules.answers import PlacedStatement
    from evalkit.files.rules.registry import Found
    from evalkit.model.answers import EvidenceItem


def _items(case: AnswersCase) -> Iterator[tuple[PlacedStatement, EvidenceItem, At]]:
    for placed in case.statements:
        for item, at in placed.items():
            yield placed, item, at


def _day(case: AnswersCase, item: EvidenceItem) -> date | None:
    source = case.answers.sources.get(item.source)
    return item.collected or (source.retrieved if source else None)


@rule("A022", "Evidence cites sources that the file lists.")
def _cited_sources_exist(case: AnswersCase) -> Iterator[Found]:
    sources = case.answers.sources
    for placed, item, at in _items(case):
        if item.source not in sources:
            message = f"source {item.source} is unknown; {allowed(sources, 'sources')}"
            yield placed.found((*at, "source"), message, did_you_mean(item.source, sources))


@rule("A026", "An evidence item has a date: collected, or when its source was retrieved.")
def _items_have_dates(case: AnswersCase) -> Iterator[Found]:
    for placed, item, at in _items(case):
        if item.source in case.answers.sources and _day(case, item) is None:
            message = (
                f"the item from {item.source} has no date; collected or the source's retrieved is needed"
            )
            yield placed.found(at, message)


@rule("A027", "No evidence item is dated after the evaluation's day.")
def _items_are_not_from_the_future(case: AnswersCase) -> Iterator[Found]:
    for placed, item, at in _items(case):
        day = _day(case, item)
        if day is not None and day > case.as_of:
            place = (*at, "collected") if item.collected else at
            message = f"the item from {item.source} is of {day}, after the evaluation's day, {case.as_of}"
            yield placed.found(place, message)


@rule("A028", "Evidence does not expire before it was collected.")
def _items_expire_after_collection(case: AnswersCase) -> Iterator[Found]:
    for placed, item, at in _items(case):
        day = _day(case, item)
        if day is not None and item.expires is not None and item.expires < day:
            yield placed.found((*at, "expires"), f"expires {item.expires} is before {day}, when collected")


@rule("A029", "A test names the version that it tested.")
def _tests_name_the_version(case: AnswersCase) -> Iterator[Found]:
    for placed, item, at in _items(case):
        if item.evidence_class == "tested" and item.version is None:
            message = f"the tested item from {item.source} names no version; name the one tested"
            yield placed.found(at, message)


@rule("A030", "The scope of an evidence item names deployments of the product.")
def _scopes_name_deployments(case: AnswersCase) -> Iterator[Found]:
    known = case.deployment_ids
    for placed, item, at in _items(case):
        for index, name in enumerate(item.deployments or ()):
            if name not in known:
                message = f"deployment {name} is unknown; {allowed(known, 'deployments')}"
                yield placed.found((*at, "deployments", index), message, did_you_mean(name, known))


@rule("A031", "The scope of an evidence item lies within the deployments that its answer serves.")
def _scopes_lie_within_the_record(case: AnswersCase) -> Iterator[Found]:
    for placed, item, at in _items(case):
        if item.deployments is None:
            continue
        answer = case.answers.answers[placed.question_id]
        serves = served(answer, placed.statement, case.deployment_ids)
        for index, name in enumerate(item.deployments):
            if name in case.deployment_ids and name not in serves:
                within = [each for each in case.deployment_ids if each in serves]
                message = f"deployment {name} has another answer; {allowed(within, 'deployments')}"
                yield placed.found((*at, "deployments", index), message)


@rule("A037", "An answer cites no evidence item twice.")
def _items_are_cited_once(case: AnswersCase) -> Iterator[Found]:
    for placed in case.statements:
        seen = set()
        for item, at in placed.items():
            key = item_identity(item, placed.statement)
            if key in seen:
                message = f"the same item from {item.source} stands twice; items must differ in something"
                yield placed.found(at, message)
            seen.add(key)
