"""The answers file of the product that a form is about, with the evaluation around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.instrument import load_questionnaire
from evalkit.files.reading import read_document
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.files.saving.answers_file import AnswersFile
from evalkit.files.saving.findings import Judge
from evalkit.files.translate import validate
from evalkit.files.workspace import Workspace
from evalkit.model.evaluation import Evaluation

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.model.answers import Deployment, ProductAnswers
    from evalkit.model.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class Place:
    """One evaluation, its questionnaire, and where answers about its products lie."""

    evaluation: Evaluation
    questionnaire: Questionnaire
    workspace: Workspace

    @classmethod
    def of(cls, folder: Path) -> Place:
        """Return the place of an evaluation's folder.

        Raises
        ------
        InvalidInputError
            If ``evaluation.yaml`` or the questionnaire cannot be used.
        """
        workspace = Workspace.of(folder)
        name = workspace.name(workspace.evaluation_file)
        evaluation = validate(read_document(workspace.evaluation_file, name), Evaluation)
        if not isinstance(evaluation, Evaluation):
            raise InvalidInputError(evaluation)
        kind = evaluation.questionnaire.partition("@")[0]
        return cls(evaluation, load_questionnaire(workspace.questionnaire_folder(kind)), workspace)

    def file(self, product: str) -> AnswersFile:
        """Return the answers file of a product.

        Raises
        ------
        EvalkitError
            If the evaluation has no such product, or only assessors answered about it.
        """
        products = {file.product for file in self.workspace.answers}
        if product not in products:
            hint = did_you_mean(product, products)
            told = f"product {product!r} is not known; {allowed(sorted(products), 'products')}"
            raise EvalkitError(f"{told}{f'; {hint}' if hint else ''}")
        path = self.workspace.evaluation / "answers" / f"{product}.yaml"
        if all(file.path != path for file in self.workspace.answers):
            raise EvalkitError(
                f"{product} has answers of assessors only; what a vendor says is filed in"
                f" answers/{product}.yaml, which has to be there"
            )
        return AnswersFile(path, self.workspace.name(path), self.questionnaire, self.evaluation.as_of)

    def judge(self, file: AnswersFile) -> Judge:
        """Return what knows the rules for an answers file."""
        return Judge(file.path, file.name, self.questionnaire, self.evaluation.as_of)

    def compared(self, answers: ProductAnswers) -> tuple[Deployment, ...]:
        """Return the deployments of a product that the evaluation compares."""
        if self.evaluation.options == "all":
            return answers.deployments
        prefix = f"{answers.product.id}/"
        wanted = {name.removeprefix(prefix) for name in self.evaluation.options if name.startswith(prefix)}
        return tuple(each for each in answers.deployments if each.id in wanted)
