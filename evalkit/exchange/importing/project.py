"""An imported file -> a project folder: the instrument, an evaluation, and the answers, all checked first."""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.exchange.importing.answering import About, answered
from evalkit.exchange.importing.cleaning import cleaned
from evalkit.exchange.importing.instrument import FEATURES, PROFILE, Cover, instrument
from evalkit.exchange.importing.numbering import id_from
from evalkit.exchange.importing.told import as_markdown
from evalkit.exchange.importing.usable import usable
from evalkit.exchange.importing.worth import with_points
from evalkit.files.canonical import to_yaml
from evalkit.files.instrument import load_questionnaire
from evalkit.files.loading import load_inputs
from evalkit.files.reading import read_document
from evalkit.files.translate import validate
from evalkit.files.workspace import EVALUATION, FRAMEWORKS, QUESTIONNAIRE, shipped
from evalkit.model.evaluation import Evaluation
from evalkit.model.profile import Profile
from evalkit.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from evalkit.exchange.importing.draft import Draft, Note
    from evalkit.exchange.importing.instrument import Instrument
    from evalkit.model.answers import ProductAnswers
    from evalkit.model.questionnaire import Questionnaire

IMPORTED: Final = "imported.md"
"""Beside the questionnaire: where it comes from, and what did not come over as it was."""

_FRAME: Final = "coding-agent"
_FIRST_PRODUCT: Final = "first-product"
_LONGEST_NUMBER: Final = 8
_ID: Final = re.compile("[a-z0-9][a-z0-9-]{0,55}")


