"""The run manifest ``evalkit/run/1``: how a capture came about, read with every problem named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.errors import InvalidInputError, Problem
from evalkit.files.document import Document, harmless
from evalkit.files.reading import read_document
from evalkit.files.translate import validate
from evalkit.model.observation import CaptureRun
from evalkit.observe.captures.moments import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from evalkit.model.answers import ProductAnswers

RUN_RULES: Final[dict[str, str]] = {
    "R001": "A run's moments are written as in ISO 8601, with the day, and it ends after it started.",
    "R002": "A run's product has answers in the evaluation.",
    "R003": "A run's deployment is one of its product's, and its route that of the deployment.",
}
"""What a run manifest has to keep beside its schema, by rule id."""

_WORD: Final = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class RunManifest:
    """A run manifest as read.

    Attributes
    ----------
    started, ended : float
        Seconds since 1970.
    """

    run: CaptureRun
    document: Document
    started: float
    ended: float

    @property
    def minutes(self) -> float:
        """How long the run took."""
        return (self.ended - self.started) / 60

    @property
    def steps(self) -> frozenset[str]:
        """The first word of each step of the scenario, in lower case."""
        found = (_WORD.match(step.strip().lower()) for step in self.run.scenario)
        return frozenset(each.group() for each in found if each)


def read_run(path: Path, name: str | None = None) -> RunManifest:
    """Return a run manifest.

    Raises
    ------
    InvalidInputError
        With every problem of the file.
    """
    document = read_document(path, name)
    run = validate(document, CaptureRun)
    if isinstance(run, list):
        raise InvalidInputError(run)
    started, ended = moment(run.started), moment(run.ended)
    if started is None or ended is None or ended < started:
        raise InvalidInputError(_moments(document, run, started, ended))
    return RunManifest(run, document, started, ended)


def _moments(
    document: Document, run: CaptureRun, started: float | None, ended: float | None
) -> Iterator[Problem]:
    for key, found in (("started", started), ("ended", ended)):
        if found is None:
            message = f"{key}: {harmless(getattr(run, key))!r} is no moment with its day"
            yield document.problem("R001", (key,), message, "write it as 2026-11-20T10:00:00Z")
    if started is not None and ended is not None:
        message = f"ended: {harmless(run.ended)} is before {harmless(run.started)}, when the run started"
        yield document.problem("R001", ("ended",), message)


def check_run(manifest: RunManifest, answers: Mapping[str, ProductAnswers]) -> None:
    """Hold a manifest against the answers that it speaks of.

    Raises
    ------
    InvalidInputError
        If they have no such product or deployment, or the deployment has another route.
    """
    problems = list(_against(manifest, answers))
    if problems:
        raise InvalidInputError(problems)


def _against(manifest: RunManifest, answers: Mapping[str, ProductAnswers]) -> Iterator[Problem]:
    run, document = manifest.run, manifest.document
    product = answers.get(run.product)
    if product is None:
        known = ", ".join(sorted(answers)) or "none"
        message = f"product: there are no answers about {run.product}; there are: {known}"
        yield document.problem("R002", ("product",), message)
        return
    routes = {deployment.id: deployment.route for deployment in product.deployments}
    if run.deployment not in routes:
        message = f"deployment: {run.product} has no {run.deployment}; it has: {', '.join(routes)}"
        yield document.problem("R003", ("deployment",), message)
    elif run.route != routes[run.deployment]:
        message = f"route: {harmless(run.route)} is not that of {run.deployment}, {routes[run.deployment]}"
        yield document.problem("R003", ("route",), message)
