"""One option of the short list: why it stands where it stands, what is to be done, what nobody has proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from evalkit.scoring.shares import gap_bucket
from evalkit.views.board.brief import Candidate, OpenPoint, ToDo, Unverified
from evalkit.views.board.clipping import SENTENCE, clipped
from evalkit.views.board.words import words
from evalkit.views.headline import sensitivity, verdict_flips, way_out, why_not_today
from evalkit.views.numbers import count
from evalkit.views.requirements import requirements
from evalkit.views.way_out import asks_of, measures_of
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.model.robustness import Robustness
    from evalkit.model.scorecard import Scorecard
    from evalkit.views.board.brief import OptionLine
    from evalkit.views.subject import Subject
    from evalkit.views.way_out import Ask

_POINTS: Final = 3


def candidate(subject: Subject, line: OptionLine, robust: Robustness, letter: str) -> Candidate:
    """Return one option as the board sees it."""
    card = subject.card
    finding = card.finding
    today = why_not_today(requirements(subject.inputs, card)) if finding.verdict != "approve" else ""
    why = (wording.REASON[finding.reason], today, way_out(finding))
    steps = finding.conditions or finding.evidence
    return Candidate(
        letter=letter,
        line=line,
        product=clipped(subject.product.name),
        why=tuple(sentence for sentence in why if sentence),
        to_do=to_do(subject),
        reached=steps[-1].assured_after if steps else None,
        readings=sensitivity(card) if card.is_scored else "",
        flips=verdict_flips(card),
        unverified=_unverified(subject, card) if card.is_scored else None,
        first_share=_first_share(robust, card.option),
    )


def to_do(subject: Subject) -> tuple[ToDo, ...]:
    """Return evidence to obtain, then conditions, each once, with the questions that they serve."""
    finding = subject.card.finding
    evidence = tuple(
        ToDo("evidence", ask.question.id, clipped(ask.question.title), _how(ask), (), ask.closes_gate)
        for ask in asks_of(subject, finding.evidence)
    )
    found: dict[str, ToDo] = {}
    for measure in measures_of(subject, finding):
        kind: Literal["remedy", "control"] = "remedy" if measure.kind == "remedy" else "control"
        for key, title in ((measure.id, measure.title), *measure.companions):
            known = found.get(key)
            serves = dict.fromkeys((*(known.serves if known else ()), clipped(measure.question.title)))
            closes = measure.closes_gate or (known is not None and known.closes_gate)
            how = clipped(measure.note, SENTENCE) if kind == "remedy" and key == measure.id else ""
            found[key] = ToDo(kind, key, clipped(title, SENTENCE), how, tuple(serves), closes)
    return (*evidence, *found.values())


def _how(ask: Ask) -> str:
    if ask.test is not None:
        return words.LAB_TEST.format(minutes=count(ask.test.minutes, "minute"))
    return clipped("; ".join(ask.documents), SENTENCE)


def _unverified(subject: Subject, card: Scorecard) -> Unverified:
    total = sum(result.weight for result in card.questions if result.applicable)
    widths = sorted(
        ((it.weight * (it.high - it.low) / total, it) for it in card.questions if it.applicable),
        key=lambda pair: (-round(pair[0], 12), pair[1].question),
    )
    open_points = tuple(
        OpenPoint(
            it.question, clipped(subject.question(it.question).title), width, wording.GAP[gap_bucket(it)]
        )
        for width, it in widths[:_POINTS]
        if width > 0
    )
    causes = sorted(card.gap.items(), key=lambda pair: -pair[1])
    return Unverified(
        share=card.unverified_share,
        causes=tuple((wording.GAP[name], share) for name, share in causes),
        points=open_points,
    )


def _first_share(robust: Robustness, option: str) -> float | None:
    if option not in robust.options:
        return None
    return robust.final_gates.scenario("stated").option(option).first
