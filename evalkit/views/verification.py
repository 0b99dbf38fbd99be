"""What changed since a board decided: files, verdicts, gates, scores; and what is past its day."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from evalkit.model.decision import Standing
from evalkit.views.freezing import freezing_words
from evalkit.views.numbers import NOTHING, count
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from evalkit.model.decision import Basis, Decision, DecisionRecord
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

FileFate = Literal["changed", "added", "missing"]

_SCORES: Final = ("assured", "expected", "potential")
_LISTS: Final = {"conditions": "conditions", "missing_evidence": "missing evidence"}


@dataclass(frozen=True, slots=True)
class FileChange:
    """An input file that is not as it was; ``old`` and ``new`` are hashes, empty where it is not there."""

    file: str
    fate: FileFate
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not as it was, in words for a reader."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class BasisCheck:
    """What a basis says, against today.

    Attributes
    ----------
    options : tuple of str
        Decided on it.
    settings : tuple of Change
        Questionnaire, profile, day, and the version of evalkit, where they are others.
    """

    basis: Basis
    options: tuple[str, ...]
    files: tuple[FileChange, ...]
    settings: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class OptionCheck:
    """A decision, and what evalkit says otherwise of its option today."""

    decision: Decision
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class PastDay:
    """A condition that is due, or a waiver that has ended."""

    option: str
    kind: Literal["condition", "waiver"]
    what: str
    who: str
    day: date


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether what was decided on is still what is there.

    Attributes
    ----------
    on : date
        The day on which conditions and waivers are looked at.
    instrument : str
        Whether the instrument was frozen, in words.
    instrument_changed : tuple of str
        Its files that are not as they were frozen.
    was_frozen_first : bool or None
        Whether it was before the first answer; None where it was not frozen.
    first_answer : str
        Moment of the first answer in the journals; empty where they have none.
    """

    evaluation: str
    on: date
    bases: tuple[BasisCheck, ...]
    options: tuple[OptionCheck, ...]
    past: tuple[PastDay, ...]
    instrument: str
    instrument_changed: tuple[str, ...]
    was_frozen_first: bool | None
    first_answer: str

    @property
    def holds(self) -> bool:
        """Whether nothing changed and nothing is past its day."""
        files = any(check.files for check in self.bases)
        figures = any(check.changes for check in self.options)
        return not (files or figures or self.past or self.instrument_changed)


def verified(  # noqa: PLR0913 - all but three are keywords
    record: DecisionRecord,
    inputs: EvaluationInputs,
    cards: Sequence[Scorecard],
    *,
    on: date,
    evalkit: str,
    first_answer: str = "",
) -> Verification:
    """Return what changed since the decisions that hold.

    Parameters
    ----------
    cards
        Today's, of all options.
    on
        The day on which conditions have to be met and waivers to last.
    evalkit
        The version that says so.
    first_answer
        Moment of the first answer in the journals.
    """
    today = {card.option: Standing.of(card) for card in cards}
    freeze = inputs.freeze
    return Verification(
        evaluation=inputs.evaluation.id,
        on=on,
        bases=tuple(_basis_check(record, name, inputs, evalkit) for name in _used(record)),
        options=tuple(
            OptionCheck(it, tuple(_changes(it.evalkit, today.get(it.option)))) for it in record.decisions
        ),
        past=tuple(_past(record, on)),
        instrument=freezing_words(freeze),
        instrument_changed=freeze.changed if freeze else (),
        was_frozen_first=freeze.came_first if freeze else None,
        first_answer=first_answer,
    )


def _used(record: DecisionRecord) -> list[str]:
    return list(dict.fromkeys(decision.basis for decision in record.decisions))


def _basis_check(record: DecisionRecord, name: str, inputs: EvaluationInputs, evalkit: str) -> BasisCheck:
    basis = record.bases[name]
    settings = (
        ("evalkit", basis.evalkit, evalkit),
        ("questionnaire", basis.questionnaire, inputs.questionnaire.ref),
        ("profile", basis.profile, inputs.profile.id),
        ("as of", basis.as_of.isoformat(), inputs.evaluation.as_of.isoformat()),
    )
    return BasisCheck(
        basis=basis,
        options=tuple(decision.option for decision in record.decisions if decision.basis == name),
        files=tuple(_files(basis, inputs)),
        settings=tuple(Change(what, old, new) for what, old, new in settings if old != new),
    )


def _files(basis: Basis, inputs: EvaluationInputs) -> Iterator[FileChange]:
    for name in sorted(basis.inputs.keys() | inputs.hashes.keys()):
        old, new = basis.inputs.get(name, ""), inputs.hashes.get(name, "")
        if old != new:
            fate: FileFate = "changed" if old and new else "missing" if old else "added"
            yield FileChange(name, fate, old, new)


