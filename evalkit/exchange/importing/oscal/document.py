"""What an OSCAL document of assessment results says: results, findings, observations; the rest is counted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.exchange.importing.json_text import Value

KINDS: Final[Mapping[str, str]] = {
    "control-id": "control",
    "objective-id": "control objective",
    "statement-id": "control statement",
}
"""What is assessed, by the type that names it."""

_TAKEN: Final[Mapping[str, frozenset[str]]] = {
    "results": frozenset(
        {"uuid", "title", "description", "start", "end", "reviewed-controls", "observations", "findings"}
    ),
    "findings": frozenset({"uuid", "title", "description", "target", "related-observations", "remarks"}),
    "targets": frozenset({"type", "target-id", "title", "description", "status"}),
    "statuses": frozenset({"state", "reason", "remarks"}),
    "observations": frozenset(
        {"uuid", "title", "description", "methods", "relevant-evidence", "collected", "remarks"}
    ),
    "evidence": frozenset({"href", "description", "remarks"}),
    "selections": frozenset({"include-controls", "exclude-controls", "include-all", "description"})
    | {"include-objectives", "exclude-objectives"},
}
"""Keys that are read, by what they belong to."""

_LEFT_OUT: Final[Mapping[str, frozenset[str]]] = {
    "results": frozenset(
        {"props", "links", "local-definitions", "attestations", "assessment-log", "risks", "remarks"}
    ),
    "findings": frozenset(
        {"props", "links", "origins", "implementation-statement-uuid", "related-risks", "associated-risks"}
    ),
    "targets": frozenset({"props", "links", "implementation-status"}),
    "statuses": frozenset(),
    "observations": frozenset({"props", "links", "types", "origins", "subjects", "expires"}),
    "evidence": frozenset({"props", "links"}),
    "selections": frozenset({"props", "links", "remarks"}),
}
"""Keys of OSCAL that are not read."""

_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?")


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen."""

    where: str
    text: str
    links: tuple[str, ...]
    collected: date | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one control, objective or statement.

    Attributes
    ----------
    state : str
        As the file writes it; ``""`` where it does not.
    observations : tuple of str
        Identifiers of those it rests on.
    """

    where: str
    target: str
    kind: str
    title: str
    state: str
    text: str
    observations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Something that was looked at, whether or not something was found."""

    where: str
    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Result:
    """One assessment."""

    where: str
    uuid: str
    title: str
    day: date | None
    findings: tuple[Finding, ...]
    observations: Mapping[str, Observation]
    reviewed: tuple[Reviewed, ...]
    subjects: frozenset[str]


