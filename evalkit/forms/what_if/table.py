"""The options under changed assumptions, and what changed, as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from evalkit.views.numbers import NOTHING, against, count, percent, points, signed
from evalkit.views.safe_text import plain, visible
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.forms.what_if.state import Outcome, WhatIf
    from evalkit.model.scorecard import Verdict

PENDING: Final = "…"
"""Stands for a share that is being computed."""

_TABLE: Final = Markup(
    '<div class="evalkit-panel"><table class="live"><caption>{caption}</caption><thead><tr>'
    '<th scope="col" class="num">Rank</th><th scope="col">Option</th><th scope="col">Verdict</th>'
    '<th scope="col" class="num">Assured</th><th scope="col" class="num">Expected</th>'
    '<th scope="col" class="num">Potential</th>{first}</tr></thead><tbody>{rows}</tbody></table></div>'
)
_FIRST_HEAD: Final = Markup('<th scope="col" class="num">First</th>')
_ROW: Final = Markup(
    '<tr{moved}><td class="num">{rank}{rank_change}</td><th scope="row">{option}</th>'
    '<td><span class="verdict v-{verdict}"><span aria-hidden="true">{symbol}</span> {word}</span>{was}</td>'
    '<td class="num strong">{assured}{d_assured}</td><td class="num">{expected}{d_expected}</td>'
    '<td class="num">{potential}{d_potential}</td>{first}</tr>'
)
_FIRST: Final = Markup('<td class="num">{}</td>')
_MOVED: Final = Markup(' class="moved"')
_WAS: Final = Markup(
    ' <span class="quiet" title="was: {word}">was <span aria-hidden="true">{symbol}</span>'
    '<span class="hidden">{word}</span></span>'
)
_DELTA: Final = Markup('<span class="delta {}">{}</span>')
_NONE: Final = Markup('<span class="delta"></span>')


def what_if_table(
    now: Sequence[Outcome],
    start: Sequence[Outcome],
    approve_at: float,
    first: Mapping[str, str] | None = None,
) -> str:
    """Return the table, best rank first, with the change of every number against the start.

    Parameters
    ----------
    first
        By option, how often it is first; the column is left out if None.
    """
    before = {one.option: one for one in start}
    rows = [_row(one, before[one.option], approve_at, first) for one in in_rank_order(now)]
    caption = f"Scores of 100, {points(approve_at)} assured are needed; small: change against the start."
    if first is not None:
        caption += (
            " First: share of draws in which the option leads, weights and open answers drawn at random."
        )
    head = Markup("") if first is None else _FIRST_HEAD
    return str(_TABLE.format(caption=caption, first=head, rows=Markup("").join(rows)))


def _row(one: Outcome, was: Outcome, approve_at: float, first: Mapping[str, str] | None) -> Markup:
    verdict = one.finding.verdict
    turned = verdict != was.finding.verdict
    assured, expected, potential = _figures(one)
    old_assured, old_expected, old_potential = _figures(was)
    return _ROW.format(
        moved=_MOVED if turned else "",
        rank=NOTHING if one.rank is None else one.rank,
        rank_change=_rank_change(one.rank, was.rank),
        option=visible(one.option),
        verdict=verdict,
        symbol=wording.VERDICT_SYMBOL[verdict],
        word=wording.VERDICT[verdict],
        was=_was(was.finding.verdict) if turned else "",
        assured=NOTHING if assured is None else against(assured, approve_at),
        d_assured=_delta(assured, old_assured),
        expected=points(expected),
        d_expected=_delta(expected, old_expected),
        potential=points(potential),
        d_potential=_delta(potential, old_potential),
        first="" if first is None else _FIRST.format(first.get(one.option, NOTHING)),
    )


def _was(verdict: Verdict) -> Markup:
    # The symbol only: a word more, and rows would change their width while a slider moves.
    return _WAS.format(symbol=wording.VERDICT_SYMBOL[verdict], word=wording.VERDICT[verdict].lower())


def _figures(one: Outcome) -> tuple[float | None, float | None, float | None]:
    span = one.span
    return (None, None, None) if span is None else (span.assured, span.expected, span.potential)


def _delta(now: float | None, was: float | None) -> Markup:
    if now is None or was is None or signed(now - was) == signed(0):
        return _NONE
    return _DELTA.format("up" if now > was else "down", signed(now - was))


def _rank_change(now: int | None, was: int | None) -> Markup:
    if now is None or was is None or now == was:
        return _NONE
    return _DELTA.format("up" if now < was else "down", f"{'▲' if now < was else '▼'}{abs(was - now)}")


def changes_in_words(now: Sequence[Outcome], start: Sequence[Outcome]) -> str:
    """Return how many verdicts and ranks differ from the start, and how many options have each verdict."""
    pairs = list(zip(now, start, strict=True))
    verdicts = sum(one.finding.verdict != was.finding.verdict for one, was in pairs)
    ranks = sum(one.rank != was.rank for one, was in pairs)
    counts = [
        f"{amount} {text.lower()}"
        for name, text in wording.VERDICT.items()
        if (amount := sum(one.finding.verdict == name for one in now))
    ]
    changed = f"{count(verdicts, 'verdict')} and {count(ranks, 'rank')} differ from the start"
    return f"{changed}. Now: {', '.join(counts)}."


def weight_shares(state: WhatIf) -> dict[str, str]:
    """Return each domain's share of the whole in words."""
    total = sum(state.domain_weights.values())
    return {domain: percent(weight / total) for domain, weight in state.domain_weights.items()}


def what_if_text(now: Sequence[Outcome]) -> str:
    """Return the table in plain text."""
    return "\n".join(_line(one) for one in in_rank_order(now))


def in_rank_order(now: Sequence[Outcome]) -> list[Outcome]:
    """Return the options by rank, ties in the order of the evaluation, those without a score last."""
    return sorted(now, key=lambda one: math.inf if one.rank is None else one.rank)


def _line(one: Outcome) -> str:
    figures = ""
    if one.span is not None:
        spans = (one.span.assured, one.span.expected, one.span.potential)
        figures = f", {' – '.join(points(it) for it in spans)}"
    rank = NOTHING if one.rank is None else f"{one.rank}."
    return f"{rank} {plain(one.option)}: {wording.VERDICT[one.finding.verdict]}{figures}"
