"""``evalkit questions``: a questionnaire for reading."""

from __future__ import annotations

import sys
from pathlib import Path

from evalkit.cli.console import print_table
from evalkit.files.loading import load_questionnaire
from evalkit.files.workspace import find_questionnaire
from evalkit.views.questionnaire import level_summary, questionnaire_markdown


def print_questions(questionnaire_id: str, *, as_markdown: bool, triage: bool) -> None:
    """Print a questionnaire as a table, or in full as Markdown, to standard output."""
    questionnaire = load_questionnaire(find_questionnaire(questionnaire_id, Path.cwd()))
    if as_markdown:
        sys.stdout.write(questionnaire_markdown(questionnaire, triage_only=triage))
        return
    rows = [
        (question.id, question.question, level_summary(question), f"{question.weight:g}")
        for question in questionnaire.questions
        if question.triage or not triage
    ]
    print_table(
        (("Id", "left"), ("Question", "left"), ("Answers", "left"), ("Weight", "right")),
        rows,
        title=f"{questionnaire.header.title} ({questionnaire.ref})",
    )
