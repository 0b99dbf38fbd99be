"""A real LibreOffice calculates the workbook from nothing, also after changes, and agrees to six places."""

from __future__ import annotations

import io
import random
import subprocess
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.exchange.evaluation_workbook import workbook
from evalkit.files.loading import load_inputs
from evalkit.scoring.score import score
from evalkit.views.export import ranked
from tests.exchange.evaluation_workbook.odd import odd_inputs
from tests.exchange.evaluation_workbook.reading import differences, opened, table, without_figures
from tests.scoring.cases import Traits, random_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.profile import Profile

pytestmark = [pytest.mark.office, pytest.mark.slow]

PATIENCE_SECONDS = 600
SHIPPED = Path(__file__).parents[3] / "results" / "coding-agents-2026"
RANDOM = 12
ALWAYS_CALCULATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""

Edit = tuple[str, str, str, str, Any]
"""A sheet, the first header of a table, the first cell of a row, a header, and what is typed there."""


@dataclass(frozen=True)
class Change:
    """What an analyst changes in the workbook, and the same change of the inputs."""

    edits: tuple[Edit, ...]
    inputs: Callable[[EvaluationInputs], EvaluationInputs]


def profiled(**update: Any) -> Callable[[EvaluationInputs], EvaluationInputs]:  # noqa: ANN401 - fields of a profile
    """Change the profile, without its checks: a workbook takes a weight of 0, too."""
    return lambda inputs: replace(inputs, profile=inputs.profile.model_copy(update=update))


def weighed(profile: Profile, **weights: float) -> dict[str, float]:
    return profile.domain_weights | weights


ODD = odd_inputs()
TABLE = ODD.profile.evidence
GATES = ODD.profile.gates
CHANGES: Mapping[str, Change] = {
    "a domain's weight": Change(
        (("Weights", "Id", "bbb", "Weight", 17.25),),
        profiled(domain_weights=weighed(ODD.profile, bbb=17.25)),
    ),
    "a domain of weight 0": Change(
        (("Weights", "Id", "aaa", "Weight", 0),), profiled(domain_weights=weighed(ODD.profile, aaa=0))
    ),
    "weights of questions": Change(
        (
            ("Weights", "Domain", "AAA-02", "Weight in the profile, if another", 0),
            ("Weights", "Domain", "BBB-03", "Weight in the profile, if another", None),
            ("Weights", "Domain", "CCC-02", "Weight in the profile, if another", 9.5),
        ),
        profiled(question_weights={"AAA-05": 0.5, "AAA-02": 0, "CCC-02": 9.5}),
    ),
    "slack and reliability": Change(
        (
            ("Evidence", "Class", "documented", "Slack in levels", 3),
            ("Evidence", "Class", "attested", "Slack in levels", 0),
            ("Evidence", "Class", "contract", "Reliability", 0.65),
        ),
        profiled(
            evidence=TABLE
            | {
                "documented": TABLE["documented"].model_copy(update={"slack_levels": 3}),
                "attested": TABLE["attested"].model_copy(update={"slack_levels": 0}),
                "contract": TABLE["contract"].model_copy(update={"reliability": 0.65}),
            }
        ),
    ),
    "gates": Change(
        (
            ("Gates", "Gate", "AAA-01", "Bar as level or number", 3),
            ("Gates", "Gate", "AAA-02", "Evidence it needs", "claim"),
            ("Gates", "Gate", "AAA-03", "Bar as level or number", 30),
            ("Gates", "As of", "An undecided gate counts as", "#1", "fail"),
        ),
        profiled(
            unknown_gate="fail",
            gates=(
                GATES[0].model_copy(update={"at_least": 3}),
                GATES[1].model_copy(update={"needs": "claim"}),
                GATES[2].model_copy(update={"at_most": 30}),
                *GATES[3:],
            ),
        ),
    ),
}


def changed(raw: bytes, edits: tuple[Edit, ...]) -> bytes:
    """Type into cells and save, as openpyxl does: it keeps no figure of any formula."""
    book = opened(raw, values=False)
    for sheet_name, first_header, key, header, value in edits:
        sheet = book[sheet_name]
        rows = list(sheet.iter_rows(values_only=True))
        head = next(place for place, row in enumerate(rows) if row[0] == first_header)
        line = next(place for place in range(head, len(rows)) if key in rows[place][:2])
        column = int(header[1:]) if header.startswith("#") else rows[head].index(header)
        sheet.cell(line + 1, column + 1).value = value
    saved = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book.save(saved)
    return saved.getvalue()


@pytest.fixture(scope="module")
def cases() -> dict[str, EvaluationInputs]:
    """Every evaluation that is looked at, by the name of its file."""
    drawn = {
        f"random {seed}": random_inputs(random.Random(seed), Traits(products=2))  # noqa: S311 - no secret
        for seed in range(RANDOM)
    }
    changes = {name: change.inputs(ODD) for name, change in CHANGES.items()}
    return {"shipped": load_inputs(SHIPPED), "odd": ODD} | changes | drawn


@pytest.fixture(scope="module")
def calculated(
    cases: dict[str, EvaluationInputs], soffice: str, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder with the workbooks as LibreOffice saves them after calculating every cell."""
    folder = tmp_path_factory.mktemp("workbooks")
    home = folder / "home" / "user"
    home.mkdir(parents=True)
    (home / "registrymodifications.xcu").write_text(ALWAYS_CALCULATE, encoding="utf-8")
    odd = workbook(ODD, score(ODD))
    written = {name: changed(odd, change.edits) for name, change in CHANGES.items()}
    for name, inputs in cases.items():
        if name not in written:
            written[name] = without_figures(workbook(inputs, score(inputs)))
    for name, raw in written.items():
        (folder / f"{name}.xlsx").write_bytes(raw)
    command = [soffice, f"-env:UserInstallation={home.parent.as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "xlsx", "--outdir", str(folder / "out")]
    command += [str(folder / f"{name}.xlsx") for name in written]
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return folder / "out"


@pytest.mark.parametrize(
    "name",
    ["shipped", "odd", *CHANGES, *(f"random {seed}" for seed in range(RANDOM))],
)
def test_libreoffice_has_the_figures_of_evalkit(
    calculated: Path, cases: dict[str, EvaluationInputs], name: str
) -> None:
    inputs = cases[name]
    book = opened((calculated / f"{name}.xlsx").read_bytes())
    assert differences(book, inputs, score(inputs)) == []


def test_what_is_changed_is_said(calculated: Path) -> None:
    def said(name: str) -> str:
        return str(opened((calculated / f"{name}.xlsx").read_bytes())["Overview"]["A4"].value)

    assert said("odd") == "The figures are those of evalkit."
    assert said("a domain's weight").startswith("Changed: figures differ from those of evalkit by up to ")


def test_the_ranking_follows_a_change(calculated: Path, cases: dict[str, EvaluationInputs]) -> None:
    name = "a domain of weight 0"
    rows = table(opened((calculated / f"{name}.xlsx").read_bytes())["Ranking"], "Place")
    cards = [card for card in score(cases[name]) if card.span is not None]
    assert [row["Option"] for row in rows] == [card.option for card in ranked(cards)]
    before = [card.option for card in ranked(score(ODD)) if card.span is not None]
    assert before != [card.option for card in ranked(cards)]
