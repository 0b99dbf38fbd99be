from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from evalkit.files.loading import check, load_inputs
from evalkit.forms import panel_frame
from evalkit.forms.what_if.panel import WhatIfPanel, what_if_panel
from evalkit.scoring.score import score
from evalkit.views.numbers import against
from evalkit.views.wording import wording
from tests.forms.panels import closed, every, press, receive, text_of, views

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVALUATION = "results/coding-agents-2026"


@pytest.fixture(scope="module")
def opened(project: Path) -> WhatIfPanel:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        return what_if_panel(EVALUATION)


@pytest.fixture
def panel(opened: WhatIfPanel) -> Iterator[WhatIfPanel]:
    yield opened
    press(opened.reset)


def test_it_starts_with_the_numbers_of_the_profile(panel: WhatIfPanel) -> None:
    shown = text_of(panel.table.value)
    limit = panel.start.thresholds.approve_at
    for card in score(panel.start.start):
        assert card.span is not None
        verdict = wording.VERDICT[card.finding.verdict]
        assert f"{card.option} {wording.VERDICT_SYMBOL[card.finding.verdict]} {verdict}" in shown
        assert against(card.span.assured, limit) in shown
    assert "0 verdicts and 0 ranks differ from the start" in panel.changes.value


def test_a_slider_changes_the_numbers_while_it_moves(panel: WhatIfPanel) -> None:
    slider = panel.weights["storage"]
    assert slider.continuous_update
    seen = set()
    for weight in (9.0, 20.0, 40.0):
        receive(slider, value=weight)
        seen.add(panel.table.value)
        assert panel.state.domain_weights["storage"] == weight
    assert len(seen) == 3
    assert panel.shares["storage"].value == "30 %"
    assert "differ from the start" in panel.changes.value


def test_a_lower_threshold_turns_verdicts_and_says_what_they_were(panel: WhatIfPanel) -> None:
    receive(panel.thresholds["approve_at"], value=20.0)
    receive(panel.thresholds["domain_floor"], value=0.0)
    assert "was ? defer for evidence" in text_of(panel.table.value)
    assert panel.state.thresholds.approve_at == 0.2


def test_the_evidence_table_can_be_read_more_strictly(panel: WhatIfPanel) -> None:
    receive(panel.evidence, index=1)
    assert panel.state.table == "strict"
    assert panel.state.outcomes != panel.start.outcomes


def test_an_answer_can_be_supposed_and_withdrawn(panel: WhatIfPanel) -> None:
    answers = panel.answers
    options = [option for _, option in answers.option.options]
    questions = [question for _, question in answers.question.options]
    receive(answers.option, index=options.index("aider/bedrock"))
    receive(answers.question, index=questions.index("NET-05"))
    assert "Now: " in answers.now.value
    assert answers.answer.label.startswith("Level 4 of 4")
    press(answers.suppose)
    assert list(panel.state.supposed) == [("aider/bedrock", "NET-05")]
    assert "NET-05: Level 4 of 4" in answers.list.options[0][0]
    assert "aider/bedrock" in answers.list.options[0][0]
    assert panel.state.outcomes != panel.start.outcomes
    press(answers.withdraw)
    assert panel.state.outcomes == panel.start.outcomes
    assert answers.list.options == ()


def test_an_answer_can_be_supposed_away(panel: WhatIfPanel) -> None:
    answers = panel.answers
    receive(answers.answer, index=len(answers.answer.options) - 1)
    press(answers.suppose)
    assert "Searched for, not found" in answers.list.options[0][0]


def test_reset_brings_everything_back(panel: WhatIfPanel) -> None:
    before = panel.table.value
    receive(panel.weights["approvals"], value=40.0)
    receive(panel.thresholds["approve_at"], value=20.0)
    receive(panel.evidence, index=2)
    press(panel.answers.suppose)
    press(panel.reset)
    assert panel.state == panel.start
    assert panel.table.value == before
    assert panel.weights["approvals"].value == panel.start.domain_weights["approvals"]
    assert panel.thresholds["approve_at"].value == 50
    assert panel.evidence.value == "stated"
    assert panel.answers.list.options == ()


