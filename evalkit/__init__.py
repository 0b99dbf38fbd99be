"""Evaluate AI coding agents from answers and evidence: check, score, report.

The names below are the public ones; each is imported when it is first used, so that ``import evalkit`` costs
nothing. In a notebook::

    from evalkit import load_inputs, score, scores_frame

    inputs = load_inputs("results/coding-agents-2026")
    scores_frame(score(inputs))
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from evalkit.errors import EvalkitError, InvalidInputError, Problem
    from evalkit.files.canonical import to_yaml
    from evalkit.files.loading import check, load_inputs, load_questionnaire
    from evalkit.forms.answering.answer_panel import answer_form
    from evalkit.forms.comparing.panel import compare_panel
    from evalkit.forms.reviewing.review_panel import review_form
    from evalkit.forms.what_if.panel import what_if_panel
    from evalkit.model.answers import ProductAnswers
    from evalkit.model.evaluation import Evaluation, EvaluationInputs, Option
    from evalkit.model.profile import Profile
    from evalkit.model.questionnaire import Questionnaire
    from evalkit.model.scorecard import Scorecard
    from evalkit.reports.documents import comparison, vendor_report
    from evalkit.reports.evaluation import render_evaluation
    from evalkit.scoring.score import score, score_option
    from evalkit.views.export import scores_document, scores_frame

__version__ = version("evalkit")

_HOME: Final = {
    "Evaluation": "evalkit.model.evaluation",
    "EvaluationInputs": "evalkit.model.evaluation",
    "EvalkitError": "evalkit.errors",
    "InvalidInputError": "evalkit.errors",
    "Option": "evalkit.model.evaluation",
    "Problem": "evalkit.errors",
    "ProductAnswers": "evalkit.model.answers",
    "Profile": "evalkit.model.profile",
    "Questionnaire": "evalkit.model.questionnaire",
    "Scorecard": "evalkit.model.scorecard",
    "answer_form": "evalkit.forms.answering.answer_panel",
    "check": "evalkit.files.loading",
    "compare_panel": "evalkit.forms.comparing.panel",
    "comparison": "evalkit.reports.documents",
    "load_inputs": "evalkit.files.loading",
    "load_questionnaire": "evalkit.files.loading",
    "render_evaluation": "evalkit.reports.evaluation",
    "review_form": "evalkit.forms.reviewing.review_panel",
    "score": "evalkit.scoring.score",
    "score_option": "evalkit.scoring.score",
    "scores_document": "evalkit.views.export",
    "scores_frame": "evalkit.views.export",
    "to_yaml": "evalkit.files.canonical",
    "vendor_report": "evalkit.reports.documents",
    "what_if_panel": "evalkit.forms.what_if.panel",
}

__all__ = [
    "EvalkitError",
    "Evaluation",
    "EvaluationInputs",
    "InvalidInputError",
    "Option",
    "Problem",
    "ProductAnswers",
    "Profile",
    "Questionnaire",
    "Scorecard",
    "answer_form",
    "check",
    "compare_panel",
    "comparison",
    "load_inputs",
    "load_questionnaire",
    "render_evaluation",
    "review_form",
    "score",
    "score_option",
    "scores_document",
    "scores_frame",
    "to_yaml",
    "vendor_report",
    "what_if_panel",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name not in _HOME:
        raise AttributeError(f"module 'evalkit' has no attribute {name!r}")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
