"""What a board decided, on what, and what evalkit said at that time."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Final, Literal, get_args

from pydantic import Field

from evalkit.model.evaluation import OptionId
from evalkit.model.scorecard import GateOutcome, Verdict
from evalkit.model.values import Day, Id, QuestionId, QuestionnaireRef, Share, Text, Value

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

BoardVerdict = Literal["approve", "approve-with-conditions", "defer", "reject"]
"""What a board can decide about an option."""

BOARD_VERDICTS: Final[tuple[BoardVerdict, ...]] = get_args(BoardVerdict)

TAKES_CONDITIONS: Final = frozenset({"approve-with-conditions", "defer"})
"""Verdicts that leave somebody something to do."""

Hash = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
BasisId = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]

_PLACES: Final = 6


class Basis(Value):
    """What was decided on: versions, profile, day, and the hash of every input file by its name."""

    evalkit: Text
    questionnaire: QuestionnaireRef
    profile: Id
    as_of: Day
    inputs: dict[Text, Hash]

    @classmethod
    def of(cls, inputs: EvaluationInputs, evalkit: str) -> Basis:
        """Return what a decision on these inputs rests on."""
        return cls(
            evalkit=evalkit,
            questionnaire=inputs.questionnaire.ref,
            profile=inputs.profile.id,
            as_of=inputs.evaluation.as_of,
            inputs=dict(sorted(inputs.hashes.items())),
        )

    @property
    def digest(self) -> str:
        """The first 12 digits of the SHA-256 of all of it: a decision names its basis by them."""
        raw = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(raw.encode()).hexdigest()[:12]


class Standing(Value):
    """What evalkit said of an option: verdict, scores (shares in 0..1), gates, and what it asks for.

    Attributes
    ----------
    conditions : tuple of str
        Ids of the controls and remedies of its smallest sufficient set.
    missing_evidence : tuple of str
        Questions whose records it wants resolved.
    """

    verdict: Verdict
    assured: Share | None = None
    expected: Share | None = None
    potential: Share | None = None
    gates: dict[QuestionId, GateOutcome] = Field(default_factory=dict)
    conditions: tuple[Text, ...] = ()
    missing_evidence: tuple[QuestionId, ...] = ()

    @classmethod
    def of(cls, card: Scorecard) -> Standing:
        """Return what a scorecard says, scores rounded to 6 places."""
        span, finding = card.span, card.finding
        entries = (it.id for step in finding.conditions for it in step.conditions)
        return cls(
            verdict=finding.verdict,
            assured=None if span is None else round(span.assured, _PLACES),
            expected=None if span is None else round(span.expected, _PLACES),
            potential=None if span is None else round(span.potential, _PLACES),
            gates={gate.question: gate.result for gate in card.gates},
            conditions=tuple(dict.fromkeys(entries)),
            missing_evidence=tuple(step.question for step in finding.evidence),
        )


class DecidedCondition(Value):
    """Something that has to be done: one of evalkit's conditions by its id, or text, or both.

    Attributes
    ----------
    done : date or None
        The day on which it was shown to be done; it is no longer due then.
    """

    id: Text | None = None
    text: Text | None = None
    owner: Text
    due: Day
    done: Day | None = None


class DecidedWaiver(Value):
    """A mitigable gate that the board set aside until a day."""

    gate: QuestionId
    by: Text
    reason: Text
    until: Day


class Dissent(Value):
    """Who was of another opinion, and of which."""

    by: Text
    text: Text


class Decision(Value):
    """What the board decided about one option.

    Attributes
    ----------
    name : str or None
        Product and deployment as they were called.
    evalkit : Standing
        What evalkit said then.
    reason : str or None
        Why the verdict is another than evalkit's.
    basis : str
        Which of the bases it was decided on.
    """

    option: OptionId
    name: Text | None = None
    verdict: BoardVerdict
    by: Text
    on: Day
    reason: Text | None = None
    conditions: tuple[DecidedCondition, ...] = ()
    waivers: tuple[DecidedWaiver, ...] = ()
    dissent: tuple[Dissent, ...] = ()
    note: Text | None = None
    basis: BasisId
    evalkit: Standing

    @property
    def overrules(self) -> bool:
        """Whether the board decided otherwise than evalkit."""
        return self.verdict != self.evalkit.verdict


class SupersededDecision(Decision):
    """A decision that a later one replaced, and the day of that one."""

    superseded: Day


class DecisionRecord(Value):
    """The file ``decision.yaml``: one decision per option, older ones, and what each was decided on."""

    format: Literal["evalkit/decision/1"]
    evaluation: Id
    decisions: tuple[Decision, ...] = Field(min_length=1)
    superseded: tuple[SupersededDecision, ...] = ()
    bases: dict[BasisId, Basis]

    def of(self, option: str) -> Decision | None:
        """Return the decision that holds for an option; None where there is none."""
        return next((each for each in self.decisions if each.option == option), None)

    def with_decision(self, decision: Decision, basis: Basis) -> DecisionRecord:
        """Return the record with one decision more; an older one on the option becomes superseded.

        Decisions keep their places; a new option comes last. A basis that nobody names is left out.
        """
        old = self.of(decision.option)
        kept = tuple(decision if each is old else each for each in self.decisions)
        superseded = self.superseded
        if old is None:
            kept = (*kept, decision)
        else:
            replaced = {name: getattr(old, name) for name in Decision.model_fields}
            superseded = (*superseded, SupersededDecision(**replaced, superseded=decision.on))
        bases = self.bases | {basis.digest: basis}
        named = {each.basis for each in (*kept, *superseded)}
        changes = {
            "decisions": kept,
            "superseded": superseded,
            "bases": {name: each for name, each in bases.items() if name in named},
        }
        return self.model_copy(update=changes)
