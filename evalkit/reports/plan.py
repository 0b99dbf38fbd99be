"""Which reports an evaluation gets, and where each goes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from evalkit.engine.job import Job
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evalkit.model.evaluation import EvaluationInputs, Option

COMPARISON = "comparison"
"""Name of the job that makes the comparison."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the reports of one evaluation lie.

    Attributes
    ----------
    evaluation : Path
        The evaluation's folder, absolute.
    root : Path
        The folder that notebooks run in; they name the evaluation relative to it.
    templates : Path
        The folder with ``vendor_report.ipynb`` and ``comparison.ipynb``.
    """

    evaluation: Path
    root: Path
    templates: Path

    @property
    def out(self) -> Path:
        """Folder of everything that is generated."""
        return self.evaluation / "out"

    @property
    def reports(self) -> Path:
        """Folder of the reports on single options."""
        return self.out / "reports"

    @property
    def parameter(self) -> str:
        """The evaluation as notebooks name it: relative to where they run, the same on every machine."""
        return os.path.relpath(self.evaluation, self.root).replace(os.sep, "/")


def report_stem(option_id: str) -> str:
    """Return the file name of an option's report without its ending.

    >>> report_stem("claude-code/bedrock")
    'claude-code.bedrock'
    """
    return option_id.replace("/", ".")


def option_job(layout: Layout, inputs: EvaluationInputs, option: Option) -> Job:
    """Return the job that makes one option's report."""
    stem = report_stem(option.id)
    return Job(
        name=option.id,
        template=layout.templates / "vendor_report.ipynb",
        parameters={"evaluation": layout.parameter, "option": option.id},
        notebook=layout.reports / f"{stem}.ipynb",
        html=layout.reports / f"{stem}.html",
        title=f"{option.answers.product.name}: {option.deployment.name} – {inputs.evaluation.title}",
    )


def comparison_job(layout: Layout, inputs: EvaluationInputs) -> Job:
    """Return the job that makes the comparison of all options."""
    return Job(
        name=COMPARISON,
        template=layout.templates / "comparison.ipynb",
        parameters={"evaluation": layout.parameter},
        notebook=layout.out / "comparison.ipynb",
        html=layout.out / "comparison.html",
        title=f"Comparison – {inputs.evaluation.title}",
    )


def selected(options: Sequence[Option], only: Sequence[str]) -> tuple[Option, ...]:
    """Return the options that are named by their id or their product's; all of them where nothing is named.

    Raises
    ------
    EvalkitError
        If a name is neither an option nor a product of the evaluation.
    """
    if not only:
        return tuple(options)
    known = {option.id for option in options} | {option.answers.product.id for option in options}
    unknown = [name for name in only if name not in known]
    if unknown:
        close = get_close_matches(unknown[0], sorted(known), n=3)
        hint = f"did you mean {' or '.join(close)}?" if close else f"allowed are {', '.join(sorted(known))}"
        raise EvalkitError(f"{unknown[0]!r} is no option or product of this evaluation; {hint}")
    return tuple(option for option in options if {option.id, option.answers.product.id} & set(only))
