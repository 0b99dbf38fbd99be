"""Which statement serves which deployment, and which statements are one record."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from evalkit.model.answers import Answered, Comment, Review, Source
from evalkit.model.records import (
    changed_sources,
    identity,
    is_outdated,
    normalised,
    revision_of,
    scope_of,
    source_revision,
    source_revisions,
    state_of,
    statement_for,
)
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.answers import Answer, Statement

DEPLOYMENTS = [build.deployment(name) for name in ("zeta", "alpha", "mid", "last")]


def scope(answer: Answer | None, deployment: str) -> str:
    answers = {} if answer is None else {"AAA-01": answer}
    return scope_of(build.product_answers(answers, deployments=DEPLOYMENTS), "AAA-01", deployment)


def test_an_override_replaces_the_whole_answer_for_its_deployment() -> None:
    own = build.statement(4, "tested")
    general = build.answer(2, "claim", deployments={"mid": own})
    answers = build.product_answers({"AAA-01": general}, deployments=DEPLOYMENTS)
    assert statement_for(answers, "AAA-01", "mid") is own
    assert statement_for(answers, "AAA-01", "zeta") is general
    assert state_of(statement_for(answers, "AAA-02", "mid")) == "unanswered"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (build.statement(), "unanswered"),
        (build.statement(state="unanswered"), "unanswered"),
        (build.statement(0, "claim"), "answered"),
        (build.statement(0, "claim", state="answered"), "answered"),
        (build.statement((), "claim"), "unknown"),
        (build.statement((), "claim", state="answered"), "unknown"),
        (build.statement(state="unknown"), "unknown"),
        (build.statement(state="refused"), "refused"),
        (build.statement(state="conflicting"), "conflicting"),
    ],
)
def test_a_value_answers_and_a_set_with_nothing_ticked_is_unknown(said: Statement, state: str) -> None:
    assert state_of(said) == state


def test_the_general_answer_has_scope_star() -> None:
    assert scope(None, "mid") == "*"
    assert scope(build.answer(2, "claim"), "mid") == "*"
    differing = build.answer(2, "claim", deployments={"mid": build.statement(3, "claim")})
    assert scope(differing, "zeta") == "*"
    assert scope(differing, "mid") == "mid"


def test_overrides_that_say_the_same_are_one_record_with_sorted_deployments() -> None:
    first, second = build.item("claim", 3), build.item("documented", source="d")
    same = build.statement(3, second, build.item("claim"))
    answer = build.answer(
        2,
        "claim",
        deployments={
            "zeta": build.statement(3, first, second),
            "alpha": same.model_copy(update={"finding": "In other words.", "also": "30 days"}),
            "last": build.statement(3, "documented"),
        },
    )
    assert scope(answer, "zeta") == scope(answer, "alpha") == "alpha+zeta"
    assert scope(answer, "last") == "last"


def test_an_override_equal_to_the_general_answer_is_its_record() -> None:
    answer = build.answer(2, "claim", deployments={"mid": build.statement(2, build.item("claim", 2))})
    assert scope(answer, "mid") == "*"


@pytest.mark.parametrize(
    "other",
    [
        build.statement(3, "claim"),
        build.statement(2, "documented"),
        build.statement(2, "claim", "claim"),
        build.statement(2, build.item("claim", source="t")),
        build.statement(2, build.item("claim", 3)),
        build.statement(2, build.item("claim", deployments=("mid",))),
        build.statement(state="unknown"),
    ],
)
def test_another_state_value_or_item_is_another_record(other: Statement) -> None:
    assert identity(other) != identity(build.statement(2, "claim"))


def test_the_order_of_ticks_and_hosts_is_no_matter() -> None:
    assert normalised(("a", "b")) == normalised(("b", "a"))
    assert normalised(build.lists(("a.test", "B.test"))) == normalised(build.lists(("b.test", "a.test")))
    assert normalised(build.lists(("a.test",))) != normalised(build.lists((), ("a.test",)))
    assert normalised(build.lists(("a.test",))) != normalised(build.lists(("a.test",), purposes=True))


def test_the_revision_changes_with_all_that_is_signed_off_and_with_nothing_else() -> None:
    answer = build.answer(2, "documented")
    day = date(2026, 1, 2)
    around = {
        "answered": Answered(by="ann", on=day),
        "reviewed": Review(by="ben", on=day),
        "comments": (Comment(by="ben", on=day, text="Which page?"),),
        "deployments": {"mid": build.statement(3, "claim")},
    }
    assert revision_of(answer.model_copy(update=around)) == revision_of(answer)
    assert re.fullmatch("[0-9a-f]{12}", revision_of(answer))
    content = {
        "state": "unknown",
        "value": 3,
        "finding": "Read again.",
        "also": "30 days",
        "evidence": build.answer(2, "tested").evidence,
    }
    changed = [answer.model_copy(update={name: value}) for name, value in content.items()]
    assert len({revision_of(each) for each in (answer, *changed)}) == 6


def test_a_sign_off_holds_while_the_sources_say_what_they_said() -> None:
    source = Source(title="Manual", publisher="Vendor", kind="vendor-docs")
    statement = build.statement(2, build.item("documented"))
    key = statement.evidence[0].source
    marks = source_revisions(statement, {key: source, "other": source})
    assert marks == {key: source_revision(source)}
    review = Review(by="ben", on=date(2026, 1, 2), revision=revision_of(statement), sources=marks)
    signed = statement.model_copy(update={"reviewed": review})
    assert not is_outdated(signed, {key: source})
    for now in ({}, {key: source.model_copy(update={"retrieved": date(2026, 1, 1)})}):
        assert changed_sources(signed, now) == (key,)
        assert is_outdated(signed, now)
    assert changed_sources(statement, {}) == ()
    older = statement.model_copy(update={"reviewed": Review(by="ben", on=date(2026, 1, 2))})
    assert not is_outdated(older, {})