@dataclass
class Reading:
    """Reads parts of a document, and counts what it passes over.

    Attributes
    ----------
    lost : Counter
        How often each kind of thing was met that is not taken.
    odd : list of (str, str)
        Where something stands that OSCAL does not have, and what.
    references : mapping
        What resources of the document refer to, by identifier.
    cited : set of str
        Identifiers of the resources that evidence refers to.
    """

    references: Mapping[str, str] = field(default_factory=dict)
    cited: set[str] = field(default_factory=set)
    lost: Counter[str] = field(default_factory=Counter)
    odd: list[tuple[str, str]] = field(default_factory=list)

    def result(self, value: Value) -> Result:
        """Return what a result says."""
        fields = self._fields(value, "results")
        start, end = self._day(fields.get("start")), self._day(fields.get("end"))
        observations: dict[str, Observation] = {}
        subjects: set[str] = set()
        for each in _items(fields.get("observations")):
            self._observation(each, observations, subjects)
        return Result(
            where=value.path,
            uuid=_text(fields.get("uuid")),
            title=_text(fields.get("title")),
            day=end or start,
            findings=tuple(filter(None, map(self._finding, _items(fields.get("findings"))))),
            observations=observations,
            reviewed=tuple(self._reviewed(fields.get("reviewed-controls"))),
            subjects=frozenset(subjects),
        )

    def _fields(self, value: Value, what: str) -> Mapping[str, Value]:
        fields = value.fields()
        for key, each in fields.items():
            if key in _LEFT_OUT[what]:
                self.lost[f"{key} of {what}"] += len(each.content) if isinstance(each.content, list) else 1
            elif key not in _TAKEN[what]:
                self.odd.append((each.path, "is nothing that OSCAL has there"))
        return fields

    def _observation(self, value: Value, found: dict[str, Observation], subjects: set[str]) -> None:
        fields = self._fields(value, "observations")
        uuid = _text(fields.get("uuid"))
        evidence = [self._fields(each, "evidence") for each in _items(fields.get("relevant-evidence"))]
        methods = [each.text() for each in _items(fields.get("methods"))]
        parts = [
            _text(fields.get("title")),
            _text(fields.get("description")),
            f"Methods: {', '.join(methods)}" if methods else "",
            *(_text(each.get(key)) for each in evidence for key in ("description", "remarks")),
            _text(fields.get("remarks")),
        ]
        links = (self._link(_text(each.get("href"))) for each in evidence)
        for each in _items(fields.get("subjects")):
            subject = each.fields()
            if _text(subject.get("type")) == "component" and (id_ := _text(subject.get("subject-uuid"))):
                subjects.add(id_)
        if not uuid or uuid in found:
            self.odd.append((value.path, "is an observation without an identifier of its own"))
            return
        text = _paragraphs(parts)
        day = self._day(fields.get("collected"))
        found[uuid] = Observation(value.path, text, tuple(filter(None, links)), day)

    def _link(self, href: str) -> str:
        if not href.startswith("#") or href[1:] not in self.references:
            return href
        self.cited.add(href[1:])
        return self.references[href[1:]]

    def _finding(self, value: Value) -> Finding | None:
        fields = self._fields(value, "findings")
        if "target" not in fields:
            self.odd.append((value.path, "is a finding without a target"))
            return None
        target = self._fields(fields["target"], "targets")
        status = self._fields(target["status"], "statuses") if "status" in target else {}
        id_ = _text(target.get("target-id"))
        if not id_:
            self.odd.append((value.path, "is a finding without the id of its target"))
            return None
        reason = _text(status.get("reason"))
        title = _text(target.get("title"))
        parts = [
            _text(fields.get("title")),
            _text(fields.get("description")),
            title,
            _text(target.get("description")),
            f"Reason: {reason}" if reason else "",
            _text(status.get("remarks")),
            _text(fields.get("remarks")),
        ]
        related = (each.fields() for each in _items(fields.get("related-observations")))
        observations = (_text(each.get("observation-uuid")) for each in related)
        kind = KINDS.get(_text(target.get("type")), "target")
        state = _text(status.get("state"))
        return Finding(
            value.path, id_, kind, title, state, _paragraphs(parts), tuple(filter(None, observations))
        )

    def _reviewed(self, value: Value | None) -> Iterator[Reviewed]:
        fields = value.fields() if value else {}
        for key, word in (("control-selections", "control"), ("control-objective-selections", "objective")):
            for each in _items(fields.get(key)):
                selection = self._fields(each, "selections")
                if "include-all" in selection:
                    self.lost[f"{word}s that were reviewed because all were, without a name"] += 1
                excluded = _items(selection.get(f"exclude-{word}s"))
                outside = {_text(item.fields().get(f"{word}-id")) for item in excluded}
                if outside:
                    self.lost[f"{word}s that were not reviewed"] += len(outside)
                for item in _items(selection.get(f"include-{word}s")):
                    yield from self._chosen(item, word, outside)

    def _chosen(self, value: Value, word: str, outside: set[str]) -> Iterator[Reviewed]:
        fields = value.fields()
        statements = [each for each in _items(fields.get("statement-ids")) if each.text()]
        id_ = _text(fields.get(f"{word}-id"))
        if not id_:
            self.odd.append((value.path, f"has no {word}-id"))
        elif id_ not in outside:
            for each in statements:
                yield Reviewed(each.path, each.text(), KINDS["statement-id"])
            if not statements:
                yield Reviewed(value.path, id_, KINDS[f"{word}-id"])

    def _day(self, value: Value | None) -> date | None:
        """Return the day of a moment, as it is where it was written."""
        if value is None:
            return None
        match = _DAY.fullmatch(value.text())
        try:
            day = date.fromisoformat(match[1]) if match else None
        except ValueError:
            day = None
        if day is None:
            self.odd.append((value.path, f"is no date: {value.text()[:40]!r}"))
        return day


def references(value: Value | None) -> dict[str, str]:
    """Return what the resources of a document refer to: their addresses, else their titles."""
    found = {}
    for each in _items(value.fields().get("resources") if value else None):
        fields = each.fields()
        links = [_text(link.fields().get("href")) for link in _items(fields.get("rlinks"))]
        found[_text(fields.get("uuid"))] = next(filter(None, links), _text(fields.get("title")))
    return {uuid: target for uuid, target in found.items() if uuid and target}


def components(value: Value | None) -> dict[str, str]:
    """Return the titles of components that a document defines, by identifier."""
    fields = value.fields() if value else {}
    parts = [each.fields() for each in _items(fields.get("components"))]
    return {_text(each.get("uuid")): _text(each.get("title")) for each in parts}


def _items(value: Value | None) -> tuple[Value, ...]:
    return tuple(value.items()) if value else ()


def _text(value: Value | None) -> str:
    return value.text() if value else ""


def _paragraphs(parts: list[str]) -> str:
    """Return texts below one another, each once."""
    return "\n\n".join(dict.fromkeys(part for part in parts if part))