def test_a_profile_is_written_and_passes_the_check(panel: WhatIfPanel, project: Path) -> None:
    receive(panel.weights["storage"], value=25.0)
    receive(panel.evidence, index=1)
    receive(panel.writer.id, value="storage-first")
    receive(panel.writer.title, value="Storage first")
    press(panel.writer.write)
    written = "questionnaires/coding-agent/profiles/storage-first.yaml"
    assert written in panel.writer.message.value
    assert check(project / EVALUATION) == ()
    inputs = load_inputs(project / EVALUATION, profile="storage-first")
    assert inputs.profile.domain_weights["storage"] == 25
    scored = [(card.option, card.span, card.finding.verdict) for card in score(inputs)]
    assert scored == [(one.option, one.span, one.finding.verdict) for one in panel.state.outcomes]


@pytest.mark.parametrize(
    ("profile_id", "title", "said"),
    [
        ("standard", "Mine", "profiles/standard.yaml is there already; choose another id"),
        ("No Good", "Mine", "'No Good' is not lower-case letters, digits and hyphens"),
        ("../escape", "Mine", "'../escape' is not lower-case"),
        ("<b>", "Mine", "'&lt;b&gt;' is not lower-case"),
        ("mine", "", "title: '' is not any text that says something"),
    ],
)
def test_a_profile_that_cannot_be_written_is_a_problem_in_the_panel(
    panel: WhatIfPanel, project: Path, profile_id: str, title: str, said: str
) -> None:
    before = sorted(project.rglob("*"))
    receive(panel.writer.id, value=profile_id)
    receive(panel.writer.title, value=title)
    press(panel.writer.write)
    assert said in panel.writer.message.value.replace("&#39;", "'")
    assert 'role="alert"' in panel.writer.message.value
    assert sorted(project.rglob("*")) == before


def test_widgets_are_updated_and_not_made_anew(panel: WhatIfPanel) -> None:
    before = views(panel.widget)
    receive(panel.weights["storage"], value=12.0)
    press(panel.answers.suppose)
    press(panel.reset)
    assert views(panel.widget) == before


def test_every_control_has_a_label(panel: WhatIfPanel) -> None:
    unnamed = [
        type(widget).__name__
        for widget in every(panel.widget)
        if (hasattr(widget, "options") or hasattr(widget, "readout") or hasattr(widget, "icon"))
        and not widget.description
    ]
    assert unnamed == []


def test_how_often_an_option_leads_follows_once_nothing_moves(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = load_inputs(project / EVALUATION, products={"aider"})
    monkeypatch.setattr("evalkit.forms.what_if.panel.DRAWS", 50)

    async def move() -> WhatIfPanel:
        panel = WhatIfPanel(inputs, project / EVALUATION)
        receive(panel.weights["storage"], value=20.0)
        assert "…" in panel.table.value
        arrived = asyncio.Event()
        panel.table.observe(lambda _: arrived.set(), names="value")
        await asyncio.wait_for(arrived.wait(), 120)
        return panel

    panel = asyncio.run(move())
    assert "…" not in panel.table.value
    assert " %" in panel.table.value
    assert "First" in panel.table.value


def test_a_notebook_gets_the_panel_and_a_table_beside_it(project: Path) -> None:
    panel = WhatIfPanel(load_inputs(project / EVALUATION, products={"aider"}), project / EVALUATION)
    bundle = panel._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == panel.widget.model_id
    assert "aider/bedrock" in text_of(bundle["text/html"])
    assert "&lt;" not in bundle["text/html"]
    assert "aider/bedrock: Reject" in bundle["text/plain"]


def test_where_nobody_can_move_it_only_the_table_is_left(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = WhatIfPanel(load_inputs(project / EVALUATION, products={"aider"}), project / EVALUATION)
    monkeypatch.setattr(panel_frame, "is_attended", lambda: False)
    assert set(panel._repr_mimebundle_()) == {"text/html", "text/plain"}


def test_another_panel_closes_the_one_before(project: Path) -> None:
    inputs = load_inputs(project / EVALUATION, products={"aider"})
    first = WhatIfPanel(inputs, project / EVALUATION)
    second = WhatIfPanel(inputs, project / EVALUATION)
    assert closed(first.widget)
    assert closed(first.weights["storage"])
    assert not closed(second.widget)
