"""What a board is told of what changed since it last met: from an earlier revision, or from its decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evalkit.model.change import CAUSES
from evalkit.model.decision import Standing
from evalkit.scoring.change import change
from evalkit.views.board.clipping import clipped, option_name
from evalkit.views.export import ranked
from evalkit.views.verification import verified

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from evalkit.model.change import Cause, Change
    from evalkit.model.decision import BoardVerdict, DecisionRecord
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import GateOutcome, Scorecard, Verdict

Counted = Literal["answers", "evidence", "expired", "questions", "profile", "products", "controls", "files"]
"""What is counted of what changed; the last is all that a decision tells."""


@dataclass(frozen=True, slots=True)
class SinceOption:
    """One option that stands otherwise than it did.

    Attributes
    ----------
    verdict_before, verdict_after : Verdict or None
        None where it was, or is, not compared.
    assured_before, assured_after : float or None
        In 0..1; None without a score.
    gates : tuple of (str, GateOutcome or None, GateOutcome or None)
        Title of each gate that is otherwise, then and now; None where the profile has no such gate.
    causes : tuple of (Cause, float)
        What each cause adds to the assured score, most first; empty where it is not known.
    decided : BoardVerdict or None
        What the board decided; None where that is not known.
    """

    option: str
    name: str
    verdict_before: Verdict | None
    verdict_after: Verdict | None
    assured_before: float | None
    assured_after: float | None
    gates: tuple[tuple[str, GateOutcome | None, GateOutcome | None], ...]
    causes: tuple[tuple[Cause, float], ...] = ()
    decided: BoardVerdict | None = None

    @property
    def is_turned(self) -> bool:
        """Whether its verdict is another."""
        return self.verdict_before != self.verdict_after


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the last board.

    Attributes
    ----------
    name : str
        Of the revision; empty for a decision.
    day : date
        Of the commit, or of the latest decision.
    as_of_before, as_of_after : date
        The days of the figures.
    options : tuple of SinceOption
        Those that stand otherwise: turned verdicts first, then as the later ranking has them.
    unchanged : int
        Options that stand as they did.
    counts : tuple of (Counted, int)
        Without zeros.
    """

    kind: Literal["revision", "decision"]
    name: str
    day: date
    as_of_before: date
    as_of_after: date
    options: tuple[SinceOption, ...]
    unchanged: int
    counts: tuple[tuple[Counted, int], ...]


def since_revision(  # noqa: PLR0913 - two states, each with its scorecards, and what the first is called
    before: EvaluationInputs,
    cards_before: Sequence[Scorecard],
    inputs: EvaluationInputs,
    cards: Sequence[Scorecard],
    *,
    name: str,
    day: date,
    in_words: EvaluationInputs | None = None,
) -> Since:
    """Return what changed since a revision.

    Parameters
    ----------
    name, day
        Of the revision.
    in_words
        Today's inputs in the language that is spoken, for names and titles; as they are by default.

    Raises
    ------
    EvalkitError
        If the revision is answered on another questionnaire.
    """
    found = change(before, inputs, cards_before, cards)
    titled = in_words or inputs
    options = []
    for it in found.options:
        old = None if it.before is None else Standing.of(it.before)
        new = None if it.after is None else Standing.of(it.after)
        sums = {cause: sum(part.amount for part in it.parts if part.cause == cause) for cause in CAUSES}
        causes = sorted((pair for pair in sums.items() if pair[1]), key=lambda pair: -abs(pair[1]))
        known = before if it.after is None else titled
        called = option_name(known, it.option)
        options.append(_option(it.option, called, old, new, titled, before, tuple(causes)))
    return Since(
        kind="revision",
        name=clipped(name),
        day=day,
        as_of_before=before.evaluation.as_of,
        as_of_after=inputs.evaluation.as_of,
        options=_ordered([it for it in options if _differs(it)], cards),
        unchanged=sum(not _differs(it) for it in options),
        counts=tuple(_counts(found)),
    )


