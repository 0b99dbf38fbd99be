"""Files to be translated, as text, and the problems found in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.files.reading import document_of
from evalkit.files.translate import validate

if TYPE_CHECKING:
    from evalkit.errors import Problem
    from evalkit.model.values import Value

EVALUATION = {
    "format": "evalkit/evaluation/1",
    "id": "a",
    "title": "A",
    "questionnaire": "coding-agent@1.0.0",
    "profile": "standard",
    "as_of": "2026-11-22",
}
ANSWERS = """\
format: evalkit/answers/1
questionnaire: coding-agent@1.0.0
product: {id: aider, name: Aider, vendor: A, version: '1', licence: open_source}
prepared: {by: x, on: 2026-11-22, basis: y}
deployments: [{id: a, name: A, route: r, surface: s, plan: p}]
"""
DOMAIN = "format: evalkit/domain/1\nid: a\ntitle: t\nseed: s\nquestions:\n- "
MIGRATIONS = """\
format: evalkit/migrations/1
questionnaire: ours
steps:
- from: 1.0.0
  to: 1.1.0
  changes:
"""
PROFILE = "format: evalkit/profile/1\n"


def problems_of(text: str, model: type[Value]) -> list[Problem]:
    found = validate(document_of(text.encode(), Path("x.yaml"), "x.yaml"), model)
    assert isinstance(found, list), found
    return found


def problem_of(text: str, model: type[Value], path: str) -> Problem:
    (problem,) = [problem for problem in problems_of(text, model) if problem.path == path]
    return problem


def evaluation(**changes: str) -> str:
    lines = {key: f"{key}: {value}" for key, value in EVALUATION.items()}
    lines |= {key: f"{key}: {value}" for key, value in changes.items()}
    return "\n".join(lines.values()) + "\n"
