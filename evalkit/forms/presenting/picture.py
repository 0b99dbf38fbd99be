"""A state of the presentation as its page draws it: figures and words, ready to be shown as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from evalkit.forms.presenting.state import LEAST_WEIGHT
from evalkit.forms.presenting.supposition import key_of
from evalkit.views.board.live_words import words
from evalkit.views.numbers import NOTHING, against, number, percent, points
from evalkit.views.safe_text import plain
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.forms.presenting.state import Presentation, Shown
    from evalkit.forms.what_if.state import Outcome
    from evalkit.model.scorecard import GateOutcome, Span, Verdict
    from evalkit.views.board.brief import ToDo

Json = dict[str, Any]

_NAMED: Final = 2
"""Weights that the banner names; more are counted."""


def setting(state: Presentation) -> Json:
    """Return what does not change while the presentation is shown."""
    inputs, limits = state.inputs, state.inputs.profile.thresholds
    evaluation, profile = inputs.evaluation, inputs.profile
    mark = words.PAGE["mark"].format(limit=points(limits.approve_at))
    return {
        "words": {**words.PAGE, "mark": mark},
        "title": plain(evaluation.title),
        "basis": f"{wording.day(evaluation.as_of)} · {plain(profile.title)} {profile.version}",
        "approve_at": limits.approve_at,
        "weights": {
            "least": min(1.0, *state.stated_weights.values()),
            "most": state.largest_weight,
            "step": _step(state),
            "domains": [
                {
                    "id": domain.id,
                    "title": plain(domain.title),
                    "stated": state.stated_weights[domain.id],
                    "stated_words": words.STATED.format(weight=number(state.stated_weights[domain.id])),
                }
                for domain in inputs.questionnaire.domains
            ],
        },
        "options": [_fixed(state, one) for one in state.shown],
    }


def picture(state: Presentation) -> Json:
    """Return what a move changes."""
    now, start = state.outcomes(), {it.option: it for it in state.start.outcomes}
    whole = math.fsum(state.what_if.domain_weights.values())
    return {
        "is_supposed": state.is_supposed,
        "changes": changes(state),
        "weights": {
            domain: {"value": weight, "share": percent(weight / whole)}
            for domain, weight in state.what_if.domain_weights.items()
        },
        "options": [
            _moving(state, one, now[one.option], start[one.option], _scored(now)) for one in state.shown
        ],
    }


def changes(state: Presentation) -> list[str]:
    """Return what is supposed, in words; nothing where all is as evaluated."""
    titles = {domain.id: plain(domain.title) for domain in state.inputs.questionnaire.domains}
    now, stated = state.what_if.domain_weights, state.stated_weights
    changed = state.changed_weights
    said = [
        words.WEIGHT.format(domain=titles[it], now=number(now[it]), stated=number(stated[it]))
        for it in changed
    ]
    if len(said) > _NAMED:
        said = [words.MORE_WEIGHTS.format(count=len(changed))]
    done = [
        words.DONE.format(letter=one.letter, ticked=len(state.done[one.option]), all=len(one.way.to_do))
        for one in state.shown
        if one.way is not None and one.option in state.done
    ]
    return [*said, *done]


def standings(before: Presentation, after: Presentation) -> str:
    """Return how the options stand whose figures a move has changed, in sentences to be read out."""
    was, now, stated = before.outcomes(), after.outcomes(), after.start.outcomes
    verdicts = {it.option: it.finding.verdict for it in stated}
    return " ".join(
        _sentence(one.letter, now[one.option], verdicts[one.option], after)
        for one in after.shown
        if now[one.option] != was[one.option]
    )


def _sentence(letter: str, now: Outcome, stated: Verdict, state: Presentation) -> str:
    verdict = wording.VERDICT[now.finding.verdict]
    if now.span is None:
        return words.SAID_NO_SCORE.format(letter=letter, verdict=verdict)
    sentence = words.SAID_OPTION if now.finding.verdict == stated else words.SAID_OPTION_WAS
    limit = state.inputs.profile.thresholds.approve_at
    return sentence.format(
        letter=letter,
        rank=now.rank,
        assured=against(now.span.assured, limit),
        verdict=verdict,
        was=wording.VERDICT[stated],
    )


def _fixed(state: Presentation, one: Shown) -> Json:
    done = () if one.way is None else one.way.to_do
    empty = ""
    if not done:
        empty = words.PAGE["needs_nothing" if one.stated == "approve" else "nothing_to_do"]
    before = {it.option: it for it in state.start.outcomes}[one.option]
    return {
        "id": one.option,
        "letter": one.letter,
        "name": one.name,
        "stated": _span(before.span),
        "empty": empty,
        "to_do": [_to_do(it) for it in done],
    }


def _to_do(it: ToDo) -> Json:
    about = wording.listed(it.serves) if it.serves else it.how
    return {
        "key": key_of(it),
        "group": "evidence" if it.kind == "evidence" else "deploy",
        "what": it.what,
        "about": about,
        "closes_gate": it.closes_gate,
    }


def _moving(state: Presentation, one: Shown, now: Outcome, was: Outcome, scored: int) -> Json:
    verdict, stated = now.finding.verdict, was.finding.verdict
    limit = state.inputs.profile.thresholds.approve_at
    done = state.done.get(one.option, frozenset())
    every = () if one.way is None else one.way.to_do
    span = now.span
    return {
        "rank": NOTHING if now.rank is None else str(now.rank),
        "rank_words": "" if now.rank is None else words.OF.format(rank=now.rank, scored=scored),
        "rank_was": _was(str(was.rank)) if now.rank != was.rank else "",
        "verdict": verdict,
        "symbol": wording.VERDICT_SYMBOL[verdict],
        "verdict_words": wording.VERDICT[verdict],
        "verdict_was": _was(wording.VERDICT[stated]) if verdict != stated else "",
        "span": _span(span),
        "assured": NOTHING if span is None else against(span.assured, limit),
        "expected": points(None if span is None else span.expected),
        "potential": points(None if span is None else span.potential),
        "gates": [_gate(*gate) for gate in state.gates(one)],
        "done": sorted(done),
        "ticked": words.TICKED.format(ticked=len(done), all=len(every)),
        "ticked_short": words.TICKED_SHORT.format(ticked=len(done), all=len(every)) if every else NOTHING,
    }


def _gate(title: str, now: GateOutcome, stated: GateOutcome) -> Json:
    sentence = words.GATE if now == stated else words.GATE_WAS
    return {
        "result": now,
        "symbol": wording.GATE_SYMBOL[now],
        "words": sentence.format(gate=title, result=wording.GATE[now], was=wording.GATE[stated]),
        "is_changed": now != stated,
    }


def _was(what: str) -> str:
    return words.WAS.format(what=what)


def _scored(now: Mapping[str, Outcome]) -> int:
    return sum(it.rank is not None for it in now.values())


def _span(span: Span | None) -> list[float] | None:
    return None if span is None else [span.assured, span.expected, span.potential]


def _step(state: Presentation) -> float:
    return 1.0 if all(float(it).is_integer() for it in state.stated_weights.values()) else LEAST_WEIGHT
