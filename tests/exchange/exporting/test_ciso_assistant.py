"""The library for CISO Assistant: its form as its own libraries have it, and all that it can carry."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from evalkit.exchange.exporting.ciso_assistant import library
from tests.exchange.exporting.own import chosen, inputs
from tests.views.test_hostile import INVISIBLE

if TYPE_CHECKING:
    from evalkit.exchange.exporting.format import Chosen

URN = re.compile(r"urn:evalkit:risk:[a-z_]+:[a-z0-9._-]+(?::[a-z0-9._-]+)*")
REF = re.compile(r"[a-zA-Z0-9._-]+")
NODE_KEYS = {
    *("urn", "assessable", "depth", "parent_urn", "ref_id", "name", "description", "annotation"),
    *("typical_evidence", "implementation_groups", "weight", "questions"),
}


def loaded(of: Chosen) -> Any:  # noqa: ANN401 - YAML
    return yaml.safe_load(library(of).content)


def nodes_of(of: Chosen) -> list[Any]:
    return list(loaded(of)["objects"]["framework"]["requirement_nodes"])


def asked(of: Chosen, question: str) -> Any:  # noqa: ANN401 - YAML
    (node,) = [it for it in nodes_of(of) if it["ref_id"] == question and it["assessable"]]
    (found,) = node["questions"].values()
    return node | {"asked": found}


def scores(of: Chosen, question: str) -> dict[str, int]:
    return {it["value"]: it["add_score"] for it in asked(of, question)["asked"]["choices"]}


@pytest.mark.parametrize("which", ["own", "hostile", "shipped"])
def test_it_has_the_form_that_the_libraries_of_ciso_assistant_have(
    which: str, request: pytest.FixtureRequest
) -> None:
    made = loaded(request.getfixturevalue(which))
    assert [*made] == [
        *("urn", "locale", "ref_id", "name", "description", "copyright", "version", "publication_date"),
        *("provider", "packager", "objects"),
    ]
    assert isinstance(made["version"], int)
    assert isinstance(made["publication_date"], date)
    framework = made["objects"]["framework"]
    assert (framework["min_score"], framework["max_score"]) == (0, 100)
    groups = {it["ref_id"] for it in framework["implementation_groups_definition"]}
    nodes = framework["requirement_nodes"]
    urns = [made["urn"], framework["urn"], *(node["urn"] for node in nodes)]
    for place, node in enumerate(nodes):
        assert set(node) <= NODE_KEYS
        assert REF.fullmatch(node["ref_id"])
        if not node["assessable"]:
            assert (node["depth"], "parent_urn" in node) == (1, False)
            continue
        assert node["depth"] == 2
        assert node["parent_urn"] in {it["urn"] for it in nodes[:place]}
        assert isinstance(node["weight"], int)
        assert node["weight"] >= 1
        assert node["implementation_groups"]
        assert set(node["implementation_groups"]) <= groups
        for urn, question in node["questions"].items():
            assert question["type"] in {"unique_choice", "multiple_choice", "text"}
            urns += [urn, *(it["urn"] for it in question.get("choices", []))]
            assert all(isinstance(it["add_score"], int) for it in question.get("choices", []))
    assert len(set(urns)) == len(urns)
    assert not [urn for urn in urns if not URN.fullmatch(urn)]


def test_every_question_of_the_shipped_questionnaire_keeps_its_texts_levels_and_points(
    shipped: Chosen,
) -> None:
    questionnaire = shipped.inputs.questionnaire
    nodes = [node for node in nodes_of(shipped) if node["assessable"]]
    assert [node["ref_id"] for node in nodes] == [question.id for question in questionnaire.questions]
    for node, question in zip(nodes, questionnaire.questions, strict=True):
        (found,) = node["questions"].values()
        assert (node["name"], found["text"]) == (question.title, question.question)
        assert (node["description"], node["weight"]) == (question.why, question.weight)
        if question.kind == "scale":
            kept = [(it["value"], it["description"], it["add_score"]) for it in found["choices"]]
            assert kept == [(level.label, level.text, level.points) for level in question.levels]
        if question.kind == "set":
            ticks = {it["value"]: abs(it["add_score"]) for it in found["choices"]}
            assert ticks == {it.text: it.points or it.penalty or 0 for it in question.options}


def test_a_number_is_a_choice_of_ranges_from_the_worst_to_the_best(own: Chosen) -> None:
    assert scores(own, "LOC-03") == {
        "more than 30 days": 0,
        "indefinite": 0,
        "more than 0, at most 30 days": 50,
        "at most 0 days": 100,
    }
    assert scores(own, "LOC-04") == {
        "less than 90.5 days": 0,
        "at least 90.5, less than 365 days": 50,
        "at least 365 days": 100,
        "for ever": 100,
    }


def test_a_set_is_chosen_as_its_rule_counts(own: Chosen) -> None:
    assert [asked(own, name)["asked"]["type"] for name in ("LOC-05", "LOC-06", "LOC-07", "LOC-08")] == [
        *("unique_choice", "multiple_choice", "multiple_choice", "text")
    ]
    assert [it["add_score"] for it in asked(own, "LOC-07")["asked"]["choices"]] == [-15, 0]
    assert "Choose the worst" in asked(own, "LOC-05")["annotation"]
    assert "100 less the penalties" in asked(own, "LOC-07")["annotation"]
    assert "choices" not in asked(own, "LOC-08")["asked"]


def test_conditions_on_facts_are_groups_and_what_groups_cannot_say_is_always_asked(own: Chosen) -> None:
    groups = {node["ref_id"]: node["implementation_groups"] for node in nodes_of(own) if node["assessable"]}
    assert groups["LOC-01"] == ["always"]
    assert groups["LOC-02"] == ["surfaces-ide"]
    assert groups["LOC-09"] == ["always"]
    assert groups["LOC-10"] == ["routes-vendor_direct", "routes-aws_bedrock"]
    assert groups["LOC-11"] == ["surfaces-ide", "routes-vendor_direct", "routes-aws_bedrock"]
    defined = loaded(own)["objects"]["framework"]["implementation_groups_definition"]
    assert all(it["default_selected"] for it in defined)
    assert {it["ref_id"] for it in defined} == {name for own_ones in groups.values() for name in own_ones}
    assert "Applies if LOC-01 is at level 1 or better and" in asked(own, "LOC-10")["annotation"]


def test_a_questionnaire_without_conditions_has_no_groups(own: Chosen) -> None:
    plain = own.inputs.questionnaire
    domains = tuple(
        domain.model_copy(
            update={"questions": tuple(it.model_copy(update={"applies_if": None}) for it in domain.questions)}
        )
        for domain in plain.domains
    )
    questionnaire = replace(plain, domains=domains)
    made = loaded(replace(own, inputs=replace(own.inputs, questionnaire=questionnaire)))
    assert "implementation_groups" not in str(made)


def test_each_question_that_is_not_carried_whole_is_named(own: Chosen) -> None:
    losses = library(own).losses
    named = dict(loss.rsplit(": ", 1) for loss in losses if ": " in loss)
    assert named == {
        "a condition is in the annotation, and not all of it in groups": "LOC-09, LOC-10",
        "a number is a choice of ranges": "LOC-03, LOC-04",
        "only the worst of what is true can be chosen": "LOC-05",
        "CISO Assistant adds penalties up from 0 and shows 0, not the start value less them": "LOC-07",
        "the sum has a lower cap than CISO Assistant's": "LOC-06",
        "lists of hosts are text, and have no score": "LOC-08",
        "points are rounded": "LOC-09",
        "the weight is rounded": "LOC-09",
        "the companion value is asked for in the annotation only": "LOC-01",
        "references to frameworks are text in the annotation": "LOC-01",
    }
    assert losses[0].startswith("a library holds no answers")


def test_fractions_are_rounded_half_up(own: Chosen) -> None:
    assert [it["add_score"] for it in asked(own, "LOC-09")["asked"]["choices"]] == [0, 13, 100]
    assert asked(own, "LOC-09")["weight"] == 2


def test_answers_change_nothing_and_a_domain_named_like_a_question_is_another_node(own: Chosen) -> None:
    assert library(own) == library(chosen(inputs(LOC_01=inputs().answers["p"].answers["LOC-02"])))
    assert nodes_of(own)[0]["urn"].endswith(":domain-loc-01")
    assert nodes_of(own)[1]["urn"].endswith(":loc-01")


def test_nothing_invisible_is_in_a_hostile_library(hostile: Chosen) -> None:
    content = library(hostile).content
    assert isinstance(content, str)
    assert not INVISIBLE.search(content)
    assert "\\u202e" in yaml.safe_load(content)["name"]
