"""Which questions of a HECVAT are asked: as far as the texts for the answers yes and no say it for certain.

A qualifier says "DO NOT complete the Product and Infrastructure worksheets" for one of its answers, "… the
AI worksheet", "… the HIPAA section in the Case-Specific worksheet". A sheet is meant where the words are its
name, or the abbreviation in brackets is; a section where one heading of the sheet, and only one, has the
words in it. A question that is filled in on several sheets is asked as long as one of them is to be
completed; a qualifier that nobody has answered excludes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.exchange.importing.draft import AllTrue, AnyTrue, ChoiceMade, Note, NotTrue
from evalkit.exchange.importing.hecvat.tables import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evalkit.exchange.importing.draft import Wish
    from evalkit.exchange.importing.hecvat.tables import Tables

YES: Final = "Yes"
NO: Final = "No"

_ORDER: Final = re.compile(r"do (?P<never>not )?complete the (?P<what>[^.]+?)\s*\.?", re.IGNORECASE)
_WHAT: Final = re.compile(
    r"(?:(?P<section>.+?) section (?:in|of|on) the )?(?P<sheets>.+?) (?:worksheet|sheet|tab)s?", re.IGNORECASE
)
_AND: Final = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
_WITH_SHORT: Final = re.compile(r"(?P<long>[^()]+?)\s*\((?P<short>[^()]+)\)")
_PREFIXES: Final = ("REQU", "QUAL")


@dataclass(frozen=True, slots=True)
class Route:
    """What is not to be completed if a qualifier is answered in one way.

    Attributes
    ----------
    prefix : str
        Of the questions meant on the sheet; ``""`` for all.
    """

    qualifier: str
    answer: str
    sheet: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Routing:
    """When questions are asked."""

    routes: tuple[Route, ...]
    wishes: Mapping[str, Wish]
    notes: tuple[Note, ...]

    @property
    def qualifiers(self) -> frozenset[str]:
        """Questions that decide whether others are asked."""
        return frozenset(route.qualifier for route in self.routes)


def routing(found: Tables, guidance: Mapping[str, tuple[str, str]], where: Mapping[str, str]) -> Routing:
    """Return what the qualifiers decide.

    Parameters
    ----------
    guidance
        Of each question the text for the answer yes, and that for no.
    where
        Where each question stands.
    """
    places: dict[str, list[str]] = {}
    for entry in found.entries:
        if entry.takes_answer and entry.sheet not in places.setdefault(entry.id, []):
            places[entry.id].append(entry.sheet)
    routes: list[Route] = []
    notes: list[Note] = []
    for id_, (yes, no) in guidance.items():
        made = _routes(id_, yes, no, places, found.headings)
        routes += made
        if not made and (id_.startswith(_PREFIXES) or _ORDER.fullmatch(no) or _ORDER.fullmatch(yes)):
            told = f"which questions are asked by {id_}: its texts do not say it in a way that is certain"
            notes.append(Note("left out", where.get(id_, ""), told))
    qualifiers = {route.qualifier for route in routes}
    wishes = {
        id_: wish
        for id_, sheets in places.items()
        if id_ not in qualifiers and (wish := _wish(id_, sheets, routes)) is not None
    }
    return Routing(tuple(routes), wishes, tuple(notes))


def _routes(
    id_: str, yes: str, no: str, places: Mapping[str, list[str]], headings: Mapping[str, str]
) -> list[Route]:
    orders = {answer: _ORDER.fullmatch(text.strip()) for answer, text in ((YES, yes), (NO, no))}
    never = [answer for answer, order in orders.items() if order and order["never"]]
    if len(never) != 1:
        return []
    answer = never[0]
    order, other = orders[answer], orders[NO if answer == YES else YES]
    if order is None or (other is not None and folded(other["what"]) != folded(order["what"])):
        return []
    what = _WHAT.fullmatch(order["what"].strip())
    if what is None:
        return []
    sheets = _sheets(what["sheets"], dict.fromkeys(sheet for each in places.values() for sheet in each))
    if what["section"] is None:
        return [Route(id_, answer, sheet, "") for sheet in sheets]
    prefix = _prefix(what["section"], sheets, places, headings)
    return [Route(id_, answer, sheets[0], prefix)] if prefix else []


def _sheets(words: str, sheets: Iterable[str]) -> list[str]:
    """Return the sheets that words name; nothing if one of them is not there."""
    by_name = {folded(sheet): sheet for sheet in sheets}
    if folded(words) in by_name:
        return [by_name[folded(words)]]
    found = []
    for part in _AND.split(words):
        match = _WITH_SHORT.fullmatch(part.strip())
        names = {folded(part), *(map(folded, match.groups()) if match else ())} & by_name.keys()
        if len(names) != 1:
            return []
        found.append(by_name[names.pop()])
    return found


def _prefix(
    words: str, sheets: list[str], places: Mapping[str, list[str]], headings: Mapping[str, str]
) -> str:
    """Return the prefix of the one section of the one sheet whose heading has these words in it."""
    if len(sheets) != 1:
        return ""
    there = dict.fromkeys(id_.partition("-")[0] for id_, on in places.items() if sheets[0] in on)
    fitting = [prefix for prefix in there if _letters(words) in _letters(headings.get(prefix, ""))]
    return fitting[0] if len(fitting) == 1 and _letters(words) else ""


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _wish(id_: str, sheets: Iterable[str], routes: Iterable[Route]) -> Wish | None:
    prefix = id_.partition("-")[0]
    ways: dict[Wish, None] = {}
    for sheet in sheets:
        parts = tuple(
            NotTrue(ChoiceMade(route.qualifier, (route.answer,)))
            for route in routes
            if route.sheet == sheet and route.prefix in {"", prefix}
        )
        if not parts:
            return None
        ways[AllTrue(parts) if len(parts) > 1 else parts[0]] = None
    if not ways:
        return None
    return AnyTrue(tuple(ways)) if len(ways) > 1 else next(iter(ways))
