"""A report of what changed, in parts that each form of it shows in its own way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from evalkit.model.change import CAUSES
from evalkit.views.board.blocks import Callout, Cell, Column, Heading, Memo, Paragraph, Table
from evalkit.views.board.clipping import clipped
from evalkit.views.board.since_words import apart, verdict
from evalkit.views.board.words import words
from evalkit.views.changes.contents import answers, counting_otherwise, things
from evalkit.views.changes.phrases import ARROW, counted, tip_words, turn_words
from evalkit.views.export import condition_entries
from evalkit.views.numbers import NOTHING, count, signed_tenth
from evalkit.views.spoken import ENGLISH
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.model.change import Cause, OptionChange, Part
    from evalkit.model.scorecard import GateOutcome, Scorecard
    from evalkit.views.board.blocks import Block
    from evalkit.views.changes.comparison import State, StateComparison

_THROUGH: Final = 5
"""Questions named of those that moved a score; JSON has all."""

ORDER_NOTE: Final = (
    "In points of 100; each row sums to the change. One state is turned into the other step by step:"
    " questionnaire, profile, day, version of the product, facts, controls, waivers and deadline, then"
    " answers with their evidence; a step has what it adds there. What applies is what other answers let"
    " apply."
)


def report(found: StateComparison) -> Memo:
    """Return the whole report."""
    return Memo(
        kind="What changed",
        title=clipped(found.after.inputs.evaluation.title),
        day=found.after.inputs.evaluation.as_of,
        language=ENGLISH,
        facts=_facts(found),
        page_label="",
        blocks=(*summary(found), *details(found)),
    )


def _facts(found: StateComparison) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("Before", _state(found.before)),
        ("After", _state(found.after)),
        *(("Note", note) for note in found.notes),
    )
    return tuple(pairs)


def _state(state: State) -> str:
    inputs = state.inputs
    return (
        f"{clipped(state.label)}: {inputs.evaluation.id}, as of {inputs.evaluation.as_of},"
        f" {inputs.questionnaire.ref}, profile {inputs.profile.id} {inputs.profile.version}"
    )


def summary(found: StateComparison) -> Iterator[Block]:
    """Yield the answer in short, how the options stand, and why: what a terminal shows first."""
    yield Callout("In short", in_short(found))
    options = [it for it in found.change.options if it.is_changed or _rank_differs(found, it)]
    if options:
        yield Heading("Options")
        yield _options(found, options)
        left = len(found.change.options) - len(options)
        if left:
            yield Paragraph(f"{left} of {len(found.change.options)} stand as they did.", is_note=True)
    yield from _causes(options)
    yield from _verdicts(found, options)


def details(found: StateComparison) -> Iterator[Block]:
    """Yield everything else: gates, ways out, answers with their evidence, settings."""
    yield from _gates(found)
    yield from _ways_out(found)
    yield from answers(found)
    yield from counting_otherwise(found)
    yield from things(found)


def in_short(found: StateComparison) -> str:
    """Return how much changed, in two sentences."""
    change = found.change
    if change.is_empty:
        return "Nothing changed: inputs that count, verdicts, gates and scores are the same."
    both = [it for it in change.options if it.before and it.after]
    turned = sum(
        it.before.finding.verdict != it.after.finding.verdict for it in both if it.before and it.after
    )
    moved = sum(bool(it.difference) for it in both)
    options, verdicts = count(len(both), "option"), count(turned, "verdict")
    said = f"Of {options}, {verdicts} and {count(moved, 'assured score')} are different."
    kinds = [it.kind for it in change.things]
    inputs = counted(
        {
            "answer": len({(it.product, it.question) for it in change.statements if it.is_answer}),
            "piece of evidence": sum(len(it.evidence) for it in change.statements),
            "question": kinds.count("question"),
            "setting": sum(len(it.fields) for it in change.things if it.kind in ("profile", "evaluation")),
            "product": kinds.count("product"),
            "control": kinds.count("control"),
        }
    )
    added = sum(it.before is None for it in change.options)
    removed = sum(it.after is None for it in change.options)
    parts = [said]
    if inputs:
        parts.append(f"Changed: {inputs}.")
    if added:
        parts.append(f"Added: {count(added, 'option')}.")
    if removed:
        parts.append(f"No longer compared: {count(removed, 'option')}.")
    return " ".join(parts)


def _rank_differs(found: StateComparison, it: OptionChange) -> bool:
    return found.before.ranks.get(it.option) != found.after.ranks.get(it.option)


def _options(found: StateComparison, options: Sequence[OptionChange]) -> Table:
    columns = (
        Column("Option", share=3),
        Column("Verdict", share=3),
        Column("Rank", is_figure=True),
        *(Column(name, is_figure=True) for name in ("Assured", "Expected", "Potential", "Answered")),
    )
    rows = []
    for it in options:
        spans = [card.span if card else None for card in (it.before, it.after)]
        figures = [
            (getattr(spans[0], name, None), getattr(spans[1], name, None))
            for name in ("assured", "expected", "potential")
        ]
        figures.append((it.before and it.before.coverage, it.after and it.after.coverage))
        ranks = (found.before.ranks.get(it.option), found.after.ranks.get(it.option))
        cells = (
            f"{it.option} {found.name(it.option)}",
            _pair(*(verdict(card.finding.verdict if card else None) for card in (it.before, it.after))),
            _pair(*(NOTHING if rank is None else str(rank) for rank in ranks)),
            *(_pair(*apart(*pair)) for pair in figures),
        )
        rows.append(tuple(Cell(cell) for cell in cells))
    return Table(columns, tuple(rows))


def _pair(before: str, after: str) -> str:
    return after if before == after else f"{before} {ARROW} {after}"


def _causes(options: Sequence[OptionChange]) -> Iterator[Block]:
    explained = [it for it in options if it.parts]
    if not explained:
        return
    causes = [cause for cause in CAUSES if any(part.cause == cause for it in explained for part in it.parts)]
    yield Heading("Why assured scores moved")
    columns = (
        Column("Option", share=2),
        Column("Change", is_figure=True),
        *(Column(_capital(words.SINCE_CAUSE[cause]), is_figure=True) for cause in causes),
        Column("Most through", share=4),
    )
    rows = tuple(
        (
            Cell(it.option),
            Cell(signed_tenth(it.difference or 0.0)),
            *(Cell(_sum(it.parts, cause)) for cause in causes),
            Cell(_through(it.parts)),
        )
        for it in explained
    )
    yield Table(columns, rows)
    yield Paragraph(ORDER_NOTE, is_note=True)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sum(parts: Sequence[Part], cause: Cause) -> str:
    own = [part.amount for part in parts if part.cause == cause]
    return signed_tenth(math.fsum(own)) if own else NOTHING


def _through(parts: Sequence[Part]) -> str:
    sums: dict[str, float] = {}
    for part in parts:
        if part.question is not None:
            sums[part.question] = sums.get(part.question, 0.0) + part.amount
    most = sorted(sums.items(), key=lambda pair: (-abs(round(pair[1], 12)), pair[0]))
    told = [f"{question} {signed_tenth(amount)}" for question, amount in most[:_THROUGH]]
    left = len(most) - len(told)
    return ", ".join((*told, *((f"{left} more",) if left else ())))


def _verdicts(found: StateComparison, options: Sequence[OptionChange]) -> Iterator[Block]:
    rows = tuple(
        (
            Cell(it.option),
            Cell("; ".join(turn_words(found, turn) for turn in it.turns) or NOTHING),
            Cell("; ".join(tip_words(found, tip) for tip in it.tips) or NOTHING),
        )
        for it in options
        if it.turns or it.tips
    )
    if not rows:
        return
    yield Heading("What turned verdicts, and requirements that tipped")
    columns = (Column("Option", share=2), Column("Turned by", share=3), Column("Requirements", share=5))
    yield Table(columns, rows)
    yield Paragraph(
        "Answers are replaced one by one in the order of the questionnaire: a verdict that takes several is"
        " turned by the last of them.",
        is_note=True,
    )


def _gates(found: StateComparison) -> Iterator[Block]:
    rows = []
    for it in found.change.options:
        was, now = _outcomes(it.before), _outcomes(it.after)
        if not (was and now):
            continue
        for question in dict.fromkeys((*now, *was)):
            old, new = was.get(question), now.get(question)
            if old != new:
                cells = (it.option, found.title(question), _gate(old), _gate(new))
                rows.append(tuple(Cell(cell) for cell in cells))
    if rows:
        yield Heading("Gates")
        labels = ("Option", "Gate", "Before", "After")
        yield Table(tuple(Column(label, share=1) for label in labels), tuple(rows))


def _outcomes(card: Scorecard | None) -> dict[str, GateOutcome]:
    return {gate.question: gate.result for gate in card.gates} if card else {}


def _gate(result: GateOutcome | None) -> str:
    return words.SINCE_NO_GATE if result is None else wording.GATE_IN_TEXT[result]


def _ways_out(found: StateComparison) -> Iterator[Block]:
    rows = []
    for it in found.change.options:
        if it.before is None or it.after is None:
            continue
        for what, old, new in (
            ("conditions", conditions(it.before), conditions(it.after)),
            ("missing evidence", missing_evidence(it.before), missing_evidence(it.after)),
        ):
            if set(old) != set(new):
                come = [each for each in new if each not in old]
                gone = [each for each in old if each not in new]
                cells = (it.option, what, ", ".join(come) or NOTHING, ", ".join(gone) or NOTHING)
                rows.append(tuple(Cell(cell) for cell in cells))
    if rows:
        yield Heading("Conditions and missing evidence")
        labels = ("Option", "Of its way out", "Added", "No longer")
        yield Table(tuple(Column(label, share=1) for label in labels), tuple(rows))


def conditions(card: Scorecard) -> tuple[str, ...]:
    """Return the ids of the conditions of an option, each once."""
    return tuple(dict.fromkeys(it.id for it in condition_entries(card)))


def missing_evidence(card: Scorecard) -> tuple[str, ...]:
    """Return the questions whose evidence an option still wants."""
    return tuple(step.question for step in card.finding.evidence)
