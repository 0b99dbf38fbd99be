"""The reviewer's table in a notebook."""

from __future__ import annotations

from pathlib import Path

import anywidget

from evalkit.files.saving.people import current_user
from evalkit.files.workspace import nearest_evaluation
from evalkit.forms.answering.answer_form import AnswerForm
from evalkit.forms.form_panel import FormPanel
from evalkit.forms.front_files import module_of, style_of
from evalkit.forms.reviewing.review_form import ReviewForm
from evalkit.forms.reviewing.static_table import static_html, static_text


def review_form(
    evaluation: str, product: str | None = None, *, assessor: str | None = None, who: str | None = None
) -> ReviewPanel:
    """Return the table in which a reviewer signs off what was answered about a product.

    Who answered a question cannot sign it off. What is signed off, by whom, when and with what note stands in
    the answers file, with the revision of what was signed, so that a later change shows.

    Parameters
    ----------
    evaluation
        The evaluation's folder, relative to where the notebook runs or to a folder above.
    product
        Id of the product to begin with; the first one by default.
    assessor
        Where several assessors answer apart: whose file ``answers/<product>.<assessor>.yaml`` it is.
    who
        Who reviews, as files name them; the name that git knows by default, else the system's.

    Raises
    ------
    InvalidInputError
        If a file cannot be used.
    EvalkitError
        If there is no such product.
    """
    folder = nearest_evaluation(evaluation, Path.cwd())
    answers = AnswerForm(folder, product, who=who or current_user(folder), assessor=assessor)
    return ReviewPanel(ReviewForm(answers))


class ReviewWidget(anywidget.AnyWidget):
    """The page of the table; everything passes in messages, nothing in state that is kept in sync."""

    _esm = module_of("evalkit.forms.reviewing")
    _css = style_of("evalkit.forms.reviewing", "review.css")


class ReviewPanel(FormPanel):
    """The reviewer's table with lists to choose evaluation and product.

    Attributes
    ----------
    form : ReviewForm
        Its rows; needs no widget.
    """

    def __init__(self, form: ReviewForm) -> None:
        self.form = form
        super().__init__("review", form, ReviewWidget, lambda: (static_html(form), static_text(form)))
