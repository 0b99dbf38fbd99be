"""Which reports an evaluation gets, and where each goes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from evalkit.engine.job import Job
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from evalkit.files.workspace import Workspace
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
    place : Path or None
        Where to write if not into the evaluation's ``out/``.
    """

    evaluation: Path
    root: Path
    templates: Path
    place: Path | None = None

    @classmethod
    def of(cls, workspace: Workspace, place: Path | None = None) -> Layout:
        """Return the layout of an evaluation's reports."""
        return cls(workspace.evaluation, workspace.root, workspace.templates, place)

    @property
    def out(self) -> Path:
        """Folder of everything that is generated."""
        return self.place or self.evaluation / "out"

    @property
    def reports(self) -> Path:
        """Folder of the reports on single options."""
        return self.out / "reports"

    @property
    def index(self) -> Path:
        """The page to open first."""
        return self.out / "index.html"

    @property
    def parameter(self) -> str:
        """The evaluation as notebooks name it: relative to where they run, the same on every machine."""
        return os.path.relpath(self.evaluation, self.root).replace(os.sep, "/")

    def outputs(self, name: str) -> dict[str, Path]:
        """Return the files of a report by their ending."""
        base = self.out / COMPARISON if name == COMPARISON else self.reports / report_stem(name)
        return {"html": base.with_name(f"{base.name}.html"), "ipynb": base.with_name(f"{base.name}.ipynb")}

    def strays(self, options: Collection[str]) -> list[Path]:
        """Return the reports on what is none of the options; hidden files are not meant.

        Raises
        ------
        OSError
            If the folder of the reports cannot be read.
        """
        known = {path for option in options for path in self.outputs(option).values()}
        found = [path for path in self.reports.iterdir() if path.suffix in (".ipynb", ".html")]
        return [path for path in found if path not in known and not path.name.startswith(".")]


def report_stem(option_id: str) -> str:
    """Return the file name of an option's report without its ending.

    >>> report_stem("claude-code/bedrock")
    'claude-code.bedrock'
    """
    return option_id.replace("/", ".")


def option_job(layout: Layout, inputs: EvaluationInputs, option: Option) -> Job:
    """Return the job that makes one option's report."""
    outputs = layout.outputs(option.id)
    return Job(
        name=option.id,
        template=layout.templates / "vendor_report.ipynb",
        parameters={"evaluation": layout.parameter, "option": option.id},
        notebook=outputs["ipynb"],
        html=outputs["html"],
        title=f"{option.answers.product.name}: {option.deployment.name} – {inputs.evaluation.title}",
    )


def comparison_job(layout: Layout, inputs: EvaluationInputs) -> Job:
    """Return the job that makes the comparison of all options."""
    outputs = layout.outputs(COMPARISON)
    return Job(
        name=COMPARISON,
        template=layout.templates / "comparison.ipynb",
        parameters={"evaluation": layout.parameter},
        notebook=outputs["ipynb"],
        html=outputs["html"],
        title=f"Comparison – {inputs.evaluation.title}",
    )


def selected(options: Sequence[str], only: Sequence[str]) -> tuple[str, ...]:
    """Return the options that are named by their id or their product's; all of them where nothing is named.

    Raises
    ------
    EvalkitError
        If a name is neither an option nor a product of the evaluation.
    """
    if not only:
        return tuple(options)
    known = {*options, *map(_product, options)}
    unknown = [name for name in only if name not in known]
    if unknown:
        close = get_close_matches(unknown[0], sorted(known), n=3)
        hint = f"did you mean {' or '.join(close)}?" if close else f"allowed are {', '.join(sorted(known))}"
        raise EvalkitError(f"{unknown[0]!r} is no option or product of this evaluation; {hint}")
    return tuple(option for option in options if {option, _product(option)} & set(only))


def _product(option: str) -> str:
    return option.partition("/")[0]
