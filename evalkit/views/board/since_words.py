"""What changed since the last board in sentences, for memo and slides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.board.words import words
from evalkit.views.numbers import points, tenth
from evalkit.views.sentences import by_number
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.scorecard import GateOutcome, Verdict
    from evalkit.views.board.brief import BoardBrief
    from evalkit.views.board.since import Since

_NAMED: Final = 4
_OFF: Final = 0.5
"""Points by which a difference of rounded figures may be off."""


def paragraph(brief: BoardBrief, since: Since) -> str:
    """Return what changed as the memo says it: how much, what turned, and what was changed."""
    letters = {one.line.option: one.letter for one in brief.short_list}
    turns = [it for it in since.options if it.is_turned]
    named = tuple(
        words.SINCE_TURN.format(
            option=letters.get(it.option, it.name),
            before=verdict(it.verdict_before),
            after=verdict(it.verdict_after),
        )
        for it in turns[:_NAMED]
    )
    more = len(turns) - len(named)
    if more > 0:
        named = (*named, words.SINCE_MORE.format(amount=more))
    told = [said(since)]
    if named:
        told.append(words.SINCE_TURNED.format(turned=wording.listed(named)))
    return " ".join((*told, *days(since)))


def said(since: Since) -> str:
    """Return how many verdicts turned and scores moved, and what was changed."""
    counts = tuple(f"{amount} {words.SINCE_COUNT[kind][amount != 1]}" for kind, amount in since.counts)
    changed = words.SINCE_CHANGED.format(counts=wording.listed(counts)) if counts else ""
    if not since.options:
        first = words.SINCE_NOTHING.format(when=when(since))
    else:
        moved = sum(it.assured_before != it.assured_after for it in since.options)
        first = words.SINCE.format(
            when=when(since),
            verdicts=_amount(words.SINCE_VERDICTS, sum(it.is_turned for it in since.options)),
            scores=_amount(words.SINCE_SCORES, moved),
        )
    return " ".join(filter(None, (first, changed)))


def when(since: Since) -> str:
    """Return since when, to begin a sentence."""
    return words.SINCE_WHEN[since.kind].format(name=since.name, day=wording.day(since.day))


def days(since: Since) -> tuple[str, ...]:
    """Return on which days the figures stand, where these are not one; else nothing."""
    before, after = since.as_of_before, since.as_of_after
    if before == after:
        return ()
    return (words.SINCE_DAYS.format(before=wording.day(before), after=wording.day(after)),)


def verdict(name: Verdict | None) -> str:
    """Return a verdict in a sentence; that an option was not compared where it had none."""
    return words.SINCE_NOT_COMPARED if name is None else wording.VERDICT_IN_TEXT[name]


def turned(result: GateOutcome | None) -> str:
    """Return the outcome of a gate in a sentence, also where there was no such gate."""
    return words.SINCE_NO_GATE if result is None else wording.GATE_IN_TEXT[result]


def apart(before: float | None, after: float | None) -> tuple[str, str]:
    """Return two scores of 100, with tenths where whole numbers would hide or enlarge the difference.

    >>> apart(0.36, 0.41), apart(0.358, 0.362), apart(None, 0.5)
    (('36', '41'), ('35.8', '36.2'), ('–', '50'))
    >>> apart(0.4044, 0.4068), apart(0.4, 0.403)
    (('40.4', '40.7'), ('40.0', '40.3'))
    """
    told = points(before), points(after)
    if before is None or after is None or before == after:
        return told
    shown = abs(int(told[0]) - int(told[1]))
    misleads = not shown or abs(shown - 100 * abs(before - after)) > _OFF
    return (tenth(before), tenth(after)) if misleads else told


def _amount(table: Mapping[str, str], amount: int) -> str:
    return (by_number(table, amount) if amount else table["none"]).format(amount=amount)
