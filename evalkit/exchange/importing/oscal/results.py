"""OSCAL assessment results (1.0, 1.1; JSON, YAML) -> a draft: a question of each control or part of one.

Is it satisfied? *Satisfied* is worth 100, *not-satisfied* 0. Answers are the findings, with the observations
that they rest on: as old as the oldest of them, with links to their evidence. What was reviewed and of which
nothing was found is a question without an answer. Findings of the same target that say different things give
no value: the file does not tell which of them holds. Sections are the families of controls, the letters with
which an id begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.draft import (
    Choice,
    Draft,
    DraftAnswer,
    DraftQuestion,
    DraftSection,
    Note,
)
from evalkit.exchange.importing.json_text import Value, parsed
from evalkit.exchange.importing.oscal.document import Reading, components, references
from evalkit.files.foreign import read_foreign
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.views.numbers import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from evalkit.exchange.importing.formats import Wanted
    from evalkit.exchange.importing.oscal.document import Finding, Result, Reviewed

ROOT: Final = "assessment-results"
CHOICES: Final = (
    Choice("satisfied", "satisfied", 100.0),
    Choice("not-satisfied", "not-satisfied", 0.0),
)

_READ_HERE: Final = re.compile(r"1\.[01](?:\.[0-9]+)?")
_BOM: Final = b"\xef\xbb\xbf"
_NUMBERS: Final = re.compile(r"v?[0-9]{1,6}(?:\.[0-9]{1,6}){1,2}")
_FAMILY: Final = re.compile(r"([A-Za-z]{1,20})(?=[-_. ]?[0-9])|([A-Za-z]{1,20})(?=[-_. ])")
_WITHOUT_FAMILY: Final = "Other"
_MOST_ODD: Final = 50


def read(raw: bytes, name: str, wanted: Wanted) -> Draft:
    """Return what assessment results say; those of one result, if ``wanted.sheet`` is its title or uuid.

    Raises
    ------
    EvalkitError
        If it is neither JSON nor YAML, another OSCAL document, holds something of a wrong type, or nothing is
        asked.
    """
    fields, beside = _document(raw, name)
    if "results" not in fields:
        raise EvalkitError(f"{name}: {ROOT} has no results")
    metadata = fields["metadata"].fields() if "metadata" in fields else {}
    reading = Reading(references(fields.get("back-matter")))
    every = fields["results"].items()
    raw_results = _chosen(every, wanted.sheet, name)
    chosen = [reading.result(each) for each in raw_results]
    joining = _Joining()
    for result in chosen:
        joining.take(result)
    sections = joining.sections()
    if not sections:
        raise EvalkitError(f"{name}: no result names a control, objective or statement: nothing is asked")
    answers = tuple(joining.answers())
    product, named = _product(chosen, [fields, *(each.fields() for each in raw_results)])
    if len(chosen) < len(every):
        joining.notes.append(Note("left out", "", f"the other results of the document: {len(every) - 1}"))
    version = _text(metadata, "version")
    return Draft(
        title=wanted.title or _text(metadata, "title") or name.rpartition(".")[0] or name,
        sections=sections,
        answers=answers,
        notes=(*_versions(metadata), *named, *joining.notes, *beside, *_losses(reading, fields, metadata)),
        version=version if _NUMBERS.fullmatch(version) else "",
        product=product,
    )


def _document(raw: bytes, name: str) -> tuple[Mapping[str, Value], tuple[Note, ...]]:
    """Return the fields of the assessment results, and what stands beside them."""
    begins = raw.removeprefix(_BOM).lstrip()[:1]
    if begins == b"<":
        raise EvalkitError(
            f"{name} begins with <, as XML does; of OSCAL only JSON and YAML are read:"
            " convert it with oscal-cli (oscal-cli assessment-results convert --to=json)"
        )
    value = parsed(raw, name) if begins == b"{" else _of_yaml(raw, name)
    if not isinstance(value.content, dict):
        raise EvalkitError(f"{name} is no OSCAL: neither JSON nor YAML with {ROOT} in it")
    fields = value.fields()
    if ROOT not in fields:
        held = ", ".join(key[:40] for key in list(fields)[:5]) or "nothing"
        raise EvalkitError(f"{name} holds no {ROOT}; it holds {held}")
    others = ", ".join(key[:40] for key in fields if key not in {ROOT, "$schema"})
    beside = (Note("left out", "", f"what stands beside {ROOT}: {others[:300]}"),) if others else ()
    return fields[ROOT].fields(), beside


def _of_yaml(raw: bytes, name: str) -> Value:
    document = read_foreign(raw, name)
    for key, line in document.repeats:
        raise EvalkitError(
            f"{name}:{line}: the key {key[:40]!r} stands twice in one mapping: which one holds?"
        )
    return Value(document.data, "", name)


def _chosen(results: Sequence[Value], wanted: str, name: str) -> Sequence[Value]:
    """Return all results, or the one whose title or uuid is wanted."""
    if not wanted:
        return results
    names = [(_text(each.fields(), "title"), _text(each.fields(), "uuid")) for each in results]
    found = [each for each, called in zip(results, names, strict=True) if wanted in called]
    if len(found) != 1:
        told = f"{len(found)} results are" if found else "no result is"
        titles = _named(names)
        hint = did_you_mean(wanted, titles)
        end = f"; {hint}" if hint else ""
        raise EvalkitError(f"{name}: {told} called {wanted!r}; {allowed(titles, 'results')}{end}")
    return found


def _named(names: Sequence[tuple[str, str]]) -> list[str]:
    """Return of title and uuid that by which a result can be chosen: its title, if no other has it."""
    titles = [title for title, _ in names]
    return [title if title and titles.count(title) == 1 else uuid or title for title, uuid in names]


@dataclass(frozen=True, slots=True)
class _Found:
    """A finding, with when it was made and what backs it."""

    finding: Finding
    text: str
    links: tuple[str, ...]
    on: date | None


@dataclass
class _Joining:
    """Joins findings by what they are about."""

    by_target: dict[str, list[_Found]] = field(default_factory=dict)
    reviewed: dict[str, Reviewed] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    unused: int = 0
    missing: int = 0
    notes: list[Note] = field(default_factory=list)

    def take(self, result: Result) -> None:
        """Take the findings of a result, and what it says was reviewed."""
        self.results.append(result)
        used: set[str] = set()
        for finding in result.findings:
            seen = [result.observations[each] for each in finding.observations if each in result.observations]
            self.missing += len(finding.observations) - len(seen)
            used.update(finding.observations)
            days = [each.collected for each in seen if each.collected is not None]
            found = _Found(
                finding,
                "\n\n".join(filter(None, (finding.text, *(each.text for each in seen)))),
                tuple(link for each in seen for link in each.links),
                min(days, default=result.day),
            )
            self.by_target.setdefault(finding.target, []).append(found)
        for each in result.reviewed:
            self.reviewed.setdefault(each.id, each)
        self.unused += len(result.observations.keys() - used)

    def sections(self) -> tuple[DraftSection, ...]:
        """Return all questions by family, in the order of the document."""
        families: dict[str, list[DraftQuestion]] = {}
        asked = [
            (target, found[0].finding.kind, found[0].finding.where, found[0].finding.title)
            for target, found in self.by_target.items()
        ]
        controls = {target.partition("_")[0] for target in self.by_target} | self.by_target.keys()
        asked += [
            (each.id, each.kind, each.where, "") for id_, each in self.reviewed.items() if id_ not in controls
        ]
        for id_, kind, where, title in asked:
            question = DraftQuestion(
                id=id_,
                text=f"Is the {kind} {id_} satisfied?",
                where=where,
                title=f"{id_} {title}".strip(),
                choices=CHOICES,
            )
            families.setdefault(_family(id_), []).append(question)
        return tuple(DraftSection(family, family, tuple(each)) for family, each in families.items())

    def answers(self) -> Iterator[DraftAnswer]:
        """Yield the answer to each question of which something was found."""
        for number, told in (
            (self.unused, "on which no finding rests"),
            (self.missing, "on which findings rest, not in the same result"),
        ):
            if number:
                self.notes.append(Note("left out", "", f"{count(number, 'observation')} {told}"))
        known = {choice.id for choice in CHOICES}
        differing = 0
        for target, found in self.by_target.items():
            first = found[0].finding
            states = list(dict.fromkeys(each.finding.state for each in found))
            texts = list(dict.fromkeys(each.text for each in found if each.text))
            self._check_kinds(target, found)
            chosen = states if len(states) == 1 and states[0] in known else []
            if len(states) > 1:
                told = ", ".join(
                    f"{each.finding.state or 'nothing'} at {each.finding.where}" for each in found
                )
                self._unclear(f"{target} is found in different ways, so it has no value: {told[:500]}", first)
                differing += 1
                texts = [_paragraph(each.finding.state, each.text) for each in found]
            elif not chosen:
                self._unclear(f"the state of {target} is {states[0][:40]!r}: it has no value", first)
                texts = [_paragraph(states[0], text) for text in texts or [""]]
            days = [each.on for each in found if each.on is not None]
            yield DraftAnswer(
                question=target,
                where=first.where,
                choices=tuple(chosen),
                text="\n\n".join(texts),
                link=" ".join(dict.fromkeys(link for each in found for link in each.links)),
                on=min(days, default=None),
            )
        if differing and len(self.results) > 1:
            names = _named([(result.title, result.uuid) for result in self.results])
            said = (
                f"{name!r}{f' of {result.day}' if result.day else ''}"
                for name, result in zip(names, self.results, strict=True)
            )
            told = f"one of the results can be taken with --sheet: {', '.join(said)[:500]}"
            self.notes.append(Note("left out", "", told))

    def _check_kinds(self, target: str, found: list[_Found]) -> None:
        kinds = list(dict.fromkeys(each.finding.kind for each in found))
        if len(kinds) > 1:
            told = f"{target} is called {' and '.join(kinds)}; it is taken for a {kinds[0]}"
            self.notes.append(Note("changed", found[0].finding.where, told))

    def _unclear(self, told: str, finding: Finding) -> None:
        self.notes.append(Note("left out", finding.where, told))


def _paragraph(state: str, text: str) -> str:
    return f"{state or 'No state'}: {text}" if text else state or "No state"


def _family(id_: str) -> str:
    """Return the letters with which the id of a control begins.

    >>> _family("ac-6.1_obj"), _family("CC6.1"), _family("3.1.2")
    ('AC', 'CC', 'Other')
    """
    match = _FAMILY.match(id_)
    return match[0].upper() if match else _WITHOUT_FAMILY


def _product(
    results: Iterable[Result], definers: Iterable[Mapping[str, Value]]
) -> tuple[str, tuple[Note, ...]]:
    """Return the title of the one component that all observations are about, if there is just one."""
    subjects = {each for result in results for each in result.subjects}
    titles: dict[str, str] = {}
    for fields in definers:
        titles |= components(fields.get("local-definitions"))
    if len(subjects) != 1 or not titles.get(subject := next(iter(subjects))):
        return "", ()
    told = f"the product is {titles[subject]!r}, the one component that observations are about"
    return titles[subject], (Note("assumed", "", told),)


def _versions(metadata: Mapping[str, Value]) -> Iterator[Note]:
    oscal, version = _text(metadata, "oscal-version"), _text(metadata, "version")
    if not _READ_HERE.fullmatch(oscal):
        told = f"the document is of OSCAL {oscal[:40] or 'of no stated version'}; it is read as 1.1"
        yield Note("assumed", "", told)
    if version and not _NUMBERS.fullmatch(version):
        yield Note("changed", "", f"version {version[:60]!r} of the document: the questionnaire's is 1.0.0")


def _losses(reading: Reading, fields: Mapping[str, Value], metadata: Mapping[str, Value]) -> Iterator[Note]:
    lost = dict(reading.lost)
    for key in fields:
        if key not in {"metadata", "results", "uuid", "back-matter"}:
            lost[f"{key} of the document"] = 1
    for key, value in metadata.items():
        if key not in {"title", "version", "oscal-version"}:
            lost[f"{key} of metadata"] = len(value.content) if isinstance(value.content, list) else 1
    idle = len(reading.references.keys() - reading.cited)
    if idle:
        lost["resources of back-matter to which no evidence refers"] = idle
    if lost:
        told = ", ".join(f"{number} {what}" for what, number in lost.items())
        yield Note("left out", "", f"of what OSCAL says besides findings: {told}")
    for where, what in reading.odd[:_MOST_ODD]:
        yield Note("left out", where, what)
    if len(reading.odd) > _MOST_ODD:
        yield Note("left out", "", f"{len(reading.odd) - _MOST_ODD} more oddities")


def _text(fields: Mapping[str, Value], key: str) -> str:
    return fields[key].text() if key in fields else ""
