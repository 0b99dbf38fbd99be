"""Choices of CISO Assistant and what they are worth: points, a result, or a score of the framework's scale.

===================================  =========================================================================
the choices of a question have       worth
===================================  =========================================================================
``add_score``, some of them          that, within the scale that framework or requirement states
only ``compute_result``              true, compliant: 100; false, non_compliant: 0; partially_compliant: 50
neither                              none: whoever reads the answer judges it
===================================  =========================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from evalkit.exchange.importing.ciso_assistant.values import (
    amount,
    mappings,
    tell_of_translations,
    truth,
    words,
)
from evalkit.exchange.importing.draft import Choice
from evalkit.exchange.importing.numbering import Unique
from evalkit.files.document import harmless
from evalkit.files.foreign import ForeignMapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.exchange.importing.tally import Tally
    from evalkit.files.foreign import Foreign

Scale: TypeAlias = tuple[float, float]
"""The least and the most that counts."""

_LONGEST_ID: Final = 200
_RESULTS: Final = {"compliant": 100.0, "partially_compliant": 50.0, "non_compliant": 0.0}
_TAKEN: Final = frozenset(
    "urn value description add_score compute_result"  # noqa: SIM905 - reads better than a list
    " color translations ref_id".split()
)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a question offers.

    Attributes
    ----------
    by_urn : mapping
        Id of each choice by its URN in small letters.
    """

    choices: tuple[Choice, ...] = ()
    scale: Scale | None = None
    by_urn: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def yes_no(cls) -> Offered:
        """Return yes and no, of which the file says no worth."""
        names = {"true": "Yes", "false": "No"}
        choices = tuple(Choice(name, text) for name, text in names.items())
        return cls(choices, None, {name: name for name in names})


def scale_of(content: ForeignMapping, otherwise: Scale | None) -> Scale | None:
    """Return the scale that a framework or requirement states."""
    low, high = amount(content.get("min_score")), amount(content.get("max_score"))
    if high is None:
        return otherwise
    low = low if low is not None else (otherwise[0] if otherwise else 0.0)
    return (low, high) if low < high else otherwise


def offered(value: Foreign, scale: Scale | None, several: bool, where: str, tally: Tally) -> Offered:  # noqa: FBT001 - a fact of the question
    """Return the choices of a question, with their worth."""
    contents = _contents(value, where, tally)
    if not contents:
        tally.add("changed", "a choice is asked for and none is offered: it is answered in words", where)
        return Offered()
    points: list[float | None] = [_score(content, where, tally) for content in contents]
    if any(point is not None for point in points):
        scale = None if several and scale is not None and scale[0] else scale
        points = [_within(point, scale, several, where, tally) for point in points]
    else:
        scale = None
        points = _results(contents, where, tally)
    choices = []
    by_urn: dict[str, str] = {}
    taken = Unique(_LONGEST_ID, " ")
    for number, (content, point) in enumerate(zip(contents, points, strict=True), start=1):
        urn = words(content.get("urn")).casefold()
        end = urn.rpartition(":")[2]
        name = taken.new(end if end and end not in by_urn.values() else f"{number}")
        by_urn[urn or name] = name
        label, text = words(content.get("value")), words(content.get("description"))
        choices.append(Choice(name, text or label, point, label if text else ""))
        for key in content:
            if key not in _TAKEN:
                tally.add("left out", f"{harmless(key)!r} of choices", where)
        tell_of_translations(content, where, tally)
    return Offered(tuple(choices), scale, by_urn)


def _contents(value: Foreign, where: str, tally: Tally) -> list[ForeignMapping]:
    """Return choices as mappings; the older form lists texts alone."""
    if not isinstance(value, list):
        return mappings(value, "a choice that is no text and no mapping", tally, 0)
    found = []
    for part in value:
        if isinstance(part, str):
            made = ForeignMapping()
            made["value"] = part
            found.append(made)
        elif isinstance(part, ForeignMapping):
            found.append(part)
        else:
            tally.add("left out", "a choice that is no text and no mapping", where)
    return found


def _score(content: ForeignMapping, where: str, tally: Tally) -> float | None:
    value = content.get("add_score")
    found = amount(value)
    if found is None and value not in (None, ""):
        tally.add("left out", "add_score that is no number", where)
    return found


def _within(
    point: float | None,
    scale: Scale | None,
    several: bool,  # noqa: FBT001 - a fact of the question
    where: str,
    tally: Tally,
) -> float | None:
    """Return points no further than the scale goes, as the program counts them."""
    if point is None or scale is None:
        return point
    kept = min(point, scale[1]) if several else min(max(point, scale[0]), scale[1])
    if kept != point:
        tally.add("changed", "points beyond the scale of scores count as its end", where)
    return kept


def _results(contents: list[ForeignMapping], where: str, tally: Tally) -> list[float | None]:
    worth = []
    for content in contents:
        value = content.get("compute_result")
        word = value.strip().casefold() if isinstance(value, str) else ""
        found = _RESULTS.get(word)
        if found is None and word and (is_true := truth(word)) is not None:
            found = 100.0 if is_true else 0.0
        if found is None and word not in {"", "not_applicable"}:
            tally.add("left out", f"the result {harmless(word)!r} of a choice", where)
        worth.append(found)
    known = {point for point in worth if point is not None}
    if len(known) == 1:
        tally.add("left out", "the result that only one of the choices of a question has", where)
        return [None] * len(worth)
    if known:
        tally.add("changed", "choices have no points and a result: compliant is 100, not compliant 0", where)
    if _RESULTS["partially_compliant"] in known:
        tally.add("assumed", "partly compliant is worth 50", where)
    return worth


def scores(content: ForeignMapping, framework: ForeignMapping, where: str, tally: Tally) -> Offered:
    """Return the scale of scores on which a requirement without questions is rated."""
    scale = scale_of(content, scale_of(framework, None))
    found: dict[float, Choice] = {}
    for each in _definitions(content, framework, where, tally):
        score = amount(each.get("score"))
        if score is None or score in found:
            tally.add("left out", "a score that is no number, or is defined twice", where)
            continue
        label = words(each.get("name"))
        parts = (words(each.get("description")), words(each.get("description_doc")))
        text = "\n\n".join(dict.fromkeys(part for part in parts if part))
        found[score] = Choice(f"{score:g}", text or label or f"{score:g}", score, label if text else "")
        tell_of_translations(each, where, tally)
    if len(found) < 2:  # noqa: PLR2004 - one score is no scale
        return Offered()
    low, high = scale or (min(found), max(found))
    if high - low + 1 > len(found):
        tally.add("changed", "scores between those that the file describes cannot be given", where)
    if min(found) < low or max(found) > high:
        scale = None
        tally.add("changed", "the scale reaches from the least to the most of the scores described", where)
    return Offered(tuple(found[score] for score in sorted(found)), scale)


def _definitions(
    content: ForeignMapping, framework: ForeignMapping, where: str, tally: Tally
) -> list[ForeignMapping]:
    named = words(content.get("scores_definition_ref"))
    own = content.get("scores_definition") or framework.get("scores_definition")
    if named and isinstance(own, ForeignMapping):
        own = own.get(named)
    elif isinstance(own, ForeignMapping):
        own = own.get("scale", own)
    if named and not isinstance(own, list):
        tally.add("left out", f"the scale of scores {harmless(named)!r}, which is not in the file", where)
        return []
    if isinstance(own, ForeignMapping):
        tally.add("left out", "a scale of scores that is no list", where)
        return []
    return mappings(own, "a score that is no mapping", tally, content.line)
