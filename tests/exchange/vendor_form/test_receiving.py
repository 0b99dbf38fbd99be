"""What an answer comes to: accepted, changed, unchanged or rejected, and what then stands in the file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.exchange.vendor_form.receiving import most_urgent_first, receive
from evalkit.files.loading import check
from evalkit.files.saving.history import history_of, undoing
from evalkit.files.saving.states import Edit
from evalkit.model.answers import HostLists
from evalkit.model.questionnaire import SetQuestion
from tests.exchange.vendor_form.acme import (
    NOW,
    QUESTIONNAIRE,
    came_back,
    evaluation,
    file_of,
    fill_in,
    outcome,
    says,
    sent,
)

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.model.questionnaire import SetOption

LINK = "https://acme.example/paths"
SUPPORT: dict[str, object] = {
    "answer": "No forced end",
    "explanation": "We refuse no version.",
    "backing": "contract clause",
    "link": LINK,
    "day": date(2026, 5, 1),
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


@pytest.mark.parametrize("name", ["acme.xlsx", "acme.csv"])
@pytest.mark.parametrize("with_findings", [True, False])
def test_what_comes_back_as_it_was_sent_changes_nothing(
    small: Path, name: str, *, with_findings: bool
) -> None:
    received = came_back(small, sent(small, name, with_findings=with_findings))
    assert {row.outcome for row in received.rows} == {"unchanged"}
    assert len({row.question for row in received.rows}) == 74
    assert received.edits == ()
    assert received.apply(NOW) == ()


def test_an_answer_where_none_stood_is_filed_as_a_claim_with_its_link_as_a_lead(small: Path) -> None:
    received = came_back(small, fill_in(sent(small), {"VER-03/*": SUPPORT}))
    row = outcome(received, "VER-03")
    assert (row.outcome, received.rejected) == ("accepted", ())
    assert row.diff[0] == "said: No forced end; stands: not found"
    assert "value: 'no_forced_end'" in row.diff
    assert received.apply(NOW) == ()
    answers = says(small)
    statement = answers.answers["VER-03"]
    assert (statement.value, statement.state, statement.finding) == (
        "no_forced_end",
        None,
        "We refuse no version.",
    )
    (item,) = statement.evidence
    source = answers.sources[item.source]
    assert (item.evidence_class, source.kind, source.publisher) == ("claim", "correspondence", "Acme Ltd")
    assert (source.title, source.retrieved) == ("Vendor's form acme.xlsx", date(2026, 11, 22))
    assert item.locator == f"lead, not looked at: said to rest on contract clause, {LINK}, of 2026-05-01"
    assert item.sha256 == received.sha256
    assert source.url is None
    assert check(small) == ()


def test_nothing_is_written_without_apply(small: Path) -> None:
    before = file_of(small).path.read_bytes()
    assert came_back(small, fill_in(sent(small), {"VER-03/*": SUPPORT})).edits
    assert file_of(small).path.read_bytes() == before
    assert not file_of(small).journal.path.exists()


def test_a_claim_never_takes_the_place_of_stronger_evidence(small: Path) -> None:
    path = fill_in(sent(small), {"LOC-01/*": {"answer": "4 · Complete", "explanation": "All is listed."}})
    received = came_back(small, path)
    row = outcome(received, "LOC-01")
    assert row.outcome == "changed"
    assert "stronger evidence and stays" in row.reason
    assert row.diff[0] == "said: Level 4 of 4: Complete; stands: Level 3 of 4: Full path list"
    received.apply(NOW)
    answer = says(small).answers["LOC-01"]
    assert (answer.value, answer.finding) == (3, "One page lists the paths.")
    assert [(item.evidence_class, item.value) for item in answer.evidence] == [
        ("documented", None),
        ("claim", 4),
    ]
    assert [comment.text for comment in answer.comments] == ["All is listed."]
    assert check(small) == ()


def test_what_is_filed_takes_the_sign_off_away_and_is_answered_by_who_filed_it(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Cleo")
    came_back(small, fill_in(sent(small), {"LOC-01/*": {"answer": 4}})).apply(NOW)
    answer = says(small).answers["LOC-01"]
    assert answer.reviewed is None
    assert answer.answered is not None
    assert answer.answered.by == "Cleo"


def test_an_answer_that_confirms_what_stands_adds_its_claim(small: Path) -> None:
    received = came_back(small, fill_in(sent(small), {"LOC-01/*": {"answer": "Full path list"}}))
    assert outcome(received, "LOC-01").outcome == "accepted"
    received.apply(NOW)
    answer = says(small).answers["LOC-01"]
    assert answer.value == 3
    assert [item.evidence_class for item in answer.evidence] == ["documented", "claim"]
    assert check(small) == ()


def test_claims_that_contradict_one_another_make_the_answer_conflicting(small: Path) -> None:
    received = came_back(small, fill_in(sent(small), {"LOC-03/*": {"answer": 4}}))
    assert outcome(received, "LOC-03").outcome == "changed"
    received.apply(NOW)
    answer = says(small).answers["LOC-03"]
    assert (answer.state, answer.value) == ("conflicting", None)
    assert [item.value for item in answer.evidence] == [1, 4]
    assert check(small) == ()


def test_the_same_answers_again_change_nothing_and_newer_ones_take_their_place(small: Path) -> None:
    path = fill_in(sent(small), {"VER-03/*": SUPPORT, "LOC-03/*": {"answer": 4}, "LOC-01/*": {"answer": 4}})
    came_back(small, path).apply(NOW)
    again = came_back(small, path)
    assert {row.outcome for row in again.rows} == {"unchanged"}
    newer = fill_in(path, {"VER-03/*": {"answer": 90}, "LOC-01/*": {"answer": 2}})
    received = came_back(small, newer)
    assert {row.question for row in received.rows if row.outcome == "changed"} == {"VER-03", "LOC-01"}
    received.apply(NOW)
    answers = says(small)
    assert answers.answers["VER-03"].value == 90
    assert len(answers.answers["VER-03"].evidence) == 1
    assert [item.value for item in answers.answers["LOC-01"].evidence] == [None, 2]
    assert {"vendor-form-2026-11-22", "vendor-form-2026-11-22-2"} <= set(answers.sources)
    assert check(small) == ()


def test_an_answer_for_one_deployment_is_filed_there_only(small: Path) -> None:
    received = came_back(small, fill_in(sent(small), {"LOC-04/bedrock": {"answer": 4}}))
    assert outcome(received, "LOC-04", "bedrock").outcome == "changed"
    received.apply(NOW)
    answer = says(small).answers["LOC-04"]
    assert len(answer.evidence) == 1
    assert [item.value for item in answer.deployments["bedrock"].evidence] == [None, 4]


def test_a_deployment_whose_own_answer_is_gone_is_not_guessed(small: Path) -> None:
    path = fill_in(sent(small), {"LOC-04/bedrock": {"answer": 4}})
    file = file_of(small)
    state = file.read().parts["answers/LOC-04"]
    general = {key: each for key, each in state.content.items() if key != "deployments"}
    file.save([Edit("answers/LOC-04", state.revision, general)], by="Ann", at=NOW)
    row = outcome(came_back(small, path), "LOC-04", "bedrock")
    assert row.outcome == "rejected"
    assert "no answer of its own to LOC-04 any more" in row.reason


def test_sets_and_lists_and_companions_are_read_from_their_rows(small: Path) -> None:
    ticks = {f"NET-02/*/{option.id}": {"answer": "no"} for option in _options("NET-02")}
    ticks["NET-02/*/prompt_text"] = {"answer": "Yes"}
    path = fill_in(
        sent(small),
        {
            **ticks,
            "NET-01/*/documented": {"answer": "a.example\nb.example"},
            "NET-01/*/purposes_given": {"answer": True},
            "RTN-01/*": {"answer": "1,5"},
            "RTN-01/*/also": {"answer": "The model provider."},
        },
    )
    received = came_back(small, path)
    assert received.rejected == ()
    received.apply(NOW)
    answers = says(small).answers
    assert answers["NET-02"].value == ("prompt_text",)
    assert answers["NET-01"].value == HostLists(documented=("a.example", "b.example"), purposes_given=True)
    assert (answers["RTN-01"].value, answers["RTN-01"].also) == (1.5, "The model provider.")
    assert check(small) == ()


def test_an_explanation_without_an_answer_is_kept_as_a_remark(small: Path) -> None:
    entries = {"LOC-01/*": {"explanation": "See there.", "link": LINK}, "LOC-05/*": {"explanation": "Later."}}
    received = came_back(small, fill_in(sent(small), entries))
    assert outcome(received, "LOC-05").outcome == "accepted"
    received.apply(NOW)
    answers = says(small).answers
    assert [comment.text for comment in answers["LOC-01"].comments] == [
        "See there.",
        f"lead, not looked at: {LINK}",
    ]
    assert answers["LOC-01"].reviewed is not None
    assert (answers["LOC-05"].state, len(answers["LOC-05"].comments)) == ("unanswered", 1)
    assert check(small) == ()


@pytest.mark.parametrize(
    ("entries", "question", "said"),
    [
        ({"LOC-01/*": {"answer": "3 · Folder named"}}, "LOC-01", "another text"),
        ({"VER-03/*": {"answer": "1.234"}}, "VER-03", "thousands or decimals"),
        ({"VER-03/*": {"answer": 9999}}, "VER-03", "0 to 3650"),
        ({"LOC-01/*": {"answer": 3, "day": "1.5.2026"}}, "LOC-01", "YYYY-MM-DD"),
        ({"LOC-01/*": {"answer": 3, "backing": "my word"}}, "LOC-01", "is not one of our statement"),
        ({"NET-02/*/prompt_text": {"answer": "yes"}}, "NET-02", "yes or no is needed on each"),
        ({"NET-02/*": {"answer": "yes"}}, "NET-02", "nothing is to be filled in there"),
        ({"NET-02/*/prompt_text": {"link": "x"}}, "NET-02", "nothing is to be filled in there"),
        ({"NET-01/*/documented": {"answer": "a.example"}}, "NET-01", "purposes given"),
        ({"NET-01/*/documented": {"answer": "a, b"}}, "NET-01", "one host or pattern per line"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_the_reason_and_nothing_of_it_is_written(
    small: Path, entries: dict[str, dict[str, object]], question: str, said: str
) -> None:
    before = file_of(small).path.read_bytes()
    received = came_back(small, fill_in(sent(small), entries))
    row = outcome(received, question)
    assert row.outcome == "rejected"
    assert said in row.reason
    received.apply(NOW)
    assert file_of(small).path.read_bytes() == before


def test_no_to_every_choice_is_rejected(small: Path) -> None:
    entries = {f"LOC-02/*/{option.id}": {"answer": "no"} for option in _options("LOC-02")}
    assert "no to every choice" in outcome(came_back(small, fill_in(sent(small), entries)), "LOC-02").reason


def test_what_breaks_a_rule_is_rejected_with_its_message_and_the_rest_is_filed(small: Path) -> None:
    entries = {f"LOC-02/*/{option.id}": {"answer": "yes"} for option in _options("LOC-02")}
    received = came_back(small, fill_in(sent(small), {**entries, "VER-03/*": SUPPORT}))
    row = outcome(received, "LOC-02")
    assert row.outcome == "rejected"
    assert "A015" in row.reason
    received.apply(NOW)
    assert not any(state.is_draft for state in file_of(small).read().parts.values())
    assert "LOC-02" not in says(small).answers
    assert says(small).answers["VER-03"].value == "no_forced_end"


def test_an_answer_with_an_unfinished_draft_is_rejected(small: Path) -> None:
    file = file_of(small)
    state = file.read().parts["answers/VER-03"]
    file.save([Edit("answers/VER-03", state.revision, {"value": 5})], by="Ann", at=NOW)
    received = came_back(small, fill_in(sent(small), {"VER-03/*": SUPPORT}))
    assert "unfinished draft" in outcome(received, "VER-03").reason


def test_what_somebody_changed_meanwhile_is_not_written_over(small: Path) -> None:
    received = came_back(small, fill_in(sent(small), {"VER-03/*": SUPPORT}))
    file = file_of(small)
    state = file.read().parts["answers/VER-03"]
    changed = {"state": "unknown", "finding": "Looked again."}
    file.save([Edit("answers/VER-03", state.revision, changed)], by="Ann", at=NOW)
    assert received.apply(NOW) == ("answers/VER-03",)
    assert says(small).answers["VER-03"].finding == "Looked again."


def test_history_names_the_form_and_undoes_it(small: Path) -> None:
    came_back(small, fill_in(sent(small), {"LOC-01/*": {"answer": 4}})).apply(NOW)
    file = file_of(small)
    entry = history_of(file, "answers/LOC-01")[-1]
    assert entry.what == "vendor's form acme.xlsx"
    file.save(undoing(file, entry.id).edits, by="Ann", at=NOW)
    assert len(says(small).answers["LOC-01"].evidence) == 1


def test_the_day_of_receipt_may_be_named_but_not_after_the_evaluation(small: Path) -> None:
    path = fill_in(sent(small), {"VER-03/*": SUPPORT})
    receive(small, path, at=NOW, on=date(2026, 11, 2)).apply(NOW)
    assert says(small).sources["vendor-form-2026-11-02"].retrieved == date(2026, 11, 2)
    with pytest.raises(EvalkitError, match="after the evaluation's day, 2026-11-22"):
        receive(small, path, at=NOW, on=date(2026, 11, 23))


def test_what_needs_eyes_comes_first(small: Path) -> None:
    entries: dict[str, dict[str, object]] = {
        "VER-03/*": SUPPORT,
        "LOC-01/*": {"answer": 4},
        "LOC-03/*": {"answer": "high"},
    }
    rows = most_urgent_first(came_back(small, fill_in(sent(small), entries)).rows)
    assert [row.outcome for row in rows[:4]] == ["rejected", "changed", "accepted", "unchanged"]


def _options(question_id: str) -> tuple[SetOption, ...]:
    question = QUESTIONNAIRE.by_id[question_id]
    assert isinstance(question, SetQuestion)
    return question.options
