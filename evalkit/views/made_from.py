"""What a document was made from: versions and the hash of every file read."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from evalkit.views import wording
from evalkit.views.rendering import Section, section

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs

_SHORT: Final = 12

EVALKIT_VERSION: Final = version("evalkit")
"""The version that makes the documents; not from the package itself, which imports all layers."""


def made_from(inputs: EvaluationInputs) -> Section:
    """Return the run record: the same inputs give the same bytes."""
    evaluation, profile = inputs.evaluation, inputs.profile
    facts = [
        ("Evaluation", f"{evaluation.title} ({evaluation.id})"),
        ("Questionnaire", f"{inputs.questionnaire.header.title} ({inputs.questionnaire.ref})"),
        ("Profile", f"{profile.title} ({profile.id}@{profile.version})"),
        ("As of", evaluation.as_of.isoformat()),
        ("Made by", f"evalkit {EVALKIT_VERSION}"),
    ]
    hashes = [(name, value, _shortened(value)) for name, value in sorted(inputs.hashes.items())]
    lines = [f"{name}: {text}" for name, text in facts] + [f"{name}: {short}" for name, _, short in hashes]
    return section("made_from", lines, facts=facts, hashes=hashes, note=wording.NOT_PROOF)


def _shortened(value: str) -> str:
    return value.removeprefix("sha256:")[:_SHORT]
