from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

from evalkit.errors import EvalkitError
from evalkit.reports.documents import comparison, vendor_report
from evalkit.reports.html import to_html
from evalkit.reports.index import index_page

if TYPE_CHECKING:
    from evalkit.views.comparison import Comparison

ROOT = Path(__file__).parents[2]
EVALUATION = str(ROOT / "results" / "coding-agents-2026")
TEMPLATES = ROOT / "notebooks" / "templates"


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return comparison(EVALUATION)


@pytest.fixture(scope="module")
def comparison_page(compared: Comparison) -> str:
    return page("comparison", compared)


def page(template: str, document: object, *, fill: bool = True) -> str:
    """The page of a template whose cells were run without a kernel."""
    notebook = nbformat.read(TEMPLATES / f"{template}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if fill and cell.id.startswith("show-"):
            bundle = getattr(document, cell.source.partition(".")[2])._repr_mimebundle_()
            cell.outputs = [nbformat.v4.new_output("execute_result", data=bundle)]  # type: ignore[no-untyped-call]
    return to_html(notebook, title="Product: deployment – Evaluation").decode()


def test_a_report_reads_only_its_own_product() -> None:
    report = vendor_report(EVALUATION, "aider/bedrock")
    assert set(report.subject.inputs.answers) == {"aider"}
    assert len(report.subject.others) == len(report.subject.option.answers.deployments) - 1


@pytest.mark.parametrize("option", ["aider/nowhere", "aider"])
def test_an_unknown_option_is_named_with_those_that_exist(option: str) -> None:
    with pytest.raises(EvalkitError, match="aider/bedrock"):
        vendor_report(EVALUATION, option)


def test_every_cell_of_the_templates_shows_a_section(comparison_page: str) -> None:
    html = page("vendor_report", vendor_report(EVALUATION, "aider/bedrock"))
    assert html.count("<h1") == 1
    assert 'href="#answers"' in html
    assert 'id="LOC-01"' in html
    assert comparison_page.count("<h2") == 11  # all options have a score, and nothing was observed


def test_a_section_with_nothing_to_say_loses_its_heading(comparison_page: str) -> None:
    assert "Options without a score" not in comparison_page
    assert 'href="#apart"' not in comparison_page


def test_the_index_leads_to_every_report_and_marks_what_failed(compared: Comparison) -> None:
    document = compared
    failures = {"aider/bedrock": "KeyError: <no> such thing"}
    html = index_page(document.inputs, document.cards, failures)
    for card in document.cards:
        assert f'href="reports/{card.option.replace("/", ".")}.html"' in html
    assert html.count("Report incomplete") == 1
    assert "KeyError: &lt;no&gt; such thing" in html
    for name in ("comparison.html", "frameworks.html", "scores.csv", "scores.json", "run.json"):
        assert f'href="{name}"' in html
    assert "Desk research is not proof" in html
    assert html == index_page(document.inputs, document.cards, failures)
