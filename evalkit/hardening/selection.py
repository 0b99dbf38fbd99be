"""Which controls are written for an option: those of its verdict, of all conditions, or those named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.hardening.guards import CARRIERS
from evalkit.hardening.placeholders import names_in
from evalkit.scoring.enforcement import covers
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from evalkit.model.controls import ConditionCatalogue, Control, ControlFile, Target
    from evalkit.model.evaluation import Option
    from evalkit.model.scorecard import Finding

VERDICT: Final = "verdict"
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Case:
    """What a selection is made for: one option on some operating systems, and what has a value."""

    file: ControlFile
    catalogue: ConditionCatalogue
    option: Option
    finding: Finding
    systems: tuple[str, ...]
    values: Mapping[str, object]

    def holds(self, control: Control, system: str) -> bool:
        """Whether a control was documented to act for the option on a system."""
        return covers(control.deployments, self.option, (system,))

    def targets(self, control: Control, system: str) -> tuple[Target, ...]:
        """Return what a control writes on a system."""
        if not self.holds(control, system):
            return ()
        return tuple(it for it in control.targets if covers(it.when, self.option, (system,)))

    def reached(self, control: Control) -> tuple[str, ...]:
        """Return the systems on which a control writes something."""
        return tuple(system for system in self.systems if self.targets(control, system))

    def missing(self, control: Control) -> tuple[str, ...]:
        """Return the parameters without a value that a control needs on some system."""
        needed = (
            name
            for system in self.systems
            for target in self.targets(control, system)
            for name in needed_by(target)
        )
        return tuple(name for name in dict.fromkeys(needed) if name not in self.values)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A control that is written, and for whose sake."""

    control: Control
    because: tuple[str, ...]
    systems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A control that is not written, and why.

    Attributes
    ----------
    missing : tuple of str
        Parameters without a value, where that is the reason: the control is open.
    """

    control: str
    reason: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """What is written, what is not, and what was asked for.

    Attributes
    ----------
    asked : tuple of str
        Conditions asked for by name, or all.
    conditions : tuple of str
        These, or where there are none those of the controls written.
    remedies : tuple of str
        Questions whose remedy the verdict asks for.
    """

    chosen: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    asked: tuple[str, ...]
    conditions: tuple[str, ...]
    remedies: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[LeftOut, ...]:
        """Controls that only lack a value."""
        return tuple(it for it in self.left_out if it.missing)

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the controls that are written."""
        return frozenset(it.control.id for it in self.chosen)


@dataclass(slots=True)
class _Wanted:
    """Controls asked for, in order, with reasons; and those that only a name would bring."""

    reasons: dict[str, list[str]] = field(default_factory=dict)
    unnamed: dict[str, str] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=list)
    remedies: list[str] = field(default_factory=list)

    def add(self, control: str, because: str) -> None:
        self.unnamed.pop(control, None)
        reasons = self.reasons.setdefault(control, [])
        if because not in reasons:
            reasons.append(because)


def needed_by(target: Target) -> tuple[str, ...]:
    """Return the parameters that a target names."""
    parts = (target.key, target.value, target.name, target.flag, target.command, target.instruction)
    return names_in([part for part in parts if part is not None])


def select(case: Case, wanted: Sequence[str]) -> Selection:
    """Return the controls for what is wanted, each of ``verdict``, ``all``, a condition or a control.

    Of two that conflict the one wanted first is written, unless it is open.

    Raises
    ------
    EvalkitError
        If something wanted is none of these; close ones are not guessed, all are listed.
    """
    known = {control.id: control for control in case.file.controls}
    asked = _asked(case, wanted, known)
    _add_companions(case, asked, known)
    _add_carriers(case, asked, known)
    chosen: list[Chosen] = []
    left: list[LeftOut] = []
    for name, because in asked.reasons.items():
        made = _decided(case, known[name], tuple(because), chosen)
        if isinstance(made, Chosen):
            chosen.append(made)
        else:
            left.append(made)
    left += [LeftOut(name, reason) for name, reason in asked.unnamed.items()]
    by_name = tuple(dict.fromkeys(asked.conditions))
    theirs = dict.fromkeys(name for it in chosen for name in it.control.conditions)
    return Selection(
        tuple(chosen), tuple(left), by_name, by_name or tuple(theirs), tuple(dict.fromkeys(asked.remedies))
    )


