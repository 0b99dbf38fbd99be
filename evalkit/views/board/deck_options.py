"""Slides on single options: each one of the short list, what tells them apart, and what nobody answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.board.blocks import (
    Bars,
    Beside,
    Bullets,
    Callout,
    Cell,
    Column,
    Figure,
    Figures,
    Paragraph,
    Slide,
    Table,
)
from evalkit.views.board.deck_fit import FIGURES, GAP, HEIGHT, cut, height, option_cut, trimmed
from evalkit.views.board.deck_matrix import legend, paged
from evalkit.views.board.deck_words import words as deck_words
from evalkit.views.board.words import words
from evalkit.views.numbers import NOTHING, against, count, percent, points, signed_tenth
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.model.scorecard import Span
    from evalkit.views.board.blocks import SlideBlock
    from evalkit.views.board.brief import BoardBrief, Candidate, FirstOverSecond, OptionLine, ToDo, Unverified

_NAME: Final = 46
_TITLE: Final = 24
_SENTENCE: Final = 130
_THING: Final = 22
_THINGS: Final = 3
_CAUSES: Final = 5
_REASONS: Final = 2
_PARTS: Final = 9
_TELLING: Final = 3
_ELSEWHERE: Final = 3
_ALIKE: Final = 4


def candidates(brief: BoardBrief) -> Iterator[Slide]:
    """Yield one slide for each option of the short list."""
    for one in brief.short_list:
        name = option_cut(one.line.name, _NAME)
        title = deck_words.OPTION_TITLE.format(letter=one.letter, name=name)
        span = one.line.span
        if span is None:
            blocks: tuple[SlideBlock, ...] = (_verdict(one, one.line.why_not_scored),)
            notes = deck_words.NOTES["option_not_scored"].format(reason=one.line.why_not_scored)
        else:
            blocks = (_figures(brief, one.line, span), _reasons(brief, one, span))
            notes = deck_words.NOTES["option"].format(letter=one.letter)
            if one.to_do:
                notes = f"{notes} {deck_words.NOTES['option_to_do']}"
        yield Slide(f"option-{one.letter.lower()}", title, blocks, notes)


def _figures(brief: BoardBrief, line: OptionLine, span: Span) -> Figures:
    assured = against(span.assured, brief.thresholds.approve_at)
    shares = {"assured": assured, "expected": points(span.expected), "potential": points(span.potential)}
    tone = brief.standing(span.assured)
    figures = [
        Figure(deck_words.SHORT[name], value, deck_words.OF_100, tone if name == "assured" else "")
        for name, value in shares.items()
    ]
    figures.append(Figure(words.MEMO["answered"], percent(line.coverage), deck_words.OF_WEIGHT))
    return Figures(tuple(figures))


def _verdict(one: Candidate, reason: str) -> Callout:
    return Callout(wording.VERDICT[one.line.verdict], cut(reason, _SENTENCE))


def _reasons(brief: BoardBrief, one: Candidate, span: Span) -> SlideBlock:
    reason, *others = one.why[:_REASONS]
    said = tuple(cut(it, _SENTENCE) for it in (*others, *_to_do(brief, one)))
    right = tuple(_unverified(one, span))
    while True:
        left = (_verdict(one, reason), Bullets(said)) if said else (_verdict(one, reason),)
        both = Beside(left, right, 0.5 if right else 0.7)
        if not said or height(both) <= HEIGHT - FIGURES - GAP:
            return both
        said = said[:-1]


def _to_do(brief: BoardBrief, one: Candidate) -> Iterator[str]:
    evidence = [it for it in one.to_do if it.kind == "evidence"]
    conditions = [it for it in one.to_do if it.kind != "evidence"]
    parts = []
    if evidence:
        parts.append(count(len(evidence), *deck_words.EVIDENCE))
    if conditions:
        parts.append(count(len(conditions), *deck_words.CONDITION))
    if parts and one.reached is not None:
        limit = brief.thresholds.approve_at
        yield deck_words.NEEDED_FOR.format(
            parts=wording.listed(tuple(parts)), reached=against(one.reached, limit), needed=points(limit)
        )
    if evidence:
        yield deck_words.TO_OBTAIN.format(things=_things(evidence))
    elif conditions:
        yield deck_words.TO_DEPLOY.format(things=_things(conditions))
    if one.flips:
        yield one.readings


def _things(found: Sequence[ToDo]) -> str:
    return "; ".join(cut(it.what, _THING) for it in found[:_THINGS])


def _unverified(one: Candidate, span: Span) -> Iterator[SlideBlock]:
    found = one.unverified
    if found is None:
        return
    causes = found.causes[:_CAUSES]
    if causes:
        rows = tuple((cause, share, _amount(share)) for cause, share in causes)
        told = "; ".join(f"{cause} {said}" for cause, _, said in rows)
        width = points(span.potential - span.assured)
        yield Paragraph(deck_words.OPEN_TEXT.format(width=width), deck_words.OPEN)
        yield Bars(rows, deck_words.OPEN_ALT.format(rows=told))
    sentences = tuple(_open_points(one, found))
    if sentences:
        yield Paragraph(cut(" ".join(sentences), _SENTENCE), words.MEMO["unverified"])


def _open_points(one: Candidate, found: Unverified) -> Iterator[str]:
    if found.points:
        yield words.WIDEST.format(points="; ".join(cut(it.title, _THING) for it in found.points))
    if found.share is not None:
        share, face = percent(found.share), points(one.line.face_value)
        yield words.UNVERIFIED.format(share=share[:1].upper() + share[1:], face=face)


def _amount(share: float) -> str:
    said = points(share)
    return deck_words.SMALL if said == "0" else deck_words.UNIT.format(amount=said)


def why_first(brief: BoardBrief) -> Iterator[Slide]:
    """Yield why the first option stands above the second; nothing where there is no second with a score."""
    why = brief.first_over_second
    if why is None:
        return
    letters = {one.line.option: one.letter for one in brief.short_list}
    names = {"first": letters[why.first], "second": letters[why.second]}
    heaviest = sorted(why.parts, key=lambda part: -abs(part.difference))[:_PARTS]
    parts = [part for part in why.parts if part in heaviest]
    rows = tuple((cut(it.title, _TITLE), it.difference, signed_tenth(it.difference)) for it in parts)
    told = "; ".join(f"{title} {said}" for title, _, said in rows)
    bars = Bars(rows, deck_words.PARTS_ALT.format(rows=told, **names))
    lead = deck_words.PARTS_TEXT.format(total=signed_tenth(why.difference), **names)
    left = (Paragraph(lead, deck_words.PARTS), bars)
    right = (Bullets(tuple(_turns(brief, why, names))),)
    title = deck_words.TITLES["why_first"].format(**names)
    notes = deck_words.NOTES["why_first"].format(**names)
    yield Slide("why-first", title, (Beside(left, right, 0.58), legend(brief)), notes)


def _turns(brief: BoardBrief, why: FirstOverSecond, names: dict[str, str]) -> Iterator[str]:
    verdicts = {one.line.option: wording.VERDICT_IN_TEXT[one.line.verdict] for one in brief.short_list}
    if why.by_verdict:
        yield words.BY_VERDICT.format(
            first_verdict=verdicts[why.first], second_verdict=verdicts[why.second], **names
        )
    amount = points(abs(why.difference))
    apart = words.SAME_SCORE if amount == "0" else words.AHEAD if why.difference > 0 else words.BEHIND
    yield apart.format(amount=amount, **names)
    if why.wins is not None:
        yield words.WINS.format(share=percent(why.wins), **names)
    if not why.moves:
        yield words.NO_TURN
        return
    moves = tuple(
        words.MOVE.format(title=cut(it.title, _TITLE), stated=percent(it.stated), changed=percent(it.changed))
        for it in why.moves[:_TELLING]
    )
    others = len(why.moves) - _TELLING
    more = words.MORE_MOVES.format(others=count(others, *deck_words.WEIGHT)) if others > 0 else ""
    yield words.TURNS.format(moves=wording.listed(moves) + more)


def routes(brief: BoardBrief) -> Iterator[Slide]:
    """Yield what differs between the deployments of one product; nothing where none has several."""
    found = brief.routes
    if found is None:
        return
    columns = (
        Column(words.MEMO["question"], share=1.2),
        *(Column(cut(name, _TITLE), share=1) for name in found.names),
    )
    rows = [
        (
            Cell(deck_words.VERDICT_ROW),
            *(Cell(wording.VERDICT[line.verdict]) for line in found.deployments),
        ),
        (
            Cell(deck_words.ASSURED_ROW),
            *(_assured(brief, line) for line in found.deployments),
        ),
        *(
            (Cell(cut(it.title, _TITLE)), *(Cell(cut(said, _TITLE)) for said in it.answers))
            for it in found.lines
        ),
    ]
    said = deck_words.ROUTES_NOTE if found.lines else words.ROUTES_SAME
    if found.others:
        others = count(found.others, *deck_words.QUESTION)
        said = f"{said} {deck_words.ROUTES_MORE.format(others=others)}"
    yield from paged(
        "routes",
        deck_words.TITLES["routes"].format(product=cut(found.product, _TITLE)),
        Table(columns, tuple(rows)),
        deck_words.NOTES["routes" if found.lines else "routes_same"],
        under=(Paragraph(said, is_note=True),),
    )


def _assured(brief: BoardBrief, line: OptionLine) -> Cell:
    if line.span is None:
        return Cell(NOTHING)
    return Cell(points(line.span.assured), brief.standing(line.span.assured))


def not_answered(brief: BoardBrief) -> Iterator[Slide]:
    """Yield what was not answered about the short list, and which other options have no score."""
    letters = {one.line.option: one.letter for one in brief.short_list}
    elsewhere = [line for line in brief.not_scored if line.option not in letters]
    if not brief.silence and not elsewhere:
        return
    blocks: list[SlideBlock] = []
    if brief.silence:
        columns = (
            Column(words.MEMO["letter"]),
            Column(words.MEMO["option"], share=2),
            Column(deck_words.ASKED, is_figure=True),
            Column(deck_words.OPEN_STATES, share=1.6),
            Column(deck_words.HEAVIEST, share=2.4),
        )
        rows = tuple(
            (
                Cell(letters[one.option]),
                Cell(option_cut(one.name, _NAME)),
                Cell(str(one.asked)),
                Cell(", ".join(f"{amount} {state}" for state, amount in one.counts) or words.ALL_ANSWERED),
                Cell("; ".join(cut(title, _THING) for title in one.heaviest) or NOTHING),
            )
            for one in brief.silence
        )
        blocks.append(trimmed(Table(columns, rows), 2))
    blocks.extend(_elsewhere(elsewhere))
    notes = deck_words.NOTES["not_answered"]
    if any(one.heaviest for one in brief.silence):
        notes = f"{notes} {deck_words.NOTES['not_answered_heaviest']}"
    yield Slide("not-answered", deck_words.TITLES["not_answered"], tuple(blocks), notes)


def _elsewhere(lines: Sequence[OptionLine]) -> Iterator[Paragraph]:
    reasons = dict.fromkeys((line.verdict, line.why_not_scored) for line in lines)
    for verdict, reason in tuple(reasons)[:_ELSEWHERE]:
        alike = [line for line in lines if (line.verdict, line.why_not_scored) == (verdict, reason)]
        names = tuple(option_cut(line.name, _TITLE) for line in alike[:_ALIKE])
        others = len(alike) - _ALIKE
        told = (
            deck_words.ALIKE_MORE.format(
                names=", ".join(names), others=count(others, *deck_words.OPTION), reason=reason
            )
            if others > 0
            else deck_words.ALIKE.format(names=wording.listed(names), reason=reason)
        )
        yield Paragraph(told, wording.VERDICT[verdict])
