"""The letter to a vendor and the lab plan."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from evalkit.model.answers import ProductAnswers
from evalkit.model.questionnaire import Domain, Questionnaire
from evalkit.views.ask import markdown
from evalkit.views.lab_plan import lab_plan
from evalkit.views.vendor_letter import vendor_letter, vendor_letters
from tests.views.asked import lab, rows_of, small
from tests.views.test_hostile import INVISIBLE, spoiled

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs


def test_a_letter_quotes_each_question_once_with_why_and_evidence() -> None:
    inputs = small()
    letter = vendor_letter(inputs, "p", rows_of(inputs))
    assert letter.startswith("# Questions on p 1.0\n\nTo: v")
    assert letter.count("> Who sees it?") == 1
    assert "**Why it matters:** It is ours." in letter
    assert "- a: Level 3 of 4: - (documented). Page 7 says so." in letter
    assert "- b: Searched for, not found." in letter
    own = letter[letter.index("> Who sees it?") :]
    assert own.index("A log.") < own.index("A clause.") < own.index("A page.")
    assert "Please answer by 2026-11-22." in letter
    asked = re.findall(r"^## \d+\. .*\((\w+-\d+)\)$", letter, flags=re.MULTILINE)
    assert asked == list(dict.fromkeys(row.question.id for row in rows_of(inputs)))
    assert "- tested: shown in the organisation's own lab on this version" in letter  # BBB-01 names none


def test_a_letter_tells_the_vendor_no_verdict_and_no_chance() -> None:
    letter = vendor_letter(small(), "p", rows_of(small()))
    assert "%" not in letter
    assert not re.search(r"approve|reject|defer", letter)


def test_letters_are_one_per_product_and_can_be_cut() -> None:
    inputs = small()
    other = inputs.answers["p"].model_copy(
        update={"product": inputs.answers["p"].product.model_copy(update={"id": "q", "name": "q"})}
    )
    both = replace(inputs, answers={**inputs.answers, "q": other})
    letters = vendor_letters(both, rows_of(both), 1)
    assert re.findall(r"^# .*$", letters, flags=re.MULTILINE) == [
        "# Questions on p 1.0",
        "# Questions on q 1.0",
    ]
    assert letters.count("\n## ") == 2
    without = replace(inputs, evaluation=inputs.evaluation.model_copy(update={"deadline": None}))
    assert "Please answer by 2" not in vendor_letters(without, rows_of(without))


def test_a_lab_plan_merges_the_kit_and_adds_up_the_time() -> None:
    """AAA-01 has two records: 2 · 50 + 25 + 5 minutes."""
    inputs = small()
    plan = lab_plan(inputs, rows_of(inputs))
    assert "3 tests, 4 runs, 2 hours 10 minutes in all" in plan
    kit = plan[plan.index("## Kit") : plan.index("## Reference")]
    assert re.findall(r"\*\*(\w+)\*\*", kit) == ["clock", "vm", "proxy"]
    assert "- **vm**: Throw-away machine." in kit
    assert "- **proxy**: not described" in kit
    assert "1. First.\n2. Then." in plan
    assert "**Passes if:** It holds. Passing shows Level 4 of 4: -." in plan
    assert "Passing shows 60 of 100." in plan
    assert "Time: 50 minutes for each of 2 runs" in plan
    assert "Needs: nothing" in plan
    assert "BBB-01" not in plan


def test_a_lab_plan_can_be_cut_and_may_be_empty() -> None:
    inputs = small()
    assert lab_plan(inputs, rows_of(inputs), 1).count("\n> ") == 1
    assert "0 tests, 0 runs, 0 minutes in all" in lab_plan(inputs, ())
    whole_hours = [row for row in rows_of(inputs) if row.question.id == "AAA-01"][:1]
    hour = replace(whole_hours[0], test=lab((), 60))
    assert "1 test, 1 run, 1 hour in all" in lab_plan(inputs, [hour])


# --- what vendors write stays text


@pytest.fixture(scope="module")
def hostile(shipped: EvaluationInputs) -> EvaluationInputs:
    def again(model: Any, kind: Any) -> Any:  # noqa: ANN401 - any model
        return kind.model_validate(spoiled(model.model_dump(mode="json", by_alias=True, exclude_unset=True)))

    instrument = shipped.questionnaire
    kit = {name: f"{text} <script>alert(1)</script>" for name, text in instrument.header.lab_kit.items()}
    header = instrument.header.model_copy(update={"lab_kit": kit})
    return replace(
        shipped,
        questionnaire=Questionnaire(header, tuple(again(domain, Domain) for domain in instrument.domains)),
        answers={key: again(it, ProductAnswers) for key, it in shipped.answers.items()},
    )


@pytest.mark.parametrize("kind", ["letter", "plan"])
def test_hostile_text_adds_no_html_link_image_or_block(hostile: EvaluationInputs, kind: str) -> None:
    rows = rows_of(hostile)
    text = vendor_letters(hostile, rows, 5) if kind == "letter" else lab_plan(hostile, rows, 5)
    assert "alert(1)" in text
    assert "<" not in text
    assert not INVISIBLE.search(text)
    assert not re.search(r"\w://|(?<!\\)!\[|\bwww\.", text)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    kinds = {it.type for token in tokens for it in (token, *(token.children or ()))}
    assert not {
        it for it in kinds if it.startswith(("html", "link", "image", "code", "fence", "table", "s_"))
    }
    assert text.count("\n> ") == 5
    assert sum(token.type == "heading_open" for token in tokens) == (6 if kind == "letter" else 8)


@pytest.mark.parametrize(
    "text",
    [
        "# heading",
        "- item",
        "+ item",
        "12) item",
        "1. item",
        "===",
        "---",
        "> quote",
        "    code",
        "`code`",
        "~~gone~~",
        "![x](y)",
        "<https://e.example>",
        "a | b",
        "&lt;script&gt;",
        "back\\slash \\[x](y)",
        "*em* __strong__",
        "[x]: https://e.example",
    ],
)
def test_escaped_text_is_shown_as_it_was_written(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == " ".join(text.split())


def test_addresses_become_no_links() -> None:
    assert markdown("a@b.example and mailto:a") == r"a\@b.example and mailto\:a"
