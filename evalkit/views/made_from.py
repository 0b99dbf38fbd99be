"""What a document was made from: versions and the hash of every file read."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from evalkit.views.freezing import freezing_words
from evalkit.views.rendering import Section, section
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.observed import Observed

_SHORT: Final = 12

EVALKIT_VERSION: Final = version("evalkit")
"""The version that makes the documents; not from the package itself, which imports all layers."""


def made_from(inputs: EvaluationInputs, seen: Iterable[Observed] = ()) -> Section:
    """Return the run record: the same inputs give the same bytes.

    Parameters
    ----------
    seen
        What was observed and is shown; no figure depends on it.
    """
    evaluation, profile = inputs.evaluation, inputs.profile
    facts = [
        ("Evaluation", f"{evaluation.title} ({evaluation.id})"),
        ("Questionnaire", f"{inputs.questionnaire.header.title} ({inputs.questionnaire.ref})"),
        ("Profile", f"{profile.title} ({profile.id}@{profile.version})"),
        ("As of", evaluation.as_of.isoformat()),
        ("Frozen", freezing_words(inputs.freeze)),
        ("Made by", f"evalkit {EVALKIT_VERSION}"),
    ]
    files = dict(inputs.hashes) | {it.file: f"sha256:{it.sha256}" for it in seen}
    hashes = [(name, value, _shortened(value)) for name, value in sorted(files.items())]
    lines = [f"{name}: {text}" for name, text in facts] + [f"{name}: {short}" for name, _, short in hashes]
    return section("made_from", lines, facts=facts, hashes=hashes, note=wording.NOT_PROOF)


def _shortened(value: str) -> str:
    return value.removeprefix("sha256:")[:_SHORT]
