"""The languages of a board's documents, and an organisation's own words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.files.rules.wording import allowed
from evalkit.files.wordings import (
    read_evaluation_translation,
    read_language,
    read_own_wording,
    read_translation,
)
from evalkit.views.spoken import ENGLISH, Speech
from evalkit.views.translated import translated
from evalkit.views.wordings_check import amount_of, language_texts, overlaid, own_texts

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.spoken import Texts

FOLDER: Final = Path(__file__).parent
"""Where the file of each language lies."""


def languages() -> tuple[str, ...]:
    """Return the codes of all languages, English first."""
    return (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.yaml")))


def require_language(language: str) -> None:
    """Raise ``EvalkitError`` if there is no such language."""
    if language not in languages():
        known = allowed(languages(), "languages")
        raise EvalkitError(f"{language!r} is no language of what a board reads; {known}")


def speech_of(evaluation: Path, language: str) -> Speech:
    """Return what is said in a language, with the texts of the evaluation's ``wording.yaml`` laid over it.

    The file changes what documents for a board say, and nothing else: no score, no verdict and no basis.

    Raises
    ------
    InvalidInputError
        With every text that is not known, misshapen, or has other placeholders.
    EvalkitError
        If there is no such language.
    """
    require_language(language)
    texts: Texts = {} if language == ENGLISH else language_texts(read_language(FOLDER, language))
    document = read_own_wording(evaluation)
    own: Texts = {} if document is None else own_texts(document, language, languages())
    return Speech(language, overlaid(texts, own), amount_of(own))


def inputs_in(language: str, evaluation: Path, inputs: EvaluationInputs) -> EvaluationInputs:
    """Return inputs as they are shown in a language: what was translated of questionnaire and evaluation.

    Parameters
    ----------
    evaluation
        The evaluation's folder.
    inputs
        Of all its products; they are what is scored.

    Raises
    ------
    InvalidInputError
        With every problem of a translation.
    """
    instrument = read_translation(evaluation, inputs.questionnaire, language)
    return translated(inputs, instrument, read_evaluation_translation(evaluation, inputs, language))
