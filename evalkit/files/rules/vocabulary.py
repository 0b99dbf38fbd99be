"""The vocabularies that a questionnaire's subject facts define for the other files."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from evalkit.files.rules.registry import Found
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.model.migration import version_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evalkit.files.document import At, Document
    from evalkit.model.questionnaire import Questionnaire


def options_of(questionnaire: Questionnaire, fact_id: str) -> tuple[str, ...] | None:
    """Return the options of a subject fact; None where it is not defined or takes any text."""
    fact = questionnaire.facts.get(fact_id)
    return None if fact is None or fact.kind == "text" else fact.options


def outside(
    questionnaire: Questionnaire, fact_id: str, words: Iterable[tuple[At, str]], what: str
) -> Iterator[Found]:
    """Find the words that are no options of a subject fact; all pass where it is not defined."""
    options = options_of(questionnaire, fact_id)
    if options is None:
        return
    for at, word in words:
        if word not in options:
            yield Found(
                at, f"{what}: {word} is unknown; {allowed(options, fact_id)}", did_you_mean(word, options)
            )


def file_stem(document: Document) -> str:
    """Return the file's name without ``.yaml``."""
    return PurePath(str(document.path)).name.removesuffix(".yaml")


def stale_reference(questionnaire: Questionnaire, at: At, ref: str) -> Iterator[Found]:
    """Find a reference to a questionnaire or version other than the one installed."""
    if ref != questionnaire.ref:
        message = f"questionnaire: {ref} is not the one installed, {questionnaire.ref}"
        yield Found(at, message, carrying_over(ref, questionnaire))


def carrying_over(ref: str, questionnaire: Questionnaire) -> str:
    """Return how to carry over what was written for an earlier version; ``""`` for any other."""
    name, _, version = ref.partition("@")
    header = questionnaire.header
    is_earlier = name == header.id and version_key(version) < version_key(header.version)
    return "evalkit migrate carries the evaluation over" if is_earlier else ""
