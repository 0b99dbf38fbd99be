"""The slide for a board that meets again: which options stand otherwise than last time, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.board.blocks import Callout, Cell, Column, Paragraph, Slide, Table
from evalkit.views.board.deck_fit import GAP, HEIGHT, cut, height, option_cut, split, trimmed
from evalkit.views.board.deck_words import words as deck_words
from evalkit.views.board.since_words import apart, days, said, turned, verdict
from evalkit.views.board.words import words
from evalkit.views.numbers import signed_tenth
from evalkit.views.sentences import by_number
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.views.board.blocks import SlideBlock
    from evalkit.views.board.brief import BoardBrief
    from evalkit.views.board.since import Since, SinceOption

_NAME: Final = 26
_GATE: Final = 22
_GATES: Final = 2
_CAUSES: Final = 3
_SUMMARY: Final = 260


def changes(brief: BoardBrief) -> Iterator[Slide]:
    """Yield the slide on what changed since the last board; none where there was none."""
    since = brief.since
    if since is None:
        return
    blocks: list[SlideBlock] = [Callout("", cut(said(since), _SUMMARY))]
    under = _under(since, 0)
    if since.options:
        room = HEIGHT - height(blocks[0]) - height(under) - 2 * GAP
        shown, left = _table(brief, since, room)
        blocks.append(shown)
        under = _under(since, left)
    if under.text:
        blocks.append(under)
    notes = deck_words.NOTES["since" if since.kind == "revision" else "since_decision"]
    yield Slide("since", deck_words.TITLES["since"], tuple(blocks), notes)


def _under(since: Since, left: int) -> Paragraph:
    told = []
    if left:
        told.append(by_number(deck_words.SINCE_MORE, left).format(amount=left))
    if since.unchanged:
        told.append(by_number(deck_words.SINCE_AS_BEFORE, since.unchanged).format(amount=since.unchanged))
    told += days(since)
    return Paragraph(" ".join(told), is_note=True)


def _table(brief: BoardBrief, since: Since, room: float) -> tuple[Table, int]:
    """Return as many options as there is room for, and how many are left."""
    names = deck_words.SINCE_COLUMNS
    is_decided = since.kind == "decision"
    columns = (
        Column(names["option"], share=3),
        *((Column(names["decided"], share=2),) if is_decided else ()),
        Column(names["before"], share=2),
        Column(names["after"], share=2),
        Column(names["assured"], is_figure=True),
        Column(names["why"], share=4),
    )
    letters = {one.line.option: one.letter for one in brief.short_list}
    rows = tuple(_row(it, letters.get(it.option, ""), is_decided=is_decided) for it in since.options)
    first, *others = split(trimmed(Table(columns, rows), 2), room)
    return first, sum(len(part.rows) for part in others)


def _row(it: SinceOption, letter: str, *, is_decided: bool) -> tuple[Cell, ...]:
    name = option_cut(it.name, 2 * _NAME)
    called = deck_words.OPTION_TITLE.format(letter=letter, name=name) if letter else name
    before, after = apart(it.assured_before, it.assured_after)
    score = after if before == after else deck_words.SINCE_SCORE.format(before=before, after=after)
    decided = (wording.VERDICT_IN_TEXT[it.decided] if it.decided else "",) if is_decided else ()
    texts = (called, *decided, verdict(it.verdict_before), verdict(it.verdict_after), score, _why(it))
    return tuple(Cell(text) for text in texts)


def _why(it: SinceOption) -> str:
    gates = [
        deck_words.SINCE_GATE.format(gate=cut(title, _GATE), before=turned(before), after=turned(after))
        for title, before, after in it.gates[:_GATES]
    ]
    causes = [
        deck_words.SINCE_PART.format(cause=words.SINCE_CAUSE[cause], amount=signed_tenth(amount))
        for cause, amount in it.causes[:_CAUSES]
    ]
    more = len(it.gates) - _GATES
    rest = [words.SINCE_MORE.format(amount=more)] if more > 0 else []
    return "; ".join((*gates, *rest, *causes))
