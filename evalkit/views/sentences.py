"""What is said of a finding, a gate, an answer and the freezing, wherever it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping


class Sentences:
    """Sentences and parts of sentences; tables with ``one`` and ``many`` go by the number in them."""

    NOT_FROZEN: Final = "The questionnaire and profile were not frozen."
    CHANGED_SINCE: Final = (
        "The questionnaire and profile were changed since they were frozen on {day}: {files}."
    )
    FROZEN_LATE: Final = "The questionnaire and profile were frozen on {day}, late."
    FROZEN_AFTER: Final[Mapping[str, str]] = {
        "one": "The questionnaire and profile were frozen on {day}, late, when {answers} was there.",
        "many": "The questionnaire and profile were frozen on {day}, late, when {answers} were there.",
    }
    ANSWERED_EARLIER: Final = (
        "The questionnaire and profile were frozen on {day}; the journals have an answer of {earlier}, before"
        " that."
    )
    FROZEN: Final = "The questionnaire and profile were frozen on {day}, before the first answer."

    BAR_ONE_OF: Final = "one of: {texts}"
    BAR_AT_MOST: Final = "at most {amount}"
    BAR_AT_LEAST: Final = "at least {amount}"
    BAR_LEVEL: Final = "Level {level} or better: {label}"

    LEVEL: Final = "Level {level} of {top}"
    TICKED: Final = "{ticked} of {all} ticked"

    REQUIREMENT: Final[Mapping[str, str]] = {
        "gates": "Gates",
        "assured": "Assured score",
        "floor": "Every domain, assured",
        "coverage": "Answered, by weight",
    }
    NEEDED_SETTLED: Final = "all settled"
    NEEDED_POINTS: Final = "at least {points} of 100"
    NEEDED_PERCENT: Final = "at least {points} %"
    FOUND_SETTLED: Final = "{settled} of {all} settled"
    FOUND_DOMAINS: Final = "{enough} of {all}; lowest: {title}, {points}"
    FOUND_PERCENT: Final = "{points} %"
    GATES_FAILED: Final[Mapping[str, str]] = {
        "one": "one gate is failed: {titles}",
        "many": "{amount} gates are failed: {titles}",
    }
    GATES_UNDECIDED: Final[Mapping[str, str]] = {
        "one": "one gate is undecided: {titles}",
        "many": "{amount} gates are undecided: {titles}",
    }
    ASSURED_MISSED: Final = "the assured score is {found} of 100 where {needed} are needed"
    DOMAINS_LOW: Final[Mapping[str, str]] = {
        "one": "one domain is below the floor of {floor}: {titles}",
        "many": "{amount} domains are below the floor of {floor}: {titles}",
        "counted": "{amount} domains are below the floor of {floor}",
    }
    COVERAGE_MISSED: Final = "only {found} % of the weight is answered where {needed} % are needed"
    TODAY: Final = "Today {missed}."

    WAY: Final[Mapping[str, str]] = {
        "conditions": "The smallest sufficient set is {conditions}.",
        "both": "The smallest way there: {evidence} resolved in its favour, and {conditions} in place.",
        "evidence": "The smallest way there: {evidence} resolved in its favour, no condition.",
    }
    SAME_READINGS: Final = "A stricter and a more lenient reading of the evidence give the same verdict."
    READINGS: Final = (
        "The verdict depends on how far the evidence is trusted: read more strictly it is {strictly}, read"
        " more leniently {leniently}."
    )
    SAME: Final = "the same"
    QUOTED: Final = "“{text}”"
    RULE: Final = "{reason} The rule: {rule}."
    REMEDY: Final = "The remedy of the question"

    IS: Final = "{fact} is {values}"
    AT_LEVEL: Final = "{question} is at level {level} or better"
    NOT_SO: Final = "it is not so that {condition}"
    AND: Final = " and "
    OR: Final = " or "


sentences = spoken("sentences", Sentences)
"""Each text as it is said when it is used."""


def by_number(table: Mapping[str, str], amount: int) -> str:
    """Return the text of a table for one, or for any other number.

    >>> by_number(sentences.GATES_FAILED, 1)
    'one gate is failed: {titles}'
    """
    return table["one" if amount == 1 else "many"]
