"""The ask-list, the letter to a vendor and the lab plan."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from evalkit.model.answers import ProductAnswers
from evalkit.model.information import GroupValue
from evalkit.model.questionnaire import (
    Domain,
    EvidenceWanted,
    LabTest,
    Questionnaire,
)
from evalkit.scoring.first_place_shift import first_place_shifts
from evalkit.scoring.information import value_of_information
from evalkit.scoring.information_groups import value_of_groups
from evalkit.views.ask import COLUMNS, ask_csv, ask_document, ask_rows, markdown
from evalkit.views.ask_groups import group_rows, how_known
from evalkit.views.ask_groups import rows_of as rows_of_kind
from evalkit.views.export import to_json
from evalkit.views.first_place import FirstPlace
from evalkit.views.lab_plan import lab_plan
from evalkit.views.vendor_letter import vendor_letter, vendor_letters
from tests.scoring import builders as build
from tests.views.test_hostile import INVISIBLE, spoiled

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.views.ask import AskRow

WANTED = (
    EvidenceWanted(kind="claim", what="A sentence."),
    EvidenceWanted(kind="documented", what="A page."),
    EvidenceWanted(kind="contract", what="A clause."),
    EvidenceWanted(kind="tested", what="A log."),
)


def lab(needs: tuple[str, ...], minutes: int, shows: int = 4) -> LabTest:
    return LabTest(
        needs=needs,
        steps=("First.", "Then."),
        pass_if="It holds.",  # noqa: S106 - no password
        passing_shows=shows,
        minutes=minutes,
    )


def told(asked: Question, **parts: Any) -> Any:  # noqa: ANN401 - a question of any kind
    return asked.model_copy(update=parts)


def small() -> EvaluationInputs:
    """Two deployments; AAA-01 is open in both apart, AAA-02 refused, BBB-01 a number that no lab tests."""
    instrument = build.questionnaire(
        {
            "aaa": [
                told(
                    build.scale("AAA-01"),
                    question="Who sees it?",
                    why="It is ours.",
                    evidence=WANTED,
                    lab_test=lab(("vm", "clock"), 50),
                ),
                told(
                    build.scale("AAA-02", strongest="contract"),
                    question="For how long?",
                    evidence=WANTED,
                    lab_test=lab(("vm", "proxy"), 25),
                ),
            ],
            "bbb": [
                told(build.number("BBB-01", ((0, 100), (30, 50)), weight=3), question="How many days?"),
                told(build.number("BBB-02", ((0, 100),)), lab_test=lab((), 5, 60)),
            ],
        }
    )
    header = instrument.header.model_copy(
        update={"lab_kit": {"clock": "Moves time.", "vm": "Throw-away machine.", "unused": "No."}}
    )
    said = {
        "AAA-01": build.answer(3, "documented", deployments={"b": build.statement(state="unknown")}),
        "AAA-02": build.answer(state="refused"),
        "BBB-01": build.answer(7, "claim"),
        "BBB-02": build.answer(state="unknown"),
    }
    said["AAA-01"] = said["AAA-01"].model_copy(update={"finding": "Page 7 says so."})
    places = [build.deployment("a"), build.deployment("b")]
    policy = build.profile({"aaa": 1, "bbb": 1}, limits=build.thresholds(0.6))
    return build.inputs(
        Questionnaire(header, instrument.domains),
        policy,
        build.product_answers(said, deployments=places),
        deadline=build.AS_OF,
    )


def rows_of(inputs: EvaluationInputs) -> tuple[AskRow, ...]:
    return ask_rows(inputs, value_of_information(inputs))


def row_of(inputs: EvaluationInputs, question: str, scope: str = "*") -> AskRow:
    return next(it for it in rows_of(inputs) if (it.question.id, it.value.scope) == (question, scope))


# --- the list


def test_rows_stand_in_the_order_of_value_and_can_be_cut() -> None:
    inputs = small()
    values = value_of_information(inputs)
    assert [row.place for row in ask_rows(inputs, values)] == [1, 2, 3, 4, 5]
    assert [row.value for row in ask_rows(inputs, values, 2)] == list(values[:2])


def test_a_row_says_what_was_found_and_what_would_settle_it_strongest_first() -> None:
    row = row_of(small(), "AAA-01")
    assert row.deployments == ("a",)
    assert (row.value.state, row.found, row.finding) == (
        "answered",
        "Level 3 of 4: - (documented)",
        "Page 7 says so.",
    )
    assert [it.evidence_class for it in row.settles] == ["tested", "contract", "documented", "claim"]
    assert row_of(small(), "AAA-01", "b").found == "Searched for, not found"


def test_evidence_stronger_than_the_question_asks_for_is_not_wanted() -> None:
    row = row_of(small(), "AAA-02")
    assert [it.evidence_class for it in row.settles] == ["contract", "documented", "claim"]
    assert row.found == "Asked, not answered"


def test_a_row_says_at_which_values_a_verdict_turns() -> None:
    """A number is told by its worth: with .5 assured, .8 needs at least .6 of the other half."""
    inputs = small()
    for row in rows_of(inputs):
        changes = any(it.verdict_changes > 0 for it in row.value.options)
        assert bool(row.turns) == changes
    two = build.questionnaire({"aaa": [build.number("AAA-01", ((0, 100),)), build.scale("AAA-02")]})
    said = build.product_answers(
        {"AAA-01": build.answer(state="unknown"), "AAA-02": build.answer(4, "tested")}
    )
    (row,) = rows_of(build.inputs(two, build.profile({"aaa": 1}, limits=build.thresholds(0.8)), said))
    assert row.turns == (
        "defer for evidence → reject at 0, 25 and 50 of 100 (80 %)",
        "defer for evidence → approve at 75 and 100 of 100 (20 %)",
    )


def test_csv_has_one_line_per_record_and_no_formula() -> None:
    inputs = small()
    answers = inputs.answers["p"]
    places = tuple(it.model_copy(update={"name": "=1+1\n\u202e"}) for it in answers.deployments)
    evil = replace(inputs, answers={"p": answers.model_copy(update={"deployments": places})})
    rows = list(csv.DictReader(io.StringIO(ask_csv(rows_of(evil)))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 5
    assert {row["deployments"][:2] for row in rows} == {"'="}
    assert not any("\u202e" in cell for row in rows for cell in row.values())


def test_the_document_holds_records_values_and_groups() -> None:
    inputs = small()
    groups = group_rows(inputs, value_of_groups(inputs, seed=3, draws=10))
    document = ask_document(inputs, rows_of(inputs), groups, FirstPlace(2))
    assert document["format"] == "evalkit/ask/1"
    first = document["records"][0]
    assert sum(it["chance"] for it in next(iter(first["options"].values()))["values"]) == pytest.approx(1)
    assert {(group["kind"], group["product"], group["domain"]) for group in document["groups"]} == {
        ("product", "p", None),
        ("domain", None, "aaa"),
        ("domain", None, "bbb"),
        ("product-domain", "p", "aaa"),
        ("product-domain", "p", "bbb"),
    }
    assert {record["first_shift"] for record in document["records"]} == {None}
    assert (document["first_place"]["draws"], document["first_place"]["seed"]) == (100_000, 1)
    assert to_json(document)


def test_the_shift_of_the_first_place_stands_in_list_and_document_or_why_not() -> None:
    inputs = small()
    rows = ask_rows(inputs, value_of_information(inputs, shifts=first_place_shifts(inputs)))
    shown = [row.value.first_shift for row in rows]
    assert any(shown)
    assert None in shown
    cells = [row["first_shift"] for row in csv.DictReader(io.StringIO(ask_csv(rows)))]
    assert cells == ["" if it is None else str(round(it, 6)) for it in shown]
    document = ask_document(inputs, rows, (), FirstPlace(9))
    assert document["first_place"]["draws"] is document["first_place"]["seed"] is None
    assert "left out" in document["first_place"]["note"]
    assert "here there are 9" in document["first_place"]["note"]
    assert "here there is 1" in FirstPlace(1).sentence
    assert "among the 2 options" in FirstPlace(2).sentence


# --- groups


def group(product: str | None, domain: str | None, **figures: Any) -> GroupValue:  # noqa: ANN401 - figures of a group
    known: dict[str, Any] = {
        "records": 2,
        "verdict_changes": 0.5,
        "leader_changes": 0.0,
        "evppi": 0.0,
        "by_option": (("p/a", 0.5), ("p/b", 0.25)),
        "approved_now": 0,
        "approved": 0.5,
        "draws": 100,
        "seed": 4,
        "error": 0.098,
    }
    return GroupValue(product, domain, **known | figures)


def test_groups_are_told_kind_by_kind_the_most_worth_having_first() -> None:
    """A difference that chance may have made does not decide; then fewer records come first."""
    inputs = small()
    rows = group_rows(
        inputs,
        [
            group("p", "bbb", leader_changes=0.2),
            group(None, "aaa", verdict_changes=0.501, records=9),
            group(None, "bbb", verdict_changes=0.499),
            group("p", "aaa"),
            group("p", None),
        ],
    )
    assert [(row.kind, row.place, row.name, row.whose) for row in rows] == [
        ("product", 1, "p", "v"),
        ("domain", 1, "bbb", ""),
        ("domain", 2, "aaa", ""),
        ("product-domain", 1, "p: bbb", "v"),
        ("product-domain", 2, "p: aaa", "v"),
    ]
    assert {(row.changed, row.approved) for row in rows} == {("0.8 of 2", "0.5 (now 0)")}
    assert [row.value.domain for row in rows_of_kind(rows, "domain")] == ["bbb", "aaa"]


def test_how_figures_of_groups_are_known_is_told() -> None:
    inputs = small()
    drawn, exact = group("p", None), group("p", "aaa", draws=None, seed=None, error=0.0)
    assert "They are drawn 100 times (seed 4), so a chance is known to ± 10 %." in how_known(
        group_rows(inputs, [drawn])
    )
    assert "1 group of 2 are drawn" not in how_known(group_rows(inputs, [drawn, exact]))
    assert "1 group of 2 is drawn" in how_known(group_rows(inputs, [drawn, exact]))
    assert how_known(group_rows(inputs, [exact])).endswith("The figures are exact.")


def test_groups_follow_the_records_in_the_csv_with_a_kind_of_their_own() -> None:
    inputs = small()
    product = inputs.answers["p"].product.model_copy(update={"name": "=1+1"})
    evil = replace(inputs, answers={"p": inputs.answers["p"].model_copy(update={"product": product})})
    groups = group_rows(evil, [group("p", None), group(None, "bbb")])
    lines = list(csv.DictReader(io.StringIO(ask_csv(rows_of(evil), groups))))
    assert [line["kind"] for line in lines] == [*["record"] * 5, "product", "domain"]
    whole, domain = lines[5:]
    assert (whole["title"], whole["product"], whole["domain"], whole["question"]) == ("'=1+1", "p", "", "")
    assert (domain["title"], domain["product"], domain["domain"]) == ("bbb", "", "bbb")
    assert [whole[it] for it in ("records", "verdicts_changed", "approved", "approved_now", "error")] == [
        "2",
        "0.75",
        "0.5",
        "0",
        "0.098",
    ]
    assert {line["approved"] for line in lines[:5]} == {""}


# --- letter and plan


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


def test_what_assessors_found_is_told_of_each() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    files = {
        name: build.product_answers(
            {
                "AAA-01": build.answer(level, "documented").model_copy(
                    update={"finding": f"{name} read it."}
                ),
                "AAA-02": build.answer(2, "documented").model_copy(update={"finding": "Both read it."}),
            }
        )
        for name, level in (("ann", 1), ("bob", 3))
    }
    empty = build.inputs(instrument, build.profile({"aaa": 1}), build.product_answers({}))
    inputs = replace(empty, assessors={"p": files})
    differ, agree = row_of(inputs, "AAA-01"), row_of(inputs, "AAA-02")
    assert (differ.found, differ.finding) == ("Conflicting statements", "ann read it. bob read it.")
    assert (agree.found, agree.finding) == ("Level 2 of 4: - (documented)", "Both read it.")
