"""The record that a board signs, and the words on whether the instrument was frozen."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from evalkit.files.workspace import Workspace
from evalkit.model.decision import Basis, Decision, DecisionRecord, Standing
from evalkit.model.frozen import Freeze, Frozen
from evalkit.reports.decision import write_decision_record
from evalkit.scoring.score import score
from evalkit.views.decision import decision_lines, decision_markdown, decision_section
from evalkit.views.freezing import freezing_words
from evalkit.views.made_from import made_from
from tests.barriers import axe
from tests.chromium import CHROMIUM_FLAGS
from tests.views.conftest import small
from tests.views.pages import Page
from tests.views.test_hostile import ALLOWED_TAGS, HOSTILE, WORD

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.model.evaluation import EvaluationInputs

SHA = f"sha256:{'a' * 64}"


def decided(inputs: EvaluationInputs, text: str = "A pilot.") -> DecisionRecord:
    """A record in which every text is the same."""
    (card, *_) = score(inputs)
    basis = Basis.of(inputs, text).model_copy(update={"inputs": {text: SHA}})
    standing = Standing.of(card).model_copy(update={"gates": {"BBB-01": "open"}, "conditions": (text,)})
    said = {"by": text, "on": "2026-12-01"}
    decision = Decision.model_validate(
        {
            "option": card.option,
            "name": text,
            "verdict": "approve-with-conditions",
            **said,
            "reason": text,
            "conditions": [{"id": text, "text": text, "owner": text, "due": "2027-01-31"}],
            "waivers": [{"gate": "BBB-01", "by": text, "reason": text, "until": "2027-06-30"}],
            "dissent": [{"by": text, "text": text}],
            "note": text,
            "basis": basis.digest,
            "evalkit": standing,
        }
    )
    record = DecisionRecord(
        format="evalkit/decision/1",
        evaluation=inputs.evaluation.id,
        decisions=(decision,),
        bases={basis.digest: basis},
    )
    later = decision.model_copy(update={"on": decision.conditions[0].due})
    return record.with_decision(later, basis)


def test_the_record_says_what_was_decided_and_where_to_sign() -> None:
    inputs = small()
    record = decided(inputs)
    shown = Page(decision_section(record, inputs).html).text
    for told in (
        "Approve with conditions",
        "evalkit said then:",
        "Why the board decided otherwise: A pilot.",
        "BBB-01",
        "2027-06-30",
        "Evidence that was missing" if record.decisions[0].evalkit.missing_evidence else "Gates then: BBB-01",
        "replaced on 2027-01-31",
        record.decisions[0].basis,
        "Signature",
    ):
        assert told in shown
    assert decision_lines(record.decisions[0], inputs)[0].endswith("decided on 2027-01-31 by A pilot.")


def test_nothing_that_somebody_wrote_is_more_than_text_on_the_page() -> None:
    inputs = small()
    page = Page(decision_section(decided(inputs, HOSTILE), inputs).html)
    assert {tag for tag, _ in page.elements} <= ALLOWED_TAGS | {"section", "h2"}
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    links = [value for value in page.values("href") if not value.startswith("#")]
    assert set(links) <= {"https://e.example/"}
    assert "\x1b" not in page.html
    assert "\u202e" not in page.html
    assert "<script>" in page.text


def test_markdown_shows_what_somebody_wrote_as_it_is() -> None:
    inputs = small()
    text = decision_markdown(decided(inputs, HOSTILE.replace(WORD, "w") + " | a\n# b"), inputs, sha256=SHA)
    assert "<script>" not in text
    assert "\x1b" not in text
    assert "[a](" not in text
    assert [line for line in text.splitlines() if line.startswith("# ")] == text.splitlines()[:1]
    rows = [line for line in text.splitlines() if line.startswith("| ") and "2027-06-30" in line]
    assert [line.replace("\\|", "").count("|") for line in rows] == [5]
    assert "a" * 64 in text


FROZEN = Frozen(
    format="evalkit/frozen/1",
    questionnaire="coding-agent@1.0.0",
    profile="standard",
    by="Risk",
    at="2026-11-20T10:00:00Z",
    instrument={"q.yaml": SHA},
)
LATE = FROZEN.model_copy(update={"late": True, "answers": 1})


@pytest.mark.parametrize(
    ("freeze", "words"),
    [
        (None, "The questionnaire and profile were not frozen."),
        (Freeze(FROZEN), "The questionnaire and profile were frozen on 2026-11-20, before the first answer."),
        (
            Freeze(FROZEN, ("q.yaml", "p.yaml")),
            "The questionnaire and profile were changed since they were frozen on 2026-11-20: 2 files.",
        ),
        (
            Freeze(LATE),
            "The questionnaire and profile were frozen on 2026-11-20, late, when 1 answer was there.",
        ),
        (
            Freeze(LATE.model_copy(update={"answers": 0})),
            "The questionnaire and profile were frozen on 2026-11-20, late.",
        ),
        (
            Freeze(FROZEN, earlier="2026-11-19T08:00:00.000Z"),
            (
                "The questionnaire and profile were frozen on 2026-11-20; the journals have an answer of"
                " 2026-11-19, before that."
            ),
        ),
    ],
)
def test_reports_say_in_a_line_whether_the_instrument_was_frozen(freeze: Freeze | None, words: str) -> None:
    assert freezing_words(freeze) == words
    inputs = small()
    object.__setattr__(inputs, "freeze", freeze)
    assert words in Page(made_from(inputs).html).text
    assert words in made_from(inputs).text


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The page of a decision on an option with long and foreign names."""
    evaluation = tmp_path / "results" / "ours"
    evaluation.mkdir(parents=True)
    (tmp_path / "questionnaires").mkdir()
    (evaluation / "decision.yaml").write_text("x\n", encoding="utf-8")
    inputs = small()
    record = decided(inputs, "采购委员会 and a name that goes on and on " * 4)
    html, _ = write_decision_record(Workspace.of(evaluation), inputs, record)
    return html


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_in_the_record_and_a_phone_need_not_scroll_sideways(
    written: Path, scheme: str
) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS)
        )
        tab = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
        tab.goto(written.as_uri())
        results = axe(tab)
        assert results.violations_count == 0, results.generate_report()
        tab.set_viewport_size({"width": 360, "height": 740})
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
        browser.close()
