"""Where the files of an evaluation are, and what they are called in messages and hashes."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

EVALUATION: Final = "evaluation.yaml"
QUESTIONNAIRE: Final = "questionnaire.yaml"
FRAMEWORKS: Final = "framework-ids.yaml"
CONDITIONS: Final = "conditions.yaml"
MIGRATIONS: Final = "migrations.yaml"
DECISION: Final = "decision.yaml"
FROZEN: Final = "frozen.yaml"

_PACKAGE = Path(__file__).resolve().parent.parent
_ID = r"[a-z0-9][a-z0-9-]*"
_FILE_NAME = re.compile(rf"(?P<product>{_ID})(\.(?P<assessor>{_ID}))?\.yaml")


@dataclass(frozen=True, slots=True, order=True)
class ProductFile:
    """A file about one product; an assessor's is no part of the consensus."""

    product: str
    assessor: str | None
    path: Path


def shipped(*parts: str) -> Path:
    """Return the path of a file that came with evalkit, for example ``shipped("questionnaires")``.

    In a wheel the data lie in the package, in a checkout beside it.

    Raises
    ------
    EvalkitError
        If nothing of that name was shipped.
    """
    base = _PACKAGE.parent if is_checkout() else _PACKAGE / "shipped"
    path = base.joinpath(*parts)
    if not path.exists():
        raise EvalkitError(f"evalkit came without {'/'.join(parts)}")
    return path


def is_checkout() -> bool:
    """Whether evalkit runs from a checkout, where the shipped data may be worked on, and not from a wheel."""
    return not (_PACKAGE / "shipped").is_dir()


def find_questionnaire(questionnaire_id: str, start: Path) -> Path:
    """Return the folder of a questionnaire: the project's around ``start``, else the one shipped.

    Raises
    ------
    EvalkitError
        If neither has one of that id; the known ones are listed.
    """
    folders = [base / "questionnaires" for base in (start, *start.parents)]
    home = next((folder for folder in folders if folder.is_dir()), None) or shipped("questionnaires")
    known = sorted(path.parent.name for path in home.glob(f"*/{QUESTIONNAIRE}"))
    if questionnaire_id not in known:
        raise EvalkitError(f"questionnaire {questionnaire_id!r} is not one of {', '.join(known) or '(none)'}")
    return home / questionnaire_id


def find_evaluation(given: Path | None, start: Path) -> Path:
    """Return the folder of the evaluation that is meant.

    Parameters
    ----------
    given
        The folder, its ``evaluation.yaml``, or a project with exactly one evaluation in ``results``; None if
        nothing was said.
    start
        Where to look if nothing was said: a project.

    Raises
    ------
    EvalkitError
        If there is none, or more than one; they are listed.
    """
    if given is None:
        if (start / EVALUATION).is_file():
            return start
        return _only_evaluation(start, "say which: no evaluation was named, and")
    if given.name == EVALUATION and given.is_file():
        return given.parent
    if (given / EVALUATION).is_file():
        return given
    if not given.exists():
        raise EvalkitError(f"{given}: there is no such folder")
    if not given.is_dir():
        raise EvalkitError(f"{given} is neither the folder of an evaluation nor its {EVALUATION}")
    return _only_evaluation(given, f"{given} is no evaluation, and")


def _only_evaluation(project: Path, because: str) -> Path:
    results = project / "results"
    found = sorted(path.parent for path in results.glob(f"*/{EVALUATION}"))
    if not found:
        raise EvalkitError(f"{because} there is no {results.as_posix()}/*/{EVALUATION}")
    if len(found) > 1:
        names = ", ".join(path.as_posix() for path in found)
        raise EvalkitError(f"{because} there are {len(found)}: {names}")
    return found[0]


def nearest_evaluation(name: str, start: Path) -> Path:
    """Return an evaluation's folder by its path from ``start`` or from the nearest folder above that has it.

    So a notebook finds ``results/ours`` wherever in the project it runs.
    """
    for base in (start, *start.parents):
        if (base / name / EVALUATION).is_file():
            return base / name
    return start / name


