"""What a reviewer decides on observations, in the answers and in the files of observations."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evalkit import load_inputs
from evalkit.errors import EvalkitError
from evalkit.files.instrument import load_questionnaire
from evalkit.files.loading import check
from evalkit.files.observations import read_observations
from evalkit.files.saving.answers_file import AnswersFile
from evalkit.files.saving.history import history_of, undoing
from evalkit.files.saving.observation_review import ObservationReview, Ruling
from evalkit.files.saving.states import Edit
from evalkit.files.workspace import Workspace
from evalkit.scoring.score import score
from tests.files.observed import artefact, capture, contradiction, observation, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.files.saving.observation_review import Decided
    from evalkit.model.answers import Answer
    from evalkit.model.observation import Observation
    from evalkit.model.questionnaire import Questionnaire

    Decide = Callable[..., Decided]

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "results" / "coding-agents-2026"
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ON = date(2026, 11, 23)
PROSE = "0.86.2 (main at commit 5dc9490, 2026-05-22)"
"""The version as the answers state it."""


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load_questionnaire(ROOT / "questionnaires" / "coding-agent")


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    """An evaluation of aider alone, with nothing observed."""
    (tmp_path / "questionnaires").symlink_to(ROOT / "questionnaires")
    folder = tmp_path / "results" / "ours"
    (folder / "answers").mkdir(parents=True)
    shutil.copy(SHIPPED / "evaluation.yaml", folder)
    shutil.copy(SHIPPED / "answers" / "aider.yaml", folder / "answers")
    return folder


@pytest.fixture
def decide(evaluation: Path, questionnaire: Questionnaire) -> Decide:
    """Decide on an observation, as ben by default."""

    def decided(which: Observation | str, state: str = "accepted", **said: Any) -> Decided:  # noqa: ANN401 - fields of a ruling
        review = ObservationReview(Workspace.of(evaluation), questionnaire, date(2026, 11, 22))
        fields: dict[str, Any] = {"state": state, "reason": "Seen it.", "by": "ben", "on": ON} | said
        ruling = Ruling(**fields)
        return review.decide(which if isinstance(which, str) else which.id, ruling, AT)

    return decided


def answer_of(evaluation: Path, question: str) -> Answer:
    return load_inputs(evaluation).answers["aider"].answers[question]


def aiders(evaluation: Path, questionnaire: Questionnaire) -> AnswersFile:
    path = evaluation / "answers" / "aider.yaml"
    return AnswersFile(path, path.name, questionnaire, date(2026, 11, 22))


def reviews(path: Path) -> dict[str, str]:
    return {it.id: it.review.state for it in read_observations(path).observations}


def problems(evaluation: Path) -> list[str]:
    return [it.code for it in check(evaluation) if it.code.startswith(("O", "A"))]


def test_what_supports_becomes_evidence_that_leads_back_to_what_was_seen(
    evaluation: Path, decide: Decide
) -> None:
    seen = observation("a", "NET-05")
    path = write(evaluation, artefact(), seen)
    before = answer_of(evaluation, "NET-05")
    done = decide(seen)
    assert done.told == (("NET-05", "evidence of class source_read"),)
    after, item = answer_of(evaluation, "NET-05"), answer_of(evaluation, "NET-05").evidence[-1]
    assert (after.value, after.answered, after.evidence[:-1]) == (
        before.value,
        before.answered,
        before.evidence,
    )
    assert (item.evidence_class, item.method, item.sha256) == ("source_read", "examine", "a1" * 32)
    assert (item.collected, item.version, item.value, item.deployments) == (
        date(2026, 11, 22),
        PROSE,
        None,
        None,
    )
    assert item.locator == (
        f"Rule CLAIM-LITERAL 1: aider/args.py line 570, literal analytics-disable; observation {seen.id}"
    )
    source = load_inputs(evaluation).answers["aider"].sources[item.source]
    assert (source.kind, source.url, source.version) == (
        "package",
        "pkg:pypi/aider-chat@0.86.2",
        "0.86.2",
    )
    (kept,) = read_observations(path).observations
    assert kept.review.model_dump() == {
        "state": "accepted",
        "by": "ben",
        "on": "2026-11-23",
        "reason": "Seen it.",
    }
    assert problems(evaluation) == []


def test_a_capture_becomes_a_test_of_the_version_that_ran(evaluation: Path, decide: Decide) -> None:
    seen = observation(
        "a", "NET-05", subject="aider-har", strength="observed", deployments=["bedrock", "bedrock-ci"]
    )
    write(evaluation, capture(), seen)
    decide(seen)
    item = answer_of(evaluation, "NET-05").evidence[-1]
    assert (item.evidence_class, item.method, item.version) == ("tested", "test", PROSE)
    assert item.deployments == ("bedrock", "bedrock-ci")
    card = next(it for it in score(load_inputs(evaluation)) if it.deployment == "bedrock")
    result = next(it for it in card.questions if it.question == "NET-05")
    assert (result.evidence_class, result.stale) == ("tested", False)
    source = load_inputs(evaluation).answers["aider"].sources[item.source]
    assert (source.kind, source.publisher) == ("lab", "Acme lab")
    assert problems(evaluation) == []


def test_only_the_statements_that_serve_the_deployments_seen_get_it(evaluation: Path, decide: Decide) -> None:
    seen = observation("a", "APR-04", deployments=["bedrock-ci"])
    write(evaluation, artefact(), seen)
    before = answer_of(evaluation, "APR-04")
    decide(seen)
    after = answer_of(evaluation, "APR-04")
    assert after.evidence == before.evidence
    own = after.deployments["bedrock-ci"].evidence
    assert (len(own), own[-1].deployments) == (len(before.deployments["bedrock-ci"].evidence) + 1, None)


def test_a_contradiction_with_a_value_of_the_same_class_makes_the_answer_conflicting(
    evaluation: Path, decide: Decide
) -> None:
    seen = contradiction("a", "VER-04")
    write(evaluation, artefact(), seen)
    (told,) = decide(seen, value="0").told
    assert told == ("VER-04", "evidence of the same class says otherwise: the answer is conflicting")
    after = answer_of(evaluation, "VER-04")
    assert (after.state, after.value, [it.value for it in after.evidence]) == ("conflicting", None, [1, 0])
    assert after.answered is not None
    assert after.answered.by == "ben"
    assert problems(evaluation) == []


def test_one_of_a_stronger_class_is_the_answer_and_one_of_a_weaker_stands_beside(
    evaluation: Path, decide: Decide
) -> None:
    stronger = contradiction("a", "RTE-05", subject="aider-har", strength="observed")
    write(evaluation, capture(), stronger)
    (told,) = decide(stronger, value="0").told
    assert told[1].endswith("the strongest there is: the answer is what it shows")
    after = answer_of(evaluation, "RTE-05")
    assert (after.state, after.value, [it.value for it in after.evidence]) == (None, 0, [1, 0])
    weaker = contradiction("b", "RTE-05")
    write(evaluation, artefact(), weaker)
    (told,) = decide(weaker, value="2", by="cleo").told
    assert told[1].endswith("beside stronger evidence that says otherwise and stays")
    after = answer_of(evaluation, "RTE-05")
    assert (after.value, [it.value for it in after.evidence]) == (0, [1, 0, 2])
    assert after.answered is not None
    assert after.answered.by == "ben", "the answer is still what ben made it"
    assert problems(evaluation) == []


def test_a_contradiction_without_a_value_takes_the_sign_off_and_leaves_a_remark(
    evaluation: Path, decide: Decide, questionnaire: Questionnaire
) -> None:
    file = aiders(evaluation, questionnaire)
    state = file.read().parts["answers/VER-04"]
    signed = state.content | {"reviewed": {"by": "dora", "on": "2026-11-22"}}
    file.save([Edit("answers/VER-04", state.revision, signed)], by="dora", at=AT, what="sign")
    seen = contradiction("a", "VER-04")
    write(evaluation, artefact(), seen)
    before = [(card.option, card.span) for card in score(load_inputs(evaluation))]
    decide(seen, reason="The map is there.")
    after = answer_of(evaluation, "VER-04")
    assert (after.value, after.reviewed, len(after.evidence)) == (1, None, 1)
    assert after.comments[-1].text == (
        f"Observation {seen.id} contradicts: The package holds a source map with its sources."
        " Accepted: The map is there."
    )
    assert [(card.option, card.span) for card in score(load_inputs(evaluation))] == before
    assert problems(evaluation) == []


def test_what_informs_is_a_remark_also_where_nobody_answered_yet(evaluation: Path, decide: Decide) -> None:
    seen = observation("a", "NET-05", "CTL-06", relation="informs", strength="not_found")
    write(evaluation, artefact(), seen)
    told = dict(decide(seen).told)
    assert told == {"NET-05": "a remark", "CTL-06": "a remark: no answer stands that it could bear on"}
    assert answer_of(evaluation, "CTL-06").state == "unanswered"
    assert len(answer_of(evaluation, "NET-05").evidence) == 2
    assert problems(evaluation) == []


def test_it_is_filed_on_the_questions_named_only(evaluation: Path, decide: Decide) -> None:
    seen = observation("a", "NET-05", "NET-06")
    write(evaluation, artefact(), seen)
    with pytest.raises(EvalkitError, match="it does not bear on LOC-01, but on NET-05, NET-06"):
        decide(seen, questions=("LOC-01",))
    assert [question for question, _ in decide(seen, questions=("NET-06",)).told] == ["NET-06"]
    assert len(answer_of(evaluation, "NET-05").evidence) == 2


def test_deciding_the_same_again_changes_no_byte(evaluation: Path, decide: Decide) -> None:
    seen, other = observation("a", "NET-05"), observation("b", "NET-06")
    path = write(evaluation, artefact(), seen, other)
    decide(seen)
    decide(other, "rejected")
    before = {it.name: it.read_bytes() for it in (*evaluation.glob("answers/*"), path)}
    assert decide(seen, reason="Again.").was_so
    assert decide(other, "rejected", reason="Again.").was_so
    assert {it.name: it.read_bytes() for it in (*evaluation.glob("answers/*"), path)} == before


def test_what_a_killed_process_began_is_finished_by_deciding_again(evaluation: Path, decide: Decide) -> None:
    seen = observation("a", "NET-05")
    path = write(evaluation, artefact(), seen)
    undecided = path.read_bytes()
    decide(seen)
    answers = (evaluation / "answers" / "aider.yaml").read_bytes()
    path.write_bytes(undecided)
    decide(seen)
    assert reviews(path) == {seen.id: "accepted"}
    assert (evaluation / "answers" / "aider.yaml").read_bytes() == answers


def test_history_shows_it_and_undo_takes_the_evidence_away_which_check_tells(
    evaluation: Path, decide: Decide, questionnaire: Questionnaire
) -> None:
    seen = observation("a", "NET-05")
    path = write(evaluation, artefact(), seen)
    original = answer_of(evaluation, "NET-05")
    decide(seen)
    file = aiders(evaluation, questionnaire)
    (entry,) = history_of(file, "answers/NET-05")
    assert (entry.by, entry.what) == ("ben", f"accept observation {seen.id}")
    with pytest.raises(EvalkitError, match=r"it is evidence for NET-05: undo that first \(evalkit history"):
        decide(seen, "rejected")
    file.save(undoing(file, entry.id).edits, by="ben", at=AT, what="undo")
    assert answer_of(evaluation, "NET-05") == original
    assert problems(evaluation) == ["O013"]
    decide(seen, "rejected", reason="Not ours.")
    assert reviews(path) == {seen.id: "rejected"}
    assert problems(evaluation) == []


@pytest.mark.parametrize(
    ("subject", "said", "message"),
    [
        ({}, {"by": "Desk  Research"}, "NET-05: Desk  Research answered this; somebody else decides on it"),
        ({}, {"reason": "  "}, "needs its reason"),
        ({}, {"by": ""}, "needs who takes it"),
        (
            {"version": "0.99.0"},
            {},
            "it is stale: seen in version 0.99.0, while the answers are about 0.86.2",
        ),
        ({"observed_on": date(2026, 12, 1)}, {}, "after the evaluation's day, 2026-11-22"),
        ({}, {"value": "1"}, "what supports an answer cannot show another value"),
        ({}, {"value": "9"}, "what supports an answer cannot show another value"),
    ],
)
def test_what_may_not_be_accepted_changes_nothing(
    evaluation: Path, decide: Decide, subject: dict[str, Any], said: dict[str, Any], message: str
) -> None:
    seen = observation("a", "NET-05")
    path = write(evaluation, artefact(**subject), seen)
    answers = (evaluation / "answers" / "aider.yaml").read_bytes()
    with pytest.raises(EvalkitError, match=message.replace("(", r"\(")):
        decide(seen, **said)
    assert (evaluation / "answers" / "aider.yaml").read_bytes() == answers
    assert reviews(path) == {seen.id: "new"}


@pytest.mark.parametrize(
    ("question", "value", "message"),
    [
        ("VER-04", "9", "the answer would break rules; nothing is changed"),
        ("VER-04", "1", "the value named is what the answer says"),
        ("VER-04", ".nan", "not a finite number"),
        ("LOC-02", "nonsense", "the answer would break rules"),
        ("NET-01", "{", "is no answer; write host lists as JSON"),
        ("NET-01", "[" * 5000, "the answer would break rules"),
    ],
)
def test_a_value_that_is_no_answer_is_refused(
    evaluation: Path, decide: Decide, question: str, value: str, message: str
) -> None:
    seen = contradiction("a", question)
    path = write(evaluation, artefact(), seen)
    with pytest.raises(EvalkitError, match=message):
        decide(seen, value=value)
    assert reviews(path) == {seen.id: "new"}


def test_ticks_and_host_lists_can_be_named(evaluation: Path, decide: Decide) -> None:
    ticks, hosts = contradiction("a", "LOC-02"), contradiction("b", "NET-01")
    write(evaluation, artefact(), ticks, hosts)
    decide(ticks, value="open_documented")
    decide(hosts, value='{"observed": ["beacon.acme.example"], "documented": ["api.acme.example"]}')
    assert answer_of(evaluation, "LOC-02").state == "conflicting"
    assert answer_of(evaluation, "NET-01").state == "conflicting"
    assert problems(evaluation) == []


def test_who_answered_cannot_reject_what_contradicts_it(evaluation: Path, decide: Decide) -> None:
    against, along = contradiction("a", "VER-04"), observation("b", "VER-04")
    write(evaluation, artefact(), against, along)
    with pytest.raises(EvalkitError, match="four eyes"):
        decide(against, "rejected", by="desk research")
    assert not decide(along, "rejected", by="desk research").was_so


def test_a_conflicting_answer_needs_the_value_that_supports(evaluation: Path, decide: Decide) -> None:
    against, along = contradiction("a", "VER-04"), observation("b", "VER-04")
    write(evaluation, artefact(), against, along)
    decide(against, value="0")
    with pytest.raises(EvalkitError, match="name the value that was seen with --value"):
        decide(along, by="cleo")
    decide(along, by="cleo", value="1")
    assert [it.value for it in answer_of(evaluation, "VER-04").evidence] == [1, 0, 1]
    assert problems(evaluation) == []


def test_several_who_decide_at_once_lose_nothing(
    evaluation: Path, decide: Decide, questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evalkit.files.observations._PATIENCE_SECONDS", 600.0)  # nobody is to give up
    seen = [observation(f"n{number}", "NET-05") for number in range(8)]
    path = write(evaluation, artefact(), *seen)
    with ThreadPoolExecutor(4) as people:
        assert not any(it.was_so for it in list(people.map(decide, seen)))
    assert set(reviews(path).values()) == {"accepted"}
    assert len(answer_of(evaluation, "NET-05").evidence) == 2 + len(seen)
    assert len(history_of(aiders(evaluation, questionnaire), "answers/NET-05")) == len(seen)


def test_ids_may_be_short_and_what_is_close_is_guessed(evaluation: Path, decide: Decide) -> None:
    seen = observation("a", "NET-05", id="0123456789abcdef")
    twin = observation("b", "NET-05", id="0123457000000000")
    write(evaluation, artefact(), seen, twin)
    with pytest.raises(EvalkitError, match="0123456789abcdef, 0123457000000000 begin so"):
        decide("012345")
    with pytest.raises(EvalkitError, match="an id has 16 digits, of which 6 are enough"):
        decide("01234")
    with pytest.raises(EvalkitError, match=r"did you mean 0123456789abcdef\?"):
        decide("0123456789abcdee")
    assert decide("0123456").observation.id == seen.id


def test_a_draft_of_the_answer_is_not_overwritten(
    evaluation: Path, decide: Decide, questionnaire: Questionnaire
) -> None:
    file = aiders(evaluation, questionnaire)
    state = file.read().parts["answers/NET-05"]
    file.save([Edit("answers/NET-05", state.revision, {"value": 3})], by="ann", at=AT)
    seen = observation("a", "NET-05")
    write(evaluation, artefact(), seen)
    with pytest.raises(EvalkitError, match="NET-05: the answer has a draft"):
        decide(seen)


def test_no_secret_reaches_a_file_through_a_reason(evaluation: Path, decide: Decide) -> None:
    secret = "ghp_" + "a1B2" * 9
    seen, other = contradiction("a", "VER-04"), observation("b", "NET-05")
    path = write(evaluation, artefact(), seen, other)
    decide(seen, reason=f"The key {secret} is in it.")
    decide(other, "rejected", reason=f"The key {secret} is a sample.")
    written = [path, *evaluation.glob("answers/*")]
    assert all(secret not in it.read_text(encoding="utf-8") for it in written)
    assert all(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
