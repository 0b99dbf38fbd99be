"""The answers about one product in Markdown; what is the same for several of its options is said once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from evalkit.views.board.markdown import escaped
from evalkit.views.numbers import points
from evalkit.views.questions import question_views
from evalkit.views.safe_text import safe_url
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.views.agreement import Said
    from evalkit.views.evidence_view import EvidenceView
    from evalkit.views.questions import QuestionView
    from evalkit.views.subject import Subject

_PARAGRAPHS: Final = re.compile(r"\n\s*\n")
# What a link's address may hold between < and >; the rest is percent-encoded.
_IN_ADDRESS: Final = "%:/?#[]@!$&'()*+,;=~-._"


def answers(subjects: tuple[Subject, ...]) -> Iterator[str]:
    """Yield every question by domain with its answers, for options of one product that have figures."""
    views = {
        subject.card.deployment: {view.question.id: view for view in question_views(subject)}
        for subject in subjects
    }
    for domain in subjects[0].inputs.questionnaire.domains:
        yield f"### {escaped(domain.title)}"
        yield f"*{escaped(domain.seed)}*"
        for question in domain.questions:
            yield f"#### {question.id} {escaped(question.title)}"
            yield escaped(question.question)
            yield from _answers({name: own[question.id] for name, own in views.items()})


def link(text: str, url: str | None) -> str:
    r"""Return text as a link where the address is safe, else as text.

    >>> print(link("Docs [1]", "https://example.com/a_b"), link("Docs", "javascript:alert(1)"))
    [Docs \[1\]](<https://example.com/a_b>) Docs
    """
    address = safe_url(url)
    return escaped(text) if address is None else f"[{escaped(text)}](<{quote(address, safe=_IN_ADDRESS)}>)"


def _answers(views: Mapping[str, QuestionView]) -> Iterator[str]:
    alike: dict[str, list[str]] = {}
    for deployment, view in views.items():
        alike.setdefault("\n\n".join(_answer(view)), []).append(deployment)
    for said, deployments in alike.items():
        if len(alike) > 1:
            yield f"*{escaped(', '.join(deployments))}:*"
        yield said


def _answer(view: QuestionView) -> Iterator[str]:
    result = view.result
    if not result.applicable:
        yield f"**{escaped(wording.STATE[view.state])}**"
        return
    shown = " / ".join(one.named for one in view.described) if view.described else wording.STATE[view.state]
    if view.state == "conflicting" and view.described:
        shown = f"{wording.STATE[view.state]}: {shown}"
    interval = f"{points(result.low)} to {points(result.high)} of 100, expected {points(result.expected)}"
    marks = [interval, wording.CLASS[result.evidence_class]]
    marks += ["evidence disagrees"] * result.disputed + ["evidence has expired"] * result.stale
    if view.gate is not None:
        marks.append(f"gate: {wording.GATE_IN_TEXT[view.gate]}")
    yield f"**{escaped(shown)}**{_bracketed('; '.join(marks))}"
    yield from (escaped(one.text) for one in view.described if one.text)
    details = [*_details(view)]
    if details:
        yield "\n".join(details)
    for paragraph in _PARAGRAPHS.split((view.statement.finding or "").strip()):
        if paragraph:
            yield f"> {escaped(paragraph)}"
    items = [*(f"- {_evidence(item)}" for item in view.evidence), *(f"- {_said(it)}" for it in view.said)]
    if items:
        yield "\n".join(items)


def _details(view: QuestionView) -> Iterator[str]:
    for one in view.described:
        yield from (f"- {escaped(tick.text)}{_bracketed(tick.effect)}" for tick in one.ticks)
        yield from (f"- {escaped(f'{it.found}: ' + ', '.join(it.names))}" for it in one.hosts)
    if view.statement.also:
        yield f"- {escaped(f'Also recorded: {view.statement.also}')}"


def _bracketed(text: str) -> str:
    return f" ({escaped(text)})" if text else ""


def _evidence(item: EvidenceView) -> str:
    counted = f", counts as {item.counts_as}: {item.why}" if item.counts_as else ""
    source = item.source
    elsewhere = "" if safe_url(source.url) else source.url or ""
    told = [source.publisher, wording.KIND[source.kind], elsewhere, *item.details, item.locator, item.dates]
    states = f"; states {item.states}" if item.states else ""
    rest = escaped("; ".join(text for text in told if text) + states)
    return f"{escaped(f'{item.written}{counted}')}: {link(source.title, source.url)}; {rest}"


def _said(said: Said) -> str:
    text = f"{said.assessor}: {' / '.join(said.answers)} ({said.evidence}). {said.finding}"
    return escaped(text)
