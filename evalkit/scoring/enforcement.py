"""Which documented controls are available to one option, and what level each shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.scoring.worth import worth

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evalkit.model.controls import Control, ControlFile, Scope
    from evalkit.model.evaluation import Evaluation, Option
    from evalkit.model.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class Enforced:
    """One mapping of an available control: deployed and verified, a question stands at a level.

    Attributes
    ----------
    v : float
        Worth of the level, in 0..1.
    companions : tuple of str
        Ids of the controls that must be deployed with it.
    """

    control: str
    question: str
    level: int
    v: float
    companions: tuple[str, ...]


def systems_of(option: Option, evaluation: Evaluation) -> tuple[str, ...]:
    """Return the operating systems that a control must hold on: the evaluation's, else the product's."""
    if evaluation.operating_systems is not None:
        return evaluation.operating_systems
    return option.answers.product.operating_systems or ()


def covers(scope: Scope | None, option: Option, systems: Collection[str]) -> bool:
    """Whether a scope covers an option; a limit to systems must name all of them."""
    if scope is None:
        return True
    deployment = option.deployment
    one_of = (
        (scope.surfaces, deployment.surface),
        (scope.routes, deployment.route),
        (scope.plans, deployment.plan),
    )
    if any(allowed is not None and value not in allowed for allowed, value in one_of):
        return False
    limit = scope.operating_systems
    return limit is None or (bool(systems) and set(systems) <= set(limit))


def is_binding(control: Control, systems: Collection[str]) -> bool:
    """Whether an administrator can set a control that no user can undo, on every one of the systems."""
    if "admin" not in control.set_by or control.generate == "never":
        return False
    on = control.user_can_override_on
    if not systems:
        return control.user_can_override == "no"
    return all(on.get(system, control.user_can_override) == "no" for system in systems)


def available_controls(file: ControlFile, option: Option, systems: Collection[str]) -> Mapping[str, Control]:
    """Return the controls that an administrator can deploy for an option, by id, in the order of the file.

    Of two that conflict the first in the file counts.
    """
    chosen: dict[str, Control] = {}
    for control in file.controls:
        reachable = any(covers(target.when, option, systems) for target in control.targets)
        if not (is_binding(control, systems) and covers(control.deployments, option, systems) and reachable):
            continue
        conflicts = any(
            other.id in control.conflicts_with or control.id in other.conflicts_with
            for other in chosen.values()
        )
        if not conflicts:
            chosen[control.id] = control
    return chosen


def enforceable(
    file: ControlFile | None, option: Option, evaluation: Evaluation, questionnaire: Questionnaire
) -> tuple[Enforced, ...]:
    """Return every level that an available control shows for an option, with its companions available too."""
    if file is None:
        return ()
    systems = systems_of(option, evaluation)
    controls = available_controls(file, option, systems)
    return tuple(
        Enforced(
            control.id, question, mapping.to, worth(questionnaire.by_id[question], mapping.to), mapping.with_
        )
        for control in controls.values()
        for question, mapping in control.questions.items()
        if all(companion in controls for companion in mapping.with_) and covers(mapping.when, option, systems)
    )
