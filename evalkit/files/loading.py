"""Folder -> everything that scores depend on, or every problem of every file."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError, InvalidInputError, Problem
from evalkit.files import rules
from evalkit.files.assessors import assessors_problems, combined, read_stakeholder_weights
from evalkit.files.decisions import read_record
from evalkit.files.freezing import read_freeze
from evalkit.files.instrument import Reader, load_questionnaire, read_questionnaire
from evalkit.files.migrations import read_migrations
from evalkit.files.observed import read_observed
from evalkit.files.wordings import check_translations
from evalkit.files.workspace import QUESTIONNAIRE, ProductFile, Workspace
from evalkit.model.answers import ProductAnswers
from evalkit.model.controls import ConditionCatalogue, ControlFile
from evalkit.model.evaluation import Evaluation, EvaluationInputs
from evalkit.model.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evalkit.files.document import Document
    from evalkit.model.questionnaire import Questionnaire

__all__ = ["check", "load_inputs", "load_questionnaire"]

_REFERENCE: Final = re.compile(r"([a-z0-9][a-z0-9-]*)@.*")


def load_inputs(
    evaluation_dir: Path | str,
    *,
    profile: str | None = None,
    as_of: date | None = None,
    products: Collection[str] | None = None,
    settled: bool = True,
) -> EvaluationInputs:
    """Return everything that the scores of an evaluation depend on.

    Parameters
    ----------
    evaluation_dir
        Folder that holds ``evaluation.yaml``; see :func:`evalkit.files.workspace.find_evaluation`.
    profile
        Id of a profile to use in place of the evaluation's.
    as_of
        Day to use in place of the evaluation's.
    products
        Read the answers and controls of these products only; the evaluation's list of options shrinks to
        them. All by default.
    settled
        Whether assessors must have settled whether an answer was refused (rule A040), as scores need it; not
        to compare assessors, and to settle it.

    Raises
    ------
    InvalidInputError
        With every problem of every file that was read.
    EvalkitError
        If there is no such profile or product.
    """
    loader = _Loader(Workspace.of(Path(evaluation_dir)), profile, as_of, products)
    inputs = loader.load(settled=settled)
    if loader.problems or inputs is None:
        raise InvalidInputError(loader.problems)
    return inputs


def check(
    evaluation_dir: Path,
    *,
    profile: str | None = None,
    as_of: date | None = None,
    products: Collection[str] | None = None,
) -> tuple[Problem, ...]:
    """Return every problem of the files of an evaluation, sorted; empty if all is well.

    What breaks a rule that is advice (``RULES[code].is_advice``) is among them and stops no other command.
    Parameters are those of :func:`load_inputs`. The questionnaire's other profiles are checked too.

    Raises
    ------
    EvalkitError
        If there is no such profile or product.
    """
    loader = _Loader(Workspace.of(evaluation_dir), profile, as_of, products)
    inputs = loader.load(every_profile=True)
    read_record(loader, loader.workspace, inputs)
    read_observed(loader, loader.workspace, inputs, products)
    if inputs is not None and products is None:
        check_translations(loader, loader.workspace, inputs)
    return tuple(sorted({*loader.problems, *loader.advice}))


class _Loader(Reader):
    """Reads one evaluation; every step goes as far as what came before allows."""

    def __init__(
        self,
        workspace: Workspace,
        profile: str | None,
        as_of: date | None,
        products: Collection[str] | None,
    ) -> None:
        super().__init__(workspace.name)
        self.workspace = workspace
        self.profile_id = profile
        self.as_of = as_of
        self.products = None if products is None else frozenset(products)
        self._check_products()

    def load(self, *, every_profile: bool = False, settled: bool = True) -> EvaluationInputs | None:
        self.problems.extend(self.workspace.misplaced())
        document = None
        if not any(self.workspace.leading_out(self.workspace.evaluation_file)):
            document = self.document(self.workspace.evaluation_file)
        evaluation = self.value(document, Evaluation)
        folder = self._questionnaire_folder(document)
        questionnaire = read_questionnaire(self, folder) if folder else None
        profile = self._profile(document, folder, questionnaire)
        if every_profile and folder:
            own = dict(self.hashes)
            self._check_profiles(folder, questionnaire)
            if questionnaire:
                read_migrations(self, folder, questionnaire)
            self.hashes = own  # nothing depends on the other profiles
        answers, assessors = self._answers(document, questionnaire)
        if not settled:
            self.problems = [problem for problem in self.problems if problem.code != "A040"]
        controls, conditions = self._controls(questionnaire)
        stakeholders = read_stakeholder_weights(self, self.workspace, questionnaire)
        freeze = read_freeze(self, self.workspace)
        if document is None or evaluation is None or questionnaire is None:
            return None
        known = self._deployments(answers, evaluation)
        own_profile = None if self.profile_id else profile
        if known is not None:
            self.problems.extend(
                rules.evaluation_problems(evaluation, document, questionnaire, own_profile, known)
            )
        if profile is None or self.problems:
            return None
        return EvaluationInputs(
            evaluation=self._changed(evaluation),
            questionnaire=questionnaire,
            profile=profile,
            answers=answers,
            controls=controls,
            hashes=dict(sorted(self.hashes.items())),
            assessors=assessors,
            stakeholders=stakeholders,
            freeze=freeze,
            conditions=conditions,
        )

    def _check_products(self) -> None:
        known = {file.product for file in self.workspace.answers}
        missing = sorted((self.products or frozenset()) - known)
        if missing:
            there = ", ".join(sorted(known)) or "none"
            raise EvalkitError(f"there are no answers about {', '.join(missing)}; there are: {there}")

    def _questionnaire_folder(self, document: Document | None) -> Path | None:
        reference = _REFERENCE.fullmatch(_stated(document, "questionnaire"))
        if document is None or reference is None:
            return None  # the schema reported it
        folder = self.workspace.questionnaire_folder(reference[1])
        if (folder / QUESTIONNAIRE).exists():
            return folder
        there = ", ".join(_names(self.workspace.questionnaires, f"*/{QUESTIONNAIRE}")) or "none"
        message = f"questionnaire: there is no {reference[1]}; there are: {there}"
        self.problems.append(document.problem("Y019", ("questionnaire",), message))
        return None

    def _profile(
        self, document: Document | None, folder: Path | None, questionnaire: Questionnaire | None
    ) -> Profile | None:
        profile_id = self.profile_id or _stated(document, "profile")
        if folder is None or document is None or not profile_id:
            return None
        there = {path.stem: path for path in sorted((folder / "profiles").glob("*.yaml"))}
        if profile_id in there:
            return self._read_profile(there[profile_id], questionnaire)
        message = f"profile: there is no {profile_id}; there are: {', '.join(there) or 'none'}"
        if self.profile_id:
            raise EvalkitError(message)
        self.problems.append(document.problem("Y020", ("profile",), message))
        return None

    def _read_profile(self, path: Path, questionnaire: Questionnaire | None) -> Profile | None:
        read = self.read(path, Profile)
        if read is None:
            return None
        document, profile = read
        if questionnaire:
            self.problems.extend(rules.profile_problems(profile, document, questionnaire))
        return profile

    def _check_profiles(self, folder: Path, questionnaire: Questionnaire | None) -> None:
        for path in sorted((folder / "profiles").glob("*.yaml")):
            if self.name(path) not in self.hashes:
                self._read_profile(path, questionnaire)

    def _wanted(self, files: tuple[ProductFile, ...]) -> list[ProductFile]:
        return [file for file in files if self.products is None or file.product in self.products]

    def _answers(
        self, document: Document | None, questionnaire: Questionnaire | None
    ) -> tuple[dict[str, ProductAnswers], dict[str, dict[str, ProductAnswers]]]:
        """Return the consensus by product, and each assessor's answers by product and assessor."""
        as_of = self.as_of or _day(_stated(document, "as_of"))
        answers: dict[str, ProductAnswers] = {}
        assessed: dict[str, dict[str, tuple[Document, ProductAnswers]]] = {}
        files = self._wanted(self.workspace.answers)
        if not files and self.products is None:
            name = self.name(self.workspace.evaluation / "answers")
            self.problems.append(Problem(name, 0, "Y021", "", "there is no answers file"))
        for file in files:
            read = self.read(file.path, ProductAnswers)
            if read is None:
                continue
            if file.assessor is None:
                answers[file.product] = read[1]
            else:
                assessed.setdefault(file.product, {})[file.assessor] = read
            if questionnaire and as_of:
                self.problems.extend(rules.answers_problems(read[1], read[0], questionnaire, as_of))
        assessors: dict[str, dict[str, ProductAnswers]] = {}
        for product, own in assessed.items():
            consensus = answers.get(product)
            if questionnaire:
                self.problems.extend(assessors_problems(consensus, own, questionnaire))
            each = {name: said for name, (_, said) in own.items()}
            answers[product], assessors[product] = combined(consensus, each)
        return answers, assessors

    def _controls(
        self, questionnaire: Questionnaire | None
    ) -> tuple[dict[str, ControlFile], ConditionCatalogue | None]:
        catalogue = None
        if (path := self.workspace.conditions_file) and not any(self.workspace.leading_out(path)):
            conditions = self.read(path, ConditionCatalogue)
            if conditions and questionnaire:
                catalogue = conditions[1]
                self.problems.extend(rules.catalogue_problems(catalogue, conditions[0], questionnaire))
        controls: dict[str, ControlFile] = {}
        for file in self._wanted(self.workspace.controls):
            read = self.read(file.path, ControlFile)
            if read is None:
                continue
            controls[file.product] = read[1]
            if questionnaire:
                self.problems.extend(rules.controls_problems(read[1], read[0], questionnaire, catalogue))
        return controls, catalogue

    def _deployments(
        self, answers: Mapping[str, ProductAnswers], evaluation: Evaluation
    ) -> dict[str, Collection[str]] | None:
        """Return the deployments of every product, or None if there are no answers at all.

        A product that was not read, or not readable, is taken to have the deployments that the evaluation
        names.
        """
        named = [] if evaluation.options == "all" else list(evaluation.options)
        named += [waiver.option for waiver in evaluation.waivers]
        known: dict[str, Collection[str]] = {}
        for file in self.workspace.answers:
            if file.product in answers:
                known[file.product] = [each.id for each in answers[file.product].deployments]
            else:
                known[file.product] = [
                    option.partition("/")[2] for option in named if option.startswith(f"{file.product}/")
                ]
        return known or None

    def _changed(self, evaluation: Evaluation) -> Evaluation:
        changes: dict[str, Any] = {}
        if self.profile_id:
            changes["profile"] = self.profile_id
        if self.as_of:
            changes["as_of"] = self.as_of
        if self.products is not None and evaluation.options != "all":
            options = evaluation.options
            changes["options"] = tuple(each for each in options if each.partition("/")[0] in self.products)
        return evaluation.model_copy(update=changes)


def _stated(document: Document | None, key: str) -> str:
    """Return the text of a key of a document that may not fit its model."""
    value = document.data.get(key) if document and isinstance(document.data, dict) else None
    return value if isinstance(value, str) else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _names(folder: Path, pattern: str) -> list[str]:
    return sorted(path.parent.name for path in folder.glob(pattern))