def _changes(then: Standing, now: Standing | None) -> Iterator[Change]:
    if now is None:
        yield Change("option", "compared", "no longer compared")
        return
    if then.verdict != now.verdict:
        yield Change("verdict", wording.VERDICT[then.verdict], wording.VERDICT[now.verdict])
    for question in dict.fromkeys((*then.gates, *now.gates)):
        old, new = then.gates.get(question), now.gates.get(question)
        if old != new:
            yield Change(f"gate {question}", _gate(old), _gate(new))
    for name in _SCORES:
        old_score, new_score = getattr(then, name), getattr(now, name)
        if old_score != new_score:
            yield Change(name, *_apart(old_score, new_score))
    for name, words in _LISTS.items():
        old_list, new_list = getattr(then, name), getattr(now, name)
        if old_list != new_list:
            yield Change(words, ", ".join(old_list) or "none", ", ".join(new_list) or "none")


def _gate(result: str | None) -> str:
    return "no gate" if result is None else wording.GATE[result]


def _apart(old: float | None, new: float | None) -> tuple[str, str]:
    """Return two scores of 100 with as many decimals as it takes to tell them apart."""
    told = ("", "")
    for decimals in (0, 1, 2, 4):
        first, second = (NOTHING if it is None else f"{100 * it:.{decimals}f}" for it in (old, new))
        told = (first, second)
        if first != second:
            break
    return told


def _past(record: DecisionRecord, on: date) -> Iterator[PastDay]:
    for decision in record.decisions:
        for condition in decision.conditions:
            if condition.done is None and condition.due < on:
                words = " ".join(filter(None, (condition.id, condition.text)))
                yield PastDay(decision.option, "condition", words, condition.owner, condition.due)
        for waiver in decision.waivers:
            if waiver.until < on:
                yield PastDay(decision.option, "waiver", waiver.gate, waiver.by, waiver.until)


def verification_document(found: Verification) -> dict[str, Any]:
    """Return a verification as data, format ``evalkit/verification/1``."""
    return {
        "format": "evalkit/verification/1",
        "evaluation": found.evaluation,
        "on": found.on.isoformat(),
        "holds": found.holds,
        "bases": [
            {
                "options": list(check.options),
                "files": [asdict(each) for each in check.files],
                "settings": [asdict(each) for each in check.settings],
            }
            for check in found.bases
        ],
        "options": [
            {
                "option": check.decision.option,
                "verdict": check.decision.verdict,
                "decided": check.decision.on.isoformat(),
                "changes": [asdict(each) for each in check.changes],
            }
            for check in found.options
        ],
        "past": [asdict(each) | {"day": each.day.isoformat()} for each in found.past],
        "instrument": {
            "text": found.instrument,
            "changed": list(found.instrument_changed),
            "frozen_before_first_answer": found.was_frozen_first,
            "first_answer": found.first_answer or None,
        },
    }


def verification_lines(found: Verification) -> list[str]:
    """Return a verification as lines of text, the answer first."""
    return [
        _answer(found),
        *(line for check in found.bases for line in _basis_lines(check)),
        *(line for check in found.options for line in _option_lines(check)),
        *(_past_line(each, found.on) for each in found.past),
        found.instrument,
        *(f"  changed: {name}" for name in found.instrument_changed),
        *([f"First answer in the journals: {found.first_answer}"] if found.first_answer else []),
    ]


def _answer(found: Verification) -> str:
    decided = count(len(found.options), "option")
    if found.holds:
        return (
            f"{found.evaluation}: as decided; inputs and figures of {decided} are unchanged, no day is past"
        )
    files = len({each.file for check in found.bases for each in check.files})
    figures = sum(bool(check.changes) for check in found.options)
    return (
        f"{found.evaluation}: not as decided: {count(files, 'file')} changed,"
        f" {figures} of {decided} {'stands' if figures == 1 else 'stand'} otherwise,"
        f" {count(len(found.past), 'day')} past"
    )


def _basis_lines(check: BasisCheck) -> Iterator[str]:
    if not (check.files or check.settings):
        return
    yield f"Since the decision on {wording.listed(check.options)}:"
    for each in check.files:
        yield f"  {each.fate}: {each.file}"
    for change in check.settings:
        yield f"  {change.what}: {change.old} → {change.new}"


def _option_lines(check: OptionCheck) -> Iterator[str]:
    decision = check.decision
    verdict = wording.VERDICT[decision.verdict]
    yield f"{decision.option}: {verdict}, decided on {decision.on} by {decision.by}"
    for change in check.changes:
        yield f"  {change.what}: {change.old} → {change.new}"


def _past_line(each: PastDay, on: date) -> str:
    if each.kind == "waiver":
        return f"Past: {each.option}: the waiver of {each.what} by {each.who} ended on {each.day} ({on})"
    return f"Past: {each.option}: {each.what} was due on {each.day}, owner {each.who} ({on})"
