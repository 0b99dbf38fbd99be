"""The documents that template notebooks show: a report on one option, and the comparison of all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError
from evalkit.files.loading import load_inputs
from evalkit.files.observed import load_observed
from evalkit.files.workspace import Workspace, nearest_evaluation
from evalkit.reports.at_hand import at_hand, keep
from evalkit.scoring.score import score, score_option
from evalkit.views.comparison import Comparison
from evalkit.views.subject import Subject
from evalkit.views.vendor_report import VendorReport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard


def prepare(evaluation: str) -> None:
    """Have an evaluation at hand, and make one report: all that reports need is then imported.

    For a process that forks one child per report. Files that cannot be used are left to the notebooks.

    Parameters
    ----------
    evaluation
        The evaluation's folder.
    """
    folder = Path(evaluation)
    with suppress(EvalkitError, OSError):
        kept = keep(folder)
        products = {file.product for file in Workspace.of(folder).answers[:1]}
        inputs = load_inputs(folder, products=products) if kept is None else kept.inputs
        for option in inputs.options()[:1]:
            _ = report_on(inputs, option.id).sections


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
    kept = at_hand(folder, product)
    inputs = kept.inputs if kept else load_inputs(folder, products={product})
    report = report_on(inputs, option, kept.cards if kept else None)
    seen = load_observed(folder, inputs, {product}).get(product, ())
    return replace(report, seen=seen)


def report_on(
    inputs: EvaluationInputs, option: str, cards: Mapping[str, Scorecard] | None = None
) -> VendorReport:
    """Return the report on one option of inputs that are at hand.

    Parameters
    ----------
    cards
        Scorecards of the inputs' options by option, where they have been computed already.

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
    known_cards = cards or {it.id: score_option(inputs, it) for it in own}
    others = tuple(known_cards[it.id] for it in own if it is not chosen)
    return VendorReport(Subject(inputs, chosen, known_cards[option], others))


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
    folder = nearest_evaluation(evaluation, Path.cwd())
    kept = at_hand(folder)
    inputs = kept.inputs if kept else load_inputs(folder)
    cards = tuple(kept.cards.values()) if kept else score(inputs)
    return Comparison(inputs, cards, load_observed(folder, inputs))
