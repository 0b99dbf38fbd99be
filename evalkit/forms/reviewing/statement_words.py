"""Statements in a reviewer's words, and what differs between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.model.records import changed_sources, state_of
from evalkit.views.answer_text import describe
from evalkit.views.safe_text import visible
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.model.answers import EvidenceItem, RawValue, Source, Statement
    from evalkit.model.questionnaire import Question

_NOTHING = "–"


def answer_words(question: Question, statement: Statement) -> str:
    """Return what a statement says, in a line: its value, or why there is none."""
    state = state_of(statement)
    if statement.value is None or statement.value == ():
        return wording.STATE[state]
    said = visible(describe(question, statement.value).named)
    return said if state == "answered" else f"{wording.STATE[state]}: {said}"


def value_words(question: Question, value: RawValue) -> str:
    """Return a value in full: every tick and every host by name."""
    described = describe(question, value)
    names = [tick.text for tick in described.ticks]
    names += [f"{each.found}: {', '.join(each.names)}" for each in described.hosts]
    return visible(f"{described.named}: {'; '.join(names)}" if names else described.named)


def cited(item: EvidenceItem, question: Question, sources: Mapping[str, Source]) -> str:
    """Return an evidence item in a line: class, source, place, days, and what it states itself."""
    source = sources.get(item.source)
    about = [
        item.locator or "",
        f"collected {item.collected}" if item.collected else "",
        f"expires {item.expires}" if item.expires else "",
        f"for {', '.join(item.deployments)}" if item.deployments else "",
        f"version {item.version}" if item.version else "",
        f"by {item.method}" if item.method else "",
        f"SHA-256 {item.sha256[:12]}…" if item.sha256 else "",
        "" if item.value is None else f"states {value_words(question, item.value)}",
    ]
    told = "; ".join(each for each in about if each)
    name = f"{wording.CLASS[item.evidence_class]}: {source.title if source else item.source}"
    return visible(f"{name} ({told})" if told else name)


def changes_between(
    question: Question, before: Statement, after: Statement, sources: Mapping[str, Source]
) -> list[dict[str, str]]:
    """Return what differs as ``what``, ``before`` and ``after``; evidence only as far as it differs."""
    was, now = dict(_parts(question, before)), dict(_parts(question, after))
    found = [
        {"what": what, "before": was.get(what, _NOTHING), "after": now.get(what, _NOTHING)}
        for what in dict.fromkeys((*was, *now))
        if was.get(what) != now.get(what)
    ]
    old = [item for item in before.evidence if item not in after.evidence]
    new = [item for item in after.evidence if item not in before.evidence]
    for item in old:
        kept = next((each for each in new if (each.source, each.evidence_class) == _names(item)), None)
        if kept is not None:
            new.remove(kept)
        become = _NOTHING if kept is None else cited(kept, question, sources)
        found.append({"what": "Evidence", "before": cited(item, question, sources), "after": become})
    return found + [
        {"what": "Evidence", "before": _NOTHING, "after": cited(item, question, sources)} for item in new
    ]


def source_changes(
    signed: Statement, sources: Mapping[str, Source], past: Mapping[tuple[str, str], Source]
) -> list[dict[str, str]]:
    """Return what was changed in the sources of a statement after it was signed off; else as above.

    Parameters
    ----------
    signed
        As it was signed off.
    sources
        As they are.
    past
        What the history knows of sources, by key and revision.
    """
    marks = {} if signed.reviewed is None else signed.reviewed.sources
    found = []
    for key in changed_sources(signed, sources):
        then, now = past.get((key, marks[key])), sources.get(key)
        named = now or then
        found.append(
            {
                "what": f"Source {visible(named.title) if named else key}",
                "before": "not known to the history" if then is None else _source_words(then, now),
                "after": "removed" if now is None else _source_words(now, then),
            }
        )
    return found


def _source_words(source: Source, other: Source | None) -> str:
    """Return what a source says and another says not, or all of it if there is none."""
    own, theirs = _plain(source), {} if other is None else _plain(other)
    told = [f"{name}: {said}" for name, said in own.items() if theirs.get(name) != said]
    return visible("; ".join(told)) or _NOTHING


def _plain(source: Source) -> dict[str, str]:
    """Return what a source says, by field, in words."""
    said = {
        "title": source.title,
        "publisher": source.publisher,
        "address": source.url,
        "kind": wording.KIND[source.kind],
        "version": source.version,
        "retrieved": source.retrieved and source.retrieved.isoformat(),
    }
    return {name: each for name, each in said.items() if each}


def change_words(changes: list[dict[str, str]]) -> str:
    """Return changes in a line: what changed, and for the answer itself, from what to what."""
    words = []
    for change in changes:
        what, before, after = change["what"], change["before"], change["after"]
        if what in ("Answer", "Also"):
            words.append(f"{before} → {after}")
        elif what.startswith("Source "):
            words.append(f"s{what[1:]} {'removed' if after == 'removed' else 'changed'}")
        elif what == "Evidence" and _NOTHING in (before, after):
            words.append("evidence removed" if after == _NOTHING else "evidence added")
        else:
            words.append(f"{what.lower()} changed")
    return "; ".join(dict.fromkeys(words))


def _parts(question: Question, statement: Statement) -> Iterator[tuple[str, str]]:
    said = answer_words(question, statement)
    if statement.value is not None and question.kind in ("set", "list"):
        said = value_words(question, statement.value)
    yield "Answer", said
    if statement.finding:
        yield "Finding", visible(statement.finding)
    if statement.also:
        yield "Also", visible(statement.also)


def _names(item: EvidenceItem) -> tuple[str, str]:
    return item.source, item.evidence_class
