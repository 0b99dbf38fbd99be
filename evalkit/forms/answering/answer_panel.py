"""The answering form in a notebook: what to choose in ordinary widgets, the form itself in one of its own."""

from __future__ import annotations

from pathlib import Path

import anywidget

from evalkit.files.saving.people import current_user
from evalkit.files.workspace import nearest_evaluation
from evalkit.forms.answering.answer_form import AnswerForm
from evalkit.forms.answering.summary import summary_html, summary_text
from evalkit.forms.form_panel import FormPanel
from evalkit.forms.front_files import module_of, style_of


def answer_form(
    evaluation: str, product: str | None = None, *, assessor: str | None = None, who: str | None = None
) -> AnswerPanel:
    """Return the form in which a product's questions are answered.

    Parameters
    ----------
    evaluation
        The evaluation's folder, relative to where the notebook runs or to a folder above.
    product
        Id of the product to begin with; the first one by default.
    assessor
        Where several assessors answer apart: whose file ``answers/<product>.<assessor>.yaml`` it is.
    who
        Who answers, as files name them; the name that git knows by default, else the system's.

    Raises
    ------
    InvalidInputError
        If a file cannot be used.
    EvalkitError
        If there is no such product.
    """
    folder = nearest_evaluation(evaluation, Path.cwd())
    return AnswerPanel(AnswerForm(folder, product, who=who or current_user(folder), assessor=assessor))


class FormWidget(anywidget.AnyWidget):
    """The page of the form; everything passes in messages, nothing in state that is kept in sync."""

    _esm = module_of("evalkit.forms.answering")
    _css = style_of("evalkit.forms.answering", "form.css")


class AnswerPanel(FormPanel):
    """The form with lists to choose evaluation and product.

    Attributes
    ----------
    form : AnswerForm
        What was answered; needs no widget.
    """

    def __init__(self, form: AnswerForm) -> None:
        self.form = form
        super().__init__(
            "answer", form, FormWidget, lambda: (summary_html(form.work), summary_text(form.work))
        )