@dataclass(frozen=True)
class Workspace:
    """The files of one evaluation and its questionnaires.

    Attributes
    ----------
    evaluation
        The evaluation's folder, absolute.
    root
        The project: the nearest folder above that has ``questionnaires``; else the folder above.
    questionnaires
        The project's questionnaires; else those shipped with evalkit.
    """

    evaluation: Path
    root: Path
    questionnaires: Path

    @classmethod
    def of(cls, evaluation: Path) -> Workspace:
        """Return the workspace of an evaluation's folder."""
        folder = evaluation.resolve()
        for root in folder.parents:
            if (root / "questionnaires").is_dir():
                return cls(folder, root, root / "questionnaires")
        return cls(folder, folder.parent, shipped("questionnaires"))

    def name(self, path: Path) -> str:
        """Return the path of a file relative to the project, or to the data that came with evalkit."""
        for base in (self.root, self.questionnaires.parent):
            if path.is_relative_to(base):
                return path.relative_to(base).as_posix()
        return path.as_posix()

    @property
    def evaluation_file(self) -> Path:
        """The file ``evaluation.yaml``."""
        return self.evaluation / EVALUATION

    @property
    def decision_file(self) -> Path:
        """The file ``decision.yaml``, whether or not it is there."""
        return self.evaluation / DECISION

    @property
    def frozen_file(self) -> Path:
        """The file ``frozen.yaml``, whether or not it is there."""
        return self.evaluation / FROZEN

    @property
    def templates(self) -> Path:
        """The folder of notebook templates: the project's own, else those shipped with evalkit."""
        own = self.root / "notebooks" / "templates"
        return own if own.is_dir() else shipped("notebooks", "templates")

    @property
    def conditions_file(self) -> Path | None:
        """The file ``controls/conditions.yaml``, where there is one."""
        path = self.evaluation / "controls" / CONDITIONS
        return path if path.exists() or path.is_symlink() else None

    @cached_property
    def answers(self) -> tuple[ProductFile, ...]:
        """The answers files, by product; assessors' files after the consensus."""
        return self._product_files("answers")

    @cached_property
    def controls(self) -> tuple[ProductFile, ...]:
        """The controls files, by product."""
        return tuple(file for file in self._product_files("controls") if file.path.name != CONDITIONS)

    def questionnaire_folder(self, questionnaire_id: str) -> Path:
        """Return where a questionnaire lies, whether or not it is there."""
        return self.questionnaires / questionnaire_id

    def misplaced(self) -> Iterator[Problem]:
        """Yield a problem for each file that would be passed over, or that leads out of the evaluation."""
        yield from self.leading_out(self.evaluation_file)
        for folder in ("answers", "controls"):
            for path in self._visible(folder):
                yield from self.leading_out(path)
                is_yaml = path.suffix.lower() in (".yaml", ".yml")
                if is_yaml and not _FILE_NAME.fullmatch(path.name):
                    message = (
                        "the name is not <id>.yaml or <product>.<assessor>.yaml, so nobody reads the file"
                    )
                    hint = "ids are lower-case letters, digits and hyphens"
                    yield Problem(self.name(path), 0, "Y018", "", message, hint)

    def leading_out(self, path: Path) -> Iterator[Problem]:
        """Yield a problem if a file of the evaluation is a link to something outside."""
        if self._leads_out(path):
            message = "the link leads out of the evaluation's folder"
            yield Problem(self.name(path), 0, "Y017", "", message, "put a copy of the file here")

    def _leads_out(self, path: Path) -> bool:
        # Not Path.resolve: it raises on a link that leads back to itself, which reading reports (Y003).
        return not Path(os.path.realpath(path)).is_relative_to(self.evaluation)

    def _visible(self, folder: str) -> list[Path]:
        # Editors leave hidden files behind; they are nobody's answers.
        parent = self.evaluation / folder
        return sorted(path for path in parent.glob("*") if not path.name.startswith("."))

    def _product_files(self, folder: str) -> tuple[ProductFile, ...]:
        found = [
            ProductFile(match["product"], match["assessor"], path)
            for path in self._visible(folder)
            if (match := _FILE_NAME.fullmatch(path.name)) and not self._leads_out(path)
        ]
        return tuple(sorted(found, key=lambda file: (file.product, file.assessor or "")))
