"""``evalkit new``: the first files of an evaluation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError
from evalkit.files.canonical import to_yaml
from evalkit.files.loading import load_questionnaire
from evalkit.files.workspace import find_questionnaire
from evalkit.model.answers import Deployment, Prepared, Product, ProductAnswers
from evalkit.model.evaluation import Evaluation
from evalkit.writing import write_text

if TYPE_CHECKING:
    from datetime import date

_FIRST_PRODUCT = "first-product"


def start_evaluation(
    directory: Path, *, title: str | None, profile: str, questionnaire: str, as_of: date
) -> tuple[Path, ...]:
    """Write the first files of an evaluation into a new or empty folder, and return their paths.

    Raises
    ------
    EvalkitError
        If the folder is not empty, its name has no letter or digit, or the profile is not known.
    InvalidInputError
        If the questionnaire is not known or cannot be used.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise EvalkitError(f"{directory} is there already and not empty; name a new folder")
    folder = find_questionnaire(questionnaire, directory.absolute().parent)
    instrument = load_questionnaire(folder)
    known = sorted(path.stem for path in (folder / "profiles").glob("*.yaml"))
    if profile not in known:
        raise EvalkitError(f"profile {profile!r} is not one of {', '.join(known)}")
    evaluation = Evaluation(
        format="evalkit/evaluation/1",
        id=_id_from(directory),
        title=title or f"Evaluation {directory.absolute().name}",
        questionnaire=instrument.ref,
        profile=profile,
        as_of=as_of,
    )
    answers = ProductAnswers(
        format="evalkit/answers/1",
        questionnaire=instrument.ref,
        product=Product(
            id=_FIRST_PRODUCT, name="First product", vendor="Its vendor", version="1.0", licence="closed"
        ),
        prepared=Prepared(by="Your name", on=as_of, basis="What you read, asked and tested."),
        deployments=(
            Deployment(
                id="direct", name="Vendor's API, CLI", route="vendor_direct", surface="cli", plan="enterprise"
            ),
        ),
    )
    written = {
        directory / "evaluation.yaml": to_yaml(evaluation),
        directory / "answers" / f"{_FIRST_PRODUCT}.yaml": to_yaml(answers),
    }
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    return tuple(written)


def _id_from(directory: Path) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", directory.absolute().name.casefold()).strip("-")
    if not name:
        raise EvalkitError(f"{directory}: the folder's name needs a letter or digit; it becomes the id")
    return name[:64]