def _asked(case: Case, wanted: Sequence[str], known: Mapping[str, Control]) -> _Wanted:
    asked = _Wanted()
    conditions = case.catalogue.conditions
    for name in wanted:
        if name == VERDICT:
            _add_verdict(case, asked, known)
        elif name == ALL:
            for condition in conditions:
                _add_condition(case, asked, condition)
        elif name in conditions:
            _add_condition(case, asked, name)
        elif name in known:
            asked.add(name, "named")
        else:
            raise EvalkitError(
                f"--for {plain(name)}: is neither {VERDICT} nor {ALL}, nor a condition, nor a control of"
                f" {case.file.name}; conditions: {', '.join(conditions)}; controls: {', '.join(known)}"
            )
    return asked


def _add_verdict(case: Case, asked: _Wanted, known: Mapping[str, Control]) -> None:
    for step in case.finding.conditions:
        for condition in step.conditions:
            if condition.kind == "remedy":
                asked.remedies.append(condition.question)
            elif condition.id in known:
                asked.add(condition.id, f"verdict, {condition.question}")


def _add_condition(case: Case, asked: _Wanted, condition: str) -> None:
    asked.conditions.append(condition)
    for control in case.file.controls:
        if condition not in control.conditions:
            continue
        if control.generate == "default":
            asked.add(control.id, condition)
        elif control.id not in asked.reasons:
            note = control.generate_note or "no reason stated"
            never = control.generate == "never"
            reason = f"never written: {note}" if never else f"only with --for {control.id}: {note}"
            asked.unnamed.setdefault(control.id, reason)


def _add_companions(case: Case, asked: _Wanted, known: Mapping[str, Control]) -> None:
    """Add what a control needs beside it to show its level of a question of a condition asked for."""
    questions = {
        question for name in asked.conditions for question in case.catalogue.conditions[name].questions
    }
    queue = list(asked.reasons)
    for name in queue:
        for question, mapping in known[name].questions.items():
            if question not in questions or not case.reached(known[name]):
                continue
            for companion in mapping.with_:
                if companion in asked.reasons or companion not in known:
                    continue
                if known[companion].generate == "default":
                    asked.add(companion, f"beside {name}, for {question}")
                    queue.append(companion)
                else:
                    asked.unnamed.setdefault(
                        companion, f"only with --for {companion}; {name} needs it for {question}"
                    )


def _add_carriers(case: Case, asked: _Wanted, known: Mapping[str, Control]) -> None:
    for name in list(asked.reasons):
        for target in known[name].targets:
            carrier = CARRIERS.get((case.file.product, target.file or ""))
            if carrier is not None and carrier in known and case.reached(known[name]):
                asked.add(carrier, f"users escape {target.file} without it")


def _decided(
    case: Case, control: Control, because: tuple[str, ...], chosen: Sequence[Chosen]
) -> Chosen | LeftOut:
    if control.generate == "never":
        return LeftOut(control.id, f"never written: {control.generate_note or 'no reason stated'}")
    systems = case.reached(control)
    if not systems:
        return LeftOut(control.id, f"not documented for {_deployment(case)}")
    rival = next((it.control.id for it in chosen if _conflict(it.control, control)), None)
    if rival is not None:
        return LeftOut(control.id, f"conflicts with {rival}, which was asked for first")
    if missing := case.missing(control):
        return LeftOut(control.id, f"open: {', '.join(missing)} has no value", missing)
    return Chosen(control, because, systems)


def _conflict(one: Control, other: Control) -> bool:
    return one.id in other.conflicts_with or other.id in one.conflicts_with


def _deployment(case: Case) -> str:
    it = case.option.deployment
    words = (it.surface, it.route, it.plan, "/".join(case.systems))
    return ", ".join(words).replace("_", " ")


def level_holds(case: Case, written: Collection[str], control: Control) -> Iterator[tuple[str, int]]:
    """Yield the questions of which a written control shows a level, and the level.

    A mapping counts if all its companions are written and its ``when`` covers the option on every system.
    """
    for question, mapping in control.questions.items():
        if set(mapping.with_) <= set(written) and covers(mapping.when, case.option, case.systems):
            yield question, mapping.to
