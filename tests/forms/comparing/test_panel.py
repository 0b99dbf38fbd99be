from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from evalkit.forms.comparing.panel import ComparisonPanel, compare_panel
from evalkit.scoring.score import score
from evalkit.views.comparison import Comparison
from tests.forms.panels import closed, receive, text_of, views

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def panel(project: Path) -> ComparisonPanel:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        return compare_panel("results/coding-agents-2026")


def pick(panel: ComparisonPanel, *options: str) -> None:
    """Select in the list, as the front end does: by place."""
    listed = [option for _, option in panel.list.options]
    receive(panel.list, index=[listed.index(option) for option in sorted(options, key=listed.index)])


def shown(panel: ComparisonPanel) -> str:
    return " ".join(text_of(part.value) for part in panel.parts.values())


def test_it_starts_with_the_best_options_of_the_best_products(panel: ComparisonPanel) -> None:
    products = [option.partition("/")[0] for option in panel.picked]
    assert len(set(products)) == 3
    assert panel.list.value == tuple(option for option in panel.cards if option in panel.picked)


def test_picked_options_are_compared_with_the_numbers_of_the_reports(panel: ComparisonPanel) -> None:
    pick(panel, "aider/bedrock", "cursor/ide-bedrock")
    cards = tuple(
        card for card in score(panel.inputs) if card.option in ("aider/bedrock", "cursor/ide-bedrock")
    )
    expected = Comparison(panel.inputs, cards)
    for section in (expected.ranking, expected.gates, expected.domains, expected.questions):
        assert text_of(section.html) in shown(panel)


def test_the_second_pick_is_set_against_the_first_in_the_order_of_picking(panel: ComparisonPanel) -> None:
    pick(panel)
    pick(panel, "cursor/ide-bedrock")
    pick(panel, "aider/bedrock", "cursor/ide-bedrock")
    assert panel.picked == ("cursor/ide-bedrock", "aider/bedrock")
    assert "From aider/bedrock to cursor/ide-bedrock" in text_of(panel.parts["waterfall"].value)


def test_the_bars_of_the_waterfall_lead_from_one_score_to_the_other(panel: ComparisonPanel) -> None:
    pick(panel, "aider/bedrock", "cursor/ide-bedrock")
    rows = re.findall(r"<tr.*?</tr>", panel.parts["waterfall"].value)[1:]
    cells = [re.findall(r'<td class="num">(.*?)</td>', row) for row in rows]
    for column in range(3):
        numbers = [float(cell[column].replace("−", "-").replace("±", "")) for cell in cells]
        assert numbers[0] + sum(numbers[1:-1]) == pytest.approx(numbers[-1], abs=0.05 * len(numbers))


def test_a_filter_keeps_what_is_picked(panel: ComparisonPanel) -> None:
    pick(panel, "aider/bedrock", "cursor/ide-bedrock")
    receive(panel.filter, value="CURSOR bedrock")
    assert [option for _, option in panel.list.options] == ["cursor/ide-bedrock"]
    assert set(panel.picked) == {"aider/bedrock", "cursor/ide-bedrock"}
    pick(panel)
    assert panel.picked == ("aider/bedrock",)
    receive(panel.filter, value="")
    assert len(panel.list.options) == 39
    assert panel.list.value == ("aider/bedrock",)


def test_a_filter_that_finds_nothing_says_so(panel: ComparisonPanel) -> None:
    receive(panel.filter, value="no such option")
    assert "0 options listed" in panel.status.value
    receive(panel.filter, value="")


def test_nothing_picked_shows_nothing_but_what_to_do(panel: ComparisonPanel) -> None:
    pick(panel)
    assert shown(panel).strip() == ""
    assert "pick one or more" in panel.status.value


def test_widgets_are_updated_and_not_made_anew(panel: ComparisonPanel) -> None:
    before = views(panel.widget)
    pick(panel, "aider/bedrock", "cline/ide-cline")
    assert views(panel.widget) == before


def test_no_part_leads_to_a_report_that_lies_elsewhere(panel: ComparisonPanel) -> None:
    pick(panel, "aider/bedrock", "cursor/ide-bedrock")
    assert not any('href="reports/' in part.value for part in panel.parts.values())


def test_a_notebook_gets_the_panel_and_a_table_beside_it(panel: ComparisonPanel) -> None:
    pick(panel, "aider/bedrock", "cursor/ide-bedrock")
    bundle = panel._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == panel.widget.model_id
    assert "aider/bedrock" in text_of(bundle["text/html"])
    assert "&lt;" not in bundle["text/html"]
    assert "aider/bedrock" in bundle["text/plain"]


def test_another_panel_closes_the_one_before(panel: ComparisonPanel) -> None:
    again = ComparisonPanel(panel.inputs)
    assert closed(panel.widget)
    assert closed(panel.list)
    assert not closed(again.widget)
