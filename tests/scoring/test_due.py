"""What falls due when, and what each day changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from evalkit.model.decision import Basis, DecidedCondition, DecidedWaiver, Decision, DecisionRecord, Standing
from evalkit.scoring.cited import cited_by
from evalkit.scoring.course import Look, dated
from evalkit.scoring.due import due_list
from evalkit.scoring.score import score_as_stated
from tests.scoring import builders as build
from tests.scoring.builders import AS_OF
from tests.scoring.cases import evaluations

if TYPE_CHECKING:
    from evalkit.model.answers import Answer
    from evalkit.model.due import Due, DueList
    from evalkit.model.evaluation import EvaluationInputs

LAST = AS_OF + timedelta(days=180)
"""The last day of what is documented today."""

OLD = date(2026, 1, 1)
INSTRUMENT = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})


def evaluation(
    answers: dict[str, Answer], *, approve_at: float = 0.0, mitigable: bool = False, **parts: object
) -> EvaluationInputs:
    """One product; AAA-01 has a gate that asks for level 2, documented."""
    policy = build.profile(
        {"aaa": 1},
        limits=build.thresholds(approve_at),
        gates=[build.gate("AAA-01", at_least=2, mitigable=mitigable)],
    )
    sources = {name: build.source(AS_OF) for name in ("s", "docs", "lab")}
    said = build.product_answers(answers, sources=sources)
    return build.inputs(INSTRUMENT, policy, said, **parts)  # type: ignore[arg-type]


def two(first: Answer | None = None, second: Answer | None = None) -> dict[str, Answer]:
    """Level 4 twice: documented, and tested."""
    return {
        "AAA-01": first or build.answer(4, build.item("documented", source="docs")),
        "AAA-02": second or build.answer(4, build.item("tested", source="lab")),
    }


def only(found: DueList, kind: str = "evidence") -> Due:
    (due,) = (it for it in found.dues if it.kind == kind and it.matters)
    return due


def record(**parts: object) -> DecisionRecord:
    basis = Basis(evalkit="1", questionnaire="test@1.0.0", profile="test", as_of=AS_OF, inputs={})
    decision = Decision(
        option="p/direct",
        verdict="approve-with-conditions",
        by="Board",
        on=AS_OF,
        basis=basis.digest,
        evalkit=Standing(verdict="approve"),
        **parts,  # type: ignore[arg-type]
    )
    return DecisionRecord(
        format="evalkit/decision/1", evaluation="test", decisions=(decision,), bases={basis.digest: basis}
    )


def test_evidence_ends_on_the_last_day_on_which_it_counts_in_full() -> None:
    # REGULATED: documented counts 180 days, tested 365.
    found = due_list(evaluation(two()), on=AS_OF)
    assert [(due.day, due.subject, due.questions) for due in found.dues] == [
        (LAST, "docs", ("AAA-01",)),
        (AS_OF + timedelta(days=365), "lab", ("AAA-02",)),
    ]


def test_what_ends_shows_each_answer_gate_and_verdict_before_and_after() -> None:
    # Documented, level 4: slack 2 of REGULATED leaves 0.5 to 1; as third party slack 3 leaves 0.25, and the
    # gate needs documented: it opens.
    due = only(due_list(evaluation(two()), on=AS_OF, days=181))
    (reading,) = due.effect.readings
    assert (reading.before.low, reading.before.high, reading.before.evidence_class) == (0.5, 1, "documented")
    assert (reading.after.low, reading.after.high, reading.after.evidence_class) == (0.25, 1, "third_party")
    (gate,) = due.effect.gates
    assert (gate.question, gate.before, gate.after) == ("AAA-01", "pass", "open")
    (turned,) = due.effect.turns
    assert (turned.before.verdict, turned.after.verdict) == ("approve", "defer")
    assert turned.because == ("AAA-01",)


def test_a_verdict_that_turns_on_the_way_is_told_with_its_last_day() -> None:
    found = due_list(evaluation(two()), on=AS_OF)
    (turn,) = found.turns
    assert (turn.day, turn.change.option) == (LAST, "p/direct")
    assert [gate.question for gate in turn.gates] == ["AAA-01"]


def test_a_verdict_turns_without_a_gate_where_the_assured_score_falls_too_low() -> None:
    inputs = evaluation(
        {
            "AAA-01": build.answer(4, "contract"),
            "AAA-02": build.answer(4, build.item("documented", source="docs")),
        },
        approve_at=0.6,
    )
    (turn, *_) = due_list(inputs, on=AS_OF).turns
    assert turn.gates == ()
    assert (turn.day, turn.change.because) == (LAST, ("AAA-02",))
    assert turn.change.before.assured == pytest.approx(0.625)  # (0.75 + 0.5) / 2
    assert turn.change.after.assured == pytest.approx(0.5)  # (0.75 + 0.25) / 2


def test_how_far_ahead_one_looks_limits_what_is_shown() -> None:
    inputs = evaluation(two())
    assert due_list(inputs, on=AS_OF, days=0).dues == ()
    assert due_list(inputs, on=AS_OF, days=180).dues == ()
    assert [due.subject for due in due_list(inputs, on=AS_OF, days=181).dues] == ["docs"]
    assert due_list(inputs, on=LAST, days=1).dues[0].subject == "docs"


def test_what_ends_on_the_day_itself_is_not_past_and_on_the_next_one_is() -> None:
    inputs = evaluation(two())
    assert due_list(inputs, on=LAST, days=0).past == ()
    past = due_list(inputs, on=LAST + timedelta(days=1), days=0).past
    assert [(due.subject, due.is_past) for due in past] == [("docs", True)]


def test_what_is_past_shows_what_it_took_away_by_itself() -> None:
    (due,) = due_list(evaluation(two()), on=LAST + timedelta(days=1), days=0).past
    (turned,) = due.effect.turns
    assert (turned.before.verdict, turned.after.verdict) == ("approve", "defer")
    assert [(it.before.low, it.after.low) for it in due.effect.readings] == [(0.5, 0.25)]


def test_evidence_that_newer_one_replaced_does_not_matter() -> None:
    first = build.answer(
        4, build.item("documented", collected=OLD, source="s"), build.item("documented", source="docs")
    )
    found = due_list(evaluation(two(first)), on=AS_OF, days=0)
    # As third party it does not govern beside the newer one, which says the same.
    assert [(due.subject, due.is_past, due.matters) for due in found.dues] == [("s", True, False)]
    assert found.past == ()
    weaker = build.answer(
        4, build.item("third_party", collected=OLD, source="s"), build.item("documented", source="docs")
    )
    found = due_list(evaluation(two(weaker)), on=AS_OF, days=0)
    assert [due.matters for due in found.dues] == [False]
    assert found.past == ()


def test_evidence_that_other_evidence_of_its_class_outlives_does_not_matter() -> None:
    first = build.answer(
        4,
        build.item("documented", source="s"),
        build.item("documented", source="docs", expires=LAST + timedelta(days=9)),
    )
    found = due_list(evaluation(two(first)), on=AS_OF, days=190)
    assert [(due.subject, due.matters) for due in found.dues] == [("s", False), ("docs", True)]


def test_a_claim_that_expired_is_past_though_it_cannot_sink_lower() -> None:
    first = build.answer(4, build.item("claim", collected=OLD, source="s"))
    (due,) = due_list(evaluation(two(first)), on=AS_OF, days=0).past
    assert (due.subject, due.effect.readings, due.effect.gates) == ("s", (), ())


def test_one_source_is_one_task_however_many_answers_and_options_cite_it() -> None:
    both = [build.deployment("direct"), build.deployment("bedrock", route="aws_bedrock")]
    said = build.product_answers(
        {
            name: build.answer(4, build.item("documented", source="docs", collected=None))
            for name in ("AAA-01", "AAA-02")
        },
        deployments=both,
        sources={"docs": build.source(AS_OF)},
    )
    inputs = build.inputs(INSTRUMENT, build.profile({"aaa": 1}), said)
    due = only(due_list(inputs, on=AS_OF))
    assert (due.options, due.questions) == (("p/direct", "p/bedrock"), ("AAA-01", "AAA-02"))
    assert len(due.items) == 2
    narrowed = only(due_list(inputs, on=AS_OF, options={"p/bedrock"}))
    assert narrowed.options == ("p/bedrock",)
    assert {it.option for it in narrowed.effect.readings} == {"p/bedrock"}


def test_two_days_of_one_source_are_two_tasks() -> None:
    answers = two(
        build.answer(4, build.item("documented", source="docs")),
        build.answer(4, build.item("source_read", source="docs")),
    )
    days = [due.day for due in due_list(evaluation(answers), on=AS_OF).dues]
    assert days == [LAST, AS_OF + timedelta(days=365)]


def test_the_verdict_rises_where_the_evidence_against_it_expires() -> None:
    # Level 1, documented: the gate fails. As third party it is too weak to decide, so it opens.
    found = due_list(evaluation(two(build.answer(1, build.item("documented", source="docs")))), on=AS_OF)
    (turn, *_) = found.turns
    assert (turn.change.before.verdict, turn.change.after.verdict) == ("reject", "defer")
    assert (turn.gates[0].before, turn.gates[0].after) == ("fail", "open")


def test_evidence_that_never_ends_falls_due_on_no_day() -> None:
    first = build.answer(4, build.item("documented", source="docs", expires=date.max))
    found = due_list(evaluation(two(first)), on=AS_OF)
    assert [due.day for due in found.dues if due.subject == "docs"] == [date.max]
    assert found.turns == ()


def test_a_test_of_another_version_is_past_whatever_its_day() -> None:
    second = build.answer(4, build.item("tested", source="lab", version="0.9"))
    (due,) = due_list(evaluation(two(second=second)), on=AS_OF, days=0).past
    assert (due.kind, due.subject, due.text, due.items[0].version) == ("release", "lab", "1.0", "0.9")
    (reading,) = due.effect.readings
    assert (reading.before.evidence_class, reading.after.evidence_class) == ("tested", "attested")


def test_a_release_makes_the_tests_of_the_version_before_stale() -> None:
    # AAA-02 is tested: 1; as attested, slack 1 leaves 0.75.
    inputs = evaluation(two())
    whole, lab = due_list(inputs, on=AS_OF, days=0, releases={"p": "2.0"}).releases
    assert (whole.subject, lab.subject, lab.text) == ("", "lab", "2.0")
    (reading,) = lab.effect.readings
    assert (reading.question, reading.before.low, reading.after.low) == ("AAA-02", 1, 0.75)
    assert due_list(inputs, on=AS_OF, days=0, releases={"p": "1.0"}).releases == ()


def test_a_release_lets_tests_of_that_very_version_count_in_full_again() -> None:
    second = build.answer(4, build.item("tested", source="lab", version="2.0"))
    (whole,) = due_list(evaluation(two(second=second)), on=AS_OF, days=0, releases={"p": "2.0"}).releases
    (reading,) = whole.effect.readings
    assert (reading.before.low, reading.after.low) == (0.75, 1)


def test_a_waiver_that_ends_reopens_its_gate() -> None:
    answers = two(build.answer(4, build.item("claim", source="s", expires=date.max)))
    until = AS_OF + timedelta(days=10)
    inputs = evaluation(answers, mitigable=True, waivers=[build.waiver("p/direct", "AAA-01", until)])
    due = only(due_list(inputs, on=AS_OF, days=20), "waiver")
    assert (due.day, due.subject, due.who, due.recorded_in) == (until, "AAA-01", "b", ("evaluation.yaml",))
    assert [(gate.before, gate.after) for gate in due.effect.gates] == [("waived", "open")]
    past = only(due_list(inputs, on=until + timedelta(days=1), days=0), "waiver")
    assert past.is_past
    assert [(gate.before, gate.after) for gate in past.effect.gates] == [("waived", "open")]


def test_a_waiver_that_the_board_decided_too_is_one_and_its_own_changes_no_figure() -> None:
    until = AS_OF + timedelta(days=10)
    inputs = evaluation(two(), mitigable=True, waivers=[build.waiver("p/direct", "AAA-01", until)])
    own = DecidedWaiver(gate="AAA-02", by="Board", reason="r", until=until)
    same = DecidedWaiver(gate="AAA-01", by="Board", reason="r", until=until)
    found = due_list(inputs, on=AS_OF, days=20, record=record(waivers=(own, same)))
    told = {due.subject: due.recorded_in for due in found.dues if due.kind == "waiver"}
    assert told == {"AAA-01": ("evaluation.yaml", "decision.yaml"), "AAA-02": ("decision.yaml",)}


def test_conditions_of_the_board_are_due_until_they_are_done() -> None:
    open_one = DecidedCondition(text="A contract", owner="Legal", due=AS_OF - timedelta(days=1))
    done = DecidedCondition(text="A pilot", owner="Team", due=AS_OF, done=AS_OF)
    found = due_list(evaluation(two()), on=AS_OF, days=0, record=record(conditions=(open_one, done)))
    (due,) = found.past
    assert (due.kind, due.text, due.who, due.options) == ("condition", "A contract", "Legal", ("p/direct",))
    other = due_list(
        evaluation(two()), on=AS_OF, days=0, options=set(), record=record(conditions=(open_one,))
    )
    assert other.dues == ()


def test_after_the_deadline_a_refusal_fails_its_gate() -> None:
    answers = two(build.answer(state="refused"))
    day = AS_OF + timedelta(days=3)
    due = only(due_list(evaluation(answers, deadline=day), on=AS_OF, days=10), "deadline")
    assert [(gate.before, gate.after) for gate in due.effect.gates] == [("open", "fail")]
    # Nothing is left that nobody answered: once it is over, there is nothing to do.
    assert due_list(evaluation(answers, deadline=day), on=day + timedelta(days=1), days=0).dues == ()
    waiting = evaluation({"AAA-02": build.answer(4, "tested")}, deadline=day)
    (past,) = due_list(waiting, on=day + timedelta(days=1), days=0).past
    assert (past.kind, past.options) == ("deadline", ("p/direct",))


def test_an_option_that_is_not_scored_has_dates_and_no_effects() -> None:
    inputs = evaluation({})
    assert due_list(inputs, on=AS_OF).dues == ()


def test_assessors_evidence_falls_due_as_theirs() -> None:
    inputs = evaluation({})
    sources = {"docs": build.source(AS_OF)}
    own = {
        name: build.product_answers(
            {"AAA-01": build.answer(level, build.item("documented", source="docs"))}, sources=sources
        )
        for name, level in (("ann", 4), ("bo", 3))
    }
    inputs = type(inputs)(**{**vars(inputs), "assessors": {"p": own}})
    due = only(due_list(inputs, on=AS_OF))
    assert [item.assessor for item in due.items] == ["ann", "bo"]
    (past,) = due_list(inputs, on=LAST + timedelta(days=1), days=0).past
    assert [(it.before.low, it.after.low) for it in past.effect.readings] == [(0.25, 0)]


@settings(max_examples=60, deadline=None)
@given(evaluations())
def test_every_day_that_comes_is_scored_as_that_day_is_scored_alone(inputs: EvaluationInputs) -> None:
    look = Look.on(inputs, AS_OF, None, None)
    for option in look.options:
        outlook = look.stands[option.id].outlook
        for day, passing in look.passings(option, tuple(cited_by(look.inputs, option))):
            for change in passing.effect.options:
                assert change.before == outlook
                outlook = change.after
            card = score_as_stated(dated(inputs, day + timedelta(days=1)), option)
            assert (card.finding.verdict, card.finding.reason) == (outlook.verdict, outlook.reason)
            assert (card.span.assured if card.span else None) == outlook.assured