def since_decision(
    record: DecisionRecord,
    inputs: EvaluationInputs,
    cards: Sequence[Scorecard],
    *,
    evalkit: str,
    in_words: EvaluationInputs | None = None,
) -> Since:
    """Return what changed since the decisions that hold, from what they recorded.

    Parameters
    ----------
    evalkit
        The version that says so.
    in_words
        As for :func:`since_revision`.
    """
    today = {card.option: Standing.of(card) for card in cards}
    titled = in_words or inputs
    options = []
    for decision in record.decisions:
        new = today.get(decision.option)
        name = option_name(titled, decision.option) if new else clipped(decision.name or decision.option)
        options.append(
            _option(decision.option, name, decision.evalkit, new, titled, titled, decided=decision.verdict)
        )
    day = max(decision.on for decision in record.decisions)
    basis = record.bases[max(record.decisions, key=lambda it: it.on).basis]
    checked = verified(record, inputs, cards, on=day, evalkit=evalkit)
    files = {each.file for check in checked.bases for each in check.files}
    return Since(
        kind="decision",
        name="",
        day=day,
        as_of_before=basis.as_of,
        as_of_after=inputs.evaluation.as_of,
        options=_ordered([it for it in options if _differs(it)], cards),
        unchanged=sum(not _differs(it) for it in options),
        counts=(("files", len(files)),) if files else (),
    )


def _option(  # noqa: PLR0913, PLR0917 - what is known of an option then and now
    option: str,
    name: str,
    old: Standing | None,
    new: Standing | None,
    inputs: EvaluationInputs,
    before: EvaluationInputs,
    causes: tuple[tuple[Cause, float], ...] = (),
    decided: BoardVerdict | None = None,
) -> SinceOption:
    was: Mapping[str, GateOutcome] = old.gates if old else {}
    now: Mapping[str, GateOutcome] = new.gates if new else {}
    both = old is not None and new is not None and old.assured is not None and new.assured is not None
    gates = tuple(
        (_title(gate, inputs, before), was.get(gate), now.get(gate))
        for gate in dict.fromkeys((*now, *was))
        if both and was.get(gate) != now.get(gate)
    )
    return SinceOption(
        option=option,
        name=name,
        verdict_before=old.verdict if old else None,
        verdict_after=new.verdict if new else None,
        assured_before=old.assured if old else None,
        assured_after=new.assured if new else None,
        gates=gates,
        causes=causes,
        decided=decided,
    )


def _title(gate: str, inputs: EvaluationInputs, before: EvaluationInputs) -> str:
    question = inputs.questionnaire.by_id.get(gate) or before.questionnaire.by_id.get(gate)
    return gate if question is None else clipped(question.title)


def _differs(it: SinceOption) -> bool:
    return it.is_turned or it.assured_before != it.assured_after or bool(it.gates)


def _ordered(options: Sequence[SinceOption], cards: Sequence[Scorecard]) -> tuple[SinceOption, ...]:
    place = {card.option: place for place, card in enumerate(ranked(cards))}
    return tuple(
        sorted(options, key=lambda it: (not it.is_turned, place.get(it.option, len(place)), it.option))
    )


def _counts(found: Change) -> Iterator[tuple[Counted, int]]:
    answers = {(it.product, it.question) for it in found.statements if it.is_answer}
    evidence = {(it.product, it.question) for it in found.statements if it.evidence} - answers
    expired = {
        (it.product, it.question)
        for it in found.readings
        if not it.is_stated and it.after.stale and not it.before.stale
    }
    amounts: dict[Counted, int] = {
        "answers": len(answers),
        "evidence": len(evidence),
        "expired": len(expired),
        "questions": sum(it.kind == "question" for it in found.things),
        "profile": sum(len(it.fields) for it in found.things if it.kind == "profile"),
        "products": sum(it.kind == "product" for it in found.things),
        "controls": sum(it.kind == "control" for it in found.things),
    }
    yield from ((kind, amount) for kind, amount in amounts.items() if amount)
