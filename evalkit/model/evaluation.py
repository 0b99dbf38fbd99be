"""One buying decision: which questionnaire, profile, day and options."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from evalkit.model.values import Day, Id, QuestionId, QuestionnaireRef, Text, Value, Word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.answers import Deployment, ProductAnswers
    from evalkit.model.controls import ConditionCatalogue, ControlFile
    from evalkit.model.frozen import Freeze
    from evalkit.model.profile import Profile
    from evalkit.model.questionnaire import Questionnaire
    from evalkit.model.stakeholder import StakeholderWeights

OptionId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*$")]
"""Product and deployment, for example ``claude-code/bedrock``."""


class Waiver(Value):
    """A mitigable gate that somebody set aside for one option until a day."""

    option: OptionId
    gate: QuestionId
    by: Text
    reason: Text
    until: Day


class Evaluation(Value):
    """The file ``evaluation.yaml``."""

    format: Literal["evalkit/evaluation/1"]
    id: Id
    title: Text
    questionnaire: QuestionnaireRef
    profile: Id
    as_of: Day
    data_classes: tuple[Word, ...] | None = None
    operating_systems: tuple[Word, ...] | None = None
    options: Literal["all"] | tuple[OptionId, ...] = "all"
    deadline: Day | None = None
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One alternative: a product in one deployment."""

    answers: ProductAnswers
    deployment: Deployment

    @property
    def id(self) -> str:
        """Product and deployment id, for example ``claude-code/bedrock``."""
        return f"{self.answers.product.id}/{self.deployment.id}"


@dataclass(frozen=True)
class EvaluationInputs:
    """Everything that scores depend on; scoring reads nothing else.

    Attributes
    ----------
    answers
        Consensus by product. Where only assessors answered, it answers nothing; it lists every source that
        they cite.
    assessors
        Each assessor's answers by product and assessor; they count where the consensus has no answer.
    stakeholders
        How each stakeholder weighs the domains, by stakeholder.
    hashes
        SHA-256 of every file read, by its path relative to the project or data folder.
    freeze
        What is known of the freezing of the instrument; None where it was not frozen.
    conditions
        The closed lists that controls use; None where there are none. No score depends on them.
    """

    evaluation: Evaluation
    questionnaire: Questionnaire
    profile: Profile
    answers: Mapping[str, ProductAnswers]
    controls: Mapping[str, ControlFile] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    assessors: Mapping[str, Mapping[str, ProductAnswers]] = field(default_factory=dict)
    stakeholders: Mapping[str, StakeholderWeights] = field(default_factory=dict)
    freeze: Freeze | None = None
    conditions: ConditionCatalogue | None = None

    def options(self) -> tuple[Option, ...]:
        """Return the options compared, in the order of the evaluation.

        ``all`` means every deployment of every product, products by id, deployments as in their file.
        """
        every = {
            option.id: option
            for product in sorted(self.answers)
            for deployment in self.answers[product].deployments
            for option in (Option(self.answers[product], deployment),)
        }
        if self.evaluation.options == "all":
            return tuple(every.values())
        return tuple(every[option] for option in self.evaluation.options)
