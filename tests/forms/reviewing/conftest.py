"""Reviewers and those who answer, on one project that may be written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit.forms.reviewing.review_form import ReviewForm
from tests.forms.answering.conftest import NOW, evaluation, open_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forms.answering.test_answer_form import OpenForm

__all__ = ["evaluation", "open_form"]


@pytest.fixture
def open_review(open_form: OpenForm) -> Callable[..., ReviewForm]:
    """Open the reviewer's table on aider, as ben by default, at a fixed time."""

    def opened(product: str = "aider", *, who: str = "ben") -> ReviewForm:
        return ReviewForm(open_form(product, who=who), now=lambda: NOW)

    return opened
