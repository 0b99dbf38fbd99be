"""The documents that template notebooks show: a report on one option, and the comparison of all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import nearest_evaluation
from evalkit.scoring.score import score, score_option
from evalkit.views.comparison import Comparison
from evalkit.views.subject import Subject
from evalkit.views.vendor_report import VendorReport

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs


def vendor_report(evaluation: str, option: str) -> VendorReport:
    """Return the report on one option of an evaluation.

    Parameters
    ----------
    evaluation
        The evaluation's folder, relative to where the notebook runs or to a folder above.
    option
        Product and deployment, for example ``claude-code/bedrock``.

    Raises
    ------
    EvalkitError
        If the evaluation does not compare such an option.
    InvalidInputError
        If a file that the report needs cannot be used.
    """
    product, _, _ = option.partition("/")
    folder = nearest_evaluation(evaluation, Path.cwd())
    return report_on(load_inputs(folder, products={product}), option)


def report_on(inputs: EvaluationInputs, option: str) -> VendorReport:
    """Return the report on one option of inputs that are at hand.

    Raises
    ------
    EvalkitError
        If the inputs have no such option.
    """
    product, _, _ = option.partition("/")
    own = [it for it in inputs.options() if it.answers.product.id == product]
    chosen = next((it for it in own if it.id == option), None)
    if chosen is None:
        known = ", ".join(it.id for it in own or inputs.options()) or "none"
        raise EvalkitError(f"{option!r} is no option of this evaluation; options are {known}")
    others = tuple(score_option(inputs, it) for it in own if it is not chosen)
    return VendorReport(Subject(inputs, chosen, score_option(inputs, chosen), others))


def comparison(evaluation: str) -> Comparison:
    """Return the comparison of all options of an evaluation.

    Parameters
    ----------
    evaluation
        The evaluation's folder, relative to where the notebook runs or to a folder above.

    Raises
    ------
    InvalidInputError
        If a file cannot be used.
    """
    inputs = load_inputs(nearest_evaluation(evaluation, Path.cwd()))
    return Comparison(inputs, score(inputs))
