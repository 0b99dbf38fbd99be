"""The report of what changed: every form says the same, and shows hostile text as text."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from evalkit.model.answers import Source
from evalkit.reports.changes import FORMS
from evalkit.views.board.blocks import Table
from evalkit.views.changes.comparison import State, StateComparison
from evalkit.views.changes.document import changes_document
from evalkit.views.changes.phrases import tip_words, turn_words
from evalkit.views.changes.report import in_short, report
from evalkit.views.export import to_json
from tests.barriers import axe
from tests.chromium import CHROMIUM_FLAGS
from tests.scoring import builders as build
from tests.views.conftest import small
from tests.views.pages import Page

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.model.evaluation import EvaluationInputs

EVIL = "<script>alert(1)</script> |*x*\u202e"


def compared(a: EvaluationInputs, b: EvaluationInputs, *notes: str) -> StateComparison:
    return StateComparison(State("before", a), State("after", b), None, notes)


def later(inputs: EvaluationInputs, days: int = 400) -> EvaluationInputs:
    day = build.AS_OF + timedelta(days=days)
    return replace(inputs, evaluation=inputs.evaluation.model_copy(update={"as_of": day}))


def with_answers(inputs: EvaluationInputs, **answers: Any) -> EvaluationInputs:  # noqa: ANN401 - answers by question
    said = inputs.answers["p"]
    named = {name.replace("_", "-"): answer for name, answer in answers.items()}
    changes = {"answers": said.answers | named, "sources": said.sources | {"t": build.source(build.AS_OF)}}
    return replace(inputs, answers={"p": said.model_copy(update=changes)})


@pytest.fixture(scope="module")
def found() -> StateComparison:
    """An answer that fails a gate, another on new evidence, and a day later."""
    new = build.answer(0, "contract").model_copy(update={"finding": "Read again."})
    added = build.answer(4, build.item("tested"), build.item("attested", source="t"))
    b = with_answers(later(small(3), 10), BBB_01=new, AAA_01=added)
    return compared(small(3), b)


def table(found: StateComparison, heading: str) -> list[dict[str, str]]:
    """The rows of the first table below a heading, by the label of the column."""
    memo = report(found)
    names = [getattr(block, "text", "") for block in memo.blocks]
    shown = next(it for it in memo.blocks[names.index(heading) :] if isinstance(it, Table))
    labels = [column.label for column in shown.columns]
    return [dict(zip(labels, (cell.text for cell in row), strict=True)) for row in shown.rows]


def test_it_begins_with_how_much_changed(found: StateComparison) -> None:
    assert in_short(found) == (
        "Of 1 option, 1 verdict and 1 assured score are different. Changed: 1 answer, 2 pieces of evidence"
        " and 1 setting."
    )


def test_options_stand_with_then_and_now(found: StateComparison) -> None:
    (row,) = table(found, "Options")
    assert row["Option"] == "p/direct p: direct"
    assert row["Verdict"] == "approve → reject"
    assert row["Rank"] == "1"
    assert row["Assured"] == "63 → 50"


def test_causes_stand_beside_the_change_that_they_sum_to(found: StateComparison) -> None:
    (row,) = table(found, "Why assured scores moved")
    assert (row["Change"], row["Answers"], row["Most through"]) == ("−12.5", "−12.5", "BBB-01 −12.5")


def test_what_turned_a_verdict_and_tipped_is_told(found: StateComparison) -> None:
    (row,) = table(found, "What turned verdicts, and requirements that tipped")
    assert row["Turned by"] == "answers, BBB-01 BBB-01: approve → reject"
    assert row["Requirements"] == "gate BBB-01 BBB-01: passed → failed"
    (gate,) = table(found, "Gates")
    assert (gate["Before"], gate["After"]) == ("passed", "failed")


def test_answers_stand_with_value_evidence_finding_and_what_they_count_for(found: StateComparison) -> None:
    first, second = table(found, "Answers and evidence")
    assert first["What changed"] == "evidence added: attested, -, collected 2026-11-22"
    assert first["Counts for, of 100"] == "the same"
    assert second["What changed"] == (
        "Level 3 of 4: - → Level 0 of 4: -; evidence changed: contract, -, collected 2026-11-22: class"
        " documented → contract; finding added: Read again."
    )
    assert second["Counts for, of 100"] == "documented, 25 to 75 → contract, 0 to 0"


def test_what_expired_is_told_apart_from_what_somebody_changed() -> None:
    rows = table(compared(small(3), later(small(3))), "Counts differently, though nobody changed the answer")
    assert {row["Question"]: row["After"] for row in rows} == {
        "AAA-01 AAA-01": "attested, expired, 75 to 100",
        "BBB-01 BBB-01": "third party, expired, 0 to 75",
    }


def test_silence_conflicts_and_withdrawn_answers_are_told_in_words() -> None:
    a = small(3)
    unknown = with_answers(a, BBB_01=build.answer(state="unknown"))
    (row,) = table(compared(a, unknown), "Answers and evidence")
    assert row["What changed"].startswith("Level 3 of 4: - → not found; evidence removed: documented")
    assert row["Counts for, of 100"] == "documented, 25 to 75 → not found, 0 to 100"
    (back,) = table(compared(unknown, a), "Answers and evidence")
    assert back["What changed"].startswith("not found → Level 3 of 4")


def test_thresholds_that_moved_are_told_with_what_was_needed() -> None:
    a = small(3)
    limits = build.thresholds(0.7, 0.2)
    b = replace(a, profile=a.profile.model_copy(update={"thresholds": limits}))
    found = compared(a, b)
    (option,) = found.change.options
    assert [tip_words(found, tip) for tip in option.tips] == [
        "assured score no longer met: 63 → 63, 50 needed before, 70 needed now"
    ]
    assert [turn_words(found, turn) for turn in option.turns] == ["profile: approve → defer for evidence"]
    rows = table(found, "Profile")
    assert [(row["Field"], row["Before"], row["After"]) for row in rows] == [
        ("thresholds.approve_at", "0.5", "0.7"),
        ("thresholds.domain_floor", "0.0", "0.2"),
    ]


def test_where_nothing_changed_it_says_so_and_nothing_else() -> None:
    memo = report(compared(small(3), small(3)))
    assert len(memo.blocks) == 1
    assert in_short(compared(small(3), small(3))).startswith("Nothing changed")


def test_json_has_all_of_it_and_parts_that_sum(found: StateComparison) -> None:
    document = json.loads(FORMS["json"](found))
    assert (document["format"], document["changed"]) == ("evalkit/changes/1", True)
    (option,) = document["options"]
    assert (option["fate"], option["before"]["verdict"], option["after"]["verdict"]) == (
        "changed", "approve", "reject"
    )  # fmt: skip
    assert math.fsum(part["amount"] for part in option["causes"]) == pytest.approx(option["difference"])
    first, second = document["answers"]
    assert [each["fate"] for each in first["evidence"]] == ["added"]
    assert second["value"] == {"old": 3, "new": 0}
    assert second["counts_for"][0]["options"] == ["p/direct"]
    assert document["settings"][0]["fields"] == [{"path": "as_of", "old": "2026-11-22", "new": "2026-12-02"}]


def test_the_same_states_give_the_same_bytes(found: StateComparison) -> None:
    again = StateComparison(found.before, found.after)
    assert {name: form(found) for name, form in FORMS.items()} == {
        name: form(again) for name, form in FORMS.items()
    }


def hostile() -> StateComparison:
    evil = build.answer(1, build.item("documented", source="t")).model_copy(update={"finding": EVIL})
    b = with_answers(small(3), AAA_01=evil)
    said = b.answers["p"]
    source = Source(title=EVIL, publisher=EVIL, kind="news", retrieved=build.AS_OF)
    product = said.product.model_copy(update={"name": EVIL, "vendor": EVIL})
    changes = {"sources": said.sources | {"t": source}, "product": product}
    b = replace(b, answers={"p": said.model_copy(update=changes)})
    b = replace(b, evaluation=b.evaluation.model_copy(update={"title": EVIL}))
    return compared(small(3), b, EVIL)


def test_hostile_text_is_shown_as_text_in_every_form() -> None:
    found = hostile()
    page = Page(FORMS["html"](found))
    assert [tag for tag, _ in page.elements if tag in ("script", "img", "iframe")] == []
    assert "<script>alert(1)</script>" in page.text
    assert all("\u202e" not in FORMS[name](found) for name in ("html", "markdown"))
    assert r"\<script\>alert(1)\</script\> \|\*x\*" in FORMS["markdown"](found)


def test_the_page_needs_nothing_but_itself(found: StateComparison) -> None:
    page = Page(FORMS["html"](found))
    policies = [attrs["content"] for tag, attrs in page.elements if tag == "meta" and "http-equiv" in attrs]
    assert policies == [
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    ]
    assert all(target.startswith("#") for target in page.values("href"))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {target.removeprefix("#") for target in page.values("href")} <= set(ids)


def test_long_tables_are_cut_where_it_is_seen(
    found: StateComparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evalkit.views.changes.contents.MOST_ROWS", 1)
    texts = [getattr(block, "text", "") for block in report(found).blocks]
    assert "1 more rows are left out here; --format json has all." in texts


def test_a_document_can_be_made_of_the_shipped_evaluation(shipped: EvaluationInputs) -> None:
    moved = replace(shipped, evaluation=later(shipped).evaluation)
    document = changes_document(compared(shipped, moved))
    assert {part["cause"] for option in document["options"] for part in option["causes"]} <= {
        "date", "applicability"
    }  # fmt: skip
    assert to_json(document) == to_json(changes_document(compared(shipped, moved)))


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_has_no_barrier(found: StateComparison, tmp_path: Path, chromium: str) -> None:
    path = tmp_path / "changes.html"
    path.write_text(FORMS["html"](found), encoding="utf-8")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS, timeout=60_000)
        # The page's own policy forbids the test's script, as it should.
        page = browser.new_page(viewport={"width": 360, "height": 740}, bypass_csp=True)
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        results = axe(page)
        browser.close()
    assert results.violations_count == 0, results.generate_report()