@dataclass(frozen=True, slots=True)
class Names:
    """What its user calls things; ``""`` where the file is to say it."""

    questionnaire: str = ""
    version: str = ""
    product: str = ""
    product_name: str = ""
    product_version: str = ""
    vendor: str = ""

    def check(self) -> None:
        """Raise EvalkitError where an id has not the form of one, or a text is none."""
        for option, id_ in (("--id", self.questionnaire), ("--product", self.product)):
            if id_ and not _ID.fullmatch(id_):
                raise EvalkitError(
                    f"{option} {id_!r} is no id: at most 56 lower-case letters, digits and hyphens"
                )
        for option, text in (
            ("--name", self.product_name),
            ("--product-version", self.product_version),
            ("--vendor", self.vendor),
        ):
            if text and (not text.isprintable() or not text.strip()):
                raise EvalkitError(f"{option} {text!r} is no text of one line")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file becomes; nothing is written yet.

    Attributes
    ----------
    files : mapping
        Text by path relative to the project, of all that is to be written.
    kept : tuple of str
        What was there already and stays as it is.
    """

    questionnaire: Questionnaire
    answers: ProductAnswers
    evaluation: str
    notes: tuple[Note, ...]
    files: Mapping[str, str]
    kept: tuple[str, ...]

    def write(self, project: Path) -> tuple[Path, ...]:
        """Write all of it into a project's folder, and return the paths.

        A new questionnaire appears whole, before the answers to it.

        Raises
        ------
        EvalkitError
            If a file cannot be written.
        """
        folder = f"questionnaires/{self.questionnaire.header.id}"
        instrument_files = [name for name in self.files if name.startswith(f"{folder}/")]
        try:
            project.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".evalkit-import-", dir=project) as beside:
                for name in instrument_files:
                    _write(Path(beside) / name, self.files[name])
                if instrument_files:
                    (project / folder).parent.mkdir(exist_ok=True)
                    (Path(beside) / folder).rename(project / folder)
            for name, text in self.files.items():
                if name not in instrument_files:
                    _write(project / name, text)
        except OSError as error:
            raise EvalkitError(f"{project}: cannot be written: {error.strerror or error}") from error
        return tuple(project / name for name in self.files)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)


def imported(  # noqa: PLR0913 - each is one thing that its user says
    draft: Draft,
    *,
    file: str,
    raw: bytes,
    project: Path,
    day: date,
    names: Names,
    points: Mapping[str, float],
    answers_from: tuple[bytes, str] | None = None,
) -> Imported:
    """Return what a draft becomes in a project, which may have its questionnaire and evaluation already.

    Parameters
    ----------
    file, raw
        Name and content of the file imported.
    day
        When it came.
    points
        What choices are worth of which the file does not say it, by their text.
    answers_from
        Content and name of the file with the answers, where it is another.

    Raises
    ------
    EvalkitError
        If the draft has no questions, the project has another questionnaire of that id, another evaluation
        or answers about that product.
    InvalidInputError
        If files of the project cannot be used.
    """
    names.check()
    draft = with_points(usable(cleaned(draft)), points)
    frame = load_questionnaire(shipped("questionnaires", _FRAME))
    like = _profile(shipped("questionnaires", _FRAME, "profiles", f"{PROFILE}.yaml"))
    id_ = names.questionnaire or id_from(draft.title) or id_from(Path(file).stem) or "imported"
    version = names.version or _version(draft.version)
    made = instrument(draft, Cover(id_, version, day), frame=frame, like=like)
    sha256 = hashlib.sha256(raw).hexdigest()
    product_name = names.product_name or draft.product or names.product or "First product"
    about = About(
        product=names.product or id_from(product_name) or _FIRST_PRODUCT,
        name=product_name,
        vendor=names.vendor or draft.vendor or f"Vendor of {product_name}",
        version=names.product_version or "not stated",
        file=answers_from[1] if answers_from else file,
        sha256=hashlib.sha256(answers_from[0]).hexdigest() if answers_from else sha256,
        day=day,
    )
    answers, more = answered(draft, made, about)
    notes = (*made.notes, *more)
    files, kept = _instrument_files(made, project)
    if files:
        files[f"questionnaires/{id_}/{IMPORTED}"] = as_markdown(file, sha256, day, made, notes)
    evaluation = f"results/{id_}"
    made_evaluation = Evaluation(
        format="evalkit/evaluation/1",
        id=id_,
        title=made.questionnaire.header.title,
        questionnaire=made.questionnaire.ref,
        profile=PROFILE,
        as_of=day,
    )
    if (project / evaluation / EVALUATION).exists():
        _check_evaluation(project / evaluation / EVALUATION, made_evaluation)
        kept = (*kept, f"{evaluation}/{EVALUATION}")
    else:
        files[f"{evaluation}/{EVALUATION}"] = to_yaml(made_evaluation)
    own = f"{evaluation}/answers/{about.product}.yaml"
    if (project / own).exists():
        raise EvalkitError(f"{project / own} is there already; name another product with --product")
    files[own] = to_yaml(answers)
    _check(files, project, evaluation)
    return Imported(made.questionnaire, answers, evaluation, notes, files, kept)


def _version(stated: str) -> str:
    """Return a version in three numbers."""
    numbers = [part for part in stated.strip().lstrip("vV").split(".") if part.isascii() and part.isdigit()]
    numbers = [str(int(part)) for part in numbers if len(part) <= _LONGEST_NUMBER]
    return ".".join((*numbers, "0", "0", "0")[:3]) if numbers else "1.0.0"


def _profile(path: Path) -> Profile:
    found = validate(read_document(path, path.name), Profile)
    if isinstance(found, list):
        raise InvalidInputError(found)
    return found


def _instrument_files(made: Instrument, project: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the files of the instrument, or that they are there, if they are the same."""
    header = made.questionnaire.header
    folder = f"questionnaires/{header.id}"
    if (project / folder).exists():
        there = load_questionnaire(project / folder)
        if _asks(there) != _asks(made.questionnaire):
            raise EvalkitError(
                f"{project / folder} is there already, and is another questionnaire or version"
                f" ({there.ref}); name this one with --id"
            )
        return {}, (folder,)
    files = {
        f"{folder}/{QUESTIONNAIRE}": to_yaml(header),
        **{f"{folder}/{domain.id}.yaml": to_yaml(domain) for domain in made.questionnaire.domains},
        f"{folder}/{FRAMEWORKS}": to_yaml(made.framework_ids),
        f"{folder}/profiles/{PROFILE}.yaml": to_yaml(made.profile),
    }
    return files, ()


def _asks(questionnaire: Questionnaire) -> tuple[object, ...]:
    """Return what two imports of one questionnaire have in common, whatever their day."""
    return questionnaire.ref, questionnaire.domains, questionnaire.facts.get(FEATURES)


def _check_evaluation(path: Path, wanted: Evaluation) -> None:
    there = validate(read_document(path, path.as_posix()), Evaluation)
    if isinstance(there, list):
        raise InvalidInputError(there)
    if there.questionnaire != wanted.questionnaire:
        raise EvalkitError(f"{path} is about {there.questionnaire}, not {wanted.questionnaire}")
    if there.as_of < wanted.as_of:
        raise EvalkitError(
            f"{path} is as of {there.as_of}, and the answers came on {wanted.as_of}: no evidence may be dated"
            " after an evaluation's day; set as_of in it, or say with --on when they came"
        )


def _check(files: Mapping[str, str], project: Path, evaluation: str) -> None:
    """Read everything as every other command will, before any of it is written."""
    with tempfile.TemporaryDirectory(prefix="evalkit-import-") as folder:
        root = Path(folder)
        for name, text in files.items():
            _write(root / name, text)
        for name in ("questionnaires", evaluation):
            for path in (project / name).rglob("*"):
                target = root / path.relative_to(project)
                if path.is_file() and path.suffix == ".yaml" and not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(path.read_bytes())
        load_inputs(root / evaluation)
